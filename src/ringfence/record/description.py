"""`record.json`: what a folder says of itself, and by which it is known to be a record."""

import json
from pathlib import Path

from .store import StoreError

ABOUT = "record.json"
COMMITS = "commits"


def is_record(folder: Path) -> bool:
    """Whether `folder` is a record that `FolderStore` can open."""
    return (folder / ABOUT).is_file()


def described(version: int) -> bytes:
    """Return the content of `record.json` for a schema version."""
    return (json.dumps({"record": "ringfence", "schema_version": version}) + "\n").encode()


def schema_version(folder: Path) -> int:
    """Return the schema version of the record in `folder`.

    Raises:
        StoreError: its `record.json` cannot be read, or says something else.
    """
    try:
        said = json.loads((folder / ABOUT).read_bytes())
        version = said["schema_version"] if said["record"] == "ringfence" else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        version = None
    if type(version) is not int or version < 0:
        raise StoreError(f"{folder / ABOUT}: this is not the description of a record. Restore it from a backup copy.")
    return version
