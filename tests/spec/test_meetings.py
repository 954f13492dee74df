"""Who met whom, in small drawn cases."""

from dataclasses import replace

from builders import admission, facility, gene, precautions_on, room, specimen, stay, view, when
from oracles.plain_meetings import all_meetings

from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import Level, Patient, PatientId, PlaceKind, Presence, Resolution, presences
from ringfence.trace import pairs

NL = load_policy("nl")
NOW = "2026-03-31 12:00"


def meetings(*rows, level=Level.ROOM, as_of=NOW):
    found = all_meetings(presences(view(as_of, *rows), level))
    return [(m.a.patient_id, m.b.patient_id, m.hours_min, m.hours_max, len(m.nights_on)) for m in found]


def test_hours_and_nights_of_two_people_in_one_room():
    a = stay("A", "2N", "2026-03-01 10:00", "2026-03-03 12:00", "201")
    b = stay("B", "2N", "2026-03-02 22:00", "2026-03-05 12:00", "201")
    assert meetings(a, b) == [("A", "B", 14.0, 14.0, 1)]


def test_leaving_at_noon_and_arriving_at_noon_is_no_meeting():
    a = stay("A", "2N", "2026-03-01 10:00", "2026-03-02 12:00", "201")
    b = stay("B", "2N", "2026-03-02 12:00", "2026-03-03 12:00", "201")
    assert meetings(a, b) == []


def test_dates_give_a_range_of_hours_and_never_one_number():
    a = stay("A", "2N", "2026-03-01", "2026-03-03", "201")
    b = stay("B", "2N", "2026-03-02", "2026-03-05", "201")
    # Both were there from some time on the 2nd to some time on the 3rd: none to 48 hours, and certainly one night.
    assert meetings(a, b) == [("A", "B", 0.0, 48.0, 1)]


def test_two_visits_of_one_day_may_have_met():
    a, b = (stay(p, "DAY", "2026-03-02", "2026-03-02") for p in "AB")
    assert meetings(a, b, level=Level.WARD) == [("A", "B", 0.0, 24.0, 0)]


def test_a_date_and_an_instant_meet_as_well_as_they_are_known():
    a = stay("A", "2N", "2026-03-01", "2026-03-03", "201")
    b = stay("B", "2N", "2026-03-02 06:00", "2026-03-02 18:00", "201")
    assert meetings(a, b) == [("A", "B", 12.0, 12.0, 0)]


def test_the_day_on_which_the_clocks_go_forward_has_23_hours():
    a, b = (stay(p, "2N", "2026-03-28 12:00", "2026-03-29 12:00", "201") for p in "AB")
    assert meetings(a, b) == [("A", "B", 23.0, 23.0, 1)]


def test_a_bed_move_inside_a_ward_breaks_nothing():
    a = [
        stay("A", "2N", "2026-03-01 10:00", "2026-03-02 10:00", "201"),
        stay("A", "2N", "2026-03-02 10:00", "2026-03-04 10:00", "202"),
    ]
    b = stay("B", "2N", "2026-03-01 10:00", "2026-03-04 10:00", "203")
    assert meetings(*a, b, level=Level.WARD) == [("A", "B", 72.0, 72.0, 3)]


def test_a_bed_swap_in_one_room_neither_splits_nor_doubles():
    a = [
        stay("A", "5W", "2026-02-01 10:00", "2026-02-05 09:00", "12", bed="A"),
        stay("A", "5W", "2026-02-05 09:00", "2026-02-08 10:00", "12", bed="C"),
    ]
    b = [
        stay("B", "5W", "2026-02-02 15:00", "2026-02-05 09:00", "12", bed="C"),
        stay("B", "5W", "2026-02-05 09:00", "2026-02-08 10:00", "12", bed="A"),
    ]
    # Story 6: 139 hours in all.
    assert meetings(*a, *b) == [("A", "B", 139.0, 139.0, 6)]


def test_a_hallway_is_not_a_room_and_a_procedure_area_neither():
    a, b = (stay(p, "ED", "2026-03-01 10:00", "2026-03-01 14:00", "H") for p in "AB")
    for kind in (PlaceKind.HALLWAY, PlaceKind.PROCEDURE, PlaceKind.WAITING, PlaceKind.VIRTUAL, PlaceKind.CHAIR):
        assert meetings(a, b, room("ED", "H", kind)) == []
    assert len(meetings(a, b, room("ED", "H", PlaceKind.MULTI))) == 1
    assert len(meetings(a, b, room("ED", "H", PlaceKind.HALLWAY), level=Level.WARD)) == 1


def test_a_room_that_is_not_known_gives_no_answer_at_room_level():
    a, b = (stay(p, "2N", "2026-03-01 10:00", "2026-03-02 10:00") for p in "AB")
    assert meetings(a, b) == []
    assert len(meetings(a, b, level=Level.WARD)) == 1


def test_rooms_of_one_name_on_two_wards_are_two_rooms():
    a = stay("A", "2N", "2026-03-01 10:00", "2026-03-02 10:00", "1")
    b = stay("B", "3W", "2026-03-01 10:00", "2026-03-02 10:00", "1")
    assert meetings(a, b) == []


def test_leave_and_a_held_bed_pause_exposure():
    b = stay("B", "2N", "2026-03-01 10:00", "2026-03-05 10:00", "201")
    for absent in (Presence.LEAVE, Presence.HELD):
        away = stay("A", "2N", "2026-03-01 10:00", "2026-03-03 10:00", "201", presence=absent)
        back = stay("A", "2N", "2026-03-03 10:00", "2026-03-05 10:00", "201")
        assert meetings(away, back, b) == [("A", "B", 48.0, 48.0, 2)]


def test_an_open_stay_lasts_to_the_instant_asked_about():
    a, b = stay("A", "2N", "2026-03-30 12:00", room="201"), stay("B", "2N", "2026-03-29 12:00", room="201")
    assert meetings(a, b) == [("A", "B", 24.0, 24.0, 1)]
    assert meetings(a, b, as_of="2026-03-30 18:00") == [("A", "B", 6.0, 6.0, 0)]


def test_an_end_after_the_instant_asked_about_is_not_known_yet():
    a, b = (stay(p, "2N", "2026-03-01 12:00", "2026-03-09 12:00", "201") for p in "AB")
    assert meetings(a, b, as_of="2026-03-02 12:00") == [("A", "B", 24.0, 24.0, 1)]


def test_a_stay_without_end_is_ended_by_the_next_and_marked_as_repaired():
    forgotten = stay("A", "2N", "2026-03-01 12:00", room="201")
    following = stay("A", "3W", "2026-03-03 12:00", "2026-03-05 12:00", "301")
    other = stay("B", "2N", "2026-03-02 12:00", "2026-03-10 12:00", "201")
    (meeting,) = all_meetings(presences(view(NOW, forgotten, following, other), Level.ROOM))
    assert (meeting.hours_max, meeting.repaired) == (24.0, True)


def test_no_stay_outlasts_its_patient():
    index = stay("A", "2N", "2026-03-01 12:00", "2026-03-12 12:00", "201")
    died = Patient(patient_id=PatientId("B"), died=when("2026-03-05 12:00"))
    for end in (None, "2026-03-09 12:00"):
        (meeting,) = all_meetings(
            presences(view(NOW, index, died, stay("B", "2N", "2026-03-01 12:00", end, "201")), Level.ROOM)
        )
        assert (meeting.hours_max, meeting.repaired) == (96.0, True)


def test_a_discharge_known_by_its_date_is_not_known_before_that_day_is_over():
    a, b = (stay(p, "2N", "2026-03-08", "2026-03-10", "201") for p in "AB")
    seen = presences(view("2026-03-10 12:00", a, b), Level.ROOM)
    assert [p.open for p in seen] == [True, True]
    assert [p.open for p in presences(view("2026-03-10 23:59:59", a, b), Level.ROOM)] == [False, False]


def test_two_hospitals_with_wards_of_one_name_are_two_wards():
    a = stay("A", "2N", "2026-03-01 10:00", "2026-03-02 10:00")
    b = stay("B", "2N", "2026-03-01 10:00", "2026-03-02 10:00", facility_id="Ash")
    assert meetings(a, b, facility(), facility("America/Vancouver", "Ash"), level=Level.WARD) == []


def test_a_pair_counts_a_day_once_however_often_they_met_on_it():
    a = [
        stay("A", "2N", "2026-03-01 08:00", "2026-03-01 10:00"),
        stay("A", "2N", "2026-03-01 12:00", "2026-03-01 14:00"),
    ]
    b = stay("B", "2N", "2026-03-01 07:00", "2026-03-01 20:00")
    (pair,) = pairs(presences(view(NOW, *a, b), Level.WARD), level=Level.WARD)
    assert (pair.patient_a, pair.patient_b, pair.days, pair.nights) == ("A", "B", 1, 0)


def test_people_there_on_one_day_who_cannot_have_met_are_no_pair():
    a = stay("A", "2N", "2026-03-01 08:00", "2026-03-01 10:00")
    b = stay("B", "2N", "2026-03-01 12:00", "2026-03-01 14:00")
    assert pairs(presences(view(NOW, a, b), Level.WARD), level=Level.WARD) == []


INDEX = [specimen("S", "P", "2026-03-05 09:00", "urine"), gene("R", "S", "KPC")]


def exposures(*rows):
    return analyze(view(NOW, *INDEX, *rows), NL).exposures


def test_exposure_under_precautions_is_marked_only_when_they_covered_all_of_it():
    index = stay("P", "2N", "2026-03-01 10:00", "2026-03-09 10:00", "201")
    early = stay("A", "2N", "2026-03-01 10:00", "2026-03-04 10:00", "201")
    late = stay("B", "2N", "2026-03-07 10:00", "2026-03-09 10:00", "201")
    found = exposures(index, early, late, precautions_on("P", "2026-03-06 10:00"))
    assert {(e.contact_patient_id, e.under_precautions) for e in found} == {("A", False), ("B", True)}


def test_precautions_of_another_hospital_or_an_earlier_visit_cover_nothing():
    rows = [
        admission("P", "2026-01-01 10:00", "2026-01-09 10:00"),
        admission("P", "2026-03-01 10:00"),
        stay("P", "2N", "2026-03-01 10:00", room="201"),
        stay("A", "2N", "2026-03-01 10:00", "2026-03-04 10:00", "201"),
    ]
    left_open = precautions_on("P", "2026-01-02 10:00")
    elsewhere = replace(precautions_on("P", "2026-03-01 09:00"), facility_id="Oak")
    found = analyze(view(NOW, *INDEX, *rows, left_open, elsewhere, facility(), facility("UTC", "Oak")), NL)
    assert {e.under_precautions for e in found.exposures} == {False}
    assert ("P", "start contact precautions") in [(t.patient_id, t.task) for t in found.tasks]
    assert found.unprotected == ("P",)


def test_exposures_by_dates_say_so_and_carry_dates():
    found = exposures(stay("P", "2N", "2026-03-01", "2026-03-09"), stay("A", "2N", "2026-03-03", "2026-03-04"))
    (exposure,) = found
    assert exposure.resolution is Resolution.DAY
    assert (exposure.start, exposure.end) == (when("2026-03-03"), when("2026-03-04"))


def test_a_withdrawn_case_exposes_nobody():
    from ringfence.record import ResultStatus

    withdrawn = gene("R", "S", "KPC", "2026-03-20 09:00", status=ResultStatus.WITHDRAWN)
    rows = [
        stay("P", "2N", "2026-03-01 10:00", "2026-03-09 10:00"),
        stay("A", "2N", "2026-03-01 10:00", "2026-03-09 10:00"),
    ]
    assert exposures(*rows) != ()
    assert exposures(*rows, withdrawn) == ()


def test_a_contact_is_told_at_the_closest_place_shared():
    index = stay("P", "2N", "2026-03-01 10:00", "2026-03-09 10:00", "201")
    a = [
        stay("A", "2N", "2026-03-01 10:00", "2026-03-02 10:00", "201"),
        stay("A", "2N", "2026-03-02 10:00", "2026-03-09 10:00", "202"),
    ]
    (contact,) = analyze(view(NOW, *INDEX, index, *a), NL).contacts
    # The hours of the room, and the last time that both were in the room or on the ward.
    assert (contact.level, contact.hours_max, contact.last_exposure) == (Level.ROOM, 24.0, when("2026-03-09 10:00"))
    assert (contact.sets_needed, contact.next_due) == (None, None)
