"""Whether a condition of a policy holds for one admission: three-valued, with reasons and what is missing."""

from collections.abc import Callable
from typing import Any

from ringfence.policy import (
    AdmissionClause,
    AdmittedTo,
    Care,
    CareAbroad,
    Chemotherapy,
    Condition,
    Dialysis,
    KnownCarriage,
    LinkToCarrier,
    OutbreakWard,
    RefugeeReception,
    Residence,
    Travel,
)

from .care import care, care_abroad, chemotherapy, dialysis
from .judgements import Admission, Judgement, all_of, any_of
from .origins import admitted_to, known_carriage, link_to_carrier, outbreak_ward, refugee_reception, residence, travel

JUDGES: dict[type[Any], Callable[[Any, AdmissionClause, Admission], Judgement]] = {
    CareAbroad: care_abroad,
    Care: care,
    Dialysis: dialysis,
    Chemotherapy: chemotherapy,
    KnownCarriage: known_carriage,
    LinkToCarrier: link_to_carrier,
    Travel: travel,
    RefugeeReception: refugee_reception,
    Residence: residence,
    AdmittedTo: admitted_to,
    OutbreakWard: outbreak_ward,
}
"""The predicates that admission clauses can use."""


def judge(condition: Condition, clause: AdmissionClause, admission: Admission) -> Judgement:
    """Return whether `condition` holds: `all` is AND, `any` is OR, in Kleene's three-valued logic."""
    if condition.parts:
        parts = [judge(part, clause, admission) for part in condition.parts]
        return all_of(parts) if condition.all else any_of(parts)
    predicate = condition.predicate
    return JUDGES[type(predicate)](predicate, clause, admission)


__all__ = ["JUDGES", "Admission", "Judgement", "all_of", "any_of", "judge"]
