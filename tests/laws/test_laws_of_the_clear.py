"""Presences read off columns are those that the rules give: over hostile stays, and where clocks change at odd minutes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from builders import at, facility, view
from histories import BEGAN, encounters, histories
from hypothesis import event, given, settings
from hypothesis import strategies as st

from ringfence.record import (
    Level,
    Patient,
    PatientId,
    Place,
    PlaceKind,
    PlaceLevel,
    Presence,
    Stay,
    View,
    When,
    clear_presences,
    presences,
)
from ringfence.trace import Columns, Index, Names

# Newfoundland put its clocks back at one minute past midnight until 2011, and São Paulo at midnight itself; Apia left a
# day out; Lord Howe moves by half an hour; Dhaka began a year in the middle of an hour.
CLOCKS = {
    "America/St_Johns": "2006-10-28",
    "America/Sao_Paulo": "2018-02-16",
    "Pacific/Apia": "2011-12-28",
    "Australia/Lord_Howe": "2026-04-03",
    "Europe/Amsterdam": "2026-03-27",
    "Asia/Dhaka": "2009-12-30",
}


def told(columns: Columns, names: Names):
    """Presences with names in the place of numbers, in one order."""
    arrays = columns.arrays()
    rows = zip(*(array.tolist() for array in arrays.values()), strict=True)
    found = []
    for row in rows:
        one = dict(zip(arrays, row, strict=True))
        repairs = None if one["repairs"] < 0 else names.repairs[one["repairs"]]
        named = {"patient": names.patients[one["patient"]], "place": names.places[one["place"]], "repairs": repairs}
        found.append(repr({**one, **named}))
    return sorted(found)


def are_the_same(seen: View, level: Level):
    names = Names()
    expected = names.columns(presences(seen, level))
    found = Index.of_view(seen, level)
    assert told(found.live(), found.names) == told(expected, names)


def stays(patients="ABC"):
    """Stays one after the other, some of which overlap, are open, by day, or spent elsewhere."""
    gap = st.sampled_from([0, 0, 0, 1, 59, 60, 61, 600, 1439, 1440, 4000, -30])
    length = st.sampled_from([1, 30, 59, 60, 61, 90, 719, 1440, 1441, 5000, 0])

    @st.composite
    def of_patient(draw, patient):
        now, found = draw(st.integers(0, 1500)), []
        for n in range(draw(st.integers(0, 4))):
            start = now + draw(gap)
            now = start + draw(length)
            odd = draw(st.sampled_from([*[""] * 12, "open", "by day", "leave", "visit"]))
            stay = Stay(
                stay_id=f"{patient}{n}",
                patient_id=PatientId(patient),
                encounter_id=f"E{draw(st.integers(1, 3))}" if odd == "visit" else None,
                facility_id="Elm",
                ward=draw(st.sampled_from(["2N", "3W"])),
                room=draw(st.sampled_from([None, "201", "202", "202"])),
                bed=draw(st.sampled_from([None, "A"])),
                presence=Presence.LEAVE if odd == "leave" else Presence.PRESENT,
                start=When(at=BEGAN + timedelta(minutes=start)),
                end=None if odd == "open" else When(at=BEGAN + timedelta(minutes=now)),
            )
            if odd == "by day":
                stay = replace(stay, start=When(on=stay.start.at.date()), end=When(on=stay.end.at.date()))
            found.append(replace(stay, bed=stay.bed if stay.room else None))
        return found

    return st.tuples(*(of_patient(p) for p in patients)).map(lambda some: [stay for own in some for stay in own])


at_times = st.none() | st.integers(0, 96).map(lambda n: When(at=BEGAN + timedelta(hours=n)))
map_rows = st.builds(
    Place,
    facility_id=st.just("Elm"),
    level=st.sampled_from([PlaceLevel.ROOM, PlaceLevel.ROOM, PlaceLevel.WARD]),
    ward=st.sampled_from(["2N", "3W"]),
    room=st.sampled_from([None, "201", "202"]),
    kind=st.sampled_from([None, None, PlaceKind.HALLWAY, PlaceKind.MULTI]),
    bathroom=st.sampled_from([None, "X", "Y"]),
    start=st.none() | st.none() | at_times,
    end=st.none() | st.none() | at_times,
)


@settings(max_examples=300)
@given(data=st.data())
def test_the_clear_are_where_the_rules_say(data):
    some = [facility(), *data.draw(stays()), *data.draw(st.lists(map_rows, max_size=3))]
    if data.draw(st.integers(0, 3)) == 0:
        some += [replace(data.draw(encounters), encounter_id="E1", patient_id=PatientId("A"), facility_id="Elm")]
    if data.draw(st.integers(0, 3)) == 0:
        some += [
            Patient(patient_id=PatientId("B"), died=When(at=BEGAN + timedelta(hours=data.draw(st.integers(0, 90)))))
        ]
    seen = view("2026-04-05 12:00", *some)
    for level in Level:
        are_the_same(seen, level)
    event(f"clear: {len(clear_presences(seen, Level.WARD).patients)}")


@settings(max_examples=150)
@given(histories(), st.integers(0, 120), st.sampled_from(list(Level)))
def test_the_clear_of_any_history_are_where_the_rules_say(facts, hours, level):
    are_the_same(View.of_facts(facts, at=BEGAN + timedelta(hours=hours), known_to=len(facts)), level)


@pytest.mark.parametrize("zone", CLOCKS)
@settings(max_examples=60)
@given(minutes=st.lists(st.integers(0, 8 * 1440), min_size=2, max_size=12, unique=True), by=st.sampled_from([1, 30]))
def test_days_and_nights_are_those_of_the_clock_on_the_wall(zone, minutes, by):
    """Stays that end and begin at any half minute of eight days in which the clock is moved."""
    began = datetime.fromisoformat(CLOCKS[zone]).replace(tzinfo=UTC)
    moments = sorted({began + timedelta(minutes=n // by * by, seconds=30 * (n % 2)) for n in minutes})
    rows = [
        Stay(
            stay_id=str(n),
            patient_id=PatientId("A"),
            facility_id="Elm",
            ward="2N" if n % 3 else "3W",
            start=When(at=start),
            end=When(at=end),
        )
        for n, (start, end) in enumerate(pairwise(moments))
    ]
    seen = view("2027-01-01 12:00", facility(zone), *rows)
    assert set(clear_presences(seen, Level.WARD).patients) == ({"A"} if rows else set())
    are_the_same(seen, Level.WARD)


def stay(patient, start, end, **more):
    moments = {name: When(at=at(text)) if text else None for name, text in (("start", start), ("end", end))}
    return Stay(
        stay_id=f"{patient}-{start}", patient_id=PatientId(patient), facility_id="Elm", ward="2N", **moments, **more
    )


FIRST = stay("A", "2026-03-02 10:00", "2026-03-03 10:00", room="201", bed="A")


@pytest.mark.parametrize(
    ("more", "clear"),
    [
        ([], True),
        ([stay("A", "2026-03-03 10:00", "2026-03-04 10:00", room="202")], True),
        ([stay("A", "2026-03-03 10:00", "2026-03-04 10:00", encounter_id="E9")], True),  # a visit nobody told of
        ([stay("A", "2026-03-03 09:59", "2026-03-04 10:00", room="202")], False),
        ([stay("A", "2026-03-03 10:00", None)], False),
        ([stay("A", "2026-03-03 10:00", "2026-03-03 10:00")], False),
        ([stay("A", "2026-03-03 10:00", "2026-03-04 10:00", presence=Presence.LEAVE)], False),
        ([Patient(patient_id=PatientId("A"), died=When(at=at("2026-03-09 10:00")))], False),
        ([Patient(patient_id=PatientId("B"), died=When(at=at("2026-03-09 10:00")))], True),
    ],
)
def test_who_is_clear(more, clear):
    found = clear_presences(view("2026-03-31 12:00", facility(), FIRST, *more), Level.ROOM)
    assert (list(found.patients), found.others) == ((["A"], frozenset()) if clear else ([], frozenset({"A"})))


def test_some_patients_alone_are_read():
    rows = [facility(), FIRST, stay("B", "2026-03-02 10:00", None), stay("C", "2026-03-02 10:00", "2026-03-03 10:00")]
    found = clear_presences(view("2026-03-31 12:00", *rows), Level.WARD, {"B", "C"})
    assert (list(found.patients), found.others) == (["C"], frozenset({"B"}))


def test_a_hallway_is_no_room_and_one_that_was_a_hallway_for_a_time_is_left_to_the_rules():
    hall = Place(facility_id="Elm", level=PlaceLevel.ROOM, ward="2N", room="201", kind=PlaceKind.HALLWAY)
    found = clear_presences(view("2026-03-31 12:00", facility(), FIRST, hall), Level.ROOM)
    assert (list(found.patients), list(found.patient)) == (["A"], [])
    once = replace(hall, start=When(at=at("2026-03-01 10:00")), end=When(at=at("2026-03-02 12:00")))
    assert clear_presences(view("2026-03-31 12:00", facility(), FIRST, once), Level.ROOM).others == {"A"}
