"""A time in care, as answered or as the record holds it: how long, over night or not, in words."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from ringfence.policy import Duration, Limits
from ringfence.record import AnswerWord, FactKey, Resolution, RiskAnswer, Truth, When, midnight

from .judgements import Admission, Limited, holes_of, within

_PROCEDURE = {AnswerWord.YES: Truth.YES, AnswerWord.NO: Truth.NO}


@dataclass(frozen=True)
class Period:
    """A time in care, as answered or as the record holds it."""

    start: When | None
    end: When | None
    procedure: AnswerWord | None
    facts: tuple[FactKey, ...]
    place: str | None = None
    """The country or facility."""
    ward: str | None = None
    own: bool = False
    zone: ZoneInfo | None = None
    """The zone of the place, where it is known; else that of the admission counts."""
    overnight: bool | None = None
    """Whether it can count as a night at all: sessions of a series never do."""


def as_answered(answer: RiskAnswer) -> Period:
    """Return what was answered as a period; one without an end may go on."""
    return Period(answer.start, answer.end, answer.procedure, (f"answers:{answer.answer_id}",), answer.country)


def invasive(period: Period) -> Limited:
    """Return whether there was an invasive procedure."""
    return Limited(_PROCEDURE.get(period.procedure, Truth.UNKNOWN) if period.procedure else Truth.UNKNOWN)


def over_night(period: Period, admission: Admission) -> Truth:
    """Whether the patient was there at 00:00 local."""
    if period.overnight is False:
        return Truth.NO
    if period.start is None or period.end is None:
        return Truth.UNKNOWN
    zone = period.zone or admission.zone
    first, last = period.start.day(zone), period.end.day(zone)
    if last < first or _contradict(period.start, period.end, zone):
        return Truth.UNKNOWN
    if last == first:
        return Truth.NO
    # Leaving at exactly 00:00 is leaving before the night; a day known as a date has its whole night.
    only_night = midnight(first + timedelta(days=1), zone)
    return Truth.NO if period.end.at == only_night else Truth.YES


def lasted(limits: Limits[Duration], predicate: str, period: Period, admission: Admission) -> Limited:
    """Return whether it lasted as long as limits in hours ask."""
    span = _span(period, admission)
    if span is None:
        return Limited(Truth.UNKNOWN)
    low, high, exact = span

    def length(limit: Duration) -> int | None:
        """Compare with a limit in hours; None when a length known only by dates may lie on either side."""
        bound = timedelta(hours=limit.hours or 0)
        if exact:
            return (low > bound) - (low < bound)
        # A length known by dates lies strictly between its bounds.
        return 1 if low >= bound else -1 if high <= bound else None

    return within(limits, length, holes_of(admission, predicate, "lasted"))


def _contradict(start: When, end: When, zone: ZoneInfo) -> bool:
    """Whether something ended before it began, so that nothing can be said of how long it lasted."""
    return end.latest(zone) < start.earliest(zone)


def _span(period: Period, admission: Admission) -> tuple[timedelta, timedelta, bool] | None:
    """Return the least and greatest length of a period, and whether they are the same; None when not known."""
    start, end, zone = period.start, period.end, admission.zone
    if start is None or end is None or _contradict(start, end, zone):
        return None
    low = max(end.earliest(zone) - start.latest(zone), timedelta())
    exact = start.resolution is end.resolution is Resolution.INSTANT
    return low, end.latest(zone) - start.earliest(zone), exact


def period_said(period: Period, admission: Admission) -> str:
    """Return how long it lasted, when it ended, and whether it was invasive, in words."""
    span = _span(period, admission)
    length = ""
    if span:
        low, high, exact = span
        length = f" for {_hours(low)} h" if exact else f" for {_hours(low)} to {_hours(high)} h"
    procedures = {AnswerWord.YES: ", with an invasive procedure", AnswerWord.NO: ", without an invasive procedure"}
    until = period.end.day(admission.zone).isoformat() if period.end else "on a date not known"
    return f"{length}, ended {until}{procedures.get(period.procedure, '') if period.procedure else ''}"


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):.1f}".removesuffix(".0")
