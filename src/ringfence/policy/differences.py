"""What differs between two policies, clause by clause, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from .clauses import Clause
from .files import GROUPS
from .policies import Policy
from .sentences import GROUP_HEADINGS, describe_clause, rule_of


@dataclass(frozen=True)
class Difference:
    """One clause that differs: what each side says, None where a side does not have it."""

    group: str
    clause: str
    one: str | None
    other: str | None


def differences(one: Policy, other: Policy) -> tuple[Difference, ...]:
    """Return what differs from `one` to `other`, in the order of groups.

    Clauses of one id are compared; of the others, those whose rule is the same in words count as the same.
    """
    return tuple(d for group in GROUPS for d in _of_group(group, _clauses(one, group), _clauses(other, group)))


def _clauses(policy: Policy, group: str) -> dict[str, Clause]:
    return {clause.id: clause for clause in getattr(policy.file.clauses, group)}


def _of_group(group: str, one: dict[str, Clause], other: dict[str, Clause]) -> Iterator[Difference]:
    shared = [name for name in one if name in other]
    for name in shared:
        if one[name] != other[name]:
            yield Difference(group, name, _text(one[name]), _text(other[name]))
    rules_of_one = {rule_of(c) for name, c in one.items() if name not in other}
    rules_of_other = {rule_of(c) for name, c in other.items() if name not in one}
    for name, clause in one.items():
        if name not in other and rule_of(clause) not in rules_of_other:
            yield Difference(group, name, _text(clause), None)
    for name, clause in other.items():
        if name not in one and rule_of(clause) not in rules_of_one:
            yield Difference(group, name, None, _text(clause))


def _text(clause: Clause) -> str:
    item = describe_clause(clause)
    return " ".join([item.text.partition(": ")[2], *(d for d in item.details if not d.startswith("Asks: "))])


def describe_differences(one: Policy, other: Policy) -> str:
    """Return the differences as text, group by group."""
    lines = [f"From {one.id} ({one.title})", f"to   {other.id} ({other.title})", ""]
    found = differences(one, other)
    if not found:
        return "\n".join([*lines, "No clause differs."]) + "\n"
    for group in GROUPS:
        own = [d for d in found if d.group == group]
        if own:
            lines += [GROUP_HEADINGS[group], "-" * len(GROUP_HEADINGS[group])]
            for d in own:
                lines += [f"- {d.clause}", *_sides(d, one, other)]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _sides(d: Difference, one: Policy, other: Policy) -> list[str]:
    if d.one is not None and d.other is not None:
        return [f"    before: {d.one}", f"    now:    {d.other}"]
    return [f"    only in {one.id}: {d.one}"] if d.one is not None else [f"    only in {other.id}: {d.other}"]
