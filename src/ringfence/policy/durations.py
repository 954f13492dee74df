"""Lengths of time as policies write them: `24 hours`, `2 months`. Months are calendar months."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

UNITS = ("hours", "days", "months", "years")
LONGEST_YEARS = 120
"""The longest look-back; ours. A clause that looks back for ever leaves its limit out."""


@dataclass(frozen=True, eq=False)
class Duration:
    """A number of one unit; a year and 12 months are the same length."""

    unit: str
    number: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Duration) and self._canonical == other._canonical

    def __hash__(self) -> int:
        return hash(self._canonical)

    @property
    def _canonical(self) -> tuple[str, int]:
        return ("months", self.months) if self.months is not None else (self.unit, self.number)

    def __str__(self) -> str:
        return f"{self.number} {self.unit if self.number != 1 else self.unit[:-1]}"

    @property
    def months(self) -> int | None:
        """The number of calendar months; None for hours and days."""
        return {"months": self.number, "years": 12 * self.number}.get(self.unit)

    @property
    def hours(self) -> int | None:
        """The number of hours; None for anything else."""
        return self.number if self.unit == "hours" else None

    @property
    def size(self) -> int:
        """What lengths of one sort are compared by: months for look-backs, hours for anything shorter."""
        if self.months is not None:
            return self.months
        return 24 * self.number if self.unit == "days" else self.number


def _read(text: Any) -> Duration:  # noqa: ANN401
    if isinstance(text, Duration):
        return text
    found = re.fullmatch(r"(\d{1,4})\s+(hour|day|month|year)s?", str(text).strip())
    if not found:
        raise ValueError("this is not a length of time. Write it like `24 hours`, `30 days`, `2 months` or `1 year`.")
    if not int(found[1]):
        raise ValueError("no length of time is nothing. Write 1 or more, or leave the limit out.")
    duration = Duration(f"{found[2]}s", int(found[1]))
    if (duration.months or 0) > LONGEST_YEARS * 12:
        raise ValueError(f"{text} is longer than a life. Write at most {LONGEST_YEARS} years, or leave the limit out.")
    return duration


def _calendar(value: Duration) -> Duration:
    if value.months is None:
        raise ValueError("a look-back is written in months or years, for example `2 months`.")
    return value


def _clock(value: Duration) -> Duration:
    if value.hours is None:
        raise ValueError("a length of stay is written in hours, for example `24 hours`.")
    return value


def _short(value: Duration) -> Duration:
    if value.months is not None:
        raise ValueError("this length is written in hours or days, for example `8 hours` or `3 days`.")
    return value


def _days(value: Duration) -> Duration:
    if value.unit != "days":
        raise ValueError("this length is written in days, for example `14 days`.")
    return value


Text = BeforeValidator(_read)
CalendarDuration = Annotated[Duration, Text, BeforeValidator(lambda v: _calendar(_read(v)))]
ClockDuration = Annotated[Duration, Text, BeforeValidator(lambda v: _clock(_read(v)))]
ShortDuration = Annotated[Duration, Text, BeforeValidator(lambda v: _short(_read(v)))]
DayDuration = Annotated[Duration, Text, BeforeValidator(lambda v: _days(_read(v)))]
AnyDuration = Annotated[Duration, Text]
