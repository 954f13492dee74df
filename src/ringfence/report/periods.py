"""Periods of a report: a year, a quarter, a month, or days; a financial year runs from April to March."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from ringfence.vocabulary import PlainError


class PeriodError(PlainError):
    """A period that cannot be read; the message says what would be right."""


@dataclass(frozen=True)
class Period:
    """Local days from the first to the last, both within."""

    first: date
    last: date
    name: str = ""
    """As it was written."""

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def words(self) -> str:
        """The period as people read it."""
        return f"{self.first.isoformat()} to {self.last.isoformat()}"


_FORMS = "Write it like 2026, 2026Q2 (April to June), 2026-05, 2026-04-01..2026-06-30, or FY2026Q2 (July to September)."


def read_period(text: str) -> Period:
    """Return the period that a text writes.

    `FY2026` is the financial year from 1 April 2026 to 31 March 2027, as in Canada and the United Kingdom.

    Raises:
        PeriodError: it writes none.
    """
    plain = text.strip().upper()
    try:
        if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", plain, re.ASCII):
            first, last = (date.fromisoformat(one) for one in found.groups())
            if first > last:
                raise PeriodError(f"--period: {text} ends before it begins. {_FORMS}")
            return Period(first, last, text)
        if found := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", plain, re.ASCII):
            return _months(int(found[1]), int(found[2]), 1, text)
        if found := re.fullmatch(r"(FY)?(\d{4})(?:Q([1-4]))?", plain, re.ASCII):
            begins = 4 if found[1] else 1
            if found[3]:
                return _months(int(found[2]), begins + 3 * (int(found[3]) - 1), 3, text)
            return _months(int(found[2]), begins, 12, text)
    except ValueError:
        pass
    raise PeriodError(f"--period: {text} is no period. {_FORMS}")


def _months(year: int, month: int, many: int, text: str) -> Period:
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    after = month - 1 + many
    last = date(year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return Period(first, last, text)
