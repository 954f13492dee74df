"""Where somebody comes from and whom they belong with: carriage known before, links, travel, residence, wards."""

from collections.abc import Iterator

from ringfence.policy import (
    AdmissionClause,
    AdmittedTo,
    KnownCarriage,
    LinkToCarrier,
    OutbreakWard,
    RefugeeReception,
    Residence,
    Travel,
)
from ringfence.record import (
    DeclarationKind,
    FactKey,
    Missing,
    Question,
    Reason,
    RiskAnswer,
    Truth,
    When,
)
from ringfence.vocabulary import organisms

from .care import in_place, unit_of
from .judgements import Admission, Evidence, Judgement, Limited, any_of, asked, ended, judged
from .reasons import Why

_WHEN, _WHERE = "when it ended", "where it was"
_LINKS = {"health_care": Question.LINK_IN_HEALTH_CARE, "household": Question.LINK_IN_HOUSEHOLD}


def known_carriage(predicate: KnownCarriage, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Judge carriage known before: YES within the limits; beyond them, whoever the clause names decides."""
    parts = [
        _one_carriage(predicate, clause, admission, what, last, facts) for what, last, facts in _carried(admission)
    ]
    yes = asked(Question.KNOWN_CARRIAGE, clause, admission)
    if isinstance(yes, Judgement):
        return any_of([*parts, yes])
    told = [(a.end, (f"answers:{a.answer_id}",)) for a in yes]
    return any_of(
        [*parts, *(_one_carriage(predicate, clause, admission, "carriage, as answered", day, f) for day, f in told)]
    )


def _carried(admission: Admission) -> Iterator[tuple[str, When | None, tuple[FactKey, ...]]]:
    """Yield carriage on record and as reported from elsewhere, known when the visit began, with its last positive."""
    zone = admission.timeline.setting.zone
    for carriage in admission.carriages:
        before = [s for s in carriage.positives if s.collected.latest(zone(s.facility_id)) <= admission.began]
        if carriage.established and before:
            yield f"carriage of {carriage.family}", before[-1].collected, (f"specimens:{before[-1].specimen_id}",)
    for report in admission.timeline.rows("reported_history"):
        # What counts is when the person was positive, not when somebody said so.
        if report.positive is None or report.positive.earliest(admission.zone) <= admission.began:
            yield "carriage, as reported from elsewhere", report.positive, (f"reported_history:{report.history_id}",)


def _one_carriage(
    predicate: KnownCarriage,
    clause: AdmissionClause,
    admission: Admission,
    what: str,
    last: When | None,
    facts: tuple[FactKey, ...],
) -> Judgement:
    said = f", last positive {last.day(admission.zone)}" if last else ", last positive on a date not known"
    limited = ended(predicate.ago, "known_carriage", last, admission)
    if limited.truth is Truth.NO and predicate.beyond:
        values = {"what": what, "detail": said, "decides": predicate.beyond.decides}
        reason = Reason(Why.BEYOND, clause.id, clause.mark, facts, values)
        return Judgement(Truth.UNKNOWN, (reason,), decides=(predicate.beyond.decides,))
    return judged({"when the last positive was": limited}, clause, Evidence(what, said, facts))


def link_to_carrier(predicate: LinkToCarrier, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Judge links with carriers: relations on record, contacts that were accepted, and what was answered."""
    parts = [_linked(clause, "household link", facts) for facts in _related(predicate, admission)]
    parts += [_linked(clause, "accepted as a contact of a case", facts) for facts in _accepted(predicate, admission)]
    for through in predicate.through:
        yes = asked(_LINKS[through], clause, admission)
        if isinstance(yes, Judgement):
            parts.append(yes)
        else:
            said = f"{through.replace('_', '-')} link, as answered"
            parts += [_linked(clause, said, (f"answers:{a.answer_id}",)) for a in yes]
    return any_of(parts)


def _linked(clause: AdmissionClause, what: str, facts: tuple[FactKey, ...]) -> Judgement:
    return judged({}, clause, Evidence(what, " with a carrier" if "case" not in what else "", facts))


def _related(predicate: LinkToCarrier, admission: Admission) -> Iterator[tuple[FactKey, ...]]:
    if "household" in predicate.through:
        for link in admission.links:
            if link.known_from is None or link.known_from <= admission.began:
                yield link.facts


def _accepted(predicate: LinkToCarrier, admission: Admission) -> Iterator[tuple[FactKey, ...]]:
    if "health_care" not in predicate.through:
        return
    for one in admission.timeline.declarations:
        own = one.contact_patient_id == admission.timeline.patient_id
        accepted = one.kind is DeclarationKind.CONTACTS_ACCEPTED and own
        if accepted and one.declared.earliest(admission.zone) <= admission.began:
            yield (f"declarations:{one.declaration_id}",)


def travel(predicate: Travel, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Judge travel to the countries named."""
    yes = asked(Question.TRAVEL, clause, admission)
    if isinstance(yes, Judgement):
        return yes
    return any_of(_one_place(a, "travel", predicate.countries, predicate, clause, admission) for a in yes)


def residence(predicate: Residence, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Judge residence: a yes without a place is to the question of the clause, which names it."""
    yes = asked(Question.RESIDENCE, clause, admission)
    if isinstance(yes, Judgement):
        return yes
    return any_of(_one_place(a, "residence", predicate.places, predicate, clause, admission) for a in yes)


def _one_place(
    answer: RiskAnswer,
    what: str,
    places: tuple[str, ...],
    predicate: Travel | Residence,
    clause: AdmissionClause,
    admission: Admission,
) -> Judgement:
    unnamed = what == "residence" and answer.country is None
    truths = {_WHERE: Limited(Truth.YES if unnamed else in_place(answer.country, places))}
    end = answer.end or (When(on=admission.day) if what == "residence" else None)
    truths[_WHEN] = ended(predicate.ended_ago, what, end, admission)
    until = f", until {answer.end.day(admission.zone)}" if answer.end else ""
    return judged(
        truths, clause, Evidence(what, f" ({answer.country}){until}" if answer.country else until, _key(answer))
    )


def _key(answer: RiskAnswer) -> tuple[FactKey, ...]:
    return (f"answers:{answer.answer_id}",)


def refugee_reception(predicate: RefugeeReception, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Judge residence in refugee reception. No end is taken as still living there: the reading that asks for more."""
    yes = asked(Question.REFUGEE_RECEPTION, clause, admission)
    if isinstance(yes, Judgement):
        return yes
    return any_of(_one_reception(predicate, clause, admission, answer) for answer in yes)


def _one_reception(
    predicate: RefugeeReception, clause: AdmissionClause, admission: Admission, answer: RiskAnswer
) -> Judgement:
    until = f" until {answer.end.day(admission.zone)}" if answer.end else ", no end given: taken as still living there"
    limited = ended(predicate.ended_ago, "refugee_reception", answer.end or When(on=admission.day), admission)
    return judged({_WHEN: limited}, clause, Evidence("refugee reception", until, _key(answer)))


def admitted_to(predicate: AdmittedTo, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Judge the kind of unit admitted to, from the first stay and the map of places; nobody is asked."""
    own = [s for s in admission.timeline.stays if s.encounter_id == admission.encounter.encounter_id]
    first = min(own, key=lambda s: (s.start.earliest(admission.zone), s.stay_id), default=None)
    unit = unit_of(first, admission) if first else None
    facts = (f"stays:{first.stay_id}",) if first else ()
    if unit is None:
        missing = Missing(clause.id, "Which kind of unit is the patient admitted to?", "the kind of unit")
        reason = Reason(
            Why.RISK_UNCLEAR, clause.id, clause.mark, facts, {"what": "unit", "lacking": "which kind it is"}
        )
        return Judgement(Truth.UNKNOWN, (reason,), (missing,))
    truth = Truth.YES if unit in predicate.units else Truth.NO
    what = f"admitted to {unit.value.replace('_', ' ')}"
    return judged({"unit": Limited(truth)}, clause, Evidence(what, "", facts))


def outbreak_ward(_: OutbreakWard, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Judge arrival from a ward with an outbreak: declared open on record, or as answered."""
    encounter = admission.encounter
    if encounter.from_facility and encounter.from_ward:
        outbreak = admission.timeline.setting.outbreak(encounter.from_facility, encounter.from_ward, admission.began)
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
    yes = asked(Question.OUTBREAK_WARD, clause, admission)
    if isinstance(yes, Judgement):
        return yes
    answers = tuple(f"answers:{a.answer_id}" for a in yes)
    return Judgement(Truth.YES, (Reason(Why.OUTBREAK_ANSWERED, clause.id, clause.mark, answers),))
