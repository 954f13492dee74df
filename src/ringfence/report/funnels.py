"""Facilities beside each other: a funnel plot of a rate, with exact limits around the rate of all together.

Limits are those of Spiegelhalter (Stat Med 2005;24:1185): where a facility with the rate of all together would lie in
95 and in 99.8 of a hundred reports. A point outside is a question, as case mix and testing differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ringfence.press import FunnelLimits, FunnelPoint, HtmlTable, funnel_svg
from ringfence.record import Indicator

from .intervals import count_at

_FACILITIES_AT_LEAST = 3
_INNER, _OUTER = 0.025, 0.001
_STEPS = 40


@dataclass(frozen=True)
class Funnel:
    """A rate of several facilities, as a plot and as a table."""

    meaning: str
    size_of: str
    """What the counts are divided by."""
    points: tuple[FunnelPoint, ...]
    limits: tuple[FunnelLimits, ...]
    whole: float
    table: HtmlTable

    @property
    def chart(self) -> Markup:
        """The plot."""
        title = f"{self.meaning}: {len(self.points)} facilities. The numbers stand in the table below it."
        return funnel_svg(self.points, self.limits, self.whole, title=title, across=self.size_of, up=self.meaning)

    def __html__(self) -> Markup:
        return self.chart + self.table.__html__()

    def _repr_html_(self) -> str:
        return str(self.__html__())


def funnel(figures: Sequence[Indicator], indicator: str) -> Funnel | None:
    """Return the funnel plot of a rate; None: fewer than three facilities have one."""
    own = [
        one
        for one in figures
        if one.indicator == indicator and one.facility and one.denominator and one.numerator is not None
    ]
    if len(own) < _FACILITIES_AT_LEAST:
        return None
    per, meaning = own[0].per, own[0].meaning
    events, sizes = sum(one.numerator or 0 for one in own), [one.denominator or 0 for one in own]
    rate = events / sum(sizes)
    points, rows = [], []
    for one, size in zip(own, sizes, strict=True):
        bounds = _limits(rate, size, per)
        value = (one.numerator or 0) / size * per
        outside = not bounds.low <= value <= bounds.high
        points.append(FunnelPoint(str(one.facility), size, value, outside))
        where = "outside 99.8%" if outside else "" if bounds.inner_low <= value <= bounds.inner_high else "outside 95%"
        rows.append([str(one.facility), f"{one.numerator:,}", f"{size:,}", f"{value:.3g}", where])
    largest = max(sizes) * 1.05
    limits = tuple(_limits(rate, largest * n / _STEPS, per) for n in range(1, _STEPS + 1))
    table = HtmlTable(
        f"facilities: {meaning}",
        ["facility", "counted", "of", "rate", "limits"],
        rows,
        numbers=_NUMBERS,
        names=("facility",),
    )
    return Funnel(meaning, own[0].denominator_of, tuple(points), limits, rate * per, table)


_NUMBERS = ("counted", "of", "rate")


def _limits(rate: float, size: float, per: int) -> FunnelLimits:
    expected = rate * size
    low, inner_low, inner_high, high = (
        count_at(expected, share) / size * per for share in (_OUTER, _INNER, 1 - _INNER, 1 - _OUTER)
    )
    return FunnelLimits(size, low, inner_low, inner_high, high)
