"""What differs between two policies, clause by clause, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from ringfence.vocabulary import Mark

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

    Clauses of one id are compared; then those whose rule is the same in words, which differ only if their marks do;
    then those that are about the same, those without an end first. What is left stands on one side only. A clause that
    leaves something open is the same as another only if both leave the same question open.
    """
    return tuple(d for group in GROUPS for d in _of_group(group, _clauses(one, group), _clauses(other, group)))


def _clauses(policy: Policy, group: str) -> dict[str, Clause]:
    return {clause.id: clause for clause in getattr(policy.file.clauses, group)}


def _of_group(group: str, one: dict[str, Clause], other: dict[str, Clause]) -> Iterator[Difference]:
    for name in (name for name in one if name in other):
        if one[name] != other[name]:
            yield Difference(group, name, *_texts(one[name], other[name]))
    left = sorted((c for name, c in one.items() if name not in other), key=_has_ended)
    right = sorted((c for name, c in other.items() if name not in one), key=_has_ended)
    for alike in (_says, _about):
        for clause in list(left):
            pair = next((c for c in right if alike(c) == alike(clause)), None)
            if pair is None:
                continue
            left.remove(clause)
            right.remove(pair)
            if alike is _about or clause.mark is not pair.mark:
                yield Difference(group, f"{clause.id} / {pair.id}", _text(clause), _text(pair))
    yield from (Difference(group, clause.id, _text(clause), None) for clause in left)
    yield from (Difference(group, clause.id, None, _text(clause)) for clause in right)


def _has_ended(clause: Clause) -> bool:
    return clause.valid_until is not None


def _says(clause: Clause) -> tuple[str, str]:
    """Return the rule in words; of a clause that leaves something open, what it leaves open."""
    return rule_of(clause), _about(clause) if clause.mark is Mark.NOT_SPECIFIED else ""


def _about(clause: Clause) -> str:
    """Return what a clause is about, without what it says of it: its kinds of condition, or its subject."""
    if isinstance(clause, AdmissionClause) and not clause.when:
        return clause.question.value if clause.question else clause.asks
    if isinstance(clause, AdmissionClause | PrecautionsClause):
        kinds = {type(p).__name__.removesuffix("Abroad") for p in clause.when.predicates()} if clause.when else set()
        return " ".join(sorted(kinds)) or clause.id
    if isinstance(clause, ContactsClause):
        return " ".join(sorted(clause.who.classes)) if clause.who else clause.id
    return str(clause.key if isinstance(clause, IdentificationClause) else getattr(clause, "about", type(clause)))


def _text(clause: Clause) -> str:
    item = describe_clause(clause)
    rule = item.text.partition(": ")[2]
    if clause.mark is Mark.NOT_SPECIFIED:
        # The mark says that nothing is specified; the question says of what.
        rule = clause.asks if isinstance(clause, AdmissionClause) else ""
    return " ".join(part for part in (rule, *(d for d in item.details if not d.startswith("Asks: "))) if part)


def _texts(one: Clause, other: Clause) -> tuple[str, str]:
    """Return what two versions of a clause say; where that is the same in words, the fields that are not."""
    said = _text(one), _text(other)
    if said[0] != said[1]:
        return said
    names = [name for name in type(one).model_fields if getattr(one, name) != getattr(other, name, None)]
    first, second = ("; ".join(f"{name}: {_value(getattr(c, name, None))}" for name in names) for c in (one, other))
    return first, second


def _value(value: object) -> str:
    return "not given" if value is None else str(value)


def describe_differences(one: Policy, other: Policy) -> str:
    """Return the differences as text, group by group."""
    lines = [
        f"From {one.id}, version {_version(one)} ({one.title})",
        f"to   {other.id}, version {_version(other)} ({other.title})",
        *(line for policy in (one, other) for line in _overlay(policy)),
        "",
        *_above(one, other),
    ]
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
    lines.append(
        "Clauses whose rule and mark are the same are left out. `ringfence policy describe` names the sources."
    )
    return "\n".join(lines).rstrip() + "\n"


def _version(policy: Policy) -> str:
    return policy.overlay.version if policy.overlay else policy.file.version


def _overlay(policy: Policy) -> list[str]:
    if policy.overlay is None:
        return []
    over = policy.overlay
    until = f"until {over.valid_until}" if over.valid_until else "without an end"
    said = f"{over.id} lies over {over.base} in {over.place.name}, from {over.valid_from} {until}."
    return [" ".join([said, *(f"Assumes: {assumption}" for assumption in over.assumes)])]


def _above(one: Policy, other: Policy) -> list[str]:
    """Return what differs above the clauses: for whom they are, and what holds for known carriers."""
    found = []
    for field, said in (("jurisdiction", "Jurisdiction"), ("known_carriers", "Known carriers")):
        values = getattr(one.file, field), getattr(other.file, field)
        if values[0] != values[1]:
            found += [f"- {said}", *_sides(Difference("", said, *values), one, other)]
    sources = [
        name for name in one.file.sources.keys() & other.file.sources.keys()
        if one.id == other.id and one.file.sources[name] != other.file.sources[name]
    ]  # fmt: skip
    found += [f"- Source {name} is described otherwise." for name in sorted(sources)]
    return ["Above the clauses", "-----------------", *found, ""] if found else []


def _sides(d: Difference, one: Policy, other: Policy) -> list[str]:
    names = ("before", "now") if one.id == other.id else (one.id, other.id)
    if d.one is not None and d.other is not None:
        width = max(map(len, names)) + 1
        return [f"    {f'{name}:'.ljust(width)} {said}" for name, said in zip(names, (d.one, d.other), strict=True)]
    return [f"    only in {names[0]}: {d.one}"] if d.one is not None else [f"    only in {names[1]}: {d.other}"]
