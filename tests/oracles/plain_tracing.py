"""Who came after, how many carriers were around, and the way between two: the slow, obvious twins of `trace`."""

from collections import defaultdict
from datetime import timedelta
from zoneinfo import ZoneInfo

from ringfence.record import midnight

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def plain_after(everyone, days):
    """Every time one came to a place up to some days after another had left it: who left, who came, hours between."""
    found = []
    for left in everyone:
        for came in everyone:
            if left.patient_id == came.patient_id or left.whole_place != came.whole_place or left.open:
                continue
            soonest, latest = came.starts_from - left.ends_by, came.starts_by - left.ends_from
            if latest >= timedelta() and came.starts_from >= left.starts_from and soonest <= days * DAY:
                found.append((left.patient_id, came.patient_id, max(soonest, timedelta()) / HOUR, latest / HOUR))
    return found


def plain_path(everyone, origin, goal, after):
    """When a patient can first have been reached from another; None if never. Tried until nothing gets earlier."""
    reached = {origin: min((w.starts_from for w in everyone), default=None)}
    changed = True
    while changed:
        changed = False
        for one in everyone:
            if one.patient_id not in reached or reached[one.patient_id] >= one.ends_by:
                continue
            begins = max(one.starts_from, reached[one.patient_id])
            for other in everyone:
                if other.patient_id == one.patient_id or other.whole_place != one.whole_place:
                    continue
                since = max(begins, other.starts_from)
                late = since >= one.ends_by if after is None else since > one.ends_by + after * DAY
                if begins >= one.ends_by or late or since >= other.ends_by:
                    continue
                if other.patient_id not in reached or since < reached[other.patient_id]:
                    reached[other.patient_id] = since
                    changed = True
    return reached.get(goal)


def plain_pressure(everyone, carriers):
    """How many other carriers were in a place on each day that a patient was there."""
    there = defaultdict(set)
    for one in everyone:
        zone, day = ZoneInfo(one.zone), one.first_day
        while day <= one.last_day:
            if midnight(day, zone) < midnight(day + DAY, zone):
                there[(one.facility_id, one.ward or None, one.room, one.bed, day)].add(one.patient_id)
            day += DAY
    return {
        (patient, *place): sum(
            other != patient and other in carriers and carriers[other][0] <= place[-1] for other in patients
        )
        for place, patients in there.items()
        for patient in patients
    }
