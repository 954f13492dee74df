"""Everybody at once: every pair, and how many carriers were around each patient each day."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.record import TABLES

from .columns import bits_of, minutes_of
from .index import Index
from .kernels import (
    DAYS,
    FIRST_DAY,
    LAST_DAY,
    MEETINGS,
    MOST,
    NIGHTS,
    PLACE,
    SURE,
    A,
    B,
    Layer,
    meetings_at_most,
    pair_rows,
    pressure_rows,
)
from .saying import Said, batch_of, dates

_ROWS_OF_A_BLOCK = 20_000
_MEETINGS_OF_A_BLOCK = 4_000_000
_FAR = 2**30
T = TypeVar("T")
Table = Any
"""Whole numbers, one row for each two patients; the columns are named in `kernels`."""


def by_name(found: Table) -> dict[str, Any]:
    """Return the columns of a table of whole numbers by name: patients, place, meetings, and minutes together."""
    at = {"a": A, "b": B, "place": PLACE, "meetings": MEETINGS, "least": SURE, "most": MOST}
    return {name: found[:, n] for name, n in at.items()}


def in_threads(workers: int, work: Iterable[Callable[[], T]]) -> Iterator[T]:
    """Yield what each piece of work returns, in order, with no more of them begun than there are threads and one."""
    if workers <= 1:
        yield from (piece() for piece in work)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Any] = deque()
        for piece in work:
            waiting.append(pool.submit(piece))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def pair_batches(index: Index, *, least_hours: float = 0, workers: int = 1) -> Iterator[pa.RecordBatch]:
    """Yield every pair of patients and place they shared (table `pairs`), by place and patients.

    A day counts once, however often two met on it. `least_hours` is of all their meetings in one place.
    """
    said, ranks, places = Said(index), index.names.ranks(), index.names.place_ranks()
    for found in pair_numbers(index, least=minutes_of(least_hours), workers=workers):
        order = np.lexsort((ranks[found[:, B]], ranks[found[:, A]], places[found[:, PLACE]]))
        yield _pairs(said, found[order])


def pair_numbers(index: Index, *, least: int = 0, workers: int = 1) -> Iterator[Table]:
    """Yield every pair as whole numbers, in blocks of whole places, or of some patients of one; in one in no order.

    `A` is the patient whose identifier comes first. `least` is minutes.
    """
    layer, (at, skipped), ranks = index.single.layer, index.skipped(), index.names.ranks()

    def some(low: int, high: int, share: int, shares: int) -> Table:
        return pair_rows(layer, low, high, np.array([share, shares]), ranks, least, at, skipped)

    def shared() -> Iterator[tuple[int, int, int, int]]:
        for low, high in _blocks(index):
            shares = 1 + _meetings(layer, low, high) // _MEETINGS_OF_A_BLOCK
            yield from ((low, high, share, shares) for share in range(shares))

    yield from in_threads(workers, (partial(some, *block) for block in shared()))


def _meetings(layer: Layer, low: int, high: int) -> int:
    """Return about how many meetings there were in the places of some rows, if all were there evenly in time."""
    if layer.place[low] != layer.place[high - 1]:
        return 0  # places that are small enough to go together
    start, end = layer.start[low:high], layer.end[low:high]
    minutes = max(1, int(end.max()) - int(start[0]))
    return int((end.astype(np.int64) - start).sum() * (high - low) // minutes)


def pressure_batches(
    index: Index, carriers: Mapping[str, tuple[date, date | None]], *, workers: int = 1
) -> Iterator[pa.RecordBatch]:
    """Yield one row for each patient, place and day there, with how many other known carriers (table `pressure`).

    Args:
        index: the index of one level.
        carriers: from which local day on each carrier is known, and up to which; None: to this day.
        workers: threads. The rows and their order do not depend on it.
    """
    said, ranks, places = Said(index), index.names.ranks(), index.names.place_ranks()
    for found in pressure_numbers(index, carriers, workers=workers):
        order = np.lexsort((found[:, 2], ranks[found[:, 0]], places[found[:, 1]]))
        yield _pressure(said, found[order])


def pressure_numbers(
    index: Index, carriers: Mapping[str, tuple[date, date | None]], *, workers: int = 1
) -> Iterator[Table]:
    """Yield patient, place, day and the number of other known carriers, in blocks of whole places."""
    numbers = index.names.known_numbers(list(carriers))
    order = np.argsort(numbers)
    order = order[numbers[order] >= 0]
    first, last = (pa.array([days[n] for days in carriers.values()], pa.date32()).cast(pa.int32()) for n in range(2))
    known = (numbers[order], first.to_numpy()[order], last.fill_null(_FAR).to_numpy()[order])
    layer, ever = index.single.layer, bits_of(known[0], len(index.names.patients))

    def some(low: int, high: int) -> Table:
        return pressure_rows(layer, low, high, ever, *known)

    yield from in_threads(workers, (partial(some, *block) for block in _blocks(index)))


def pressure_by_day(on_wards: Iterable[pa.RecordBatch], in_rooms: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield colonization pressure on the ward and in the room of each patient and day (table `pressure_by_day`).

    Args:
        on_wards: what `pressure_batches` yields at ward level, for the same carriers.
        in_rooms: what it yields at room level. Both are in the order of facility and ward, and no ward is cut in two.
    """
    schema, rooms = TABLES["pressure_by_day"].schema, iter(in_rooms)
    waiting = TABLES["pressure"].schema.empty_table()
    for batch in on_wards:
        if not len(batch):
            continue
        last = batch.column("facility")[-1], batch.column("ward")[-1]
        while not len(waiting) or not _is_later(waiting.slice(len(waiting) - 1), *last)[0].as_py():
            more = next(rooms, None)
            if more is None:
                break
            waiting = pa.concat_tables([waiting, pa.Table.from_batches([more])])
        later = _is_later(waiting, *last)
        here, waiting = waiting.filter(pc.invert(later)), waiting.filter(later)
        here = here.select([*_OF_A_WARD_DAY, "room", "carriers"]).rename_columns(
            [*_OF_A_WARD_DAY, "room", "carriers_in_room"]
        )
        ward = pa.Table.from_batches([batch]).select([*_OF_A_WARD_DAY, "carriers"])
        found = ward.rename_columns([*_OF_A_WARD_DAY, "carriers_on_ward"]).join(here, list(_OF_A_WARD_DAY))
        ordered = found.sort_by([(name, "ascending") for name in ("facility", "ward", "patient_id", "on", "room")])
        yield from ordered.select(schema.names).cast(schema).combine_chunks().to_batches()


_OF_A_WARD_DAY = ("patient_id", "facility", "ward", "on")


def _is_later(rows: pa.Table, facility: pa.Scalar, ward: pa.Scalar) -> pa.ChunkedArray:
    """Return which rows are of a place after a ward, in the order of facility and ward."""
    same = pc.and_(pc.equal(rows["facility"], facility), pc.greater(rows["ward"], ward))
    return pc.or_(pc.greater(rows["facility"], facility), same)


def place_day_batches(index: Index, *, workers: int = 1) -> Iterator[pa.RecordBatch]:
    """Yield one row for each patient, place and day there (table `place_days`): the shorter form of pairs."""
    names = TABLES["place_days"].schema.names
    yield from (batch.select(names) for batch in pressure_batches(index, {}, workers=workers))


def pairs_at_most(index: Index) -> int:
    """Return how many meetings there can be, about, before any is looked for: what pairs would have to be made from."""
    return int(meetings_at_most(index.single.layer))


def _blocks(index: Index) -> Iterator[tuple[int, int]]:
    """Yield the rows of whole places, in the order of places, some places together."""
    layer = index.single.layer
    many = len(index.names.places)
    starts = np.searchsorted(layer.place, np.arange(many + 1))
    low = high = -1
    for place in np.argsort(index.names.place_ranks(), kind="stable").tolist():
        begins, ends = int(starts[place]), int(starts[place + 1])
        if begins == ends:
            continue
        if begins == high and high - low < _ROWS_OF_A_BLOCK:
            high = ends
        else:
            if low >= 0:
                yield low, high
            low, high = begins, ends
    if low >= 0:
        yield low, high


def _pairs(said: Said, found: Table) -> pa.RecordBatch:
    return batch_of(
        "pairs",
        len(found),
        patient_a=said.patients.take(pa.array(found[:, A])),
        patient_b=said.patients.take(pa.array(found[:, B])),
        **said.places(found[:, PLACE]),
        first_on=dates(found[:, FIRST_DAY]),
        last_on=dates(found[:, LAST_DAY]),
        days=pa.array(found[:, DAYS]),
        nights=pa.array(found[:, NIGHTS]),
        meetings=pa.array(found[:, MEETINGS]),
        hours_min=pa.array(found[:, SURE] / 60),
        hours_max=pa.array(found[:, MOST] / 60),
    )


def _pressure(said: Said, found: Table) -> pa.RecordBatch:
    return batch_of(
        "pressure",
        len(found),
        patient_id=said.patients.take(pa.array(found[:, 0])),
        **said.places(found[:, 1]),
        level=pa.array([said.level.value] * len(found), pa.string()),
        on=dates(found[:, 2]),
        carriers=pa.array(found[:, 3].astype(np.int64)),
    )
