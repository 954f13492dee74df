"""Reports of the laboratory in an order that is surprising: kept as they are, and said."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

from ringfence.record import Fact, Result, ResultStatus, Specimen, When, is_before

from .links import problem_of_fact
from .problems import Effect, Problem

_SETTLED = (ResultStatus.FINAL, ResultStatus.CORRECTED)
ZoneOf = Callable[[str | None], ZoneInfo]
"""The zone of a facility; of none, the first zone."""


def out_of_sequence(facts: Iterable[Fact], zone_of: ZoneOf) -> Iterator[Problem]:
    """Yield results reported before their specimen was collected, and preliminary reports after a final one.

    Moments of one day are not told apart where one of them is known by its day only.
    """
    facts = list(facts)
    specimens = {fact.row.specimen_id: fact.row for fact in facts if fact.table == "specimens"}
    versions: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.table == "results" and not fact.retracts:
            versions[fact.key].append(fact)
            yield from _before_collection(fact, specimens.get(fact.row.specimen_id), zone_of)
    for some in versions.values():
        yield from _preliminary_at_last(some, specimens, zone_of)


def _before_collection(fact: Fact, specimen: Specimen | None, zone_of: ZoneOf) -> Iterator[Problem]:
    reported = fact.row.reported
    if specimen and reported and is_before(reported, specimen.collected, zone_of(specimen.facility_id)):
        problem = "This result was reported before its specimen was collected; both are believed."
        remedy = "Correct the one that is wrong, or the number of the specimen."
        yield problem_of_fact(fact, "reported", problem, remedy, Effect.DOUBTFUL)


def _preliminary_at_last(some: list[Fact], specimens: dict[str, Specimen], zone_of: ZoneOf) -> Iterator[Problem]:
    """A preliminary report later than a final one, with no final one after it: the later version counts."""
    settled = [when for one in some if one.row.status in _SETTLED and (when := _version_time(one))]
    for fact in some:
        when = _version_time(fact)
        specimen = specimens.get(fact.row.specimen_id)
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
