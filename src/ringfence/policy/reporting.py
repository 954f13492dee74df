"""Clocks of reporting, in working or calendar days; and what rates are counted against."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from ringfence.vocabulary import Strict

from .clauses import Clause, specified


class Within(Strict):
    """How long there is. Working days are Monday to Friday; holidays are the site's own."""

    model_config = ConfigDict(title="within")

    days: int = Field(ge=0, le=365)
    kind: Literal["working", "calendar"]


class Report(Strict):
    """The consequence of a reporting clause; what is left out is not specified."""

    model_config = ConfigDict(title="then")

    report: Literal["yes", "no"]
    by: tuple[Literal["laboratory", "physician", "facility"], ...] = ()
    within: Within | None = None
    clock_from: Literal["specimen", "result", "confirmation"] | None = Field(default=None, alias="from")
    every: Literal["month", "quarter"] | None = None
    to: str | None = None


class ReportingClause(Clause):
    """What is reported, by when."""

    model_config = ConfigDict(title="a reporting clause")

    about: Literal["case", "outbreak", "every isolate", "counts"]
    then: Report | None = None

    @model_validator(mode="after")
    def _whole(self) -> "ReportingClause":
        return specified(self, then=self.then)


def due_on(within: Within, began: date, holidays: frozenset[date] = frozenset()) -> date:
    """Return the last day to report in: the day the clock begins on is day 0."""
    if within.kind == "calendar":
        return began + timedelta(days=within.days)
    day, left = began, within.days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in holidays
    return day


class Against(StrEnum):
    """What a rate is counted against."""

    PATIENT_DAYS = "patient_days"
    ADMISSIONS = "admissions"
    SCREENS = "screens done"
    POPULATION = "population"


class Rate(Strict):
    """The consequence of a denominators clause."""

    model_config = ConfigDict(title="then")

    per: int = Field(ge=1)
    inpatients_only: Literal["yes"] | None = None


class DenominatorsClause(Clause):
    """What rates are counted against."""

    model_config = ConfigDict(title="a denominators clause")

    about: Against
    then: Rate | None = None

    @model_validator(mode="after")
    def _whole(self) -> "DenominatorsClause":
        return specified(self, then=self.then)
