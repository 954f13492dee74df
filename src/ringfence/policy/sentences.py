"""A policy in words that a professional can read and sign."""

from collections.abc import Iterator
from dataclasses import dataclass

from ringfence.vocabulary import Mark

from .clauses import (
    AdmissionClause,
    CareAbroad,
    Clause,
    Condition,
    LastPositive,
    Limits,
    PrecautionsClause,
    RefugeeReception,
)
from .durations import Duration
from .holes import Hole, holes
from .policies import Policy

MARK_WORDS = {
    Mark.VERIFIED: "verified: read in the source",
    Mark.SECONDARY: "secondary: read in a document that quotes or applies the source",
    Mark.UNVERIFIED: "unverified: believed, not read",
    Mark.NOT_SPECIFIED: "not specified: not found, or not read yet",
}

QUANTITIES = {
    ("care_abroad", "ended_ago"): "care abroad that ended exactly {value} before admission",
    ("care_abroad", "lasted"): "care abroad that lasted exactly {value}",
    ("refugee_reception", "ended_ago"): "refugee reception that ended exactly {value} before admission",
    ("last_positive", "ago"): "a last positive specimen exactly {value} ago",
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


def describe(policy: Policy) -> str:
    """Return the whole policy as text."""
    return "\n".join(_lines(policy)).rstrip() + "\n"


def describe_condition(condition: Condition) -> str:
    """Return a condition as a phrase."""
    if condition.parts:
        joint = " and " if condition.all else " or "
        return joint.join(f"({describe_condition(part)})" for part in condition.parts)
    predicate = condition.predicate
    if isinstance(predicate, CareAbroad):
        return _care_abroad(predicate)
    if isinstance(predicate, RefugeeReception):
        return f"lives in refugee reception, or left it {_limits(predicate.ended_ago, ' ago')}"
    if isinstance(predicate, LastPositive):
        return f"a known carrier whose last positive specimen was collected {_limits(predicate.ago, ' ago')}"
    if condition.outbreak_ward:
        return "comes from a ward with an uncontrolled outbreak"
    return "asked to be screened, while the result is not there yet"


def describe_hole(hole: Hole) -> str:
    """Return a hole as a sentence."""
    what = QUANTITIES[(hole.predicate, hole.quantity)].format(value=hole.value)
    return (
        f"Says nothing of {what}. Below it: {', '.join(hole.below)}. Above it: {', '.join(hole.above)}. "
        "A patient there is UNKNOWN."
    )


def describe_sections(policy: Policy) -> list[Described]:
    """Return the policy in words, section by section."""
    file = policy.file
    about = [f"Jurisdiction: {file.jurisdiction}. Version {file.version}. Digest {policy.digest}."]
    if policy.weakest is not Mark.VERIFIED:
        about.append("Not every clause is verified; see the mark of each.")
    about.append(f"Known carriers: {file.known_carriers}")
    found = [describe_hole(hole) for hole in holes(policy)]
    sources = [f"{name}: {source.title}; {source.where}" for name, source in file.sources.items()]
    return [
        Described(file.title, tuple(Item(line) for line in about)),
        Described("Who is screened on admission", tuple(_clause(c) for c in policy.admission)),
        Described("When precautions are recommended", tuple(_clause(c) for c in policy.precautions)),
        Described("Contacts", tuple(_clause(c) for c in policy.contacts)),
        Described("Holes", tuple(Item(line) for line in found or ["None found."])),
        Described("Sources", tuple(Item(line) for line in sources)),
    ]


def _lines(policy: Policy) -> Iterator[str]:
    for number, section in enumerate(describe_sections(policy)):
        yield from (section.heading, ("-" if number else "=") * len(section.heading))
        for item in section.items:
            yield f"- {item.text}"
            yield from (f"    {line}" for line in item.details)
        yield ""


def _clause(clause: Clause) -> Item:
    source = ", ".join(part for part in (clause.source, clause.reference) if part)
    details = [f"Asks: {clause.asks}"] if isinstance(clause, AdmissionClause) else []
    details.append(f"{MARK_WORDS[clause.mark].capitalize()}{f' ({source})' if source else ''}.")
    details += [f"Assumes: {assumption}" for assumption in clause.assumes]
    details += [f"Note: {clause.note}"] if clause.note else []
    return Item(f"{clause.id}: {_rule(clause)}", tuple(details))


def _rule(clause: Clause) -> str:
    if isinstance(clause, AdmissionClause) and clause.when and clause.then:
        return f"Screen for {clause.then.screen_for.value} whoever {describe_condition(clause.when)}."
    if isinstance(clause, PrecautionsClause) and clause.when and clause.then:
        return f"Recommend to {clause.then.recommend.value} whoever is {describe_condition(clause.when)}."
    return "Not specified."


def _care_abroad(predicate: CareAbroad) -> str:
    said = "was in a health-care facility abroad"
    if predicate.lasted:
        said += f" for {_limits(predicate.lasted, '')}"
    if predicate.invasive_procedure:
        said += " with an invasive procedure there"
    return f"{said}, which ended {_limits(predicate.ended_ago, ' ago')}" if predicate.ended_ago else said


def _limits(limits: Limits[Duration], suffix: str) -> str:
    words = {
        "more_than": "more than",
        "at_least": "at least",
        "less_than": "less than",
        "at_most": "at most",
    }
    given = [f"{word} {value}" for name, word in words.items() if (value := getattr(limits, name)) is not None]
    return " and ".join(given) + suffix
