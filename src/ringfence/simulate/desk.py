"""The admissions desk: what it asks, what it is told, and when it proposes a screen.

Its rule is made up and simple on purpose: any recorded yes, and a patient not already known, make a proposal. It is
no jurisdiction's rule; what a policy says about the same answers is for the rest of Ringfence.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ringfence.record import AnswerWord, Order, OrderStatus, Question, RiskAnswer, When

from .chance import Decision
from .clock import Phase
from .people import Person
from .places import ZONE
from .state import State
from .truth import Risk

QUESTIONS = (Question.CARE_ABROAD, Question.OUTBREAK_WARD, Question.REFUGEE_RECEPTION)


def receive(state: State, *, admitted: Iterable[Person], step: int) -> list[Person]:
    """Ask those admitted, propose screens, and return those who have not refused theirs."""
    willing: list[Person] = []
    for person in admitted:
        at = state.clock.moment(Phase.ADMISSIONS, person.patient_id, step=step)
        said_yes = _interview(state, person, at, step)
        if said_yes and not person.known and _accepts(state, person, at, step):
            willing.append(person)
    return willing


def _interview(state: State, person: Person, at: datetime, step: int) -> bool:
    risk = _risk(state, person, step)
    if risk:
        state.risks.append(Risk(person.patient_id, person.here().encounter_id, risk))
    words = {question: _word(state, person, question, question is risk, step) for question in QUESTIONS}
    for question, word in words.items():
        state.journal.write("answers", _answer(state, person, question, word, at, step))
    return AnswerWord.YES in words.values()


def _risk(state: State, person: Person, step: int) -> Question | None:
    carrier = person.carries(step=step)
    probability = state.ward.risk_among_carriers if carrier else state.ward.risk_among_others
    if not state.chance.happens(Decision.RISK, person.patient_id, step=step, probability=probability):
        return None
    return state.chance.pick(Decision.RISK_KIND, person.patient_id, step=step, among=QUESTIONS)


def _word(state: State, person: Person, question: Question, true: bool, step: int) -> AnswerWord:
    who = f"{person.patient_id}/{question}"
    if not state.chance.happens(Decision.ASKED, who, step=step, probability=state.ward.asked):
        return AnswerWord.NOT_ASKED
    wrong = state.chance.happens(Decision.WRONG, who, step=step, probability=state.ward.answered_wrongly)
    return AnswerWord.YES if true != wrong else AnswerWord.NO


def _answer(state: State, person: Person, question: Question, word: AnswerWord, at: datetime, step: int) -> RiskAnswer:
    encounter_id = person.here().encounter_id
    details = _details(state, person, question, at, step) if word is AnswerWord.YES else {}
    return RiskAnswer(
        answer_id=f"A{encounter_id[1:]}-{question.value}",
        patient_id=person.patient_id,
        encounter_id=encounter_id,
        question=question,
        answer=word,
        asked=When(at=at),  # for what was not asked: when the form was filled in
        **details,
    )


def _details(state: State, person: Person, question: Question, at: datetime, step: int) -> dict[str, Any]:
    """Return what goes with a yes: dates, and for care abroad a country and a procedure (all illustrative)."""
    who = f"{person.patient_id}/{question}"
    if question is Question.OUTBREAK_WARD:
        return {}
    if question is Question.REFUGEE_RECEPTION:
        return _dates(state, who, at, step)
    among = (AnswerWord.YES, AnswerWord.NO)
    operated = state.chance.pick(Decision.DETAILS, f"{who}/procedure", step=step, among=among)
    return _dates(state, who, at, step) | {"country": "Exampleland", "procedure": operated}


def _dates(state: State, who: str, at: datetime, step: int) -> dict[str, When]:
    """Return a period of 1 to 14 nights that ended 1 to 60 days before a local day."""
    ago = state.chance.pick(Decision.DETAILS, f"{who}/ago", step=step, among=range(1, 61))
    nights = state.chance.pick(Decision.DETAILS, f"{who}/nights", step=step, among=range(1, 15))
    ended = at.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=ago)
    return {"start": When(on=ended - timedelta(days=nights)), "end": When(on=ended)}


def _accepts(state: State, person: Person, at: datetime, step: int) -> bool:
    probability = state.ward.screen_refused
    refused = state.chance.happens(Decision.REFUSAL, person.patient_id, step=step, probability=probability)
    _order(state, person, OrderStatus.PROPOSED, at)
    if refused:
        _order(state, person, OrderStatus.REFUSED, at)
    return not refused


def _order(state: State, person: Person, status: OrderStatus, at: datetime) -> None:
    encounter_id = person.here().encounter_id
    order = Order(
        order_id=f"O{encounter_id[1:]}-{status.value}",
        patient_id=person.patient_id,
        encounter_id=encounter_id,
        status=status,
        happened=When(at=at),
    )
    state.journal.write("orders", order)
