"""Where facts are kept: the `Store` protocol and its folder adapter.

A store only ever grows. Rows of a commit become visible together, by one rename.
"""

import json
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from ringfence.vocabulary import PlainError

from .declare import TABLES, Table
from .facts import Stay
from .views import Timeline, View, latest_moment

SCHEMA_VERSION = 0
"""Version 0 is open: it is frozen as 1 when every fact table of the design stands."""

_ENVELOPE = (
    pa.field("_seq", pa.int64()),
    pa.field("_source", pa.string()),
    pa.field("_decoded_by", pa.string()),
)


class StoreError(PlainError):
    """A folder that is not a record, or is one that this version cannot read."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A row in its envelope."""

    table: str
    row: Any
    source: str
    """Where it was read: `stays.csv:12`."""
    decoded_by: str
    """Digest of the mapping that decoded it; empty for none."""
    seq: int = 0
    """Given by the store at commit."""


class Store(Protocol):
    """Facts in, views out. Every adapter passes the same suite."""

    @property
    def last_seq(self) -> int:
        """The `seq` of the newest fact; 0 when there are none."""

    def append(self, facts: Iterable[Fact]) -> int:
        """Add facts as one commit and return the `seq` of the last; all of them become visible, or none."""

    def current(self, *, at: datetime, known_to: int | None = None) -> View:
        """Return the current rows of every table as of `at`, from facts up to `known_to`."""

    def timeline(self, patient_id: str, *, at: datetime, known_to: int | None = None) -> Timeline:
        """Return everything known of one patient as of `at`."""

    def slice(
        self, facility_id: str, ward: str, start: datetime, end: datetime, *, known_to: int | None = None
    ) -> list[Stay]:
        """Return the current stays on a ward that may overlap the half-open period."""

    def changes_since(self, seq: int) -> list[Fact]:
        """Return the facts committed after `seq`, in order."""

    def latest_moment(self) -> datetime | None:
        """Return the last moment at which a fact happened or became known; a day counts to its end."""


class FolderStore:
    """A record in a folder of Arrow files: one folder a commit, one file a table.

    Args:
        folder: an existing record, or a folder that does not exist yet or is empty.

    Raises:
        StoreError: the folder holds something else, or a record of a newer schema.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        about = folder / "record.json"
        if not about.exists():
            if folder.exists() and any(folder.iterdir()):
                raise StoreError(f"{folder}: this folder is not a record and is not empty. Name a new folder.")
            (folder / "commits").mkdir(parents=True, exist_ok=True)
            about.write_text(json.dumps({"record": "ringfence", "schema_version": SCHEMA_VERSION}) + "\n")
        try:
            version = int(json.loads(about.read_text())["schema_version"])
        except (ValueError, KeyError, TypeError):
            raise StoreError(f"{about}: this is not the description of a record.") from None
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{folder}: this record has schema {version}; this version of Ringfence reads up to "
                f"{SCHEMA_VERSION}. Install a newer Ringfence."
            )

    @property
    def last_seq(self) -> int:
        """The `seq` of the newest fact; 0 when there are none."""
        return self._facts[-1].seq if self._facts else 0

    def append(self, facts: Iterable[Fact]) -> int:
        """Add facts as one commit; see `Store`."""
        numbered = [replace(fact, seq=seq) for seq, fact in enumerate(facts, start=self.last_seq + 1)]
        if not numbered:
            return self.last_seq
        by_table: dict[str, list[Fact]] = defaultdict(list)
        for fact in numbered:
            by_table[fact.table].append(fact)
        pending = Path(tempfile.mkdtemp(prefix=".pending-", dir=self.folder))
        try:
            for name, some in by_table.items():
                _write(TABLES[name], some, pending / f"{name}.arrow")
            pending.rename(self.folder / "commits" / f"{numbered[0].seq:012d}")
        except BaseException:
            shutil.rmtree(pending, ignore_errors=True)
            raise
        self._facts.extend(numbered)
        return self.last_seq

    def current(self, *, at: datetime, known_to: int | None = None) -> View:
        """Return the current rows as of `at`; see `Store`."""
        return View.of(self._known(known_to), at=at, known_to=self.last_seq if known_to is None else known_to)

    def timeline(self, patient_id: str, *, at: datetime, known_to: int | None = None) -> Timeline:
        """Return everything known of one patient as of `at`; see `Store`."""
        return self.current(at=at, known_to=known_to).timeline(patient_id)

    def slice(
        self, facility_id: str, ward: str, start: datetime, end: datetime, *, known_to: int | None = None
    ) -> list[Stay]:
        """Return the current stays on a ward that may overlap the half-open period; see `Store`."""
        view = self.current(at=end, known_to=known_to)
        zone = view.zone(facility_id)
        return [
            stay
            for stay in view.stays
            if (stay.facility_id, stay.ward) == (facility_id, ward)
            and stay.start.earliest(zone) < end
            and (stay.end is None or stay.end.latest(zone) > start)
        ]

    def changes_since(self, seq: int) -> list[Fact]:
        """Return the facts committed after `seq`, in order; see `Store`."""
        return [fact for fact in self._facts if fact.seq > seq]

    def latest_moment(self) -> datetime | None:
        """Return the last moment of any fact; see `Store`."""
        return latest_moment(self._known(None))

    def _known(self, known_to: int | None) -> Mapping[str, Sequence[Any]]:
        rows: dict[str, list[Any]] = defaultdict(list)
        for fact in self._facts:
            if known_to is None or fact.seq <= known_to:
                rows[fact.table].append(fact.row)
        return rows

    @cached_property
    def _facts(self) -> list[Fact]:
        facts: list[Fact] = []
        for commit in sorted((self.folder / "commits").iterdir()):
            for file in commit.glob("*.arrow"):
                facts.extend(_read(TABLES[file.stem], file))
        return sorted(facts, key=lambda fact: fact.seq)


def is_record(folder: Path) -> bool:
    """Whether `folder` is a record that `FolderStore` can open."""
    return (folder / "record.json").is_file()


def _write(table: Table, facts: Sequence[Fact], path: Path) -> None:
    packed = table.pack(fact.row for fact in facts)
    for f, values in zip(_ENVELOPE, _envelopes(facts), strict=True):
        packed = packed.append_column(f, pa.array(values, f.type))
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, packed.schema) as writer:
        writer.write_table(packed)


def _envelopes(facts: Sequence[Fact]) -> tuple[list[int], list[str], list[str]]:
    return [f.seq for f in facts], [f.source for f in facts], [f.decoded_by for f in facts]


def _read(table: Table, path: Path) -> Iterable[Fact]:
    with pa.OSFile(str(path), "rb") as source:
        packed = pa.ipc.open_file(source).read_all()
    envelopes = zip(*(packed.column(f.name).to_pylist() for f in _ENVELOPE), strict=True)
    for row, (seq, where, decoded_by) in zip(table.unpack(packed), envelopes, strict=True):
        yield Fact(table.name, row, where, decoded_by, seq)
