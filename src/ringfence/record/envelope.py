"""A fact: a row in its envelope. What makes two facts versions of one, and which of them comes later.

See docs/decisions/0004.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from .declare import TABLES, Column, Sensitivity, Table
from .kinds import Moment, Text, YesNo

SEPARATOR = "\x1f"
ENTERED = "entered"
"""The source of what a person entered."""
_INSTANT = pa.timestamp("us", "UTC")


EXTRA_COLUMNS: tuple[Column, ...] = (
    Column(
        name="recorded",
        kind=Moment(),
        optional=True,
        meaning="When the source recorded this version. A later one is a correction, and is used from then on.",
        example="2026-03-10T09:30",
        sensitivity=Sensitivity.PERSONAL,
        empty="taken as learned when it happened, and as sent with its folder",
        derived=False,
        default=None,
    ),
    Column(
        name="retracted",
        kind=YesNo(),
        optional=False,
        meaning="Whether this row takes back what was sent under its key before.",
        example="no",
        sensitivity=Sensitivity.PERSONAL,
        empty="",
        derived=False,
        default=False,
    ),
    Column(
        name="control",
        kind=Text(),
        optional=True,
        meaning="The number of the message that brought it; orders versions recorded at one time.",
        example="",
        sensitivity=Sensitivity.IDENTIFIER,
        empty="none",
        derived=False,
        default="",
    ),
)
"""What every file of facts may have beside the columns of its table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A row, where it came from, and where it stands among the versions of itself."""

    table: str
    row: Any
    source: str = ""
    """Where it was read: `stays.csv:12`."""
    decoded_by: str = ""
    """Digest of the mapping that decoded it; empty for none."""
    system: str = ""
    """The source system, whose identifiers are its own; part of the key."""
    message: str = ""
    """Digest of the message or file it was decoded from; empty for what a person entered."""
    generation: int = 1
    """Of the mapping. Facts of a message that a later generation decoded again are no longer current."""
    recorded: datetime | None = None
    """When the source recorded this version, which is when it was learned; None: assumed, see `View`."""
    sent: datetime | None = None
    """Time of the message; of a folder, when it was exported, said or assumed. Orders versions."""
    control: str = ""
    """The message's control id; orders versions of one time."""
    retracts: bool = False
    """Whether this takes the fact of this key back."""
    seq: int = 0
    """Given by the store at commit."""
    received: datetime | None = None
    """When the store received it; given at commit."""

    @property
    def key(self) -> str:
        """What makes two facts versions of one: the system and the key columns."""
        return SEPARATOR.join((self.system, *TABLES[self.table].key_of(self.row)))

    @property
    def digest(self) -> str:
        """The same for the same version of the same fact from the same message, however often it arrives."""
        return _digest(self._told_before, self.sent, self._told_after)

    @property
    def _told_before(self) -> str:
        """What the digest is made of before the time it was sent."""
        recorded = str(self.recorded and self.recorded.astimezone(UTC))
        return SEPARATOR.join((self.table, self.system, self.message, str(self.generation), recorded))

    @property
    def _told_after(self) -> str:
        """What the digest is made of after it."""
        texts = TABLES[self.table].texts(self.row)
        return SEPARATOR.join((self.control, str(self.retracts), *(f"{name}={texts[name]}" for name in sorted(texts))))


def _digest(before: str, sent: datetime | None, after: str) -> str:
    told = SEPARATOR.join((before, str(sent and sent.astimezone(UTC)), after))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


_TYPES: dict[str, pa.DataType] = {
    "source": pa.string(),
    "decoded_by": pa.string(),
    "system": pa.string(),
    "message": pa.string(),
    "generation": pa.int32(),
    "recorded": _INSTANT,
    "sent": _INSTANT,
    "control": pa.string(),
    "retracts": pa.bool_(),
    "seq": pa.int64(),
    "received": _INSTANT,
}
# `_key` and `_digest` follow from the rest; they are kept so that facts can be told apart without building rows.
ENVELOPE = (
    *(pa.field(f"_{name}", kind) for name, kind in _TYPES.items()),
    pa.field("_key", pa.string()),
    pa.field("_digest", pa.string()),
)
"""The Arrow fields beside the columns of a table."""


def schema_of(table: Table) -> pa.Schema:
    """Return the Arrow schema of the facts of `table`: its columns, then the envelope."""
    return pa.schema([*table.schema, *ENVELOPE])


def pack_facts(table: Table, facts: Sequence[Fact]) -> pa.Table:
    """Return facts of one table in columns, in the order given."""
    packed = table.pack(fact.row for fact in facts)
    columns = {f"_{name}": [getattr(fact, name) for fact in facts] for name in _TYPES}
    columns["_key"], columns["_digest"] = [fact.key for fact in facts], [fact.digest for fact in facts]
    arrays = [pa.array(columns[field.name], field.type) for field in ENVELOPE]
    return pa.table([*packed.columns, *arrays], schema=schema_of(table))


_UNSEALED = (pa.field("_told_before", pa.string()), pa.field("_told_after", pa.string()))


def unsealed_schema(table: Table) -> pa.Schema:
    """Return the Arrow schema of facts of which it is not known yet when they were sent; see `pack_unsealed`."""
    return pa.schema([*schema_of(table), *_UNSEALED])


def pack_unsealed(table: Table, facts: Sequence[Fact]) -> pa.RecordBatch:
    """Return facts of one table in columns, to be sealed once it is known when they were sent."""
    packed = table.pack(fact.row for fact in facts)
    columns: dict[str, list[Any]] = {f"_{name}": [getattr(fact, name) for fact in facts] for name in _TYPES}
    columns |= {"_key": [fact.key for fact in facts], "_digest": [None] * len(facts)}
    columns |= {one.name: [getattr(fact, one.name) for fact in facts] for one in _UNSEALED}
    arrays = [pa.array(columns[one.name], one.type) for one in (*ENVELOPE, *_UNSEALED)]
    schema = unsealed_schema(table)
    return pa.RecordBatch.from_arrays([*(c.combine_chunks() for c in packed.columns), *arrays], schema=schema)


def sealed(table: Table, unsealed: pa.RecordBatch, sent: datetime | None) -> pa.RecordBatch:
    """Return facts as `pack_facts` packs them, sent at a time."""
    told = zip(*(unsealed[one.name].to_pylist() for one in _UNSEALED), strict=True)
    instead = {
        "_sent": pa.array([sent] * len(unsealed), _INSTANT),
        "_digest": pa.array([_digest(before, sent, after) for before, after in told], pa.string()),
    }
    schema = schema_of(table)
    arrays = [instead[name] if name in instead else unsealed[name] for name in schema.names]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def unpack_facts(table: Table, packed: pa.Table) -> Iterator[Fact]:
    """Yield the facts that `pack_facts` packed."""
    names = [f.name for f in fields(Fact) if f.name in _TYPES]
    envelopes = zip(*(packed.column(f"_{name}").to_pylist() for name in names), strict=True)
    for row, values in zip(table.unpack(packed), envelopes, strict=True):
        yield Fact(table=table.name, row=row, **dict(zip(names, map(_in_utc, values), strict=True)))


def by_table(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """Return facts by the name of their table, in the order of the declarations."""
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.table, []).append(fact)
    return {name: found[name] for name in TABLES if name in found}


def _in_utc(value: Any) -> Any:  # noqa: ANN401
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def columns_of(facts: Iterable[Fact]) -> dict[str, pa.Table]:
    """Return facts in columns, by the name of their table."""
    return {name: pack_facts(TABLES[name], some) for name, some in by_table(facts).items()}


def decodings(columns: Mapping[str, pa.Table]) -> Iterator[tuple[tuple[str, int], str]]:
    """Yield each message that was decoded, by which generation, and the digest of the mapping."""
    names = ["_message", "_generation", "_decoded_by"]
    for packed in columns.values():
        found = packed.select(names).group_by(names).aggregate([])
        for message, generation, decoded_by in zip(*(found[name].to_pylist() for name in names), strict=True):
            if message:
                yield (message, generation), decoded_by
