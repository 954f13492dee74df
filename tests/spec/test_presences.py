"""Where people were, and for how long: one story with answers worked out by hand, dialysis, bathrooms, and clocks."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from one_bay import SITE, STORY, in_bed, place, seen, when
from oracles.plain_meetings import all_meetings

from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import (
    DoubtKind,
    Encounter,
    EncounterKind,
    EnzymeCode,
    Found,
    Level,
    PatientId,
    Place,
    PlaceKind,
    PlaceLevel,
    Presence,
    Purpose,
    Resolution,
    Result,
    ResultKind,
    ResultStatus,
    Specimen,
    SpecimenCode,
    doubts,
    midnight,
    presences,
    swaps,
)
from ringfence.trace import pairs


def met(view, level, patient="TEST-P"):
    """Hours with each person, meeting by meeting; where hours are a range, the range."""
    found = {}
    for m in all_meetings(presences(view, level)):
        if patient in (m.a.patient_id, m.b.patient_id):
            other = m.b.patient_id if m.a.patient_id == patient else m.a.patient_id
            found.setdefault(other, []).append(
                m.hours_max if m.hours_min == m.hours_max else (m.hours_min, m.hours_max)
            )
    return found


def test_the_room_of_the_index_was_shared_for_these_hours_and_with_nobody_else():
    assert met(seen(*STORY), Level.ROOM) == {
        "TEST-Q": [139.0],  # 2nd 15:00 to 8th 10:00: the swap of beds neither splits nor doubles it
        "TEST-R": [68.0, 81.0],  # 3rd 14:00 to 6th 10:00; 8th 11:00 to 11th 20:00, when the index left the room
        "TEST-S": [236 + 10 / 60],  # 1st 23:50 to 11th 20:00
        "TEST-V": [45.0],  # 6th 12:00 to 8th 09:00
    }


def test_a_bathroom_that_two_rooms_share_is_shared_by_everyone_in_both():
    shared = met(seen(*STORY), Level.BATHROOM)
    assert shared.pop("TEST-Y") == [72.0]  # 4th 10:00 to 7th 10:00
    assert shared == met(seen(*STORY), Level.ROOM)


def test_people_on_stretchers_of_one_hallway_shared_a_ward_and_no_room():
    view = seen(*STORY)
    assert met(view, Level.WARD)["TEST-W"] == [5.5]  # 08:30 to 14:00
    assert "TEST-W" not in met(view, Level.ROOM) | met(view, Level.BATHROOM)


def test_nobody_at_a_procedure_is_a_room_contact_and_the_bed_was_held_meanwhile():
    view = seen(*STORY)
    assert met(view, Level.WARD)["TEST-X"] == [1.0]
    assert "TEST-X" not in met(view, Level.ROOM) | met(view, Level.BATHROOM)
    own = [p for p in presences(view, Level.ROOM) if (p.patient_id, p.room) == ("TEST-P", "12")]
    assert [(p.starts_from, p.ends_by, p.repairs) for p in own] == [
        (when("2026-02-01 23:50").at, when("2026-02-11 20:00").at, None)
    ]


def test_who_came_into_a_room_after_the_index_left_it_met_them_on_the_ward_only():
    view = seen(*STORY)
    assert "TEST-T" not in met(view, Level.ROOM) | met(view, Level.BATHROOM)
    assert met(view, Level.WARD)["TEST-T"] == [59.0]  # 11th 22:00 to 14th 09:00


@pytest.mark.parametrize("as_of", ["2026-02-03 10:30", "2026-02-03 20:00"])
def test_a_bed_whose_stay_is_still_open_is_not_given_up_for_a_procedure(as_of):
    here = [p for p in presences(seen(*STORY, as_of=as_of), Level.ROOM) if p.patient_id == "TEST-P"]
    assert [(p.room, p.open, p.ends_by) for p in here] == [("12", True, when(as_of).at)]


def test_the_swap_is_named_once_with_the_four_stays():
    (swap,) = swaps(seen(*STORY))
    assert (swap.patient_a, swap.patient_b, swap.moved_a) == ("TEST-P", "TEST-Q", when("2026-02-05 09:00").at)
    assert (swap.from_bed, swap.to_bed) == ((SITE, "5W", "12", "A"), (SITE, "5W", "12", "C"))
    assert swap.about == tuple(
        f"stays:{name}"
        for name in (
            "TEST-P/5W-12-A/02-01 23:50",
            "TEST-P/5W-12-C/02-05 09:00",
            "TEST-Q/5W-12-C/02-02 15:00",
            "TEST-Q/5W-12-A/02-05 09:00",
        )
    )


def found_as_of(as_of, reported):
    specimen = Specimen(
        specimen_id="S",
        patient_id=PatientId("TEST-P"),
        facility_id=SITE,
        kind=SpecimenCode("urine"),
        purpose=Purpose.CLINICAL,
        collected=when("2026-02-05 09:00"),
    )
    result = Result(
        result_id="R",
        specimen_id="S",
        kind=ResultKind.GENE,
        analyte=EnzymeCode("KPC"),
        found=Found.DETECTED,
        status=ResultStatus.FINAL,
        reported=when(reported),
    )
    return analyze(seen(*STORY, specimen, result, as_of=as_of), load_policy("nl"))


def test_contacts_are_told_at_the_closest_level_with_its_hours():
    found = found_as_of("2026-02-11 17:00", "2026-02-11 16:00")
    told = {c.contact_patient_id: (c.level, round(c.hours_max, 2), c.repairs) for c in found.contacts}
    assert told == {
        "TEST-Q": (Level.ROOM, 139.0, None),
        "TEST-R": (Level.ROOM, 146.0, None),  # 68 h, and 78 h to 11th 17:00
        "TEST-S": (Level.ROOM, 233.17, None),  # to 11th 17:00: 233 h 10 min
        "TEST-V": (Level.ROOM, 45.0, None),
        "TEST-Y": (Level.BATHROOM, 72.0, None),
        "TEST-W": (Level.WARD, 5.5, None),
        "TEST-X": (Level.WARD, 1.0, None),
    }
    (bathroom,) = [e for e in found.exposures if e.level is Level.BATHROOM and e.contact_patient_id == "TEST-Y"]
    assert (bathroom.ward, bathroom.room, bathroom.nights) == ("5W", "BR1213", 3)


def test_the_task_of_a_contact_says_that_it_was_a_bathroom():
    because = {t.patient_id: t.because for t in found_as_of("2026-02-06 11:00", "2026-02-06 08:00").tasks}
    assert because["TEST-Y"].startswith("shared a bathroom with TEST-P:KPC:1")
    assert because["TEST-Q"].startswith("shared a room with TEST-P:KPC:1")


# ------------------------------------------------------------------------------------------------------------ bathrooms


def test_without_bathrooms_on_the_map_nobody_shared_one_and_each_ward_says_unknown():
    rows = [row for row in STORY if not (isinstance(row, Place) and row.bathroom)]
    view = seen(*rows)
    assert presences(view, Level.BATHROOM) == []
    unknown = [d for d in doubts(view) if d.kind is DoubtKind.NO_BATHROOMS]
    assert [(d.facility_id, d.ward, d.patient_id) for d in unknown] == [(SITE, "5W", None), (SITE, "ED", None)]
    unused = place(PlaceLevel.BATHROOM, "5W", place_id="BR1213")
    assert [d for d in doubts(seen(*rows, unused)) if d.kind is DoubtKind.NO_BATHROOMS] == unknown
    with_map = [(d.ward, d.room) for d in doubts(seen(*STORY)) if d.kind is DoubtKind.NO_BATHROOMS]
    assert with_map == [("5W", "20"), ("ED", None)]


def bathrooms(*rows):
    return [(p.room, p.starts_from, p.ends_by) for p in presences(seen(*rows), Level.BATHROOM)]


def test_a_bed_with_its_own_bathroom_does_not_use_that_of_the_room():
    stay = in_bed("TEST-A", "5W-12-A", "02-01 08:00", "02-03 08:00")
    of_room = place(PlaceLevel.ROOM, "5W", "12", bathroom="shared")
    of_bed = place(PlaceLevel.BED, "5W", "12", "A", bathroom="own")
    assert bathrooms(stay, of_room, of_bed) == [("own", stay.start.at, stay.end.at)]
    assert bathrooms(replace(stay, bed="B"), of_room, of_bed) == [("shared", stay.start.at, stay.end.at)]


def test_a_bathroom_holds_for_the_dates_on_the_map():
    stay = in_bed("TEST-A", "5W-12-A", "02-01 08:00", "02-09 08:00")
    change, back = when("2026-02-04 12:00"), when("2026-02-06 12:00")
    rows = [
        place(PlaceLevel.ROOM, "5W", "12", bathroom="old", end=change),
        place(PlaceLevel.ROOM, "5W", "12", bathroom="new", start=change),
        place(PlaceLevel.BED, "5W", "12", "A", bathroom="own", start=back),
    ]
    assert bathrooms(stay, *rows) == [
        ("old", stay.start.at, change.at),
        ("new", change.at, back.at),
        ("own", back.at, stay.end.at),
    ]
    assert bathrooms(stay, rows[2]) == [("own", back.at, stay.end.at)]


def test_a_bathroom_that_changed_on_a_date_was_the_one_or_the_other_on_that_day():
    stay = in_bed("TEST-A", "5W-12", "02-01 08:00", "02-09 08:00")
    view = seen(
        stay,
        place(PlaceLevel.ROOM, "5W", "12", bathroom="old", end=when("2026-02-04")),
        place(PlaceLevel.ROOM, "5W", "12", bathroom="new", start=when("2026-02-04")),
    )
    day, next_day = when("2026-02-04 00:00").at, when("2026-02-05 00:00").at
    old, new = presences(view, Level.BATHROOM)
    assert (old.ends_from, old.ends_by, old.resolution) == (day, next_day, Resolution.DAY)
    assert (new.starts_from, new.starts_by, new.ends_by) == (day, next_day, stay.end.at)


def test_bathrooms_of_one_name_on_two_wards_are_two():
    rows = [
        in_bed("TEST-A", "5W-12", "02-01 08:00", "02-02 08:00"),
        in_bed("TEST-B", "6W-12", "02-01 08:00", "02-02 08:00"),
        *(place(PlaceLevel.ROOM, ward, "12", bathroom="BR1") for ward in ("5W", "6W")),
    ]
    assert met(seen(*rows), Level.BATHROOM, "TEST-A") == {}


def test_pairs_at_bathroom_level_name_the_bathroom():
    (pair,) = [
        p
        for p in pairs(presences(seen(*STORY), Level.BATHROOM), level=Level.BATHROOM)
        if (p.patient_a, p.patient_b) == ("TEST-P", "TEST-Y")
    ]
    assert (pair.ward, pair.room, pair.days, pair.nights) == ("5W", "BR1213", 4, 3)


# ------------------------------------------------------------------------------------------------------------- dialysis

RECURRING = Encounter(
    encounter_id="R-77",
    patient_id=PatientId("TEST-D"),
    facility_id=SITE,
    kind=EncounterKind.OUTPATIENT,
    start=when("2024-06-03 12:30"),
    recurring=True,
)
CASE_IN_C6 = in_bed("TEST-P", "Renal-C6", "02-11 13:00", "02-11 17:00")
CHAIRS = [place(PlaceLevel.ROOM, "Renal", chair, kind=PlaceKind.CHAIR) for chair in ("C5", "C6")]


def sessions(*days, **more):
    return [in_bed("TEST-D", "Renal-C5", f"{day} 13:00", f"{day} 17:00", encounter_id="R-77", **more) for day in days]


def test_a_dialysis_patient_is_exposed_by_session_stays_alone():
    rows = [RECURRING, *CHAIRS, CASE_IN_C6, *sessions("02-09", "02-11", "02-13")]
    view = seen(*rows)
    assert met(view, Level.WARD) == {"TEST-D": [4.0]}
    assert met(view, Level.ROOM) == met(view, Level.BATHROOM) == {}
    assert [d.kind for d in doubts(view) if d.patient_id == "TEST-D"] == []


def test_a_recurring_visit_without_sessions_exposes_nobody_and_is_in_doubt():
    as_a_stay = in_bed("TEST-D", "Renal-C5", "01-03 12:30", "02-20 12:00", encounter_id="R-77")
    for rows in ([], [as_a_stay]):
        view = seen(RECURRING, *CHAIRS, CASE_IN_C6, *rows)
        assert met(view, Level.WARD) == {}
        (doubt,) = [d for d in doubts(view) if d.kind is DoubtKind.NO_SESSIONS]
        assert (doubt.patient_id, doubt.about, doubt.start) == ("TEST-D", ("encounters:R-77",), RECURRING.start)


def test_a_session_without_an_end_is_over_by_midnight_and_nobody_knows_since_when():
    (session,) = sessions("02-11")
    left_open = in_bed("TEST-D", "Renal-C5", "02-11 13:00", encounter_id="R-77")
    later = sessions("02-13")
    view = seen(RECURRING, *CHAIRS, CASE_IN_C6, left_open, *later)
    (first, second) = [p for p in presences(view, Level.WARD) if p.patient_id == "TEST-D"]
    assert (first.starts_by, first.ends_from, first.ends_by) == (
        session.start.at,
        session.start.at,
        when("2026-02-12 00:00").at,
    )
    assert (first.repairs, second.repairs) == ("open", None)
    assert met(view, Level.WARD) == {"TEST-D": [(0.0, 4.0)]}
    while_there = seen(RECURRING, *CHAIRS, CASE_IN_C6, left_open, as_of="2026-02-11 15:00")
    assert [p.open for p in presences(while_there, Level.WARD) if p.patient_id == "TEST-D"] == [True]


def test_a_session_does_not_end_the_open_stay_of_a_bed():
    rows = [in_bed("TEST-D", "5W-12-A", "02-10 09:00"), RECURRING, *sessions("02-11")]
    bed = [p for p in presences(seen(*rows), Level.ROOM) if p.room == "12"]
    assert [(p.open, p.repairs) for p in bed] == [(True, "overlap")]


# ----------------------------------------------------------------------------------------------------- leave, held beds


@pytest.mark.parametrize("absence", [Presence.LEAVE, Presence.HELD])
def test_leave_and_a_held_bed_inside_a_stay_cut_it_in_two(absence):
    rows = [
        in_bed("TEST-P", "5W-12-A", "02-01 10:00", "02-09 10:00"),
        in_bed("TEST-P", "5W-12-A", "02-03 10:00", "02-04 10:00", presence=absence),
        in_bed("TEST-A", "5W-12-B", "02-01 10:00", "02-09 10:00"),
    ]
    view = seen(*rows)
    for level in (Level.ROOM, Level.WARD):
        assert met(view, level) == {"TEST-A": [48.0, 120.0]}
    assert {p.repairs for p in presences(view, Level.ROOM) if p.patient_id == "TEST-P"} == {"leave"}


# ----------------------------------------------------------------------------------------------------- days and clocks

NIGHTS = [
    # Clocks forward, a day of 23 hours; back, one of 25.
    ("Europe/Amsterdam", "2026-03-28 12:00", "2026-03-29 12:00", 23, 1),
    ("Europe/Amsterdam", "2026-10-24 12:00", "2026-10-25 12:00", 25, 1),
    ("America/Vancouver", "2026-03-07 12:00", "2026-03-08 12:00", 23, 1),
    ("America/Vancouver", "2026-10-31 12:00", "2026-11-01 12:00", 25, 1),
    ("America/Vancouver", "2026-03-01 00:00", "2026-03-15 00:00", 14 * 24 - 1, 14),
    # No 00:00 on 4 November 2018: the day began at 01:00.
    ("America/Sao_Paulo", "2018-11-03 12:00", "2018-11-04 12:00", 23, 1),
    ("America/Sao_Paulo", "2018-11-04 01:00", "2018-11-04 12:00", 11, 1),
    ("America/Sao_Paulo", "2018-11-03 12:00", "2018-11-04 01:00", 12, 0),
    # No 30 December 2011 at all: from the 29th to the 31st is one midnight.
    ("Pacific/Apia", "2011-12-29 12:00", "2011-12-31 12:00", 24, 1),
    ("Pacific/Apia", "2011-12-28 12:00", "2012-01-01 12:00", 72, 3),
]


@pytest.mark.parametrize(("name", "start", "end", "hours", "nights"), NIGHTS)
def test_hours_and_nights_over_changes_of_the_clock(name, start, end, hours, nights):
    zone = ZoneInfo(name)
    rows = [in_bed(p, "5W-12", start, end, zone=zone, year="") for p in ("TEST-A", "TEST-B")]
    (meeting,) = all_meetings(presences(seen(*rows, as_of="2026-12-01 12:00", zone=zone), Level.ROOM))
    assert (meeting.hours_min, meeting.hours_max, len(meeting.nights_on)) == (hours, hours, nights)


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        ("Europe/Amsterdam", "2026-03-29", 23),
        ("Europe/Amsterdam", "2026-10-25", 25),
        ("America/Vancouver", "2026-03-08", 23),
        ("America/Vancouver", "2026-11-01", 25),
        ("America/Sao_Paulo", "2018-11-04", 23),
        ("America/Sao_Paulo", "2018-02-17", 25),
        ("Pacific/Apia", "2011-12-29", 24),
        ("Pacific/Apia", "2011-12-30", 0),
        ("Pacific/Apia", "2011-12-31", 24),
    ],
)
def test_a_date_means_the_whole_local_day_however_long_it_was(name, day, hours):
    zone = ZoneInfo(name)
    assert when(day).latest(zone) - when(day).earliest(zone) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("name", "day"), [("America/Sao_Paulo", "2018-11-04"), ("Europe/Amsterdam", "2026-03-29"), ("UTC", "2026-01-01")]
)
def test_midnight_is_the_first_instant_of_the_day(name, day):
    zone, that = ZoneInfo(name), date.fromisoformat(day)
    first = midnight(that, zone)
    assert first.astimezone(zone).date() == that
    assert (first - timedelta(microseconds=1)).astimezone(zone).date() == that - timedelta(days=1)


def test_a_stay_by_dates_over_a_day_that_never_was_has_one_night_less():
    zone = ZoneInfo("Pacific/Apia")
    rows = [in_bed(p, "5W", "2011-12-28", "2012-01-01", zone=zone, year="") for p in ("TEST-A", "TEST-B")]
    view = seen(*rows, as_of="2012-02-01 12:00", zone=zone)
    (pair,) = pairs(presences(view, Level.WARD), level=Level.WARD)
    # The 28th, 29th and 31st and the 1st; and the midnights that began the 29th, the 31st and the 1st.
    assert (pair.days, pair.nights) == (4, 3)


def test_a_stay_of_one_date_is_a_visit_of_at_most_that_day_and_no_night():
    rows = [in_bed(p, "5W", "02-03", "02-03") for p in ("TEST-A", "TEST-P")]
    (meeting,) = all_meetings(presences(seen(*rows), Level.WARD))
    assert (meeting.hours_min, meeting.hours_max, meeting.nights_on) == (0.0, 24.0, ())
    assert meeting.days_on == (date(2026, 2, 3),)


def test_who_came_on_a_day_and_left_at_an_hour_of_it_came_by_that_hour():
    """So they came after nobody who was still there then: found at random, when B was said to come after A."""
    stay = in_bed("TEST-B", "5W", "02-03", "02-03 10:00")
    (came,) = presences(seen(stay), Level.WARD)
    assert (came.starts_by, came.ends_by) == (stay.end.at, stay.end.at)
    stay = in_bed("TEST-C", "5W", "02-03 14:00", "02-03")
    (left,) = presences(seen(stay), Level.WARD)
    assert (left.starts_from, left.ends_from) == (stay.start.at, stay.start.at)
