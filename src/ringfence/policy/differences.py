"""What differs between two policies, clause by clause, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from .clauses import AdmissionClause, Clause, PrecautionsClause
from .contacts import ContactsClause
from .files import GROUPS
from .identification import IdentificationClause
from .policies import Policy
from .sentences import GROUP_HEADINGS, describe_clause, rule_of


@dataclass(frozen=True)
class Difference:
    """One clause that differs: what each side says, None where a side does not have it."""

    group: str
    clause: str
    """The id; `one-id / other-id` where clauses of two ids are about the same."""
    one: str | None
    other: str | None


def differences(one: Policy, other: Policy) -> tuple[Difference, ...]:
    """Return what differs from `one` to `other`, in the order of groups.

    Clauses of one id are compared; then those whose rule is the same in words, which do not differ; then those that are
    about the same, in their order. What is left stands on one side only.
    """
    return tuple(d for group in GROUPS for d in _of_group(group, _clauses(one, group), _clauses(other, group)))


def _clauses(policy: Policy, group: str) -> dict[str, Clause]:
    return {clause.id: clause for clause in getattr(policy.file.clauses, group)}


def _of_group(group: str, one: dict[str, Clause], other: dict[str, Clause]) -> Iterator[Difference]:
    for name in (name for name in one if name in other):
        if one[name] != other[name]:
            yield Difference(group, name, _text(one[name]), _text(other[name]))
    left = [c for name, c in one.items() if name not in other]
    right = [c for name, c in other.items() if name not in one]
    for alike in (rule_of, _about):
        for clause in list(left):
            pair = next((c for c in right if alike(c) == alike(clause)), None)
            if pair is None:
                continue
            left.remove(clause)
            right.remove(pair)
            if alike is _about:
                yield Difference(group, f"{clause.id} / {pair.id}", _text(clause), _text(pair))
    yield from (Difference(group, clause.id, _text(clause), None) for clause in left)
    yield from (Difference(group, clause.id, None, _text(clause)) for clause in right)


def _about(clause: Clause) -> str:
    """Return what a clause is about, without what it says of it: its kinds of condition, or its subject."""
    if isinstance(clause, AdmissionClause | PrecautionsClause):
        kinds = {type(p).__name__.removesuffix("Abroad") for p in clause.when.predicates()} if clause.when else set()
        return " ".join(sorted(kinds)) or clause.id
    if isinstance(clause, ContactsClause):
        return " ".join(sorted(clause.who.classes)) if clause.who else clause.id
    return str(clause.key if isinstance(clause, IdentificationClause) else getattr(clause, "about", type(clause)))


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
        names = ("before", "now") if one.id == other.id else (one.id, other.id)
        width = max(map(len, names)) + 1
        return [f"    {f'{name}:'.ljust(width)} {said}" for name, said in zip(names, (d.one, d.other), strict=True)]
    return [f"    only in {one.id}: {d.one}"] if d.one is not None else [f"    only in {other.id}: {d.other}"]
