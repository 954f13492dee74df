"""How a table is declared: once, as the class of its rows. See docs/decisions/0001."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from types import UnionType
from typing import (
    Any,
    ClassVar,
    NewType,
    Protocol,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

import pyarrow as pa

from .kinds import (
    Choice,
    Count,
    Day,
    EnzymeName,
    Hours,
    InstantInTime,
    Kind,
    Moment,
    Number,
    OrganismName,
    SpecimenName,
    Text,
    YesNo,
    Zone,
)
from .moments import When

PatientId = NewType("PatientId", str)
ZoneName = NewType("ZoneName", str)
OrganismCode = NewType("OrganismCode", str)
EnzymeCode = NewType("EnzymeCode", str)
SpecimenCode = NewType("SpecimenCode", str)
MeasuredValue = NewType("MeasuredValue", float)

_KINDS: dict[Any, Kind] = {
    str: Text(),
    PatientId: Text(),
    int: Count(),
    float: Hours(),
    MeasuredValue: Number(),
    bool: YesNo(),
    date: Day(),
    datetime: InstantInTime(),
    When: Moment(),
    ZoneName: Zone(),
    OrganismCode: OrganismName(),
    EnzymeCode: EnzymeName(),
    SpecimenCode: SpecimenName(),
}


class Sensitivity(StrEnum):
    """What a column can tell about a person."""

    OPEN = "open"
    """Nothing about one person: a ward, a method, a rule."""
    PERSONAL = "personal"
    """Something about one person: a date, a result, an answer."""
    IDENTIFIER = "identifier"
    """Leads to one person: a number of theirs or of something of theirs."""


class TableKind(StrEnum):
    """What a table's rows are."""

    FACT = "fact"
    VIEW = "view"
    FINDING = "finding"


class DeclarationError(TypeError):
    """A table declared wrongly; raised when the module is imported."""


def column(
    meaning: str,
    *,
    sensitivity: Sensitivity,
    example: str = "",
    empty: str = "",
    derived: bool = False,
    default: Any = MISSING,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Declare a column.

    Args:
        meaning: one sentence for the manual.
        sensitivity: what it can tell about a person; never assumed, so that a new column is thought about.
        example: the text of this column in the example row.
        empty: what an empty cell means; needed where the column is optional.
        derived: when empty, it becomes the digest of the columns of the row that do not move; see `Table.derived_from`.
        default: the value of an empty or absent cell.
    """
    described = {
        "meaning": meaning,
        "example": example,
        "sensitivity": sensitivity,
        "empty": empty,
        "derived": derived,
    }
    return field(metadata=described, default=default) if default is not MISSING else field(metadata=described)


@dataclass(frozen=True)
class Column:
    """A declared column."""

    name: str
    kind: Kind
    optional: bool
    meaning: str
    example: str
    sensitivity: Sensitivity
    empty: str
    derived: bool
    default: Any

    @property
    def required(self) -> bool:
        """Whether a row without it is refused."""
        return not (self.optional or self.derived or self.default is not None)


class Row(Protocol):
    """A row of a declared table."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


R = TypeVar("R")


@dataclass(frozen=True)
class Table:
    """A declared table: all that is known of it."""

    name: str
    kind: TableKind
    row: type[Any]
    one_row: str
    key: tuple[str, ...]
    known_from: tuple[str, ...]
    until_known: tuple[str, ...]
    versions_by: str

    def __hash__(self) -> int:
        return hash(self.name)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in order."""
        hints = get_type_hints(self.row)
        return tuple(_column(self.name, f.name, hints[f.name], f) for f in fields(self.row))

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by name."""
        return {c.name: c for c in self.columns}

    @cached_property
    def about(self) -> str:
        """The docstring of the row class."""
        return " ".join((self.row.__doc__ or "").split())

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema of the rows."""
        return pa.schema([f for c in self.columns for f in c.kind.fields(c.name)])

    def but_how_it_went_on(self, row: Any) -> Any:  # noqa: ANN401
        """Return `row` without what may be known later, such as an end; versions that differ in nothing else agree."""
        return replace(row, **dict.fromkeys(self.until_known)) if self.until_known else row

    def key_of(self, row: Any) -> tuple[str, ...]:  # noqa: ANN401
        """Return the key of `row`: what makes two rows versions of one fact."""
        values = ((self.by_name[name], getattr(row, name)) for name in self.key)
        return tuple("" if value is None else column.kind.write(value) for column, value in values)

    def derived_from(self, row: Any) -> dict[str, str]:  # noqa: ANN401
        """Return the text that a derived key is made of: all but `until_known`, so that an end moves no key."""
        return {name: text for name, text in self.texts(row).items() if name not in self.until_known}

    def example_row(self) -> dict[str, str]:
        """Return one row as text, by column name."""
        return {c.name: c.example for c in self.columns}

    def texts(self, row: Any) -> dict[str, str]:  # noqa: ANN401
        """Return `row` as text that the readers read back, by column name."""
        values = ((c, getattr(row, c.name)) for c in self.columns)
        return {c.name: "" if v is None else c.kind.write(v) for c, v in values}

    def pack(self, rows: Iterable[Any]) -> pa.Table:
        """Return `rows` as an Arrow table of `schema`."""
        packed = [[v for c in self.columns for v in c.kind.pack(getattr(row, c.name))] for row in rows]
        arrays = zip(*packed, strict=True) if packed else ([] for _ in self.schema)
        return pa.table([pa.array(a, f.type) for a, f in zip(arrays, self.schema, strict=True)], schema=self.schema)

    def unpack(self, table: pa.Table) -> Iterator[Any]:
        """Yield the rows that `pack` packed."""
        names = [c.name for c in self.columns]
        columns = (c.kind.unpack([table.column(f.name) for f in c.kind.fields(c.name)]) for c in self.columns)
        for values in zip(*columns, strict=True):
            yield self.row(**dict(zip(names, values, strict=True)))


TABLES: dict[str, Table] = {}
"""Every declared table by name, in the order of declaration."""


@dataclass_transform(field_specifiers=(column,), frozen_default=True, kw_only_default=True)
def table(
    name: str,
    *,
    kind: TableKind,
    one_row: str,
    key: tuple[str, ...],
    known_from: tuple[str, ...] = (),
    until_known: tuple[str, ...] = (),
    versions_by: str = "",
) -> Callable[[type[R]], type[R]]:
    """Declare the decorated class as the table `name`.

    Args:
        name: plural, as the file is called.
        kind: fact or finding.
        one_row: what one row is, in words.
        key: the columns that make two rows versions of one fact.
        known_from: the first filled of these is when the fact could be known; none: always.
        until_known: columns that say how it went on; empty in a view as of an instant before them.
        versions_by: the column that tells versions of one fact apart; without it two rows of one key contradict.
    """

    def declare(cls: type[R]) -> type[R]:
        row = dataclass(frozen=True, kw_only=True, slots=True)(cls)
        declared = Table(name, kind, row, one_row, key, known_from, until_known, versions_by)
        unknown = {*key, *known_from, *until_known} - {c.name for c in declared.columns}
        if unknown:
            raise DeclarationError(f"{name}: {sorted(unknown)} are not columns.")
        TABLES[name] = declared
        return row

    return declare


def digest_of(texts: Mapping[str, str]) -> str:
    """Return a short digest of a row's content, the same for the same content."""
    canonical = "\x1f".join(f"{name}\x1e{texts[name]}" for name in sorted(texts) if texts[name])
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _column(table_name: str, name: str, hint: Any, declared: Any) -> Column:  # noqa: ANN401
    inner, optional = _without_none(hint)
    kind = Choice(inner) if isinstance(inner, type) and issubclass(inner, StrEnum) else _KINDS.get(inner)
    if kind is None:
        raise DeclarationError(f"{table_name}.{name}: no kind of column for {inner!r}.")
    default = None if declared.default is MISSING else declared.default
    described = declared.metadata
    if optional and not described["empty"]:
        raise DeclarationError(f"{table_name}.{name}: say what an empty cell means.")
    return Column(
        name=name,
        kind=kind,
        optional=optional,
        meaning=described["meaning"],
        example=described["example"],
        sensitivity=described["sensitivity"],
        empty=described["empty"],
        derived=described["derived"],
        default=default,
    )


def _without_none(hint: Any) -> tuple[Any, bool]:  # noqa: ANN401
    if get_origin(hint) in (Union, UnionType):
        inner = [arg for arg in get_args(hint) if arg is not type(None)]
        return inner[0], len(inner) < len(get_args(hint))
    return hint, False
