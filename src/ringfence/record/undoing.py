"""What people took back: rows that a professional retracted, and declarations that another one undid.

A retraction by a person says of one row that it does not hold, and no more: every version that says the same is taken
back, however often it is sent again, and a version that says something else is not. Undone, it is as if it had never
been. It orders no versions. See docs/decisions/0004.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .arrays import Truths, Whole, codes_of
from .declare import Table
from .envelope import ENTERED


def undone(undoes: Iterable[tuple[str, str | None]]) -> frozenset[str]:
    """Return the declarations that another took back, which was not taken back itself.

    Args:
        undoes: the number of each declaration, and the number of the one it takes back if there is one.
    """
    by: dict[str, list[str]] = defaultdict(list)
    for number, other in undoes:
        if other:
            by[other].append(number)

    def stands(number: str, above: frozenset[str]) -> bool:
        """Whether nothing that stands undoes it; of those that undo each other in a ring none stands."""
        return number not in above and not any(stands(other, above | {number}) for other in by.get(number, ()))

    return frozenset(
        number for number, others in by.items() if any(stands(other, frozenset({number})) for other in others)
    )


def by_person(packed: pa.Table) -> Truths:
    """Return which facts are retractions that a person entered; the number of the declaration is their control id."""
    if not pc.any(packed["_retracts"]).as_py():
        return np.zeros(len(packed), bool)
    found: Truths = pc.and_(packed["_retracts"], pc.equal(packed["_source"], ENTERED)).to_numpy().astype(bool)
    return found


def taken_back(table: Table, packed: pa.Table, retractions: Whole, standing: Whole) -> Truths:
    """Return which of the versions that stand a person took back.

    Args:
        table: their table.
        packed: its facts in columns.
        retractions: positions of retractions in force.
        standing: positions of the version of each key that stands.
    """
    keys = packed["_key"].combine_chunks() if isinstance(packed["_key"], pa.ChunkedArray) else packed["_key"]
    about = keys.take(pa.array(retractions))
    possible = np.flatnonzero(pc.is_in(keys.take(pa.array(standing)), value_set=about).to_numpy(zero_copy_only=False))
    said = set(_said(table, packed, retractions))
    found = np.zeros(len(standing), bool)
    found[possible] = [one in said for one in _said(table, packed, standing[possible])]
    return found


def _said(table: Table, packed: pa.Table, positions: Whole) -> list[tuple[str, Any]]:
    some = packed.take(pa.array(positions))
    return list(zip(some["_key"].to_pylist(), map(table.but_how_it_went_on, table.unpack(some)), strict=True))


def lasting(contents: Whole, current: Whole, begins: Truths) -> Truths:
    """Return which earlier versions remain once repetitions are left out, and those that a reversal took away.

    A version that says what an earlier one said reverses all between: it is as if they had never been.

    Args:
        contents: what each earlier version says, as a number; versions of a key together, the oldest first.
        current: what the version of its key that stands says; -1 where none stands.
        begins: whether it is the first of its key.
    """
    if not len(contents):
        return np.zeros(0, bool)
    same = (contents == current).astype(np.int64)
    so_far = np.cumsum(same)
    starts = np.flatnonzero(begins)
    before = np.repeat(so_far[starts] - same[starts], np.diff(np.append(starts, len(contents))))
    repeated = np.append((contents[1:] == contents[:-1]) & ~begins[1:], False)
    kept: Truths = (so_far == before) & ~repeated
    return kept


def content_codes(table: Table, packed: pa.Table) -> Whole:
    """Return a number for what each row says, but for how it went on: the same where two rows say the same."""
    codes = np.zeros(len(packed), np.int64)
    for column in table.columns:
        if column.name in table.until_known:
            continue
        for field in column.kind.fields(column.name):
            own = codes_of(packed[field.name])
            _, codes = np.unique(codes * (int(own.max(initial=-1)) + 2) + own + 1, return_inverse=True)
    return codes
