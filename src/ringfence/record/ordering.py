"""What tells versions of one fact apart that were sent at one moment, and which of them contradict."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from .arrays import Whole, encoded, mapped
from .declare import Table, digest_of
from .kinds import Choice
from .words import Found, ResultStatus

# At an exact tie the report further on stands, and of two findings the one that asks for more care.
RANKS: dict[str, list[Any]] = {
    "status": list(ResultStatus),
    "found": [Found.NOT_DETECTED, Found.INVALID, Found.INDETERMINATE, Found.DETECTED],
}
"""Words in order of rank, by column."""


def sorted_codes(column: pa.ChunkedArray) -> Whole:
    """Return a number for each text, in the order of the texts; -1 for none."""
    codes, values = encoded(column)
    rank = {value: n for n, value in enumerate(sorted(values))}
    return np.array([*(rank[value] for value in values), -1], np.int64)[codes]


def is_ranked(table: Table, name: str) -> bool:
    """Whether a table has this column, and all of its words have a rank."""
    column = table.by_name.get(name)
    return column is not None and isinstance(column.kind, Choice) and set(RANKS[name]) >= set(column.kind.choices)


def ranked(column: pa.ChunkedArray, words: Sequence[str]) -> Whole:
    """Return the rank of each word; -1 for none."""
    return mapped(column, {str(word): n for n, word in enumerate(words)})


def tied_groups(keys: Whole, order: Whole, by: Sequence[Whole], *, last_only: bool) -> list[Whole]:
    """Return runs of two or more in `order` that are equal in key and in everything that orders versions."""
    if len(order) < 2:
        return []
    same_key = keys[order][1:] == keys[order][:-1]
    same = same_key & np.logical_and.reduce([one[order][1:] == one[order][:-1] for one in by])
    bounds = np.flatnonzero(np.append(True, ~same))
    groups = [order[a:b] for a, b in zip(bounds, [*bounds[1:], len(order)], strict=True) if b - a > 1]
    if not last_only:
        return groups
    ends = set(order[np.append(~same_key, True)].tolist())
    return [group for group in groups if int(group[-1]) in ends]


def _contents(table: Table, packed: pa.Table, positions: Whole) -> list[str]:
    some = packed.take(pa.array(positions))
    taken = zip(table.unpack(some), some["_retracts"].to_pylist(), strict=True)
    return [f"{digest_of(table.texts(row))}{taken_back}" for row, taken_back in taken]


def ties_by_content(
    table: Table, packed: pa.Table, known: Whole, keys: Whole, order: Whole, by: Sequence[Whole]
) -> Whole:
    """Return `order` with what nothing else tells apart in order of content, so that arrival decides nothing."""
    place = {int(n): i for i, n in enumerate(order)} if len(order) else {}
    sorted_order = order.copy()
    for group in tied_groups(keys, order, by, last_only=False):
        contents = _contents(table, packed, known[group])
        first = place[int(group[0])]
        sorted_order[first : first + len(group)] = group[np.argsort(np.array(contents), kind="stable")]
    return sorted_order
