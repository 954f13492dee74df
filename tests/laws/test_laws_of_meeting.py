"""Laws of meeting, at random: over hostile stays by instant and by date."""

from dataclasses import replace
from datetime import date, timedelta

from builders import SITE, at, facility, view
from hypothesis import given
from hypothesis import strategies as st
from oracles.plain_meetings import all_meetings, by_place, meetings_of

from ringfence.record import Level, PatientId, Stay, When, presences
from ringfence.trace import pairs

START = at("2026-03-20 00:00")  # a week with the change of the clocks in it


def moments():
    instants = st.integers(0, 14 * 48).map(lambda half: When(at=START + timedelta(minutes=30 * half)))
    days = st.integers(0, 13).map(lambda n: When(on=date(2026, 3, 20) + timedelta(days=n)))
    return instants | days


@st.composite
def stays(draw, *, patients="ABCD"):
    first, second = draw(moments()), draw(moments())
    order = sorted((first, second), key=lambda w: (w.at or at(f"{w.on} 00:00"), w.on is None))
    return Stay(
        stay_id=str(draw(st.integers(0, 10**9))),
        patient_id=PatientId(draw(st.sampled_from(patients))),
        facility_id=SITE,
        ward=draw(st.sampled_from(["2N", "3W"])),
        room=draw(st.sampled_from([None, "1", "2"])),
        start=order[0],
        end=draw(st.sampled_from([order[1], order[1], order[1], None])),
    )


def some():
    return st.lists(stays(), max_size=8, unique_by=lambda s: s.stay_id)


def seen(rows, level=Level.WARD):
    return presences(view("2026-04-05 12:00", *rows), level)


def told(rows, level=Level.WARD):
    return [
        (p.patient_a, p.patient_b, p.ward, p.room, p.first_on, p.last_on, p.days, p.nights)
        for p in pairs(seen(rows, level), level=level)
    ]


@given(some())
def test_nobody_meets_themselves_and_every_range_of_hours_is_a_range(rows):
    for meeting in all_meetings(seen(rows)):
        assert meeting.a.patient_id < meeting.b.patient_id
        assert 0 <= meeting.hours_min <= meeting.hours_max
        assert meeting.hours_max > 0
        assert len(meeting.nights_on) <= len(meeting.days_on)


@given(some())
def test_meeting_is_symmetric(rows):
    everyone = seen(rows)
    places = by_place(everyone)
    forward = {
        (m.a.patient_id, m.b.patient_id, m.starts_from, m.hours_min, m.hours_max)
        for p in "ABCD"
        for m in meetings_of([w for w in everyone if w.patient_id == p], places)
    }
    assert forward == {(b, a, *rest) for a, b, *rest in forward}


@given(some())
def test_the_order_of_rows_changes_nothing(rows):
    assert told(rows) == told(list(reversed(rows)))


@given(some())
def test_adding_somebody_who_was_elsewhere_changes_nobody_else(rows):
    stranger = Stay(
        stay_id="x", patient_id=PatientId("Z"), facility_id=SITE, ward="Far", start=When(at=START), end=None
    )
    assert told([*rows, stranger]) == told(rows)


@given(some())
def test_whoever_shared_a_room_shared_its_ward_for_at_least_as_long(rows):
    at_ward = {(a, b, ward): (first, last, days, nights) for a, b, ward, _, first, last, days, nights in told(rows)}
    for a, b, ward, _, first, last, days, nights in told(rows, Level.ROOM):
        around = at_ward[(a, b, ward)]
        assert around[0] <= first
        assert around[1] >= last
        assert around[2] >= days
        assert around[3] >= nights


@given(some(), st.integers(1, 47))
def test_splitting_a_stay_at_an_instant_changes_nothing(rows, part):
    # Of stays whose ends are known: an open stay is ended by the next one, and a split makes a next one.
    rows = [s for s in rows if s.end]
    whole = [s for s in rows if s.start.at and s.end and s.end.at and s.end.at - s.start.at > timedelta(hours=1)]
    if not whole:
        return
    one = whole[0]
    middle = When(at=one.start.at + (one.end.at - one.start.at) * part / 48)
    split = [replace(one, end=middle), replace(one, stay_id="second half", start=middle)]
    rest = [s for s in rows if s is not one]
    assert told([*rest, *split]) == told(rows)


@given(some(), st.integers(-200, 200))
def test_a_shift_of_whole_days_in_a_zone_without_summer_time_shifts_the_days(rows, days):
    by = timedelta(days=days)

    def moved(when):
        return None if when is None else When(at=when.at + by) if when.at else When(on=when.on + by)

    def utc(some_rows, as_of):
        return [
            (p.patient_a, p.patient_b, p.ward, p.first_on, p.last_on, p.days, p.nights)
            for p in pairs(presences(view(as_of, facility("UTC"), *some_rows), Level.WARD), level=Level.WARD)
        ]

    rows = [s for s in rows if s.end]
    later = [replace(s, start=moved(s.start), end=moved(s.end)) for s in rows]
    shifted = [(a, b, w, first + by, last + by, n, k) for a, b, w, first, last, n, k in utc(rows, "2027-12-31 12:00")]
    assert utc(later, "2027-12-31 12:00") == shifted


def minutes_of(rows, patient, ward):
    """The plainest way: every half hour in which a patient with exact times was there, at most."""
    there = set()
    for s in rows:
        if s.patient_id == patient and s.ward == ward:
            now = s.start.at
            while now < s.end.at:
                there.add(now)
                now += timedelta(minutes=30)
    return there


@given(some())
def test_hours_together_are_the_half_hours_that_both_were_there(rows):
    exact = [s for s in rows if s.start.at and s.end and s.end.at]
    hours = {}
    for meeting in all_meetings(seen(exact)):
        key = (meeting.a.patient_id, meeting.b.patient_id, meeting.a.ward)
        # Somebody in two places at once was in one of them, so there the least is less than the most.
        doubtful = "overlap" in (meeting.repairs or "")
        assert meeting.hours_min <= meeting.hours_max if doubtful else meeting.hours_min == meeting.hours_max
        hours[key] = hours.get(key, 0) + meeting.hours_max
    for ward in ("2N", "3W"):
        for a, b in [(a, b) for a in "ABCD" for b in "ABCD" if a < b]:
            both = minutes_of(exact, a, ward) & minutes_of(exact, b, ward)
            assert hours.get((a, b, ward), 0) == len(both) / 2
