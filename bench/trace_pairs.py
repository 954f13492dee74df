"""How plain tracing compares with a join of patient-days in Arrow, on the same made-up stays, in one run.

Plain tracing is meant to be obviously right and not fast: it is the oracle of kernels to come.

Both answer one question: which pairs of patients were on one ward on one local day, and on how many days. Prints
the ratio of medians and the growth of each from one size to four times it. No absolute time is a claim.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.record import Facility, Level, PatientId, Stay, View, When, ZoneName, presences
from ringfence.trace import pairs

ROUNDS = 5
SIZES = (1_000, 4_000)
FIRST = date(2026, 1, 1)


def made_up(stays: int) -> list[Stay]:
    """Return stays by date on wards of about thirty patients, mean stay about five days."""
    chance = random.Random(7)
    wards = max(1, stays // 500)
    found = []
    for n in range(stays):
        start = FIRST + timedelta(days=chance.randrange(90))
        end = start + timedelta(days=min(60, int(chance.expovariate(1 / 5))))
        found.append(
            Stay(
                stay_id=str(n),
                patient_id=PatientId(f"P{n // 2}"),
                facility_id="Elm",
                ward=f"W{chance.randrange(wards)}",
                start=When(on=start),
                end=When(on=end),
            )
        )
    return found


def by_ringfence(view: View) -> dict[tuple[str, str, str], int]:
    """Days by pair and ward, from presences as the record makes them."""
    found = pairs(presences(view, Level.WARD), level=Level.WARD)
    return {(p.patient_a, p.patient_b, p.ward): p.days for p in found}


def by_arrow(stays: list[Stay]) -> dict[tuple[str, str, str], int]:
    """The same by exploding stays into patient-days and joining them on ward and day."""
    days = {
        (s.patient_id, s.ward, s.start.on.toordinal() + n)
        for s in stays
        if s.start.on and s.end and s.end.on
        for n in range((s.end.on - s.start.on).days + 1)
    }
    patient, ward, day = zip(*days, strict=True)
    left = pa.table({"a": patient, "ward": ward, "day": day})
    joined = left.join(left.rename_columns(["b", "ward", "day"]), keys=["ward", "day"], join_type="inner")
    both = joined.filter(pc.less(joined["a"], joined["b"])).group_by(["a", "b", "ward"]).aggregate([("day", "count")])
    columns = (both.column(name).to_pylist() for name in ("a", "b", "ward", "day_count"))
    return {(a, b, w): n for a, b, w, n in zip(*columns, strict=True)}


def main() -> int:
    """Print the ratios; return 1 if the two disagree."""
    medians: dict[int, tuple[float, float]] = {}
    for size in SIZES:
        stays = made_up(size)
        facts = {"facilities": [Facility(facility_id="Elm", zone=ZoneName("UTC"))], "stays": stays}
        view = View.of(facts, at=When(on=date(2027, 1, 1)).earliest(ZoneInfo("UTC")), known_to=0)
        if by_ringfence(view) != by_arrow(stays):
            print(f"{size:,} stays: the two disagree.")
            return 1
        times = [(_timed(partial(by_ringfence, view)), _timed(partial(by_arrow, stays))) for _ in range(ROUNDS)]
        ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
        medians[size] = ours, theirs
        print(f"{size:>7,} stays: rows equal; Ringfence takes {ours / theirs:.1f} times as long as the join in Arrow")
    small, large = (medians[size] for size in SIZES)
    ours, theirs = large[0] / small[0], large[1] / small[1]
    grown = SIZES[1] // SIZES[0]
    print(f"{grown} times the stays: Ringfence takes {ours:.1f} times as long, the join in Arrow {theirs:.1f}")
    return 0


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
