"""SQLite files, as WHONET and others write them: each table a part, values as text, damage said."""

import gzip
import io
import sqlite3
import zipfile

import pytest

from ringfence.feeds import Effect, IntakeError, load_mapping, read_folder

MAPPING = """mapping: 1
id: made-up
title: Made up
time_zone: Europe/Amsterdam
tables:
  facilities:
    - rows: [{facility_id: Elm, zone: Europe/Amsterdam}]
  stays:
    - file: FILE
      columns:
        patient_id: PatNo
        ward: Unit
        bed: Bed
        start: {column: In, pattern: "^(\\\\d{4}-\\\\d{2}-\\\\d{2}) 00:00:00$"}
      constants: {facility_id: Elm}
"""
MOVES = [(17, "Süd", 4.0, "2026-03-02 00:00:00"), (18, "Süd", None, "2026-03-03 00:00:00")]


@pytest.fixture
def base(tmp_path):
    """Return the bytes of a database with these tables."""

    def made(**tables):
        path = tmp_path / "made.sqlite"
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path)
        for name, rows in tables.items():
            connection.execute(f'CREATE TABLE "{name}" (PatNo, Unit TEXT, Bed REAL, "In" TEXT)')
            connection.executemany(f'INSERT INTO "{name}" VALUES (?, ?, ?, ?)', rows)
        connection.commit()
        connection.close()
        return path.read_bytes()

    return made


@pytest.fixture
def read(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()

    def reading(name, content, entry):
        (folder / name).write_bytes(content)
        mapping = tmp_path / "made-up.yaml"
        mapping.write_text(MAPPING.replace("FILE", entry), encoding="utf-8")
        return read_folder(folder, load_mapping(str(mapping)))

    return reading


def stays(intake):
    return [
        (fact.row.patient_id, fact.row.ward, fact.row.bed, str(fact.row.start.on))
        for fact in intake.facts
        if fact.table == "stays"
    ]


FOUND = [("17", "Süd", "4", "2026-03-02"), ("18", "Süd", None, "2026-03-03")]


def test_the_only_table_with_rows_is_called_like_its_file(base, read):
    intake = read("moves.sqlite", base(moves=MOVES, settings=[]), "moves.sqlite")
    assert (stays(intake), intake.problems) == (FOUND, ())


def test_of_several_tables_each_is_named(base, read):
    intake = read("all.db", base(moves=MOVES, other=MOVES[:1]), "all.db/moves")
    assert stays(intake) == FOUND
    assert list(intake.unused) == ["all.db/other"]


def test_a_packed_database_is_read_too(base, read):
    assert stays(read("moves.sqlite.gz", gzip.compress(base(moves=MOVES)), "moves.sqlite.gz")) == FOUND
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("moves.sqlite", base(moves=MOVES))
    assert stays(read("export.zip", packed.getvalue(), "export.zip/moves.sqlite")) == FOUND


def test_a_database_of_which_only_the_beginning_is_there_is_said_to_be_damaged(base, read):
    for part in (0.03, 0.9):
        whole = base(moves=MOVES)
        with pytest.raises(IntakeError, match=r"moves\.sqlite: This SQLite file cannot be read"):
            read("moves.sqlite", whole[: int(len(whole) * part)], "moves.sqlite")


def test_a_database_that_is_damaged_within_gives_no_row_and_that_is_said(base, read):
    many = [(n, "2N", 1.0, "2026-03-02 00:00:00") for n in range(5000)]
    whole = base(moves=many)
    page = 4096
    broken = whole[: 10 * page] + b"\xff" * page + whole[11 * page :]
    intake = read("moves.sqlite", broken, "moves.sqlite")
    (problem,) = [one for one in intake.problems if "SQLite" in one.problem]
    assert (problem.file, problem.line, problem.effect) == ("moves.sqlite", 0, Effect.REFUSED)
    assert stays(intake) == []


def test_a_column_that_is_worked_out_a_broken_view_and_an_odd_text_lose_no_row(tmp_path, read):
    path = tmp_path / "odd.sqlite"
    connection = sqlite3.connect(path)
    connection.execute('CREATE TABLE moves (PatNo TEXT, Unit TEXT, Bed TEXT, "In" TEXT, Both TEXT AS (PatNo || Unit))')
    connection.execute(
        "INSERT INTO moves (PatNo, Unit, \"In\") VALUES ('17', CAST(x'53FC64' AS TEXT), '2026-03-02 00:00:00')"
    )
    connection.execute("CREATE TABLE gone (a)")
    connection.execute("CREATE VIEW broken AS SELECT a FROM gone")
    connection.execute("DROP TABLE gone")
    connection.commit()
    connection.close()
    intake = read("odd.sqlite", path.read_bytes(), "odd.sqlite")
    assert stays(intake) == [("17", "Süd", None, "2026-03-02")]
    assert [p.file for p in intake.problems] == ["odd.sqlite/broken"]


def test_a_database_with_a_log_is_read_from_an_archive_and_leaves_nothing_beside_it(tmp_path, read):
    path = tmp_path / "moves.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute('CREATE TABLE moves (PatNo TEXT, Unit TEXT, Bed TEXT, "In" TEXT)')
    connection.execute("INSERT INTO moves VALUES ('17', '2N', NULL, '2026-03-02 00:00:00')")
    connection.commit()
    connection.close()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("moves.sqlite", path.read_bytes())
    assert len(stays(read("export.zip", packed.getvalue(), "export.zip/moves.sqlite"))) == 1
    assert len(stays(read("moves.sqlite", path.read_bytes(), "moves.sqlite"))) == 1
    assert {one.name for one in (tmp_path / "in").iterdir()} == {"export.zip", "moves.sqlite"}
