"""Files that are whole or not there."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ringfence.vocabulary import PlainError

_FULL = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the space allowed here is used up"}


class WriteError(PlainError):
    """A file could not be written; nothing half written is left."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a path to write to; it takes the place of `path` once all is written, and is removed if that fails.

    Raises:
        WriteError: the disk is full, or the file cannot be written. What was at `path` before is still there.
    """
    pending = path.with_name(f".{path.name}.part")
    try:
        yield pending
        os.replace(pending, path)
    except OSError as error:
        why = _FULL.get(error.errno or 0) or f"it cannot be written ({error.strerror or type(error).__name__})"
        raise WriteError(f"{path}: {why}. Nothing half written is left; give another place.") from None
    finally:
        pending.unlink(missing_ok=True)
