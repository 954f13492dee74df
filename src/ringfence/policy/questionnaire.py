"""The questions that a policy needs at admission, in an order that stops early."""

from dataclasses import dataclass, replace

from ringfence.record import Question
from ringfence.vocabulary import Mark, Strict

from .admission import (
    AdmittedTo,
    Care,
    CareAbroad,
    Chemotherapy,
    Dialysis,
    KnownCarriage,
    LinkToCarrier,
    OutbreakWard,
    RefugeeReception,
    Residence,
    Travel,
)
from .clauses import AdmissionClause
from .policies import Policy

_PLAIN = {
    CareAbroad: (Question.CARE_ABROAD,),
    Chemotherapy: (Question.CHEMOTHERAPY,),
    KnownCarriage: (Question.KNOWN_CARRIAGE,),
    Travel: (Question.TRAVEL,),
    RefugeeReception: (Question.REFUGEE_RECEPTION,),
    Residence: (Question.RESIDENCE,),
    OutbreakWard: (Question.OUTBREAK_WARD,),
    AdmittedTo: (),
}
_LINKS = {"health_care": Question.LINK_IN_HEALTH_CARE, "household": Question.LINK_IN_HOUSEHOLD}
WORDS = {
    Question.CARE_ABROAD: "care in a health-care facility abroad",
    Question.OUTBREAK_WARD: "coming from a ward with an uncontrolled outbreak",
    Question.REFUGEE_RECEPTION: "refugee reception",
    Question.HEALTH_CARE: "care in any health-care facility",
    Question.CARE_OUTSIDE_REGION: "care in a health-care facility outside the region",
    Question.DIALYSIS: "dialysis",
    Question.DIALYSIS_OUTSIDE_REGION: "dialysis outside the region",
    Question.CHEMOTHERAPY: "chemotherapy",
    Question.KNOWN_CARRIAGE: "a positive test before",
    Question.LINK_IN_HEALTH_CARE: "contact with a carrier in health care",
    Question.LINK_IN_HOUSEHOLD: "a carrier in the household",
    Question.TRAVEL: "travel",
    Question.RESIDENCE: "residence",
}
_DETAILS = {
    "ended_ago": "when it ended",
    "ago": "when the last positive was",
    "lasted": "how long it lasted",
    "invasive_procedure": "whether there was an invasive procedure",
    "countries": "in which country",
    "places": "where",
    "facility": "in which facility",
}
_FROM_THE_RECORD = (Care, Dialysis, KnownCarriage, LinkToCarrier, AdmittedTo, OutbreakWard)


@dataclass(frozen=True)
class Asked:
    """One question, what follows a yes, and which clauses need it."""

    question: Question
    asks: tuple[str, ...]
    """As the clauses ask it."""
    details: tuple[str, ...]
    """What has to be asked after a yes."""
    clauses: tuple[str, ...]
    unread: bool
    """Whether no clause that needs it is verified."""
    go_on: tuple[str, ...] = ()
    """Clauses asked about later that ask for something else, so that a yes here does not end the asking."""


def questions_of(predicate: Strict) -> tuple[Question, ...]:
    """Return the questions whose answers settle a predicate; none for what only the record tells."""
    if isinstance(predicate, Care):
        if predicate.abroad:
            return (Question.CARE_ABROAD,)
        return (Question.CARE_OUTSIDE_REGION,) if predicate.outside else (Question.HEALTH_CARE,)
    if isinstance(predicate, Dialysis):
        elsewhere = predicate.abroad or predicate.outside
        return (Question.DIALYSIS_OUTSIDE_REGION,) if elsewhere else (Question.DIALYSIS,)
    if isinstance(predicate, LinkToCarrier):
        return tuple(_LINKS[through] for through in predicate.through)
    return _PLAIN[type(predicate)]


def questionnaire(policy: Policy) -> tuple[Asked, ...]:
    """Return the questions in the order to ask them: one YES that holds ends the asking.

    First those to which a bare yes settles it; then those with the fewest details to ask after it; among equals those
    that serve the most clauses; then as the file has them.
    """
    found: dict[Question, list[tuple[AdmissionClause, Strict]]] = {}
    for clause in policy.admission:
        for predicate in clause.when.predicates() if clause.when else ():
            for question in questions_of(predicate):
                found.setdefault(question, []).append((clause, predicate))
    made = [_asked(question, those) for question, those in found.items()]
    made.sort(key=lambda one: (len(one.details), -len(one.clauses)))
    return tuple(replace(one, go_on=_wider(policy, one, made[n + 1 :])) for n, one in enumerate(made))


def _wider(policy: Policy, one: Asked, later: list[Asked]) -> tuple[str, ...]:
    """Return the clauses of later questions that ask for another screen than each clause of this one does."""
    own = [_screen(policy, name) for name in one.clauses]
    names = dict.fromkeys(name for other in later for name in other.clauses if name not in one.clauses)
    return tuple(name for name in names if any(_screen(policy, name) != screen for screen in own))


def _screen(policy: Policy, clause_id: str) -> tuple[object, ...]:
    clause = next(c for c in policy.admission if c.id == clause_id)
    then = clause.then
    return (then.screen_for, then.screens, then.sites) if then else ()


def _asked(question: Question, those: list[tuple[AdmissionClause, Strict]]) -> Asked:
    return Asked(
        question=question,
        asks=tuple(dict.fromkeys(clause.asks for clause, _ in those)),
        details=tuple(dict.fromkeys(d for _, predicate in those for d in _details(predicate))),
        clauses=tuple(dict.fromkeys(clause.id for clause, _ in those)),
        unread=all(clause.mark is not Mark.VERIFIED for clause, _ in those),
    )


def _details(predicate: Strict) -> list[str]:
    found = [words for name, words in _DETAILS.items() if getattr(predicate, name, None)]
    return [*found, "when it began"] if getattr(predicate, "stay", "any") == "overnight" else found


def told_by_the_record(policy: Policy) -> tuple[str, ...]:
    """Return the clauses of which the record may tell the answer without anybody being asked."""
    return tuple(
        clause.id for clause in policy.admission if clause.when and any(map(_in_the_record, clause.when.predicates()))
    )


def _in_the_record(predicate: Strict) -> bool:
    """Whether facts other than answers can show it; care elsewhere is in no record but its own."""
    if isinstance(predicate, Care | Dialysis) and (predicate.abroad or predicate.outside or predicate.countries):
        return False
    return isinstance(predicate, _FROM_THE_RECORD)


def describe_questions(policy: Policy) -> str:
    """Return the questionnaire as text, with why it stands in this order."""
    lines = [f"Questions at admission under {policy.id}: {policy.title}", ""]
    record = told_by_the_record(policy)
    if record:
        lines += [f"Not asked where the record knows: {', '.join(record)}.", ""]
    for number, one in enumerate(questionnaire(policy), start=1):
        lines.append(f"{number}. {WORDS[one.question].capitalize()} ({one.question.value})")
        lines += [f"     {asks}" for asks in one.asks]
        after = "; ".join(one.details)
        lines.append(f"     After a yes ask: {after}." if after else "     A yes meets its clause.")
        if one.go_on:
            lines.append(f"     After a yes go on: {', '.join(one.go_on)} ask for another screen.")
        unread = " None of them is verified." if one.unread else ""
        lines.append(f"     Needed by: {', '.join(one.clauses)}.{unread}")
    lines += [
        "",
        "Why this order: stop at the first yes that meets a clause, unless it says to go on. Questions that a bare yes",
        "settles come first, then those with the fewest details to ask; of equal ones, those that serve most clauses.",
        "Only a no to every question can be a no.",
    ]
    if policy.is_draft:
        lines.append("Clauses that are not verified cannot settle a no: who answers no to everything stays UNKNOWN.")
    return "\n".join(lines) + "\n"
