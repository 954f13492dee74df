"""Who shared a ward, a bathroom or a room with whom: plainly, and obviously right.

What comes in is presences (`ringfence.record.presences`), which have already been repaired, coalesced and freed of
hallways at room level. What goes out is exposures of an index, or every pair. Each meeting has hours as a range,
nights, days, and says whether it rests on instants or on dates.

Promised: overlap is symmetric, nobody meets themselves, and people who leave and arrive at one instant do not meet.
Who came next to a bed is told with the hours between. Not known here: what a policy counts as a contact, and whom to
tell (`assess`, `chain`). This version is the oracle that the fast kernels will be held to.
"""

from .exposures import exposures
from .meetings import Meeting, all_meetings, by_place, meet, meetings_of, repairs_named
from .next_in_bed import Bed, Next, by_bed, exposure_after, next_in_bed
from .pairs import pairs

__all__ = [
    "Bed",
    "Meeting",
    "Next",
    "all_meetings",
    "by_bed",
    "by_place",
    "exposure_after",
    "exposures",
    "meet",
    "meetings_of",
    "next_in_bed",
    "pairs",
    "repairs_named",
]
