"""The epidemic curve: new cases over time, by carbapenemase and by where they were acquired."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from ringfence.chain import Findings
from ringfence.press import HtmlTable, stacked_bars
from ringfence.record import Case

from .summary import counted_words

_BARS_AT_MOST = 40
_GROUPS_AT_MOST, _OTHERS = 8, "others"
"""There are as many patterns; what is rarer stands together."""


@dataclass(frozen=True)
class Curve:
    """A curve as a chart and as a table."""

    periods: tuple[str, ...]
    groups: dict[str, tuple[int, ...]]
    unit: str
    by: str
    changes: tuple[tuple[int, str], ...] = ()
    """The bars in which a laboratory began or ended a method, and which."""

    @property
    def marks(self) -> dict[int, str]:
        """A letter for each bar in which a method changed."""
        return {at: chr(ord("a") + n % 26) for n, at in enumerate(dict.fromkeys(at for at, _ in self.changes))}

    @property
    def changes_words(self) -> list[str]:
        """What each letter stands for."""
        return [f"{self.marks[at]}: {what}" for at, what in self.changes]

    @property
    def chart(self) -> Markup:
        """The chart; empty without a case."""
        total = sum(map(sum, self.groups.values()))
        unit = f"cases by {self.unit} of the first positive"
        span = " to ".join(self.periods[:: max(len(self.periods) - 1, 1)])
        title = (
            f"{total} {'case' if total == 1 else 'cases'} by {self.unit} of the first positive specimen, {span}. "
            "The numbers stand in the table below it."
        )
        return stacked_bars(
            self.periods, self.groups, title=title, unit=unit, ident=f"curve-{self.by}", marks=self.marks
        )

    @property
    def table(self) -> HtmlTable:
        """The same numbers; periods without a case are left out."""
        rows = [
            [period, *(str(counts[n]) for counts in self.groups.values()), str(sum(c[n] for c in self.groups.values()))]
            for n, period in enumerate(self.periods)
            if any(counts[n] for counts in self.groups.values())
        ]
        left_out = len(self.periods) - len(rows)
        unit = counted_words(left_out, f"more {self.unit}", f"more {self.unit}s".replace("ys", "ies"))
        more = f"In {unit} there was no case." if left_out else ""
        return HtmlTable(f"cases over time, by {self.by}", [self.unit, *self.groups, "all"], rows, more)

    def __html__(self) -> Markup:
        return self.chart + self.table.__html__()

    def _repr_html_(self) -> str:
        return str(self.__html__())


def epidemic_curve(findings: Findings, by: str = "carbapenemase") -> Curve:
    """Return the established cases over time, by `carbapenemase` or `acquired`.

    The bars are weeks, months, quarters or years, the finest of which there are no more than forty.
    """
    group: Callable[[Case], str] = _BY[by]
    cases = [c for c in findings.cases if c.established]
    zone = findings.view.zone(None)
    days = [case.first_positive.day(zone) for case in cases]
    if not cases:
        return Curve((), {}, "month", by)
    last = max(max(days), findings.view.at.astimezone(zone).date())
    unit, number, name = next(one for one in _UNITS if one[1](last) - one[1](min(days)) < _BARS_AT_MOST)
    first = number(min(days))
    periods = tuple(name(n) for n in range(first, number(last) + 1))
    names = _by_many([group(case) for case in cases])
    if len(names) > _GROUPS_AT_MOST:
        names = [*names[: _GROUPS_AT_MOST - 1], _OTHERS]
    counts = {one: [0] * len(periods) for one in names}
    for case, day in zip(cases, days, strict=True):
        counts[group(case) if group(case) in counts else _OTHERS][number(day) - first] += 1
    changes = tuple(
        (number(day) - first, what) for day, what in _method_changes(findings) if first <= number(day) <= number(last)
    )
    return Curve(periods, {one: tuple(some) for one, some in counts.items()}, unit, by, changes)


def _method_changes(findings: Findings) -> list[tuple[date, str]]:
    """Return when a laboratory began or ended a method, where it says so."""
    zone = findings.view.zone(None)
    found = []
    for method in findings.view.rows("methods"):
        about = f"{method.laboratory}, {method.kind.value.replace('_', ' ')}: {method.method.replace('_', ' ')}"
        for moment, word in ((method.start, "from"), (method.end, "until")):
            if moment is not None:
                found.append((moment.day(zone), f"{about}, {word} {moment.day(zone)}"))
    return sorted(found)


_BY: dict[str, Callable[[Case], str]] = {
    "carbapenemase": lambda case: case.case_id.split(":")[-2],
    "acquired": lambda case: case.acquired.value.replace("_", " "),
}


def _by_many(words: Sequence[str]) -> list[str]:
    return sorted(set(words), key=lambda word: (-words.count(word), word))


def _week(n: int) -> str:
    return date.fromordinal(n * 7 + 1).isoformat()


_UNITS: tuple[tuple[str, Callable[[date], int], Callable[[int], str]], ...] = (
    ("week", lambda day: (day.toordinal() - 1) // 7, _week),
    ("month", lambda day: day.year * 12 + day.month - 1, lambda n: f"{n // 12}-{n % 12 + 1:02}"),
    ("quarter", lambda day: day.year * 4 + (day.month - 1) // 3, lambda n: f"{n // 4} Q{n % 4 + 1}"),
    ("year", lambda day: day.year, str),
    ("decade", lambda day: day.year // 10, lambda n: f"{n}0s"),
    ("century", lambda day: day.year // 100, lambda n: f"{n}00s"),
)
"""How days are counted, from fine to coarse: the name of a bar is its first day, month, quarter or year."""
