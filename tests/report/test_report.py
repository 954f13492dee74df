"""What people read: nothing from data runs, nothing is lost, everything says why."""

import csv
import json
import re

import pytest
from builders import SITE

from ringfence.cli import main
from ringfence.press import write_csv

HOSTILE = "<script>alert(1)</script>"


def folder(tmp_path, **tables):
    place = tmp_path / "in"
    place.mkdir()
    (place / "facilities.csv").write_text(f"facility_id,zone\n{SITE},Europe/Amsterdam\n")
    for name, text in tables.items():
        (place / f"{name}.csv").write_text(text)
    return place


def analyzed(place, tmp_path, *more):
    out = tmp_path / "out"
    assert main(["analyze", str(place), "--policy", "nl", "--out", str(out), *more]) == 0
    return out


CARRIER = {
    "stays": "patient_id,facility_id,ward,start,end\n{p},Elm,{w},2026-03-01T10:00,2026-03-09T10:00\nTEST-2,Elm,{w},2026-03-01T10:00,\n",
    "specimens": "specimen_id,patient_id,facility_id,kind,purpose,collected\nS1,{p},Elm,urine,clinical,2026-03-05T10:00\n",
    "results": "result_id,specimen_id,kind,analyte,found,status\nR1,S1,gene,KPC,detected,final\n",
}


def carrier(tmp_path, patient="TEST-1", ward="2N"):
    return folder(tmp_path, **{name: text.format(p=patient, w=ward) for name, text in CARRIER.items()})


def test_markup_in_data_is_shown_and_never_run(tmp_path):
    page = (analyzed(carrier(tmp_path, patient=HOSTILE, ward=HOSTILE), tmp_path) / "report.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_report_loads_nothing_from_anywhere(tmp_path):
    page = (analyzed(carrier(tmp_path), tmp_path) / "report.html").read_text()
    assert not re.findall(r"""(?:src|href)=["'](?!#)""", page)
    assert not re.findall(r"url\((?!#)", page)
    assert "default-src 'none'" in page


@pytest.mark.parametrize("cell", ["=1+1", "+1-cmd", "-x", "@sum"])
def test_a_cell_that_a_spreadsheet_would_run_becomes_text(tmp_path, cell):
    write_csv(tmp_path / "x.csv", ["a"], [[cell]])
    assert (tmp_path / "x.csv").read_text().splitlines()[1].strip('"') == f"'{cell}"


def test_a_negative_number_stays_a_number(tmp_path):
    write_csv(tmp_path / "x.csv", ["a"], [["-1.5"]])
    assert (tmp_path / "x.csv").read_text() == "a\n-1.5\n"


def test_every_file_is_written_with_its_columns_new_ones_last(tmp_path):
    out = analyzed(carrier(tmp_path), tmp_path)
    expected = {
        "exposures": "case_id, index_patient_id, contact_patient_id, level, facility, ward, room, start, end, hours_min, hours_max, nights, sequence, resolution, under_precautions, repaired",
        "contacts": "case_id, contact_patient_id, level, first_exposure, last_exposure, hours_min, hours_max, known_carrier, sets_done, sets_needed, next_due, last_result, where_now, died_on",
        "cases": "case_id, patient_id, status, carbapenemases, organisms, first_positive, specimen_id, specimen_kind, purpose, infection_or_colonization, novelty, acquired, facility, ward, reasons, weakest_mark",
        "ledger": "encounter_id, patient_id, facility, ward, start, at_risk, reasons, missing, due, collected, outcome",
        "tasks": "patient_id, facility, ward, task, due, because, clause, mark, state",
    }
    for name, columns in expected.items():
        with (out / f"{name}.csv").open(newline="") as file:
            wanted = columns.split(", ")
            assert next(csv.reader(file))[: len(wanted)] == wanted
    for name in ("signals.csv", "problems.csv", "provenance.json", "report.html"):
        assert (out / name).is_file()


def test_moments_are_written_in_local_time_with_their_offset(tmp_path):
    out = analyzed(carrier(tmp_path), tmp_path)
    with (out / "cases.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["first_positive"] == "2026-03-05T10:00+01:00"


def test_provenance_names_what_went_in_and_why_a_table_is_empty(tmp_path):
    import hashlib

    place = carrier(tmp_path)
    (place / "notes.csv").write_text("a\n1\n")
    said = json.loads((analyzed(place, tmp_path) / "provenance.json").read_text())
    assert said["inputs"]["stays.csv"] == hashlib.sha256((place / "stays.csv").read_bytes()).hexdigest()
    assert list(said["inputs_not_used"]) == ["notes.csv"]
    assert said["outputs"]["ledger.csv"] == {
        "rows": 0,
        "empty_because": "No encounter of kind inpatient is known as of then.",
    }
    assert said["policy"]["id"] == "nl"
    assert said["policy"]["weakest_mark"] == "not_specified"


def test_the_same_files_give_the_same_bytes(tmp_path):
    place = carrier(tmp_path)
    first = {p.name: p.read_bytes() for p in analyzed(place, tmp_path).iterdir() if p.is_file()}
    again = {p.name: p.read_bytes() for p in analyzed(place, tmp_path).iterdir() if p.is_file()}
    assert first == again


def test_a_record_written_by_one_run_can_be_analyzed_again(tmp_path):
    out = analyzed(carrier(tmp_path), tmp_path)
    second = tmp_path / "second"
    assert main(["analyze", str(out / "record"), "--policy", "nl", "--out", str(second)]) == 0
    assert (second / "cases.csv").read_bytes() == (out / "cases.csv").read_bytes()


def test_no_page_says_that_anybody_is_cleared_or_safe(tmp_path):
    page = (analyzed(carrier(tmp_path), tmp_path) / "report.html").read_text().lower()
    assert not re.search(r"\b(cleared|safe)\b", page)
