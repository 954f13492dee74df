"""When an outbreak is declared and when it is over; each is a proposal that a person declares."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from ringfence.record import Truth
from ringfence.vocabulary import Mark, Strict

from .clauses import Clause, specified
from .durations import DayDuration
from .schedules import clean_rounds


class CaseLink(StrEnum):
    """What links cases."""

    TIME = "time"
    PLACE = "place"
    ORGANISM = "organism"
    GENE = "gene"
    PLASMID = "plasmid"
    TYPE = "type"


class Declare(Strict):
    """What proposes that an outbreak be declared."""

    model_config = ConfigDict(title="declare")

    min_cases: int | None = Field(default=None, ge=1, le=50)
    link: tuple[CaseLink, ...] = ()
    within: DayDuration | None = None
    despite_measures: Literal["yes"] | None = None
    """Sustained transmission in spite of control measures: a person judges it."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.min_cases is None and self.despite_measures is None:
            raise ValueError("`declare` needs `min_cases`, or `despite_measures: yes`.")
        return self


class End(Strict):
    """What proposes that an outbreak is over."""

    model_config = ConfigDict(title="end")

    clean_surveys: int | None = Field(default=None, ge=1, le=20)
    interval: DayDuration | None = None
    days_since_last_case: int | None = Field(default=None, ge=1, le=365)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.clean_surveys is None) == (self.days_since_last_case is None):
            raise ValueError("`end` is `clean_surveys` (with `interval`) or `days_since_last_case`; exactly one.")
        return self


class Outbreak(Strict):
    """The consequence of an outbreak clause."""

    model_config = ConfigDict(title="then")

    declare: Declare | None = None
    end: End | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.declare is None) == (self.end is None):
            raise ValueError("an outbreak clause says `declare` or `end`; exactly one. Write a clause for each.")
        return self


class OutbreakClause(Clause):
    """When an outbreak begins, or is over."""

    model_config = ConfigDict(title="an outbreak clause")

    about: Literal["declare", "end"]
    then: Outbreak | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        specified(self, then=self.then)
        if self.then and getattr(self.then, self.about) is None:
            raise ValueError(f"clause {self.id} is about `{self.about}` and says something else. Let the two agree.")
        return self


def to_declare(clause: OutbreakClause, *, cases: int, links: tuple[CaseLink, ...], days: int) -> Truth:
    """Return whether a clause proposes to declare an outbreak of so many linked cases within so many days."""
    declare = clause.then.declare if clause.then else None
    if declare is None or declare.min_cases is None:
        return Truth.UNKNOWN
    in_time = declare.within is None or days <= declare.within.number
    held = cases >= declare.min_cases and set(declare.link) <= set(links) and in_time
    # An unverified clause may propose, and never settles that there is no outbreak.
    return Truth.YES if held else Truth.NO if clause.mark is Mark.VERIFIED else Truth.UNKNOWN


def to_end(clause: OutbreakClause, *, surveys: Iterable[tuple[date, int]], days_since_last_case: int) -> Truth:
    """Return whether a clause proposes that an outbreak is over; what is not verified never closes one by itself.

    Args:
        clause: when an outbreak is over.
        surveys: of the unit, each as its day and how many new positives it found.
        days_since_last_case: calendar days.
    """
    end = clause.then.end if clause.then else None
    if end is None:
        return Truth.UNKNOWN
    held = (
        clean_rounds(surveys, every=end.interval.number if end.interval else 1) >= end.clean_surveys
        if end.clean_surveys is not None
        else days_since_last_case >= (end.days_since_last_case or 0)
    )
    if not held:
        return Truth.NO
    return Truth.YES if clause.mark is Mark.VERIFIED else Truth.UNKNOWN
