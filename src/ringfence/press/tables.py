"""Rows as HTML tables and as CSV files."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup, escape

from .files import whole

# A spreadsheet program runs a cell that begins so; a leading apostrophe makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SHORT = 24


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
        marks = [_mark(name in self.numbers, name in self.names) for name in self.header]
        body = Markup("").join(_row(row, marks) for row in self.rows)
        more = Markup('<p class="quiet">{}</p>').format(self.more) if self.more else Markup("")
        # A region that scrolls must be reachable by keyboard.
        return Markup(
            '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table><thead><tr>{}</tr></thead>'
            "<tbody>{}</tbody></table></div>{}"
        ).format(self.caption, head, body, more)


def _mark(number: bool, name: bool) -> str:
    return "number" if number else "name" if name else ""


def _row(cells: Sequence[str], marks: Sequence[str]) -> Markup:
    return Markup("<tr>{}</tr>").format(Markup("").join(map(_cell, cells, marks)))


def _cell(text: str, mark: str) -> Markup:
    kinds = " ".join(filter(None, ["number" if mark == "number" else "", "short" if len(text) <= _SHORT else ""]))
    kind = Markup(' class="{}"').format(kinds) if kinds else ""
    return Markup("<td{}{}>{}</td>").format(kind, Markup(' translate="no"') if mark == "name" else "", escape(text))


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
