"""Made-up facts of any number of patients, in columns: what the record is measured on.

A few hundred patients are made row by row from a seed, thirty facts each; the others are their copies under other
numbers. So a million patients take minutes and not hours to make, and each has rows that rules must read.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.record import (
    TABLES,
    AnswerWord,
    Encounter,
    EncounterKind,
    EnzymeCode,
    Facility,
    Fact,
    Found,
    Isolate,
    Measure,
    MeasureKind,
    Order,
    OrderStatus,
    OrganismCode,
    Patient,
    PatientId,
    Purpose,
    Question,
    Result,
    ResultKind,
    ResultStatus,
    RiskAnswer,
    Sensitivity,
    Specimen,
    SpecimenCode,
    Stay,
    Treatment,
    TreatmentKind,
    When,
    ZoneName,
    columns_of,
)

FACTS_OF_A_PATIENT = 30
AS_OF = datetime(2026, 6, 30, 12, tzinfo=UTC)
"""The instant as of which the made-up patients are looked at."""
MODELS = 400
"""How many patients are made row by row, and copied together."""
_BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
_SITES = ("Made-up North", "Made-up South")
_COPY = "@"
"""Stands in a model's identifiers where a copy has its own number."""

Rows = Iterator[tuple[str, Any]]
"""Rows, each with the name of its table."""


def made_up_columns(copies: int, *, first: int = 0, seed: int = 1) -> Mapping[str, pa.Table]:
    """Return the facts of `copies` times `MODELS` made-up patients by table, columns and envelope.

    Args:
        copies: how often the models are repeated.
        first: the number of the first copy; copies of other numbers are other patients. Facilities come with copy 0.
        seed: what the models are made from.
    """
    # Written backwards, so that neighbours in the order of numbers are not neighbours in the record.
    named = [f"{number:06d}"[::-1] for number in range(first, first + copies)]
    models = dict(_models(seed))
    sites = models.pop("facilities")
    found = {} if first else {"facilities": sites}
    return found | {name: _copied(name, packed, named) for name, packed in models.items()}


@cache
def _models(seed: int) -> Mapping[str, pa.Table]:
    return columns_of(Fact(table=name, row=row) for name, row in _rows(seed))


def _copied(name: str, packed: pa.Table, copies: list[str]) -> pa.Table:
    """Return a table as often as there are copies, with the copy's number in everything that identifies."""
    changes: dict[str, Callable[[pa.ChunkedArray, str], pa.ChunkedArray]] = {
        c.name: _renamed for c in TABLES[name].columns if c.sensitivity is Sensitivity.IDENTIFIER
    }
    changes |= {"_key": _renamed, "_digest": _digest}
    together = pa.concat_tables([packed] * len(copies))
    for column, change in changes.items():
        at = packed.schema.get_field_index(column)
        changed = pa.chunked_array([c for copy in copies for c in change(packed[column], copy).chunks], pa.string())
        together = together.set_column(at, packed.schema.field(at), changed)
    return together


def _renamed(column: pa.ChunkedArray, copy: str) -> pa.ChunkedArray:
    return pc.replace_substring(column, _COPY, copy)


def _digest(column: pa.ChunkedArray, copy: str) -> pa.ChunkedArray:
    """Made up too, as the true one is dear: it needs only to differ from fact to fact."""
    return pc.binary_join_element_wise(pc.utf8_slice_codeunits(column, 0, 32 - len(copy)), copy, "")


# --- one patient ---


class _Visit(NamedTuple):
    """A made-up visit: what its rows are made from."""

    patient_id: PatientId
    encounter_id: str
    facility_id: str
    began: datetime
    ended: datetime | None
    chance: random.Random

    @property
    def start(self) -> When:
        return When(at=self.began)

    @property
    def end(self) -> When | None:
        return When(at=self.ended) if self.ended else None


def _rows(seed: int) -> Rows:
    yield from (("facilities", Facility(facility_id=s, zone=ZoneName("America/Vancouver"))) for s in _SITES)
    for number in range(MODELS):
        yield from _patient(f"MADE-UP-{_COPY}-{number:03d}", random.Random(f"{seed}:{number}"))  # noqa: S311


def _patient(name: str, chance: random.Random) -> Rows:
    """Yield the thirty facts of one patient: two visits, what was asked, where they lay, what was found and done."""
    patient = PatientId(name)
    yield "patients", Patient(patient_id=patient)
    began = _BEGAN + timedelta(hours=chance.randrange(9000))
    for number in (1, 2):
        ended = began + timedelta(hours=24 + chance.randrange(400))
        still = number == 2 and chance.random() < 0.02
        visit = _Visit(patient, f"{name}-V{number}", chance.choice(_SITES), began, None if still else ended, chance)
        yield from _admitted(visit)
        yield from _stays(visit)
        yield from _tested(visit)
        yield from _treated(visit)
        if number == 1:
            yield "isolates", _isolate(visit)
        began = ended + timedelta(hours=24 + chance.randrange(2000))


def _admitted(visit: _Visit) -> Rows:
    yield (
        "encounters",
        Encounter(
            encounter_id=visit.encounter_id,
            patient_id=visit.patient_id,
            facility_id=visit.facility_id,
            kind=EncounterKind.INPATIENT,
            start=visit.start,
            end=visit.end,
        ),
    )
    for question in _ASKED:
        yield "answers", _answer(visit, question)


_ASKED = (Question.CARE_ABROAD, Question.OUTBREAK_WARD, Question.REFUGEE_RECEPTION)


def _answer(visit: _Visit, question: Question) -> RiskAnswer:
    word = AnswerWord.YES if visit.chance.random() < 0.1 else AnswerWord.NO
    abroad = word is AnswerWord.YES and question is Question.CARE_ABROAD
    return RiskAnswer(
        answer_id=f"{visit.encounter_id}-{question.value}",
        patient_id=visit.patient_id,
        encounter_id=visit.encounter_id,
        question=question,
        answer=word,
        start=When(on=(visit.began - timedelta(days=40)).date()) if abroad else None,
        end=When(on=(visit.began - timedelta(days=30)).date()) if abroad else None,
    )


def _stays(visit: _Visit) -> Rows:
    moved = visit.began + timedelta(hours=1 + visit.chance.randrange(20))
    back = moved + timedelta(hours=2)
    for number, (start, end) in enumerate(((visit.began, moved), (moved, back), (back, visit.ended))):
        yield (
            "stays",
            Stay(
                stay_id=f"{visit.encounter_id}-S{number}",
                patient_id=visit.patient_id,
                encounter_id=visit.encounter_id,
                facility_id=visit.facility_id,
                ward=f"{visit.chance.randrange(40):02d}",
                room=f"{visit.chance.randrange(16):02d}",
                bed=visit.chance.choice("AB"),
                start=When(at=start),
                end=When(at=end) if end else None,
            ),
        )


def _tested(visit: _Visit) -> Rows:
    order = Order(
        order_id=f"{visit.encounter_id}-O",
        patient_id=visit.patient_id,
        encounter_id=visit.encounter_id,
        status=OrderStatus.ORDERED,
        happened=When(at=visit.began + timedelta(hours=1)),
    )
    yield "orders", order
    collected = visit.began + timedelta(hours=3)
    specimen = Specimen(
        specimen_id=f"{visit.encounter_id}-SP",
        patient_id=visit.patient_id,
        facility_id=visit.facility_id,
        kind=SpecimenCode("rectal_swab"),
        purpose=Purpose.SCREENING,
        collected=When(at=collected),
    )
    yield "specimens", specimen
    found = visit.chance.random() < 0.03
    for number, kind in enumerate((ResultKind.GENE, ResultKind.CULTURE, ResultKind.GENE)):
        reported = collected + timedelta(hours=20 + 10 * number)
        yield "results", _result(specimen, number, kind, found=found, reported=reported)


def _result(specimen: Specimen, number: int, kind: ResultKind, *, found: bool, reported: datetime) -> Result:
    return Result(
        result_id=f"{specimen.specimen_id}-R{number}",
        specimen_id=specimen.specimen_id,
        kind=kind,
        analyte=EnzymeCode("KPC") if found and kind is ResultKind.GENE else None,
        found=Found.DETECTED if found else Found.NOT_DETECTED,
        status=ResultStatus.FINAL,
        reported=When(at=reported),
    )


def _isolate(visit: _Visit) -> Isolate:
    return Isolate(
        isolate_id=f"{visit.encounter_id}-I",
        specimen_id=f"{visit.encounter_id}-SP",
        organism=OrganismCode("klebsiella-pneumoniae"),
    )


def _treated(visit: _Visit) -> Rows:
    treatment = Treatment(
        treatment_id=f"{visit.encounter_id}-T",
        patient_id=visit.patient_id,
        facility_id=visit.facility_id,
        kind=TreatmentKind.ANTIBIOTIC,
        name=visit.chance.choice(["ceftriaxone", "meropenem", "vancomycin"]),
        start=visit.start,
        end=visit.end,
    )
    measure = Measure(
        measure_id=f"{visit.encounter_id}-M",
        patient_id=visit.patient_id,
        facility_id=visit.facility_id,
        kind=MeasureKind.CONTACT_PRECAUTIONS,
        start=visit.start,
        end=visit.end,
    )
    yield from (("treatments", treatment), ("measures", measure))
