"""The sixth story asked of `ringfence trace`: a bed swap, a hallway, a trip to imaging. Everyone is made up."""

import csv

import pytest
from one_bay import FOUND, OVERLAY, SITE, STORY

from ringfence.cli import main
from ringfence.feeds import write_folder
from ringfence.record import TABLES, Facility, ZoneName


@pytest.fixture(scope="module")
def bay(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bay")
    names = {table.row: name for name, table in TABLES.items()}
    rows = {"facilities": [Facility(facility_id=SITE, zone=ZoneName("Etc/GMT+8"))]}
    for row in [*STORY, *FOUND]:
        rows.setdefault(names[type(row)], []).append(row)
    write_folder(rows, folder / "in")
    (folder / "elm.yaml").write_text(OVERLAY, encoding="utf-8")
    return folder


@pytest.fixture
def asked(bay, tmp_path, capsys):
    """Ask as of a day, and return for each other patient the hours at least and at most in all, and what was said."""

    def run(*question, as_of="2026-02-20T12:00"):
        file = tmp_path / "list.csv"
        policy = ("--policy", str(bay / "elm.yaml"))
        told = ("trace", str(bay / "in"), "--case", "TEST-P", *question, *policy, "--as-of", as_of, "--out", str(file))
        assert main(list(told)) == 0
        hours = {}
        for row in csv.DictReader(file.read_text().splitlines()):
            at = hours.setdefault((row["contact_patient_id"].removeprefix("TEST-"), row["sequence"]), [0, 0])
            at[0] += float(row["hours_min"])
            at[1] += float(row["hours_max"])
        return hours, "".join(capsys.readouterr())

    return run


def test_who_shared_the_room_with_p_and_for_how_long(asked):
    hours, _ = asked("--level", "room")
    # Q swapped beds with P, R came back, S was there before; V died later. W of the hallway and X of imaging are not here.
    expected = {"Q": 139, "R": 149, "S": 236 + 10 / 60, "V": 45}
    assert hours == {(who, "together"): [pytest.approx(h, abs=0.01)] * 2 for who, h in expected.items()}


def test_y_shared_the_bathroom_alone(asked):
    hours, _ = asked("--level", "bathroom")
    assert hours["Y", "together"] == [72, 72]
    assert not {"W", "X"} & {who for who, _ in hours}


def test_t_came_to_the_bed_two_hours_after(asked):
    hours, said = asked("--level", "bed", "--after", "1")
    assert ("T", "after") in hours
    assert all(sequence == "after" for _, sequence in hours), "a swap is no sharing of a bed"
    assert "Patients who shared a bed: 0. Meetings: 0." in said


def test_the_hallway_is_shared_as_a_ward_and_not_as_a_room(asked):
    assert asked("--level", "ward")[0]["W", "together"] == [pytest.approx(5.5), pytest.approx(5.5)]


def test_before_anything_is_known_of_p_there_is_no_case(bay, capsys, tmp_path):
    told = ["--case", "TEST-P", "--level", "room", "--as-of", "2026-02-10T12:00", "--out", str(tmp_path / "x.csv")]
    assert main(["trace", str(bay / "in"), *told]) == 2
    assert "this patient has no case as of then" in capsys.readouterr().err
    assert not (tmp_path / "x.csv").exists()
