"""One bay, a bed swap, a hallway, a death, a refusal, and day 21.

Everyone is made up. The index P came through the emergency hallway to bed A of a four-bed room, swapped beds with Q, and was found
to carry KPC on 11 February at 16:00; at 17:00 a professional confirmed the case and accepted the list. Ontario asks for three
screens on different days, one of them at least 21 days after the last exposure (draft); a local overlay, made up, says who is a
contact: whoever shared the room or its bathroom since the index was admitted. Who came next into a bed is listed and owed nothing.
"""

from dataclasses import replace

import pytest
from builders import declared
from one_bay import FOUND, INDEX, OTHERS, OVERLAY, PLACES, SITE, STORY, in_bed, seen, visit, when

from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import (
    Bathroom,
    DeclarationKind,
    EncounterKind,
    Facility,
    Follows,
    Found,
    Level,
    Order,
    OrderStatus,
    PatientId,
    PlaceLevel,
    Purpose,
    Result,
    ResultKind,
    ResultStatus,
    Sequence,
    Specimen,
    SpecimenCode,
    TaskState,
    ZoneName,
)

CASE = "TEST-P:KPC:1"
OAK = "Oak"


def swab(patient, collected, site=SITE, *, final):
    """A rectal swab without CPO."""
    name = f"SP-{patient}-{collected}"
    taken = Specimen(
        specimen_id=name,
        patient_id=PatientId(patient),
        facility_id=site,
        kind=SpecimenCode("rectal_swab"),
        purpose=Purpose.SCREENING,
        collected=when(f"2026-{collected}"),
    )
    result = Result(
        result_id=f"R-{name}",
        specimen_id=name,
        kind=ResultKind.CULTURE,
        found=Found.NOT_DETECTED,
        status=ResultStatus.FINAL,
        reported=when(f"2026-{final}"),
    )
    return [taken, result]


R_STAYS = [in_bed("TEST-R", "5W-20", "02-12 10:00", "03-03 12:00")]
SWABS = [
    *swab("TEST-R", "02-12 09:00", final="02-14 09:00"),
    *swab("TEST-R", "02-12 18:00", final="02-14 18:00"),
    *swab("TEST-R", "02-19 09:00", final="02-21 09:00"),
    Order(
        order_id="O-R", patient_id=PatientId("TEST-R"), status=OrderStatus.REFUSED, happened=when("2026-02-26 09:00")
    ),
    *swab("TEST-R", "03-03 09:00", final="03-05 09:00"),
    *swab("TEST-R", "04-10 12:00", OAK, final="04-12 12:00"),
    *swab("TEST-Q", "03-10 12:00", OAK, final="03-12 12:00"),
]
BACK = [
    Facility(facility_id=OAK, zone=ZoneName("Etc/GMT+8")),
    visit("TEST-Q", "03-10 09:00", "03-20 09:00", OAK, EncounterKind.EMERGENCY),
    in_bed("TEST-Q", "ED-H1", "03-10 09:00", "03-20 09:00", facility_id=OAK, stay_id="Q-oak"),
    visit("TEST-R", "04-10 09:00", "04-20 09:00", OAK, EncounterKind.EMERGENCY),
    in_bed("TEST-R", "ED-H2", "04-10 09:00", "04-20 09:00", facility_id=OAK, stay_id="R-oak"),
]
NAMES = [f"TEST-{name}" for name in "QRSVTYW"]
ACCEPTED = [
    replace(
        declared(DeclarationKind.CASE_CONFIRMED, "2026-02-11 17:00", case_id=CASE), declared=when("2026-02-11 17:00")
    ),
    *(
        replace(
            declared(
                DeclarationKind.CONTACTS_ACCEPTED, "2026-02-11 17:00", case_id=CASE, contact_patient_id=PatientId(name)
            ),
            declared=when("2026-02-11 17:00"),
        )
        for name in NAMES
    ),
]
ROWS = [*STORY, *R_STAYS, *FOUND, *SWABS, *BACK]


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    path = tmp_path_factory.mktemp("overlay") / "ca-on-elm.yaml"
    path.write_text(OVERLAY, encoding="utf-8")
    return load_policy(str(path))


@pytest.fixture(scope="module")
def as_of(policy):
    """The findings as of an instant of 2026, with the list accepted."""
    made = {}

    def findings(instant, rows=None, accepted=ACCEPTED):
        key = (instant, id(rows), bool(accepted))
        if key not in made:
            made[key] = analyze(seen(*(ROWS if rows is None else rows), *accepted, as_of=f"2026-{instant}"), policy)
        return made[key]

    return findings


def row(findings, name):
    (found,) = [c for c in findings.contacts if c.case_id == CASE and c.contact_patient_id == f"TEST-{name}"]
    return found


def tasks(findings, name):
    """What is to be done for somebody as a contact of P; S is an index too, whose list nobody accepted."""
    about = [t for t in findings.tasks if t.patient_id == f"TEST-{name}" and "contact of" in t.task]
    return [(t.task, t.state) for t in about if CASE in t.because]


COLLECT = ("collect a screen: contact of a case", TaskState.OPEN)


def collects(findings, name, done):
    """Whether one screen is to be collected, and so many are said to be done."""
    (because,) = [t.because for t in findings.tasks if t.patient_id == f"TEST-{name}" and t.task == COLLECT[0]]
    return tasks(findings, name) == [COLLECT] and f": {done} done, " in because


def test_before_the_result_nobody_is_a_contact(as_of):
    assert [c for c in as_of("02-10 12:00").contacts if c.case_id == CASE] == []


def test_nothing_is_asked_of_anybody_before_the_list_is_accepted(as_of):
    findings = as_of("02-11 16:30", accepted=[])
    assert tasks(findings, "R") == [("decide on a screen: contact of a case", TaskState.DECIDE)]
    assert {state for name in "QRSVTYW" for _, state in tasks(findings, name)} == {TaskState.DECIDE}


@pytest.mark.parametrize(
    ("name", "hours"), [("Q", 139.0), ("R", 149.0), ("S", 236 + 10 / 60), ("V", 45.0)], ids=["Q", "R", "S", "V"]
)
def test_who_shared_the_room_did_so_for_these_hours(as_of, name, hours):
    found = row(as_of("02-20 12:00"), name)
    assert (found.level, found.hours_min, found.hours_max) == (Level.ROOM, pytest.approx(hours), pytest.approx(hours))


class TestQ:
    """Q, who swapped beds with the index and went home"""

    def test_the_days_are_counted_from_when_q_left_the_room(self, as_of):
        assert (
            "last exposure 2026-02-08: 0 done, 3 owed, one of them on or after 2026-03-01"
            in row(as_of("02-20 12:00"), "Q").owed
        )

    def test_while_q_is_at_home_nobody_is_asked_and_on_arrival_elsewhere_they_are(self, as_of):
        assert tasks(as_of("02-20 12:00"), "Q") == []
        assert collects(as_of("03-10 10:00"), "Q", 0)

    def test_one_negative_after_day_21_leaves_two(self, as_of):
        found = row(as_of("03-12 13:00"), "Q")
        assert (found.sets_done, found.sets_needed) == (1, 3)
        assert "1 done, 2 owed" in found.owed
        assert "on or after" not in found.owed
        assert collects(as_of("03-12 13:00"), "Q", 1)


class TestR:
    """R, who came back to the room, refused once, and was swabbed on day 20"""

    def test_the_days_are_counted_from_when_the_index_left_the_room(self, as_of):
        assert "last exposure 2026-02-11" in row(as_of("02-20 12:00"), "R").owed

    def test_two_swabs_of_one_day_are_one_set(self, as_of):
        assert row(as_of("02-20 12:00"), "R").sets_done == 1

    def test_day_20_is_not_day_21_and_the_refusal_is_told_and_not_counted(self, as_of):
        found = row(as_of("03-06 12:00"), "R")
        assert found.sets_done == 3
        assert "3 done, 1 owed, one of them on or after 2026-03-04; refused 2026-02-26" in found.owed
        assert found.next_due.on.isoformat() == "2026-03-04"

    def test_on_arrival_elsewhere_the_last_is_asked_for_and_its_negative_completes_it(self, as_of):
        assert collects(as_of("04-10 10:00"), "R", 3)
        assert "every screen that was asked for is negative" in row(as_of("04-12 13:00"), "R").owed
        assert tasks(as_of("04-12 13:00"), "R") == []


class TestS:
    """S, a carrier already"""

    def test_s_is_a_possible_source_and_owes_nothing(self, as_of):
        found = row(as_of("02-12 12:00"), "S")
        assert (found.known_carrier, found.follows) == (True, Follows.NOTHING)
        assert found.owed == "a known carrier before, possible source; nothing is owed"
        assert tasks(as_of("02-12 12:00"), "S") == []


class TestV:
    """V, who died elsewhere"""

    def test_screens_are_owed_until_the_death_and_nothing_after(self, as_of):
        assert row(as_of("02-14 12:00"), "V").follows is Follows.SCREEN
        after = row(as_of("02-16 12:00"), "V")
        assert (after.follows, after.owed) == (
            Follows.NOTHING,
            "died, never tested; nothing is owed, and nothing is sent",
        )
        assert tasks(as_of("02-16 12:00"), "V") == []


class TestT:
    """T, who came to the bed two hours after the index"""

    def test_t_is_listed_as_the_next_in_the_bed_and_owed_nothing(self, as_of):
        findings = as_of("02-12 12:00")
        (after,) = [e for e in findings.exposures if e.contact_patient_id == "TEST-T" and e.sequence is Sequence.AFTER]
        assert (after.room, after.bed, after.gap_hours_min, after.gap_hours_max) == ("12", "C", 2.0, 2.0)
        found = row(findings, "T")
        assert found.next_in_bed == "5W 12 C, 2 h after"
        assert found.level is Level.WARD
        assert found.follows is Follows.LIST
        assert tasks(findings, "T") == []


class TestY:
    """Y, of the room that shares the bathroom"""

    def test_y_shared_the_bathroom_and_is_owed_three_screens_one_from_day_21(self, as_of):
        found = row(as_of("02-20 12:00"), "Y")
        assert (found.level, found.hours_min, found.bathroom) == (Level.BATHROOM, 72.0, Bathroom.SHARED)
        assert "0 done, 3 owed, one of them on or after 2026-02-28" in found.owed

    def test_without_bathrooms_on_the_map_it_is_unknown_and_not_none(self, as_of):
        unmapped = [replace(p, bathroom=None) if p.level is PlaceLevel.ROOM else p for p in PLACES]
        rows = [*unmapped, *INDEX, *OTHERS, *R_STAYS, *FOUND, *SWABS, *BACK]
        found = row(as_of("02-20 12:00", rows=rows), "Y")
        assert (found.bathroom, found.follows) == (Bathroom.UNKNOWN, Follows.UNKNOWN)


class TestW:
    """W, on the next stretcher of a hallway"""

    def test_a_hallway_is_no_room_and_its_bathroom_is_not_on_the_map(self, as_of):
        found = row(as_of("02-12 12:00"), "W")
        assert (found.level, found.bathroom, found.follows) == (Level.WARD, Bathroom.UNKNOWN, Follows.UNKNOWN)
        assert tasks(as_of("02-12 12:00"), "W") == []


def test_nobody_at_the_procedure_shared_a_room(as_of):
    at_all = {e.contact_patient_id for e in as_of("02-12 12:00").exposures if e.level is not Level.WARD}
    assert "TEST-X" not in at_all


def test_the_swap_is_no_shared_bed(as_of):
    after = [e for e in as_of("02-12 12:00").exposures if e.sequence is Sequence.AFTER]
    assert all(e.hours_max == 0 for e in after)
    together = [
        e
        for e in as_of("02-12 12:00").exposures
        if e.contact_patient_id == "TEST-Q" and e.level is Level.ROOM and e.case_id == CASE
    ]
    assert sum(e.sequence is Sequence.TOGETHER for e in together) == 1
