"""The contacts of many cases: in one go, or facility by facility and put together."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.record import TABLES
from ringfence.record import Sequence as Order

from .bulk import in_threads
from .columns import Numbers, bits_at, minute_after, minutes_of
from .exposures import Around, Source
from .index import Index
from .kernels import (
    FIRST,
    LAST,
    LONGEST,
    MEETINGS,
    MOST,
    PLACE,
    SURE,
    A,
    B,
    Covers,
    after_rows,
    contact_rows,
)
from .saying import Said, batch_of

_CASES_OF_A_BLOCK = 1_000
_NONE = np.zeros(0, np.int64)
_NOTHING_ELSE = Around()
_NUMBERS = ("a", "b", "place", "meetings", "sure", "most", "longest", "first", "last", "covered")
COVERED = len(_NUMBERS) - 1
"""The column of how many meetings lay within precautions, which kernels tell apart from the others."""
Table = Any
"""Whole numbers, one row for each source and patient; the columns are named in `kernels` and, in their order, above."""

MET = pa.schema([*((name, pa.int64()) for name in _NUMBERS), ("sequence", pa.string())])
"""Who met each source, or came after, in the numbers of an index: what facilities can answer apart."""


def contact_batches(
    index: Index,
    sources: Sequence[Source],
    *,
    least_hours: float = 0,
    cumulative: bool = False,
    by_policy: bool = False,
    after_days: int | None = None,
    workers: int = 1,
    around: Around = _NOTHING_ELSE,
) -> Iterator[pa.RecordBatch]:
    """Yield the contacts of every source: one row for each source, contact and sequence (table `traced`).

    Those together come first, by source and contact; then those who came after.

    Args:
        index: the index of one level.
        sources: who is asked about.
        least_hours: hours that each meeting that counts must be able to have lasted.
        cumulative: whether all meetings of two together must, and not each.
        by_policy: whether the hours are a policy's: then they settle who is listed, with all meetings of theirs, and
            who still meets the source, or met it before the source counts or after, is listed for any hours.
        after_days: with those who came to a place up to so long after; None: those together only.
        workers: threads. The rows and their order do not depend on it.
        around: what else is known of those met.
    """
    traced, each = _Traced(index, sources, around), 0 if cumulative or by_policy else least_hours
    long_enough = _LongEnough(index, sources, least_hours if cumulative or by_policy else 0, cumulative, by_policy)
    for sequence, found in _met(index, sources, each, after_days, workers, in_order=True):
        yield traced.batch(long_enough.of(found, sequence), sequence)


def contact_table(index: Index, sources: Sequence[Source], **asked: Any) -> pa.Table:  # noqa: ANN401
    """Return what `contact_batches` yields as one table."""
    return pa.Table.from_batches(contact_batches(index, sources, **asked), schema=TABLES["traced"].schema)


def met_batches(
    index: Index, sources: Sequence[Source], *, least_hours: float = 0, after_days: int | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield in whole numbers (`MET`) who met each source, and who came after: what one facility says to `put_together`.

    Hours are of each meeting. Whether all meetings of two are long enough together, no facility knows alone.
    """
    for sequence, found in _met(index, sources, least_hours, after_days, workers=1, in_order=False):
        numbers = [pa.array(found[:, n], pa.int64()) for n in range(len(_NUMBERS))]
        yield pa.record_batch([*numbers, pa.array([sequence.value] * len(found), pa.string())], schema=MET)


def put_together(
    index: Index,
    sources: Sequence[Source],
    met: Iterable[pa.RecordBatch],
    *,
    least_hours: float = 0,
    cumulative: bool = True,
    by_policy: bool = False,
    around: Around = _NOTHING_ELSE,
) -> Iterator[pa.RecordBatch]:
    """Yield what `contact_batches` does, of what `met_batches` yielded for each facility, in any order.

    Args:
        index: the index of all facilities.
        sources: who was asked about.
        met: what the facilities said.
        least_hours: hours that all meetings of two together must be able to have lasted; of a policy, as it counts.
        cumulative: as there.
        by_policy: as there.
        around: what else is known of those met.
    """
    traced, table = _Traced(index, sources, around), pa.Table.from_batches(met, schema=MET)
    long_enough = _LongEnough(index, sources, least_hours, cumulative, by_policy)
    for sequence in (Order.TOGETHER, Order.AFTER):
        part = table.filter(pc.field("sequence") == sequence.value)
        found = np.column_stack([part.column(name).to_numpy() for name in _NUMBERS])
        found = _added_up(found, sequence, index.names.place_ranks())
        yield traced.batch(long_enough.of(found, sequence), sequence)


def contact_numbers(index: Index, sources: Sequence[Source], *, least: int = 0, workers: int = 1) -> Iterator[Table]:
    """Yield the contacts of every source as whole numbers, in blocks; sources in no order, those of one together.

    `A` is the number of the source, `B` of the patient. `least` is minutes of each meeting that counts.
    """
    yield from (found for found, _ in _over_sources(index, sources, workers, contact_rows, least, in_order=False))


def _met(
    index: Index, sources: Sequence[Source], least_hours: float, after_days: int | None, workers: int, *, in_order: bool
) -> Iterator[tuple[Order, Table]]:
    for found in _over_sources(index, sources, workers, contact_rows, minutes_of(least_hours), in_order=in_order):
        yield Order.TOGETHER, np.column_stack(found)
    if after_days is not None:
        for found in _over_sources(index, sources, workers, after_rows, after_days, in_order=in_order):
            yield Order.AFTER, np.column_stack(found)


def _over_sources(
    index: Index, sources: Sequence[Source], workers: int, kernel: Callable[..., Any], asked: int, *, in_order: bool
) -> Iterator[tuple[Table, Numbers]]:
    """Yield, in blocks, what a kernel finds, and how many meetings of each row lay within precautions."""
    cases = index.numbers([one.patient_id for one in sources])
    windows = np.array([one.window for one in sources], np.int64).reshape(-1, 2)
    order = np.arange(len(sources))
    if not in_order and len(sources) > _CASES_OF_A_BLOCK:
        order = _by_place(index, cases)
        cases, windows = cases[order], windows[order]
    lows, highs = np.ascontiguousarray(windows.T)
    sizes = np.array([len(part.columns) for part in index.parts])
    ranks, covers = index.names.place_ranks(), _covers(index, sources, order)

    def some(low: int, high: int) -> tuple[Table, Numbers]:
        those = (order[low:high], cases[low:high], lows[low:high], highs[low:high])
        of_block = covers._replace(at=covers.at[low : high + 1])
        found, marks = kernel(index.layers, sizes, *those, asked, ranks, of_block)
        if not index.moved:
            return found, marks
        stands = ~bits_at(index.replaced, found[:, B])
        return found[stands], marks[stands]

    bounds = [*range(0, len(sources), _CASES_OF_A_BLOCK), len(sources)] if sources else [0, 0]
    return in_threads(workers, (partial(some, *bound) for bound in pairwise(bounds)))


def _covers(index: Index, sources: Sequence[Source], order: Any) -> Covers:  # noqa: ANN401
    """Return when each source was under precautions, in the facilities that the index knows; sources in an order."""
    if not any(map(attrgetter("precautions"), sources)):
        return Covers(np.zeros(len(sources) + 1, np.int64), _NONE, _NONE, _NONE, _NONE)
    facilities, of_place = index.facilities
    times = [
        [(facilities[name], *time) for name, some in one.precautions.items() if name in facilities for time in some]
        for one in map(sources.__getitem__, order.tolist())
    ]
    whole = np.array([time for some in times for time in some], np.int64).reshape(-1, 3)
    at = np.cumsum([0, *map(len, times)])
    facility, low, high = np.ascontiguousarray(whole.T)
    return Covers(at, facility, low, high, of_place)


def _by_place(index: Index, cases: Numbers) -> Any:  # noqa: ANN401
    """Return cases in about the order of their places, so that what is read for one is still at hand for the next."""
    key = np.zeros(len(cases), np.int64)
    for layer in index.layers:
        if len(layer.owners):
            at = np.minimum(np.searchsorted(layer.owners, cases), len(layer.owners) - 1)
            there = layer.owners[at] == cases
            rows = layer.own[layer.own_at[at[there]]]
            key[there] = (layer.place[rows].astype(np.int64) << 32) + layer.start[rows]
    return np.argsort(key, kind="stable")


def _added_up(found: Table, sequence: Order, ranks: Any) -> Table:  # noqa: ANN401
    """Return one row for each source and contact: what the kernels would have said of all facilities at once."""
    if not len(found):
        return found
    # What says which place is told, in the order in which the kernels weigh it.
    weighed = (FIRST,) if sequence is Order.TOGETHER else (SURE, MOST, LAST, FIRST)
    found = found[np.lexsort((ranks[found[:, PLACE]], *(found[:, n] for n in reversed((A, B, *weighed)))))]
    new = np.flatnonzero(np.any(np.diff(found[:, [A, B]], axis=0, prepend=-1) != 0, axis=1))
    one = found[new]
    for n in (MEETINGS, COVERED):
        one[:, n] = np.add.reduceat(found[:, n], new)
    if sequence is Order.TOGETHER:
        for n, add in ((SURE, np.add), (MOST, np.add), (LONGEST, np.maximum), (LAST, np.maximum)):
            one[:, n] = add.reduceat(found[:, n], new)
    return one


class _LongEnough:
    """Tells whose meetings can have lasted for so long; who came after, all of them."""

    def __init__(
        self, index: Index, sources: Sequence[Source], least_hours: float, cumulative: bool, by_policy: bool
    ) -> None:
        self._least, self._by_policy, self._now = minutes_of(least_hours), by_policy, minute_after(index.at)
        self._windows = np.array([one.window for one in sources], np.int64).reshape(-1, 2)
        self._hours = MOST if cumulative or not by_policy else LONGEST

    def of(self, found: Table, sequence: Order) -> Table:
        if not self._least or sequence is not Order.TOGETHER:
            return found
        kept = found[:, self._hours] >= self._least
        if self._by_policy:
            # What goes on may yet last, and what was cut at either end of the window lasted longer than is seen.
            begins, ends = self._windows[found[:, A]].T
            kept |= (found[:, LAST] >= self._now) | (found[:, FIRST] <= begins) | (found[:, LAST] >= ends)
        return found[kept]


class _Traced:
    """Whole numbers as rows of the table `traced`."""

    def __init__(self, index: Index, sources: Sequence[Source], around: Around) -> None:
        self._said = Said(index)
        self._cases = pa.array([one.case_id for one in sources], pa.string())
        self._sources = pa.array([one.patient_id for one in sources], pa.string())
        self._carriers = pa.array(sorted(around.carriers), pa.string())
        self._carriers_only = pa.array(sorted(around.carriers_only), pa.string())
        self._statuses = pa.array([around.statuses.get(one.case_id) for one in sources], pa.string())
        wards = [(place.facility, place.ward) for place in index.names.places]
        self._units = pa.array([around.units.get(ward) for ward in wards], pa.string())

    def batch(self, found: Table, sequence: Order) -> pa.RecordBatch:
        """Return the rows, by source and contact."""
        said = self._said
        found, together = found[np.lexsort((said.ranks[found[:, B]], found[:, A]))], sequence is Order.TOGETHER
        contact, none = said.patients.take(pa.array(found[:, B])), np.zeros(len(found))
        return batch_of(
            "traced",
            len(found),
            case_id=self._cases.take(pa.array(found[:, A])),
            case_status=self._statuses.take(pa.array(found[:, A])),
            index_patient_id=self._sources.take(pa.array(found[:, A])),
            contact_patient_id=contact,
            level=pa.array([said.level.value] * len(found), pa.string()),
            sequence=pa.array([sequence.value] * len(found), pa.string()),
            **said.places(found[:, PLACE]),
            meetings=pa.array(found[:, MEETINGS]),
            under_precautions=pa.array(found[:, COVERED]),
            hours_min=pa.array(found[:, SURE] / 60 if together else none),
            hours_max=pa.array(found[:, MOST] / 60 if together else none),
            longest_hours=pa.array(found[:, LONGEST] / 60 if together else none),
            # Who leaves at midnight leaves with the day before.
            first_on=said.days(found[:, FIRST] - (not together), found[:, PLACE]),
            last_on=said.days(found[:, LAST] - together, found[:, PLACE]),
            gap_hours_min=pa.array(found[:, SURE] / 60, mask=none == 0 if together else none == 1),
            gap_hours_max=pa.array(found[:, MOST] / 60, mask=none == 0 if together else none == 1),
            known_carrier=pc.is_in(contact, value_set=self._carriers),
            carriers_only=pc.is_in(said.facility.take(pa.array(found[:, PLACE])), value_set=self._carriers_only),
            unit=self._units.take(pa.array(found[:, PLACE])),
        )
