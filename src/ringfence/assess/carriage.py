"""Stratum 1: who carries what since when, from what the results of each isolate mean. See docs/decisions/0008.

A case is one patient and one carbapenemase family. What is not named yet, a suspicion or an activity, makes a case of
the family `unidentified`; once a gene of the same isolate is named, that case is the named one, with its first date. A
report withdrawn, or corrected to something else, leaves the case with the status withdrawn. A later negative cancels
nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ringfence.record import (
    Answer,
    CaseStatus,
    Declaration,
    DeclarationKind,
    Disease,
    Novelty,
    Purpose,
    Reason,
    Result,
    ResultStatus,
    Specimen,
    Timeline,
)
from ringfence.vocabulary import carbapenemase, specimen_kinds

from .evidence import Evidence, Says, evidence_of, is_read, organism_of
from .identification import (
    ESTABLISHED,
    UNIDENTIFIED,
    Ask,
    Bench,
    Grown,
    Shown,
    Weighed,
    strongest,
    weigh,
)
from .phenotype import phenotype
from .rules import Rulebook, widest
from .telling import excluded, told


@dataclass(frozen=True)
class Identification:
    """What the results of one isolate mean together; of a specimen tested directly, its own."""

    specimen: Specimen
    isolate_id: str | None
    organism: str | None
    """Its name; None: not known, or the specimen itself was tested."""
    answer: Answer[CaseStatus]
    shown: tuple[Shown, ...]
    conflicts: tuple[Reason, ...]
    asks: tuple[Ask, ...]
    suspected: bool
    """Whether anything suggested a carbapenemase."""

    @property
    def status(self) -> CaseStatus:
        """The status of the answer."""
        return self.answer.status

    @property
    def families(self) -> tuple[str, ...]:
        """Families that are established and named."""
        return tuple(s.family for s in self.shown if s.status in ESTABLISHED and s.family != UNIDENTIFIED)

    @property
    def enzymes(self) -> tuple[str, ...]:
        """Their enzymes, as reported."""
        return tuple(e for s in self.shown if s.status in ESTABLISHED for e in s.enzymes)

    @property
    def about(self) -> str:
        """What tasks name it by: the isolate, or the specimen."""
        return self.isolate_id or self.specimen.specimen_id


@dataclass(frozen=True)
class Carriage:
    """One patient's carriage of one carbapenemase family."""

    case_id: str
    patient_id: str
    family: str
    answer: Answer[CaseStatus]
    enzymes: tuple[str, ...]
    organisms: tuple[str, ...]
    positives: tuple[Specimen, ...]
    """The positive specimens that stand, in the order of collection; of a withdrawn case, those withdrawn."""
    disease: Disease
    novelty: Novelty
    detected: bool
    """Whether a carbapenemase was detected, and not only suspected."""
    former_ids: tuple[str, ...] = ()
    """What the case was called before its carbapenemase was named."""

    @property
    def first(self) -> Specimen:
        """The earliest positive specimen."""
        return self.positives[0]

    @property
    def last(self) -> Specimen:
        """The latest positive specimen."""
        return self.positives[-1]

    @property
    def stands(self) -> bool:
        """Whether it has not been withdrawn or ruled out."""
        return self.answer.status not in (CaseStatus.WITHDRAWN, CaseStatus.NOT_A_CPO)

    @property
    def carries(self) -> bool:
        """Whether a carbapenemase was detected that stands: precautions follow, and who was exposed is asked."""
        return self.stands and self.detected

    @property
    def established(self) -> bool:
        """Whether it is confirmed or probable."""
        return self.answer.status in (CaseStatus.CONFIRMED, CaseStatus.PROBABLE)


def was_of(declared: Declaration, one: "Carriage", timeline: Timeline) -> bool:
    """Whether what was declared of a carbapenemase not named yet was of this case: something of it was known by then.

    Where nothing at all of the patient was known by then, as in a history that was read in later, it may be of any.
    """
    zone = timeline.setting.default_zone
    moment = declared.declared.latest(zone)
    versions = [v for told in (timeline.results, timeline.earlier_results) for some in told.values() for v in some]
    facts = {fact for reason in one.answer.reasons for fact in reason.facts}
    own = {(v.specimen_id, v.isolate_id) for v in versions if f"results:{v.result_id}" in facts}
    known = {(v.specimen_id, v.isolate_id) for v in versions if _known_since(v, timeline, zone) <= moment}
    return not known or bool(own & known)


def _known_since(version: Result, timeline: Timeline, zone: ZoneInfo) -> datetime:
    """Return since when people could know a version of a result: when it was reported, else when it was on record."""
    if version.reported:
        return version.reported.earliest(zone)
    return timeline.first_known("results", version.result_id) or timeline.at


def identifications(timeline: Timeline, *, policy: str, rules: Rulebook = widest) -> tuple[Identification, ...]:
    """Return what the results of each isolate mean, in the order of collection; nothing for those that say nothing.

    Args:
        timeline: the patient.
        policy: the digest of the policy.
        rules: what the policy says of identification, by site; left out, the widest reading.
    """
    weighed = _weighed(timeline, rules)
    found = [_identification(bench, what, timeline, policy) for bench, what in weighed if what]
    return tuple(sorted(found, key=lambda one: (_collected(one.specimen, timeline), one.about)))


def carriages(timeline: Timeline, *, policy: str, rules: Rulebook = widest) -> tuple[Carriage, ...]:
    """Return what a patient carries, one entry a family, in the order of first positive; see `identifications`.

    Whether it is infection or colonization is as a professional declared, where one did.
    """
    return carriages_of(timeline, identifications(timeline, policy=policy, rules=rules), policy=policy, rules=rules)


def carriages_of(
    timeline: Timeline, identified: Iterable[Identification], *, policy: str, rules: Rulebook = widest
) -> tuple[Carriage, ...]:
    """Return what a patient carries, from what the results of each isolate mean."""
    identified = tuple(identified)
    found = [_carriage(timeline, family, parts, policy) for family, parts in _by_family(_explained(identified)).items()]
    gone = _withdrawn(timeline, {c.family for c in found}, identified, rules)
    found += [_withdrawn_case(timeline, family, some, policy) for family, some in gone.items()]
    found.sort(key=lambda c: (_collected(c.first, timeline), c.family))
    return tuple(_with_novelty(found, timeline))


# From results to what each isolate shows.


def _benches(timeline: Timeline, rules: Rulebook) -> Iterator[Bench]:
    for specimen in timeline.specimens:
        tested: dict[str | None, list[Result]] = defaultdict(list)
        for result in timeline.results[specimen.specimen_id]:
            if result.status is not ResultStatus.WITHDRAWN and is_read(result):
                tested[result.isolate_id].append(result)
        for isolate_id, results in tested.items():
            yield _bench(timeline, specimen, isolate_id, results, rules)


def _weighed(timeline: Timeline, rules: Rulebook) -> list[tuple[Bench, Weighed | None]]:
    """Weigh what was grown, and then each specimen that was tested directly beside what grew from it."""
    benches = list(_benches(timeline, rules))
    of_isolates = [(b, weigh(b, rules(b.specimen.facility_id))) for b in benches if not b.direct]
    direct = (replace(b, grown=_grown(timeline, b.specimen, of_isolates)) for b in benches if b.direct)
    return [*of_isolates, *((b, weigh(b, rules(b.specimen.facility_id))) for b in direct)]


def _grown(
    timeline: Timeline, specimen: Specimen, of_isolates: list[tuple[Bench, Weighed | None]]
) -> tuple[Grown, ...]:
    """Return the isolates of a specimen: those on record, and those that a result names."""
    tested = {b.isolate_id: what for b, what in of_isolates if b.specimen == specimen and b.isolate_id}
    on_record = {one.isolate_id for one in timeline.isolates.values() if one.specimen_id == specimen.specimen_id}
    found: list[Grown] = []
    for isolate_id in sorted(on_record | tested.keys()):
        organism, what = organism_of(timeline, isolate_id), tested.get(isolate_id)
        found.append(Grown(isolate_id, organism.name if organism else None, what.status if what else None))
    return tuple(found)


def _bench(
    timeline: Timeline, specimen: Specimen, isolate_id: str | None, results: list[Result], rules: Rulebook
) -> Bench:
    organism = organism_of(timeline, isolate_id)
    year = specimen.collected.day(timeline.setting.zone(specimen.facility_id)).year
    evidence = (evidence_of(result, organism) for result in results)
    return Bench(
        specimen=specimen,
        isolate_id=isolate_id,
        organism=organism,
        evidence=tuple(one for one in evidence if one),
        phenotype=phenotype(results, organism, rules(specimen.facility_id), year=year),
        collected_again=_collected_again(timeline, specimen),
    )


def _collected_again(timeline: Timeline, specimen: Specimen) -> bool:
    after = (s for s in timeline.specimens if _collected(s, timeline) > _collected(specimen, timeline))
    return any(
        r.status in (ResultStatus.FINAL, ResultStatus.CORRECTED) for s in after for r in timeline.results[s.specimen_id]
    )


def _identification(bench: Bench, weighed: Weighed, timeline: Timeline, policy: str) -> Identification:
    return Identification(
        specimen=bench.specimen,
        isolate_id=bench.isolate_id,
        organism=bench.organism.name if bench.organism else None,
        answer=Answer(
            status=weighed.status,
            reasons=tuple(weighed.reasons),
            missing=tuple(weighed.missing),
            at=timeline.at,
            policy=policy,
            known_to=timeline.known_to,
        ),
        shown=tuple(weighed.shown),
        conflicts=tuple(weighed.conflicts),
        asks=tuple(weighed.asks),
        suspected=weighed.suspected,
    )


# From what isolates show to cases.


@dataclass(frozen=True)
class _Part:
    """What one isolate adds to a case."""

    of: Identification
    status: CaseStatus
    reasons: tuple[Reason, ...]
    enzymes: tuple[str, ...] = ()
    detected: bool = False


def _explained(identified: tuple[Identification, ...]) -> list[Identification]:
    """Leave out suspicions that a carbapenemase established in this patient explains; see `is_explained`."""
    return [one for one in identified if one.status is not CaseStatus.UNKNOWN and not is_explained(one, identified)]


def is_explained(one: Identification, identified: Iterable[Identification]) -> bool:
    """Whether a suspicion is of an organism in which a carbapenemase of the patient is established already.

    One that was looked for in this isolate, and finally not found, explains nothing of it.
    """
    if one.status not in (CaseStatus.SUSPECT, CaseStatus.UNKNOWN) or one.shown or not one.organism:
        return False
    known = {family for other in identified if other.organism == one.organism for family in other.families}
    return bool(known - excluded(one.answer.reasons))


def _by_family(identified: Iterable[Identification]) -> dict[str, list[_Part]]:
    found: dict[str, list[_Part]] = defaultdict(list)
    for one in identified:
        reasons = (*one.answer.reasons, *one.conflicts)
        for shown in one.shown:
            more = tuple(r for r in reasons if not any(r in other.reasons for other in one.shown))
            part = _Part(one, shown.status, (*shown.reasons, *more), shown.enzymes, detected=True)
            found[shown.family].append(part)
        if not one.shown and one.suspected:
            found[UNIDENTIFIED].append(_Part(one, one.status, reasons))
    return found


def _carriage(timeline: Timeline, family: str, parts: list[_Part], policy: str) -> Carriage:
    status = strongest(part.status for part in parts)
    used = [part for part in parts if part.status is not CaseStatus.NOT_A_CPO] or parts
    used.sort(key=lambda part: _collected(part.of.specimen, timeline))
    case_id = _case_id(timeline, family)
    specimens = tuple(dict.fromkeys(part.of.specimen for part in used))
    found = Carriage(
        case_id=case_id,
        patient_id=timeline.patient_id,
        family=family,
        answer=Answer(
            status=status,
            reasons=tuple(reason for part in used for reason in part.reasons),
            at=timeline.at,
            policy=policy,
            known_to=timeline.known_to,
        ),
        enzymes=tuple(sorted({name for part in used for name in part.enzymes})),
        organisms=tuple(sorted({part.of.organism for part in used if part.of.organism})),
        positives=specimens,
        disease=_disease(specimens),
        novelty=Novelty.NEW,
        detected=any(part.detected for part in used),
        former_ids=_former(timeline, family),
    )
    return replace(found, disease=_declared_disease(timeline, found) or found.disease)


def _former(timeline: Timeline, family: str) -> tuple[str, ...]:
    return () if family == UNIDENTIFIED else (_case_id(timeline, UNIDENTIFIED),)


def _case_id(timeline: Timeline, family: str) -> str:
    return f"{timeline.patient_id}:{family}:1"


def _with_novelty(found: list[Carriage], timeline: Timeline) -> Iterator[Carriage]:
    """Say of each case whether the carrier was known: from elsewhere, or by another case of this record before it."""
    known: list[Carriage] = []
    for one in found:
        if not one.stands:
            yield one
            continue
        novelty = Novelty.KNOWN if _told_before(one, timeline) else Novelty.NEW
        if known and novelty is Novelty.NEW:
            novelty = Novelty.KNOWN if one.family == UNIDENTIFIED else Novelty.KNOWN_NEW_GENE
        yield replace(one, novelty=novelty)
        if one.established:
            known.append(one)


def _told_before(one: Carriage, timeline: Timeline) -> bool:
    """Whether a positive from elsewhere, of this family or of none named, was earlier than the first positive here."""
    first = _collected(one.first, timeline)
    for told_of in timeline.rows("reported_history"):
        when = told_of.positive or told_of.reported
        family = carbapenemase(told_of.carbapenemase).family.name if told_of.carbapenemase else None
        if when.latest(timeline.setting.default_zone) <= first and family in (None, one.family):
            return True
    return False


# What was found once, and does not stand any more.


def _withdrawn(
    timeline: Timeline, standing: set[str], identified: tuple[Identification, ...], rules: Rulebook
) -> dict[str, list[tuple[Specimen, Evidence]]]:
    named_since = {one.about for one in identified if one.families or one.status in ESTABLISHED}
    found: dict[str, dict[str, tuple[Specimen, Evidence]]] = defaultdict(dict)
    for specimen, one in _taken_back(timeline):
        family = one.family.name if one.family else UNIDENTIFIED
        again = family == UNIDENTIFIED and (one.result.isolate_id or specimen.specimen_id) in named_since
        if family not in standing and not again:
            found[family].setdefault(one.result.result_id, (specimen, one))
    return {family: list(some.values()) for family, some in found.items()}


def _taken_back(timeline: Timeline) -> Iterator[tuple[Specimen, Evidence]]:
    """Yield detections that counted, in versions replaced or withdrawn, and in specimens of somebody else."""
    for specimen in timeline.specimens:
        current = timeline.results[specimen.specimen_id]
        replaced = timeline.earlier_results[specimen.specimen_id]
        for result in (*current, *replaced):
            if result.status is ResultStatus.WITHDRAWN or result in replaced:
                yield from _counted(timeline, specimen, result)
    for specimen, results in timeline.former_specimens:
        for result in results:
            yield from _counted(timeline, specimen, result)


def _counted(timeline: Timeline, specimen: Specimen, result: Result) -> Iterator[tuple[Specimen, Evidence]]:
    one = evidence_of(result, organism_of(timeline, result.isolate_id))
    if one and one.says is Says.FOUND and one.counts:
        yield specimen, one


def _withdrawn_case(timeline: Timeline, family: str, some: list[tuple[Specimen, Evidence]], policy: str) -> Carriage:
    some = sorted(some, key=lambda pair: _collected(pair[0], timeline))
    specimens = tuple(dict.fromkeys(specimen for specimen, _ in some))
    case_id = _case_id(timeline, family)
    found = Carriage(
        case_id=case_id,
        patient_id=timeline.patient_id,
        family=family,
        answer=Answer(
            status=CaseStatus.WITHDRAWN,
            reasons=tuple(told(one).withdrawn for _, one in some),
            at=timeline.at,
            policy=policy,
            known_to=timeline.known_to,
        ),
        enzymes=tuple(sorted({one.enzyme.name for _, one in some if one.enzyme})),
        organisms=tuple(sorted({o.name for _, one in some if (o := organism_of(timeline, one.result.isolate_id))})),
        positives=specimens,
        disease=_disease(specimens),
        novelty=Novelty.NEW,
        detected=True,
        former_ids=_former(timeline, family),
    )
    return replace(found, disease=_declared_disease(timeline, found) or found.disease)


def _declared_disease(timeline: Timeline, one: Carriage) -> Disease | None:
    said = {DeclarationKind.INFECTION: Disease.INFECTION, DeclarationKind.COLONIZATION: Disease.COLONIZATION}
    declared = declared_of(one, timeline, *said)
    return said[declared.kind] if declared else None


def declared_of(one: Carriage, timeline: Timeline, *kinds: DeclarationKind) -> Declaration | None:
    """Return what a professional declared of a case, by its name or, where it stands, by what it was called before."""
    for case_id in (one.case_id, *(one.former_ids if one.stands else ())):
        declared = timeline.declared(*kinds, case_id=case_id)
        if declared and (not is_unnamed(case_id) or not one.stands or was_of(declared, one, timeline)):
            return declared
    return None


def is_unnamed(case_id: str) -> bool:
    """Whether a case is called by a carbapenemase that is not named yet."""
    return case_id.rsplit(":", 2)[-2:-1] == [UNIDENTIFIED]


def _disease(positives: tuple[Specimen, ...]) -> Disease:
    if any(specimen_kinds()[s.kind].sterile for s in positives):
        return Disease.INFECTION_PROPOSED
    if all(s.purpose in (Purpose.SCREENING, Purpose.SURVEY) for s in positives):
        return Disease.COLONIZATION
    return Disease.UNDETERMINED


def _collected(specimen: Specimen, timeline: Timeline) -> datetime:
    return specimen.collected.earliest(timeline.setting.zone(specimen.facility_id))
