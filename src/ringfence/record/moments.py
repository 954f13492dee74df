"""Moments as well as they are known, and local days.

Instants are timezone-aware UTC. A date is the whole local day of the facility, so a moment given as a date has
an earliest and a latest instant and no single one. Periods are half-open: leaving at noon and arriving at noon
do not meet.
"""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

Instant = datetime
"""An instant: a `datetime` in UTC."""


class Resolution(StrEnum):
    """How finely a moment or a meeting is known."""

    INSTANT = "instant"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class When:
    """A moment: an instant (`at`) or a whole local day (`on`), exactly one of them."""

    at: datetime | None = None
    on: date | None = None

    def __post_init__(self) -> None:
        if (self.at is None) == (self.on is None):
            raise ValueError("A moment is an instant or a day, exactly one of them.")
        if self.at is not None and self.at.tzinfo is None:
            raise ValueError("An instant needs a time zone.")

    @property
    def resolution(self) -> Resolution:
        """Whether this is an instant or a day."""
        return Resolution.DAY if self.at is None else Resolution.INSTANT

    def earliest(self, zone: ZoneInfo) -> datetime:
        """Return the first instant this can be."""
        return self.at if self.at is not None else midnight(self._day, zone)

    def latest(self, zone: ZoneInfo) -> datetime:
        """Return the last instant this can be; for a day, the midnight that ends it."""
        return self.at if self.at is not None else midnight(self._day + timedelta(days=1), zone)

    def day(self, zone: ZoneInfo) -> date:
        """Return the local day this falls on."""
        return self.at.astimezone(zone).date() if self.at is not None else self._day

    @property
    def _day(self) -> date:
        assert self.on is not None
        return self.on

    def text(self, zone: ZoneInfo) -> str:
        """Write it as people read it: the local day, with local time and offset when it is an instant."""
        return self._day.isoformat() if self.at is None else local_text(self.at, zone)


def local_text(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant in local time with its offset, to the minute: `2026-03-15T11:00+01:00`."""
    return at.astimezone(zone).isoformat(timespec="minutes")


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which `day` begins in `zone`."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the last whole second of `day`: what "as of that day" means."""
    return midnight(day + timedelta(days=1), zone) - timedelta(seconds=1)


def months_before(day: date, months: int) -> date:
    """Return the same day of the month `months` earlier, or the last day of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))
