"""What really happened, whether or not anybody saw it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ringfence.record import EnzymeCode, PatientId, Question


class Route(StrEnum):
    """How carriage passed from one patient to another."""

    HANDS = "hands"
    """By hands, anywhere on the ward."""
    ROOM = "room"
    """Between patients of one room."""


@dataclass(frozen=True)
class Carriage:
    """One patient carried one family, from an instant to before another (UTC), in hospital or out of it."""

    patient_id: PatientId
    family: EnzymeCode
    starts_at: datetime
    """When it was acquired; for carriage from outside, the admission that brought it, as nothing earlier is known."""
    ends_at: datetime | None
    """None: not before the simulation ended. Death ends it too."""
    imported: bool

    def at(self, instant: datetime) -> bool:
        """Whether it was carried at `instant`."""
        return self.starts_at <= instant and (self.ends_at is None or instant < self.ends_at)


@dataclass(frozen=True)
class Transmission:
    """One patient acquired from another, at an instant (UTC) at which both lay on the ward."""

    source: PatientId
    target: PatientId
    at: datetime
    route: Route


@dataclass(frozen=True)
class Risk:
    """What one patient at one visit should have answered yes to."""

    patient_id: PatientId
    encounter_id: str
    question: Question


@dataclass(frozen=True)
class Truth:
    """Who carried what and when, who had it from whom, and who really was at risk."""

    carriage: tuple[Carriage, ...]
    """In the order in which it came to the ward or was acquired."""
    transmissions: tuple[Transmission, ...]
    risks: tuple[Risk, ...]

    def carriers(self, at: datetime) -> frozenset[PatientId]:
        """Return everyone who carried something at an instant."""
        return frozenset(one.patient_id for one in self.carriage if one.at(at))
