"""Conditions of clauses as phrases."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ringfence.vocabulary import Strict

from .admission import (
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
from .conditions import Condition, LastPositive, ScreenPending
from .limits import Limits

_WORDS = {"more_than": "more than", "at_least": "at least", "less_than": "less than", "at_most": "at most"}
QUANTITIES = {
    "care_abroad": "care abroad",
    "care": "care in a health-care facility",
    "dialysis": "dialysis",
    "chemotherapy": "chemotherapy",
    "travel": "travel",
    "residence": "residence",
    "refugee_reception": "refugee reception",
    "known_carriage": "a last positive specimen",
    "last_positive": "a last positive specimen",
}


def limits_said(limits: Limits[Any], suffix: str = "") -> str:
    """Return limits as a phrase: `more than 2 months and less than 1 year ago`."""
    given = [f"{word} {value}" for name, word in _WORDS.items() if (value := getattr(limits, name)) is not None]
    return " and ".join(given) + suffix


def quantity_said(predicate: str, quantity: str, at: str) -> str:
    """Return a quantity `at` some value (`exactly 2 months`) as a phrase."""
    what = QUANTITIES.get(predicate, predicate.removeprefix("contact: "))
    if quantity == "ended_ago":
        return f"{what} that ended {at} before admission"
    if quantity == "lasted":
        return f"{what} that lasted {at}"
    if quantity == "ago":
        return f"{what} {at} ago"
    return f"{what} for {at} ({quantity.removeprefix('overlap, ')})"


def describe_condition(condition: Condition) -> str:
    """Return a condition as a phrase."""
    if condition.parts:
        joint = " and " if condition.all else " or "
        return joint.join(f"({describe_condition(part)})" for part in condition.parts)
    predicate = condition.predicate
    return _SAID[type(predicate)](predicate)


def _care_abroad(predicate: CareAbroad) -> str:
    return _care_said("was in a health-care facility abroad", predicate.lasted, predicate)


def _care(predicate: Care) -> str:
    night = "stayed over night in" if predicate.stay == "overnight" else "was in"
    return _care_said(f"{night} {_facility(predicate)}", predicate.lasted, predicate)


def _care_said(said: str, lasted: Limits[Any] | None, predicate: CareAbroad | Care) -> str:
    said += f" for {limits_said(lasted)}" if lasted else ""
    said += " with an invasive procedure there" if predicate.invasive_procedure else ""
    return f"{said}, which ended {limits_said(predicate.ended_ago, ' ago')}" if predicate.ended_ago else said


def _facility(where: Somewhere) -> str:
    if where.facility:
        return f"ward {where.ward} of {where.facility}" if where.ward else where.facility
    if where.outside:
        return f"a health-care facility outside {where.outside}"
    if where.countries:
        return f"a health-care facility in {either(where.countries)}"
    return "a health-care facility abroad" if where.abroad else "any health-care facility"


def _dialysis(predicate: Dialysis) -> str:
    where = ""
    if predicate.abroad or predicate.outside or predicate.countries or predicate.facility:
        where = f" in {_facility(predicate)}"
    return f"had dialysis{where}{_last(predicate.ended_ago)}"


def _chemotherapy(predicate: Chemotherapy) -> str:
    return f"had chemotherapy against cancer{_last(predicate.ended_ago)}"


def _last(limits: Limits[Any] | None) -> str:
    return f", the last {limits_said(limits, ' ago')}" if limits else ""


def _carriage(predicate: KnownCarriage) -> str:
    said = "is known to have carried one before"
    if predicate.ago:
        said += f", last positive {limits_said(predicate.ago, ' ago')}"
    return f"{said} (beyond that the {predicate.beyond.decides} decides)" if predicate.beyond else said


def _link(predicate: LinkToCarrier) -> str:
    return f"had contact with a carrier in {either(t.replace('_', ' ') for t in predicate.through)}"


def _travel(predicate: Travel) -> str:
    until = f", which ended {limits_said(predicate.ended_ago, ' ago')}" if predicate.ended_ago else ""
    return f"travelled to {either(predicate.countries)}{until}"


def _reception(predicate: RefugeeReception) -> str:
    return f"lives in refugee reception, or left it {limits_said(predicate.ended_ago, ' ago')}"


def _residence(predicate: Residence) -> str:
    left = f", or left {limits_said(predicate.ended_ago, ' ago')}" if predicate.ended_ago else ""
    return f"lives in {either(predicate.places)}{left}"


def _unit(predicate: AdmittedTo) -> str:
    return f"is admitted to a unit of the kind {either(u.value.replace('_', ' ') for u in predicate.units)}"


def _last_positive(predicate: LastPositive) -> str:
    if not predicate.ago:
        return "known carriers, however long ago the last positive specimen was collected"
    return f"known carriers whose last positive specimen was collected {limits_said(predicate.ago, ' ago')}"


def either(words: Iterable[object]) -> str:
    """Return words joined by `or`."""
    return " or ".join(map(str, words))


_SAID: Mapping[type[Strict] | type[None], Callable[[Any], str]] = {
    CareAbroad: _care_abroad,
    Care: _care,
    Dialysis: _dialysis,
    Chemotherapy: _chemotherapy,
    KnownCarriage: _carriage,
    LinkToCarrier: _link,
    Travel: _travel,
    RefugeeReception: _reception,
    Residence: _residence,
    AdmittedTo: _unit,
    OutbreakWard: lambda _: "comes from a ward with an uncontrolled outbreak",
    LastPositive: _last_positive,
    ScreenPending: lambda _: "patients who are asked to be screened, while the result is not there yet",
}
