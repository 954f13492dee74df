"""What would let a professional end precautions for a carrier; never more than a proposal."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from ringfence.record import months_before
from ringfence.vocabulary import Mark, Strict

from .clauses import Clause, specified
from .durations import CalendarDuration, DayDuration


class Criteria(Strict):
    """What is asked for before precautions may be ended."""

    model_config = ConfigDict(title="criteria")

    since_last_positive: CalendarDuration | None = None
    negatives: int | None = Field(default=None, ge=1, le=20)
    apart: DayDuration | None = None
    no_active_infection: Literal["yes"] | None = None
    no_antibiotic: Literal["yes"] | None = None
    not_during_stay: Literal["yes"] | None = None
    recheck_on_readmission: Literal["yes"] | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not any(getattr(self, name) for name in type(self).model_fields):
            raise ValueError("criteria need at least one condition, for example `negatives: 2`.")
        if self.apart and (self.negatives or 0) < 2:
            raise ValueError("`apart` says how far negatives are apart. Give `negatives: 2` or more with it.")
        return self


class Clear(Strict):
    """The consequence of a clearance clause: never, or criteria for a proposal."""

    model_config = ConfigDict(title="then")

    never: Literal["yes"] | None = None
    propose_when: Criteria | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.never is None) == (self.propose_when is None):
            raise ValueError("clearance is `never: yes`, or `propose_when:` with criteria; exactly one of them.")
        return self


class ClearanceClause(Clause):
    """When precautions for a carrier may end."""

    model_config = ConfigDict(title="a clearance clause")

    carriers: str | None = None
    """Which carriers it is about; None: all."""
    only_if_not_cpo: Literal["yes"] | None = None
    """It is about resistant organisms without a carbapenemase, which this program does not follow."""
    then: Clear | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        return specified(self, then=self.then)


class Clearance(StrEnum):
    """What the policy says of ending precautions."""

    NEVER = "never: precautions go on"
    NOT_YET = "criteria not met"
    PROPOSED = "criteria met: a professional may end precautions"
    DECIDE = "a professional decides"


def clearance(
    clauses: Iterable[ClearanceClause],
    *,
    last_positive: date,
    negatives: Iterable[date],
    today: date,
    in_stay: bool,
    cpo: bool = True,
) -> tuple[Clearance, ClearanceClause | None]:
    """Return what the clauses say of a carrier, and the clause that says it.

    A clause that is not verified never proposes an end by itself: where its criteria are met, a professional decides.
    """
    about = [c for c in clauses if (c.only_if_not_cpo is None) == cpo]
    never = next((c for c in about if c.then and c.then.never), None)
    if never:
        return Clearance.NEVER, never
    clause = next((c for c in about if c.then), None)
    if clause is None or clause.then is None or clause.then.propose_when is None:
        return Clearance.DECIDE, next(iter(about), None)
    criteria = clause.then.propose_when
    if not _met(criteria, last_positive, [d for d in negatives if d > last_positive], today, in_stay=in_stay):
        return Clearance.NOT_YET, clause
    # Whether there is an infection or an antibiotic is for a person to say; so is what an unverified clause allows,
    # which carriers it is about, a screen at the next visit, and criteria that ask for nothing that is on record.
    told = (criteria.no_active_infection, criteria.no_antibiotic, criteria.recheck_on_readmission, clause.carriers)
    nothing = not (criteria.since_last_positive or criteria.negatives)
    hidden = any(told) or nothing or clause.mark is not Mark.VERIFIED
    return (Clearance.DECIDE if hidden else Clearance.PROPOSED), clause


def _met(criteria: Criteria, last: date, negatives: list[date], today: date, *, in_stay: bool) -> bool:
    since = criteria.since_last_positive
    if since and last > months_before(today, since.months or 0):
        return False
    if criteria.not_during_stay and in_stay:
        return False
    return _apart(sorted(negatives), criteria.apart.number if criteria.apart else 0) >= (criteria.negatives or 0)


def _apart(days: list[date], least: int) -> int:
    """Return how many of the days can be taken so that each is at least so many days after the one before."""
    if not least:
        return len(set(days))
    count, taken = 0, None
    for day in days:
        if taken is None or (day - taken).days >= least:
            count, taken = count + 1, day
    return count
