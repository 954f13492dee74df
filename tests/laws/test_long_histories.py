"""The laws of the chain over many long histories; run by `make soak`."""

import random
from datetime import timedelta

import pytest
from test_laws_of_the_chain import NL, rows, seen
from test_laws_of_working_again import told

from ringfence.chain import analyze
from ringfence.record import Fact, FolderStore, View
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


@pytest.mark.parametrize("seed", range(200, 206))
def test_a_season_of_days_worked_out_again_is_what_a_full_recomputation_gives(seed):
    made = simulate_ward(seed=seed, days=120)
    facts = [Fact(table=name, row=row, message="ward") for name, some in made.facts.items() for row in some]
    began, before, touched = min(s.start.at for s in made.facts["stays"]), None, []
    for day in range(20, 110, 3):
        view = View.of_facts(facts, at=began + timedelta(days=day, hours=7), known_to=day)
        whole, before = analyze(view, NL), analyze(view, NL, before)
        assert told(before) == told(whole)
        if before.ground.changed.patients is not None:
            touched.append(len(before.ground.changed.patients) / len(view.patient_ids))
    assert sum(touched) / len(touched) < 0.5


@pytest.mark.parametrize("seed", range(300, 306))
def test_a_year_in_a_record_file_after_file_in_any_order_is_the_same_record(seed, tmp_path):
    made = simulate_ward(seed=seed, days=365)
    facts = [Fact(table=name, row=row, message=name) for name, some in made.facts.items() for row in some]
    asked = seen(made.facts, 360).at
    stores = []
    for number, mixed in enumerate((facts, random.Random(seed).sample([*facts, *facts], 2 * len(facts)))):
        store = FolderStore(tmp_path / str(number))
        for first in range(0, len(mixed), 400):
            store.append(mixed[first : first + 400], received=asked)
        stores.append(store)
    one, other = (store.current(at=asked) for store in stores)
    assert stores[0].last_seq == stores[1].last_seq == len(facts)
    for name in made.facts:
        assert one.rows(name) == other.rows(name), name
