"""Files that outlive a crash: written and synced before they are named, and one writer at a time.

A rename within one file system happens or does not; that is all that the promises of a record rest on. What was
written is made to reach the disk before the rename, and the rename after it.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .store import StoreError

PENDING = ".pending-"
"""Begins the name of what is not finished, and of no interest after a crash."""
LOCK = "lock"
_PAUSE = 0.02
"""Seconds between two tries for the lock."""


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, reach the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Make a folder and everything in it reach the disk."""
    for inside, _, names in os.walk(folder):
        for name in names:
            sync(Path(inside) / name)
        sync(Path(inside))


def rename(old: Path, new: Path) -> None:
    """Rename within a folder or between two, and make the names reach the disk."""
    os.rename(old, new)
    sync(new.parent)
    if old.parent != new.parent:
        sync(old.parent)


def write(path: Path, content: bytes) -> None:
    """Write a whole file and make it reach the disk; its name still has to, by `sync` of its folder."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def put(path: Path, content: bytes) -> None:
    """Write a whole file under its name: a crash leaves the old file or the new one."""
    pending = path.parent / f"{PENDING}{path.name}"
    write(pending, content)
    rename(pending, path)


def clear(folder: Path, beginning: str = PENDING) -> None:
    """Remove what a crash left unfinished in `folder`. Only for who holds the lock."""
    for path in folder.iterdir():
        if path.name.startswith(beginning):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def locked(folder: Path, wait_seconds: float) -> Iterator[None]:
    """Hold the record in `folder` for writing; the lock goes with the process, however that ends.

    Raises:
        StoreError: another process held it for longer than `wait_seconds`.
    """
    handle = _held(folder, time.monotonic() + wait_seconds)
    if handle is None:
        raise StoreError(
            f"{folder}: another process is writing to this record, and was for {wait_seconds:g} seconds. "
            "Try again when it has finished."
        )
    try:
        yield
    finally:
        os.close(handle)


def _held(folder: Path, until: float) -> int | None:
    while True:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        if _try(handle) and _is_named(handle, folder / LOCK):
            return handle
        os.close(handle)
        if time.monotonic() >= until:
            return None
        time.sleep(_PAUSE)


def _try(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise
        return False
    return True


def _is_named(handle: int, path: Path) -> bool:
    """Whether the file locked still bears its name, as the folder may have been made anew while we waited."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
