"""A name in the wrong cell never comes back out: not in a problem, not in an error."""

import csv

import pytest

from ringfence.feeds import IntakeError, load_mapping, read_folder, write_folder
from ringfence.record import TABLES, TableKind

FACTS = {name: table for name, table in TABLES.items() if table.kind is TableKind.FACT}
CANARY = "CANARY-NAME"
# The sites are named when a row names one that is not there; so the name of a site is the one cell shown on purpose.
SHOWN_ON_PURPOSE = {("facilities", "facility_id")}
EVERY_COLUMN = [(name, c.name) for name, table in FACTS.items() for c in table.columns]


def write(folder, name, rows):
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def fill(folder):
    """Write the example row of every table; a second isolate makes the distance lead somewhere."""
    for name, table in FACTS.items():
        rows = [table.example_row()]
        if name == "isolates":
            rows.append(rows[0] | {"isolate_id": "IS-22-1"})
        write(folder, name, rows)


def read_or_refused(folder):
    """Return the problems, and the text of the error when the folder cannot be read at all."""
    try:
        return read_folder(folder, load_mapping(None)).problems, ""
    except IntakeError as wrong:
        return (), str(wrong)


@pytest.fixture
def examples(tmp_path):
    fill(tmp_path)
    return tmp_path


def test_the_example_rows_of_all_tables_agree_once_a_second_isolate_is_there(examples):
    assert read_folder(examples, load_mapping(None)).problems == ()


def test_the_example_rows_of_all_tables_agree_with_each_other(tmp_path):
    for name, table in FACTS.items():
        # A distance needs two isolates, and one example row of isolates is one.
        second = [table.example_row() | {"isolate_id": "IS-22-1"}] if name == "isolates" else []
        write(tmp_path, name, [table.example_row(), *second])
    intake = read_folder(tmp_path, load_mapping(None))
    assert intake.problems == ()
    assert len(intake.facts) == len(FACTS) + 1


@pytest.mark.parametrize("rest", ["", " the Third", "€;|"])
@pytest.mark.parametrize(("name", "column"), EVERY_COLUMN)
def test_a_name_in_any_cell_of_any_table_is_in_no_problem_and_no_error(examples, name, column, rest):
    row = FACTS[name].example_row()
    others = [row] if name == "facilities" else []
    rows = [*others, row | {column: CANARY + rest}, row | {column: CANARY + rest}]
    if (name, column) == ("facilities", "facility_id"):
        rows = rows[1:]
    write(examples, name, rows)
    problems, refusal = read_or_refused(examples)
    assert CANARY not in refusal.upper()
    said = [f"{p.file} {p.column} {p.problem}" for p in problems]
    if (name, column) not in SHOWN_ON_PURPOSE:
        said += [p.remedy for p in problems]
    assert not [text for text in said if CANARY in text.upper()]


@pytest.mark.parametrize(("name", "column"), EVERY_COLUMN)
def test_a_cell_that_must_be_one_of_few_words_refuses_a_name(examples, name, column):
    declared = FACTS[name].by_name[column]
    if declared.kind.describe() == "text" or column == "zone":
        return
    row = FACTS[name].example_row()
    write(examples, name, [FACTS["facilities"].example_row()] * (name == "facilities") + [row | {column: CANARY}])
    problems = read_folder(examples, load_mapping(None)).problems
    (problem,) = [p for p in problems if (p.file, p.column) == (f"{name}.csv", column)]
    assert problem.line == (3 if name == "facilities" else 2)
    assert problem.remedy


@pytest.mark.parametrize("name", FACTS)
def test_what_is_written_back_is_read_as_the_same_facts(examples, tmp_path, name):
    before = read_folder(examples, load_mapping(None))
    rows = {table: [fact.row for fact in before.facts if fact.table == table] for table in FACTS}
    again = tmp_path / "again"
    write_folder(rows, again)
    after = read_folder(again, load_mapping(None))
    assert after.problems == ()
    assert [f.row for f in after.facts if f.table == name] == rows[name]
    assert rows[name]
