"""Running the cases that stand beside a policy."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ringfence.assess import screening
from ringfence.policy import CaseAnswer, Policy, PolicyCase
from ringfence.record import (
    TABLES,
    Answer,
    AnswerWord,
    Declaration,
    DeclarationKind,
    Encounter,
    EncounterKind,
    EnzymeCode,
    Facility,
    OrganismCode,
    Origin,
    PatientId,
    Question,
    Reading,
    RiskAnswer,
    Verdict,
    View,
    When,
    ZoneName,
)
from ringfence.vocabulary import carbapenemase, organism

_DESK = "desk"
_PATIENT = PatientId("CASE")


@dataclass(frozen=True)
class CaseResult:
    """One case, the answer given, and how it differs from the right one."""

    case: PolicyCase
    answer: Answer[Verdict]
    wrong: tuple[str, ...]


def run_cases(policy: Policy, cases: tuple[PolicyCase, ...]) -> list[CaseResult]:
    """Return the result of each case under `policy`."""
    return [_run(policy, case) for case in cases]


def _run(policy: Policy, case: PolicyCase) -> CaseResult:
    view = _view(case)
    timeline = view.timeline(_PATIENT)
    answer = screening(timeline, timeline.encounters[0], policy=policy, carriages=())
    return CaseResult(case, answer, tuple(_differences(policy, case, answer)))


def _view(case: PolicyCase) -> View:
    zone = ZoneInfo(case.zone)
    encounter = Encounter(
        encounter_id="admission",
        patient_id=_PATIENT,
        facility_id=_DESK,
        kind=EncounterKind.INPATIENT,
        start=_when(case.admitted, zone),
        admitted_from=Origin.OTHER_FACILITY if case.from_ward else None,
        from_facility=case.from_ward.facility if case.from_ward else None,
        from_ward=case.from_ward.ward if case.from_ward else None,
    )
    given = {answer.question for answer in case.answers}
    asked = [q for q in Question if q not in given and case.others == "no"]
    others = [CaseAnswer(question=q, answer=AnswerWord.NO) for q in asked]
    answers = [_answer(n, one, zone) for n, one in enumerate([*case.answers, *others])]
    rows: dict[str, list[Any]] = {
        "facilities": [Facility(facility_id=_DESK, zone=ZoneName(case.zone))],
        "encounters": [encounter],
        "answers": answers,
        "declarations": [_outbreak(case, zone)] if case.from_ward else [],
    }
    return View.of(rows, at=encounter.start.latest(zone) + timedelta(hours=1), known_to=0)


def _when(text: str, zone: ZoneInfo) -> When:
    when = TABLES["encounters"].by_name["start"].kind.read(text, Reading(zone))
    assert isinstance(when, When)
    return when


def _answer(number: int, one: CaseAnswer, zone: ZoneInfo) -> RiskAnswer:
    return RiskAnswer(
        answer_id=f"answer-{number}",
        patient_id=_PATIENT,
        encounter_id="admission",
        question=one.question,
        answer=one.answer,
        start=_when(one.start, zone) if one.start else None,
        end=_when(one.end, zone) if one.end else None,
        procedure=one.procedure,
    )


def _outbreak(case: PolicyCase, zone: ZoneInfo) -> Declaration:
    assert case.from_ward is not None
    return Declaration(
        declaration_id="outbreak",
        kind=DeclarationKind.OUTBREAK_OPEN,
        facility_id=case.from_ward.facility,
        ward=case.from_ward.ward,
        organism=OrganismCode(organism(case.from_ward.organism).code),
        carbapenemase=EnzymeCode(carbapenemase(case.from_ward.carbapenemase).name),
        declared_by="infection prevention",
        declared=When(at=_when(case.admitted, zone).earliest(zone) - timedelta(days=7)),
    )


def _differences(policy: Policy, case: PolicyCase, answer: Answer[Verdict]) -> list[str]:
    expected, wrong = case.expect, []
    clauses = tuple(dict.fromkeys(r.clause for r in answer.reasons if r.clause))
    if answer.status is not expected.at_risk:
        wrong.append(f"at_risk is {answer.status.value}; right is {expected.at_risk.value}")
    if expected.decided_by and clauses != expected.decided_by:
        wrong.append(f"decided by {', '.join(clauses)}; right is {', '.join(expected.decided_by)}")
    targets = {c.then.screen_for.value for c in policy.admission if c.id in clauses and c.then}
    if expected.screen_for and targets != {expected.screen_for}:
        wrong.append(f"screens for {', '.join(sorted(targets))}; right is {expected.screen_for}")
    missing = tuple(one.datum for one in answer.missing)
    if expected.missing is not None and missing != expected.missing:
        wrong.append(f"missing {', '.join(missing) or 'nothing'}; right is {', '.join(expected.missing) or 'nothing'}")
    return wrong
