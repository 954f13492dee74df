"""The fact tables: what feeds and people tell us. Append-only; a correction is a new version.

Places, people, what is known of their health, the laboratory, and decisions: a file each.
"""

# The order of these imports is the order of the tables, in the manual and wherever all of them are gone through.
# ruff: noqa: I001
from .places import Facility, Place, Population
from .people import Encounter, Identity, IdentityLink, Patient, Relation, Stay
from .laboratory import Distance, Isolate, Method, Order, Result, Specimen, Typing
from .care import Measure, ReportedHistory, RiskAnswer, Treatment
from .decisions import NEEDS, Declaration, Issued, PolicyActivation

__all__ = [
    "NEEDS",
    "Declaration",
    "Distance",
    "Encounter",
    "Facility",
    "Identity",
    "IdentityLink",
    "Isolate",
    "Issued",
    "Measure",
    "Method",
    "Order",
    "Patient",
    "Place",
    "PolicyActivation",
    "Population",
    "Relation",
    "ReportedHistory",
    "Result",
    "RiskAnswer",
    "Specimen",
    "Stay",
    "Treatment",
    "Typing",
]
