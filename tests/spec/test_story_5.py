"""PCR positive, culture negative; then it was somebody else's swab.

Everyone is made up. A and B share a room; A's first swab is positive by PCR and negative in culture. Six days later the
laboratory says that the swab was mislabelled, and that it is not from A.
"""

import pytest
from builders import admission, at, declared, gene, specimen, stay, view, when

from ringfence.assess import Ask, Precautions
from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import (
    CaseStatus,
    DeclarationKind,
    Found,
    HistoryBasis,
    MeasuredIn,
    PatientId,
    ReportedHistory,
    ResultKind,
    ResultStatus,
    TaskState,
)

US, FR = load_policy("us"), load_policy("fr")
CASE = "TEST-A:OXA-48-like:1"


def culture(name, of, reported, **more):
    return gene(name, of, None, reported, kind=ResultKind.CULTURE, **more)


def first_swab(name, enzyme, reported, **more):
    return gene(name, "SP1", enzyme, reported, **more)


PCR = first_swab("R1", "OXA-48-like", "2026-05-04 13:00", value=36.8, unit=MeasuredIn.CT, method="pcr")
CULTURE = culture("R2", "SP1", "2026-05-06 15:00")
WITHDRAWN = (
    first_swab("R1", "OXA-48-like", "2026-05-10 09:30", status=ResultStatus.WITHDRAWN),
    culture("R2", "SP1", "2026-05-10 09:30", status=ResultStatus.WITHDRAWN, found=Found.NOT_DETECTED),
)
REVERSED = (
    first_swab("R1", "OXA-48-like", "2026-05-11 10:00", status=ResultStatus.CORRECTED, value=36.8, unit=MeasuredIn.CT),
    culture("R2", "SP1", "2026-05-11 10:00", status=ResultStatus.CORRECTED),
)
TOLD = ReportedHistory(
    history_id="H-C",
    patient_id=PatientId("TEST-C"),
    basis=HistoryBasis.TOLD,
    told_by="laboratory, by telephone",
    reported=when("2026-05-10 09:30"),
)
ACCEPTED = (
    declared(DeclarationKind.CASE_CONFIRMED, "2026-05-04 14:00", case_id=CASE),
    declared(DeclarationKind.CONTACTS_ACCEPTED, "2026-05-04 14:00", case_id=CASE, contact_patient_id="TEST-B"),
)
ROWS = (
    admission("TEST-A", "2026-05-03 10:00"),
    stay("TEST-A", "6N", "2026-05-03 10:00", room="12", bed="1"),
    admission("TEST-B", "2026-05-01 10:00"),
    stay("TEST-B", "6N", "2026-05-01 10:00", room="12", bed="2"),
    admission("TEST-C", "2026-05-02 10:00"),
    stay("TEST-C", "6N", "2026-05-02 10:00", room="14", bed="1"),
    specimen("SP1", "TEST-A", "2026-05-04 08:00"),
    PCR,
    CULTURE,
    specimen("SP2", "TEST-A", "2026-05-07 08:00"),
    gene("R3", "SP2", None, "2026-05-07 13:00", method="pcr"),
    culture("R4", "SP2", "2026-05-09 15:00"),
    *WITHDRAWN,
)


def found(as_of, policy=US, *more):
    return analyze(view(as_of, *ROWS, *more), policy)


def case_of(findings):
    return next(c for c in findings.cases if c.patient_id == "TEST-A")


def identified(findings):
    return findings.identified["TEST-A"][0]


def tasks(findings, patient):
    return {(task.task, task.state) for task in findings.tasks if task.patient_id == patient}


class TestWhereAGeneAloneConfirms:
    @pytest.mark.parametrize("as_of", ["2026-05-04 13:05", "2026-05-06 15:05", "2026-05-09 15:05"])
    def test_the_case_is_confirmed_and_no_later_negative_cancels_it(self, as_of):
        assert case_of(found(as_of)).status is CaseStatus.CONFIRMED

    def test_once_the_culture_is_negative_both_are_shown(self):
        assert identified(found("2026-05-04 13:05")).conflicts == ()
        row = next(i for i in found("2026-05-06 15:05").identifications if i.patient_id == "TEST-A")
        assert "methods disagree" in row.conflicts
        assert "Ct 36.8" in row.conflicts


class TestWhereAPcrMustBeFollowedByCulture:
    def test_before_the_culture_the_case_is_probable_and_culture_is_awaited(self):
        findings = found("2026-05-04 13:05", FR)
        assert case_of(findings).status is CaseStatus.PROBABLE
        assert identified(findings).asks == (Ask.CULTURE,)
        assert "no culture of specimen SP1 is on record yet" in case_of(findings).reasons

    def test_precautions_are_recommended_and_stay(self):
        for as_of in ("2026-05-04 13:05", "2026-05-06 15:05"):
            assert found(as_of, FR).precautions["TEST-A"].status is Precautions.RECOMMENDED

    def test_when_the_methods_disagree_another_specimen_is_asked_for(self):
        findings = found("2026-05-06 15:05", FR)
        assert case_of(findings).status is CaseStatus.PROBABLE
        assert identified(findings).conflicts
        assert identified(findings).asks == (Ask.RECOLLECT,)

    def test_another_negative_settles_nothing_and_somebody_decides(self):
        findings = found("2026-05-09 15:05", FR)
        assert case_of(findings).status is CaseStatus.PROBABLE
        assert ("laboratory: settle what the results mean", TaskState.DECIDE) in tasks(findings, "TEST-A")
        assert identified(findings).asks == (Ask.SETTLE,)


@pytest.mark.parametrize("policy", [US, FR], ids=["us", "fr"])
class TestWhenTheSwabWasSomebodyElses:
    def test_there_is_no_case_and_the_withdrawn_one_keeps_its_id(self, policy):
        before, after = found("2026-05-09 15:05", policy), found("2026-05-10 09:35", policy)
        assert case_of(after).case_id == case_of(before).case_id == CASE
        assert case_of(after).status is CaseStatus.WITHDRAWN
        assert not any(c.stands for c in after.carriages["TEST-A"])

    def test_the_last_screen_is_told_with_its_date_and_not_as_a_verdict(self, policy):
        line = next(one for one in found("2026-05-10 09:35", policy).ledger if one.patient_id == "TEST-A")
        assert line.outcome == "not detected 2026-05-09"

    def test_the_answers_of_the_day_before_are_as_they_were(self, policy):
        then = analyze(view("2026-05-09 15:05", *ROWS[: -len(WITHDRAWN)]), policy)
        assert found("2026-05-09 15:05", policy).cases == then.cases

    def test_the_laboratory_taking_its_correction_back_restores_every_decision(self, policy):
        before, after = found("2026-05-09 15:05", policy), found("2026-05-11 10:05", policy, *REVERSED)
        assert (case_of(after).case_id, case_of(after).status) == (case_of(before).case_id, case_of(before).status)
        assert {c.contact_patient_id for c in after.contacts} == {c.contact_patient_id for c in before.contacts}
        assert after.precautions["TEST-A"].status is before.precautions["TEST-A"].status


class TestTheNeighbour:
    def test_before_a_professional_accepts_the_list_it_is_a_preview(self):
        findings = found("2026-05-04 13:05")
        (row,) = [c for c in findings.contacts if c.contact_patient_id == "TEST-B"]
        assert row.accepted is None
        assert {state for task, state in tasks(findings, "TEST-B") if "contact" in task} == {TaskState.DECIDE}

    def test_an_accepted_contact_is_withdrawn_with_its_reason_and_told(self):
        findings = found("2026-05-10 09:35", US, *ACCEPTED)
        assert not [c for c in findings.contacts if c.case_id == CASE]
        assert (f"follow up as a contact of {CASE}", TaskState.WITHDRAWN) in tasks(findings, "TEST-B")
        tell = "tell the patient and their team that this was withdrawn"
        assert (tell, TaskState.OPEN) in tasks(findings, "TEST-B")
        assert (tell, TaskState.OPEN) in tasks(findings, "TEST-A")


class TestTheOneWhoseSwabItIsSaidToBe:
    def test_a_telephone_call_makes_no_case_and_flags_nobody(self):
        findings = found("2026-05-10 09:35", US, TOLD)
        assert "TEST-C" not in {c.patient_id for c in findings.cases}

    def test_a_specimen_is_asked_for_and_precautions_are_for_a_person_to_decide(self):
        findings = found("2026-05-10 09:35", US, TOLD)
        asked = ("laboratory: ask for the result, or collect a specimen", TaskState.OPEN)
        assert asked in tasks(findings, "TEST-C")
        assert findings.precautions["TEST-C"].status is Precautions.DECIDE
        assert asked not in tasks(found("2026-05-10 09:25", US, TOLD), "TEST-C")


def test_the_first_positive_is_when_the_swab_was_taken():
    assert case_of(found("2026-05-04 13:05")).first_positive.at == at("2026-05-04 08:00")
