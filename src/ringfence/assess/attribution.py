"""Stratum 3: what speaks for where a case was acquired. Which of it decides is the policy's, or a professional's.

No policy that was read gives a rule that could be checked, so the status is UNKNOWN, and the reasoning is laid out: the
day of the stay, screens before, carriers met before, care and origin before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ringfence.record import (
    Acquired,
    Answer,
    AnswerWord,
    Encounter,
    FactKey,
    Level,
    Missing,
    Question,
    Reason,
    Timeline,
    When,
)
from ringfence.vocabulary import Mark

from .carriage import Carriage
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


def acquired(carriage: Carriage, timeline: Timeline, met: Iterable[Met], *, policy: str) -> Answer[Acquired]:
    """Return where a case was acquired, as far as a rule decides it, with everything on record that speaks for it.

    Args:
        carriage: the case.
        timeline: the patient.
        met: carriers of the same family whom the patient met; only meetings that began before the first positive count.
        policy: the digest of the policy.
    """
    reasons = (
        *_day_of_stay(carriage, timeline),
        *_screens_before(carriage, timeline),
        *_carriers_before(carriage, timeline, met),
        *_care_before(carriage, timeline),
    )
    asked = "Where was it acquired? The policy does not say how that is decided."
    return Answer(
        status=Acquired.UNKNOWN,
        reasons=reasons,
        missing=(Missing("ringfence", asked, "a professional's decision"),),
        at=timeline.at,
        policy=policy,
        known_to=timeline.known_to,
    )


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
