"""The same tracing, one facility a task, over the processors of one machine."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal
from threading import current_thread, main_thread
from typing import Any

import numpy as np
import pyarrow as pa

from ringfence.record import Level
from ringfence.trace import Columns, Index, Names

Ask = Callable[[Index], Iterable[pa.RecordBatch]]
"""What is asked of each facility, of an index that holds it alone: rows, in an order of their own."""


def over_processes(index: Index, ask: Ask, schema: pa.Schema, *, workers: int) -> Iterator[pa.RecordBatch]:
    """Yield what each facility answers, in the order of facilities, worked out by so many processes.

    Nobody shares a place across facilities, so facilities are independent. A patient seen in two is in both tasks, and
    the index of a task has the numbers of the whole.

    Args:
        index: the index of one level.
        ask: what is asked; it is pickled.
        schema: of what it yields.
        workers: processes. The rows and their order do not depend on it.
    """
    tasks = [columns for _, columns in by_facility(index)]
    answer = partial(_answer, ask, schema)
    if workers <= 1 or len(tasks) <= 1:
        for columns in tasks:
            yield from answer(Index.of_columns(columns, index.names, index.level, index.at)).to_batches()
        return
    given = (index.names, index.level, index.at)
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin, initargs=given) as pool:
        with _left_to_this_process():
            answers = pool.map(partial(_answer_of, answer), tasks)
        for found in answers:
            yield from found.to_batches()


@contextmanager
def _left_to_this_process() -> Iterator[None]:
    """Let processes that begin meanwhile not hear an interrupt from the keyboard: this one hears it, and ends them."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal(SIGINT, SIG_IGN)
    try:
        yield
    finally:
        signal(SIGINT, before)


def by_facility(index: Index) -> list[tuple[str, Columns]]:
    """Return the name and the presences of each facility, in the order of names."""
    columns, of_place = index.live(), np.array([place.facility for place in index.names.places])
    return [(name, columns.take(of_place[columns.place] == name)) for name in sorted(set(of_place.tolist()))]


_given: tuple[Names, Level, datetime] | None = None
"""In a process that works for another: what the numbers of its tasks stand for."""


def _begin(*given: Any) -> None:  # noqa: ANN401
    global _given
    _given = given


def _answer_of(answer: Callable[[Index], pa.Table], columns: Columns) -> pa.Table:
    assert _given is not None
    return answer(Index.of_columns(columns, *_given))


def _answer(ask: Ask, schema: pa.Schema, index: Index) -> pa.Table:
    return pa.Table.from_batches(ask(index), schema=schema)
