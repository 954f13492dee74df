"""The multi-patient timeline as SVG: a row a patient, stays as bars by ward, tests as ticks.

Meaning never rests on colour alone: a bar carries its ward's name where it fits and in its tooltip; a test that
found a carbapenemase is a filled diamond, one that did not is an open circle; precautions are a line under the bar.

The order of the rows, the ward that is picked out and the size are chosen by radio buttons that CSS alone reads, so
that the page runs no script.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup, escape

from .pages import Chart
from .tokens import ALERT, INK, MUTED, OTHER_WARD, RULE, WARDS, WASH

_LABEL, _WIDTH, _ROW, _TOP, _BAR = 118, 1180, 20, 34, 11
_SPAN = _WIDTH - _LABEL - 12
_TICK_DAYS = ((45, 7), (120, 14), (800, 0), (10**6, 1))
"""Up to so many days: ticks every so many days; 0 months, 1 years."""


@dataclass(frozen=True)
class Bar:
    """A stay from a day (with its fraction) to a day."""

    ward: str
    start: float
    end: float
    about: str


@dataclass(frozen=True)
class Test:
    """A specimen and whether a carbapenemase was found in it; None: no test for one has a result."""

    at: float
    found: bool | None
    about: str


@dataclass(frozen=True)
class Line:
    """One patient's row."""

    label: str
    bars: Sequence[Bar]
    tests: Sequence[Test]
    precautions: Sequence[tuple[float, float]] = ()
    known_from: float | None = None
    """When the first positive was collected; the row is shaded from then on."""
    ward: str = ""
    """The ward by which it is put in order."""
    cluster: str = ""
    """The strain or plasmid by which it is put in order."""


def timeline_svg(groups: Sequence[tuple[str, Sequence[Line]]], *, title: str, end: float) -> Chart:
    """Return the timeline of groups of patients, each under its heading; days are proleptic ordinals.

    Args:
        groups: a heading and the rows under it.
        title: the text alternative.
        end: the right edge.
    """
    lines = [line for _, some in groups for line in some]
    if not lines:
        return Chart("")
    days = [d for line in lines for d in (*(b.start for b in line.bars), *(t.at for t in line.tests))]
    scale = _Scale(min(days, default=end - 1) - 1, end)
    colours = _colours(lines)
    parts: list[Markup] = []
    y = float(_TOP)
    for heading, some in groups:
        parts.append(_text(6, y + 13, heading, weight="600"))
        y += _ROW
        for line, moves in zip(some, _orders(some), strict=True):
            drawn = Markup("").join(_line(line, y, scale, colours))
            parts.append(Markup('<g class="row" style="{}">{}</g>').format(moves, drawn))
            y += _ROW
        y += 6
    head = Markup("").join(_axis(scale, y))
    body = Markup("").join(parts)
    svg = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-label="{title}" font-family="system-ui, sans-serif" font-size="11">{head}{body}</svg>'
    ).format(w=_WIDTH, h=round(y + 8), title=title, head=head, body=body)
    return Chart(
        '<div class="choosing">{}<div class="scroll timeline" tabindex="0" role="region" aria-label="timeline">{}</div>'
        "{}</div>"
    ).format(_choices(colours), svg, _legend(colours))


_SORTS = {"first": "first positive", "ward": "ward", "cluster": "strain or plasmid"}
_PICKED_AT_MOST = 40
"""So many wards can be picked out, those with the most time first; the first have a colour of their own too."""
_ZOOMS = {"100": "whole", "200": "twice", "400": "four times"}


def _orders(lines: Sequence[Line]) -> list[str]:
    """Return for each row how far it moves in each other order, as CSS."""
    moves = []
    for key in ("ward", "cluster"):
        # Rows without one go last; of one ward they stay in the order that they have.
        order = sorted(range(len(lines)), key=lambda n: (not getattr(lines[n], key), getattr(lines[n], key), n))
        place = {n: at for at, n in enumerate(order)}
        moves.append([f"--{key}:{(place[n] - n) * _ROW}px" for n in range(len(lines))])
    return [";".join(some) for some in zip(*moves, strict=True)]


def _choices(colours: Mapping[str, str]) -> Markup:
    """Return what can be chosen; CSS alone reads it, and none that is for paper: there each `:has` looks at all."""
    wards = {"none": "all wards", **{str(n): ward for n, ward in enumerate(list(colours)[:_PICKED_AT_MOST])}}
    picks = Markup("").join(
        Markup(".choosing:has(#ward-{n}:checked) .bar:not(.ward-{n}) {{opacity:.12}}").format(n=n)
        for n in wards
        if n != "none"
    )
    style = Markup(
        "<style>@media screen {{.choosing:has(#sort-ward:checked) .row {{transform:translateY(var(--ward))}}"
        ".choosing:has(#sort-cluster:checked) .row {{transform:translateY(var(--cluster))}}"
        ".choosing:has(#zoom-200:checked) .timeline svg {{width:200%;height:auto}}"
        ".choosing:has(#zoom-400:checked) .timeline svg {{width:400%;height:auto}}{}}}</style>"
    ).format(picks)
    return style + Markup("").join(
        _radios(what, name, some)
        for what, name, some in (("Order", "sort", _SORTS), ("Ward", "ward", wards), ("Size", "zoom", _ZOOMS))
    )


def _radios(what: str, name: str, some: Mapping[str, str]) -> Markup:
    buttons = Markup(" ").join(
        Markup('<label><input type="radio" name="{name}" id="{name}-{key}" {on}> {text}</label>').format(
            name=name, key=key, on="" if n else "checked", text=_kept(text) if name == "ward" and n else text
        )
        for n, (key, text) in enumerate(some.items())
    )
    return Markup('<fieldset class="choices"><legend>{}</legend>{}</fieldset>').format(what, buttons)


def _kept(name: str) -> Markup:
    """Return a name out of the data, which no language changes."""
    return Markup('<span translate="no">{}</span>').format(name)


def _named(colours: Mapping[str, str]) -> list[str]:
    """Return the wards that have a colour of their own."""
    return [ward for ward, colour in colours.items() if colour != OTHER_WARD]


@dataclass(frozen=True)
class _Scale:
    first: float
    last: float

    def x(self, day: float) -> float:
        within = (min(max(day, self.first), self.last) - self.first) / max(self.last - self.first, 1e-9)
        return _LABEL + within * _SPAN


def _colours(lines: Iterable[Line]) -> dict[str, str]:
    time = Counter[str]()
    for line in lines:
        for bar in line.bars:
            time[bar.ward] += 1 + int(bar.end - bar.start)
    most = [ward for ward, _ in sorted(time.items(), key=lambda item: (-item[1], item[0]))]
    return {ward: WARDS[n] if n < len(WARDS) else OTHER_WARD for n, ward in enumerate(most)}


def _axis(scale: _Scale, bottom: float) -> Iterator[Markup]:
    for day, label in _ticks(scale):
        x = scale.x(day)
        yield Markup('<line x1="{0}" x2="{0}" y1="24" y2="{1}" stroke="{2}"/>').format(_n(x), _n(bottom), RULE)
        yield _text(x + 3, 18, label, fill=MUTED)


def _ticks(scale: _Scale) -> list[tuple[float, str]]:
    first, last = date.fromordinal(int(scale.first)), date.fromordinal(int(scale.last))
    step = next(step for days, step in _TICK_DAYS if scale.last - scale.first <= days)
    if step > 1:
        start = first + timedelta(days=(7 - first.weekday()) % 7)
        days = [start + timedelta(days=n) for n in range(0, max((last - start).days, 0) + 1, step)]
        return [(d.toordinal(), d.strftime("%d %b").lstrip("0") if d != days[0] else d.isoformat()) for d in days]
    if step == 0:
        months = range(first.year * 12 + first.month, last.year * 12 + last.month)
        starts = [date(m // 12, m % 12 + 1, 1) for m in months]
        every = max(1, len(starts) // 14 + 1)
        return [(d.toordinal(), d.strftime("%b %Y")) for d in starts[::every]]
    return [(date(y, 1, 1).toordinal(), str(y)) for y in range(first.year + 1, last.year + 1)]


def _line(line: Line, y: float, scale: _Scale, colours: dict[str, str]) -> Iterator[Markup]:
    if line.known_from is not None:
        x = scale.x(line.known_from)
        yield Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
            _n(x), _n(y), _n(max(scale.x(scale.last) - x, 0)), _ROW - 3, WASH
        )
    yield _text(_LABEL - 6, y + 12, line.label, anchor="end", kept=True)
    for bar in line.bars:
        yield _bar(bar, y, scale, colours)
    for start, end in line.precautions:
        yield Markup('<line x1="{}" x2="{}" y1="{y}" y2="{y}" stroke="{}" stroke-width="2"/>').format(
            _n(scale.x(start)), _n(scale.x(end)), INK, y=_n(y + 16)
        )
    for test in line.tests:
        yield _test(test, y, scale)


def _bar(bar: Bar, y: float, scale: _Scale, colours: dict[str, str]) -> Markup:
    x, width = scale.x(bar.start), max(scale.x(bar.end) - scale.x(bar.start), 1.6)
    colour = colours[bar.ward]
    name = (
        _text(x + 3, y + 11, bar.ward, fill="#fff", size="9", kept=True)
        if width > 7 * len(bar.ward) + 6
        else Markup("")
    )
    number = list(colours).index(bar.ward)
    return Markup(
        '<g class="bar ward-{}"><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" fill="{}" rx="1"/>{}</g>'
    ).format(number, bar.about, _n(x), _n(y + 2), _n(width), _BAR, colour, name)


def _test(test: Test, y: float, scale: _Scale) -> Markup:
    x, middle = scale.x(test.at), y + 7.5
    if test.found:
        shape = Markup('<path d="M{x} {a}l5 7l-5 7l-5 -7z" fill="{c}" stroke="#fff"/>').format(
            x=_n(x), a=_n(middle - 7), c=ALERT
        )
    elif test.found is None:
        shape = Markup('<path d="M{} {}h7" stroke="{}" stroke-width="1.6"/>').format(_n(x - 3.5), _n(middle), INK)
    else:
        shape = Markup('<circle cx="{}" cy="{}" r="3.2" fill="#fff" stroke="{}" stroke-width="1.4"/>').format(
            _n(x), _n(middle), INK
        )
    return Markup("<g><title>{}</title>{}</g>").format(test.about, shape)


def _legend(colours: dict[str, str]) -> Markup:
    named: list[tuple[str | Markup, str]] = [(_kept(ward), colours[ward]) for ward in _named(colours)]
    if len(named) < len(colours):
        named.append((f"{len(colours) - len(named)} other wards", OTHER_WARD))
    keys = Markup(" ").join(
        Markup(
            '<span class="key"><svg width="14" height="10" aria-hidden="true"><rect width="14" height="10" '
            'fill="{}"/></svg> {}</span>'
        ).format(colour, ward)
        for ward, colour in named
    )
    return Markup(
        '<p class="quiet">Wards: {}<br>Filled diamond: a carbapenemase was found. Open circle: a test that found none. '
        "Dash: a specimen of which no test for a carbapenemase has a result. "
        "Shading: from the first positive on. Line under a bar: contact precautions on record.</p>"
    ).format(keys)


def _text(
    x: float,
    y: float,
    text: str,
    *,
    fill: str = INK,
    anchor: str = "start",
    weight: str = "400",
    size: str = "11",
    kept: bool = False,
) -> Markup:
    return Markup('<text x="{}" y="{}" fill="{}" text-anchor="{}" font-weight="{}" font-size="{}"{}>{}</text>').format(
        _n(x), _n(y), fill, anchor, weight, size, Markup(' translate="no"') if kept else "", escape(text)
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
