"""Who met each case, what follows for them by the policy, and how far it has come."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from ringfence.assess import (
    UNIDENTIFIED,
    Carriage,
    ContactOf,
    Owed,
    Screen,
    Why,
    contact_owed,
    contact_settled,
    follow_up,
    outcome_text,
    sentences,
)
from ringfence.policy import Policy
from ringfence.record import (
    Answer,
    Bathroom,
    Contact,
    Exposure,
    Follows,
    Level,
    PatientId,
    Reason,
    Timeline,
    When,
    Whereabouts,
    midnight,
)
from ringfence.record import Sequence as Order
from ringfence.trace import repairs_named
from ringfence.vocabulary import weakest

from .contact_clauses import Met, Standing, standing
from .decisions import Decisions
from .rows import where_now
from .sources import admitted_for
from .strata import Ground


@dataclass(frozen=True)
class Contacts:
    """The contacts of every case, under a policy as in force today."""

    ground: Ground
    policy: Policy
    exposed: Mapping[str, tuple[Exposure, ...]]
    """Exposures by case."""
    carried: Mapping[str, tuple[Carriage, ...]]
    without: Container[str]
    """Facilities whose movements are of carriers only: overlaps there are no contacts."""
    decisions: Decisions

    def rows(self) -> list[Contact]:
        """Return one row for each case and contact, in the order of cases and contacts."""
        met: dict[tuple[str, str], list[Exposure]] = defaultdict(list)
        for some in self.exposed.values():
            for exposure in some:
                if exposure.facility not in self.without:
                    met[exposure.case_id, exposure.contact_patient_id].append(exposure)
        found = (self._row(self._cases[case], contact, some) for (case, contact), some in sorted(met.items()))
        return [
            replace(row, accepted=self.decisions.said_of_contact(row.case_id, row.contact_patient_id)) for row in found
        ]

    @cached_property
    def _cases(self) -> Mapping[str, Carriage]:
        return {c.case_id: c for some in self.carried.values() for c in some}

    def _row(self, case: Carriage, contact_id: str, exposed: Sequence[Exposure]) -> Contact:
        zone = self.ground.view.zone(exposed[0].facility)
        together = [e for e in exposed if e.sequence is Order.TOGETHER] or exposed
        level = next(level for level in Level if any(e.level is level for e in together))
        closest = [e for e in together if e.level is level]
        first = min(together, key=lambda e: e.start.earliest(zone))
        last = max(together, key=lambda e: e.end.latest(zone))
        carried = self._carried(contact_id, case.family)
        known = carried is not None
        bathroom = self._bathroom(case.patient_id, contact_id, exposed)
        stands = self._standing(case, exposed, bathroom)
        timeline = self.ground.timelines[contact_id]
        since = first.start.earliest(zone)
        owed = self._owed(timeline, stands, closest[0].facility, since, carried, case.family)
        followed = follow_up(timeline, since=since)
        said = {key: value for reason in owed.reasons for key, value in reason.values.items()}
        return Contact(
            case_id=case.case_id,
            contact_patient_id=PatientId(contact_id),
            level=level,
            first_exposure=first.start,
            last_exposure=last.end,
            hours_min=sum(e.hours_min for e in closest),
            hours_max=sum(e.hours_max for e in closest),
            repairs=repairs_named(*(e.repairs for e in exposed)),
            known_carrier=known,
            sets_done=int(str(said["done"])) if "done" in said else followed.sets_done,
            sets_needed=int(str(said["sets"])) if "sets" in said else None,
            next_due=When(on=date.fromisoformat(str(said["due"]))) if said.get("due") else None,
            last_result=_last_screen(followed.last, exposed, self.ground) if followed.last else None,
            where_now=where_now(self.ground, contact_id),
            died_on=timeline.died,
            sequence=Order.TOGETHER
            if together is not exposed or exposed[0].sequence is Order.TOGETHER
            else Order.AFTER,
            next_in_bed=_next_in_bed(exposed),
            bathroom=bathroom,
            follows=Follows.NOTHING if known or timeline.died else stands.follows,
            owed=sentences(owed.reasons),
            clause=stands.clause.id if stands.clause else None,
            mark=weakest([owed.mark, stands.mark]),
            counted_from=date.fromisoformat(str(said["last"])) if said.get("last") else None,
            last_at_level=max((e.end for e in closest), key=lambda end: end.latest(zone)),
            progress=owed.status.value,
            last_began=max((e.start for e in exposed), key=lambda start: start.earliest(zone)),
        )

    def _carried(self, contact_id: str, family: str) -> Carriage | None:
        """Return what the contact carries of the family; two that are not named yet need not be one."""
        same = (c for c in self.carried.get(contact_id, ()) if c.carries and c.family == family != UNIDENTIFIED)
        return next(same, None)

    def _standing(self, case: Carriage, exposed: Sequence[Exposure], bathroom: Bathroom) -> Standing:
        facility = exposed[0].facility
        zone = self.ground.view.zone(facility)
        today = self.ground.view.at.astimezone(zone).date()
        met = Met(
            exposures=exposed,
            bathroom=bathroom,
            first_positive=case.first.collected.day(zone),
            admitted=admitted_for(case, self.ground.timelines[case.patient_id]),
            positive_contact=self._has_positive_contact(case),
            units=self.ground.view.setting.units,
            zone=zone,
            at=self.ground.view.at,
        )
        return standing(self.policy.on(today, facility), met)

    def _has_positive_contact(self, case: Carriage) -> bool:
        first = case.first.collected.earliest(self.ground.view.zone(case.first.facility_id))
        for exposure in self.exposed.get(case.case_id, ()):
            for other in self.carried.get(exposure.contact_patient_id, ()):
                zone = self.ground.view.zone(other.first.facility_id)
                # What is not named yet may be the same, and to look wider is the side to err on.
                may_be_same = case.family in (other.family, UNIDENTIFIED) or other.family == UNIDENTIFIED
                if other.established and may_be_same and other.first.collected.earliest(zone) > first:
                    return True
        return False

    def _bathroom(self, index: str, contact: str, exposed: Sequence[Exposure]) -> Bathroom:
        if any(e.level is Level.BATHROOM for e in exposed):
            return Bathroom.SHARED
        on_ward = [e for e in exposed if e.level is Level.WARD]
        known = all(self._is_mapped(who, e) for who in (index, contact) for e in on_ward)
        return Bathroom.NOT_SHARED if known and on_ward else Bathroom.UNKNOWN

    def _is_mapped(self, patient: str, exposure: Exposure) -> bool:
        """Whether the map says which bathroom went with where somebody was, for all of a time on a ward."""
        zone = self.ground.view.zone(exposure.facility)
        starts, ends = exposure.start.earliest(zone), exposure.end.latest(zone)

        def hours(level: Level) -> float:
            there = self.ground.of_patient[level].get(patient, ())
            return sum(_overlap(one, starts, ends) for one in there if one.ward == exposure.ward)

        return hours(Level.BATHROOM) >= hours(Level.WARD)

    def _owed(
        self,
        timeline: Timeline,
        stands: Standing,
        facility: str,
        since: datetime,
        carried: Carriage | None,
        family: str,
    ) -> Answer[Owed]:
        """Return what is owed; `since` is when the first exposure began."""
        zone, view = self.ground.view.zone(facility), self.ground.view
        if timeline.died or carried:
            return contact_settled(timeline, policy=self.policy, since=since, carried=carried)
        if stands.follows is not Follows.SCREEN:
            return _without_schedule(stands, view.at, self.policy, view.known_to)
        return contact_owed(
            timeline,
            policy=self.policy,
            last_exposure=_last_day(stands.last, zone) if stands.last else None,
            facility_id=facility,
            family=family,
            going_on=stands.going_on,
        )


def waiting_contacts(
    ground: Ground,
    contacts: Iterable[Contact],
    decisions: Decisions,
) -> dict[str, tuple[ContactOf, ...]]:
    """Return accepted contacts whose follow-up is not complete, or left open, with the cases they are contacts of."""
    zone = ground.view.zone(None)
    found: dict[str, tuple[ContactOf, ...]] = {}
    for contact in contacts:
        accepted = decisions.accepted.get((contact.case_id, contact.contact_patient_id))
        if accepted is None or contact.follows not in _WAITS or contact.progress in _SETTLED:
            continue
        since = max(accepted.declared.latest(zone), contact.last_began.earliest(zone))
        before = found.get(contact.contact_patient_id, ())
        found[contact.contact_patient_id] = (*before, ContactOf(contact.case_id, since))
    return found


_WAITS = (Follows.SCREEN, Follows.DECIDE)
_SETTLED = (Owed.COMPLETE, Owed.NOTHING)


def _last_day(end: When, zone: ZoneInfo) -> date:
    """Return the local day on which an exposure ended; one that ended at midnight ended with the day before."""
    day = end.day(zone)
    return day - timedelta(days=1) if end.at is not None and end.at == midnight(day, zone) else day


def _overlap(one: Whereabouts, starts: datetime, ends: datetime) -> float:
    return max((min(one.ends_by, ends) - max(one.starts_from, starts)).total_seconds(), 0.0)


_OTHERWISE = {
    Follows.INFORM: Why.CONTACT_INFORM,
    Follows.LIST: Why.CONTACT_LISTED,
    Follows.UNKNOWN: Why.CONTACT_BATHROOM_UNKNOWN,
    Follows.DECIDE: Why.CONTACT_LEFT_OPEN,
    Follows.NOTHING: Why.CONTACT_LEFT_OUT,
}


def _without_schedule(stands: Standing, at: datetime, policy: Policy, known_to: int) -> Answer[Owed]:
    """Return what is owed to those to whom no screens are."""
    clause = stands.clause
    reason = Reason(_OTHERWISE[stands.follows], clause.id if clause else None, stands.mark)
    status = Owed.DECIDE if stands.follows is Follows.DECIDE else Owed.NOTHING
    return Answer(status=status, reasons=(reason,), at=at, policy=policy.digest, known_to=known_to)


def _next_in_bed(exposed: Iterable[Exposure]) -> str | None:
    """Say to which beds somebody came next, and how long after."""
    said = [
        f"{' '.join(filter(None, [e.ward, e.room, e.bed]))}, {_gap(e.gap_hours_min, e.gap_hours_max)} after"
        for e in exposed
        if e.sequence is Order.AFTER and e.gap_hours_min is not None and e.gap_hours_max is not None
    ]
    return "; ".join(said) or None


def _gap(least: float, most: float) -> str:
    return f"{least:g} h" if least == most else f"{least:g} to {most:g} h"


def _last_screen(screen: Screen, exposed: Sequence[Exposure], ground: Ground) -> str:
    """Say what the last screen came to, when it was collected, and how often the contact was exposed since."""
    assert screen.specimen is not None
    collected, zone = screen.specimen.collected, ground.view.zone(screen.specimen.facility_id)
    # Who shared a room or a bathroom shared its ward, so each meeting is counted once, on the ward.
    since = sum(e.level is Level.WARD and e.end.latest(zone) > collected.earliest(zone) for e in exposed)
    return f"{outcome_text(screen)}, collected {collected.day(zone)}; exposures since: {since}"
