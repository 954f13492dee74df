"""What every clause has, and the clauses of admission and precautions. Code knows kinds of clause; no jurisdiction."""

from datetime import date
from enum import StrEnum
from typing import Literal, Self, TypeVar

from pydantic import ConfigDict, Field, model_validator

from ringfence.record import Question
from ringfence.vocabulary import ID_PATTERN, Mark, Strict

from .conditions import Condition
from .durations import CalendarDuration, ShortDuration


class Clause(Strict):
    """What every clause has: who it is from, how far it was checked, who adopted it, and when it holds."""

    model_config = ConfigDict(title="a clause")

    id: str = Field(pattern=ID_PATTERN)
    mark: Mark
    source: str | None = None
    reference: str | None = None
    checked_on: date | None = None
    adopted_by: str | None = None
    reviewed_on: date | None = None
    review_by: date | None = None
    valid_from: date | None = None
    """The first local day it holds; None: since ever."""
    valid_until: date | None = None
    """The last local day it holds; None: until it is changed."""
    supersedes: str | None = None
    """The clause whose place it took."""
    assumes: tuple[str, ...] = ()
    note: str | None = None

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        if self.mark is not Mark.NOT_SPECIFIED and not self.source:
            raise ValueError(f"clause {self.id} is marked {self.mark.value} and names no source.")
        if self.mark is Mark.VERIFIED and not self.checked_on:
            raise ValueError(
                f"clause {self.id} is marked verified and does not say when it was read. Give `checked_on: YYYY-MM-DD`."
            )
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError(
                f"clause {self.id} holds on no day: valid_until {self.valid_until} is before valid_from "
                f"{self.valid_from}. Give the later day as valid_until."
            )
        if self.reviewed_on and self.review_by and self.review_by < self.reviewed_on:
            raise ValueError(f"clause {self.id}: review_by {self.review_by} is before reviewed_on {self.reviewed_on}.")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether the clause is in force on a local day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def meets(self, other: "Clause") -> bool:
        """Whether the two hold on a day in common."""
        starts = [day for day in (self.valid_from, other.valid_from) if day]
        ends = [day for day in (self.valid_until, other.valid_until) if day]
        return not (starts and ends) or max(starts) <= min(ends)

    def review_overdue(self, day: date) -> bool:
        """Whether it should have been reviewed before `day`."""
        return self.review_by is not None and self.review_by < day


class Target(StrEnum):
    """What a screen looks for."""

    CPO = "CPO"
    CPE = "CPE"
    CRE = "CRE"
    CPE_AND_VRE = "CPE and VRE"
    BRMO = "BRMO"
    """Highly resistant micro-organisms, as the Dutch guideline defines them."""
    ESBL_AND_CPE = "ESBL and CPE"
    OUTBREAK_ORGANISM = "the organism of the outbreak"


class Site(StrEnum):
    """Where a screen is taken from."""

    RECTAL = "rectal"
    STOOL = "stool"
    GROIN = "groin"
    INFECTED_OR_COLONIZED = "any infected or colonized site"
    WOUND = "wounds"
    URINE = "urine with a catheter"
    EXIT_SITE = "device exit sites"


class Screen(Strict):
    """The consequence of an admission clause; what is left out is not specified."""

    model_config = ConfigDict(title="then")

    screen_for: Target
    sites: tuple[Site, ...] = ()
    isolate: Literal["while pending", "no"] | None = None
    screens: int | None = Field(default=None, ge=1, le=9)
    """How many negative screens are asked for."""
    apart: ShortDuration | None = None
    """How far apart they are taken."""
    every: CalendarDuration | None = None
    """How often it is asked again during a visit that goes on, or a series of sessions."""
    cleared_by: str | None = None
    """Who says that the screen is done with."""

    @model_validator(mode="after")
    def _spaced(self) -> Self:
        if self.apart and (self.screens or 1) < 2:
            raise ValueError("`apart` says how far screens are apart. Give `screens: 2` or more with it.")
        return self


class Precaution(StrEnum):
    """What a precautions clause recommends."""

    ISOLATE = "isolate"


class Isolate(Strict):
    """The consequence of a precautions clause."""

    model_config = ConfigDict(title="then")

    recommend: Precaution


class AdmissionClause(Clause):
    """Who is screened on admission."""

    model_config = ConfigDict(title="an admission clause")

    asks: str
    question: Question | None = None
    when: Condition | None = None
    then: Screen | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        return specified(self, when=self.when, then=self.then)


class PrecautionsClause(Clause):
    """When precautions are recommended."""

    model_config = ConfigDict(title="a precautions clause")

    when: Condition | None = None
    then: Isolate | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        return specified(self, when=self.when, then=self.then)


C = TypeVar("C", bound=Clause)


def specified(clause: C, **parts: object) -> C:
    """Return a clause that has all of its parts, or none if it is marked not_specified.

    Raises:
        ValueError: with what is there and should not be, or lacks.
    """
    named = " and ".join(f"`{name}`" for name in parts)
    if clause.mark is Mark.NOT_SPECIFIED:
        if any(parts.values()):
            raise ValueError(
                f"clause {clause.id} is marked not_specified and still says {named.replace(' and ', ' or ')}."
            )
    elif not all(parts.values()):
        both = "both " if len(parts) == 2 else ""
        raise ValueError(f"clause {clause.id} needs {both}{named}.")
    return clause
