"""Methods of the laboratory, and what each can see in which organism. See docs/decisions/0008."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from .carbapenemases import Family
from .codelists import read_codelist
from .kinds_of_organism import EVERY, nearness
from .marks import Mark
from .nearest import did_you_mean
from .organisms import Organism

_NAMED = "named"
"""In `codelists/sight.csv`: a result that names the one family it looked for."""


@dataclass(frozen=True)
class Method:
    """One row of `codelists/methods.csv`."""

    code: str
    name: str
    kind: str
    """What it looks for, by the words of results: gene, protein, activity, culture or susceptibility."""
    sequences: bool
    targets: tuple[str, ...]
    """The families that it looks for, where it always looks for the same."""
    positive_to_mm: float | None
    """The widest zone, in mm, that is positive; None: it is not read by a zone."""
    negative_from_mm: float | None
    """The narrowest zone, in mm, that is negative. What lies between is indeterminate."""
    mark: Mark


class UnknownMethod(ValueError):  # noqa: N818
    """A text that names no method of the codelist."""


def known_method(text: str | None) -> Method | None:
    """Return the method that `text` names; None: none is stated, or it is not in the list."""
    try:
        return method(text) if text else None
    except UnknownMethod:
        return None


class Positive(StrEnum):
    """What it says that a method found something in an organism."""

    COUNTS = "counts"
    SUSPICION = "suspicion"


class Negative(StrEnum):
    """What it says that a method found nothing in an organism."""

    RULES_OUT = "rules_out"
    WEAK = "weak"
    """It misses some."""
    SAYS_NOTHING = "says_nothing"


@dataclass(frozen=True)
class Sight:
    """What a result of one method says in one organism: one row of `codelists/sight.csv`."""

    positive: Positive
    negative: Negative
    note: str
    """What a reader of a positive should know."""
    mark: Mark
    """How far what is said of a positive was checked."""
    negative_note: str
    negative_mark: Mark


@cache
def methods() -> dict[str, Method]:
    """Return every method by its code."""
    return {
        row["code"]: Method(
            row["code"],
            row["name"],
            row["kind"],
            row["sequences"] == "yes",
            tuple(name for name in row["targets"].split("|") if name),
            _mm(row["positive_to_mm"]),
            _mm(row["negative_from_mm"]),
            Mark(row["mark"]),
        )
        for row in read_codelist("methods")
    }


def method(text: str) -> Method:
    """Return the method that `text` names: its code, its name or a synonym.

    Raises:
        UnknownMethod: nothing in the codelist is called so.
    """
    try:
        return methods()[_by_any_name()[_folded(text)]]
    except KeyError:
        raise UnknownMethod(
            "This is not a method of `codelists/methods.csv`. Give its name, or map the value in the mapping."
            + did_you_mean(_folded(text), _by_any_name())
        ) from None


@cache
def sight(used: Method | None, kind: str, organism: Organism | None, family: Family | None) -> Sight:
    """Return what a result says: of a method, of a kind, in an organism, of a family (None: it names none).

    The row that takes in the most narrowly counts: the method before its kind, the organism before its genus, its group
    and all; the family before `named` and all. A method that is not in the list is known by its kind only.
    """
    found: list[tuple[tuple[int, int, int], Sight]] = []
    for row in read_sight():
        by_method = 1 if used and row["method"] == used.code else 0 if row["method"] == kind else None
        by_organism = nearness(row["organism"], organism)
        by_family = _nearness_of_family(row["family"], family)
        if by_method is not None and by_organism is not None and by_family is not None:
            found.append(((by_method, by_organism, by_family), _sight_of(row)))
    return max(found, key=lambda item: item[0])[1]


def _sight_of(row: dict[str, str]) -> Sight:
    return Sight(
        Positive(row["positive"]),
        Negative(row["negative"]),
        row["note"],
        Mark(row["mark"]),
        row["negative_note"],
        Mark(row["negative_mark"]),
    )


def _nearness_of_family(scope: str, family: Family | None) -> int | None:
    if scope == EVERY:
        return 0
    if family is None:
        return None
    return 2 if scope == family.name else 1 if scope == _NAMED else None


@cache
def read_sight() -> tuple[dict[str, str], ...]:
    """Return the rows of `codelists/sight.csv`, as the manual shows them."""
    return tuple(read_codelist("sight"))


@cache
def _by_any_name() -> dict[str, str]:
    return {
        _folded(name): row["code"]
        for row in read_codelist("methods")
        for name in (row["code"], row["name"], *row["synonyms"].split("|"))
        if name
    }


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())


def _mm(text: str) -> float | None:
    return float(text) if text else None
