"""Mappings: how the files of another system become rows of our tables, and every way to write one wrongly."""

import re
from datetime import UTC, date, datetime

import pytest

from ringfence.feeds import Effect, IntakeError, MappingError, load_mapping, mapping_ids
from ringfence.record import When

HEAD = """mapping: 1
id: made-up
title: Made up
"""
SITE = """tables:
  facilities:
    - rows: [{facility_id: Elm, zone: Europe/Amsterdam}]
"""
MOVES = """  stays:
    - file: moves.csv
      columns:
        patient_id: PatNo
        ward: Unit
        start: From
        end: To
      constants: {facility_id: Elm}
"""
MOVED = "PatNo,Unit,From,To\n1,2N,2026-03-02,2026-03-04\n2,3W,2026-03-03,\n"


def rows(intake, table):
    return [fact.row for fact in intake.facts if fact.table == table]


@pytest.fixture
def refused(tmp_path):
    """Load a mapping's text; give the complaint, its line, and the line at which a text stands."""

    def loading(text, at):
        path = tmp_path / "wrong.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(MappingError) as wrong:
            load_mapping(str(path))
        told = str(wrong.value)
        found = re.match(rf"{re.escape(str(path))}:(\d+): ", told)
        assert found, told
        return told, int(found[1]), next(n for n, line in enumerate(text.splitlines(), 1) if at in line)

    return loading


@pytest.mark.parametrize("name", mapping_ids())
def test_every_shipped_mapping_loads_under_its_own_name(name):
    assert load_mapping(name).file.id == name


def test_columns_and_constants_make_rows_that_know_their_mapping(read):
    intake = read(HEAD + SITE + MOVES, moves=MOVED)
    assert intake.problems == ()
    one, other = rows(intake, "stays")
    assert (one.patient_id, one.ward, one.facility_id) == ("1", "2N", "Elm")
    assert (other.start, other.end) == (When(on=date(2026, 3, 3)), None)
    sources = {(fact.table, fact.source) for fact in intake.facts}
    assert {("stays", "moves.csv:2"), ("stays", "moves.csv:3")} <= sources
    assert len({fact.decoded_by for fact in intake.facts}) == 1
    assert all(fact.decoded_by for fact in intake.facts)


def test_the_digest_of_a_mapping_changes_with_its_text(tmp_path):
    path = tmp_path / "m.yaml"
    path.write_text(HEAD + SITE + MOVES, encoding="utf-8")
    before = load_mapping(str(path)).digest
    path.write_text(HEAD + SITE + MOVES + "# a remark\n", encoding="utf-8")
    assert load_mapping(str(path)).digest != before


def test_an_unknown_mapping_names_the_nearest_and_those_there_are():
    with pytest.raises(MappingError, match=r"Did you mean `imp4-hospital`\?") as wrong:
        load_mapping("imp4-hospitl")
    assert "Shipped: " in str(wrong.value)


def test_an_unknown_table_names_the_nearest(refused):
    told, _, _ = refused(HEAD + SITE + MOVES.replace("stays:", "stay:"), "stay:")
    assert "`stay` is not a table" in told
    assert "Did you mean `stays`?" in told


def test_an_unknown_table_is_told_with_its_line(refused):
    _, line, right = refused(HEAD + SITE + MOVES.replace("stays:", "stay:"), "stay:")
    assert line == right


def test_an_unknown_column_names_the_nearest(refused):
    told, _, _ = refused(HEAD + SITE + MOVES.replace("ward: Unit", "wrad: Unit"), "wrad")
    assert "`wrad` is not a column of stays" in told
    assert "Did you mean `ward`?" in told


def test_an_unknown_column_is_told_with_its_line(refused):
    _, line, right = refused(HEAD + SITE + MOVES.replace("ward: Unit", "wrad: Unit"), "wrad")
    assert line == right


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("constants: {facility_id: Elm}", "constants: {facilty_id: Elm}"),
        ("constants: {facility_id: Elm}", "constants: {facility_id: Elm}\n      where_filled: [facilty_id]"),
        ("zone: Europe/Amsterdam}", "zone: Europe/Amsterdam, facilty_id: Elm}"),
    ],
)
def test_an_unknown_column_is_refused_wherever_it_stands(refused, old, new):
    told, _, _ = refused((HEAD + SITE + MOVES).replace(old, new), "facilty_id")
    assert "Did you mean `facility_id`?" in told


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("      columns:\n", "      colums:\n", "colums", "Did you mean `columns`?"),
        ("title: Made up\n", "title: Made up\ntime_zon: Europe/Paris\n", "time_zon", "Did you mean `time_zone`?"),
        ("title: Made up\n", "title: Made up\ntime_zone: Paris\n", "time_zone", "Europe/Amsterdam"),
        ("ward: Unit", "ward: {colum: Unit}", "colum:", "Did you mean `column`?"),
        ("ward: Unit", "ward: {column: Unit, template: x}", "template", "`column` or from `template`"),
        ("    - file: moves.csv\n", "    - rows: []\n      file: moves.csv\n", "rows: []", "`file` or gives `rows`"),
        ("mapping: 1\n", "mapping: 2\n", "mapping: 2", "1"),
        ("id: made-up\n", "", "mapping: 1", "`id`"),
        ("title: Made up\n", "title: Made up\ntitle: Again\n", "Again", "twice"),
    ],
)
def test_a_fault_of_a_mapping_is_told_with_its_line_and_what_would_be_right(refused, old, new, at, says):
    text = HEAD + SITE + MOVES
    assert text.count(old) == 1
    told, line, right = refused(text.replace(old, new), at)
    assert line == right
    assert says in told


def test_a_column_that_is_also_a_constant_is_refused(refused):
    told, _, _ = refused(HEAD + SITE + MOVES.replace("{facility_id: Elm}", "{ward: Elm}"), "{ward")
    assert "both a column and a constant" in told


def test_a_column_the_file_does_not_have_refuses_the_file_and_names_the_nearest(read):
    intake = read(HEAD + SITE + MOVES, moves=MOVED.replace("Unit", "Units"))
    (problem,) = intake.problems
    assert (problem.file, problem.line, problem.column) == ("moves.csv", 1, "Unit")
    assert "PatNo, Units, From, To" in problem.remedy
    assert "Did you mean `Units`?" in problem.remedy
    assert rows(intake, "stays") == []


def test_a_file_that_is_not_there_is_told_and_the_others_are_used(read):
    other = MOVES.replace("moves.csv", "other.csv").replace("  stays:\n", "")
    intake = read(HEAD + SITE + MOVES + other, moves=MOVED)
    (problem,) = intake.problems
    assert (problem.file, problem.line) == ("other.csv", 0)
    assert "made-up" in problem.remedy
    assert len(rows(intake, "stays")) == 2


def test_a_folder_with_none_of_the_files_of_the_mapping_is_refused_and_lists_what_is_there(read):
    with pytest.raises(IntakeError, match=r"none of the files that the mapping made-up expects is here.*other\.csv"):
        read(HEAD + SITE + MOVES, other=MOVED)


def test_words_of_the_file_become_our_words_and_others_are_refused(read):
    text = (
        HEAD
        + SITE
        + MOVES.replace(
            "        ward: Unit\n",
            "        ward: Unit\n        presence: {column: State, values: {IN: present, OUT: leave}}\n",
        )
    )
    moved = "PatNo,Unit,From,To,State\n1,2N,2026-03-02,,IN\n2,2N,2026-03-02,,OUT\n3,2N,2026-03-02,,held\n4,2N,2026-03-02,,GONE\n"
    intake = read(text, moves=moved)
    assert [row.presence.value for row in rows(intake, "stays")] == ["present", "leave", "held"]
    (problem,) = intake.problems
    assert (problem.line, problem.column) == (5, "State")
    assert "map the value in the mapping" in problem.remedy


def test_the_zone_of_a_facility_is_found_also_when_its_name_is_mapped(read):
    text = HEAD + (
        "tables:\n  facilities:\n    - rows: [{facility_id: Elm, zone: Europe/Amsterdam}, "
        "{facility_id: Cedar, zone: America/Vancouver}]\n"
    )
    moves = MOVES.replace("      constants: {facility_id: Elm}\n", "") + (
        "        facility_id: {column: Site, values: {E: Elm, C: Cedar}}\n"
    )
    intake = read(text + moves, moves="PatNo,Unit,From,To,Site\n1,2N,2026-01-05T12:00,,C\n")
    assert intake.problems == ()
    assert rows(intake, "stays")[0].start == When(at=datetime(2026, 1, 5, 20, tzinfo=UTC))


def test_markers_of_nothing_are_empty(read):
    moved = MOVED.replace("2026-03-03,\n", "2026-03-03,NA\n3,-,2026-03-03,NA\n")
    intake = read(HEAD + 'empty: ["", "NA", "-"]\n' + SITE + MOVES, moves=moved)
    assert rows(intake, "stays")[1].end is None
    (problem,) = intake.problems
    assert (problem.line, problem.column, problem.remedy) == (4, "Unit", "Give the ward.")


def test_a_date_format_is_followed_and_shown_when_a_date_is_of_another(read):
    dated = "{column: From, format: '%d/%m/%Y'}"
    moved = "PatNo,Unit,From,To\n1,2N,03/02/2026,\n2,2N,31/02/2026,\n3,2N,2026-02-03,\n4,2N,02/13/2026,\n"
    intake = read(HEAD + SITE + MOVES.replace("start: From", f"start: {dated}"), moves=moved)
    assert [row.start for row in rows(intake, "stays")] == [When(on=date(2026, 2, 3))]
    refused = [p for p in intake.problems if p.effect is Effect.REFUSED]
    assert [(p.line, p.column) for p in refused] == [(3, "From"), (4, "From"), (5, "From")]
    assert refused[0].problem == "There is no such date."
    assert "not a date" in refused[1].problem
    assert all(p.remedy == "Write it as DD/MM/YYYY." for p in refused)
    (told,) = [p for p in intake.problems if p.effect is Effect.DOUBTFUL]
    assert "with the month (line 5)" in told.problem


def test_a_format_with_hours_is_a_time_in_the_zone_of_the_mapping(read):
    text = (
        HEAD
        + "time_zone: America/Vancouver\n"
        + SITE
        + MOVES.replace("start: From", "start: {column: From, format: '%d/%m/%Y %H:%M'}")
    )
    intake = read(text, moves="PatNo,Unit,From,To\n1,2N,05/01/2026 12:00,\n2,2N,08/03/2026 02:30,\n")
    assert [row.start for row in rows(intake, "stays")] == [When(at=datetime(2026, 1, 5, 20, tzinfo=UTC))]
    # Vancouver's clocks go forward on the second Sunday of March: 2026-03-08 at 02:00.
    (problem,) = intake.problems
    assert "does not exist" in problem.problem


def test_only_rows_that_hold_a_text_are_used(read):
    text = HEAD + SITE + MOVES.replace("      columns:", "      only: {Kind: bed}\n      columns:")
    moved = "PatNo,Unit,From,To,Kind\n1,2N,2026-03-02,,bed\n2,2N,nonsense,,chair\n3,2N,2026-03-02,,bed\n"
    intake = read(text, moves=moved)
    assert intake.problems == ()
    assert [row.patient_id for row in rows(intake, "stays")] == ["1", "3"]


def test_only_on_a_column_the_file_does_not_have_is_told(read):
    text = HEAD + SITE + MOVES.replace("      columns:", "      only: {Kind: bed}\n      columns:")
    (problem,) = read(text, moves=MOVED).problems
    assert (problem.line, problem.column) == (1, "Kind")


def test_where_filled_leaves_rows_out_without_a_problem(read):
    text = HEAD + SITE + MOVES + "      where_filled: [ward]\n"
    intake = read(text, moves=MOVED + "3,,2026-03-03,\n4,NA,2026-03-03,\n".replace("NA", ""))
    assert intake.problems == ()
    assert [row.patient_id for row in rows(intake, "stays")] == ["1", "2"]


def test_where_filled_on_a_column_that_is_not_mapped_is_refused_when_the_mapping_is_read(refused):
    told, line, right = refused(HEAD + SITE + MOVES + "      where_filled: [room]\n", "where_filled")
    assert "room" in told
    assert line == right


def test_distinct_rows_are_used_once_without_a_note(read):
    wards = """  places:
    - file: moves.csv
      distinct: true
      columns: {ward: Unit}
      constants: {facility_id: Elm, level: ward}
"""
    moved = "PatNo,Unit\n1,2N\n2,3W\n3,2N\n"
    intake = read(HEAD + SITE + wards, moves=moved)
    assert intake.problems == ()
    assert [row.ward for row in rows(intake, "places")] == ["2N", "3W"]
    noted = read(HEAD + SITE + wards.replace("      distinct: true\n", ""), moves=moved)
    assert [(p.line, p.effect) for p in noted.problems] == [(4, Effect.USED)]


def test_a_template_joins_columns_and_is_empty_when_one_of_them_is(read):
    text = HEAD + 'empty: ["", "NA"]\n' + SITE + MOVES.replace("ward: Unit", 'ward: {template: "{Unit}/{Wing} x"}')
    moved = "PatNo,Unit,From,To,Wing\n1,2N,2026-03-02,,left\n2,2N,2026-03-02,,NA\n"
    intake = read(text, moves=moved)
    assert [row.ward for row in rows(intake, "stays")] == ["2N/left x"]
    (problem,) = intake.problems
    assert (problem.line, problem.column) == (3, "Unit, Wing")


def test_a_template_on_a_column_the_file_does_not_have_is_told(read):
    text = HEAD + SITE + MOVES.replace("ward: Unit", 'ward: {template: "{Unit}/{Wing}"}')
    (problem,) = read(text, moves=MOVED).problems
    assert (problem.line, problem.column) == (1, "Wing")


MATRIX = """  specimens:
    - file: isolates.csv
      columns: {specimen_id: Iso, patient_id: Iso, collected: Day}
      constants: {kind: isolate, purpose: unstated}
  isolates:
    - file: isolates.csv
      columns: {isolate_id: Iso, specimen_id: Iso}
      constants: {organism: eco}
  distances:
    - file: matrix_*.csv
      matrix:
        label: ^(I\\d+)
        instead:
          matrix_a.csv: {Reference: I3}
"""
ISOLATES = "Iso,Day\nI1,2026-03-02\nI2,2026-03-02\nI3,2026-03-02\n"


def test_a_square_table_becomes_one_row_for_each_pair(read):
    square = "x,I1-lib,I2-lib,Reference,public\nI1-lib,0,3,5,9\nI2-lib,3,0,4,9\nReference,5,4,0,9\npublic,9,9,9,0\n"
    intake = read(HEAD + SITE + MATRIX, isolates=ISOLATES, matrix_a=square)
    assert intake.problems == ()
    found = {frozenset((row.isolate_a, row.isolate_b)): row.snps for row in rows(intake, "distances")}
    assert found == {frozenset(("I1", "I2")): 3, frozenset(("I1", "I3")): 5, frozenset(("I2", "I3")): 4}
    assert len(rows(intake, "distances")) == 3


def test_a_cell_of_a_square_table_that_is_no_number_is_a_problem_of_its_line(read):
    square = "x,I1,I2\nI1,0,CANARY\nI2,CANARY,0\n"
    intake = read(HEAD + SITE + MATRIX, isolates=ISOLATES, matrix_a=square)
    (problem,) = intake.problems
    assert (problem.file, problem.line, problem.column) == ("matrix_a.csv", 2, "snps")
    assert "CANARY" not in problem.problem + problem.remedy


def test_a_square_table_filled_below_its_diagonal_is_not_lost_in_silence(read):
    square = "x,I1,I2,I3\nI1,0,,\nI2,3,0,\nI3,5,4,0\n"
    intake = read(HEAD + SITE + MATRIX, isolates=ISOLATES, matrix_a=square)
    assert len(rows(intake, "distances")) == 3 or any(p.file == "matrix_a.csv" for p in intake.problems)


@pytest.mark.parametrize("label", ["^(I", "^I[0-9]+"])
def test_a_label_that_is_no_pattern_with_a_group_is_refused_when_the_mapping_is_read(refused, label):
    told, line, right = refused(HEAD + SITE + MATRIX.replace("^(I\\d+)", label), "label:")
    assert line == right
    assert "label" in told


def test_files_left_out_on_purpose_say_why_and_others_that_they_are_not_named(read):
    text = HEAD + "ignore: {notes*.csv: free text}\n" + SITE + MOVES
    intake = read(text, moves=MOVED, notes_1="a\nb\n", other="a\nb\n")
    assert intake.unused["notes_1.csv"] == "free text"
    assert "does not name it" in intake.unused["other.csv"]
    assert set(intake.digests) == {"moves.csv"}


def test_a_problem_of_a_file_that_feeds_two_tables_is_told_once(read):
    intake = read(HEAD + SITE + MATRIX, isolates=ISOLATES + "I4,2026-03-02,x\n", matrix_a="x,I1,I2\nI1,0,3\nI2,3,0\n")
    assert [(p.file, p.line) for p in intake.problems] == [("isolates.csv", 5)]


def test_the_remark_about_a_row_written_in_the_mapping_names_the_mapping(read):
    text = HEAD + SITE.replace("}]", "}, {facility_id: Oak, zone: Nowhere}]") + MOVES
    (problem,) = read(text, moves=MOVED).problems
    assert problem.file.endswith("made-up.yaml")
    assert problem.column == "zone"
