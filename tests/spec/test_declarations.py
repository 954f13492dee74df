"""What professionals declare has effect, survives what falls, and can be undone."""

from dataclasses import replace

from builders import admission, at, declared, gene, linked, specimen, stay, view, when

from ringfence.assess import Precautions
from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import (
    CaseStatus,
    DeclarationKind,
    Disease,
    LinkAction,
    ResultStatus,
    TaskState,
    Verdict,
)

NL = load_policy("nl")
CASE = "TEST-A:KPC:1"
CONFIRMED = declared(DeclarationKind.CASE_CONFIRMED, "2026-03-05 10:00", case_id=CASE)
ACCEPTED = declared(DeclarationKind.CONTACTS_ACCEPTED, "2026-03-05 10:00", case_id=CASE, contact_patient_id="TEST-B")


def ward(*more):
    """A carries KPC; B shares the room."""
    return [
        admission("TEST-A", "2026-03-01 10:00"),
        admission("TEST-B", "2026-03-01 11:00"),
        stay("TEST-A", "2N", "2026-03-01 10:00", room="201"),
        stay("TEST-B", "2N", "2026-03-01 11:00", room="201"),
        specimen("SP1", "TEST-A", "2026-03-02 10:00"),
        gene("R1", "SP1", "KPC", "2026-03-04 10:00"),
        *more,
    ]


def found(as_of, *rows):
    return analyze(view(as_of, *rows), NL)


def withdrawn(result="R1", when_="2026-03-08 09:00"):
    return gene(result, "SP1", "KPC", when_, status=ResultStatus.WITHDRAWN)


def tasks(findings, patient):
    return [(task.task, task.state) for task in findings.tasks if task.patient_id == patient]


TELL = "tell the patient and their team that this was withdrawn"


def test_a_case_and_a_contact_say_who_confirmed_and_accepted_them():
    findings = found("2026-03-06 10:00", *ward(CONFIRMED, ACCEPTED))
    assert findings.cases[0].declared == "confirmed by infection control, 2026-03-05"
    assert findings.contacts[0].accepted == "accepted by infection control, 2026-03-05"
    assert found("2026-03-06 10:00", *ward()).contacts[0].accepted is None


def test_nothing_is_declared_before_it_was():
    findings = found("2026-03-05 09:59", *ward(CONFIRMED, ACCEPTED))
    assert (findings.cases[0].declared, findings.contacts[0].accepted) == (None, None)


def test_what_was_acted_on_reads_withdrawn_and_telling_is_owed_when_the_result_is_withdrawn():
    findings = found("2026-03-08 10:00", *ward(CONFIRMED, ACCEPTED, withdrawn()))
    assert findings.cases[0].status is CaseStatus.WITHDRAWN
    assert findings.contacts == ()
    for patient, task in (("TEST-A", f"act on the case {CASE}"), ("TEST-B", f"follow up as a contact of {CASE}")):
        assert (task, TaskState.WITHDRAWN) in tasks(findings, patient)
        assert (TELL, TaskState.OPEN) in tasks(findings, patient)
    because = next(t.because for t in findings.tasks if t.patient_id == "TEST-B" and t.task == TELL)
    assert "KPC in specimen SP1 was withdrawn or corrected" in because
    assert "contacts accepted by infection control, 2026-03-05" in because


def test_nobody_is_told_of_what_nobody_acted_on():
    findings = found("2026-03-08 10:00", *ward(withdrawn()))
    assert not any(task == TELL for patient in ("TEST-A", "TEST-B") for task, _ in tasks(findings, patient))


def test_the_laboratory_taking_its_correction_back_restores_every_finding_and_keeps_what_people_did():
    before = found("2026-03-09 10:00", *ward(CONFIRMED, ACCEPTED))
    again = gene("R1", "SP1", "KPC", "2026-03-09 09:00")
    after = found("2026-03-09 10:00", *ward(CONFIRMED, ACCEPTED, withdrawn(), again))
    # The ledger tells of the screen with the day of its last report; every decision is as it was.
    for name in ("cases", "exposures", "contacts", "tasks", "signals"):
        assert after.rows()[name] == before.rows()[name]
    assert after.contacts[0].accepted


def test_who_was_told_is_not_to_be_told_again():
    task_id = f"TEST-B:tell:{CASE}"
    told = declared(DeclarationKind.TOLD, "2026-03-08 12:00", patient_id="TEST-B", about=task_id)
    findings = found("2026-03-08 13:00", *ward(ACCEPTED, withdrawn(), told))
    assert (TELL, TaskState.DONE) in tasks(findings, "TEST-B")
    assert (TELL, TaskState.OPEN) in tasks(findings, "TEST-A")


def test_a_contact_who_was_accepted_and_turns_out_never_to_have_been_there_is_told_too():
    rows = [r for r in ward(ACCEPTED) if getattr(r, "stay_id", "") != "TEST-B/2N/201/2026-03-01 11:00"]
    findings = found("2026-03-08 10:00", *rows, stay("TEST-B", "3W", "2026-03-01 11:00", room="301"))
    because = next(t.because for t in findings.tasks if t.patient_id == "TEST-B" and t.task == TELL)
    assert "did not share a place" in because


def test_a_contact_who_died_is_owed_nothing():
    from builders import PatientId

    from ringfence.record import Patient

    dead = Patient(patient_id=PatientId("TEST-B"), died=when("2026-03-07 10:00"))
    findings = found("2026-03-08 10:00", *ward(ACCEPTED, withdrawn(), dead))
    assert tasks(findings, "TEST-B") == []


def test_an_undone_declaration_has_no_effect_and_undoing_that_restores_it():
    undone = declared(DeclarationKind.UNDONE, "2026-03-06 10:00", undoes=ACCEPTED.declaration_id)
    assert found("2026-03-07 10:00", *ward(ACCEPTED, undone)).contacts[0].accepted is None
    again = declared(DeclarationKind.UNDONE, "2026-03-06 11:00", undoes=undone.declaration_id)
    assert found("2026-03-07 10:00", *ward(ACCEPTED, undone, again)).contacts[0].accepted


def test_a_professional_settles_a_screen_that_the_policy_leaves_open():
    visit = admission("TEST-C", "2026-03-05 10:00")
    rows = (visit, stay("TEST-C", "2N", "2026-03-05 10:00"))
    assert found("2026-03-06 10:00", *rows).ledger[0].at_risk is Verdict.UNKNOWN
    about = {"encounter_id": visit.encounter_id, "by": "Dr A"}
    yes = found("2026-03-06 10:00", *rows, declared(DeclarationKind.SCREEN, "2026-03-05 15:00", **about)).ledger[0]
    assert (yes.at_risk, yes.reasons) == (Verdict.YES, "declared by Dr A on 2026-03-05: screen")
    no = found("2026-03-06 10:00", *rows, declared(DeclarationKind.DO_NOT_SCREEN, "2026-03-05 15:00", **about)).ledger[
        0
    ]
    assert (no.at_risk, no.reasons) == (Verdict.NO, "declared by Dr A on 2026-03-05: do not screen")


def test_what_the_policy_demands_stays_whatever_is_declared():
    visit = admission("TEST-A", "2026-04-01 10:00")
    declaration = declared(DeclarationKind.DO_NOT_SCREEN, "2026-04-01 11:00", encounter_id=visit.encounter_id)
    ledger = found("2026-04-02 10:00", *ward(), visit, declaration).ledger
    assert next(line for line in ledger if line.encounter_id == visit.encounter_id).at_risk is Verdict.YES


def test_infection_and_colonization_are_as_declared():
    infection = declared(DeclarationKind.INFECTION, "2026-03-05 10:00", case_id=CASE)
    assert found("2026-03-06 10:00", *ward()).cases[0].infection_or_colonization is Disease.COLONIZATION
    assert found("2026-03-06 10:00", *ward(infection)).cases[0].infection_or_colonization is Disease.INFECTION
    other = declared(DeclarationKind.INFECTION, "2026-03-05 10:00", case_id="TEST-A:NDM:1")
    assert found("2026-03-06 10:00", *ward(other)).cases[0].infection_or_colonization is Disease.COLONIZATION


def test_a_former_carrier_reads_precautions_stopped_by_whom_and_a_later_positive_recommends_them_again():
    stopped = declared(
        DeclarationKind.PRECAUTIONS_ENDED, "2026-03-06 10:00", by="Dr B", patient_id="TEST-A", facility_id="Elm"
    )
    answer = found("2026-03-07 10:00", *ward(stopped)).precautions["TEST-A"]
    assert answer.status is Precautions.STOPPED
    assert answer.reasons[0].values["by"] == "Dr B"
    later = (specimen("SP2", "TEST-A", "2026-03-07 10:00"), gene("R2", "SP2", "KPC", "2026-03-08 10:00"))
    assert found("2026-03-09 10:00", *ward(stopped, *later)).precautions["TEST-A"].status is Precautions.RECOMMENDED


def test_no_other_declaration_on_a_ward_hides_its_outbreak():
    ward_of = {"facility_id": "Oak", "ward": "Zuid 4"}
    opened = declared(DeclarationKind.OUTBREAK_OPEN, "2026-03-01 10:00", **ward_of)
    other = declared(DeclarationKind.DONE, "2026-03-02 10:00", patient_id="TEST-A", about="x", **ward_of)
    closed = declared(DeclarationKind.OUTBREAK_CLOSED, "2026-03-04 10:00", **ward_of)
    setting = view("2026-03-06 10:00", opened, other, closed).setting
    assert setting.outbreak("Oak", "Zuid 4", at("2026-03-03 10:00")) == opened
    assert setting.outbreak("Oak", "Zuid 4", at("2026-03-05 10:00")) is None


def test_a_stopped_carrier_is_not_counted_as_forgotten():
    stopped = declared(DeclarationKind.PRECAUTIONS_ENDED, "2026-03-06 10:00", patient_id="TEST-A", facility_id="Elm")
    assert found("2026-03-07 10:00", *ward()).unprotected == ("TEST-A",)
    assert found("2026-03-07 10:00", *ward(stopped)).unprotected == ()


class TestMergesAndUnlinks:
    """Two numbers of one patient."""

    ROWS = (
        admission("TEST-7", "2026-03-01 10:00"),
        stay("TEST-7", "2N", "2026-03-01 10:00", room="201"),
        specimen("SP7", "TEST-3", "2026-03-02 10:00"),
        gene("R7", "SP7", "NDM", "2026-03-03 10:00"),
    )
    MERGED = linked("TEST-7", "TEST-3", "2026-03-04 10:00")
    UNLINKED = linked("TEST-7", "TEST-3", "2026-03-06 10:00", LinkAction.UNLINK)

    def test_the_canonical_patient_has_the_facts_of_both_numbers_and_the_case(self):
        before = found("2026-03-05 10:00", *self.ROWS)
        assert [case.ward for case in before.cases] == [None]
        merged = found("2026-03-05 10:00", *self.ROWS, self.MERGED)
        assert [(case.patient_id, case.ward) for case in merged.cases] == [("TEST-3", "2N")]
        assert merged.unprotected == ("TEST-3",)
        assert list(merged.view.patient_ids) == ["TEST-3"]

    def test_a_link_has_no_effect_before_it_was_declared(self):
        assert found("2026-03-04 09:59", *self.ROWS, self.MERGED).rows() == found("2026-03-04 09:59", *self.ROWS).rows()

    def test_a_link_and_its_unlink_restore_every_finding(self):
        plain = found("2026-03-07 10:00", *self.ROWS)
        assert found("2026-03-07 10:00", *self.ROWS, self.MERGED, self.UNLINKED).rows() == plain.rows()

    def test_what_was_declared_while_they_were_one_waits_for_a_person(self):
        declaration = declared(DeclarationKind.CASE_CONFIRMED, "2026-03-05 10:00", case_id="TEST-3:NDM:1")
        one = found("2026-03-05 12:00", *self.ROWS, self.MERGED, declaration)
        assert one.cases[0].declared == "confirmed by infection control, 2026-03-05"
        two = found("2026-03-07 12:00", *self.ROWS, self.MERGED, declaration, self.UNLINKED)
        assert two.cases[0].declared is None
        waiting = [task for task in two.tasks if task.task.startswith("decide whom a declaration is about")]
        assert [(task.patient_id, task.state) for task in waiting] == [("TEST-3", TaskState.DECIDE)]

    def test_what_was_declared_before_or_after_they_were_one_holds(self):
        for moment in ("2026-03-03 12:00", "2026-03-06 12:00"):
            declaration = declared(DeclarationKind.CASE_CONFIRMED, moment, case_id="TEST-3:NDM:1")
            two = found("2026-03-07 12:00", *self.ROWS, self.MERGED, declaration, self.UNLINKED)
            assert two.cases[0].declared

    def test_a_chain_of_links_is_one_patient_and_unlinking_its_middle_makes_two(self):
        rows = [stay(f"TEST-{n}", "2N", "2026-03-01 10:00", "2026-03-02 10:00") for n in (1, 2, 3)]
        chain = [linked("TEST-1", "TEST-2", "2026-03-03 10:00"), linked("TEST-2", "TEST-3", "2026-03-03 11:00")]
        assert list(view("2026-03-04 10:00", *rows, *chain).patient_ids) == ["TEST-1"]
        apart = linked("TEST-2", "TEST-3", "2026-03-05 10:00", LinkAction.UNLINK)
        assert list(view("2026-03-06 10:00", *rows, *chain, apart).patient_ids) == ["TEST-1", "TEST-3"]


class TestSpecimensOfSomebodyElse:
    """A specimen taken for A's and found to be C's."""

    def test_the_case_of_the_first_reads_withdrawn_and_the_second_has_it(self):
        from ringfence.record import Fact, View

        rows = {"encounters": ward()[:2], "stays": ward()[2:4], "results": [ward()[5]]}
        first = ward()[4]
        second = replace(first, patient_id="TEST-C")
        facts = [Fact(table=name, row=row) for name, some in rows.items() for row in some]
        from builders import facility

        facts += [
            Fact(table="facilities", row=facility()),
            Fact(table="specimens", row=first, recorded=at("2026-03-02 11:00")),
            Fact(table="specimens", row=second, recorded=at("2026-03-08 09:30")),
        ]
        before = analyze(View.of_facts(facts, at=at("2026-03-08 09:00"), known_to=1), NL)
        assert [(c.patient_id, c.status) for c in before.cases] == [("TEST-A", CaseStatus.PROBABLE)]
        after = analyze(View.of_facts(facts, at=at("2026-03-08 10:00"), known_to=1), NL)
        assert {(c.patient_id, c.status) for c in after.cases} == {
            ("TEST-A", CaseStatus.WITHDRAWN),
            ("TEST-C", CaseStatus.PROBABLE),
        }

    def test_a_specimen_taken_back_leaves_its_case_withdrawn_and_not_without_trace(self):
        from builders import facility

        from ringfence.record import Fact, View

        facts = [Fact(table="facilities", row=facility())]
        facts += [Fact(table="specimens", row=ward()[4]), Fact(table="results", row=ward()[5])]
        facts += [Fact(table="specimens", row=ward()[4], retracts=True, recorded=at("2026-03-08 09:30"))]
        after = analyze(View.of_facts(facts, at=at("2026-03-08 10:00"), known_to=1), NL)
        assert [(c.patient_id, c.status) for c in after.cases] == [("TEST-A", CaseStatus.WITHDRAWN)]
