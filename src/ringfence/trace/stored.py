"""An index kept in files: arrays that are mapped and not read, with a sum over each, so that damage is seen."""

import json
import os
import shutil
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from pyarrow import feather

from ringfence.record import Footing, Level
from ringfence.vocabulary import PlainError

from .columns import Columns, Names, Place
from .index import Index, Part
from .kernels import Layer

_FORM = 6
_PARTS = ("base", "recent", "here")
_COLUMNS = tuple(one.name for one in fields(Columns))
_FINDING = tuple(name for name in Layer._fields if name not in (*_COLUMNS, "in_doubt"))
_NAMES, _ABOUT, _FOOTING = "names.json", "index.json", "footing.arrow"


class DamagedIndex(PlainError):  # noqa: N818
    """A kept index that is not whole; the message says what is wrong. It is worked out anew from the record."""


@dataclass(frozen=True)
class Kept:
    """An index that was kept, and what it was made from."""

    index: Index
    made_by: str
    record: str
    """The digest of the record."""
    footing: Footing


def keep(index: Index, folder: Path, *, made_by: str, record: str, footing: Footing) -> None:
    """Keep an index in a folder, whole or not at all; what was there is replaced.

    Args:
        index: the index.
        folder: where; made, and all in it removed.
        made_by: the program, with its version.
        record: the digest of the record.
        footing: what the presences in it rest on.
    """
    index = index.whole()
    pending = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(pending, ignore_errors=True)
    pending.mkdir(parents=True)
    try:
        for name, part in zip(_PARTS, index.parts, strict=True):
            for array in _COLUMNS:
                np.save(pending / f"{name}-{array}.npy", getattr(part.columns, array))
            for array in _FINDING:
                np.save(pending / f"{name}-{array}.npy", getattr(part.layer, array))
        names = {"patients": index.names.patients, "places": index.names.places, "repairs": index.names.repairs}
        (pending / _NAMES).write_text(json.dumps(names), encoding="utf-8")
        feather.write_feather(footing.patients, pending / _FOOTING, compression="uncompressed")
        sums = {path.name: _sum(path) for path in sorted(pending.iterdir())}
        at = index.at.isoformat()
        about = {"made_by": made_by, "record": record, "at": at, "everyone": footing.everyone}
        said = {"form": _FORM, "level": index.level, **about, "sums": sums}
        (pending / _ABOUT).write_text(json.dumps(said, indent=1), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(pending, folder)
    finally:
        shutil.rmtree(pending, ignore_errors=True)


def kept(folder: Path) -> Kept | None:
    """Return the index kept in a folder, and what it was made from; None where there is none, or one of another form.

    Raises:
        DamagedIndex: a file is missing or is not as it was written.
    """
    try:
        said = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        if said["form"] != _FORM:
            return None
        for name, total in said["sums"].items():
            if _sum(folder / name) != total:
                raise DamagedIndex(f"{folder / name} is not as it was written.")
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        parts = tuple(_part(folder, name) for name in _PARTS)
        at = datetime.fromisoformat(said["at"])
        footing = Footing(at, said["everyone"], feather.read_table(folder / _FOOTING))
    except FileNotFoundError as error:
        if not folder.exists():
            return None
        raise DamagedIndex(f"{error.filename} is missing.") from None
    except (ValueError, KeyError, TypeError, OSError):
        raise DamagedIndex(f"{folder / _ABOUT} cannot be read.") from None
    places = [Place(*place) for place in names["places"]]
    known = Names(names["patients"], places, names["repairs"])
    return Kept(Index(Level(said["level"]), known, at, parts), said["made_by"], said["record"], footing)  # type: ignore[arg-type]


def _part(folder: Path, name: str) -> Part:
    def array(field: str) -> Any:  # noqa: ANN401
        path = folder / f"{name}-{field}.npy"
        found = np.load(path, mmap_mode="r")
        return np.asarray(found)

    return Part.found(Columns(**{field: array(field) for field in _COLUMNS}), [array(field) for field in _FINDING])


def _sum(path: Path) -> list[int]:
    total, size = 0, 0
    with path.open("rb") as file:
        while some := file.read(1 << 20):
            total, size = crc32(some, total), size + len(some)
    return [total, size]
