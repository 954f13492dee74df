"""Facts, a policy and an instant to all findings, whole."""

from collections.abc import Mapping
from typing import Any

from ringfence.assess import Carriage, Precautions, precautions
from ringfence.policy import Policy
from ringfence.record import Answer, Case, View, precautions_in_force

from .coverage import facilities_of_carriers_only
from .findings import Findings
from .rows import Admitted, admissions, case_row, contact_rows, ledger_row
from .strata import Ground, signals, stratum_one, stratum_two
from .tasks import tasks


def analyze(view: View, policy: Policy) -> Findings:
    """Return every finding of `view` under `policy`: the three strata in order, then signals and tasks."""
    ground = Ground(view)
    carried = stratum_one(ground, policy)
    exposed = stratum_two(ground, carried)
    without = facilities_of_carriers_only(view, carried)
    admitted = admissions(ground, policy, carried, without)
    contacts = contact_rows(ground, exposed, carried, without)
    recommended = _recommended(ground, policy, carried, admitted)
    rows: dict[str, tuple[Any, ...]] = {
        "cases": tuple(sorted((case_row(ground, c) for some in carried.values() for c in some), key=_in_time(view))),
        "exposures": exposed,
        "contacts": tuple(contacts),
        "ledger": tuple(ledger_row(ground, one) for one in admitted),
        "tasks": tuple(tasks(ground, policy, recommended, admitted, contacts)),
        "signals": signals(ground, carried),
    }
    return Findings(
        view=view,
        policy=policy,
        carriages=carried,
        verdicts={one.encounter.encounter_id: one.verdict for one in admitted},
        precautions=recommended,
        unprotected=tuple(pid for pid in recommended if _unprotected(ground, carried, pid)),
        carriers_only=without,
        notes=_notes(ground, rows, without),
        **rows,
    )


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
    ground: Ground, policy: Policy, carried: Mapping[str, tuple[Carriage, ...]], admitted: list[Admitted]
) -> dict[str, Answer[Precautions]]:
    current: dict[str, Admitted] = {one.encounter.patient_id: one for one in admitted if one.encounter.end is None}
    return {
        pid: precautions(
            timeline,
            policy=policy,
            carriages=carried.get(pid, ()),
            risk=current[pid].verdict if pid in current else None,
            screen=current[pid].screen if pid in current else None,
            facility_id=here.facility_id,
        )
        for pid, timeline in ground.timelines.items()
        if (here := ground.here_now(pid))
    }


def _notes(ground: Ground, rows: Mapping[str, tuple[Any, ...]], without: Mapping[str, str]) -> dict[str, str]:
    view, covered = ground.view, set(ground.view.facilities) - set(without)
    unknown = "No laboratory result is known as of then, so it is UNKNOWN who carries a CPO."
    only = "The movements cover carriers only"
    why = {
        "cases": "No acquired carbapenemase gene was detected in a specimen of a patient."
        if view.rows("results")
        else unknown,
        "exposures": unknown
        if not view.rows("results")
        else "No case shared a ward or room with anybody at one time, as far as the stays tell."
        if view.stays
        else "No stay is known as of then, so it is UNKNOWN who met whom.",
        "contacts": _no_contacts(view) if covered else f"{only}: people who are not carriers are not in them.",
        "ledger": "No encounter of kind inpatient is known as of then."
        if covered
        else f"{only}: admissions cannot be listed.",
        "tasks": "Nothing is owed for anybody who is in hospital as of then."
        if any(map(ground.here_now, ground.timelines))
        else "Nobody is known to be in hospital as of then.",
        "signals": unknown
        if not view.rows("results")
        else "No two established cases of one carbapenemase were found on one ward within 28 days.",
    }
    return {name: why[name] for name, some in rows.items() if not some}


def _no_contacts(view: View) -> str:
    if not view.stays or not view.rows("results"):
        return "Without stays and laboratory results it is UNKNOWN who was exposed."
    return "No case has an exposure."
