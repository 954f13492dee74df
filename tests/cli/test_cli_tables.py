"""`ringfence tables`: the manual of the input, and an example that reads back."""

import csv
import io

import pytest

from ringfence.cli import main
from ringfence.feeds import load_mapping, read_folder
from ringfence.record import TABLES, TableKind

FACTS = {name: table for name, table in TABLES.items() if table.kind is TableKind.FACT}


def page(capsys, *argv):
    assert main(["tables", *argv]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def example(text):
    """Return the example row that a page prints, by column name."""
    lines = text.rstrip("\n").split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("Example, "))
    (row,) = csv.DictReader(io.StringIO("\n".join(lines[at + 1 :])), strict=True)
    return row


def test_every_input_table_is_listed_with_what_one_row_is(capsys):
    text = page(capsys)
    for name, table in FACTS.items():
        assert any(line.split()[0] == name and table.one_row in line for line in text.splitlines() if line)
    assert "ringfence tables NAME" in text


@pytest.mark.parametrize("name", FACTS)
def test_a_table_is_shown_column_by_column(capsys, name):
    lines = page(capsys, name).splitlines()
    assert lines[0].startswith(f"{name}: ")
    for column in FACTS[name].columns:
        need = "required" if column.required else "optional"
        at = lines.index(f"  {column.name} ({need})")
        assert lines[at + 1].strip() == column.meaning
        assert not column.empty or f"Empty: {column.empty}." in lines[at + 2]


def test_the_stays_show_which_columns_are_needed_and_the_words_there_are(capsys):
    text = page(capsys, "stays")
    needed = [line.split()[0] for line in text.splitlines() if line.endswith("(required)")]
    assert needed == ["patient_id", "facility_id", "ward", "start"]
    assert "One of present, leave, held. Empty: present." in text
    assert "Empty: still there." in text


@pytest.mark.parametrize("name", FACTS)
def test_the_example_row_that_is_printed_is_the_declared_one(capsys, name):
    assert example(page(capsys, name)) == FACTS[name].example_row()


@pytest.mark.parametrize("name", FACTS)
def test_the_example_row_of_a_table_fills_every_required_column(capsys, name):
    row = example(page(capsys, name))
    assert all(row[c.name] for c in FACTS[name].columns if c.required)


def test_the_printed_examples_together_are_a_folder_that_reads_back_without_problems(capsys, tmp_path):
    for name in FACTS:
        lines = page(capsys, name).rstrip("\n").split("\n")
        at = lines.index(f"Example, {name}.csv:")
        (tmp_path / f"{name}.csv").write_text("\n".join(lines[at + 1 :]) + "\n", encoding="utf-8")
    # A distance needs two isolates, and one example row of isolates is one.
    with (tmp_path / "isolates.csv").open("a", encoding="utf-8") as file:
        file.write("IS-22-1,SP-17-1,Klebsiella pneumoniae\n")
    intake = read_folder(tmp_path, load_mapping(None))
    assert intake.problems == ()
    assert sorted({fact.table for fact in intake.facts}) == sorted(FACTS)


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.kind is not TableKind.FACT])
def test_a_table_of_findings_or_views_can_be_shown_too_and_has_no_example(capsys, name):
    text = page(capsys, name)
    assert "Example" not in text
    assert all(f"  {column.name} (" in text for column in TABLES[name].columns)
