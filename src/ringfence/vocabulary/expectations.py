"""What an organism does by nature, so that it is no sign of an acquired carbapenemase."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from .codelists import read_codelist
from .kinds_of_organism import EVERY, nearness
from .marks import Mark
from .organisms import Organism


class About(StrEnum):
    """What is expected."""

    ANTIBIOTIC = "antibiotic"
    ACTIVITY = "activity"
    GENE = "gene"
    LOOK = "look"
    """A pattern of susceptibility that has another likely reason."""


class Nature(StrEnum):
    """How sure it is."""

    BY_NATURE = "by_nature"
    """It is left out."""
    PERHAPS = "perhaps"
    """It stays a suspicion, and the likely reason is shown."""


@dataclass(frozen=True)
class Expectation:
    """One row of `codelists/expected.csv`."""

    organism: str
    about: About
    value: str
    nature: Nature
    note: str
    mark: Mark
    origin: str


@cache
def expectations() -> tuple[Expectation, ...]:
    """Return every expectation, in the order of the file."""
    return tuple(
        Expectation(
            row["organism"],
            About(row["what"]),
            row["value"],
            Nature(row["says"]),
            row["note"],
            Mark(row["mark"]),
            row["origin"],
        )
        for row in read_codelist("expected")
    )


@cache
def expected(organism: Organism | None, about: About, value: str) -> Expectation | None:
    """Return what is expected of an organism about an antibiotic, an enzyme family or a look; None: nothing is."""
    fit = [
        (near, one.value != EVERY, one)
        for one in expectations()
        if one.about is about and one.value in (value, EVERY)
        if (near := nearness(one.organism, organism)) is not None
    ]
    return max(fit, key=lambda item: item[:2])[2] if fit else None
