"""Every decision on a screen: at each admission, and again where the policy asks again while a visit goes on."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ringfence.assess import (
    Carriage,
    Link,
    Outcome,
    Screen,
    admission_screen,
    asked,
    screen_text,
    screening,
    screening_again,
    sentences,
    steps,
)
from ringfence.policy import Policy
from ringfence.record import Answer, Encounter, EncounterKind, LedgerLine, Verdict, When

from .strata import Ground


class Admitted(NamedTuple):
    """One decision on a screen with its answers."""

    encounter: Encounter
    """The visit; of a decision while it goes on, the part of it from that day to the next decision."""
    verdict: Answer[Verdict]
    screen: Screen
    line: LedgerLine
    again: bool = False
    """Whether it was asked again while the visit went on."""


def admissions(
    ground: Ground,
    patient_id: str,
    policy: Policy,
    carried: tuple[Carriage, ...],
    links: tuple[Link, ...] = (),
) -> tuple[Admitted, ...]:
    """Return every decision on a screen of a patient: admissions in the order of time, then those asked again."""
    visits = ground.timelines[patient_id].encounters
    first = (
        _admitted(ground, visit, policy, carried, links) for visit in visits if visit.kind is EncounterKind.INPATIENT
    )
    again = (one for visit in visits for one in _again(ground, visit, policy, carried, links))
    return (*first, *again)


def _admitted(
    ground: Ground, encounter: Encounter, policy: Policy, carried: tuple[Carriage, ...], links: tuple[Link, ...]
) -> Admitted:
    timeline = ground.timelines[encounter.patient_id]
    verdict = screening(timeline, encounter, policy=policy, carriages=carried, links=links)
    return _with_line(ground, encounter, verdict, policy)


def _again(
    ground: Ground, encounter: Encounter, policy: Policy, carried: tuple[Carriage, ...], links: tuple[Link, ...]
) -> Iterator[Admitted]:
    timeline = ground.timelines[encounter.patient_id]
    decided = screening_again(timeline, encounter, policy=policy, carriages=carried, links=links)
    ends = [*(When(on=day) for day, _ in decided[1:]), encounter.end]
    for (day, verdict), until in zip(decided, ends, strict=False):
        part = replace(encounter, start=When(on=day), end=until)
        goes_on = until is not None and until != encounter.end
        yield _with_line(ground, part, verdict, policy, goes_on=goes_on)._replace(again=True)


def _with_line(
    ground: Ground, encounter: Encounter, verdict: Answer[Verdict], policy: Policy, *, goes_on: bool = False
) -> Admitted:
    timeline = ground.timelines[encounter.patient_id]
    screen = admission_screen(timeline, encounter, verdict, policy=policy)
    if goes_on and screen.outcome is Outcome.LEFT:
        # The next decision came, and the patient is still there.
        screen = replace(screen, outcome=Outcome.NOT_COLLECTED)
    return Admitted(encounter, verdict, screen, _ledger_line(ground, encounter, verdict, screen))


def _ledger_line(ground: Ground, encounter: Encounter, verdict: Answer[Verdict], screen: Screen) -> LedgerLine:
    timeline = ground.timelines[encounter.patient_id]
    wards = ground.wards_at(encounter.patient_id, encounter.start, encounter.facility_id)
    owed = verdict.status is Verdict.YES and screen.outcome is not Outcome.KNOWN_CARRIER
    collected = screen.specimen.collected if screen.specimen else None
    how_far = steps(timeline, encounter, screen)
    return LedgerLine(
        encounter_id=encounter.encounter_id,
        patient_id=encounter.patient_id,
        facility=encounter.facility_id,
        ward=next((ward for _, ward in wards), None),
        start=encounter.start,
        at_risk=verdict.status,
        reasons=sentences(verdict.reasons),
        missing=asked(verdict.missing) or None,
        due=encounter.start if owed else None,
        collected=collected,
        outcome=screen_text(screen, timeline),
        step=how_far.step,
        ordered=how_far.ordered,
        received=how_far.received,
        hours_to_collect=_hours(encounter.start, collected) if owed else None,
        isolated=how_far.isolated,
    )


def _hours(due: When, collected: When | None) -> float | None:
    """Return the hours between two instants; of days none, as the number would be made up."""
    if collected is None or due.at is None or collected.at is None:
        return None
    return (collected.at - due.at).total_seconds() / 3600
