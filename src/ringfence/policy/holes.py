"""Holes: values of a quantity that a policy speaks about on both sides and not at.

"Less than 2 months" here and "more than 2 months" there leave exactly 2 months out. A fact that lies on a hole is
UNKNOWN, because the source does not say; a policy author closes it with `at_most` or `at_least`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ringfence.vocabulary import Strict

from .durations import Duration
from .limits import Limits
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
    """Return the holes of every quantity that clauses limit, in the order of the file.

    Clauses that never hold on one day leave no hole between them.
    """
    limits = list(_limits(policy))
    found: list[Hole] = []
    for quantity, value in dict.fromkeys((q, v) for q, _, lim in limits for v in (lim.less_than, lim.more_than) if v):
        here = [(clause, lim) for q, clause, lim in limits if q == quantity]
        below = tuple(clause for clause, lim in here if lim.less_than == value)
        above = tuple(clause for clause, lim in here if lim.more_than == value)
        taken_in = any(value in (lim.at_most, lim.at_least) for _, lim in here)
        if not taken_in and any(_together(policy, one, other) for one in below for other in above):
            found.append(Hole(quantity[0], quantity[1], value, below, above))
    return found


def _together(policy: Policy, one: str, other: str) -> bool:
    """Whether two clauses hold on a day in common."""
    a, b = policy.clause(one), policy.clause(other)
    starts = [day for day in (a.valid_from, b.valid_from) if day]
    ends = [day for day in (a.valid_until, b.valid_until) if day]
    return not (starts and ends) or max(starts) <= min(ends)


def _limits(policy: Policy) -> Iterator[tuple[tuple[str, str], str, Limits[Duration]]]:
    rules = [(c.id, c.when) for c in policy.admission] + [(c.id, c.when) for c in policy.precautions]
    for clause_id, condition in rules:
        for predicate in condition.predicates() if condition else ():
            name = str(type(predicate).model_config["title"])
            yield from (((name, quantity), clause_id, limits) for quantity, limits in _of(predicate))
    for clause in policy.contacts:
        who = clause.who
        if who and who.overlap:
            for one in who.classes:
                yield (f"contact: {one.value}", f"overlap, {who.counted}"), clause.id, who.overlap


def _of(predicate: Strict) -> Iterator[tuple[str, Limits[Duration]]]:
    for name in type(predicate).model_fields:
        value = getattr(predicate, name)
        if isinstance(value, Limits):
            yield name, value
