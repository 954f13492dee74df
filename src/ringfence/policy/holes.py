"""Holes: values of a quantity that a policy speaks about on both sides and not at.

"Less than 2 months" here and "more than 2 months" there leave exactly 2 months out. A fact that lies on a hole is
UNKNOWN, because the source does not say; a policy author closes it with `at_most` or `at_least`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ringfence.vocabulary import Strict

from .clauses import Limits
from .durations import Duration
from .policies import Policy


@dataclass(frozen=True)
class Hole:
    """A value that no clause covers, between clauses that do."""

    predicate: str
    quantity: str
    value: Duration
    below: tuple[str, ...]
    """Clauses that hold below it."""
    above: tuple[str, ...]
    """Clauses that hold above it."""


def holes(policy: Policy) -> list[Hole]:
    """Return the holes of the admission and precautions clauses, in the order of the file."""
    limits = list(_limits(policy))
    found: list[Hole] = []
    for quantity, value in dict.fromkeys((q, v) for q, _, lim in limits for v in (lim.less_than, lim.more_than) if v):
        here = [(clause, lim) for q, clause, lim in limits if q == quantity]
        below = tuple(clause for clause, lim in here if lim.less_than == value)
        above = tuple(clause for clause, lim in here if lim.more_than == value)
        taken_in = any(value in (lim.at_most, lim.at_least) for _, lim in here)
        if below and above and not taken_in:
            found.append(Hole(quantity[0], quantity[1], value, below, above))
    return found


def _limits(policy: Policy) -> Iterator[tuple[tuple[str, str], str, Limits[Duration]]]:
    rules = [(c.id, c.when) for c in policy.admission] + [(c.id, c.when) for c in policy.precautions]
    for clause_id, condition in rules:
        for predicate in condition.predicates() if condition else ():
            name = str(type(predicate).model_config["title"])
            yield from (((name, quantity), clause_id, limits) for quantity, limits in _of(predicate))


def _of(predicate: Strict) -> Iterator[tuple[str, Limits[Duration]]]:
    for name in type(predicate).model_fields:
        value = getattr(predicate, name)
        if isinstance(value, Limits):
            yield name, value
