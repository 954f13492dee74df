"""Everybody at once: contacts of many cases, every pair, and how many carriers were around each patient each day."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.record import TABLES
from ringfence.record import Sequence as Order

from .columns import day_number
from .exposures import Source
from .index import Index
from .kernels import (
    DAYS,
    FIRST,
    FIRST_DAY,
    LAST,
    LAST_DAY,
    LONGEST,
    MEETINGS,
    MOST,
    NIGHTS,
    PLACE,
    SURE,
    A,
    B,
    Layer,
    after_rows,
    contact_rows,
    meetings_at_most,
    pair_rows,
    pressure_rows,
)

_ROWS_OF_A_BLOCK = 20_000
_CASES_OF_A_BLOCK = 1_000
_MEETINGS_OF_A_BLOCK = 4_000_000
_FAR = 2**30
T = TypeVar("T")
Table = Any
"""Whole numbers, one row for each two patients; the columns are named in `kernels`."""


def contact_table(
    index: Index,
    sources: Sequence[Source],
    *,
    least_hours: float = 0,
    cumulative: bool = False,
    after_days: int | None = None,
    workers: int = 1,
) -> pa.Table:
    """Return the contacts of every source: one row for each source, contact and sequence (table `traced`).

    Args:
        index: the index of one level.
        sources: who is asked about.
        least_hours: hours that each meeting that counts must be able to have lasted.
        cumulative: whether all meetings of two together must, and not each.
        after_days: with those who came to a place up to so long after; None: those together only.
        workers: threads. The rows and their order do not depend on it.
    """
    least = round(least_hours * 60)
    together = contact_numbers(index, sources, least=least, cumulative=cumulative, workers=workers)
    parts = [_traced(index, sources, together, Order.TOGETHER)]
    if after_days is not None:
        apart = _over_sources(index, sources, workers, after_rows, after_days)
        parts.append(_traced(index, sources, apart, Order.AFTER))
    return pa.concat_tables(parts)


def contact_numbers(
    index: Index, sources: Sequence[Source], *, least: int = 0, cumulative: bool = False, workers: int = 1
) -> Table:
    """Return the contacts of every source as whole numbers, in no order.

    `A` is the number of the source, `B` of the patient. `least` is minutes; else as `contact_table`.
    """
    return _over_sources(index, sources, workers, contact_rows, least, cumulative)


def _over_sources(
    index: Index, sources: Sequence[Source], workers: int, kernel: Callable[..., Table], *asked: int
) -> Table:
    cases = index.numbers([one.patient_id for one in sources])
    windows = np.array([one.window for one in sources], np.int64).reshape(len(sources), 2)
    sizes = np.array([len(part.columns) for part in index.parts])
    lows, highs = np.ascontiguousarray(windows[:, 0]), np.ascontiguousarray(windows[:, 1])

    def some(low: int, high: int) -> Table:
        found = kernel(index.layers, sizes, cases[low:high], lows[low:high], highs[low:high], *asked, index.scratch())
        found[:, A] += low
        return found

    bounds = [*range(0, len(sources), _CASES_OF_A_BLOCK), len(sources)] if sources else [0, 0]
    parts = list(in_threads(workers, (partial(some, *bound) for bound in pairwise(bounds))))
    found = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return found[~np.isin(found[:, B], list(index.moved))] if index.moved else found


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
    said, ranks, places = _Said(index), index.names.ranks(), index.names.place_ranks()
    for found in pair_numbers(index, least=round(least_hours * 60), workers=workers):
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
    said, ranks, places = _Said(index), index.names.ranks(), index.names.place_ranks()
    for found in pressure_numbers(index, carriers, workers=workers):
        order = np.lexsort((found[:, 2], ranks[found[:, 0]], places[found[:, 1]]))
        yield _pressure(said, found[order])


def pressure_numbers(
    index: Index, carriers: Mapping[str, tuple[date, date | None]], *, workers: int = 1
) -> Iterator[Table]:
    """Yield patient, place, day and the number of other known carriers, in blocks of whole places."""
    layer, many = index.single.layer, len(index.names.patients)
    since, until = np.full(many, _FAR, np.int32), np.full(many, _FAR, np.int32)
    for patient_id, (first, last) in carriers.items():
        number = index.names.patient(patient_id)
        if number >= 0:
            since[number] = day_number(first)
            until[number] = _FAR if last is None else day_number(last)

    def some(low: int, high: int) -> Table:
        return pressure_rows(layer, low, high, since, until)

    yield from in_threads(workers, (partial(some, *block) for block in _blocks(index)))


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


class _Said:
    """The names of an index as columns, to take numbers from."""

    def __init__(self, index: Index) -> None:
        names = index.names
        self.index = index
        self.patients = pa.array(names.patients, pa.string())
        self.facility = pa.array([one.facility for one in names.places], pa.string())
        self.ward = pa.array([one.ward or None for one in names.places], pa.string())
        self.room = pa.array([one.room for one in names.places], pa.string())
        self.bed = pa.array([one.bed for one in names.places], pa.string())
        self.zone = np.array([one.zone for one in names.places])

    def places(self, numbers: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the columns that name places."""
        at = pa.array(numbers)
        return {name: getattr(self, name).take(at) for name in ("facility", "ward", "room", "bed")}

    def days(self, minutes: Any, places: Any) -> pa.Array:  # noqa: ANN401
        """Return the local dates of minutes in places."""
        found = np.empty(len(minutes), "datetime64[D]")
        zones = self.zone[places]
        for zone in np.unique(zones):
            those = zones == zone
            moments = pa.array(minutes[those].astype(np.int64) * 60, pa.timestamp("s", str(zone)))
            found[those] = pc.local_timestamp(moments).to_numpy().astype("datetime64[D]")
        return pa.array(found)


def _pairs(said: _Said, found: Table) -> pa.RecordBatch:
    return _batch(
        "pairs",
        len(found),
        patient_a=said.patients.take(pa.array(found[:, A])),
        patient_b=said.patients.take(pa.array(found[:, B])),
        **said.places(found[:, PLACE]),
        first_on=_dates(found[:, FIRST_DAY]),
        last_on=_dates(found[:, LAST_DAY]),
        days=pa.array(found[:, DAYS]),
        nights=pa.array(found[:, NIGHTS]),
        meetings=pa.array(found[:, MEETINGS]),
        hours_min=pa.array(found[:, SURE] / 60),
        hours_max=pa.array(found[:, MOST] / 60),
    )


def _pressure(said: _Said, found: Table) -> pa.RecordBatch:
    return _batch(
        "pressure",
        len(found),
        patient_id=said.patients.take(pa.array(found[:, 0])),
        **said.places(found[:, 1]),
        level=pa.array([said.index.level.value] * len(found), pa.string()),
        on=_dates(found[:, 2]),
        carriers=pa.array(found[:, 3].astype(np.int64)),
    )


def _traced(index: Index, sources: Sequence[Source], found: Table, sequence: Order) -> pa.Table:
    said, together = _Said(index), sequence is Order.TOGETHER
    cases = pa.array([one.case_id for one in sources], pa.string())
    patients = pa.array([one.patient_id for one in sources], pa.string())
    contacts = said.patients.take(pa.array(found[:, B]))
    none = np.zeros(len(found))
    order = pc.sort_indices(
        pa.table({"case": found[:, A], "contact": contacts}),
        sort_keys=[("case", "ascending"), ("contact", "ascending")],
    )
    batch = _batch(
        "traced",
        len(found),
        case_id=cases.take(pa.array(found[:, A])),
        index_patient_id=patients.take(pa.array(found[:, A])),
        contact_patient_id=contacts,
        level=pa.array([index.level.value] * len(found), pa.string()),
        sequence=pa.array([sequence.value] * len(found), pa.string()),
        **said.places(found[:, PLACE]),
        meetings=pa.array(found[:, MEETINGS]),
        hours_min=pa.array(found[:, SURE] / 60 if together else none),
        hours_max=pa.array(found[:, MOST] / 60 if together else none),
        longest_hours=pa.array(found[:, LONGEST] / 60 if together else none),
        first_on=said.days(found[:, FIRST], found[:, PLACE]),
        last_on=said.days(found[:, LAST] - together, found[:, PLACE]),
        gap_hours_min=pa.array(found[:, SURE] / 60, mask=none == 0 if together else none == 1),
        gap_hours_max=pa.array(found[:, MOST] / 60, mask=none == 0 if together else none == 1),
    )
    return pa.Table.from_batches([batch]).take(order)


def _batch(table: str, many: int, **columns: Any) -> pa.RecordBatch:  # noqa: ANN401
    schema = TABLES[table].schema
    arrays = [columns[field.name].cast(field.type) for field in schema]
    assert all(len(array) == many for array in arrays)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _dates(days: Any) -> pa.Array:  # noqa: ANN401
    return pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32())
