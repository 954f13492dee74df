"""Made-up hospitals to measure tracing on: exclusive beds, wards of 20 to 40, log-normal stays, moves, readmissions.

Nobody is in two beds at once, and no bed holds two. The shape is that of published bed-movement data; nothing in it is
of a person.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numba import njit

from ringfence.record import Level
from ringfence.trace import ALWAYS, NEVER, Columns, Index, Names, Place, Source

Array = Any
DAY = 1440
FAR = 2**30
"""A day later than every other."""
_FIRST = 18_993 * DAY  # 2022-01-01
_WARDS = 20
_MEDIAN_DAYS, _SIGMA, _MOST_DAYS, _EMPTY_DAYS = 1.05, 1.0, 200, 0.63
_STAYS_OF_A_BED_YEAR = 155
_SOURCE_DAYS = (21, 7)
"""Days before and after detection in which a case counts."""
_CARRIER_SHARE, _CARRIER_DAYS = 0.02, 180


@dataclass(frozen=True)
class MadeUp:
    """Stays in beds, one a row, in the order of start: whole numbers, times in minutes since 1970."""

    patient: Array
    facility: Array
    ward: Array
    """Wards are numbered through all facilities."""
    room: Array
    """So are rooms."""
    start: Array
    end: Array
    patients: int
    cases: Array
    """The patient of each case."""
    windows: Array
    """The minute from which, and up to which, each case counts."""
    carrier_since: Array
    """For each patient the day from which they are a known carrier; far in the future for those who are none."""
    carrier_until: Array

    def __len__(self) -> int:
        return len(self.patient)

    def rows(self, those: Array) -> "MadeUp":
        """Return the same with some of the stays."""
        stays = ("patient", "facility", "ward", "room", "start", "end")
        return replace(self, **{name: getattr(self, name)[those] for name in stays})


def made_up_stays(stays: int, *, seed: int) -> MadeUp:
    """Return about so many stays. The same seed gives the same."""
    chance = np.random.default_rng(seed)
    of_a_year = _WARDS * 30 * _STAYS_OF_A_BED_YEAR
    years = min(2 if stays <= 5_000_000 else 4, stays / of_a_year)
    facilities = max(1, round(stays / (of_a_year * years)))
    beds_of = chance.integers(20, 41, facilities * _WARDS)
    ward_of_bed = np.repeat(np.arange(len(beds_of), dtype=np.int32), beds_of)
    room_of_bed = _rooms(ward_of_bed, chance)
    bed, start, end = _of_beds(len(ward_of_bed), years, chance)
    order = np.argsort(start, kind="stable")
    bed, start, end = bed[order], start[order], end[order]
    ward = ward_of_bed[bed]
    facility = ward // _WARDS
    patient, many = _given_out(
        facility, start, np.argsort(end, kind="stable").astype(np.int32), end, chance.random((len(bed), 2)), facilities
    )
    cases = np.sort(chance.choice(len(bed), max(20, len(bed) // 200), replace=False))
    found = start[cases] + (chance.random(len(cases)) * (end[cases] - start[cases])).astype(np.int64)
    since = np.full(many, FAR, np.int32)
    carriers = chance.choice(many, int(many * _CARRIER_SHARE), replace=False)
    first = np.full(many, FAR, np.int64)
    np.minimum.at(first, patient, start // DAY)
    since[carriers] = first[carriers]
    windows = np.stack([found - _SOURCE_DAYS[0] * DAY, found + _SOURCE_DAYS[1] * DAY], 1).astype(np.int64)
    return MadeUp(
        patient, facility.astype(np.int32), ward, room_of_bed[bed], start.astype(np.int32), end.astype(np.int32),
        many, patient[cases], windows, since, (since.astype(np.int64) + _CARRIER_DAYS).astype(np.int32),
    )  # fmt: skip


def index_of(made: MadeUp, level: Level, names: Names) -> Index:
    """Return the index of made-up stays at ward or room level."""
    return Index.of_columns(columns_of(made, level), names, level, datetime(2030, 1, 1, tzinfo=UTC))


def columns_of(made: MadeUp, level: Level) -> Columns:
    """Return made-up stays as columns at ward or room level."""
    patient, start, end = made.patient, made.start, made.end
    place = made.ward if level is Level.WARD else made.room
    last = (end - 1) // DAY
    no, none = np.zeros(len(patient), bool), np.full(len(patient), -1, np.int32)
    night = -(-start // DAY)
    return Columns(patient, place, start, start, end, end, start // DAY, last, night, last, no, no, none)


def names_of(made: MadeUp, level: Level) -> Names:
    """Return the names of the patients and places of made-up stays."""
    of = made.ward if level is Level.WARD else made.room
    many = int(of.max()) + 1
    ward = np.zeros(many, np.int64)
    ward[of] = made.ward
    room = [None] * many if level is Level.WARD else [f"{n:06}" for n in range(many)]
    places = [Place(f"H{w // _WARDS:03}", f"W{w:05}", r, None, "UTC") for w, r in zip(ward.tolist(), room, strict=True)]
    return Names([f"P{n:08}" for n in range(made.patients)], places)


def sources_of(made: MadeUp) -> list[Source]:
    """Return the cases of made-up stays."""
    return [
        Source(str(n), f"P{patient:08}", (max(low, NEVER), min(high, ALWAYS)))
        for n, (patient, (low, high)) in enumerate(zip(made.cases.tolist(), made.windows.tolist(), strict=True))
    ]


def _rooms(ward_of_bed: Array, chance: np.random.Generator) -> Array:
    """Return the room of each bed: of one, two or four beds, within a ward."""
    found, room, left = np.empty(len(ward_of_bed), np.int32), -1, 0
    sizes = chance.choice([1, 2, 4], len(ward_of_bed))
    for bed, ward in enumerate(ward_of_bed.tolist()):
        if left == 0 or ward != ward_of_bed[bed - 1]:
            room, left = room + 1, int(sizes[bed])
        found[bed], left = room, left - 1
    return found


def _of_beds(beds: int, years: float, chance: np.random.Generator) -> tuple[Array, Array, Array]:
    """Return bed, start and end of the stays in each bed, one after the other with empty time between."""
    most = int(years * _STAYS_OF_A_BED_YEAR * 1.6) + 20
    bed, start, end = [], [], []
    for low in range(0, beds, 5_000):
        some = min(5_000, beds - low)
        lengths = np.minimum(chance.lognormal(np.log(_MEDIAN_DAYS), _SIGMA, (some, most)), _MOST_DAYS)
        lengths = np.maximum((lengths * DAY).astype(np.int32), 30)
        empty = (chance.exponential(_EMPTY_DAYS, (some, most)) * DAY).astype(np.int32) + 15
        ends = _FIRST + np.cumsum(lengths + empty, axis=1, dtype=np.int64)
        starts = ends - lengths
        within = ends < _FIRST + int(years * 365 * DAY)
        bed.append(np.nonzero(within)[0].astype(np.int32) + low)
        start.append(starts[within])
        end.append(ends[within])
    return np.concatenate(bed), np.concatenate(start), np.concatenate(end)


@njit(nogil=True)
def _given_out(
    facility: Array,
    start: Array,
    by_end: Array,
    end: Array,
    chance: Array,
    facilities: int,
) -> tuple[Array, int]:
    """Return the patient of each stay, in the order of start: one who moved or came again, or a new one."""
    patient = np.full(len(start), -1, np.int32)
    many_of = np.zeros(facilities + 1, np.int64)
    for at in facility:
        many_of[at + 1] += 1
    zero = np.cumsum(many_of)
    left = np.empty(len(start), np.int32)
    waiting = np.zeros(facilities, np.int64)
    patients, ended = 0, 0
    for row in range(len(start)):
        while ended < len(end) and end[by_end[ended]] <= start[row]:
            gone = by_end[ended]
            left[zero[facility[gone]] + waiting[facility[gone]]] = patient[gone]
            waiting[facility[gone]] += 1
            ended += 1
        at = facility[row]
        if chance[row, 0] < 0.01:
            at = (at + 1) % facilities  # somebody from the next facility
        if waiting[at] and chance[row, 0] < 0.8:
            # Most who come are from another bed just now; some were discharged at whatever time.
            back = (
                int(chance[row, 1] * min(waiting[at], 20))
                if chance[row, 0] < 0.55
                else int(chance[row, 1] * waiting[at])
            )
            n = zero[at] + waiting[at] - 1 - back
            patient[row] = left[n]
            left[n] = left[zero[at] + waiting[at] - 1]
            waiting[at] -= 1
        else:
            patient[row] = patients
            patients += 1
    return patient, patients
