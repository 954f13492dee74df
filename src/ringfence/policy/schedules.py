"""What a contact is owed: screens anchored on the last exposure, on calendar weeks, or on survey rounds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from ringfence.vocabulary import Strict

from .clauses import Clause, Site, specified
from .durations import DayDuration


class FromLastExposure(Strict):
    """Sets on different days, of which one on or after a day; the day of the last exposure is day 0."""

    model_config = ConfigDict(title="from_last_exposure")

    sets: int = Field(ge=1, le=20)
    one_on_or_after_day: int | None = Field(default=None, ge=1, le=365)


class CalendarWeeks(Strict):
    """A screen every so many days, for a number of weeks, while the contact is an inpatient."""

    model_config = ConfigDict(title="calendar_weeks")

    every: DayDuration
    weeks: int = Field(ge=1, le=52)
    while_: Literal["inpatient", "anywhere"] = Field(alias="while", default="inpatient")

    @model_validator(mode="after")
    def _has_a_day(self) -> Self:
        if self.every.number > self.weeks * 7:
            raise ValueError(
                f"`every: {self.every.number} days` is longer than {self.weeks} weeks, so no screen would ever be due. "
                "Give more weeks, or fewer days."
            )
        return self


class SurveyRounds(Strict):
    """Surveys of the whole unit, until so many in a row are clean."""

    model_config = ConfigDict(title="survey_rounds")

    every: DayDuration
    until_clean: int = Field(ge=1, le=20)


class Owed(Strict):
    """The consequence of a follow-up clause: a schedule, or whether contacts are isolated while waiting."""

    model_config = ConfigDict(title="then")

    from_last_exposure: FromLastExposure | None = None
    calendar_weeks: CalendarWeeks | None = None
    survey_rounds: SurveyRounds | None = None
    isolate_while_waiting: Literal["yes", "no", "by level"] | None = None
    sites: tuple[Site, ...] = ()

    @model_validator(mode="after")
    def _one(self) -> Self:
        said = [name for name in type(self).model_fields if name != "sites" and getattr(self, name) is not None]
        if len(said) != 1:
            raise ValueError(
                "a follow-up clause says exactly one of from_last_exposure, calendar_weeks, survey_rounds, "
                f"isolate_while_waiting; here are {len(said)}. Write a clause for each."
            )
        return self


class FollowUpClause(Clause):
    """What contacts are owed."""

    model_config = ConfigDict(title="a follow-up clause")

    about: Literal["schedule", "isolation"]
    then: Owed | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        specified(self, then=self.then)
        if self.then and (self.then.isolate_while_waiting is not None) != (self.about == "isolation"):
            raise ValueError(f"clause {self.id} is about `{self.about}` and says something else. Let the two agree.")
        return self


@dataclass(frozen=True)
class StillOwed:
    """How many screens a contact still owes, and from which day the next, or the late one, counts."""

    screens: int
    from_day: date | None = None
    late: bool = False
    """Whether one of them has to be on or after `from_day`."""


def still_owed(schedule: FromLastExposure, *, last_exposure: date, done: Iterable[date]) -> StillOwed:
    """Return what is owed after negative screens on the days `done`; several on one day are one set.

    Screens on or before the last exposure say nothing of it and do not count.
    """
    days = {day for day in done if day > last_exposure}
    lacking = max(schedule.sets - len(days), 0)
    after = schedule.one_on_or_after_day
    if after is None:
        return StillOwed(lacking, last_exposure + timedelta(days=1) if lacking else None)
    from_day = last_exposure + timedelta(days=after)
    late = not any(day >= from_day for day in days)
    owed = max(lacking, 1) if late else lacking
    return StillOwed(owed, from_day if late else None, late)


@dataclass(frozen=True)
class Rounds:
    """The screens of calendar weeks: those answered, and the due days that are not."""

    answered: int
    missed: tuple[date, ...]
    """Due days up to today without a screen."""
    ahead: tuple[date, ...]
    """Due days after today without a screen."""
    all: int
    """How many there are, answered or not, those that asked for nothing among them."""


def weekly(
    schedule: CalendarWeeks,
    *,
    began: date,
    done: Iterable[date],
    today: date,
    inpatient: Callable[[date], bool] = lambda _: True,
) -> Rounds:
    """Return which due days of calendar weeks are answered by a screen, and which are not.

    A screen answers the due day nearest to it, less than one interval away; a screen left over answers the earliest
    that is still open before it. Where the schedule is for inpatients, a due day on which somebody was none asks for
    nothing.
    """
    step = timedelta(days=schedule.every.number)
    rounds = [began + n * step for n in range(1, schedule.weeks * 7 // schedule.every.number + 1)]
    asks = {due for due in rounds if due > today or schedule.while_ == "anywhere" or inpatient(due)}
    left = sorted({day for day in done if began < day <= today})
    still: list[date] = []
    for due in rounds:
        near = next((day for day in left if due - step < day < due + step), None)
        if near is None:
            still.append(due)
        else:
            left.remove(near)
    for day in left:
        late = next((due for due in still if due < day and due in asks), None)
        if late:
            still.remove(late)
    missed, ahead = (tuple(due for due in still if due in asks and (due > today) is later) for later in (False, True))
    return Rounds(len(rounds) - len(still), missed, ahead, len(rounds))


def clean_rounds(rounds: Iterable[tuple[date, int]], *, every: int = 1) -> int:
    """Return how many of the last survey rounds, given as day and new positives, were clean in a row.

    Rounds less than `every` days before one that counts are part of it.
    """
    count, counted = 0, None
    for day, positives in sorted(rounds, reverse=True):
        if positives:
            break
        if counted is None or (counted - day).days >= every:
            count, counted = count + 1, day
    return count
