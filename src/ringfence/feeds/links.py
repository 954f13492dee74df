"""Checks between rows: what a row names must exist, and one key must not name two different things."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.record import TABLES, Fact, Truths, Whole
from ringfence.vocabulary import did_you_mean

from .gathering import OfOneKey, facts_at
from .problems import Effect, Problem, Tell


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
_NAMED = {link.to for link in LINKS}


def linked(columns: Mapping[str, pa.Table], known: Names, tell: Tell) -> dict[str, Truths]:
    """Return which rows of each table are kept; tell of repetitions, contradictions and links that lead nowhere.

    Only a row of a facility that nobody described is left out, because its times cannot be read, and one that is the
    same as another. Any other row is kept until what it names arrives, whatever the order of arrival.

    Args:
        columns: the facts of one folder.
        known: names of rows that are known already.
        tell: takes each problem.
    """
    kept: dict[str, Truths] = {name: np.ones(len(packed), bool) for name, packed in columns.items()}
    names: dict[str, _Named] = {}
    for name in ORDER:
        packed = columns.get(name)
        if packed is not None:
            _drop_repeated(name, packed, kept[name], tell)
        if name in _NAMED:
            own = packed[_name_of(name)].filter(pa.array(kept[name])) if packed is not None else _NO_NAMES
            names[name] = _Named(own, known(name))
        if packed is not None:
            _drop_lame(name, packed, kept[name], names, tell)
    return kept


_NO_NAMES = pa.chunked_array([[]], pa.string())


def _name_of(table: str) -> str:
    """Return the column by which rows of other tables name one of this."""
    return "place_id" if table == "places" else TABLES[table].key[0]


class _Named:
    """The names of the rows of one table."""

    def __init__(self, own: pa.ChunkedArray, known: AbstractSet[str]) -> None:
        self._own, self._known = own, known

    def __bool__(self) -> bool:
        return self._own.null_count < len(self._own) or bool(self._known)

    def lack(self, column: pa.ChunkedArray) -> Whole:
        """Return the positions of a column that name a row, and none that is there."""
        found = pc.is_in(column, value_set=self._own, skip_nulls=True)
        lacking = np.flatnonzero(pc.and_not(pc.is_valid(column), found).to_numpy())
        if not (self._known and len(lacking)):
            return lacking
        texts = column.take(pa.array(lacking)).to_pylist()
        new: Whole = lacking[np.array([text not in self._known for text in texts], bool)]
        return new

    @cached_property
    def all(self) -> AbstractSet[str]:
        """The names themselves."""
        return {name for name in self._own.to_pylist() if name is not None} | self._known


def _drop_lame(name: str, packed: pa.Table, kept: Truths, names: Mapping[str, _Named], tell: Tell) -> None:
    """Tell of each row that names what is not there, and leave out those of a facility that nobody described."""
    looked_at = kept.copy()
    for link in LINKS:
        there = names.get(link.to)
        if link.table != name or there is None:
            continue
        if not there and TABLES[name].by_name[link.column].optional:
            continue  # a link to a table of which nothing was given leads nowhere and harms nothing
        lacking = there.lack(packed[link.column])
        for _, fact in facts_at(name, packed, lacking[looked_at[lacking]]):
            tell(_broken(fact, link, there), name)
        if link.to == "facilities":
            kept[lacking] = False


def _broken(fact: Fact, link: Link, there: _Named) -> Problem:
    column = "place_id" if link.to == "places" else TABLES[link.to].key[0]
    problem = f"No row of {link.to} has this {column}."
    if link.to != "facilities":
        used = "It is used without its organism" if link == _GROWN else "It is kept, and what it tells is used"
        remedy = f"{used}{' until' if link == _GROWN else ' once'} {link.to} has it. Add it there, or correct it here."
        return problem_of_fact(fact, link.column, problem, remedy, Effect.WAITING)
    known = ", ".join(sorted(there.all)) or "none"
    hint = f" Known: {known}.{did_you_mean(getattr(fact.row, link.column), there.all)}"
    return problem_of_fact(
        fact, link.column, problem, f"Add it to {link.to}, or correct it here.{hint}", Effect.REFUSED
    )


def _drop_repeated(name: str, packed: pa.Table, kept: Truths, tell: Tell) -> None:
    """Leave out repetitions; of those that contradict keep both, and of one number of two patients or sites neither."""
    of_one_key = OfOneKey(name, packed)
    for position, many in of_one_key.large:
        ((_, fact),) = facts_at(name, packed, np.array([position]))
        named = " and ".join(TABLES[name].key)
        said = f"The same {named} stands in {many:,} rows; they were not compared, and one of them is used."
        tell(problem_of_fact(fact, TABLES[name].key[0], said, "Give each row its own.", Effect.DOUBTFUL), name)
    for some in of_one_key.facts():
        dropped, problems = _repetitions([fact for _, fact in some])
        two_sites = {(p.file, p.line) for p in problems if p.effect is Effect.REFUSED}
        for n, (position, fact) in enumerate(some):
            kept[position] = n not in dropped and _place(fact) not in two_sites
        for problem in problems:
            tell(problem, name)


def _repetitions(facts: list[Fact]) -> tuple[set[int], list[Problem]]:
    """Return the places of the facts that repeat another, and what is to be said of facts of one key."""
    seen: dict[tuple[Any, ...], dict[tuple[Any, ...], Fact]] = {}
    dated = {fact.key for fact in facts if _version(fact)[0] is not None}
    dropped: set[int] = set()
    problems: list[Problem] = []
    for n, fact in enumerate(facts):
        others = seen.setdefault((fact.key, *_version(fact)), {})
        same = others.get((fact.row, fact.retracts))
        if same:
            problem = f"This row is the same as {same.source}; it counts once."
            problems.append(problem_of_fact(fact, "", problem, "Nothing to do, unless both were meant.", Effect.USED))
            dropped.add(n)
            continue
        if others:
            problems += _contradiction(fact, next(iter(others.values())))
        elif fact.key in dated and _version(fact)[0] is None:
            problems.append(_undated(fact))
        others[fact.row, fact.retracts] = fact
    return dropped, problems


def _version(fact: Fact) -> tuple[Any, ...]:
    """What tells versions of one key apart within a folder."""
    by = TABLES[fact.table].versions_by
    return getattr(fact.row, by) if by else None, fact.recorded, fact.control


def _contradiction(fact: Fact, earlier: Fact) -> list[Problem]:
    table = TABLES[fact.table]
    if fact.table == "facilities" and fact.row.zone != earlier.row.zone:
        return _two_sites(earlier, fact)
    if getattr(fact.row, "patient_id", None) != getattr(earlier.row, "patient_id", None):
        return _two_patients(earlier, fact)
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


def _two_patients(earlier: Fact, fact: Fact) -> list[Problem]:
    """Neither is used: whose it is cannot be told, and taken for a correction the one would hide the other."""
    table = TABLES[fact.table]
    remedy = (
        "Give each row a number of its own. Where numbers begin anew for each patient, put the patient's number before "
        "it in the mapping."
    )
    named = " and ".join(table.key)
    problem = f"Another row has the same {named} and names another patient, so whose it is cannot be told."
    return [problem_of_fact(one, table.key[0], problem, remedy, Effect.REFUSED) for one in (earlier, fact)]


def _place(fact: Fact) -> tuple[str, int]:
    file, _, line = fact.source.rpartition(":")
    return file, int(line)


def problem_of_fact(fact: Fact, column: str, problem: str, remedy: str, effect: Effect) -> Problem:
    """Return a problem of the row that a fact was read from."""
    return Problem(*_place(fact), column, problem, remedy, effect)
