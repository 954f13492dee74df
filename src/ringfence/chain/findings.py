"""All findings of one run."""

from collections.abc import Mapping
from dataclasses import dataclass

from ringfence.assess import Carriage, Precautions
from ringfence.policy import Policy
from ringfence.record import Answer, Case, Contact, Exposure, LedgerLine, Signal, Task, Verdict, View


@dataclass(frozen=True)
class Findings:
    """What follows from a view and a policy. Rows are what the files hold; answers are what the rows came from."""

    view: View
    policy: Policy
    cases: tuple[Case, ...]
    exposures: tuple[Exposure, ...]
    contacts: tuple[Contact, ...]
    ledger: tuple[LedgerLine, ...]
    tasks: tuple[Task, ...]
    signals: tuple[Signal, ...]
    carriages: Mapping[str, tuple[Carriage, ...]]
    """Stratum 1, by patient."""
    verdicts: Mapping[str, Answer[Verdict]]
    """The screening verdict by encounter."""
    precautions: Mapping[str, Answer[Precautions]]
    """What is recommended for each patient who is in hospital now."""
    unprotected: tuple[str, ...]
    """Carriers and suspects who are in hospital now without contact precautions on record."""
    carriers_only: Mapping[str, str]
    """Facilities whose stays are of carriers only, and how that is known."""
    notes: Mapping[str, str]
    """Why a table is empty, by table."""

    def rows(self) -> dict[str, tuple[object, ...]]:
        """Return every finding table by name, in the order of the chain."""
        return {
            "cases": self.cases,
            "exposures": self.exposures,
            "contacts": self.contacts,
            "ledger": self.ledger,
            "tasks": self.tasks,
            "signals": self.signals,
        }
