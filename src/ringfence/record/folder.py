"""The record in a folder of Arrow files: one folder a commit, one file a table. See docs/decisions/0005."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import durable
from .arrays import Truths, alike, hashes
from .commits import Link, faults_of, read_arrow, read_chain, write_commit
from .declare import TABLES, Table, TableKind
from .description import ABOUT, COMMITS, described, is_record, schema_version
from .envelope import Fact, columns_of, schema_of, unpack_facts
from .facts import Stay
from .migrations import clear_away, migrate
from .store import SCHEMA_VERSION, Commit, StoreError
from .views import Timeline, View, latest_moment

__all__ = ["FolderStore", "is_record"]

_FACTS: Mapping[str, Table] = {name: table for name, table in TABLES.items() if table.kind is TableKind.FACT}


class FolderStore:
    """A record in a folder. See `Store` for what it promises.

    What it shows is what was there when it was opened, and what it appended itself. Files are read when columns are
    asked for.

    Args:
        folder: a record, or a folder that is absent or empty, in which one is made.
        wait_seconds: how long to wait for another process that is writing.

    Raises:
        StoreError: the folder holds something else, a record of a newer schema, or one that is damaged.
    """

    def __init__(self, folder: Path, *, wait_seconds: float = 60.0) -> None:
        self.folder = folder
        self.migrated_from: Path | None = _prepared(folder, wait_seconds)
        """The backup copy of the record in its older schema, if opening brought it to this one."""
        self._wait = wait_seconds
        self._chain = _read(folder)
        self._parts: dict[tuple[str, str], pa.Table] = {}

    @property
    def last_seq(self) -> int:
        """The `seq` of the newest fact; 0 when there are none."""
        return self._chain[-1].commit.last if self._chain else 0

    @property
    def digest(self) -> str:
        """The digest of the newest commit, which follows from every commit before it; empty when there are none."""
        return self._chain[-1].digest if self._chain else ""

    @property
    def commits(self) -> Sequence[Commit]:
        """Every commit, in order."""
        return tuple(link.commit for link in self._chain)

    def append(
        self,
        facts: Iterable[Fact],
        *,
        received: datetime,
        problems: Sequence[Mapping[str, str]] = (),
        inputs: Mapping[str, str] = {},
        note: str = "",
    ) -> Commit:
        """Add facts as one commit, and return it; see `Store`."""
        said = {"problems": tuple(map(dict, problems)), "inputs": dict(inputs), "note": note}
        return self._add(self._packed(facts), received, said)

    def append_columns(
        self,
        columns: Mapping[str, pa.Table],
        *,
        received: datetime,
        problems: Sequence[Mapping[str, str]] = (),
        inputs: Mapping[str, str] = {},
        note: str = "",
    ) -> Commit:
        """Add facts that are in columns already, as one commit, numbered table after table; and return it.

        Columns that are mapped from a file are copied from there to the record, and never held in memory whole.

        Args:
            columns: facts by table, in columns and those of the envelope, whose `_key` and `_digest` are taken as they
                are; `_seq` and `_received` are given here.
            received: what the clock says, with its zone.
            problems, inputs, note: as of `append`.

        Raises:
            StoreError: a table that is not of facts, or other columns; or a record that cannot be written to now.
            ValueError: `received` has no time zone.
        """
        said = {"problems": tuple(map(dict, problems)), "inputs": dict(inputs), "note": note}
        return self._add(self._placed(columns), received, said)

    def _add(self, given: Mapping[str, pa.Table], received: datetime, said: Mapping[str, Any]) -> Commit:
        """Add facts whose `_seq` is their place among those given; `said` is what to keep with the commit."""
        if received.tzinfo is None:
            raise ValueError("The time at which a commit is received needs a time zone.")
        with _writing(self.folder), durable.locked(self.folder, self._wait):
            self._chain = _read(self.folder, self._chain)
            clear_away(self.folder)
            durable.clear(self.folder / COMMITS)
            fresh = self._fresh(given)
            repeated = _rows(given) - _rows(fresh)
            commit = replace(self._next(fresh, received.astimezone(UTC)), repeated=repeated, **said)
            if commit.facts or commit.problems:
                link = write_commit(self._chain, self.folder / COMMITS, commit, _numbered(fresh, commit))
                self._chain = (*self._chain, link)
        return commit

    def columns(self, known_to: int | None = None) -> Mapping[str, pa.Table]:
        """Return every fact table in columns, with those of the envelope, in order of `seq`; see `Store`."""
        last = self.last_seq if known_to is None else known_to
        links = [link for link in self._chain if link.commit.first <= min(last, link.commit.last)]
        return {name: _together(table, self._parts_of(name, links), last) for name, table in _FACTS.items()}

    def current(self, *, at: datetime, known_to: int | None = None) -> View:
        """Return the current rows as of `at`; see `Store`."""
        return View(self.columns(known_to), at=at, known_to=self.last_seq if known_to is None else known_to)

    def timeline(self, patient_id: str, *, at: datetime, known_to: int | None = None) -> Timeline:
        """Return everything known of one patient as of `at`; see `Store`."""
        return self.current(at=at, known_to=known_to).timeline(patient_id)

    def slice(
        self, facility_id: str, ward: str, start: datetime, end: datetime, *, known_to: int | None = None
    ) -> list[Stay]:
        """Return the stays on a ward that may overlap the half-open period, as they were known at its end."""
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
        links = [link for link in self._chain if link.commit.last > seq]
        facts = [unpack_facts(_FACTS[n], part) for n in _FACTS for part in self._parts_of(n, links)]
        return sorted((fact for fact in chain(*facts) if fact.seq > seq), key=lambda fact: fact.seq)

    def seq_at(self, instant: datetime) -> int:
        """Return the last `seq` received by then; see `Store`."""
        return max((link.commit.last for link in self._chain if link.commit.received <= instant), default=0)

    def latest_moment(self) -> datetime | None:
        """Return the last moment of any fact; see `Store`."""
        return latest_moment(self.columns())

    def verify(self) -> list[str]:
        """Read every byte, compare it with what was written, and return what is wrong, in sentences."""
        return [sentence for link in self._chain for sentence in faults_of(link)]

    def _packed(self, facts: Iterable[Fact]) -> dict[str, pa.Table]:
        """Return facts in columns by table; `_seq` is their place among those given."""
        placed = [replace(fact, seq=place) for place, fact in enumerate(facts)]
        self._refuse_other_tables({fact.table for fact in placed})
        return columns_of(placed)

    def _placed(self, columns: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
        """Return columns with their place among those given as `_seq`."""
        self._refuse_other_tables(set(columns))
        placed: dict[str, pa.Table] = {}
        first = 0
        for name, packed in columns.items():
            if packed.schema != schema_of(_FACTS[name]):
                raise StoreError(f"{self.folder}: these are not the columns of `{name}`, so nothing was added.")
            at = packed.schema.get_field_index("_seq")
            seqs = pa.array(np.arange(first, first + len(packed)), pa.int64())
            placed[name] = packed.set_column(at, packed.schema.field(at), seqs)
            first += len(packed)
        return placed

    def _refuse_other_tables(self, names: set[str]) -> None:
        for name in sorted(names - set(_FACTS)):
            raise StoreError(
                f"{self.folder}: `{name}` is not a table of facts, so nothing was added. Tables: {', '.join(_FACTS)}."
            )

    def _fresh(self, given: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
        """Return those of the facts given that are not in the record, each once."""
        fresh: dict[str, pa.Table] = {}
        for name, packed in given.items():
            kept = _together(_FACTS[name], self._parts_of(name, self._chain), self.last_seq)["_digest"]
            new = _is_new(packed["_digest"], kept)
            if new.any():
                fresh[name] = packed if new.all() else packed.filter(pa.array(new))
        return fresh

    def _next(self, fresh: Mapping[str, pa.Table], clock: datetime) -> Commit:
        before = self._chain[-1].commit.received if self._chain else clock
        first, rows = self.last_seq + 1, {name: len(packed) for name, packed in fresh.items()}
        last = first + sum(rows.values()) - 1
        return Commit(first, last, max(clock, before), clock, rows, 0, (), {}, "")

    def _parts_of(self, name: str, links: Iterable[Link]) -> list[pa.Table]:
        return [self._part(link, name) for link in links if name in link.files]

    def _part(self, link: Link, name: str) -> pa.Table:
        place = (link.folder.name, name)
        if place not in self._parts:
            self._parts[place] = read_arrow(link, name, schema_of(_FACTS[name]))
        return self._parts[place]


def _together(table: Table, parts: Sequence[pa.Table], last: int) -> pa.Table:
    """Return the parts of a table as one, up to `seq` `last`, which only the last part can pass."""
    if not parts:
        return schema_of(table).empty_table()
    known = int(np.searchsorted(parts[-1]["_seq"].to_numpy(), last, side="right"))
    return pa.concat_tables([*parts[:-1], parts[-1].slice(0, known)])


def _is_new(digests: pa.ChunkedArray, kept: pa.ChunkedArray) -> Truths:
    """Return which digests are not kept, each where it first stands."""
    new = np.ones(len(digests), bool)
    if len(kept):
        # The few that are given are looked for among the many that are kept, which takes no memory for the many.
        there = kept.filter(pc.is_in(kept, value_set=digests))
        new &= ~pc.is_in(digests, value_set=there).to_numpy()
    positions, begins = alike(hashes(digests))
    for first, end in pairwise(begins):
        seen: set[str] = set()
        for position in positions[first:end]:
            digest = digests[int(position)].as_py()
            new[position] &= digest not in seen
            seen.add(digest)
    return new


def _numbered(fresh: Mapping[str, pa.Table], commit: Commit) -> dict[str, pa.Table]:
    """Return facts with their `seq`, in the order in which they were given, and when they were received."""
    places = np.sort(np.concatenate([np.zeros(0, np.int64), *(packed["_seq"].to_numpy() for packed in fresh.values())]))
    numbered: dict[str, pa.Table] = {}
    for name, packed in fresh.items():
        seqs = commit.first + np.searchsorted(places, packed["_seq"].to_numpy())
        received = pa.repeat(pa.scalar(commit.received, packed.schema.field("_received").type), len(packed))
        for column, values in (("_seq", pa.array(seqs, pa.int64())), ("_received", received)):
            at = packed.schema.get_field_index(column)
            packed = packed.set_column(at, packed.schema.field(at), values)
        numbered[name] = packed
    return numbered


def _rows(tables: Mapping[str, pa.Table]) -> int:
    return sum(len(packed) for packed in tables.values())


# --- opening ---


def _prepared(folder: Path, wait_seconds: float) -> Path | None:
    """Make a record in an empty folder, or bring one to this schema; return the backup copy of the older."""
    if not is_record(folder):
        with _writing(folder):
            _make(folder, wait_seconds)
    version = schema_version(folder)
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{folder}: this record has schema {version}; this version of Ringfence reads up to {SCHEMA_VERSION}. "
            "Install a newer Ringfence."
        )
    if version == SCHEMA_VERSION:
        return None
    with _writing(folder):
        return migrate(folder, wait_seconds)


def _make(folder: Path, wait_seconds: float) -> None:
    _refuse_what_is_not_empty(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with durable.locked(folder, wait_seconds):
        if is_record(folder):
            return  # made by another process while this one waited
        _refuse_what_is_not_empty(folder)
        (folder / COMMITS).mkdir(exist_ok=True)
        durable.put(folder / ABOUT, described(SCHEMA_VERSION))
        durable.sync(folder.parent)


def _refuse_what_is_not_empty(folder: Path) -> None:
    """Refuse a folder with anything in it but what making a record leaves when it is interrupted."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: this is a file, and a record is a folder. Name a new folder.")
    names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    ours = {name for name in names if name.startswith(durable.PENDING)} | {durable.LOCK}
    if COMMITS in names and (folder / COMMITS).is_dir() and not any((folder / COMMITS).iterdir()):
        ours.add(COMMITS)
    if names - ours and not is_record(folder):
        raise StoreError(f"{folder}: this folder is not a record and is not empty. Name a new folder.")


def _read(folder: Path, known: Sequence[Link] = ()) -> tuple[Link, ...]:
    links = read_chain(folder / COMMITS, known)
    for link in links[len(known) :]:
        for name in sorted(set(link.files) - set(_FACTS)):
            raise StoreError(
                f"{link.folder / name}.arrow: this version of Ringfence knows no table of facts called `{name}`. "
                "Install the version that wrote it."
            )
    return links


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{folder}: this record cannot be written to ({error.strerror}). Mend that and do the same again: "
            "what is in the record already is not added twice."
        ) from None
