"""Reading a policy file, strictly."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict

from ringfence.vocabulary import DocumentError, Mark, PlainError, Strict, did_you_mean, read_document, shipped, weakest

from .clauses import (
    ADMISSION_PREDICATES,
    PRECAUTIONS_PREDICATES,
    PREDICATES,
    AdmissionClause,
    Clause,
    Condition,
    ContactsClause,
    PrecautionsClause,
)

if TYPE_CHECKING:
    from .holes import Hole


class PolicyError(PlainError):
    """A policy that cannot be used; the message says where and what would be right."""


class Source(Strict):
    """Where clauses were read."""

    model_config = ConfigDict(title="a source")

    title: str
    where: str


class Clauses(Strict):
    """The clauses, by the decision they serve."""

    model_config = ConfigDict(title="clauses")

    admission: tuple[AdmissionClause, ...]
    precautions: tuple[PrecautionsClause, ...]
    contacts: tuple[ContactsClause, ...]


class PolicyFile(Strict):
    """A policy file."""

    model_config = ConfigDict(title="a policy")

    policy: Literal["1"]
    id: str
    title: str
    version: str
    jurisdiction: str
    known_carriers: str
    sources: dict[str, Source]
    clauses: Clauses

    @property
    def every_clause(self) -> tuple[Clause, ...]:
        """All clauses in the order of the file."""
        return (*self.clauses.admission, *self.clauses.precautions, *self.clauses.contacts)


@dataclass(frozen=True)
class Policy:
    """A policy in force: its file, and the digest that names exactly this text."""

    file: PolicyFile
    digest: str
    path: Path

    @cached_property
    def holes(self) -> tuple["Hole", ...]:
        """See `holes`; found once, as every admission asks for them."""
        from .holes import holes  # it reads policies, so it comes after them

        return tuple(holes(self))

    @property
    def id(self) -> str:
        """The policy's short name."""
        return self.file.id

    @property
    def title(self) -> str:
        """The policy's title."""
        return self.file.title

    @property
    def admission(self) -> tuple[AdmissionClause, ...]:
        """Who is screened on admission."""
        return self.file.clauses.admission

    @property
    def precautions(self) -> tuple[PrecautionsClause, ...]:
        """When precautions are recommended."""
        return self.file.clauses.precautions

    @property
    def contacts(self) -> tuple[ContactsClause, ...]:
        """Who is a contact, and what is owed."""
        return self.file.clauses.contacts

    @cached_property
    def weakest(self) -> Mark:
        """The weakest mark of any clause."""
        return weakest(c.mark for c in self.file.every_clause)

    def clause(self, clause_id: str) -> Clause:
        """Return the clause of that id."""
        return next(c for c in self.file.every_clause if c.id == clause_id)


def policy_ids() -> list[str]:
    """Return the ids of the shipped policies."""
    return sorted(p.stem for p in shipped("policies").glob("*.yaml") if not p.stem.endswith(".cases"))


def load_policy(name: str) -> Policy:
    """Return the shipped policy of that id, or the policy in the file of that path.

    Raises:
        PolicyError: there is none, or the file has faults; every fault with its line.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else shipped("policies", f"{name}.yaml")
    if not path.is_file() or (name not in policy_ids() and path.parent == shipped("policies")):
        raise PolicyError(
            f"There is no policy `{name}`. Shipped: {', '.join(policy_ids())}; or give the path of a .yaml file."
            + did_you_mean(name, policy_ids())
        )
    called = f"policies/{path.name}" if path.parent == shipped("policies") else name
    if path.stem.endswith(".cases"):
        raise PolicyError(f"{called}: these are the cases of a policy. Name {path.name.replace('.cases', '')} itself.")
    try:
        file = read_document(path, name=called).into(PolicyFile, _faults)
    except DocumentError as error:
        raise PolicyError(str(error)) from None
    return Policy(file, hashlib.sha256(path.read_bytes()).hexdigest()[:16], path)


At = tuple[str | int, ...]
_GROUPS: dict[str, tuple[str, ...]] = {
    "admission": ADMISSION_PREDICATES,
    "precautions": PRECAUTIONS_PREDICATES,
    "contacts": (),
}


def _faults(file: PolicyFile) -> Iterator[tuple[At, str]]:
    """Yield what is wrong between clauses, with where it stands in the document."""
    seen: set[str] = set()
    for group, allowed in (
        ("admission", ADMISSION_PREDICATES),
        ("precautions", PRECAUTIONS_PREDICATES),
        ("contacts", ()),
    ):
        for number, clause in enumerate(getattr(file.clauses, group)):
            at: At = ("clauses", group, number)
            if clause.id in seen:
                yield (*at, "id"), f"two clauses have the id {clause.id}. Give each its own."
            seen.add(clause.id)
            if clause.source and clause.source not in file.sources:
                yield (
                    (*at, "source"),
                    f"clause {clause.id} names the source {clause.source}, which is not under `sources`: "
                    f"{', '.join(file.sources)}.{did_you_mean(clause.source, file.sources)}",
                )
            if getattr(clause, "when", None):
                yield from _misplaced(clause.when, (*at, "when"), group, allowed)


def _misplaced(condition: Condition, at: At, group: str, allowed: tuple[str, ...]) -> Iterator[tuple[At, str]]:
    for name in PREDICATES:
        if getattr(condition, name) is not None and name not in allowed:
            yield (*at, name), f"`{name}` does not belong in a clause of {group}. There: {', '.join(allowed)}."
    if group == "precautions" and condition.parts:
        yield at, "`all` and `any` do not belong in a clause of precautions yet. Write a clause for each condition."
    for joint in ("all", "any"):
        for number, part in enumerate(getattr(condition, joint) or ()):
            yield from _misplaced(part, (*at, joint, number), group, allowed)
