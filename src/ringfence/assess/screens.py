"""Stratum 3: what came of the screens of a visit, site by site."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ringfence.policy import Policy, Site
from ringfence.policy import Screen as Asked
from ringfence.record import (
    Answer,
    Encounter,
    Found,
    Order,
    OrderStatus,
    Purpose,
    Result,
    ResultKind,
    ResultStatus,
    Specimen,
    Timeline,
    Verdict,
    When,
)
from ringfence.vocabulary import Meaning, carbapenemase

from .evidence import Evidence, Says, evidence_of, organism_of
from .reasons import Why


class Outcome(StrEnum):
    """What came of a screen."""

    KNOWN_CARRIER = "known carrier, handled directly"
    NOT_ASKED_FOR = "not asked for"
    QUESTIONS_OPEN = "questions to be asked"
    QUESTIONS_MISSED = "questions were not asked"
    NOT_COLLECTED = "not collected"
    LEFT = "left without a screen"
    DIED = "died without a screen"
    REFUSED = "refused"
    UNABLE = "not possible"
    PENDING = "result pending"
    MORE_OWED = "negative so far, more screens or sites are owed"
    UNSETTLED = "no clear result"
    TAKEN_BACK = "result withdrawn, and none in its place"
    GREW = "suspected CPO grew, carbapenemase not named"
    RULED_OUT = "grew, and no carbapenemase found in what grew"
    TARGETS_ONLY = "only the genes named were looked for, and not detected"
    PANEL_NEGATIVE = "panel targets not detected"
    NOT_DETECTED = "not detected"
    DETECTED = "detected"

    @property
    def resulted(self) -> bool:
        """Whether a final result settled it."""
        return self in (Outcome.NOT_DETECTED, Outcome.PANEL_NEGATIVE, Outcome.RULED_OUT, Outcome.DETECTED)


@dataclass(frozen=True)
class Screen:
    """The admission screen of one visit."""

    outcome: Outcome
    specimen: Specimen | None = None
    on: When | None = None
    enzymes: tuple[str, ...] = ()


def admission_screen(
    timeline: Timeline, encounter: Encounter, verdict: Answer[Verdict], *, policy: Policy | None = None
) -> Screen:
    """Return what came of the screens of this visit, with the first specimen; or why there is none.

    Of several of one kind, what was found outweighs what was not, and a clear result outweighs one that is not. Of
    several kinds, each site counts: one that is pending, or not clear, leaves the screen so. With a policy, the screens
    and sites that its clauses ask for are counted.
    """
    zone = timeline.setting.zone(encounter.facility_id)
    screens = (s for s in timeline.specimens if is_screen(s) and not s.rejected)
    taken = [s for s in screens if during(s.collected, encounter, timeline)]
    if taken:
        as_then = policy.on(encounter.start.day(zone), encounter.facility_id) if policy else None
        return _of_sites(taken, timeline, _asked(verdict, as_then) if as_then else ())
    if any(reason.code is Why.KNOWN_CARRIER for reason in verdict.reasons):
        return Screen(Outcome.KNOWN_CARRIER)
    declined = _declined(timeline, encounter)
    if declined:
        refused = declined.status is OrderStatus.REFUSED
        return Screen(Outcome.REFUSED if refused else Outcome.UNABLE, on=declined.happened)
    return Screen(_not_taken(timeline, encounter, verdict.status))


def _of_sites(taken: list[Specimen], timeline: Timeline, asked: tuple[Asked, ...]) -> Screen:
    kinds = dict.fromkeys(s.kind for s in taken)
    by_site = [min((screen_of(s, timeline) for s in taken if s.kind == kind), key=_weight) for kind in kinds]
    worst = min(by_site, key=lambda screen: _OF_SITES.index(screen.outcome))
    if worst.outcome in _NEGATIVE and (_too_few(taken, timeline, asked) or _site_left(taken, asked)):
        worst = replace(worst, outcome=Outcome.MORE_OWED)
    return replace(worst, specimen=taken[0])


def _asked(verdict: Answer[Verdict], policy: Policy) -> tuple[Asked, ...]:
    """Return what is asked for by the clauses that the answer rests on; of one left open, by those that may hold."""
    ids = {reason.clause for reason in verdict.reasons} if verdict.status is not Verdict.NO else set()
    return tuple(c.then for c in policy.admission if c.id in ids and c.then)


def _too_few(taken: list[Specimen], timeline: Timeline, asked: tuple[Asked, ...]) -> bool:
    needed = max((a.screens or 1 for a in asked), default=1)
    apart = max((timedelta(hours=a.apart.size) for a in asked if a.apart), default=timedelta())
    negative = [s for s in taken if screen_of(s, timeline).outcome in _NEGATIVE]
    times = sorted(s.collected.latest(timeline.setting.zone(s.facility_id)) for s in negative)
    return _spaced(times, apart) < needed


def _spaced(times: Iterable[datetime], apart: timedelta) -> int:
    """Return how many can be taken so that each lies at least so far after the one before."""
    count, last = 0, None
    for moment in times:
        if last is None or moment - last >= apart:
            count, last = count + 1, moment
    return count


def _site_left(taken: list[Specimen], asked: tuple[Asked, ...]) -> bool:
    """Whether a site that is always asked for was not taken; whether others are owed is for those at the bed to see."""
    wants = any(Site.RECTAL in a.sites or Site.STOOL in a.sites for a in asked)
    return wants and not any(s.kind in FROM_THE_GUT for s in taken)


FROM_THE_GUT = ("rectal_swab", "stool")
"""Kinds of specimen that show carriage in the gut."""
_NEGATIVE = (Outcome.NOT_DETECTED, Outcome.PANEL_NEGATIVE, Outcome.RULED_OUT)
_OF_SITES = (
    Outcome.DETECTED,
    Outcome.GREW,
    Outcome.PENDING,
    Outcome.UNSETTLED,
    Outcome.TAKEN_BACK,
    Outcome.TARGETS_ONLY,
    Outcome.RULED_OUT,
    Outcome.NOT_DETECTED,
    Outcome.PANEL_NEGATIVE,
)
_WEIGHT = (
    Outcome.DETECTED,
    Outcome.GREW,
    Outcome.RULED_OUT,
    Outcome.NOT_DETECTED,
    Outcome.PANEL_NEGATIVE,
    Outcome.PENDING,
    Outcome.TAKEN_BACK,
    Outcome.TARGETS_ONLY,
    Outcome.UNSETTLED,
)


def _weight(screen: Screen) -> int:
    return _WEIGHT.index(screen.outcome)


def _negative(settled: list[Result]) -> Outcome:
    """A culture without CPO, a panel without its targets, or a few genes looked for: the last settles nothing."""
    if any(r.kind is ResultKind.CULTURE for r in settled):
        return Outcome.NOT_DETECTED
    return Outcome.PANEL_NEGATIVE if any(r.analyte is None for r in settled) else Outcome.TARGETS_ONLY


def is_screen(specimen: Specimen) -> bool:
    """Whether a specimen was taken to screen."""
    return specimen.purpose in (Purpose.SCREENING, Purpose.SURVEY)


def screen_of(specimen: Specimen, timeline: Timeline) -> Screen:
    """Return what the results of one specimen came to."""
    results = [r for r in timeline.results[specimen.specimen_id] if _of_use(r)]
    settled = [r for r in results if r.status is not ResultStatus.PRELIMINARY]
    tested = [one for one in _evidence(specimen, timeline) if one.settled and not one.intrinsic]
    found = [one for one in tested if one.counts]
    if found:
        enzymes = tuple(sorted({one.enzyme.name for one in found if one.enzyme}))
        return Screen(Outcome.DETECTED, specimen, _reported([e.result for e in found], specimen, timeline), enzymes)
    if any(one.suspects or (one.result.kind is ResultKind.ACTIVITY and one.says is Says.UNCLEAR) for one in tested):
        outcome = Outcome.RULED_OUT if _ruled_out(tested) else Outcome.GREW
        return Screen(outcome, specimen, _reported([e.result for e in tested], specimen, timeline))
    if not results and any(r.status is ResultStatus.WITHDRAWN for r in timeline.results[specimen.specimen_id]):
        return Screen(Outcome.TAKEN_BACK, specimen)
    if not settled or len(settled) < len(results):
        return Screen(Outcome.PENDING, specimen)
    unclear = any(r.found in (Found.INDETERMINATE, Found.INVALID) for r in settled)
    outcome = Outcome.UNSETTLED if unclear else _negative(settled)
    return Screen(outcome, specimen, _reported(settled, specimen, timeline))


def _of_use(result: Result) -> bool:
    """Whether a result settles a screen: a culture or a gene that stands, and is not a marker of the species."""
    marker = result.analyte and carbapenemase(result.analyte).family.meaning is Meaning.INTRINSIC
    return result.kind in _SETTLES and result.status is not ResultStatus.WITHDRAWN and not marker


_SETTLES = (ResultKind.GENE, ResultKind.CULTURE)


def _evidence(specimen: Specimen, timeline: Timeline) -> Iterator[Evidence]:
    for result in timeline.results[specimen.specimen_id]:
        one = evidence_of(result, organism_of(timeline, result.isolate_id))
        if one and result.status is not ResultStatus.WITHDRAWN:
            yield one


def not_found(specimen: Specimen, timeline: Timeline) -> frozenset[str]:
    """Return the families that a specimen was finally tested for by name, and that were not found."""
    looked = (one for one in _evidence(specimen, timeline) if one.settled and one.says is Says.NOT_FOUND)
    return frozenset(one.family.name for one in looked if one.family)


def _ruled_out(tested: list[Evidence]) -> bool:
    """Whether what grew was tested, by a test that is valid there, and is no CPO."""
    by_test = [one for one in tested if one.result.kind is not ResultKind.CULTURE]
    return any(one.rules_out and one.result.isolate_id for one in by_test) and not any(o.suspects for o in by_test)


def _reported(results: list[Result], specimen: Specimen, timeline: Timeline) -> When:
    zone = timeline.setting.zone(specimen.facility_id)
    reported = [r.reported for r in results if r.reported]
    return max(reported, key=lambda when: when.latest(zone), default=specimen.collected)


def _declined(timeline: Timeline, encounter: Encounter) -> Order | None:
    """Return the last step of the screen of a visit, if it was declined; one that was asked again is not."""
    own = [o for o in timeline.orders if of_visit(o, encounter, timeline)]
    return own[-1] if own and own[-1].status in (OrderStatus.REFUSED, OrderStatus.UNABLE) else None


def of_visit(order: Order, encounter: Encounter, timeline: Timeline) -> bool:
    """Whether a step of a screen belongs to a visit: as it says itself, else by its time."""
    if order.encounter_id is not None:
        return order.encounter_id == encounter.encounter_id
    return during(order.happened, encounter, timeline)


def _not_taken(timeline: Timeline, encounter: Encounter, verdict: Verdict) -> Outcome:
    if verdict is Verdict.NO:
        return Outcome.NOT_ASKED_FOR
    over = encounter.end is not None or timeline.died is not None
    if verdict is Verdict.YES:
        if timeline.died and (encounter.end is None or during(timeline.died, encounter, timeline)):
            return Outcome.DIED
        return Outcome.LEFT if over else Outcome.NOT_COLLECTED
    return Outcome.QUESTIONS_MISSED if over else Outcome.QUESTIONS_OPEN


def visits_of(specimen: Specimen, timeline: Timeline) -> list[Encounter]:
    """Return the visits during which a specimen may have been collected; a series of sessions only if no other fits."""
    found = [visit for visit in timeline.encounters if during(specimen.collected, visit, timeline)]
    return [visit for visit in found if not visit.recurring] or found


def during(when: When, encounter: Encounter, timeline: Timeline) -> bool:
    """Whether a moment may lie within a visit."""
    zone = timeline.setting.zone(encounter.facility_id)
    ended = encounter.end.latest(zone) if encounter.end else timeline.at
    return when.latest(zone) >= encounter.start.earliest(zone) and when.earliest(zone) <= ended
