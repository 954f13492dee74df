"""Facts of places: sites, whom their movements cover, and the map."""

from ..declare import Sensitivity, TableKind, ZoneName, column, table
from ..moments import When
from ..words import Coverage, Denominator, PlaceKind, PlaceLevel, UnitKind

FACT, OPEN = TableKind.FACT, Sensitivity.OPEN


@table("facilities", kind=FACT, one_row="one site with its time zone", key=("facility_id",))
class Facility:
    """A hospital or other site. Its zone turns dates into days and local times into instants."""

    facility_id: str = column("The site's short name, used by every other table.", example="Elm", sensitivity=OPEN)
    name: str | None = column(
        "What people call it.",
        example="Elm General (made up)",
        sensitivity=OPEN,
        empty="its short name",
        default=None,
    )
    zone: ZoneName = column("Its time zone.", example="Europe/Amsterdam", sensitivity=OPEN)
    authority: str | None = column(
        "The health authority it belongs to.", example="", sensitivity=OPEN, empty="none, or not known", default=None
    )


@table(
    "populations",
    kind=FACT,
    one_row="whom the movements of one facility cover, or one denominator",
    key=("facility_id", "ward", "denominator", "start"),
    known_from=("start",),
    until_known=("end",),
)
class Population:
    """Without this, no rate and no claim that someone met nobody can be made.

    A row says whom the stays cover, or gives a count to divide by, or both. A count is of the whole period: in a view
    from before its end the end is empty, and the count says nothing yet.
    """

    facility_id: str = column("The site.", example="Elm", sensitivity=OPEN)
    covers: Coverage | None = column(
        "Whom the stays cover: everyone admitted, or only carriers.",
        example="all_inpatients",
        sensitivity=OPEN,
        empty="this row is only a denominator",
        default=None,
    )
    ward: str | None = column("The ward counted.", example="", sensitivity=OPEN, empty="the whole site", default=None)
    denominator: Denominator | None = column(
        "What was counted.", example="", sensitivity=OPEN, empty="nothing: the row says whom stays cover", default=None
    )
    count: int | None = column(
        "How many, in the period.", example="", sensitivity=OPEN, empty="nothing was counted", default=None
    )
    start: When | None = column(
        "When the period begins.",
        example="",
        sensitivity=OPEN,
        empty="it has no beginning that is known",
        default=None,
    )
    end: When | None = column(
        "When the period ends.", example="", sensitivity=OPEN, empty="it still holds", default=None
    )


@table(
    "places",
    kind=FACT,
    one_row="one ward, room, bed, bathroom or sink",
    key=("facility_id", "level", "ward", "room", "bed", "place_id", "start"),
    known_from=("start",),
    until_known=("end",),
)
class Place:
    """A map of the site. Only what differs from an ordinary ward or room must be given, for example a hallway.

    A hallway is not a room, and a procedure area is never a room contact. Bathrooms are in no feed: unless this table
    says which rooms or beds use which, whether two people shared one is UNKNOWN. A row of the level `bathroom` gives
    the bathroom its name in `place_id`. A place that changes its use gets another row with its own `start`.
    """

    facility_id: str = column("The site.", example="Elm", sensitivity=OPEN)
    level: PlaceLevel = column("How large the place is.", example="room", sensitivity=OPEN)
    ward: str | None = column(
        "The ward it is or lies in.",
        example="2N",
        sensitivity=OPEN,
        empty="not on one ward, or not known",
        default=None,
    )
    room: str | None = column(
        "The room it is or lies in.", example="201", sensitivity=OPEN, empty="not a room, or not known", default=None
    )
    bed: str | None = column("The bed it is.", example="", sensitivity=OPEN, empty="not a bed", default=None)
    place_id: str | None = column(
        "A name of its own, for bathrooms and for places that specimens come from.",
        example="",
        sensitivity=OPEN,
        empty="named by its ward, room and bed",
        default=None,
    )
    kind: PlaceKind | None = column(
        "What it is used as.", example="multi", sensitivity=OPEN, empty="an ordinary ward, room or bed", default=None
    )
    unit: UnitKind | None = column(
        "What the ward is for.", example="", sensitivity=OPEN, empty="not a ward, or not known", default=None
    )
    bathroom: str | None = column(
        "The name of the bathroom that this room or bed uses.",
        example="",
        sensitivity=OPEN,
        empty="not known: no answer at bathroom level",
        default=None,
    )
    start: When | None = column(
        "Since when this holds.", example="", sensitivity=OPEN, empty="always, as far as is known", default=None
    )
    end: When | None = column(
        "Until when this holds.", example="", sensitivity=OPEN, empty="it still does", default=None
    )
