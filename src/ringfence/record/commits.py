"""One commit on disk: its folder, its description, and the chain of descriptions. See docs/decisions/0005."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from . import durable
from .store import Commit, StoreError

DESCRIPTION = "commit.json"
_NAME = re.compile(r"\d{12}(\.\d{6})?")
_RESTORE = "Restore the record from a backup copy."
_READ_AT_ONCE = 65_536
"""Files smaller than this, in bytes, are read and not mapped: a system maps some 65,000 files at most, and a record fed
by messages has more small ones than that."""


@dataclass(frozen=True, slots=True)
class ArrowFile:
    """What a description says of a file beside it."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Link:
    """A commit in its place in the chain."""

    folder: Path
    commit: Commit
    files: Mapping[str, ArrowFile]
    """By table."""
    previous: str
    """SHA-256 of the description before this one; empty for the first."""
    digest: str
    """SHA-256 of its own description."""


def next_name(chain: Sequence[Link], facts: int) -> str:
    """Return the name of the folder of the next commit.

    With facts it is the `seq` of the first. A commit with problems alone is called after the last fact before it, with
    a number; so the order of names is the order of commits.
    """
    last = chain[-1].commit.last if chain else 0
    if facts:
        return f"{last + 1:012d}"
    beside = sum(1 for link in chain if link.commit.first > link.commit.last == last)
    return f"{last:012d}.{beside + 1:06d}"


# --- writing ---


def write_commit(chain: Sequence[Link], commits: Path, commit: Commit, tables: Mapping[str, pa.Table]) -> Link:
    """Write the next commit and make it visible by one rename, when everything of it has reached the disk.

    Args:
        chain: the commits before it.
        commits: the folder of commits, whose lock is held.
        commit: what is known of it.
        tables: its facts by table, with their envelope.
    """
    name = next_name(chain, sum(commit.facts.values()))
    pending = commits / f"{durable.PENDING}{name}"
    try:
        link = _written(pending, commit, tables, chain[-1].digest if chain else "")
        durable.rename(pending, commits / name)
    except BaseException:
        shutil.rmtree(pending, ignore_errors=True)
        raise
    return Link(commits / name, commit, link.files, link.previous, link.digest)


def _written(pending: Path, commit: Commit, tables: Mapping[str, pa.Table], previous: str) -> Link:
    pending.mkdir()
    files = {name: _write_arrow(packed, pending / f"{name}.arrow") for name, packed in tables.items()}
    content = _described(commit, files, previous)
    durable.write(pending / DESCRIPTION, content)
    durable.sync(pending)
    return Link(pending, commit, files, previous, hashlib.sha256(content).hexdigest())


def _write_arrow(packed: pa.Table, path: Path) -> ArrowFile:
    with path.open("wb") as file:
        with pa.ipc.new_file(file, packed.schema) as writer:
            writer.write_table(packed)
        file.flush()
        os.fsync(file.fileno())
    return ArrowFile(len(packed), path.stat().st_size, durable.sha256(path))


def _described(commit: Commit, files: Mapping[str, ArrowFile], previous: str) -> bytes:
    said = asdict(commit)
    for name in ("received", "clock"):
        said[name] = said[name].isoformat()
    said["files"] = {f"{name}.arrow": asdict(file) for name, file in files.items()}
    return (json.dumps({**said, "previous": previous}, indent=1) + "\n").encode()


# --- reading ---


def read_chain(commits: Path, known: Sequence[Link] = ()) -> tuple[Link, ...]:
    """Return every commit in order, having looked at the names, sizes and descriptions of all files not known yet.

    Args:
        commits: the folder of commits.
        known: the first commits, as read before.

    Raises:
        StoreError: with the file that is wrong.
    """
    names = _names(commits)
    if names[: len(known)] != [link.folder.name for link in known] or not _same_end(known):
        raise StoreError(f"{commits.parent}: this record was replaced while it was open. Open it again.")
    chain = list(known)
    for name in names[len(known) :]:
        link = read_link(commits / name)
        _check_follows(chain, link)
        chain.append(link)
    return tuple(chain)


def _same_end(known: Sequence[Link]) -> bool:
    """Whether the last commit known is still what it was; that all before it are follows from the chain."""
    return not known or read_link(known[-1].folder).digest == known[-1].digest


def _names(commits: Path) -> list[str]:
    """Return the names of the commits in order.

    A folder listed while commits are added to it may show a later one and not an earlier one; two lists that are equal
    do not.
    """
    names = _listed(commits)
    while (again := _listed(commits)) != names:
        names = again
    return names


def _listed(commits: Path) -> list[str]:
    try:
        entries = sorted(e.name for e in os.scandir(commits) if not e.name.startswith("."))
    except OSError:
        raise StoreError(f"{commits}: the folder of commits of this record cannot be read. {_RESTORE}") from None
    for name in entries:
        if not _NAME.fullmatch(name) or not (commits / name).is_dir():
            raise StoreError(f"{commits / name}: this is not a commit. Move it out of the record.")
    return entries


def read_link(folder: Path) -> Link:
    """Return one commit, having compared its files with what its description says of them.

    Raises:
        StoreError: with the file that is wrong.
    """
    about = folder / DESCRIPTION
    try:
        content = about.read_bytes()
        said = json.loads(content)
        files = {Path(name).stem: ArrowFile(**file) for name, file in said.pop("files").items()}
        previous = said.pop("previous")
        commit = _commit(said)
        consistent = _is_consistent(commit, files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        consistent = False
    if not consistent:
        raise StoreError(f"{about}: this is not the description of a commit. {_RESTORE}")
    _check_files(folder, files)
    return Link(folder, commit, files, previous, hashlib.sha256(content).hexdigest())


def _commit(said: Mapping[str, Any]) -> Commit:
    received, clock = (datetime.fromisoformat(said[name]) for name in ("received", "clock"))
    if received.tzinfo is None or clock.tzinfo is None:
        raise ValueError
    times = {"received": received.astimezone(UTC), "clock": clock.astimezone(UTC)}
    return Commit(**{**said, **times, "problems": tuple(said["problems"])})


def _is_consistent(commit: Commit, files: Mapping[str, ArrowFile]) -> bool:
    rows = {name: file.rows for name, file in files.items()}
    return rows == dict(commit.facts) and sum(rows.values()) == commit.last - commit.first + 1


def _check_files(folder: Path, files: Mapping[str, ArrowFile]) -> None:
    expected = {f"{name}.arrow": file.bytes for name, file in files.items()}
    present = {e.name: e.stat().st_size for e in os.scandir(folder) if not e.name.startswith(".") and e.is_file()}
    others = {e.name for e in os.scandir(folder) if not e.name.startswith(".")} - {*expected, DESCRIPTION}
    for name in sorted(others):
        raise StoreError(f"{folder / name}: this is not a file of the commit. Move it out of the record.")
    for name, size in expected.items():
        if name not in present:
            raise StoreError(f"{folder / name}: this file of the commit is missing. {_RESTORE}")
        if present[name] != size:
            longer = "longer" if present[name] > size else "shorter"
            sizes = f"{present[name]:,} bytes, not {size:,}"
            raise StoreError(f"{folder / name}: this file is {longer} than when it was written ({sizes}). {_RESTORE}")


def _check_follows(chain: Sequence[Link], link: Link) -> None:
    expected = chain[-1].commit.last + 1 if chain else 1
    if link.commit.first > expected:
        lost = f"facts {expected} to {link.commit.first - 1}"
        raise StoreError(f"{link.folder}: {lost}, which come before this commit, are missing. {_RESTORE}")
    if link.commit.first < expected:
        raise StoreError(f"{link.folder}: this commit numbers facts that another has numbered. {_RESTORE}")
    if link.previous != (chain[-1].digest if chain else ""):
        raise StoreError(f"{link.folder}: the commit before it is missing or was changed. {_RESTORE}")
    if link.folder.name != next_name(chain, sum(link.commit.facts.values())):
        raise StoreError(f"{link.folder}: this commit was renamed. {_RESTORE}")


def read_arrow(link: Link, name: str, schema: pa.Schema | None = None) -> pa.Table:
    """Return the facts of one table of a commit, mapped from the file and not copied where it is large.

    Raises:
        StoreError: the file cannot be read as Arrow, or is not of the schema expected.
    """
    path = link.folder / f"{name}.arrow"
    packed = arrow_of(path)
    if len(packed) != link.files[name].rows or (schema is not None and not packed.schema.equals(schema)):
        raise StoreError(f"{path}: this file does not hold the columns and rows that it should. {_RESTORE}")
    return packed


def arrow_of(path: Path) -> pa.Table:
    """Return the table in an Arrow file.

    Raises:
        StoreError: the file cannot be read as Arrow.
    """
    try:
        with _opened(path) as source:
            packed = pa.ipc.open_file(source).read_all()
        packed.validate()
    except (OSError, pa.ArrowException):
        raise StoreError(f"{path}: this file cannot be read as Arrow. {_RESTORE}") from None
    return packed


def _opened(path: Path) -> Any:  # noqa: ANN401 pyarrow has no types
    if path.stat().st_size < _READ_AT_ONCE:
        return pa.BufferReader(path.read_bytes())
    return pa.memory_map(str(path))


# --- looking closely ---


def faults_of(link: Link) -> list[str]:
    """Return what is wrong with a commit on disk, in sentences: all bytes are read."""
    try:
        if read_link(link.folder).digest != link.digest:
            return [f"{link.folder / DESCRIPTION}: this description was changed. {_RESTORE}"]
        return [*_changed(link)] or [*_misnumbered(link)]
    except StoreError as error:
        return [str(error)]


def _changed(link: Link) -> Iterator[str]:
    for name, file in link.files.items():
        if durable.sha256(link.folder / f"{name}.arrow") != file.sha256:
            yield f"{link.folder / name}.arrow: this file has changed since it was written. {_RESTORE}"


def _misnumbered(link: Link) -> Iterator[str]:
    numbers = sorted(seq for name in link.files for seq in read_arrow(link, name)["_seq"].to_pylist())
    if numbers != [*range(link.commit.first, link.commit.last + 1)]:
        yield f"{link.folder}: its facts are not numbered {link.commit.first} to {link.commit.last}. {_RESTORE}"
