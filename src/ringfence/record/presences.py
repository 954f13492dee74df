"""Where people were: repaired stays, coalesced into presences at one level.

A presence is one patient in one bed, room, bathroom, ward or facility, from a moment to a moment, each as well as it is
known. A bed move inside a ward breaks nothing: stays of one patient in one place that touch or overlap are one.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .declare import PatientId, Sensitivity, TableKind, ZoneName, column, table
from .facts import Measure
from .findings import Level
from .moments import Resolution, When, midnight
from .place_map import PlaceMap
from .repairs import RepairedStay, repaired_stays
from .spans import CHANGES_NOTHING, Span, coalesced, in_order, last_day, touch_to_the_minute
from .views import Timeline, View
from .words import MeasureKind, PlaceKind, Presence

OPEN, PERSONAL = Sensitivity.OPEN, Sensitivity.PERSONAL


@table(
    "whereabouts",
    kind=TableKind.VIEW,
    one_row="one patient in one place",
    key=("patient_id", "facility_id", "ward", "room", "bed", "starts_from"),
)
class Whereabouts:
    """One patient in one place, from a moment to a moment, each as well as it is known."""

    patient_id: PatientId = column("The patient's number.", sensitivity=Sensitivity.IDENTIFIER)
    facility_id: str = column("The site.", sensitivity=OPEN)
    ward: str = column("The ward; without letters at facility level.", sensitivity=OPEN)
    room: str | None = column(
        "The room at room and bed level; at bathroom level the bathroom, which several rooms of the ward may share.",
        sensitivity=OPEN,
        empty="at a wider level",
        default=None,
    )
    zone: ZoneName = column("The time zone of the site, whose days and nights these are.", sensitivity=OPEN)
    starts_from: datetime = column("The earliest it can have begun.", sensitivity=PERSONAL)
    starts_by: datetime = column("The latest it can have begun.", sensitivity=PERSONAL)
    ends_from: datetime = column("The earliest it can have ended.", sensitivity=PERSONAL)
    ends_by: datetime = column("The latest it can have ended.", sensitivity=PERSONAL)
    first_day: date = column("The first local day.", sensitivity=PERSONAL)
    last_day: date = column("The last local day.", sensitivity=PERSONAL)
    first_night: date = column("The first local date whose midnight was certainly spent here.", sensitivity=PERSONAL)
    last_night: date = column("The last local date whose midnight was certainly spent here.", sensitivity=PERSONAL)
    resolution: Resolution = column("Whether it rests on instants or on whole days.", sensitivity=OPEN)
    repaired: bool = column("Whether a stay behind it was repaired.", sensitivity=OPEN)
    repairs: str | None = column(
        "The repairs behind it, separated by semicolons.", sensitivity=OPEN, empty="none", default=None
    )
    open: bool = column("Whether the patient is still there as of the view.", sensitivity=PERSONAL)
    bed: str | None = column("The bed.", sensitivity=OPEN, empty="at a wider level", default=None)

    @property
    def place(self) -> tuple[str, str, str | None]:
        """Facility, ward and room; at bathroom level the bathroom in the place of the room."""
        return self.facility_id, self.ward, self.room

    @property
    def whole_place(self) -> tuple[str, str, str | None, str | None]:
        """Facility, ward, room and bed, as far as the level names them: what makes a place one and the same."""
        return *self.place, self.bed


def presences(view: View, level: Level, stays: Sequence[RepairedStay] | None = None) -> list[Whereabouts]:
    """Return every presence at `level` as of the view, in order of patient and time.

    Args:
        view: the view.
        level: bed, room, bathroom, ward or facility.
        stays: its repaired stays, where they have been made already.

    Leave, held beds and what was set aside are left out. So are, at room level, stays whose room is not known or is not
    a room that people share (a hallway, a waiting or procedure area, a chair); and at bathroom level, stays for whose
    room and bed the map of places names no bathroom at that time; and at bed level, stays that name no bed.
    """
    places = PlaceMap(view.rows("places"))
    found: dict[tuple[str, str, PlaceOf], list[Span]] = defaultdict(list)
    for one in stays if stays is not None else repaired_stays(view):
        if one.used and one.stay.presence is Presence.PRESENT:
            stay = one.stay
            for place, span in at_level(level, _span(one, view), places):
                found[(stay.patient_id, stay.facility_id, place)].append(span)
    seen = [
        _presence(place, span) for (*_, place), some in found.items() for span in coalesced(some, touch_to_the_minute)
    ]
    return sorted(seen, key=_by_patient_and_time)


def _by_patient_and_time(one: Whereabouts) -> tuple[object, ...]:
    return one.patient_id, one.starts_from, one.facility_id, one.ward, one.room or "", one.bed or ""


_NO_BED = (PlaceKind.VIRTUAL, PlaceKind.WAITING)
"""Where nobody lies, whatever the name."""
PlaceOf = tuple[str, str | None, str | None]
"""Ward, room and bed, as far as a level names them."""


def at_level(level: Level, span: Span, places: PlaceMap) -> Iterator[tuple[PlaceOf, Span]]:
    """Yield the places of a level that a time in a bed was in, each with its part; none where the level has none."""
    stay = span.rows[0]
    if level is Level.FACILITY:
        yield ("", None, None), span
    elif level is Level.WARD:
        yield (stay.ward, None, None), span
    elif level is Level.BATHROOM:
        yield from (((stay.ward, bathroom, None), part) for bathroom, part in places.by_bathroom(span))
    elif level is Level.BED:
        if stay.bed and places.kind(stay) not in _NO_BED:
            yield (stay.ward, stay.room, stay.bed), span
    elif places.is_room(stay):
        yield (stay.ward, stay.room, None), span


def _span(one: RepairedStay, view: View) -> Span:
    return Span(
        rows=one.rows,
        zone=view.zone(one.stay.facility_id),
        at=view.at,
        start=one.stay.start,
        starts_by=one.starts_by,
        ends_from=one.ends_from,
        end=one.stay.end,
        repairs=frozenset(one.repairs),
    )


def _presence(place: PlaceOf, span: Span) -> Whereabouts:
    stay, zone, now = span.rows[0], span.zone, When(at=span.at)
    ends_from, end = span.ends_from or now, span.end or now
    repairs = span.repairs - CHANGES_NOTHING
    days = any(when.at is None for when in (span.start, span.starts_by, ends_from, end))
    ends_by = max(span.last, span.first)
    return Whereabouts(
        patient_id=stay.patient_id,
        facility_id=stay.facility_id,
        ward=place[0],
        room=place[1],
        bed=place[2],
        zone=ZoneName(zone.key),
        starts_from=span.first,
        # Who came on a day and had left by an hour of it came by that hour; and so the other way round.
        starts_by=min(span.sure_from, ends_by) if span.end else span.sure_from,
        ends_from=max(span.sure_to, span.first),
        ends_by=ends_by,
        first_day=span.start.day(zone),
        last_day=last_day(span.start, end, zone),
        first_night=_first_night(span.starts_by, zone),
        last_night=_last_night(ends_from, zone),
        resolution=Resolution.DAY if days else Resolution.INSTANT,
        repaired=bool(repairs),
        repairs=";".join(in_order(repairs)) or None,
        open=span.end is None,
    )


def _first_night(start: When, zone: ZoneInfo) -> date:
    day = start.day(zone)
    return day if start.at is not None and start.at <= midnight(day, zone) else day + timedelta(days=1)


def _last_night(end: When, zone: ZoneInfo) -> date:
    day = end.day(zone)
    return day - timedelta(days=1) if end.at is not None and end.at <= midnight(day, zone) else day


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
