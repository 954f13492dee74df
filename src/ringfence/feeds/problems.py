"""Problems: what could not be used of the input, where, and what would be right."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ringfence.vocabulary import PlainError


class Effect(StrEnum):
    """What became of the row."""

    REFUSED = "refused"
    """The row is not used."""
    WAITING = "waiting"
    """The row is kept, and is used once what it names is there."""
    DOUBTFUL = "doubtful"
    """The row is kept; whether it or another is right is not known."""
    USED = "used"
    """The row is used; the problem is stated."""


@dataclass(frozen=True, order=True)
class Problem:
    """One problem of the input. It never repeats the text of a cell."""

    file: str
    line: int
    """0: the file as a whole."""
    column: str
    problem: str
    remedy: str
    effect: Effect = Effect.REFUSED
    rows: int = 0
    """Of a problem that stands for many: how many rows, up to this line, have one of its kind and are not told of one
    by one; of a whole file that is not used, how many it has."""
    alone: int = 0
    """How many of these are told of by no other problem, so that rows are counted once."""
    rest: bool = False
    """Whether the file was not read from this line on, so that nobody knows how many rows are lost."""
    tables: str = ""
    """The tables for which the row or file was read, between semicolons."""

    @property
    def costs(self) -> str:
        """What the findings lose by it; nothing, where the row is used."""
        if self.effect is not Effect.REFUSED:
            return ""
        return "; ".join(COSTS[name] for name in self.tables.split(";") if name in COSTS)


COSTS = {
    "facilities": "nothing of this facility can be read",
    "populations": "whom the files cover is not known there, so that there may be no rates",
    "places": "a shared bathroom, a vulnerable unit or a sampled place may not be known",
    "patients": "a birth, a death or what else is known of a patient may be missing",
    "identities": "a number of a patient may not be known by its kind",
    "identity_links": "two numbers of one person may stay two patients",
    "relations": "a mother, a newborn or a household may not be known as such",
    "encounters": "an admission may be missing from the screening ledger and from figures",
    "stays": "who was met there is missing from contacts, and nights from figures",
    "specimens": "a carrier may be missing, and a screen may read as not collected",
    "orders": "a screen that was ordered or refused may read as not asked for",
    "isolates": "results of this isolate are used without their organism",
    "results": "a carrier may be missing, and a screen may read as waiting for its result",
    "types": "a strain or plasmid that carriers share may be missing",
    "distances": "a close distance between isolates may be missing",
    "methods": "a change of a laboratory's method may not be marked",
    "answers": "a risk may read as not known",
    "reported_history": "a carriage known elsewhere may not be flagged",
    "treatments": "a treatment that a rule asks about may be missing",
    "measures": "precautions may read as not on record",
    "declarations": "what a professional decided does not count",
    "policy_activations": "a policy may not be known as in force",
    "issued": "what left the system may not be known",
}
"""What the findings lose by a row that is not used, by table."""


Tell = Callable[[Problem, str], None]
"""Takes a problem as it is found, and the table for which the row was read; none, where it is of the file."""
TOLD_AT_MOST = 1_000
"""So many problems of one kind, of one column of one file, are told one by one."""


class Problems:
    """Problems as they are found: the first of each kind one by one, and of the rest how many and up to where.

    A file of gigabytes can have one in each row; nobody reads them, and they would not fit into memory.
    """

    def __init__(self) -> None:
        self._told: set[Problem] = set()
        self._many: Counter[tuple[str, str, str, Effect]] = Counter()
        self._more: dict[tuple[str, str, str, Effect], Problem] = {}
        self._refused: dict[str, bytearray] = {}
        self._tables: dict[object, set[str]] = defaultdict(set)

    def tell(self, problem: Problem, table: str) -> None:
        """Take a problem, and the table for which the row was read; of one told already only that is new."""
        kind = (problem.file, problem.column, re.sub(r"\d+", "9", problem.problem), problem.effect)
        if table:
            self._tables[problem if problem in self._told or self._many[kind] < TOLD_AT_MOST else kind].add(table)
        if problem in self._told:
            return
        if self._many[kind] < TOLD_AT_MOST or not problem.line:
            self._many[kind] += 1
            self._told.add(problem)
            self._is_first(problem)
            return
        before = self._more.get(kind)
        said = f"More rows, up to this line, have such a problem: {problem.problem}"
        self._more[kind] = replace(
            problem,
            line=max(problem.line, before.line if before else 0),
            problem=said,
            rows=1 + (before.rows if before else 0),
            alone=self._is_first(problem) + (before.alone if before else 0),
        )

    def _is_first(self, problem: Problem) -> bool:
        """Mark the row of a problem as told of, by whether it is used, and return whether it was not before."""
        place = f"{problem.file}{' ' if problem.effect is Effect.REFUSED else ''}"
        lines = self._refused.setdefault(place, bytearray())
        if problem.line >> 3 >= len(lines):
            lines.extend(bytes((problem.line >> 3) + 1 - len(lines) + (len(lines) >> 1)))
        bit = 1 << (problem.line & 7)
        first = not lines[problem.line >> 3] & bit
        lines[problem.line >> 3] |= bit
        return first

    def all(self, fed: Mapping[str, Collection[str]]) -> list[Problem]:
        """Return every problem, in order.

        Args:
            fed: the tables that each file feeds: what is wrong with a file as a whole is wrong for all of them.
        """
        told = [(one, one) for one in self._told]
        found = [(one, self._tables.get(key) or fed.get(one.file, ())) for one, key in [*told, *self._more_by_kind()]]
        return sorted(replace(one, tables=";".join(sorted(tables))) for one, tables in found)

    def _more_by_kind(self) -> list[tuple[Problem, object]]:
        return [(one, kind) for kind, one in self._more.items()]


class IntakeError(PlainError):
    """A folder that cannot be read at all; the message says what and what would be right."""


def refused_by_table(problems: Sequence[Problem]) -> dict[str, tuple[int, int]]:
    """Return how many rows, and how many files or their rest, were refused, by the table for which they were read."""
    by_table: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.effect is Effect.REFUSED:
            for name in filter(None, problem.tables.split(";")):
                by_table[name].append(problem)
    found: dict[str, tuple[int, int]] = {}
    for name in COSTS:
        rows = [p for p in by_table[name] if p.line and not p.rest]
        files = {p.file for p in by_table[name] if not p.line or p.rest}
        if rows or files:
            found[name] = counted(rows)[0], len(files)
    return found


def counted(problems: Sequence[Problem]) -> tuple[int, int]:
    """Return how many rows were refused, and how many problems were noted on rows used."""
    refused = {(p.file, p.line) for p in problems if p.effect is Effect.REFUSED and not p.rows}
    more = sum(p.alone for p in problems if p.effect is Effect.REFUSED)
    return len(refused) + more, sum(p.rows or 1 for p in problems if p.effect is not Effect.REFUSED)
