"""Stratum 3: who should be screened on admission."""

from dataclasses import replace
from datetime import date, datetime

from ringfence.policy import AdmissionClause, Policy
from ringfence.record import (
    Answer,
    AnswerWord,
    DeclarationKind,
    Encounter,
    Found,
    Missing,
    Question,
    Reason,
    Timeline,
    Truth,
    Verdict,
    When,
    midnight,
    months_before,
)
from ringfence.vocabulary import Mark

from .carriage import Carriage
from .judgements import Admission, Judgement, Link
from .predicates import judge
from .reasons import Why


def screening(
    timeline: Timeline,
    encounter: Encounter,
    *,
    policy: Policy,
    carriages: tuple[Carriage, ...],
    links: tuple[Link, ...] = (),
) -> Answer[Verdict]:
    """Return whether `policy`, as in force on the local day, asks for a screen at this admission.

    YES if one clause holds, a professional declared it, or the patient was a known carrier and no clause speaks of
    carriers; NO only if every clause is NO and verified, or a professional settled the rest so; DECIDE if a clause
    hands it to a named professional; else UNKNOWN. The answer looks back from the day of admission, so it never changes
    by itself.
    """
    policy = policy.on(encounter.start.day(timeline.setting.zone(encounter.facility_id)), encounter.facility_id)
    known = None if policy.decides_for_carriers else known_carrier(timeline, encounter, carriages)
    if known:
        return _answer(timeline, policy, Verdict.YES, Judgement(Truth.YES, (known,)))
    declared = _declared(timeline, encounter)
    if declared and declared.code is Why.DECLARED_SCREEN:
        return _answer(timeline, policy, Verdict.YES, Judgement(Truth.YES, (declared,)))
    answer = _by_clauses(Admission(timeline, encounter, policy.holes, carriages, links), policy)
    told = () if policy.decides_for_carriers else _told(timeline, encounter)
    if told and answer.status is not Verdict.YES:
        # Known carriers are handled directly; whether one who was told of is one, a professional decides.
        answer = replace(answer, status=Verdict.DECIDE, reasons=(*told, *answer.reasons))
    if not declared:
        return answer
    # A professional settles what the policy leaves open; what it demands stays, with what was declared beside it.
    if answer.status is Verdict.YES:
        return replace(answer, reasons=(*answer.reasons, declared))
    return _answer(timeline, policy, Verdict.NO, Judgement(Truth.NO, (declared,)))


def _told(timeline: Timeline, encounter: Encounter) -> tuple[Reason, ...]:
    """Return what was told of carriage before an encounter that no result on record shows."""
    zone = timeline.setting.zone(encounter.facility_id)
    began = encounter.start.latest(zone)
    reports = [
        Reason(
            Why.TOLD_ONLY,
            mark=Mark.NOT_SPECIFIED,
            facts=(f"reported_history:{row.history_id}",),
            values={"by": row.told_by, "on": row.reported.day(zone).isoformat()},
        )
        for row in timeline.rows("reported_history")
        if row.positive is None or row.positive.earliest(zone) <= began
    ]
    answers = [
        Reason(Why.ANSWERED_YES, mark=Mark.NOT_SPECIFIED, facts=(f"answers:{a.answer_id}",), values=_CARRIAGE)
        for a in timeline.answers.get(encounter.encounter_id, ())
        if a.question is Question.KNOWN_CARRIAGE and a.answer is AnswerWord.YES
    ]
    return (*reports, *answers)


_CARRIAGE = {"question": "known carriage", "where": ""}


def _declared(timeline: Timeline, encounter: Encounter) -> Reason | None:
    kinds = {DeclarationKind.SCREEN: Why.DECLARED_SCREEN, DeclarationKind.DO_NOT_SCREEN: Why.DECLARED_NO_SCREEN}
    declared = timeline.declared(*kinds, encounter_id=encounter.encounter_id)
    if declared is None:
        return None
    day = declared.declared.day(timeline.setting.zone(encounter.facility_id))
    values = {"by": declared.declared_by, "on": day.isoformat()}
    return Reason(kinds[declared.kind], facts=(f"declarations:{declared.declaration_id}",), values=values)


def _by_clauses(admission: Admission, policy: Policy) -> Answer[Verdict]:
    judged = [_clause(clause, admission) for clause in policy.admission]
    for truth, verdict in ((Truth.YES, Verdict.YES), (Truth.UNKNOWN, Verdict.UNKNOWN), (Truth.NO, Verdict.NO)):
        those = [j for j in judged if j.truth is truth]
        if those:
            reasons = tuple(r for j in those for r in j.reasons)
            missing = tuple(m for j in those for m in j.missing)
            if truth is Truth.YES:
                missing += _wider(policy, reasons, judged)
            handed = any(j.decides for j in those)
            return _answer(
                admission.timeline, policy, Verdict.DECIDE if handed else verdict, Judgement(truth, reasons, missing)
            )
    silent = Reason(Why.NO_CLAUSE, mark=Mark.NOT_SPECIFIED, values={"day": admission.day.isoformat()})
    return _answer(admission.timeline, policy, Verdict.UNKNOWN, Judgement(Truth.UNKNOWN, (silent,)))


def _wider(policy: Policy, reasons: tuple[Reason, ...], judged: list[Judgement]) -> tuple[Missing, ...]:
    """Return the questions still open whose clause asks for another screen than those that hold."""
    screens = {c.id: (c.then.screen_for, c.then.screens, c.then.sites) for c in policy.admission if c.then}
    held = {screens[reason.clause] for reason in reasons if reason.clause in screens}
    left = (one for j in judged if j.truth is Truth.UNKNOWN for one in j.missing)
    return tuple(one for one in left if one.clause in screens and screens[one.clause] not in held)


def known_carrier(timeline: Timeline, encounter: Encounter, carriages: tuple[Carriage, ...]) -> Reason | None:
    """Return the reason that the patient was known to carry when this encounter began, if so.

    What was collected before and reported after was not known then: the screen was owed, and a missed one stays one.
    """
    zone = timeline.setting.zone
    began = encounter.start.earliest(zone(encounter.facility_id))
    before = [c for c in carriages if c.established and _known_from(timeline, c) <= began]
    if not before:
        return None
    since = min(c.first.collected.day(zone(c.first.facility_id)) for c in before)
    values = {"families": ", ".join(c.family for c in before), "since": since.isoformat()}
    facts = tuple(f"specimens:{c.first.specimen_id}" for c in before)
    return Reason(Why.KNOWN_CARRIER, mark=Mark.VERIFIED, facts=facts, values=values)


def _known_from(timeline: Timeline, carriage: Carriage) -> datetime:
    """Return when a carriage became known: its first report of a detection; without one, when it was collected."""
    known = []
    for specimen in carriage.positives:
        zone = timeline.setting.zone(specimen.facility_id)
        found = [r for r in timeline.results[specimen.specimen_id] if r.found is Found.DETECTED]
        known += [(r.reported or specimen.collected).latest(zone) for r in found]
        if not found:
            known.append(specimen.collected.latest(zone))
    return min(known)


def _clause(clause: AdmissionClause, admission: Admission) -> Judgement:
    if clause.when is None:
        return Judgement(Truth.UNKNOWN, (Reason(Why.CLAUSE_NOT_SPECIFIED, clause.id, clause.mark),))
    judged = judge(clause.when, clause, admission)
    if judged.truth is Truth.NO and clause.mark is not Mark.VERIFIED:
        # An unverified clause may move an answer toward caution, and never by itself to NO.
        doubt = Reason(Why.CLAUSE_NOT_VERIFIED, clause.id, clause.mark)
        return Judgement(Truth.UNKNOWN, (*judged.reasons, doubt))
    return judged


def _answer(timeline: Timeline, policy: Policy, verdict: Verdict, judged: Judgement) -> Answer[Verdict]:
    return Answer(
        status=verdict,
        reasons=judged.reasons,
        missing=judged.missing,
        at=timeline.at,
        policy=policy.digest,
        known_to=timeline.known_to,
    )


def screening_again(
    timeline: Timeline,
    encounter: Encounter,
    *,
    policy: Policy,
    carriages: tuple[Carriage, ...],
    links: tuple[Link, ...] = (),
) -> tuple[tuple[date, Answer[Verdict]], ...]:
    """Return the decisions of a visit that goes on, or of a series of sessions, one for each interval of the policy.

    Only clauses that say `every` ask again; a policy without such a clause asks once, at an admission, and a series of
    sessions is no admission.
    """
    steps = [c.then.every.months or 0 for c in policy.admission if c.then and c.then.every]
    if not steps:
        return ()
    zone = timeline.setting.zone(encounter.facility_id)
    until = min(encounter.end.latest(zone) if encounter.end else timeline.at, timeline.at)
    began, days = encounter.start.day(zone), list[date]()
    while midnight(day := months_before(began, -min(steps) * (len(days) + (not encounter.recurring))), zone) <= until:
        days.append(day)
    found: list[tuple[date, Answer[Verdict]]] = []
    for day in days:
        now = policy.on(day, encounter.facility_id)
        only = now.only(tuple(c.id for c in now.admission if c.then and c.then.every))
        as_then = replace(encounter, start=When(on=day))
        found.append((day, screening(timeline, as_then, policy=only, carriages=carriages, links=links)))
    return tuple(found)
