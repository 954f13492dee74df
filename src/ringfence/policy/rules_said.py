"""What each kind of clause demands, as one sentence."""

from collections.abc import Callable, Mapping
from typing import Any

from ringfence.vocabulary import Mark, organisms

from .acquisition import AcquisitionClause
from .clauses import AdmissionClause, Clause, PrecautionsClause, Screen
from .clearance import ClearanceClause, Criteria
from .contacts import ContactClass, ContactsClause, Who
from .identification import (
    Chromosomal,
    CountingPeriod,
    CountingUnit,
    IdentificationClause,
    OwnCutOff,
    SuspectsOn,
)
from .outbreaks import CaseLink, Declare, End, OutbreakClause
from .phrases import describe_condition, either, limits_said
from .reporting import DenominatorsClause, ReportingClause
from .schedules import FollowUpClause, Owed


def rule_of(clause: Clause) -> str:
    """Return what a clause demands as a sentence, without its id."""
    if clause.mark is Mark.NOT_SPECIFIED:
        about = getattr(clause, "about", None)
        return f"Not specified ({str(about).replace('_', ' ')})." if about else "Not specified."
    return _SAID[type(clause)](clause)


def _admission(clause: AdmissionClause) -> str:
    assert clause.when is not None
    assert clause.then is not None
    return f"Screen for {clause.then.screen_for.value} whoever {describe_condition(clause.when)}.{_how(clause.then)}"


def _how(then: Screen) -> str:
    said: list[str] = []
    if then.sites:
        said.append(f" Sites: {', '.join(s.value for s in then.sites)}.")
    if then.screens:
        apart = f", at least {then.apart} apart" if then.apart else ""
        said.append(f" {_many(then.screens, 'negative screen')} asked for{apart}.")
    if then.every:
        said.append(f" Again every {then.every} while it goes on.")
    if then.isolate:
        said.append(" Isolate while it is pending." if then.isolate == "while pending" else " No isolation meanwhile.")
    if then.cleared_by:
        said.append(f" Done with when {then.cleared_by} says so.")
    return "".join(said)


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _precautions(clause: PrecautionsClause) -> str:
    assert clause.when is not None
    assert clause.then is not None
    return f"Recommend isolation of {describe_condition(clause.when)}."


def _contacts(clause: ContactsClause) -> str:
    assert clause.who is not None
    assert clause.then is not None
    what = {"screen": "Screen", "list": "List", "inform": "Inform"}[clause.then.contact]
    return f"{what} as a contact whoever {_who(clause.who)}."


_MET = {
    ContactClass.SAME_BED_AFTER: "came next into the bed of the index",
    ContactClass.ROOM: "shared a room with the index",
    ContactClass.BATHROOM: "shared a bathroom with the index",
    ContactClass.BAY: "shared a bay with the index",
    ContactClass.CARE_TEAM: "was cared for by the same team as the index",
    ContactClass.EQUIPMENT: "had the same procedure or equipment as the index",
    ContactClass.WARD: "was on the ward of the index",
    ContactClass.FACILITY: "was in the facility of the index",
    ContactClass.HEALTH_CARE: "met the index anywhere in health care",
    ContactClass.HOUSEHOLD: "lives in the household of the index",
    ContactClass.RING: "is in the ring around an index that was not expected",
}
_COUNTED = {"per meeting": "in one meeting", "cumulative": "all meetings together"}
_UNDER = {
    "counts": "time when the index was under precautions counts too",
    "does not count": "time when the index was under precautions does not count",
}


def _who(who: Who) -> str:
    said = either(_MET[one] for one in who.classes)
    if who.overlap:
        said += f", for {limits_said(who.overlap)} ({_COUNTED[str(who.counted)]})"
    if who.next_occupant_within:
        said += f", within {who.next_occupant_within} after the index left"
    if who.look_back:
        before = who.look_back.before_first_positive
        since = f"the {who.look_back.since}" if not before else f"{before} before the {who.look_back.since}"
        said += f", from {since} on"
    if who.vulnerable_units:
        said += f", on a unit of the kind {either(u.value.replace('_', ' ') for u in who.vulnerable_units)}"
    if who.index_under_precautions:
        said += f"; {_UNDER[who.index_under_precautions]}"
    return said + ("; only once a contact is positive" if who.only_after else "")


def _follow_up(clause: FollowUpClause) -> str:
    assert clause.then is not None
    return f"{_owed(clause.then)}{_sites(clause.then)}"


def _owed(then: Owed) -> str:
    if then.isolate_while_waiting:
        said = {"yes": "are isolated", "no": "are not isolated", "by level": "are isolated by level of exposure"}
        return f"Contacts {said[then.isolate_while_waiting]} while they wait for results."
    if then.from_last_exposure:
        one = then.from_last_exposure
        late = f", one of them on or after day {one.one_on_or_after_day}" if one.one_on_or_after_day else ""
        return f"A contact owes {_many(one.sets, 'set')} on different days{late}; the last exposure is day 0."
    if then.calendar_weeks:
        weeks = then.calendar_weeks
        where = " while an inpatient" if weeks.while_ == "inpatient" else ""
        return f"A contact is screened every {weeks.every} for {_many(weeks.weeks, 'week')}{where}."
    assert then.survey_rounds is not None
    rounds = then.survey_rounds
    return f"The unit is surveyed every {rounds.every} until {_many(rounds.until_clean, 'survey')} in a row are clean."


def _sites(then: Owed) -> str:
    return f" Sites: {', '.join(s.value for s in then.sites)}." if then.sites else ""


def _clearance(clause: ClearanceClause) -> str:
    assert clause.then is not None
    who = clause.carriers or "carriers"
    if clause.then.never:
        return f"Precautions for {who} go on without an end; only a professional can end them."
    assert clause.then.propose_when is not None
    return f"Ending precautions for {who} may be proposed {_criteria(clause.then.propose_when)}."


def _criteria(criteria: Criteria) -> str:
    said = []
    if criteria.since_last_positive:
        said.append(f"at least {criteria.since_last_positive} since the last positive")
    if criteria.negatives:
        apart = f" at least {criteria.apart} apart" if criteria.apart else ""
        said.append(f"{_many(criteria.negatives, 'negative screen')}{apart}")
    said += ["no active infection"] if criteria.no_active_infection else []
    said += ["no antibiotic"] if criteria.no_antibiotic else []
    after = [f"after {', '.join(said)}"] if said else []
    after += ["not during the stay"] if criteria.not_during_stay else []
    after += ["with a recheck at readmission"] if criteria.recheck_on_readmission else []
    return ", ".join(after)


def _outbreak(clause: OutbreakClause) -> str:
    assert clause.then is not None
    if clause.then.declare:
        return f"An outbreak may be declared at {_declare(clause.then.declare)}."
    assert clause.then.end is not None
    return f"An outbreak may be declared over after {_end(clause.then.end)}."


def _declare(one: Declare) -> str:
    said = _many(one.min_cases, "case") if one.min_cases else "sustained transmission in spite of measures"
    said += f" linked {_linked(one.link)}" if one.link else ""
    return f"{said} within {one.within}" if one.within else said


def _linked(links: tuple[CaseLink, ...]) -> str:
    """Return what links cases: `in time and place, and of one type`."""
    where = " and ".join(link.value for link in links if link in (CaseLink.TIME, CaseLink.PLACE))
    kinds = " and ".join(link.value for link in links if link not in (CaseLink.TIME, CaseLink.PLACE))
    return ", and ".join([*([f"in {where}"] if where else []), *([f"by the same {kinds}"] if kinds else [])])


def _end(one: End) -> str:
    if one.clean_surveys:
        apart = f", {one.interval} apart" if one.interval else ""
        return f"{_many(one.clean_surveys, 'clean survey')} in a row{apart}"
    return f"{one.days_since_last_case} days without a case"


def _identification(clause: IdentificationClause) -> str:
    assert clause.then is not None
    return _IDENTIFIED[clause.key](getattr(clause.then, clause.key))


def _chromosomal(value: Chromosomal) -> str:
    word = {"counts": "counts", "excluded": "does not count"}
    said = (f"{n} {word[v.value]}" for n in Chromosomal.model_fields if (v := getattr(value, n)))
    return f"Of families that are chromosomal in some organisms: {', '.join(said)}."


def _organisms(value: tuple[str, ...]) -> str:
    known = organisms()
    names = [known[one].name if one in known else {"non-fermenter": "non-fermenters"}.get(one, one) for one in value]
    return f"Cases count in {_and(tuple(names))}." if len(names) < 3 else f"Cases count in {', '.join(names)}."


def _cut_offs(value: tuple[OwnCutOff, ...]) -> str:
    return f"Values are read by a table of its own first: {'; '.join(map(_cut_off, value))}."


def _cut_off(one: OwnCutOff) -> str:
    does = "a carbapenemase is tested for" if one.purpose == "screening" else "resistant"
    bounds = [f"above {one.mic_above:g} mg/L"] if one.mic_above is not None else []
    bounds += [f"below {one.zone_below:g} mm"] if one.zone_below is not None else []
    return f"{one.antibiotic} in {', '.join(one.organisms)}: {does} {' or '.join(bounds)}"


_SUSPECTS = {
    SuspectsOn.RESISTANT_TO_A_CARBAPENEM: "resistance to a carbapenem",
    SuspectsOn.SCREENING_CUTOFF: "a value beyond the screening cut-off",
}
_UNITS = {
    CountingUnit.PATIENT_AND_FAMILY: "one patient and one family of carbapenemases",
    CountingUnit.PATIENT_FAMILY_AND_ORGANISM: "one patient, one family of carbapenemases and one organism",
    CountingUnit.STAY: "one stay",
}
_PERIODS = {
    CountingPeriod.EVER: "once, for ever",
    CountingPeriod.TWELVE_MONTHS: "once in 12 months",
    CountingPeriod.SURVEILLANCE_YEAR: "once in a surveillance year",
}
_IDENTIFIED: dict[str, Callable[[Any], str]] = {
    "gene_without_organism": lambda value: f"A gene found without an organism makes a case that is {value.value}.",
    "suspects_on": lambda value: f"A carbapenemase is suspected on {_and(tuple(_SUSPECTS[one] for one in value))}.",
    "chromosomal": _chromosomal,
    "organisms": _organisms,
    "counting_unit": lambda value: f"One case is {_UNITS[value]}.",
    "period": lambda value: f"The same is counted {_PERIODS[value]}.",
    "infection_over_screening": lambda value: (
        "An infection counts over a screening positive found before it."
        if value
        else "An infection does not count over a screening positive found before it."
    ),
    "cut_offs": _cut_offs,
}


def _acquisition(clause: AcquisitionClause) -> str:
    assert clause.when is not None
    assert clause.then is not None
    where = clause.then.acquired
    if clause.when.on_or_after_day:
        found = f"on day {clause.when.on_or_after_day} of a stay or later (the day of admission is day 1)"
    else:
        within = clause.when.within_days_of_a_stay
        stayed = "there" if where == "this facility" else "at another facility"
        found = f"within {_many(within.number if within else 0, 'day')} after a stay {stayed}"
    return f"What is first found {found} is proposed as acquired at {where}."


def _reporting(clause: ReportingClause) -> str:
    assert clause.then is not None
    then, what = clause.then, clause.about.replace("every isolate", "Every isolate")
    if then.report == "no":
        return f"{what.capitalize()}: no report is asked for."
    said = f"{what.capitalize()}: to be reported"
    said += f" by {_and(then.by)}" if then.by else ""
    said += f" to {then.to}" if then.to else ""
    said += f" within {_many(then.within.days, f'{then.within.kind} day')}" if then.within else ""
    said += f" from {then.clock_from}" if then.clock_from else ""
    return f"{said}{f' every {then.every}' if then.every else ''}."


def _and(words: tuple[str, ...]) -> str:
    return " and ".join(words)


def _denominators(clause: DenominatorsClause) -> str:
    assert clause.then is not None
    only = ", inpatients only" if clause.then.inpatients_only else ""
    return f"Rates per {clause.then.per:,} {clause.about.value.replace('_', '-')}{only}."


_SAID: Mapping[type[Clause], Callable[[Any], str]] = {
    AdmissionClause: _admission,
    PrecautionsClause: _precautions,
    ContactsClause: _contacts,
    FollowUpClause: _follow_up,
    ClearanceClause: _clearance,
    OutbreakClause: _outbreak,
    IdentificationClause: _identification,
    AcquisitionClause: _acquisition,
    ReportingClause: _reporting,
    DenominatorsClause: _denominators,
}
