"""Stratum 3: which precautions are recommended now, and what could change that.

We know only CPO precautions: where none are recommended, others are not visible here. A recommendation never ends
by itself: once its criteria are met that is a proposal, and a professional ends precautions.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ringfence.policy import (
    AdmissionClause,
    Clearance,
    ClearanceClause,
    Duration,
    Limits,
    Policy,
    PrecautionsClause,
    clearance,
    rule_of,
)
from ringfence.record import (
    Answer,
    Declaration,
    DeclarationKind,
    EncounterKind,
    Missing,
    Reason,
    Timeline,
    Verdict,
    midnight,
    months_before,
)
from ringfence.vocabulary import Mark

from .carriage import Carriage
from .reasons import Why, sentences
from .screens import FROM_THE_GUT, Outcome, Screen, is_screen, screen_of


class Precautions(StrEnum):
    """What is recommended."""

    RECOMMENDED = "recommended"
    CRITERIA_MET = "criteria met: may end, when a professional says so"
    DECIDE = "decide"
    UNKNOWN = "unknown"
    NONE = "none recommended"
    ENDED = "ended by a professional after the screen"
    STOPPED = "stopped by a professional"
    """Of a carrier."""


class ContactOf(NamedTuple):
    """A case that somebody is an accepted contact of, whose follow-up is not complete."""

    case_id: str
    since: datetime
    """When a professional accepted the contact, or the last meeting began, whichever is later."""


def precautions(
    timeline: Timeline,
    *,
    policy: Policy,
    carriages: tuple[Carriage, ...],
    risk: Answer[Verdict] | None,
    screen: Screen | None,
    facility_id: str,
    visiting: bool,
    contact_of: tuple[ContactOf, ...] = (),
) -> Answer[Precautions]:
    """Return which CPO precautions are recommended for a patient in a facility now.

    Args:
        timeline: the patient.
        policy: what the jurisdiction demands.
        carriages: stratum 1.
        risk: the screening verdict of the current admission, if it is one.
        screen: what came of its screen.
        facility_id: where the patient is; its zone tells the local day.
        visiting: whether a visit there is on record. Without one it is not known what was asked, or whether anything
            is.
        contact_of: of which cases the patient is an accepted contact, while that is followed up.
    """
    zone = timeline.setting.zone(facility_id)
    today = timeline.at.astimezone(zone).date()
    whole, policy, changes = policy, policy.on(today, facility_id), policy.next_date(today)
    carried = [c for c in carriages if c.carries]
    suspected = [c for c in carriages if c.stands and not c.detected]
    if carried:
        answer = _for_carrier(timeline, policy, carried, facility_id)
    else:
        stopped = timeline.declared(DeclarationKind.PRECAUTIONS_ENDED, facility_id=facility_id)
        status, reasons = _while_pending(policy, whole, risk, screen, stopped, zone, visiting=visiting)
        besides = _while_suspected(timeline, suspected, stopped, zone)
        if besides and status not in (Precautions.RECOMMENDED, Precautions.DECIDE):
            status, reasons = besides
        elif besides and status is besides[0]:
            reasons = (*reasons, *(reason for reason in besides[1] if reason not in reasons))
        answer = _answer(timeline, policy, status, reasons, None)
        if status is Precautions.RECOMMENDED:
            asks = "a negative result of every screen that is asked for, and a professional who says so"
            answer = replace(answer, missing=(Missing(reasons[0].clause or "ringfence", "What would end them?", asks),))
    answer = _with_waiting(answer, timeline, policy, contact_of, facility_id)
    soonest = [moment for moment in (answer.next_change, midnight(changes, zone) if changes else None) if moment]
    return replace(answer, next_change=min(soonest, default=None))


def _with_waiting(
    answer: Answer[Precautions],
    timeline: Timeline,
    policy: Policy,
    contact_of: tuple[ContactOf, ...],
    facility_id: str,
) -> Answer[Precautions]:
    """Add what the policy asks for while somebody waits for screens as a contact; it never takes anything away."""
    clause = next((c for c in policy.follow_up if c.about == "isolation"), None)
    said = clause.then.isolate_while_waiting if clause and clause.then else None
    zone = timeline.setting.zone(facility_id)
    stopped = timeline.declared(DeclarationKind.PRECAUTIONS_ENDED, facility_id=facility_id)
    open_ones = [c for c in contact_of if not stopped or stopped.declared.earliest(zone) < c.since]
    if contact_of and not open_ones and stopped:
        return replace(answer, reasons=(*answer.reasons, _stopped_for_contact(contact_of, stopped, zone)))
    if not open_ones or (clause and said == "no" and clause.mark is Mark.VERIFIED):
        return answer
    status = Precautions.RECOMMENDED if said == "yes" else Precautions.DECIDE
    if answer.status is Precautions.RECOMMENDED and status is Precautions.DECIDE:
        return answer
    values = {"cases": ", ".join(c.case_id for c in open_ones), "said": _WHILE_WAITING[said]}
    clause_id, mark = (clause.id, clause.mark) if clause else (None, Mark.NOT_SPECIFIED)
    reason = Reason(Why.CONTACT_WAITS, clause_id, mark, values=values)
    before = () if answer.status in _SAYS_NOTHING_ELSE else answer.reasons
    reasons = (*before, reason) if answer.status is status else (reason, *before)
    counted = next((c for c in policy.follow_up if c.about == "schedule" and c.then), None)
    by, when = (counted.id, _CONTACT_DONE) if counted else (clause_id or "ringfence", "the policy does not say")
    ends = Missing(by, "What would end them?", when)
    return replace(answer, status=status, reasons=reasons, missing=(*answer.missing, ends))


def _stopped_for_contact(contact_of: tuple[ContactOf, ...], stopped: Declaration, zone: ZoneInfo) -> Reason:
    values = {"by": stopped.declared_by, "on": stopped.declared.day(zone).isoformat()}
    cases = {"cases": ", ".join(c.case_id for c in contact_of)}
    return Reason(Why.CONTACT_STOPPED, facts=(f"declarations:{stopped.declaration_id}",), values=values | cases)


_WHILE_WAITING = {
    "yes": "the policy isolates contacts meanwhile",
    "by level": "the policy isolates contacts meanwhile by their risk, which a professional weighs",
    "no": "the clause does not isolate contacts meanwhile, and is not verified, so a professional decides",
    None: "the policy does not say whether contacts are isolated meanwhile",
}
_SAYS_NOTHING_ELSE = (Precautions.NONE, Precautions.CRITERIA_MET)
_CONTACT_DONE = "a negative result of every screen that is owed as a contact, and a professional who says so"


def _while_suspected(
    timeline: Timeline, suspected: list[Carriage], stopped: Declaration | None, zone: ZoneInfo
) -> tuple[Precautions, tuple[Reason, ...]] | None:
    """A suspicion that the laboratory has not settled, or a positive told of without a result: somebody decides."""
    if suspected:
        if stopped and _knew_all(stopped, timeline, suspected, zone):
            return Precautions.STOPPED, (_stopped(stopped, suspected, zone, "a suspected CPO"),)
        return Precautions.DECIDE, tuple(_suspected_by(one) for one in suspected)
    told = [row for row in timeline.rows("reported_history") if row.reported.earliest(zone) <= timeline.at]
    if not told or (stopped and all(row.reported.latest(zone) <= stopped.declared.earliest(zone) for row in told)):
        return None
    return Precautions.DECIDE, tuple(
        Reason(
            Why.TOLD_ONLY,
            mark=Mark.NOT_SPECIFIED,
            facts=(f"reported_history:{row.history_id}",),
            values={"by": row.told_by, "on": row.reported.day(zone).isoformat()},
        )
        for row in told
    )


def _suspected_by(one: Carriage) -> Reason:
    facts = tuple(fact for reason in one.answer.reasons for fact in reason.facts)
    return Reason(Why.SUSPECTED, mark=one.answer.mark, facts=facts, values={"why": sentences(one.answer.reasons)})


def _stopped(stopped: Declaration, carried: list[Carriage], zone: ZoneInfo, what: str) -> Reason:
    last = max(c.last.collected.day(zone) for c in carried)
    by = {"by": stopped.declared_by, "on": stopped.declared.day(zone).isoformat()}
    facts = (f"declarations:{stopped.declaration_id}",)
    return Reason(Why.PRECAUTIONS_STOPPED, facts=facts, values=by | {"families": what, "last": last.isoformat()})


def _for_carrier(timeline: Timeline, policy: Policy, carried: list[Carriage], facility_id: str) -> Answer[Precautions]:
    zone = timeline.setting.zone(facility_id)
    last = max(c.last.collected.day(zone) for c in carried)
    values = {"families": ", ".join(c.family for c in carried), "last": last.isoformat()}
    stopped = timeline.declared(DeclarationKind.PRECAUTIONS_ENDED, facility_id=facility_id)
    if stopped and _knew_all(stopped, timeline, carried, zone):
        reason = _stopped(stopped, carried, zone, values["families"])
        return _answer(timeline, policy, Precautions.STOPPED, (reason,), None)
    facts = tuple(f"specimens:{c.last.specimen_id}" for c in carried)
    today = timeline.at.astimezone(zone).date()
    negatives = _negatives(timeline)
    staying = [e for e in timeline.encounters if e.end is None and e.kind is EncounterKind.INPATIENT]
    found_here = any(e.start.day(zone) <= last for e in staying)

    def ruled(day: date) -> _Ruling:
        ruling = _ruling(policy, last, day, negatives, in_stay=bool(staying))
        if ruling.status is Precautions.DECIDE and found_here and not _speaks_of_carriers(policy):
            return ruling._replace(status=Precautions.RECOMMENDED, why=Why.FOUND_THIS_STAY)
        return ruling

    now = ruled(today)
    days = sorted(day for day in _turning_days(policy, last) if day > today)
    until = next((midnight(day, zone) for day in days if ruled(day) != now), None)
    reason = Reason(now.why, now.clause_id, now.mark, facts, values)
    answer = _answer(timeline, policy, now.status, (reason,), until)
    return replace(answer, missing=_would_end(policy))


def _would_end(policy: Policy) -> tuple[Missing, ...]:
    """Return what the policy says would let a professional end precautions for a carrier."""
    about = (clause for clause in policy.clearance if not clause.only_if_not_cpo)
    return tuple(Missing(clause.id, "What would end precautions?", _said_by(clause)) for clause in about)


def _said_by(clause: ClearanceClause) -> str:
    return rule_of(clause) if clause.then else "the policy does not say"


class _Ruling(NamedTuple):
    """What the policy comes to for a carrier on one day."""

    status: Precautions
    why: Why
    clause_id: str | None
    mark: Mark


def _ruling(policy: Policy, last: date, day: date, negatives: list[date], *, in_stay: bool) -> _Ruling:
    ruled, clearing = clearance(policy.clearance, last_positive=last, negatives=negatives, today=day, in_stay=in_stay)
    if ruled is Clearance.PROPOSED and clearing:
        return _Ruling(Precautions.CRITERIA_MET, Why.CLEARANCE_PROPOSED, clearing.id, clearing.mark)
    for clause in policy.precautions:
        about = clause.when.last_positive if clause.when else None
        if about and (about.ago is None or _within(about.ago, last, day)):
            return _Ruling(Precautions.RECOMMENDED, Why.POSITIVE_RECENT, clause.id, clause.mark)
    if ruled is Clearance.NEVER and clearing:
        return _Ruling(Precautions.RECOMMENDED, Why.CLEARANCE_NEVER, clearing.id, clearing.mark)
    # Of several clauses that are not specified the last is the one about carriers; those of screens come first.
    unspecified = [c for c in policy.precautions if c.mark is Mark.NOT_SPECIFIED]
    clause_id = unspecified[-1].id if unspecified else None
    return _Ruling(Precautions.DECIDE, Why.POSITIVE_OLD, clause_id, Mark.NOT_SPECIFIED)


def _speaks_of_carriers(policy: Policy) -> bool:
    """Whether a clause says how long precautions apply to a carrier; else, in the stay of the finding, they are shown.

    What a policy does not specify gives the widest preview.
    """
    return any(c.when and c.when.last_positive for c in policy.precautions)


def _negatives(timeline: Timeline) -> list[date]:
    """Return the local days of screens from the gut whose final culture was negative.

    A panel says that its targets were not detected, and a wound nothing of the gut: neither counts toward an end.
    """
    taken = (s for s in timeline.specimens if is_screen(s) and not s.rejected and s.kind in FROM_THE_GUT)
    screens = (screen_of(s, timeline) for s in taken)
    negative = (s.specimen for s in screens if s.outcome is Outcome.NOT_DETECTED)
    return [s.collected.day(timeline.setting.zone(s.facility_id)) for s in negative if s]


def _knew_all(stopped: Declaration, timeline: Timeline, carried: list[Carriage], zone: ZoneInfo) -> bool:
    """Whether every positive was known, and every number linked, when precautions were stopped."""
    declared = stopped.declared.earliest(zone)
    specimens = {specimen.specimen_id for c in carried for specimen in c.positives}
    facts = [fact.partition(":") for c in carried for reason in c.answer.reasons for fact in reason.facts]
    results = {key for table, _, key in facts if table == "results"}
    known = [timeline.first_known("specimens", name) for name in sorted(specimens)]
    known += [timeline.first_known("results", name) for name in sorted(results)]
    return all(moment and moment <= declared for moment in known) and not timeline.linked_after(declared)


def _turning_days(policy: Policy, last: date) -> Iterator[date]:
    """Yield the days at which a clause may begin or stop to hold; months of another length move them by some."""
    limits = [c.when.last_positive.ago for c in policy.precautions if c.when and c.when.last_positive]
    lengths = [length for one in limits if one for length in (one.less_than, one.at_most, one.more_than, one.at_least)]
    criteria = [c.then.propose_when for c in policy.clearance if c.then and c.then.propose_when]
    for length in (*lengths, *(one.since_last_positive for one in criteria)):
        if length is not None:
            bound = months_before(last, -(length.months or 0))
            yield from (bound + timedelta(days=n) for n in range(-3, 5))


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
    policy: Policy,
    whole: Policy,
    risk: Answer[Verdict] | None,
    screen: Screen | None,
    stopped: Declaration | None,
    zone: ZoneInfo,
    *,
    visiting: bool,
) -> tuple[Precautions, tuple[Reason, ...]]:
    # What was detected and makes no carrier is for a person to settle; it never proposes an end.
    if screen and screen.outcome in (Outcome.GREW, Outcome.UNSETTLED, Outcome.DETECTED):
        return Precautions.DECIDE, (Reason(Why.SCREEN_UNSETTLED, mark=Mark.UNVERIFIED),)
    if screen and screen.outcome in (Outcome.REFUSED, Outcome.UNABLE):
        return Precautions.DECIDE, (Reason(Why.SCREEN_DECLINED, mark=Mark.NOT_SPECIFIED),)
    resulted = screen is not None and screen.outcome.resulted
    if risk and risk.status is Verdict.YES:
        return (
            _met(policy, whole, risk, screen, stopped, zone)
            if screen and resulted
            else _pending(policy, whole, risk, screen)
        )
    if risk and risk.status in (Verdict.DECIDE, Verdict.UNKNOWN):
        ended = _ended(screen, stopped, zone) if screen and resulted else None
        if ended:
            return ended
        # A negative screen is told, and settles nothing that the policy or a professional has to.
        last = (Reason(Why.LAST_SCREEN, values={"last": screen.outcome.value}),) if screen and resulted else ()
        if risk.status is Verdict.UNKNOWN:
            return Precautions.UNKNOWN, (Reason(Why.RISK_UNKNOWN, mark=risk.mark), *last)
        handed = tuple(r for r in risk.reasons if r.code in (Why.BEYOND, Why.TOLD_ONLY, Why.ANSWERED_YES)) or (
            Reason(Why.RISK_UNKNOWN),
        )
        return Precautions.DECIDE, (*handed, *last)
    if risk is None:
        return Precautions.UNKNOWN, (Reason(Why.NOT_ASKED_HERE if visiting else Why.NO_VISIT),)
    return Precautions.NONE, (Reason(Why.NOTHING_ASKS),)


def _pending(
    policy: Policy, whole: Policy, risk: Answer[Verdict], screen: Screen | None
) -> tuple[Precautions, tuple[Reason, ...]]:
    clause = _pending_clause(policy, whole, risk)
    if clause:
        so_far = screen.outcome.value if screen and screen.outcome in _SO_FAR else "no result yet"
        return Precautions.RECOMMENDED, (Reason(Why.SCREEN_PENDING, clause.id, clause.mark, values={"so_far": so_far}),)
    unspecified = next((c for c in policy.precautions if c.mark is Mark.NOT_SPECIFIED), None)
    if unspecified:
        return Precautions.DECIDE, (Reason(Why.CLAUSE_NOT_SPECIFIED, unspecified.id, unspecified.mark),)
    return Precautions.NONE, (Reason(Why.NOTHING_ASKS),)


_SO_FAR = (Outcome.MORE_OWED, Outcome.TARGETS_ONLY, Outcome.TAKEN_BACK)


def _ended(
    screen: Screen, stopped: Declaration | None, zone: ZoneInfo
) -> tuple[Precautions, tuple[Reason, ...]] | None:
    """Return what a professional declared since the screen was told, if so."""
    told = screen.on.latest(zone) if screen.on else None
    if not stopped or (told is not None and stopped.declared.latest(zone) < told):
        return None
    by = {"by": stopped.declared_by, "on": stopped.declared.day(zone).isoformat()}
    values = by | {"last": f"last screen {screen.outcome.value}"}
    fact = (f"declarations:{stopped.declaration_id}",)
    return Precautions.ENDED, (Reason(Why.STOPPED_AFTER_SCREEN, facts=fact, values=values),)


def _met(
    policy: Policy,
    whole: Policy,
    risk: Answer[Verdict],
    screen: Screen,
    stopped: Declaration | None,
    zone: ZoneInfo,
) -> tuple[Precautions, tuple[Reason, ...]]:
    """Return the proposal that follows a screen; only what a professional declared since ends precautions."""
    clause = _pending_clause(policy, whole, risk)
    if clause is None:
        return Precautions.NONE, (Reason(Why.NOTHING_ASKS),)
    ended = _ended(screen, stopped, zone)
    if ended:
        return ended
    values = {"last": f"last screen {screen.outcome.value}"}
    return Precautions.CRITERIA_MET, (Reason(Why.CRITERIA_MET, clause.id, clause.mark, values=values),)


def _pending_clause(policy: Policy, whole: Policy, risk: Answer[Verdict]) -> PrecautionsClause | AdmissionClause | None:
    """Return the clause that asks for precautions while the screen is pending: of precautions, or the deciding one.

    The first as in force today, the second as on the day of admission: a later one does not take back what it asked.
    """
    own = next((c for c in policy.precautions if c.when and c.when.screen_pending), None)
    if own:
        return own
    ids = {reason.clause for reason in risk.reasons}
    ever = (*whole.admission, *(whole.base.admission if whole.base else ()))
    asked = (c for c in ever if c.id in ids)
    return next((c for c in asked if c.then and c.then.isolate == "while pending"), None)


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
