"""Care as clauses look at it: abroad, anywhere, dialysis, chemotherapy. What the record holds itself counts unasked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from ringfence.policy import AdmissionClause, Care, CareAbroad, Chemotherapy, Dialysis, Duration, Limits, Somewhere
from ringfence.record import (
    AnswerWord,
    Encounter,
    EncounterKind,
    FactKey,
    PlaceLevel,
    Question,
    Resolution,
    RiskAnswer,
    Stay,
    Truth,
    UnitKind,
    When,
    midnight,
)
from ringfence.vocabulary import did_you_mean

from .judgements import Admission, Evidence, Judgement, Limited, any_of, asked, ended, holes_of, judged, within

_LYING_IN = (EncounterKind.INPATIENT, EncounterKind.EMERGENCY, EncounterKind.LONG_TERM_CARE)
_PROCEDURE = {AnswerWord.YES: Truth.YES, AnswerWord.NO: Truth.NO}
_WHEN, _HOW_LONG, _NIGHT = "when it ended", "how long it lasted", "whether it was over night"
_INVASIVE, _WHERE = "whether there was an invasive procedure", "where it was"


@dataclass(frozen=True)
class _Period:
    """A time in care, as answered or as the record holds it."""

    start: When | None
    end: When | None
    procedure: AnswerWord | None
    facts: tuple[FactKey, ...]
    place: str | None = None
    """The country or facility."""
    own: bool = False
    overnight: bool | None = None
    """Whether it can count as a night at all: sessions of a series never do."""


def care_abroad(predicate: CareAbroad, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Judge care abroad, as answered."""
    yes = asked(Question.CARE_ABROAD, clause, admission)
    if isinstance(yes, Judgement):
        return yes
    return any_of(_abroad(predicate, clause, admission, _answered(a)) for a in yes)


def _abroad(predicate: CareAbroad, clause: AdmissionClause, admission: Admission, period: _Period) -> Judgement:
    truths: dict[str, Limited] = {}
    if predicate.ended_ago:
        truths[_WHEN] = ended(predicate.ended_ago, "care_abroad", period.end, admission)
    if predicate.lasted:
        truths[_HOW_LONG] = _lasted(predicate.lasted, "care_abroad", period, admission)
    if predicate.invasive_procedure:
        truths[_INVASIVE] = _invasive(period)
    return judged(truths, clause, Evidence("care abroad", _words(period, admission), period.facts))


def care(predicate: Care, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Judge care in health-care facilities: the record's own, and what was answered."""
    own = list(_own_care(admission)) if not (predicate.abroad or predicate.outside or predicate.countries) else []
    return _counted(predicate, clause, admission, own)


def _counted(predicate: Care, clause: AdmissionClause, admission: Admission, own: list[_Period]) -> Judgement:
    first, *others = _questions(predicate)
    parts = [_one_care(predicate, clause, admission, period) for period in own]
    main = asked(first, clause, admission)
    if isinstance(main, Judgement):
        parts.append(main)
    else:
        parts += [_one_care(predicate, clause, admission, _answered(a)) for a in main]
    for question in others:
        yes = asked(question, clause, admission)
        if not isinstance(yes, Judgement):
            parts += [_one_care(predicate, clause, admission, _answered(a)) for a in yes]
    return any_of(parts)


def _questions(where: Care) -> tuple[Question, ...]:
    """Return the question that settles it, then those whose yes counts for it too."""
    if where.abroad:
        return (Question.CARE_ABROAD,)
    if where.outside:
        return (Question.CARE_OUTSIDE_REGION, Question.CARE_ABROAD)
    return (Question.HEALTH_CARE, Question.CARE_OUTSIDE_REGION, Question.CARE_ABROAD)


def _one_care(predicate: Care, clause: AdmissionClause, admission: Admission, period: _Period) -> Judgement:
    truths: dict[str, Limited] = {}
    if predicate.countries or predicate.facility:
        truths[_WHERE] = Limited(_there(predicate, period))
    if predicate.ended_ago:
        truths[_WHEN] = ended(predicate.ended_ago, "care", period.end, admission)
    if predicate.stay == "overnight":
        truths[_NIGHT] = Limited(_over_night(period, admission))
    if predicate.lasted:
        truths[_HOW_LONG] = _lasted(predicate.lasted, "care", period, admission)
    if predicate.invasive_procedure:
        truths[_INVASIVE] = _invasive(period)
    what = "care in this record" if period.own else "care in a health-care facility"
    return judged(truths, clause, Evidence(what, _words(period, admission), period.facts))


def _own_care(admission: Admission) -> Iterator[_Period]:
    """Yield visits of the record that began before this one; a series of sessions is no stay, its sessions are."""
    for visit in _earlier(admission):
        if not visit.recurring:
            end = visit.end or admission.encounter.start
            night = None if visit.kind in _LYING_IN else False
            facts = (f"encounters:{visit.encounter_id}",)
            yield _Period(visit.start, end, None, facts, visit.facility_id, own=True, overnight=night)
    for stay in admission.timeline.stays:
        if stay.encounter_id is None and stay.start.latest(admission.zone) < admission.began:
            end = stay.end or admission.encounter.start
            yield _Period(stay.start, end, None, (f"stays:{stay.stay_id}",), stay.facility_id, own=True)


def _earlier(admission: Admission) -> Iterator[Encounter]:
    for visit in admission.timeline.encounters:
        if visit != admission.encounter and visit.start.latest(admission.zone) <= admission.began:
            yield visit


def dialysis(predicate: Dialysis, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Judge dialysis: the record's own sessions count without being asked."""
    elsewhere = bool(predicate.abroad or predicate.outside)
    own = [] if elsewhere or predicate.countries else list(_own_dialysis(admission))
    parts = [_one_dialysis(predicate, clause, admission, period) for period in own]
    yes = asked(Question.DIALYSIS_OUTSIDE_REGION if elsewhere else Question.DIALYSIS, clause, admission)
    if isinstance(yes, Judgement):
        parts.append(yes)
    else:
        parts += [_one_dialysis(predicate, clause, admission, _answered(a)) for a in yes]
    return any_of(parts)


def _one_dialysis(predicate: Dialysis, clause: AdmissionClause, admission: Admission, period: _Period) -> Judgement:
    truths: dict[str, Limited] = {}
    if predicate.countries or predicate.facility:
        truths[_WHERE] = Limited(_there(predicate, period))
    truths[_WHEN] = ended(predicate.ended_ago, "dialysis", period.end or admission.encounter.start, admission)
    said = "dialysis in this record" if period.own else "dialysis"
    day = f", last {period.end.day(admission.zone)}" if period.end else ", going on"
    return judged(truths, clause, Evidence(said, day, period.facts))


def _own_dialysis(admission: Admission) -> Iterator[_Period]:
    stays = admission.timeline.stays
    for visit in _earlier(admission):
        sessions = [s for s in stays if s.encounter_id == visit.encounter_id and _before(s, admission)]
        if visit.kind is EncounterKind.DIALYSIS or any(_on_dialysis_ward(s, admission) for s in sessions):
            last = max(sessions, key=lambda s: s.start.latest(admission.zone), default=None)
            end = (last.end or last.start) if last else visit.end
            facts = (f"encounters:{visit.encounter_id}", *((f"stays:{last.stay_id}",) if last else ()))
            yield _Period(visit.start, end, None, facts, visit.facility_id, own=True)


def _before(stay: Stay, admission: Admission) -> bool:
    return stay.start.latest(admission.zone) <= admission.began


def _on_dialysis_ward(stay: Stay, admission: Admission) -> bool:
    return unit_of(stay, admission) is UnitKind.DIALYSIS


def unit_of(stay: Stay, admission: Admission) -> UnitKind | None:
    """Return what the ward of a stay is for; None when the map of places does not say."""
    own = (
        place.unit
        for place in admission.timeline.setting.places
        if place.level is PlaceLevel.WARD and (place.facility_id, place.ward) == (stay.facility_id, stay.ward)
    )
    return next((unit for unit in own if unit), None)


def chemotherapy(predicate: Chemotherapy, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Judge chemotherapy, as answered; without an end it goes on."""
    yes = asked(Question.CHEMOTHERAPY, clause, admission)
    if isinstance(yes, Judgement):
        return yes
    return any_of(_one_chemotherapy(predicate, clause, admission, _answered(a)) for a in yes)


def _one_chemotherapy(
    predicate: Chemotherapy, clause: AdmissionClause, admission: Admission, period: _Period
) -> Judgement:
    limited = ended(predicate.ended_ago, "chemotherapy", period.end or admission.encounter.start, admission)
    day = f", last {period.end.day(admission.zone)}" if period.end else ", going on"
    return judged({_WHEN: limited}, clause, Evidence("chemotherapy", day, period.facts))


def _answered(answer: RiskAnswer) -> _Period:
    return _Period(answer.start, answer.end, answer.procedure, (f"answers:{answer.answer_id}",), answer.country)


def _there(where: Somewhere, period: _Period) -> Truth:
    """Return whether care was in the countries or the facility named; a code or a near name is not decided here."""
    named = where.countries or ((where.facility,) if where.facility else ())
    return in_place(period.place, tuple(n for n in named if n))


def in_place(place: str | None, named: tuple[str, ...]) -> Truth:
    """Return whether a place is one of those named. What is not said, a code, or a name nearly the same is UNKNOWN."""
    if place is None:
        return Truth.UNKNOWN
    if place.casefold() in {name.casefold() for name in named}:
        return Truth.YES
    return Truth.UNKNOWN if len(place) <= 3 or did_you_mean(place, named) else Truth.NO


def _invasive(period: _Period) -> Limited:
    return Limited(_PROCEDURE.get(period.procedure, Truth.UNKNOWN) if period.procedure else Truth.UNKNOWN)


def _over_night(period: _Period, admission: Admission) -> Truth:
    """Whether the patient was there at 00:00 local."""
    if period.overnight is False:
        return Truth.NO
    if period.start is None or period.end is None:
        return Truth.UNKNOWN
    zone = admission.zone
    first, last = period.start.day(zone), period.end.day(zone)
    if last <= first:
        return Truth.NO
    # Leaving at exactly 00:00 is leaving before the night; a day known as a date has its whole night.
    only_night = midnight(first + timedelta(days=1), zone)
    return Truth.NO if period.end.at == only_night else Truth.YES


def _lasted(limits: Limits[Duration], predicate: str, period: _Period, admission: Admission) -> Limited:
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


def _span(period: _Period, admission: Admission) -> tuple[timedelta, timedelta, bool] | None:
    """Return the least and greatest length of a period, and whether they are the same; None when not known."""
    start, end, zone = period.start, period.end, admission.zone
    if start is None or end is None:
        return None
    low = max(end.earliest(zone) - start.latest(zone), timedelta())
    exact = start.resolution is end.resolution is Resolution.INSTANT
    return low, end.latest(zone) - start.earliest(zone), exact


def _words(period: _Period, admission: Admission) -> str:
    span = _span(period, admission)
    lasted = ""
    if span:
        low, high, exact = span
        lasted = f" for {_hours(low)} h" if exact else f" for {_hours(low)} to {_hours(high)} h"
    procedures = {AnswerWord.YES: ", with an invasive procedure", AnswerWord.NO: ", without an invasive procedure"}
    until = period.end.day(admission.zone).isoformat() if period.end else "on a date not known"
    return f"{lasted}, ended {until}{procedures.get(period.procedure, '') if period.procedure else ''}"


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):.1f}".removesuffix(".0")
