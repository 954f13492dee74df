"""Where people were: repaired stays, coalesced into presences at one level.

A presence is one patient in one ward or room, from a moment to a moment, each as well as it is known. A bed move
inside a ward breaks nothing: stays of one patient in one place that touch or overlap are one presence.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .declare import PatientId, Sensitivity, TableKind, column, table
from .facts import Measure, Stay
from .findings import Level
from .moments import Resolution, When, midnight
from .views import Timeline, View
from .words import MeasureKind, PlaceKind, Presence

# A hallway is not a room, and a procedure area is never a room contact.
_SHARED_AS_ROOM = {None, PlaceKind.SINGLE, PlaceKind.MULTI}


@dataclass(frozen=True, slots=True)
class RepairedStay:
    """A stay as rules use it, and whether its end had to be inferred."""

    stay: Stay
    repaired: bool


@table(
    "whereabouts",
    kind=TableKind.VIEW,
    one_row="one patient in one ward or room",
    key=("patient_id", "facility_id", "ward", "room", "starts_from"),
)
class Whereabouts:
    """One patient in one place, from a moment to a moment, each as well as it is known."""

    patient_id: PatientId = column("The patient's number.", sensitivity=Sensitivity.IDENTIFIER)
    facility_id: str = column("The site.")
    ward: str = column("The ward.")
    room: str | None = column("The room, at room level.", empty="at ward level", default=None)
    starts_from: datetime = column("The earliest it can have begun.", sensitivity=Sensitivity.PERSONAL)
    starts_by: datetime = column("The latest it can have begun.", sensitivity=Sensitivity.PERSONAL)
    ends_from: datetime = column("The earliest it can have ended.", sensitivity=Sensitivity.PERSONAL)
    ends_by: datetime = column("The latest it can have ended.", sensitivity=Sensitivity.PERSONAL)
    first_day: date = column("The first local day.", sensitivity=Sensitivity.PERSONAL)
    last_day: date = column("The last local day.", sensitivity=Sensitivity.PERSONAL)
    first_night: date = column("The first local date whose midnight was spent here.", sensitivity=Sensitivity.PERSONAL)
    last_night: date = column("The last local date whose midnight was spent here.", sensitivity=Sensitivity.PERSONAL)
    resolution: Resolution = column("Whether it rests on instants or on whole days.")
    repaired: bool = column("Whether an end had to be inferred.")
    open: bool = column("Whether the patient is still there as of the view.", sensitivity=Sensitivity.PERSONAL)

    @property
    def place(self) -> tuple[str, str, str | None]:
        """Facility, ward and room."""
        return self.facility_id, self.ward, self.room


def repaired_stays(view: View) -> list[RepairedStay]:
    """Return the current stays with missing ends inferred, and ends after death cut.

    An open stay ends where the patient's next stay begins, else where its encounter ended; nobody lies in two places.
    No stay outlasts its patient's life. Anything else that is open is still going on as of the view.
    """
    encounters = {e.encounter_id: e for e in view.rows("encounters")}
    died = {p.patient_id: p.died for p in view.rows("patients")}
    by_patient: dict[str, list[Stay]] = defaultdict(list)
    for stay in view.stays:
        by_patient[stay.patient_id].append(stay)
    repaired: list[RepairedStay] = []
    for patient_id in sorted(by_patient):
        stays = sorted(by_patient[patient_id], key=lambda s: (_start(s, view), s.stay_id))
        for stay, following in zip(stays, [*stays[1:], None], strict=True):
            encounter = encounters.get(stay.encounter_id or "")
            visit_ended, zone = encounter.end if encounter else None, view.zone(stay.facility_id)
            end = _inferred_end(stay, following, visit_ended, died.get(patient_id), zone)
            repaired.append(RepairedStay(replace(stay, end=end), end != stay.end))
    return repaired


def presences(view: View, level: Level, stays: Sequence[RepairedStay] | None = None) -> list[Whereabouts]:
    """Return every presence at `level` as of the view, in order of patient and time.

    Leave and held beds are left out, and at room level so are stays whose room is not known or is not a room
    that people share: a hallway, a waiting or procedure area, a chair.
    """
    found: dict[tuple[str, str, str, str | None], list[Whereabouts]] = defaultdict(list)
    for one in stays if stays is not None else repaired_stays(view):
        stay = one.stay
        if stay.presence is not Presence.PRESENT or (level is Level.ROOM and not _in_a_room(stay, view)):
            continue
        room = stay.room if level is Level.ROOM else None
        found[(stay.patient_id, stay.facility_id, stay.ward, room)].append(_presence(one, room, view))
    coalesced = [p for some in found.values() for p in _coalesced(some)]
    return sorted(coalesced, key=lambda p: (p.patient_id, p.starts_from, p.ward, p.room or ""))


def _start(stay: Stay, view: View) -> datetime:
    return stay.start.earliest(view.zone(stay.facility_id))


def _inferred_end(
    stay: Stay, following: Stay | None, visit_ended: When | None, died: When | None, zone: ZoneInfo
) -> When | None:
    end = stay.end or (following.start if following else visit_ended)
    if died and (end is None or end.latest(zone) > died.latest(zone)):
        return died if died.latest(zone) > stay.start.earliest(zone) else stay.start
    return end


def _in_a_room(stay: Stay, view: View) -> bool:
    return stay.room is not None and view.room_kind(stay.facility_id, stay.ward, stay.room) in _SHARED_AS_ROOM


def _presence(one: RepairedStay, room: str | None, view: View) -> Whereabouts:
    stay, zone = one.stay, view.zone(one.stay.facility_id)
    end = stay.end or When(at=view.at)
    days = Resolution.DAY in (stay.start.resolution, end.resolution)
    starts_by, ends_from = stay.start.latest(zone), end.earliest(zone)
    return Whereabouts(
        patient_id=stay.patient_id,
        facility_id=stay.facility_id,
        ward=stay.ward,
        room=room,
        starts_from=stay.start.earliest(zone),
        starts_by=starts_by,
        ends_from=ends_from,
        ends_by=max(end.latest(zone), stay.start.earliest(zone)),
        first_day=stay.start.day(zone),
        last_day=_last_day(stay.start, end, zone),
        first_night=_first_night(stay.start, zone),
        last_night=_last_night(end, zone),
        resolution=Resolution.DAY if days else Resolution.INSTANT,
        repaired=one.repaired,
        open=stay.end is None,
    )


def _last_day(start: When, end: When, zone: ZoneInfo) -> date:
    if end.at is None:
        return end.day(zone)
    # Leaving at midnight is leaving with the day before.
    return max(start.day(zone), (end.at - timedelta(microseconds=1)).astimezone(zone).date())


def _first_night(start: When, zone: ZoneInfo) -> date:
    day = start.day(zone)
    return day if start.at is not None and start.at <= midnight(day, zone) else day + timedelta(days=1)


def _last_night(end: When, zone: ZoneInfo) -> date:
    day = end.day(zone)
    return day - timedelta(days=1) if end.at is not None and end.at <= midnight(day, zone) else day


def _coalesced(some: Iterable[Whereabouts]) -> list[Whereabouts]:
    merged: list[Whereabouts] = []
    for one in sorted(some, key=lambda p: (p.starts_from, p.ends_by)):
        if merged and _touch(merged[-1], one):
            merged[-1] = _joined(merged[-1], one)
        else:
            merged.append(one)
    return merged


def _touch(a: Whereabouts, b: Whereabouts) -> bool:
    back_to_back = (a.ends_from, a.ends_by) == (b.starts_from, b.starts_by)
    return b.starts_from < a.ends_by or back_to_back


def _joined(a: Whereabouts, b: Whereabouts) -> Whereabouts:
    later = max(a, b, key=lambda p: (p.ends_by, p.ends_from))
    days = Resolution.DAY in (a.resolution, b.resolution)
    return replace(
        a,
        starts_by=min(a.starts_by, b.starts_by),
        ends_from=max(a.ends_from, b.ends_from),
        ends_by=later.ends_by,
        last_day=max(a.last_day, b.last_day),
        first_night=min(a.first_night, b.first_night),
        last_night=max(a.last_night, b.last_night),
        resolution=Resolution.DAY if days else Resolution.INSTANT,
        repaired=a.repaired or b.repaired,
        open=a.open or b.open,
    )


def precautions_in_force(timeline: Timeline, facility_id: str) -> list[Measure]:
    """Return the contact precautions of a patient in one facility, in the order of time.

    Precautions of one facility say nothing of another's; and those never recorded as ended are over with the visit
    in which they began.
    """
    zone = timeline.setting.zone(facility_id)
    visits = [e for e in timeline.encounters if e.facility_id == facility_id]

    def visit_end(measure: Measure) -> When | None:
        began = measure.start.latest(zone)
        own = [e for e in visits if e.start.earliest(zone) <= began and (e.end is None or e.end.latest(zone) > began)]
        if own:
            return own[-1].end
        later = [e for e in visits if e.start.earliest(zone) > began]
        return later[0].start if later else None

    return [
        measure if measure.end else replace(measure, end=visit_end(measure))
        for measure in timeline.measures
        if measure.facility_id == facility_id and measure.kind is MeasureKind.CONTACT_PRECAUTIONS
    ]
