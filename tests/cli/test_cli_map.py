"""`ringfence map` from the command line: from files as they were sent to a first report, and every refusal on the way."""

import csv

import pytest
import yaml

from ringfence.cli import main

MOVES = """Pat No,Ward,Room,From,To
TEST-A,2N,201,02/03/2026 10:00,09/03/2026 11:00
TEST-B,2N,201,05/03/2026 09:00,08/03/2026 09:00
"""
LAB = """Sample,Pat No,Material,Collected,Species,Carbapenemase
S1,TEST-A,Urine,10/03/2026,K. pneumoniae,KPC
S2,TEST-B,Swab of the made-up kind,16/03/2026,E. coli,NEG
"""


@pytest.fixture
def sent(tmp_path):
    folder = tmp_path / "sent"
    folder.mkdir()
    (folder / "moves.csv").write_text(MOVES)
    (folder / "lab.csv").write_text(LAB)
    return folder


@pytest.fixture
def run(capsys):
    def running(*arguments, status=0):
        found = main([str(one) for one in arguments])
        said = "".join(capsys.readouterr())
        assert found == status, said
        return said

    return running


def test_from_files_as_they_were_sent_to_a_report_in_two_commands(sent, run, tmp_path):
    mapping, out = tmp_path / "sent.yaml", tmp_path / "out"
    said = run("map", sent, "--facility", "Birch", "--zone", "Europe/Amsterdam", "--out", mapping)
    assert "To choose, " in said
    chosen = mapping.read_text().replace("CHOOSE %d/%m/%Y %H:%M or %m/%d/%Y %H:%M", "%d/%m/%Y %H:%M")
    mapping.write_text(chosen)
    run("analyze", sent, "--mapping", mapping, "--policy", "nl", "--out", out)
    cases = list(csv.DictReader((out / "cases.csv").read_text().splitlines()))
    assert [(case["patient_id"], case["carbapenemases"]) for case in cases] == [("TEST-A", "KPC")]
    contacts = list(csv.DictReader((out / "contacts.csv").read_text().splitlines()))
    assert [(one["contact_patient_id"], one["level"], one["hours_max"]) for one in contacts] == [
        ("TEST-B", "room", "72")
    ]


def test_what_it_gives_is_tried_and_said_and_no_cell_is_shown(sent, run, tmp_path):
    (sent / "moves.csv").write_text(MOVES.replace("02/03", "22/02"))
    said = run("map", sent, "--facility", "Birch", "--zone", "Europe/Amsterdam", "--out", tmp_path / "sent.yaml")
    assert "Tried: 1 facilities, 2 isolates, 1 populations, 2 results, 2 specimens, 2 stays." in said
    assert "Rows refused: " in said
    assert "Words that are not known: 1; the mapping lists them with their counts." in said
    assert "who shared a bathroom: places: ward, room, bathroom" in said
    for cell in ("TEST-A", "201", "made-up", "K. pneumoniae"):
        assert cell not in said
    assert "Swab of the made-up kind: ?  # 1" in (tmp_path / "sent.yaml").read_text()


def test_the_mapping_is_yaml_that_says_why_each_column_was_taken(sent, run, tmp_path):
    run("map", sent, "--facility", "Birch", "--zone", "Europe/Amsterdam", "--out", tmp_path / "sent.yaml")
    text = (tmp_path / "sent.yaml").read_text()
    read = yaml.safe_load(text)
    (stays,) = read["tables"]["stays"]
    assert (stays["file"], stays["columns"]["patient_id"], stays["constants"]) == (
        "moves.csv",
        "Pat No",
        {"facility_id": "Birch"},
    )
    for line in text.splitlines():
        if line.strip().startswith(("patient_id:", "ward:", "room:", "start:", "end:", "collected:")):
            assert "# sure: " in line or "# likely: " in line


def test_a_mapping_that_somebody_corrected_is_not_overwritten(sent, run, tmp_path):
    mapping = tmp_path / "sent.yaml"
    mapping.write_text("# corrected\n")
    said = run("map", sent, "--out", mapping, status=2)
    assert "would be lost" in said
    assert mapping.read_text() == "# corrected\n"


def test_our_own_tables_need_no_mapping(run, tmp_path, monkeypatch):
    from ringfence.vocabulary import shipped

    monkeypatch.chdir(tmp_path)
    assert "needs no mapping" in run("map", shipped("examples", "small-hospital"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("files", "asked", "expected"),
    [
        ({}, (), "there is no file with rows here that could be read"),
        ({"a.csv": ""}, (), "a.csv: The file is empty."),
        ({"a.csv": "Name,Colour\nTEST-A,blue\n"}, (), "no file was recognized"),
        ({"a.csv": MOVES}, ("--zone", "Amsterdam"), "Did you mean `Europe/Amsterdam`?"),
        ({"a.csv": MOVES}, ("--out", "map.txt"), "ends in .yaml"),
    ],
)
def test_what_cannot_be_proposed_is_refused_with_what_would_be_right(
    tmp_path, run, monkeypatch, files, asked, expected
):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "sent"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    said = run("map", folder, *asked, status=2)
    assert expected in said
    assert "TEST-A" not in said
    assert [one.name for one in tmp_path.iterdir()] == ["sent"]


def test_a_folder_that_is_not_there_is_said_to_be_none(tmp_path, run):
    assert "there is no such folder" in run("map", tmp_path / "none", "--out", tmp_path / "m.yaml", status=2)
