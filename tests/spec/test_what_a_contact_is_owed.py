"""What a contact is owed: Ontario's three sets and day 21, Scotland's four weeks, surveys, and where nobody says."""

from datetime import date

import pytest
from builders import at, gene, specimen, view

from ringfence.assess import Owed, contact_owed, sentences
from ringfence.policy import load_policy
from ringfence.record import Found, Order, OrderStatus, Patient, PatientId, ResultKind, When
from ringfence.vocabulary import Mark

ONTARIO = load_policy("ca-on")


def negative(*days):
    for n, day in enumerate(days):
        yield specimen(f"S{n}", "TEST-1", day)
        yield gene(f"R{n}", f"S{n}", None, kind=ResultKind.CULTURE, found=Found.NOT_DETECTED)


def owed(*rows, last, as_of, policy=ONTARIO, **more):
    timeline = view(as_of, *rows).timeline("TEST-1")
    return contact_owed(timeline, policy=policy, last_exposure=at(last), facility_id="Elm", **more)


def test_three_sets_are_owed_and_one_of_them_on_or_after_day_21():
    found = owed(last="2026-02-08 10:00", as_of="2026-02-20 12:00")
    assert found.status is Owed.OWED
    assert sentences(found.reasons) == (
        "ca-on-fol-1: last exposure 2026-02-08: 0 done, 3 owed, one of them on or after 2026-03-01"
    )
    assert (found.mark, found.next_change) == (Mark.SECONDARY, at("2026-03-01 00:00"))


def test_one_negative_after_day_21_leaves_two():
    found = owed(*negative("2026-03-10 09:00"), last="2026-02-08 10:00", as_of="2026-03-12 12:00")
    assert [(r.values["done"], r.values["owed"], r.values["from_day"]) for r in found.reasons] == [(1, 2, "")]


def test_two_swabs_of_one_day_are_one_set_a_refusal_counts_nothing_and_day_20_is_not_day_21():
    refused = Order(
        order_id="O", patient_id=PatientId("TEST-1"), status=OrderStatus.REFUSED, happened=When(on=date(2026, 2, 26))
    )
    swabs = negative("2026-02-12 09:00", "2026-02-12 18:00", "2026-02-19 09:00", "2026-03-03 09:00")
    found = owed(*swabs, refused, last="2026-02-11 20:00", as_of="2026-03-20 12:00")
    assert found.status is Owed.OWED
    assert sentences(found.reasons).endswith("3 done, 1 owed, one of them on or after 2026-03-04; refused 2026-02-26")


def test_a_last_negative_on_arrival_elsewhere_completes_it():
    swabs = negative("2026-02-12 09:00", "2026-02-19 09:00", "2026-03-03 09:00", "2026-04-10 09:00")
    assert owed(*swabs, last="2026-02-11 20:00", as_of="2026-04-12 12:00").status is Owed.COMPLETE


def test_a_swab_before_the_last_exposure_says_nothing_of_it():
    found = owed(*negative("2026-02-08 09:00"), last="2026-02-08 10:00", as_of="2026-02-09 12:00")
    assert [r.values["owed"] for r in found.reasons] == [3]


def test_the_dead_and_known_carriers_owe_nothing():
    died = Patient(patient_id=PatientId("TEST-1"), died=When(at=at("2026-02-15 10:00")))
    assert owed(died, last="2026-02-08 09:00", as_of="2026-02-16 12:00").status is Owed.NOTHING
    assert owed(died, last="2026-02-08 09:00", as_of="2026-02-14 12:00").status is Owed.OWED
    assert owed(last="2026-02-08 09:00", as_of="2026-02-16 12:00", known_carrier=True).status is Owed.NOTHING


def test_weeks_are_owed_until_they_are_over():
    scotland = load_policy("gb-sct")
    begun = owed(last="2026-02-10 09:00", as_of="2026-02-12 12:00", policy=scotland)
    assert (begun.status, begun.next_change) == (Owed.OWED, at("2026-02-17 00:00"))
    weekly = negative("2026-02-17 09:00", "2026-02-24 09:00", "2026-03-03 09:00", "2026-03-10 09:00")
    assert owed(*weekly, last="2026-02-10 09:00", as_of="2026-03-20 12:00", policy=scotland).status is Owed.COMPLETE


@pytest.mark.parametrize("name", ["nl", "ecdc", "ca-bc"])
def test_where_the_policy_gives_no_schedule_a_professional_decides(name):
    found = owed(last="2026-02-08 09:00", as_of="2026-02-16 12:00", policy=load_policy(name))
    assert (found.status, found.mark) == (Owed.DECIDE, Mark.NOT_SPECIFIED)


def test_surveys_of_the_unit_take_the_contact_in():
    assert (
        owed(last="2026-02-08 09:00", as_of="2026-02-16 12:00", policy=load_policy("us")).status is Owed.WITH_THE_UNIT
    )
