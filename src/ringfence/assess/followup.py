"""Stratum 3: how far the follow-up of one contact has come, and what the policy says is still owed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ringfence.policy import FollowUpClause, Policy, Site, StillOwed, still_owed, weeks_due
from ringfence.record import Answer, EncounterKind, OrderStatus, Reason, Timeline, local_text, midnight
from ringfence.vocabulary import Mark

from .reasons import Why
from .screens import FROM_THE_GUT, Outcome, Screen, is_screen, screen_of


@dataclass(frozen=True)
class FollowUp:
    """Screens of a contact after the first exposure."""

    sets_done: int
    """Different local days with a screening specimen that gave a final result."""
    last: Screen | None
    """The last screen with a result."""
    pending: bool
    """Whether a later screen has no result yet."""


class Owed(StrEnum):
    """What a contact is owed."""

    OWED = "screens owed"
    COMPLETE = "complete"
    WITH_THE_UNIT = "with the surveys of the unit"
    DECIDE = "a professional decides"
    NOTHING = "nothing"


def follow_up(timeline: Timeline, *, since: datetime) -> FollowUp:
    """Return the screens of a contact collected after `since`, the start of the first exposure."""
    zone = timeline.setting.zone
    after = _screens(timeline, since)
    told = [s for s in after if s.outcome is not Outcome.PENDING]
    done = [s.specimen for s in told if s.specimen and (s.outcome.resulted or s.outcome is Outcome.GREW)]
    days = {specimen.collected.day(zone(specimen.facility_id)) for specimen in done}
    pending = bool(after) and after[-1].outcome is Outcome.PENDING
    return FollowUp(len(days), told[-1] if told else None, pending)


def _screens(timeline: Timeline, since: datetime) -> list[Screen]:
    zone = timeline.setting.zone
    return [
        screen_of(s, timeline)
        for s in timeline.specimens
        if is_screen(s) and not s.rejected and s.collected.earliest(zone(s.facility_id)) > since
    ]


def contact_owed(
    timeline: Timeline, *, policy: Policy, last_exposure: datetime, facility_id: str, known_carrier: bool = False
) -> Answer[Owed]:
    """Return what a contact still owes after the last exposure, under the policy as in force today.

    Negative screens count, several on one local day as one; a refusal is told and not counted. The dead and known
    carriers owe nothing. Where the policy gives no schedule, a professional decides.

    Args:
        timeline: the contact.
        policy: what the jurisdiction demands.
        last_exposure: the end of the last exposure.
        facility_id: where the contact was exposed; its zone tells the local days.
        known_carrier: whether the contact is known to carry what the index carries.
    """
    zone = timeline.setting.zone(facility_id)
    today, last = timeline.at.astimezone(zone).date(), last_exposure.astimezone(zone).date()
    if timeline.died or known_carrier:
        code = Why.CONTACT_DIED if timeline.died else Why.CONTACT_CARRIES
        tested = any(screen.outcome.resulted for screen in _screens(timeline, last_exposure))
        reason = Reason(code, values={"tested": "" if tested else ", never tested"})
        return _answered(timeline, policy, Owed.NOTHING, reason, None)
    policy = policy.on(today, facility_id)
    clause = next((c for c in policy.follow_up if c.about == "schedule"), None)
    done = _negative_days(timeline, last_exposure, clause)
    inpatient = _inpatient(timeline, zone)
    status, values, begins = _of_clause(clause, last, done, today, inpatient)
    values |= {"last": last.isoformat(), "refused": _refused(timeline, last_exposure)}
    mark = clause.mark if clause else Mark.NOT_SPECIFIED
    reason = Reason(_WHY[status], clause.id if clause else None, mark, values=values)
    changes = midnight(begins, zone) if begins and begins > today else None
    return _answered(timeline, policy, status, reason, changes)


def _of_clause(
    clause: FollowUpClause | None, last: date, done: list[date], today: date, inpatient: Callable[[date], bool]
) -> tuple[Owed, dict[str, object], date | None]:
    then = clause.then if clause else None
    if then is None:
        return Owed.DECIDE, {}, None
    if then.from_last_exposure:
        left = still_owed(then.from_last_exposure, last_exposure=last, done=done)
        said = {"owed": left.screens, "done": len(set(done)), "from_day": _from(left)}
        said |= {"sets": then.from_last_exposure.sets, "due": _due(left, last)}
        return (Owed.OWED if left.screens else Owed.COMPLETE), said, left.from_day if left.late else None
    if then.calendar_weeks:
        weeks = then.calendar_weeks
        missed = weeks_due(weeks, began=last, done=done, today=today, inpatient=inpatient)
        over = today >= last + timedelta(weeks=weeks.weeks)
        status = Owed.OWED if missed or not over else Owed.COMPLETE
        nxt = next((d for n in range(1, 54) if (d := last + n * timedelta(days=weeks.every.number)) > today), None)
        said = {"owed": max(len(missed), int(not over)), "done": len(set(done)), "from_day": ""}
        due = missed[0] if missed else None if over else nxt
        said |= {"sets": weeks.weeks * 7 // weeks.every.number, "due": due.isoformat() if due else ""}
        return status, said, None if over else nxt
    return Owed.WITH_THE_UNIT, {}, None


def _due(left: StillOwed, last: date) -> str:
    """Return the day from which the next screen is due; nothing where none is owed."""
    if not left.screens:
        return ""
    only_the_late_one = left.late and left.screens == 1 and left.from_day
    return (left.from_day if only_the_late_one and left.from_day else last + timedelta(days=1)).isoformat()


def _from(left: StillOwed) -> str:
    return f", one of them on or after {left.from_day}" if left.late else ""


_WHY = {
    Owed.OWED: Why.CONTACT_OWES,
    Owed.COMPLETE: Why.CONTACT_COMPLETE,
    Owed.WITH_THE_UNIT: Why.CONTACT_WITH_UNIT,
    Owed.DECIDE: Why.CONTACT_OPEN,
}


def _negative_days(timeline: Timeline, since: datetime, clause: FollowUpClause | None) -> list[date]:
    """Return the local days of screens after `since` with a final negative result, from a site that the clause names.

    Where it names the gut, a screen of another site alone is no set.
    """
    zone = timeline.setting.zone
    sites = clause.then.sites if clause and clause.then else ()
    gut = Site.RECTAL in sites or Site.STOOL in sites
    negative = (s.specimen for s in _screens(timeline, since) if s.outcome in _NEGATIVE)
    return [s.collected.day(zone(s.facility_id)) for s in negative if s and (not gut or s.kind in FROM_THE_GUT)]


def _inpatient(timeline: Timeline, zone: ZoneInfo) -> Callable[[date], bool]:
    """Return whether the contact was an inpatient on a local day, anywhere on record."""
    visits = [e for e in timeline.encounters if e.kind is EncounterKind.INPATIENT]
    spans = [(e.start.day(zone), e.end.day(zone) if e.end else None) for e in visits]
    return lambda day: any(began <= day and (ended is None or day <= ended) for began, ended in spans)


_NEGATIVE = (Outcome.NOT_DETECTED, Outcome.PANEL_NEGATIVE)


def _refused(timeline: Timeline, since: datetime) -> str:
    zone = timeline.setting.default_zone
    refused = (o.happened for o in timeline.orders if o.status is OrderStatus.REFUSED)
    days = _days_of(moment.day(zone) for moment in refused if moment.latest(zone) > since)
    return f"; refused {days}" if days else ""


def _days_of(days: Iterable[date]) -> str:
    return ", ".join(sorted({day.isoformat() for day in days}))


def _answered(
    timeline: Timeline, policy: Policy, status: Owed, reason: Reason, changes: datetime | None
) -> Answer[Owed]:
    return Answer(
        status=status,
        reasons=(reason,),
        at=timeline.at,
        policy=policy.digest,
        known_to=timeline.known_to,
        next_change=changes,
    )


def outcome_text(screen: Screen) -> str:
    """Return what came of a screen, without a date."""
    return f"{', '.join(screen.enzymes)} {screen.outcome}" if screen.enzymes else screen.outcome.value


def screen_text(screen: Screen, timeline: Timeline) -> str:
    """Return what came of a screen with its date, never as a verdict on the person."""
    said = outcome_text(screen)
    if screen.on is None:
        return said
    zone = timeline.setting.zone(screen.specimen.facility_id if screen.specimen else None)
    day = screen.on.day(zone) if screen.on.at is None else local_text(screen.on.at, zone)[:10]
    return f"{said} {day}"
