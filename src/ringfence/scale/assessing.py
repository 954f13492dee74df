"""Every timeline of a record assessed, a part at a time, over the processors of one machine."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from time import process_time
from typing import NamedTuple, TypeVar

import pyarrow as pa

from ringfence.chain import OnePatient, assess_one
from ringfence.policy import Policy, load_policy
from ringfence.record import FolderStore, Parts, Timeline, View

T = TypeVar("T")
Status = tuple[str, str]
"""What is answered, and an answer's status."""
_AT_ONCE = 2048
"""How many patients a batch has; a view builds the rows of as many together."""


class Batch(NamedTuple):
    """Neighbouring patients assessed one after the other."""

    patients: int
    seconds: float
    """Of one core, to build their rows and assess them."""


@dataclass(frozen=True)
class Assessed:
    """What came of many patients, in numbers; no row of any patient."""

    patients: int
    statuses: Mapping[Status, int]
    """How many answers have each status."""
    batches: tuple[Batch, ...]
    view_seconds: float
    """Of one core, to open the record, cut it and make the views of the parts."""

    @property
    def seconds(self) -> float:
        """Of one core, for all of it."""
        return self.view_seconds + sum(batch.seconds for batch in self.batches)


def assess_over_processes(record: Path, policy_id: str, *, at: datetime, workers: int, parts: int) -> Assessed:
    """Assess every patient of a record as of `at`; patients and statuses are the same for any `workers` and `parts`.

    Args:
        record: its folder, which each process opens for itself.
        policy_id: what the jurisdiction demands.
        at: the instant.
        workers: how many processes, no more than there are parts; with one, this one does the work.
        parts: into how many parts the record is cut; a process holds one at a time in memory.
    """
    workers = max(1, min(workers, parts))
    return together(over_processes(partial(_share, record, policy_id, at, parts, workers), workers))


def over_processes(share: Callable[[int], T], workers: int) -> list[T]:
    """Return `share(0)`, `share(1)` and so on, one from each of as many processes."""
    if workers <= 1:
        return [share(0)]
    with ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(share, range(workers)))


def together(some: Iterable[Assessed]) -> Assessed:
    """Return the numbers of several as one."""
    every = list(some)
    statuses: Counter[Status] = Counter()
    for one in every:
        statuses.update(one.statuses)
    return Assessed(
        patients=sum(one.patients for one in every),
        statuses=dict(sorted(statuses.items())),
        batches=tuple(batch for one in every for batch in one.batches),
        view_seconds=sum(one.view_seconds for one in every),
    )


@contextmanager
def on_one_core() -> Iterator[None]:
    """Keep Arrow on one core, so that seconds of one core are what is measured, and can be compared."""
    before = pa.cpu_count()
    pa.set_cpu_count(1)
    try:
        yield
    finally:
        pa.set_cpu_count(before)


def _share(record: Path, policy_id: str, at: datetime, parts: int, workers: int, own: int) -> Assessed:
    """Assess the parts that fall to one of several processes, one after the other."""
    policy = load_policy(policy_id)
    with on_one_core():
        began = process_time()
        store = FolderStore(record)
        cut = Parts(store.columns(), parts)
        opened = Assessed(0, {}, (), process_time() - began)
        shares = (_part(cut, part, policy, at, store.last_seq) for part in range(own, len(cut), workers))
        return together((opened, *shares))


def _part(cut: Parts, part: int, policy: Policy, at: datetime, known_to: int) -> Assessed:
    began = process_time()
    view = View(cut.columns(part), at=at, known_to=known_to)
    _ = view.patient_ids, view.setting  # which makes its shelves
    timelines, statuses, batches = cut.timelines(part, view), Counter[Status](), []
    made = process_time() - began
    while batch := _batch(timelines, policy, statuses):
        batches.append(batch)
    return Assessed(sum(batch.patients for batch in batches), statuses, tuple(batches), made)


def _batch(timelines: Iterator[Timeline], policy: Policy, statuses: Counter[Status]) -> Batch | None:
    """Assess the next patients, count what came of them, and return how long it took; None where there are no more."""
    began, patients = process_time(), 0
    for timeline in islice(timelines, _AT_ONCE):
        statuses.update(_statuses(assess_one(timeline, policy)))
        patients += 1
    return Batch(patients, process_time() - began) if patients else None


def _statuses(one: OnePatient) -> Iterator[Status]:
    yield from (("case", carriage.answer.status.value) for carriage in one.carriages)
    for admission in one.admissions:
        yield "admission", admission.verdict.status.value
        yield "screen", admission.screen.outcome.value
    if one.precautions:
        yield "precautions", one.precautions.status.value
