"""Stacked bars as SVG: a bar a period, a part a group; each group has a pattern besides its colour, and a legend."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil

from markupsafe import Markup

from .tokens import INK, MUTED, PAPER, RULE, WARDS

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 1100, 260, 44, 40, 12
_PATTERNS = ("", "M0 6L6 0", "M0 0L6 6", "M0 3H6", "M3 0V6", "M0 3H6M3 0V6", "M0 0L6 6M0 6L6 0", "M1 1h2v2h-2z")
_LABELS_AT_MOST = 16
_NAMED_FROM = 13


def stacked_bars(
    periods: Sequence[str],
    groups: Mapping[str, Sequence[int]],
    *,
    title: str,
    unit: str,
    ident: str,
    marks: Mapping[int, str] | None = None,
) -> Markup:
    """Return a chart of counts.

    Args:
        periods: the names of the bars, from left to right.
        groups: by name, how many in each period; those that come first are drawn lowest.
        title: the text alternative. The numbers themselves belong into a table beside it.
        unit: what is counted, on the axis.
        ident: a word of its own on the page.
        marks: by the place of a bar, a letter for something that changed in its period.
    """
    totals = [sum(some) for some in zip(*groups.values(), strict=True)] if groups else []
    if not periods or not any(totals):
        return Markup("")
    step = _step(max(totals))
    top = ceil(max(totals) / step) * step
    tall = _HEIGHT - _BOTTOM - _TOP
    wide = (_WIDTH - _LEFT - 8) / len(periods)
    fills = {name: n % len(WARDS) for n, name in enumerate(groups)}
    parts = [*_patterns(ident), *_axis(top, step, tall, unit)]
    for at, period in enumerate(periods):
        x, y = _LEFT + at * wide, float(_TOP + tall)
        for name, counts in groups.items():
            if counts[at]:
                high = counts[at] * tall / top
                y -= high
                about = f"{period}, {name}: {counts[at]}"
                parts.append(_part(x + wide * 0.1, y, wide * 0.8, high, f"{ident}-{fills[name]}", about, counts[at]))
        if at % ceil(len(periods) / _LABELS_AT_MOST) == 0:
            parts.append(_text(x + wide / 2, _HEIGHT - _BOTTOM + 16, period, "middle"))
    for at, letter in (marks or {}).items():
        x = _LEFT + at * wide + 1
        line = Markup('<line x1="{x}" x2="{x}" y1="{}" y2="{}" stroke="{}" stroke-dasharray="4 3"/>')
        parts.append(line.format(_TOP, _TOP + tall, INK, x=_n(x)))
        parts.append(_text(x + 3, _TOP + 9, letter, "start"))
    svg = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-label="{title}" font-family="system-ui, sans-serif" font-size="11">{body}</svg>'
    ).format(w=_WIDTH, h=_HEIGHT, title=title, body=Markup("").join(parts))
    return svg + _legend(fills, ident)


def _step(most: int) -> int:
    """Return a round step by which an axis has five lines or fewer."""
    size = 1
    while True:
        for times in (1, 2, 5):
            if most <= 5 * times * size:
                return times * size
        size *= 10


def _axis(top: int, step: int, tall: int, unit: str) -> Iterator[Markup]:
    for value in range(0, top + 1, step):
        y = _TOP + tall - value * tall / top
        yield Markup('<line x1="{}" x2="{}" y1="{y}" y2="{y}" stroke="{}"/>').format(
            _LEFT, _WIDTH - 8, RULE if value else INK, y=_n(y)
        )
        yield _text(_LEFT - 6, y + 4, str(value), "end")
    yield _text(_LEFT, _HEIGHT - 6, unit, "start")


def _patterns(ident: str) -> Iterator[Markup]:
    return (_pattern(n, f"{ident}-{n}") for n in range(len(_PATTERNS)))


def _pattern(number: int, ident: str) -> Markup:
    return Markup(
        '<defs><pattern id="{}" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" '
        'fill="{}"/><path d="{}" stroke="{}" stroke-width="1" fill="none"/></pattern></defs>'
    ).format(ident, WARDS[number], _PATTERNS[number], PAPER)


def _part(x: float, y: float, wide: float, high: float, fill: str, about: str, many: int) -> Markup:
    label = Markup("")
    if wide >= _NAMED_FROM and high >= _NAMED_FROM:
        label = Markup(
            '<rect x="{}" y="{}" width="{w}" height="12" fill="{}" rx="2"/><text x="{}" y="{}" text-anchor="middle" '
            'fill="{}" font-size="10">{}</text>'
        ).format(
            _n(x + wide / 2 - 4 - 3 * len(str(many))), _n(y + high / 2 - 6), PAPER, _n(x + wide / 2),
            _n(y + high / 2 + 3.5), INK, many, w=8 + 6 * len(str(many)),
        )  # fmt: skip
    return Markup(
        '<g><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" fill="url(#{})" stroke="{}"/>{}</g>'
    ).format(about, _n(x), _n(y), _n(wide), _n(high), fill, INK, label)


def _legend(fills: Mapping[str, int], ident: str) -> Markup:
    # A program that prints resolves names within one drawing alone, so each key brings its own pattern.
    keys = Markup(" ").join(
        Markup(
            '<span class="key"><svg width="16" height="12" aria-hidden="true">{}<rect width="16" height="12" '
            'fill="url(#{ident})" stroke="{}"/></svg> {}</span>'
        ).format(_pattern(fill, key), INK, name, ident=key)
        for name, fill in fills.items()
        for key in (f"{ident}-key-{fill}",)
    )
    return Markup('<p class="quiet">{}</p>').format(keys)


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{}" y="{}" fill="{}" text-anchor="{}">{}</text>').format(_n(x), _n(y), MUTED, anchor, text)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
