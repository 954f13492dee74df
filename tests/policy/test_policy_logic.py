"""Three-valued logic: Kleene's, as ADR 2 says conditions are evaluated."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.assess.predicates import Judgement, all_of, any_of
from ringfence.assess.reasons import Why
from ringfence.record import Missing, Reason, Truth

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
TRUTHS = st.sampled_from(list(Truth))
TRIPLES = st.tuples(TRUTHS, TRUTHS, TRUTHS)
# How true: Kleene's AND is the least of its parts, OR the greatest, NOT turns it round.
ORDER = {NO: 0, UNKNOWN: 1, YES: 2}


def judgement(truth, name=""):
    reason = Reason(Why.ANSWERED_NO, clause=f"{name}{truth.value}")
    missing = (Missing(f"{name}{truth.value}", "?", "datum"),) if truth is UNKNOWN else ()
    return Judgement(truth, (reason,), missing)


def and_(*truths):
    return all_of(judgement(t) for t in truths).truth


def or_(*truths):
    return any_of(judgement(t) for t in truths).truth


def not_(truth):
    return {YES: NO, NO: YES, UNKNOWN: UNKNOWN}[truth]


@pytest.mark.parametrize("truths", list(product(Truth, repeat=3)))
def test_all_is_the_least_true_of_its_parts_and_any_the_truest(truths):
    assert ORDER[and_(*truths)] == min(ORDER[t] for t in truths)
    assert ORDER[or_(*truths)] == max(ORDER[t] for t in truths)


@given(TRIPLES)
def test_order_does_not_matter(triple):
    a, b, c = triple
    assert and_(a, b, c) is and_(c, a, b) is and_(b, a, c)
    assert or_(a, b, c) is or_(c, a, b) is or_(b, a, c)


@given(TRIPLES)
def test_grouping_does_not_matter(triple):
    a, b, c = triple
    assert and_(a, b, c) is and_(and_(a, b), c) is and_(a, and_(b, c))
    assert or_(a, b, c) is or_(or_(a, b), c) is or_(a, or_(b, c))


@given(TRIPLES)
def test_each_distributes_over_the_other(triple):
    a, b, c = triple
    assert and_(a, or_(b, c)) is or_(and_(a, b), and_(a, c))
    assert or_(a, and_(b, c)) is and_(or_(a, b), or_(a, c))


@given(TRIPLES)
def test_the_laws_of_de_morgan_hold(triple):
    assert not_(and_(*triple)) is or_(*map(not_, triple))
    assert not_(or_(*triple)) is and_(*map(not_, triple))


@given(TRUTHS, TRUTHS)
def test_repetition_and_absorption_change_nothing(a, b):
    assert and_(a, a) is a is or_(a, a)
    assert and_(a, or_(a, b)) is a is or_(a, and_(a, b))


@given(TRUTHS)
def test_yes_changes_no_and_and_no_changes_no_or(a):
    assert and_(a, YES) is a is or_(a, NO)
    assert and_(a, NO) is NO
    assert or_(a, YES) is YES


def test_what_is_not_known_is_never_no_and_never_yes_by_its_negation():
    assert or_(UNKNOWN, not_(UNKNOWN)) is UNKNOWN
    assert and_(UNKNOWN, not_(UNKNOWN)) is UNKNOWN


def test_all_of_nothing_is_yes_and_any_of_nothing_is_no():
    assert and_() is YES
    assert or_() is NO


@given(st.lists(TRUTHS, min_size=1, max_size=4), st.integers(0, 3), st.sampled_from([YES, NO]))
def test_learning_what_was_unknown_never_turns_one_settled_answer_into_the_other(truths, place, learned):
    place %= len(truths)
    if truths[place] is not UNKNOWN:
        return
    later = [*truths[:place], learned, *truths[place + 1 :]]
    for joined in (and_, or_):
        assert joined(*truths) in (UNKNOWN, joined(*later))


@given(TRIPLES)
def test_reasons_are_those_of_the_parts_that_settle_it_and_of_no_other(triple):
    parts = [judgement(truth, f"{place}") for place, truth in enumerate(triple)]
    for joined in (all_of, any_of):
        found = joined(parts)
        assert {reason.clause[1:] for reason in found.reasons} == {found.truth.value}
        assert len(found.reasons) == sum(truth is found.truth for truth in triple)


@given(TRIPLES)
def test_what_is_missing_is_asked_only_while_it_could_still_settle_the_answer(triple):
    parts = [judgement(truth, f"{place}") for place, truth in enumerate(triple)]
    for joined in (all_of, any_of):
        found = joined(parts)
        assert bool(found.missing) == (found.truth is UNKNOWN)
        assert found.truth is not UNKNOWN or len(found.missing) == sum(t is UNKNOWN for t in triple)
