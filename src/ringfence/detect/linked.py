"""Linked cases: two or more carriers of one carbapenemase family on one ward, each within 28 days of the one before.

The rule is Ringfence's own, for an uncommon organism where counts are too small for statistics. No policy we have read
sets it, so it is marked unverified; it raises a question and closes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations

from ringfence.assess import UNIDENTIFIED
from ringfence.record import Signal, When
from ringfence.vocabulary import Mark

RULE = "linked-cases"
WITHIN = timedelta(days=28)


@dataclass(frozen=True)
class LinkedCase:
    """What the rule looks at of one case."""

    case_id: str
    family: str
    first_positive: When
    found_at: datetime
    """The earliest instant of the first positive specimen's collection."""
    found_on: date
    """Its local day."""
    wards: tuple[tuple[str, str], ...]
    """Facility and ward where the patient was then."""
    isolates: tuple[str, ...]
    types: tuple[str, ...] = ()
    """Types of those isolates, in words; they decide nothing."""


def linked_cases(cases: Iterable[LinkedCase], *, distances: Mapping[frozenset[str], int]) -> list[Signal]:
    """Return a signal for each run of linked cases, in order of ward and time.

    Args:
        cases: established cases; one that was on no ward is linked to nobody.
        distances: single-nucleotide differences by pair of isolates, shown beside the signal.
    """
    groups: dict[tuple[str, str, str], list[LinkedCase]] = defaultdict(list)
    for case in cases:
        for facility, ward in case.wards:
            groups[(facility, ward, case.family)].append(case)
    return [
        _signal(place, run, distances)
        for place, group in sorted(groups.items())
        for run in _runs(sorted(group, key=lambda c: (c.found_at, c.case_id)))
        if len(run) > 1
    ]


def _runs(cases: Sequence[LinkedCase]) -> list[list[LinkedCase]]:
    runs: list[list[LinkedCase]] = []
    for case in cases:
        if runs and case.found_at - runs[-1][-1].found_at <= WITHIN:
            runs[-1].append(case)
        else:
            runs.append([case])
    return runs


def _signal(place: tuple[str, str, str], run: list[LinkedCase], distances: Mapping[frozenset[str], int]) -> Signal:
    facility, ward, family = place
    first, last = run[0], run[-1]
    return Signal(
        signal_id=f"{RULE}:{facility}:{ward}:{family}:{first.found_on}",
        rule=RULE,
        carbapenemase=family,
        facility=facility,
        ward=ward,
        first_on=first.first_positive,
        last_on=last.first_positive,
        cases=len(run),
        case_ids=";".join(case.case_id for case in run),
        types=_shared_types(run),
        closest=_closest(run, distances),
        reasons=f"{len(run)} cases of {_named(family)} on {ward}, each within {WITHIN.days} days of the one before",
        mark=Mark.UNVERIFIED,
    )


def _named(family: str) -> str:
    return "a carbapenemase not named yet, which need not be the same," if family == UNIDENTIFIED else family


def _shared_types(run: list[LinkedCase]) -> str | None:
    having = Counter(named for case in run for named in set(case.types))
    shared = [
        f"{named} ({n} of {len(run)})" for named, n in sorted(having.items(), key=lambda i: (-i[1], i[0])) if n > 1
    ]
    return "; ".join(shared) or None


def _closest(run: list[LinkedCase], distances: Mapping[frozenset[str], int]) -> str | None:
    known = [
        distances[frozenset((a, b))]
        for one, other in combinations(run, 2)
        for a in one.isolates
        for b in other.isolates
        if frozenset((a, b)) in distances
    ]
    return f"{min(known)} SNPs" if known else None
