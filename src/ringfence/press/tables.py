"""Rows as HTML tables and as CSV files."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup, escape

from .files import whole

# A spreadsheet program runs a cell that begins so; a leading apostrophe makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SHORT = 24
_FIT_A_PHONE = 4
"""So many columns at most are read on a phone as they are."""
_FIT_A_SCREEN = 8


class Name(str):
    """A cell that holds a name out of the data, in a column that holds words of ours too."""

    __slots__ = ()


@dataclass(frozen=True)
class HtmlTable:
    """A table with a caption, and what to say when rows were left out."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    more: str = ""
    numbers: Sequence[str] = ()
    """The columns that hold numbers, by their header; a language may write them otherwise."""
    names: Sequence[str] = ()
    """The columns that hold names out of the data, by their header; no language changes them."""

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        return str(self.__html__())

    def __html__(self) -> Markup:
        head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in self.header)
        wide = len(self.header) > _FIT_A_PHONE
        columns = [_Column(n, n in self.numbers, n in self.names, wide) for n in self.header]
        body = Markup("").join(_row(row, columns) for row in self.rows)
        more = Markup('<p class="quiet">{}</p>').format(self.more) if self.more else Markup("")
        # A region that scrolls must be reachable by keyboard.
        return Markup(
            '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table{}><thead><tr>{}</tr></thead>'
            "<tbody>{}</tbody></table></div>{}"
        ).format(self.caption, _kind(len(self.header)), head, body, more)


def _kind(columns: int) -> Markup:
    """Return the class of a table: one that a phone shows as cards, and one whose short cells may break too."""
    kinds = [name for name, from_ in (("cards", _FIT_A_PHONE), ("many", _FIT_A_SCREEN)) if columns > from_]
    return Markup(' class="{}"').format(" ".join(kinds)) if kinds else Markup("")


class _Column(NamedTuple):
    header: str
    number: bool
    name: bool
    labelled: bool
    """Whether its cells bear its name: a phone shows the rows of a wide table as cards."""


def _row(cells: Sequence[str], columns: Sequence[_Column]) -> Markup:
    return Markup("<tr>{}</tr>").format(Markup("").join(map(_cell, cells, columns)))


def _cell(text: str, column: _Column) -> Markup:
    kinds = " ".join(filter(None, ["number" if column.number else "", "short" if len(text) <= _SHORT else ""]))
    kind = Markup(' class="{}"').format(kinds) if kinds else ""
    name = Markup(' translate="no"') if column.name or isinstance(text, Name) else ""
    label = Markup(' data-label="{}"').format(column.header) if column.labelled and text else ""
    return Markup("<td{}{}{}>{}</td>").format(kind, name, label, escape(text))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file (UTF-8, whole or not at all); a text that a spreadsheet would run is made plain text."""
    with whole(path) as pending, pending.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([plain(cell) for cell in row] for row in rows)


def write_text(path: Path, text: str) -> None:
    """Write a text file (UTF-8), whole or not at all."""
    with whole(path) as pending:
        pending.write_text(text, encoding="utf-8")


def plain(cell: str) -> str:
    """Return a cell as text that no spreadsheet program runs."""
    return f"'{cell}" if cell.startswith(_FORMULA) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
