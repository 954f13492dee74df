"""Stratum 2: who was exposed to a case: every meeting of an index with anybody else."""

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from ringfence.record import Exposure, Level, Measure, PatientId, Whereabouts
from ringfence.record import Sequence as Order

from .meetings import Meeting, meetings_of

Places = Mapping[tuple[str, str, str | None], Sequence[Whereabouts]]


def exposures(
    case_id: str,
    index: Iterable[Whereabouts],
    *,
    level: Level,
    others: Places,
    precautions: Mapping[str, Sequence[Measure]],
    zones: Mapping[str, ZoneInfo],
) -> list[Exposure]:
    """Return the meetings of an index with everyone else at one level, in the order of contact and time.

    Args:
        case_id: the case.
        index: the presences of the index at `level`. All that are known: where the policy gives no window before the
            first positive, the widest preview is shown, never another jurisdiction's number.
        level: ward, bathroom or room.
        others: everyone's presences at `level`, by place.
        precautions: those in force for the index, by facility; exposure under precautions is marked.
        zones: the zone of each facility.
    """
    return [
        Exposure(
            case_id=case_id,
            index_patient_id=PatientId(meeting.a.patient_id),
            contact_patient_id=PatientId(meeting.b.patient_id),
            level=level,
            facility=meeting.a.facility_id,
            ward=meeting.a.ward,
            room=meeting.a.room,
            start=meeting.start,
            end=meeting.end,
            hours_min=meeting.hours_min,
            hours_max=meeting.hours_max,
            nights=len(meeting.nights_on),
            sequence=Order.TOGETHER,
            resolution=meeting.resolution,
            under_precautions=_under_precautions(
                meeting, precautions.get(meeting.a.facility_id, ()), zones[meeting.a.facility_id]
            ),
            repaired=meeting.repaired,
            repairs=meeting.repairs,
        )
        for meeting in sorted(meetings_of(index, others), key=lambda m: (m.b.patient_id, m.starts_from, m.a.ward))
    ]


def _under_precautions(meeting: Meeting, precautions: Iterable[Measure], zone: ZoneInfo) -> bool:
    return any(
        m.start.latest(zone) <= meeting.starts_from and (m.end is None or m.end.earliest(zone) >= meeting.ends_by)
        for m in precautions
    )
