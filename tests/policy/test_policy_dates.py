"""Dated clauses and overlays: the one in force on the local day is used, and its history is shown."""

from datetime import date

import pytest
from builders import admission, all_no, view

from ringfence.assess import screening, sentences
from ringfence.policy import PolicyError, describe, load_policy
from ringfence.record import Verdict
from ringfence.vocabulary import shipped

BC = shipped("policies", "ca-bc.yaml").read_text(encoding="utf-8")
OVER = shipped("policies", "ca-bc-fraser-2018.yaml").read_text(encoding="utf-8")


def ids(policy, group="admission"):
    return [clause.id for clause in getattr(policy, group)]


def test_the_clause_in_force_on_the_day_is_used():
    policy = load_policy("ca-bc")
    assert "ca-bc-adm-1-2014" in ids(policy.on(date(2014, 7, 10)))
    assert "ca-bc-adm-1" not in ids(policy.on(date(2014, 7, 10)))
    assert "ca-bc-adm-1" in ids(policy.on(date(2014, 7, 11)))
    assert "ca-bc-adm-1-2014" not in ids(policy.on(date(2014, 7, 11)))


def test_a_policy_on_a_day_keeps_the_digest_of_its_whole_text():
    policy = load_policy("ca-bc")
    assert policy.on(date(2014, 1, 1)).digest == policy.digest
    assert policy.on(date(2014, 1, 1)) is policy.on(date(2013, 1, 1))


def test_the_history_of_a_clause_is_shown_with_its_mark():
    told = describe(load_policy("ca-bc"))
    assert "Before it: Screen for CPO" in told
    assert "at most 6 months ago" in told.split("Before it: ")[1].splitlines()[0]
    assert "secondary" in told.split("Before it: ")[1].splitlines()[0]


def test_what_is_not_in_force_on_a_day_says_so():
    assert "Not in force on 2026-01-01." in describe(load_policy("ca-bc"), on=date(2026, 1, 1))


def test_the_next_day_on_which_other_clauses_hold_is_known():
    policy = load_policy("ca-bc")
    assert policy.next_date(date(2014, 1, 1)) == date(2014, 7, 11)
    assert policy.next_date(date(2016, 12, 22)) is None


def test_a_review_that_is_overdue_says_so_and_the_clause_goes_on_to_hold(tmp_path):
    path = tmp_path / "reviewed.yaml"
    late = "      adopted_by: infection prevention, Elm\n      reviewed_on: 2025-01-10\n      review_by: 2026-01-10\n"
    path.write_text(BC.replace("      mark: unverified\n", late + "      mark: unverified\n", 1), encoding="utf-8")
    policy = load_policy(str(path))
    told = describe(policy, on=date(2026, 2, 1))
    assert "Adopted by infection prevention, Elm." in told
    assert "To be reviewed by 2026-01-10. This review is overdue." in told
    assert "overdue" not in describe(policy, on=date(2026, 1, 10))
    assert ids(policy.on(date(2026, 2, 1))) == ids(load_policy("ca-bc").on(date(2026, 2, 1)))


def test_an_overlay_takes_the_place_of_a_clause_and_adds_others_for_its_time():
    policy = load_policy("ca-bc-fraser-2018")
    within, before = policy.on(date(2018, 7, 1)), policy.on(date(2018, 6, 30))
    assert {"ca-bc-fraser-1", "ca-bc-fraser-2"} <= set(ids(within))
    assert not {"ca-bc-fraser-1", "ca-bc-fraser-2"} & set(ids(before))
    assert before.id == "ca-bc"
    own = next(clause for clause in within.admission if clause.id == "ca-bc-adm-1")
    assert own.when.care.ended_ago is None
    assert ids(within, "contacts") == ids(before, "contacts")


def test_an_overlay_ends_and_holds_only_in_its_facilities(tmp_path):
    path = tmp_path / "over.yaml"
    text = OVER.replace("from: 2018-07-01\n", "from: 2018-07-01\nuntil: 2018-12-31\n")
    path.write_text(text.replace("  name: Fraser Health\n", "  name: Fraser Health\n  facilities: [Elm]\n"))
    policy = load_policy(str(path))
    assert policy.on(date(2018, 12, 31), "Elm").id == "ca-bc-fraser-2018"
    assert policy.on(date(2019, 1, 1), "Elm").id == "ca-bc"
    assert policy.on(date(2018, 12, 31), "Oak").id == "ca-bc"
    assert policy.next_date(date(2018, 12, 1)) == date(2019, 1, 1)


def test_the_digest_of_an_overlay_changes_with_its_base(tmp_path):
    over, base = tmp_path / "over.yaml", tmp_path / "mine.yaml"
    over.write_text(OVER.replace("base: ca-bc", "base: mine"), encoding="utf-8")
    base.write_text(BC, encoding="utf-8")
    first = load_policy(str(over)).digest
    base.write_text(BC + "# a remark\n", encoding="utf-8")
    assert load_policy(str(over)).digest != first


def complaint(tmp_path, text):
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as wrong:
        load_policy(str(path))
    return str(wrong.value)


def line_of(text, part):
    return next(n for n, line in enumerate(text.splitlines(), start=1) if part in line)


def test_an_overlay_on_a_policy_that_is_not_there_names_the_nearest(tmp_path):
    text = OVER.replace("base: ca-bc", "base: ca-bb")
    told = complaint(tmp_path, text)
    assert f":{line_of(text, 'base: ca-bb')}: this overlay lies on `ca-bb`" in told
    assert "Did you mean `ca-bc`?" in told


def test_an_overlay_whose_dates_cross_is_refused(tmp_path):
    told = complaint(tmp_path, OVER.replace("from: 2018-07-01\n", "from: 2018-07-01\nuntil: 2018-06-01\n"))
    assert "holds on no day" in told


def test_a_clause_whose_dates_cross_is_refused_at_its_line(tmp_path):
    text = BC.replace("valid_until: 2014-07-10", "valid_from: 2015-01-01\n      valid_until: 2014-07-10")
    told = complaint(tmp_path, text)
    assert f":{line_of(text, 'id: ca-bc-adm-1-2014')}: clause ca-bc-adm-1-2014 holds on no day" in told


def test_two_forms_of_a_rule_that_hold_on_one_day_are_refused_and_the_remedy_is_shown(tmp_path):
    text = BC.replace("      valid_until: 2014-07-10\n", "")
    told = complaint(tmp_path, text)
    assert f":{line_of(text, 'supersedes:')}: clauses ca-bc-adm-1-2014 and ca-bc-adm-1 would hold on one day" in told
    assert "`valid_until: 2014-07-10`" in told


def test_a_clause_that_takes_the_place_of_none_is_refused_with_the_nearest(tmp_path):
    told = complaint(tmp_path, BC.replace("supersedes: ca-bc-adm-1-2014", "supersedes: ca-bc-adm-1-2015"))
    assert "Did you mean `ca-bc-adm-1-2014`?" in told


def test_before_any_clause_was_in_force_the_answer_is_unknown_and_says_why(tmp_path):
    text = shipped("policies", "gb-sct.yaml").read_text(encoding="utf-8")
    body, _, rest = text.partition("  precautions:\n")
    path = tmp_path / "young.yaml"
    dated = body.replace("      mark: ", "      valid_from: 2016-05-31\n      mark: ")
    path.write_text(f"{dated}  precautions:\n{rest}", encoding="utf-8")
    desk = admission("TEST-1", "2016-05-30 11:00")
    timeline = view("2016-05-30 12:00", desk, *all_no(desk)).timeline("TEST-1")
    found = screening(timeline, desk, policy=load_policy(str(path)), carriages=())
    assert found.status is Verdict.UNKNOWN
    assert sentences(found.reasons) == "no admission clause of the policy was in force on 2016-05-30"
