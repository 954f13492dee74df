"""What reviewers found of reading files: each as they showed it."""

import gzip
import os
import signal
import subprocess
import sys
import time
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfence.feeds import Effect, IntakeError, counted, gathering, load_mapping, read_folder, refused_by_table

HEADER = "patient_id,facility_id,ward,start"
ROWS = [f"TEST-{n},Elm,2N,2026-03-01" for n in range(1200)]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "given"
    made.mkdir()
    (made / "facilities.csv").write_text("facility_id,zone\nElm,Europe/Amsterdam\n")
    return made


def read(folder):
    return read_folder(folder, load_mapping(None))


def text(rows=ROWS, header=HEADER):
    return "\n".join([header, *rows]) + "\n"


def stays(intake):
    return len(intake.columns.get("stays", ()))


def test_a_small_file_that_was_cut_off_is_used_up_to_there(folder):
    (folder / "stays.csv.gz").write_bytes(gzip.compress(text().encode())[:-4])
    intake = read(folder)
    assert stays(intake) == 1200
    (problem,) = intake.problems
    assert (problem.line, problem.rest) == (1201, True)
    assert refused_by_table(intake.problems) == {"stays": (0, 1)}


def test_half_a_letter_at_the_end_costs_the_last_row_and_no_other(folder):
    (folder / "stays.csv").write_bytes(text().encode("utf-16")[:-1])
    assert stays(read(folder)) == 1199


def test_one_stray_byte_among_letters_that_windows_1252_has_not_is_read_and_said(folder):
    (folder / "stays.csv").write_bytes(
        text().encode() + "TEST-x,Elm,č”Á,2026-03-01\n".encode() + b"TEST-y,Elm,Caf\xe9,2026-03-01\n"
    )
    intake = read(folder)
    assert stays(intake) == 1202
    assert [(p.line, p.effect) for p in intake.problems] == [(1203, Effect.USED)]


def test_a_last_letter_that_is_not_whole_in_utf_8_is_said(folder):
    (folder / "stays.csv").write_bytes(
        text(header=f"{HEADER},note", rows=["TEST-1,Elm,2N,2026-03-01,Caf"]).encode().rstrip(b"\n") + b"\xe9"
    )
    assert any("not UTF-8 from here on" in p.problem for p in read(folder).problems)


def test_a_cell_of_many_characters_is_read(folder):
    (folder / "stays.csv").write_text(text(header=f"{HEADER},note", rows=[f"TEST-1,Elm,2N,2026-03-01,{'x' * 200_000}"]))
    assert stays(read(folder)) == 1


def test_rows_with_two_problems_each_are_counted_once_and_both_kinds_in_full(folder):
    rows = [f"TEST-{n},Elm,2N,2026-13-01,2026-14-01" for n in range(5000)]
    (folder / "stays.csv").write_text(text(rows, f"{HEADER},end"))
    intake = read(folder)
    assert counted(intake.problems) == (5000, 0)
    assert sorted((p.column, p.rows) for p in intake.problems if p.rows) == [("end", 4000), ("start", 4000)]
    assert refused_by_table(intake.problems) == {"stays": (5000, 0)}


def test_of_a_file_without_a_column_it_needs_every_row_is_counted(folder):
    (folder / "stays.csv").write_text(text([row.replace(",2N", "") for row in ROWS], "patient_id,facility_id,start"))
    intake = read(folder)
    assert counted(intake.problems) == (1200, 0)
    assert refused_by_table(intake.problems) == {"stays": (1200, 0)}


def test_one_date_that_no_calendar_of_ours_has_refuses_its_row_and_no_other(folder):
    far = pa.array([datetime(2026, 3, 1), None], pa.timestamp("us")).cast(pa.int64()).to_pylist()
    starts = pa.array([far[0], 254_402_300_800 * 10**6 * 10], pa.int64()).cast(pa.timestamp("us"))
    columns = {"patient_id": ["TEST-1", "TEST-2"], "facility_id": ["Elm", "Elm"], "ward": ["2N", "2N"], "start": starts}
    pq.write_table(pa.table(columns), folder / "stays.parquet")
    intake = read(folder)
    assert stays(intake) == 1
    assert [(p.line, p.column) for p in intake.problems] == [(2, "start")]


def test_many_rows_of_one_number_are_not_compared_each_with_each(folder, monkeypatch):
    monkeypatch.setattr(gathering, "OF_ONE_KEY_AT_MOST", 500)
    header = "specimen_id,patient_id,facility_id,kind,purpose,collected"
    rows = [f"1.0,TEST-{n},Elm,rectal_swab,screening,2026-03-01" for n in range(1000)]
    (folder / "specimens.csv").write_text(text(rows, header))
    intake = read(folder)
    assert [(p.column, p.effect) for p in intake.problems] == [("specimen_id", Effect.DOUBTFUL)]
    assert "1,000 rows" in intake.problems[0].problem


def test_a_file_that_changes_while_it_is_read_is_refused(folder):
    (folder / "stays.csv").write_text(text())
    seen = []

    def change(name, *_):
        seen.append(name)
        if seen.count("stays.csv") == 1 and seen[-1] == "stays.csv":
            (folder / "stays.csv").write_text(text([row.replace("2N", "3W") for row in ROWS]))

    with pytest.raises(IntakeError, match=r"stays\.csv: this file was changed while it was read"):
        read_folder(folder, load_mapping(None), progress=change)


def test_rows_of_a_large_table_are_taken_without_putting_its_columns_together(folder):
    (folder / "stays.csv").write_text(text())
    packed = read(folder).columns["stays"]
    many = pa.concat_tables([packed] * 3)
    found = gathering.rows_at(many, __import__("numpy").array([0, 5, 1205, 3599]))
    assert found["patient_id"].to_pylist() == ["TEST-0", "TEST-5", "TEST-5", "TEST-1199"]
    assert found["patient_id"].num_chunks == 3


def test_a_reading_that_is_killed_leaves_nothing_of_a_patient_on_disk(folder, tmp_path):
    (folder / "stays.csv").write_text(text([f"TEST-CANARY-{n},Elm,2N,2026-03-01" for n in range(20_000)]))
    beside = tmp_path / "beside"
    beside.mkdir()
    code = (
        "import os,signal,sys; from pathlib import Path; from ringfence.feeds import gathering, read_folder, load_mapping;"
        "gathering.HELD_AT_MOST = 0; written = gathering.Batches._write\n"
        "def write(self):\n written(self); self._file.flush(); print('written', flush=True)\n"
        "gathering.Batches._write = write\n"
        f"read_folder(Path({str(folder)!r}), load_mapping(None), beside=Path({str(beside)!r}));"
        "import time; time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    time.sleep(0.05)
    assert list(beside.iterdir()) == []


def test_one_number_of_two_patients_is_used_for_neither_and_hides_nobody(folder):
    header = "stay_id,patient_id,facility_id,ward,room,start,end"
    rows = ["S1,TEST-1,Elm,2N,201,2026-03-01,2026-03-05", "S1,TEST-2,Elm,2N,201,2026-03-01,2026-03-05"]
    (folder / "stays.csv").write_text(text([*rows, "S2,TEST-3,Elm,2N,201,2026-03-01,"], header))
    intake = read(folder)
    assert intake.columns["stays"]["patient_id"].to_pylist() == ["TEST-3"]
    assert [(p.line, p.column, p.effect) for p in intake.problems] == [
        (2, "stay_id", Effect.REFUSED),
        (3, "stay_id", Effect.REFUSED),
    ]


def test_an_end_in_the_year_9999_is_none_and_is_said(folder):
    rows = ["TEST-1,Elm,2N,2026-03-01,9999-12-31", "TEST-2,Elm,2N,2026-03-01T09:00,9999-12-31T00:00"]
    (folder / "stays.csv").write_text(text(rows, f"{HEADER},end"))
    intake = read(folder)
    assert [fact.row.end for fact in intake.facts if fact.table == "stays"] == [None, None]
    assert [(p.line, p.column, p.effect) for p in intake.problems] == [(2, "end", Effect.USED), (3, "end", Effect.USED)]
    (folder / "stays.csv").write_text(text(["TEST-1,Elm,2N,9999-12-31,"], f"{HEADER},end"))
    assert stays(read(folder)) == 0


def test_a_result_whose_time_of_report_cannot_be_read_is_used_without_it(folder):
    (folder / "specimens.csv").write_text(
        "specimen_id,patient_id,facility_id,kind,purpose,collected\nS1,TEST-1,Elm,rectal_swab,screening,2026-03-01\n"
    )
    (folder / "results.csv").write_text(
        "result_id,specimen_id,kind,analyte,found,status,reported\nR1,S1,gene,NDM,detected,final,2026-02-30\n"
    )
    intake = read(folder)
    assert len(intake.columns["results"]) == 1
    assert [(p.column, p.effect) for p in intake.problems] == [("reported", Effect.DOUBTFUL)]


def test_a_ward_that_is_written_in_two_ways_is_said(folder):
    (folder / "stays.csv").write_text(text([*ROWS[:3], "TEST-9,Elm,2n,2026-03-01", "TEST-8,Elm,2 N,2026-03-01"]))
    assert [(p.line, p.column, p.effect) for p in read(folder).problems] == [
        (5, "ward", Effect.DOUBTFUL),
        (6, "ward", Effect.DOUBTFUL),
    ]


def test_a_specimen_of_which_the_reason_or_the_material_is_not_known_keeps_its_result(folder):
    (folder / "specimens.csv").write_text(
        "specimen_id,patient_id,facility_id,kind,purpose,collected\nS1,TEST-1,Elm,gizmo,because,2026-03-01\n"
    )
    intake = read(folder)
    (specimen,) = [fact.row for fact in intake.facts if fact.table == "specimens"]
    assert (specimen.kind, specimen.purpose) == ("other", "unstated")
    assert sorted((p.column, p.effect) for p in intake.problems) == [
        ("kind", Effect.DOUBTFUL),
        ("purpose", Effect.DOUBTFUL),
    ]
    assert all("The row is used as" in p.problem for p in intake.problems)
