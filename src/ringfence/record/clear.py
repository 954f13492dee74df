"""Presences of patients of whose stays nothing is in doubt: read off columns, without a row of Python for each stay.

A patient is clear when all that the repair of movements could find is not there; see docs/decisions/0016. Whoever is
not clear goes through the rules (`repaired_stays`, `presences`). Both ways say the same of the clear; a law holds it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .arrays import Truths, Whole, distinct, encoded
from .circumstances import comes_in_sessions
from .current import NEVER, instant, instants, microseconds
from .declare import TABLES
from .facts import Stay
from .findings import Level
from .moments import midnight
from .place_map import PlaceMap
from .presences import PlaceOf, at_level
from .spans import Span
from .views import View
from .words import Presence

_DAY = timedelta(days=1)
_MINUTE = 60_000_000
_MICROSECONDS_OF_A_DAY = _DAY // timedelta(microseconds=1)
_MICROSECONDS_OF_6_HOURS = _MICROSECONDS_OF_A_DAY // 4
_DAY_ONE = date(1970, 1, 1)
_NAMED = ("facility_id", "ward", "room", "bed")


@dataclass(frozen=True)
class ClearPresences:
    """Presences at one level of the patients who are clear: arrays with a value for each, by patient, place and time.

    Each is known to the microsecond at both ends, is over, and rests on no repair.
    """

    patients: Sequence[str]
    """The clear patients."""
    places: Sequence[tuple[str, PlaceOf, str]]
    """Facility; ward, room and bed as far as the level names them; zone."""
    patient: Whole
    """The number of the patient, in the order of `patients`."""
    place: Whole
    start: Whole
    """Microseconds since 1970."""
    end: Whole
    first_day: Whole
    """Days since 1970, local; and so the others."""
    last_day: Whole
    first_night: Whole
    last_night: Whole
    others: frozenset[str]
    """Patients with stays who are not clear."""


def clear_presences(view: View, level: Level, only: Collection[str] | None = None) -> ClearPresences:
    """Return the presences at a level of the patients who are clear, and who else has stays.

    Args:
        view: the view.
        level: bed, room, bathroom, ward or facility.
        only: these patients' alone; None: everyone's.
    """
    packed = view.current("stays")
    if only is not None:
        packed = packed.filter(pc.is_in(packed["patient_id"], pa.array(only, pa.string())))
    who, patients = encoded(packed["patient_id"])
    beds = _Beds.of(packed, view, level)
    start, end = (instants(packed[f"{name}_at"]) for name in ("start", "end"))
    doubtful = (start == NEVER) | (end <= start) | beds.is_dated[beds.of_row] | _in_doubt(packed, view)
    order = np.lexsort((start, who))
    who, start, end, at, doubtful = (array[order] for array in (who, start, end, beds.of_row, doubtful))
    doubtful[1:] |= (who[1:] == who[:-1]) & (start[1:] < end[:-1])
    clear = np.ones(len(patients), bool)
    clear[who[doubtful]] = False
    clear &= ~pc.is_in(pa.array(patients, pa.string()), _of_the_dead(view)).to_numpy(zero_copy_only=False)
    kept = np.flatnonzero(clear[who])
    who, start, end, at = who[kept], start[kept], end[kept], at[kept]
    # A stay is in as many places of the level as its bed: in none, one, or several bathrooms.
    many = np.diff(beds.places_at)[at]
    row = np.repeat(np.arange(len(at)), many)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    place = beds.places[beds.places_at[at[row]] + nth]
    who, start, end = who[row], start[row], end[row]
    who, place, start, end = _joined(who, place, start, end)
    days = _days(start, end, beds.zone_of[place], beds.zones)
    numbers = np.cumsum(clear) - 1
    return ClearPresences(
        patients=[patient for patient, is_clear in zip(patients, clear.tolist(), strict=True) if is_clear],
        places=[(facility, of, zone.key) for facility, of, zone in beds.named],
        patient=numbers[who],
        place=place,
        start=start,
        end=end,
        **days,
        others=frozenset(patient for patient, is_clear in zip(patients, clear.tolist(), strict=True) if not is_clear),
    )


@dataclass(frozen=True)
class _Beds:
    """The distinct beds of stays, as far as each is named, and the places of a level that go with each."""

    of_row: Whole
    """The bed of each stay."""
    is_dated: Truths
    """Whether something that the map says of the bed has a beginning or an end."""
    places_at: Whole
    """For each bed the first of its places below; and after the last bed, their number."""
    places: Whole
    """The number of each place."""
    named: Sequence[tuple[str, PlaceOf, ZoneInfo]]
    """Facility, place and zone by number."""
    zone_of: Whole
    """The number of the zone of each place."""
    zones: Sequence[ZoneInfo]

    @classmethod
    def of(cls, packed: pa.Table, view: View, level: Level) -> "_Beds":
        first, of_row = distinct(packed, _NAMED)
        map_of_places = PlaceMap(view.rows("places"))
        numbers: dict[tuple[str, PlaceOf, ZoneInfo], int] = {}
        found, at, dated = [], [0], []
        for stay in _unpacked("stays", packed, first):
            dated.append(map_of_places.is_dated(stay))
            zone = view.zone(stay.facility_id)
            for place, _ in at_level(level, _any_time(stay, zone, view.at), map_of_places):
                found.append(numbers.setdefault((stay.facility_id, place, zone), len(numbers)))
            at.append(len(found))
        zones = {zone: n for n, zone in enumerate(dict.fromkeys(zone for *_, zone in numbers))}
        places_at, places, zone_of = (
            np.array(some, np.int64) for some in (at, found, [zones[zone] for *_, zone in numbers])
        )
        return cls(of_row, np.array(dated, bool), places_at, places, list(numbers), zone_of, list(zones))


def _any_time(stay: Stay, zone: ZoneInfo, at: datetime) -> Span:
    """Return the span of a stay, to ask for places that do not depend on when it was."""
    return Span(rows=(stay,), zone=zone, at=at, start=stay.start, starts_by=stay.start, ends_from=None, end=None)


def _in_doubt(packed: pa.Table, view: View) -> Truths:
    """Return which stays are of somebody away from the bed, or belong to a visit of sessions."""
    visits = view.current("encounters")
    first, of_row = distinct(visits, ("kind", "recurring"))
    kinds = np.array([comes_in_sessions(visit) for visit in _unpacked("encounters", visits, first)], bool)
    sessions = visits["encounter_id"].filter(pa.array(kinds[of_row])).combine_chunks()
    away = pc.not_equal(packed["presence"], Presence.PRESENT.value)
    found: Truths = pc.or_(away, pc.fill_null(pc.is_in(packed["encounter_id"], sessions), False)).to_numpy()
    return found


def _unpacked(table: str, packed: pa.Table, positions: Whole) -> Iterator[Any]:
    return TABLES[table].unpack(packed.take(pa.array(positions)))


def _of_the_dead(view: View) -> pa.Array:
    """Return the patients who are known to have died."""
    packed = view.current("patients")
    died = pc.or_(pc.is_valid(packed["died_at"]), pc.is_valid(packed["died_on"]))
    return packed["patient_id"].filter(died).combine_chunks()


def _joined(who: Whole, place: Whole, start: Whole, end: Whole) -> tuple[Whole, Whole, Whole, Whole]:
    """Return times by patient, place and start, those that touch to the minute as one."""
    order = np.lexsort((start, place, who))
    who, place, start, end = who[order], place[order], start[order], end[order]
    goes_on = (who[1:] == who[:-1]) & (place[1:] == place[:-1]) & (start[1:] // _MINUTE <= end[:-1] // _MINUTE)
    begins, ends = np.append(True, ~goes_on)[: len(who)], np.append(~goes_on, True)[: len(who)]
    return who[begins], place[begins], start[begins], end[ends]


def _days(start: Whole, end: Whole, zone: Whole, zones: Sequence[ZoneInfo]) -> dict[str, Whole]:
    """Return the local days and nights of times; what a day and a night are is said in `Whereabouts`."""
    found = {name: np.empty(len(start), np.int64) for name in ("first_day", "last_day", "first_night", "last_night")}
    for number, here in enumerate(zones):
        those = np.flatnonzero(zone == number)
        if len(those):
            clock = _Clock(here, int(start[those].min()), int(end[those].max()))
            began, ended = clock.days(start[those]), clock.days(end[those])
            found["first_day"][those] = began
            found["last_day"][those] = np.maximum(began, clock.days(end[those] - 1))
            found["first_night"][those] = began + (start[those] > clock.midnights(began))
            found["last_night"][those] = ended - (end[those] <= clock.midnights(ended))
    return found


class _Clock:
    """The local time of a zone between two moments: what `datetime.astimezone` says, for many moments at once."""

    def __init__(self, zone: ZoneInfo, first: int, last: int) -> None:
        self._zone = zone
        # Clocks are looked at every six hours; where one was put on or back between two looks, the moment is searched.
        looks = range(first, last + _MICROSECONDS_OF_6_HOURS, _MICROSECONDS_OF_6_HOURS)
        offsets = [self._offset(at) for at in looks]
        self._since, self._offsets = [first], offsets[:1]
        for at, before, after in zip(looks, offsets, offsets[1:], strict=False):
            if after != before:
                self._since.append(self._changed(at, at + _MICROSECONDS_OF_6_HOURS, before))
                self._offsets.append(after)

    def _offset(self, at: int) -> int:
        offset = instant(at).astimezone(self._zone).utcoffset()
        assert offset is not None
        return offset // timedelta(microseconds=1)

    def _changed(self, low: int, high: int, before: int) -> int:
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._offset(middle) == before else (low, middle)
        return high

    def days(self, at: Whole) -> Whole:
        """Return the local day of each moment."""
        offsets = np.array(self._offsets)[np.searchsorted(self._since, at, "right") - 1]
        found: Whole = (at + offsets) // _MICROSECONDS_OF_A_DAY
        return found

    def midnights(self, days: Whole) -> Whole:
        """Return the moment at which each day begins."""
        some, back = np.unique(days, return_inverse=True)
        moments = [microseconds(midnight(_DAY_ONE + int(day) * _DAY, self._zone)) for day in some]
        found: Whole = np.array(moments, np.int64)[back]
        return found
