"""Steps of six hours, and when within a step each kind of event happens.

Each kind has a time of its own within the step, one after the other, so the order in which the loop does things is
also their order in the rows. Six hours and not a day, because daily steps lose some of the transmission on small
wards: about 6 % of the carriers of a ten-bed ward in the project's own calculation.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from .chance import Chance, Decision

STEPS_A_DAY = 4
STEP = timedelta(days=1) / STEPS_A_DAY
NEVER = 10**9
"""More steps than any run has."""


class Phase(Enum):
    """A kind of event: the minutes after the start of a step from and before which it happens."""

    PRECAUTIONS = (0, 10)
    DISCHARGES = (10, 60)
    MOVES = (60, 110)
    ADMISSIONS = (110, 170)
    SWABS = (170, 240)
    TRANSMISSION = (240, 360)


@dataclass(frozen=True)
class Clock:
    """Steps and minutes to instants in UTC."""

    begins: datetime
    chance: Chance

    def starts(self, step: int) -> datetime:
        """Return the instant at which a step begins."""
        return self.begins + step * STEP

    def moment(self, phase: Phase, who: str, *, step: int) -> datetime:
        """Return the instant, a whole minute, at which something of this kind happens to somebody in a step."""
        first, end = phase.value
        minute = self.chance.pick(Decision.MINUTE, f"{who}/{phase.name}", step=step, among=range(first, end))
        return self.starts(step) + timedelta(minutes=minute)


def steps_in(days: float) -> int:
    """Return how many steps last at least so many days: never fewer than one, and `NEVER` for an endless time."""
    return max(1, math.ceil(min(days * STEPS_A_DAY, NEVER)))


def chance_in_step(rate: float) -> float:
    """Return the probability that something at `rate` per day happens at least once in a step."""
    return -math.expm1(-rate / STEPS_A_DAY)
