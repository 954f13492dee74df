"""Specimens taken and results reported. What the laboratory says of a carrier depends on the truth; nothing else does.

A screen of somebody who carries nothing is negative; of a carrier it is positive if screens find that carrier at
all. A positive specimen grows one isolate, and its gene is named in the same report.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from ringfence.record import (
    EnzymeCode,
    Found,
    Isolate,
    Purpose,
    Result,
    ResultKind,
    ResultStatus,
    Specimen,
    SpecimenCode,
    When,
)

from .chance import Decision
from .clock import STEPS_A_DAY, Phase, chance_in_step
from .codes import CLINICAL, KLEBSIELLA, SWAB
from .people import Person
from .places import FACILITY_ID, WARD
from .state import Report, State


def report_results(state: State, *, before: datetime) -> None:
    """Write what was reported before an instant; the carriers it names are known from now on."""
    due = sorted((r for r in state.pending if r.reported < before), key=lambda r: (r.reported, r.patient_id))
    state.pending = [r for r in state.pending if r.reported >= before]
    for report in due:
        for table, row in report.rows:
            state.journal.write(table, row)
        if report.positive:
            state.people[report.patient_id].known = True


def take_specimens(state: State, *, willing: Iterable[Person], step: int) -> None:
    """Take the screens of admission, those of a survey when one is due, and clinical specimens of carriers."""
    for person in willing:
        _screen(state, person, Purpose.SCREENING, step)
    if _survey_due(state.ward.survey_every_days, step):
        for person in state.in_beds():
            if not person.known:
                _screen(state, person, Purpose.SURVEY, step)
    for person in state.in_beds():
        _take_clinical(state, person, step)


def _survey_due(every_days: int, step: int) -> bool:
    return every_days > 0 and step > 0 and step % (every_days * STEPS_A_DAY) == 0


def _screen(state: State, person: Person, purpose: Purpose, step: int) -> None:
    who = f"{person.patient_id}/{purpose}"
    if state.chance.happens(Decision.COLLECTION, who, step=step, probability=state.ward.screen_collected):
        episode = person.carries(step=step)
        found = episode.family if episode and episode.found_by_screens else None
        _send(state, person, purpose, SWAB, found, step)


def _take_clinical(state: State, person: Person, step: int) -> None:
    episode = person.carries(step=step)
    probability = chance_in_step(state.ward.clinical_rate)
    if episode and state.chance.happens(Decision.CLINICAL, person.patient_id, step=step, probability=probability):
        kind = state.chance.pick(Decision.SPECIMEN, person.patient_id, step=step, among=CLINICAL)
        _send(state, person, Purpose.CLINICAL, kind, episode.family, step)


def _send(
    state: State, person: Person, purpose: Purpose, kind: SpecimenCode, found: EnzymeCode | None, step: int
) -> None:
    at = state.clock.moment(Phase.SWABS, f"{person.patient_id}/{purpose}", step=step)
    number = f"{person.patient_id}-{step:05d}-{purpose.value}"
    specimen = Specimen(
        specimen_id=f"SP-{number}",
        patient_id=person.patient_id,
        facility_id=FACILITY_ID,
        ward=WARD,
        kind=kind,
        purpose=purpose,
        collected=When(at=at),
    )
    state.journal.write("specimens", specimen)
    # Rows hold whole seconds.
    reported = at + timedelta(seconds=round(state.ward.turnaround_hours * 3600))
    rows = tuple(_rows(number, found, reported))
    state.pending.append(Report(person.patient_id, reported, rows, found is not None))


def _rows(number: str, found: EnzymeCode | None, reported: datetime) -> Iterator[tuple[str, object]]:
    isolate_id = f"IS-{number}" if found else None
    if isolate_id:
        yield "isolates", Isolate(isolate_id=isolate_id, specimen_id=f"SP-{number}", organism=KLEBSIELLA)
    yield "results", _result(number, ResultKind.CULTURE, isolate_id, None, reported)
    if found:
        yield "results", _result(number, ResultKind.GENE, isolate_id, found, reported)


def _result(
    number: str, kind: ResultKind, isolate_id: str | None, analyte: EnzymeCode | None, reported: datetime
) -> Result:
    return Result(
        result_id=f"R-{number}-{kind.value}",
        specimen_id=f"SP-{number}",
        isolate_id=isolate_id,
        kind=kind,
        analyte=analyte,
        found=Found.DETECTED if isolate_id else Found.NOT_DETECTED,
        status=ResultStatus.FINAL,
        reported=When(at=reported),
    )
