"""The parameters of a ward, and what is said of one that cannot be."""

import doctest

import pytest

import ringfence.simulate
from ringfence.simulate import Evidence, ScenarioError, Ward, parameters, simulate_ward


@pytest.mark.parametrize("name", [one.name for one in parameters() if one.unit.words == "probability"])
@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan"), "0.5", None, True])
def test_what_is_no_probability_is_refused_by_name(name, wrong):
    with pytest.raises(ScenarioError, match=rf"^`{name}` is .*\. Give a number from 0 to 1\.$"):
        Ward(**{name: wrong})


@pytest.mark.parametrize("name", [one.name for one in parameters() if one.unit.words == "per day"])
@pytest.mark.parametrize("wrong", [-1e-9, 1001, float("inf"), float("nan")])
def test_a_rate_that_is_negative_or_endless_is_refused_by_name(name, wrong):
    with pytest.raises(ScenarioError, match=rf"^`{name}` is .*\. Give a rate per day from 0 to 1000\.$"):
        Ward(**{name: wrong})


@pytest.mark.parametrize("rooms", [(), (0,), (4, -1), [4, 2], (2.5,), 7])
def test_a_ward_without_beds_is_refused(rooms):
    with pytest.raises(ScenarioError, match=r"^`rooms` is .*\. Give a tuple with the beds of each room, 1 or more"):
        Ward(rooms=rooms)


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("mean_stay_days", 0, "a number of days, more than 0"),
        ("mean_away_days", -3, "a number of days, more than 0"),
        ("turnaround_hours", -1, "a number of hours from 0 to 8760, a year"),
        ("turnaround_hours", 1e12, "a number of hours from 0 to 8760, a year"),
        ("survey_every_days", 1.5, "a whole number of days, or 0 for never"),
        ("survey_every_days", -7, "a whole number of days, or 0 for never"),
    ],
)
def test_a_time_that_cannot_be_is_refused_by_name(name, wrong, right):
    with pytest.raises(ScenarioError) as caught:
        Ward(**{name: wrong})
    assert str(caught.value) == f"`{name}` is {wrong!r}. Give {right}."


def test_every_fault_of_a_ward_is_told_at_once():
    with pytest.raises(ScenarioError) as caught:
        Ward(rooms=(), sensitivity=2, hands_rate=-1)
    assert [line.split("`")[1] for line in str(caught.value).splitlines()] == ["rooms", "hands_rate", "sensitivity"]


@pytest.mark.parametrize("days", [0, -1, 1.5, True])
def test_days_that_cannot_be_are_refused(days):
    with pytest.raises(ScenarioError, match=r"^`days` is .*\. Give a whole number of days, 1 or more\.$"):
        simulate_ward(seed=1, days=days)


@pytest.mark.parametrize("name", [one.name for one in parameters() if one.unit.words in ("per day", "days", "hours")])
@pytest.mark.parametrize("extreme", [5e-324, 1e-9, 1000])
def test_the_most_extreme_wards_that_are_allowed_can_be_simulated(name, extreme):
    run = simulate_ward(Ward(rooms=(2, 1), admission_prevalence=0.5, **{name: extreme}), seed=1, days=5)
    assert run.facts["stays"]
    assert run.truth.carriage


@pytest.mark.parametrize("one", parameters(), ids=lambda one: one.name)
def test_every_parameter_says_its_meaning_and_source_and_one_without_a_source_is_unverified(one):
    assert one.meaning.endswith(".")
    assert one.unit.allows(one.default)
    assert one.source
    assert not one.source.startswith("none") or one.evidence is Evidence.UNVERIFIED


def test_the_example_at_the_front_door_runs():
    result = doctest.testmod(ringfence.simulate)
    assert result.attempted >= 5
    assert result.failed == 0
