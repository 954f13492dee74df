"""What a reviewer found around the mends of the third review: what was done before, counts for what came after."""

from dataclasses import replace

import pytest
from builders import admission, answer, declared, facility, gene, isolate, precautions_on, specimen, stay, view, when

from ringfence.chain import analyze
from ringfence.feeds import Intake
from ringfence.policy import PolicyError, load_policy
from ringfence.record import (
    AnswerWord,
    Coverage,
    DeclarationKind,
    Follows,
    Found,
    Interpretation,
    Order,
    OrderStatus,
    PatientId,
    Place,
    PlaceLevel,
    Population,
    Question,
    ResultKind,
    TaskState,
    UnitKind,
    Verdict,
)
from ringfence.report import write_report

EVERYONE = Population(facility_id="Elm", covers=Coverage.ALL_INPATIENTS)
CASE = "TEST-A:KPC:1"
COLLECT, DECIDE = "collect a screen: contact of a case", "decide on a screen: contact of a case"


def found(as_of, *rows, policy="ca-on"):
    return analyze(view(as_of, EVERYONE, *rows), load_policy(policy))


def accepted(case_id=CASE, contact="TEST-B", on="2026-03-05 09:00"):
    who = {"case_id": case_id, "contact_patient_id": PatientId(contact)}
    return declared(DeclarationKind.CONTACTS_ACCEPTED, on, **who)


def done(task, on):
    return declared(DeclarationKind.DONE, on, patient_id=task.patient_id, about=task.task_id)


def contact(findings, of="TEST-B"):
    (row,) = [c for c in findings.contacts if c.contact_patient_id == of]
    return row


def task(findings, what, patient="TEST-B"):
    (row,) = [t for t in findings.tasks if (t.patient_id, t.task) == (patient, what)]
    return row


def tasks(findings, patient="TEST-B"):
    return {t.task for t in findings.tasks if t.patient_id == patient}


def panel(name, patient, collected, **more):
    return specimen(name, patient, collected), gene(
        f"R-{name}", name, None, collected, found=Found.NOT_DETECTED, **more
    )


def culture(name, patient, collected, kind="rectal_swab"):
    taken = specimen(name, patient, collected, kind, purpose=specimen("", patient, collected).purpose)
    return taken, gene(f"R-{name}", name, None, collected, kind=ResultKind.CULTURE, found=Found.NOT_DETECTED)


def index(enzyme="KPC", end="2026-03-05 10:00"):
    return (
        admission("TEST-A", "2026-03-01 10:00"),
        stay("TEST-A", "2N", "2026-03-01 10:00", end, room="201"),
        specimen("S", "TEST-A", "2026-03-02 10:00", "urine"),
        gene("R-S", "S", enzyme, "2026-03-04 10:00"),
    )


A_MOVED = stay("TEST-A", "5W", "2026-03-05 10:00", room="9")
B = (admission("TEST-B", "2026-03-01 10:00"), stay("TEST-B", "2N", "2026-03-01 11:00", "2026-03-05 12:00", room="201"))
B_MOVED = stay("TEST-B", "4S", "2026-03-05 12:00", room="1")
TOGETHER = (*index(), A_MOVED, *B, B_MOVED)
# A leaves 5W, and comes to B on 4S for two days.
MET_AGAIN = (
    *index(),
    stay("TEST-A", "5W", "2026-03-05 10:00", "2026-03-12 10:00", room="9"),
    stay("TEST-A", "4S", "2026-03-12 10:00", "2026-03-14 10:00", room="1"),
    stay("TEST-A", "5W", "2026-03-14 10:00", room="9"),
    *B,
    B_MOVED,
)


class TestWhatWasDone:
    @pytest.mark.parametrize("policy", ["ecdc", "us", "nl", "ca-bc"])
    @pytest.mark.parametrize("list_is", ["accepted", "a preview"])
    def test_a_decision_on_a_contact_is_not_one_on_the_next_exposure(self, policy, list_is):
        said = [accepted()] if list_is == "accepted" else []
        first = task(found("2026-03-06 12:00", *MET_AGAIN, *said, policy=policy), DECIDE)
        after = [*said, done(first, "2026-03-06 13:00")]
        assert task(found("2026-03-06 14:00", *MET_AGAIN, *after, policy=policy), DECIDE).state is TaskState.DONE
        assert task(found("2026-03-16 12:00", *MET_AGAIN, *after, policy=policy), DECIDE).state is TaskState.DECIDE

    @pytest.mark.parametrize("policy", ["nl", "ecdc", "gb", "ca-on"])
    def test_precautions_that_were_started_while_a_screen_was_pending_are_not_those_of_a_carrier(self, policy):
        visit = admission("TEST-B", "2026-03-01 10:00")
        abroad = {"country": "Greece", "start": "2026-02-01", "end": "2026-02-20", "procedure": AnswerWord.NO}
        pending = (
            visit,
            answer(visit, Question.CARE_ABROAD, AnswerWord.YES, **abroad),
            stay("TEST-B", "2N", "2026-03-01 10:00"),
        )
        start = "start contact precautions"
        first = task(found("2026-03-01 11:00", *pending, policy=policy), start)
        positive = (specimen("SB", "TEST-B", "2026-03-08 09:00", "urine"), gene("RB", "SB", "KPC", "2026-03-09 09:00"))
        rows = [
            *pending,
            done(first, "2026-03-01 12:00"),
            precautions_on("TEST-B", "2026-03-01 12:00", "2026-03-05 10:00"),
            *culture("S1", "TEST-B", "2026-03-02 10:00"),
            *positive,
        ]
        assert task(found("2026-03-10 12:00", *rows, policy=policy), start).state is TaskState.OPEN

    def test_what_was_ended_is_not_what_came_after_it(self):
        ended = declared(DeclarationKind.PRECAUTIONS_ENDED, "2026-03-10 10:00", patient_id="TEST-B", facility_id="Elm")
        rows = (*MET_AGAIN, accepted(), ended)
        findings = found("2026-03-13 12:00", *rows, policy="ecdc")
        (row,) = [r for r in findings.recommended if r.patient_id == "TEST-B"]
        assert row.recommended == "recommended"
        (row,) = [r for r in found("2026-03-11 12:00", *rows, policy="ecdc").recommended if r.patient_id == "TEST-B"]
        assert f"precautions as a contact of {CASE} stopped by infection control on 2026-03-10" in row.reasons


OVERLAY = """
overlay: 1
id: ca-on-elm
title: "Draft: Ontario at a made-up hospital"
version: 2026-01-01
base: ca-on
place: {name: Elm (made up)}
from: 2026-01-01
adopted_by: infection prevention, Elm (made up)
sources:
  elm: {title: "Infection prevention, Elm (made up)", where: this test}
clauses:
"""
END = "\n      mark: verified\n      source: elm\n      checked_on: 2026-01-01\n"


@pytest.fixture
def overlay(tmp_path):
    def written(group, *clauses, head=OVERLAY):
        path = tmp_path / "ca-on-elm.yaml"
        path.write_text(head + f"  {group}:\n" + "".join(f"    - {one}{END}" for one in clauses), encoding="utf-8")
        return str(path)

    return written


NO_WARD = "id: ca-on-con-2\n      who: {classes: [ward]}\n      then: {contact: list}"


class TestWhoIsAContact:
    def test_less_than_the_hours_asked_for_is_no_no_while_the_meeting_goes_on(self, overlay):
        day = "id: ca-on-con-1\n      who: {classes: [same room], overlap: {at_least: 24 hours}, counted: per meeting}"
        policy = overlay("contacts", f"{day}\n      then: {{contact: screen}}", NO_WARD)
        rows = (
            *index(end=None),
            admission("TEST-B", "2026-03-04 08:00"),
            stay("TEST-B", "2N", "2026-03-04 08:00", room="201"),
        )
        assert contact(found("2026-03-05 04:00", *rows, policy=policy)).follows is Follows.DECIDE
        assert contact(found("2026-03-05 09:00", *rows, policy=policy)).follows is Follows.SCREEN
        apart = (*rows[:-1], replace(rows[-1], end=when("2026-03-05 04:00")))
        assert contact(found("2026-03-05 09:00", *apart, policy=policy)).follows is not Follows.DECIDE

    ICU_ONLY = (
        "id: ca-on-con-1\n      who: {classes: [ward], vulnerable_units: [intensive_care]}\n"
        "      then: {contact: screen}"
    )

    def test_more_exposure_elsewhere_takes_nobody_out_of_a_clause_about_a_unit(self, overlay):
        policy = overlay("contacts", self.ICU_ONLY, NO_WARD)
        units = [
            ("Elm", "ICU", UnitKind.INTENSIVE_CARE),
            ("Elm", "3W", UnitKind.GENERAL),
            ("Oak", "ICU", UnitKind.GENERAL),
        ]
        places = [Place(facility_id=f, level=PlaceLevel.WARD, ward=w, unit=u) for f, w, u in units]

        def both(*wards):
            times = ["2026-03-01 10:00", "2026-03-03 10:00", "2026-03-05 10:00"]
            pairs = zip(wards, times, times[1:], strict=False)
            return [stay(who, ward, start, end) for ward, start, end in pairs for who in ("TEST-A", "TEST-B")]

        people = [*index()[2:], admission("TEST-A", "2026-03-01 10:00"), admission("TEST-B", "2026-03-01 10:00")]
        sites = [facility(), facility(name="Oak")]
        for wards in (["ICU"], ["ICU", "3W"], ["3W", "ICU"]):
            findings = found("2026-03-06 12:00", *sites, *places, *people, *both(*wards), policy=policy)
            assert contact(findings).follows is Follows.SCREEN
        findings = found("2026-03-06 12:00", *sites, *places, *people, *both("3W"), policy=policy)
        assert contact(findings).follows is not Follows.SCREEN


class TestHowFarItHasCome:
    @pytest.mark.parametrize(("enzyme", "progress"), [("OXA-23", "by a panel"), ("KPC", "by a panel")])
    def test_a_panel_alone_leaves_the_end_to_a_professional(self, enzyme, progress):
        days = ["2026-03-06 09:00", "2026-03-12 09:00", "2026-03-28 09:00"]
        swabs = [row for n, day in enumerate(days) for row in panel(f"N{n}", "TEST-B", day)]
        case = f"TEST-A:{enzyme if enzyme == 'KPC' else 'OXA-23-like'}:1"
        rows = (*index(enzyme), A_MOVED, *B, B_MOVED, accepted(case), *swabs)
        findings = found("2026-03-30 12:00", *rows)
        row = contact(findings)
        assert (row.sets_done, row.sets_needed) == (3, 3)
        assert progress in row.progress
        assert "a panel says only that its targets were not detected, so a professional decides" in row.owed
        assert DECIDE in tasks(findings)

    def test_a_swab_that_was_tested_for_what_the_index_carries_is_a_set(self):
        days = ["2026-03-06 09:00", "2026-03-12 09:00", "2026-03-28 09:00"]

        def tested(enzyme):
            return [
                row
                for n, day in enumerate(days)
                for row in (
                    specimen(f"N{n}", "TEST-B", day),
                    gene(f"R-N{n}", f"N{n}", enzyme, day, found=Found.NOT_DETECTED),
                )
            ]

        row = contact(found("2026-03-30 12:00", *TOGETHER, accepted(), *tested("KPC")))
        assert (row.sets_done, row.progress) == (3, "complete")
        row = contact(found("2026-03-30 12:00", *TOGETHER, accepted(), *tested("NDM")))
        assert (row.sets_done, row.progress) == (0, "screens owed")

    def test_one_of_four_weeks_is_not_complete_for_who_went_home(self):
        home = (replace(B[0], end=when("2026-03-13 10:00")), B[1])
        gone = stay("TEST-B", "4S", "2026-03-05 12:00", "2026-03-13 10:00", room="1")
        back = (admission("TEST-B", "2026-04-10 10:00"), stay("TEST-B", "4S", "2026-04-10 10:00", room="1"))
        rows = (*index(), A_MOVED, *home, gone, *culture("N1", "TEST-B", "2026-03-12 09:00"), *back, accepted())
        findings = found("2026-04-11 12:00", *rows, policy="gb-sct")
        assert "1 of 4 screens were done; a professional decides" in contact(findings).owed
        assert DECIDE in tasks(findings)

    def test_screens_without_a_result_are_asked_for_at_the_laboratory_with_the_days(self):
        swabs = [specimen(f"N{n}", "TEST-B", day) for n, day in enumerate(["2026-03-07", "2026-03-12", "2026-03-28"])]
        findings = found("2026-05-20 12:00", *TOGETHER, accepted(), *swabs)
        assert contact(findings).next_due is None
        asked = task(findings, "laboratory: results of a contact's screens")
        assert (asked.due, asked.days) == (when("2026-03-07"), 74)

    def test_a_schedule_without_sites_is_of_the_gut(self, overlay):
        policy = overlay(
            "follow_up", "id: ca-on-fol-1\n      about: schedule\n      then: {from_last_exposure: {sets: 1}}"
        )
        elsewhere = culture("N1", "TEST-B", "2026-03-07 09:00", "urine")
        row = contact(found("2026-03-10 12:00", *TOGETHER, accepted(), *elsewhere, policy=policy))
        assert (row.sets_done, row.progress) == (0, "screens owed")
        gut = culture("N1", "TEST-B", "2026-03-07 09:00")
        assert contact(found("2026-03-10 12:00", *TOGETHER, accepted(), *gut, policy=policy)).progress == "complete"

    def test_weeks_in_which_no_day_ever_falls_are_refused(self, overlay):
        weeks = "then: {calendar_weeks: {every: 30 days, weeks: 4}}"
        path = overlay("follow_up", f"id: ca-on-fol-1\n      about: schedule\n      {weeks}")
        with pytest.raises(PolicyError, match="no screen would ever be due"):
            load_policy(path)


def test_a_second_enzyme_that_is_not_named_was_not_reported_from_elsewhere():
    rows = [
        specimen("S1", "TEST-A", "2026-03-03 10:00", "urine"),
        isolate("I1", "S1"),
        gene("R1", "S1", "NDM", isolate_id="I1"),
        specimen("S2", "TEST-A", "2026-03-07 10:00", "urine"),
        isolate("I2", "S2", "escherichia-coli"),
        gene("R2", "S2", None, isolate_id="I2", kind=ResultKind.ACTIVITY, method="mcim", found=Found.DETECTED),
    ]
    said = {c.case_id: (c.counts, c.counted) for c in found("2026-03-09 12:00", *rows).cases}
    assert said["TEST-A:unidentified:1"] == (
        Verdict.DECIDE,
        "not named yet, and may be what this patient was found to carry already: somebody decides",
    )


def test_who_decides_on_a_refusal_is_told_of_the_suspicion_too():
    visit = admission("TEST-A", "2026-03-01 10:00")
    abroad = {"country": "Greece", "start": "2026-02-01", "end": "2026-02-20", "procedure": AnswerWord.NO}
    refused = Order(
        order_id="O",
        patient_id=PatientId("TEST-A"),
        encounter_id=visit.encounter_id,
        status=OrderStatus.REFUSED,
        happened=when("2026-03-01 12:00"),
    )
    rows = [
        visit,
        answer(visit, Question.CARE_ABROAD, AnswerWord.YES, **abroad),
        stay("TEST-A", "2N", "2026-03-01 10:00"),
        refused,
        specimen("S", "TEST-A", "2026-03-08 10:00", "urine"),
        isolate("I", "S"),
        gene(
            "R", "S", None, "2026-03-08 18:00",
            isolate_id="I", kind=ResultKind.SUSCEPTIBILITY, found=None, antibiotic="meropenem", interpretation=Interpretation.R,
        ),
    ]  # fmt: skip
    (row,) = found("2026-03-09 12:00", *rows, policy="nl").recommended
    assert row.recommended == "decide"
    assert "the screen was refused or not possible" in row.reasons
    assert "a suspected CPO, not settled by the laboratory" in row.reasons


def test_what_would_end_the_isolation_of_a_contact_is_said_only_where_the_policy_gives_a_schedule():
    rows = (*TOGETHER, accepted())
    ends = {}
    for policy in ("ecdc", "gb"):
        (row,) = [r for r in found("2026-03-08 12:00", *rows, policy=policy).recommended if r.patient_id == "TEST-B"]
        ends[policy] = row.ends
    assert ends["ecdc"].endswith("ecdc-fol-2: the policy does not say")
    assert "gb-fol-1: a negative result of every screen that is owed as a contact" in ends["gb"]


def test_an_overlay_for_a_facility_that_is_in_no_file_says_so(overlay, tmp_path):
    head = OVERLAY.replace("{name: Elm (made up)}", "{name: Elm (made up), facilities: [Ellm]}")
    findings = found("2026-03-08 12:00", *TOGETHER, policy=overlay("contacts", NO_WARD, head=head))
    write_report(findings, Intake((), (), {}, {}), tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "names Ellm, which is no facility of these files" in page
