"""Kinds of specimen, and what each says about infection."""

from dataclasses import dataclass
from functools import cache

from .codelists import read_codelist
from .marks import Mark
from .nearest import did_you_mean


@dataclass(frozen=True)
class SpecimenKind:
    """One row of `codelists/specimens.csv`; a sterile site holds no bacteria in health."""

    code: str
    name: str
    sterile: bool
    snomed: str
    mark: Mark


class UnknownSpecimenKind(ValueError):  # noqa: N818
    """A text that names no kind of specimen."""


@cache
def specimen_kinds() -> dict[str, SpecimenKind]:
    """Return every kind of specimen by its code."""
    return {
        row["code"]: SpecimenKind(row["code"], row["name"], row["sterile"] == "yes", row["snomed"], Mark(row["mark"]))
        for row in read_codelist("specimens")
    }


def specimen_kind(text: str) -> SpecimenKind:
    """Return the kind that `text` names, by code or by name.

    Raises:
        UnknownSpecimenKind: nothing in the codelist is called so.
    """
    folded = " ".join(text.casefold().replace("_", " ").split())
    for kind in specimen_kinds().values():
        if folded in (kind.code.replace("_", " "), kind.name.casefold()):
            return kind
    raise UnknownSpecimenKind(
        f"This is not a kind of specimen. Kinds are: {', '.join(specimen_kinds())}."
        + did_you_mean(folded.replace(" ", "_"), specimen_kinds())
    )
