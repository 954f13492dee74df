"""How far a rule was checked, and which of several marks an answer carries."""

from hypothesis import given
from hypothesis import strategies as st

from ringfence.vocabulary import Mark, did_you_mean, weakest

MARKS = st.lists(st.sampled_from(list(Mark)))


def test_the_marks_from_strongest_to_weakest():
    falling = sorted(Mark, key=lambda mark: mark.weakness)
    assert falling == [Mark.VERIFIED, Mark.SECONDARY, Mark.UNVERIFIED, Mark.NOT_SPECIFIED]


def test_an_answer_that_rests_on_no_clause_is_verified():
    assert weakest([]) is Mark.VERIFIED


@given(marks=MARKS, more=MARKS)
def test_more_clauses_never_make_an_answer_more_trustworthy(marks, more):
    assert weakest(marks + more).weakness >= weakest(marks).weakness


@given(marks=MARKS)
def test_the_order_of_clauses_does_not_matter_and_the_weakest_is_one_of_them(marks):
    assert weakest(marks) is weakest(reversed(marks))
    assert not marks or weakest(marks) in marks


def test_a_hint_is_given_only_when_it_is_nearly_sure():
    known = ["look_back", "when", "then"]
    assert did_you_mean("look_bak", known) == " Did you mean `look_back`?"
    assert did_you_mean("WHEN", known) == " Did you mean `when`?"
    assert did_you_mean("zzz", known) == ""
    assert did_you_mean("", known) == ""
    assert did_you_mean("when", []) == ""
