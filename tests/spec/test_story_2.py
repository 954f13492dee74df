"""The dialysis patient, the husband, the old carrier, and the night that was not a night.

The policy is that of the ECDC: at risk is whoever stayed over night in health care, had dialysis or chemotherapy in the
last 12 months, carried a CRE in the last 12 months (for older carriage the admitting physician decides), or is linked
with a carrier. All are admitted as inpatients on 2026-03-15 at 14:20; whatever else was asked was answered no.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import admission, all_no, answer, at, declared, facility, gene, specimen, stay, view

from ringfence.assess import Precautions, screening_again
from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import (
    AnswerWord,
    DeclarationKind,
    EncounterKind,
    Found,
    Level,
    PatientId,
    Purpose,
    Question,
    Relation,
    RelationKind,
    ResultKind,
    Verdict,
    When,
)

ECDC = load_policy("ecdc")


def admitted(name):
    visit = admission(name, "2026-03-15 14:20")
    return [visit, *all_no(visit)]


def line_of(as_of, *rows):
    (line,) = analyze(view(as_of, *rows), ECDC).ledger
    return line


def culture(name, of, reported):
    return gene(name, of, None, reported, kind=ResultKind.CULTURE, found=Found.NOT_DETECTED)


class TestDialysis:
    """2a. One recurring visit, opened in 2024 and never closed, with 156 sessions; and one admission."""

    SERIES = admission("D", "2024-06-03 08:00", encounter_id="R-77", kind=EncounterKind.DIALYSIS, recurring=True)

    def sessions(self):
        first = at("2025-03-17 13:00")
        days = [first + timedelta(days=n) for n in range(362)]
        model = stay("D", "Renal-Out", "2025-03-17 13:00", "2025-03-17 17:00", room="C5", encounter_id="R-77")
        return [
            replace(model, stay_id=f"S{n}", start=When(at=day), end=When(at=day + timedelta(hours=4)))
            for n, day in enumerate(d for d in days if d.weekday() in (0, 2, 4))
        ]

    def rows(self):
        return [
            self.SERIES,
            *self.sessions(),
            *admitted("D"),
            stay("D", "2N", "2026-03-15 14:20", encounter_id="E-D-2026-03-15"),
            specimen("RECTAL", "D", "2026-03-15 18:00"),
            culture("R1", "RECTAL", "2026-03-17 16:00"),
            specimen("EXIT", "D", "2026-03-16 09:00", "exit_site", purpose=Purpose.SCREENING),
            culture("R2", "EXIT", "2026-03-18 10:00"),
        ]

    def recommended(self, as_of, *more):
        return analyze(view(as_of, *self.rows(), *more), ECDC).precautions["D"]

    def test_the_dialysis_clause_alone_makes_the_patient_at_risk(self):
        assert len(self.sessions()) == 156
        line = line_of("2026-03-15 15:00", *self.rows())
        assert line.at_risk is Verdict.YES
        assert line.reasons == "ecdc-adm-2: dialysis in this record, last 2026-03-13"

    def test_the_ledger_has_one_row_and_not_157(self):
        assert line_of("2026-03-18 12:00", *self.rows()).encounter_id == "E-D-2026-03-15"

    def test_precautions_are_recommended_from_the_admission_on(self):
        assert self.recommended("2026-03-15 14:20").status is Precautions.RECOMMENDED

    def test_they_stay_recommended_while_the_exit_site_is_pending(self):
        answered = self.recommended("2026-03-17 17:00")
        assert answered.status is Precautions.RECOMMENDED
        assert [reason.clause for reason in answered.reasons] == ["ecdc-pre-1"]

    def test_then_the_criteria_are_met_and_that_is_a_proposal(self):
        assert self.recommended("2026-03-18 10:00").status is Precautions.CRITERIA_MET
        assert self.recommended("2026-04-18 10:00").status is Precautions.CRITERIA_MET

    def test_only_a_person_ends_them(self):
        ended = declared(DeclarationKind.PRECAUTIONS_ENDED, "2026-03-18 11:00", facility_id="Elm", patient_id="D")
        assert self.recommended("2026-03-18 10:30", ended).status is Precautions.CRITERIA_MET
        assert self.recommended("2026-03-18 12:00", ended).status is Precautions.ENDED

    def test_a_swab_of_the_exit_site_alone_leaves_the_rectal_one_owed(self):
        rows = [row for row in self.rows() if getattr(row, "specimen_id", "") != "RECTAL"]
        answered = analyze(view("2026-03-18 12:00", *rows), ECDC).precautions["D"]
        assert answered.status is Precautions.RECOMMENDED

    def test_a_later_case_in_the_next_chair_met_the_patient_for_one_session_and_not_for_21_months(self):
        neighbour = [
            stay("K", "Renal-Out", "2026-03-11 13:00", "2026-03-11 17:00", room="C6"),
            specimen("SPK", "K", "2026-03-12 08:00"),
            gene("RK", "SPK", "KPC", "2026-03-13 08:00"),
        ]
        found = analyze(view("2026-03-17 17:00", self.SERIES, *self.sessions(), *neighbour), ECDC)
        assert [(e.level, e.hours_min, e.hours_max) for e in found.exposures] == [(Level.WARD, 4, 4)]

    def test_the_policy_has_no_interval_so_the_series_is_asked_about_once(self):
        timeline = view("2026-03-15 15:00", *self.rows()).timeline("D")
        assert screening_again(timeline, self.SERIES, policy=ECDC, carriages=()) == ()

    def test_a_policy_with_an_interval_gives_one_decision_for_each_and_not_one_for_each_session(self):
        dialysis = ECDC.clause("ecdc-adm-2")
        asks_again = dialysis.then.model_copy(
            update={"every": load_policy("us").clause("us-cle-2").then.propose_when.since_last_positive}
        )
        changed = dialysis.model_copy(update={"then": asks_again})
        admission_clauses = tuple(changed if c.id == changed.id else c for c in ECDC.admission)
        clauses = ECDC.file.clauses.model_copy(update={"admission": admission_clauses})
        policy = type(ECDC)(ECDC.file.model_copy(update={"clauses": clauses}), "again", ECDC.path)
        timeline = view("2026-03-15 15:00", *self.rows()).timeline("D")
        decided = screening_again(timeline, self.SERIES, policy=policy, carriages=())
        assert [str(day) for day, _ in decided] == ["2024-06-03", "2024-12-03", "2025-06-03", "2025-12-03"]
        assert decided[-1][1].status is Verdict.YES


class TestTheHusband:
    """2b. He is a carrier; she has had no care herself."""

    HUSBAND = [specimen("H", "HUSBAND", "2025-12-01 09:00"), gene("RH", "H", "KPC", "2025-12-03 09:00")]
    MARRIED = Relation(
        relation_id="M", patient_a=PatientId("WIFE"), patient_b=PatientId("HUSBAND"), kind=RelationKind.HOUSEHOLD
    )

    def test_she_is_at_risk_by_the_link_in_the_household(self):
        line = line_of("2026-03-15 15:00", *admitted("WIFE"), *self.HUSBAND, self.MARRIED)
        assert (line.at_risk, line.reasons) == (Verdict.YES, "ecdc-adm-5: household link with a carrier")

    def test_an_answer_says_the_same_as_the_relation(self):
        visit = admission("WIFE", "2026-03-15 14:20")
        told = answer(visit, Question.LINK_IN_HOUSEHOLD, AnswerWord.YES)
        line = line_of("2026-03-15 15:00", visit, told, *all_no(visit, Question.LINK_IN_HOUSEHOLD))
        assert (line.at_risk, line.reasons) == (Verdict.YES, "ecdc-adm-5: household link, as answered with a carrier")

    def test_without_the_husband_there_is_no_link(self):
        assert line_of("2026-03-15 15:00", *admitted("WIFE"), self.MARRIED).at_risk is Verdict.NO

    def test_at_home_nobody_asks_her_for_a_swab(self):
        assert analyze(view("2026-03-15 15:00", *self.HUSBAND, self.MARRIED), ECDC).tasks == ()

    def test_his_result_arriving_later_changes_her_answer_as_if_all_were_worked_out_again(self):
        rows = [*admitted("WIFE"), self.MARRIED]
        before = analyze(view("2026-03-15 15:00", *rows), ECDC)
        known = view("2026-03-15 15:00", *rows, *self.HUSBAND)
        assert analyze(known, ECDC, before).ledger == analyze(known, ECDC).ledger
        assert analyze(known, ECDC, before).ledger[0].at_risk is Verdict.YES


class TestOldCarriage:
    """2c. Positive on 2025-02-20 and nothing since; twelve months before the admission is 2025-03-15."""

    ROWS = (*admitted("O"), specimen("OLD", "O", "2025-02-20 09:00"), gene("RO", "OLD", "KPC", "2025-02-22 09:00"))

    def test_it_is_for_the_admitting_physician_and_is_not_a_no(self):
        line = line_of("2026-03-15 14:30", *self.ROWS)
        assert line.at_risk is Verdict.DECIDE
        assert "admitting physician decides" in line.reasons

    def test_it_is_a_task_to_decide(self):
        tasks = analyze(view("2026-03-15 14:30", *self.ROWS), ECDC).tasks
        assert ("decide whether to screen", "ecdc-adm-4") in [(task.task, task.clause) for task in tasks]

    def test_a_declaration_settles_it_and_says_who_and_when(self):
        screen = declared(DeclarationKind.SCREEN, "2026-03-15 15:00", "Dr A", encounter_id="E-O-2026-03-15")
        line = line_of("2026-03-15 15:30", *self.ROWS, screen)
        assert (line.at_risk, line.reasons) == (Verdict.YES, "declared by Dr A on 2026-03-15: screen")

    def test_before_the_declaration_it_was_open(self):
        screen = declared(DeclarationKind.SCREEN, "2026-03-15 15:00", "Dr A", encounter_id="E-O-2026-03-15")
        assert line_of("2026-03-15 14:30", *self.ROWS, screen).at_risk is Verdict.DECIDE

    def test_within_twelve_months_the_clause_holds(self):
        recent = (*admitted("O"), specimen("NEW", "O", "2025-03-15 09:00"), gene("RN", "NEW", "KPC"))
        assert line_of("2026-03-15 14:30", *recent).at_risk is Verdict.YES


class TestOverNight:
    """2d and 2e. Over night means present at 00:00 local time, however short the stay."""

    def emergency(self, start, end):
        return admission("N", start, end, kind=EncounterKind.EMERGENCY)

    @pytest.mark.parametrize(
        ("start", "end", "verdict"),
        [
            ("2025-03-15 22:00", "2025-03-16 06:00", Verdict.YES),
            ("2025-09-01 07:00", "2025-09-01 23:30", Verdict.NO),
            ("2025-09-01 07:00", "2025-09-02 00:00", Verdict.NO),
            ("2025-09-01 23:00", "2025-09-02 00:30", Verdict.YES),
            ("2025-03-13 22:00", "2025-03-14 06:00", Verdict.NO),
        ],
    )
    def test_a_night_is_a_night_and_sixteen_hours_by_day_are_none(self, start, end, verdict):
        assert line_of("2026-03-15 15:00", *admitted("N"), self.emergency(start, end)).at_risk is verdict

    def test_a_night_is_one_of_the_place_where_it_was(self):
        # 23:30 to 00:30 in Amsterdam is 22:30 to 23:30 in London.
        london = facility("Europe/London", "Thames")
        there = self.emergency("2025-09-01 23:30", "2025-09-02 00:30")
        in_london = replace(there, facility_id="Thames")
        assert line_of("2026-03-15 15:00", facility(), *admitted("N"), there).at_risk is Verdict.YES
        assert line_of("2026-03-15 15:00", facility(), london, *admitted("N"), in_london).at_risk is Verdict.NO

    def test_the_stay_of_the_record_outweighs_a_no_at_the_desk(self):
        line = line_of("2026-03-15 15:00", *admitted("N"), self.emergency("2025-03-15 22:00", "2025-03-16 06:00"))
        assert line.reasons == "ecdc-adm-1: care in this record for 8 h, ended 2025-03-16"
