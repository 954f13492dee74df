"""Laws of working out again: what was touched, and nothing else, gives what a full recomputation gives."""

import random
from datetime import timedelta
from functools import cache

import pytest
from histories import BEGAN, histories
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import Fact, View
from ringfence.simulate import simulate_ward

NL = load_policy("nl")
FEW = settings(max_examples=40)


def told(findings):
    answers = {p: [c.answer for c in some] for p, some in findings.carriages.items()}
    return findings.rows(), answers, findings.verdicts, findings.precautions, findings.unprotected, findings.notes


@cache
def ward(seed):
    made = simulate_ward(seed=seed, days=40)
    return tuple(Fact(table=name, row=row, message="ward") for name, some in made.facts.items() for row in some)


@pytest.mark.parametrize("seed", range(3))
def test_day_after_day_it_is_what_a_full_recomputation_gives(seed):
    facts, before = ward(seed), None
    began = min(f.row.start.at for f in facts if f.table == "stays")
    for day in range(20, 32):
        view = View.of_facts(facts, at=began + timedelta(days=day, hours=7), known_to=day)
        before = analyze(view, NL, before)
        assert told(before) == told(analyze(view, NL))
    assert before.cases or before.ledger


@pytest.mark.parametrize("seed", range(3))
def test_file_after_file_it_is_what_a_full_recomputation_gives(seed):
    facts = list(ward(seed))
    random.Random(seed).shuffle(facts)
    facts.sort(key=lambda f: f.table != "facilities")
    at = max(f.row.start.at for f in facts if f.table == "stays")
    before = None
    for known in range(len(facts) // 2, len(facts), len(facts) // 12):
        view = View.of_facts(facts[:known], at=at, known_to=known)
        before = analyze(view, NL, before)
        assert told(before) == told(analyze(view, NL))


@pytest.mark.parametrize("seed", range(3))
def test_a_day_without_news_touches_only_those_with_something_open(seed):
    facts = ward(seed)
    at = min(f.row.start.at for f in facts if f.table == "stays") + timedelta(days=30)
    first = analyze(View.of_facts(facts, at=at, known_to=1), NL)
    again = analyze(View.of_facts(facts, at=at, known_to=2), NL, first)
    assert again.ground.changed.patients == frozenset()
    later = View.of_facts(facts, at=at + timedelta(minutes=1), known_to=1)
    changed = analyze(later, NL, first).ground.changed.patients
    still = {t.patient_id for t in later.timelines() if any(e.end is None for e in (*t.encounters, *t.stays))}
    assert still <= changed
    assert len(changed) < len(later.patient_ids)


@FEW
@given(histories(), st.data())
def test_any_facts_in_any_order_give_what_a_full_recomputation_gives(history, data):
    before, known = None, 1
    while known <= len(history):
        hour = data.draw(st.integers(min_value=0, max_value=96))
        view = View.of_facts(history[:known], at=BEGAN + timedelta(hours=hour), known_to=known)
        before = analyze(view, NL, before)
        assert told(before) == told(analyze(view, NL))
        known += data.draw(st.integers(min_value=1, max_value=6))
