"""One patient, pure: what results mean, what is asked at admission, which precautions apply.

What comes in is a `Timeline` and a `Policy`; what goes out is answers with reasons, what is missing, and the mark
they rest on. Stratum 1 (`carriages`) reads facts alone. Stratum 3 (`screening`, `admission_screen`, `precautions`,
`follow_up`) reads facts and stratum 1. What is not known is UNKNOWN and never NO; nobody is ever called free of CPO.

Not known here: who met whom (`trace`), anything about two patients at once, the clock.
"""

from .attribution import Met, acquired
from .carriage import (
    Carriage,
    Identification,
    carriages,
    carriages_of,
    identifications,
    is_explained,
    is_unnamed,
    was_of,
)
from .counting import Counted, counted
from .evidence import is_read
from .followup import FollowUp, Owed, contact_owed, contact_settled, follow_up, outcome_text, screen_text
from .identification import UNIDENTIFIED, Ask
from .judgements import Admission, Judgement, Link
from .precautions import ContactOf, Precautions, precautions
from .predicates import JUDGES, judge
from .reasons import Why, asked, sentence, sentences
from .rules import Rulebook, Rules, rulebook, rules_at, widest
from .screening import known_carrier, screening, screening_again
from .screens import Outcome, Screen, admission_screen, is_screen, screen_of
from .steps import Steps, steps

__all__ = [
    "JUDGES",
    "UNIDENTIFIED",
    "Admission",
    "Ask",
    "Carriage",
    "ContactOf",
    "Counted",
    "FollowUp",
    "Identification",
    "Judgement",
    "Link",
    "Met",
    "Outcome",
    "Owed",
    "Precautions",
    "Rulebook",
    "Rules",
    "Screen",
    "Steps",
    "Why",
    "acquired",
    "admission_screen",
    "asked",
    "carriages",
    "carriages_of",
    "contact_owed",
    "contact_settled",
    "counted",
    "follow_up",
    "identifications",
    "is_explained",
    "is_read",
    "is_screen",
    "is_unnamed",
    "judge",
    "known_carrier",
    "outcome_text",
    "precautions",
    "rulebook",
    "rules_at",
    "screen_of",
    "screen_text",
    "screening",
    "screening_again",
    "sentence",
    "sentences",
    "steps",
    "was_of",
    "widest",
]
