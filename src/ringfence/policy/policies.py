"""Reading a policy, strictly: its file, or a base policy with a local, dated overlay on it."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ringfence.vocabulary import DocumentError, Mark, PlainError, did_you_mean, read_document, shipped, weakest

from .acquisition import AcquisitionClause
from .admission import KnownCarriage
from .clauses import AdmissionClause, Clause, PrecautionsClause
from .clearance import ClearanceClause
from .contacts import ContactsClause
from .files import (
    GROUPS,
    OverlayFile,
    PolicyFile,
    faults_of_overlay,
    faults_of_policy,
    faults_over,
    laid_over,
)
from .identification import Identification
from .outbreaks import OutbreakClause
from .reporting import DenominatorsClause, ReportingClause
from .schedules import FollowUpClause

if TYPE_CHECKING:
    from .holes import Hole

C = TypeVar("C", bound=Clause)


class PolicyError(PlainError):
    """A policy that cannot be used; the message says where and what would be right."""


@dataclass(frozen=True)
class Policy:
    """A policy in force: its file, and the digest that names exactly this text."""

    file: PolicyFile
    digest: str
    path: Path
    overlay: OverlayFile | None = None
    base: "Policy | None" = None
    """The policy under an overlay."""

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
        """Who is a contact."""
        return self.file.clauses.contacts

    @property
    def follow_up(self) -> tuple[FollowUpClause, ...]:
        """What contacts are owed."""
        return self.file.clauses.follow_up

    @property
    def clearance(self) -> tuple[ClearanceClause, ...]:
        """When precautions for a carrier may end."""
        return self.file.clauses.clearance

    @property
    def outbreak(self) -> tuple[OutbreakClause, ...]:
        """When an outbreak begins and is over."""
        return self.file.clauses.outbreak

    @cached_property
    def identification(self) -> Identification:
        """What counts as a case, and how cases are counted."""
        return Identification.of(self.file.clauses.identification)

    @property
    def acquisition(self) -> tuple[AcquisitionClause, ...]:
        """Where a case is taken to have been acquired."""
        return self.file.clauses.acquisition

    @property
    def reporting(self) -> tuple[ReportingClause, ...]:
        """What is reported, by when."""
        return self.file.clauses.reporting

    @property
    def denominators(self) -> tuple[DenominatorsClause, ...]:
        """What rates are counted against."""
        return self.file.clauses.denominators

    @cached_property
    def weakest(self) -> Mark:
        """The weakest mark of any clause."""
        return weakest(c.mark for c in self.file.every_clause)

    @property
    def is_draft(self) -> bool:
        """Whether an admission clause is not verified."""
        return any(clause.mark is not Mark.VERIFIED for clause in self.admission)

    @cached_property
    def decides_for_carriers(self) -> bool:
        """Whether an admission clause speaks of known carriers; else they are handled directly."""
        conditions = [clause.when for clause in self.admission if clause.when]
        return any(isinstance(p, KnownCarriage) for c in conditions for p in c.predicates())

    def clause(self, clause_id: str) -> Clause:
        """Return the clause of that id."""
        return next(c for c in self.file.every_clause if c.id == clause_id)

    def on(self, day: date, facility_id: str | None = None) -> "Policy":
        """Return the policy as in force on a local day at a site: its dated clauses, and its overlay or not."""
        if self.overlay and self.base and not self._laid_on(day, facility_id):
            return self.base.on(day)
        if not self._dated:
            return self
        if day not in self._by_day:
            kept = tuple(c.id for c in self.file.every_clause if c.holds_on(day))
            self._by_day[day] = self if len(kept) == len(self.file.every_clause) else self.only(kept)
        return self._by_day[day]

    @cached_property
    def _by_day(self) -> dict[date, "Policy"]:
        """The policy as in force on each day that was asked for."""
        return {}

    def _laid_on(self, day: date, facility_id: str | None) -> bool:
        assert self.overlay is not None
        here = self.overlay.place.facilities
        return self.overlay.holds_on(day) and (not here or facility_id is None or facility_id in here)

    @cached_property
    def _dated(self) -> bool:
        return any(c.valid_from or c.valid_until for c in self.file.every_clause)

    @cached_property
    def _parts(self) -> dict[tuple[str, ...], "Policy"]:
        return {}

    def only(self, ids: tuple[str, ...]) -> "Policy":
        """Return the policy of some of its clauses, made once; it keeps the digest of the whole text."""
        if ids not in self._parts:
            kept = {g: tuple(c for c in getattr(self.file.clauses, g) if c.id in ids) for g in GROUPS}
            file = self.file.model_copy(update={"clauses": self.file.clauses.model_copy(update=kept)})
            self._parts[ids] = Policy(file, self.digest, self.path)
        return self._parts[ids]

    def next_date(self, day: date) -> date | None:
        """Return the next local day after `day` on which other clauses hold; None: there is none."""
        dates = {c.valid_from for c in self.file.every_clause}
        dates |= {c.valid_until + timedelta(days=1) for c in self.file.every_clause if c.valid_until}
        if self.overlay:
            until = self.overlay.valid_until
            dates |= {self.overlay.valid_from, until + timedelta(days=1) if until else None}
        return min((one for one in dates if one and one > day), default=None)

    def history(self, clause: C) -> tuple[C, ...]:
        """Return the clauses whose place a clause took, the latest first; then what an overlay put aside."""
        found: list[C] = []
        by_id = {c.id: c for c in self.file.every_clause}
        one: Clause | None = clause
        while one and one.supersedes and (one := by_id.get(one.supersedes)):
            assert isinstance(one, type(clause))
            found.append(one)
        under = {c.id: c for c in self.base.file.every_clause} if self.base else {}
        put_aside = under.get(clause.id)
        if isinstance(put_aside, type(clause)) and put_aside != clause:
            found.append(put_aside)
        return tuple(found)


def policy_ids() -> list[str]:
    """Return the ids of the shipped policies and overlays."""
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
        return _read(path, called)
    except DocumentError as error:
        raise PolicyError(str(error)) from None


def _read(path: Path, called: str) -> Policy:
    document = read_document(path, name=called)
    digest = hashlib.sha256(path.read_bytes())
    if not (isinstance(document.data, dict) and "overlay" in document.data):
        return Policy(document.into(PolicyFile, faults_of_policy), digest.hexdigest()[:16], path)
    overlay = document.into(OverlayFile, faults_of_overlay)
    base = _base(overlay, path, f"{called}:{document.line(('base',))}")
    wrong = sorted((document.line(at), complaint) for at, complaint in faults_over(base.file, overlay))
    if wrong:
        raise PolicyError("\n".join(f"{called}:{line}: {complaint}" for line, complaint in wrong))
    digest.update(base.digest.encode())
    return Policy(laid_over(base.file, overlay), digest.hexdigest()[:16], path, overlay, base)


def _base(overlay: OverlayFile, path: Path, where: str) -> Policy:
    beside = path.with_name(f"{overlay.base}.yaml")
    if overlay.base == overlay.id or not (beside.is_file() or overlay.base in policy_ids()):
        known = [name for name in policy_ids() if name != overlay.id]
        raise PolicyError(
            f"{where}: this overlay lies on `{overlay.base}`, and there is no such policy. Shipped: {', '.join(known)};"
            f" or a file beside it.{did_you_mean(overlay.base, known)}"
        )
    base = load_policy(
        str(beside) if beside.is_file() and overlay.base not in policy_ids() else overlay.base,
    )
    if base.overlay:
        raise PolicyError(
            f"{where}: `{overlay.base}` is itself an overlay, and an overlay lies on a policy. Write "
            f"`base: {base.overlay.base}`, and copy the clauses of `{overlay.base}` that hold here too."
        )
    return base
