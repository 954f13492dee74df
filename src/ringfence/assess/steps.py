"""Stratum 3: how far the screen of a visit got, from proposed to resulted, and when."""

from dataclasses import dataclass

from ringfence.record import Encounter, OrderStatus, ScreenStep, Specimen, Timeline, When, precautions_in_force

from .screens import Outcome, Screen, during, is_screen, of_visit

_STEPS = {status: ScreenStep(status.value) for status in OrderStatus}


@dataclass(frozen=True)
class Steps:
    """How far a screen got, and when it was ordered, received, and the patient isolated while it was pending."""

    step: ScreenStep | None
    """None: nothing of it is on record."""
    ordered: When | None
    received: When | None
    isolated: When | None


def steps(timeline: Timeline, encounter: Encounter, screen: Screen) -> Steps:
    """Return how far the screen of a visit got; `screen` is what came of it."""
    zone = timeline.setting.zone(encounter.facility_id)
    orders = sorted(
        (o for o in timeline.orders if of_visit(o, encounter, timeline)), key=lambda o: o.happened.earliest(zone)
    )
    asked = [o.happened for o in orders if o.status in (OrderStatus.PROPOSED, OrderStatus.ORDERED)]
    taken = [s for s in timeline.specimens if is_screen(s) and during(s.collected, encounter, timeline)]
    standing = [s for s in taken if not s.rejected] or taken
    received = [s.received for s in standing if s.received]
    return Steps(
        step=_step(screen, taken, orders[-1].status if orders else None),
        ordered=asked[0] if asked else None,
        received=received[0] if received else None,
        isolated=_isolated(timeline, encounter),
    )


def _step(screen: Screen, taken: list[Specimen], last: OrderStatus | None) -> ScreenStep | None:
    if screen.outcome.resulted or screen.outcome in (Outcome.GREW, Outcome.UNSETTLED, Outcome.MORE_OWED):
        return ScreenStep.RESULTED
    if screen.outcome in (Outcome.LEFT, Outcome.DIED):
        return ScreenStep.LEFT
    standing = [s for s in taken if not s.rejected]
    if standing:
        return ScreenStep.RECEIVED if any(s.received for s in standing) else ScreenStep.COLLECTED
    if taken:
        return ScreenStep.REJECTED
    return _STEPS[last] if last else None


def _isolated(timeline: Timeline, encounter: Encounter) -> When | None:
    """Return when contact precautions began that were in force during the visit."""
    zone = timeline.setting.zone(encounter.facility_id)
    begins = encounter.start.earliest(zone)
    ends = encounter.end.latest(zone) if encounter.end else timeline.at
    own = [
        one.start
        for one in precautions_in_force(timeline, encounter.facility_id)
        if one.start.earliest(zone) <= ends and (one.end is None or one.end.latest(zone) > begins)
    ]
    return own[0] if own else None
