"""Whether a condition of a policy holds for one admission: three-valued, with reasons and what is missing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ringfence.policy import (
    AdmissionClause,
    CareAbroad,
    Condition,
    Duration,
    Hole,
    Limits,
    OutbreakWard,
    RefugeeReception,
)
from ringfence.record import (
    AnswerWord,
    Encounter,
    Missing,
    Question,
    Reason,
    Resolution,
    RiskAnswer,
    Timeline,
    Truth,
    When,
    months_before,
)
from ringfence.vocabulary import organisms

from .reasons import Why


@dataclass(frozen=True)
class Judgement:
    """What a condition came to."""

    truth: Truth
    reasons: tuple[Reason, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True)
class Admission:
    """One admission of one patient, as the conditions of admission clauses look at it."""

    timeline: Timeline
    encounter: Encounter
    holes: tuple[Hole, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the facility."""
        return self.timeline.setting.zone(self.encounter.facility_id)

    @property
    def day(self) -> date:
        """The local day of admission."""
        return self.encounter.start.day(self.zone)

    def answers(self, question: Question) -> tuple[RiskAnswer, ...]:
        """Return the answers to a question, in order."""
        given = self.timeline.answers.get(self.encounter.encounter_id, ())
        return tuple(a for a in given if a.question is question)


def judge(condition: Condition, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Return whether `condition` holds: `all` is AND, `any` is OR, in Kleene's three-valued logic."""
    if condition.parts:
        parts = [judge(part, clause, admission) for part in condition.parts]
        return all_of(parts) if condition.all else any_of(parts)
    predicate = condition.predicate
    return JUDGES[type(predicate)](predicate, clause, admission)


def all_of(parts: Iterable[Judgement]) -> Judgement:
    """AND: one NO settles it, and only the NOs are its reasons."""
    return _joined(list(parts), settles=Truth.NO, otherwise=Truth.YES)


def any_of(parts: Iterable[Judgement]) -> Judgement:
    """OR: one YES settles it, and only the YESes are its reasons."""
    return _joined(list(parts), settles=Truth.YES, otherwise=Truth.NO)


def _joined(parts: list[Judgement], *, settles: Truth, otherwise: Truth) -> Judgement:
    for truth in (settles, Truth.UNKNOWN, otherwise):
        those = [p for p in parts if p.truth is truth]
        if those:
            reasons = tuple(r for p in those for r in p.reasons)
            return Judgement(truth, reasons, tuple(m for p in those for m in p.missing))
    return Judgement(otherwise)


def _asked(question: Question, clause: AdmissionClause, admission: Admission) -> tuple[RiskAnswer, ...] | Judgement:
    """Return the answers YES to a question, or the judgement that its other answers already are."""
    given = admission.answers(question)
    yes = tuple(a for a in given if a.answer is AnswerWord.YES)
    if yes:
        return yes
    facts = tuple(f"answers:{a.answer_id}" for a in given)
    if given and all(a.answer is AnswerWord.NO for a in given):
        return Judgement(Truth.NO, (Reason(Why.ANSWERED_NO, clause.id, clause.mark, facts),))
    missing = Missing(clause.id, clause.asks, question.value)
    return Judgement(Truth.UNKNOWN, (Reason(Why.NOT_ANSWERED, clause.id, clause.mark, facts),), (missing,))


def _care_abroad(predicate: CareAbroad, clause: AdmissionClause, admission: Admission) -> Judgement:
    yes = _asked(Question.CARE_ABROAD, clause, admission)
    if isinstance(yes, Judgement):
        return yes
    return any_of(_one_care_abroad(predicate, clause, admission, answer) for answer in yes)


def _one_care_abroad(
    predicate: CareAbroad, clause: AdmissionClause, admission: Admission, answer: RiskAnswer
) -> Judgement:
    truths: dict[str, _Limited] = {}
    if predicate.ended_ago:
        truths["when it ended"] = _ended(predicate.ended_ago, "care_abroad", answer.end, admission)
    if predicate.lasted:
        truths["how long it lasted"] = _lasted(predicate.lasted, answer, admission)
    if predicate.invasive_procedure:
        truths["whether there was an invasive procedure"] = _Limited(_PROCEDURE[answer.procedure])
    return _whole(truths, clause, answer, _care_words(answer, admission))


@dataclass(frozen=True)
class _Limited:
    truth: Truth
    hole: Hole | None = None
    future: bool = False


_PROCEDURE = {
    AnswerWord.YES: Truth.YES,
    AnswerWord.NO: Truth.NO,
    AnswerWord.UNKNOWN: Truth.UNKNOWN,
    AnswerWord.NOT_ASKED: Truth.UNKNOWN,
    None: Truth.UNKNOWN,
}


def _whole(
    truths: dict[str, _Limited], clause: AdmissionClause, answer: RiskAnswer, words: dict[str, str]
) -> Judgement:
    facts = (f"answers:{answer.answer_id}",)

    def reason(code: Why, values: dict[str, str]) -> Reason:
        return Reason(code, clause.id, clause.mark, facts, values)

    if any(one.truth is Truth.NO for one in truths.values()):
        return Judgement(Truth.NO, (reason(Why.CARE_ABROAD_OUTSIDE, words),))
    unknown = {name: one for name, one in truths.items() if one.truth is Truth.UNKNOWN}
    if not unknown:
        return Judgement(Truth.YES, (reason(Why.CARE_ABROAD, words),))
    holes = tuple(reason(Why.ON_A_HOLE, {"value": str(one.hole.value)}) for one in unknown.values() if one.hole)
    future = (reason(Why.DATE_IN_FUTURE, {}),) if any(one.future for one in unknown.values()) else ()
    lacking = [name for name, one in unknown.items() if not one.hole]
    unclear = (reason(Why.CARE_ABROAD_UNCLEAR, {"lacking": " and ".join(lacking)}),) if lacking else ()
    missing = tuple(Missing(clause.id, f"Care abroad: {name}?", name) for name in lacking)
    return Judgement(Truth.UNKNOWN, (*holes, *future, *unclear), missing)


def _care_words(answer: RiskAnswer, admission: Admission) -> dict[str, str]:
    span = _span(answer, admission)
    lasted = ""
    if span:
        low, high, exact = span
        lasted = f" for {_hours(low)} h" if exact else f" for {_hours(low)} to {_hours(high)} h"
    procedures = {AnswerWord.YES: ", with an invasive procedure", AnswerWord.NO: ", without an invasive procedure"}
    ended = answer.end.day(admission.zone).isoformat() if answer.end else "on a date not known"
    procedure = procedures.get(answer.procedure) if answer.procedure else None
    return {"lasted": lasted, "ended": ended, "procedure": procedure or ""}


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):.1f}".removesuffix(".0")


def _ended(limits: Limits[Duration], predicate: str, end: When | None, admission: Admission) -> _Limited:
    if end is None:
        return _Limited(Truth.UNKNOWN)
    day = end.day(admission.zone)
    if day > admission.day:
        return _Limited(Truth.UNKNOWN, future=True)

    def elapsed(limit: Duration) -> int:
        """Compare the time since `day` with a limit in calendar months: negative is less, 0 is exactly."""
        bound = months_before(admission.day, limit.months or 0)
        return (bound > day) - (bound < day)

    return _within(limits, elapsed, _holes(admission, predicate, "ended_ago"))


def _lasted(limits: Limits[Duration], answer: RiskAnswer, admission: Admission) -> _Limited:
    span = _span(answer, admission)
    if span is None:
        return _Limited(Truth.UNKNOWN)
    low, high, exact = span

    def length(limit: Duration) -> int | None:
        """Compare with a limit in hours; None when a length known only by dates may lie on either side."""
        bound = timedelta(hours=limit.hours or 0)
        if exact:
            return (low > bound) - (low < bound)
        # A length known by dates lies strictly between its bounds.
        return 1 if low >= bound else -1 if high <= bound else None

    return _within(limits, length, _holes(admission, "care_abroad", "lasted"))


def _span(answer: RiskAnswer, admission: Admission) -> tuple[timedelta, timedelta, bool] | None:
    """Return the least and greatest length of a stay abroad, and whether they are the same; None when not known."""
    start, end, zone = answer.start, answer.end, admission.zone
    if start is None or end is None:
        return None
    low = max(end.earliest(zone) - start.latest(zone), timedelta())
    exact = start.resolution is end.resolution is Resolution.INSTANT
    return low, end.latest(zone) - start.earliest(zone), exact


def _within(limits: Limits[Duration], compare: Callable[[Duration], int | None], holes: tuple[Hole, ...]) -> _Limited:
    found: list[_Limited] = []
    for name, accepted in (("more_than", (1,)), ("at_least", (0, 1)), ("less_than", (-1,)), ("at_most", (-1, 0))):
        limit: Duration | None = getattr(limits, name)
        if limit is None:
            continue
        side = compare(limit)
        hole = next((h for h in holes if h.value == limit), None) if side == 0 else None
        unknown = side is None or hole is not None
        truth = Truth.UNKNOWN if unknown else Truth.YES if side in accepted else Truth.NO
        found.append(_Limited(truth, hole))
    order = (Truth.NO, Truth.UNKNOWN, Truth.YES)
    return min(found, key=lambda one: order.index(one.truth))


def _holes(admission: Admission, predicate: str, quantity: str) -> tuple[Hole, ...]:
    return tuple(h for h in admission.holes if (h.predicate, h.quantity) == (predicate, quantity))


def _refugee_reception(predicate: RefugeeReception, clause: AdmissionClause, admission: Admission) -> Judgement:
    yes = _asked(Question.REFUGEE_RECEPTION, clause, admission)
    if isinstance(yes, Judgement):
        return yes
    return any_of(_one_reception(predicate, clause, admission, answer) for answer in yes)


def _one_reception(
    predicate: RefugeeReception, clause: AdmissionClause, admission: Admission, answer: RiskAnswer
) -> Judgement:
    # No end given is taken as still living there: the reading that asks for more care.
    end = answer.end or When(on=admission.day)
    until = f" until {answer.end.day(admission.zone)}" if answer.end else ", no end given: taken as still living there"
    limited = _ended(predicate.ended_ago, "refugee_reception", end, admission)
    why = {
        Truth.YES: Why.RECEPTION,
        Truth.NO: Why.RECEPTION_OUTSIDE,
        Truth.UNKNOWN: Why.ON_A_HOLE if limited.hole else Why.RECEPTION_UNCLEAR,
    }[limited.truth]
    values = {"until": until, "value": str(limited.hole.value) if limited.hole else ""}
    reason = Reason(why, clause.id, clause.mark, (f"answers:{answer.answer_id}",), values)
    lacks = limited.truth is Truth.UNKNOWN and not limited.hole
    missing = (Missing(clause.id, "Refugee reception: when did it end?", "when it ended"),) if lacks else ()
    return Judgement(limited.truth, (reason,), missing)


def _outbreak_ward(_: OutbreakWard, clause: AdmissionClause, admission: Admission) -> Judgement:
    encounter = admission.encounter
    if encounter.from_facility and encounter.from_ward:
        began: datetime = encounter.start.latest(admission.zone)
        outbreak = admission.timeline.setting.outbreak(encounter.from_facility, encounter.from_ward, began)
        if outbreak:
            named = [outbreak.carbapenemase or "", organisms()[outbreak.organism].name if outbreak.organism else ""]
            what = " ".join(part for part in named if part)
            values = {
                "facility": encounter.from_facility,
                "ward": encounter.from_ward,
                "organism": f" of {what}" if what else "",
            }
            facts = (f"encounters:{encounter.encounter_id}", f"declarations:{outbreak.declaration_id}")
            return Judgement(Truth.YES, (Reason(Why.OUTBREAK_DECLARED, clause.id, clause.mark, facts, values),))
    yes = _asked(Question.OUTBREAK_WARD, clause, admission)
    if isinstance(yes, Judgement):
        return yes
    answers = tuple(f"answers:{a.answer_id}" for a in yes)
    return Judgement(Truth.YES, (Reason(Why.OUTBREAK_ANSWERED, clause.id, clause.mark, answers),))


JUDGES: dict[type[Any], Callable[[Any, AdmissionClause, Admission], Judgement]] = {
    CareAbroad: _care_abroad,
    RefugeeReception: _refugee_reception,
    OutbreakWard: _outbreak_ward,
}
"""The predicates that admission clauses can use."""
