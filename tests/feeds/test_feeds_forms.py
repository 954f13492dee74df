"""The forms in which people send tables: encodings, separators, archives, workbooks, and what stands above a header."""

import gzip
import io
import zipfile
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from ringfence.feeds import Effect, IntakeError, load_mapping, read_folder
from ringfence.record import When

ELM = "facility_id,zone\nElm,Europe/Amsterdam\n"
HEADER = "patient_id,facility_id,ward,start,end\n"
STAYS = f"{HEADER}TEST-1,Elm,Süd,2026-03-02,2026-03-04\nTEST-2,Elm,Süd,2026-03-02,\n"


def wards(intake):
    return [fact.row.ward for fact in intake.facts if fact.table == "stays"]


def told(intake):
    return [(p.file, p.line, p.column, p.effect) for p in intake.problems]


@pytest.fixture
def given(tmp_path):
    """Write files of any kind by name, and read the folder."""
    folder = tmp_path / "in"
    folder.mkdir()

    def reading(mapping=None, **files):
        for name, content in {"facilities.csv": ELM, **files}.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        path = None
        if mapping:
            path = tmp_path / "made-up.yaml"
            path.write_text(mapping, encoding="utf-8")
        return read_folder(folder, load_mapping(str(path) if path else None))

    reading.folder = folder
    return reading


def book(sheets, **more):
    """Return a workbook: by sheet, rows of cells; a date is one."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
            for top, left, bottom, right, text in more.get("merged", ()):
                sheet.merge_range(top, left, bottom, right, text)
            if name in more.get("hidden", ()):
                sheet.hide()
    return data.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1252"]
)
def test_an_export_in_any_of_the_usual_encodings_gives_the_same_rows(given, encoding):
    intake = given(**{"stays.csv": STAYS.encode(encoding)})
    assert wards(intake) == ["Süd", "Süd"]
    assert told(intake) == ([("stays.csv", 2, "", Effect.USED)] if encoding == "windows-1252" else [])


def test_what_is_read_as_windows_1252_is_said_with_where_it_begins(given):
    intake = given(
        **{"stays.csv": (HEADER + "TEST-1,Elm,2N,2026-03-02,\nTEST-2,Elm,Süd,2026-03-02,\n").encode("cp1252")}
    )
    (problem,) = intake.problems
    assert (problem.line, problem.effect) == (3, Effect.USED)
    assert "Windows-1252" in problem.problem
    assert "files" in problem.remedy


def test_bytes_that_are_in_neither_encoding_are_refused(given):
    with pytest.raises(IntakeError, match=r"facilities\.csv:2: .*neither UTF-8 nor Windows-1252"):
        given(**{"facilities.csv": b"facility_id,zone\n\x8dlm,Europe/Amsterdam\n"})


def test_a_byte_order_mark_does_not_hide_bytes_of_another_encoding(given):
    intake = given(**{"stays.csv": b"\xef\xbb\xbf" + STAYS.encode("windows-1252")})
    assert (wards(intake), told(intake)) == (["Süd", "Süd"], [("stays.csv", 2, "", Effect.USED)])


@pytest.mark.parametrize("value", ["#N/A", "#REF!", ""])
def test_an_error_in_a_sheet_and_a_formula_without_its_value_are_no_empty_cells(given, value):
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as made:
        sheet = made.add_worksheet("stays")
        sheet.write_row(0, 0, HEADER.strip().split(","))
        for row, patient in enumerate(("TEST-1", "TEST-2"), 1):
            sheet.write_row(row, 0, [patient, "Elm", "2N", "2026-03-02"])
        sheet.write_formula(1, 4, "=NA()", None, value)
    intake = given(**{"stays.xlsx": data.getvalue()})
    (problem,) = intake.problems
    assert (problem.line, problem.column, problem.effect) == (2, "end", Effect.REFUSED)
    assert "error stands here" in problem.problem
    assert [fact.row.patient_id for fact in intake.facts if fact.table == "stays"] == ["TEST-2"]


MAPPING = """
mapping: 1
id: made-up
title: Made up
time_zone: Europe/Amsterdam
FORMS
tables:
  facilities:
    - rows: [{facility_id: Elm, zone: Europe/Amsterdam}]
  stays:
    - file: FILE
      columns: {patient_id: PatNo, ward: Unit, start: {column: In, format: "%d.%m.%Y"}}
      constants: {facility_id: Elm}
"""


def mapped(file, forms=""):
    return MAPPING.replace("FILE", file).replace("FORMS", forms)


def test_a_mapping_names_an_encoding_that_no_file_can_tell(given):
    data = "PatNo,Unit,In\nTEST-1,Łódź,02.03.2026\n".encode("windows-1250")
    intake = given(mapped("moves.csv", "files: {moves.csv: {encoding: windows-1250}}"), **{"moves.csv": data})
    assert (wards(intake), told(intake)) == (["Łódź"], [])


@pytest.mark.parametrize(
    ("separator", "decimal"), [(";", ","), ("\t", ","), ("|", ","), ("^", ","), ("~", ","), (",", ".")]
)
def test_the_separator_is_the_one_that_makes_even_rows(given, separator, decimal):
    rows = [["patient_id", "facility_id", "ward", "start"], ["TEST-1", "Elm", f"2{decimal}5 Nord", "2026-03-02"]]
    intake = given(**{"stays.csv": "\n".join(separator.join(row) for row in rows)})
    assert (wards(intake), told(intake)) == ([f"2{decimal}5 Nord"], [])


def test_a_line_that_names_the_separator_is_no_row(given):
    intake = given(**{"stays.csv": "sep=;\n" + STAYS.replace(",", ";") + "TEST-3;Elm;2N;nonsense;\n"})
    assert wards(intake) == ["Süd", "Süd"]
    assert told(intake) == [("stays.csv", 5, "start", Effect.REFUSED)]


def test_cells_in_single_marks_and_marks_behind_a_backslash_are_read(given):
    single = "'patient_id','facility_id','ward','start'\n'TEST-1','Elm','2N, left','2026-03-02'\n"
    assert wards(given(**{"stays.csv": single})) == ["2N, left"]
    slashed = 'patient_id,facility_id,ward,start\nTEST-1,Elm,"2N \\"left\\"",2026-03-02\n'
    assert wards(given(**{"stays.csv": slashed})) == ['2N "left"']


def test_a_title_above_the_header_is_passed_over_and_said(given):
    intake = given(**{"stays.csv": f"Movements of Elm,,,,\nmade on 3 March,,,,\n\n{STAYS}"})
    assert wards(intake) == ["Süd", "Süd"]
    assert told(intake) == [("stays.csv", 1, "", Effect.USED)]
    assert "line 4" in intake.problems[0].problem


def test_a_header_of_two_lines_is_named_by_the_mapping_and_joined(given):
    text = "Patient,Place,Time\nNo,Unit,In\nTEST-1,2N,02.03.2026\n"
    forms = "files: {moves.csv: {header: [1, 2]}}"
    mapping = (
        mapped("moves.csv", forms)
        .replace("PatNo", "Patient No")
        .replace("Unit", "Place Unit")
        .replace(": In", ": Time In")
    )
    assert wards(given(mapping, **{"moves.csv": text})) == ["2N"]


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("{encoding: nonsense}", "not an encoding"),
        ("{separator: ';;'}", "one character"),
        ("{header: [3, 2]}", "upper line first"),
        ("{heading: 2}", "heading"),
    ],
)
def test_a_form_that_cannot_be_is_refused_with_its_line(given, form, says):
    with pytest.raises(Exception, match=rf"made-up\.yaml:\d+: .*{says}"):
        given(mapped("moves.csv", f"files: {{moves.csv: {form}}}"), **{"moves.csv": "PatNo,Unit,In\n"})


def test_a_tab_may_be_named_in_a_mapping(given):
    text = "PatNo\tUnit\tIn\nTEST-1\t2;N\t02.03.2026\n"
    assert wards(given(mapped("moves.txt", "files: {moves.txt: {separator: tab}}"), **{"moves.txt": text})) == ["2;N"]


def test_columns_without_a_name_may_be_empty_and_nothing_else(given):
    intake = given(
        **{
            "stays.csv": "patient_id,facility_id,ward,start,,\nTEST-1,Elm,2N,2026-03-02,,\nTEST-2,Elm,3N,2026-03-02,,x\n"
        }
    )
    assert wards(intake) == ["2N"]
    assert told(intake) == [("stays.csv", 3, "", Effect.REFUSED)]


# Archives


def zipped(**members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_what_is_packed_is_unpacked_by_what_it_is_and_not_by_its_name(given):
    assert wards(given(**{"stays.csv.gz": gzip.compress(STAYS.encode())})) == ["Süd", "Süd"]
    (given.folder / "stays.csv.gz").unlink()
    assert wards(given(**{"stays.csv": gzip.compress(STAYS.encode())})) == ["Süd", "Süd"]


def test_the_files_of_an_archive_are_read_and_named_with_it(given):
    bad = STAYS + "TEST-3,Elm,2N,nonsense,\n"
    intake = given(**{"export.zip": zipped(**{"in/stays.csv": bad, "__MACOSX/stays.csv": "x", "notes.txt": "nothing"})})
    assert wards(intake) == ["Süd", "Süd"]
    assert told(intake) == [("export.zip/in/stays.csv", 4, "start", Effect.REFUSED)]
    assert set(intake.unused) == {"export.zip/notes.txt"}
    assert set(intake.digests) == {"facilities.csv", "export.zip"}


def test_an_archive_inside_an_archive_is_said_and_the_rest_read(given):
    intake = given(**{"export.zip": zipped(**{"stays.csv": STAYS, "more.zip": zipped(**{"stays.csv": STAYS})})})
    assert len(wards(intake)) == 2
    assert told(intake) == [("export.zip/more.zip", 0, "", Effect.REFUSED)]


def test_a_file_that_was_cut_off_gives_the_rows_before_and_says_where_it_ends(given):
    rows = "".join(f"TEST-{n},Elm,Süd {n * n % 97},2026-03-02,\n" for n in range(20_000))
    whole = gzip.compress((HEADER + rows).encode())
    intake = given(**{"stays.csv.gz": whole[: len(whole) // 2]})
    (problem,) = intake.problems
    assert 1_000 < len(wards(intake)) < 20_000
    assert problem.line == len(wards(intake)) + 1
    assert "breaks off" in problem.problem


def test_a_damaged_archive_is_named_and_the_other_files_read(given):
    data = zipped(**{"stays.csv": STAYS * 50})
    intake = given(**{"export.zip": data[: len(data) // 2], "stays.csv": STAYS})
    assert (len(wards(intake)), told(intake)) == (2, [("export.zip", 0, "", Effect.REFUSED)])


@pytest.mark.parametrize(
    ("begins", "what"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"<html><table>", "a web page"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"\xd0\xcf\x11\xe0\xa1", "workbook"),
    ],
)
def test_what_is_no_table_whatever_its_name_says_is_named(given, begins, what):
    intake = given(**{"stays.xls": begins})
    (problem,) = intake.problems
    assert (problem.file, problem.line) == ("stays.xls", 0)
    assert what in problem.problem


# Workbooks

COLUMNS = ["patient_id", "facility_id", "ward", "bed", "start", "end"]
ROW = ["TEST-1", "Elm", "2N", "A", date(2026, 3, 2), datetime(2026, 3, 4, 11, 30)]


def test_a_sheet_is_read_by_what_its_cells_hold_whatever_they_show(given):
    intake = given(
        **{
            "stays.xlsx": book(
                {"any": [COLUMNS, [12, "Elm", 2.5, 1, *ROW[4:]], ["TEST-2", "Elm", "2N", "", date(2026, 3, 5), ""]]}
            )
        }
    )
    assert told(intake) == []
    first, second = (fact.row for fact in intake.facts if fact.table == "stays")
    assert (first.patient_id, first.ward, first.bed) == ("12", "2.5", "1")
    assert (first.start, second.start) == (When(on=date(2026, 3, 2)), When(on=date(2026, 3, 5)))
    assert first.end.at.isoformat() == "2026-03-04T10:30:00+00:00"


def test_a_midnight_in_a_column_of_times_is_a_time(given):
    rows = [COLUMNS, [*ROW[:4], datetime(2026, 3, 2), ""], [*ROW[:3], "B", datetime(2026, 3, 3, 9, 15), ""]]
    intake = given(**{"stays.xlsx": book({"any": rows})})
    starts = [fact.row.start.at for fact in intake.facts if fact.table == "stays"]
    assert [at.isoformat() for at in starts] == ["2026-03-01T23:00:00+00:00", "2026-03-03T08:15:00+00:00"]


def test_each_sheet_is_a_table_of_its_own_and_hidden_ones_are_said(given):
    data = book({"Stays": [COLUMNS, ROW], "Notes": [["hello"]], "Old": [COLUMNS, ROW]}, hidden=["Old"])
    intake = given(**{"export.xlsx": data})
    assert wards(intake) == ["2N"]
    assert told(intake) == [("export.xlsx/Old", 0, "", Effect.USED)]
    assert set(intake.unused) == {"export.xlsx/Notes"}


def test_merged_cells_above_a_header_are_a_title_and_below_it_are_refused(given):
    rows = [[""], COLUMNS, ROW, [*ROW[:3], "B", *ROW[4:]], ["", *ROW[1:3], "C", *ROW[4:]]]
    data = book({"any": rows}, merged=[(0, 0, 0, 5, "Movements"), (3, 0, 4, 0, "TEST-2")])
    intake = given(**{"stays.xlsx": data})
    assert [fact.row.bed for fact in intake.facts if fact.table == "stays"] == ["A"]
    assert told(intake) == [
        ("stays.xlsx", 1, "", Effect.USED), ("stays.xlsx", 4, "A", Effect.REFUSED), ("stays.xlsx", 5, "A", Effect.REFUSED)
    ]  # fmt: skip


def test_dates_that_a_file_itself_knows_need_no_format(given):
    data = book({"any": [["PatNo", "Unit", "In"], ["TEST-1", "2N", date(2026, 3, 2)], ["TEST-2", "2N", "03.03.2026"]]})
    intake = given(mapped("moves.xlsx"), **{"moves.xlsx": data})
    assert told(intake) == []
    assert [fact.row.start.on.day for fact in intake.facts if fact.table == "stays"] == [2, 3]
    buffer = io.BytesIO()
    pq.write_table(pa.table({"PatNo": ["TEST-1"], "Unit": ["2N"], "In": [date(2026, 3, 2)]}), buffer)
    (given.folder / "moves.xlsx").unlink()
    assert wards(given(mapped("moves.parquet"), **{"moves.parquet": buffer.getvalue()})) == ["2N"]


# What spreadsheets do


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [
        ("patient_id", "1.23457E+12", "last digits are lost"),
        ("patient_id", "#N/A", "error"),
        ("ward", "####", "too narrow"),
        ("bed", "4-Mar", "made a date"),
        ("bed", "Mar-04", "made a date"),
        ("start", "46083", "number of a day"),
        ("start", "46083.5", "number of a day"),
        ("start", "30:00.0", "minutes and seconds"),
    ],
)
def test_what_a_spreadsheet_left_of_a_cell_is_refused_with_the_remedy(given, column, text, says):
    cells = dict(zip(COLUMNS, ["TEST-1", "Elm", "2N", "A", "2026-03-02", ""], strict=True)) | {column: text}
    intake = given(**{"stays.csv": f"{','.join(cells)}\n{','.join(cells.values())}\n"})
    (problem,) = intake.problems
    assert told(intake) == [("stays.csv", 2, column, Effect.REFUSED)]
    assert says in problem.problem
    assert "spreadsheet" in problem.remedy or "Widen" in problem.remedy


def test_a_bed_that_a_workbook_holds_as_a_date_is_refused_and_a_long_number_too(given):
    rows = [COLUMNS, [*ROW[:3], date(2026, 4, 3), *ROW[4:]], [1234567890123456789, *ROW[1:]]]
    intake = given(**{"stays.xlsx": book({"any": rows})})
    assert wards(intake) == []
    assert told(intake) == [("stays.xlsx", 2, "bed", Effect.REFUSED), ("stays.xlsx", 3, "patient_id", Effect.REFUSED)]


def test_a_word_that_only_looks_damaged_is_let_in_by_a_mapping(given):
    mapping = mapped("moves.csv").replace("ward: Unit", "ward: {column: Unit, values: {4-Mar: Ward 4 March}}")
    assert wards(given(mapping, **{"moves.csv": "PatNo,Unit,In\nTEST-1,4-Mar,02.03.2026\n"})) == ["Ward 4 March"]


# Columns that change half-way


def stays_of(patients, start=lambda n: f"2026-03-{n % 9 + 1:02}", ward=lambda n: "2N"):
    return HEADER + "".join(f"{patient},Elm,{ward(n)},{start(n)},\n" for n, patient in enumerate(patients))


def test_a_column_that_holds_something_else_from_a_row_on_is_doubtful(given):
    patients = [*(f"{7919 * n % 1000 + 1000}" for n in range(30)), *(f"Name, Made-Up-{n * 37 % 91}" for n in range(30))]
    text = stays_of([f'"{patient}"' for patient in patients])
    intake = given(**{"stays.csv": text})
    assert told(intake) == [("stays.csv", 32, "patient_id", Effect.DOUBTFUL)]
    assert len(wards(intake)) == 60


def test_a_file_in_the_order_of_a_column_or_with_kinds_that_mix_is_not_doubtful(given):
    patients = [f"TEST-{n}" for n in range(60)]
    assert told(given(**{"stays.csv": stays_of(patients, ward=lambda n: n + 1 if n < 30 else f"W{n}")})) == []
    assert told(given(**{"stays.csv": stays_of(patients, ward=lambda n: [12, "ICU", 4, "W"][n * n % 4])})) == []


def test_dates_of_which_some_begin_with_the_month_are_doubtful(given):
    text = "PatNo,Unit,In\n" + "".join(
        f"TEST-{n},2N,{day}\n" for n, day in enumerate(["02.03.2026", "31.03.2026", "03.31.2026"])
    )
    intake = given(mapped("moves.csv"), **{"moves.csv": text})
    assert told(intake) == [("moves.csv", 4, "In", Effect.DOUBTFUL), ("moves.csv", 4, "In", Effect.REFUSED)]
    assert "line 3" in intake.problems[0].problem


def test_times_of_which_some_say_their_offset_are_doubtful(given):
    times = ["2026-03-02T10:00", "2026-03-02T10:00+01:00"]
    intake = given(**{"stays.csv": stays_of(["TEST-1", "TEST-2"], start=lambda n: times[n])})
    assert told(intake) == [("stays.csv", 3, "start", Effect.DOUBTFUL)]
    assert len(wards(intake)) == 2


def test_a_first_column_without_a_name_holds_the_names_of_rows_and_is_no_fault(tmp_path):
    (tmp_path / "facilities.csv").write_text('"","facility_id","zone"\n"1","Elm","Europe/Amsterdam"\n')
    found = read_folder(tmp_path, load_mapping(None))
    assert [fact.row.facility_id for fact in found.facts] == ["Elm"]
    assert found.problems == ()
