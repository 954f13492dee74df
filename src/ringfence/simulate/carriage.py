"""How carriage begins: from outside with an admission, or from another patient on the ward; and how long it lasts."""

from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from ringfence.record import EnzymeCode

from .chance import Decision
from .clock import Phase, chance_in_step, steps_in
from .codes import KPC, NDM
from .people import Episode, Person
from .state import State
from .truth import Route, Transmission


class _Pressure(NamedTuple):
    """What one carrier adds to the rate at which somebody acquires, by one route."""

    source: Person
    route: Route
    rate: float


def bring_in(state: State, *, admitted: Iterable[Person], step: int) -> None:
    """Decide who of those admitted comes as a carrier; whoever still carries something keeps it."""
    chance, ward = state.chance, state.ward
    for person in admitted:
        who = person.patient_id
        comes = chance.happens(Decision.IMPORT, who, step=step, probability=ward.admission_prevalence)
        if comes and not person.carries(step=step):
            kpc = chance.happens(Decision.FAMILY, who, step=step, probability=ward.kpc_share)
            at = state.clock.moment(Phase.ADMISSIONS, who, step=step)
            _begin(state, person, KPC if kpc else NDM, at, step, imported=True)


def spread(state: State, *, step: int) -> None:
    """Decide who acquires from those who carry something now; nobody passes on what came in the same step."""
    carriers = [person for person in state.in_beds() if person.carries(step=step)]
    acquired: list[tuple[Person, _Pressure]] = []
    for person in state.in_beds():
        if not person.carries(step=step):
            pressures = [p for source in carriers for p in _pressures(state, person, source)]
            if pressures and _acquires(state, person, pressures, step):
                acquired.append((person, _source(state, person, pressures, step)))
    for person, pressure in acquired:
        _pass_on(state, person, pressure, step)


def _pressures(state: State, person: Person, source: Person) -> list[_Pressure]:
    passed_on = 1 - state.ward.precautions_effect if source.measure_id else 1.0
    hands = _Pressure(source, Route.HANDS, passed_on * state.ward.hands_rate / len(state.occupants))
    room = _Pressure(source, Route.ROOM, passed_on * state.ward.room_rate)
    return [hands, room] if source.here().bed.room == person.here().bed.room else [hands]


def _acquires(state: State, person: Person, pressures: list[_Pressure], step: int) -> bool:
    probability = chance_in_step(sum(p.rate for p in pressures))
    return state.chance.happens(Decision.ACQUISITION, person.patient_id, step=step, probability=probability)


def _source(state: State, person: Person, pressures: list[_Pressure], step: int) -> _Pressure:
    reached = list(accumulate(p.rate for p in pressures))
    drawn = state.chance.draw(Decision.SOURCE, person.patient_id, step=step) * reached[-1]
    return next(p for p, upto in zip(pressures, reached, strict=True) if drawn < upto)


def _pass_on(state: State, person: Person, pressure: _Pressure, step: int) -> None:
    episode = pressure.source.carries(step=step)
    assert episode is not None
    at = state.clock.moment(Phase.TRANSMISSION, person.patient_id, step=step)
    _begin(state, person, episode.family, at, step, imported=False)
    state.transmissions.append(Transmission(pressure.source.patient_id, person.patient_id, at, pressure.route))


def _begin(state: State, person: Person, family: EnzymeCode, at: datetime, step: int, *, imported: bool) -> None:
    who, ward = person.patient_id, state.ward
    lasts = state.chance.wait(Decision.DURATION, who, step=step, rate=ward.clearance_rate)
    found = state.chance.happens(Decision.SHEDDING, who, step=step, probability=ward.sensitivity)
    person.episodes.append(Episode(family, at, step + steps_in(lasts), found, imported))
