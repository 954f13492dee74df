"""Entries of a proposed mapping, column by column, with how certain each is and why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ringfence.record import Column

from .known_names import is_list, known_word, translated
from .mapping import FACTS
from .profiles import WORDS_AT_MOST, Profile
from .recognizing import Certainty, Match, Sheet


@dataclass(frozen=True)
class ProposedColumn:
    """Where the text of one of our columns seems to come from."""

    column: str | None = None
    template: str | None = None
    pattern: str | None = None
    format: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    """The file's words to ours, where they differ."""
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Words that are not known, and how many cells hold each."""
    counts: Mapping[str, int] = field(default_factory=dict)
    certainty: Certainty = Certainty.SURE
    why: str = ""

    @property
    def as_template(self) -> str:
        """The same as a part of a template."""
        return self.template or f"{{{self.column}}}"


class ProposedConstant(NamedTuple):
    """What is the same in all rows, and why."""

    text: str
    why: str = ""


@dataclass(frozen=True)
class ProposedEntry:
    """A file for a table."""

    table: str
    file: str
    rows: int
    columns: Mapping[str, ProposedColumn]
    constants: Mapping[str, ProposedConstant] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    leave_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where_filled: tuple[str, ...] = ()
    distinct: bool = False
    each: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    label: str = ""
    """Of a square table: the pattern of its labels."""
    note: str = ""
    ours: bool = False
    """Whether the file has our own form."""
    guess: str = ""
    """Why it is not in force until a person says so; empty: it is."""

    @property
    def filled(self) -> set[str]:
        """Our columns that it fills."""
        sure = {name for name, one in self.columns.items() if one.certainty is not Certainty.GUESS}
        return sure | self.constants.keys() | {name for some in self.each.values() for name in some}

    def at_a_site(self, sheet: Sheet) -> "ProposedEntry":
        """Return it with the facility: as a column of the file says, else the one facility."""
        match = sheet.matches(self.table).get("facility_id") or sheet.matches("stays").get("facility_id")
        profile = sheet.profiles[match.column] if match else None
        # Rows in which it is empty are refused, and not given to another hospital.
        if match and profile and profile.is_list and 2 * profile.cells >= len(sheet.text.rows):
            own = ProposedColumn(column=match.column, certainty=match.certainty, why=match.why)
            return replace(self, columns={**self.columns, "facility_id": own})
        return replace(self, constants={**self.constants, "facility_id": ProposedConstant(SITE)})


_AT_MIDNIGHT = r"^(.+?)[ T](?:0?0:00(?::00(?:[.]0+)?)?|12:00(?::00)? ?[Aa][Mm])$"
_AT_MIDNIGHT_COMPACT = r"^([0-9]{8})0000(?:00)?$"
SITE = "the facility"
"""Stands for the one facility, which a person names."""


def template(text: str, why: str = "") -> ProposedColumn:
    """Return a column that puts others together."""
    return ProposedColumn(template=text, certainty=Certainty.LIKELY, why=why or "put together of other columns")


def sure_enough(found: Mapping[str, Match], *columns: str) -> bool:
    """Whether all these were recognized, and none is a guess."""
    return all(name in found and found[name].certainty is not Certainty.GUESS for name in columns)


def column_of(sheet: Sheet, table: str, name: str) -> ProposedColumn:
    """Return a column that was recognized, with the form of its dates or our word for each of its words."""
    match = sheet.matches(table)[name]
    profile = sheet.profiles[match.column]
    column = FACTS[table].by_name.get(name)
    found = ProposedColumn(column=match.column, certainty=match.certainty, why=match.why)
    if column is not None and column.kind.dated:
        return _dated(found, profile, sheet)
    if column is None or is_list(column):
        return with_words(found, profile, table, name, column)
    return found


def with_words(found: ProposedColumn, profile: Profile, table: str, name: str, column: Column | None) -> ProposedColumn:
    """Return a column with our word for each of its words, and those that are not known."""
    values: dict[str, str] = {}
    unknown: dict[str, int] = {}
    counts = profile.texts
    for word, many in counts.items():
        ours = translated(table, column, word, counts) if column else known_word("results.found", word, counts)
        if ours is None and word not in profile.blanks:
            unknown[word] = many
        elif ours is not None and ours != word:
            values[word] = ours
    if len(unknown) > WORDS_AT_MOST:  # names or numbers, and not the words of a list
        unknown = {}
    return replace(found, values=values, unknown=unknown, counts=counts)


def _dated(found: ProposedColumn, profile: Profile, sheet: Sheet) -> ProposedColumn:
    dates = profile.dates
    if dates is None:
        return found
    why = found.why
    if dates.short_years:
        why += "; years have two digits: 69 to 99 are read as 1969 to 1999, others as 2000 to 2068"
    formats = dates.formats
    order = sheet.order_of_dates(formats[0]) if len(formats) > 1 else ""
    if any(one.startswith(order) for one in formats if order):
        formats = tuple(one for one in formats if one.startswith(order))
        begins = {"%d": "day", "%m": "month"}.get(order, "year")
        found = replace(found, certainty=Certainty.LIKELY)
        why += f"; no day above 12 tells, but other dates of the file begin with the {begins}"
    if len(formats) > 1:
        return replace(found, format=f"CHOOSE {' or '.join(formats)}", why=f"{why}; no day above 12 tells which")
    form = formats[0] if formats else None
    if dates.midnight:
        day = re.split("%[HI]", form)[0].rstrip("T ") if form else None
        why += "; every time is midnight, so these are dates"
        pattern = _AT_MIDNIGHT_COMPACT if form and " " not in form and "T" not in form else _AT_MIDNIGHT
        return replace(found, pattern=pattern, format=day, why=why)
    return replace(found, format=form, why=why)
