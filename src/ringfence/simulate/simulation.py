"""The loop: what happens in a step, in which order, and what comes out at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ringfence.record import midnight

from .carriage import bring_in, spread
from .chance import Chance
from .clock import STEPS_A_DAY, Clock, Phase
from .desk import receive
from .laboratory import report_results, take_specimens
from .movements import admit, change_beds, discharge
from .people import Episode, Person
from .places import ZONE, beds_of, site
from .precautions import start_precautions
from .state import State
from .truth import Carriage, Truth
from .ward import ScenarioError, Ward

ORDINARY = Ward()


@dataclass(frozen=True)
class Simulation:
    """A made-up record, and the truth beside it."""

    facts: Mapping[str, Sequence[Any]]
    """Rows of the record's fact tables by table name, as known at `ends_at`; a table may have none."""
    truth: Truth
    starts_at: datetime
    """When the ward opened, empty (UTC)."""
    ends_at: datetime
    """When watching stopped (UTC); everything in `facts` and `truth` happened before."""


def simulate_ward(ward: Ward = ORDINARY, *, seed: int, days: int, start: date = date(2026, 1, 1)) -> Simulation:
    """Return what happens on a ward in `days` periods of 24 hours from the local midnight that begins `start`.

    The same arguments give the same rows, on every machine.

    Raises:
        ScenarioError: `days` is not a whole number of 1 or more.
    """
    if not isinstance(days, int) or isinstance(days, bool) or days < 1:
        raise ScenarioError(f"`days` is {days!r}. Give a whole number of days, 1 or more.")
    state = _opened(ward, seed, start)
    steps = days * STEPS_A_DAY
    for step in range(steps):
        _live(state, step)
    ends_at = state.clock.starts(steps)
    report_results(state, before=ends_at)
    return Simulation(state.journal.facts(), _truth(state, steps), state.clock.begins, ends_at)


def _live(state: State, step: int) -> None:
    """Let one step of six hours pass. Whatever happens writes its rows at once.

    1. What was reported before the step is read, and known carriers in beds come under precautions.
    2. Those whose visit is over leave.
    3. Some patients change bed.
    4. Empty beds are filled. Those admitted bring what they carry, known carriers come under precautions at once,
       and the desk asks its questions and proposes screens.
    5. Specimens are taken: screens of admission, a survey if one is due, clinical specimens of carriers.
    6. Whoever carries something by now may pass it on; what is acquired is passed on from the next step.
    """
    report_results(state, before=state.clock.starts(step))
    start_precautions(state, people=state.in_beds(), phase=Phase.PRECAUTIONS, step=step)
    discharge(state, step=step)
    change_beds(state, step=step)
    admitted = admit(state, step=step)
    bring_in(state, admitted=admitted, step=step)
    start_precautions(state, people=admitted, phase=Phase.ADMISSIONS, step=step)
    willing = receive(state, admitted=admitted, step=step)
    take_specimens(state, willing=willing, step=step)
    spread(state, step=step)


def _opened(ward: Ward, seed: int, start: date) -> State:
    chance = Chance(seed)
    clock = Clock(midnight(start, ZoneInfo(ZONE)), chance)
    state = State(ward, chance, clock, beds_of(ward.rooms))
    for table, row in site(ward.rooms):
        state.journal.write(table, row)
    return state


def _truth(state: State, steps: int) -> Truth:
    carriage = [_carriage(state, person, one, steps) for person in state.people.values() for one in person.episodes]
    return Truth(
        carriage=tuple(sorted(carriage, key=lambda one: (one.starts_at, one.patient_id))),
        transmissions=tuple(sorted(state.transmissions, key=lambda one: (one.at, one.target))),
        risks=tuple(state.risks),
    )


def _carriage(state: State, person: Person, episode: Episode, steps: int) -> Carriage:
    over = state.clock.starts(episode.end_step) if episode.end_step < steps else None
    return Carriage(
        patient_id=person.patient_id,
        family=episode.family,
        starts_at=episode.starts_at,
        ends_at=min((at for at in (over, person.died_at) if at), default=None),
        imported=episode.imported,
    )
