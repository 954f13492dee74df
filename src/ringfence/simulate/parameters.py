"""How a parameter is declared: its unit, what it may be, where its default comes from and how far that is checked."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")


class Evidence(StrEnum):
    """How far a default has been checked against its source, strongest first."""

    READ = "read"
    """Read in an abstract, a table or the published code of the source."""
    CALCULATED = "calculated"
    """Our own calculation from figures that were read."""
    UNVERIFIED = "unverified"
    """Illustrative: no source was read for it, or none for this use of it."""


@dataclass(frozen=True)
class Unit:
    """What a number counts, and which numbers there are."""

    words: str
    right: str
    """What would be right, for messages."""
    allows: Callable[[Any], bool]


@dataclass(frozen=True)
class Parameter:
    """A declared parameter: all that is known of it."""

    name: str
    default: object
    unit: Unit
    meaning: str
    source: str
    evidence: Evidence


def parameter(default: T, unit: Unit, meaning: str, *, source: str, evidence: Evidence = Evidence.READ) -> T:
    """Declare a field of a scenario; it is stored with the field and read by `declared`."""
    known = {"unit": unit, "meaning": meaning, "source": source, "evidence": evidence}
    return field(default=default, metadata=known)


def declared(scenario: type[Any]) -> Iterator[Parameter]:
    """Yield the parameters of a scenario in the order of declaration."""
    for one in fields(scenario):
        yield Parameter(name=one.name, default=one.default, **one.metadata)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _rooms(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and all(_whole(beds) and beds >= 1 for beds in value)


PROBABILITY = Unit("probability", "a number from 0 to 1", lambda value: _number(value) and 0 <= value <= 1)
PER_DAY = Unit("per day", "a rate per day from 0 to 1000", lambda value: _number(value) and 0 <= value <= 1000)
DAYS = Unit("days", "a number of days, more than 0", lambda value: _number(value) and value > 0)
HOURS = Unit("hours", "a number of hours from 0 to 8760, a year", lambda value: _number(value) and 0 <= value <= 8760)
EVERY_DAYS = Unit(
    "days between two", "a whole number of days, or 0 for never", lambda value: _whole(value) and value >= 0
)
ROOMS = Unit("beds in each room", "a tuple with the beds of each room, 1 or more: (4, 2, 1)", _rooms)
