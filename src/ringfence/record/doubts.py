"""What the stays cannot say: where exposure is UNKNOWN, and rows that deserve a look. It changes no answer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .answers import FactKey
from .circumstances import PASSING, comes_in_sessions
from .declare import PatientId
from .facts import Encounter, Stay
from .moments import When
from .place_map import PlaceMap
from .repairs import RepairedStay, repaired_stays
from .spans import is_before
from .views import View
from .words import Presence


class DoubtKind(StrEnum):
    """What is in doubt."""

    GAP = "gap"
    """Time within an inpatient, emergency or long-term-care visit in which no stay says where the patient was. Exposure
    in it is UNKNOWN; no source gives a length of time below which it could be filled."""
    NO_SESSIONS = "no_sessions"
    """A visit that comes in sessions, and no session among the stays: exposure is UNKNOWN."""
    OTHER_VISIT = "other_visit"
    """A stay names the visit of another patient. It counts for the patient it names, and that visit does not end it."""
    OUTSIDE_VISIT = "outside_visit"
    """A stay begins before its visit, or lasts beyond it. It counts as it was reported."""
    NO_BATHROOMS = "no_bathrooms"
    """A ward, or a room of it, that stays name, and whose bathroom the map does not tell: bathroom level is UNKNOWN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One thing that the stays leave in doubt."""

    kind: DoubtKind
    facility_id: str
    patient_id: PatientId | None = None
    """None: not about one patient."""
    ward: str | None = None
    """None: not about one ward."""
    room: str | None = None
    """None: not about one room."""
    about: tuple[FactKey, ...] = ()
    """The facts it is about: `stays:ID`, `encounters:ID`."""
    start: When | None = None
    """Of a gap, a visit or a stay, when it begins."""
    end: When | None = None
    """When it ends; None: it has not, as of the view, or there is no time to tell."""


def doubts(view: View, stays: Sequence[RepairedStay] | None = None) -> list[Doubt]:
    """Return what the stays of a view leave in doubt, by kind, place and patient.

    Args:
        view: the view.
        stays: its repaired stays, where they have been made already.
    """
    used = [one for one in (stays if stays is not None else repaired_stays(view)) if one.used]
    of_patient: dict[str, list[RepairedStay]] = defaultdict(list)
    for one in used:
        of_patient[one.stay.patient_id].append(one)
    found = [*_of_stays(view), *_without_bathrooms(view, used)]
    for visit in view.rows("encounters"):
        found += _of_visit(visit, of_patient.get(visit.patient_id, ()), view)
    order = list(DoubtKind)
    return sorted(
        found,
        key=lambda d: (order.index(d.kind), d.facility_id, d.ward or "", d.patient_id or "", d.about, str(d.start)),
    )


def _of_visit(visit: Encounter, own: Sequence[RepairedStay], view: View) -> Iterator[Doubt]:
    if comes_in_sessions(visit):
        if not any(row.encounter_id == visit.encounter_id for one in own for row in one.rows):
            yield _about_visit(DoubtKind.NO_SESSIONS, visit, visit.start, visit.end)
        return
    zone = view.zone(visit.facility_id)
    known = sorted(_times(one, view) for one in own)
    begins, ends = visit.start.latest(zone), visit.end.earliest(zone) if visit.end else view.at
    for start, end in _between(begins, ends, known):
        still = visit.end is None and end == view.at
        yield _about_visit(DoubtKind.GAP, visit, When(at=start), None if still else When(at=end))


def _about_visit(kind: DoubtKind, visit: Encounter, start: When, end: When | None) -> Doubt:
    about = (f"encounters:{visit.encounter_id}",)
    return Doubt(
        kind=kind, facility_id=visit.facility_id, patient_id=visit.patient_id, about=about, start=start, end=end
    )


def _times(one: RepairedStay, view: View) -> tuple[datetime, datetime]:
    zone = view.zone(one.stay.facility_id)
    return one.stay.start.earliest(zone), one.stay.end.latest(zone) if one.stay.end else view.at


def _between(
    begins: datetime, ends: datetime, known: Iterable[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the parts of a time that none of the known times, in order, may reach."""
    for start, end in known:
        if begins < min(start, ends):
            yield begins, min(start, ends)
        begins = max(begins, end)
    if begins < ends:
        yield begins, ends


def _of_stays(view: View) -> Iterator[Doubt]:
    visits: Mapping[str, Encounter] = {visit.encounter_id: visit for visit in view.rows("encounters")}
    for stay in view.stays:
        visit = visits.get(stay.encounter_id or "")
        kind = _mismatch(stay, visit, view) if visit else None
        if kind:
            yield Doubt(
                kind=kind,
                facility_id=stay.facility_id,
                patient_id=stay.patient_id,
                ward=stay.ward,
                about=(f"stays:{stay.stay_id}", f"encounters:{stay.encounter_id}"),
                start=stay.start,
                end=stay.end,
            )


def _mismatch(stay: Stay, visit: Encounter, view: View) -> DoubtKind | None:
    if stay.patient_id != visit.patient_id:
        return DoubtKind.OTHER_VISIT
    zone = view.zone(stay.facility_id)
    early = is_before(stay.start, visit.start, zone)
    late = visit.end is not None and is_before(visit.end, stay.end or stay.start, zone)
    return DoubtKind.OUTSIDE_VISIT if early or late else None


def _without_bathrooms(view: View, used: Iterable[RepairedStay]) -> Iterator[Doubt]:
    places = PlaceMap(view.rows("places"))
    lacking = {
        (stay.facility_id, stay.ward, stay.room or "" if places.has_bathrooms(stay.facility_id, stay.ward) else "")
        for stay in (one.stay for one in used)
        if (stay.room or stay.bed)
        and stay.presence is Presence.PRESENT
        and places.kind(stay) not in PASSING
        and not places.has_bathroom(stay)
    }
    for facility_id, ward, room in sorted(lacking):
        yield Doubt(kind=DoubtKind.NO_BATHROOMS, facility_id=facility_id, ward=ward, room=room or None)
