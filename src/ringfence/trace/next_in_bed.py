"""Who came next into a bed that an index left. Plain on purpose, as `meetings` is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from ringfence.record import Exposure, Level, PatientId, Presence, RepairedStay, Resolution
from ringfence.record import Sequence as Order

from .exposures import repairs_named

HOUR = timedelta(hours=1)
Bed = tuple[str, str, str | None, str]


@dataclass(frozen=True)
class Next:
    """Somebody who came next into a bed, and how long after; hours are a range where only days are known."""

    left: RepairedStay
    came: RepairedStay
    hours_min: float
    hours_max: float


def by_bed(stays: Iterable[RepairedStay]) -> Mapping[Bed, Sequence[RepairedStay]]:
    """Return the stays that are used and have a bed, by bed; leave and held beds are nobody's presence."""
    found: dict[Bed, list[RepairedStay]] = defaultdict(list)
    for one in stays:
        stay = one.stay
        if one.used and stay.presence is Presence.PRESENT and stay.bed and stay.ward:
            found[stay.facility_id, stay.ward, stay.room, stay.bed].append(one)
    return found


def next_in_bed(
    own: Iterable[RepairedStay], beds: Mapping[Bed, Sequence[RepairedStay]], zones: Mapping[str, ZoneInfo]
) -> Iterator[Next]:
    """Yield who came next to each bed that a patient left, once for each time; not the patient come back.

    Where dates leave open who of several came first, all of them are yielded.

    Args:
        own: the stays of the patient.
        beds: everyone's stays by bed; see `by_bed`.
        zones: the zone of each facility.
    """
    for bed, stays in by_bed(own).items():
        for left in (one for one in stays if one.stay.end):
            for came in _next(left, beds.get(bed, ()), zones[bed[0]]):
                if came.came.stay.patient_id != left.stay.patient_id:
                    yield came


def _next(left: RepairedStay, there: Sequence[RepairedStay], zone: ZoneInfo) -> Iterator[Next]:
    assert left.stay.end
    after = [
        one
        for one in there
        if one.stay.stay_id != left.stay.stay_id
        and one.stay.start.latest(zone) >= left.stay.end.earliest(zone)
        and one.stay.start.earliest(zone) >= left.stay.start.earliest(zone)
    ]
    by_then = min((one.stay.start.latest(zone) for one in after), default=None)
    for one in sorted(after, key=lambda one: (one.stay.start.earliest(zone), one.stay.stay_id)):
        if by_then is not None and one.stay.start.earliest(zone) <= by_then:
            soonest = one.stay.start.earliest(zone) - left.stay.end.latest(zone)
            latest = one.stay.start.latest(zone) - left.stay.end.earliest(zone)
            yield Next(left, one, max(soonest, timedelta()) / HOUR, latest / HOUR)


def exposure_after(case_id: str, one: Next) -> Exposure:
    """Return the exposure of who came next, from when the index left to when they came: no hours together."""
    left, came = one.left.stay, one.came.stay
    assert left.end
    instants = left.end.at is not None and came.start.at is not None
    return Exposure(
        case_id=case_id,
        index_patient_id=PatientId(left.patient_id),
        contact_patient_id=PatientId(came.patient_id),
        level=Level.BED,
        facility=left.facility_id,
        ward=left.ward or "",
        room=left.room,
        start=left.end,
        end=came.start,
        hours_min=0,
        hours_max=0,
        nights=0,
        sequence=Order.AFTER,
        resolution=Resolution.INSTANT if instants else Resolution.DAY,
        under_precautions=False,
        repaired=one.left.repaired or one.came.repaired,
        repairs=repairs_named(";".join(one.left.repairs) or None, ";".join(one.came.repairs) or None),
        bed=left.bed,
        gap_hours_min=one.hours_min,
        gap_hours_max=one.hours_max,
    )
