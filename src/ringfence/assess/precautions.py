"""Stratum 3: which precautions are recommended now, and what could change that.

We know only CPO precautions: where none are recommended, others are not visible here. A recommendation never ends
by itself; a professional ends precautions.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ringfence.policy import Duration, Limits, Policy, PrecautionsClause
from ringfence.record import (
    Answer,
    Declaration,
    DeclarationKind,
    Found,
    Reason,
    Timeline,
    Verdict,
    midnight,
    months_before,
)
from ringfence.vocabulary import Mark

from .carriage import Carriage
from .reasons import Why
from .screens import Outcome, Screen


class Precautions(StrEnum):
    """What is recommended."""

    RECOMMENDED = "recommended"
    DECIDE = "decide"
    UNKNOWN = "unknown"
    NONE = "none recommended"
    STOPPED = "stopped by a professional"


def precautions(
    timeline: Timeline,
    *,
    policy: Policy,
    carriages: tuple[Carriage, ...],
    risk: Answer[Verdict] | None,
    screen: Screen | None,
    facility_id: str,
) -> Answer[Precautions]:
    """Return which CPO precautions are recommended for a patient in a facility now.

    Args:
        timeline: the patient.
        policy: what the jurisdiction demands.
        carriages: stratum 1.
        risk: the screening verdict of the current admission, if it is one.
        screen: what came of its screen.
        facility_id: where the patient is; its zone tells the local day.
    """
    carried = [c for c in carriages if c.stands]
    if carried:
        return _for_carrier(timeline, policy, carried, facility_id)
    status, reasons = _while_pending(policy, risk, screen)
    return _answer(timeline, policy, status, reasons, None)


def _for_carrier(timeline: Timeline, policy: Policy, carried: list[Carriage], facility_id: str) -> Answer[Precautions]:
    zone = timeline.setting.zone(facility_id)
    last = max(c.last.collected.day(zone) for c in carried)
    values = {"families": ", ".join(c.family for c in carried), "last": last.isoformat()}
    stopped = timeline.declared(DeclarationKind.PRECAUTIONS_ENDED, facility_id=facility_id)
    if stopped and _knew_all(stopped, timeline, carried, zone):
        said = values | {"by": stopped.declared_by, "on": stopped.declared.day(zone).isoformat()}
        reason = Reason(Why.PRECAUTIONS_STOPPED, facts=(f"declarations:{stopped.declaration_id}",), values=said)
        return _answer(timeline, policy, Precautions.STOPPED, (reason,), None)
    facts = tuple(f"specimens:{c.last.specimen_id}" for c in carried)
    for clause in policy.precautions:
        limits = clause.when.last_positive.ago if clause.when and clause.when.last_positive else None
        if limits and _within(limits, last, timeline.at.astimezone(zone).date()):
            reason = Reason(Why.POSITIVE_RECENT, clause.id, clause.mark, facts, values)
            until = _stops_holding(limits, last, zone)
            return _answer(timeline, policy, Precautions.RECOMMENDED, (reason,), until)
    unspecified = next((c for c in policy.precautions if c.mark is Mark.NOT_SPECIFIED), None)
    clause_id = unspecified.id if unspecified else None
    reason = Reason(Why.POSITIVE_OLD, clause_id, Mark.NOT_SPECIFIED, facts, values)
    return _answer(timeline, policy, Precautions.DECIDE, (reason,), None)


def _knew_all(stopped: Declaration, timeline: Timeline, carried: list[Carriage], zone: ZoneInfo) -> bool:
    """Whether every positive was known, and every number linked, when precautions were stopped."""
    declared = stopped.declared.earliest(zone)
    specimens = {specimen.specimen_id: specimen for c in carried for specimen in c.positives}
    results = (r for name in specimens for r in timeline.results[name] if r.found is Found.DETECTED)
    known = [(r.reported or specimens[r.specimen_id].collected).latest(zone) for r in results]
    return all(moment <= declared for moment in known) and not timeline.linked_after(declared)


def _stops_holding(limits: Limits[Duration], last: date, zone: ZoneInfo) -> datetime | None:
    """Return the midnight at which `limits` stop holding; None: never."""
    limit = limits.less_than or limits.at_most
    if limit is None:
        return None
    day = months_before(last, -(limit.months or 0))
    # A month of another length may bring the day itself inside or outside; look for the first outside.
    day = next(d for n in range(-3, 5) if not _within(limits, last, d := day + timedelta(days=n)))
    return midnight(day, zone)


def _within(limits: Limits[Duration], last: date, today: date) -> bool:
    def before(limit: Duration) -> date:
        return months_before(today, limit.months or 0)

    return (
        (limits.less_than is None or last > before(limits.less_than))
        and (limits.at_most is None or last >= before(limits.at_most))
        and (limits.more_than is None or last < before(limits.more_than))
        and (limits.at_least is None or last <= before(limits.at_least))
    )


def _while_pending(
    policy: Policy, risk: Answer[Verdict] | None, screen: Screen | None
) -> tuple[Precautions, tuple[Reason, ...]]:
    if screen and screen.outcome in (Outcome.GREW, Outcome.UNSETTLED):
        return Precautions.DECIDE, (Reason(Why.SCREEN_UNSETTLED, mark=Mark.UNVERIFIED),)
    if screen and screen.outcome in (Outcome.REFUSED, Outcome.UNABLE):
        return Precautions.DECIDE, (Reason(Why.SCREEN_DECLINED, mark=Mark.NOT_SPECIFIED),)
    if risk and risk.status is Verdict.YES and not (screen and screen.outcome.resulted):
        clause = _pending_clause(policy)
        if clause:
            return Precautions.RECOMMENDED, (Reason(Why.SCREEN_PENDING, clause.id, clause.mark),)
    if risk and risk.status is Verdict.UNKNOWN and not (screen and screen.outcome.resulted):
        return Precautions.UNKNOWN, (Reason(Why.RISK_UNKNOWN),)
    return Precautions.NONE, (Reason(Why.NOTHING_ASKS),)


def _pending_clause(policy: Policy) -> PrecautionsClause | None:
    return next((c for c in policy.precautions if c.when and c.when.screen_pending), None)


def _answer(
    timeline: Timeline,
    policy: Policy,
    status: Precautions,
    reasons: tuple[Reason, ...],
    next_change: datetime | None,
) -> Answer[Precautions]:
    return Answer(
        status=status,
        reasons=reasons,
        at=timeline.at,
        policy=policy.digest,
        known_to=timeline.known_to,
        next_change=next_change,
    )
