"""Words often written where a name belongs, each with what would be right: `CRE` is no enzyme and no organism."""

from dataclasses import dataclass
from functools import cache

from .codelists import read_codelist
from .folding import squeezed
from .marks import Mark


@dataclass(frozen=True)
class NoName:
    """One row of a codelist of words that name nothing of their kind."""

    kind: str
    problem: str
    remedy: str
    mark: Mark


@cache
def no_names(codelist: str) -> dict[str, NoName]:
    """Return the rows of `codelists/CODELIST.csv` by each of their words, squeezed."""
    return {squeezed(word): _read(row) for row in read_codelist(codelist) for word in row["words"].split("|")}


def _read(row: dict[str, str]) -> NoName:
    wrong, _, right = row["what_is_right"].partition(". ")
    return NoName(row["kind"], f"This {wrong}.", f"{right.rstrip('.')}.", Mark(row["mark"]))
