"""Organisms, by their code, their name, or any name a laboratory has been seen to use."""

from dataclasses import dataclass
from functools import cache

from .codelists import read_codelist
from .marks import Mark
from .nearest import did_you_mean


@dataclass(frozen=True)
class Organism:
    """One organism of `codelists/organisms.csv`."""

    code: str
    name: str
    group: str
    whonet: str
    snomed: str
    mark: Mark


class UnknownOrganism(ValueError):  # noqa: N818
    """A text that names no organism of the codelist."""


@cache
def organisms() -> dict[str, Organism]:
    """Return every organism by its code."""
    return {
        row["code"]: Organism(row["code"], row["name"], row["group"], row["whonet"], row["snomed"], Mark(row["mark"]))
        for row in read_codelist("organisms")
    }


def organism(text: str) -> Organism:
    """Return the organism that `text` names: our code, the WHONET code, the name or a synonym.

    Raises:
        UnknownOrganism: nothing in the codelist is called so.
    """
    try:
        return organisms()[_by_any_name()[_folded(text)]]
    except KeyError:
        raise UnknownOrganism(
            "This is not an organism of `codelists/organisms.csv`; give its name or WHONET code, or map the "
            f"value in the mapping.{did_you_mean(_folded(text), _by_any_name())}"
        ) from None


@cache
def _by_any_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for row in read_codelist("organisms"):
        for name in (row["code"], row["name"], row["whonet"], *row["synonyms"].split("|")):
            if name:
                names[_folded(name)] = row["code"]
    return names


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
