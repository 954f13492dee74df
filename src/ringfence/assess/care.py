"""Care as clauses look at it: abroad, anywhere, dialysis, chemotherapy. What the record holds itself counts unasked."""

from collections.abc import Iterator

from ringfence.policy import AdmissionClause, Care, CareAbroad, Chemotherapy, Dialysis, Somewhere
from ringfence.record import (
    LYING_IN,
    Encounter,
    EncounterKind,
    PlaceLevel,
    Question,
    Stay,
    Truth,
    UnitKind,
)
from ringfence.vocabulary import country

from .judgements import Admission, Evidence, Judgement, Limited, any_of, asked, ended, judged
from .periods import Period, as_answered, invasive, lasted, over_night, period_said

_WHEN, _HOW_LONG, _NIGHT = "when it ended", "how long it lasted", "whether it was over night"
_INVASIVE, _WHERE = "whether there was an invasive procedure", "where it was"


def care_abroad(predicate: CareAbroad, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Judge care abroad, as answered."""
    yes = asked(Question.CARE_ABROAD, clause, admission)
    if isinstance(yes, Judgement):
        return yes
    return any_of(_abroad(predicate, clause, admission, as_answered(a)) for a in yes)


def _abroad(predicate: CareAbroad, clause: AdmissionClause, admission: Admission, period: Period) -> Judgement:
    truths: dict[str, Limited] = {}
    if predicate.ended_ago:
        truths[_WHEN] = ended(predicate.ended_ago, "care_abroad", period.end, admission)
    if predicate.lasted:
        truths[_HOW_LONG] = lasted(predicate.lasted, "care_abroad", period, admission)
    if predicate.invasive_procedure:
        truths[_INVASIVE] = invasive(period)
    return judged(truths, clause, Evidence("care abroad", period_said(period, admission), period.facts))


def care(predicate: Care, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Judge care in health-care facilities: the record's own, and what was answered."""
    own = list(_own(predicate, admission)) if not (predicate.abroad or predicate.outside or predicate.countries) else []
    return _counted(predicate, clause, admission, own)


def _counted(predicate: Care, clause: AdmissionClause, admission: Admission, own: list[Period]) -> Judgement:
    first, *others = _questions(predicate)
    parts = [_one_care(predicate, clause, admission, period) for period in own]
    main = asked(first, clause, admission)
    if isinstance(main, Judgement):
        parts.append(main)
    else:
        parts += [_one_care(predicate, clause, admission, as_answered(a)) for a in main]
    for question in others:
        yes = asked(question, clause, admission)
        if not isinstance(yes, Judgement):
            parts += [_one_care(predicate, clause, admission, as_answered(a)) for a in yes]
    return any_of(parts)


def _questions(where: Care) -> tuple[Question, ...]:
    """Return the question that settles it, then those whose yes counts for it too."""
    if where.abroad:
        return (Question.CARE_ABROAD,)
    if where.outside:
        return (Question.CARE_OUTSIDE_REGION, Question.CARE_ABROAD)
    return (Question.HEALTH_CARE, Question.CARE_OUTSIDE_REGION, Question.CARE_ABROAD)


def _one_care(predicate: Care, clause: AdmissionClause, admission: Admission, period: Period) -> Judgement:
    truths: dict[str, Limited] = {}
    if predicate.countries or predicate.facility:
        truths[_WHERE] = Limited(_there(predicate, period))
    if predicate.ended_ago:
        truths[_WHEN] = ended(predicate.ended_ago, "care", period.end, admission)
    if predicate.stay == "overnight":
        truths[_NIGHT] = Limited(over_night(period, admission))
    if predicate.lasted:
        truths[_HOW_LONG] = lasted(predicate.lasted, "care", period, admission)
    if predicate.invasive_procedure:
        truths[_INVASIVE] = invasive(period)
    what = "care in this record" if period.own else "care in a health-care facility"
    return judged(truths, clause, Evidence(what, period_said(period, admission), period.facts))


def _own(predicate: Care, admission: Admission) -> Iterator[Period]:
    """Yield care that the record holds: of a named ward its stays, else visits; and where the patient came from."""
    encounter = admission.encounter
    if encounter.from_facility:
        ward = encounter.from_ward
        facts = (f"encounters:{encounter.encounter_id}",)
        yield Period(None, encounter.start, None, facts, encounter.from_facility, own=True, ward=ward)
    if predicate.ward is None:
        yield from _own_care(admission)
        return
    for stay in admission.timeline.stays:
        if stay.encounter_id != encounter.encounter_id and _before(stay, admission):
            end = stay.end or encounter.start
            facts = (f"stays:{stay.stay_id}",)
            yield Period(stay.start, end, None, facts, stay.facility_id, own=True, ward=stay.ward)


def _own_care(admission: Admission) -> Iterator[Period]:
    """Yield visits of the record that began before this one; a series of sessions is no stay, its sessions are."""
    zones = admission.timeline.setting.zones
    for visit in _earlier(admission):
        if not visit.recurring:
            end = visit.end or admission.encounter.start
            night = None if visit.kind in LYING_IN else False
            facts = (f"encounters:{visit.encounter_id}",)
            zone = zones.get(visit.facility_id)
            yield Period(visit.start, end, None, facts, visit.facility_id, own=True, zone=zone, overnight=night)
    for stay in admission.timeline.stays:
        if stay.encounter_id is None and stay.start.latest(admission.zone) < admission.began:
            end = stay.end or admission.encounter.start
            facts = (f"stays:{stay.stay_id}",)
            yield Period(stay.start, end, None, facts, stay.facility_id, own=True, zone=zones.get(stay.facility_id))


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
        parts += [_one_dialysis(predicate, clause, admission, as_answered(a)) for a in yes]
    return any_of(parts)


def _one_dialysis(predicate: Dialysis, clause: AdmissionClause, admission: Admission, period: Period) -> Judgement:
    truths: dict[str, Limited] = {}
    if predicate.countries or predicate.facility:
        truths[_WHERE] = Limited(_there(predicate, period))
    truths[_WHEN] = ended(predicate.ended_ago, "dialysis", period.end or admission.encounter.start, admission)
    said = "dialysis in this record" if period.own else "dialysis"
    day = f", last {period.end.day(admission.zone)}" if period.end else ", going on"
    return judged(truths, clause, Evidence(said, day, period.facts))


def _own_dialysis(admission: Admission) -> Iterator[Period]:
    stays = admission.timeline.stays
    for visit in _earlier(admission):
        sessions = [s for s in stays if s.encounter_id == visit.encounter_id and _before(s, admission)]
        if visit.kind is EncounterKind.DIALYSIS or any(_on_dialysis_ward(s, admission) for s in sessions):
            last = max(sessions, key=lambda s: s.start.latest(admission.zone), default=None)
            end = (last.end or last.start) if last else visit.end
            facts = (f"encounters:{visit.encounter_id}", *((f"stays:{last.stay_id}",) if last else ()))
            yield Period(visit.start, end, None, facts, visit.facility_id, own=True)


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
    return any_of(_one_chemotherapy(predicate, clause, admission, as_answered(a)) for a in yes)


def _one_chemotherapy(
    predicate: Chemotherapy, clause: AdmissionClause, admission: Admission, period: Period
) -> Judgement:
    limited = ended(predicate.ended_ago, "chemotherapy", period.end or admission.encounter.start, admission)
    day = f", last {period.end.day(admission.zone)}" if period.end else ", going on"
    return judged({_WHEN: limited}, clause, Evidence("chemotherapy", day, period.facts))


def _there(where: Somewhere, period: Period) -> Truth:
    """Return whether care was in the countries, or the facility and ward, that are named.

    An answer tells a country; of a facility it says nothing, unless it names just that one.
    """
    if where.countries:
        return in_place(period.place, where.countries)
    assert where.facility is not None
    same = (period.place or "").casefold() == where.facility.casefold()
    if not period.own:
        return Truth.YES if same and where.ward is None else Truth.UNKNOWN
    if not same or where.ward is None:
        return Truth.YES if same else Truth.NO
    if period.ward is None:
        return Truth.UNKNOWN
    return Truth.YES if period.ward.casefold() == where.ward.casefold() else Truth.NO


def in_place(place: str | None, named: tuple[str, ...]) -> Truth:
    """Return whether a place is one of those named. Only a country that is known can be another one: else UNKNOWN."""
    if place is None:
        return Truth.UNKNOWN
    if place.casefold() in {name.casefold() for name in named}:
        return Truth.YES
    own, codes = country(place), [country(name) for name in named]
    if own is None or None in codes:
        return Truth.UNKNOWN
    return Truth.YES if own in codes else Truth.NO
