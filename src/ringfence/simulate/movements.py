"""Who leaves, who changes bed and who comes. Nothing here looks at what anybody carries."""

from dataclasses import replace
from datetime import datetime

from ringfence.record import Encounter, EncounterKind, Patient, PatientId, Stay, When

from .chance import Decision
from .clock import Phase, chance_in_step, steps_in
from .people import Person, Visit
from .places import FACILITY_ID, WARD, Bed
from .state import State


def discharge(state: State, *, step: int) -> None:
    """End the visits that are over, by going home or by death."""
    for person in list(state.in_beds()):
        if person.here().end_step <= step:
            _leave(state, person, step)


def change_beds(state: State, *, step: int) -> None:
    """Move patients, now and then, into beds that were free before anybody moved."""
    free = state.empty_beds()
    probability = chance_in_step(state.ward.move_rate)
    for person in list(state.in_beds()):
        if free and state.chance.happens(Decision.MOVE, person.patient_id, step=step, probability=probability):
            bed = state.chance.pick(Decision.TARGET, person.patient_id, step=step, among=free)
            free.remove(bed)
            _move(state, person, bed, step)


def admit(state: State, *, step: int) -> list[Person]:
    """Give empty beds, with a probability, to those who wait to return and then to new people; return them."""
    admitted: list[Person] = []
    for bed in state.empty_beds():
        if state.chance.happens(Decision.ADMISSION, bed.name, step=step, probability=state.ward.refill):
            person = _next(state, bed, step)
            _arrive(state, person, bed, step)
            admitted.append(person)
    return admitted


def _leave(state: State, person: Person, step: int) -> None:
    visit, at = person.here(), state.clock.moment(Phase.DISCHARGES, person.patient_id, step=step)
    state.journal.close("stays", visit.stay_id, at)
    state.journal.close("encounters", visit.encounter_id, at)
    if person.measure_id:
        state.journal.close("measures", person.measure_id, at)
    del state.occupants[visit.bed]
    person.visit = person.measure_id = None
    if state.chance.happens(Decision.DEATH, person.patient_id, step=step, probability=state.ward.dies):
        person.died_at = at
        state.journal.bury(person.patient_id, at)
    elif state.chance.happens(Decision.RETURN, person.patient_id, step=step, probability=state.ward.returns):
        away = state.chance.wait(Decision.AWAY, person.patient_id, step=step, rate=1 / state.ward.mean_away_days)
        state.returning.append((step + steps_in(away), person.patient_id))


def _move(state: State, person: Person, bed: Bed, step: int) -> None:
    at = state.clock.moment(Phase.MOVES, person.patient_id, step=step)
    visit = person.here()
    state.journal.close("stays", visit.stay_id, at)
    del state.occupants[visit.bed]
    person.visit = replace(visit, bed=bed, stays=visit.stays + 1)
    _lie_down(state, person, at)


def _next(state: State, bed: Bed, step: int) -> Person:
    waiting = min(state.returning, default=None)
    if waiting and waiting[0] <= step:
        state.returning.remove(waiting)
        return state.people[waiting[1]]
    # The number says into which bed and when somebody first came, so it does not hang on who came before.
    person = Person(PatientId(f"SIM-{step * len(state.beds) + bed.number + 1:06d}"))
    state.people[person.patient_id] = person
    state.journal.write("patients", Patient(patient_id=person.patient_id))
    return person


def _arrive(state: State, person: Person, bed: Bed, step: int) -> None:
    person.visits += 1
    at = state.clock.moment(Phase.ADMISSIONS, person.patient_id, step=step)
    lasts = state.chance.wait(Decision.LENGTH, person.patient_id, step=step, rate=1 / state.ward.mean_stay_days)
    person.visit = Visit(f"E-{person.patient_id}-{person.visits}", bed, step + steps_in(lasts))
    encounter = Encounter(
        encounter_id=person.visit.encounter_id,
        patient_id=person.patient_id,
        facility_id=FACILITY_ID,
        kind=EncounterKind.INPATIENT,
        start=When(at=at),
    )
    state.journal.write("encounters", encounter)
    _lie_down(state, person, at)


def _lie_down(state: State, person: Person, at: datetime) -> None:
    visit = person.here()
    state.occupants[visit.bed] = person
    stay = Stay(
        stay_id=visit.stay_id,
        patient_id=person.patient_id,
        encounter_id=visit.encounter_id,
        facility_id=FACILITY_ID,
        ward=WARD,
        room=visit.bed.room,
        bed=visit.bed.bed,
        start=When(at=at),
    )
    state.journal.write("stays", stay)
