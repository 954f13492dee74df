"""Answers to the rows of the finding tables."""

from collections.abc import Mapping

from ringfence.assess import Carriage, Counted, Identification, Precautions, sentences
from ringfence.record import (
    Acquired,
    Answer,
    Case,
    Disease,
    Identified,
    PatientId,
    Recommended,
    When,
    precautions_in_force,
)
from ringfence.vocabulary import Mark, specimen_kinds, weakest

from .decisions import Decisions
from .strata import Carried, Ground, Here

NOT_NAMED = "not named"
"""What stands where the carbapenemase is not named yet."""


def identification_rows(ground: Ground, first: Carried) -> tuple[Identified, ...]:
    """Return what the results of each isolate mean, by patient and time of collection."""
    return tuple(_identified(one, patient_id) for patient_id, some in first.identified.items() for one in some)


def _identified(one: Identification, patient_id: str) -> Identified:
    return Identified(
        about=one.about,
        patient_id=PatientId(patient_id),
        specimen_id=one.specimen.specimen_id,
        specimen_kind=one.specimen.kind,
        collected=one.specimen.collected,
        organism=one.organism,
        status=one.status,
        carbapenemases=";".join(one.enzymes) or None,
        reasons=sentences(one.answer.reasons),
        conflicts=sentences(one.conflicts) or None,
        missing="; ".join(missing.datum for missing in one.answer.missing) or None,
        laboratory="; ".join(one.asks) or None,
        weakest_mark=one.answer.mark,
    )


def case_row(
    ground: Ground, carriage: Carriage, decisions: Decisions, how: Counted, where_from: Answer[Acquired]
) -> Case:
    """Return one case; `how` is whether it counts, `where_from` where it was acquired."""
    first, wards = carriage.first, ground.wards_of(carriage.first)
    return Case(
        case_id=carriage.case_id,
        patient_id=PatientId(carriage.patient_id),
        status=carriage.answer.status,
        carbapenemases=";".join(carriage.enzymes) or NOT_NAMED,
        organisms=";".join(carriage.organisms),
        first_positive=first.collected,
        specimen_id=first.specimen_id,
        specimen_kind=first.kind,
        purpose=first.purpose,
        infection_or_colonization=carriage.disease,
        novelty=carriage.novelty,
        counts=how.verdict,
        counted=sentences(how.reasons),
        acquired=where_from.status,
        acquired_reasons=sentences(where_from.reasons),
        facility=";".join(dict.fromkeys(facility for facility, _ in wards)) or first.facility_id,
        ward=";".join(ward for _, ward in wards) or None,
        reasons=sentences(carriage.answer.reasons),
        declared=decisions.said_of_case(carriage.case_id),
        weakest_mark=weakest([carriage.answer.mark, *_marks_of_disease(carriage)]),
    )


def _marks_of_disease(carriage: Carriage) -> list[Mark]:
    """The marks of the kinds of specimen that infection is proposed from."""
    if carriage.disease is not Disease.INFECTION_PROPOSED:
        return []
    kinds = [specimen_kinds()[s.kind] for s in carriage.positives]
    return [kind.mark for kind in kinds if kind.sterile]


def precaution_rows(ground: Ground, recommended: Mapping[str, Answer[Precautions]]) -> tuple[Recommended, ...]:
    """Return what is recommended for each patient who is in hospital now, by patient."""
    rows = ((ground.here_now(patient_id), answer) for patient_id, answer in sorted(recommended.items()))
    return tuple(_recommended(ground, here, answer) for here, answer in rows if here)


def _recommended(ground: Ground, here: Here, answer: Answer[Precautions]) -> Recommended:
    measures = precautions_in_force(ground.timelines[here.patient_id], here.facility_id)
    zone = ground.view.zone(here.facility_id)
    began = [measure.start for measure in measures if measure.end is None]
    return Recommended(
        patient_id=PatientId(here.patient_id),
        facility=here.facility_id,
        ward=here.ward,
        recommended=answer.status.value,
        reasons=sentences(answer.reasons),
        ends="; ".join(f"{one.clause}: {one.datum}" for one in answer.missing) or None,
        in_force=min(began, key=lambda start: start.earliest(zone), default=None),
        changes=When(at=answer.next_change) if answer.next_change else None,
        mark=answer.mark,
    )


def where_now(ground: Ground, patient_id: str) -> str:
    """Return where a patient is as of the view, in words."""
    if ground.timelines[patient_id].died:
        return "died"
    here = ground.here_now(patient_id)
    if here is None:
        return "not in hospital"
    return f"{here.facility_id} {here.ward}" if here.ward else f"{here.facility_id}, ward not known"
