"""Checks between rows: what a row names must exist, and one key must not name two different things."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
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
    Link("specimens", "facility_id", "facilities"),
    Link("specimens", "place_id", "places"),
    Link("specimens", "order_id", "orders"),
    Link("orders", "encounter_id", "encounters"),
    Link("orders", "specimen_id", "specimens"),
    Link("isolates", "specimen_id", "specimens"),
    Link("results", "specimen_id", "specimens"),
    Link("results", "isolate_id", "isolates"),
    Link("types", "isolate_id", "isolates"),
    Link("distances", "isolate_a", "isolates"),
    Link("distances", "isolate_b", "isolates"),
    Link("answers", "encounter_id", "encounters"),
    Link("treatments", "facility_id", "facilities"),
    Link("measures", "facility_id", "facilities"),
    # The site of a declaration need not be one of ours: outbreaks elsewhere count.
    Link("declarations", "encounter_id", "encounters"),
    Link("declarations", "specimen_id", "specimens"),
    Link("policy_activations", "facility_id", "facilities"),
    Link("issued", "facility_id", "facilities"),
)
_GROWN = Link("results", "isolate_id", "isolates")
# In the order of need, so that a row refused takes those that hang on it along.
ORDER = (
    "facilities", "populations", "places", "patients", "identities", "identity_links", "relations", "encounters",
    "stays", "specimens", "orders", "isolates", "results", "types", "distances", "methods", "answers",
    "reported_history", "treatments", "measures", "declarations", "policy_activations", "issued",
)  # fmt: skip


Names = Callable[[str], AbstractSet[str]]
"""The names that rows of a table have, by table."""


def linked(facts: Iterable[Fact], known: Names) -> tuple[list[Fact], list[Problem]]:
    """Return the facts without repetitions, and the problems of links that lead nowhere and of keys that contradict.

    Only a row of a facility that nobody described is refused, because its times cannot be read. Any other row is kept
    until what it names arrives, whatever the order of arrival.

    Args:
        facts: of one folder.
        known: names of rows that are known already.
    """
    by_table: dict[str, list[Fact]] = {name: [] for name in ORDER}
    for fact in facts:
        by_table[fact.table].append(fact)
    kept: list[Fact] = []
    problems: list[Problem] = []
    names: dict[str, AbstractSet[str]] = {}
    for name in ORDER:
        once, twice = _once(by_table[name])
        names[name] = {_name(fact) for fact in once} | known(name)
        whole, lame = _led(once, names)
        kept += whole
        problems += [*lame, *twice]
    return kept, problems


def _name(fact: Fact) -> str:
    if fact.table == "places":
        return fact.row.place_id or ""
    return TABLES[fact.table].key_of(fact.row)[0]


def _led(facts: Iterable[Fact], names: Mapping[str, AbstractSet[str]]) -> tuple[list[Fact], list[Problem]]:
    whole: list[Fact] = []
    problems: list[Problem] = []
    for fact in facts:
        broken = [link for link in LINKS if link.table == fact.table and _leads_nowhere(fact, link, names)]
        problems += [_broken(fact, link, names) for link in broken]
        if not any(link.to == "facilities" for link in broken):
            whole.append(fact)
    return whole, problems


def _leads_nowhere(fact: Fact, link: Link, names: Mapping[str, AbstractSet[str]]) -> bool:
    named = getattr(fact.row, link.column)
    if named is None or (not names.get(link.to) and TABLES[link.table].by_name[link.column].optional):
        return False  # a link to a table of which nothing was given leads nowhere and harms nothing
    return named not in names.get(link.to, ())


def _broken(fact: Fact, link: Link, names: Mapping[str, AbstractSet[str]]) -> Problem:
    column = "place_id" if link.to == "places" else TABLES[link.to].key[0]
    problem = f"No row of {link.to} has this {column}."
    if link.to != "facilities":
        used = "It is used without its organism" if link == _GROWN else "It is kept, and what it tells is used"
        remedy = f"{used}{' until' if link == _GROWN else ' once'} {link.to} has it. Add it there, or correct it here."
        return problem_of_fact(fact, link.column, problem, remedy, Effect.WAITING)
    known = ", ".join(sorted(names["facilities"])) or "none"
    hint = f" Known: {known}.{did_you_mean(getattr(fact.row, link.column), names['facilities'])}"
    return problem_of_fact(
        fact, link.column, problem, f"Add it to {link.to}, or correct it here.{hint}", Effect.REFUSED
    )


def _once(facts: list[Fact]) -> tuple[list[Fact], list[Problem]]:
    """Return facts without repetitions; of those that contradict, both; of one facility in two zones, neither."""
    seen: dict[tuple[Any, ...], list[Fact]] = {}
    dated = {fact.key for fact in facts if _version(fact)[0] is not None}
    once: list[Fact] = []
    problems: list[Problem] = []
    for fact in facts:
        others = seen.setdefault((fact.key, *_version(fact)), [])
        same = next((one for one in others if (one.row, one.retracts) == (fact.row, fact.retracts)), None)
        if same:
            problem = f"This row is the same as {same.source}; it counts once."
            problems.append(problem_of_fact(fact, "", problem, "Nothing to do, unless both were meant.", Effect.USED))
            continue
        if others:
            problems += _contradiction(fact, others[0])
        elif fact.key in dated and _version(fact)[0] is None:
            problems.append(_undated(fact))
        others.append(fact)
        once.append(fact)
    two_sites = {(p.file, p.line) for p in problems if p.effect is Effect.REFUSED}
    return [fact for fact in once if _place(fact) not in two_sites], problems


def _version(fact: Fact) -> tuple[Any, ...]:
    """What tells versions of one key apart within a folder."""
    by = TABLES[fact.table].versions_by
    return getattr(fact.row, by) if by else None, fact.recorded, fact.control


def _contradiction(fact: Fact, earlier: Fact) -> list[Problem]:
    table = TABLES[fact.table]
    if fact.table == "facilities" and fact.row.zone != earlier.row.zone:
        return _two_sites(earlier, fact)
    if table.but_how_it_went_on(fact.row) == table.but_how_it_went_on(earlier.row):
        problem = f"This row is the same as {earlier.source} but for `{'` and `'.join(table.until_known)}`."
        return [
            problem_of_fact(fact, table.until_known[0], problem, "Give one row. The later one is used.", Effect.USED)
        ]
    later = f"a later `{table.versions_by}`" if table.versions_by else "a time in a column `recorded`"
    problem = f"This row has the same {' and '.join(table.key)} as {earlier.source} and says something else."
    remedy = f"Keep one, or give each its own; for a correction, give {later}. Until then one of them is used."
    return [problem_of_fact(fact, table.key[0], problem, remedy, Effect.DOUBTFUL)]


def _undated(fact: Fact) -> Problem:
    table = TABLES[fact.table]
    problem = f"Another row has the same {' and '.join(table.key)}, and this one says no `{table.versions_by}`."
    remedy = f"Give a later `{table.versions_by}` if this is the correction. Until then the other one is used."
    return problem_of_fact(fact, table.versions_by, problem, remedy, Effect.DOUBTFUL)


def _two_sites(earlier: Fact, fact: Fact) -> list[Problem]:
    remedy = "Give two sites two facility_ids; of one site keep one row, with the right zone."
    return [
        problem_of_fact(
            one,
            "facility_id",
            f"Two facilities have this id: {other.source} says something else.",
            remedy,
            Effect.REFUSED,
        )
        for one, other in ((earlier, fact), (fact, earlier))
    ]


def _place(fact: Fact) -> tuple[str, int]:
    file, _, line = fact.source.rpartition(":")
    return file, int(line)


def problem_of_fact(fact: Fact, column: str, problem: str, remedy: str, effect: Effect) -> Problem:
    """Return a problem of the row that a fact was read from."""
    return Problem(*_place(fact), column, problem, remedy, effect)
