"""The shape of a policy file and of an overlay file, and what is wrong between the clauses of one."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from ringfence.vocabulary import ID_PATTERN, Mark, Strict, did_you_mean, organisms

from .acquisition import AcquisitionClause
from .clauses import AdmissionClause, Clause, PrecautionsClause
from .clearance import ClearanceClause
from .conditions import ADMISSION_PREDICATES, PRECAUTIONS_PREDICATES, PREDICATES, Condition
from .contacts import ContactsClause
from .identification import IdentificationClause
from .outbreaks import OutbreakClause
from .reporting import DenominatorsClause, ReportingClause
from .schedules import FollowUpClause

PolicyId = Annotated[str, Field(pattern=ID_PATTERN)]
At = tuple[str | int, ...]
Fault = tuple[At, str]


class Source(Strict):
    """Where clauses were read."""

    model_config = ConfigDict(title="a source")

    title: str
    where: str


class SomeClauses(Strict):
    """Clauses by the decision they serve."""

    model_config = ConfigDict(title="clauses")

    admission: tuple[AdmissionClause, ...] = ()
    precautions: tuple[PrecautionsClause, ...] = ()
    contacts: tuple[ContactsClause, ...] = ()
    follow_up: tuple[FollowUpClause, ...] = ()
    clearance: tuple[ClearanceClause, ...] = ()
    outbreak: tuple[OutbreakClause, ...] = ()
    identification: tuple[IdentificationClause, ...] = ()
    acquisition: tuple[AcquisitionClause, ...] = ()
    reporting: tuple[ReportingClause, ...] = ()
    denominators: tuple[DenominatorsClause, ...] = ()

    @property
    def groups(self) -> Mapping[str, tuple[Clause, ...]]:
        """Every group by name, in order."""
        return {name: getattr(self, name) for name in GROUPS}


GROUPS = tuple(SomeClauses.model_fields)


class Clauses(SomeClauses):
    """The clauses of a whole policy; one that says nothing of admission, precautions or contacts is not one."""

    model_config = ConfigDict(title="clauses")

    admission: tuple[AdmissionClause, ...] = Field(min_length=1)
    precautions: tuple[PrecautionsClause, ...] = Field(min_length=1)
    contacts: tuple[ContactsClause, ...] = Field(min_length=1)


class PolicyFile(Strict):
    """A policy file."""

    model_config = ConfigDict(title="a policy")

    policy: Literal["1"]
    id: PolicyId
    title: str
    version: str
    jurisdiction: str
    known_carriers: str
    sources: dict[str, Source]
    clauses: Clauses

    @property
    def every_clause(self) -> tuple[Clause, ...]:
        """All clauses in the order of their groups."""
        return tuple(clause for some in self.clauses.groups.values() for clause in some)


class OverlayPlace(Strict):
    """Where an overlay holds."""

    model_config = ConfigDict(title="a place")

    name: str
    facilities: tuple[str, ...] = ()
    """The facilities it holds in, as the record names them; empty: those that adopt it."""


class OverlayFile(Strict):
    """A local, dated overlay: clauses that are added to a policy, or take the place of its own, for a time."""

    model_config = ConfigDict(title="an overlay")

    overlay: Literal["1"]
    id: PolicyId
    title: str
    version: str
    base: str
    place: OverlayPlace
    valid_from: date = Field(alias="from")
    valid_until: date | None = Field(alias="until", default=None)
    adopted_by: str
    assumes: tuple[str, ...] = ()
    sources: dict[str, Source]
    clauses: SomeClauses

    @property
    def every_clause(self) -> tuple[Clause, ...]:
        """All clauses in the order of their groups."""
        return tuple(clause for some in self.clauses.groups.values() for clause in some)

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a local day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def faults_of_policy(file: PolicyFile) -> Iterator[Fault]:
    """Yield what is wrong between the parts of a policy file, with where each stands."""
    yield from _faults(file.clauses, file.sources)
    yield from _untitled(file.clauses, file.title)
    for clause, other, group, number in _doubled(file.clauses):
        yield (
            ("clauses", group, number),
            f"clauses {other.id} and {clause.id} are both about `{_about(clause)}` and would hold on one day. Keep "
            "one, or give them days that do not meet.",
        )


def _untitled(clauses: SomeClauses, title: str) -> Iterator[Fault]:
    draft = any(clause.mark is not Mark.VERIFIED for clause in clauses.admission)
    if draft and "draft" not in title.casefold():
        yield (
            ("title",),
            "not every admission clause of this policy is verified, and its title does not say that it is a draft. "
            f"Write `title: 'Draft: {title}'`.",
        )


def faults_of_overlay(file: OverlayFile) -> Iterator[Fault]:
    """Yield what is wrong between the parts of an overlay file, with where each stands."""
    if file.valid_until and file.valid_until < file.valid_from:
        yield (
            ("until",),
            f"this overlay holds on no day: `until` {file.valid_until} is before `from` {file.valid_from}. Give the "
            "later day as `until`, or leave it out.",
        )
    yield from _faults(file.clauses, file.sources)


def faults_over(base: PolicyFile, overlay: OverlayFile) -> Iterator[Fault]:
    """Yield what is wrong between an overlay and the policy it lies on, with where each stands in the overlay."""
    laid = laid_over(base, overlay)
    yield from _untitled(laid.clauses, overlay.title)
    for name, source in overlay.sources.items():
        if name in base.sources and base.sources[name] != source:
            yield (
                ("sources", name),
                f"the policy {base.id} has a source {name} of its own, and its clauses would name this one instead. "
                f"Give yours another name, for example `own-{name}`.",
            )
    of_base = {clause.id: group for group, some in base.clauses.groups.items() for clause in some}
    for group, some in overlay.clauses.groups.items():
        for number, clause in enumerate(some):
            if of_base.get(clause.id, group) != group:
                yield (
                    ("clauses", group, number, "id"),
                    f"{clause.id} is a clause of {of_base[clause.id]} in the policy {base.id}, and here it stands "
                    f"under {group}. Give it an id of its own, or put it under {of_base[clause.id]}.",
                )
    own = {clause.id: (group, n) for group, some in overlay.clauses.groups.items() for n, clause in enumerate(some)}
    for clause, other, _, _ in _doubled(laid.clauses):
        mine, theirs = (clause, other) if clause.id in own else (other, clause)
        if mine.id in own:
            yield (
                ("clauses", *own[mine.id]),
                f"clauses {theirs.id} and {mine.id} are both about `{_about(mine)}` and would hold on one day. Give "
                f"this one the id {theirs.id}, and it takes the place of that.",
            )


def _about(clause: Clause) -> str:
    """Return what a clause is the only one to speak of, on any day; empty: several may."""
    if isinstance(clause, IdentificationClause):
        return clause.key
    return str(clause.about) if isinstance(clause, FollowUpClause | ReportingClause | DenominatorsClause) else ""


def _doubled(clauses: SomeClauses) -> Iterator[tuple[Clause, Clause, str, int]]:
    """Yield each clause that says again what one before it says on the same day: it, that one, and where it stands."""
    for group, some in clauses.groups.items():
        for number, clause in enumerate(some):
            before = (one for one in some[:number] if _about(one) == _about(clause) and one.meets(clause))
            if clause.id not in (one.id for one in some[:number]) and _about(clause) and (other := next(before, None)):
                yield clause, other, group, number


def _faults(clauses: SomeClauses, sources: Mapping[str, Source]) -> Iterator[Fault]:
    seen: dict[str, Clause] = {}
    for group, some in clauses.groups.items():
        own = {clause.id: clause for clause in some}
        for number, clause in enumerate(some):
            at: At = ("clauses", group, number)
            if clause.id in seen:
                yield (*at, "id"), f"two clauses have the id {clause.id}. Give each its own."
            seen[clause.id] = clause
            if clause.source and clause.source not in sources:
                yield (
                    (*at, "source"),
                    f"clause {clause.id} names the source {clause.source}, which is not under `sources`: "
                    f"{', '.join(sources)}.{did_you_mean(clause.source, sources)}",
                )
            yield from _history(clause, own, at)
            if isinstance(clause, IdentificationClause) and clause.then and clause.then.organisms:
                yield from _organisms(clause.then.organisms, at)
            if isinstance(clause, AdmissionClause | PrecautionsClause) and clause.when:
                yield from _misplaced(clause.when, (*at, "when"), group)


def _organisms(named: tuple[str, ...], at: At) -> Iterator[Fault]:
    known = {*organisms(), *(one.group for one in organisms().values())}
    for name in named:
        if name not in known:
            yield (
                (*at, "then", "organisms"),
                f"`{name}` is no code and no group of codelists/organisms.csv. Groups: "
                f"{', '.join(sorted({one.group for one in organisms().values()}))}.{did_you_mean(name, known)}",
            )


def _history(clause: Clause, own: Mapping[str, Clause], at: At) -> Iterator[Fault]:
    """Yield what is wrong in the dates of a clause and the one whose place it took."""
    if clause.supersedes is None:
        return
    before = own.get(clause.supersedes)
    if before is None:
        others = [name for name in own if name != clause.id]
        yield (
            (*at, "supersedes"),
            f"clause {clause.id} takes the place of {clause.supersedes}, which is no clause of this group."
            f"{did_you_mean(clause.supersedes, others)}",
        )
    elif before.valid_until is None or clause.valid_from is None or clause.valid_from <= before.valid_until:
        until = before.valid_until or (clause.valid_from - timedelta(days=1) if clause.valid_from else "DAY")
        yield (
            (*at, "supersedes"),
            f"clauses {before.id} and {clause.id} would hold on one day. Give {before.id} `valid_until: {until}` and "
            f"{clause.id} a later `valid_from`.",
        )


def _misplaced(condition: Condition, at: At, group: str) -> Iterator[Fault]:
    allowed = ADMISSION_PREDICATES if group == "admission" else PRECAUTIONS_PREDICATES
    for name in PREDICATES:
        if getattr(condition, name) is not None and name not in allowed:
            yield (*at, name), f"`{name}` does not belong in a clause of {group}. There: {', '.join(allowed)}."
    if group == "precautions" and condition.parts:
        yield at, "`all` and `any` do not belong in a clause of precautions yet. Write a clause for each condition."
    for joint in ("all", "any"):
        for number, part in enumerate(getattr(condition, joint) or ()):
            yield from _misplaced(part, (*at, joint, number), group)


def laid_over(base: PolicyFile, overlay: OverlayFile) -> PolicyFile:
    """Return the policy as it is while an overlay holds: a clause of the same id takes the place of the base's."""
    clauses = {group: _joined(getattr(base.clauses, group), getattr(overlay.clauses, group)) for group in GROUPS}
    return base.model_copy(
        update={
            "id": overlay.id,
            "title": overlay.title,
            "version": overlay.version,
            "jurisdiction": f"{base.jurisdiction}: {overlay.place.name}",
            "sources": {**base.sources, **overlay.sources},
            "clauses": base.clauses.model_copy(update=clauses),
        }
    )


def _joined(base: Iterable[Clause], over: Iterable[Clause]) -> tuple[Clause, ...]:
    own = {clause.id: clause for clause in over}
    return (*(own.pop(clause.id, clause) for clause in base), *own.values())
