"""Parquet in our own form: the same facts as the same rows in CSV, and the same problems."""

import csv
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfence.feeds import IntakeError, load_mapping, read_folder
from ringfence.vocabulary import shipped

SMALL = shipped("examples", "small-hospital")


def texts(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, some):
    pq.write_table(pa.Table.from_pylist(some), path)


@pytest.fixture
def elm(tmp_path):
    write(tmp_path / "facilities.parquet", [{"facility_id": "Elm", "zone": "Europe/Amsterdam"}])
    return tmp_path


def read(folder):
    return read_folder(folder, load_mapping(None))


def content(intake):
    return [(fact.table, fact.row) for fact in intake.facts]


def test_a_folder_of_parquet_gives_the_facts_of_the_same_folder_of_csv(tmp_path):
    for path in SMALL.glob("*.csv"):
        write(tmp_path / f"{path.stem}.parquet", texts(path))
    same, csv_files = read(tmp_path), read(SMALL)
    assert len(csv_files.facts) > 100
    assert content(same) == content(csv_files)
    assert [(p.column, p.problem) for p in same.problems] == [(p.column, p.problem) for p in csv_files.problems]


def test_typed_columns_are_read_as_their_text_would_be(elm):
    stays = {
        "patient_id": [17],
        "facility_id": ["Elm"],
        "ward": [" 2N "],
        "start": [datetime(2026, 3, 2, 10, 15, tzinfo=UTC)],
        "end": [None],
    }
    pq.write_table(pa.table(stays), elm / "stays.parquet")
    pq.write_table(pa.table({"patient_id": ["17"], "died": [date(2026, 3, 9)]}), elm / "patients.parquet")
    intake = read(elm)
    assert intake.problems == ()
    rows = {fact.table: fact.row for fact in intake.facts}
    assert (rows["stays"].patient_id, rows["stays"].ward, rows["stays"].end) == ("17", "2N", None)
    assert rows["stays"].start.at == datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
    assert rows["patients"].died.on == date(2026, 3, 9)


def test_a_time_without_a_zone_is_local_to_its_facility(elm):
    stay = {"patient_id": "P", "facility_id": "Elm", "ward": "2N", "start": datetime(2026, 3, 2, 10, 15)}
    write(elm / "stays.parquet", [stay])
    (row,) = [fact.row for fact in read(elm).facts if fact.table == "stays"]
    assert row.start.at == datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


def test_a_problem_names_the_number_of_the_row(elm):
    good = {"patient_id": "P", "facility_id": "Elm", "ward": "2N", "start": "2026-03-02"}
    write(elm / "stays.parquet", [good, good | {"start": "soon"}])
    (problem,) = read(elm).problems
    assert (problem.file, problem.line, problem.column) == ("stays.parquet", 2, "start")


def test_a_file_that_is_not_parquet_is_a_problem(elm):
    (elm / "stays.parquet").write_bytes(b"patient_id,ward\nCANARY-NAME,2N\n")
    (problem,) = read(elm).problems
    assert "not a Parquet file" in problem.problem
    assert "CANARY" not in problem.problem + problem.remedy


def test_the_ending_of_a_file_may_be_in_capitals(tmp_path):
    write(tmp_path / "facilities.PARQUET", [{"facility_id": "Elm", "zone": "Europe/Amsterdam"}])
    try:
        intake = read(tmp_path)
    except IntakeError as wrong:
        pytest.fail(str(wrong))
    assert [fact.row.facility_id for fact in intake.facts] == ["Elm"]


def test_a_second_file_of_one_table_is_told_as_such(elm):
    (elm / "facilities.csv").write_text("facility_id,zone\nOak,Europe/Amsterdam\n", encoding="utf-8")
    intake = read(elm)
    both = {fact.row.facility_id for fact in intake.facts} == {"Elm", "Oak"}
    why = " ".join(intake.unused.values())
    assert both or (why and "no table is called" not in why)


def test_two_columns_of_one_name_refuse_the_file_as_in_csv(elm):
    arrays = [pa.array([v]) for v in ("P", "Elm", "2N", "3W", "2026-03-02")]
    table = pa.Table.from_arrays(arrays, names=["patient_id", "facility_id", "ward", "ward", "start"])
    pq.write_table(table, elm / "stays.parquet")
    intake = read(elm)
    assert [p.column for p in intake.problems] == ["ward"]
    assert [fact.table for fact in intake.facts] == ["facilities"]


def test_a_row_with_nothing_in_it_is_no_row_as_in_csv(elm):
    good = {"patient_id": "P", "facility_id": "Elm", "ward": "2N", "start": "2026-03-02"}
    write(elm / "stays.parquet", [good, dict.fromkeys(good), good | {"patient_id": "Q"}])
    intake = read(elm)
    assert intake.problems == ()
    assert len(intake.facts) == 3


def test_a_time_in_nanoseconds_is_a_fact_or_a_problem(elm):
    table = pa.table(
        {
            "patient_id": ["P"],
            "facility_id": ["Elm"],
            "ward": ["2N"],
            "start": pa.array([1_772_446_500_000_000_001], pa.timestamp("ns", "UTC")),
        }
    )
    pq.write_table(table, elm / "stays.parquet", version="2.6")
    intake = read(elm)
    assert len(intake.facts) == 2 or any(p.file == "stays.parquet" for p in intake.problems)


def test_text_stored_as_bytes_is_read_as_text_or_refused(elm):
    stay = {"patient_id": b"P", "facility_id": b"Elm", "ward": b"2N", "start": b"2026-03-02"}
    pq.write_table(pa.table({k: pa.array([v], pa.binary()) for k, v in stay.items()}), elm / "stays.parquet")
    intake = read(elm)
    wards = [fact.row.ward for fact in intake.facts if fact.table == "stays"]
    assert wards == ["2N"] or any("text" in p.problem for p in intake.problems)
