"""What a contact is owed: Ontario's three sets and day 21, Scotland's four weeks, surveys, and where nobody says."""

from datetime import date

import pytest
from builders import admission, at, gene, specimen, view

from ringfence.assess import Owed, carriages, contact_owed, contact_settled, sentences
from ringfence.policy import load_policy
from ringfence.record import Found, Order, OrderStatus, Patient, PatientId, ResultKind, When
from ringfence.vocabulary import Mark

ONTARIO = load_policy("ca-on")


def negative(*days):
    for n, day in enumerate(days):
        yield specimen(f"S{n}", "TEST-1", day)
        yield gene(f"R{n}", f"S{n}", None, kind=ResultKind.CULTURE, found=Found.NOT_DETECTED)


def owed(*rows, last, as_of, policy=ONTARIO):
    timeline = view(as_of, *rows).timeline("TEST-1")
    day = date.fromisoformat(last[:10])
    return contact_owed(timeline, policy=policy, last_exposure=day, facility_id="Elm")


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


def settled(*rows, since="2026-02-07 09:00"):
    timeline = view("2026-02-16 12:00", *rows).timeline("TEST-1")
    carried = next(iter(carriages(timeline, policy="test")), None)
    return contact_settled(timeline, policy=ONTARIO, since=at(since), carried=carried)


DIED = Patient(patient_id=PatientId("TEST-1"), died=When(at=at("2026-02-15 10:00")))


def test_the_dead_owe_nothing_and_it_is_said_whether_they_were_tested():
    assert settled(DIED).status is Owed.NOTHING
    assert sentences(settled(DIED).reasons).startswith("died, never tested")
    assert sentences(settled(DIED, *negative("2026-02-09 09:00")).reasons).startswith("died; nothing")


def test_a_carrier_from_before_is_a_possible_source_and_one_found_since_is_not_called_so():
    positive = (specimen("S", "TEST-1", "2026-02-09 09:00"), gene("R", "S", "KPC"))
    assert "a known carrier before, possible source" in sentences(settled(*positive, since="2026-02-10 09:00").reasons)
    found = sentences(settled(*positive, since="2026-02-07 09:00").reasons)
    assert found == "found positive since the exposure began, first on 2026-02-09; nothing is owed as a contact"


def test_day_0_is_the_day_of_the_last_exposure_also_where_only_dates_are_known():
    swabs = negative("2026-02-09", "2026-02-12", "2026-03-01")
    assert owed(*swabs, last="2026-02-08", as_of="2026-03-03 12:00").status is Owed.COMPLETE
    assert owed(*negative("2026-02-08"), last="2026-02-08", as_of="2026-03-03 12:00").reasons[0].values["done"] == 0


def test_weeks_are_owed_until_they_are_over():
    scotland = load_policy("gb-sct")
    begun = owed(last="2026-02-10 09:00", as_of="2026-02-12 12:00", policy=scotland)
    assert (begun.status, begun.next_change) == (Owed.OWED, at("2026-02-17 00:00"))
    weekly = negative("2026-02-17 09:00", "2026-02-24 09:00", "2026-03-03 09:00", "2026-03-10 09:00")
    assert owed(*weekly, last="2026-02-10 09:00", as_of="2026-03-20 12:00", policy=scotland).status is Owed.COMPLETE


def inpatient(start, end=None):
    return admission("TEST-1", start, end)


def said(answer):
    (reason,) = answer.reasons
    return {name: reason.values[name] for name in ("done", "owed", "sets", "due")}


def test_who_went_home_before_any_weekly_screen_is_not_done_with():
    scotland = load_policy("gb-sct")
    home = inpatient("2026-02-01 10:00", "2026-02-11 10:00")
    found = owed(home, last="2026-02-10 09:00", as_of="2026-04-10 12:00", policy=scotland)
    assert found.status is Owed.WEEKS_OVER
    assert "0 of 4 screens were done; a professional decides" in sentences(found.reasons)


def test_the_weeks_that_are_over_ask_for_no_more_screens_and_name_none_as_due():
    scotland = load_policy("gb-sct")
    found = owed(inpatient("2026-02-01 10:00"), last="2026-02-10 09:00", as_of="2026-04-10 12:00", policy=scotland)
    assert (found.status, said(found)) == (Owed.WEEKS_OVER, {"done": 0, "owed": 0, "sets": 4, "due": ""})


def test_how_many_weekly_screens_are_left_is_said_from_the_first_day_on():
    scotland = load_policy("gb-sct")
    stays = inpatient("2026-02-01 10:00")
    begun = owed(stays, last="2026-02-10 09:00", as_of="2026-02-12 12:00", policy=scotland)
    assert said(begun) == {"done": 0, "owed": 4, "sets": 4, "due": "2026-02-17"}
    early = negative("2026-02-11 09:00", "2026-02-12 09:00", "2026-02-13 09:00", "2026-02-14 09:00")
    four = owed(stays, *early, last="2026-02-10 09:00", as_of="2026-02-14 12:00", policy=scotland)
    assert said(four) == {"done": 1, "owed": 3, "sets": 4, "due": "2026-02-24"}


@pytest.mark.parametrize("name", ["nl", "ecdc", "ca-bc"])
def test_where_the_policy_gives_no_schedule_a_professional_decides(name):
    found = owed(last="2026-02-08 09:00", as_of="2026-02-16 12:00", policy=load_policy(name))
    assert (found.status, found.mark) == (Owed.DECIDE, Mark.NOT_SPECIFIED)


def test_surveys_of_the_unit_take_the_contact_in():
    assert (
        owed(last="2026-02-08 09:00", as_of="2026-02-16 12:00", policy=load_policy("us")).status is Owed.WITH_THE_UNIT
    )
