"""Stratum 1: what the laboratory's results mean, and who carries what since when.

This version reads genes. Susceptibility, activity, protein and typing results are facts that it does not read. A gene
of an acquired family, detected with or without an organism, establishes a carrier (as the confirmatory criteria of CSTE
22-ID-04 do: a carbapenemase gene with or without organism identification); a preliminary report makes it probable; a
family that is only sometimes a CPO makes it suspect; an intrinsic gene (blaOXA-51-like in *A. baumannii*: SRI BRMO
module 1a) makes nothing. A report withdrawn, or corrected to something else, leaves the case with the status withdrawn.
A later negative cancels nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ringfence.record import (
    Answer,
    CaseStatus,
    DeclarationKind,
    Disease,
    Found,
    Novelty,
    Purpose,
    Reason,
    Result,
    ResultKind,
    ResultStatus,
    Specimen,
    Timeline,
)
from ringfence.vocabulary import Family, Meaning, carbapenemase, organisms, specimen_kinds

from .reasons import Why

_READ = (ResultKind.GENE, ResultKind.CULTURE)
_SETTLED = (ResultStatus.FINAL, ResultStatus.CORRECTED)


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
        """Whether it has not been withdrawn."""
        return self.answer.status is not CaseStatus.WITHDRAWN

    @property
    def established(self) -> bool:
        """Whether it is confirmed or probable."""
        return self.answer.status in (CaseStatus.CONFIRMED, CaseStatus.PROBABLE)


@dataclass(frozen=True)
class _Detection:
    specimen: Specimen
    result: Result
    family: Family


def is_read(result: Result) -> bool:
    """Whether rules read a result of this kind; the others are facts that nothing is concluded from yet."""
    return result.kind in _READ


def carriages(timeline: Timeline, *, policy: str) -> tuple[Carriage, ...]:
    """Return what a patient carries, one entry a family, in the order of first positive; `policy` is its digest.

    Whether it is infection or colonization is as a professional declared, where one did.
    """
    by_family: dict[str, list[_Detection]] = defaultdict(list)
    for detection in _detections(timeline):
        by_family[detection.family.name].append(detection)
    found = [_carriage(timeline, some, policy) for some in by_family.values()]
    found.sort(key=lambda c: (_collected(c.first, timeline), c.family))
    known = next((n for n, c in enumerate(found) if c.established), len(found))
    later = (replace(c, novelty=Novelty.KNOWN_NEW_GENE) if c.stands else c for c in found[known + 1 :])
    return (*found[: known + 1], *later)


def _detections(timeline: Timeline) -> Iterator[_Detection]:
    for specimen in timeline.specimens:
        current = timeline.results[specimen.specimen_id]
        found = [_Detection(specimen, result, family) for result in current if (family := _found(result))]
        yield from found
        stands = {(d.result.result_id, d.family.name) for d in found}
        gone: dict[tuple[str, str], _Detection] = {}
        for result in timeline.earlier_results[specimen.specimen_id]:
            family = _found(result)
            if family and (result.result_id, family.name) not in stands:
                withdrawn = replace(result, status=ResultStatus.WITHDRAWN)
                gone[(result.result_id, family.name)] = _Detection(specimen, withdrawn, family)
        yield from gone.values()
    yield from _of_former_specimens(timeline)


def _of_former_specimens(timeline: Timeline) -> Iterator[_Detection]:
    """Detections in specimens since taken back or found to be somebody else's: withdrawn, and not without trace."""
    for specimen, results in timeline.former_specimens:
        gone = {(r.result_id, family.name): (r, family) for r in results if (family := _found(r))}
        for result, family in gone.values():
            yield _Detection(specimen, replace(result, status=ResultStatus.WITHDRAWN), family)


def _found(result: Result) -> Family | None:
    """Return the family whose gene a result says was detected; None for a marker of the species."""
    if result.kind is not ResultKind.GENE or result.found is not Found.DETECTED or not result.analyte:
        return None
    family = carbapenemase(result.analyte).family
    return None if family.meaning is Meaning.INTRINSIC else family


def _carriage(timeline: Timeline, detections: list[_Detection], policy: str) -> Carriage:
    standing = [d for d in detections if d.result.status is not ResultStatus.WITHDRAWN]
    used = standing or detections
    specimens = tuple(dict.fromkeys(d.specimen for d in sorted(used, key=lambda d: _collected(d.specimen, timeline))))
    family = used[0].family.name
    return Carriage(
        case_id=f"{timeline.patient_id}:{family}:1",
        patient_id=timeline.patient_id,
        family=family,
        answer=Answer(
            status=_status(standing),
            reasons=tuple(_reason(d) for d in used),
            at=timeline.at,
            policy=policy,
            known_to=timeline.known_to,
        ),
        enzymes=tuple(sorted({d.result.analyte or family for d in used})),
        organisms=_organisms(timeline, used),
        positives=specimens,
        disease=_declared_disease(timeline, f"{timeline.patient_id}:{family}:1") or _disease(specimens),
        novelty=Novelty.NEW,
    )


def _status(standing: list[_Detection]) -> CaseStatus:
    if not standing:
        return CaseStatus.WITHDRAWN
    if standing[0].family.meaning is Meaning.DEPENDS:
        return CaseStatus.SUSPECT
    settled = any(d.result.status in _SETTLED for d in standing)
    return CaseStatus.CONFIRMED if settled else CaseStatus.PROBABLE


def _reason(detection: _Detection) -> Reason:
    result, family = detection.result, detection.family
    values: Mapping[str, object] = {
        "enzyme": result.analyte,
        "specimen": detection.specimen.specimen_id,
        "status": result.status.value,
        "note": family.note,
    }
    facts = (f"results:{result.result_id}", f"specimens:{result.specimen_id}")
    return Reason(code=_why(result, family), mark=family.mark, facts=facts, values=values)


def _why(result: Result, family: Family) -> Why:
    if result.status is ResultStatus.WITHDRAWN:
        return Why.GENE_WITHDRAWN
    if family.meaning is Meaning.DEPENDS:
        return Why.GENE_DEPENDS
    return Why.GENE_DETECTED if result.status in _SETTLED else Why.GENE_PRELIMINARY


def _organisms(timeline: Timeline, detections: list[_Detection]) -> tuple[str, ...]:
    grown = (timeline.isolates.get(d.result.isolate_id or "") for d in detections)
    codes = {isolate.organism for isolate in grown if isolate}
    return tuple(sorted(organisms()[code].name for code in codes))


def _declared_disease(timeline: Timeline, case_id: str) -> Disease | None:
    said = {DeclarationKind.INFECTION: Disease.INFECTION, DeclarationKind.COLONIZATION: Disease.COLONIZATION}
    declared = timeline.declared(*said, case_id=case_id)
    return said[declared.kind] if declared else None


def _disease(positives: tuple[Specimen, ...]) -> Disease:
    if any(specimen_kinds()[s.kind].sterile for s in positives):
        return Disease.INFECTION_PROPOSED
    if all(s.purpose in (Purpose.SCREENING, Purpose.SURVEY) for s in positives):
        return Disease.COLONIZATION
    return Disease.UNDETERMINED


def _collected(specimen: Specimen, timeline: Timeline) -> datetime:
    return specimen.collected.earliest(timeline.setting.zone(specimen.facility_id))
