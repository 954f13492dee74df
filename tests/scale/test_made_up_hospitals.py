"""Made-up hospitals: what tracing is measured in looks like hospitals, and nothing of a person is in it."""

import numpy as np
import pytest

from ringfence.record import Level
from ringfence.scale.hospitals import DAY, made_up_stays, names_of, sources_of


@pytest.fixture(scope="module")
def made():
    return made_up_stays(30_000, seed=4)


def busiest(where, made):
    """Return for each place how many were there at once, at most."""
    change = np.concatenate([np.ones(len(made), int), -np.ones(len(made), int)])
    at, place = np.concatenate([made.start, made.end]), np.concatenate([where, where])
    order = np.lexsort((change, at, place))  # who leaves goes before who comes
    there = np.cumsum(change[order])
    most = np.zeros(place.max() + 1, int)
    np.maximum.at(most, place[order], there)
    return most


def test_about_as_many_are_made_as_were_asked_for():
    for many in (10_000, 200_000, 1_000_000):
        assert abs(len(made_up_stays(many, seed=2)) - many) < many * 0.4


def test_a_bed_holds_one_so_wards_hold_at_most_40_and_rooms_4(made):
    assert busiest(made.ward, made).max() <= 40
    assert busiest(made.ward, made).min() >= 15
    assert busiest(made.room, made).max() <= 4
    assert set(busiest(made.room, made)) >= {1, 2, 4}


def test_a_room_is_in_one_ward_and_a_ward_in_one_facility(made):
    for inner, outer in ((made.room, made.ward), (made.ward, made.facility)):
        assert len(set(zip(inner.tolist(), outer.tolist(), strict=True))) == len(set(inner.tolist()))


def test_nobody_is_in_two_beds_at_once(made):
    order = np.lexsort((made.start, made.patient))
    patient, start, end = made.patient[order], made.start[order], made.end[order]
    same = patient[1:] == patient[:-1]
    assert (start[1:][same] >= end[:-1][same]).all()
    assert same.sum() > len(made) * 0.3  # moves and readmissions


def test_stays_are_half_a_day_to_ten_days_for_the_most_part(made):
    days = (made.end - made.start) / DAY
    assert 0.8 < np.median(days) < 1.4
    assert 1.3 < days.mean() < 2.1
    assert days.max() <= 200


def test_the_seed_decides_all_of_it(made):
    again, other = made_up_stays(30_000, seed=4), made_up_stays(30_000, seed=5)
    assert np.array_equal(made.start, again.start)
    assert np.array_equal(made.windows, again.windows)
    assert not np.array_equal(made.start[:100], other.start[:100])


def test_cases_were_there_within_their_window(made):
    names = names_of(made, Level.WARD)
    for number, one in enumerate(sources_of(made)[:50]):
        assert names.patient(one.patient_id) == made.cases[number]
        own = made.patient == made.cases[number]
        low, high = one.window
        assert ((made.start[own] < high) & (made.end[own] > low)).any()
