"""Spans: the time of one patient in one place, as well as it is known, and what can be done with it.

Everything that follows from stays is made of these few operations, so that instants, days and stays that are still
going on are told apart in one place.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from .facts import Stay
from .moments import When

Bed = tuple[str, str, str | None, str | None]
"""Facility, ward, room and bed: the smallest place that a stay names."""


class Repair(StrEnum):
    """What was done with a stay before any rule used it. Each follows from current facts, so a later fact undoes it."""

    DUPLICATE = "duplicate"
    """Rows of one place, presence and start count once: with the end that is known, of two with the later. The others
    are set aside."""
    TOUCHING = "touching"
    """Rows of one place, back to back or overlapping, are one time there. This changes nothing, and repairs nothing."""
    OPEN = "open"
    """An end was missing and was inferred: from the next place, the visit, death, or the end of a session's day."""
    OVERLAP = "overlap"
    """In two places at once. Where two stays share a part it is not known which of them it was; one that lies inside
    another is kept whole, and so is the other."""
    IMPOSSIBLE = "impossible"
    """It ends before it starts, or begins after death, and is set aside; or it is in two facilities at once, and both
    are kept."""
    DIED = "died"
    """It outlasted its patient, and was cut at death."""
    LEAVE = "leave"
    """The patient was on leave or the bed was held, and that time was cut out; set aside where nothing was left."""
    RECURRING = "recurring"
    """A recurring visit that was sent as if it were a stay; set aside. Its sessions are stays."""


CHANGES_NOTHING = frozenset({Repair.TOUCHING})


def in_order(repairs: Iterable[Repair]) -> tuple[Repair, ...]:
    """Return repairs, each once, in the order in which they are listed above."""
    return tuple(sorted(set(repairs), key=_ORDER.index))


_ORDER = list(Repair)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A time in one place: it began at `start` or later, by `starts_by`; it ended from `ends_from` on, by `end`.

    Without doubt the two of a side are one moment, which may be a whole day. No `end`: still going on as of the view.
    """

    rows: tuple[Stay, ...]
    """What it was made from."""
    zone: ZoneInfo
    at: datetime
    """The instant of the view."""
    start: When
    starts_by: When
    ends_from: When | None
    end: When | None
    repairs: frozenset[Repair] = frozenset()

    @property
    def first(self) -> datetime:
        """The earliest it can have begun."""
        return self.start.earliest(self.zone)

    @property
    def sure_from(self) -> datetime:
        """The latest it can have begun."""
        return self.starts_by.latest(self.zone)

    @property
    def sure_to(self) -> datetime:
        """The earliest it can have ended."""
        return self.ends_from.earliest(self.zone) if self.ends_from else self.at

    @property
    def last(self) -> datetime:
        """The latest it can have ended."""
        return self.end.latest(self.zone) if self.end else self.at

    @property
    def bed(self) -> Bed:
        """Where it was."""
        return bed_of(self.rows[0])

    @property
    def times(self) -> tuple[When | None, ...]:
        """When it was, to compare."""
        return self.start, self.starts_by, self.ends_from, self.end

    def marked(self, *repairs: Repair) -> "Span":
        """Return it with more repairs to its name."""
        return replace(self, repairs=self.repairs.union(repairs))


def bed_of(stay: Stay) -> Bed:
    """Return the smallest place that a stay names."""
    return stay.facility_id, stay.ward, stay.room, stay.bed


def may_be_one(a: Bed, b: Bed) -> bool:
    """Whether two beds may be one, as far as each is named: a stay may name the ward alone."""
    return a[:2] == b[:2] and all(x == y or x is None or y is None for x, y in zip(a[2:], b[2:], strict=True))


def is_before(a: When, b: When, zone: ZoneInfo) -> bool:
    """Whether `a` was certainly before `b`. Two moments of one day are not, when one of them is that day."""
    ends, begins = a.latest(zone), b.earliest(zone)
    return ends < begins or (a.on is not None and ends == begins)


def last_day(start: When, end: When, zone: ZoneInfo) -> date:
    """Return the last local day of a time; leaving at midnight is leaving with the day before."""
    if end.at is None:
        return end.day(zone)
    return max(start.day(zone), (end.at - timedelta(microseconds=1)).astimezone(zone).date())


def touch(a: Span, b: Span) -> bool:
    """Whether `b`, which begins no earlier than `a`, begins in it or as it ends; days touch if they may."""
    return b.first < a.last or (a.sure_to, a.last) == (b.first, b.sure_from)


def touch_to_the_minute(a: Span, b: Span) -> bool:
    """Whether they touch by the minutes of the clock, in which movements are recorded: see docs/decisions/0012."""
    ends, begins = (_minute(a.sure_to), _minute(a.last)), (_minute(b.first), _minute(b.sure_from))
    return touch(a, b) or begins[0] < ends[1] or ends == begins


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def joined(a: Span, b: Span) -> Span:
    """Return the one time that two touching times of one place are."""
    return replace(
        a,
        rows=(*a.rows, *b.rows),
        start=_min(a.start, b.start, a.zone, by_latest=False),
        starts_by=_min(a.starts_by, b.starts_by, a.zone, by_latest=True),
        ends_from=later_end(a.ends_from, b.ends_from, a.zone, by_latest=False),
        end=later_end(a.end, b.end, a.zone, by_latest=True),
        repairs=a.repairs | b.repairs,
    )


def coalesced(spans: Iterable[Span], touching: Callable[[Span, Span], bool] = touch) -> list[Span]:
    """Return the times of one patient in one place with those that touch joined, in order."""
    found: list[Span] = []
    for one in sorted(spans, key=lambda span: (span.first, span.last)):
        if found and touching(found[-1], one):
            found[-1] = joined(found[-1], one)
        else:
            found.append(one)
    return found


def within(span: Span, start: When | None, end: When | None) -> Span | None:
    """Return the part of a time between two moments (None: without limit); None if there can be none."""
    zone = span.zone
    begins_too_late = start is not None and span.end is not None and start.earliest(zone) >= span.last
    if begins_too_late or (end is not None and end.latest(zone) <= span.first):
        return None
    if start is not None:
        early = _max(span.start, start, zone, by_latest=False)
        span = replace(span, start=early, starts_by=_max(span.starts_by, start, zone, by_latest=True))
    if end is not None:
        ends_from = _min(span.ends_from, end, zone, by_latest=False) if span.ends_from else end
        span = replace(span, ends_from=ends_from, end=_min(span.end, end, zone, by_latest=True) if span.end else end)
    return span


def without(span: Span, start: When | None, end: When | None) -> list[Span]:
    """Return what is left of a time without the part between two moments: nothing, one part or two."""
    before = within(span, None, start) if start is not None else None
    after = within(span, end, None) if end is not None else None
    parts = [part for part in (before, after) if part]
    return [span] if any(part.times == span.times for part in parts) else parts


def later_end(a: When | None, b: When | None, zone: ZoneInfo, *, by_latest: bool) -> When | None:
    """Return the later of two ends, by the latest or the earliest that each can be; no end is later than any."""
    return None if a is None or b is None else _max(a, b, zone, by_latest=by_latest)


def _min(a: When, b: When, zone: ZoneInfo, *, by_latest: bool) -> When:
    return min(a, b, key=lambda when: _bound(when, zone, by_latest))


def _max(a: When, b: When, zone: ZoneInfo, *, by_latest: bool) -> When:
    return max(a, b, key=lambda when: _bound(when, zone, by_latest))


def _bound(when: When, zone: ZoneInfo, by_latest: bool) -> datetime:
    return when.latest(zone) if by_latest else when.earliest(zone)
