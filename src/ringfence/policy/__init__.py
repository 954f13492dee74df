"""What a jurisdiction demands, as data: kinds of clause, a strict loader, sentences, holes, cases.

What comes in is a YAML file; what goes out is a typed `Policy`, with a digest that names exactly that text, or every
fault of the file with its line. A clause carries the mark of how far it was checked. Not known here: any patient;
clauses are judged in `assess`, and a policy's cases are run in `chain`.

>>> from ringfence.policy import holes, load_policy
>>> [str(hole.value) for hole in holes(load_policy("nl"))]
['2 months', '24 hours']
"""

from .cases import CaseAnswer, CaseOutbreak, Expected, PolicyCase, load_cases
from .clauses import (
    PREDICATES,
    AdmissionClause,
    CareAbroad,
    Clause,
    Condition,
    ContactsClause,
    Isolate,
    LastPositive,
    Limits,
    OutbreakWard,
    Precaution,
    PrecautionsClause,
    RefugeeReception,
    Screen,
    ScreenPending,
    Target,
)
from .durations import Duration
from .holes import Hole, holes
from .policies import Policy, PolicyError, PolicyFile, load_policy, policy_ids
from .sentences import MARK_WORDS, describe, describe_condition, describe_hole, describe_sections

__all__ = [
    "MARK_WORDS",
    "PREDICATES",
    "AdmissionClause",
    "CareAbroad",
    "CaseAnswer",
    "CaseOutbreak",
    "Clause",
    "Condition",
    "ContactsClause",
    "Duration",
    "Expected",
    "Hole",
    "Isolate",
    "LastPositive",
    "Limits",
    "OutbreakWard",
    "Policy",
    "PolicyCase",
    "PolicyError",
    "PolicyFile",
    "Precaution",
    "PrecautionsClause",
    "RefugeeReception",
    "Screen",
    "ScreenPending",
    "Target",
    "describe",
    "describe_condition",
    "describe_hole",
    "describe_sections",
    "holes",
    "load_cases",
    "load_policy",
    "policy_ids",
]
