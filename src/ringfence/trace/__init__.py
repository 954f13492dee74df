"""Who shared a bed, room, bathroom, ward or facility with whom, and who came after: exact, and fast.

What comes in is presences (`ringfence.record.presences`), which have already been repaired, coalesced and freed of
hallways at room level. An `Index` holds those of one level by place and time; it is built once, kept in files, and
extended by a day at the cost of a day. What goes out is exposures of one source, contacts of many, every pair,
colonization pressure by patient and day, and the way from one patient to another. Each meeting has hours as a range,
nights, days, and says whether it rests on instants or on dates.

Promised: overlap is symmetric, nobody meets themselves, people who leave and arrive at one minute do not meet, and
results depend neither on the order of rows nor on the number of threads. Who came next into a bed is told with the
hours between. Not known here: what a policy counts as a contact, and whom to tell (`assess`, `chain`). Every kernel is
held to a plain twin in `tests/oracles`.
"""

from .bulk import (
    by_name,
    pair_batches,
    pair_numbers,
    pairs_at_most,
    place_day_batches,
    pressure_batches,
    pressure_by_day,
    pressure_numbers,
)
from .columns import ALWAYS, NEVER, Columns, Names, Place, instant, minute, minutes_of
from .contacts import MET, contact_batches, contact_numbers, contact_table, met_batches, put_together
from .exposures import WIDEST, Around, Source, came_after, exposures, repairs_named, was_before
from .index import Index
from .next_in_bed import Bed, Next, by_bed, exposure_after, next_in_bed
from .pairs import pairs
from .paths import path
from .stored import DamagedIndex, Kept, keep, kept
from .warming import warm

__all__ = [
    "ALWAYS",
    "MET",
    "NEVER",
    "WIDEST",
    "Around",
    "Bed",
    "Columns",
    "DamagedIndex",
    "Index",
    "Kept",
    "Names",
    "Next",
    "Place",
    "Source",
    "by_bed",
    "by_name",
    "came_after",
    "contact_batches",
    "contact_numbers",
    "contact_table",
    "exposure_after",
    "exposures",
    "instant",
    "keep",
    "kept",
    "met_batches",
    "minute",
    "minutes_of",
    "next_in_bed",
    "pair_batches",
    "pair_numbers",
    "pairs",
    "pairs_at_most",
    "path",
    "place_day_batches",
    "pressure_batches",
    "pressure_by_day",
    "pressure_numbers",
    "put_together",
    "repairs_named",
    "warm",
    "was_before",
]
