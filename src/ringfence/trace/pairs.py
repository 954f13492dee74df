"""Every pair of people who shared a place, day by day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from ringfence.record import Level, Pair, Whereabouts

from .meetings import Meeting, all_meetings


def pairs(everyone: Iterable[Whereabouts], *, level: Level) -> list[Pair]:
    """Return one row for each two patients and each place they shared, in order.

    Args:
        everyone: presences at `level`.
        level: ward, bathroom or room.

    Days are the local days on which both were there and can have met; nights the local midnights both spent there.
    A day counts once, however often they met on it.
    """
    met: dict[tuple[str, str, str, str, str | None], list[Meeting]] = defaultdict(list)
    for meeting in all_meetings(everyone):
        met[(meeting.a.patient_id, meeting.b.patient_id, *meeting.a.place)].append(meeting)
    return [
        _pair(key, some, level) for key, some in sorted(met.items(), key=lambda item: (*item[0][:4], item[0][4] or ""))
    ]


def _pair(key: tuple[str, str, str, str, str | None], meetings: list[Meeting], level: Level) -> Pair:
    patient_a, patient_b, facility, ward, room = key
    days: set[date] = {day for meeting in meetings for day in meeting.days_on}
    nights: set[date] = {night for meeting in meetings for night in meeting.nights_on}
    return Pair(
        patient_a=patient_a,
        patient_b=patient_b,
        ward=ward,
        room=room if level is not Level.WARD else None,
        first_on=min(days),
        last_on=max(days),
        days=len(days),
        nights=len(nights),
        facility=facility,
    )
