"""What a reviewer found by playing an infection control professional: contacts, precautions, orders and tasks."""

from dataclasses import replace

import pytest
from builders import (
    admission,
    answer,
    declared,
    facility,
    gene,
    isolate,
    precautions_on,
    specimen,
    stay,
    view,
    when,
)

from ringfence.chain import analyze
from ringfence.feeds import Intake
from ringfence.policy import load_policy
from ringfence.record import (
    AnswerWord,
    Coverage,
    DeclarationKind,
    Encounter,
    EncounterKind,
    EnzymeCode,
    Follows,
    Found,
    HistoryBasis,
    Interpretation,
    Order,
    OrderStatus,
    PatientId,
    Population,
    Question,
    ReportedHistory,
    ResultKind,
    ResultStatus,
    TaskState,
    Verdict,
)
from ringfence.report import write_report
from ringfence.vocabulary import Mark

EVERYONE = Population(facility_id="Elm", covers=Coverage.ALL_INPATIENTS)
UNNAMED = "TEST-A:unidentified:1"
CASE = "TEST-A:KPC:1"
COLLECT, DECIDE = "collect a screen: contact of a case", "decide on a screen: contact of a case"


def found(as_of, *rows, policy="ca-on"):
    return analyze(view(as_of, EVERYONE, *rows), load_policy(policy))


def accepted(case_id, contact, on="2026-03-05 09:00"):
    who = {"case_id": case_id, "contact_patient_id": PatientId(contact)}
    return declared(DeclarationKind.CONTACTS_ACCEPTED, on, **who)


def contact(findings, case_id=CASE, of="TEST-B"):
    (row,) = [c for c in findings.contacts if (c.case_id, c.contact_patient_id) == (case_id, of)]
    return row


def tasks(findings, patient="TEST-B"):
    return [(t.task, t.state) for t in findings.tasks if t.patient_id == patient]


def task(findings, what, patient="TEST-B"):
    (row,) = [t for t in findings.tasks if (t.patient_id, t.task) == (patient, what)]
    return row


def negative(name, patient, collected, reported=None, **more):
    taken = specimen(name, patient, collected)
    nothing = {"kind": ResultKind.CULTURE, "found": Found.NOT_DETECTED}
    return taken, gene(f"R-{name}", name, None, reported or collected, **nothing | more)


def active(name, of, reported="2026-03-04 10:00"):
    how = {"kind": ResultKind.ACTIVITY, "method": "mcim", "found": Found.DETECTED}
    return gene(name, of, None, reported, isolate_id=f"I-{of}", **how)


def resistant(name, of, reported="2026-03-04 10:00"):
    how = {"kind": ResultKind.SUSCEPTIBILITY, "found": None, "antibiotic": "meropenem"}
    return gene(name, of, None, reported, isolate_id=f"I-{of}", interpretation=Interpretation.R, **how)


def grown(name, patient, collected, kind="urine", organism="klebsiella-pneumoniae"):
    return specimen(name, patient, collected, kind), isolate(f"I-{name}", name, organism)


# A lay in 2N 201 with B until 5 March, then alone on 5W; B moved to 4S.
A = (
    admission("TEST-A", "2026-03-01 10:00"),
    stay("TEST-A", "2N", "2026-03-01 10:00", "2026-03-05 10:00", room="201"),
    specimen("S", "TEST-A", "2026-03-02 10:00", "urine"),
    gene("R-S", "S", "KPC", "2026-03-04 10:00"),
)
A_MOVED = stay("TEST-A", "5W", "2026-03-05 10:00", room="9")
B = (
    admission("TEST-B", "2026-03-01 10:00"),
    stay("TEST-B", "2N", "2026-03-01 11:00", "2026-03-05 12:00", room="201"),
)
B_MOVED = stay("TEST-B", "4S", "2026-03-05 12:00", room="1")
LISTED = accepted(CASE, "TEST-B")


class TestBeforeItIsNamed:
    TOGETHER = (
        admission("TEST-A", "2026-03-01 10:00"),
        admission("TEST-B", "2026-03-01 11:00"),
        stay("TEST-A", "2N", "2026-03-01 10:00", room="201"),
        stay("TEST-B", "2N", "2026-03-01 11:00", room="201"),
    )
    NAMED = (
        *TOGETHER,
        *grown("S1", "TEST-A", "2026-03-02 10:00"),
        active("R-mcim", "S1"),
        declared(DeclarationKind.CASE_CONFIRMED, "2026-03-05 09:00", case_id=UNNAMED),
        accepted(UNNAMED, "TEST-B"),
        gene("R-pcr", "S1", "NDM", "2026-03-06 10:00", isolate_id="I-S1"),
    )
    SUSPECT = (
        *grown("S2", "TEST-A", "2026-03-06 10:00", "sputum", "pseudomonas-aeruginosa"),
        resistant("R-ast", "S2", "2026-03-08 10:00"),
    )

    def test_a_second_suspicion_takes_nothing_from_a_case_that_has_its_name(self):
        findings = found("2026-03-09 12:00", *self.NAMED, *self.SUSPECT)
        said = {c.case_id: c.declared for c in findings.cases}
        assert said == {"TEST-A:NDM:1": "confirmed by infection control, 2026-03-05", UNNAMED: None}
        assert contact(findings, "TEST-A:NDM:1").accepted
        assert TaskState.WITHDRAWN not in {t.state for t in findings.tasks}

    def test_two_people_with_an_unnamed_carbapenemase_need_not_have_one(self):
        other = (*grown("S2", "TEST-B", "2026-03-02 10:00", organism="escherichia-coli"), active("R2", "S2"))
        own = (*grown("S1", "TEST-A", "2026-03-02 10:00"), active("R1", "S1"))
        findings = found("2026-03-06 12:00", *self.TOGETHER, *own, *other, accepted(UNNAMED, "TEST-B"))
        row = contact(findings, UNNAMED)
        assert (row.known_carrier, row.follows) == (False, Follows.SCREEN)
        assert DECIDE in [what for what, _ in tasks(findings)]
        (a, b) = findings.cases
        assert "shared a room" not in f"{a.acquired_reasons} {b.acquired_reasons}"


ABROAD = admission("TEST-A", "2026-03-01 10:00")
YES = answer(
    ABROAD, Question.CARE_ABROAD, AnswerWord.YES,
    country="Greece", start="2026-02-01", end="2026-02-20", procedure=AnswerWord.NO,
)  # fmt: skip
SCREENED = (ABROAD, YES, stay("TEST-A", "2N", "2026-03-01 10:00"))


def precautions(findings, patient="TEST-A"):
    (row,) = [r for r in findings.recommended if r.patient_id == patient]
    return row


POLICIES = ["nl", "us", "ca-bc", "gb", "ecdc", "fr", "ca-on", "gb-sct"]


class TestPrecautions:
    @pytest.mark.parametrize("policy", POLICIES)
    def test_a_negative_screen_proposes_no_end_while_a_suspicion_is_not_settled(self, policy):
        suspected = (*grown("S2", "TEST-A", "2026-03-02 10:00"), resistant("R2", "S2"))
        screened = negative("S1", "TEST-A", "2026-03-01 12:00", "2026-03-03 12:00")
        row = precautions(found("2026-03-05 12:00", *SCREENED, *screened, *suspected, policy=policy))
        assert row.recommended in ("decide", "recommended")
        assert "a suspected CPO, not settled by the laboratory" in row.reasons or row.recommended == "recommended"

    @pytest.mark.parametrize("policy", ["nl", "gb", "ecdc", "fr", "ca-on"])
    def test_nor_while_a_positive_was_told_of_and_has_no_result(self, policy):
        told = ReportedHistory(
            history_id="H",
            patient_id=PatientId("TEST-A"),
            basis=HistoryBasis.TOLD,
            told_by="Oak",
            reported=when("2026-03-02 09:00"),
            carbapenemase=EnzymeCode("KPC"),
        )
        screened = negative("S1", "TEST-A", "2026-03-01 12:00", "2026-03-03 12:00")
        row = precautions(found("2026-03-05 12:00", *SCREENED, *screened, told, policy=policy))
        assert row.recommended in ("decide", "recommended")
        assert "a positive was told of (Oak, 2026-03-02)" in row.reasons or row.recommended == "recommended"

    @pytest.mark.parametrize("policy", POLICIES)
    def test_who_was_never_asked_at_an_emergency_visit_is_unknown_and_not_none(self, policy):
        visit = admission("TEST-A", "2026-03-05 10:00", kind=EncounterKind.EMERGENCY)
        here = stay("TEST-A", "ED", "2026-03-05 10:00", encounter_id=visit.encounter_id)
        row = precautions(found("2026-03-06 12:00", visit, here, policy=policy))
        assert row.recommended == "unknown"
        assert "no admission questions are asked at a visit of this kind" in row.reasons

    def test_criteria_that_are_met_are_put_to_somebody_while_precautions_are_in_force(self):
        screened = negative("S1", "TEST-A", "2026-03-01 12:00", "2026-03-03 12:00")
        rows = (*SCREENED, *screened)
        assert tasks(found("2026-03-05 12:00", *rows, policy="nl"), "TEST-A") == []
        isolated = found("2026-03-05 12:00", *rows, precautions_on("TEST-A", "2026-03-01 11:00"), policy="nl")
        assert tasks(isolated, "TEST-A") == [("decide whether precautions end", TaskState.DECIDE)]
        assert precautions(isolated).in_force == when("2026-03-01 11:00")

    def test_a_suspect_without_precautions_is_counted_as_without(self):
        suspected = (*grown("S2", "TEST-A", "2026-03-02 10:00"), resistant("R2", "S2"))
        findings = found("2026-03-05 12:00", *SCREENED[:1], SCREENED[2], *suspected)
        assert findings.unprotected == ("TEST-A",)


class TestOrdersAndScreens:
    def ordered(self, *steps):
        return [
            Order(
                order_id=f"O-{n}",
                patient_id=PatientId("TEST-A"),
                encounter_id=ABROAD.encounter_id,
                status=status,
                happened=when(at),
            )
            for n, (status, at) in enumerate(steps)
        ]

    def test_who_refused_and_then_agreed_is_asked_for_a_screen(self):
        refused = [(OrderStatus.ORDERED, "2026-03-01 11:00"), (OrderStatus.REFUSED, "2026-03-01 12:00")]
        again = (OrderStatus.ORDERED, "2026-03-02 09:00")
        collects = "collect the admission screen"
        before = found("2026-03-02 12:00", *SCREENED, *self.ordered(*refused), policy="nl")
        assert not any(what.startswith(collects) for what, _ in tasks(before, "TEST-A"))
        after = found("2026-03-02 12:00", *SCREENED, *self.ordered(*refused, again), policy="nl")
        assert any(what.startswith(collects) for what, _ in tasks(after, "TEST-A"))

    def test_a_screen_whose_result_was_withdrawn_is_collected_again(self):
        withdrawn = negative("S1", "TEST-A", "2026-03-01 12:00", "2026-03-03 12:00", status=ResultStatus.WITHDRAWN)
        findings = found("2026-03-05 12:00", *SCREENED, *withdrawn, policy="nl")
        assert any("collect the admission screen again" in what for what, _ in tasks(findings, "TEST-A"))

    def test_a_screen_that_looked_for_one_gene_only_is_settled_with_the_laboratory(self):
        one = (specimen("S1", "TEST-A", "2026-03-01 12:00"), gene("R1", "S1", "KPC", found=Found.NOT_DETECTED))
        findings = found("2026-03-05 12:00", *SCREENED, *one, policy="nl")
        assert ("settle the screen with the laboratory", TaskState.DECIDE) in tasks(findings, "TEST-A")

    def test_what_the_laboratory_received_and_rejected_is_not_received_of_the_next(self):
        lost = {"received": when("2026-03-01 14:00"), "rejected": when("2026-03-01 15:00")}
        swabs = (specimen("S1", "TEST-A", "2026-03-01 12:00", **lost), specimen("S2", "TEST-A", "2026-03-02 12:00"))
        (line,) = found("2026-03-03 12:00", *SCREENED, *swabs, policy="nl").ledger
        assert (line.at_risk, line.collected, line.received) == (Verdict.YES, when("2026-03-02 12:00"), None)


class TestContacts:
    def test_what_was_done_of_one_screen_is_not_done_of_one_the_laboratory_rejected(self):
        rows = (*A, A_MOVED, *B, B_MOVED, LISTED)
        first = task(found("2026-03-06 12:00", *rows), COLLECT)
        done = declared(DeclarationKind.DONE, "2026-03-06 13:00", patient_id="TEST-B", about=first.task_id)
        assert task(found("2026-03-06 14:00", *rows, done), COLLECT).state is TaskState.DONE
        lost = specimen("SB", "TEST-B", "2026-03-06 12:30", rejected=when("2026-03-07 09:00"))
        again = task(found("2026-03-08 12:00", *rows, done, lost), COLLECT)
        assert again.state is TaskState.OPEN
        assert "rejected by the laboratory: 2026-03-06" in again.because

    def test_nor_of_a_new_exposure(self):
        rows = (*A, A_MOVED, *B, LISTED)
        first = task(found("2026-03-06 12:00", *rows, B_MOVED), COLLECT)
        done = declared(DeclarationKind.DONE, "2026-03-06 13:00", patient_id="TEST-B", about=first.task_id)
        moves = [("4S", "2026-03-05 12:00", "2026-03-10 10:00"), ("5W", "2026-03-10 10:00", "2026-03-12 10:00")]
        moves = [stay("TEST-B", ward, start, end, room="9") for ward, start, end in moves]
        back = stay("TEST-B", "4S", "2026-03-12 10:00", room="1")
        again = task(found("2026-03-13 12:00", *rows, done, *moves, back), COLLECT)
        assert (again.state, again.due) == (TaskState.OPEN, when("2026-03-13"))

    def test_a_suspected_contact_does_not_make_a_site_one_of_carriers_only(self):
        rows = (*A, A_MOVED, *B, B_MOVED, LISTED)
        suspected = (*grown("SB", "TEST-B", "2026-03-06 10:00"), resistant("RB", "SB", "2026-03-07 10:00"))
        findings = analyze(view("2026-03-08 12:00", *rows, *suspected), load_policy("ca-on"))
        assert not findings.carriers_only
        assert contact(findings).follows is Follows.SCREEN

    @pytest.mark.parametrize("kind", list(EncounterKind))
    def test_who_comes_back_to_a_visit_of_any_kind_is_asked_for_what_is_owed(self, kind):
        home = (replace(B[0], end=when("2026-03-05 12:00")), B[1])
        back = Encounter(
            encounter_id="V",
            patient_id=PatientId("TEST-B"),
            facility_id="Elm",
            kind=kind,
            start=when("2026-03-20 09:00"),
        )
        assert tasks(found("2026-03-20 12:00", *A, A_MOVED, *home, LISTED)) == []
        assert COLLECT in [what for what, _ in tasks(found("2026-03-20 12:00", *A, A_MOVED, *home, LISTED, back))]

    def test_days_are_counted_from_the_room_that_ended_while_the_ward_is_still_shared(self):
        still = stay("TEST-A", "2N", "2026-03-05 10:00", room="203")
        b = (B[0], stay("TEST-B", "2N", "2026-03-01 11:00", room="201"))
        swab = negative("SB", "TEST-B", "2026-03-09 09:00", "2026-03-11 09:00")
        row = contact(found("2026-03-16 12:00", *A, still, *b, *swab, LISTED))
        assert (row.clause, str(row.counted_from), row.sets_done) == ("ca-on-con-1", "2026-03-05", 1)
        assert "1 done, 2 owed, one of them on or after 2026-03-26; a ward is still shared" in row.owed
        assert row.last_at_level == when("2026-03-05 10:00")
        assert row.next_due == when("2026-03-10")

    def test_where_nothing_has_ended_no_day_is_named_and_a_professional_decides(self):
        together = (*A, stay("TEST-A", "2N", "2026-03-05 10:00", room="201"), B[0])
        b = stay("TEST-B", "2N", "2026-03-01 11:00", room="201")
        findings = found("2026-03-16 12:00", *together, b, LISTED)
        row = contact(findings)
        assert (row.next_due, row.counted_from, row.progress) == (None, None, "the exposure goes on")
        assert "screens are counted from its end" in task(findings, DECIDE).because

    def test_one_swab_serves_every_case_and_one_without_a_result_is_not_asked_for_again(self):
        other = (
            admission("TEST-C", "2026-03-01 10:00"),
            stay("TEST-C", "4S", "2026-03-05 12:00", "2026-03-07 12:00", room="1"),
            specimen("SC", "TEST-C", "2026-03-05 13:00", "urine"),
            gene("R-SC", "SC", "NDM", "2026-03-06 10:00"),
        )
        rows = (*A, A_MOVED, *B, B_MOVED, *other, LISTED, accepted("TEST-C:NDM:1", "TEST-B", "2026-03-07 09:00"))
        one = task(found("2026-03-08 12:00", *rows), COLLECT)
        assert CASE in one.because
        assert "TEST-C:NDM:1" in one.because
        assert one.due == when("2026-03-06")
        taken = task(found("2026-03-08 18:00", *rows, specimen("SB", "TEST-B", "2026-03-08 13:00")), COLLECT)
        assert "(2026-03-08 collected, no result yet)" in taken.because
        assert (taken.due, taken.days) == (when("2026-03-09"), None)

    def test_weeks_that_are_over_without_a_screen_are_put_to_a_professional_on_return(self):
        moves = (replace(B[0], end=when("2026-03-06 10:00")), B[1])
        gone = stay("TEST-B", "4S", "2026-03-05 12:00", "2026-03-06 10:00", room="1")
        back = (admission("TEST-B", "2026-04-10 10:00"), stay("TEST-B", "4S", "2026-04-10 10:00", room="1"))
        findings = found("2026-04-11 12:00", *A, A_MOVED, *moves, gone, *back, LISTED, policy="gb-sct")
        assert "0 of 4 screens were done" in task(findings, DECIDE).because

    def test_who_only_came_next_to_a_bed_is_listed_where_a_verified_policy_says_nothing_of_it(self, tmp_path):
        bed = (replace(A[1], bed="A"), A[0], *A[2:])
        came = (admission("TEST-B", "2026-03-06 08:00"), stay("TEST-B", "2N", "2026-03-06 08:00", room="201", bed="A"))
        path = tmp_path / "elm.yaml"
        path.write_text(ROOM_ONLY, encoding="utf-8")
        row = contact(found("2026-03-08 12:00", *bed, A_MOVED, *came, policy=str(path)))
        assert (row.follows, row.mark, row.owed) == (Follows.LIST, Mark.NOT_SPECIFIED, "listed; nothing is owed")

    def test_everyone_who_may_have_come_next_is_listed_where_days_leave_it_open(self):
        bed = (replace(A[1], bed="A"), A[0], *A[2:])
        by_day = stay("TEST-X", "2N", "2026-03-05", "2026-03-06", room="201", bed="A")
        by_hour = stay("TEST-Y", "2N", "2026-03-05 11:00", "2026-03-05 13:00", room="201", bed="A")
        findings = found("2026-03-08 12:00", *bed, A_MOVED, by_day, by_hour)
        assert {c.contact_patient_id for c in findings.contacts if c.next_in_bed} == {"TEST-X", "TEST-Y"}


ROOM_ONLY = """
overlay: 1
id: ecdc-elm
title: "A made-up hospital that counts rooms only"
version: 2026-01-01
base: ecdc
place: {name: Elm (made up)}
from: 2026-01-01
adopted_by: infection prevention, Elm (made up)
sources:
  elm: {title: "Infection prevention, Elm (made up): who is a contact", where: this test}
clauses:
  contacts:
    - id: ecdc-con-1
      who: {classes: [same room]}
      then: {contact: screen}
      mark: verified
      source: elm
      checked_on: 2026-01-01
"""


class TestIsolationOfContacts:
    ROWS = (*A, A_MOVED, *B, B_MOVED)

    def test_who_waits_for_screens_is_isolated_where_the_policy_says_so_and_only_once_accepted(self):
        assert precautions(found("2026-03-08 12:00", *self.ROWS, policy="ecdc"), "TEST-B").recommended == "unknown"
        findings = found("2026-03-08 12:00", *self.ROWS, LISTED, policy="ecdc")
        row = precautions(findings, "TEST-B")
        assert row.recommended == "recommended"
        assert f"ecdc-fol-2: an accepted contact of {CASE}, whose follow-up is not complete" in row.reasons
        assert ("start contact precautions", TaskState.OPEN) in tasks(findings)

    @pytest.mark.parametrize("policy", ["ca-on", "fr", "gb"])
    def test_where_it_is_not_said_or_not_verified_a_professional_decides(self, policy):
        row = precautions(found("2026-03-08 12:00", *self.ROWS, LISTED, policy=policy), "TEST-B")
        assert row.recommended == "decide"

    def test_what_a_professional_ended_since_is_not_asked_for_again(self):
        ended = declared(DeclarationKind.PRECAUTIONS_ENDED, "2026-03-07 10:00", patient_id="TEST-B", facility_id="Elm")
        row = precautions(found("2026-03-08 12:00", *self.ROWS, LISTED, ended, policy="ecdc"), "TEST-B")
        assert row.recommended == "unknown"
        assert f"precautions as a contact of {CASE} stopped by infection control on 2026-03-07" in row.reasons

    def test_what_was_ended_before_a_new_exposure_began_was_not_ended_of_that(self):
        ended = declared(DeclarationKind.PRECAUTIONS_ENDED, "2026-03-07 10:00", patient_id="TEST-B", facility_id="Elm")
        moved = stay("TEST-A", "5W", "2026-03-05 10:00", "2026-03-09 10:00", room="9")
        back = stay("TEST-A", "4S", "2026-03-09 10:00", room="1")
        rows = (*A, moved, back, *B, B_MOVED, LISTED, ended)
        row = precautions(found("2026-03-12 12:00", *rows, policy="ecdc"), "TEST-B")
        assert row.recommended == "recommended"

    def test_who_has_every_screen_done_waits_for_none(self):
        days = ["2026-03-07 09:00", "2026-03-09 09:00", "2026-03-27 09:00"]
        swabs = [row for n, day in enumerate(days) for row in negative(f"N{n}", "TEST-B", day)]
        row = precautions(found("2026-03-30 12:00", *self.ROWS, LISTED, *swabs), "TEST-B")
        assert "accepted contact" not in row.reasons

    def test_the_same_is_found_when_only_what_changed_is_worked_out_again(self):
        policy = load_policy("ecdc")
        before = analyze(view("2026-03-08 12:00", EVERYONE, *self.ROWS), policy)
        now = view("2026-03-08 12:00", EVERYONE, *self.ROWS, LISTED)
        assert analyze(now, policy, before).recommended == analyze(now, policy).recommended
        back = view("2026-03-08 12:00", EVERYONE, *self.ROWS)
        assert analyze(back, policy, analyze(now, policy)).recommended == before.recommended


def test_a_swab_dated_by_day_on_the_day_of_two_visits_may_be_of_either():
    first = admission("TEST-A", "2026-02-01 10:00", "2026-03-20 09:00", encounter_id="E1")
    second = admission("TEST-A", "2026-03-20 18:00", encounter_id="E2")
    rows = (first, second, specimen("S", "TEST-A", "2026-03-20"), gene("R", "S", "KPC", "2026-03-22 10:00"))
    (case,) = found("2026-04-01 12:00", *rows, policy="us").cases
    assert "collected on day 48 of a visit" in case.acquired_reasons
    assert "collected on day 1 of a visit" in case.acquired_reasons


def test_two_hospitals_are_told_apart_where_a_ward_is_named(tmp_path):
    sites = (facility(), facility(name="Oak"))
    rows = (*A, stay("TEST-A", "2N", "2026-03-05 10:00", room="9", facility_id="Oak"))
    findings = found("2026-03-08 12:00", *sites, *rows)
    write_report(findings, Intake((), (), {}, {}), tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Oak 2N" in page
