"""What set work over columns shares: arrays of whole numbers, and numbers for the values of a column."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Whole = np.ndarray[Any, np.dtype[np.int64]]
"""Whole numbers: positions, codes, or microseconds since 1970 in UTC."""
Truths = np.ndarray[Any, np.dtype[np.bool_]]
Hashed = np.ndarray[Any, np.dtype[np.uint64]]


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


_FACTOR = 0x9E3779B97F4A7C15  # odd, so that its powers never vanish
_HASHED_AT_ONCE = 1 << 16


def hashes(column: pa.ChunkedArray) -> Hashed:
    """Return a number of eight bytes for each text of a column. Equal texts have equal ones; others hardly ever."""
    found = np.zeros(len(column), np.uint64)
    at = 0
    for chunk in column.chunks:
        for first in range(0, len(chunk), _HASHED_AT_ONCE):
            part = chunk.slice(first, _HASHED_AT_ONCE)
            found[at : at + len(part)] = _hashed(part)
            at += len(part)
    return found


def _hashed(texts: pa.StringArray) -> Hashed:
    """A polynomial in the bytes of each text: sums of all bytes, each times a power for its place, are subtracted."""
    padded = pc.binary_join_element_wise(pc.fill_null(texts, "\0"), "\1", "")
    offsets = np.frombuffer(padded.buffers()[1], np.int32, len(padded) + 1, padded.offset * 4).astype(np.int64)
    data = np.frombuffer(padded.buffers()[2], np.uint8)[offsets[0] : offsets[-1]].astype(np.uint64) + np.uint64(1)
    longest = int(np.diff(offsets).max(initial=1))
    powers = np.cumprod(np.full(longest, _FACTOR, np.uint64))
    places = np.arange(len(data)) - np.repeat(offsets[:-1] - offsets[0], np.diff(offsets))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(data * data * powers[places])])
    starts = offsets - offsets[0]
    found = sums[starts[1:]] - sums[starts[:-1]]
    mixed: Hashed = found ^ (found >> np.uint64(29))
    return mixed


def alike(hashed: Hashed) -> tuple[Whole, Whole]:
    """Return the positions of numbers that occur more than once, those of one number together and in their order.

    Returns:
        The positions, and where in them each group begins, with their number at the end.
    """
    order = np.argsort(hashed, kind="stable")
    ordered = hashed[order]
    same = ordered[1:] == ordered[:-1]
    some = np.append(same, False) | np.insert(same, 0, False) if len(ordered) else np.zeros(0, bool)
    positions = order[some]
    begins = np.flatnonzero(np.insert(ordered[some][1:] != ordered[some][:-1], 0, True)) if len(positions) else _NOWHERE
    return positions, np.append(begins, len(positions))


_NOWHERE = np.zeros(0, np.int64)
