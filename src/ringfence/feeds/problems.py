"""Problems: what could not be used of the input, where, and what would be right."""

from collections.abc import Sequence
from dataclasses import dataclass
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


class IntakeError(PlainError):
    """A folder that cannot be read at all; the message says what and what would be right."""


def counted(problems: Sequence[Problem]) -> tuple[int, int]:
    """Return how many rows were refused, and how many problems were noted on rows used."""
    refused = {(p.file, p.line) for p in problems if p.effect is Effect.REFUSED}
    return len(refused), sum(p.effect is not Effect.REFUSED for p in problems)
