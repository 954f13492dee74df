"""Facts, a policy and an instant to all findings, whole or for what was touched."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ringfence.assess import (
    Carriage,
    ContactOf,
    Counted,
    Link,
    Met,
    Precautions,
    Rulebook,
    acquired,
    counted,
    precautions,
)
from ringfence.policy import Policy
from ringfence.record import Acquired, Answer, Case, View, precautions_in_force

from .carriers_met import carriers_met
from .contacts import Contacts, waiting_contacts
from .coverage import facilities_of_carriers_only, has_readable_results
from .decisions import Decisions
from .duties import outbreak_said, report_said
from .findings import Findings
from .ledger import Admitted, admissions
from .relatives import relatives
from .rows import case_row, identification_rows, precaution_rows
from .sources import rules_of
from .strata import Carried, Ground, asked_again, signals, stratum_one, stratum_two
from .tasks import tasks
from .touched import EVERYONE, Touched, touched


def analyze(view: View, policy: Policy, before: Findings | None = None) -> Findings:
    """Return every finding of `view` under `policy`: the three strata in order, then signals and tasks.

    Args:
        view: what is known, and as of when.
        policy: what the jurisdiction demands.
        before: findings of another view of the same record. Only what can differ from them is worked out again; the
            findings returned are the same as without.
    """
    rules = rules_of(view, policy)
    if before is not None and (before.policy.digest != policy.digest or _ruled_otherwise(before, rules)):
        before = None
    changed = touched(view, before.view) if before else EVERYONE
    ground = Ground(view, changed, before.ground if before else None)
    first = stratum_one(ground, policy, rules, Carried(before.identified, before.carriages) if before else None)
    carried = first.carriages
    decisions = Decisions(view, carried, ground.timelines)
    exposed = stratum_two(ground, carried, before.exposed if before else None)
    without = facilities_of_carriers_only(view, [pid for pid, some in carried.items() if any(c.carries for c in some)])
    if before and before.carriers_only != without:
        before = None
    links = relatives(view, carried)
    whose = _with_relinked(changed, links, before)
    admitted = _admitted(ground, policy, carried, links, before, whose)
    listed = {p: tuple(one for one in some if one.encounter.facility_id not in without) for p, some in admitted.items()}
    contacts = Contacts(ground, policy, exposed, carried, without, decisions).rows()
    waiting = waiting_contacts(ground, contacts, decisions)
    recommended = _recommended(ground, policy, carried, admitted, waiting, before, whose)
    met = carriers_met(exposed, carried)
    cases = (
        _case(ground, policy, c, decisions, _counted(ground, first, c, rules), _acquired(ground, policy, c, met))
        for some in carried.values()
        for c in some
    )
    findings = Findings(
        view=view,
        policy=policy,
        ground=ground,
        cases=tuple(sorted(cases, key=_in_time(view))),
        exposed=exposed,
        contacts=tuple(contacts),
        admitted=admitted,
        tasks=tuple(tasks(ground, policy, recommended, listed, contacts, decisions, first, exposed)),
        identifications=identification_rows(ground, first),
        identified=first.identified,
        signals=tuple(replace(s, policy=outbreak_said(ground, policy, s)) for s in signals(ground, carried)),
        carriages=carried,
        precautions=recommended,
        waiting=waiting,
        recommended=precaution_rows(ground, recommended),
        unprotected=tuple(
            pid
            for pid, answer in recommended.items()
            if answer.status is not Precautions.STOPPED and _unprotected(ground, carried, pid)
        ),
        carriers_only=without,
        notes={},
    )
    ground.settle()
    return replace(findings, notes=_notes(ground, findings.rows(), without))


def _case(
    ground: Ground,
    policy: Policy,
    carriage: Carriage,
    decisions: Decisions,
    how: Counted,
    where_from: Answer[Acquired],
) -> Case:
    row = case_row(ground, carriage, decisions, how, where_from)
    return replace(row, reported=report_said(ground, policy, carriage, how))


def _ruled_otherwise(before: Findings, rules: Rulebook) -> bool:
    """Whether other clauses on identification hold somewhere than did then."""
    then = rules_of(before.view, before.policy)
    return any(then(facility) != rules(facility) for facility in (None, *before.view.facilities))


def _counted(ground: Ground, first: Carried, carriage: Carriage, rules: Rulebook) -> Counted:
    identified = first.identified.get(carriage.patient_id, ())
    own = rules(carriage.first.facility_id)
    return counted(carriage, identified, ground.timelines[carriage.patient_id], rules=own)


def _acquired(
    ground: Ground, policy: Policy, carriage: Carriage, met: Mapping[str, tuple[Met, ...]]
) -> Answer[Acquired]:
    own = met.get(carriage.case_id, ())
    return acquired(carriage, ground.timelines[carriage.patient_id], own, policy=policy)


def _with_relinked(changed: Touched, links: Mapping[str, tuple[Link, ...]], before: Findings | None) -> Touched:
    """Return whose admissions may differ: those touched, and those who belong with other carriers than before."""
    if before is None or changed.patients is None:
        return changed
    earlier = relatives(before.view, before.carriages)
    relinked = (p for p in links.keys() | earlier.keys() if links.get(p) != earlier.get(p))
    return Touched(changed.patients | frozenset(relinked))


def _admitted(
    ground: Ground,
    policy: Policy,
    carried: Mapping[str, tuple[Carriage, ...]],
    links: Mapping[str, tuple[Link, ...]],
    before: Findings | None,
    whose: Touched,
) -> dict[str, tuple[Admitted, ...]]:
    found: dict[str, tuple[Admitted, ...]] = {}
    for patient_id in ground.timelines:
        if before and patient_id not in whose:
            own = before.admitted.get(patient_id, ())
            found[patient_id] = tuple(one._replace(verdict=asked_again(one.verdict, ground.view)) for one in own)
        else:
            own_links = links.get(patient_id, ())
            found[patient_id] = admissions(ground, patient_id, policy, carried.get(patient_id, ()), own_links)
    return {patient_id: some for patient_id, some in found.items() if some}


def _unprotected(ground: Ground, carried: Mapping[str, tuple[Carriage, ...]], patient_id: str) -> bool:
    here = ground.here_now(patient_id)
    if here is None or not any(c.stands for c in carried.get(patient_id, ())):
        return False
    in_force = precautions_in_force(ground.timelines[patient_id], here.facility_id)
    return all(measure.end for measure in in_force)


def _in_time(view: View) -> Any:  # noqa: ANN401
    def key(case: Case) -> tuple[Any, str]:
        return case.first_positive.earliest(view.zone(None)), case.case_id

    return key


def _recommended(
    ground: Ground,
    policy: Policy,
    carried: Mapping[str, tuple[Carriage, ...]],
    admitted: Mapping[str, tuple[Admitted, ...]],
    waiting: Mapping[str, tuple[ContactOf, ...]],
    before: Findings | None,
    whose: Touched,
) -> dict[str, Answer[Precautions]]:
    found: dict[str, Answer[Precautions]] = {}
    # Of whom something was accepted or taken back, nothing of their own need have changed.
    listed = waiting.keys() | (before.waiting.keys() if before else set())
    for patient_id, timeline in ground.timelines.items():
        here = ground.here_now(patient_id)
        if here is None:
            continue
        if before and patient_id not in whose and patient_id not in listed and patient_id in before.precautions:
            found[patient_id] = asked_again(before.precautions[patient_id], ground.view)
            continue
        visits = [e for e in timeline.encounters if e.end is None and e.facility_id == here.facility_id]
        current = [one for one in admitted.get(patient_id, ()) if one.encounter in visits]
        answer = precautions(
            timeline,
            policy=policy,
            carriages=carried.get(patient_id, ()),
            risk=current[-1].verdict if current else None,
            screen=current[-1].screen if current else None,
            facility_id=here.facility_id,
            visiting=bool(visits),
            contact_of=waiting.get(patient_id, ()),
        )
        ends = [moment for moment in (answer.next_change, ground.session_ends(patient_id)) if moment]
        found[patient_id] = replace(answer, next_change=min(ends, default=None))
    return found


def _notes(ground: Ground, rows: Mapping[str, tuple[Any, ...]], without: Mapping[str, str]) -> dict[str, str]:
    view, covered = ground.view, set(ground.view.facilities) - set(without)
    results = has_readable_results(view)
    unknown = "No laboratory result is known as of then, so it is UNKNOWN who carries a CPO."
    only = "The movements cover carriers only"
    why = {
        "cases": unknown
        if not results
        else UNPLACED
        if view.unplaced_detections
        else "No carbapenemase was detected or suspected in a specimen of a patient.",
        "identifications": unknown
        if not results
        else "No result suggests a carbapenemase, and none was looked for in an isolate.",
        "exposures": unknown
        if not results
        else _NONE_ESTABLISHED
        if view.stays and not any(case.established for case in rows["cases"])
        else "No case shared a ward or room with anybody at one time, as far as the stays tell."
        if view.stays
        else "No stay is known as of then, so it is UNKNOWN who met whom.",
        "contacts": _no_contacts(view, results=results)
        if covered
        else f"{only}: people who are not carriers are not in them.",
        "ledger": "No encounter of kind inpatient is known as of then."
        if covered
        else f"{only}: admissions cannot be listed.",
        "precautions": "Nobody is known to be in hospital as of then.",
        "tasks": "Nothing is owed for anybody who is in hospital as of then."
        if any(map(ground.here_now, ground.timelines))
        else "Nobody is known to be in hospital as of then.",
        "signals": unknown
        if not results
        else "Without stays it is UNKNOWN which cases lay on one ward."
        if not view.stays
        else "No two established cases of one carbapenemase were found on one ward within 28 days.",
    }
    return {name: why[name] for name, some in rows.items() if not some}


_NONE_ESTABLISHED = "No case is established, and who was near a suspect is not listed."
UNPLACED = (
    "Something was detected in specimens that are not on record, or that are dated in the future, so it is UNKNOWN who "
    "carries it."
)
"""Why there are no cases, where something was found and it is not known in whom."""


def _no_contacts(view: View, *, results: bool) -> str:
    if not view.stays or not results:
        return "Without stays and laboratory results it is UNKNOWN who was exposed."
    return "No case has an exposure."
