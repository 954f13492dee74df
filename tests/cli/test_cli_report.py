"""`ringfence report`: of a period, frozen as it was submitted, with what changed since, and in other forms."""

import csv
import hashlib
import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ringfence.cli import main
from ringfence.record import TABLES
from ringfence.vocabulary import shipped

DAYS = ("1-admissions", "2-a-result", "4-a-correction")


@pytest.fixture
def run(capsys):
    def running(*arguments, status=0):
        found = main([str(one) for one in arguments])
        said = "".join(capsys.readouterr())
        assert found == status, said
        return said

    return running


@pytest.fixture
def record(tmp_path, run):
    """A record of two days of the bundled example: a carrier was found."""
    folder = tmp_path / "record"
    for day in DAYS[:2]:
        run("record", "add", shipped("examples", "day-by-day") / day, "--to", folder)
    return folder


@pytest.fixture
def report(record, run, tmp_path):
    def reporting(*more, period="2026Q2", status=0, folder=record):
        out = tmp_path / "out"
        return run("report", folder, "--policy", "nl", "--period", period, "--out", out, *more, status=status), out

    return reporting


def rows(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def test_figures_and_cases_are_those_of_the_period(report):
    said, out = report()
    assert "Period: 2026-04-01 to 2026-06-30, of which the data cover 2026-05-01 to 2026-05-04." in said
    assert {(row["start"], row["end"]) for row in rows(out / "indicators.csv")} == {("2026-04-01", "2026-05-04")}
    assert [row["case_id"] for row in rows(out / "cases-in-period.csv")] == ["TEST-A:OXA-48-like:1"]
    said, out = report(period="2026Q1")
    assert "of which the data cover no day." in said
    assert rows(out / "cases-in-period.csv") == []


def test_what_was_submitted_is_kept_and_what_changed_since_is_listed(report, record, run):
    said, out = report("--freeze")
    copy = record / "reports" / "2026-04-01..2026-06-30" / "1"
    assert "Frozen: copy 1, " in said
    assert f"digest {json.loads((copy / 'submitted.json').read_text())['digest'][:16]}" in said
    before = (copy / "cases-in-period.csv").read_bytes()
    run("record", "add", shipped("examples", "day-by-day") / DAYS[2], "--to", record)
    said, out = report()
    assert "Compared with copy 1, " in said
    changed = {(row["about"], row["what"]): (row["was"], row["now"]) for row in rows(out / "revisions.csv")}
    assert changed["TEST-A:OXA-48-like:1", "status"] == ("probable", "withdrawn")
    assert changed["screening_positivity Elm", "numerator"] == ("1", "0")
    page = (out / "report.html").read_text()
    assert "Revisions since it was submitted" in page
    assert "Compared with copy 1, " in page
    assert (copy / "cases-in-period.csv").read_bytes() == before
    assert "Frozen: copy 2, " in report("--freeze")[0]


def test_a_copy_that_would_be_equal_is_not_kept_twice(report, record):
    report("--freeze")
    said, _ = report("--freeze")
    assert "Nothing differs from copy 1, " in said
    assert [one.name for one in (record / "reports" / "2026-04-01..2026-06-30").iterdir()] == ["1"]


def test_a_copy_that_somebody_changed_is_said_to_be(report, record):
    report("--freeze")
    file = record / "reports" / "2026-04-01..2026-06-30" / "1" / "indicators.csv"
    file.write_text(file.read_text().replace("Elm", "Oak"))
    said, out = report()
    assert "these files are not as they were frozen: indicators.csv." in said
    assert "These files of the copy are not as they were frozen: indicators.csv." in (out / "report.html").read_text()


def test_a_damaged_copy_is_refused_with_what_to_do(report, record):
    report("--freeze")
    (record / "reports" / "2026-04-01..2026-06-30" / "1" / "submitted.json").write_text("{")
    assert "this copy of a report is damaged" in report(status=2)[0]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("--period", "2026Q5"), "--period: 2026Q5 is no period"),
        (("--freeze",), "--freeze: a copy is kept of a period"),
        (("--freeze", "--period", "2026Q2", "--known", "1"), "Leave --known out"),
        (("--fewest", "-1"), "--fewest: give 0 or more"),
    ],
)
def test_what_cannot_be_meant_is_refused(record, run, tmp_path, asked, expected):
    assert expected in run("report", record, "--policy", "nl", "--out", tmp_path / "out", *asked, status=2)
    assert not (tmp_path / "out").exists()


def test_a_copy_of_files_that_are_no_record_cannot_be_kept(run, tmp_path):
    folder = shipped("examples", "small-hospital")
    asked = ("--period", "2026Q1", "--freeze", "--out", tmp_path / "out")
    assert "Make one: ringfence record add" in run("report", folder, "--policy", "nl", *asked, status=2)


def test_small_figures_are_left_out_on_request_and_said_to_be(report):
    _, out = report("--fewest", "5")
    found = {row["indicator"]: row for row in rows(out / "indicators.csv")}
    row = found["screening_positivity"]
    assert (row["numerator"], row["value"], row["suppressed"]) == ("", "", "yes")
    assert "fewer than 5 people or events stand behind it" in row["why_none"]
    assert "none: fewer than 5 people" in (out / "report.html").read_text()
    assert rows(report()[1] / "indicators.csv")[0]["suppressed"] == "no"


def test_parquet_and_workbook_hold_the_same_rows_as_the_csv_files(report):
    _, out = report("--also", "xlsx", "parquet")
    for name in ("cases", "contacts", "indicators", "ledger"):
        table = pq.read_table(out / f"{name}.parquet")
        assert table.schema.names == TABLES[name].schema.names
        assert len(table) == len(rows(out / f"{name}.csv"))
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(out / "report.xlsx")
    beside = {"about", "problems", "checks"}
    assert set(book.sheet_names) == {path.stem for path in out.glob("*.parquet")} | beside
    about = dict(row for row in book.get_sheet_by_name("about").to_python() if row[0] != "says")
    assert about["figures of"].count(" to ") == 1
    figures = book.get_sheet_by_name("indicators").to_python()
    at = figures[0].index("numerator")
    assert all(isinstance(row[at], float) for row in figures[1:] if row[at] != "")
    sheet = book.get_sheet_by_name("cases").to_python()
    expected = rows(out / "cases.csv")
    assert [dict(zip(sheet[0], map(str, row), strict=True)) for row in sheet[1:]] == expected


def test_no_cell_of_the_workbook_is_a_formula(run, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for path in shipped("examples", "small-hospital").glob("*.csv"):
        (folder / path.name).write_text(path.read_text().replace("TEST-017", "=1+1"))
    run("report", folder, "--policy", "nl", "--also", "xlsx", "--out", out)
    with zipfile.ZipFile(out / "report.xlsx") as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]
        texts = "".join(sheets)
    assert "<f>" not in texts
    assert "=1+1" in texts


def test_the_report_as_pdf_has_all_its_text(report):
    pytest.importorskip("weasyprint", reason="needs the extra pdf", exc_type=ImportError)
    from pypdf import PdfReader

    _, out = report("--also", "pdf")
    pages = PdfReader(Path(out / "report.pdf")).pages
    text = " ".join(page.extract_text() for page in pages)
    for heading in ("What needs doing now", "New cases over time", "Figures", "Data problems", "The policy in words"):
        assert heading in text
    width, height = pages[0].mediabox.width, pages[0].mediabox.height
    assert width > height


@pytest.mark.parametrize("command", ["analyze", "report"])
def test_strict_fails_a_run_of_which_a_row_could_not_be_used_and_writes_all_the_same(run, tmp_path, command):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for path in shipped("examples", "small-hospital").glob("*.csv"):
        (folder / path.name).write_text(path.read_text())
    run(command, folder, "--policy", "nl", "--strict", "--out", out)
    stays = folder / "stays.csv"
    stays.write_text(stays.read_text().replace("2026-03-01T", "2026-13-01T"))
    said = run(command, folder, "--policy", "nl", "--strict", "--out", out, status=1)
    assert "so this run counts as failed" in said
    assert rows(out / "problems.csv")
    assert (out / "report.html").exists()
    run(command, folder, "--policy", "nl", "--out", out)


def test_the_same_days_asked_for_otherwise_find_the_copy_and_what_was_made_otherwise_is_said(report):
    report("--freeze", "--fewest", "5")
    said, out = report(period="2026-04-01..2026-06-30")
    assert "Compared with copy 1, " in said
    assert "made otherwise (--fewest)" in said
    assert rows(out / "revisions.csv") == []


def test_a_digest_that_somebody_made_fit_is_noticed(report, record):
    report("--freeze")
    copy = record / "reports" / "2026-04-01..2026-06-30" / "1"
    file = copy / "indicators.csv"
    file.write_text(file.read_text().replace("Elm", "Oak"))
    about = json.loads((copy / "submitted.json").read_text())
    about["files"]["indicators.csv"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (copy / "submitted.json").write_text(json.dumps(about))
    assert "not as they were frozen: submitted.json." in report()[0]


@pytest.mark.parametrize("spoilt", [b"a,b\n1,2\n", b"\xff\xfe\x00"])
def test_a_spoilt_table_of_a_copy_is_said_and_ends_nothing(report, record, spoilt):
    report("--freeze")
    (record / "reports" / "2026-04-01..2026-06-30" / "1" / "indicators.csv").write_bytes(spoilt)
    assert "not as they were frozen: indicators.csv." in report()[0]
