"""Antibiotics, by code, name, WHONET code, or a spelling that laboratories use."""

from dataclasses import dataclass
from functools import cache

from .codelists import read_codelist
from .marks import Mark
from .nearest import did_you_mean


@dataclass(frozen=True)
class Antibiotic:
    """One row of `codelists/antibiotics.csv`."""

    code: str
    name: str
    carbapenem: bool
    """A carbapenem alone. A carbapenem with an inhibitor is not: its susceptibility says nothing of a carbapenemase."""
    whonet: str
    mark: Mark


class UnknownAntibiotic(ValueError):  # noqa: N818
    """A text that names no antibiotic of the codelist."""


@cache
def antibiotics() -> dict[str, Antibiotic]:
    """Return every antibiotic by its code."""
    return {
        row["code"]: Antibiotic(row["code"], row["name"], row["carbapenem"] == "yes", row["whonet"], Mark(row["mark"]))
        for row in read_codelist("antibiotics")
    }


def antibiotic(text: str) -> Antibiotic:
    """Return the antibiotic that `text` names; a WHONET field name such as `MEM_NM` or `IPM_ND10` names its own.

    Raises:
        UnknownAntibiotic: nothing in the codelist is called so.
    """
    folded = _folded(text)
    code = _by_any_name().get(folded) or _by_any_name().get(folded.partition("_n")[0])
    if code is None:
        raise UnknownAntibiotic(
            "This is not an antibiotic of `codelists/antibiotics.csv`. Give its name or WHONET code."
            + did_you_mean(folded, _by_any_name())
        )
    return antibiotics()[code]


@cache
def _by_any_name() -> dict[str, str]:
    return {
        _folded(name): row["code"]
        for row in read_codelist("antibiotics")
        for name in (row["code"], row["name"], row["whonet"], *row["synonyms"].split("|"))
        if name
    }


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
