"""Facts as they are read, in columns: in memory while they are few, else in a file beside what is made of them.

A fact as a Python object takes a kilobyte and more, and a file of gigabytes has tens of millions. So facts are packed
as they come, and what is asked about all of them is asked of columns. See docs/decisions/0019.
"""

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.record import (
    TABLES,
    Fact,
    Whole,
    alike,
    hashes,
    pack_unsealed,
    schema_of,
    unpack_facts,
    unsealed_schema,
)

from .problems import IntakeError

AT_ONCE = 10_000
"""Facts that are packed together, and rows that are looked at together."""
HELD_AT_MOST = 64 << 20
"""Bytes of one table held in memory; what is more goes into a file."""


class Batches:
    """Batches of one schema, one after the other.

    Args:
        schema: of every batch.
        beside: the folder in which a file may be made. It never has a name there, and is gone with the process, however
            that ends. None: all is held in memory.
    """

    def __init__(self, schema: pa.Schema, beside: Path | None) -> None:
        self._schema, self._beside = schema, beside
        self._held: list[pa.RecordBatch] = []
        self._bytes = 0
        self._file: IO[bytes] | None = None
        self._writer: Any = None

    def add(self, batch: pa.RecordBatch) -> None:
        """Take a batch."""
        self._held.append(batch)
        self._bytes += batch.nbytes
        if self._beside and self._bytes > HELD_AT_MOST:
            with self._writing():
                self._write()

    def _write(self) -> None:
        if self._file is None:
            self._file = TemporaryFile(dir=self._beside)  # noqa: SIM115 it lives as long as what is mapped from it
            self._writer = pa.ipc.new_file(self._file, self._schema)
        for batch in self._held:
            self._writer.write_batch(batch)
        self._held, self._bytes = [], 0

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise IntakeError(
                f"{self._beside}: what is read is put there until it is added, and cannot be ({error.strerror}). "
                "Nothing was added. Free some space, or name another place."
            ) from None

    def table(self) -> pa.Table:
        """Return all that was taken; no more is taken then. What went into a file is mapped from there."""
        if self._file is None:
            return pa.Table.from_batches(self._held, self._schema)
        with self._writing():
            self._write()
            self._writer.close()
            self._file.flush()
        mapped = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        self._file.close()  # what it holds stays as long as it is mapped
        return pa.ipc.open_file(pa.py_buffer(mapped)).read_all()


class Gathering:
    """Facts of every table, packed as they come."""

    def __init__(self, beside: Path | None) -> None:
        self._beside = beside
        self._waiting: dict[str, list[Fact]] = {}
        self._packed: dict[str, Batches] = {}

    def add(self, fact: Fact) -> None:
        """Take a fact."""
        waiting = self._waiting.setdefault(fact.table, [])
        waiting.append(fact)
        if len(waiting) >= AT_ONCE:
            self._pack(fact.table)

    def _pack(self, name: str) -> None:
        table = TABLES[name]
        if name not in self._packed:
            self._packed[name] = Batches(unsealed_schema(table), self._beside)
        self._packed[name].add(pack_unsealed(table, self._waiting[name]))
        self._waiting[name] = []

    def columns(self) -> dict[str, pa.Table]:
        """Return all that was taken, by table; no more is taken then."""
        for name in self._waiting:
            self._pack(name)
        return {name: packed.table() for name, packed in self._packed.items()}


def facts_at(name: str, packed: pa.Table, positions: Whole) -> Iterator[tuple[int, Fact]]:
    """Yield the facts at positions of a table, each with its position; few are built at one time."""
    for first in range(0, len(positions), AT_ONCE):
        some = positions[first : first + AT_ONCE]
        order = np.argsort(some, kind="stable")
        facts = unpack_facts(TABLES[name], rows_at(packed.select(schema_of(TABLES[name]).names), some[order]))
        by_place = dict(zip(order.tolist(), facts, strict=True))
        yield from ((int(position), by_place[n]) for n, position in enumerate(some))


def rows_at(packed: pa.Table, positions: Whole) -> pa.Table:
    """Return the rows at positions, which ascend: from each batch its own, so that no column is put together whole."""
    found, first = [], 0
    for batch in packed.to_batches():
        low, high = np.searchsorted(positions, [first, first + len(batch)])
        if high > low:
            found.append(batch.take(pa.array(positions[low:high] - first)))
        first += len(batch)
    return pa.Table.from_batches(found, packed.schema)


class OfOneKey:
    """The rows of a table whose key stands in several."""

    def __init__(self, name: str, packed: pa.Table) -> None:
        self._name, self._packed = name, packed
        self._positions, self._begins = alike(hashes(packed["_key"]))
        sizes = np.diff(self._begins)
        self.large = [
            (int(self._positions[self._begins[n]]), int(sizes[n])) for n in np.flatnonzero(sizes > OF_ONE_KEY_AT_MOST)
        ]
        """The first row of each key that too many have to be compared, and how many have it."""

    def facts(self) -> Iterator[list[tuple[int, Fact]]]:
        """Yield the facts, each with its position, of a few keys at a time, in their order.

        All of a key come together. Others may be among them.
        """
        some: list[Whole] = []
        many = 0
        for first, end in pairwise(self._begins):
            if end - first <= OF_ONE_KEY_AT_MOST:
                some.append(self._positions[first:end])
                many += int(end - first)
            if some and (many >= AT_ONCE or end == self._begins[-1]):
                yield list(facts_at(self._name, self._packed, np.sort(np.concatenate(some))))
                some, many = [], 0


OF_ONE_KEY_AT_MOST = 50_000
"""Rows of one key that are compared with each other; a key of more numbers nothing."""


NO_DAY = int(np.iinfo(np.int64).min)
_MICROSECONDS_A_DAY = 86_400_000_000


def days_of(packed: pa.Table, column: str) -> Whole:
    """Return the day of each moment in a column, since 1970: in UTC of an instant, else local; `NO_DAY` for none."""
    at = pc.fill_null(packed[f"{column}_at"].cast(pa.int64()), NO_DAY).to_numpy()
    on = pc.fill_null(packed[f"{column}_on"].cast(pa.int32()).cast(pa.int64()), NO_DAY).to_numpy()
    days: Whole = np.where(at == NO_DAY, on, at // _MICROSECONDS_A_DAY)
    return days
