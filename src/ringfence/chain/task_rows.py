"""Rows of tasks, for those who ask for something."""

from dataclasses import replace

from ringfence.record import PatientId, Task, TaskState, When
from ringfence.vocabulary import Mark

from .strata import Elsewhere, Ground, Here


def task_of(
    place: Here | Elsewhere,
    task: str,
    because: str,
    clause: str,
    mark: Mark,
    state: TaskState,
    *,
    about: str,
) -> Task:
    """Return a task for somebody where they are; `about` names it among those of the patient."""
    return Task(
        task_id=f"{place.patient_id}:{about}",
        patient_id=PatientId(place.patient_id),
        facility=place.facility_id,
        ward=place.ward,
        task=task,
        due=None,
        because=because,
        clause=clause,
        mark=mark,
        state=state,
    )


def due_from(task: Task, due: When, ground: Ground) -> Task:
    """Return a task with when it is due from, and the local days since then."""
    zone = ground.view.zone(task.facility)
    days = (ground.view.at.astimezone(zone).date() - due.day(zone)).days
    return replace(task, due=due, days=days if days >= 0 else None)
