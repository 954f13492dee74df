"""The fact tables are frozen with the schema version."""

from pathlib import Path

from schema_lines import lines

from ringfence.record import SCHEMA_VERSION
from ringfence.record.migrations import STEPS


def test_the_fact_tables_are_those_of_the_schema_version():
    pinned = Path(__file__).parent / f"schema-{SCHEMA_VERSION}.txt"
    now, then = list(lines()), pinned.read_text(encoding="utf-8").splitlines()
    gone, new = sorted(set(then) - set(now)), sorted(set(now) - set(then))
    why = "a change of a fact table needs a new schema version and a migration"
    assert now == then, f"{why}: docs/decisions/0005. Gone: {gone}. New: {new}. If neither, the order changed."


def test_there_is_a_step_from_every_older_schema_version():
    assert sorted(STEPS) == list(range(SCHEMA_VERSION))
