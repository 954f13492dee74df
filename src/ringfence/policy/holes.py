"""Holes: values of a quantity that a policy speaks about on both sides and not at.

"Less than 2 months" here and "more than 2 months" there leave exactly 2 months out; "more than 3 months" leaves a month
out. A fact that lies on a hole is UNKNOWN, because the source does not say; a policy author closes it with `at_most` or
`at_least`, or with a clause of its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ringfence.vocabulary import Strict

from .contacts import Meeting
from .durations import Duration
from .limits import Limits
from .policies import Policy


@dataclass(frozen=True)
class Hole:
    """A value, or all between two, that no clause covers, between clauses that do."""

    predicate: str
    quantity: str
    value: Duration
    """Where the clauses below it end."""
    until: Duration
    """Where the clauses above it begin; for a hole of one instant the same."""
    covered: tuple[bool, bool]
    """Whether the clauses below take in `value`, and those above `until`."""
    below: tuple[str, ...]
    """Clauses that hold below it."""
    above: tuple[str, ...]
    """Clauses that hold above it."""

    @property
    def said(self) -> str:
        """What lies on it: `exactly 2 months`, or `between 2 months and 3 months`."""
        return f"exactly {self.value}" if self.value == self.until else f"between {self.value} and {self.until}"

    def holds(self, compare: Callable[[Duration], int | None]) -> bool:
        """Whether something lies on the hole; `compare` says on which side of a limit it lies, None if that is open."""
        low, high = compare(self.value), compare(self.until)
        if low is None or high is None:
            return False
        return (low > 0 if self.covered[0] else low >= 0) and (high < 0 if self.covered[1] else high <= 0)


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
        closing = [clause for clause, lim in here if value in (lim.at_most, lim.at_least)]
        sides = [(one, other) for one in below for other in above if _together(policy, one, other)]
        if any(not _closed(policy, quantity, closing, one, other) for one, other in sides):
            found.append(Hole(quantity[0], quantity[1], value, value, (False, False), below, above))
    return found + list(_gaps(policy, limits))


def _gaps(policy: Policy, limits: list[tuple[tuple[str, str], str, Limits[Duration]]]) -> Iterator[Hole]:
    """Yield what lies between the end of some clauses and the begin of the next, and in the limits of none."""
    for quantity in dict.fromkeys(q for q, _, _ in limits):
        here = [(clause, lim) for q, clause, lim in limits if q == quantity]
        ends = {high.size: high for _, lim in here if (high := lim.upper)}
        for size, high in sorted(ends.items()):
            begins = {low.size: low for _, lim in here if (low := lim.lower) and low.size > size}
            across = [lim for _, lim in here if not (lim.lower and lim.lower.size > size)]
            if not begins or any(lim.upper is None or lim.upper.size > size for lim in across):
                continue
            low = begins[min(begins)]
            below = [(clause, lim) for clause, lim in here if lim.upper and lim.upper.size == size]
            above = [(clause, lim) for clause, lim in here if lim.lower and lim.lower.size == low.size]
            if any(_together(policy, one, other) for one, _ in below for other, _ in above):
                covered = any(lim.at_most for _, lim in below), any(lim.at_least for _, lim in above)
                names = tuple(clause for clause, _ in below), tuple(clause for clause, _ in above)
                yield Hole(*quantity, high, low, covered, *names)


def on_a_hole(policy: Policy, meeting: Meeting) -> tuple[str, ...]:
    """Return the contact clauses between which a meeting lies on a hole: exactly so long as neither takes in."""
    lengths = {"overlap, cumulative": meeting.hours, "overlap, per meeting": meeting.longest}

    def length(of: str) -> Callable[[Duration], int | None]:
        """Compare with a limit in hours."""
        hours = lengths.get(of)
        return lambda limit: None if hours is None else (hours > limit.size) - (hours < limit.size)

    return tuple(
        clause
        for hole in policy.holes
        if hole.predicate == f"contact: {meeting.how.value}" and hole.holds(length(hole.quantity))
        for clause in (*hole.below, *hole.above)
    )


def _closed(policy: Policy, quantity: tuple[str, str], closing: list[str], one: str, other: str) -> bool:
    """Whether a clause takes the value in for everybody whom the clauses on its two sides are about.

    It does if it asks for nothing beyond what the one or the other asks for, so that the value belongs to that side. A
    clause about others closes nothing for them.
    """
    sides = (_restrictions(policy, quantity, one), _restrictions(policy, quantity, other))
    return any(_restrictions(policy, quantity, clause) <= side for clause in closing for side in sides)


def _restrictions(policy: Policy, quantity: tuple[str, str], clause_id: str) -> frozenset[str]:
    """Return what a clause asks for beside a quantity, and on which days it holds."""
    clause = policy.clause(clause_id)
    said = {f"from {clause.valid_from}"} if clause.valid_from else set()
    said |= {f"until {clause.valid_until}"} if clause.valid_until else set()
    condition = getattr(clause, "when", None)
    for predicate in condition.predicates() if condition else ():
        title = str(type(predicate).model_config["title"])
        for name in type(predicate).model_fields:
            value = getattr(predicate, name)
            if value is not None and value != () and (title, name) != quantity:
                said.add(f"{title}.{name}={value}")
        said.add(title)
    return frozenset(said)


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
