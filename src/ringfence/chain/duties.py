"""What a policy asks a site to tell others: of a case, by when; and of linked cases, whether they make an outbreak.

Both are questions laid before a person. Nothing is sent, and nothing here declares an outbreak.
"""

from datetime import date

from ringfence.assess import UNIDENTIFIED, Carriage, Counted
from ringfence.policy import CaseLink, OutbreakClause, Policy, Report, ReportingClause, due_on, rule_of, to_declare
from ringfence.record import Scheme, Signal, Timeline, Truth, Verdict

from .strata import Ground

_FROM = {
    "specimen": "the day the specimen was collected",
    "result": "the day of the first result",
    "confirmation": "the day of the first result, as the earliest that it can be",
}
_REACHED = {
    Truth.YES: "These cases reach it.",
    Truth.NO: "These cases do not reach it.",
    Truth.UNKNOWN: "Whether these cases reach it is for a professional to say.",
}


def report_said(ground: Ground, policy: Policy, carriage: Carriage, how: Counted) -> str | None:
    """Return whether and by when the policy asks for a report of an established case; None: it is none, or not counted.

    Args:
        ground: the record.
        policy: what the jurisdiction demands.
        carriage: the case.
        how: whether it counts as a case under the policy.
    """
    if not carriage.established or how.verdict is Verdict.NO:
        return None
    found_on = carriage.first.collected.day(ground.view.zone(carriage.first.facility_id))
    here = policy.on(found_on, carriage.first.facility_id)
    clause = next((one for one in here.reporting if one.about == "case"), None)
    if clause is None or clause.then is None:
        return f"not specified{f' ({clause.id})' if clause else ''}"
    return f"{_reported(clause, clause.then, ground, carriage)} ({clause.id}, {clause.mark.value})"


def _reported(clause: ReportingClause, then: Report, ground: Ground, carriage: Carriage) -> str:
    said = rule_of(clause).removeprefix("Case: ").rstrip(".")
    if then.report == "no" or then.within is None:
        return said if then.report == "no" or then.every else f"{said}; by when is not specified"
    began = _clock(then, ground.timelines[carriage.patient_id], carriage)
    if began is None:
        return f"{said}; the day it counts from is not on record"
    since = _FROM.get(then.clock_from or "", "the day of the first result, as the clause names none")
    holidays = ", holidays not taken out" if then.within.kind == "working" else ""
    return f"{said}: by {due_on(then.within, began)}, counted from {since}{holidays}"


def _clock(then: Report, timeline: Timeline, carriage: Carriage) -> date | None:
    zone = timeline.setting.zone(carriage.first.facility_id)
    if then.clock_from == "specimen":
        return carriage.first.collected.day(zone)
    facts = {fact for reason in carriage.answer.reasons for fact in reason.facts}
    told = [
        result.reported.day(zone)
        for some in (timeline.results, timeline.earlier_results)
        for specimen in carriage.positives
        for result in some.get(specimen.specimen_id, ())
        if result.reported and f"results:{result.result_id}" in facts
    ]
    return min(told, default=None)


def outbreak_said(ground: Ground, policy: Policy, signal: Signal) -> str:
    """Return what the policy says of declaring an outbreak at linked cases, clause by clause."""
    zone = ground.view.zone(signal.facility)
    first, last = signal.first_on.day(zone), signal.last_on.day(zone)
    here = policy.on(last, signal.facility)
    clauses = [clause for clause in here.outbreak if clause.about == "declare"]
    return " ".join(_declared(clause, signal, (last - first).days) for clause in clauses) or "not specified"


def _declared(clause: OutbreakClause, signal: Signal, days: int) -> str:
    if clause.then is None:
        return f"not specified ({clause.id})"
    reached = to_declare(clause, cases=signal.cases, links=_links(signal), days=days)
    return f"{rule_of(clause)} {_REACHED[reached]} ({clause.id}, {clause.mark.value})"


def _links(signal: Signal) -> tuple[CaseLink, ...]:
    """Return what links the cases of a signal; a type does only if all of them share it."""
    of_all = [one for one in (signal.types or "").split("; ") if one.endswith(f"({signal.cases} of {signal.cases})")]
    links = [CaseLink.TIME, CaseLink.PLACE]
    if signal.carbapenemase != UNIDENTIFIED:
        links.append(CaseLink.GENE)
    if any(Scheme.PLASMID.value in one for one in of_all):
        links.append(CaseLink.PLASMID)
    if any(Scheme.PLASMID.value not in one for one in of_all):
        links.append(CaseLink.TYPE)
    return tuple(links)
