"""When two people were in one place together: the slow, obvious twin of the kernels of `trace`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import combinations
from zoneinfo import ZoneInfo

from ringfence.record import Resolution, When, Whereabouts, midnight
from ringfence.trace import repairs_named

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Meeting:
    """A time that two presences share. Hours are a range; when all times are known its ends are equal."""

    a: Whereabouts
    b: Whereabouts
    starts_from: datetime
    """The earliest instant at which both can have been there."""
    ends_by: datetime
    """The latest instant at which both can have been there."""
    hours_min: float
    hours_max: float
    first_day: date
    last_day: date
    nights_on: tuple[date, ...]
    """The local dates whose midnight both spent there."""
    resolution: Resolution
    repaired: bool
    repairs: str | None
    """The repairs of the stays behind it, separated by semicolons."""

    @property
    def start(self) -> When:
        """The start: an instant, or a day where only days are known."""
        return When(at=self.starts_from) if self.resolution is Resolution.INSTANT else When(on=self.first_day)

    @property
    def end(self) -> When:
        """The end: an instant, or a day where only days are known."""
        return When(at=self.ends_by) if self.resolution is Resolution.INSTANT else When(on=self.last_day)

    @property
    def days_on(self) -> tuple[date, ...]:
        """The local days of the meeting."""
        return _dates(self.first_day, self.last_day, self.a.zone)


def meet(a: Whereabouts, b: Whereabouts) -> Meeting | None:
    """Return the meeting of two presences; None if they are of one patient, apart, or never at one time.

    Periods are half-open: leaving at noon and arriving at noon is no meeting. With dates, people who were there
    on the same day may have met, so the least number of hours is then 0.
    """
    starts_from, ends_by = max(a.starts_from, b.starts_from), min(a.ends_by, b.ends_by)
    if a.patient_id == b.patient_id or a.place != b.place or starts_from >= ends_by:
        return None
    certainly = min(a.ends_from, b.ends_from) - max(a.starts_by, b.starts_by)
    days = Resolution.DAY in (a.resolution, b.resolution)
    return Meeting(
        a=a,
        b=b,
        starts_from=starts_from,
        ends_by=ends_by,
        hours_min=max(certainly, timedelta()) / HOUR,
        hours_max=(ends_by - starts_from) / HOUR,
        first_day=max(a.first_day, b.first_day),
        last_day=min(a.last_day, b.last_day),
        nights_on=_dates(max(a.first_night, b.first_night), min(a.last_night, b.last_night), a.zone),
        resolution=Resolution.DAY if days else Resolution.INSTANT,
        repaired=a.repaired or b.repaired,
        repairs=repairs_named(a.repairs, b.repairs),
    )


def meetings_of(
    index: Iterable[Whereabouts], by_place: Mapping[tuple[str, str, str | None], Sequence[Whereabouts]]
) -> Iterator[Meeting]:
    """Yield every meeting of the presences of one patient (`a`) with those of others (`b`)."""
    for own in index:
        for other in by_place.get(own.place, ()):
            if meeting := meet(own, other):
                yield meeting


def all_meetings(everyone: Iterable[Whereabouts]) -> Iterator[Meeting]:
    """Yield every meeting of any two patients once, with `a` the lesser patient number."""
    for there in by_place(everyone).values():
        for one, other in combinations(there, 2):
            if meeting := meet(*sorted((one, other), key=lambda p: p.patient_id)):
                yield meeting


def by_place(everyone: Iterable[Whereabouts]) -> dict[tuple[str, str, str | None], list[Whereabouts]]:
    """Return presences by facility, ward and room."""
    places: dict[tuple[str, str, str | None], list[Whereabouts]] = defaultdict(list)
    for one in everyone:
        places[one.place].append(one)
    return places


@lru_cache(maxsize=100_000)
def _dates(first: date, last: date, zone: str) -> tuple[date, ...]:
    here = ZoneInfo(zone)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    # A zone that changes its side of the date line skips a day: one that is over as it begins.
    return tuple(day for day in days if midnight(day, here) < midnight(day + timedelta(days=1), here))
