"""The laws of the chain over many long histories; run by `make soak`."""

import random

import pytest
from test_laws_of_the_chain import rows, seen

from ringfence.simulate import simulate_ward

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("seed", range(100, 120))
def test_order_and_repetition_change_nothing_over_a_year(seed):
    made = simulate_ward(seed=seed, days=365)
    shuffler = random.Random(seed)
    mixed = {name: shuffler.sample([*some, *some], 2 * len(some)) for name, some in made.facts.items()}
    plain, other = rows(made.facts, 360), rows(mixed, 360)
    assert plain["ledger"]
    for name, found in plain.items():
        assert sorted(map(str, other[name])) == sorted(map(str, found)), name


@pytest.mark.parametrize("seed", range(100, 120))
def test_who_was_found_carries_and_who_acquired_from_a_known_case_was_exposed(seed):
    made = simulate_ward(seed=seed, days=365)
    found = rows(made.facts, 360)
    asked = seen(made.facts, 360).at
    carried = {c.patient_id for c in made.truth.carriage}
    assert {c.patient_id for c in found["cases"]} <= carried
    known = {c.patient_id for c in found["cases"]}
    exposed = {(e.index_patient_id, e.contact_patient_id) for e in found["exposures"]}
    passed = {(t.source, t.target) for t in made.truth.transmissions if t.source in known and t.at < asked}
    assert passed <= exposed
