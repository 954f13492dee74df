"""The chain of shared places and times between two patients, forward in time."""

import numpy as np

from ringfence.record import PathStep, PatientId, Resolution, Sequence, When

from .columns import NEVER, date_of, instant, limits_of
from .exposures import MINUTES_OF_A_DAY, Row, Source, repairs_of
from .index import Index
from .kernels import reached


def path(index: Index, source: Source, goal: str, *, after_days: int | None = None) -> list[PathStep]:
    """Return the steps by which one patient can first have been reached from another; none if there is no way.

    Each step goes from somebody reached to somebody in the same place then, or, with `after_days`, who came to a place
    up to so long after; never back in time. Of all ways it is one that arrives first.

    Args:
        index: the index of one level.
        source: from whom, and from when to when.
        goal: to whom.
        after_days: days of 24 hours; None: only those together.
    """
    origin, end = index.number(source.patient_id), index.number(goal)
    if origin < 0 or end < 0 or origin == end:
        return []
    low, high = source.window
    when = np.full(len(index.names.patients), high, np.int64)
    when[index.moved.first] = NEVER
    after = -1 if after_days is None else after_days * MINUTES_OF_A_DAY
    steps = reached(index.layers, origin, end, low, high, after, when)
    way = []
    while end != origin:
        if steps[end, 0] < 0:
            return []
        way.append(end)
        end = int(steps[end, 0])
    return [
        _step(index, n, steps[patient].tolist(), int(when[steps[patient, 0]]), high)
        for n, patient in enumerate(reversed(way), 1)
    ]


def _step(index: Index, number: int, step: list[int], reached_at: int, high: int) -> PathStep:
    one, other = (Row(index.parts[layer].columns, row) for layer, row in (step[1:3], step[3:5]))
    place, by_day = index.names.places[one.place], bool(one.by_day or other.by_day)
    begins, ends = max(one.start, other.start, reached_at), min(one.end, other.end, high)
    together = begins < ends
    if not together:
        begins, ends = one.end, other.start
    limits = limits_of(reached_at, high, place.zone)
    first = max(one.first_day, other.first_day, limits.first_day)
    last = min(one.last_day, other.last_day, limits.last_day)
    if not together:
        first, last = one.last_day, other.first_day
    return PathStep(
        step=number,
        patient_from=PatientId(index.names.patients[one.patient]),
        patient_to=PatientId(index.names.patients[other.patient]),
        level=index.level,
        facility=place.facility,
        ward=place.ward or None,
        room=place.room,
        bed=place.bed,
        sequence=Sequence.TOGETHER if together else Sequence.AFTER,
        start=When(on=date_of(first)) if by_day else When(at=instant(begins)),
        end=When(on=date_of(last)) if by_day else When(at=instant(ends)),
        resolution=Resolution.DAY if by_day else Resolution.INSTANT,
        repairs=repairs_of(index, one, other),
    )
