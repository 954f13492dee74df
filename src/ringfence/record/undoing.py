"""What people took back: rows that a professional retracted, and declarations that another one undid.

A retraction by a person says of one row that it does not hold, and no more: every version that says the same is taken
back, however often it is sent again, and a version that says something else is not. How it went on, such as an end, is
something else only in a version that says it was recorded after the retraction. Undone, it is as if it had never been.
It orders no versions. See docs/decisions/0004.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

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
    said: dict[tuple[str, Any], list[_Said]] = defaultdict(list)
    for one in _said(table, packed, retractions):
        said[(one.key, table.but_how_it_went_on(one.row))].append(one)
    found = np.zeros(len(standing), bool)
    found[possible] = [
        any(_is_taken_back(one, by) for by in said.get((one.key, table.but_how_it_went_on(one.row)), ()))
        for one in _said(table, packed, standing[possible])
    ]
    return found


class _Said(NamedTuple):
    key: str
    row: Any
    recorded: datetime | None


def _is_taken_back(version: _Said, by: _Said) -> bool:
    """Whether a retraction takes back a version that says the same but for how it went on."""
    later = version.recorded is not None and by.recorded is not None and version.recorded > by.recorded
    return not later or version.row == by.row


def _said(table: Table, packed: pa.Table, positions: Whole) -> list[_Said]:
    some = packed.take(pa.array(positions))
    columns = (some["_key"].to_pylist(), table.unpack(some), some["_recorded"].to_pylist())
    return [_Said(*one) for one in zip(*columns, strict=True)]


def lasting(contents: Whole, current: Whole, begins: Truths, *, reversible: bool) -> Truths:
    """Return which earlier versions remain once repetitions are left out, and those that a reversal took away.

    A version that says what an earlier one said reverses all between: it is as if they had never been. What a test
    found is never reversed so: that it was reported stays.

    Args:
        contents: what each earlier version says, as a number; versions of a key together, the oldest first.
        current: what the version of its key that stands says; -1 where none stands.
        begins: whether it is the first of its key.
        reversible: whether versions can be reversed.
    """
    if not len(contents):
        return np.zeros(0, bool)
    same = (contents == current).astype(np.int64)
    so_far = np.cumsum(same)
    starts = np.flatnonzero(begins)
    before = np.repeat(so_far[starts] - same[starts], np.diff(np.append(starts, len(contents))))
    repeated = np.append((contents[1:] == contents[:-1]) & ~begins[1:], False)
    kept: Truths = (so_far == before if reversible else contents != current) & ~repeated
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
