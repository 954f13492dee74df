"""Whole numbers said as rows: names of patients and places, local days, and columns of the tables of findings."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.record import TABLES

from .index import Index


class Said:
    """The names of an index as columns, to take numbers from."""

    def __init__(self, index: Index) -> None:
        names = index.names
        self.level = index.level
        self.ranks = names.ranks()
        self.patients = pa.array(names.patients, pa.string())
        self.facility = pa.array([one.facility for one in names.places], pa.string())
        self.ward = pa.array([one.ward or None for one in names.places], pa.string())
        self.room = pa.array([one.room for one in names.places], pa.string())
        self.bed = pa.array([one.bed for one in names.places], pa.string())
        self.zone = np.array([one.zone for one in names.places])

    def places(self, numbers: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the columns that name places."""
        at = pa.array(numbers)
        return {name: getattr(self, name).take(at) for name in ("facility", "ward", "room", "bed")}

    def days(self, minutes: Any, places: Any) -> pa.Array:  # noqa: ANN401
        """Return the local dates of minutes in places."""
        found = np.empty(len(minutes), "datetime64[D]")
        zones = self.zone[places]
        for zone in np.unique(zones):
            those = zones == zone
            moments = pa.array(minutes[those].astype(np.int64) * 60, pa.timestamp("s", str(zone)))
            found[those] = pc.local_timestamp(moments).to_numpy().astype("datetime64[D]")
        return pa.array(found)


def batch_of(table: str, many: int, **columns: Any) -> pa.RecordBatch:  # noqa: ANN401
    """Return rows of a table of findings, each column in its type."""
    schema = TABLES[table].schema
    arrays = [columns[field.name].cast(field.type) for field in schema]
    assert all(len(array) == many for array in arrays)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def dates(days: Any) -> pa.Array:  # noqa: ANN401
    """Return days since 1970 as dates."""
    return pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32())
