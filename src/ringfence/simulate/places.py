"""The site, its one ward, its rooms and beds."""

from collections.abc import Iterator
from dataclasses import dataclass

from ringfence.record import Coverage, Facility, Place, PlaceKind, PlaceLevel, Population, ZoneName

FACILITY_ID = "SIM"
WARD = "S1"
ZONE = ZoneName("America/Vancouver")
"""Where the made-up hospital keeps its clocks: the jurisdiction Ringfence is modelled on."""


@dataclass(frozen=True, eq=False)
class Bed:
    """One bed; each is made once, and is equal to itself alone."""

    number: int
    """From 0, over the whole ward."""
    room: str
    bed: str

    @property
    def name(self) -> str:
        """The room and the bed."""
        return f"{self.room}-{self.bed}"


def beds_of(rooms: tuple[int, ...]) -> tuple[Bed, ...]:
    """Return every bed of rooms with so many beds each."""
    names = [(room, bed) for room, beds in enumerate(rooms, start=1) for bed in range(1, beds + 1)]
    return tuple(Bed(number, f"{room:02d}", str(bed)) for number, (room, bed) in enumerate(names))


def site(rooms: tuple[int, ...]) -> Iterator[tuple[str, object]]:
    """Yield the rows that describe the site, each with the name of its table."""
    yield "facilities", Facility(facility_id=FACILITY_ID, name="Simulated hospital (made up)", zone=ZONE)
    yield "populations", Population(facility_id=FACILITY_ID, covers=Coverage.ALL_INPATIENTS)
    for room, beds in enumerate(rooms, start=1):
        kind = PlaceKind.SINGLE if beds == 1 else PlaceKind.MULTI
        yield (
            "places",
            Place(facility_id=FACILITY_ID, level=PlaceLevel.ROOM, ward=WARD, room=f"{room:02d}", kind=kind),
        )
