"""Contact precautions: for known carriers, from the report or the next admission until they leave."""

from collections.abc import Iterable

from ringfence.record import Measure, MeasureKind, When

from .clock import Phase
from .people import Person
from .places import FACILITY_ID
from .state import State


def start_precautions(state: State, *, people: Iterable[Person], phase: Phase, step: int) -> None:
    """Put those of `people` who are known and lie there without precautions under them."""
    for person in people:
        if person.known and person.measure_id is None:
            person.measure_id = f"M{person.here().encounter_id[1:]}"
            measure = Measure(
                measure_id=person.measure_id,
                patient_id=person.patient_id,
                facility_id=FACILITY_ID,
                kind=MeasureKind.CONTACT_PRECAUTIONS,
                start=When(at=state.clock.moment(phase, person.patient_id, step=step)),
            )
            state.journal.write("measures", measure)
