"""What answers rest on that is not as it was sent, or may be wrong: by kind, and how many contacts hang on it."""

from collections.abc import Sequence

from ringfence.chain import Findings, Rest, checks, grouped
from ringfence.press import HtmlTable
from ringfence.record import Check, Doubtfulness

_LEFT_OUT = ("knowledge time",)
"""What the first sentences of the report say already."""


def quality(findings: Findings) -> list[Check]:
    """Return everything that an answer may rest on, but for rows that were refused, the gravest first."""
    return checks(findings, ())


def quality_table(found: Sequence[Check], findings: Findings) -> HtmlTable:
    """Return what answers rest on as a table: one row for each kind, with how many there are."""
    resting = Rest(findings).on_repairs
    rows = []
    for kind in Doubtfulness:
        for (what, says), some in grouped(one for one in found if one.kind is kind).items():
            contacts = len(resting.get(what, ())) if kind is Doubtfulness.REPAIRED else 0
            if what not in _LEFT_OUT:
                rows.append([kind.value, what, says, f"{len(some):,}", f"{contacts:,}" if contacts else ""])
    header = ["how far", "what", "what it means", "rows", "contacts that rest on it"]
    return HtmlTable("what answers rest on", header, rows, numbers=("rows", "contacts that rest on it"))
