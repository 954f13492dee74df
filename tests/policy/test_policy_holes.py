"""Holes: values of a quantity a policy speaks about on both sides and not at."""

from datetime import date, timedelta

import pytest
from builders import admission, all_no, answer, view

from ringfence.chain import analyze
from ringfence.policy import describe, describe_hole, holes, load_policy
from ringfence.record import AnswerWord, Question, Verdict
from ringfence.vocabulary import shipped

WHOLE = shipped("policies", "nl.yaml").read_text(encoding="utf-8")
# The first clauses, in which each text that a test replaces stands once.
NL = WHOLE.partition("    - id: nl-con-2")[0]
FIRST = "          ended_ago: {less_than: 2 months}\n          lasted: {more_than: 24 hours}\n"
SECOND = "          ended_ago: {less_than: 2 months}\n          lasted: {less_than: 24 hours}\n"
THIRD = "{more_than: 2 months, less_than: 12 months}"


@pytest.fixture
def policy(tmp_path):
    """A policy that is the Dutch one with texts replaced, each standing there once."""

    def edited(*edits):
        text = NL
        for old, new in edits:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "edited.yaml"
        path.write_text(text, encoding="utf-8")
        return load_policy(str(path))

    return edited


def places(policy):
    return [(hole.predicate, hole.quantity, str(hole.value)) for hole in holes(policy)]


TWO_MONTHS = ("care_abroad", "ended_ago", "2 months")
ONE_DAY = ("care_abroad", "lasted", "24 hours")


def test_the_dutch_policy_has_two_holes_and_says_which_clauses_stand_on_each_side():
    two_months, one_day = holes(load_policy("nl"))
    assert (two_months.predicate, two_months.quantity, str(two_months.value)) == TWO_MONTHS
    assert (set(two_months.below), set(two_months.above)) == ({"nl-adm-1", "nl-adm-2"}, {"nl-adm-3"})
    assert (one_day.predicate, one_day.quantity, str(one_day.value)) == ONE_DAY
    assert (set(one_day.below), set(one_day.above)) == ({"nl-adm-2"}, {"nl-adm-1"})


def test_at_most_closes_the_hole_of_months(policy):
    closed = policy(
        (FIRST, FIRST.replace("less_than", "at_most")), (SECOND, SECOND.replace("less_than: 2 m", "at_most: 2 m"))
    )
    assert places(closed) == [ONE_DAY]


def test_a_clause_closes_a_hole_only_for_those_it_is_about(policy):
    """The first clause is about stays of more than a day; for shorter ones with a procedure the hole is still there."""
    assert places(policy((FIRST, FIRST.replace("less_than", "at_most")))) == [ONE_DAY, TWO_MONTHS]


def test_at_least_closes_the_hole_of_months_from_above(policy):
    assert places(policy((THIRD, "{at_least: 2 months, less_than: 12 months}"))) == [ONE_DAY]


def test_at_most_closes_the_hole_of_hours(policy):
    assert places(policy(("{less_than: 24 hours}", "{at_most: 24 hours}"))) == [TWO_MONTHS]


def test_at_least_closes_the_hole_of_hours(policy):
    assert places(policy(("{more_than: 24 hours}", "{at_least: 24 hours}"))) == [TWO_MONTHS]


def test_limits_that_do_not_meet_leave_all_between_them_out(policy):
    _, apart = holes(policy((THIRD, "{more_than: 3 months, less_than: 12 months}")))
    assert (str(apart.value), str(apart.until)) == ("2 months", "3 months")
    assert (set(apart.below), set(apart.above)) == ({"nl-adm-1", "nl-adm-2"}, {"nl-adm-3"})
    assert "between 2 months and 3 months" in describe_hole(apart)


@pytest.mark.parametrize(
    ("ended", "asked"),
    [
        ("2026-01-16", Verdict.YES),  # less than 2 months
        ("2026-01-15", Verdict.UNKNOWN),  # exactly 2 months
        ("2025-12-31", Verdict.UNKNOWN),  # between
        ("2025-12-15", Verdict.UNKNOWN),  # exactly 3 months
        ("2025-12-14", Verdict.YES),  # more than 3 months
        ("2025-03-01", Verdict.NO),  # longer ago than any clause looks
    ],
)
def test_who_lies_between_two_clauses_is_unknown_and_the_edges_are_as_the_clauses_say(policy, ended, asked):
    apart = policy((THIRD, "{more_than: 3 months, less_than: 12 months}"))
    assert verdict(apart, ended) is asked


def test_a_limit_that_is_taken_in_bounds_the_hole_and_is_no_part_of_it(policy):
    apart = policy(
        (FIRST, FIRST.replace("less_than", "at_most")),
        (SECOND, SECOND.replace("less_than: 2 m", "at_most: 2 m")),
        (THIRD, "{at_least: 3 months, less_than: 12 months}"),
    )
    assert [verdict(apart, day) for day in ("2026-01-15", "2026-01-14", "2025-12-16", "2025-12-15")] == [
        Verdict.YES, Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.YES,
    ]  # fmt: skip


def verdict(policy, ended):
    """What the policy says of an admission on 15 March after five days abroad, with a procedure, that ended then."""
    desk = admission("TEST-1", "2026-03-15 11:00")
    days_before = date.fromisoformat(ended) - timedelta(days=5)
    abroad = answer(
        desk, Question.CARE_ABROAD, AnswerWord.YES, start=str(days_before), end=ended,
        procedure=AnswerWord.YES,
    )  # fmt: skip
    rows = [desk, abroad, *all_no(desk, Question.CARE_ABROAD)]
    (admitted,) = analyze(view("2026-03-15 12:00", *rows), policy).admitted["TEST-1"]
    return admitted.verdict.status


def test_a_limit_of_another_predicate_does_not_close_a_hole(policy):
    old = "        refugee_reception:\n          ended_ago: {less_than: 2 months}"
    assert places(policy((old, old.replace("less_than", "at_most")))) == [TWO_MONTHS, ONE_DAY]


def test_a_hole_under_any_and_all_is_found_too(policy):
    old = "        refugee_reception:\n          ended_ago: {less_than: 2 months}"
    new = (
        "        any:\n          - refugee_reception: {ended_ago: {less_than: 2 months}}\n"
        "          - all:\n              - refugee_reception: {ended_ago: {more_than: 2 months}}\n"
    )
    assert ("refugee_reception", "ended_ago", "2 months") in places(policy((old, new)))


def test_a_hole_is_found_when_one_side_says_a_year_and_the_other_twelve_months(policy):
    first = FIRST.replace("2 months", "1 year")
    found = holes(policy((FIRST, first), (THIRD, "{more_than: 12 months, less_than: 24 months}")))
    assert ("care_abroad", "ended_ago", 12) in [(h.predicate, h.quantity, h.value.months) for h in found]


def test_a_hole_of_a_year_is_closed_by_at_most_twelve_months(policy):
    second = "          ended_ago: {less_than: 2 months}\n          lasted: {less_than: 24 hours}\n"
    found = holes(
        policy(
            (FIRST, FIRST.replace("2 months", "1 year")),
            (second, "          ended_ago: {at_most: 12 months}\n"),
            (THIRD, "{more_than: 1 year, less_than: 24 months}"),
        )
    )
    assert not any(hole.quantity == "ended_ago" for hole in found)


def test_a_hole_in_words_names_the_value_both_sides_and_that_the_answer_is_unknown():
    for hole in holes(load_policy("nl")):
        said = describe_hole(hole)
        assert str(hole.value) in said
        assert all(clause in said for clause in (*hole.below, *hole.above))
        assert "UNKNOWN" in said


def test_a_description_says_so_when_there_is_no_hole(policy):
    whole = policy(
        (FIRST, FIRST.replace("less_than", "at_most").replace("more_than", "at_least")),
        (SECOND, SECOND.replace("less_than: 2 m", "at_most: 2 m")),
    )
    assert places(whole) == []
    assert "None found." in describe(whole)
