"""`ringfence policy`: list, describe, check, questions, diff and compare, as people type them."""

import csv

import pytest

from ringfence.cli import main
from ringfence.policy import load_policy, policy_ids
from ringfence.vocabulary import shipped


@pytest.fixture
def told(capsys):
    def run(*argv):
        status = main(["policy", *map(str, argv)])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run


def test_list_names_every_policy_its_weakest_mark_and_what_an_overlay_lies_on(told):
    status, said = told("list")
    assert status == 0
    assert [line.split()[0] for line in said.splitlines()] == policy_ids()
    assert "Overlay on ca-bc." in said


@pytest.mark.parametrize("name", policy_ids())
def test_describe_prints_every_clause_with_its_mark(told, name):
    status, said = told("describe", name)
    assert status == 0
    assert all(f"- {clause.id}: " in said for clause in load_policy(name).file.every_clause)


@pytest.mark.parametrize("name", policy_ids())
def test_check_finds_nothing_wrong_with_what_we_ship(told, name):
    status, said = told("check", name)
    assert (status, "No case reaches" in said) == (0, False)


def test_check_says_that_an_overlay_has_no_end(told):
    assert "The overlay has no end (`until`)" in told("check", "ca-bc-fraser-2018")[1]


def test_check_names_a_clause_that_no_case_reaches_and_returns_1(told, tmp_path):
    text = shipped("policies", "gb-sct.cases.yaml").read_text(encoding="utf-8")
    case = text.index("  - name: dialysis in England")
    after = text.index("  - name: ", case + 1)
    (tmp_path / "mine.yaml").write_text(shipped("policies", "gb-sct.yaml").read_text(encoding="utf-8"))
    (tmp_path / "mine.cases.yaml").write_text(text[:case] + text[after:])
    status, said = told("check", tmp_path / "mine.yaml")
    assert status == 1
    assert "No case reaches gb-sct-adm-2 alone" in said


def test_questions_and_diff_and_compare_need_what_they_are_about(told):
    status, said = told("questions")
    assert status == 2
    assert "Name a policy: " in said
    status, said = told("diff", "nl", "ecdd")
    assert status == 2
    assert "Did you mean `ecdc`?" in said


def test_diff_tells_what_only_one_side_says(told):
    status, said = told("diff", "nl", "ecdc")
    assert status == 0
    assert "only in nl: Screen for BRMO" in said
    assert "only in ecdc: Screen for CRE" in said


def test_compare_writes_every_changed_answer_with_the_clause_that_changed_it(told, tmp_path):
    out = tmp_path / "changed.csv"
    folder = shipped("examples", "small-hospital")
    status, said = told("compare", folder, "nl", "ecdc", "--out", out)
    assert status == 0
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert f"{len(rows)} of 56 admissions change from nl to ecdc." in said
    assert all(row["nl"] != row["ecdc"] or row["why"].startswith("a different screen: ") for row in rows)
    asked_more = next(row for row in rows if row["ecdc"] == "YES")
    assert asked_more["clauses_ecdc"].startswith("ecdc-adm-")
    assert "isolation days" in said


def test_comparing_a_policy_with_itself_changes_nothing(told):
    assert "0 of 56 admissions change" in told("compare", shipped("examples", "small-hospital"), "nl", "nl")[1]


def test_a_cost_that_the_policy_leaves_open_is_not_a_zero(told):
    said = told("compare", shipped("examples", "small-hospital"), "ecdc", "ca-bc")[1]
    (row,) = [line for line in said.splitlines() if line.strip().startswith("ca-bc ")]
    assert "not specified" in row
