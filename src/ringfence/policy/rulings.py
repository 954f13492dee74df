"""What the clauses of a policy say of one plain situation, given as values: contacts, schedules, clearance and more.

Nothing here reads a record. It is what the cases beside a policy are held against, and what `assess` and those who
count and report ask. What a clause leaves open is UNKNOWN; what is not verified never settles a NO or an end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import ConfigDict, Field

from ringfence.record import Truth, UnitKind
from ringfence.vocabulary import Mark, Strict, weakest

from .acquisition import FoundOn, acquired_by
from .clauses import Clause
from .clearance import clearance
from .contacts import ContactClass, Meeting, takes_in
from .holes import on_a_hole
from .identification import IDENTIFICATION_KEYS, Chromosomal
from .outbreaks import CaseLink, OutbreakClause, to_declare, to_end
from .policies import Policy
from .reporting import Against, due_on
from .schedules import Owed, clean_rounds, still_owed, weekly

_UNKNOWN = Truth.UNKNOWN.value


@dataclass(frozen=True)
class Ruling:
    """What a policy says, the clauses that say it, and how far they were checked."""

    answer: str
    clauses: tuple[str, ...]
    mark: Mark


class ContactGiven(Strict):
    """How somebody met an index."""

    model_config = ConfigDict(title="contacts")

    on: date
    how: ContactClass
    hours: float | None = None
    longest: float | None = None
    days_after: float | None = None
    days_before_first_positive: float | None = None
    index_under_precautions: bool = False
    unit: UnitKind | None = None
    positive_contact: bool = False


class Round(Strict):
    """One survey of a unit."""

    model_config = ConfigDict(title="a survey")

    on: date
    positives: int = Field(ge=0)


class FollowUpGiven(Strict):
    """A contact, or a unit surveyed."""

    model_config = ConfigDict(title="follow_up")

    on: date
    about: Literal["schedule", "isolation"]
    last_exposure: date
    done: tuple[date, ...] = ()
    rounds: tuple[Round, ...] = ()


class ClearanceGiven(Strict):
    """A carrier."""

    model_config = ConfigDict(title="clearance")

    on: date
    last_positive: date
    negatives: tuple[date, ...] = ()
    in_stay: bool = False
    cpo: bool = True


class OutbreakGiven(Strict):
    """Cases that may be an outbreak, or an outbreak that may be over."""

    model_config = ConfigDict(title="outbreak")

    on: date
    about: Literal["declare", "end"]
    cases: int = 0
    links: tuple[CaseLink, ...] = ()
    days: int = 0
    surveys: tuple[Round, ...] = ()
    days_since_last_case: int = 0


class About(Strict):
    """What is asked about."""

    on: date
    about: str


class IdentificationGiven(About):
    """A key of identification."""

    model_config = ConfigDict(title="identification")


class AcquisitionGiven(Strict):
    """When a first positive was collected: on which day of a stay, and how many days after earlier ones."""

    model_config = ConfigDict(title="acquisition")

    on: date
    day: int | None = Field(default=None, ge=1)
    days_after_a_stay_here: int | None = Field(default=None, ge=0)
    days_after_a_stay_elsewhere: int | None = Field(default=None, ge=0)


class ReportingGiven(About):
    """What is to be reported, and when its clock began."""

    model_config = ConfigDict(title="reporting")

    began: date


class DenominatorGiven(About):
    """What a rate is counted against."""

    model_config = ConfigDict(title="denominators")


def rule(policy: Policy, given: Strict) -> Ruling:
    """Return what the policy, as in force on the day given, says of a situation."""
    return RULED[type(given)](policy.on(given.on), given)  # type: ignore[attr-defined]


def _ruled(answer: str, clauses: Sequence[Clause]) -> Ruling:
    mark = weakest(c.mark for c in clauses) if clauses else Mark.NOT_SPECIFIED
    return Ruling(answer, tuple(c.id for c in clauses), mark)


def _contact(policy: Policy, given: ContactGiven) -> Ruling:
    meeting = Meeting(**{name: getattr(given, name) for name in ContactGiven.model_fields if name != "on"})
    judged = {c: takes_in(c.who, meeting) if c.who else Truth.UNKNOWN for c in policy.contacts}
    yes = [c for c, truth in judged.items() if truth is Truth.YES]
    if yes:
        return _ruled(Truth.YES.value, yes)
    left = [c for c, truth in judged.items() if truth is Truth.UNKNOWN]
    left += [c for c in policy.contacts if c.id in on_a_hole(policy, meeting)]
    if left:
        return _ruled(_UNKNOWN, left)
    doubted = [c for c in policy.contacts if c.mark is not Mark.VERIFIED]
    return _ruled(_UNKNOWN, doubted) if doubted or not judged else _ruled(Truth.NO.value, policy.contacts)


def _follow_up(policy: Policy, given: FollowUpGiven) -> Ruling:
    clause = next((c for c in policy.follow_up if c.about == given.about), None)
    if clause is None or clause.then is None:
        return _ruled(_UNKNOWN, [clause] if clause else [])
    return _ruled(_followed(clause.then, given), [clause])


def _followed(owed: Owed, given: FollowUpGiven) -> str:
    if owed.isolate_while_waiting:
        return f"isolated while waiting: {owed.isolate_while_waiting}"
    if owed.from_last_exposure:
        left = still_owed(owed.from_last_exposure, last_exposure=given.last_exposure, done=given.done)
        late = f", one on or after {left.from_day}" if left.late else ""
        return f"{left.screens} owed{late}" if left.screens else "complete"
    if owed.calendar_weeks:
        due = weekly(owed.calendar_weeks, began=given.last_exposure, done=given.done, today=given.on).missed
        return f"missed: {', '.join(map(str, due))}" if due else "up to date"
    assert owed.survey_rounds is not None
    every = owed.survey_rounds.every.number
    clean = clean_rounds(((one.on, one.positives) for one in given.rounds), every=every)
    return "surveys go on" if clean < owed.survey_rounds.until_clean else "surveys may stop"


def _clearance(policy: Policy, given: ClearanceGiven) -> Ruling:
    said, clause = clearance(
        policy.clearance,
        last_positive=given.last_positive,
        negatives=given.negatives,
        today=given.on,
        in_stay=given.in_stay,
        cpo=given.cpo,
    )
    return _ruled(said.value, [clause] if clause else [])


def _outbreak(policy: Policy, given: OutbreakGiven) -> Ruling:
    judged = {c: _outbreak_of(c, given) for c in policy.outbreak if c.about == given.about}
    for truth in (Truth.YES, Truth.UNKNOWN, Truth.NO):
        those = [c for c, one in judged.items() if one is truth]
        if those:
            return _ruled(truth.value, those)
    return _ruled(_UNKNOWN, [])


def _outbreak_of(clause: OutbreakClause, given: OutbreakGiven) -> Truth:
    if given.about == "declare":
        return to_declare(clause, cases=given.cases, links=given.links, days=given.days)
    surveys = ((one.on, one.positives) for one in given.surveys)
    return to_end(clause, surveys=surveys, days_since_last_case=given.days_since_last_case)


def _identification(policy: Policy, given: IdentificationGiven) -> Ruling:
    found = policy.identification
    clause = found.clauses.get(given.about)
    value = getattr(found, given.about) if given.about in IDENTIFICATION_KEYS else None
    return _ruled(_UNKNOWN if value is None else _said(value), [clause] if clause else [])


def _said(value: object) -> str:
    if isinstance(value, Chromosomal):
        return ", ".join(f"{name} {said}" for name in Chromosomal.model_fields if (said := getattr(value, name)))
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _acquisition(policy: Policy, given: AcquisitionGiven) -> Ruling:
    found = FoundOn(given.day, given.days_after_a_stay_here, given.days_after_a_stay_elsewhere)
    clause = acquired_by(policy.acquisition, found)
    if clause and clause.then:
        return _ruled(clause.then.acquired, [clause])
    return _ruled(_UNKNOWN, policy.acquisition)


def _reporting(policy: Policy, given: ReportingGiven) -> Ruling:
    clause = next((c for c in policy.reporting if c.about == given.about), None)
    if clause is None or clause.then is None:
        return _ruled(_UNKNOWN, [clause] if clause else [])
    then = clause.then
    if then.report == "no":
        return _ruled("not reported", [clause])
    if then.every:
        return _ruled(f"every {then.every}", [clause])
    by = f"by {due_on(then.within, given.began)}" if then.within else "reported; by when is not specified"
    return _ruled(by, [clause])


def _denominator(policy: Policy, given: DenominatorGiven) -> Ruling:
    clause = next((c for c in policy.denominators if c.about == Against(given.about)), None)
    if clause is None or clause.then is None:
        return _ruled(_UNKNOWN, [clause] if clause else [])
    return _ruled(f"per {clause.then.per}", [clause])


RULED: Mapping[type[Strict], Callable[[Policy, Any], Ruling]] = {
    ContactGiven: _contact,
    FollowUpGiven: _follow_up,
    ClearanceGiven: _clearance,
    OutbreakGiven: _outbreak,
    IdentificationGiven: _identification,
    AcquisitionGiven: _acquisition,
    ReportingGiven: _reporting,
    DenominatorGiven: _denominator,
}
"""What can be asked of a policy without a record, by what is given."""
