"""The files that `trace` writes: which columns, and rows as CSV."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from ringfence.press import write_batches, write_csv
from ringfence.record import TABLES, Level, View, When

_TABLES = {"case": "met", "all": "traced", "pairs": "pairs", "pressure": "pressure", "path": "path"}


def write_nothing(args: Namespace, out: Path) -> None:
    """Write a file with a header alone, so that what reads it finds one."""
    name = next(table for run, table in _TABLES.items() if getattr(args, run))
    if args.pressure and not args.level:
        name = "pressure_by_day"
    if out.suffix == ".csv":
        write_csv(out, [column.name for column in TABLES[name].columns], [])
    else:
        write_batches(out, TABLES[name].schema, [])


def schema_of_level(view: View, level: Level, table: str) -> pa.Schema:
    """Return the columns that can hold anything: of one site no site, of a ward no room."""
    left_out = set() if len(view.facilities) > 1 or table != "pairs" else {"facility"}
    if level in (Level.WARD, Level.FACILITY):
        left_out.add("room")
    if level is Level.FACILITY:
        left_out.add("ward")
    if level is not Level.BED:
        left_out.add("bed")
    return pa.schema([field for field in TABLES[table].schema if field.name not in left_out])


def write_rows(view: View, name: str, rows: Sequence[Any], out: Path) -> None:
    """Write rows as CSV, moments in the local time of their facility."""
    table = TABLES[name]

    def text(row: Any, column: str) -> str:  # noqa: ANN401
        value = getattr(row, column)
        if value is None:
            return ""
        if isinstance(value, When):
            return value.text(view.zone(row.facility))
        return table.by_name[column].kind.write(value)

    names = [column.name for column in table.columns]
    write_csv(out, names, ([text(row, column) for column in names] for row in rows))
