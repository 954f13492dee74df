"""Organisms, by their code, their name, or any name a laboratory has been seen to use."""

import re
from dataclasses import dataclass
from functools import cache

from .check_digits import is_snomed
from .codelists import read_codelist
from .codes import kind_of_code, known_mistake
from .folding import folded, squeezed
from .marks import Mark
from .nearest import did_you_mean
from .no_names import no_names
from .refused import Refused


@dataclass(frozen=True)
class Organism:
    """One organism of `codelists/organisms.csv`."""

    code: str
    name: str
    group: str
    whonet: str
    snomed: str
    mark: Mark


class UnknownOrganism(Refused):
    """A text that names no organism of the codelist."""


@cache
def organisms() -> dict[str, Organism]:
    """Return every organism by its code."""
    return {
        row["code"]: Organism(row["code"], row["name"], row["group"], row["whonet"], row["snomed"], Mark(row["mark"]))
        for row in read_codelist("organisms")
    }


def organism(text: str) -> Organism:
    """Return the organism that `text` names: our code, the WHONET or SNOMED CT code, the name or a synonym.

    Raises:
        UnknownOrganism: nothing in the codelist is called so, or the text is a code of something else.
    """
    found = _by_any_name().get(_key(text))
    if found is None:
        raise _refusal(text)
    return organisms()[found]


def _refusal(text: str) -> Refused:
    if no_name := no_names("not_organisms").get(squeezed(text)):
        return UnknownOrganism(no_name.problem, no_name.remedy)
    code = text.strip()
    if re.fullmatch(r"(?:LP)?[0-9]+(?:-[0-9])?", code) and len(code) > 2:
        return _wrong_code(code)
    return UnknownOrganism(
        "This is not an organism of `codelists/organisms.csv`.",
        f"Give its name or WHONET code, or map the value in the mapping.{did_you_mean(_key(text), _by_any_name())}",
    )


_GIVE = "Give the name, the WHONET code or the SNOMED CT code of the organism."


def _wrong_code(code: str) -> Refused:
    if mistake := known_mistake(code):
        return UnknownOrganism(mistake.problem, mistake.remedy)
    kind = kind_of_code(code)
    if kind.endswith("organism"):
        return UnknownOrganism(
            f"This is a code of {kind}, which names an organism and a finding in one.",
            "Give the organism here, and the carbapenemase or the resistance as a result of its own.",
        )
    if kind:
        return UnknownOrganism(f"This is a code of {kind}, not of an organism.", _GIVE)
    if is_snomed(code):
        return UnknownOrganism("This code is not in `codelists/organisms.csv`.", f"{_GIVE} Or map it in the mapping.")
    return UnknownOrganism(
        "This is not a code of an organism: its form or its check digit is wrong.",
        f"Copy it again from the source as text; a spreadsheet may have changed it. {_GIVE}",
    )


@cache
def _by_any_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for row in read_codelist("organisms"):
        for name in (row["code"], row["name"], row["whonet"], row["snomed"], *row["synonyms"].split("|")):
            if name:
                names[_key(name)] = row["code"]
    return names


def _key(text: str) -> str:
    """Return a name without points, so that `K pneumoniae`, `K.pneumoniae` and `K. pneumoniae` are one."""
    return " ".join(folded(text).replace(".", " ").split())
