"""SQLite files to rows of text: each table that holds rows is a part of its own."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import quote

from .parts import Holds, Part
from .problems import Problem

BROKEN_DATABASE = (sqlite3.Error, OSError)


def tables_of(base: Part) -> tuple[list[Part], list[Problem]]:
    """Return the tables and views of a database that hold anything, and what is wrong with it."""
    try:
        with _opened(base) as connection:
            asked = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
            names = [str(name) for (name,) in connection.execute(f"{asked} ORDER BY name")]
            full, problems = [], []
            for name in names:
                try:
                    if connection.execute(f"SELECT 1 FROM {_named(name)} LIMIT 1").fetchone():  # noqa: S608 it is quoted
                        full.append(name)
                except sqlite3.OperationalError:
                    what = "This view or table cannot be read, as what it is made of is not there."
                    problems.append(Problem(f"{base.name}/{name}", 0, "", what, "Leave it out, or export its rows."))
    except BROKEN_DATABASE:
        return [], [damaged(base)]
    if not full and not problems:
        problem = "No table of this database holds anything."
        return [], [Problem(base.name, 0, "", problem, "Export it again, or leave it out.")]
    if len(full) == 1:
        return [Part(base.path, base.name, base.stem, Holds.DATABASE, base.member, full[0], base.packed)], problems
    return [
        Part(base.path, f"{base.name}/{n}", n.strip().lower(), Holds.DATABASE, base.member, n, base.packed)
        for n in full
    ], problems


def rows_of(part: Part) -> tuple[tuple[str, ...], Iterator[tuple[object, ...]]]:
    """Return the names of the columns of a table, and its rows as SQLite holds them.

    Raises:
        BROKEN_DATABASE: it cannot be read, also while the rows are taken.
    """
    with _opened(part) as connection:
        asked = connection.execute(f"SELECT * FROM {_named(part.sheet)} LIMIT 0")  # noqa: S608 the name is quoted
        columns = [str(row[0]) for row in asked.description]

    def rows() -> Iterator[tuple[object, ...]]:
        with _opened(part) as connection:
            yield from connection.execute(f"SELECT * FROM {_named(part.sheet)}")  # noqa: S608 the name is quoted

    return tuple(columns), rows()


def damaged(part: Part) -> Problem:
    """Return what is to be said of a database that cannot be read."""
    problem = "This SQLite file cannot be read: it is damaged, was cut off, or is open in another program."
    return Problem(part.name, 0, "", problem, "Close the program that writes it, and copy or export it again.")


@contextmanager
def _opened(part: Part) -> Iterator[sqlite3.Connection]:
    """Open a database for reading; one that was cut off, also within its last page, is refused."""
    if part.member or part.packed:
        with part.opened() as file, closing(sqlite3.connect(":memory:")) as connection:
            data = file.read()
            # One that was written with a log beside it says so, and could not be opened without; it is not sent along.
            data = data[:18] + b"\x01\x01" + data[20:] if data[18:20] == b"\x02\x02" else data
            connection.deserialize(data)
            connection.text_factory = _text
            _check_length(connection, len(data))
            yield connection
        return
    # With a log beside it what was written last stands there, and SQLite has to read both.
    log = part.path.with_name(f"{part.path.name}-wal")
    still = "" if log.is_file() and log.stat().st_size else "&immutable=1"
    where = f"file:{quote(str(part.path.resolve()))}?mode=ro{still}"
    with closing(sqlite3.connect(where, uri=True)) as connection:
        _check_length(connection, part.path.stat().st_size)
        connection.text_factory = _text
        yield connection


def _text(data: bytes) -> str:
    """Return a text: in UTF-8 as SQLite has it, else in Windows-1252, which programs put there by mistake."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("windows-1252", errors="replace")


def _check_length(connection: sqlite3.Connection, length: int) -> None:
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    if length % size:  # SQLite would read zeros for what is missing
        raise sqlite3.DatabaseError


def _named(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
