"""What a condition came to for one admission, and how several are joined: Kleene's three values, with reasons."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ringfence.policy import AdmissionClause, Duration, Hole, Limits
from ringfence.record import (
    AnswerWord,
    Encounter,
    FactKey,
    Missing,
    Question,
    Reason,
    RelationKind,
    RiskAnswer,
    Timeline,
    Truth,
    When,
    months_before,
)

from .carriage import Carriage
from .reasons import Why


@dataclass(frozen=True)
class Judgement:
    """What a condition came to."""

    truth: Truth
    reasons: tuple[Reason, ...] = ()
    missing: tuple[Missing, ...] = ()
    decides: tuple[str, ...] = ()
    """Who decides what is UNKNOWN, where the policy hands it to somebody."""


@dataclass(frozen=True)
class Link:
    """Somebody the patient belongs with, who is a known carrier."""

    kind: RelationKind
    facts: tuple[FactKey, ...]
    known_from: datetime | None = None
    """Since when the other is known as a carrier; None: not known since when."""


@dataclass(frozen=True)
class Admission:
    """One admission of one patient, as the conditions of admission clauses look at it."""

    timeline: Timeline
    encounter: Encounter
    holes: tuple[Hole, ...]
    carriages: tuple[Carriage, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the facility."""
        return self.timeline.setting.zone(self.encounter.facility_id)

    @property
    def day(self) -> date:
        """The local day of admission."""
        return self.encounter.start.day(self.zone)

    @property
    def began(self) -> datetime:
        """The last instant at which the admission can have begun."""
        return self.encounter.start.latest(self.zone)

    def answers(self, question: Question) -> tuple[RiskAnswer, ...]:
        """Return the answers to a question, in order."""
        given = self.timeline.answers.get(self.encounter.encounter_id, ())
        return tuple(a for a in given if a.question is question)


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
            missing = tuple(m for p in those for m in p.missing)
            return Judgement(truth, reasons, missing, tuple(d for p in those for d in p.decides))
    return Judgement(otherwise)


def asked(question: Question, clause: AdmissionClause, admission: Admission) -> tuple[RiskAnswer, ...] | Judgement:
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


@dataclass(frozen=True)
class Limited:
    """Whether one quantity lies within its limits."""

    truth: Truth
    hole: Hole | None = None
    future: bool = False


def ended(limits: Limits[Duration] | None, predicate: str, end: When | None, admission: Admission) -> Limited:
    """Return whether something ended as long before the admission as limits in calendar months ask."""
    if limits is None:
        return Limited(Truth.YES)
    if end is None:
        return Limited(Truth.UNKNOWN)
    day = end.day(admission.zone)
    if day > admission.day:
        return Limited(Truth.UNKNOWN, future=True)

    def elapsed(limit: Duration) -> int:
        """Compare the time since `day` with a limit in calendar months: negative is less, 0 is exactly."""
        bound = months_before(admission.day, limit.months or 0)
        return (bound > day) - (bound < day)

    return within(
        limits, elapsed, holes_of(admission, predicate, "ago" if predicate == "known_carriage" else "ended_ago")
    )


def within(limits: Limits[Duration], compare: Callable[[Duration], int | None], holes: tuple[Hole, ...]) -> Limited:
    """Return whether all limits hold; `compare` says on which side of a limit a value lies, None if that is open."""
    found: list[Limited] = []
    for name, accepted in (("more_than", (1,)), ("at_least", (0, 1)), ("less_than", (-1,)), ("at_most", (-1, 0))):
        limit: Duration | None = getattr(limits, name)
        if limit is None:
            continue
        side = compare(limit)
        # Only what lies beyond a limit that bounds a hole can lie on it.
        beside = (h for h in holes if limit == (h.value if name in ("less_than", "at_most") else h.until))
        hole = next((h for h in beside if side not in accepted and h.holds(compare)), None)
        unknown = side is None or hole is not None
        truth = Truth.UNKNOWN if unknown else Truth.YES if side in accepted else Truth.NO
        found.append(Limited(truth, hole))
    order = (Truth.NO, Truth.UNKNOWN, Truth.YES)
    return min(found, key=lambda one: order.index(one.truth))


def holes_of(admission: Admission, predicate: str, quantity: str) -> tuple[Hole, ...]:
    """Return the holes of one quantity."""
    return tuple(h for h in admission.holes if (h.predicate, h.quantity) == (predicate, quantity))


@dataclass(frozen=True)
class Evidence:
    """One thing that happened and that a clause looks at: what it is called, in words, and the facts."""

    what: str
    detail: str
    facts: tuple[FactKey, ...]


def judged(truths: dict[str, Limited], clause: AdmissionClause, evidence: Evidence) -> Judgement:
    """Return what the named parts of one clause come to for one thing that happened."""

    def reason(code: Why, **values: str) -> Reason:
        said = {"what": evidence.what, "detail": evidence.detail} | values
        return Reason(code, clause.id, clause.mark, evidence.facts, said)

    if any(one.truth is Truth.NO for one in truths.values()):
        return Judgement(Truth.NO, (reason(Why.RISK_OUTSIDE),))
    unknown = {name: one for name, one in truths.items() if one.truth is Truth.UNKNOWN}
    if not unknown:
        return Judgement(Truth.YES, (reason(Why.RISK),))
    holes = tuple(reason(Why.ON_A_HOLE, value=one.hole.said) for one in unknown.values() if one.hole)
    future = (reason(Why.DATE_IN_FUTURE),) if any(one.future for one in unknown.values()) else ()
    lacking = [name for name, one in unknown.items() if not one.hole]
    unclear = (reason(Why.RISK_UNCLEAR, lacking=" and ".join(lacking)),) if lacking else ()
    what = evidence.what[0].upper() + evidence.what[1:]
    missing = tuple(Missing(clause.id, f"{what}: {name}?", name) for name in lacking)
    return Judgement(Truth.UNKNOWN, (*holes, *future, *unclear), missing)
