"""Random numbers by name: one for each decision, made from what the decision is about and from nothing else.

A draw is a hash of (seed, decision, whom it is about, step). There is no state to advance, so one decision more or
fewer leaves every other as it was: two scenarios with one seed differ only where their difference reaches.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

T = TypeVar("T")


class Decision(Enum):
    """What is decided at random; each is a stream of its own."""

    ADMISSION = "whether an empty bed is given to somebody"
    LENGTH = "how long a visit lasts"
    DEATH = "whether a visit ends in death"
    RETURN = "whether somebody comes back"
    AWAY = "after how long"
    MOVE = "whether a patient changes bed"
    TARGET = "to which bed"
    MINUTE = "at which minute of its time in the step something happens"
    IMPORT = "whether somebody is a carrier when admitted"
    FAMILY = "of which family"
    DURATION = "how long carriage lasts"
    SHEDDING = "whether screens find a carrier"
    ACQUISITION = "whether somebody acquires"
    SOURCE = "from whom, and by which route"
    RISK = "whether somebody has a risk factor"
    RISK_KIND = "which one"
    ASKED = "whether a question is asked"
    WRONG = "whether it is answered wrongly"
    DETAILS = "when and how long a risk lasted"
    REFUSAL = "whether a screen is refused"
    COLLECTION = "whether a screen is collected"
    CLINICAL = "whether a clinical specimen is taken from a carrier"
    SPECIMEN = "of which kind"


@dataclass(frozen=True)
class Chance:
    """Every random number of one run."""

    seed: int

    def draw(self, decision: Decision, who: str, *, step: int) -> float:
        """Return a number in [0, 1), the same whenever the same is asked; 53 bits of a BLAKE2b hash."""
        key = f"{self.seed}\x1f{decision.name}\x1f{who}\x1f{step}"
        digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
        return (int.from_bytes(digest, "big") >> 11) / (1 << 53)

    def happens(self, decision: Decision, who: str, *, step: int, probability: float) -> bool:
        """Return whether it happens: always for probability 1, never for 0."""
        return self.draw(decision, who, step=step) < probability

    def pick(self, decision: Decision, who: str, *, step: int, among: Sequence[T]) -> T:
        """Return one of `among`, each as likely as the others."""
        return among[int(self.draw(decision, who, step=step) * len(among))]

    def wait(self, decision: Decision, who: str, *, step: int, rate: float) -> float:
        """Return an exponential time in days for a rate per day; infinite for rate 0."""
        return -math.log1p(-self.draw(decision, who, step=step)) / rate if rate else math.inf
