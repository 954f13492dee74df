"""One random number a decision: what two scenarios do not differ in, they share."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wards import any_seed, busy, positives

from ringfence.record import TABLES, View
from ringfence.simulate import simulate_ward
from ringfence.simulate.chance import Chance, Decision

FEW = settings(max_examples=10)

NOT_MOVEMENT = {
    "admission_prevalence": 0.9,
    "kpc_share": 0.0,
    "clearance_rate": 1.0,
    "hands_rate": 5.0,
    "room_rate": 5.0,
    "precautions_effect": 1.0,
    "risk_among_carriers": 0.0,
    "risk_among_others": 1.0,
    "asked": 0.1,
    "answered_wrongly": 0.9,
    "screen_refused": 0.9,
    "screen_collected": 0.1,
    "survey_every_days": 1,
    "sensitivity": 0.1,
    "turnaround_hours": 1.0,
    "clinical_rate": 1.0,
}


@pytest.fixture(scope="module")
def before():
    return simulate_ward(busy(), seed=3, days=40)


@pytest.mark.parametrize("name", NOT_MOVEMENT)
def test_what_is_not_movement_changes_something_and_no_movement(name, before):
    after = simulate_ward(busy(**{name: NOT_MOVEMENT[name]}), seed=3, days=40)
    assert after != before
    for table in ("patients", "encounters", "stays"):
        assert after.facts[table] == before.facts[table]


@FEW
@given(seed=any_seed)
def test_without_transmission_sensitivity_changes_no_movement_no_carriage_and_no_answer(seed):
    runs = [simulate_ward(busy(hands_rate=0, room_rate=0, sensitivity=s), seed=seed, days=12) for s in (0.3, 0.9)]
    assert runs[0].truth == runs[1].truth
    for table in ("patients", "encounters", "stays", "answers"):
        assert runs[0].facts[table] == runs[1].facts[table]


@FEW
@given(seed=any_seed)
def test_a_better_test_finds_everyone_the_worse_one_found(seed):
    alone = {"hands_rate": 0, "room_rate": 0, "returns": 0, "survey_every_days": 0, "clinical_rate": 0}
    worse, better = (simulate_ward(busy(sensitivity=s, **alone), seed=seed, days=12) for s in (0.3, 0.9))
    assert worse.facts["specimens"] == better.facts["specimens"]
    assert positives(worse).items() <= positives(better).items()


def rows_before(run, at):
    """Return the rows known before an instant, with nothing in them that came later, and what had passed by then."""
    view = View.of(run.facts, at=at - timedelta(seconds=1), known_to=1)
    passed = [one for one in run.truth.transmissions if one.at < at]
    return {name: sorted(view.rows(name), key=str) for name in run.facts if TABLES[name].known_from}, passed


@pytest.mark.parametrize("seed", range(6))
def test_until_the_first_precautions_their_effect_changes_nothing(seed):
    runs = [simulate_ward(busy(precautions_effect=effect), seed=seed, days=60) for effect in (0, 1)]
    first = min(measure.start.at for run in runs for measure in run.facts["measures"])
    rows, passed = rows_before(runs[0], first)
    assert (rows, passed) == rows_before(runs[1], first)
    assert rows["results"]


def test_after_the_first_precautions_their_effect_changes_who_acquires():
    runs = [simulate_ward(busy(precautions_effect=effect), seed=1, days=60) for effect in (0, 1)]
    assert runs[0].truth.transmissions != runs[1].truth.transmissions


@FEW
@given(seed=any_seed, days=st.integers(1, 12))
def test_watching_longer_changes_nothing_of_what_has_happened(seed, days):
    shorter, longer = (simulate_ward(busy(), seed=seed, days=some) for some in (days, 15))
    rows, passed = rows_before(longer, shorter.ends_at)
    assert (rows, passed) == rows_before(shorter, shorter.ends_at)
    assert rows == {name: sorted(shorter.facts[name], key=str) for name in rows}


@FEW
@given(seed=any_seed)
def test_somebody_who_comes_in_two_scenarios_stays_as_long_and_says_the_same_in_both(seed):
    """Bed moves change which beds are free and so who comes; whoever comes either way is the same person."""
    risks = {"risk_among_carriers": 0.4, "risk_among_others": 0.4}
    still, moving = (simulate_ward(busy(move_rate=r, returns=0, **risks), seed=seed, days=12) for r in (0, 2))
    for table, number in (("encounters", "encounter_id"), ("answers", "answer_id")):
        one, other = ({getattr(row, number): row for row in run.facts[table]} for run in (still, moving))
        assert one != other
        assert one.keys() & other.keys()
        assert all(one[key] == other[key] for key in one.keys() & other.keys())


def test_a_draw_depends_on_the_seed_the_decision_the_person_and_the_step_and_is_the_same_for_ever():
    drawn = Chance(1).draw(Decision.ADMISSION, "01-1", step=0)
    others = [
        Chance(2).draw(Decision.ADMISSION, "01-1", step=0),
        Chance(1).draw(Decision.MOVE, "01-1", step=0),
        Chance(1).draw(Decision.ADMISSION, "01-2", step=0),
        Chance(1).draw(Decision.ADMISSION, "01-1", step=1),
    ]
    # Worked out apart from the code: blake2b of "1␟ADMISSION␟01-1␟0" is c561aea2d3add51a, of which 53 bits count.
    assert drawn == (0xC561AEA2D3ADD51A >> 11) / 2**53
    assert len({drawn, *others}) == 5


def test_draws_are_spread_evenly_and_independent_from_step_to_step():
    draws = [Chance(5).draw(Decision.MOVE, "SIM-000001", step=step) for step in range(20_000)]
    tenths = [sum(low <= 10 * draw < low + 1 for draw in draws) for low in range(10)]
    # 2000 in each tenth, give or take five standard deviations; and no correlation of neighbours.
    assert all(abs(count - 2000) < 5 * 1800**0.5 for count in tenths)
    products = [(a - 0.5) * (b - 0.5) * 12 for a, b in pairwise(draws)]
    assert abs(sum(products) / len(products)) < 5 / len(products) ** 0.5


def test_probability_zero_never_happens_and_one_always_does():
    steps = range(1000)
    assert not any(Chance(1).happens(Decision.DEATH, "a", step=step, probability=0) for step in steps)
    assert all(Chance(1).happens(Decision.DEATH, "a", step=step, probability=1) for step in steps)
