"""The names of columns and the words of cells as sites write them: what a mapping is proposed from, and no more."""

import re
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from ringfence.record import BadValue, Choice, Column, EnzymeName, OrganismName, Reading, SpecimenName, YesNo
from ringfence.vocabulary import folded, read_codelist

_ALL = "*"
SAME = 1000
"""The strength of a name that is known as it stands."""


class KnownName(NamedTuple):
    """A name that a column of ours has in files of others."""

    table: str
    column: str
    tokens: tuple[str, ...]


def tokens(name: str) -> tuple[str, ...]:
    """Return the words of the name of a column; `transferInDate` and `TRANSFER_IN_DATE` have three."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return tuple(re.findall(r"[a-z]+|\d+|\+", folded(apart)))


@cache
def known_names() -> tuple[KnownName, ...]:
    """Return every name of `codelists/columns.csv`."""
    return tuple(
        KnownName(row["table"], row["column"], tokens(name))
        for row in read_codelist("columns")
        for name in row["names"].split("|")
    )


def strength(table: str, column: str, name: str) -> int:
    """Return how well a name fits a column of ours: `SAME`, less the words it holds of a name, 0 not at all."""
    own = tokens(name)
    joined = "".join(own)
    if joined == column.replace("_", ""):
        return SAME
    best = 0
    for known in _of_column(table, column):
        if joined == "".join(known.tokens):
            return SAME
        if set(known.tokens) <= set(own) and len("".join(known.tokens)) > 1:
            best = max(best, len(known.tokens))
    return best


@cache
def _of_column(table: str, column: str) -> tuple[KnownName, ...]:
    return tuple(one for one in known_names() if one.column == column and one.table in (table, _ALL))


@cache
def _words() -> dict[tuple[str, str], str]:
    return {
        (row["of"], folded(word)): row["ours"] for row in read_codelist("words") for word in row["words"].split("|")
    }


@cache
def blank_words() -> frozenset[str]:
    """Return the texts that may mean an empty cell, in lower case."""
    return frozenset(word for of, word in _words() if of == _ALL)


def translated(table: str, column: Column, text: str, among: Collection[str] = ("+", "0", "1")) -> str | None:
    """Return our word for one of a file: itself where we read it, empty where it means none; None: it is not known."""
    try:
        column.kind.read(text, Reading())
        return text
    except BadValue:
        return known_word(f"{table}.{column.name}", text, among)


def known_word(of: str, text: str, among: Collection[str] = ("+", "0", "1")) -> str | None:
    """Return our word for a word of a file; None: it is not known.

    Args:
        of: what it is a word of: a table and a column.
        text: the word.
        among: the words of its column; `-` is a result only beside `+`, and else an empty cell; `1` and `0` only beside
            each other and no other number, as numbers may count or mean anything.
    """
    if text == "-" and "+" not in among:
        return None
    if text.isdecimal() and {one for one in among if one.isdecimal()} != {"0", "1"}:
        return None
    return _words().get((of, folded(text)))


def is_list(column: Column) -> bool:
    """Whether a column holds words of a list, ours or that of a codelist."""
    return isinstance(column.kind, Choice | YesNo | OrganismName | EnzymeName | SpecimenName)
