"""Parts of files as rows of text by column name, wherever the header stands; read as they are asked for."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .databases import BROKEN_DATABASE, damaged, rows_of
from .parts import BROKEN, Holds, Part, Watch, unwatched
from .problems import Effect, Problem
from .texts import Form, Line, Text


class DateCell(str):
    """Text of a cell that the file itself says is a date or an instant, written as ISO 8601."""

    __slots__ = ()


@dataclass(frozen=True)
class TextRow:
    """One row as text by column name, and its line (Parquet and databases: its number, from 1)."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Rows:
    """A part as rows of text, read anew each time they are asked for: a file may be larger than memory."""

    header: tuple[str, ...]
    read: Callable[[], Iterator[TextRow | Problem]]
    """Reads each row, or what is wrong with one."""
    problems: tuple[Problem, ...] = ()
    """What is to be said of the part as a whole."""

    def __iter__(self) -> Iterator[TextRow]:
        return (one for one in self.read() if isinstance(one, TextRow))


@dataclass(frozen=True)
class TextFile:
    """A file as rows of text, in memory."""

    header: tuple[str, ...]
    rows: tuple[TextRow, ...]
    problems: tuple[Problem, ...] = ()
    cut: bool = False
    """Whether the file has more rows than were asked for."""


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_part(part: Part, form: Form, wanted: Sequence[Collection[str]] = (), *, most: int) -> TextFile:
    """Return the first rows of a part, in memory; what cannot be read is among its problems.

    Args:
        part, form, wanted: as of `rows_of_part`.
        most: how many rows at most.
    """
    whole = rows_of_part(part, form, wanted)
    rows: list[TextRow] = []
    problems = list(whole.problems)
    for one in whole.read():
        if isinstance(one, Problem):
            problems.append(one)
        elif len(rows) == most:
            return TextFile(whole.header, tuple(rows), tuple(problems), cut=True)
        else:
            rows.append(one)
    return TextFile(whole.header, tuple(rows), tuple(problems))


def rows_of_part(part: Part, form: Form, wanted: Sequence[Collection[str]] = (), watch: Watch = unwatched) -> Rows:
    """Return the rows of a part, which are not read yet.

    Args:
        part: what is read.
        form: what a mapping says of it.
        wanted: sets of columns, one of which its header is to name; the header is sought by them, below what stands
            above it.
        watch: is told how many bytes of it were read, as they are; of what is held in memory, once.
    """
    if part.holds is Holds.PARQUET:
        return _of_parquet(part)
    if part.holds is Holds.DATABASE:
        return _of_database(part)
    if part.holds is Holds.SHEET:
        from .sheets import lines_of_sheet

        lines = tuple(lines_of_sheet(part))  # a sheet has a million rows at most
        return _with_header(part.name, lambda: iter(lines), form, wanted)
    return _with_header(part.name, Text(part, form, watch).lines, form, wanted)


_ABOVE_A_HEADER = 20
"""Rows in which a header is sought."""


def _with_header(
    name: str, lines: Callable[[], Iterator[Line | Problem]], form: Form, wanted: Sequence[Collection[str]]
) -> Rows:
    first = list(islice(lines(), max((_ABOVE_A_HEADER, *form.header))))
    header, last, above = _header(first, form, wanted)
    twice = tuple(_header_problems(name, header, last))
    said = list(twice)
    if above:
        problem = f"What stands above the header on line {last} is not read."
        said.append(Problem(name, above, "", problem, "Nothing needs to be done.", Effect.USED))
    if not header and not any(isinstance(one, Problem) for one in first):
        said.append(Problem(name, 0, "", "The file is empty.", "Give a header row and the rows, or leave it out."))

    def read() -> Iterator[TextRow | Problem]:
        for one in lines():
            if isinstance(one, Problem):
                yield one
            elif one.number > last and any(cell.strip() for cell in one.cells) and not twice:
                yield _row(name, header, one)

    return Rows(tuple(c for n, c in enumerate(header) if c or n == 0), read, tuple(said))


def _row(name: str, header: tuple[str, ...], line: Line) -> TextRow | Problem:
    """Return a row by column; a cell under no name may only be empty.

    But for the first: programs write the names of rows there, or count them, and give the column no name.
    """
    cells = [cell if isinstance(cell, DateCell) else cell.strip() for cell in line.cells]
    if line.merged:
        problem = "Cells are merged here, so that it is not said which row or column the text is of."
        return Problem(name, line.number, line.merged, problem, "Unmerge them in the spreadsheet, and fill each cell.")
    if len(cells) != len(header) and (len(cells) < len(header) or any(cells[len(header) :])):
        problem = f"This row has {len(cells)} cells; the header has {len(header)}."
        return Problem(name, line.number, "", problem, "Give each row one cell for each column.")
    if any(cell and not column for column, cell in zip(header[1:], cells[1:], strict=False)):
        problem = "A cell of this row stands under no name in the header."
        return Problem(name, line.number, "", problem, "Name the column, or empty it.")
    named = enumerate(zip(header, cells, strict=False))
    return TextRow(line.number, {column: cell for n, (column, cell) in named if column or n == 0})


def _header(
    first: Sequence[Line | Problem], form: Form, wanted: Sequence[Collection[str]]
) -> tuple[tuple[str, ...], int, int]:
    """Return the names of the columns, the line on which they end, and the first line above; 0: none."""
    lines = [one for one in first if isinstance(one, Line) and any(cell.strip() for cell in one.cells)]
    if not lines:
        return (), 0, 0
    if form.header:
        named = [one for one in lines if one.number in form.header]
        names, last = named_together([one.cells for one in named]), max(form.header)
        return names, last, next((one.number for one in lines if one.number < min(form.header)), 0)

    def named_in(line: Line) -> int:
        cells = {cell.strip() for cell in line.cells}
        return max((len(cells.intersection(columns)) for columns in wanted), default=0)

    best = max(lines, key=named_in)  # the first of those that name as many
    names = tuple(cell.strip() for cell in best.cells)
    while names and not names[-1]:
        names = names[:-1]
    return names, best.number, lines[0].number if lines[0].number < best.number else 0


def named_together(lines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return headers of several lines as one: each name of an upper line goes for the empty cells on its right."""
    width = max(map(len, lines), default=0)
    names = [""] * width
    for number, line in enumerate(lines):
        last = ""
        for n in range(width):
            own = line[n].strip() if n < len(line) else ""
            last = own or (last if number < len(lines) - 1 else "")
            names[n] = f"{names[n]} {last}".strip()
    return tuple(names)


def _header_problems(name: str, header: tuple[str, ...], line: int) -> Iterator[Problem]:
    for column in dict.fromkeys(header):
        if column and header.count(column) > 1:
            remedy = "Give each column its own name."
            yield Problem(name, line, column, "Two columns have this name; no row of the file is used.", remedy)


def _of_parquet(part: Part) -> Rows:
    broken = Problem(part.name, 0, "", "This is not a Parquet file.", "Export it again.")
    try:
        with part.file() as file:
            schema = pq.read_schema(file)
    except (*BROKEN, ValueError):
        return Rows((), lambda: iter(()), (broken,))
    names = tuple(schema.names)
    twice = tuple(_header_problems(part.name, names, 1))

    def read() -> Iterator[TextRow | Problem]:
        at = 0
        try:
            with part.file() as file:
                for batch in pq.ParquetFile(file).iter_batches(batch_size=_ROWS_AT_ONCE):
                    table = _in_microseconds(pa.Table.from_batches([batch]))
                    columns = [_texts(column) for column in table.columns]
                    for number, row in enumerate(zip(*columns, strict=True), start=at + 1):
                        if any(row):
                            yield TextRow(number, dict(zip(table.schema.names, row, strict=True)))
                    at += len(table)
        except (*BROKEN, ValueError):
            yield broken

    return Rows(names, (lambda: iter(())) if twice else read, twice)


_ROWS_AT_ONCE = 10_000


def _of_database(part: Part) -> Rows:
    try:
        names, _ = rows_of(part)
    except BROKEN_DATABASE:
        return Rows((), lambda: iter(()), (damaged(part),))

    def read() -> Iterator[TextRow | Problem]:
        try:
            for number, row in enumerate(rows_of(part)[1], start=1):
                cells = dict(zip(names, map(_text, row), strict=True))
                if any(cells.values()):
                    yield TextRow(number, cells)
        except BROKEN_DATABASE:
            yield damaged(part)

    return Rows(names, read)


def _in_microseconds(table: pa.Table) -> pa.Table:
    """Return the table with times in microseconds, the finest that Python's times hold."""
    fields = (
        f.with_type(pa.timestamp("us", f.type.tz)) if pa.types.is_timestamp(f.type) and f.type.unit == "ns" else f
        for f in table.schema
    )
    return table.cast(pa.schema(list(fields)), safe=False)


def _texts(column: pa.ChunkedArray) -> list[str]:
    """Return the cells of a column as text; a date that no calendar of ours has is written as its number of a day."""
    text = _text_of(column.type)
    try:
        return [text(value) for value in column.to_pylist()]
    except (OverflowError, ValueError):
        return [_text_or_number(cell, text) for cell in column]


def _text_or_number(cell: pa.Scalar, text: Callable[[object], str]) -> str:
    try:
        return text(cell.as_py())
    except (OverflowError, ValueError):
        return str(cell.value)


def _text_of(kind: pa.DataType) -> Callable[[object], str]:
    dated = pa.types.is_date(kind) or pa.types.is_timestamp(kind)
    return lambda value: DateCell(_text(value)) if dated and value is not None else _text(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace").strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:  # above, digits are lost
        return f"{value:.0f}"
    return str(value).strip()
