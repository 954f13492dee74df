"""What `trace` writes of many at once: contacts of all cases, carriers around each patient, and the way between two."""

from datetime import date
from enum import StrEnum

from ringfence.vocabulary import Mark

from .declare import PatientId, Sensitivity, TableKind, column, table
from .findings import CaseStatus, Exposure, Follows, Level, Sequence
from .moments import Resolution, When
from .words import UnitKind

FINDING, OPEN, PERSONAL = TableKind.FINDING, Sensitivity.OPEN, Sensitivity.PERSONAL
IDENTIFIER = Sensitivity.IDENTIFIER
_WARD = "at facility level"
_WIDER = "at a wider level"

_CASE_STATUS = "How far the case is established, as of the question."
_NO_STATUS = "asked from Python, about somebody who is no case"
_KNOWN_CARRIER = "Whether the other patient is known to carry as of the question, of whatever carbapenemase."
_CARRIERS_ONLY = "Whether everyone who moves at the site is a carrier: then this is an overlap, and makes no contact."
_UNIT = "What the ward is for, as the map of places says."
_NO_UNIT = "not in the map, or at facility level"


@table(
    "met",
    kind=FINDING,
    one_row="one meeting of a case and another patient in one place, or one coming after",
    key=("case_id", "contact_patient_id", "level", "sequence", "start"),
)
class Met(Exposure):
    """A time that a case and another patient spent in one place, and what else is known of it. See `exposures`."""

    case_status: CaseStatus | None = column(
        _CASE_STATUS, example="confirmed", sensitivity=PERSONAL, empty=_NO_STATUS, default=None
    )
    known_carrier: bool = column(_KNOWN_CARRIER, example="no", sensitivity=PERSONAL)
    carriers_only: bool = column(_CARRIERS_ONLY, example="no", sensitivity=OPEN)
    unit: UnitKind | None = column(_UNIT, example="intensive_care", sensitivity=OPEN, empty=_NO_UNIT, default=None)


@table(
    "traced",
    kind=FINDING,
    one_row="one case and one patient it met, or who came after it",
    key=("case_id", "contact_patient_id", "level", "sequence"),
)
class Traced:
    """A patient who met a case, all times taken together. Nobody is a contact by this: a policy says who is."""

    case_id: str = column("The case.", example="TEST-017:KPC:1", sensitivity=IDENTIFIER)
    index_patient_id: PatientId = column("The index.", example="TEST-017", sensitivity=IDENTIFIER)
    contact_patient_id: PatientId = column("The other patient.", example="TEST-022", sensitivity=IDENTIFIER)
    level: Level = column("The place shared.", example="room", sensitivity=PERSONAL)
    sequence: Sequence = column("Together, or one after the other.", example="together", sensitivity=PERSONAL)
    facility: str = column("The site of the first meeting.", example="Elm", sensitivity=OPEN)
    ward: str | None = column("Its ward.", example="2N", sensitivity=OPEN, empty=_WARD, default=None)
    room: str | None = column(
        "Its room; at bathroom level the bathroom.", example="201", sensitivity=OPEN, empty=_WIDER, default=None
    )
    bed: str | None = column("Its bed.", example="", sensitivity=OPEN, empty=_WIDER, default=None)
    meetings: int = column("How many times they met, or came after.", example="1", sensitivity=PERSONAL)
    under_precautions: int = column(
        "During how many of these the index was under precautions for all of it.", example="0", sensitivity=PERSONAL
    )
    hours_min: float = column("Hours together at least.", example="73", sensitivity=PERSONAL)
    hours_max: float = column(
        "Hours together at most; the same when times are known.", example="73", sensitivity=PERSONAL
    )
    longest_hours: float = column("Hours of the longest meeting, at most.", example="73", sensitivity=PERSONAL)
    first_on: date = column(
        "The local day on which they first met; after: when the index left.", example="2026-03-05", sensitivity=PERSONAL
    )
    last_on: date = column(
        "The local day on which they last met; after: when the contact came.",
        example="2026-03-08",
        sensitivity=PERSONAL,
    )
    gap_hours_min: float | None = column(
        "Hours at least from when the index left to when the contact came, the shortest time.",
        example="",
        sensitivity=PERSONAL,
        empty="together",
        default=None,
    )
    gap_hours_max: float | None = column(
        "Hours at most, of that time.", example="", sensitivity=PERSONAL, empty="together", default=None
    )
    case_status: CaseStatus | None = column(
        _CASE_STATUS, example="confirmed", sensitivity=PERSONAL, empty=_NO_STATUS, default=None
    )
    known_carrier: bool = column(_KNOWN_CARRIER, example="no", sensitivity=PERSONAL)
    carriers_only: bool = column(_CARRIERS_ONLY, example="no", sensitivity=OPEN)
    unit: UnitKind | None = column(_UNIT, example="intensive_care", sensitivity=OPEN, empty=_NO_UNIT, default=None)


@table(
    "pressure",
    kind=FINDING,
    one_row="one patient, place and day",
    key=("patient_id", "facility", "ward", "room", "bed", "on"),
)
class Pressure:
    """Colonization pressure: how many other known carriers were in the same place on a day that a patient was there.

    A carrier is known from the local day of the first positive specimen, and has no end here.
    """

    patient_id: PatientId = column("The patient.", example="TEST-022", sensitivity=IDENTIFIER)
    facility: str = column("The site.", example="Elm", sensitivity=OPEN)
    ward: str | None = column("The ward.", example="2N", sensitivity=OPEN, empty=_WARD, default=None)
    room: str | None = column(
        "The room; at bathroom level the bathroom.", example="", sensitivity=OPEN, empty=_WIDER, default=None
    )
    bed: str | None = column("The bed.", example="", sensitivity=OPEN, empty=_WIDER, default=None)
    level: Level = column("The place shared.", example="ward", sensitivity=PERSONAL)
    on: date = column("The local day.", example="2026-03-05", sensitivity=PERSONAL)
    carriers: int = column("Other known carriers there on that day, each once.", example="1", sensitivity=PERSONAL)


@table(
    "pressure_by_day",
    kind=FINDING,
    one_row="one patient, ward, room and day",
    key=("patient_id", "facility", "ward", "room", "on"),
)
class DayPressure:
    """Colonization pressure on a day of a patient on a ward: other known carriers there, and in the patient's room.

    Whoever was in two rooms of a ward on one day has two rows. See `pressure`.
    """

    patient_id: PatientId = column("The patient.", example="TEST-022", sensitivity=IDENTIFIER)
    facility: str = column("The site.", example="Elm", sensitivity=OPEN)
    ward: str = column("The ward.", example="2N", sensitivity=OPEN)
    room: str | None = column("The room.", example="201", sensitivity=OPEN, empty="not known, or no room", default=None)
    on: date = column("The local day.", example="2026-03-05", sensitivity=PERSONAL)
    carriers_on_ward: int = column(
        "Other known carriers on the ward on that day, each once.", example="2", sensitivity=PERSONAL
    )
    carriers_in_room: int | None = column(
        "Of them, those in the room.", example="1", sensitivity=PERSONAL, empty="the room is not known", default=None
    )


@table(
    "place_days",
    kind=FINDING,
    one_row="one patient, place and day",
    key=("patient_id", "facility", "ward", "room", "bed", "on"),
)
class PlaceDay:
    """A day that a patient was in a place: two with the same place and day can have met on it.

    This is the shorter form of `pairs`, where those would be hundreds of millions.
    """

    patient_id: PatientId = column("The patient.", example="TEST-022", sensitivity=IDENTIFIER)
    facility: str = column("The site.", example="Elm", sensitivity=OPEN)
    ward: str | None = column("The ward.", example="2N", sensitivity=OPEN, empty=_WARD, default=None)
    room: str | None = column(
        "The room; at bathroom level the bathroom.", example="", sensitivity=OPEN, empty=_WIDER, default=None
    )
    bed: str | None = column("The bed.", example="", sensitivity=OPEN, empty=_WIDER, default=None)
    level: Level = column("The place shared.", example="ward", sensitivity=PERSONAL)
    on: date = column("The local day.", example="2026-03-05", sensitivity=PERSONAL)


class ListChange(StrEnum):
    """How a contact stands under another policy."""

    ENTERS = "enters"
    LEAVES = "leaves"
    LEFT_OPEN = "open"
    """The other policy does not say, or not without something that is not known."""
    OTHERWISE = "otherwise"
    """On both lists, and something else follows."""


@table(
    "list_changes",
    kind=FINDING,
    one_row="one case and one patient who stands otherwise",
    key=("case_id", "contact_patient_id"),
)
class ContactChange:
    """A patient who enters or leaves the contact list of a case when another policy holds."""

    case_id: str = column("The case.", example="TEST-017:KPC:1", sensitivity=IDENTIFIER)
    contact_patient_id: PatientId = column("The contact.", example="TEST-022", sensitivity=IDENTIFIER)
    change: ListChange = column("How they stand under the other policy.", example="enters", sensitivity=PERSONAL)
    one_follows: Follows = column("What follows under the one policy.", example="nothing", sensitivity=PERSONAL)
    one_clause: str | None = column("Its clause.", example="", sensitivity=OPEN, empty="none", default=None)
    one_mark: Mark | None = column("How sure it is.", example="", sensitivity=OPEN, empty="no case there", default=None)
    other_follows: Follows = column("What follows under the other.", example="screen", sensitivity=PERSONAL)
    other_clause: str | None = column("Its clause.", example="", sensitivity=OPEN, empty="none", default=None)
    other_mark: Mark | None = column(
        "How sure it is.", example="unverified", sensitivity=OPEN, empty="no case there", default=None
    )
    closest: Level = column("The closest place shared.", example="room", sensitivity=PERSONAL)
    hours_min: float = column("Hours there at least.", example="73", sensitivity=PERSONAL)
    hours_max: float = column("Hours there at most.", example="73", sensitivity=PERSONAL)


@table("path", kind=FINDING, one_row="one step from a patient to the next", key=("step",))
class PathStep:
    """One step of a way by which one patient can have been reached from another, forward in time.

    That it can have been so does not say that it was.
    """

    step: int = column("Its number, from 1.", example="1", sensitivity=OPEN)
    patient_from: PatientId = column("The patient reached before.", example="TEST-017", sensitivity=IDENTIFIER)
    patient_to: PatientId = column("The patient reached by it.", example="TEST-022", sensitivity=IDENTIFIER)
    level: Level = column("The place shared.", example="room", sensitivity=PERSONAL)
    facility: str = column("The site.", example="Elm", sensitivity=OPEN)
    ward: str | None = column("The ward.", example="2N", sensitivity=OPEN, empty=_WARD, default=None)
    room: str | None = column(
        "The room; at bathroom level the bathroom.", example="201", sensitivity=OPEN, empty=_WIDER, default=None
    )
    bed: str | None = column("The bed.", example="", sensitivity=OPEN, empty=_WIDER, default=None)
    sequence: Sequence = column("Together, or one after the other.", example="together", sensitivity=PERSONAL)
    start: When = column(
        "When both were there, once the one was reached; after: when that one left. A date where only dates are known.",
        example="2026-03-05T09:00+01:00",
        sensitivity=PERSONAL,
    )
    end: When = column(
        "When the first of them left; after: when the other came.",
        example="2026-03-08T10:00+01:00",
        sensitivity=PERSONAL,
    )
    resolution: Resolution = column(
        "Whether it rests on instants or on whole days.", example="instant", sensitivity=OPEN
    )
    repairs: str | None = column(
        "What was repaired in the stays behind it, separated by semicolons.",
        example="",
        sensitivity=OPEN,
        empty="nothing",
        default=None,
    )
