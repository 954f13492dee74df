"""What set work over columns shares: arrays of whole numbers, and numbers for the values of a column."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Whole = np.ndarray[Any, np.dtype[np.int64]]
"""Whole numbers: positions, codes, or microseconds since 1970 in UTC."""
Truths = np.ndarray[Any, np.dtype[np.bool_]]


def encoded(column: pa.ChunkedArray) -> tuple[Whole, list[Any]]:
    """Return a number for each value, -1 for none, and the values by number."""
    codes, dictionary = _encoded(column)
    return codes, dictionary.to_pylist()


def codes_of(column: pa.ChunkedArray) -> Whole:
    """Return a number for each value, -1 for none."""
    return _encoded(column)[0]


def mapped(column: pa.ChunkedArray, to: Mapping[str, int]) -> Whole:
    """Return what `to` says of each value; -1 for none and for those it does not know."""
    codes, values = encoded(column)
    by_code = np.array([*(to.get(value, -1) for value in values), -1], np.int64)
    return by_code[codes]


def distinct(packed: pa.Table, names: Sequence[str]) -> tuple[Whole, Whole]:
    """Return the position of one row of each combination of values of some columns, and for each row its combination.

    There are fewer combinations than go into a number of eight bytes.
    """
    key = np.zeros(len(packed), np.int64)
    for name in names:
        codes = codes_of(packed[name])
        key = key * (int(codes.max(initial=-1)) + 2) + codes + 1
    _, first, of_row = np.unique(key, return_index=True, return_inverse=True)
    return first, of_row.reshape(-1)


def _encoded(column: pa.ChunkedArray) -> tuple[Whole, pa.Array]:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    found = whole.dictionary_encode()
    return pc.fill_null(found.indices, -1).to_numpy().astype(np.int64), found.dictionary
