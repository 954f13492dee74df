"""Mappings: how the files of one system become rows of our tables. Nothing is guessed."""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, PrivateAttr, field_validator, model_validator

from ringfence.record import EXTRA_COLUMNS, TABLES, Table, TableKind
from ringfence.vocabulary import DocumentError, PlainError, Strict, did_you_mean, read_document, shipped

FACTS: dict[str, Table] = {name: table for name, table in TABLES.items() if table.kind is TableKind.FACT}


EACH = "*"
"""Stands in `columns` for the column of `each` that a row is made of; in a template `{*}` for its name."""


class MappingError(PlainError):
    """A mapping that cannot be used; the message says where and what would be right."""


class ColumnSource(Strict):
    """Where the text of one of our columns comes from."""

    model_config = ConfigDict(title="a column")

    column: str | None = None
    """The column of the file."""
    template: str | None = None
    """Text with columns of the file in braces: `sink-{number}`."""
    pattern: str | None = None
    """What of the cell is taken: the one group of this pattern. A cell that it does not match gives nothing."""
    format: str | None = None
    """How dates are written, in `strptime` codes; ISO 8601 without it."""
    values: dict[str, str] = {}
    """The file's word to ours."""
    system: Literal["LOINC", "SNOMED CT"] | None = None
    """The cell holds a code of this system."""
    display: str | None = None
    """The column of the words beside the code; the two have to agree."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.column is None) == (self.template is None):
            raise ValueError("a column comes from `column` or from `template`, one of them.")
        if self.display and not self.system:
            raise ValueError("`display` stands beside a code. Say of which `system`: LOINC or SNOMED CT.")
        if self.pattern is not None and self.column is None:
            raise ValueError("`pattern` takes a part of a cell. Name its `column`.")
        return self

    @field_validator("pattern")
    @classmethod
    def _pattern(cls, text: str | None) -> str | None:
        return None if text is None else _with_one_group(text, "pattern", r"^\w+-(\w)$")

    def of(self, column: str) -> "ColumnSource":
        """Return this source where `*` stands for a column of the file."""
        template = self.template and self.template.replace(f"{{{EACH}}}", column)
        return self.model_copy(update={"column": column if self.column == EACH else self.column, "template": template})


def _with_one_group(text: str, key: str, example: str) -> str:
    try:
        groups = re.compile(text).groups
    except re.error:
        groups = 0
    if groups != 1:
        raise ValueError(f"`{key}` is a pattern with one group, for example {example}.")
    return text


class Matrix(Strict):
    """A square table with labels in its first row and column; each pair becomes one row."""

    model_config = ConfigDict(title="a matrix")

    label: str
    """A pattern whose first group is the name of the row; labels that do not match are left out."""
    instead: dict[str, dict[str, str]] = {}
    """By file: a label and the name it stands for."""

    @field_validator("label")
    @classmethod
    def _pattern(cls, text: str) -> str:
        return _with_one_group(text, "label", r"^(IS\d+)")


class FileEntry(Strict):
    """One file (or a family of files) that feeds one table, or rows written out here."""

    model_config = ConfigDict(title="an entry")

    file: str | None = None
    rows: tuple[dict[str, str], ...] | None = None
    only: dict[str, str] = {}
    """Use a row only where these columns hold these texts."""
    leave_out: dict[str, tuple[str, ...]] = {}
    """Leave out a row where one of these columns holds one of these texts; how many were is said."""
    columns: dict[str, ColumnSource] = {}
    test: ColumnSource | None = None
    """Of results: the code of the test, which settles what was looked for and in what it was measured."""
    constants: dict[str, str] = {}
    where_filled: tuple[str, ...] = ()
    """Use a row only where these of our columns are not empty."""
    distinct: bool = False
    """Several rows of the file may give the same row; that is no repetition to report."""
    matrix: Matrix | None = None
    each: dict[str, dict[str, str]] = {}
    """Columns of the file of which each makes a row of its own, where its cell is not empty; by column, our columns
    that are the same in all of these rows."""
    _made_of: str = PrivateAttr("")

    @field_validator("columns", "constants", "each", mode="before")
    @classmethod
    def _none_left(cls, given: object) -> object:
        """Take a heading under which every line is a comment for none: lines of a proposal are put out of force so."""
        return {} if given is None else given

    @field_validator("columns", mode="before")
    @classmethod
    def _short(cls, columns: object) -> object:
        if not isinstance(columns, dict):
            return columns
        return {name: {"column": source} if isinstance(source, str) else source for name, source in columns.items()}

    @property
    def named(self) -> list[str]:
        """The columns of the file that this entry reads."""
        sources = [*self.columns.values(), *([self.test] if self.test else [])]
        columns = [name for s in sources for name in (s.column, s.display) if name]
        templates = [c for s in self.columns.values() for c in re.findall(r"\{(.+?)\}", s.template or "")]
        named = dict.fromkeys([*columns, *templates, *self.only, *self.leave_out, *self.each])
        return [name for name in named if not (self.each and name == EACH)]

    @property
    def made_of(self) -> str:
        """The column of the file that a row is made of, where there is a cell in it; empty: every row is used."""
        return self._made_of

    @cached_property
    def taken_apart(self) -> dict[str, tuple[str, ...]]:
        """The columns of the file of which only parts are taken, and the patterns of these."""
        sources = [*self.columns.values(), *([self.test] if self.test else [])]
        whole = {s.column for s in sources if s.pattern is None} | {
            c for s in sources for c in re.findall(r"\{(.+?)\}", s.template or "")
        }
        parts: dict[str, tuple[str, ...]] = {}
        for source in sources:
            if source.column and source.pattern and source.column not in whole:
                parts[source.column] = (*parts.get(source.column, ()), source.pattern)
        return parts

    def apart(self) -> "list[FileEntry]":
        """Return this entry, or of one with `each` an entry for each column named there."""
        if not self.each:
            return [self]
        found = []
        for column, constants in self.each.items():
            columns = {name: source.of(column) for name, source in self.columns.items()}
            update = {"columns": columns, "constants": self.constants | constants, "each": {}}
            one = self.model_copy(update=update)
            one._made_of = column
            found.append(one)
        return found

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.file is None) == (self.rows is None):
            raise ValueError("an entry names a `file` or gives `rows`, one of them.")
        stands = any(s.column == EACH or f"{{{EACH}}}" in (s.template or "") for s in self.columns.values())
        if self.each and not any(s.column == EACH for s in self.columns.values()):
            raise ValueError('`each` makes a row of each of its columns. Say where the cell goes: value: "*".')
        if stands and not self.each:
            raise ValueError("`*` stands for each column under `each`. List them there, or name one column.")
        if self.each and (self.file is None or self.matrix):
            raise ValueError("`each` goes with the columns of a `file`.")
        return self


class FileForm(Strict):
    """What the form of a file is, where the file does not tell."""

    model_config = ConfigDict(title="a form")

    encoding: str | None = None
    """The encoding of its text, by Python's names: `windows-1250`, `mac-roman`."""
    separator: str | None = None
    """What stands between cells; one character."""
    quote: str | None = None
    """What stands around a cell; one character."""
    header: tuple[int, ...] = ()
    """The lines that name the columns; the names of several are joined."""

    @field_validator("header", mode="before")
    @classmethod
    def _lines(cls, said: object) -> object:
        """Take the text `3` or `[3, 4]`: every value of a document is text."""
        return [said] if isinstance(said, str | int) else said

    @field_validator("header")
    @classmethod
    def _in_order(cls, lines: tuple[int, ...]) -> tuple[int, ...]:
        if any(line < 1 for line in lines) or list(lines) != sorted(set(lines)):
            raise ValueError("`header` gives line numbers from 1 on, the upper line first: 3, or [3, 4].")
        return lines

    @field_validator("encoding")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        try:
            return codecs.lookup(name).name if name else None
        except LookupError:
            raise ValueError(
                "this is not an encoding. Write it like windows-1252, windows-1250, mac-roman or utf-16."
            ) from None

    @field_validator("separator", "quote")
    @classmethod
    def _one(cls, text: str | None) -> str | None:
        text = {"tab": "\t", "\\t": "\t"}.get(text or "", text)
        if text is not None and len(text) != 1:
            raise ValueError("this is one character; a tab is written `tab`.")
        return text


class MappingFile(Strict):
    """A mapping file."""

    model_config = ConfigDict(title="a mapping")

    mapping: Literal["1"]
    id: str
    title: str
    generation: int = 1
    """Raised when the mapping changes, so that files decoded again replace what they gave before."""
    system: str = ""
    """The source system, where its numbers mean something else than those of other systems."""
    time_zone: str | None = None
    empty: tuple[str, ...] = ("",)
    ignore: dict[str, str] = {}
    """Files left out on purpose, and why."""
    files: dict[str, FileForm] = {}
    """By file: its form, where the file does not tell."""
    tables: dict[str, tuple[FileEntry, ...]]

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, text: str | None) -> str | None:
        try:
            return ZoneInfo(text).key if text else None
        except (KeyError, ValueError, OSError):
            raise ValueError("this is not an IANA time zone. Write it like Europe/Amsterdam.") from None


@dataclass(frozen=True)
class FeedMapping:
    """A mapping, and the digest that names exactly its text."""

    file: MappingFile | None
    digest: str
    name: str
    called: str = ""
    """The file, as messages name it."""

    @property
    def generation(self) -> int:
        """See `MappingFile.generation`."""
        return self.file.generation if self.file else 1

    @property
    def system(self) -> str:
        """See `MappingFile.system`."""
        return self.file.system if self.file else ""


At = tuple[str | int, ...]


def _faults(file: MappingFile) -> Iterator[tuple[At, str]]:
    """Yield what does not fit our tables, with where it stands in the document."""
    yield from _left_to_choose(file.model_dump(), ())
    for name, entries in file.tables.items():
        at: At = ("tables", name)
        if name not in FACTS:
            yield at, f"`{name}` is not a table. Tables: {', '.join(FACTS)}.{did_you_mean(name, FACTS)}"
            continue
        for number, entry in enumerate(entries):
            yield from _faults_of(FACTS[name], entry, (*at, number))


CHOOSE = "CHOOSE"
"""What a proposed mapping says where a person has to decide, with what there is to choose from."""


def _left_to_choose(said: object, at: At) -> Iterator[tuple[At, str]]:
    if isinstance(said, str) and said.startswith(CHOOSE):
        choices = said.removeprefix(CHOOSE).strip(" :")
        yield at, f"this is still to be chosen{f': {choices}' if choices else ''}. Write what is right in its place."
    parts = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list | tuple) else ()
    for key, part in parts:
        yield from _left_to_choose(part, (*at, key))


def _faults_of(table: Table, entry: FileEntry, at: At) -> Iterator[tuple[At, str]]:
    given: list[tuple[At, str]] = [((*at, "columns", name), name) for name in entry.columns]
    given += [((*at, "constants", name), name) for name in entry.constants]
    given += [((*at, "rows", n, name), name) for n, row in enumerate(entry.rows or ()) for name in row]
    given += [((*at, "each", column, name), name) for column, some in entry.each.items() for name in some]
    given += [((*at, "where_filled"), name) for name in entry.where_filled]
    columns = [*table.by_name, *(c.name for c in EXTRA_COLUMNS)]
    known = ", ".join(columns)
    for place, name in given:
        if name not in columns:
            hint = did_you_mean(name, columns)
            yield place, f"`{name}` is not a column of {table.name}. It has: {known}.{hint}"
    yield from _faults_of_codes(table, entry, at)
    for column, some in entry.each.items():
        for name in sorted(set(entry.columns) & set(some)):
            yield (*at, "each", column, name), f"`{name}` of {table.name} is both a column and a constant. Keep one."
    for name in sorted(set(entry.columns) & set(entry.constants)):
        yield (*at, "constants", name), f"`{name}` of {table.name} is both a column and a constant. Keep one."
    for name in entry.where_filled:
        if name in columns and name not in entry.columns:
            yield (
                (*at, "where_filled"),
                f"`{name}` is not filled by a column of the file here. Map it, or leave it out.",
            )


HOLDS: dict[tuple[str, str], str] = {
    ("isolates", "organism"): "organism",
    ("specimens", "kind"): "specimen",
    ("results", "method"): "technique",
    ("results", "found"): "finding",
}
"""The columns that can be given as a code, by table and column, and what the code has to be of."""


def _faults_of_codes(table: Table, entry: FileEntry, at: At) -> Iterator[tuple[At, str]]:
    for name, source in entry.columns.items():
        if source.system and (table.name, name) not in HOLDS:
            known = ", ".join(f"{column} of {of}" for of, column in HOLDS)
            yield (*at, "columns", name), f"`{name}` of {table.name} is not read from a code. These are: {known}."
    if entry.test and table.name != "results":
        yield (*at, "test"), f"`test` is the code of the test of a result, and this is {table.name}. Leave it out here."
    if entry.test and not entry.test.system:
        yield (*at, "test"), "`test` is read from a code. Say of which `system`: LOINC."


def mapping_ids() -> list[str]:
    """Return the ids of the shipped mappings."""
    return sorted(p.stem for p in shipped("mappings").glob("*.yaml"))


def load_mapping(name: str | None) -> FeedMapping:
    """Return the shipped mapping of that id, or the one in the file of that path; none for our own form.

    Raises:
        MappingError: there is none, or it has faults; every fault with its line.
    """
    if name is None:
        return FeedMapping(None, "", "")
    path = Path(name) if name.endswith((".yaml", ".yml")) else shipped("mappings", f"{name}.yaml")
    if not path.is_file():
        raise MappingError(
            f"There is no mapping `{name}`. Shipped: {', '.join(mapping_ids())}; or give the path of a .yaml file."
            + did_you_mean(name, mapping_ids())
        )
    called = f"mappings/{path.name}" if path.parent == shipped("mappings") else name
    try:
        file = read_document(path, name=called).into(MappingFile, _faults)
    except DocumentError as error:
        raise MappingError(str(error)) from None
    return FeedMapping(file, hashlib.sha256(path.read_bytes()).hexdigest()[:16], file.id, called)
