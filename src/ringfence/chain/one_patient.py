"""One patient alone: what a timeline says with nobody else's beside it, and without exposures."""

from dataclasses import dataclass
from typing import NamedTuple

from ringfence.assess import (
    Carriage,
    Link,
    Precautions,
    Screen,
    admission_screen,
    carriages,
    precautions,
    rules_at,
    screening,
)
from ringfence.policy import Policy
from ringfence.record import Answer, Encounter, EncounterKind, Timeline, Verdict


class Answered(NamedTuple):
    """One admission with the answers at it."""

    encounter: Encounter
    verdict: Answer[Verdict]
    screen: Screen


@dataclass(frozen=True)
class OnePatient:
    """What one patient carries, what was asked for at each admission, and which precautions apply."""

    carriages: tuple[Carriage, ...]
    admissions: tuple[Answered, ...]
    """In the order of time."""
    precautions: Answer[Precautions] | None
    """At the facility of the open visit, else as if still at the last; None: there was no visit."""


def assess_one(timeline: Timeline, policy: Policy, links: tuple[Link, ...] = ()) -> OnePatient:
    """Return every answer that follows from one timeline; the same as in the findings of the whole.

    Findings hold precautions only of those who are in hospital, and admissions only where stays are not of carriers
    alone. Whether that is so cannot be told from one patient, so here they are of everybody. Nor can it be told who the
    patient belongs with: `links` says so, see `relatives`.
    """
    carried = carriages(timeline, policy=policy.digest, rules=rules_at(timeline, policy))
    admissions = tuple(
        _answered(timeline, encounter, policy, carried, links)
        for encounter in timeline.encounters
        if encounter.kind is EncounterKind.INPATIENT
    )
    return OnePatient(carried, admissions, _precautions(timeline, policy, carried, admissions))


def _answered(
    timeline: Timeline, encounter: Encounter, policy: Policy, carried: tuple[Carriage, ...], links: tuple[Link, ...]
) -> Answered:
    verdict = screening(timeline, encounter, policy=policy, carriages=carried, links=links)
    return Answered(encounter, verdict, admission_screen(timeline, encounter, verdict, policy=policy))


def _precautions(
    timeline: Timeline, policy: Policy, carried: tuple[Carriage, ...], admissions: tuple[Answered, ...]
) -> Answer[Precautions] | None:
    if not timeline.encounters:
        return None
    still = [visit for visit in timeline.encounters if visit.end is None] or timeline.encounters[-1:]
    here = still[-1].facility_id
    current = [one for one in admissions if one.encounter in still and one.encounter.facility_id == here]
    return precautions(
        timeline,
        policy=policy,
        carriages=carried,
        risk=current[-1].verdict if current else None,
        screen=current[-1].screen if current else None,
        facility_id=here,
        visiting=True,
    )
