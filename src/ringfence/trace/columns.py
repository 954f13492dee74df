"""Presences as columns of whole numbers: minutes and days since 1970, and a number for each patient and place.

Times are cut to the minute of the clock, which is what movements are recorded in; two who share no minute of the clock
did not meet. See docs/decisions/0012.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.record import Resolution, Whereabouts, midnight

Numbers = np.ndarray[Any, np.dtype[np.int32]]
"""Numbers of four bytes: minutes, days, or the number of a patient or place."""
Truths = np.ndarray[Any, np.dtype[np.bool_]]
Bits = np.ndarray[Any, np.dtype[np.uint8]]
"""Whether each number is among some: eight to a byte, so that those of a country stay near at hand."""

NEVER, ALWAYS = -(2**31), 2**31 - 1
"""Minutes before and after every time: a window without a beginning or an end."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_DAY_0 = date(1970, 1, 1).toordinal()


class Place(NamedTuple):
    """One place of a level, as far as the level names it."""

    facility: str
    ward: str
    room: str | None
    bed: str | None
    zone: str


@dataclass(frozen=True)
class Columns:
    """Presences at one level, one a row, in any order; each field is an array with a number for each row."""

    patient: Numbers
    place: Numbers
    start: Numbers
    """The earliest minute it can have begun."""
    sure_start: Numbers
    """The latest minute it can have begun."""
    sure_end: Numbers
    """The earliest minute it can have ended; half-open."""
    end: Numbers
    """The latest minute it can have ended; half-open."""
    first_day: Numbers
    last_day: Numbers
    first_night: Numbers
    last_night: Numbers
    by_day: Truths
    """Whether it rests on whole days."""
    open: Truths
    """Whether the patient is still there."""
    repairs: Numbers
    """The number of the text that names its repairs; -1 for none."""

    def __len__(self) -> int:
        return len(self.patient)

    def take(self, rows: Any) -> Self:  # noqa: ANN401
        """Return some rows: by their numbers, a slice or a mask. What is one array for two fields stays one."""
        taken: dict[int, Any] = {}
        for array in self.arrays().values():
            if id(array) not in taken:
                taken[id(array)] = array[rows]
        return type(self)(**{name: taken[id(array)] for name, array in self.arrays().items()})

    def arrays(self) -> dict[str, Any]:
        """Return the arrays by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def together(cls, some: Sequence["Columns"]) -> "Columns":
        """Return the rows of several as one."""
        if len(some) == 1:
            return some[0]
        return cls(**{one.name: np.concatenate([getattr(c, one.name) for c in some]) for one in fields(cls)})

    @classmethod
    def of_days_and_minutes(cls, rows: Sequence[tuple[int, ...]]) -> "Columns":
        """Return the columns of rows, each with the fields in their order."""
        table = np.array(rows, np.int64).reshape(len(rows), len(fields(cls)))
        whole = {one.name: np.ascontiguousarray(table[:, n], np.int32) for n, one in enumerate(fields(cls))}
        return cls(**{**whole, "by_day": whole["by_day"] != 0, "open": whole["open"] != 0})


@dataclass
class Names:
    """What the numbers of patients, places and repairs stand for. It grows; a number never changes its meaning."""

    patients: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    _patients: dict[str, int] = field(init=False, repr=False)
    _places: dict[Place, int] = field(init=False, repr=False)
    _repairs: dict[str, int] = field(init=False, repr=False)
    _ranks: Numbers | None = field(init=False, repr=False, default=None)
    _place_ranks: Numbers | None = field(init=False, repr=False, default=None)

    def __post_init__(self) -> None:
        # A patient who was given another number is known by the first.
        self._patients = {one: n for n, one in reversed(list(enumerate(self.patients)))}
        self._places = {one: n for n, one in enumerate(self.places)}
        self._repairs = {one: n for n, one in enumerate(self.repairs)}

    def patient(self, patient_id: str) -> int:
        """Return the number of a patient; -1 for one who is not known."""
        return self._patients.get(patient_id, -1)

    def known_numbers(self, patient_ids: Sequence[str]) -> Numbers:
        """Return the numbers of patients, as `patient` does."""
        return np.array([self._patients.get(one, -1) for one in patient_ids], np.int32)

    def another(self, number: int) -> int:
        """Return one more number for the patient of a number; `patient` still gives the first."""
        self.patients.append(self.patients[number])
        return len(self.patients) - 1

    def once_each(self) -> tuple["Names", Numbers]:
        """Return the same with one number for each patient, and for each number of these that of those."""
        of = dict.fromkeys(self.patients)
        number = {one: n for n, one in enumerate(of)}
        numbers = np.fromiter(map(number.__getitem__, self.patients), np.int32, len(self.patients))
        return Names(list(of), list(self.places), list(self.repairs)), numbers

    def columns(self, everyone: Iterable[Whereabouts]) -> Columns:
        """Return presences as columns; patients and places that are new get the next numbers."""
        everyone = list(everyone)
        self.numbers_of([str(one.patient_id) for one in everyone])
        self.numbers_of_places([_place(one) for one in everyone])
        rows: list[tuple[int, ...]] = []
        for one in everyone:
            repairs = _number(self._repairs, self.repairs, one.repairs) if one.repairs else -1
            patient, place = self._patients[str(one.patient_id)], self._places[_place(one)]
            times = (minute(one.starts_from), minute(one.starts_by), *_ends(one))
            days = (day_number(d) for d in (one.first_day, one.last_day, one.first_night, one.last_night))
            rows.append((patient, place, *times, *days, one.resolution is Resolution.DAY, one.open, repairs))
        return Columns.of_days_and_minutes(rows)

    def numbers_of(self, patient_ids: Sequence[str]) -> Numbers:
        """Return the numbers of patients; those who are new get the next, in their own order.

        So the order of numbers is, as a rule, that of names.
        """
        for patient_id in sorted(set(patient_ids) - self._patients.keys()):
            _number(self._patients, self.patients, patient_id)
        return np.fromiter(map(self._patients.__getitem__, patient_ids), np.int32, len(patient_ids))

    def numbers_of_places(self, places: Sequence[Place]) -> Numbers:
        """Return the numbers of places, as `numbers_of` does."""
        for place in sorted(set(places) - self._places.keys(), key=in_order):
            _number(self._places, self.places, place)
        return np.fromiter(map(self._places.__getitem__, places), np.int32, len(places))

    def ranks(self) -> Numbers:
        """Return for each patient's number its rank in the order of patient identifiers."""
        if self._ranks is None or len(self._ranks) < len(self.patients):
            self._ranks = np.empty(len(self.patients), np.int32)
            ordered = pc.sort_indices(pa.array(self.patients, pa.string()))  # stable, by code points as Python's own
            self._ranks[ordered.to_numpy()] = np.arange(len(self.patients))
        return self._ranks

    def place_ranks(self) -> Numbers:
        """Return for each place's number its rank in the order of facility, ward, room and bed."""
        if self._place_ranks is None or len(self._place_ranks) < len(self.places):
            ordered = sorted(range(len(self.places)), key=lambda n: in_order(self.places[n]))
            self._place_ranks = np.empty(len(self.places), np.int32)
            self._place_ranks[ordered] = np.arange(len(self.places))
        return self._place_ranks


def _ends(one: Whereabouts) -> tuple[int, int]:
    """Return the minute from which, and by which, a presence ended."""
    if not one.open:
        return minute(one.ends_from), minute(one.ends_by)
    sure = one.ends_from == one.ends_by
    return minute_after(one.ends_from) if sure else minute(one.ends_from), minute_after(one.ends_by)


def in_order(place: Place) -> tuple[str, ...]:
    """Return what places are sorted by: facility, ward, room and bed."""
    return tuple(part or "" for part in place)


def _number(known: dict[Any, int], listed: list[Any], one: object) -> int:
    number = known.get(one)
    if number is None:
        number = known[one] = len(listed)
        listed.append(one)
    return number


def _place(one: Whereabouts) -> Place:
    return Place(one.facility_id, one.ward, one.room, one.bed, one.zone)


def minutes_of(hours: float) -> int:
    """Return the least whole number of minutes that are as many hours as given."""
    return math.ceil(round(hours * 60, 6))


def minute(at: datetime) -> int:
    """Return the minute of an instant, since 1970 in UTC; seconds are cut."""
    return (at - _EPOCH) // _MINUTE


def minute_after(at: datetime) -> int:
    """Return the minute by whose beginning an instant has come: until then goes what goes on as of it."""
    return -((_EPOCH - at) // _MINUTE)


def bits_of(numbers: Any, many: int) -> Bits:  # noqa: ANN401
    """Return a bit for each of so many numbers: whether it is among those given."""
    bits = np.zeros(many // 8 + 1, np.uint8)
    np.bitwise_or.at(bits, numbers >> 3, (1 << (numbers & 7)).astype(np.uint8))
    return bits


def bits_at(bits: Bits, numbers: Any) -> Truths:  # noqa: ANN401
    """Return for each number whether it is among those of the bits."""
    found: Truths = (bits[numbers >> 3] >> (numbers & 7).astype(np.uint8) & 1) != 0
    return found


def instant(minutes: int) -> datetime:
    """Return the instant at which a minute begins."""
    return _EPOCH + int(minutes) * _MINUTE


def day_number(day: date) -> int:
    """Return the number of a date since 1970."""
    return day.toordinal() - _DAY_0


def date_of(day: int) -> date:
    """Return the date of a number."""
    return date.fromordinal(int(day) + _DAY_0)


def local_day(minutes: int, zone: str) -> int:
    """Return the number of the local date of a minute."""
    return day_number(instant(minutes).astimezone(ZoneInfo(zone)).date())


class Limits(NamedTuple):
    """A window in the local days and nights of a zone."""

    first_day: int
    last_day: int
    first_night: int
    last_night: int


def limits_of(low: int, high: int, zone: str) -> Limits:
    """Return the first and last day, and the first and last whole night, of the minutes from `low` up to `high`."""
    first, last = NEVER, ALWAYS
    night = first
    if low > NEVER:
        first = local_day(low, zone)
        night = first if instant(low) == midnight(date_of(first), ZoneInfo(zone)) else first + 1
    if high < ALWAYS:
        last = local_day(high - 1, zone)
    return Limits(first, last, night, last)


def cut(columns: Columns, places: Sequence[Place], low: int, high: int) -> Columns:
    """Return what of presences lies in the minutes from `low` up to `high`."""
    some = columns.take((columns.end > low) & (columns.start < high))
    times = {name: np.clip(getattr(some, name), low, high) for name in ("start", "sure_start", "sure_end", "end")}
    of_place = np.array([limits_of(low, high, place.zone) for place in places], np.int64).reshape(len(places), 4)
    limits = of_place[some.place]
    days = {
        "first_day": np.maximum(some.first_day, limits[:, 0]),
        "last_day": np.minimum(some.last_day, limits[:, 1]),
        "first_night": np.maximum(some.first_night, limits[:, 2]),
        "last_night": np.minimum(some.last_night, limits[:, 3]),
    }
    return replace(some, **{name: array.astype(np.int32) for name, array in {**times, **days}.items()})


@lru_cache(maxsize=1_000)
def days_that_never_were(zone: str) -> tuple[int, ...]:
    """Return the dates that a zone skipped, as numbers: by a change of its side of the date line a day was left out."""
    here = ZoneInfo(zone)
    weeks = [date_of(7 * n) for n in range(1, 52 * 130)]
    # Such a change moves the clock by about a day, which no change to summer time does: look where it did.
    moved = [
        week
        for week, after in pairwise(weeks)
        if abs(midnight(after, here) - midnight(week, here) - timedelta(days=7)) > timedelta(hours=12)
    ]
    days = (week + timedelta(days=n) for week in moved for n in range(7))
    return tuple(day_number(day) for day in days if midnight(day, here) >= midnight(day + timedelta(days=1), here))
