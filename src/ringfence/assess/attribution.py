"""Stratum 3: where a case was acquired: what speaks for it, what the policy proposes, what a professional declared.

Everything on record that speaks for one or another is laid out: the day of the stay, screens before, carriers met
before, care and origin before. A clause of the policy only proposes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ringfence.policy import FoundOn, Policy, acquired_by
from ringfence.record import (
    Acquired,
    Answer,
    AnswerWord,
    DeclarationKind,
    Encounter,
    EncounterKind,
    FactKey,
    Level,
    Missing,
    Question,
    Reason,
    Timeline,
    When,
)
from ringfence.vocabulary import Mark

from .carriage import Carriage, declared_of
from .reasons import Why
from .screens import Outcome, is_screen, screen_of, visits_of

_SPEAKS_OF_CARE = (
    Question.CARE_ABROAD,
    Question.HEALTH_CARE,
    Question.CARE_OUTSIDE_REGION,
    Question.DIALYSIS_OUTSIDE_REGION,
    Question.LINK_IN_HOUSEHOLD,
    Question.LINK_IN_HEALTH_CARE,
    Question.TRAVEL,
)


@dataclass(frozen=True)
class Met:
    """A carrier of the same family whom the patient met, as exposures tell."""

    case_id: str
    level: Level
    """The closest place shared."""
    start: When
    end: When
    facility_id: str


def acquired(carriage: Carriage, timeline: Timeline, met: Iterable[Met], *, policy: Policy) -> Answer[Acquired]:
    """Return where a case was acquired, as declared or proposed, with everything on record that speaks for it.

    Args:
        carriage: the case.
        timeline: the patient.
        met: carriers of the same family whom the patient met; only meetings that began before the first positive count.
        policy: what the jurisdiction demands, as in force on the day of collection.
    """
    status, why = _declared(carriage, timeline) or _proposed(carriage, timeline, policy)
    reasons = (
        *why,
        *_day_of_stay(carriage, timeline),
        *_screens_before(carriage, timeline),
        *_carriers_before(carriage, timeline, met),
        *_care_before(carriage, timeline),
    )
    asked = Missing("ringfence", "Where was it acquired?", "a professional's decision")
    return Answer(
        status=status,
        reasons=reasons,
        missing=() if status in _DECLARED.values() else (asked,),
        at=timeline.at,
        policy=policy.digest,
        known_to=timeline.known_to,
    )


_DECLARED = {
    DeclarationKind.ACQUIRED_HERE: Acquired.HERE,
    DeclarationKind.ACQUIRED_IN_OTHER_CARE: Acquired.OTHER_CARE,
    DeclarationKind.ACQUIRED_OUTSIDE_CARE: Acquired.OUTSIDE_CARE,
}
_PROPOSED = {"this facility": Acquired.HERE_PROPOSED, "another facility": Acquired.OTHER_CARE_PROPOSED}
_Found = tuple[Acquired, tuple[Reason, ...]]


def _declared(carriage: Carriage, timeline: Timeline) -> _Found | None:
    declared = declared_of(carriage, timeline, *_DECLARED)
    if declared is None:
        return None
    zone = timeline.setting.zone(carriage.first.facility_id)
    values = {"by": declared.declared_by, "on": declared.declared.day(zone).isoformat()}
    return _DECLARED[declared.kind], (
        Reason(Why.ACQUIRED_DECLARED, facts=(f"declarations:{declared.declaration_id}",), values=values),
    )


def _proposed(carriage: Carriage, timeline: Timeline, policy: Policy) -> _Found:
    """Return what the policy proposes; where a day leaves open which stay it was, what it proposes for each."""
    day = carriage.first.collected.day(timeline.setting.zone(carriage.first.facility_id))
    clauses = policy.on(day, carriage.first.facility_id).acquisition
    by = [acquired_by(clauses, found) for found in _found_on(carriage, timeline)]
    clause = by[0]
    if clause is None or clause.then is None or any(other is None or other.then != clause.then for other in by):
        return Acquired.UNKNOWN, ()
    where = clause.then.acquired
    return _PROPOSED[where], (
        Reason(Why.ACQUIRED_PROPOSED, clause.id, clause.mark, values={"where": where, "mark": clause.mark.value}),
    )


def _found_on(carriage: Carriage, timeline: Timeline) -> list[FoundOn]:
    """Return on which day of a stay, and how long after earlier ones, the first positive was collected."""
    during = [v for v in _visits(carriage, timeline) if v.kind is EncounterKind.INPATIENT]
    here = carriage.first.facility_id
    taken = carriage.first.collected.day(timeline.setting.zone(here))
    before = [
        (visit.facility_id == here, (taken - visit.end.day(timeline.setting.zone(visit.facility_id))).days)
        for visit in timeline.encounters
        if visit.kind is EncounterKind.INPATIENT and visit.end and visit not in during
    ]
    after = [min((n for own, n in before if own is there and n >= 0), default=None) for there in (True, False)]
    began = [(taken - v.start.day(timeline.setting.zone(v.facility_id))).days + 1 for v in during]
    return [FoundOn(one, *after) for one in began] or [FoundOn(None, *after)]


def _visits(carriage: Carriage, timeline: Timeline) -> list[Encounter]:
    """Return the visits during which the first positive specimen may have been collected; no series of sessions."""
    return [visit for visit in visits_of(carriage.first, timeline) if not visit.recurring]


def _day_of_stay(carriage: Carriage, timeline: Timeline) -> Iterator[Reason]:
    visits, specimen = _visits(carriage, timeline), f"specimens:{carriage.first.specimen_id}"
    for visit in visits:
        yield from _on_day(carriage, timeline, visit, specimen)
    if not visits:
        yield Reason(Why.FOUND_OUTSIDE_A_VISIT, mark=Mark.NOT_SPECIFIED, facts=(specimen,))


def _on_day(carriage: Carriage, timeline: Timeline, visit: Encounter, specimen: FactKey) -> Iterator[Reason]:
    zone = timeline.setting.zone(visit.facility_id)
    began, taken = visit.start.day(zone), carriage.first.collected.day(zone)
    values = {"day": (taken - began).days + 1, "began": began.isoformat(), "facility": visit.facility_id}
    facts = (specimen, f"encounters:{visit.encounter_id}")
    yield Reason(Why.FOUND_ON_DAY, mark=Mark.NOT_SPECIFIED, facts=facts, values=values)
    if visit.admitted_from:
        origin = {"origin": visit.admitted_from.value.replace("_", " ")}
        yield Reason(Why.ADMITTED_FROM, mark=Mark.NOT_SPECIFIED, facts=facts[1:], values=origin)


def _screens_before(carriage: Carriage, timeline: Timeline) -> Iterator[Reason]:
    zone = timeline.setting.zone
    first = carriage.first.collected.earliest(zone(carriage.first.facility_id))
    before = [s for s in timeline.specimens if is_screen(s) and s.collected.latest(zone(s.facility_id)) < first]
    screens = [screen for s in before if (screen := screen_of(s, timeline)).outcome in _NEGATIVE]
    if not screens or screens[-1].specimen is None:
        yield Reason(Why.NO_SCREEN_BEFORE, mark=Mark.NOT_SPECIFIED)
        return
    last = screens[-1].specimen
    day = last.collected.day(zone(last.facility_id))
    values = {"outcome": screens[-1].outcome.value, "on": day.isoformat()}
    yield Reason(Why.SCREEN_BEFORE, mark=Mark.NOT_SPECIFIED, facts=(f"specimens:{last.specimen_id}",), values=values)


_NEGATIVE = (Outcome.NOT_DETECTED, Outcome.PANEL_NEGATIVE)


def _carriers_before(carriage: Carriage, timeline: Timeline, met: Iterable[Met]) -> Iterator[Reason]:
    zone = timeline.setting.zone
    first = carriage.first.collected.latest(zone(carriage.first.facility_id))
    for one in met:
        if one.start.earliest(zone(one.facility_id)) < first:
            until = min(one.end.day(zone(one.facility_id)), carriage.first.collected.day(zone(one.facility_id)))
            values = {"level": one.level.value, "case": one.case_id, "until": until.isoformat()}
            yield Reason(Why.MET_A_CARRIER, mark=Mark.NOT_SPECIFIED, values=values)


def _care_before(carriage: Carriage, timeline: Timeline) -> Iterator[Reason]:
    visits = _visits(carriage, timeline)
    for answer in (one for visit in visits for one in timeline.answers.get(visit.encounter_id, ())):
        if answer.question in _SPEAKS_OF_CARE and answer.answer is AnswerWord.YES:
            where = f" ({answer.country})" if answer.country else ""
            values = {"question": answer.question.value.replace("_", " "), "where": where}
            facts = (f"answers:{answer.answer_id}",)
            yield Reason(Why.ANSWERED_YES, mark=Mark.NOT_SPECIFIED, facts=facts, values=values)
