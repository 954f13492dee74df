"""Reading files as rows of text: CSV in UTF-8, and Parquet."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .problems import Problem

SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True)
class TextRow:
    """One row as text by column name, and its line (Parquet: its number, from 1)."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class TextFile:
    """A file as rows of text."""

    header: tuple[str, ...]
    rows: tuple[TextRow, ...]
    problems: tuple[Problem, ...] = ()


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_file(path: Path) -> TextFile:
    """Return the rows of `path`; what cannot be read is among its problems."""
    return _read_parquet(path) if path.suffix.lower() == ".parquet" else _read_csv(path)


def _read_csv(path: Path) -> TextFile:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        remedy = "Save it as CSV UTF-8; in a spreadsheet program choose that type under Save as."
        return TextFile((), (), (Problem(path.name, line, "", "This file is not UTF-8 text.", remedy),))
    return _with_header(path.name, _numbered(StringIO(text, newline=""), path.name))


def _numbered(lines: StringIO, name: str) -> Iterator[tuple[int, list[str]] | Problem]:
    """Yield each row with the line it begins on, and go on after a row that cannot be read."""
    reader = csv.reader(lines, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            yield begins, next(reader)
        except StopIteration:
            return
        except csv.Error:
            ended = lines.tell() == len(lines.getvalue())
            lost = " No row after it could be read." if ended and reader.line_num > begins else ""
            problem = f"The quotation marks of this row do not match.{lost}"
            yield Problem(name, begins, "", problem, 'Quote a cell as in "a, b", and a quotation mark in it as "".')


def _with_header(name: str, lines: Iterator[tuple[int, list[str]] | Problem]) -> TextFile:
    header: tuple[str, ...] = ()
    rows: list[TextRow] = []
    problems: list[Problem] = []
    for one in lines:
        if isinstance(one, Problem):
            problems.append(one)
            continue
        line, cells = one
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = tuple(cell.strip() for cell in cells)
            continue
        if len(cells) != len(header):
            problem = f"This row has {len(cells)} cells; the header has {len(header)}."
            problems.append(Problem(name, line, "", problem, "Give each row one cell for each column."))
            continue
        rows.append(TextRow(line, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    if not header:
        problems.append(Problem(name, 0, "", "The file is empty.", "Give a header row and the rows, or leave it out."))
    problems.extend(_header_problems(name, header))
    return TextFile(header, tuple(rows) if len(set(header)) == len(header) else (), tuple(problems))


def _header_problems(name: str, header: tuple[str, ...]) -> Iterator[Problem]:
    for column in dict.fromkeys(header):
        if header.count(column) > 1:
            remedy = "Give each column its own name."
            yield Problem(name, 1, column, "Two columns have this name; no row of the file is used.", remedy)


def _read_parquet(path: Path) -> TextFile:
    try:
        names = tuple(pq.read_schema(path).names)
        twice = tuple(_header_problems(path.name, names))
        if twice:
            return TextFile(names, (), twice)
        table = _in_microseconds(pq.read_table(path))
    except (OSError, ValueError):
        return TextFile((), (), (Problem(path.name, 0, "", "This is not a Parquet file.", "Export it again."),))
    cells = ((n, {k: _text(v) for k, v in row.items()}) for n, row in enumerate(table.to_pylist(), start=1))
    return TextFile(names, tuple(TextRow(n, row) for n, row in cells if any(row.values())))


def _in_microseconds(table: pa.Table) -> pa.Table:
    """Return the table with times in microseconds, the finest that Python's times hold."""
    fields = (
        f.with_type(pa.timestamp("us", f.type.tz)) if pa.types.is_timestamp(f.type) and f.type.unit == "ns" else f
        for f in table.schema
    )
    return table.cast(pa.schema(list(fields)), safe=False)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace").strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).strip()
