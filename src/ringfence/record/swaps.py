"""Bed swaps: two patients who exchanged beds. They are named for people to read, and change nothing."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from .answers import FactKey
from .declare import PatientId
from .repairs import RepairedStay, repaired_stays
from .spans import Bed, bed_of
from .views import View
from .words import Presence

# Our assumption, unverified. It decides only what is called a swap.
SAME_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Swap:
    """Two patients, each of whom went from the bed of the other to the bed that the other came from."""

    patient_a: PatientId
    """The lesser patient number."""
    patient_b: PatientId
    from_bed: Bed
    """The bed that `patient_a` left for `to_bed`."""
    to_bed: Bed
    moved_a: datetime
    """When `patient_a` came to `to_bed`."""
    moved_b: datetime
    """When `patient_b` came to `from_bed`."""
    about: tuple[FactKey, ...]
    """The stays before and after, of both."""


class _Move(NamedTuple):
    patient_id: PatientId
    at: datetime
    about: tuple[FactKey, ...]


def swaps(view: View, stays: Sequence[RepairedStay] | None = None) -> list[Swap]:
    """Return the bed swaps that the stays show, each once, in the order of time; only of stays known to the minute.

    Args:
        view: the view.
        stays: its repaired stays, where they have been made already.
    """
    moves: dict[tuple[Bed, Bed], list[_Move]] = defaultdict(list)
    beds = [one for one in (stays if stays is not None else repaired_stays(view)) if _in_a_bed(one)]
    for _, own in groupby(sorted(beds, key=_of_patient), key=lambda one: one.stay.patient_id):
        for way, move in _moves(list(own)):
            moves[way].append(move)
    found = [swap for way in moves for swap in _exchanges(way, moves)]
    return sorted(found, key=lambda swap: (swap.moved_a, swap.patient_a, swap.patient_b))


def _in_a_bed(one: RepairedStay) -> bool:
    stay = one.stay
    return one.used and stay.presence is Presence.PRESENT and stay.bed is not None and stay.start.at is not None


def _of_patient(one: RepairedStay) -> tuple[str, datetime, str]:
    assert one.stay.start.at is not None
    return one.stay.patient_id, one.stay.start.at, str(bed_of(one.stay))


def _moves(own: Sequence[RepairedStay]) -> Iterator[tuple[tuple[Bed, Bed], _Move]]:
    starts = [one.stay.start.at for one in own if one.stay.start.at]
    for before in own:
        left = before.stay.end.at if before.stay.end else None
        if left is None:
            continue
        for after in own[bisect_left(starts, left - SAME_HOUR) : bisect_right(starts, left + SAME_HOUR)]:
            way = bed_of(before.stay), bed_of(after.stay)
            if way[0] != way[1] and after.stay.start.at:
                yield way, _Move(after.stay.patient_id, after.stay.start.at, (*_keys(before), *_keys(after)))


def _keys(one: RepairedStay) -> Iterable[FactKey]:
    return (f"stays:{row.stay_id}" for row in one.rows)


def _exchanges(way: tuple[Bed, Bed], moves: Mapping[tuple[Bed, Bed], Sequence[_Move]]) -> Iterator[Swap]:
    back = moves.get((way[1], way[0]), ())
    for a in moves[way]:
        for b in back:
            if a.patient_id < b.patient_id and abs(a.at - b.at) <= SAME_HOUR:
                yield Swap(a.patient_id, b.patient_id, way[0], way[1], a.at, b.at, (*a.about, *b.about))
