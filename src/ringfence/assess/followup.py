"""Stratum 3: how far the follow-up of one contact has come, and what the policy says is still owed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ringfence.policy import CalendarWeeks, FollowUpClause, Policy, Site, StillOwed, still_owed, weekly
from ringfence.record import Answer, EncounterKind, Level, OrderStatus, Reason, Specimen, Timeline, local_text, midnight
from ringfence.vocabulary import Mark

from .carriage import Carriage
from .reasons import Why
from .screens import FROM_THE_GUT, Outcome, Screen, is_screen, not_found, screen_of


@dataclass(frozen=True)
class FollowUp:
    """Screens of a contact after the first exposure."""

    sets_done: int
    """Different local days with a screening specimen that gave a final result."""
    last: Screen | None
    """The last screen with a result."""
    pending: bool
    """Whether a later screen has no result yet."""
    rejected: str = ""
    """The local days of screens that the laboratory rejected."""


class Owed(StrEnum):
    """What a contact is owed."""

    OWED = "screens owed"
    COMPLETE = "complete"
    WITH_THE_UNIT = "with the surveys of the unit"
    GOING_ON = "the exposure goes on"
    BY_PANEL = "every screen is negative, some by a panel"
    WEEKS_OVER = "the weeks are over, and screens are missing"
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
    taken = [s for s in timeline.specimens if is_screen(s) and s.collected.earliest(zone(s.facility_id)) > since]
    rejected = _days_of(s.collected.day(zone(s.facility_id)) for s in taken if s.rejected)
    return FollowUp(len(days), told[-1] if told else None, pending, rejected)


def _screens(timeline: Timeline, since: datetime) -> list[Screen]:
    zone = timeline.setting.zone
    return [
        screen_of(s, timeline)
        for s in timeline.specimens
        if is_screen(s) and not s.rejected and s.collected.earliest(zone(s.facility_id)) > since
    ]


def contact_settled(
    timeline: Timeline, *, policy: Policy, since: datetime, carried: Carriage | None = None
) -> Answer[Owed]:
    """Return why a contact owes nothing who died, or carries what the index carries.

    Args:
        timeline: the contact.
        policy: what the jurisdiction demands.
        since: when the first exposure began; who was found positive after it need not be the source.
        carried: what the contact carries of the family of the index.
    """
    if timeline.died or carried is None:
        tested = any(screen.outcome.resulted for screen in _screens(timeline, since))
        reason = Reason(Why.CONTACT_DIED, values={"tested": "" if tested else ", never tested"})
    else:
        zone = timeline.setting.zone(carried.first.facility_id)
        first, facts = carried.first.collected, (f"specimens:{carried.first.specimen_id}",)
        code = Why.CONTACT_CARRIES if first.latest(zone) <= since else Why.CONTACT_FOUND
        reason = Reason(code, facts=facts, values={"first": first.day(zone).isoformat()})
    return _answered(timeline, policy, Owed.NOTHING, reason, None)


def contact_owed(
    timeline: Timeline,
    *,
    policy: Policy,
    last_exposure: date | None,
    facility_id: str,
    family: str | None = None,
    going_on: Level | None = None,
) -> Answer[Owed]:
    """Return what a contact still owes after the last exposure, under the policy as in force today.

    Negative screens count, several on one local day as one; a refusal is told and not counted. One without a result
    is not asked for again. Where the policy gives no schedule, or the exposure goes on, a professional decides; so
    does one where the weeks of a schedule are over and screens are missing, or where a panel, which rules out its
    targets only, is all that some of them were.

    Args:
        timeline: the contact.
        policy: what the jurisdiction demands.
        last_exposure: the local day on which the last exposure ended, which is day 0; None: none has ended.
        facility_id: where the contact was exposed; its zone tells the local days.
        family: what the index carries; a negative test for it is more than one of a panel.
        going_on: the closest place in which an exposure goes on.
    """
    zone, last = timeline.setting.zone(facility_id), last_exposure
    today = timeline.at.astimezone(zone).date()
    policy = policy.on(today, facility_id)
    clause = next((c for c in policy.follow_up if c.about == "schedule"), None)
    mark = clause.mark if clause else Mark.NOT_SPECIFIED
    clause_id = clause.id if clause else None
    place = going_on.value if going_on else ""
    if last is None:
        reason = Reason(Why.CONTACT_GOING_ON, clause_id, mark, values={"level": place})
        return _answered(timeline, policy, Owed.GOING_ON, reason, None)
    swabs = _swabs(timeline, last, clause, family)
    status, values, begins = _of_clause(clause, last, swabs, today, _inpatient(timeline, zone))
    values |= {"last": last.isoformat(), "refused": _refused(timeline, last)}
    values["still"] = f"; a {place} is still shared, and that counts from its end" if going_on else ""
    reason = Reason(_WHY[status], clause_id, mark, values=values)
    changes = midnight(begins, zone) if begins and begins > today else None
    if going_on and status in (Owed.COMPLETE, Owed.BY_PANEL):
        status = Owed.GOING_ON
    return _answered(timeline, policy, status, reason, changes)


class _Swabs(NamedTuple):
    """The local days of screens that count, or may."""

    negative: list[date]
    awaited: list[date]
    """Without a result yet, on a day without a negative."""
    by_panel: list[date]
    """Negative by a panel alone, which says of its targets only that they were not detected."""

    @property
    def sure(self) -> list[date]:
        return [day for day in self.negative if day not in self.by_panel]

    @property
    def text(self) -> str:
        return f" ({_days_of(self.awaited)} collected, no result yet)" if self.awaited else ""


def _of_clause(
    clause: FollowUpClause | None, last: date, swabs: _Swabs, today: date, inpatient: Callable[[date], bool]
) -> tuple[Owed, dict[str, object], date | None]:
    then = clause.then if clause else None
    if then is None:
        return Owed.DECIDE, {}, None
    if then.from_last_exposure:
        done, taken = swabs.negative, [*swabs.negative, *swabs.awaited]
        left = still_owed(then.from_last_exposure, last_exposure=last, done=done)
        next_one = still_owed(then.from_last_exposure, last_exposure=last, done=taken)
        said = {"owed": left.screens, "done": len(set(done)), "from_day": _from(left), "awaited": swabs.text}
        said |= {"sets": then.from_last_exposure.sets, "due": _due(next_one, max(taken, default=last))}
        sure = still_owed(then.from_last_exposure, last_exposure=last, done=swabs.sure)
        said["panel"] = _by_panel(swabs)
        status = Owed.OWED if left.screens else Owed.BY_PANEL if sure.screens else Owed.COMPLETE
        return status, said, left.from_day if left.late else None
    if then.calendar_weeks:
        return _of_weeks(then.calendar_weeks, last, swabs, today, inpatient)
    return Owed.WITH_THE_UNIT, {}, None


def _of_weeks(
    weeks: CalendarWeeks, last: date, swabs: _Swabs, today: date, inpatient: Callable[[date], bool]
) -> tuple[Owed, dict[str, object], date | None]:
    rounds = weekly(weeks, began=last, done=swabs.negative, today=today, inpatient=inpatient)
    taken = weekly(weeks, began=last, done=[*swabs.negative, *swabs.awaited], today=today, inpatient=inpatient)
    over = today >= last + timedelta(weeks=weeks.weeks)
    sure = weekly(weeks, began=last, done=swabs.sure, today=today, inpatient=inpatient)
    # Weeks that passed at home are not screens: who has not had them all is not done with.
    short, by_panel = rounds.answered < rounds.all, sure.answered < rounds.all
    status = Owed.OWED if not over else Owed.WEEKS_OVER if short else Owed.BY_PANEL if by_panel else Owed.COMPLETE
    still = () if over else (*rounds.missed, *rounds.ahead)
    said: dict[str, object] = {"owed": len(still), "done": rounds.answered, "from_day": "", "sets": rounds.all}
    to_take = () if over else (*taken.missed, *taken.ahead)
    said |= {"due": to_take[0].isoformat() if to_take else "", "awaited": swabs.text, "panel": _by_panel(swabs)}
    return status, said, next((day for day in still if day > today), None)


def _by_panel(swabs: _Swabs) -> str:
    return f" (by a panel alone: {_days_of(swabs.by_panel)})" if swabs.by_panel else ""


def _due(left: StillOwed, last: date) -> str:
    """Return the day from which the next screen is due, after that of the last; nothing where none is owed."""
    if not left.screens:
        return ""
    only_the_late_one = left.late and left.screens == 1 and left.from_day
    return (left.from_day if only_the_late_one and left.from_day else last + timedelta(days=1)).isoformat()


def _from(left: StillOwed) -> str:
    return f", one of them on or after {left.from_day}" if left.late else ""


_WHY = {
    Owed.OWED: Why.CONTACT_OWES,
    Owed.COMPLETE: Why.CONTACT_COMPLETE,
    Owed.BY_PANEL: Why.CONTACT_BY_PANEL,
    Owed.WEEKS_OVER: Why.CONTACT_WEEKS_OVER,
    Owed.WITH_THE_UNIT: Why.CONTACT_WITH_UNIT,
    Owed.DECIDE: Why.CONTACT_OPEN,
}


def _swabs(timeline: Timeline, last: date, clause: FollowUpClause | None, family: str | None) -> _Swabs:
    """Return the local days of screens after day 0, negative or without a result, from a site that the clause names.

    Where it names the gut, or no site, a screen of another site alone is no set.
    """
    zone = timeline.setting.zone
    sites = clause.then.sites if clause and clause.then else ()
    gut = not sites or Site.RECTAL in sites or Site.STOOL in sites
    taken = [s for s in timeline.specimens if is_screen(s) and not s.rejected]
    later = [s for s in taken if s.collected.day(zone(s.facility_id)) > last]
    used = [s for s in later if not gut or s.kind in FROM_THE_GUT]
    told = [(s.collected.day(zone(s.facility_id)), *_says(s, timeline, family)) for s in used]
    negative = [day for day, outcome, named in told if outcome in _NEGATIVE or named]
    sure = {day for day, outcome, named in told if outcome is Outcome.NOT_DETECTED or named}
    awaited = [day for day, outcome, _ in told if outcome is Outcome.PENDING and day not in negative]
    return _Swabs(negative, awaited, [day for day in negative if day not in sure])


def _says(specimen: Specimen, timeline: Timeline, family: str | None) -> tuple[Outcome, bool]:
    """Return what came of a screen, and whether it looked for the family by name and did not find it."""
    outcome = screen_of(specimen, timeline).outcome
    return outcome, outcome in _BY_TARGETS and family in not_found(specimen, timeline)


def _inpatient(timeline: Timeline, zone: ZoneInfo) -> Callable[[date], bool]:
    """Return whether the contact was an inpatient on a local day, anywhere on record."""
    visits = [e for e in timeline.encounters if e.kind is EncounterKind.INPATIENT]
    spans = [(e.start.day(zone), e.end.day(zone) if e.end else None) for e in visits]
    return lambda day: any(began <= day and (ended is None or day <= ended) for began, ended in spans)


_NEGATIVE = (Outcome.NOT_DETECTED, Outcome.PANEL_NEGATIVE)
_BY_TARGETS = (Outcome.PANEL_NEGATIVE, Outcome.TARGETS_ONLY)


def _refused(timeline: Timeline, last: date) -> str:
    zone = timeline.setting.default_zone
    refused = (o.happened.day(zone) for o in timeline.orders if o.status is OrderStatus.REFUSED)
    days = _days_of(day for day in refused if day >= last)
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
