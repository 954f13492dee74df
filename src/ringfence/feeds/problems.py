"""Problems: what could not be used of the input, where, and what would be right."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
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
    """Of a problem that stands for many: how many rows more, up to this line, have one of its kind."""


Tell = Callable[[Problem], None]
"""Takes a problem as it is found."""
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

    def tell(self, problem: Problem) -> None:
        """Take a problem; one that was told already says nothing new."""
        if problem in self._told:
            return
        kind = (problem.file, problem.column, re.sub(r"\d+", "9", problem.problem), problem.effect)
        if self._many[kind] < TOLD_AT_MOST or not problem.line:
            self._many[kind] += 1
            self._told.add(problem)
            self._is_first(problem)
            return
        rows = self._is_first(problem) + (self._more[kind].rows if kind in self._more else 0)
        line = max(problem.line, self._more[kind].line if kind in self._more else 0)
        said = f"More rows, up to this line, have such a problem: {problem.problem}"
        self._more[kind] = replace(problem, line=line, problem=said, rows=rows)

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

    def all(self) -> list[Problem]:
        """Return every problem, in order."""
        return sorted([*self._told, *self._more.values()])


class IntakeError(PlainError):
    """A folder that cannot be read at all; the message says what and what would be right."""


def counted(problems: Sequence[Problem]) -> tuple[int, int]:
    """Return how many rows were refused, and how many problems were noted on rows used."""
    refused = {(p.file, p.line) for p in problems if p.effect is Effect.REFUSED and not p.rows}
    more = sum(p.rows for p in problems if p.effect is Effect.REFUSED)
    return len(refused) + more, sum(p.rows or 1 for p in problems if p.effect is not Effect.REFUSED)
