"""What really happened: who carried what, from whom, by which route, and at which rate."""

from collections import Counter
from datetime import timedelta
from math import exp, inf

import pytest
from hypothesis import given, settings
from wards import STEP, any_seed, beds_at, busy, lasts_over, on_any_ward

from ringfence.simulate import Route, Ward, simulate_ward

FEW = settings(max_examples=12)
SEEDS = range(6)


def acquisitions(ward, *, days=30, seeds=SEEDS):
    return sum(len(simulate_ward(ward, seed=seed, days=days).truth.transmissions) for seed in seeds)


# ------------------------------------------------------------------------------------------------------------ truth


@on_any_ward
def test_a_source_carries_what_it_passes_on_and_the_target_carries_nothing_until_then(ward, seed):
    run = simulate_ward(ward, seed=seed, days=12)
    for passed in run.truth.transmissions:
        before = passed.at - timedelta(seconds=1)
        carried = {one.patient_id: one for one in run.truth.carriage if one.at(passed.at)}
        assert passed.source in run.truth.carriers(before)
        assert passed.target not in run.truth.carriers(before)
        assert carried[passed.target].starts_at == passed.at
        assert carried[passed.target].family == carried[passed.source].family


@on_any_ward
def test_source_and_target_lie_on_the_ward_and_by_the_route_of_the_room_in_one_room(ward, seed):
    run = simulate_ward(ward, seed=seed, days=12)
    for passed in run.truth.transmissions:
        rooms = {stay.patient_id: stay.room for stay in beds_at(run, passed.at)}
        assert {passed.source, passed.target} <= set(rooms)
        assert passed.route is Route.HANDS or rooms[passed.source] == rooms[passed.target]


@on_any_ward
def test_whoever_carries_something_brought_it_or_acquired_it_once_each_time(ward, seed):
    run = simulate_ward(ward, seed=seed, days=12)
    acquired = [(one.patient_id, one.starts_at) for one in run.truth.carriage if not one.imported]
    assert sorted(acquired) == sorted((passed.target, passed.at) for passed in run.truth.transmissions)
    admitted = {(visit.patient_id, visit.start.at) for visit in run.facts["encounters"]}
    assert {(one.patient_id, one.starts_at) for one in run.truth.carriage if one.imported} <= admitted


@on_any_ward
def test_nobody_carries_two_at_once_and_no_carriage_ends_before_it_starts(ward, seed):
    run = simulate_ward(ward, seed=seed, days=12)
    assert all(one.ends_at is None or one.starts_at < one.ends_at for one in run.truth.carriage)
    for one in run.truth.carriage:
        assert sum(other.at(one.starts_at) for other in run.truth.carriage if other.patient_id == one.patient_id) == 1


def test_carriage_ends_with_death_and_goes_on_at_home():
    run = simulate_ward(busy(clearance_rate=0, dies=0.5), seed=3, days=60)
    died = {patient.patient_id: patient.died.at if patient.died else None for patient in run.facts["patients"]}
    gone = {visit.patient_id for visit in run.facts["encounters"] if visit.end}
    assert [one.ends_at for one in run.truth.carriage] == [died[one.patient_id] for one in run.truth.carriage]
    assert {None} < {one.ends_at for one in run.truth.carriage if one.patient_id in gone}


# ----------------------------------------------------------------------------------------------------- exact limits


@pytest.mark.parametrize("seed", SEEDS)
def test_without_transmission_nobody_acquires(seed):
    run = simulate_ward(busy(hands_rate=0, room_rate=0), seed=seed, days=60)
    assert run.truth.transmissions == ()
    assert run.truth.carriage
    assert all(one.imported for one in run.truth.carriage)


@pytest.mark.parametrize("seed", SEEDS)
def test_without_import_there_is_nothing_however_fast_it_would_spread(seed):
    run = simulate_ward(busy(admission_prevalence=0, hands_rate=50, room_rate=50), seed=seed, days=60)
    assert (run.truth.carriage, run.truth.transmissions) == ((), ())
    assert run.facts["results"]
    assert run.facts["isolates"] == run.facts["measures"] == ()


def test_when_everybody_comes_as_a_carrier_everybody_is_one_and_nobody_can_acquire():
    run = simulate_ward(busy(admission_prevalence=1, clearance_rate=0, hands_rate=50), seed=1, days=60)
    assert run.truth.transmissions == ()
    for visit in run.facts["encounters"]:
        assert visit.patient_id in run.truth.carriers(visit.start.at)


def test_precautions_that_stop_everything_leave_no_source_under_precautions():
    run = simulate_ward(busy(precautions_effect=1, asked=1, sensitivity=1, turnaround_hours=1), seed=2, days=200)
    covered = [m for m in run.facts["measures"] for t in run.truth.transmissions if t.source == m.patient_id]
    assert covered, "some sources come under precautions later"
    for passed in run.truth.transmissions:
        assert not any(m.patient_id == passed.source and lasts_over(m, passed.at) for m in run.facts["measures"])


def test_in_single_rooms_hands_are_the_only_route():
    run = simulate_ward(busy(rooms=(1,) * 7, room_rate=50), seed=1, days=60)
    assert {passed.route for passed in run.truth.transmissions} == {Route.HANDS}


def test_without_hands_the_room_is_the_only_route():
    run = simulate_ward(busy(hands_rate=0, room_rate=1), seed=1, days=60)
    assert {passed.route for passed in run.truth.transmissions} == {Route.ROOM}


def test_a_share_of_one_or_none_gives_one_family():
    for share, family in ((1, {"KPC"}), (0, {"NDM"})):
        run = simulate_ward(busy(kpc_share=share), seed=1, days=40)
        assert {one.family for one in run.truth.carriage} == family


def test_without_clearance_nobody_who_lives_stops_carrying():
    run = simulate_ward(busy(clearance_rate=0, dies=0), seed=1, days=60)
    assert run.truth.carriage
    assert all(one.ends_at is None for one in run.truth.carriage)


# -------------------------------------------------------------------------------------------------------- direction


def test_faster_spread_by_hands_or_in_rooms_gives_more_acquisitions():
    by_hands = [acquisitions(busy(hands_rate=rate, room_rate=0)) for rate in (0.05, 0.2, 0.8)]
    by_room = [acquisitions(busy(hands_rate=0, room_rate=rate)) for rate in (0.05, 0.2, 0.8)]
    assert by_hands[0] < by_hands[1] < by_hands[2]
    assert by_room[0] < by_room[1] < by_room[2]


def test_precautions_lower_acquisitions_and_more_so_the_better_they_work():
    quick = {"asked": 1, "risk_among_carriers": 1, "answered_wrongly": 0, "sensitivity": 1, "turnaround_hours": 1}
    counts = [acquisitions(busy(precautions_effect=effect, **quick)) for effect in (0, 0.5, 1)]
    assert counts[0] > counts[1] > counts[2]


def test_precautions_do_nothing_for_carriers_nobody_finds():
    unseen = {"sensitivity": 0, "clinical_rate": 0}
    runs = [simulate_ward(busy(precautions_effect=effect, **unseen), seed=3, days=60) for effect in (0, 1)]
    assert runs[0] == runs[1]
    assert runs[0].truth.transmissions


@FEW
@given(seed=any_seed)
def test_faster_spread_makes_nobody_a_carrier_later_or_not_at_all(seed):
    """Without clearance and precautions, more of one scenario's carriers can only make more of them, and earlier."""
    first = []
    for rate in (0.1, 0.4):
        run = simulate_ward(busy(hands_rate=rate, clearance_rate=0, precautions_effect=0), seed=seed, days=12)
        first.append({one.patient_id: one.starts_at for one in reversed(run.truth.carriage)})
    slow, fast = first
    assert all(fast[patient_id] <= at for patient_id, at in slow.items())


# ------------------------------------------------------------------------------------------------------------ rates


def pressures(run, ward, step):
    """What each carrier adds to the rate of each susceptible, by route, seen when all movements of a step are over."""
    at = run.starts_at + step * STEP + timedelta(hours=3)
    lying, carriers = beds_at(run, at), run.truth.carriers(at)
    covered = {m.patient_id for m in run.facts["measures"] if lasts_over(m, at)}
    for target in (stay for stay in lying if stay.patient_id not in carriers):
        rates = Counter()
        for source in (stay for stay in lying if stay.patient_id in carriers):
            passed_on = 1 - ward.precautions_effect * (source.patient_id in covered)
            rates[Route.HANDS] += ward.hands_rate * passed_on / len(lying)
            rates[Route.ROOM] += ward.room_rate * passed_on * (source.room == target.room)
        yield rates


def test_acquisitions_by_each_route_are_as_many_as_the_rates_say():
    """A slow second reading of the rows and the truth says how many acquisitions to expect; the count is near."""
    ward = busy(refill=0.05, hands_rate=0.6, room_rate=0.15, clearance_rate=0.3, precautions_effect=0.5)
    expected, seen = Counter(), Counter()
    for seed in range(6):
        run = simulate_ward(ward, seed=seed, days=100)
        seen += Counter(passed.route for passed in run.truth.transmissions)
        for rates in (r for step in range(400) for r in pressures(run, ward, step)):
            total = sum(rates.values()) or inf
            expected.update({route: (1 - exp(-total / 4)) * rate / total for route, rate in rates.items()})
    assert min(expected.values()) > 20
    for route in Route:
        assert seen[route] == pytest.approx(expected[route], abs=3 * expected[route] ** 0.5)


def test_the_share_of_carriers_among_new_patients_is_the_one_asked_for():
    run = simulate_ward(busy(mean_stay_days=1, returns=0, admission_prevalence=0.2), seed=6, days=150)
    share = sum(one.imported for one in run.truth.carriage) / len(run.facts["encounters"])
    assert share == pytest.approx(0.2, abs=4 * (0.16 / len(run.facts["encounters"])) ** 0.5)


def test_carriage_lasts_as_long_as_the_rate_says():
    run = simulate_ward(Ward(rooms=(4,), clearance_rate=0.5, admission_prevalence=1, dies=0), seed=7, days=400)
    # Counted in steps: from the step in which it starts to the one at whose start it is over; an eighth more than 2.
    days = [-((one.starts_at - one.ends_at) // STEP) / 4 for one in run.truth.carriage if one.ends_at]
    assert len(days) > 150
    assert sum(days) / len(days) == pytest.approx(2.125, abs=4 * 2.1 / len(days) ** 0.5)
