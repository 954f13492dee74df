"""What the repair of a patient's stays looks at beside the stays: visits, death, zones, what places are used as."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .facts import Encounter, Stay
from .moments import When, midnight
from .spans import Repair, is_before, last_day
from .words import EncounterKind, PlaceKind

# A bed is held for whoever goes to one of these: the patient comes back to it.
PASSING = frozenset({PlaceKind.PROCEDURE, PlaceKind.VIRTUAL, PlaceKind.WAITING})
_IN_SESSIONS = frozenset({EncounterKind.OUTPATIENT, EncounterKind.DIALYSIS})


def comes_in_sessions(visit: Encounter) -> bool:
    """Whether a visit is a series of sessions, or a single one, and so no stay in itself."""
    return visit.kind in _IN_SESSIONS or bool(visit.recurring)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of one patient, and of the places."""

    visits: Mapping[str, Encounter]
    """By number; others' visits among them are not used."""
    died: When | None
    zone_of: Callable[[str], ZoneInfo]
    kind_of: Callable[[Stay], PlaceKind | None]
    at: datetime
    """The instant of the view."""

    def zone(self, stay: Stay) -> ZoneInfo:
        """Return the zone of the facility of a stay."""
        return self.zone_of(stay.facility_id)

    def visit(self, stay: Stay) -> Encounter | None:
        """Return the visit that a stay belongs to. Another patient's is none: it neither ends nor explains the stay."""
        visit = self.visits.get(stay.encounter_id or "")
        return visit if visit and visit.patient_id == stay.patient_id else None

    def is_session(self, stay: Stay) -> bool:
        """Whether a stay is a session of a visit that comes in sessions."""
        visit = self.visit(stay)
        return visit is not None and comes_in_sessions(visit)

    def is_passing(self, stay: Stay) -> bool:
        """Whether a bed is held for the patient meanwhile, by what the place is used as."""
        return self.kind_of(stay) in PASSING

    def keeps_bed(self, stay: Stay) -> bool:
        """Whether going there gives up no bed: a passing place, or a session."""
        return self.is_passing(stay) or self.is_session(stay)

    def until(self, stay: Stay) -> tuple[When, When] | None:
        """Return between what moments a stay without an end ended at the latest; None: nothing says.

        With its visit. A session is over when its local day is, and nobody knows since when.
        """
        zone, visit = self.zone(stay), self.visit(stay)
        ended = visit.end if visit and visit.end and not is_before(visit.end, stay.start, zone) else None
        if visit and comes_in_sessions(visit):
            night = When(at=midnight(stay.start.day(zone) + timedelta(days=1), zone))
            if night.latest(zone) <= self.at and (ended is None or ended.latest(zone) > night.latest(zone)):
                return stay.start, night
        return (ended, ended) if ended else None

    def unusable(self, stay: Stay) -> Repair | None:
        """Return why a stay cannot be used as it stands; None: it can."""
        zone, visit = self.zone(stay), self.visit(stay)
        if stay.end and is_before(stay.end, stay.start, zone):
            return Repair.IMPOSSIBLE
        if self.died and is_before(self.died, stay.start, zone):
            return Repair.IMPOSSIBLE
        beyond_a_day = stay.end is not None and last_day(stay.start, stay.end, zone) > stay.start.day(zone)
        return Repair.RECURRING if beyond_a_day and visit and comes_in_sessions(visit) else None
