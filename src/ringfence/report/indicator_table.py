"""Indicators as a table that people read: the figure with its limits, of how many, or why there is none."""

from collections.abc import Sequence

from ringfence.press import HtmlTable, Name
from ringfence.record import Indicator

_HEADER = ("what", "figure", "limits", "counted", "of", "checked")


def indicator_table(figures: Sequence[Indicator], *, several: bool) -> HtmlTable:
    """Return one row for each indicator, named with its facility where there are several."""
    rows = []
    for one in figures:
        what = f"{one.meaning}{f': {one.group}' if one.group else ''}".replace("_", " ")
        limits = f"{_number(one.low)} to {_number(one.high)}" if one.low is not None and one.high is not None else ""
        value = _number(one.value) if one.value is not None else f"none: {one.why_none}"
        counted = "" if one.numerator is None else f"{one.numerator:,} {one.numerator_of}"
        of = "" if one.denominator is None else f"{one.denominator:,} {one.denominator_of}"
        row = [what, value, f"{limits} ({one.method})" if limits else "", counted, of, one.mark.value.replace("_", " ")]
        rows.append([Name(one.facility) if one.facility else "all sites", *row] if several else row)
    return HtmlTable("figures", ["site", *_HEADER] if several else list(_HEADER), rows, numbers=("figure",))


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2g}" if abs(value) < 1 else f"{value:,.1f}"
