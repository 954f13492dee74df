"""Where a run stands: the people, the beds, what is pending, and the rows written so far."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ringfence.record import PatientId

from .chance import Chance
from .clock import Clock
from .journal import Journal
from .people import Person
from .places import Bed
from .truth import Risk, Transmission
from .ward import Ward


@dataclass(frozen=True)
class Report:
    """A report that the laboratory will send."""

    patient_id: PatientId
    reported: datetime
    rows: tuple[tuple[str, object], ...]
    positive: bool


@dataclass
class State:
    """Where a run stands; it lives only as long as the run."""

    ward: Ward
    chance: Chance
    clock: Clock
    beds: tuple[Bed, ...]
    occupants: dict[Bed, Person] = field(default_factory=dict)
    people: dict[PatientId, Person] = field(default_factory=dict)
    returning: list[tuple[int, PatientId]] = field(default_factory=list)
    """From which step somebody waits for a bed."""
    pending: list[Report] = field(default_factory=list)
    transmissions: list[Transmission] = field(default_factory=list)
    risks: list[Risk] = field(default_factory=list)
    journal: Journal = field(default_factory=Journal)

    def in_beds(self) -> Iterator[Person]:
        """Yield whoever lies in a bed, in the order of beds."""
        yield from (self.occupants[bed] for bed in self.beds if bed in self.occupants)

    def empty_beds(self) -> list[Bed]:
        """Return the beds nobody lies in, in order."""
        return [bed for bed in self.beds if bed not in self.occupants]
