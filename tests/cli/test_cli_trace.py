"""`ringfence trace` from the command line: what it answers, and that nothing bad goes unsaid."""

import csv
import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfence.cli import main

PLACES = "facility_id,level,ward,room,kind,bathroom\nElm,room,5W,12,multi,BR1213\nElm,room,5W,13,multi,BR1213\n"
STAYS = """stay_id,patient_id,facility_id,ward,room,bed,start,end
1,TEST-P,Elm,5W,12,A,2026-03-01T10:00,2026-03-05T10:00
2,TEST-Q,Elm,5W,12,B,2026-03-02T10:00,2026-03-02T14:00
3,TEST-Q,Elm,5W,12,B,2026-03-03T10:00,2026-03-03T14:00
4,TEST-R,Elm,5W,13,A,2026-03-04T10:00,2026-03-06T10:00
5,TEST-S,Elm,5W,12,A,2026-03-08T10:00,2026-03-09T10:00
6,TEST-T,Elm,5W,20,A,2026-03-05T22:00,2026-03-07T10:00
"""
"""P is found to carry on the fourth. Q shares the room twice for four hours, R the bathroom, S has the bed three days later, and T
meets R and no one else."""
REST = {
    "facilities": "facility_id,zone\nElm,Europe/Amsterdam\n",
    "stays": STAYS,
    "specimens": "specimen_id,patient_id,facility_id,kind,purpose,collected\n"
    "SP1,TEST-P,Elm,rectal_swab,screening,2026-03-04T08:00\n",
    "results": "result_id,specimen_id,kind,analyte,found,status,reported\n"
    "R1,SP1,gene,KPC,detected,final,2026-03-04T13:00\n",
    "places": PLACES,
}
CASE = "TEST-P:KPC:1"


@pytest.fixture
def elm(tmp_path):
    folder = tmp_path / "elm"
    folder.mkdir()
    for name, text in REST.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


@pytest.fixture
def record(elm, tmp_path, capsys):
    folder = tmp_path / "record"
    assert main(["record", "add", str(elm), "--to", str(folder)]) == 0
    capsys.readouterr()
    return folder


@pytest.fixture
def trace(tmp_path, capsys):
    """Trace, and return what was said and the rows of the file."""

    def run(folder, *asked, out="out.csv", status=0):
        file = tmp_path / out
        found = main(["trace", str(folder), *asked, "--out", str(file)])
        said = "".join(capsys.readouterr())
        assert found == status, said
        return said, list(csv.DictReader(file.read_text().splitlines())) if file.suffix == ".csv" and not status else []

    return run


def who(rows):
    return [row["contact_patient_id"] for row in rows]


@pytest.mark.parametrize(
    ("asked", "met"),
    [
        (("--level", "room"), ["TEST-Q", "TEST-Q"]),
        (("--level", "bathroom"), ["TEST-R", "TEST-Q", "TEST-Q"]),
        (("--level", "ward"), ["TEST-R", "TEST-Q", "TEST-Q"]),
        (("--level", "bed"), []),
        (("--level", "bed", "--after", "3"), ["TEST-S"]),
        (("--level", "bed", "--after", "2"), []),
        (("--level", "room", "--min-hours", "5"), []),
        (("--level", "room", "--min-hours", "8", "--cumulative"), ["TEST-Q", "TEST-Q"]),
        (("--level", "room", "--min-hours", "8.1", "--cumulative"), []),
        (("--level", "room", "--to", "2026-03-02"), ["TEST-Q"]),
        (("--level", "room", "--from", "2026-03-02T14:00"), ["TEST-Q"]),
        (("--level", "facility"), ["TEST-R", "TEST-Q", "TEST-Q"]),
    ],
)
def test_a_case_meets_whom_it_shared_the_place_with(elm, trace, asked, met):
    said, rows = trace(elm, "--case", CASE, *asked)
    assert who(rows) == met
    assert f"Case: {CASE}, probable, first positive 2026-03-04T08:00+01:00." in said


def test_a_case_is_found_by_its_patient_too(elm, trace):
    assert trace(elm, "--case", "TEST-P", "--level", "room") == trace(elm, "--case", CASE, "--level", "room")


def test_all_cases_are_what_each_case_is(elm, trace):
    _, rows = trace(elm, "--all", "--level", "bathroom")
    assert [(row["contact_patient_id"], row["meetings"], row["hours_min"]) for row in rows] == [
        ("TEST-Q", "2", "8"),
        ("TEST-R", "1", "24"),
    ]


def test_every_pair_is_written_in_every_form(elm, trace, tmp_path):
    said, rows = trace(elm, "--pairs", "--level", "bathroom")
    assert [(row["patient_a"], row["patient_b"]) for row in rows] == [("TEST-P", "TEST-Q"), ("TEST-P", "TEST-R")]
    assert "Patients who shared a bathroom: 3. Pairs: 2. Rows: 2." in said
    trace(elm, "--pairs", "--level", "bathroom", out="out.parquet")
    trace(elm, "--pairs", "--level", "bathroom", out="out.arrow")
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.num_rows == 2
    assert pa.ipc.open_file(tmp_path / "out.arrow").read_all().equals(table)


def test_a_way_goes_forward_in_time_only(elm, trace):
    said, rows = trace(elm, "--path", "TEST-P", "TEST-T", "--level", "ward")
    assert "Steps: 2." in said
    assert len(rows) == 2
    assert "There is no way" in trace(elm, "--path", "TEST-S", "TEST-P", "--level", "ward")[0]


def test_pressure_is_by_patient_and_day(elm, trace):
    _, rows = trace(elm, "--pressure", "--level", "ward")
    around = {(row["patient_id"], row["on"]) for row in rows if row["carriers"] == "1"}
    assert around == {("TEST-R", "2026-03-04"), ("TEST-R", "2026-03-05"), ("TEST-T", "2026-03-05")}


def test_pressure_without_a_level_is_of_the_ward_and_of_the_room(elm, trace):
    """On the fifth P and R are on the ward with T, who comes to a room that R never was in; Q left on the third."""
    (elm / "stays.csv").write_text(STAYS + "7,TEST-U,Elm,5W,,,2026-03-04T12:00,2026-03-04T18:00\n")
    said, rows = trace(elm, "--pressure")
    told = {(r["patient_id"], r["room"], r["on"]): (r["carriers_on_ward"], r["carriers_in_room"]) for r in rows}
    assert told["TEST-R", "13", "2026-03-04"] == ("1", "0")
    assert told["TEST-U", "", "2026-03-04"] == ("1", "")
    assert told["TEST-P", "12", "2026-03-04"] == ("0", "0")
    assert told["TEST-Q", "12", "2026-03-03"] == ("0", "0")  # P was not known to carry yet
    assert len(rows) == 5 + 2 + 3 + 2 + 3 + 1
    (elm / "stays.csv").write_text(STAYS + "7,TEST-U,Elm,5W,12,C,2026-03-04T12:00,2026-03-04T18:00\n")
    said, rows = trace(elm, "--pressure")
    assert [r["carriers_in_room"] for r in rows if r["patient_id"] == "TEST-U"] == ["1"]
    assert "with another known carrier: 4 (25.0%); with another in the same room: 1 (6.2%)" in said


def test_lists_mark_known_carriers_units_and_precautions(elm, trace):
    (elm / "places.csv").write_text(PLACES.replace(",bathroom", ",bathroom,unit") + "Elm,ward,5W,,,,haematology\n")
    (elm / "measures.csv").write_text(
        "measure_id,patient_id,facility_id,kind,start,end\n"
        "M1,TEST-P,Elm,contact_precautions,2026-03-03T09:00,2026-03-05T10:00\n"
    )
    (elm / "specimens.csv").write_text(REST["specimens"] + "SP2,TEST-R,Elm,rectal_swab,screening,2026-03-05T08:00\n")
    (elm / "results.csv").write_text(REST["results"] + "R2,SP2,gene,NDM,detected,final,2026-03-05T13:00\n")
    said, rows = trace(elm, "--case", CASE, "--level", "ward")
    assert "known carriers among them: 1" in said
    marks = [(r["contact_patient_id"], r["known_carrier"], r["under_precautions"], r["unit"]) for r in rows]
    assert marks == [
        ("TEST-R", "yes", "yes", "haematology"),
        ("TEST-Q", "no", "no", "haematology"),
        ("TEST-Q", "no", "yes", "haematology"),
    ]
    for engine in ("threads", "processes"):
        _, rows = trace(elm, "--all", "--level", "ward", "--engine", engine)
        told = ("contact_patient_id", "meetings", "under_precautions", "known_carrier", "unit")
        assert [tuple(r[name] for name in told) for r in rows if r["case_id"] == CASE] == [
            ("TEST-Q", "2", "1", "no", "haematology"),
            ("TEST-R", "1", "1", "yes", "haematology"),
        ]


def test_compare_says_who_enters_and_who_leaves(elm, trace):
    said, rows = trace(elm, "--compare", "nl", "ca-on")
    assert "From nl" in said
    assert "to ca-on" in said
    assert {row["contact_patient_id"] for row in rows} <= {"TEST-Q", "TEST-R", "TEST-S"}
    assert rows


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("TEST-P:KPC:2", CASE),
        ("test-pp", CASE),
        ("TEST-Q", "this patient has no case"),
        ("nobody-at-all", "There are 1; none is near."),
    ],
)
def test_an_unknown_case_names_the_nearest(elm, trace, named, expected):
    said, _ = trace(elm, "--case", named, "--level", "room", status=2)
    assert expected in said
    assert "Traceback" not in said


def test_a_case_that_was_withdrawn_is_said_to_be_and_not_to_be_unknown(elm, trace):
    results = elm / "results.csv"
    header, row = results.read_text().splitlines()
    gone = row.replace("final", "withdrawn").replace("T13:00", "T15:00")
    results.write_text("\n".join([header, row, gone, ""]))
    said, _ = trace(elm, "--case", CASE, "--level", "room", status=2)
    assert "this case is withdrawn as of then" in said


@pytest.mark.parametrize("question", [("--case", CASE), ("--all",), ("--pairs",), ("--pressure",)])
def test_a_time_of_which_nothing_is_known_is_not_a_time_without_contacts(elm, trace, question):
    nothing = "No stay that is known falls into the time"
    said, rows = trace(elm, *question, "--level", "ward", "--from", "2026-04-01")
    assert (rows, nothing in said) == ([], True)
    said, rows = trace(elm, *question, "--level", "ward", "--from", "2026-03-01")
    assert (bool(rows), nothing in said) == (True, False)


def test_an_unknown_patient_of_a_path_names_the_nearest(elm, trace):
    said, _ = trace(elm, "--path", "TEST-P", "TEST-QQ", "--level", "ward", status=2)
    assert "TEST-Q" in said


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("--from", "2026-03-05", "--to", "2026-03-04"), "not after --from"),
        (("--from", "2026-03-05T10:00", "--to", "2026-03-05T10:00"), "not after --from"),
        (("--from", "5 March"), "--from:"),
        (("--min-hours", "-1"), "hours, 0 or more"),
        (("--after", "-1"), "days, 0 or more"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_written(elm, trace, tmp_path, asked, expected):
    said, _ = trace(elm, "--case", CASE, "--level", "room", *asked, status=2)
    assert expected in said
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("asked", "out", "expected"),
    [
        (("--case", CASE), "out.parquet", "ends in .csv."),
        (("--pairs",), "out.xlsx", "ends in .csv, .parquet or .arrow."),
        (("--pairs",), "out", ".csv"),
    ],
)
def test_a_file_of_another_kind_is_refused(elm, trace, asked, out, expected):
    said, _ = trace(elm, *asked, "--level", "room", out=out, status=2)
    assert expected in said


def test_a_level_without_places_is_unknown_and_says_what_to_supply(elm, trace):
    (elm / "places.csv").unlink()
    said, rows = trace(elm, "--pairs", "--level", "bathroom")
    assert "UNKNOWN. Supply `bathroom` in places." in said
    assert rows == []
    (elm / "stays.csv").write_text(STAYS.replace(",12,", ",,").replace(",13,", ",,").replace(",20,", ",,"))
    said, rows = trace(elm, "--case", CASE, "--level", "room")
    assert "UNKNOWN. Supply `room` in stays." in said
    assert rows == []


def test_an_index_is_kept_beside_a_record_and_answers_the_same(record, elm, trace):
    said, first = trace(record, "--pairs", "--level", "ward")
    assert (record / "index" / "ward" / "index.json").exists()
    assert trace(record, "--pairs", "--level", "ward") == (said, first)
    assert first == trace(elm, "--pairs", "--level", "ward")[1]


@pytest.mark.parametrize("harm", ["shortened", "changed", "removed"])
def test_a_damaged_index_is_worked_out_anew_and_that_is_said(record, trace, harm):
    _, rows = trace(record, "--pairs", "--level", "ward")
    file = record / "index" / "ward" / "base-start.npy"
    whole = file.read_bytes()
    if harm == "removed":
        file.unlink()
    else:
        file.write_bytes(whole[:-4] if harm == "shortened" else whole[:-1] + bytes([whole[-1] ^ 1]))
    said, again = trace(record, "--pairs", "--level", "ward")
    assert "worked out anew" in said
    assert again == rows
    assert file.read_bytes() == whole
    assert "anew" not in trace(record, "--pairs", "--level", "ward")[0]


def test_of_what_came_since_only_the_patients_are_worked_out_again_and_that_is_said(record, elm, trace, capsys):
    trace(record, "--pairs", "--level", "ward")
    (elm / "stays.csv").write_text(STAYS + "7,TEST-U,Elm,5W,12,C,2026-03-02T10:00,2026-03-02T12:00\n")
    assert main(["record", "add", str(elm), "--to", str(record)]) == 0
    capsys.readouterr()
    said, rows = trace(record, "--pairs", "--level", "ward")
    assert "patients whose stays are worked out again: 1." in said
    assert "anew" not in said
    assert rows == trace(elm, "--pairs", "--level", "ward")[1]
    assert any("TEST-U" in row.values() for row in rows)
    assert "again" not in trace(record, "--pairs", "--level", "ward")[0]


def test_an_index_of_a_later_instant_is_worked_out_anew_and_that_is_said(record, trace):
    trace(record, "--pairs", "--level", "ward")
    said, rows = trace(record, "--pairs", "--level", "ward", "--as-of", "2026-03-02T11:00")
    assert "is as of a later instant, or facilities or places changed since. It is worked out anew." in said
    assert rows != trace(record, "--pairs", "--level", "ward")[1]


def test_an_index_of_another_version_is_worked_out_anew_and_that_is_said(record, trace):
    _, rows = trace(record, "--pairs", "--level", "ward")
    said = record / "index" / "ward" / "index.json"
    said.write_text(said.read_text().replace('"made_by": "ringfence ', '"made_by": "ringfence 0.0.'))
    told, again = trace(record, "--pairs", "--level", "ward")
    assert "was made by another version of Ringfence. It is worked out anew." in told
    assert again == rows


COMPILED = """
import sys
from ringfence.cli import main
from ringfence.trace import kernels, warm
def compiled():
    return {name: len(one.signatures) for name, one in vars(kernels).items() if hasattr(one, "signatures")}
warm()
before = compiled()
for asked in sys.argv[2:]:
    assert main(["trace", sys.argv[1], *asked.split(), "--out", sys.argv[1] + "-out.csv"]) == 0
assert compiled() == before, (before, compiled())
assert sum(before.values()) > 10
"""


def test_no_question_waits_for_a_kernel_to_be_compiled_after_set_up(record):
    asked = [
        "--case TEST-P --level bed --after 3",
        "--case TEST-P --level room --after 3 --backward",
        "--all --level ward --min-hours 2 --cumulative",
        "--all --level room --after 3 --workers 2",
        "--pairs --level ward --from 2026-03-02",
        "--pairs --level ward --form days",
        "--pressure --level room",
        "--path TEST-P TEST-T --level ward",
        "--path TEST-P TEST-S --level bed --after 5",
    ]
    argv = [sys.executable, "-c", COMPILED, str(record), *asked]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


LIMITED = """
import resource, sys
from ringfence.cli import main
from ringfence.press import streams
open_file = dict(streams._WRITERS)
def limited(suffix):
    def opened(path, schema):
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
        return open_file[suffix](path, schema)
    return opened
streams._WRITERS = {suffix: limited(suffix) for suffix in open_file}
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("suffix", ["csv", "parquet", "arrow"])
def test_a_file_that_cannot_be_written_whole_is_not_there(elm, tmp_path, suffix):
    """A limit on the size of files stands for a disk that is full: both stop a write that has begun."""
    rows = [STAYS.partition("\n")[0]]
    days = [str(date(2026, 1, 1) + timedelta(days=n)) for n in range(60)]
    rows += [f"{n}-{d},TEST-{n:03},Elm,5W,12,A,{d}T10:00,{e}T10:00" for n in range(60) for d, e in pairwise(days)]
    (elm / "stays.csv").write_text("\n".join(rows) + "\n")
    out = tmp_path / "here" / f"pairs.{suffix}"
    out.parent.mkdir()
    out.write_text("what was here before")
    argv = ["trace", str(elm), "--pairs", "--level", "ward", "--out", str(out)]
    done = subprocess.run([sys.executable, "-c", LIMITED, *argv], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Nothing half written is left" in done.stderr
    assert "Traceback" not in done.stderr
    assert out.read_text() == "what was here before"
    assert [path.name for path in out.parent.iterdir() if path.name.startswith(".")] == []
