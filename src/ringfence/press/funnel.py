"""A funnel plot as SVG: one point a facility, its rate over what it is divided by, between limits around the whole."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from .tokens import ALERT, INK, MUTED, RULE

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 900, 340, 64, 44, 14, 90


class FunnelPoint(NamedTuple):
    """One facility."""

    name: str
    size: float
    """What its count is divided by."""
    rate: float
    outside: bool
    """Whether it lies outside the outer limits: drawn as a diamond, and not in another colour alone."""


class FunnelLimits(NamedTuple):
    """Limits at one size: the outer two, and the inner two between them."""

    size: float
    low: float
    inner_low: float
    inner_high: float
    high: float


def funnel_svg(
    points: Sequence[FunnelPoint], limits: Sequence[FunnelLimits], whole: float, *, title: str, across: str, up: str
) -> Markup:
    """Return the plot.

    Args:
        points: the facilities.
        limits: at sizes from small to large.
        whole: the rate of all together.
        title: the text alternative; the numbers belong into a table beside it.
        across: what the size is.
        up: what the rate is.
    """
    widest = max([*(p.size for p in points), *(one.size for one in limits)], default=1) or 1
    shown = [one for one in limits if one.size >= min(p.size for p in points) * 0.5]
    highest = max([*(p.rate for p in points), *(one.inner_high for one in shown), whole]) * 1.15 or 1

    def x(size: float) -> float:
        return _LEFT + size / widest * (_WIDTH - _LEFT - _RIGHT)

    def y(rate: float) -> float:
        return _TOP + (1 - min(rate, highest) / highest) * (_HEIGHT - _BOTTOM - _TOP)

    parts = [
        Markup('<line x1="{}" x2="{}" y1="{y}" y2="{y}" stroke="{}"/>').format(_LEFT, _WIDTH - _RIGHT, INK, y=_n(y(0))),
        Markup('<line x1="{x}" x2="{x}" y1="{}" y2="{}" stroke="{}"/>').format(_TOP, _n(y(0)), RULE, x=_LEFT),
        _text(_LEFT, _HEIGHT - 8, across, "start"),
        _text(_LEFT - 4, _TOP + 8, f"{highest:.3g}", "end", "number"),
        _text(_LEFT - 4, y(0), "0", "end"),
        _text(_LEFT + 6, _TOP + 8, up, "start"),
        _text(_WIDTH - _RIGHT, y(0) + 16, f"{widest:,.0f}", "end", "number"),
        Markup('<line x1="{}" x2="{}" y1="{y}" y2="{y}" stroke="{}" stroke-width="1.4"/>').format(
            _LEFT, _WIDTH - _RIGHT, MUTED, y=_n(y(whole))
        ),
        _text(_WIDTH - _RIGHT + 4, y(whole) + 4, "all together", "start"),
    ]
    for name, dash in (("low", "2 3"), ("inner_low", "6 3"), ("inner_high", "6 3"), ("high", "2 3")):
        corners = [f"{_n(x(one.size))} {_n(y(getattr(one, name)))}" for one in limits]
        line = Markup('<path d="M{}" fill="none" stroke="{}" stroke-dasharray="{}"/>')
        parts.append(line.format(" L".join(corners), MUTED, dash))
    for point in points:
        right, above = x(point.size), y(point.rate)
        shape = Markup('<circle cx="{}" cy="{}" r="5" fill="{}"/>').format(_n(right), _n(above), INK)
        if point.outside:
            diamond = Markup('<path d="M{} {}l6 7l-6 7l-6 -7z" fill="{}"/>')
            shape = diamond.format(_n(right), _n(above - 7), ALERT)
        told = Markup('<g translate="no"><title>{}</title>{}</g>').format(f"{point.name}: {point.rate:.3g}", shape)
        parts += [told, _kept(right + 9, above - 6, point.name)]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-label="{title}" font-family="system-ui, sans-serif" font-size="11">{body}</svg>'
    ).format(w=_WIDTH, h=_HEIGHT, title=title, body=Markup("").join(parts))


def _kept(x: float, y: float, name: str) -> Markup:
    """Return a name out of the data, which no language changes."""
    return Markup('<g translate="no">{}</g>').format(_text(x, y, name, "start"))


def _text(x: float, y: float, text: str, anchor: str, kind: str = "words") -> Markup:
    return Markup('<text class="{}" x="{}" y="{}" fill="{}" text-anchor="{}">{}</text>').format(
        kind, _n(x), _n(y), INK, anchor, text
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
