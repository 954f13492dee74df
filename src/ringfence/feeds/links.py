"""Checks between rows: what a row names must exist, and one key must not name two different things."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ringfence.record import TABLES, Fact
from ringfence.vocabulary import did_you_mean

from .problems import Effect, Problem


@dataclass(frozen=True)
class Link:
    """A column of one table that names a row of another."""

    table: str
    column: str
    to: str


LINKS = (
    Link("populations", "facility_id", "facilities"),
    Link("places", "facility_id", "facilities"),
    Link("encounters", "facility_id", "facilities"),
    Link("stays", "facility_id", "facilities"),
    Link("stays", "encounter_id", "encounters"),
    Link("orders", "encounter_id", "encounters"),
    Link("specimens", "facility_id", "facilities"),
    Link("specimens", "place_id", "places"),
    Link("isolates", "specimen_id", "specimens"),
    Link("results", "specimen_id", "specimens"),
    Link("results", "isolate_id", "isolates"),
    Link("types", "isolate_id", "isolates"),
    Link("distances", "isolate_a", "isolates"),
    Link("distances", "isolate_b", "isolates"),
    Link("answers", "encounter_id", "encounters"),
    Link("measures", "facility_id", "facilities"),
)
# In the order of need, so that a row refused takes those that hang on it along.
ORDER = (
    "facilities", "populations", "places", "patients", "encounters", "stays", "orders", "specimens",
    "isolates", "results", "types", "distances", "answers", "measures", "declarations",
)  # fmt: skip


def linked(facts: Iterable[Fact]) -> tuple[list[Fact], list[Problem]]:
    """Return the facts whose links lead somewhere, without repetitions, and the problems of the others."""
    by_table: dict[str, list[Fact]] = {name: [] for name in ORDER}
    for fact in facts:
        by_table[fact.table].append(fact)
    kept: list[Fact] = []
    problems: list[Problem] = []
    names: dict[str, set[str]] = {}
    for name in ORDER:
        whole, lame = _led(by_table[name], names)
        once, twice = _once(whole)
        kept += once
        problems += [*lame, *twice]
        names[name] = {_name(fact) for fact in once}
    return kept, problems


def _name(fact: Fact) -> str:
    if fact.table == "places":
        return fact.row.place_id or ""
    return TABLES[fact.table].key_of(fact.row)[0]


def _led(facts: Iterable[Fact], names: Mapping[str, set[str]]) -> tuple[list[Fact], list[Problem]]:
    whole: list[Fact] = []
    problems: list[Problem] = []
    for fact in facts:
        broken = [link for link in LINKS if link.table == fact.table and _leads_nowhere(fact, link, names)]
        problems += [_broken(fact, link, names) for link in broken]
        if not broken:
            whole.append(fact)
    return whole, problems


def _leads_nowhere(fact: Fact, link: Link, names: Mapping[str, set[str]]) -> bool:
    named = getattr(fact.row, link.column)
    if named is None or (not names[link.to] and TABLES[link.table].by_name[link.column].optional):
        return False  # a link to a table of which nothing was given leads nowhere and harms nothing
    return named not in names[link.to]


def _broken(fact: Fact, link: Link, names: Mapping[str, set[str]]) -> Problem:
    hint = ""
    if link.to == "facilities":
        known = ", ".join(sorted(names["facilities"])) or "none"
        hint = f" Known: {known}.{did_you_mean(getattr(fact.row, link.column), names['facilities'])}"
    problem = f"No row of {link.to} has this {TABLES[link.to].key[0] if link.to != 'places' else 'place_id'}."
    return _problem(fact, link.column, problem, f"Add it to {link.to}, or correct it here.{hint}", Effect.REFUSED)


def _version(fact: Fact) -> Any:  # noqa: ANN401
    by = TABLES[fact.table].versions_by
    return getattr(fact.row, by) if by else None


def _once(facts: list[Fact]) -> tuple[list[Fact], list[Problem]]:
    first: dict[tuple[Any, ...], Fact] = {}
    dated = {TABLES[f.table].key_of(f.row) for f in facts if _version(f) is not None}
    once: list[Fact] = []
    problems: list[Problem] = []
    for fact in facts:
        table = TABLES[fact.table]
        key = (table.key_of(fact.row), _version(fact))
        if table.versions_by and key[1] is None and key[0] in dated:
            problem = f"Another row has the same {' and '.join(table.key)}, and this one says no `{table.versions_by}`."
            problems.append(_problem(fact, table.versions_by, problem, _which(table.versions_by), Effect.REFUSED))
            continue
        earlier = first.setdefault(key, fact)
        if earlier is fact:
            once.append(fact)
        elif earlier.row == fact.row:
            problem = f"This row is the same as {earlier.source}; it counts once."
            problems.append(_problem(fact, "", problem, "Nothing to do, unless both were meant.", Effect.USED))
        else:
            problem = f"This row has the same {' and '.join(table.key)} as {earlier.source} and says something else."
            problems.append(_problem(fact, table.key[0], problem, _which(table.versions_by), Effect.REFUSED))
    return once, problems


def _which(versions_by: str) -> str:
    if versions_by:
        return f"Keep one; or, for a correction, give a later `{versions_by}`."
    return "Keep one, or give each its own."


def _problem(fact: Fact, column: str, problem: str, remedy: str, effect: Effect) -> Problem:
    file, _, line = fact.source.rpartition(":")
    return Problem(file, int(line), column, problem, remedy, effect)
