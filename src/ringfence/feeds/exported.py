"""When a folder was exported, as far as it can be told: at the latest moment in it."""

from collections.abc import Mapping
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.record import TABLES, Facility, Fact, Truths, ZoneName, columns_of, latest_moment, schema_of

from .gathering import NO_DAY, days_of

_HANG_ON = (
    ("isolates", ("isolate_id", "isolate_a", "isolate_b")),
    ("specimens", ("specimen_id",)),
    ("encounters", ("encounter_id",)),
)
"""Tables whose rows tell the zone of those that name them, in the order in which they are looked up."""
_NEAR = 2
"""Days by which a local day and one in UTC can differ, and one more."""


def latest_of(
    columns: Mapping[str, pa.Table], kept: Mapping[str, Truths], sites: Mapping[str, str], now: datetime | None
) -> datetime | None:
    """Return the latest moment of facts, up to `now`; a day counts to its end, where its facility lies.

    The exact rule is that of the record, `latest_moment`. It is asked of the rows of the last days alone, and of what
    these hang on.

    Args:
        columns: facts in columns.
        kept: which rows of each are kept.
        sites: facilities that are known already, and their zones.
        now: later moments do not count; None: all do.
    """
    days = {name: _days_of_rows(name, packed) for name, packed in columns.items()}
    today = (now.date() - date(1970, 1, 1)).days if now else None
    counts = {n: kept[n] if today is None else kept[n] & (some <= today - _NEAR) for n, some in days.items()}
    surely = max((some[counts[n]].max(initial=NO_DAY) for n, some in days.items()), default=NO_DAY)
    since = surely if surely == NO_DAY else surely - _NEAR
    near = {n: kept[n] & (some != NO_DAY) & (some >= since) for n, some in days.items()}
    if "facilities" in columns:
        near["facilities"] = kept["facilities"]
    some = {name: columns[name].filter(pa.array(near[name])) for name in columns}
    for table, naming in _HANG_ON:
        if table in columns:
            named = pa.chunked_array(
                [c for one in some.values() for n in naming if n in one.schema.names for c in one[n].chunks],
                pa.string(),
            )
            own = pc.is_in(columns[table][TABLES[table].key[0]], value_set=named, skip_nulls=True).to_numpy()
            some[table] = columns[table].filter(pa.array(kept[table] & (near[table] | own)))
    whole = {name: _undated(name, packed) for name, packed in some.items() if len(packed)}
    known = columns_of(
        Fact(table="facilities", row=Facility(facility_id=f, zone=ZoneName(z))) for f, z in sites.items()
    )
    for name, packed in known.items():
        whole[name] = pa.concat_tables([packed, whole[name]]) if name in whole else packed
    return latest_moment(whole, now)


def _days_of_rows(name: str, packed: pa.Table) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return the last day of each row: the later of a row that may end later than today is of no matter here."""
    table = TABLES[name]
    found = np.full(len(packed), NO_DAY, np.int64)
    for column in (*table.known_from, *table.until_known):
        found = np.maximum(found, days_of(packed, column))
    return found


def _undated(name: str, packed: pa.Table) -> pa.Table:
    """Return facts as if none said when it was recorded, which is not when the folder was exported."""
    own = packed.select(schema_of(TABLES[name]).names)
    at = own.schema.get_field_index("_recorded")
    return own.set_column(at, own.schema.field(at), pa.nulls(len(own), own.schema.field(at).type))
