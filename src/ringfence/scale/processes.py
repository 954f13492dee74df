"""The same tracing, one facility a task, over the processors of one machine."""

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from ringfence.record import Level, Pair, Whereabouts
from ringfence.trace import pairs


def pairs_over_processes(everyone: Iterable[Whereabouts], *, level: Level, workers: int) -> list[Pair]:
    """Return what `trace.pairs` returns, worked out facility by facility over `workers` processes.

    Nobody shares a ward across facilities, so facilities are independent; a patient seen in two is in both tasks.
    """
    by_facility: dict[str, list[Whereabouts]] = defaultdict(list)
    for one in everyone:
        by_facility[one.facility_id].append(one)
    tasks = list(by_facility.values())
    if workers <= 1 or len(tasks) <= 1:
        return in_order(found for task in tasks for found in pairs(task, level=level))
    with ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn")) as pool:
        return in_order(found for some in pool.map(partial(pairs, level=level), tasks) for found in some)


def in_order(found: Iterable[Pair]) -> list[Pair]:
    """Return pairs in the order of `trace.pairs`, whatever engine found them."""
    return sorted(found, key=lambda p: (p.patient_a, p.patient_b, p.facility or "", p.ward, p.room or ""))
