"""Cut-offs by year: where a measured value, censored or not, lies against them.

Ships what EUCAST publishes. CLSI tables may not be passed on, so a site that reads by them brings its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from .antibiotics import Antibiotic, antibiotics
from .codelists import read_codelist
from .kinds_of_organism import EVERY, nearness
from .marks import Mark, weakest
from .organisms import Organism


class Purpose(StrEnum):
    """What a cut-off is for."""

    SCREENING = "screening"
    """Beyond it, a carbapenemase is tested for."""
    CLINICAL = "clinical"
    """Resistant, or not susceptible."""


class Side(StrEnum):
    """Where a value lies against a bound."""

    BEYOND = "beyond"
    """On the side of resistance."""
    WITHIN = "within"
    UNPLACED = "unplaced"
    """A censored value that may lie on either side, such as `<=0.25` against 0.125; or there is no bound."""


@dataclass(frozen=True)
class Span:
    """A measured value as far as it is known: from `low` to `high`, each with whether the bound itself is in it."""

    low: float
    high: float
    with_low: bool = True
    with_high: bool = True

    @classmethod
    def of(cls, value: float, sign: str | None) -> "Span":
        """Return the span of a value with its sign: `<=` 0.25 is 0 to 0.25."""
        if sign in ("<", "<="):
            return cls(0, value, True, sign == "<=")
        if sign in (">", ">="):
            return cls(value, float("inf"), sign == ">=", False)
        return cls(value, value)

    def above(self, bound: float | None) -> Side:
        """Return whether all of it lies above a bound, none of it, or neither for certain."""
        if bound is None:
            return Side.UNPLACED
        if self.low > bound or (self.low == bound and not self.with_low):
            return Side.BEYOND
        return Side.WITHIN if self.high <= bound else Side.UNPLACED

    def below(self, bound: float | None) -> Side:
        """Return whether all of it lies below a bound, none of it, or neither for certain."""
        if bound is None:
            return Side.UNPLACED
        if self.high < bound or (self.high == bound and not self.with_high):
            return Side.BEYOND
        return Side.WITHIN if self.low >= bound else Side.UNPLACED


@dataclass(frozen=True)
class CutOff:
    """One row of a table of cut-offs. MIC in mg/L, zone in mm; None: the table gives none."""

    standard: str
    from_year: int
    purpose: Purpose
    organism: str
    antibiotic: str
    mic_above: float | None
    zone_below: float | None
    mic_not_susceptible_above: float | None
    zone_not_susceptible_below: float | None
    mark: Mark
    origin: str = ""

    def side(self, span: Span, *, zone: bool) -> Side:
        """Return where a value lies: beyond a screening cut-off, or resistant."""
        return span.below(self.zone_below) if zone else span.above(self.mic_above)

    def not_susceptible(self, span: Span, *, zone: bool) -> Side:
        """Return where a value lies against the bound of susceptible."""
        if zone:
            return span.below(self.zone_not_susceptible_below)
        return span.above(self.mic_not_susceptible_above)

    def bound(self, *, zone: bool) -> float | None:
        """Return the bound itself."""
        return self.zone_below if zone else self.mic_above


@cache
def cut_offs() -> tuple[CutOff, ...]:
    """Return the shipped tables."""
    return tuple(cut_off_of(row) for row in read_codelist("cutoffs"))


def cut_off_of(row: dict[str, str]) -> CutOff:
    """Return the cut-off that a row of `codelists/cutoffs.csv` gives."""

    def number(name: str) -> float | None:
        return float(row[name]) if row[name] else None

    return CutOff(
        row["standard"],
        int(row["from_year"]),
        Purpose(row["purpose"]),
        row["organism"],
        row["antibiotic"],
        number("mic_above"),
        number("zone_below"),
        number("mic_not_susceptible_above"),
        number("zone_not_susceptible_below"),
        Mark(row["mark"]),
        row["origin"],
    )


@lru_cache(maxsize=10_000)
def cut_off(
    purpose: Purpose,
    organism: Organism | None,
    drug: Antibiotic,
    *,
    year: int,
    own: tuple[CutOff, ...] = (),
) -> CutOff | None:
    """Return the cut-off of a year; None: no table has one for this organism and antibiotic.

    What a site brings comes before what is shipped. The latest table that had begun by then counts; before the first of
    them, the first counts, and is marked unverified.
    """
    for table in (own, cut_offs()):
        fit = [
            (near, c.from_year, c)
            for c in table
            if c.purpose is purpose and c.antibiotic == drug.code
            if (near := nearness(c.organism, organism)) is not None
        ]
        begun = [one for one in fit if one[1] <= year]
        if begun:
            return max(begun, key=lambda one: one[:2])[2]
        if fit:
            first = min(fit, key=lambda one: (-one[0], one[1]))[2]
            return CutOff(**{**vars(first), "mark": weakest([first.mark, Mark.UNVERIFIED])})
    return None


@cache
def strictest(purpose: Purpose, drug: Antibiotic) -> CutOff | None:
    """Return the strictest bounds that any shipped table has for an antibiotic, or for carbapenems where none has it.

    No source sets it, so that it is unverified. It stands in only where no table can place a value at all.
    """
    rows = [one for one in cut_offs() if one.purpose is purpose]
    same = [one for one in rows if one.antibiotic == drug.code]
    alike = same or [one for one in rows if one.antibiotic in _carbapenems()]
    if not alike:
        return None
    lowest = [_edge([vars(one)[name] for one in alike], min) for name in _MIC]
    widest = [_edge([vars(one)[name] for one in alike], max) for name in _ZONE]
    bounds = dict(zip((*_MIC, *_ZONE), (*lowest, *widest), strict=True))
    return CutOff(**{**vars(alike[0]), **bounds, "organism": EVERY, "standard": "our own", "mark": Mark.UNVERIFIED})


_MIC = ("mic_above", "mic_not_susceptible_above")
_ZONE = ("zone_below", "zone_not_susceptible_below")


def _edge(bounds: list[float | None], pick: Callable[[list[float]], float]) -> float | None:
    known = [bound for bound in bounds if bound is not None]
    return pick(known) if known else None


@cache
def _carbapenems() -> frozenset[str]:
    return frozenset(drug.code for drug in antibiotics().values() if drug.carbapenem)
