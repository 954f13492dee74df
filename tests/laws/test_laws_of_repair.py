"""Laws of the repair of movements, at random: over hostile stays by instant and by date, with visits and a map."""

from dataclasses import fields, replace
from datetime import date, timedelta

from builders import SITE, admission, at, room, view
from hypothesis import assume, given
from hypothesis import strategies as st

from ringfence.record import (
    EncounterKind,
    Level,
    Patient,
    PatientId,
    Place,
    PlaceKind,
    PlaceLevel,
    Presence,
    Stay,
    When,
    doubts,
    presences,
    repaired_stays,
    swaps,
)

START = at("2026-03-20 00:00")  # a fortnight with a change of the clocks in it
NOW = "2026-04-05 12:00"
HALF_HOUR, HOURS = timedelta(minutes=30), 14 * 48

VISITS = [
    admission("A", "2026-03-20 00:00", encounter_id="open"),
    admission("A", "2026-03-20 00:00", "2026-03-24 00:00", encounter_id="ended"),
    admission("A", "2026-03-01 00:00", encounter_id="series", kind=EncounterKind.DIALYSIS),
    admission("B", "2026-03-20 00:00", "2026-03-24 00:00", encounter_id="other"),
]
MAP = [
    room("3W", "2", PlaceKind.PROCEDURE),
    Place(facility_id=SITE, level=PlaceLevel.ROOM, ward="2N", room="1", bathroom="X"),
    Place(
        facility_id=SITE, level=PlaceLevel.ROOM, ward="2N", room="2", bathroom="X", end=When(at=START + HALF_HOUR * 200)
    ),
    Place(
        facility_id=SITE,
        level=PlaceLevel.BED,
        ward="2N",
        room="1",
        bed="b",
        bathroom="Y",
        start=When(on=date(2026, 3, 25)),
    ),
]


def moments():
    instants = st.integers(0, HOURS).map(lambda half: When(at=START + HALF_HOUR * half))
    days = st.integers(0, 13).map(lambda n: When(on=date(2026, 3, 20) + timedelta(days=n)))
    return instants | instants | days


@st.composite
def stays(draw):
    first, second = draw(moments()), draw(moments())
    if draw(st.integers(0, 9)):
        first, second = sorted((first, second), key=lambda w: (w.at or at(f"{w.on} 00:00"), w.on is None))
    return Stay(
        stay_id=str(draw(st.integers(0, 10**9))),
        patient_id=PatientId("A"),
        encounter_id=draw(st.sampled_from([None, None, None, "open", "ended", "series", "other"])),
        facility_id=SITE,
        ward=draw(st.sampled_from(["2N", "3W"])),
        room=draw(st.sampled_from([None, "1", "2"])),
        bed=draw(st.sampled_from([None, "a", "b"])),
        presence=draw(st.sampled_from([Presence.PRESENT] * 5 + list(Presence))),
        start=first,
        end=draw(st.sampled_from([second, second, None])),
    )


def some():
    return st.lists(stays(), min_size=1, max_size=7, unique_by=lambda s: s.stay_id)


def died():
    return st.sampled_from([None, None, None]) | moments()


def seen(rows, death=None):
    return view(NOW, *VISITS, *MAP, Patient(patient_id=PatientId("A"), died=death), *rows)


def everywhere(rows, death=None, *, marks=True):
    """Every presence at every level; without the names of repairs if they are not asked for."""
    left_out = () if marks else ("repaired", "repairs")
    of = seen(rows, death)
    return [
        (level, *(getattr(p, f.name) for f in fields(p) if f.name not in left_out))
        for level in Level
        for p in presences(of, level)
    ]


@given(some(), died(), st.randoms(use_true_random=False))
def test_any_order_of_rows_gives_the_same_repaired_stays(rows, death, chance):
    mixed = chance.sample(rows, len(rows))
    assert repaired_stays(seen(mixed, death)) == repaired_stays(seen(rows, death))
    assert doubts(seen(mixed, death)) == doubts(seen(rows, death))
    assert swaps(seen(mixed, death)) == swaps(seen(rows, death))


def parts(rows, death):
    """Rows by instant, each with a time that it certainly covers, by itself and as repaired."""
    for one in repaired_stays(seen(rows, death)):
        for row in one.rows if one.used else ():
            known = (row.start, one.starts_by, *(end for end in (row.end, one.ends_from) if end))
            # A session without an end claims nothing beyond its start.
            if all(when.at for when in known) and (row.end or row.encounter_id != "series"):
                start = max(row.start.at, one.starts_by.at)
                end = min([at(NOW), *(when.at for when in known[2:]), *([] if row.end else starts_after(row, rows))])
                if end - start > HALF_HOUR:
                    yield row, start, end


def starts_after(row, rows):
    """When other rows began after a row. One without an end may be over then."""
    starts = (other.start.at or at(f"{other.start.on} 00:00") for other in rows)
    return [start for start in starts if start > row.start.at]


@given(some(), died(), st.data())
def test_cutting_a_stay_into_touching_pieces_changes_no_presence(rows, death, data):
    whole = list(parts(rows, death))
    assume(whole)
    row, start, end = data.draw(st.sampled_from(whole))
    # Off the half hours, so that no other row begins at that moment.
    middle = When(
        at=start + data.draw(st.integers(0, (end - start) // HALF_HOUR - 1)) * HALF_HOUR + timedelta(minutes=7)
    )
    cut = [replace(row, end=middle), replace(row, stay_id="second half", start=middle)]
    rest = [r for r in rows if r is not row]
    assert everywhere([*rest, *cut], death, marks=False) == everywhere(rows, death, marks=False)


@given(some(), died(), st.data())
def test_adding_a_piece_of_a_stay_in_its_own_place_changes_no_presence(rows, death, data):
    whole = list(parts(rows, death))
    assume(whole)
    row, start, end = data.draw(st.sampled_from(whole))
    moment = st.integers(0, (end - start) // HALF_HOUR - 1).map(lambda n: start + n * HALF_HOUR + timedelta(minutes=7))
    first, last = sorted((data.draw(moment), data.draw(moment) + timedelta(minutes=11)))
    piece = replace(row, stay_id="piece", start=When(at=first), end=When(at=last))
    assert everywhere([*rows, piece], death) == everywhere(rows, death)


@given(some(), died(), st.data())
def test_adding_a_row_again_changes_no_presence(rows, death, data):
    again = replace(data.draw(st.sampled_from(rows)), stay_id=data.draw(st.sampled_from(["-1", "again"])))
    assert everywhere([*rows, again], death) == everywhere(rows, death)


@given(some(), died())
def test_every_row_is_behind_a_repaired_stay_used_or_set_aside(rows, death):
    found = repaired_stays(seen(rows, death))
    known = {s.stay_id for s in seen(rows, death).stays}
    assert {row.stay_id for one in found for row in one.rows} == known
    assert all(row in seen(rows, death).stays for one in found for row in one.rows)


@given(some(), died())
def test_nobody_is_anywhere_that_no_row_says(rows, death):
    of = seen(rows, death)
    zone = of.zone(SITE)

    def says(row, presence, level):
        ends = row.end.latest(zone) if row.end else of.at
        here = {
            Level.FACILITY: row.facility_id == presence.facility_id,
            Level.WARD: row.ward == presence.ward,
            Level.ROOM: (row.ward, row.room) == presence.place[1:],
            Level.BED: (row.ward, row.room, row.bed) == presence.whole_place[1:],
        }.get(level, row.ward == presence.ward)
        return (row.start.earliest(zone), ends) if here and row.presence is Presence.PRESENT else None

    for level in Level:
        for presence in presences(of, level):
            reach = presence.starts_from
            for start, end in sorted(filter(None, (says(row, presence, level) for row in of.stays))):
                reach = max(reach, end) if start <= reach else reach
            assert reach >= presence.ends_by


@given(some(), died())
def test_times_are_in_order_and_certain_time_lies_within_possible_time(rows, death):
    for level in Level:
        for p in presences(seen(rows, death), level):
            assert p.starts_from <= p.starts_by
            assert p.ends_from <= p.ends_by
            assert p.starts_from <= p.ends_by
            assert (p.repairs is not None) == p.repaired
