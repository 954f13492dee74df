"""Workbooks to rows of cells, by python-calamine: what a cell holds, not how it is shown."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from .files import DateCell
from .lost_cells import lost_cells
from .parts import Holds, Part
from .problems import Effect, Problem
from .texts import Line


def sheets_of(book: Part) -> tuple[list[Part], list[Problem]]:
    """Return the sheets of a workbook that hold anything, and what is wrong with it."""
    try:
        with book.file() as file:
            opened = CalamineWorkbook.from_filelike(file)
            about = [
                (one.name, one.visible is SheetVisibleEnum.Visible)
                for one in opened.sheets_metadata
                if one.typ is SheetTypeEnum.WorkSheet and opened.get_sheet_by_name(one.name).end is not None
            ]
    except PasswordError:
        return [], [Problem(book.name, 0, "", "This workbook is locked by a password.", "Save it without one.")]
    except CalamineError:
        problem = "This workbook cannot be read: it is damaged, or locked by a password."
        return [], [Problem(book.name, 0, "", problem, "Open it and save it anew as .xlsx, without a password.")]
    hidden = [name for name, visible in about if not visible]
    problems = [
        Problem(
            f"{book.name}/{name}", 0, "", "This sheet is hidden; it is not read.", "Show it, or delete it.", Effect.USED
        )
        for name in hidden
    ]
    shown = [name for name, visible in about if visible]
    if not shown:
        problems.append(Problem(book.name, 0, "", "No sheet of this workbook holds anything.", "Save it again."))
    if len(shown) == 1:
        return [Part(book.path, book.name, book.stem, Holds.SHEET, book.member, shown[0], book.packed)], problems
    named = ((name, f"{book.name}/{name}") for name in shown)
    return [
        Part(book.path, where, name.strip().lower(), Holds.SHEET, book.member, name, book.packed)
        for name, where in named
    ], problems


def lines_of_sheet(part: Part) -> Iterator[Line]:
    """Yield the rows of a sheet with their numbers there."""
    with part.file() as file:
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_name(part.sheet)
        rows = sheet.to_python(skip_empty_area=False)
        merged = _merged(sheet)
        file.seek(0)
        lost = lost_cells(file, part.sheet)
    width = max(map(len, rows), default=0)
    whole_days = [_whole_days([row[n] for row in rows if n < len(row)]) for n in range(width)]
    for number, row in enumerate(rows, start=1):
        cells = [lost.get((number, n)) or _text(cell, whole_days[n]) for n, cell in enumerate(row)]
        yield Line(number, cells, merged.get(number, ""))


def _merged(sheet: CalamineSheet) -> dict[int, str]:
    """Return the rows in which cells are merged, and the letter of the first column."""
    found: dict[int, str] = {}
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or []:
        for row in range(top, bottom + 1):
            found.setdefault(row + 1, _letters(left))
    return found


def _letters(column: int) -> str:
    """Return what a spreadsheet calls a column: A, B … Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _whole_days(cells: Sequence[Any]) -> bool:
    """Tell whether the dates of a column carry no time: a midnight among times is a time."""
    return all(cell.time() == time() for cell in cells if isinstance(cell, datetime))


_DIGITS_KEPT = 10**15
"""A spreadsheet keeps fifteen digits of a number."""


def _text(cell: object, whole_days: bool) -> str:
    if isinstance(cell, datetime):
        return DateCell(cell.date().isoformat() if whole_days else cell.isoformat())
    if isinstance(cell, date):
        return DateCell(cell.isoformat() if whole_days else f"{cell.isoformat()}T00:00:00")
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        # One that lost its last digits is written as spreadsheets show it, and is refused as such.
        return str(int(cell)) if abs(cell) < _DIGITS_KEPT else f"{cell:.5E}"
    if isinstance(cell, time | timedelta):
        return str(cell)
    return str(cell)
