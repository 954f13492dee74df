"""The numbered variants that `codelists/alleles.csv` lists, and what is said of their activity."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from .codelists import read_codelist
from .marks import Mark


class Activity(StrEnum):
    """What the codelist says a variant does to carbapenems."""

    YES = "yes"
    """It is listed among the carbapenemases."""
    REDUCED = "reduced"
    """It is reported to hydrolyze carbapenems much less than others of its family, or not at all."""
    NOT_STATED = "not_stated"
    """The codelist does not say, or does not hold the variant."""


@dataclass(frozen=True)
class Allele:
    """One row of `codelists/alleles.csv`."""

    name: str
    family: str
    loinc: str
    activity: Activity
    mark: Mark
    note: str


@cache
def alleles() -> dict[str, Allele]:
    """Return every listed variant by its name."""
    return {
        row["name"]: Allele(
            row["name"], row["family"], row["loinc"], Activity(row["activity"]), Mark(row["mark"]), row["note"]
        )
        for row in read_codelist("alleles")
    }
