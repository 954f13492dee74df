"""All findings of one run."""

from collections.abc import Mapping
from dataclasses import dataclass

from ringfence.assess import Carriage, ContactOf, Identification, Precautions
from ringfence.policy import Policy
from ringfence.record import (
    Answer,
    Case,
    Contact,
    Exposure,
    Identified,
    LedgerLine,
    Recommended,
    Signal,
    Task,
    Verdict,
    View,
)

from .ledger import Admitted
from .strata import Ground


@dataclass(frozen=True)
class Findings:
    """What follows from a view and a policy. Rows are what the files hold; answers are what the rows came from."""

    view: View
    policy: Policy
    ground: Ground
    """Timelines and presences; a later run compares them with its own."""
    identifications: tuple[Identified, ...]
    cases: tuple[Case, ...]
    exposed: Mapping[str, tuple[Exposure, ...]]
    """Exposures by case."""
    contacts: tuple[Contact, ...]
    admitted: Mapping[str, tuple[Admitted, ...]]
    """Admissions with their answers, by patient."""
    tasks: tuple[Task, ...]
    signals: tuple[Signal, ...]
    identified: Mapping[str, tuple[Identification, ...]]
    """What the results of each isolate mean, by patient."""
    carriages: Mapping[str, tuple[Carriage, ...]]
    """Who carries what, by patient."""
    precautions: Mapping[str, Answer[Precautions]]
    """What is recommended for each patient who is in hospital now."""
    recommended: tuple[Recommended, ...]
    """The same as rows."""
    waiting: Mapping[str, tuple[ContactOf, ...]]
    """Accepted contacts whose follow-up is not complete, with the cases."""
    unprotected: tuple[str, ...]
    """Carriers and suspects who are in hospital now without contact precautions on record."""
    carriers_only: Mapping[str, str]
    """Facilities whose stays are of carriers only, and how that is known."""
    notes: Mapping[str, str]
    """Why a table is empty, by table."""

    @property
    def exposures(self) -> tuple[Exposure, ...]:
        """Every exposure, in the order of cases."""
        return tuple(exposure for some in self.exposed.values() for exposure in some)

    @property
    def verdicts(self) -> Mapping[str, Answer[Verdict]]:
        """The screening verdict by encounter."""
        decided = (one for some in self.admitted.values() for one in some if not one.again)
        return {one.encounter.encounter_id: one.verdict for one in decided}

    @property
    def ledger(self) -> tuple[LedgerLine, ...]:
        """One line an admission, in the order of time; none where the movements are of carriers only."""
        zone = self.view.zone
        lines = [one.line for some in self.admitted.values() for one in some]
        lines = [line for line in lines if line.facility not in self.carriers_only]
        return tuple(sorted(lines, key=lambda line: (line.start.earliest(zone(line.facility)), line.encounter_id)))

    def rows(self) -> dict[str, tuple[object, ...]]:
        """Return every finding table by name, in the order of the chain."""
        return {
            "identifications": self.identifications,
            "cases": self.cases,
            "exposures": self.exposures,
            "contacts": self.contacts,
            "ledger": self.ledger,
            "precautions": self.recommended,
            "tasks": self.tasks,
            "signals": self.signals,
        }
