"""Who counts as a contact, and for how far back."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from ringfence.record import Truth, UnitKind
from ringfence.vocabulary import Strict

from .clauses import Clause, specified
from .durations import DayDuration, ShortDuration
from .limits import Limits


class ContactClass(StrEnum):
    """How somebody met the index, the closest first."""

    SAME_BED_AFTER = "same bed after"
    ROOM = "same room"
    BATHROOM = "shared bathroom"
    BAY = "bay"
    CARE_TEAM = "same care team"
    EQUIPMENT = "same procedure or equipment"
    WARD = "ward"
    FACILITY = "facility"
    HEALTH_CARE = "any contact in health care"
    RING = "ring around an unexpected case"
    HOUSEHOLD = "household"


class LookBack(Strict):
    """From when on the index counts as a source."""

    model_config = ConfigDict(title="look_back")

    since: Literal["admission of the index", "first positive"]
    before_first_positive: DayDuration | None = None
    """How long before the first positive it begins."""

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.before_first_positive and self.since != "first positive":
            raise ValueError("`before_first_positive` needs `since: first positive`.")
        return self


class Who(Strict):
    """Who a contacts clause is about."""

    model_config = ConfigDict(title="who")

    classes: tuple[ContactClass, ...] = Field(min_length=1)
    overlap: Limits[ShortDuration] | None = None
    counted: Literal["per meeting", "cumulative"] | None = None
    next_occupant_within: ShortDuration | None = None
    look_back: LookBack | None = None
    index_under_precautions: Literal["counts", "does not count"] | None = None
    vulnerable_units: tuple[UnitKind, ...] = ()
    """Units where it holds; empty: wherever."""
    only_after: Literal["a positive contact"] | None = None
    """It widens the search only once a contact is positive."""

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.overlap and not self.counted:
            raise ValueError("an `overlap` is `counted: per meeting` or `counted: cumulative`. Say which.")
        if self.next_occupant_within and ContactClass.SAME_BED_AFTER not in self.classes:
            raise ValueError("`next_occupant_within` is about the class `same bed after`. List it under `classes`.")
        return self


class Follow(Strict):
    """What follows for such a contact."""

    model_config = ConfigDict(title="then")

    contact: Literal["screen", "list", "inform"]


class ContactsClause(Clause):
    """Who counts as a contact."""

    model_config = ConfigDict(title="a contacts clause")

    who: Who | None = None
    then: Follow | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        return specified(self, who=self.who, then=self.then)


@dataclass(frozen=True)
class Meeting:
    """How a person met an index, as far as it is known; hours are of all meetings, or of the longest one."""

    how: ContactClass
    hours: float | None = None
    longest: float | None = None
    days_after: float | None = None
    """For the next occupant of a bed: days since the index left it."""
    days_before_first_positive: float | None = None
    """Days from the meeting to the first positive of the index; 0 or less: it was on that day or after it."""
    index_under_precautions: bool | None = False
    unit: UnitKind | None = None
    positive_contact: bool = False
    """Whether a contact of this index was found positive already."""


def takes_in(who: Who, meeting: Meeting) -> Truth:
    """Return whether a contacts clause takes a meeting in; what is not known of the meeting is never a NO."""
    if not _of_class(who, meeting) or (who.only_after and not meeting.positive_contact):
        return Truth.NO
    parts = [_overlap(who, meeting), _next(who, meeting), _protected(who, meeting), _unit(who, meeting)]
    parts.append(_in_time(who, meeting))
    return next((t for t in (Truth.NO, Truth.UNKNOWN) if t in parts), Truth.YES)


def _of_class(who: Who, meeting: Meeting) -> bool:
    wide = ContactClass.HEALTH_CARE in who.classes and meeting.how is not ContactClass.HOUSEHOLD
    return wide or meeting.how in who.classes


def _overlap(who: Who, meeting: Meeting) -> Truth:
    if who.overlap is None:
        return Truth.YES
    hours = meeting.hours if who.counted == "cumulative" else meeting.longest
    return Truth.UNKNOWN if hours is None else _truth(who.overlap.hold(hours))


def _next(who: Who, meeting: Meeting) -> Truth:
    if who.next_occupant_within is None or meeting.how is not ContactClass.SAME_BED_AFTER:
        return Truth.YES
    if meeting.days_after is None:
        return Truth.UNKNOWN
    return _truth(meeting.days_after * 24 <= who.next_occupant_within.size)


def _in_time(who: Who, meeting: Meeting) -> Truth:
    # Nobody meets an index before its admission, so only a look-back from the first positive leaves anybody out.
    if who.look_back is None or who.look_back.since != "first positive":
        return Truth.YES
    if meeting.days_before_first_positive is None:
        return Truth.UNKNOWN
    before = who.look_back.before_first_positive
    return _truth(meeting.days_before_first_positive <= (before.number if before else 0))


def _protected(who: Who, meeting: Meeting) -> Truth:
    if meeting.index_under_precautions is False or who.index_under_precautions == "counts":
        return Truth.YES
    if meeting.index_under_precautions is None or who.index_under_precautions is None:
        return Truth.UNKNOWN
    return Truth.NO


def _unit(who: Who, meeting: Meeting) -> Truth:
    if not who.vulnerable_units:
        return Truth.YES
    return Truth.UNKNOWN if meeting.unit is None else _truth(meeting.unit in who.vulnerable_units)


def _truth(holds: bool) -> Truth:
    return Truth.YES if holds else Truth.NO
