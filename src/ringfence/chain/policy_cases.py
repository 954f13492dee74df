"""Running the cases that stand beside a policy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ringfence.assess import Link, carriages, precautions, rules_at, screening
from ringfence.policy import (
    CaseAnswer,
    Policy,
    PolicyCase,
    PrecautionsGiven,
    RuleCase,
    Ruling,
    load_cases,
    load_rule_cases,
    rule,
)
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
    Found,
    HistoryBasis,
    OrganismCode,
    Origin,
    PatientId,
    Place,
    PlaceLevel,
    Purpose,
    Question,
    Reading,
    ReportedHistory,
    Result,
    ResultKind,
    ResultStatus,
    RiskAnswer,
    Specimen,
    SpecimenCode,
    Stay,
    Verdict,
    View,
    When,
    ZoneName,
    end_of_day,
)
from ringfence.vocabulary import carbapenemase, organism

_DESK = "desk"
_PATIENT = PatientId("CASE")


@dataclass(frozen=True)
class CaseResult:
    """One admission case, the answer given, and how it differs from the right one."""

    case: PolicyCase
    answer: Answer[Verdict]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class RuleResult:
    """One case of another group of clauses, what the policy says, and how it differs from what is right."""

    case: RuleCase
    ruling: Ruling
    wrong: tuple[str, ...]


def run_cases(policy: Policy, cases: tuple[PolicyCase, ...]) -> list[CaseResult]:
    """Return the result of each admission case under `policy`."""
    return [_run(policy, case) for case in cases]


def run_rule_cases(policy: Policy, cases: tuple[RuleCase, ...]) -> list[RuleResult]:
    """Return the result of each case of the other groups under `policy`."""
    return [_run_rule(policy, case) for case in cases]


def unreached(policy: Policy) -> tuple[str, ...]:
    """Return the clauses that decide no case of the policy alone, in the order of the file.

    A clause that is not specified decides alone where it is the one that leaves an answer open; one under an overlay
    is reached by the cases of its own policy.
    """
    results = run_cases(policy, load_cases(policy))
    alone = {ids[0] for r in results if len(ids := _clauses(r.answer)) == 1}
    rules = run_rule_cases(policy, load_rule_cases(policy))
    alone |= {r.ruling.clauses[0] for r in rules if len(r.ruling.clauses) == 1}
    alone |= {missing for r in results for missing in _open(policy, r.answer)}
    own = policy.overlay.every_clause if policy.overlay else policy.file.every_clause
    return tuple(c.id for c in own if c.id not in alone)


def _open(policy: Policy, answer: Answer[Verdict]) -> Iterator[str]:
    """Yield clauses not specified in an answer that only clauses left open hold back from a NO."""
    if answer.status is Verdict.UNKNOWN and not answer.missing:
        yield from (c.id for c in policy.admission if c.when is None and c.id in _clauses(answer))


def _clauses(answer: Answer[Verdict]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.clause for r in answer.reasons if r.clause))


def _run(policy: Policy, case: PolicyCase) -> CaseResult:
    view = _view(case)
    timeline = view.timeline(_PATIENT)
    carried = carriages(timeline, policy=policy.digest, rules=rules_at(timeline, policy))
    links = (Link(case.related, ("relations:case",)),) if case.related else ()
    encounter = next(e for e in timeline.encounters if e.encounter_id == "admission")
    answer = screening(timeline, encounter, policy=policy, carriages=carried, links=links)
    return CaseResult(case, answer, tuple(_differences(policy, case, answer)))


def _run_rule(policy: Policy, case: RuleCase) -> RuleResult:
    given, expected = case.given, case.expect
    ruling = _precautions(policy, given) if isinstance(given, PrecautionsGiven) else rule(policy, given)
    wrong = [f"the answer is {ruling.answer}; right is {expected.answer}"] if ruling.answer != expected.answer else []
    if ruling.clauses != expected.decided_by:
        wrong.append(_decided(policy, ruling.clauses, expected.decided_by))
    return RuleResult(case, ruling, tuple(wrong))


def _decided(policy: Policy, clauses: Sequence[str], expected: Sequence[str]) -> str:
    """Return by which clauses a case was decided and should have been, and which of these the policy does not have."""
    known = {clause.id for clause in policy.file.every_clause}
    absent = "".join(f"; there is no clause {name}" for name in expected if name not in known)
    return f"decided by {', '.join(clauses) or 'no clause'}; right is {', '.join(expected) or 'no clause'}{absent}"


def _precautions(policy: Policy, given: PrecautionsGiven) -> Ruling:
    """Return what is recommended for a carrier, or for somebody whose screen is pending, as `assess` does."""
    positive = [str(given.last_positive)] if given.last_positive else []
    rows: dict[str, list[Any]] = {"facilities": [Facility(facility_id=_DESK, zone=ZoneName("UTC"))]}
    for table, row in _positives(positive, ZoneInfo("UTC")):
        rows.setdefault(table, []).append(row)
    view = View.of(rows, at=end_of_day(given.on, ZoneInfo("UTC")), known_to=0)
    timeline = view.timeline(_PATIENT)
    asked = Answer(status=Verdict.YES, reasons=(), at=view.at, policy=policy.digest, known_to=0)
    answer = precautions(
        timeline,
        policy=policy,
        carriages=carriages(timeline, policy=policy.digest, rules=rules_at(timeline, policy)),
        risk=asked if given.screen else None,
        screen=None,
        facility_id=_DESK,
        visiting=True,
    )
    return Ruling(answer.status.value, tuple(r.clause for r in answer.reasons if r.clause), answer.mark)


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
    rows: dict[str, list[Any]] = {
        "facilities": [Facility(facility_id=_DESK, zone=ZoneName(case.zone))],
        "encounters": [encounter, *_visits(case, zone)],
        "answers": [_answer(n, one, zone) for n, one in enumerate([*case.answers, *others])],
        "declarations": [_outbreak(case, zone)] if case.from_ward else [],
    }
    for table, row in (*_positives(case.positives, zone), *_history(case, zone), *_unit(case, encounter)):
        rows.setdefault(table, []).append(row)
    return View.of(rows, at=encounter.start.latest(zone) + timedelta(hours=1), known_to=0)


def _visits(case: PolicyCase, zone: ZoneInfo) -> list[Encounter]:
    return [
        Encounter(
            encounter_id=f"visit-{number}",
            patient_id=_PATIENT,
            facility_id=_DESK,
            kind=one.kind,
            start=_when(one.start, zone),
            end=_when(one.end, zone) if one.end else None,
            recurring=one.recurring or None,
        )
        for number, one in enumerate(case.visits)
    ]


def _positives(days: tuple[str, ...] | list[str], zone: ZoneInfo) -> Iterator[tuple[str, Any]]:
    for number, day in enumerate(days):
        yield (
            "specimens",
            Specimen(
                specimen_id=f"specimen-{number}",
                patient_id=_PATIENT,
                facility_id=_DESK,
                kind=SpecimenCode("rectal_swab"),
                purpose=Purpose.SCREENING,
                collected=_when(day, zone),
            ),
        )
        yield (
            "results",
            Result(
                result_id=f"result-{number}",
                specimen_id=f"specimen-{number}",
                kind=ResultKind.GENE,
                analyte=EnzymeCode("KPC"),
                found=Found.DETECTED,
                status=ResultStatus.FINAL,
                reported=_when(day, zone),
            ),
        )


def _history(case: PolicyCase, zone: ZoneInfo) -> Iterator[tuple[str, Any]]:
    if case.reported:
        yield (
            "reported_history",
            ReportedHistory(
                history_id="history",
                patient_id=_PATIENT,
                basis=HistoryBasis.PAPER,
                told_by="another hospital",
                positive=_when(case.reported.positive, zone) if case.reported.positive else None,
                reported=_when(case.reported.reported, zone),
            ),
        )


def _unit(case: PolicyCase, encounter: Encounter) -> Iterator[tuple[str, Any]]:
    if case.admitted_to:
        yield "places", Place(facility_id=_DESK, level=PlaceLevel.WARD, ward="unit", unit=case.admitted_to)
        yield (
            "stays",
            Stay(
                stay_id="stay",
                patient_id=_PATIENT,
                encounter_id="admission",
                facility_id=_DESK,
                ward="unit",
                start=encounter.start,
            ),
        )


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
        country=one.country,
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
    clauses = _clauses(answer)
    if answer.status is not expected.at_risk:
        wrong.append(f"at_risk is {answer.status.value}; right is {expected.at_risk.value}")
    if expected.decided_by and clauses != expected.decided_by:
        wrong.append(_decided(policy, clauses, expected.decided_by))
    targets = {c.then.screen_for.value for c in policy.admission if c.id in clauses and c.then}
    if expected.screen_for and targets != {expected.screen_for}:
        wrong.append(f"screens for {', '.join(sorted(targets))}; right is {expected.screen_for}")
    missing = tuple(one.datum for one in answer.missing)
    if expected.missing is not None and missing != expected.missing:
        wrong.append(f"missing {', '.join(missing) or 'nothing'}; right is {', '.join(expected.missing) or 'nothing'}")
    return wrong
