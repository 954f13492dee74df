"""What a column of a file holds: how many cells, which words, and in which form its dates are written."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .files import DateCell

WORDS_AT_MOST = 100
"""A column of more different texts than this holds names or numbers, and not the words of a list."""
_COUNTED_AT_MOST = 20_000
ENOUGH = 0.98
"""The part of the cells that have to be of one form for it to be the form of the column."""
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_TIME = (
    r"(?:(?P<gap>[ T])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<part>[.,]\d+)?)?(?P<half> ?[AP]M)?)?"
)
_SHAPES = (
    re.compile(
        rf"(?P<year>\d{{4}})(?P<sep>[-/.])(?P<first>\d{{1,2}})(?P=sep)(?P<second_>\d{{1,2}}){_TIME}", re.IGNORECASE
    ),
    re.compile(
        rf"(?P<first>\d{{1,2}})(?P<sep>[-/.])(?P<second_>\d{{1,2}})(?P=sep)(?P<year>\d{{4}}|\d{{2}}){_TIME}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<first>\d{{1,2}})(?P<sep>[-/. ])(?P<name>{_MONTHS})(?P=sep)(?P<year>\d{{4}}|\d{{2}}){_TIME}",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<year>(?:19|20)\d{2})(?P<first>0[1-9]|1[0-2])(?P<second_>[0-3]\d)(?P<sep>)(?P<gap>)(?:(?P<hour>[0-2]\d)(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?)?"
    ),
)


@dataclass
class _Dates:
    """Cells of one form."""

    many: int = 0
    first: int = 0
    """The largest number in the first place that is no year."""
    second: int = 0
    third: int = 0
    """The largest number in the place of the year."""
    midnight: bool = True


@dataclass(frozen=True)
class DateForm:
    """How the dates of a column are written."""

    formats: tuple[str, ...]
    """The `strptime` formats that read them; several: which it is cannot be told. Empty: ISO 8601."""
    share: float
    """The part of the cells that are of this form."""
    timed: bool
    midnight: bool
    """Whether every time is midnight, so that these are dates."""
    short_years: bool = False


@dataclass
class Profile:
    """What stands in one column."""

    name: str
    blank_words: frozenset[str] = frozenset()
    """Texts that may mean an empty cell, in lower case."""
    cells: int = 0
    """Those that are not empty and hold no such text."""
    blanks: Counter[str] = field(default_factory=Counter)
    """The texts that may mean an empty cell, and how many cells hold each."""
    words: Counter[str] = field(default_factory=Counter)
    """The different texts and how many cells hold each, as far as they are counted."""
    _dates: dict[tuple[str, ...], _Dates] = field(default_factory=dict)
    _iso: int = 0

    @property
    def is_list(self) -> bool:
        """Whether it holds the words of a list."""
        return len(self.words) <= WORDS_AT_MOST

    @property
    def texts(self) -> dict[str, int]:
        """The different texts, those that may mean an empty cell too, and how many cells hold each."""
        return {**self.words, **self.blanks}

    def see(self, text: str) -> None:
        """Take one cell that is not empty."""
        if text.casefold() in self.blank_words:
            self.blanks[text] += 1
            return
        self.cells += 1
        if len(self.words) < _COUNTED_AT_MOST or text in self.words:
            self.words[text] += 1
        if isinstance(text, DateCell):
            self._iso += 1
            return
        for number, shape in enumerate(_SHAPES):
            if found := shape.fullmatch(text):
                self._see_date(number, found)
                return

    def _see_date(self, number: int, found: "re.Match[str]") -> None:
        parts = found.groupdict()
        time = parts.get("hour") is not None
        key = (
            str(number),
            parts["sep"],
            str(len(parts["year"])),
            (parts.get("gap") or "") if time else "no time",
            "second" if parts.get("second") else "",
            "part" if parts.get("part") else "",
            ("gap" if (parts.get("half") or "").startswith(" ") else "half") if parts.get("half") else "",
        )
        seen = self._dates.setdefault(key, _Dates())
        seen.many += 1
        seen.first = max(seen.first, int(parts["first"]))
        seen.second = max(seen.second, int(parts.get("second_") or 0))
        seen.third = max(seen.third, int(parts["year"]))
        hour = (
            "0" if (parts.get("hour"), (parts.get("half") or "").strip().upper()) == ("12", "AM") else parts.get("hour")
        )
        clock = (hour, parts.get("minute"), parts.get("second") or "00")
        seen.midnight = seen.midnight and time and {int(one or 1) for one in clock} == {0}

    @property
    def dates(self) -> DateForm | None:
        """The form of its dates; None: most of its cells are none."""
        if self._iso and self._iso >= self.cells / 2:
            return DateForm((), self._iso / self.cells, timed=False, midnight=False)
        if not self._dates:
            return None
        key, seen = max(self._dates.items(), key=lambda one: one[1].many)
        if seen.many < self.cells / 2:
            return None
        number, sep, years, gap, second, part, half = key
        timed = gap != "no time"
        clock = f"{gap}{'%I' if half else '%H'}:%M{':%S' if second else ''}{'.%f' if part else ''}" if timed else ""
        if half:
            clock += f"{' ' if half == 'gap' else ''}%p"
        year = "%Y" if years == "4" else "%y"
        formats: tuple[str, ...]
        if number == "0":
            iso = sep == "-" and not half
            formats = () if iso else (f"%Y{sep}%m{sep}%d{clock}",)
        elif number == "1":
            formats = _orders(seen, sep, year, clock)
        elif number == "2":
            formats = (f"%d{sep}%b{sep}{year}{clock}",)
        else:
            formats = ("%Y%m%d" + ("%H%M" + ("%S" if second else "") if timed else ""),)
        return DateForm(formats, seen.many / self.cells, timed, timed and seen.midnight, years == "2")


def _orders(seen: _Dates, sep: str, year: str, clock: str) -> tuple[str, ...]:
    """Return the formats of numeric dates that can be meant; of years of two digits after dashes also year first."""
    by_day, by_month = f"%d{sep}%m{sep}{year}{clock}", f"%m{sep}%d{sep}{year}{clock}"
    found = [form for form, month in ((by_day, seen.second), (by_month, seen.first)) if month <= 12]
    if year == "%y" and sep != "/" and seen.second <= 12 and seen.third <= 31:
        found.append(f"%y{sep}%m{sep}%d{clock}")
    found = [form for form in found if not (form.startswith("%d") and seen.first > 31)]
    return tuple(found) or (by_day, by_month)


def profiles(header: Iterable[str], rows: Iterable[Mapping[str, str]], blank: frozenset[str]) -> dict[str, Profile]:
    """Return what each column holds.

    Args:
        header: the columns.
        rows: their cells.
        blank: texts that may mean an empty cell, in lower case.
    """
    found = {name: Profile(name, blank) for name in header}
    for row in rows:
        for name, one in found.items():
            if text := row.get(name, ""):
                one.see(text)
    return found
