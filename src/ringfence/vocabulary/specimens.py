"""Kinds of specimen, and what each says about infection."""

from dataclasses import dataclass
from functools import cache

from .codelists import read_codelist
from .codes import kind_of_code
from .folding import folded
from .marks import Mark
from .nearest import did_you_mean
from .refused import Refused


@dataclass(frozen=True)
class SpecimenKind:
    """One row of `codelists/specimens.csv`; a sterile site holds no bacteria in health."""

    code: str
    name: str
    sterile: bool
    snomed: str
    mark: Mark


class UnknownSpecimenKind(Refused):
    """A text that names no kind of specimen."""


@cache
def specimen_kinds() -> dict[str, SpecimenKind]:
    """Return every kind of specimen by its code."""
    return {
        row["code"]: SpecimenKind(row["code"], row["name"], row["sterile"] == "yes", row["snomed"], Mark(row["mark"]))
        for row in read_codelist("specimens")
    }


def specimen_kind(text: str) -> SpecimenKind:
    """Return the kind that `text` names, by code, by name or by SNOMED CT code.

    Raises:
        UnknownSpecimenKind: nothing in the codelist is called so, or the text is a code of something else.
    """
    plain = " ".join(folded(text).replace("_", " ").split())
    for kind in specimen_kinds().values():
        if plain and plain in (kind.code.replace("_", " "), folded(kind.name), kind.snomed):
            return kind
    other = kind_of_code(text.strip())
    raise UnknownSpecimenKind(
        f"This is a code of {other}, not of a specimen." if other else "This is not a kind of specimen.",
        f"Kinds are: {', '.join(specimen_kinds())}." + did_you_mean(plain.replace(" ", "_"), specimen_kinds()),
    )
