"""The repair of movements, one repair after another, and what stays in doubt."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from builders import ZONE, admission, at, facility, room, stay, view, when

from ringfence.record import (
    DoubtKind,
    EncounterKind,
    Level,
    Patient,
    PatientId,
    PlaceKind,
    Presence,
    Repair,
    doubts,
    presences,
    repaired_stays,
    swaps,
)

NOW = "2026-03-31 12:00"


def day(n):
    """The n-th of March at 10:00, or nothing."""
    return None if n is None else f"2026-03-{n:02d} 10:00"


def bed(name, start, end=None, **more):
    """`2N-201-A` from the start-th to the end-th of March, always at 10:00; of TEST-A unless it says otherwise."""
    ward, room_, bed_ = (*name.split("-"), None, None)[:3]
    patient = more.pop("patient", "TEST-A")
    return stay(patient, ward, day(start), day(end), room_, bed=bed_, **more)


def died(n, patient="TEST-A"):
    return Patient(patient_id=PatientId(patient), died=when(day(n)))


def told(*rows, as_of=NOW):
    """Each repaired stay: its place, the days it spans, and its repairs; those set aside begin with `not`."""
    return [
        (
            ("" if one.used else "not ") + "-".join(filter(None, (one.stay.ward, one.stay.room, one.stay.bed))),
            span(one),
            ";".join(one.repairs),
        )
        for one in repaired_stays(view(as_of, *rows))
    ]


def span(one):
    """`1-5` is from the 1st to the 5th; `4/6-9` began between the 4th and the 6th; `1-` is still going on."""
    start, end = {one.stay.start, one.starts_by}, {one.ends_from, one.stay.end}
    return f"{sides(start)}-{sides(end)}"


def sides(moments):
    return "/".join(map(str, sorted(m.day(ZONE).day for m in moments if m)))


# ------------------------------------------------------------------------------------------------ duplicates, touching


def test_a_row_that_is_there_twice_counts_once():
    twice = [bed("2N-201-A", 1, 5), bed("2N-201-A", 1, 5, stay_id="again")]
    assert told(*twice) == [("2N-201-A", "1-5", ""), ("not 2N-201-A", "1-5", "duplicate")]


def test_of_two_rows_of_one_place_and_start_the_one_whose_end_is_known_counts():
    rows = [bed("2N-201-A", 1, stay_id="first"), bed("2N-201-A", 1, 5, stay_id="second")]
    assert told(*rows) == [("2N-201-A", "1-5", "duplicate"), ("not 2N-201-A", "1-", "duplicate")]


def test_of_two_ends_the_later_counts():
    rows = [bed("2N-201-A", 1, 7, stay_id="first"), bed("2N-201-A", 1, 5, stay_id="second")]
    assert told(*rows) == [("2N-201-A", "1-7", "duplicate"), ("not 2N-201-A", "1-5", "duplicate")]


def test_rows_of_one_place_that_touch_or_overlap_are_one_time_there_and_no_repair():
    rows = [bed("2N-201-A", 1, 4), bed("2N-201-A", 4, 6), bed("2N-201-A", 5, 9)]
    (one,) = repaired_stays(view(NOW, *rows))
    assert (span(one), one.repairs, one.repaired) == ("1-9", (Repair.TOUCHING,), False)
    assert one.rows == tuple(rows)


# --------------------------------------------------------------------------------------------------------------- open


def test_an_open_stay_ends_where_the_next_in_another_place_begins():
    assert told(bed("2N-201-A", 1), bed("3W-1-A", 4, 6)) == [("2N-201-A", "1-4", "open"), ("3W-1-A", "4-6", "")]


def test_another_row_of_the_same_place_does_not_end_it():
    rows = [bed("2N-201-A", 1), bed("2N-201-A", 3, 5), bed("3W-1-A", 8, 9)]
    assert told(*rows) == [("2N-201-A", "1-8", "touching;open"), ("3W-1-A", "8-9", "")]


def test_an_open_stay_ends_with_its_visit():
    visit = admission("TEST-A", day(1), day(6))
    assert told(visit, bed("2N-201-A", 1, encounter_id=visit.encounter_id)) == [("2N-201-A", "1-6", "open")]


def test_the_visit_ends_it_also_when_the_patient_came_back_later():
    visit, again = admission("TEST-A", day(1), day(6)), admission("TEST-A", day(20))
    rows = [bed("2N-201-A", 1, encounter_id=visit.encounter_id), bed("2N-201-A", 20, encounter_id=again.encounter_id)]
    assert told(visit, again, *rows) == [("2N-201-A", "1-6", "open"), ("2N-201-A", "20-", "")]


def test_an_open_stay_ends_at_death_and_otherwise_goes_on():
    assert told(died(7), bed("2N-201-A", 1)) == [("2N-201-A", "1-7", "open")]
    assert told(bed("2N-201-A", 1)) == [("2N-201-A", "1-", "")]


def test_a_later_end_undoes_the_repair():
    rows = [bed("2N-201-A", 1, stay_id="s"), bed("3W-1-A", 4, 6)]
    ended = [replace(rows[0], end=when(day(3))), rows[1]]
    assert told(*ended) == [("2N-201-A", "1-3", ""), ("3W-1-A", "4-6", "")]


def test_two_stays_open_at_once_since_one_moment_are_both_kept_open():
    rows = [bed("2N-201-A", 1), bed("3W-1-A", 1)]
    assert told(*rows) == [("2N-201-A", "1-", "overlap"), ("3W-1-A", "1-", "overlap")]


def test_two_open_stays_since_one_date_are_both_kept_open():
    rows = [stay("TEST-A", ward, "2026-03-01") for ward in ("2N", "3W")]
    assert told(*rows) == [("2N", "1-", "overlap"), ("3W", "1-", "overlap")]


def test_a_way_back_to_an_open_bed_is_a_new_time_there():
    rows = [bed("2N-201-A", 1), bed("3W-1-A", 4, 6), bed("2N-201-A", 6)]
    assert told(*rows) == [("2N-201-A", "1-4", "open"), ("3W-1-A", "4-6", ""), ("2N-201-A", "6-", "")]


@pytest.mark.parametrize("kind", [PlaceKind.PROCEDURE, PlaceKind.VIRTUAL, PlaceKind.WAITING])
def test_an_open_bed_is_not_given_up_for_a_procedure(kind):
    rows = [room("DI", "2", kind), bed("2N-201-A", 1), bed("DI-2", 4, 5)]
    assert told(*rows) == [("2N-201-A", "1-", ""), ("DI-2", "4-5", "")]
    assert told(*rows[1:])[0] == ("2N-201-A", "1-4", "open")


# ------------------------------------------------------------------------------------------------------------- overlap


def test_in_the_part_that_two_stays_share_it_is_not_known_where_the_patient_was():
    rows = [bed("2N-201-A", 1, 6), bed("3W-1-A", 4, 9)]
    assert told(*rows) == [("2N-201-A", "1-4/6", "overlap"), ("3W-1-A", "4/6-9", "overlap")]
    first, second = presences(view(NOW, *rows), Level.WARD)
    assert (first.starts_from, first.ends_from, first.ends_by) == tuple(at(day(n)) for n in (1, 4, 6))
    assert (second.starts_from, second.starts_by, second.ends_by) == tuple(at(day(n)) for n in (4, 6, 9))


def test_two_beds_of_one_ward_leave_no_doubt_of_the_ward():
    (one,) = presences(view(NOW, bed("2N-201-A", 1, 6), bed("2N-202-A", 4, 9)), Level.WARD)
    assert (one.starts_by, one.ends_from, one.repairs) == (at(day(1)), at(day(9)), "overlap")


def test_a_stay_inside_another_leaves_both_whole():
    rows = [bed("2N-201-A", 1, 10), bed("3W-1-A", 3, 5)]
    assert told(*rows) == [("2N-201-A", "1-10", "overlap"), ("3W-1-A", "3-5", "overlap")]


@pytest.mark.parametrize("kind", [PlaceKind.PROCEDURE, PlaceKind.VIRTUAL, PlaceKind.WAITING])
def test_a_procedure_inside_a_stay_leaves_nothing_in_doubt(kind):
    rows = [bed("2N-201-A", 1, 10), bed("DI-2", 3, 5)]
    assert told(room("DI", "2", kind), *rows) == [("2N-201-A", "1-10", ""), ("DI-2", "3-5", "")]


def test_three_stays_at_once_are_doubted_pair_by_pair():
    rows = [bed("2N-1-A", 1, 6), bed("3W-1-A", 4, 9), bed("4E-1-A", 5, 12)]
    assert told(*rows) == [
        ("2N-1-A", "1-4/6", "overlap"),
        ("3W-1-A", "4/6-5/9", "overlap"),
        ("4E-1-A", "5/9-12", "overlap"),
    ]


def test_the_ward_alone_and_a_bed_of_it_are_one_place():
    rows = [bed("2N", 1, 6), bed("2N-201-A", 4, 9)]
    assert [repairs for *_, repairs in told(*rows)] == ["", ""]


def test_two_stays_by_date_that_share_a_day_are_no_overlap():
    rows = [stay("TEST-A", "2N", "2026-03-01", "2026-03-04"), stay("TEST-A", "3W", "2026-03-04", "2026-03-06")]
    assert [repairs for *_, repairs in told(*rows)] == ["", ""]


def test_two_stays_by_date_that_share_more_than_a_change_of_place_can_are_one():
    rows = [stay("TEST-A", "2N", "2026-03-01", "2026-03-05"), stay("TEST-A", "3W", "2026-03-03", "2026-03-08")]
    assert [repairs for *_, repairs in told(*rows)] == ["overlap", "overlap"]
    first, second = presences(view(NOW, *rows), Level.WARD)
    # It changed between the start of the 3rd and the end of the 5th.
    assert (first.ends_from, first.ends_by) == (at("2026-03-03 00:00"), at("2026-03-06 00:00"))
    assert (second.starts_from, second.starts_by) == (at("2026-03-03 00:00"), at("2026-03-06 00:00"))


# ------------------------------------------------------------------------------------------------- impossible and death


def test_a_stay_that_ends_before_it_starts_is_set_aside():
    assert told(bed("2N-201-A", 5, 3), bed("3W-1-A", 6, 8)) == [
        ("not 2N-201-A", "5-3", "impossible"),
        ("3W-1-A", "6-8", ""),
    ]
    assert presences(view(NOW, bed("2N-201-A", 5, 3)), Level.WARD) == []


def test_a_stay_that_begins_after_death_is_set_aside_and_one_that_ends_after_it_is_cut():
    rows = [died(5), bed("2N-201-A", 1, 8), bed("3W-1-A", 8, 9)]
    assert told(*rows) == [("2N-201-A", "1-5", "died"), ("not 3W-1-A", "8-9", "impossible")]


def test_a_stay_set_aside_ends_no_other():
    assert told(died(9), bed("2N-201-A", 1), bed("3W-1-A", 5, 3)) == [
        ("2N-201-A", "1-9", "open"),
        ("not 3W-1-A", "5-3", "impossible"),
    ]


def test_two_facilities_at_one_time_are_both_kept_and_marked():
    rows = [facility(), facility("UTC", "Oak"), bed("2N-201-A", 1, 6), bed("2N-201-A", 4, 9, facility_id="Oak")]
    assert told(*rows) == [("2N-201-A", "1-6", "impossible"), ("2N-201-A", "4-9", "impossible")]


# -------------------------------------------------------------------------------------------------------- leave and held


def test_leave_inside_a_stay_gives_two_pieces_of_it():
    rows = [bed("2N-201-A", 1, 9), bed("2N-201-A", 3, 5, presence=Presence.LEAVE)]
    assert told(*rows) == [("2N-201-A", "1-3", "leave"), ("2N-201-A", "3-5", ""), ("2N-201-A", "5-9", "leave")]


def test_leave_over_a_stay_leaves_nothing_of_it_and_the_stay_is_set_aside():
    rows = [bed("2N-201-A", 4, 5), bed("2N-201-A", 3, 6, presence=Presence.LEAVE)]
    assert told(*rows) == [("2N-201-A", "3-6", ""), ("not 2N-201-A", "4-5", "leave")]


def test_leave_over_the_end_of_a_stay_cuts_its_end():
    rows = [bed("2N-201-A", 1, 5), bed("2N-201-A", 3, 7, presence=Presence.LEAVE)]
    assert told(*rows) == [("2N-201-A", "1-3", "leave"), ("2N-201-A", "3-7", "")]


def test_an_open_leave_lasts_until_the_patient_is_back():
    rows = [bed("2N-201-A", 1), bed("2N-201-A", 3, presence=Presence.LEAVE), bed("2N-201-A", 6)]
    assert told(*rows) == [
        ("2N-201-A", "1-3", "touching;leave"),
        ("2N-201-A", "3-6", "open"),
        ("2N-201-A", "6-", "touching;leave"),
    ]
    assert [p.open for p in presences(view(NOW, *rows[:2]), Level.WARD)] == [False]


def test_a_bed_held_for_somebody_elsewhere_pauses_that_bed_and_not_the_other_place():
    rows = [
        bed("2N-201-A", 1, 9),
        bed("2N-201-A", 3, 5, presence=Presence.HELD),
        bed("ICU-1-A", 3, 5),
    ]
    assert told(*rows) == [
        ("2N-201-A", "1-3", "leave"),
        ("2N-201-A", "3-5", ""),
        ("ICU-1-A", "3-5", ""),
        ("2N-201-A", "5-9", "leave"),
    ]


def test_leave_from_another_bed_of_the_facility_pauses_the_stay_but_not_one_elsewhere():
    rows = [bed("2N-201-A", 1, 9), bed("AWAY", 3, 5, presence=Presence.LEAVE)]
    assert [s for place, s, _ in told(*rows) if place == "2N-201-A"] == ["1-3", "5-9"]
    oak = [facility(), facility("UTC", "Oak"), replace(rows[1], facility_id="Oak"), rows[0]]
    assert [s for place, s, _ in told(*oak) if place == "2N-201-A"] == ["1-9"]


def test_the_order_in_which_two_absences_arrive_changes_nothing():
    rows = [
        stay("TEST-A", "2N", "2026-03-24 15:00", "2026-03-28 06:00"),
        stay("TEST-A", "3W", "2026-03-24 15:30", "2026-03-28", presence=Presence.LEAVE),
        stay("TEST-A", "2N", "2026-03-28", presence=Presence.LEAVE),
        stay("TEST-A", "3W", "2026-03-28 00:00", "2026-03-28 01:00"),
    ]
    every = [repaired_stays(view(NOW, *mixed)) for mixed in permutations(rows)]
    assert all(found == every[0] for found in every)


# ---------------------------------------------------------------------------------------------------------- recurring


def series(kind=EncounterKind.DIALYSIS, **more):
    return admission("TEST-A", day(1), kind=kind, encounter_id="R", **more)


@pytest.mark.parametrize(
    "visit",
    [series(), series(EncounterKind.OUTPATIENT), series(EncounterKind.EMERGENCY, recurring=True)],
    ids=["dialysis", "outpatient", "marked recurring"],
)
def test_a_stay_of_a_recurring_visit_that_lasts_past_midnight_is_the_visit_and_is_set_aside(visit):
    assert told(visit, bed("2N-1-A", 2, 9, encounter_id="R")) == [("not 2N-1-A", "2-9", "recurring")]


def test_a_session_that_ends_at_midnight_is_a_session():
    until = stay("TEST-A", "2N", "2026-03-02 20:00", "2026-03-03 00:00", encounter_id="R")
    past = replace(until, end=when("2026-03-03 00:01"))
    by_date = [stay("TEST-A", "2N", "2026-03-02", end, encounter_id="R") for end in ("2026-03-02", "2026-03-03")]
    assert [told(series(), one)[0][0] for one in (until, past, *by_date)] == ["2N", "not 2N", "2N", "not 2N"]


def test_a_stay_of_an_admission_may_last():
    visit = admission("TEST-A", day(1), encounter_id="R")
    assert told(visit, bed("2N-1-A", 2, 9, encounter_id="R")) == [("2N-1-A", "2-9", "")]


def test_an_open_session_does_not_last_to_the_next():
    rows = [series(), bed("2N-1-A", 2, encounter_id="R"), bed("2N-1-A", 9, 9, encounter_id="R")]
    first, _ = repaired_stays(view(NOW, *rows))
    assert (first.ends_from, first.stay.end, first.repairs) == (
        when(day(2)),
        when("2026-03-03 00:00"),
        (Repair.OPEN,),
    )


# ---------------------------------------------------------------------------------------------------------------- swaps

SWAP = [
    bed("2N-201-A", 1, 5),
    bed("2N-201-C", 5, 9),
    bed("2N-201-C", 2, 5, patient="TEST-B"),
    bed("2N-201-A", 5, 8, patient="TEST-B"),
]


def test_two_patients_who_exchange_beds_within_the_hour_are_named_and_nothing_changes():
    moved = when(day(5)).at + timedelta(minutes=59)
    later = [*SWAP[:3], replace(SWAP[3], start=replace(when(day(5)), at=moved))]
    for rows in (SWAP, later):
        (swap,) = swaps(view(NOW, *rows))
        assert (swap.patient_a, swap.patient_b) == ("TEST-A", "TEST-B")
        assert not any(one.repaired for one in repaired_stays(view(NOW, *rows)))


def test_a_move_into_a_bed_that_was_left_the_day_before_is_no_swap():
    assert swaps(view(NOW, *SWAP[:3], replace(SWAP[3], start=when(day(6))))) == []
    assert swaps(view(NOW, *SWAP[:3])) == []


# --------------------------------------------------------------------------------------------------------------- doubts


def in_doubt(*rows, kind):
    return [
        (d.patient_id, d.ward, d.about, sides({d.start}), sides({d.end}))
        for d in doubts(view(NOW, *rows))
        if d.kind is kind
    ]


def test_time_within_a_visit_that_no_stay_covers_is_in_doubt_and_is_not_filled():
    visit = admission("TEST-A", day(1), day(20), encounter_id="E")
    rows = [bed("2N-201-A", 2, 5), bed("2N-201-A", 8, 12), bed("3W-1-A", 12, 20)]
    assert in_doubt(visit, *rows, kind=DoubtKind.GAP) == [
        ("TEST-A", None, ("encounters:E",), "1", "2"),
        ("TEST-A", None, ("encounters:E",), "5", "8"),
    ]
    assert [s for _, s, _ in told(visit, *rows)] == ["2-5", "8-12", "12-20"]


def test_a_visit_without_stays_is_all_in_doubt_and_an_outpatient_visit_has_no_gaps():
    visit = admission("TEST-A", day(1), encounter_id="E")
    assert in_doubt(visit, kind=DoubtKind.GAP) == [("TEST-A", None, ("encounters:E",), "1", "")]
    assert in_doubt(replace(visit, kind=EncounterKind.OUTPATIENT), kind=DoubtKind.GAP) == []


def test_stays_by_date_leave_no_gap_where_they_may_touch():
    visit = admission("TEST-A", "2026-03-01", "2026-03-09")
    rows = [stay("TEST-A", "2N", "2026-03-01", "2026-03-04"), stay("TEST-A", "3W", "2026-03-04", "2026-03-09")]
    assert in_doubt(visit, *rows, kind=DoubtKind.GAP) == []


def test_a_stay_that_was_set_aside_says_nothing_of_where_the_patient_was():
    visit = admission("TEST-A", day(1), day(9), encounter_id="E")
    assert in_doubt(visit, bed("2N-201-A", 9, 1), kind=DoubtKind.GAP) == [("TEST-A", None, ("encounters:E",), "1", "9")]


def test_a_visit_in_sessions_without_any_is_in_doubt():
    assert in_doubt(series(), kind=DoubtKind.NO_SESSIONS) == [("TEST-A", None, ("encounters:R",), "1", "")]
    session = stay("TEST-A", "2N", "2026-03-02 13:00", "2026-03-02 17:00", encounter_id="R")
    assert in_doubt(series(), session, kind=DoubtKind.NO_SESSIONS) == []
    assert len(in_doubt(series(), replace(session, encounter_id=None), kind=DoubtKind.NO_SESSIONS)) == 1


def test_a_stay_that_names_the_visit_of_somebody_else_is_kept_and_not_ended_by_it():
    visit = admission("TEST-B", day(1), day(6), encounter_id="E")
    mistaken = bed("2N-201-A", 1, encounter_id="E", stay_id="S")
    assert told(visit, mistaken) == [("2N-201-A", "1-", "")]
    assert in_doubt(visit, mistaken, kind=DoubtKind.OTHER_VISIT) == [
        ("TEST-A", "2N", ("stays:S", "encounters:E"), "1", "")
    ]


def test_a_stay_outside_the_time_of_its_visit_is_in_doubt_and_counts_as_reported():
    visit = admission("TEST-A", day(3), day(9), encounter_id="E")
    early, late, after, inside = (
        bed("2N-201-A", start, end, encounter_id="E", stay_id=f"{start}")
        for start, end in ((1, 4), (4, 12), (13, 14), (3, 9))
    )
    for one in (early, late, after):
        assert [about[0] for _, _, about, *_ in in_doubt(visit, one, kind=DoubtKind.OUTSIDE_VISIT)] == [
            f"stays:{one.stay_id}"
        ]
        assert told(visit, one)[0][2] == ""
    assert in_doubt(visit, inside, kind=DoubtKind.OUTSIDE_VISIT) == []


def test_a_stay_by_date_may_have_begun_after_its_visit_on_that_day():
    visit = admission("TEST-A", "2026-03-03 18:00", "2026-03-09 08:00", encounter_id="E")
    by_date = stay("TEST-A", "2N", "2026-03-03", "2026-03-09", encounter_id="E")
    assert in_doubt(visit, by_date, kind=DoubtKind.OUTSIDE_VISIT) == []
