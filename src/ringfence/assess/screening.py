"""Stratum 3: who should be screened on admission, and what came of it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from ringfence.policy import AdmissionClause, Policy
from ringfence.record import (
    Answer,
    DeclarationKind,
    Encounter,
    Found,
    Order,
    OrderStatus,
    Purpose,
    Reason,
    Result,
    ResultKind,
    ResultStatus,
    Specimen,
    Timeline,
    Truth,
    Verdict,
    When,
)
from ringfence.vocabulary import Mark, Meaning, carbapenemase

from .carriage import Carriage, is_read
from .predicates import Admission, Judgement, judge
from .reasons import Why


def screening(
    timeline: Timeline, encounter: Encounter, *, policy: Policy, carriages: tuple[Carriage, ...]
) -> Answer[Verdict]:
    """Return whether `policy` asks for a screen at this admission.

    YES if one clause holds, the patient was a known carrier, or a professional declared it; NO only if every clause is
    NO and verified, or a professional settled an UNKNOWN so; else UNKNOWN. The answer looks back from the day of
    admission, so it never changes by itself.
    """
    known = known_carrier(timeline, encounter, carriages)
    if known:
        return _answer(timeline, policy, Verdict.YES, Judgement(Truth.YES, (known,)))
    declared = _declared(timeline, encounter)
    if declared and declared.code is Why.DECLARED_SCREEN:
        return _answer(timeline, policy, Verdict.YES, Judgement(Truth.YES, (declared,)))
    answer = _by_clauses(timeline, encounter, policy)
    if not declared:
        return answer
    # A professional settles what the policy leaves open; what it demands stays, with what was declared beside it.
    if answer.status is Verdict.YES:
        return replace(answer, reasons=(*answer.reasons, declared))
    return _answer(timeline, policy, Verdict.NO, Judgement(Truth.NO, (declared,)))


def _declared(timeline: Timeline, encounter: Encounter) -> Reason | None:
    kinds = {DeclarationKind.SCREEN: Why.DECLARED_SCREEN, DeclarationKind.DO_NOT_SCREEN: Why.DECLARED_NO_SCREEN}
    declared = timeline.declared(*kinds, encounter_id=encounter.encounter_id)
    if declared is None:
        return None
    day = declared.declared.day(timeline.setting.zone(encounter.facility_id))
    values = {"by": declared.declared_by, "on": day.isoformat()}
    return Reason(kinds[declared.kind], facts=(f"declarations:{declared.declaration_id}",), values=values)


def _by_clauses(timeline: Timeline, encounter: Encounter, policy: Policy) -> Answer[Verdict]:
    admission = Admission(timeline, encounter, policy.holes)
    judged = [_clause(clause, admission) for clause in policy.admission]
    for truth, verdict in ((Truth.YES, Verdict.YES), (Truth.UNKNOWN, Verdict.UNKNOWN), (Truth.NO, Verdict.NO)):
        those = [j for j in judged if j.truth is truth]
        if those:
            reasons = tuple(r for j in those for r in j.reasons)
            missing = tuple(m for j in those for m in j.missing)
            return _answer(timeline, policy, verdict, Judgement(truth, reasons, missing))
    return _answer(timeline, policy, Verdict.UNKNOWN, Judgement(Truth.UNKNOWN))


def known_carrier(timeline: Timeline, encounter: Encounter, carriages: tuple[Carriage, ...]) -> Reason | None:
    """Return the reason that the patient was a carrier when this encounter began, if so."""
    zone = timeline.setting.zone
    began = encounter.start.earliest(zone(encounter.facility_id))
    before = [c for c in carriages if c.established and c.first.collected.latest(zone(c.first.facility_id)) <= began]
    if not before:
        return None
    since = min(c.first.collected.day(zone(c.first.facility_id)) for c in before)
    values = {"families": ", ".join(c.family for c in before), "since": since.isoformat()}
    facts = tuple(f"specimens:{c.first.specimen_id}" for c in before)
    return Reason(Why.KNOWN_CARRIER, mark=Mark.VERIFIED, facts=facts, values=values)


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


class Outcome(StrEnum):
    """What came of a screen."""

    KNOWN_CARRIER = "known carrier, handled directly"
    NOT_ASKED_FOR = "not asked for"
    QUESTIONS_OPEN = "questions to be asked"
    QUESTIONS_MISSED = "questions were not asked"
    NOT_COLLECTED = "not collected"
    LEFT = "left without a screen"
    DIED = "died without a screen"
    REFUSED = "refused"
    UNABLE = "not possible"
    PENDING = "result pending"
    UNSETTLED = "no clear result"
    TAKEN_BACK = "result withdrawn, and none in its place"
    GREW = "suspected CPO grew, carbapenemase not named"
    TARGETS_ONLY = "only the genes named were looked for, and not detected"
    PANEL_NEGATIVE = "panel targets not detected"
    NOT_DETECTED = "not detected"
    DETECTED = "detected"

    @property
    def resulted(self) -> bool:
        """Whether a final result settled it."""
        return self in (Outcome.NOT_DETECTED, Outcome.PANEL_NEGATIVE, Outcome.DETECTED)


@dataclass(frozen=True)
class Screen:
    """The admission screen of one visit."""

    outcome: Outcome
    specimen: Specimen | None = None
    on: When | None = None
    enzymes: tuple[str, ...] = ()


def admission_screen(timeline: Timeline, encounter: Encounter, verdict: Answer[Verdict]) -> Screen:
    """Return what came of the screens of this visit, with the first specimen; or why there is none.

    Of several, what was found outweighs what was not, and a clear result outweighs one that is not.
    """
    screens = (s for s in timeline.specimens if is_screen(s) and not s.rejected)
    taken = [s for s in screens if _during(s.collected, encounter, timeline)]
    if taken:
        return replace(min((screen_of(s, timeline) for s in taken), key=_weight), specimen=taken[0])
    if any(reason.code is Why.KNOWN_CARRIER for reason in verdict.reasons):
        return Screen(Outcome.KNOWN_CARRIER)
    declined = _declined(timeline, encounter)
    if declined:
        refused = declined.status is OrderStatus.REFUSED
        return Screen(Outcome.REFUSED if refused else Outcome.UNABLE, on=declined.happened)
    return Screen(_not_taken(timeline, encounter, verdict.status))


_WEIGHT = (
    Outcome.DETECTED,
    Outcome.GREW,
    Outcome.NOT_DETECTED,
    Outcome.PANEL_NEGATIVE,
    Outcome.PENDING,
    Outcome.TAKEN_BACK,
    Outcome.TARGETS_ONLY,
    Outcome.UNSETTLED,
)


def _weight(screen: Screen) -> int:
    return _WEIGHT.index(screen.outcome)


def _negative(settled: list[Result]) -> Outcome:
    """A culture without CPO, a panel without its targets, or a few genes looked for: the last settles nothing."""
    if any(r.kind is ResultKind.CULTURE for r in settled):
        return Outcome.NOT_DETECTED
    return Outcome.PANEL_NEGATIVE if any(r.analyte is None for r in settled) else Outcome.TARGETS_ONLY


def is_screen(specimen: Specimen) -> bool:
    """Whether a specimen was taken to screen."""
    return specimen.purpose in (Purpose.SCREENING, Purpose.SURVEY)


def screen_of(specimen: Specimen, timeline: Timeline) -> Screen:
    """Return what the results of one specimen came to."""
    results = [r for r in timeline.results[specimen.specimen_id] if _of_use(r)]
    settled = [r for r in results if r.status is not ResultStatus.PRELIMINARY]
    genes = [r for r in settled if r.kind is ResultKind.GENE and r.found is Found.DETECTED]
    if genes:
        enzymes = tuple(sorted({r.analyte for r in genes if r.analyte}))
        return Screen(Outcome.DETECTED, specimen, _reported(genes, specimen, timeline), enzymes)
    if any(r.found is Found.DETECTED for r in settled):
        return Screen(Outcome.GREW, specimen, _reported(settled, specimen, timeline))
    if not results and any(r.status is ResultStatus.WITHDRAWN for r in timeline.results[specimen.specimen_id]):
        return Screen(Outcome.TAKEN_BACK, specimen)
    if not settled or len(settled) < len(results):
        return Screen(Outcome.PENDING, specimen)
    unclear = any(r.found in (Found.INDETERMINATE, Found.INVALID) for r in settled)
    outcome = Outcome.UNSETTLED if unclear else _negative(settled)
    return Screen(outcome, specimen, _reported(settled, specimen, timeline))


def _of_use(result: Result) -> bool:
    """Whether a result says something: rules read its kind, it stands, and is not a marker of the species."""
    marker = result.analyte and carbapenemase(result.analyte).family.meaning is Meaning.INTRINSIC
    return is_read(result) and result.status is not ResultStatus.WITHDRAWN and not marker


def _reported(results: list[Result], specimen: Specimen, timeline: Timeline) -> When:
    zone = timeline.setting.zone(specimen.facility_id)
    reported = [r.reported for r in results if r.reported]
    return max(reported, key=lambda when: when.latest(zone), default=specimen.collected)


def _declined(timeline: Timeline, encounter: Encounter) -> Order | None:
    declined = (OrderStatus.REFUSED, OrderStatus.UNABLE)
    own = [o for o in timeline.orders if o.status in declined and _of(o, encounter, timeline)]
    return own[-1] if own else None


def _of(order: Order, encounter: Encounter, timeline: Timeline) -> bool:
    if order.encounter_id is not None:
        return order.encounter_id == encounter.encounter_id
    return _during(order.happened, encounter, timeline)


def _not_taken(timeline: Timeline, encounter: Encounter, verdict: Verdict) -> Outcome:
    if verdict is Verdict.NO:
        return Outcome.NOT_ASKED_FOR
    over = encounter.end is not None or timeline.died is not None
    if verdict is Verdict.YES:
        if timeline.died and (encounter.end is None or _during(timeline.died, encounter, timeline)):
            return Outcome.DIED
        return Outcome.LEFT if over else Outcome.NOT_COLLECTED
    return Outcome.QUESTIONS_MISSED if over else Outcome.QUESTIONS_OPEN


def _during(when: When, encounter: Encounter, timeline: Timeline) -> bool:
    zone = timeline.setting.zone(encounter.facility_id)
    ended = encounter.end.latest(zone) if encounter.end else timeline.at
    return when.latest(zone) >= encounter.start.earliest(zone) and when.earliest(zone) <= ended
