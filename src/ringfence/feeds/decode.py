"""One row of text to one row of a declared table, or the problems that prevent it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ringfence.record import (
    EXTRA_COLUMNS,
    BadValue,
    Column,
    Encounter,
    FarOff,
    Reading,
    Stay,
    Table,
    When,
    digest_of,
    end_of_day,
)
from ringfence.vocabulary import UnknownCarbapenemase, carbapenemases_in

from .checks import lacks
from .damage import MADE_A_DATE, damage, damage_of_a_date, damage_of_a_word
from .files import DateCell
from .problems import Effect, Problem


@dataclass(frozen=True)
class Cell:
    """The text of one of our columns, and how a mapping says to read it."""

    text: str
    source: str
    """The column of the file, for messages."""
    format: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    system: str | None = None
    """The code system that the text is a code of; None: it is a word."""
    display: str = ""
    """The words beside the code."""

    @property
    def word(self) -> str:
        """What the mapping puts for the text."""
        return self.values.get(self.text, self.text).strip()


@dataclass(frozen=True)
class Place:
    """Where a row stands."""

    file: str
    line: int


_STILL_OPEN = "This end lies after the year 2199, by which systems say that there is none; it is read as still open."
_LEAVE_EMPTY = "Leave the cell empty, or name its text under `empty` in the mapping."
_WITHOUT = "The row is used without it."
INSTEAD = {("specimens", "purpose"): "unstated", ("specimens", "kind"): "other"}
"""What a word that is not known is read as, where it says little and its row much: a positive would be missing."""
_SPARED = {("results", "reported"), ("specimens", "received")}
"""Columns whose loss costs less than the loss of their row: a result, or a specimen, would be missing."""


def decode(
    table: Table, cells: Mapping[str, Cell], place: Place, zone: ZoneInfo | None
) -> tuple[Any | None, list[Problem]]:
    """Return the row that `cells` write and its problems; None when one of them refuses it."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in table.columns:
        cell = cells.get(column.name, Cell("", column.name))
        try:
            values[column.name] = _value(column, cell, zone)
        except BadValue as bad:
            problem = Problem(place.file, place.line, cell.source, bad.problem, bad.remedy)
            values[column.name] = column.default
            instead = INSTEAD.get((table.name, column.name)) if cell.text else None
            if isinstance(bad, FarOff) and column.name in table.until_known:
                problem = replace(problem, problem=_STILL_OPEN, remedy=_LEAVE_EMPTY, effect=Effect.USED)
            elif instead:
                values[column.name] = column.kind.read(instead, Reading())
                told = f"{bad.problem} The row is used as `{instead}`."
                problem = replace(problem, problem=told, effect=Effect.DOUBTFUL)
            elif (table.name, column.name) in _SPARED:
                problem = replace(problem, problem=f"{bad.problem} {_WITHOUT}", effect=Effect.DOUBTFUL)
            problems.append(problem)
    if any(problem.effect is Effect.REFUSED for problem in problems):
        return None, problems
    row = _complete(table, values)
    problems += _contradictions(row, place, zone)
    return (None if any(p.effect is Effect.REFUSED for p in problems) else row), problems


def one_for_each_enzyme(
    table: str, cells: dict[str, Cell], place: Place
) -> tuple[list[dict[str, Cell]], list[Problem]]:
    """Return the cells of a row; of a result that names several carbapenemases, a row for each, and that it does."""
    cell = cells.get("analyte")
    if table != "results" or cell is None or not cell.word:
        return [cells], []
    try:
        named = carbapenemases_in(cell.word)
    except UnknownCarbapenemase:
        return [cells], []
    if len(named) < 2:
        return [cells], []
    number = cells.get("result_id", Cell("", "result_id"))
    each = [
        {
            **cells,
            "analyte": replace(cell, text=one.name, values={}),
            "result_id": replace(number, text=f"{number.word}/{one.name}" if n else number.word, values={}),
        }
        for n, one in enumerate(named)
    ]
    problem = "This cell names several carbapenemases; each is read as a result of its own."
    remedy = "Nothing needs to be done, unless one of them is meant."
    return each, [Problem(place.file, place.line, cell.source, problem, remedy, Effect.USED)]


def decode_extra(
    cells: Mapping[str, Cell], place: Place, zone: ZoneInfo | None
) -> tuple[datetime | None, bool, str, list[Problem]]:
    """Return when a row was recorded, whether it takes back, its control id, and the problems of these cells."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in EXTRA_COLUMNS:
        cell = cells.get(column.name, Cell("", column.name))
        try:
            values[column.name] = _value(column, cell, zone)
        except BadValue as bad:
            values[column.name] = column.default
            problems.append(Problem(place.file, place.line, cell.source, bad.problem, bad.remedy))
    recorded: When | None = values["recorded"]
    local = zone or ZoneInfo("UTC")
    # What was recorded on a date is not used before that day is over.
    instant = (recorded.at or end_of_day(recorded.day(local), local)) if recorded else None
    return instant, values["retracted"], values["control"] or "", problems


def _value(column: Column, cell: Cell, zone: ZoneInfo | None) -> Any:  # noqa: ANN401
    text = cell.word
    if cell.text not in cell.values:
        _refuse_damage(column, cell.text)
    if text:
        # A cell that its file says is a date is written by our own rule, and not as the mapping says of the others.
        shape = cell.format if column.kind.dated and not isinstance(cell.text, DateCell) else None
        return column.kind.read(text, Reading(zone, shape))
    if column.required:
        raise BadValue("This cell is empty and must not be.", f"Give {column.meaning[0].lower()}{column.meaning[1:]}")
    return column.default


def _refuse_damage(column: Column, text: str) -> None:
    """Refuse what a spreadsheet left of a cell.

    Raises:
        BadValue: what was there cannot be told.
    """
    found = damage(text)
    if column.kind.dated:
        found = found or damage_of_a_date(text)
    elif isinstance(text, DateCell):
        found = MADE_A_DATE
    elif not column.kind.measured:
        found = found or damage_of_a_word(text)
    if found:
        raise BadValue(found.problem, found.remedy)


def _complete(table: Table, values: dict[str, Any]) -> Any:  # noqa: ANN401
    row = table.row(**values)
    derived = [c.name for c in table.columns if c.derived and not values[c.name]]
    return table.row(**values | dict.fromkeys(derived, digest_of(table.derived_from(row)))) if derived else row


_PRESENCES = (Encounter, Stay)


def _contradictions(row: Any, place: Place, zone: ZoneInfo | None) -> Iterator[Problem]:  # noqa: ANN401
    start: When | None = getattr(row, "start", None)
    end: When | None = getattr(row, "end", None)
    if start is not None and end is not None:
        local = zone or ZoneInfo("UTC")
        if end.latest(local) < start.earliest(local):
            yield Problem(
                place.file, place.line, "end", "It ends before it starts.", "Check both; one of them is wrong."
            )
        elif start.at is not None and start.at == end.at and isinstance(row, _PRESENCES):
            problem = "It has no length, so nobody was met in it."
            yield Problem(place.file, place.line, "end", problem, "Check the times.", Effect.USED)
    for lack in lacks(row):
        yield Problem(place.file, place.line, *lack)
