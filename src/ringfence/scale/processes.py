"""The same tracing, one facility a task, over the processors of one machine."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import numpy as np
import pyarrow as pa

from ringfence.record import TABLES
from ringfence.trace import Index, pair_batches


def pair_batches_over_processes(index: Index, *, least_hours: float = 0, workers: int) -> Iterator[pa.RecordBatch]:
    """Yield what `trace.pair_batches` yields, worked out facility by facility over `workers` processes.

    Nobody shares a place across facilities, so facilities are independent; a patient seen in two is in both tasks.
    """
    tasks = by_facility(index)
    if workers <= 1 or len(tasks) <= 1:
        yield from pair_batches(index, least_hours=least_hours)
        return
    with ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn")) as pool:
        for found in pool.map(partial(_pairs, least_hours=least_hours), tasks):
            yield from found.to_batches()


def by_facility(index: Index) -> list[Index]:
    """Return the index of each facility, in the order of facilities."""
    columns, places = index.live(), index.names.places
    of_place = np.array([place.facility for place in places])
    return [
        Index.of_columns(columns.take(of_place[columns.place] == facility), index.names, index.level, index.at)
        for facility in sorted(set(of_place.tolist()))
    ]


def _pairs(index: Index, least_hours: float) -> pa.Table:
    return pa.Table.from_batches(pair_batches(index, least_hours=least_hours), schema=TABLES["pairs"].schema)
