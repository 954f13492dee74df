"""What a jurisdiction demands, as data: kinds of clause, a strict loader, sentences, holes, cases.

What comes in is a YAML file; what goes out is a typed `Policy`, with a digest that names exactly that text, or every
fault of the file with its line. A clause carries the mark of how far it was checked, and the days on which it holds; a
local overlay lies on a base policy for a time. Not known here: any patient; clauses are judged in `assess`, and a
policy's cases are run in `chain`.

>>> from ringfence.policy import holes, load_policy
>>> [str(hole.value) for hole in holes(load_policy("nl"))]
['2 months', '24 hours']
"""

from .acquisition import AcquisitionClause, FoundOn, acquired_by
from .admission import (
    ADMISSION,
    AdmittedTo,
    Care,
    CareAbroad,
    Chemotherapy,
    Dialysis,
    KnownCarriage,
    LinkToCarrier,
    OutbreakWard,
    RefugeeReception,
    Residence,
    Somewhere,
    Travel,
)
from .cases import (
    CaseAnswer,
    CaseHistory,
    CaseOutbreak,
    CaseVisit,
    Expected,
    PolicyCase,
    PrecautionsGiven,
    RuleCase,
    load_cases,
    load_rule_cases,
)
from .clauses import AdmissionClause, Clause, Isolate, Precaution, PrecautionsClause, Screen, Site, Target
from .clearance import Clearance, ClearanceClause, Criteria, clearance
from .conditions import PREDICATES, Condition, LastPositive, ScreenPending
from .contacts import ContactClass, ContactsClause, LookBack, Meeting, Who, takes_in
from .differences import Difference, describe_differences, differences
from .durations import Duration
from .files import GROUPS, OverlayFile, PolicyFile
from .holes import Hole, holes, on_a_hole
from .identification import (
    Chromosomal,
    CountingPeriod,
    CountingUnit,
    Counts,
    GeneAlone,
    Identification,
    IdentificationClause,
    SuspectsOn,
)
from .limits import Limits
from .outbreaks import CaseLink, OutbreakClause, to_declare, to_end
from .policies import Policy, PolicyError, load_policy, policy_ids
from .questionnaire import Asked, describe_questions, questionnaire, questions_of
from .reporting import Against, DenominatorsClause, Report, ReportingClause, Within, due_on
from .rules_said import rule_of
from .rulings import RULED, Ruling, rule
from .schedules import CalendarWeeks, FollowUpClause, FromLastExposure, StillOwed, clean_rounds, still_owed, weekly
from .sentences import MARK_WORDS, describe, describe_clause, describe_condition, describe_hole, describe_sections

__all__ = [
    "ADMISSION",
    "GROUPS",
    "MARK_WORDS",
    "PREDICATES",
    "RULED",
    "AcquisitionClause",
    "AdmissionClause",
    "AdmittedTo",
    "Against",
    "Asked",
    "CalendarWeeks",
    "Care",
    "CareAbroad",
    "CaseAnswer",
    "CaseHistory",
    "CaseLink",
    "CaseOutbreak",
    "CaseVisit",
    "Chemotherapy",
    "Chromosomal",
    "Clause",
    "Clearance",
    "ClearanceClause",
    "Condition",
    "ContactClass",
    "ContactsClause",
    "CountingPeriod",
    "CountingUnit",
    "Counts",
    "Criteria",
    "DenominatorsClause",
    "Dialysis",
    "Difference",
    "Duration",
    "Expected",
    "FollowUpClause",
    "FoundOn",
    "FromLastExposure",
    "GeneAlone",
    "Hole",
    "Identification",
    "IdentificationClause",
    "Isolate",
    "KnownCarriage",
    "LastPositive",
    "Limits",
    "LinkToCarrier",
    "LookBack",
    "Meeting",
    "OutbreakClause",
    "OutbreakWard",
    "OverlayFile",
    "Policy",
    "PolicyCase",
    "PolicyError",
    "PolicyFile",
    "Precaution",
    "PrecautionsClause",
    "PrecautionsGiven",
    "RefugeeReception",
    "Report",
    "ReportingClause",
    "Residence",
    "RuleCase",
    "Ruling",
    "Screen",
    "ScreenPending",
    "Site",
    "Somewhere",
    "StillOwed",
    "SuspectsOn",
    "Target",
    "Travel",
    "Who",
    "Within",
    "acquired_by",
    "clean_rounds",
    "clearance",
    "describe",
    "describe_clause",
    "describe_condition",
    "describe_differences",
    "describe_hole",
    "describe_questions",
    "describe_sections",
    "differences",
    "due_on",
    "holes",
    "load_cases",
    "load_policy",
    "load_rule_cases",
    "on_a_hole",
    "policy_ids",
    "questionnaire",
    "questions_of",
    "rule",
    "rule_of",
    "still_owed",
    "takes_in",
    "to_declare",
    "to_end",
    "weekly",
]
