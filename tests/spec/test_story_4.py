"""Nine isolates in one morning's feed.

Everyone is made up. All nine were collected on 8 June 2026, and reports came in over the week. What each isolate means, report
by report, stands in the chapter on the laboratory; here they are one record, under the draft of the United States.
"""

import pytest
from builders import view
from manual.isolates import rows
from manual.laboratory import SECTIONS

from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import CaseStatus, TaskState

US = load_policy("us")
ISOLATES = {one.title: one for _, _, some in SECTIONS for one in some}
NINE = {
    "A": "A *Proteus* with a raised imipenem",
    "B": "A *Pseudomonas* resistant to ertapenem",
    "C": "A *Stenotrophomonas* in blood",
    "D": "An *Acinetobacter* with its own OXA",
    "E": "The IMP that was none",
    "F": "Five days of an *E. coli*",
    "G": "Five genes not detected",
    "H": "A *Klebsiella* that nobody tested further",
    "I": "A *Serratia* that may have its own",
}


@pytest.fixture(scope="module")
def on():
    """The findings of the whole feed at the end of a day of June."""
    made = {}

    def findings(day):
        until = f"2026-06-{day:02}"
        if day not in made:
            facts = [row for name, title in NINE.items() for row in rows(ISOLATES[title], until, f"TEST-{name}")]
            made[day] = analyze(view(f"{until} 23:59", *facts), US)
        return made[day]

    return findings


def cases(findings, name):
    return [(c.status, c.carbapenemases) for c in findings.cases if c.patient_id == f"TEST-{name}"]


def tasks(findings, name):
    return [(t.task, t.state, t.days) for t in findings.tasks if t.patient_id == f"TEST-{name}"]


@pytest.mark.parametrize("name", ["A", "B", "C", "D"])
@pytest.mark.parametrize("day", [8, 15])
def test_what_a_species_does_by_nature_makes_no_case_no_task_and_no_flag(on, name, day):
    findings = on(day)
    assert cases(findings, name) == []
    assert tasks(findings, name) == []
    assert f"TEST-{name}" not in findings.precautions


def test_two_of_them_are_said_to_be_no_cpo_and_of_two_nothing_is_said(on):
    said = {i.patient_id[-1]: i.status for i in on(15).identifications if i.patient_id[-1] in "ABCD"}
    assert said == {"C": CaseStatus.NOT_A_CPO, "D": CaseStatus.NOT_A_CPO}


class TestTheImp:
    """The IMP that was none"""

    def test_it_is_suspect_until_sequencing_names_another(self, on):
        assert cases(on(9), "E") == [(CaseStatus.SUSPECT, "not named")]
        assert cases(on(15), "E") == [(CaseStatus.CONFIRMED, "OXA-23")]

    def test_it_never_enters_the_list_of_carbapenemases(self, on):
        for day in range(8, 16):
            assert not any("IMP" in c.carbapenemases for c in on(day).cases)

    def test_what_would_settle_it_is_said(self, on):
        row = next(i for i in on(9).identifications if i.patient_id == "TEST-E")
        assert row.missing == "a gene or CIMTris"


class TestTheColi:
    """The *E. coli* that took five days"""

    def test_its_case_is_suspect_then_confirmed_and_then_named(self, on):
        assert [cases(on(day), "F") for day in (9, 10, 11, 12, 13)] == [
            [(CaseStatus.SUSPECT, "not named")],
            [(CaseStatus.SUSPECT, "not named")],
            [(CaseStatus.SUSPECT, "not named")],
            [(CaseStatus.CONFIRMED, "not named")],
            [(CaseStatus.CONFIRMED, "OXA-48-like")],
        ]

    def test_its_date_is_that_of_the_specimen_throughout(self, on):
        days = {c.first_positive.at.date().day for d in range(9, 14) for c in on(d).cases if c.patient_id == "TEST-F"}
        assert days == {8}

    def test_the_conflict_is_shown_where_the_case_is(self, on):
        (case,) = [c for c in on(12).cases if c.patient_id == "TEST-F"]
        assert "methods disagree" in case.reasons
        assert "Carba NP" in case.reasons


class TestTheKlebsiellas:
    """Two of *Klebsiella*: one outside the panel, one that nobody tested"""

    def test_activity_without_a_name_is_confirmed_and_sequencing_is_asked_for(self, on):
        assert cases(on(10), "G") == [(CaseStatus.CONFIRMED, "not named")]
        assert tasks(on(10), "G") == [("laboratory: sequence, or send to the reference laboratory", TaskState.OPEN, 2)]

    def test_what_nobody_tested_waits_and_its_days_are_counted(self, on):
        asked = "laboratory: test for a carbapenemase"
        assert tasks(on(8), "H") == [(asked, TaskState.OPEN, 0)]
        assert tasks(on(15), "H") == [(asked, TaskState.OPEN, 7)]


class TestTheSerratia:
    """The *Serratia* that may have its own"""

    def test_it_is_suspect_with_the_likely_reason_beside_it(self, on):
        (case,) = [c for c in on(9).cases if c.patient_id == "TEST-I"]
        assert case.status is CaseStatus.SUSPECT
        assert "SME" in case.reasons


def test_a_suspicion_previews_no_contacts(on):
    assert on(8).exposures == ()
    assert on(8).contacts == ()
