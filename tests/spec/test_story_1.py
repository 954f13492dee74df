"""Nine travellers at a Dutch desk: windows with two ends, AND, and a hole in the source.

Each traveller is admitted on 2026-03-15 at 11:00 in Amsterdam. Two months before is 2026-01-15; twelve months before is
2025-03-15. Whatever a traveller is not said to have done was asked, and answered no.
"""

import pytest
from builders import admission, all_no, answer, declared, view

from ringfence.assess import Outcome
from ringfence.chain import analyze, compare
from ringfence.cli import main
from ringfence.policy import describe_hole, holes, load_policy
from ringfence.record import AnswerWord, DeclarationKind, Question, Verdict

NL, ECDC = load_policy("nl"), load_policy("ecdc")
NOW = "2026-03-15 12:00"
YES, NO, NOT_ASKED = AnswerWord.YES, AnswerWord.NO, AnswerWord.NOT_ASKED


def traveller(name, start=None, end=None, procedure=None):
    """A traveller with one stay in a health-care facility abroad; everything else was answered no."""
    visit = admission(name, "2026-03-15 11:00")
    abroad = answer(visit, Question.CARE_ABROAD, YES, start=start, end=end, procedure=procedure)
    return [visit, abroad, *all_no(visit, Question.CARE_ABROAD)]


def refugee(name, until):
    visit = admission(name, "2026-03-15 11:00")
    there = answer(visit, Question.REFUGEE_RECEPTION, YES, end=until)
    return [visit, there, *all_no(visit, Question.REFUGEE_RECEPTION)]


def nobody_asked(name):
    return [admission(name, "2026-03-15 11:00")]


TRAVELLERS = {
    "1a": traveller("1a", "2026-02-01 09:00", "2026-02-03 12:00", NO),
    "1b": traveller("1b", "2026-02-10 08:00", "2026-02-10 20:00", YES),
    "1c": traveller("1c", "2026-02-10 08:00", "2026-02-10 20:00", NOT_ASKED),
    "1d": traveller("1d", "2025-08-01", "2025-08-20", NO),
    "1e": traveller("1e", "2025-04-02 07:00", "2025-04-02 15:00", YES),
    "1f": traveller("1f", "2025-03-10", "2025-03-14", YES),
    "1g": traveller("1g", "2026-01-10", "2026-01-15", NO),
    "1h": refugee("1h", "2026-02-20"),
    "1i": nobody_asked("1i"),
}
ALL_NINE = view(NOW, *(row for rows in TRAVELLERS.values() for row in rows))


def verdict(name, policy=NL):
    return analyze(view(NOW, *TRAVELLERS[name]), policy).verdicts[f"E-{name}-2026-03-15"]


def clauses(answered):
    return {reason.clause for reason in answered.reasons}


@pytest.mark.parametrize(
    ("name", "under_nl", "under_ecdc"),
    [
        ("1a", Verdict.YES, Verdict.YES),
        ("1b", Verdict.YES, Verdict.NO),
        ("1c", Verdict.UNKNOWN, Verdict.NO),
        ("1d", Verdict.NO, Verdict.YES),
        ("1e", Verdict.YES, Verdict.NO),
        ("1f", Verdict.NO, Verdict.NO),
        ("1g", Verdict.UNKNOWN, Verdict.YES),
        ("1h", Verdict.YES, Verdict.NO),
        ("1i", Verdict.UNKNOWN, Verdict.UNKNOWN),
    ],
)
def test_each_traveller_has_one_answer_under_each_policy(name, under_nl, under_ecdc):
    assert (verdict(name).status, verdict(name, ECDC).status) == (under_nl, under_ecdc)


@pytest.mark.parametrize(("name", "clause"), [("1a", "nl-adm-1"), ("1b", "nl-adm-2"), ("1e", "nl-adm-3")])
def test_the_dutch_clause_that_decides_is_named(name, clause):
    assert clauses(verdict(name)) == {clause}


def test_whoever_lived_in_refugee_reception_is_tested_for_esbl_and_cpe():
    assert clauses(verdict("1h")) == {"nl-adm-5"}
    assert NL.clause("nl-adm-5").then.screen_for.value == "ESBL and CPE"


def test_a_procedure_nobody_asked_about_is_missing_and_is_a_task():
    (missing,) = verdict("1c").missing
    assert "procedure" in missing.ask
    found = analyze(view(NOW, *TRAVELLERS["1c"]), NL)
    assert "ask the admission questions" in [task.task for task in found.tasks]


def test_exactly_two_months_is_not_decided_in_silence():
    answered = verdict("1g")
    assert answered.status is Verdict.UNKNOWN
    assert [reason.values["value"] for reason in answered.reasons] == ["exactly 2 months"]
    assert clauses(verdict("1g", ECDC)) == {"ecdc-adm-1"}


def test_one_day_outside_twelve_months_is_outside_and_the_day_itself_is_inside():
    assert verdict("1f", ECDC).status is Verdict.NO
    last_day = traveller("1f", "2025-03-10", "2025-03-15", NO)
    assert analyze(view(NOW, *last_day), ECDC).ledger[0].at_risk is Verdict.YES


def test_nothing_asked_is_never_a_no_and_all_five_questions_are_missing():
    assert [one.clause for one in verdict("1i").missing] == [f"nl-adm-{n}" for n in (1, 2, 3, 4, 5)]


def test_whoever_comes_from_a_ward_with_an_open_outbreak_is_tested_for_that_organism_only():
    visit = admission("1j", "2026-03-15 11:00", from_facility="Oak", from_ward="Zuid 4")
    outbreak = declared(
        DeclarationKind.OUTBREAK_OPEN, "2026-03-01 09:00", facility_id="Oak", ward="Zuid 4",
        organism="klebsiella-pneumoniae", carbapenemase="KPC",
    )  # fmt: skip
    found = analyze(view(NOW, visit, outbreak, *all_no(visit)), NL)
    (line,) = found.ledger
    assert line.at_risk is Verdict.YES
    assert "KPC Klebsiella pneumoniae" in line.reasons
    assert "collect the admission screen (the organism of the outbreak)" in [task.task for task in found.tasks]
    assert found.admitted["1j"][0].screen.outcome is Outcome.NOT_COLLECTED


def test_policy_check_reports_the_hole_at_exactly_two_months_and_at_exactly_24_hours(capsys):
    assert main(["policy", "check", "nl"]) == 0
    told = capsys.readouterr().out
    for hole in holes(NL):
        assert describe_hole(hole) in told
    assert "exactly 2 months" in told
    assert "exactly 24 hours" in told


def test_policy_compare_lists_whose_answers_change_with_the_clause_that_changed_each():
    changed = {c.patient_id: c for c in compare(ALL_NINE, NL, ECDC).changed}
    assert set(changed) == {"1a", "1b", "1c", "1d", "1e", "1g", "1h"}
    assert (
        changed["1a"].why == "a different screen: nl 1 for BRMO; ecdc 1 for CRE, rectal, any infected or colonized site"
    )
    assert (changed["1b"].one, changed["1b"].other, changed["1b"].clauses_of_one) == (
        Verdict.YES, Verdict.NO, ("nl-adm-2",),
    )  # fmt: skip
    assert (changed["1d"].other, changed["1d"].clauses_of_other) == (Verdict.YES, ("ecdc-adm-1",))
    assert (changed["1e"].one, changed["1e"].clauses_of_one) == (Verdict.YES, ("nl-adm-3",))
    assert (changed["1g"].one, changed["1g"].other) == (Verdict.UNKNOWN, Verdict.YES)
    assert changed["1g"].clauses_of_other == ("ecdc-adm-1",)


def test_policy_compare_counts_what_each_policy_costs():
    costs = compare(ALL_NINE, NL, ECDC).costs
    assert [cost.asked for cost in costs] == [4, 3]
    assert [cost.open for cost in costs] == [3, 1]
    assert [cost.swabs for cost in costs] == [4, 3]
    assert costs[0].isolation_days == round(4 / 24, 1)


def test_policy_compare_reads_a_folder_of_files(tmp_path, capsys):
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "facilities.csv").write_text("facility_id,zone\nElm,Europe/Amsterdam\n")
    (folder / "encounters.csv").write_text(
        "encounter_id,patient_id,facility_id,kind,start\nE-1d,1d,Elm,inpatient,2026-03-15T11:00\n"
    )
    words = [q for q in Question if q is not Question.CARE_ABROAD]
    rows = ["1d,E-1d,care_abroad,yes,2025-08-01,2025-08-20,no", *(f"1d,E-1d,{q.value},no,,," for q in words)]
    (folder / "answers.csv").write_text(
        "\n".join(["patient_id,encounter_id,question,answer,start,end,procedure", *rows, ""])
    )
    assert main(["policy", "compare", str(folder), "nl", "ecdc"]) == 0
    told = capsys.readouterr().out
    assert "1 of 1 admissions change from nl to ecdc." in told
    assert "NO -> YES: 1d (E-1d)" in told
    assert "ecdc-adm-1" in told
