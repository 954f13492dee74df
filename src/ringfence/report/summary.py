"""The sentences a busy person reads first."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from ringfence.assess import Precautions
from ringfence.chain import UNPLACED, Findings, has_readable_results
from ringfence.feeds import Problem, counted
from ringfence.record import (
    SHARED_PLACES,
    TESTS,
    CaseStatus,
    Coverage,
    Follows,
    Found,
    Indicator,
    Level,
    ResultKind,
    Task,
    TaskState,
    Verdict,
)
from ringfence.vocabulary import Mark

from .files import knowledge_words


def sentences_of(findings: Findings, problems: Sequence[Problem]) -> list[str]:
    """Return the summary, one sentence each, most important first."""
    return [
        *_covers(findings),
        *_cases(findings),
        *_here(findings),
        *_places(findings),
        *_signals(findings),
        *_contacts(findings),
        *_ledger(findings),
        *_problems(problems),
        *_policy(findings),
        f"Knowledge time is {knowledge_words(findings)}.",
    ]


def counted_words(number: int, one: str, many: str | None = None) -> str:
    """Return `1 case`, `2 cases`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day_words(day: date) -> str:
    """Return a date as people write it: `5 March 2026`."""
    return f"{day.day} {day:%B %Y}"


def _covers(findings: Findings) -> Iterator[str]:
    view = findings.view
    names = ", ".join(f.name or f.facility_id for f in view.facilities.values())
    moving = {stay.patient_id for stay in view.stays}
    days = [s.start.day(view.zone(s.facility_id)) for s in view.stays]
    if not days:
        yield f"No stay at {names} is known as of then, so it is UNKNOWN who met whom."
        return
    said = f"{counted_words(len(view.stays), 'stay')} of {counted_words(len(moving), 'patient')} at {names}"
    yield f"The files cover {said}, from {day_words(min(days))} on."
    unsaid = [f for f in view.facilities if view.covers(f) is Coverage.UNKNOWN and f not in findings.carriers_only]
    if unsaid:
        where = counted_words(len(unsaid), "facility", "facilities")
        yield (
            f"Whom the stays of {where} cover was not said (table `populations`): people may be missing from the "
            "contacts and the ledger."
        )
    if findings.carriers_only:
        yield (
            "Everyone who moves in these files is a carrier. So overlaps among carriers can be shown; contacts who are "
            "not carriers, the screening ledger and rates cannot, and are left empty."
        )


def _cases(findings: Findings) -> Iterator[str]:
    established = [c for c in findings.cases if c.established]
    suspect = {c.patient_id for c in findings.cases if c.status is CaseStatus.SUSPECT}
    withdrawn = sum(c.status is CaseStatus.WITHDRAWN for c in findings.cases)
    if established:
        carriers = {c.patient_id for c in established}
        families = Counter(c.case_id.split(":")[-2] for c in established)
        said = ", ".join(f"{family} {n}" for family, n in families.most_common())
        by_status = Counter(c.status.value for c in established)
        how = ", ".join(f"{n} {status}" for status, n in by_status.items())
        people = counted_words(len(carriers), "patient carries a CPO", "patients carry a CPO")
        cases = counted_words(len(established), "case")
        by = f"by the laboratory's results ({cases}: {how}; {said})"
        yield f"{people}, {by}. {_confirmed(findings)}"
        unseen = carriers - {stay.patient_id for stay in findings.view.stays}
        if unseen and findings.view.stays:
            have = "has" if len(unseen) == 1 else "have"
            yield f"{len(unseen)} of them {have} no stays in these files, so nothing can be said of whom they met."
    elif withdrawn:
        yield "No acquired carbapenemase gene stands in the results of these files."
    elif has_readable_results(findings.view):
        tested = any(r.kind in TESTS for some in findings.view.results.values() for r in some)
        none = "No acquired carbapenemase gene was detected in the results of these files."
        if not tested:
            none = "No result of a test for a carbapenemase is in these files, so it is UNKNOWN who carries a CPO."
        yield UNPLACED if findings.view.unplaced_detections else none
    else:
        yield "No laboratory result is known, so it is UNKNOWN who carries a CPO."
    if established and findings.view.unplaced_detections:
        yield f"Of {counted_words(len(findings.view.unplaced_detections), 'more result')} it is UNKNOWN who carries it."
    if suspect:
        more = "more " if established else ""
        said = counted_words(len(suspect), f"{more}patient is", f"{more}patients are")
        yield f"{said} suspect; the laboratory decides."
    if withdrawn:
        yield f"{counted_words(withdrawn, 'case was', 'cases were')} withdrawn: the result was withdrawn or corrected."


def _confirmed(findings: Findings) -> str:
    declared = [c.declared for c in findings.cases if c.declared and c.status is not CaseStatus.WITHDRAWN]
    denied = sum(said.startswith("not ") for said in declared)
    parts = [(len(declared) - denied, "confirmed"), (denied, "declared not confirmed")]
    said = ", ".join(f"{number} {word}" for number, word in parts if number)
    return f"By professionals: {said}." if said else "No professional has confirmed them here."


def _here(findings: Findings) -> Iterator[str]:
    carriers = {pid for pid, some in findings.carriages.items() if any(c.stands for c in some)}
    stopped = {p for p, answer in findings.precautions.items() if answer.status is Precautions.STOPPED}
    here = (carriers & set(findings.precautions)) - stopped
    without = findings.unprotected
    if here:
        people = counted_words(len(here), "carrier or suspect is", "carriers or suspects are")
        yield (
            f"{people} in hospital now; "
            + (f"{len(without)} without contact precautions on record." if without else "all with contact precautions.")
        )
    if stopped:
        people = counted_words(len(stopped), "more carrier" if here else "carrier")
        yield f"Of {people} in hospital a professional stopped the precautions."


def _signals(findings: Findings) -> Iterator[str]:
    zone = findings.view.zone
    latest = sorted(findings.signals, key=lambda s: s.last_on.earliest(zone(s.facility)), reverse=True)
    for signal in latest[:3]:
        first, last = signal.first_on.day(zone(signal.facility)), signal.last_on.day(zone(signal.facility))
        when = f"on {day_words(last)}" if first == last else f"between {day_words(first)} and {day_words(last)}"
        yield (
            f"Linked cases: {signal.cases} of {signal.carbapenemase} were found on ward {signal.ward} {when}, each "
            "within 28 days of the one before."
        )
    if len(latest) > 3:
        yield f"{counted_words(len(latest) - 3, 'earlier group')} of linked cases can be found below."


def _places(findings: Findings) -> Iterator[str]:
    view = findings.view
    described = {place.place_id for place in view.setting.places if place.place_id}
    found = [
        (specimen.place_id, result.result_id)
        for specimen in view.specimens.values()
        if specimen.place_id in described
        for result in view.results.get(specimen.specimen_id, ())
        if result.found is Found.DETECTED and result.kind is ResultKind.GENE
    ]
    if found:
        places = {place for place, _ in found}
        yield (
            f"A carbapenemase was found in {counted_words(len(found), 'environmental sample')} from "
            f"{counted_words(len(places), 'place')} ({', '.join(sorted(p for p in places if p))}). "
            "Places are not patients and make no case."
        )


def _contacts(findings: Findings) -> Iterator[str]:
    if findings.contacts:
        people = {
            level: {c.contact_patient_id for c in findings.contacts if c.level is level and not c.known_carrier}
            for level in SHARED_PLACES
        }
        bathroom_only = people[Level.BATHROOM] - people[Level.ROOM]
        ward_only = people[Level.WARD] - people[Level.ROOM] - people[Level.BATHROOM]
        next_only = {c.contact_patient_id for c in findings.contacts if c.level is Level.BED} - set().union(
            *people.values()
        )
        bathroom = f"{len(bathroom_only)} more a bathroom and " if bathroom_only else ""
        came_next = f" {counted_words(len(next_only), 'more', 'more')} came next into a bed." if next_only else ""
        yield (
            f"{counted_words(len(people[Level.ROOM]), 'person', 'people')} shared a room with a case"
            f"{', ' if bathroom else ' and '}{bathroom}{len(ward_only)} more a ward, known carriers left out."
            f"{came_next} {_followed(findings)}"
        )
    elif findings.exposures:
        overlaps = {frozenset((e.index_patient_id, e.contact_patient_id)) for e in findings.exposures}
        pairs = counted_words(len(overlaps), "pair of carriers was", "pairs of carriers were")
        yield f"{pairs} on one ward at one time."


_FOLLOWED = {
    Follows.SCREEN: "owed screens",
    Follows.INFORM: "to be informed",
    Follows.LIST: "listed and owed nothing",
    Follows.UNKNOWN: "unknown, for want of a map of bathrooms",
    Follows.DECIDE: "for a professional to decide",
}


def _followed(findings: Findings) -> str:
    """Say what follows for the contacts by the policy, and that nothing is asked before a list is accepted."""
    by: dict[Follows, set[str]] = {word: set() for word in _FOLLOWED}
    for contact in findings.contacts:
        if contact.follows in by:
            by[contact.follows].add(contact.contact_patient_id)
    said = ", ".join(f"{len(people)} {_FOLLOWED[word]}" for word, people in by.items() if people)
    preview = "Until a professional accepts a list it is a preview, and only that decision is asked for"
    return f"{preview}; by the policy: {said}." if said else f"{preview}."


def _ledger(findings: Findings) -> Iterator[str]:
    if not findings.ledger:
        return
    by = Counter(line.at_risk for line in findings.ledger)
    owed = [line for line in findings.ledger if line.due]
    screened = [line for line in owed if line.collected]
    known = by[Verdict.YES] - len(owed)
    yield (
        f"Of {counted_words(len(findings.ledger), 'admission')}, the policy asks for a screen at {len(owed)} "
        f"({len(screened)} were screened); at {by[Verdict.UNKNOWN]} it cannot be told, because questions were not "
        f"answered or the source has a hole; {by[Verdict.NO]} need none. Admissions of known carriers: {known}."
    )


def compliance_words(figures: Sequence[Indicator]) -> list[str]:
    """Return for each facility how far those at risk were screened: what is known, what is not, and the bounds."""
    said = []
    for site in dict.fromkeys(one.facility for one in figures):
        own = {one.indicator: one for one in figures if one.facility == site}
        known, unknown = own.get("screening_compliance"), own.get("screening_unknown")
        if not known or not unknown:
            continue
        if known.suppressed or unknown.suppressed:
            said.append(f"How far those at risk were screened at {site or 'all sites'} is left out: {known.why_none}.")
            continue
        if unknown.value is None:
            continue
        worst, best = own["screening_compliance_worst"].value, own["screening_compliance_best"].value
        done = f"nobody is known to be at risk at {site or 'all sites'}"
        if known.value is not None:
            done = (
                f"of {counted_words(int(known.denominator or 0), 'admission')} known to be at risk at "
                f"{site or 'all sites'}, {known.numerator:,} were screened "
                f"({known.value:.0f}%, exact 95% limits {known.low:.0f} to {known.high:.0f}%)"
            )
        bounds = "" if worst is None or best is None else f"; with those, it lies between {worst:.0f}% and {best:.0f}%"
        said.append(
            f"{done[0].upper()}{done[1:]}. Of {unknown.value:.0f}% of all admissions the risk is not known{bounds}."
        )
    return said


def _problems(problems: Sequence[Problem]) -> Iterator[str]:
    refused, noted = counted(problems)
    if refused or noted:
        yield f"Rows of the files that could not be used: {refused:,}; other problems: {noted:,}. See Data problems."


def _policy(findings: Findings) -> Iterator[str]:
    overlay = findings.policy.overlay
    missing = [site for site in overlay.place.facilities if site not in findings.view.facilities] if overlay else []
    if missing:
        yield (
            f"The overlay {findings.policy.id} names {', '.join(missing)}, which is no facility of these files, and "
            f"holds only where it names one. Facilities here: {', '.join(findings.view.facilities)}."
        )
    if findings.policy.weakest is not Mark.VERIFIED:
        yield (
            "Not every clause of the policy has been checked against its source. Where an answer rests on such a "
            "clause, its mark says so."
        )


def tasks_by_kind(tasks: Sequence[Task]) -> list[tuple[str, list[Task]]]:
    """Return tasks grouped by what is to be done, in the order of the tasks."""
    groups: dict[str, list[Task]] = {}
    for task in tasks:
        groups.setdefault(task.task, []).append(task)
    return list(groups.items())


def state_words(task: Task, zone: ZoneInfo) -> str:
    """Return the state of a task in words: what is due later is not to do since then."""
    if task.state not in _OPEN:
        return task.state.value
    said = _OPEN[task.state]
    due = task.due.text(zone).replace("T", " ")[:16] if task.due else ""
    if due and task.days is None:
        return f"{said} from {due} on"
    waits = f"for {counted_words(task.days, 'day', 'days')}" if task.days else ""
    return ", ".join(filter(None, [f"{said} since {due}" if due else said, f"waiting {waits}" if waits else ""]))


_OPEN = {TaskState.OPEN: "to do", TaskState.DECIDE: "to decide"}
