"""One row of text to one row of a declared table, or the problems that prevent it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from ringfence.record import BadValue, Column, Moment, Reading, Table, When, digest_of

from .problems import Effect, Problem


@dataclass(frozen=True)
class Cell:
    """The text of one of our columns, and how a mapping says to read it."""

    text: str
    source: str
    """The column of the file, for messages."""
    format: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a row stands."""

    file: str
    line: int


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
            problems.append(Problem(place.file, place.line, cell.source, bad.problem, bad.remedy))
    if problems:
        return None, problems
    row = _complete(table, values)
    problems = list(_contradictions(row, place, zone))
    return (None if any(p.effect is Effect.REFUSED for p in problems) else row), problems


def _value(column: Column, cell: Cell, zone: ZoneInfo | None) -> Any:  # noqa: ANN401
    text = cell.values.get(cell.text, cell.text)
    if text:
        return column.kind.read(text, Reading(zone, cell.format if isinstance(column.kind, Moment) else None))
    if column.required:
        raise BadValue("This cell is empty and must not be.", f"Give {column.meaning[0].lower()}{column.meaning[1:]}")
    return column.default


def _complete(table: Table, values: dict[str, Any]) -> Any:  # noqa: ANN401
    row = table.row(**values)
    derived = [c.name for c in table.columns if c.derived and not values[c.name]]
    return table.row(**values | dict.fromkeys(derived, digest_of(table.texts(row)))) if derived else row


def _contradictions(row: Any, place: Place, zone: ZoneInfo | None) -> Iterator[Problem]:  # noqa: ANN401
    start: When | None = getattr(row, "start", None)
    end: When | None = getattr(row, "end", None)
    if start is not None and end is not None:
        local = zone or ZoneInfo("UTC")
        if end.latest(local) < start.earliest(local):
            yield Problem(
                place.file, place.line, "end", "It ends before it starts.", "Check both; one of them is wrong."
            )
        elif start.at is not None and start.at == end.at:
            problem = "It has no length, so nobody was met in it."
            yield Problem(place.file, place.line, "end", problem, "Check the times.", Effect.USED)
    if hasattr(row, "place_id") and hasattr(row, "purpose") and not (row.patient_id or row.place_id):
        problem = "This specimen is from nobody and from no place; it is kept, and makes no case."
        remedy = "Give patient_id, or place_id for a sample of the environment."
        yield Problem(place.file, place.line, "patient_id", problem, remedy, Effect.USED)
