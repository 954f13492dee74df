"""Reports of the laboratory in an order that is surprising: kept as they are, and said."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.record import TABLES, Fact, Result, ResultStatus, Specimen, When, Whole, is_before, schema_of

from .gathering import AT_ONCE, NO_DAY, OfOneKey, days_of, facts_at
from .links import problem_of_fact
from .problems import Effect, Problem

_SETTLED = (ResultStatus.FINAL, ResultStatus.CORRECTED)
ZoneOf = Callable[[str | None], ZoneInfo]
"""The zone of a facility; of none, the first zone."""
Columns = Mapping[str, pa.Table]


def out_of_sequence(columns: Columns, zone_of: ZoneOf) -> Iterator[Problem]:
    """Yield results reported before their specimen was collected, and preliminary reports after a final one.

    Moments of one day are not told apart where one of them is known by its day only.
    """
    if "results" not in columns:
        return
    results, specimens = columns["results"], columns.get("specimens", _NO_SPECIMENS)
    taken = _taken(results, specimens)
    reports = np.flatnonzero(~results["_retracts"].to_numpy() & (taken >= 0))
    reported = days_of(results, "reported")[reports]
    near = reported <= days_of(specimens, "collected")[taken[reports]] + 1
    positions = reports[near & (reported != NO_DAY)]
    for first in range(0, len(positions), AT_ONCE):
        some = positions[first : first + AT_ONCE]
        rows = _specimens_at(specimens, taken[some])
        for position, fact in facts_at("results", results, some):
            yield from _before_collection(fact, rows[int(taken[position])], zone_of)
    for facts in OfOneKey("results", results).facts():
        standing = [(position, fact) for position, fact in facts if not fact.retracts]
        rows = _specimens_at(specimens, taken[[position for position, _ in standing]])
        by_key = groupby(sorted(standing, key=lambda one: one[1].key), key=lambda one: one[1].key)
        for _, versions in by_key:
            yield from _preliminary_at_last([(fact, rows.get(int(taken[at]))) for at, fact in versions], zone_of)


def ahead(columns: Columns, zone_of: ZoneOf, now: datetime | None) -> Iterator[Problem]:
    """Yield rows that happened, or were recorded, after the clock: a date mistyped far ahead would never show."""
    for name, packed in columns.items():
        if now is None:
            return
        by_day = (now - timedelta(days=2)).astimezone(UTC).date()
        late = pc.greater(packed["_recorded"], pa.scalar(now, packed["_recorded"].type))
        for column in TABLES[name].known_from:
            at, on = packed[f"{column}_at"], packed[f"{column}_on"]
            late = pc.or_kleene(late, pc.greater(at, pa.scalar(now, at.type)))
            late = pc.or_kleene(late, pc.greater(on, pa.scalar(by_day, on.type)))
        for _, fact in facts_at(name, packed, np.flatnonzero(pc.fill_null(late, False).to_numpy())):
            yield from _ahead(fact, zone_of, now)


def _ahead(fact: Fact, zone_of: ZoneOf, now: datetime) -> Iterator[Problem]:
    zone = zone_of(getattr(fact.row, "facility_id", None))
    moments = {name: getattr(fact.row, name) for name in TABLES[fact.table].known_from}
    late = [name for name, when in moments.items() if when and when.earliest(zone) > now]
    late += ["recorded"] if fact.recorded and fact.recorded > now else []
    for name in late:
        problem = "This lies in the future. The row is kept, and counts from then on."
        yield problem_of_fact(fact, name, problem, "Correct it, if it was mistyped.", Effect.DOUBTFUL)


_NO_SPECIMENS = schema_of(TABLES["specimens"]).empty_table()


def _taken(results: pa.Table, specimens: pa.Table) -> Whole:
    """Return the position of the specimen of each result, of several with one number the last; -1: none has it."""
    backward = specimens["specimen_id"].take(pa.array(np.arange(len(specimens))[::-1]))
    found = pc.index_in(results["specimen_id"], value_set=backward, skip_nulls=True)
    backward_at: Whole = pc.fill_null(found, len(specimens)).to_numpy().astype(np.int64)
    return len(specimens) - 1 - backward_at


def _specimens_at(specimens: pa.Table, positions: Whole) -> dict[int, Specimen]:
    needed = np.unique(positions[positions >= 0])
    return {place: fact.row for place, fact in facts_at("specimens", specimens, needed)}


def _before_collection(fact: Fact, specimen: Specimen | None, zone_of: ZoneOf) -> Iterator[Problem]:
    reported = fact.row.reported
    if specimen and reported and is_before(reported, specimen.collected, zone_of(specimen.facility_id)):
        problem = "This result was reported before its specimen was collected; both are believed."
        remedy = "Correct the one that is wrong, or the number of the specimen."
        yield problem_of_fact(fact, "reported", problem, remedy, Effect.DOUBTFUL)


def _preliminary_at_last(some: list[tuple[Fact, Specimen | None]], zone_of: ZoneOf) -> Iterator[Problem]:
    """A preliminary report later than a final one, with no final one after it: the later version counts."""
    settled = [when for one, _ in some if one.row.status in _SETTLED and (when := _version_time(one))]
    for fact, specimen in some:
        when = _version_time(fact)
        zone = zone_of(specimen.facility_id if specimen else None)
        if fact.row.status is not ResultStatus.PRELIMINARY or when is None:
            continue
        if any(is_before(one, when, zone) for one in settled) and not any(
            is_before(when, one, zone) for one in settled
        ):
            problem = "This report is preliminary, and a final one of the same result came before it; the later counts."
            remedy = "If it came late, give it the time at which it was reported. If the final was taken back, say so."
            yield problem_of_fact(fact, "status", problem, remedy, Effect.DOUBTFUL)


def _version_time(fact: Fact) -> When | None:
    """Return what orders a version among those of its key: when it was recorded, else reported."""
    row: Result = fact.row
    return When(at=fact.recorded) if fact.recorded else row.reported
