"""What needs doing now, by harm: whom something threatens at this moment, the gravest first."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ringfence.chain import Findings
from ringfence.feeds import Problem, refused_by_table
from ringfence.record import LedgerLine, Level, UnitKind, Verdict

VULNERABLE = (UnitKind.INTENSIVE_CARE, UnitKind.TRANSPLANT, UnitKind.HAEMATOLOGY, UnitKind.DIALYSIS, UnitKind.NEONATAL)


class Urgent(NamedTuple):
    """One person and why."""

    patient_id: str
    where: str
    why: str


class UrgentGroup(NamedTuple):
    """People whom the same harm threatens, or may come from."""

    what: str
    file: str
    """The file in which the rows stand."""
    people: tuple[Urgent, ...]
    unknown: str
    """What cannot be told, and why."""


def urgent(findings: Findings, problems: Sequence[Problem] = ()) -> tuple[UrgentGroup, ...]:
    """Return what needs doing now, by harm; groups in which there is nobody are among them.

    Args:
        findings: what was found.
        problems: those of the files; rows that could not be used may hold people who belong here, which is said.
    """
    lost, nobody_looked = refused_by_table(problems), _nobody_looked(findings)
    sharing = UrgentGroup(
        "Carriers who share a room now",
        "precautions",
        tuple(_sharing(findings)),
        nobody_looked or _rooms_unknown(findings),
    )
    bare = UrgentGroup(
        "Carriers and suspects without contact precautions on record",
        "precautions",
        tuple(_bare(findings)),
        nobody_looked or _no_measures(findings),
    )
    vulnerable = UrgentGroup(
        "Contacts in a vulnerable unit now",
        "contacts",
        tuple(_vulnerable(findings)),
        nobody_looked or _no_units(findings),
    )
    unscreened = UrgentGroup(
        "Patients in hospital at risk, without a screening specimen",
        "ledger",
        tuple(_unscreened(findings)),
        _risk_unknown(findings) if findings.ledger else findings.notes.get("ledger", ""),
    )
    return (
        _with_lost(sharing, lost, _WHO_CARRIES),
        _with_lost(bare, lost, _WHO_CARRIES),
        _with_lost(vulnerable, lost, _WHO_CARRIES),
        _with_lost(unscreened, lost, ("stays", "encounters", "answers")),
    )


_WHO_CARRIES = ("stays", "encounters", "specimens", "isolates", "results")


def _nobody_looked(findings: Findings) -> str:
    """Say that it is not known who carries, where no test for a carbapenemase has a result."""
    looked = any(one.tells_of_one for one in findings.view.rows("results"))
    return "" if looked else "No test for a carbapenemase has a result, so it is UNKNOWN who carries a CPO."


def _with_lost(group: UrgentGroup, lost: Mapping[str, tuple[int, int]], tables: Sequence[str]) -> UrgentGroup:
    """Return a group that says which rows could not be used that people of it may stand in."""
    some = ", ".join(f"{name}: {max(sum(lost[name]), 1):,}" for name in tables if name in lost)
    said = f"Rows that could not be used may add to this ({some})." if some else ""
    return group._replace(unknown=" ".join(filter(None, [group.unknown, said])))


def _no_measures(findings: Findings) -> str:
    """Say that no precautions of anybody are in the files, where somebody would need them."""
    if not findings.unprotected or len(findings.view.rows("measures")):
        return ""
    return "The files hold no precautions of anybody (table measures): everyone for whom they are recommended is here."


def _risk_unknown(findings: Findings) -> str:
    """Say of how many who lie in hospital it is not known whether they are at risk."""
    here = {line.patient_id for line in findings.ledger if line.at_risk is Verdict.UNKNOWN and _is_here(findings, line)}
    return f"Patients in hospital of whom it is not known whether they are at risk: {len(here):,}." if here else ""


def _is_here(findings: Findings, line: LedgerLine) -> bool:
    """Whether a patient lies in the facility of an admission that has not ended."""
    here = findings.ground.here_now(line.patient_id)
    ended = {one.encounter_id: one.end for one in findings.ground.timelines[line.patient_id].encounters}
    return here is not None and here.facility_id == line.facility and not ended.get(line.encounter_id)


def _carriers(findings: Findings) -> list[str]:
    return [pid for pid, some in findings.carriages.items() if any(c.stands for c in some)]


def _sharing(findings: Findings) -> Iterator[Urgent]:
    here = [one for some in findings.ground.of_patient[Level.ROOM].values() for one in some if one.open]
    in_room: dict[tuple[str, str, str | None], list[str]] = {}
    for one in here:
        in_room.setdefault(one.place, []).append(one.patient_id)
    carriers = set(_carriers(findings))
    families = {pid: {c.family for c in findings.carriages[pid] if c.stands} for pid in carriers}
    for (site, ward, room), people in sorted(
        in_room.items(), key=lambda item: (item[0][0], item[0][1], item[0][2] or "")
    ):
        others = [one for one in people if one not in carriers]
        for patient in sorted(carriers.intersection(people)):
            own = families[patient]
            different = [one for one in people if one in carriers and not own & families[one]]
            said = [f"with {len(others)} not known to carry: {', '.join(others)}"] if others else []
            said += [f"with carriers of another carbapenemase: {', '.join(different)}"] if different else []
            if said:
                yield Urgent(patient, f"{site} {ward}, {room}", "; ".join(said))


def _rooms_unknown(findings: Findings) -> str:
    ground = findings.ground
    known = {p for p, some in ground.of_patient[Level.ROOM].items() if any(one.open for one in some)}
    without = [p for p in _carriers(findings) if p not in known and (ground.here_now(p))]
    return f"Carriers in hospital of whom no room that people share is on record: {len(without)}." if without else ""


def _bare(findings: Findings) -> Iterator[Urgent]:
    for patient in findings.unprotected:
        here = findings.ground.here_now(patient)
        where = f"{here.facility_id} {here.ward or ''}".strip() if here else ""
        carried = [c for c in findings.carriages[patient] if c.stands]
        what = "; ".join(f"{c.family}: {c.answer.status.value.replace('_', ' ')}" for c in carried)
        yield Urgent(patient, where, what)


def _vulnerable(findings: Findings) -> Iterator[Urgent]:
    units = findings.view.setting.units
    said: dict[str, tuple[str, str]] = {}
    for contact in findings.contacts:
        if contact.known_carrier:
            continue
        here = findings.ground.here_now(contact.contact_patient_id)
        unit = units.get((here.facility_id, here.ward or "")) if here else None
        if here and unit in VULNERABLE:
            why = f"{unit.value.replace('_', ' ')}; met {contact.case_id}, closest: {contact.level.value}"
            said.setdefault(contact.contact_patient_id, (f"{here.facility_id} {here.ward}", why))
    for patient, (where, why) in sorted(said.items()):
        yield Urgent(patient, where, why)


def _no_units(findings: Findings) -> str:
    if not findings.contacts:
        known = findings.view.stays and not findings.carriers_only
        return "" if known else findings.notes.get("contacts", "")
    if findings.view.setting.units:
        return ""
    return "No map of places says which wards are vulnerable units. Supply the column unit of the table places."


def _unscreened(findings: Findings) -> Iterator[Urgent]:
    for line in findings.ledger:
        if line.at_risk is Verdict.YES and line.due and not line.collected and _is_here(findings, line):
            here = findings.ground.here_now(line.patient_id)
            where = f"{here.facility_id} {here.ward or ''}".strip() if here else ""
            yield Urgent(line.patient_id, where, line.reasons)
