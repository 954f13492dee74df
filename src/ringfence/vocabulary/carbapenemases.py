"""Carbapenemases: families, and what a name such as `blaKPC-3` says. Reading names is in `enzyme_names`."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from .alleles import Activity, alleles
from .codelists import read_codelist
from .marks import Mark


class Meaning(StrEnum):
    """What finding the gene of a family says by itself."""

    ACQUIRED = "acquired"
    """An acquired carbapenemase: its carrier carries a CPO."""
    DEPENDS = "depends"
    """Some variants only: a suspicion, for the laboratory to settle, unless activity is shown."""
    CHROMOSOMAL = "chromosomal"
    """Usually chromosomal: a suspicion, unless the policy says that it counts; activity does not settle that."""
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
    def listed(self) -> bool:
        """Whether the codelists hold all of the name: the family, and the variant if one was named."""
        return not self.variant or self.variant in alleles()

    @property
    def activity(self) -> Activity:
        """What the codelist says of the variant. Without a variant, or with one not listed, nothing is guessed."""
        return alleles()[self.variant].activity if self.variant in alleles() else Activity.NOT_STATED

    @property
    def reduced(self) -> bool:
        """Whether the codelist says that this variant hydrolyzes carbapenems little or not at all."""
        return self.activity is Activity.REDUCED

    @property
    def variant_mark(self) -> Mark:
        """How far what is said of the variant was checked; of the family, when no variant was named."""
        if not self.variant:
            return self.family.mark
        return alleles()[self.variant].mark if self.listed else Mark.NOT_SPECIFIED


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
