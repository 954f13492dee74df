"""The shape of an answer about one patient. See docs/decisions/0003."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from ringfence.vocabulary import Mark, weakest

Status = TypeVar("Status", bound=StrEnum)


class Truth(StrEnum):
    """Three-valued: what is not known is never NO."""

    YES = "YES"
    NO = "NO"
    UNKNOWN = "UNKNOWN"


FactKey = str
"""`table:key` of a fact, e.g. `results:R-17-1`."""


@dataclass(frozen=True)
class Reason:
    """Why: a code of a closed list, the clause it came from, the facts it used, and named values. No prose."""

    code: StrEnum
    clause: str | None = None
    mark: Mark = Mark.VERIFIED
    facts: tuple[FactKey, ...] = ()
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Missing:
    """What would settle an answer: a question or a datum, and the clause that needs it."""

    clause: str
    ask: str
    datum: str


@dataclass(frozen=True)
class Answer(Generic[Status]):
    """A status with its reasons, what is missing, what it rests on, and until when it stands."""

    status: Status
    reasons: tuple[Reason, ...]
    at: datetime
    policy: str
    """The digest of the policy."""
    known_to: int
    """The `seq` up to which facts were used."""
    missing: tuple[Missing, ...] = ()
    next_change: datetime | None = None
    """The next instant at which it can change by itself; None: never by itself."""

    @property
    def mark(self) -> Mark:
        """The weakest mark among the clauses it rests on."""
        return weakest(reason.mark for reason in self.reasons)
