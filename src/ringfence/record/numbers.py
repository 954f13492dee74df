"""Numbers of rows: which are used by several systems for several things, and what they are called then.

A number belongs to the system that gave it. As long as one system alone uses it, it is shown as it is and whoever names
it means that row. Once a second system uses it too, it is shown with its system (`17@laboratory`), and a row that names
it means the row of its own system. See docs/decisions/0004.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .declare import TABLES, TableKind
from .envelope import Fact

# A patient's number and a facility's are one for every system; what one system calls another a link does not say.
_OF_EVERYBODY = ("patients", "facilities", "identity_links")

OWN_NUMBER: Mapping[str, str] = {
    table.name: table.key[0]
    for table in TABLES.values()
    if table.kind is TableKind.FACT and table.name not in _OF_EVERYBODY and len(table.key) == 1
} | {"orders": "order_id", "places": "place_id"}
"""The column with a row's own number, by table."""

NAMES: Mapping[str, str] = {column: name for name, column in OWN_NUMBER.items()} | {
    "isolate_a": "isolates",
    "isolate_b": "isolates",
    "undoes": "declarations",
}
"""The table that a column names a row of, by column; in that table itself, the row's own number."""

BETWEEN = "@"


def qualified(number: str, system: str) -> str:
    """Return what a number that several systems use is called."""
    return f"{number}{BETWEEN}{system}" if system else number


def shared_numbers(columns: Mapping[str, pa.Table]) -> dict[str, frozenset[str]]:
    """Return the numbers that several systems use, by table; tables without any are left out."""
    systems = (pc.unique(packed["_system"]).to_pylist() for packed in columns.values())
    if len({system for some in systems for system in some}) < 2:
        return {}
    found: dict[str, frozenset[str]] = {}
    for name, column in OWN_NUMBER.items():
        used = columns[name].select([column, "_system"]).group_by([column, "_system"]).aggregate([])
        by = used.group_by(column).aggregate([("_system", "count")])
        twice = by.filter(pc.greater(by["_system_count"], 1))[column].to_pylist()
        if numbers := frozenset(number for number in twice if number):
            found[name] = numbers
    return found


def with_qualified_numbers(
    columns: Mapping[str, pa.Table], shared: Mapping[str, frozenset[str]]
) -> Mapping[str, pa.Table]:
    """Return facts in columns with the shared numbers qualified, wherever they stand."""
    named = {name: _qualified_in(packed, shared) for name, packed in columns.items()} if shared else dict(columns)
    named["declarations"] = _spelled_out(named["declarations"], columns, shared)
    return named


def _spelled_out(packed: pa.Table, columns: Mapping[str, pa.Table], shared: Mapping[str, frozenset[str]]) -> pa.Table:
    """Return declarations with numbers that say their system (`17@laboratory`) as that row is called here."""
    for column in ("encounter_id", "specimen_id"):
        texts = packed[column].to_pylist()
        if not any(text and BETWEEN in text for text in texts):
            continue
        table = NAMES[column]
        of = columns[table].select([column, "_system"]).group_by([column, "_system"]).aggregate([])
        pairs = zip(of[column].to_pylist(), of["_system"].to_pylist(), strict=True)
        plain = {qualified(n, system): n for n, system in pairs if system and n not in shared.get(table, ())}
        at = packed.schema.get_field_index(column)
        values = pa.array([plain.get(text, text) for text in texts], pa.string())
        packed = packed.set_column(at, packed.schema.field(at), values)
    return packed


def with_qualified_row(fact: Fact, shared: Mapping[str, frozenset[str]]) -> Fact:
    """Return a fact with the shared numbers of its row qualified."""
    given: dict[str, Any] = {}
    for column, table in NAMES.items():
        number = getattr(fact.row, column, None)
        if number is not None and number in shared.get(table, ()):
            given[column] = qualified(number, fact.system)
    return replace(fact, row=replace(fact.row, **given)) if given else fact


def _qualified_in(packed: pa.Table, shared: Mapping[str, frozenset[str]]) -> pa.Table:
    for column, table in NAMES.items():
        if table in shared and column in packed.schema.names:
            at = packed.schema.get_field_index(column)
            several = pc.is_in(packed[column], value_set=pa.array(sorted(shared[table]), pa.string()))
            several = pc.and_(several, pc.not_equal(packed["_system"], ""))
            named = pc.binary_join_element_wise(packed[column], packed["_system"], BETWEEN)
            packed = packed.set_column(at, packed.schema.field(at), pc.if_else(several, named, packed[column]))
    return packed
