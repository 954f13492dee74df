"""The people of a run: who they are, where they lie, what they carry, and whether anybody knows."""

from dataclasses import dataclass, field
from datetime import datetime

from ringfence.record import EnzymeCode, PatientId

from .places import Bed


@dataclass(frozen=True)
class Episode:
    """One time of carriage."""

    family: EnzymeCode
    starts_at: datetime
    end_step: int
    """The step at whose start it is over; it may lie beyond the run."""
    found_by_screens: bool
    imported: bool


@dataclass
class Visit:
    """A visit that is going on."""

    encounter_id: str
    bed: Bed
    end_step: int
    stays: int = 1

    @property
    def stay_id(self) -> str:
        """The stay that is going on."""
        return f"S{self.encounter_id[1:]}-{self.stays}"


@dataclass
class Person:
    """A made-up patient."""

    patient_id: PatientId
    visits: int = 0
    visit: Visit | None = None
    episodes: list[Episode] = field(default_factory=list)
    known: bool = False
    """Whether a positive report has been seen: an axis apart from carriage."""
    measure_id: str | None = None
    """The precautions that are in place."""
    died_at: datetime | None = None

    def carries(self, *, step: int) -> Episode | None:
        """Return what the person carries in a step, before anybody acquires anything in it."""
        last = self.episodes[-1] if self.episodes else None
        return last if last and step < last.end_step else None

    def here(self) -> Visit:
        """Return the visit of a person who lies in a bed."""
        assert self.visit is not None
        return self.visit
