"""Patient stories with one right answer each, as far as genes, cultures and movements carry them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import admission, declared, facility, gene, specimen, stay, view

from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import (
    CaseStatus,
    DeclarationKind,
    EncounterKind,
    Found,
    Level,
    ResultKind,
    ResultStatus,
    TaskState,
    When,
)

NL = load_policy("nl")


class TestItWasSomebodyElsesSwab:
    """PCR positive, culture negative; then the laboratory says that the specimen was not from A."""

    CASE = "A:OXA-48-like:1"
    TELL = "tell the patient and their team that this was withdrawn"

    def rows(self):
        def culture(name, of, reported, **more):
            return gene(name, of, None, reported, kind=ResultKind.CULTURE, found=Found.NOT_DETECTED, **more)

        final = gene("R1", "SP1", "OXA-48-like", "2026-05-04 13:00")
        grown = culture("R2", "SP1", "2026-05-06 15:00")
        gone = {"status": ResultStatus.WITHDRAWN, "reported": When(at=view("2026-05-10 09:30").at)}
        return [
            admission("A", "2026-05-03 10:00"),
            admission("B", "2026-05-01 10:00"),
            stay("A", "6N", "2026-05-03 10:00", room="12", bed="1"),
            stay("B", "6N", "2026-05-01 10:00", room="12", bed="2"),
            specimen("SP1", "A", "2026-05-04 08:00"),
            specimen("SP2", "A", "2026-05-07 08:00"),
            final,
            grown,
            gene("R3", "SP2", None, "2026-05-07 13:00"),
            culture("R4", "SP2", "2026-05-09 15:00"),
            replace(final, **gone),
            replace(grown, **gone),
        ]

    @pytest.mark.parametrize(
        ("as_of", "status"),
        [
            ("2026-05-04 13:05", CaseStatus.PROBABLE),
            ("2026-05-06 15:05", CaseStatus.PROBABLE),
            ("2026-05-09 15:05", CaseStatus.PROBABLE),
            ("2026-05-10 09:35", CaseStatus.WITHDRAWN),
        ],
    )
    def test_the_case_stands_until_the_laboratory_withdraws_it_and_keeps_its_id(self, as_of, status):
        (case,) = analyze(view(as_of, *self.rows()), NL).cases
        assert (case.case_id, case.status) == (self.CASE, status)

    def test_b_is_a_preview_until_accepted(self):
        findings = analyze(view("2026-05-04 13:05", *self.rows()), NL)
        assert [(c.contact_patient_id, c.accepted) for c in findings.contacts] == [("B", None)]

    def test_after_acceptance_b_is_withdrawn_with_its_reason_and_both_are_told(self):
        accepted = declared(
            DeclarationKind.CONTACTS_ACCEPTED, "2026-05-04 14:00", case_id=self.CASE, contact_patient_id="B"
        )
        findings = analyze(view("2026-05-10 09:35", *self.rows(), accepted), NL)
        assert (findings.exposures, findings.contacts) == ((), ())
        states = {(t.patient_id, t.task, t.state) for t in findings.tasks}
        assert ("B", f"follow up as a contact of {self.CASE}", TaskState.WITHDRAWN) in states
        assert {("A", self.TELL, TaskState.OPEN), ("B", self.TELL, TaskState.OPEN)} <= states

    def test_nobody_gets_anything_for_a_remark_on_the_telephone(self):
        rows = [*self.rows(), admission("C", "2026-05-01 10:00"), stay("C", "7S", "2026-05-01 10:00", room="30")]
        findings = analyze(view("2026-05-10 09:35", *rows), NL)
        assert {case.patient_id for case in findings.cases} == {"A"}
        assert not any("OXA" in task.because for task in findings.tasks if task.patient_id == "C")

    def test_the_last_screen_of_a_is_told_with_its_own_date(self):
        line = next(x for x in analyze(view("2026-05-10 09:35", *self.rows()), NL).ledger if x.patient_id == "A")
        assert line.outcome == "not detected 2026-05-09"

    def test_the_laboratory_reversing_its_correction_restores_every_decision(self):
        rows = self.rows()
        again = [replace(r, reported=When(at=view("2026-05-11 10:00").at)) for r in rows[6:8]]
        before = analyze(view("2026-05-11 12:00", *rows[:10]), NL)
        after = analyze(view("2026-05-11 12:00", *rows, *again), NL)
        for name in ("cases", "exposures", "contacts", "tasks", "signals"):
            assert after.rows()[name] == before.rows()[name]


class TestTheDialysisPatient:
    """One recurring visit open for two years, three sessions a week, and one admission."""

    SERIES = admission("D", "2024-06-03 08:00", encounter_id="R-77", kind=EncounterKind.DIALYSIS)

    def sessions(self):
        first = view("2025-03-17 13:00").at
        days = [first + timedelta(days=n) for n in range(362) if (first + timedelta(days=n)).weekday() in (0, 2, 4)]
        model = stay("D", "Renal-Out", "2025-03-17 13:00", "2025-03-17 17:00", room="C5", encounter_id="R-77")
        return [
            replace(model, stay_id=f"S{n}", start=When(at=at), end=When(at=at + timedelta(hours=4)))
            for n, at in enumerate(days)
        ]

    def carrier_in_the_next_chair(self):
        return [
            facility(),
            stay("K", "Renal-Out", "2026-03-11 13:00", "2026-03-11 17:00", room="C6"),
            specimen("SPK", "K", "2026-03-12 08:00"),
            gene("RK", "SPK", "KPC", "2026-03-13 08:00"),
        ]

    def test_the_ledger_has_one_row_and_not_one_for_each_session(self):
        rows = [self.SERIES, *self.sessions(), admission("D", "2026-03-15 14:20")]
        assert len(self.sessions()) > 150
        assert len(analyze(view("2026-03-17 17:00", *rows), NL).ledger) == 1

    def test_a_case_in_the_next_chair_is_four_hours_and_not_two_years(self):
        rows = [self.SERIES, *self.sessions(), *self.carrier_in_the_next_chair()]
        (exposure,) = analyze(view("2026-03-17 17:00", *rows), NL).exposures
        assert (exposure.level, exposure.contact_patient_id) == (Level.WARD, "D")
        assert (exposure.hours_min, exposure.hours_max) == (4, 4)

    def test_without_sessions_nobody_is_exposed_by_the_open_visit(self):
        rows = [self.SERIES, *self.carrier_in_the_next_chair()]
        assert analyze(view("2026-03-17 17:00", *rows), NL).exposures == ()
