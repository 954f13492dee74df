"""Rows in the order of their patient, as columns: a patient's rows are a slice, and are built when asked for."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .arrays import Whole
from .declare import Table


class Shelf:
    """The current rows of one table, sorted by patient.

    Args:
        table: what the rows are.
        packed: their columns.
        patients: the number of each row's patient; rows of nobody have -1 and are left out.
        starts: by what the rows of one patient are ordered.
        many: how many patients there are.
        by_key: whether rows with one start are in order of their key, so that arrival decides nothing; else as given.
    """

    def __init__(
        self, table: Table, packed: pa.Table, patients: Whole, starts: Whole, many: int, *, by_key: bool = True
    ) -> None:
        order = np.lexsort((starts, patients))
        order = order[np.searchsorted(patients[order], 0) :]
        order = _ties_by_key(order, packed["_key"], patients, starts) if by_key else order
        self.table = table
        self._packed = packed.select(table.schema.names).take(pa.array(order)).combine_chunks()
        self._offsets = np.searchsorted(patients[order], np.arange(many + 1))

    def bounds(self, patient: int) -> tuple[int, int]:
        """Return where the slice of a patient begins and ends."""
        return int(self._offsets[patient]), int(self._offsets[patient + 1])

    def rows(self, first: int, last: int) -> list[Any]:
        """Return the rows from `first` up to and not including `last`."""
        return list(self.table.unpack(self._packed.slice(first, last - first))) if last > first else []


class Block:
    """Slices of neighbouring patients on several shelves; rows of a table are built once, when first asked for."""

    def __init__(self, shelves: "Shelves", first: int, last: int) -> None:
        self._shelves, self._first, self._last = shelves, first, last
        self._built: dict[str, tuple[int, list[Any]]] = {}

    def rows(self, name: str, patient: int) -> Sequence[Any]:
        """Return the rows of one patient of the block in one table."""
        shelf = self._shelves.by_table.get(name)
        if shelf is None:
            return ()
        if name not in self._built:
            low, high = shelf.bounds(self._first)[0], shelf.bounds(self._last - 1)[1]
            self._built[name] = low, shelf.rows(low, high)
        base, built = self._built[name]
        low, high = shelf.bounds(patient)
        return built[low - base : high - base]


class Shelves:
    """Every shelf of a view, and the patients in order."""

    def __init__(self, patient_ids: Sequence[str], by_table: dict[str, Shelf]) -> None:
        self.patient_ids, self.by_table = patient_ids, by_table

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of each patient."""
        return {patient_id: n for n, patient_id in enumerate(self.patient_ids)}

    def block(self, first: int, last: int) -> Block:
        """Return the slices of patients from `first` up to and not including `last`."""
        return Block(self, first, last)


def _ties_by_key(order: Whole, keys: pa.ChunkedArray, patients: Whole, starts: Whole) -> Whole:
    """Return `order` with rows of one patient and one start in the order of their keys."""
    same = (patients[order][1:] == patients[order][:-1]) & (starts[order][1:] == starts[order][:-1])
    tied = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
    if not len(tied):
        return order
    group = np.cumsum(~np.insert(same, 0, False))[tied]
    rank = np.empty(len(tied), np.int64)
    rank[pc.sort_indices(keys.take(pa.array(order[tied]))).to_numpy()] = np.arange(len(tied))
    order[tied] = order[tied][np.lexsort((rank, group))]
    return order
