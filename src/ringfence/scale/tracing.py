"""How fast tracing is, as ratios: our kernels beside DuckDB and Polars on the same made-up stays, in one run.

Each question is put to all in turn, round by round, so that a noisy machine is noisy for all. The rows must be equal.
"""

import statistics
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from ringfence.record import Level
from ringfence.trace import (
    ALWAYS,
    Index,
    Source,
    by_name,
    contact_numbers,
    pair_numbers,
    pressure_numbers,
)

from .hospitals import DAY, FAR, MadeUp, columns_of, index_of, made_up_stays, names_of, sources_of
from .peers import LEAST, Duck, Polar

ROUNDS = 9
WIDTHS = (1, 2, 4, 7)
"""Days of a bucket of the peers."""
BARS = {"one_case": 10.0, "all_cases": 2.0, "all_pairs": 4.0, "pressure": 4.0}
"""How many times as long the better peer is to take, at a million stays."""
QUESTIONS_ALONE = ("all_cases", "pressure", "all_pairs", "one_day_added")
"""In this order: the memory that is told is that up to the answer of the first."""
COMPARED_AT_MOST = 2_000_000
"""Stays above which no peer is asked: every pair of more does not fit in memory beside ours."""
_CASES_OF_A_ROUND = 10
_DAYS_BEFORE_THE_END = 30
"""The day that is added lies so long before the last, as the last days are thin."""
_PAIR_ROUNDS_ALONE = 3
Rows = Any
"""Rows of whole numbers in one order, the same for whoever found them."""


@dataclass(frozen=True)
class Compared:
    """What one question took."""

    question: str
    ours: float
    """The median of our seconds; in all of these no more than a way to a ratio."""
    peers: Mapping[str, float]
    """The median seconds of each peer, at the two widths of bucket that were best for it at first."""
    rows: int
    equal: bool
    """Whether all gave the same rows."""
    at_first: Mapping[str, float]
    """The seconds of the first asking of every peer at every width."""

    @property
    def ratio(self) -> float:
        """How many times as long the better peer took."""
        return min(self.peers.values()) / self.ours


@dataclass(frozen=True)
class Alone:
    """What our kernels took alone at one size."""

    stays: int
    index_seconds: float
    """To build the index by ward and that by room."""
    seconds: Mapping[str, float]
    """The median for each question."""
    rows: Mapping[str, int]
    peak_bytes: int
    """The most memory that the process had up to the answer for all cases; with it the made-up stays themselves."""

    def of_a_row(self, question: str) -> float:
        """Return the seconds of a result row."""
        return self.seconds[question] / max(1, self.rows[question])


@dataclass(frozen=True)
class _Asked:
    """A question: how we and each peer answer it, what is asked in each round, and how answers become rows."""

    name: str
    ours: Callable[..., Any]
    peers: Mapping[str, Callable[..., Any]]
    rows_of_ours: Callable[[Any], Rows]
    rows_of_peers: Callable[[Any], Rows]
    of_a_round: Callable[[int], tuple[Any, ...]] = lambda _: ()
    after: Callable[[Iterable[str]], None] = lambda _: None
    """What is done once those who are named have been asked."""


def compare_with_peers(stays: int, *, threads: int, seed: int) -> Iterator[Compared]:
    """Yield what each question took, our kernels and the peers in turn, on made-up stays.

    Args:
        stays: about how many.
        threads: for each of them.
        seed: what the stays are made from.
    """
    made = made_up_stays(stays, seed=seed)
    peers = _peers(made, threads)
    ours = _Ours(made, threads)
    some = np.random.default_rng(seed).choice(len(made.cases), (ROUNDS + 1, _CASES_OF_A_ROUND))
    every = np.arange(len(made.cases))
    yield _in_turn(
        _Asked(
            "one_case", ours.one_by_one, {n: partial(_one_by_one, p) for n, p in peers.items()},
            lambda found: np.concatenate([_contacts(one)[:, 1:] for one in found]),
            lambda found: np.concatenate([_rows_of_peers(one)[:, 1:] for one in found]),
            lambda n: (some[n],),
        )
    )  # fmt: skip
    answers: dict[str, Callable[..., Any]] = {n: p.cases for n, p in peers.items()}
    yield _in_turn(_Asked("all_cases", ours.cases, answers, _contacts, _rows_of_peers, lambda _: (every,)))
    answers = {p.name: p.pressure for p in peers.values()}  # by days, whatever the width
    yield _in_turn(_Asked("pressure", ours.pressure, answers, _days, _rows_of_peers))
    answers = {n: p.pairs for n, p in peers.items()}
    yield _in_turn(_Asked("all_pairs", ours.pair_blocks, answers, _pairs, _rows_of_tables))
    del peers, ours, answers

    day = _day_to_add(made)
    until = made.rows(made.start < (day + 1) * DAY)
    peers = _peers(until, threads)
    for peer in peers.values():
        peer.without_last_day(day)
    adding = _Day(until, day, threads)
    if not np.array_equal(
        _rows(adding.add()), _rows(adding.of_index(index_of(until, Level.WARD, names_of(until, Level.WARD))))
    ):
        raise AssertionError("A day added gives other rows than an index built anew.")
    answers = {n: p.add_day for n, p in peers.items()}

    def undo(asked: Iterable[str]) -> None:
        for name in asked:
            peers[name].undo_day()

    yield _in_turn(
        _Asked("one_day_added", adding.add, answers, _rows, _rows_of_peers, lambda _: (day,), undo),
    )


def alone(sizes: Sequence[int], *, threads: int, seed: int) -> list[Alone]:
    """Return what our kernels take at each size, in a process of its own, so that its memory is its own.

    Each question is put to the sizes in turn, round by round: a noisy machine is noisy for all.
    """
    with ExitStack() as begun:
        asked = [
            begun.enter_context(
                ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin_alone, initargs=(size, threads, seed))
            )
            for size in sizes
        ]
        made = [one.submit(_made_alone).result() for one in asked]
        seconds: list[dict[str, float]] = [{} for _ in asked]
        rows: list[dict[str, int]] = [{} for _ in asked]
        peaks: list[int] = []
        for question in QUESTIONS_ALONE:
            rounds = _PAIR_ROUNDS_ALONE if question == "all_pairs" else ROUNDS
            times: list[list[float]] = [[] for _ in asked]
            for n in range(rounds + 1):  # the first is not counted
                for size, one in enumerate(asked):
                    took, rows[size][question] = one.submit(_ask_alone, question).result()
                    times[size] += [took] if n else []
            for size, some in enumerate(times):
                seconds[size][question] = statistics.median(some)
            peaks = peaks or [one.submit(_most_memory).result() for one in asked]
    return [Alone(*made[n], seconds[n], rows[n], peaks[n]) for n in range(len(sizes))]


class _Alone:
    """What one process holds of one size, and what it answers: how many rows."""

    def __init__(self, made: MadeUp, threads: int) -> None:
        self.made, self.threads = made, threads
        began = perf_counter()
        self.ours = _Ours(made, threads)
        self.index_seconds = perf_counter() - began - self.ours.naming
        self.every = np.arange(len(made.cases))

    @cached_property
    def day(self) -> "_Day":
        day = _day_to_add(self.made)
        return _Day(self.made.rows(self.made.start < (day + 1) * DAY), day, self.threads)

    def all_cases(self) -> int:
        return sum(len(ward) for ward, _ in self.ours.cases(self.every))

    def pressure(self) -> int:
        return sum(map(len, self.ours.pressure_blocks()))

    def all_pairs(self) -> int:
        return sum(map(len, self.ours.pair_blocks()))

    def one_day_added(self) -> int:
        return len(self.day.add()[0])


_alone: _Alone | None = None
"""In a process that measures: its size."""


def _begin_alone(stays: int, threads: int, seed: int) -> None:
    global _alone
    small = _Alone(made_up_stays(20_000, seed=seed), threads)
    for question in QUESTIONS_ALONE:  # so that no compiling is timed
        getattr(small, question)()
    _alone = _Alone(made_up_stays(stays, seed=seed), threads)


def _made_alone() -> tuple[int, float]:
    assert _alone is not None
    return len(_alone.made), _alone.index_seconds


def _ask_alone(question: str) -> tuple[float, int]:
    """Return the seconds that a question took, and how many rows there were."""
    assert _alone is not None
    if question == "one_day_added":
        _ = _alone.day
    began = perf_counter()
    many = getattr(_alone, question)()
    return perf_counter() - began, many


def _most_memory() -> int:
    """Return the most bytes of memory that this process had; by Linux's own account, which begins with its program."""
    try:
        said = Path("/proc/self/status").read_text(encoding="ascii")
        return int(said.partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError):
        import resource  # Windows has none, but has no such file either

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _peers(made: MadeUp, threads: int) -> dict[str, Duck | Polar]:
    return {f"{kind.name}, {days} d": kind(made, days, threads) for kind in (Duck, Polar) for days in WIDTHS}


def _one_by_one(peer: Duck | Polar, cases: Any) -> list[Any]:  # noqa: ANN401
    return [peer.cases(np.array([n])) for n in cases]


def _day_to_add(made: MadeUp) -> int:
    return int(made.start.max()) // DAY - _DAYS_BEFORE_THE_END


class _Ours:
    """The indexes of made-up stays by ward and by room, and the questions."""

    def __init__(self, made: MadeUp, threads: int) -> None:
        began = perf_counter()
        self.threads, self.sources = threads, sources_of(made)
        names = {level: names_of(made, level) for level in (Level.WARD, Level.ROOM)}
        self.naming = perf_counter() - began
        """Seconds in which only names were made."""
        self.ward, self.room = (index_of(made, level, some) for level, some in names.items())
        first = date(1970, 1, 1)
        self.carriers = {
            f"P{n:08}": (
                first + timedelta(days=int(made.carrier_since[n])),
                first + timedelta(days=int(made.carrier_until[n])),
            )
            for n in np.flatnonzero(made.carrier_since < FAR).tolist()
        }

    def cases(self, cases: Any) -> Iterator[tuple[Rows, Rows]]:  # noqa: ANN401
        """Yield the contacts by ward and those by room, block by block."""
        some = [self.sources[n] for n in cases.tolist()] if len(cases) < len(self.sources) else self.sources
        return zip(
            *(contact_numbers(one, some, least=LEAST, workers=self.threads) for one in (self.ward, self.room)),
            strict=True,
        )

    def one_by_one(self, cases: Any) -> list[list[tuple[Rows, Rows]]]:  # noqa: ANN401
        return [list(self.cases(np.array([n]))) for n in cases]

    def pair_blocks(self) -> Iterator[Rows]:
        return pair_numbers(self.ward, least=LEAST, workers=self.threads)

    def pressure_blocks(self) -> Iterator[Rows]:
        return pressure_numbers(self.ward, self.carriers, workers=self.threads)

    def pressure(self) -> list[Rows]:
        return list(self.pressure_blocks())


class _Day:
    """An index to which a day is added, and whom the patients of the day met since it began."""

    def __init__(self, made: MadeUp, day: int, threads: int) -> None:
        self.threads = threads
        later = made.start >= day * DAY
        self.patients = np.unique(made.patient[later])
        self.whose = [f"P{n:08}" for n in self.patients.tolist()]
        self.now = columns_of(made.rows(np.isin(made.patient, self.patients)), Level.WARD)
        self.sources = [Source(one, one, (day * DAY, ALWAYS)) for one in self.whose]
        self.at = datetime(2030, 1, 1, tzinfo=UTC)
        self.before = index_of(made.rows(~later), Level.WARD, names_of(made, Level.WARD))

    def add(self, _: int = 0) -> list[Any]:
        """Return the numbers of two patients and the minutes together, as columns."""
        return self.of_index(self.before.extended_by(self.whose, self.now, self.at))

    def of_index(self, index: Index) -> list[Any]:
        blocks = contact_numbers(index, self.sources, least=LEAST, workers=self.threads)
        some = [
            (self.patients[found["a"]], index.moved.first_of(found["b"]), found["most"])
            for found in map(by_name, blocks)
        ]
        return [np.concatenate(column) for column in zip(*some, strict=True)]


def _in_turn(asked: _Asked) -> Compared:
    """Return what each took, asked in turn. At first all are asked and their rows compared, which is not counted."""
    at_first, equal = {}, True
    expected = asked.rows_of_ours(_timed(asked.ours, asked.of_a_round(ROUNDS), kept=True)[1])
    for name, ask in asked.peers.items():
        seconds, found = _timed(ask, asked.of_a_round(ROUNDS), kept=True)
        at_first[name] = seconds
        equal = equal and bool(np.array_equal(expected, asked.rows_of_peers(found)))
        del found
    asked.after(at_first)
    by_time = sorted(at_first, key=at_first.__getitem__)
    best = [name for kind in (Duck, Polar) for name in [n for n in by_time if kind.name in n][:2]]
    times: dict[str, list[float]] = {name: [] for name in ("", *best)}
    for n in range(ROUNDS):
        what = asked.of_a_round(n)
        for name in times:
            times[name].append(_timed(asked.peers[name] if name else asked.ours, what)[0])
        asked.after(best)
    medians = {name: statistics.median(some) for name, some in times.items()}
    return Compared(asked.name, medians.pop(""), medians, len(expected), equal, at_first)


def _timed(ask: Callable[..., Any], what: tuple[Any, ...], *, kept: bool = False) -> tuple[float, Any]:
    """Return the seconds and what was found. Blocks are taken one by one, and kept only if that is said."""
    began = perf_counter()
    found = ask(*what)
    if isinstance(found, Iterator):
        found = list(found) if kept else sum(map(len, found))
    return perf_counter() - began, found


def _contacts(blocks: list[tuple[Rows, Rows]]) -> Rows:
    """Return case, contact, minutes on the ward and in the room."""
    on_ward, in_room = (by_name(np.concatenate(some)) for some in zip(*blocks, strict=True))
    key, own = (some["a"].astype(np.int64) << 32 | some["b"] for some in (on_ward, in_room))
    order = np.argsort(key)
    minutes = np.zeros(len(key), np.int64)
    minutes[order[np.searchsorted(key[order], own)]] = in_room["most"]
    return _rows([on_ward["a"], on_ward["b"], on_ward["most"], minutes])


def _pairs(blocks: list[Rows]) -> Rows:
    some = [by_name(block) for block in blocks]
    return _rows([np.concatenate([one[n] for one in some]) for n in ("a", "b", "place", "meetings", "most")])


def _days(blocks: list[Rows]) -> Rows:
    return _rows(list(np.concatenate(blocks).T))


def _rows_of_peers(found: Any) -> Rows:  # noqa: ANN401
    return _rows([found.column(n).to_numpy() for n in range(found.num_columns)])


def _rows_of_tables(found: list[Any]) -> Rows:
    return _rows([np.concatenate([table.column(n).to_numpy() for table in found]) for n in range(5)])


def _rows(columns: list[Any]) -> Rows:
    """Return columns as rows in order."""
    whole = np.stack([np.asarray(column, np.int64) for column in columns], 1)
    if not len(whole):
        return whole
    # As many of the first columns as go into one number: to sort by that is faster, and enough if no two are the same.
    key, room = np.zeros(len(whole), np.int64), 2**62
    for column in whole.T:
        least, ways = int(column.min()), int(column.max()) - int(column.min()) + 1
        if ways > room:
            break
        key, room = key * ways + (column - least), room // ways
    order = np.argsort(key)
    if (np.diff(key[order]) == 0).any():
        order = np.lexsort(whole.T[::-1])
    return whole[order]
