"""Long tables written as they come: CSV, Parquet or Arrow, whole or not at all."""

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .files import whole
from .tables import plain

SUFFIXES = (".csv", ".parquet", ".arrow")
"""The endings of the files that can be written, each with its form."""
_RUN_BY_A_SPREADSHEET = r"^[=+\-@\t\r]"
_QUOTED = '[",\r\n]'


def write_batches(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Write batches to a file as they come, whole or not at all, and return how many rows there were.

    Args:
        path: a file that ends in one of `SUFFIXES`. In a CSV file (UTF-8) a text that a spreadsheet would run is made
            plain text, and numbers have two decimals at most.
        schema: the columns to write; a batch may have more.
        batches: the rows.

    Raises:
        WriteError: the disk is full, or the file cannot be written.
    """
    rows = 0
    with whole(path) as pending, _WRITERS[path.suffix](pending, schema) as writer:
        for batch in batches:
            writer.write_batch(batch.select(schema.names))
            rows += len(batch)
    return rows


class _Csv(AbstractContextManager["_Csv"]):
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.file = path.open("w", encoding="utf-8", newline="")
        self.file.write(",".join(schema.names) + "\n")

    def write_batch(self, batch: pa.RecordBatch) -> None:
        if len(batch):
            lines = pc.binary_join_element_wise(*map(_text, batch.columns), ",")
            self.file.write("\n".join(lines.to_pylist()) + "\n")

    def __exit__(self, *error: object) -> None:
        self.file.close()


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_floating(column.type):
        column = pc.round(column, 2)
    if pa.types.is_boolean(column.type):
        column = pc.if_else(column, "yes", "no")
    if not pa.types.is_string(column.type):
        return pc.fill_null(column.cast(pa.string()), "")
    told = column.dictionary_encode()
    return pc.fill_null(
        pa.array([_cell(text) for text in told.dictionary.to_pylist()], pa.string()).take(told.indices), ""
    )


def _cell(text: str) -> str:
    made = plain(text) if re.match(_RUN_BY_A_SPREADSHEET, text) else text
    return '"' + made.replace('"', '""') + '"' if re.search(_QUOTED, made) else made


def _arrow(path: Path, schema: pa.Schema) -> Any:  # noqa: ANN401
    return pa.ipc.new_file(str(path), schema)


_WRITERS: dict[str, Callable[[Path, pa.Schema], Any]] = {".csv": _Csv, ".parquet": pq.ParquetWriter, ".arrow": _arrow}
