"""What a folder holds: files, files in archives, sheets of workbooks, tables of databases. Content tells, not names."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import IO, Any

from .problems import Problem

_DATABASES = (".sqlite", ".sqlite3", ".db")
SUFFIXES = (".csv", ".tsv", ".txt", ".gz", ".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet", *_DATABASES)
"""Names that are looked at in any folder; a mapping may name any other file."""

BROKEN = (EOFError, OSError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)
"""What reading an archive may end with: cut off, damaged, locked by a password, or packed in a way not known."""


Watch = Callable[[int], None]
"""Is told of each piece that is read how many bytes it has."""
_PIECE = 1 << 20


def unwatched(_: int) -> None:
    """Watch nothing."""


class _Watched(RawIOBase):
    """Bytes whose reading is watched."""

    def __init__(self, of: IO[bytes], watch: Watch) -> None:
        self._of, self._watch = of, watch

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:  # noqa: ANN401 a buffer
        piece = self._of.read(len(into))
        into[: len(piece)] = piece
        self._watch(len(piece))
        return len(piece)


class Holds(StrEnum):
    """What a part is made of."""

    TEXT = "text"
    SHEET = "sheet"
    PARQUET = "parquet"
    DATABASE = "database"


@dataclass(frozen=True)
class Part:
    """Something that holds one table of rows."""

    path: Path
    name: str
    """As problems name it: `stays.csv`, `export.zip/stays.csv`, `book.xlsx/Stays`."""
    stem: str
    """What it is called without its endings, in small letters: the table it is taken for in our own form."""
    holds: Holds
    member: str = ""
    """The file inside an archive."""
    sheet: str = ""
    """The sheet of a workbook, or the table of a database."""
    packed: bool = False
    """Whether the bytes are packed by gzip."""

    @contextmanager
    def opened(self, watch: Watch = unwatched) -> Iterator[IO[bytes]]:
        """Open the bytes, unpacked; `watch` is told of those that are read, as they stand in the file."""
        with _outer(self.path, self.member) as outer:
            seen = BufferedReader(_Watched(outer, watch), _PIECE)
            if not self.packed:
                yield seen
                return
            with gzip.open(seen) as inner:
                yield inner  # type: ignore[misc]

    @cached_property
    def size(self) -> int:
        """How many bytes there are, as they stand in the file."""
        if not self.member:
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as archive:
            return archive.getinfo(self.member).file_size

    def file(self) -> IO[bytes]:
        """Return the bytes as what can be read from any place: those of an archive are held in memory."""
        if not self.member and not self.packed:
            return self.path.open("rb")
        with self.opened() as file:
            return BytesIO(file.read())


@contextmanager
def _outer(path: Path, member: str) -> Iterator[IO[bytes]]:
    if not member:
        with path.open("rb") as file:
            yield file
        return
    with zipfile.ZipFile(path) as archive, archive.open(member) as inner:
        yield inner


def parts_of(path: Path) -> tuple[list[Part], list[Problem]]:
    """Return what a file holds, and what is wrong with it as a whole."""
    try:
        if _begins(path, "").startswith(_ZIP) and not _is_workbook(path, ""):
            return _members(path)
        return _one(path, path.name, "")
    except BROKEN as error:
        return [], [_unreadable(path.name, error)]


def _members(path: Path) -> tuple[list[Part], list[Problem]]:
    parts: list[Part] = []
    problems: list[Problem] = []
    with zipfile.ZipFile(path) as archive:
        names = sorted(one.filename for one in archive.infolist() if not one.is_dir())
    for member in dict.fromkeys(names):
        if names.count(member) > 1:
            problem = "Several files of this archive have this name, and only the last of them can be read."
            problems.append(Problem(f"{path.name}/{member}", 0, "", problem, "Pack them under names of their own."))
        name = f"{path.name}/{member}"
        if member.startswith("__MACOSX/") or Path(member).name.startswith("."):
            continue
        try:
            if _begins(path, member).startswith(_ZIP) and not _is_workbook(path, member):
                problem = "This is an archive inside an archive, and is not looked into."
                problems.append(Problem(name, 0, "", problem, "Unpack it, and put its files into the folder."))
                continue
            found, more = _one(path, name, member)
        except BROKEN as error:
            found, more = [], [_unreadable(name, error)]
        parts += found
        problems += more
    return parts, problems


def _one(path: Path, name: str, member: str) -> tuple[list[Part], list[Problem]]:
    """Return the parts of one file, or of one member of an archive."""
    begins = _begins(path, member)
    packed = begins.startswith(_GZIP)
    if packed:
        with _outer(path, member) as outer, gzip.open(outer) as inner:
            begins = inner.read(_LOOKED_AT)
    stem = _stem(name)
    if name.lower().removesuffix(".gz").endswith(".parquet") or begins.startswith(_PARQUET):
        return [Part(path, name, stem, Holds.PARQUET, member, packed=packed)], []
    if begins.startswith((_ZIP, _OLD_OFFICE)):
        from .sheets import sheets_of  # a library that only workbooks need

        return sheets_of(Part(path, name, stem, Holds.SHEET, member, packed=packed))
    if begins.startswith(_SQLITE):
        from .databases import tables_of

        return tables_of(Part(path, name, stem, Holds.DATABASE, member, packed=packed))
    for mark, what, remedy in _NO_TABLE:
        if begins.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(mark):
            return [], [Problem(name, 0, "", f"This is {what}, whatever its name says; it is not read.", remedy)]
    return [Part(path, name, stem, Holds.TEXT, member, packed=packed)], []


_LOOKED_AT = 512
_ZIP, _GZIP, _PARQUET = b"PK\x03\x04", b"\x1f\x8b", b"PAR1"
_SQLITE = b"SQLite format 3\x00"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_NO_TABLE = (
    (b"%pdf", "a PDF", "Export the table itself: as CSV UTF-8 or as a workbook."),
    (b"<!doctype html", "a web page", "Open it in a spreadsheet program and save it as CSV UTF-8 or as .xlsx."),
    (b"<html", "a web page", "Open it in a spreadsheet program and save it as CSV UTF-8 or as .xlsx."),
    (b"<table", "a web page", "Open it in a spreadsheet program and save it as CSV UTF-8 or as .xlsx."),
    (b"<?xml", "XML", "Open it in the program it is from and save it as CSV UTF-8 or as .xlsx."),
)


def _begins(path: Path, member: str) -> bytes:
    with _outer(path, member) as file:
        return file.read(_LOOKED_AT)


def _is_workbook(path: Path, member: str) -> bool:
    with _outer(path, member) as file, zipfile.ZipFile(BytesIO(file.read()) if member else path) as archive:
        names = set(archive.namelist())
    return bool(names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"})


def _stem(name: str) -> str:
    last = name.rsplit("/", 1)[-1].lower()
    return last.removesuffix(".gz").rsplit(".", 1)[0] if "." in last else last


def _unreadable(name: str, error: BaseException) -> Problem:
    if "password" in str(error) or "encrypted" in str(error):
        return Problem(name, 0, "", "This is locked by a password.", "Save it without one.")
    return Problem(name, 0, "", "This cannot be read: it is damaged or was cut off.", "Copy or export it again.")
