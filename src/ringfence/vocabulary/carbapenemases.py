"""Carbapenemase names: `blaKPC-3`, `NDM`, `OXA-181` to a family, a variant and what detection means."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from .codelists import read_codelist
from .marks import Mark
from .nearest import did_you_mean

# Letters, then an optional number: the way alleles are written, with or without `bla`.
_NAME = re.compile(r"^(?:bla[\s_]*)?(?P<letters>[A-Z]{2,4})(?:-(?P<number>\d+))?(?P<like>-like)?$", re.IGNORECASE)


class Meaning(StrEnum):
    """What finding the gene of a family says by itself."""

    ACQUIRED = "acquired"
    """An acquired carbapenemase: its carrier carries a CPO."""
    DEPENDS = "depends"
    """Some variants only, or usually chromosomal: a suspicion, for the laboratory to settle."""
    INTRINSIC = "intrinsic"
    """A marker of the species, not acquired: not a CPO by this gene."""


@dataclass(frozen=True)
class Family:
    """One row of `codelists/carbapenemases.csv`."""

    name: str
    ambler: str
    meaning: Meaning
    loinc: str
    mark: Mark
    note: str


@dataclass(frozen=True)
class Carbapenemase:
    """An enzyme as reported: its family, and the variant when one was named."""

    family: Family
    variant: str

    @property
    def name(self) -> str:
        """The variant when known, else the family: `KPC-3`, `OXA-48-like`."""
        return self.variant or self.family.name

    @property
    def reduced(self) -> bool:
        return False

    @property
    def variant_mark(self) -> Mark:
        return Mark.UNVERIFIED


class UnknownCarbapenemase(ValueError):  # noqa: N818
    """A text that names no carbapenemase we know."""


@cache
def families() -> dict[str, Family]:
    """Return every family by its name."""
    return {
        row["family"]: Family(
            row["family"],
            row["ambler"],
            Meaning(row["meaning"]),
            row["loinc"],
            Mark(row["mark"]),
            row["note"],
        )
        for row in read_codelist("carbapenemases")
    }


def carbapenemase(text: str) -> Carbapenemase:
    """Return the enzyme that `text` names.

    Raises:
        UnknownCarbapenemase: the text is not a name of this form, or names nothing in the codelist.
    """
    found = _NAME.match(" ".join(text.split()))
    if not found:
        raise UnknownCarbapenemase(f"This is not the name of a carbapenemase. Write it like {_EXAMPLES}.")
    letters, number, like = found["letters"].upper(), found["number"], bool(found["like"])
    family = _family(letters, number, like)
    if family is None:
        raise UnknownCarbapenemase(
            f"This carbapenemase is not in `codelists/carbapenemases.csv`. Write it like {_EXAMPLES}."
            + did_you_mean(letters, families())
        )
    variant = f"{letters}-{number}" if number and not like else ""
    return Carbapenemase(family, variant)


_EXAMPLES = "KPC, NDM-5, VIM, IMP-4, OXA-48-like or OXA-181"


def _family(letters: str, number: str | None, like: bool) -> Family | None:
    numbered = f"{letters}-{number}" if number else letters
    if letters in families() and not like:
        return families()[letters]
    return families().get(_groups().get(numbered, ""))


@cache
def _groups() -> dict[str, str]:
    """Numbered names whose family is not their letters: `OXA-181` belongs to `OXA-48-like`."""
    return {
        member: row["family"]
        for row in read_codelist("carbapenemases")
        for member in row["members"].split("|")
        if member
    }
