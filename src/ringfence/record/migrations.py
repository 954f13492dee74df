"""Bringing a record of an older schema to this one: a backup first, then a new record beside the old, then a swap.

At every moment of it the folder holds the old record, or the new one, or the new one complete with the swap unfinished,
which the next opening finishes under the lock. `record.json` is renamed last, so a record that says it is of this
schema is. See docs/decisions/0005.
"""

import filecmp
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

import pyarrow as pa

from . import durable
from .commits import Link, arrow_of, read_arrow, read_chain, write_commit
from .declare import TABLES, Table, TableKind, digest_of
from .description import ABOUT, COMMITS, described, schema_version
from .envelope import ENVELOPE, Fact, pack_facts, schema_of, unpack_facts
from .kinds import UnknownWord
from .store import SCHEMA_VERSION, Commit, StoreError

Columns = Mapping[str, pa.Table]
"""The facts of one commit by table."""
Step = Callable[[Columns], Columns]

_READY = ".migrated"
"""The new record, complete. From here on the migration is only finished, never begun again."""
_REPLACED = ".migrated-old"
"""Where the old commits are put out of the way."""
_BACKUP_NAME = "backup"


def _to_1(columns: Columns) -> Columns:
    """Version 0 had fewer columns, an envelope of three, and instants in whole seconds: all is filled in and cast."""
    return columns


STEPS: Mapping[int, Step] = {0: _to_1}
"""From each version to the next: what became of its tables and columns.

A step drops, renames or recodes. Columns that are missing after the last step are filled with their default, and
keys and digests are made anew, so a column that was only added needs nothing here.
"""


def migrate(folder: Path, wait_seconds: float) -> Path | None:
    """Bring the record in `folder` to this schema, and return its backup copy; None: another process did it.

    Raises:
        StoreError: the old record is damaged, or another process holds it.
        OSError: the record, or the folder that it lies in, cannot be written to.
    """
    backup: Path | None = None
    with durable.locked(folder, wait_seconds):
        while (version := schema_version(folder)) < SCHEMA_VERSION:
            # The description is the last that is taken from there, so what lacks it was only not cleared away.
            if not (folder / _READY / ABOUT).exists():
                clear_away(folder)
                _make_ready(folder, version)
            backup = _swap(folder)
    return backup


def _make_ready(folder: Path, version: int) -> None:
    """Put the new record, complete, and the name of the backup beside the old commits."""
    building = folder / f"{durable.PENDING}migrated"
    try:
        _build(building, folder / COMMITS, version)
        durable.write(building / _BACKUP_NAME, _back_up(folder, version).name.encode())
        durable.sync(building)
        durable.rename(building, folder / _READY)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


# --- the backup ---


def _back_up(folder: Path, version: int) -> Path:
    """Return a copy of the record beside it, made now or by a migration that was interrupted; none is overwritten."""
    name = f"{folder.resolve().name}.schema-{version}.backup"
    beside = folder.resolve().parent
    for path in (beside / (name if n == 1 else f"{name}.{n}") for n in count(1)):
        if not path.exists():
            return _copied(folder, path)
        if _files(path) == _files(folder) and all(_is_same(folder, path, file) for file in _files(path)):
            return path
    raise AssertionError


def _copied(folder: Path, to: Path) -> Path:
    pending = to.parent / f"{durable.PENDING}{to.name}"
    if pending.exists():
        shutil.rmtree(pending)
    shutil.copytree(folder, pending, ignore=shutil.ignore_patterns(durable.LOCK, f"{durable.PENDING}*"))
    durable.sync_tree(pending)
    durable.rename(pending, to)
    return to


def _files(folder: Path) -> list[Path]:
    inside = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in inside if path.parts[0] != durable.LOCK and not any(map(_is_pending, path.parts)))


def _is_pending(name: str) -> bool:
    return name.startswith(durable.PENDING)


def _is_same(one: Path, other: Path, file: Path) -> bool:
    return filecmp.cmp(one / file, other / file, shallow=False)


# --- the new record ---


def _build(building: Path, commits: Path, version: int) -> None:
    (building / COMMITS).mkdir(parents=True)
    links: list[Link] = []
    for old, commit, columns in _old(commits, version):
        new = _brought_up(old, columns, version, commit.received)
        rows = {name: len(packed) for name, packed in new.items()}
        links.append(write_commit(links, building / COMMITS, replace(commit, facts=rows), new))
    durable.write(building / ABOUT, described(SCHEMA_VERSION))


def _brought_up(old: Path, columns: Columns, version: int, received: datetime) -> Columns:
    for step in range(version, SCHEMA_VERSION):
        columns = STEPS[step](columns)
    for name, packed in columns.items():
        _check_is_known(old, name, packed)
    return {
        name: _packed_anew(old / f"{name}.arrow", table, columns[name], received)
        for name, table in TABLES.items()
        if name in columns
    }


def _check_is_known(old: Path, name: str, packed: pa.Table) -> None:
    if name not in TABLES or TABLES[name].kind is not TableKind.FACT:
        problem = f"this version of Ringfence knows no table of facts called `{name}`"
    elif unknown := sorted(set(packed.schema.names) - set(schema_of(TABLES[name]).names)):
        problem = f"this version of Ringfence knows no column `{unknown[0]}` of {name}"
    elif not {"_seq", "_source"} <= set(packed.schema.names):
        problem = "this file does not say where its facts came from"
    else:
        return
    raise StoreError(f"{old / name}.arrow: {problem}. Nothing was changed. Move the file out, or restore the record.")


def _packed_anew(file: Path, table: Table, packed: pa.Table, received: datetime) -> pa.Table:
    """Return facts in the columns of today, with keys and digests as they are made today."""
    try:
        facts = [*unpack_facts(table, _filled(table, packed))]
    except (UnknownWord, ValueError, pa.ArrowException):
        raise StoreError(
            f"{file}: this file holds values that this version of Ringfence does not know. Nothing was changed. "
            "Restore the record from a backup copy."
        ) from None
    return pack_facts(table, [replace(f, row=_renumbered(table, f.row), received=received) for f in facts])


def _filled(table: Table, packed: pa.Table) -> pa.Table:
    defaults = _defaults(table)
    arrays = [
        packed[field.name].cast(field.type)
        if field.name in packed.schema.names
        else pa.array([defaults[field.name]] * len(packed), field.type)
        for field in schema_of(table)
    ]
    return pa.table(arrays, schema=schema_of(table))


def _defaults(table: Table) -> dict[str, Any]:
    found: dict[str, Any] = {field.name: None for field in ENVELOPE}
    found |= {f"_{f.name}": f.default for f in fields(Fact) if f.default is not MISSING}
    for column in table.columns:
        names = [field.name for field in column.kind.fields(column.name)]
        values = [None] * len(names) if column.default is None else column.kind.pack(column.default)
        found |= dict(zip(names, values, strict=True))
    return found


def _renumbered(table: Table, row: Any) -> Any:  # noqa: ANN401
    """Make a number that was made from the row once more.

    Version 0 took the whole row, so that a stay and the same stay with its end were two. A number that a source gave
    stays.
    """
    for column in table.columns:
        bare = replace(row, **{column.name: ""}) if column.derived else None
        if bare is not None and getattr(row, column.name) == digest_of(table.texts(bare)):
            row = replace(row, **{column.name: digest_of(table.derived_from(bare))})
    return row


# --- the old record ---


def _old(commits: Path, version: int) -> Iterator[tuple[Path, Commit, Columns]]:
    return _commits_of_0(commits) if version == 0 else _commits_of_later(commits)


def _commits_of_0(commits: Path) -> Iterator[tuple[Path, Commit, Columns]]:
    """Yield what version 0 kept: folders of Arrow files, described by nothing but their names."""
    last, received = 0, datetime.min.replace(tzinfo=UTC)
    for folder in sorted(path for path in commits.iterdir() if not path.name.startswith(".")):
        columns = {file.stem: arrow_of(file) for file in sorted(folder.glob("*.arrow"))}
        rows = {name: len(packed) for name, packed in columns.items()}
        first, last = last + 1, last + sum(rows.values())
        if _numbers(columns) != [*range(first, last + 1)]:
            raise StoreError(
                f"{folder}: facts {first} to {last} were expected here, and it holds others. "
                "Nothing was changed. Restore the record from a backup copy."
            )
        # The nearest to when it was received that version 0 knew.
        clock = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
        received = max(received, clock)
        yield folder, Commit(first, last, received, clock, rows, 0, (), {}, "Brought from schema 0."), columns


def _numbers(columns: Columns) -> list[int]:
    numbered = [packed["_seq"].to_pylist() for packed in columns.values() if "_seq" in packed.schema.names]
    return sorted(chain.from_iterable(numbered))


def _commits_of_later(commits: Path) -> Iterator[tuple[Path, Commit, Columns]]:
    for link in read_chain(commits):
        yield link.folder, link.commit, {name: read_arrow(link, name) for name in link.files}


# --- the swap ---


def _swap(folder: Path) -> Path:
    """Put the new record in the place of the old. Each rename is skipped if a migration that was interrupted did it."""
    ready, new = folder / _READY, folder / _READY / COMMITS
    backup = folder.resolve().parent / (ready / _BACKUP_NAME).read_text(encoding="utf-8")
    if new.exists():
        if (folder / COMMITS).exists():
            durable.rename(folder / COMMITS, folder / _REPLACED)
        durable.rename(new, folder / COMMITS)
    durable.rename(ready / ABOUT, folder / ABOUT)
    clear_away(folder)
    return backup


def clear_away(folder: Path) -> None:
    """Remove what making or migrating a record left behind. Only for who holds the lock of a record of this schema."""
    durable.clear(folder, _READY)
    durable.clear(folder)
