"""Laws of the chain, over made-up wards."""

import random
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from ringfence.assess import rulebook
from ringfence.chain import Ground, analyze, stratum_one
from ringfence.policy import load_policy
from ringfence.record import View
from ringfence.simulate import simulate_ward

NL = load_policy("nl")
SEEDS = range(4)


@cache
def ward(seed):
    return simulate_ward(seed=seed, days=60).facts


def seen(facts, days=55):
    start = min(s.start.at for s in facts["stays"])
    return View.of(facts, at=start + timedelta(days=days), known_to=0)


def rows(facts, days=55):
    return analyze(seen(facts, days), NL).rows()


@pytest.mark.parametrize("seed", SEEDS)
def test_any_order_of_arrival_gives_the_same_findings(seed):
    shuffler = random.Random(seed)
    shuffled = {name: shuffler.sample(list(some), len(some)) for name, some in ward(seed).items()}
    assert {k: sorted(map(str, v)) for k, v in rows(shuffled).items()} == {
        k: sorted(map(str, v)) for k, v in rows(ward(seed)).items()
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_every_row_twice_gives_the_same_findings(seed):
    twice = {name: [*some, *some] for name, some in ward(seed).items()}
    assert rows(twice) == rows(ward(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_happens_later_changes_nothing_asked_about_before(seed):
    facts = ward(seed)
    at = seen(facts, 30).at
    known = {name: [r for r in some if _begun(r) is None or _begun(r) <= at] for name, some in facts.items()}
    assert (
        analyze(View.of(known, at=at, known_to=0), NL).rows() == analyze(View.of(facts, at=at, known_to=0), NL).rows()
    )


def _begun(row):
    for name in ("reported", "asked", "happened", "collected", "start", "declared"):
        when = getattr(row, name, None)
        if when is not None:
            return when.at
    return None


@pytest.mark.parametrize("seed", SEEDS)
def test_removing_every_stay_changes_no_carriage(seed):
    facts = ward(seed)
    at = seen(facts).at
    rules = rulebook(NL, at.date())
    whole = stratum_one(Ground(seen(facts)), NL, rules).carriages
    without = stratum_one(Ground(View.of({**facts, "stays": []}, at=at, known_to=0)), NL, rules).carriages
    assert {p: [c.answer for c in some] for p, some in whole.items()} == {
        p: [c.answer for c in some] for p, some in without.items()
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_whom_the_laboratory_never_found_is_no_case_and_nobody_is_a_case_who_does_not_carry(seed):
    made = simulate_ward(seed=seed, days=60)
    carried = {c.patient_id for c in made.truth.carriage}
    detected = {c.patient_id for c in rows(made.facts)["cases"]}
    assert detected <= carried


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_their_own_contact_and_every_contact_was_exposed(seed):
    found = rows(ward(seed))
    exposed = {(e.case_id, e.contact_patient_id) for e in found["exposures"]}
    assert {(c.case_id, c.contact_patient_id) for c in found["contacts"]} == exposed
    assert all(e.index_patient_id != e.contact_patient_id for e in found["exposures"])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_correction_and_its_reversal_restore_every_finding(seed):
    facts = ward(seed)
    detected = next((r for r in facts["results"] if r.analyte and r.reported), None)
    if detected is None:
        return
    hour = timedelta(hours=1)
    later = replace(detected.reported, at=detected.reported.at + hour)
    latest = replace(detected.reported, at=detected.reported.at + 2 * hour)
    withdrawn = replace(detected, status=type(detected.status).WITHDRAWN, reported=later)
    reversed_ = replace(detected, reported=latest)
    before, after = rows(facts), rows({**facts, "results": [*facts["results"], withdrawn, reversed_]})
    assert after["contacts"] == before["contacts"]
    assert [c.status for c in after["cases"]] == [c.status for c in before["cases"]]
