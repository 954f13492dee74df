"""Whom to trace: the carriers, from when on each counts as a source, and under which precautions."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from ringfence.assess import Carriage, Rulebook, carriages, rulebook
from ringfence.policy import ContactClass, LookBack, Policy
from ringfence.record import CaseStatus, Level, Timeline, View, midnight, precautions_in_force
from ringfence.trace import ALWAYS, NEVER, Source, minute


def sources(view: View, policy: Policy | None = None) -> dict[str, tuple[Source, Carriage]]:
    """Return every case whose patient carries, by case.

    With a policy each counts from the earliest moment from which any contact clause counts; where a clause gives no
    such moment, or without a policy, all time that is known is taken: the widest preview.
    """
    rules = rules_of(view, policy) if policy else None
    found: dict[str, tuple[Source, Carriage]] = {}
    for timeline in view.timelines_with_specimens():
        own = (
            carriages(timeline, policy=policy.digest, rules=rules)
            if policy and rules
            else carriages(timeline, policy="")
        )
        for one in own:
            if one.carries:
                window = (_from(one, timeline, policy), ALWAYS)
                in_force = minutes_of_precautions(timeline)
                found[one.case_id] = Source(one.case_id, one.patient_id, window, in_force), one
    return found


def cases_put_aside(view: View) -> dict[str, CaseStatus]:
    """Return the cases whose patient does not carry as of the view, such as those withdrawn, and how each stands."""
    of_all = (one for timeline in view.timelines_with_specimens() for one in carriages(timeline, policy=""))
    return {one.case_id: one.answer.status for one in of_all if not one.carries}


def days_after(view: View, policy: Policy) -> int | None:
    """Return up to how many days after a case left its bed who came next counts, by the widest clause of a policy.

    None: no clause in force on the day of the view says so.
    """
    day = view.at.astimezone(view.zone(None)).date()
    clauses = [clause for site in view.facilities for clause in policy.on(day, site).contacts]
    hours = [one.who.next_occupant_within.size for one in clauses if one.who and one.who.next_occupant_within]
    return math.ceil(max(hours) / 24) if hours else None


_ANYWHERE = (ContactClass.FACILITY, ContactClass.HEALTH_CARE)
_CLASSES = {
    Level.ROOM: (ContactClass.ROOM, ContactClass.BAY, ContactClass.WARD, *_ANYWHERE),
    Level.BATHROOM: (ContactClass.BATHROOM, ContactClass.WARD, *_ANYWHERE),
    Level.WARD: (ContactClass.WARD, *_ANYWHERE),
    Level.FACILITY: _ANYWHERE,
}
"""The classes of contact that take in whoever shared a place of a level: who shared a room shared its ward."""


def overlap_asked(view: View, policy: Policy, level: Level) -> tuple[float, bool]:
    """Return how many hours together a policy asks for at a level at least, and whether of all meetings together.

    Of several clauses, at any site, the widest counts: one that asks for no time, or fewer hours, or counts meetings
    together; so does one whose source was not read. 0: no clause in force on the day of the view asks for any.
    """
    day = view.at.astimezone(view.zone(None)).date()
    clauses = [clause for site in view.facilities for clause in policy.on(day, site).contacts]
    if any(one.who is None for one in clauses):
        return 0.0, False
    who = [one.who for one in clauses if one.who and one.then]
    those = [one for one in who if any(how in one.classes for how in _CLASSES.get(level, ()))]
    least = [one.overlap.lower.size if one.overlap and one.overlap.lower else 0.0 for one in those]
    return min(least, default=0.0), any(one.counted == "cumulative" for one in those)


def rules_of(view: View, policy: Policy) -> Rulebook:
    """Return the clauses on identification in force on the day of a view."""
    return rulebook(policy, view.at.astimezone(view.zone(None)).date())


def minutes_of_precautions(timeline: Timeline) -> dict[str, Sequence[tuple[int, int]]]:
    """Return when contact precautions were certainly in force for a patient, by facility, in minutes."""
    found: dict[str, Sequence[tuple[int, int]]] = {}
    for facility, zone in timeline.setting.zones.items():
        measures = precautions_in_force(timeline, facility)
        if measures:
            times = sorted(
                (minute(one.start.latest(zone)), minute(one.end.earliest(zone)) if one.end else ALWAYS)
                for one in measures
            )
            found[facility] = _put_together(times)
    return found


def _put_together(times: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return times in order, those that touch as one: precautions that were renewed were in force all the while."""
    found: list[tuple[int, int]] = []
    for low, high in times:
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return found


def admitted_for(case: Carriage, timeline: Timeline) -> datetime | None:
    """Return when the visit began in which the first positive was collected; of visits that touch, the first."""
    zone = timeline.setting.zone(case.first.facility_id)
    taken = case.first.collected
    began: datetime | None = None
    for visit in reversed(timeline.encounters):
        start = visit.start.earliest(zone)
        ended = visit.end.latest(zone) if visit.end else timeline.at
        during = start <= taken.latest(zone) and taken.earliest(zone) <= ended
        if not visit.recurring and (during or (began is not None and start <= began <= ended)):
            began = start
    return began


def _from(case: Carriage, timeline: Timeline, policy: Policy | None) -> int:
    facility = case.first.facility_id
    clauses = (
        policy.on(timeline.at.astimezone(timeline.setting.zone(facility)).date(), facility).contacts if policy else ()
    )
    looks = [clause.who.look_back for clause in clauses if clause.who and clause.then]
    found = [_begins(look, case, timeline) if look else None for look in looks]
    begins = [one for one in found if one is not None]
    return minute(min(begins)) if begins and len(begins) == len(found) else NEVER


def _begins(look: LookBack, case: Carriage, timeline: Timeline) -> datetime | None:
    """Return when a case begins to count as a source; None: from always."""
    zone = timeline.setting.zone(case.first.facility_id)
    if look.since == "admission of the index":
        return admitted_for(case, timeline)
    before = look.before_first_positive.number if look.before_first_positive else 0
    return midnight(case.first.collected.day(zone) - timedelta(days=before), zone)
