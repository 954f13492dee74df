"""Where a case was acquired: what a policy takes for it. It is only proposed; a professional declares it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from ringfence.vocabulary import Strict

from .clauses import Clause, specified
from .durations import DayDuration


class FoundWhen(Strict):
    """When the first positive was collected: on which day of a stay, or how long after the end of an earlier one.

    The day of admission is day 1. A stay is one as an inpatient; an earlier one is taken at the same facility, or at
    another, as the consequence says.
    """

    model_config = ConfigDict(title="when")

    on_or_after_day: int | None = Field(default=None, ge=1, le=60)
    within_days_of_a_stay: DayDuration | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.on_or_after_day is None) == (self.within_days_of_a_stay is None):
            raise ValueError(
                "an acquisition clause says exactly one of on_or_after_day, within_days_of_a_stay. Write a clause for "
                "each."
            )
        return self


class AcquiredAt(Strict):
    """The consequence of an acquisition clause."""

    model_config = ConfigDict(title="then")

    acquired: Literal["this facility", "another facility"]


class AcquisitionClause(Clause):
    """Where a case is taken to have been acquired."""

    model_config = ConfigDict(title="an acquisition clause")

    when: FoundWhen | None = None
    then: AcquiredAt | None = None

    @model_validator(mode="after")
    def _whole(self) -> "AcquisitionClause":
        if self.when and self.when.on_or_after_day and self.then and self.then.acquired == "another facility":
            raise ValueError(
                f"clause {self.id} takes a day of the stay for another facility. The day of the stay speaks of the "
                "facility of the stay: write `acquired: this facility`, or give within_days_of_a_stay."
            )
        return specified(self, when=self.when, then=self.then)


@dataclass(frozen=True)
class FoundOn:
    """When a first positive was collected, beside the stays of the patient."""

    day: int | None
    """The day of the stay, 1 for that of admission; None: during none."""
    after_a_stay_here: int | None = None
    """Days since the last day of an earlier stay at that facility; None: there was none."""
    after_a_stay_elsewhere: int | None = None
    """The same for other facilities."""


def acquired_by(clauses: Iterable[AcquisitionClause], found: FoundOn) -> AcquisitionClause | None:
    """Return the first clause that holds; None where none does, which says nothing."""
    return next((clause for clause in clauses if _holds(clause, found)), None)


def _holds(clause: AcquisitionClause, found: FoundOn) -> bool:
    if clause.when is None or clause.then is None:
        return False
    if clause.when.on_or_after_day is not None:
        return found.day is not None and found.day >= clause.when.on_or_after_day
    here = clause.then.acquired == "this facility"
    days = found.after_a_stay_here if here else found.after_a_stay_elsewhere
    within = clause.when.within_days_of_a_stay
    return days is not None and within is not None and days <= within.number
