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

QUESTIONS = tuple(Question)


def receive(state: State, admitted: Iterable[Person], *, step: int) -> list[Person]:
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
        asked=When(at=at),
        **details,
    )


def _details(state: State, person: Person, question: Question, at: datetime, step: int) -> dict[str, Any]:
    """Return the dates of a yes: it ended 1 to 60 days before admission and lasted 1 to 14 (illustrative)."""
    if question is Question.OUTBREAK_WARD:
        return {}
    who = f"{person.patient_id}/{question}"
    ago = state.chance.pick(Decision.DETAILS, f"{who}/ago", step=step, among=range(1, 61))
    lasted = state.chance.pick(Decision.DETAILS, f"{who}/lasted", step=step, among=range(1, 15))
    ended = at.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=ago)
    dates = {"start": When(on=ended - timedelta(days=lasted)), "end": When(on=ended)}
    if question is Question.REFUGEE_RECEPTION:
        return dates
    operated = state.chance.pick(Decision.DETAILS, f"{who}/procedure", step=step, among=(AnswerWord.YES, AnswerWord.NO))
    return dates | {"country": "Exampleland", "procedure": operated}


def _accepts(state: State, person: Person, at: datetime, step: int) -> bool:
    refused = state.chance.happens(
        Decision.REFUSAL, person.patient_id, step=step, probability=state.ward.screen_refused
    )
    for status in (OrderStatus.PROPOSED, OrderStatus.REFUSED) if refused else (OrderStatus.PROPOSED,):
        encounter_id = person.here().encounter_id
        order = Order(
            order_id=f"O{encounter_id[1:]}-{status.value}",
            patient_id=person.patient_id,
            encounter_id=encounter_id,
            status=status,
            happened=When(at=at),
        )
        state.journal.write("orders", order)
    return not refused
