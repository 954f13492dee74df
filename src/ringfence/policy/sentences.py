"""A policy in words that a professional can read and sign."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ringfence.vocabulary import Mark

from .clauses import AdmissionClause, Clause
from .files import GROUPS
from .holes import Hole, holes
from .phrases import describe_condition, quantity_said
from .policies import Policy
from .rules_said import rule_of

MARK_WORDS = {
    Mark.VERIFIED: "verified: read in the source",
    Mark.SECONDARY: "secondary: read in a document that quotes or applies the source",
    Mark.UNVERIFIED: "unverified: believed, not read",
    Mark.NOT_SPECIFIED: "not specified: not found, or not read yet",
}
GROUP_HEADINGS = {
    "admission": "Who is screened on admission",
    "precautions": "When precautions are recommended",
    "contacts": "Contacts",
    "follow_up": "What contacts are owed",
    "clearance": "When precautions for a carrier may end",
    "outbreak": "Outbreaks",
    "identification": "What counts as a case",
    "acquisition": "Where a case was acquired",
    "reporting": "Reporting",
    "denominators": "Denominators",
}


@dataclass(frozen=True)
class Item:
    """One line of a description, and the lines that go with it."""

    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Described:
    """A section of a description."""

    heading: str
    items: tuple[Item, ...]


def describe(policy: Policy, *, on: date | None = None) -> str:
    """Return the whole policy as text; with a day, what is not in force or overdue then says so."""
    return "\n".join(_lines(policy, on)).rstrip() + "\n"


def describe_hole(hole: Hole) -> str:
    """Return a hole as a sentence."""
    what = quantity_said(hole.predicate, hole.quantity, hole.said)
    return (
        f"Says nothing of {what}. Below it: {', '.join(hole.below)}. Above it: {', '.join(hole.above)}. "
        "Where nothing else settles it, the answer there is UNKNOWN."
    )


def describe_sections(policy: Policy, *, on: date | None = None) -> list[Described]:
    """Return the policy in words, section by section; a group without a clause is left out."""
    groups = [(GROUP_HEADINGS[name], getattr(policy.file.clauses, name)) for name in GROUPS]
    found = [describe_hole(hole) for hole in holes(policy)]
    sources = [f"{name}: {source.title}; {source.where}" for name, source in policy.file.sources.items()]
    return [
        Described(policy.title, tuple(Item(line) for line in _about(policy))),
        *(
            Described(heading, tuple(describe_clause(c, policy, on=on) for c in some))
            for heading, some in groups
            if some
        ),
        Described("Holes", tuple(Item(line) for line in found or ["None found."])),
        Described("Sources", tuple(Item(line) for line in sources)),
    ]


def _about(policy: Policy) -> Iterator[str]:
    file = policy.file
    yield f"Jurisdiction: {file.jurisdiction}. Version {file.version}. Digest {policy.digest}."
    if policy.overlay:
        one = policy.overlay
        until = f"until {one.valid_until}" if one.valid_until else "with no end given"
        yield f"An overlay on the policy {one.base}, for {one.place.name}, from {one.valid_from} {until}."
        yield f"Its clauses: {', '.join(c.id for c in one.every_clause)}. Adopted by {one.adopted_by}."
        yield from (f"Assumes: {assumption}" for assumption in one.assumes)
    if policy.weakest is not Mark.VERIFIED:
        yield "Not every clause is verified; see the mark of each."
    yield f"Known carriers: {file.known_carriers}"


def _lines(policy: Policy, on: date | None) -> Iterator[str]:
    for number, section in enumerate(describe_sections(policy, on=on)):
        yield from (section.heading, ("-" if number else "=") * len(section.heading))
        for item in section.items:
            yield f"- {item.text}"
            yield from (f"    {line}" for line in item.details)
        yield ""


def describe_clause(clause: Clause, policy: Policy | None = None, *, on: date | None = None) -> Item:
    """Return one clause in words, with its mark and source, what it took the place of, and when it holds."""
    source = ", ".join(part for part in (clause.source, clause.reference) if part)
    details = [f"Asks: {clause.asks}"] if isinstance(clause, AdmissionClause) else []
    details.append(f"{MARK_WORDS[clause.mark].capitalize()}{f' ({source})' if source else ''}.")
    details += _dates(clause, on)
    details += [f"Adopted by {clause.adopted_by}."] if clause.adopted_by else []
    details += _reviews(clause, on)
    for before in policy.history(clause) if policy else ():
        details.append(f"Before it: {rule_of(before)} ({before.id}, {_held(before)}; {before.mark.value})")
    details += [f"Assumes: {assumption}" for assumption in clause.assumes]
    details += [f"Note: {clause.note}"] if clause.note else []
    return Item(f"{clause.id}: {rule_of(clause)}", tuple(details))


def _dates(clause: Clause, on: date | None) -> list[str]:
    if not (clause.valid_from or clause.valid_until):
        return []
    return [f"Holds {_held(clause)}.{'' if on is None or clause.holds_on(on) else f' Not in force on {on}.'}"]


def _held(clause: Clause) -> str:
    since = f"from {clause.valid_from}" if clause.valid_from else ""
    until = f"until {clause.valid_until}" if clause.valid_until else ""
    return " ".join(part for part in (since, until) if part) or "without dates"


def _reviews(clause: Clause, on: date | None) -> list[str]:
    said = [f"Reviewed on {clause.reviewed_on}."] if clause.reviewed_on else []
    if clause.review_by:
        late = " This review is overdue." if on and clause.review_overdue(on) else ""
        said.append(f"To be reviewed by {clause.review_by}.{late}")
    return said


__all__ = [
    "GROUP_HEADINGS",
    "MARK_WORDS",
    "Described",
    "Item",
    "describe",
    "describe_clause",
    "describe_condition",
    "describe_hole",
    "describe_sections",
    "rule_of",
]
