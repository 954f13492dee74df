"""The map of places, as far as stays are read by it: what a place is used as, and which bathroom goes with it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from .facts import Place, Stay
from .spans import Bed, Span, bed_of, within, without
from .words import PlaceKind, PlaceLevel

_UTC, _DAY = ZoneInfo("UTC"), timedelta(days=1)

# A hallway is not a room, and a procedure area is never a room contact.
_SHARED_AS_ROOM = frozenset({None, PlaceKind.SINGLE, PlaceKind.MULTI})


class PlaceMap:
    """The rows of `places`, by what they are of. Where nothing is said, a room is an ordinary room."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._kinds: dict[Bed, list[Place]] = defaultdict(list)
        self._bathrooms: dict[Bed, list[Place]] = defaultdict(list)
        self._wards: set[tuple[str, str | None]] = set()
        for place in sorted(places, key=_since):
            if place.bathroom:
                self._wards.add((place.facility_id, place.ward))
            if place.ward and place.level in (PlaceLevel.WARD, PlaceLevel.ROOM, PlaceLevel.BED):
                self._add(place, (place.facility_id, place.ward, place.room, place.bed))

    def _add(self, place: Place, of: Bed) -> None:
        if place.kind:
            self._kinds[of].append(place)
        if place.bathroom and place.level is not PlaceLevel.WARD:
            self._bathrooms[of].append(place)

    def kind(self, stay: Stay) -> PlaceKind | None:
        """Return what the place of a stay was used as then: its bed, else room, else ward.

        Of several uses within the stay it is one that people share as a room, the wider reading; else the last.
        """
        facility, ward, room, bed = bed_of(stay)
        named = ((facility, ward, room, bed), (facility, ward, room, None), (facility, ward, None, None))
        for of in named:
            uses = [place.kind for place in self._kinds.get(of, ()) if _may_hold(place, stay)]
            if uses:
                return next((kind for kind in reversed(uses) if kind in _SHARED_AS_ROOM), uses[-1])
        return None

    def is_room(self, stay: Stay) -> bool:
        """Whether a stay is in a room that people share as a room."""
        return stay.room is not None and self.kind(stay) in _SHARED_AS_ROOM

    def is_dated(self, stay: Stay) -> bool:
        """Whether what the map says of the place of a stay depends on when it was."""
        facility, ward, room, bed = bed_of(stay)
        named = ((facility, ward, room, bed), (facility, ward, room, None), (facility, ward, None, None))
        about = (place for by in (self._kinds, self._bathrooms) for of in named for place in by.get(of, ()))
        return any(place.start or place.end for place in about)

    def has_bathrooms(self, facility_id: str, ward: str) -> bool:
        """Whether the map says of any room or bed of a ward which bathroom it uses."""
        return (facility_id, ward) in self._wards

    def has_bathroom(self, stay: Stay) -> bool:
        """Whether the map says which bathroom the bed or room of a stay uses, at whatever time."""
        facility, ward, room, bed = bed_of(stay)
        return bool(
            self._bathrooms.get((facility, ward, room, bed)) or self._bathrooms.get((facility, ward, room, None))
        )

    def by_bathroom(self, span: Span) -> list[tuple[str, Span]]:
        """Return the bathrooms that went with a time in a place, each with its part: the bed's, else the room's."""
        facility, ward, room, bed = span.bed
        own = self._bathrooms.get(span.bed, []) if bed else []
        shared = self._bathrooms.get((facility, ward, room, None), []) if room else []
        left = [span]
        for place in own:
            left = [part for one in left for part in without(one, place.start, place.end)]
        found = [(place, span) for place in own] + [(place, part) for place in shared for part in left]
        parts = ((place.bathroom, within(part, place.start, place.end)) for place, part in found)
        return [(bathroom, part) for bathroom, part in parts if bathroom and part]


def _may_hold(place: Place, stay: Stay) -> bool:
    """Whether a row of the map can hold at some moment of a stay; a day is taken with room for any zone."""
    begins_after = place.start and stay.end and place.start.earliest(_UTC) - _DAY >= stay.end.latest(_UTC)
    ended_before = place.end and place.end.latest(_UTC) + _DAY <= stay.start.earliest(_UTC)
    return not (begins_after or ended_before)


def _since(place: Place) -> tuple[object, ...]:
    since = place.start
    began = "" if since is None else since.on.isoformat() if since.on else since.at.isoformat() if since.at else ""
    return began, place.kind or "", place.bathroom or "", place.place_id or ""
