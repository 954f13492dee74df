"""What presences rest on, in short: so that a later view can tell whose may differ, without working them out.

A patient's presences follow from their own current stays, visits and death, from the instant of the view where one of
them was not over then, and from what is read for everyone: facilities and places. See docs/decisions/0014.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .arrays import Whole, encoded
from .views import View

_OF_PATIENT, _OF_EVERYONE = ("stays", "encounters", "patients"), ("facilities", "places")
_Numbers = np.ndarray[Any, np.dtype[np.uint64]]
_OF_TIME, _DIED = ("start", "end"), "died"
_DAY = 86_400_000_000
_MARGIN = 2 * _DAY
"""Over in every zone, and so is the local day in which it was: a session lasts to its end."""
_LONG_AGO: int = np.iinfo(np.int64).min // 2
_NEVER: int = np.iinfo(np.int64).max // 2
SCHEMA = pa.schema([("patient_id", pa.string()), ("rests_on", pa.uint64()), ("over", pa.int64())])


@dataclass(frozen=True)
class Footing:
    """What the presences of everyone rest on, as of an instant."""

    at: datetime
    everyone: str
    """A digest of what is read for everyone."""
    patients: pa.Table
    """For each patient a digest of what is read for them alone, and when all of it was over: see `SCHEMA`."""

    @classmethod
    def of(cls, view: View) -> "Footing":
        """Return the footing of a view."""
        shared = sorted((table, sorted(numbers)) for table, numbers in view.known.shared.items())
        rows = [sorted(map(repr, view.rows(name))) for name in _OF_EVERYONE]
        everyone = hashlib.sha256(repr((shared, rows)).encode()).hexdigest()
        parts = [_patients(view.current(name), number) for number, name in enumerate(_OF_PATIENT)]
        together = pa.concat_tables(parts)
        codes, names = encoded(together["patient_id"])
        rests_on = np.zeros(len(names), np.uint64)
        np.add.at(rests_on, codes, together["rests_on"].to_numpy())
        over = np.full(len(names), _LONG_AGO)
        np.maximum.at(over, codes, together["over"].to_numpy())
        return cls(view.at, everyone, pa.table([pa.array(names, pa.string()), rests_on, over], schema=SCHEMA))

    def differing(self, before: "Footing") -> frozenset[str] | None:
        """Return the patients whose presences may differ from those on an earlier footing; None: everyone's."""
        if self.everyone != before.everyone or self.at < before.at:
            return None
        was = self.patients["patient_id"].combine_chunks()
        at = pc.index_in(before.patients["patient_id"].combine_chunks(), value_set=was)
        found = set(before.patients["patient_id"].filter(pc.is_null(at)).to_pylist())
        same = np.zeros(len(was), bool)
        both = pc.is_valid(at)
        here = at.filter(both).to_numpy()
        there = before.patients.filter(both)
        same[here] = self.patients["rests_on"].to_numpy()[here] == there["rests_on"].to_numpy()
        if self.at > before.at:
            then = (before.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
            same[here] &= there["over"].to_numpy() + _MARGIN <= then
        return frozenset(found | set(was.filter(pa.array(~same)).to_pylist()))


def _patients(packed: pa.Table, number: int) -> pa.Table:
    """Return for each row its patient, a number that its content gives, and when it was over."""
    died = f"{_DIED}_at" in packed.schema.names
    times = [_microseconds(packed, _DIED, _LONG_AGO)] if died else [_microseconds(packed, n, _NEVER) for n in _OF_TIME]
    content = np.full(len(packed), number, np.uint64)
    for name in packed.schema.names:
        if not name.startswith("_"):
            content = _mixed(content + _numbers(packed[name]))
    return pa.table([packed["patient_id"], content, np.maximum.reduce(times)], schema=SCHEMA)


def _numbers(column: pa.ChunkedArray) -> _Numbers:
    """Return a number for each value that the value alone gives, 0 for none."""
    if pa.types.is_string(column.type):
        codes, values = encoded(column)
        each = [int.from_bytes(hashlib.blake2b(value.encode(), digest_size=8).digest()) for value in values]
        return np.array([*each, 0], np.uint64)[codes]
    if pa.types.is_timestamp(column.type):
        column = pc.cast(column, pa.int64())
    given = pc.cast(column, pa.int32()) if pa.types.is_date(column.type) else column
    return _mixed(pc.fill_null(pc.cast(given, pa.int64()), -1).to_numpy().astype(np.uint64))


def _mixed(numbers: _Numbers) -> _Numbers:
    """Return other numbers, any bit of which follows from all of those given (finalizer of SplitMix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def _microseconds(packed: pa.Table, name: str, none: int) -> Whole:
    """Return moments as microseconds since 1970: a date as its end in UTC, and none as what is given for it."""
    at = pc.cast(packed[f"{name}_at"], pa.int64())
    on = pc.multiply(pc.cast(pc.cast(packed[f"{name}_on"], pa.int32()), pa.int64()), _DAY)
    found: Whole = pc.fill_null(pc.coalesce(at, pc.add(on, _DAY)), none).to_numpy()
    return found
