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
            full = [n for n in names if connection.execute(f"SELECT 1 FROM {_named(n)} LIMIT 1").fetchone()]  # noqa: S608
    except BROKEN_DATABASE:
        return [], [damaged(base)]
    if not full:
        problem = "No table of this database holds anything."
        return [], [Problem(base.name, 0, "", problem, "Export it again, or leave it out.")]
    if len(full) == 1:
        return [Part(base.path, base.name, base.stem, Holds.DATABASE, base.member, full[0], base.packed)], []
    return [
        Part(base.path, f"{base.name}/{n}", n.strip().lower(), Holds.DATABASE, base.member, n, base.packed)
        for n in full
    ], []


def rows_of(part: Part) -> tuple[tuple[str, ...], Iterator[tuple[object, ...]]]:
    """Return the names of the columns of a table, and its rows as SQLite holds them.

    Raises:
        BROKEN_DATABASE: it cannot be read, also while the rows are taken.
    """
    with _opened(part) as connection:
        columns = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({_named(part.sheet)})")]

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
            connection.deserialize(data)
            _check_length(connection, len(data))
            yield connection
        return
    where = f"file:{quote(str(part.path.resolve()))}?mode=ro"
    with closing(sqlite3.connect(where, uri=True)) as connection:
        _check_length(connection, part.path.stat().st_size)
        yield connection


def _check_length(connection: sqlite3.Connection, length: int) -> None:
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    if length % size:  # SQLite would read zeros for what is missing
        raise sqlite3.DatabaseError


def _named(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
