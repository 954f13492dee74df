"""Reports as they were submitted: frozen copies with a digest, and what has changed since."""

import csv
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ringfence.record import Revision
from ringfence.vocabulary import PlainError

from .periods import Period

CASES = "cases-in-period.csv"
_ABOUT = "submitted.json"
_COMPARED: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "indicators.csv": (("indicator", "facility", "group"), ("numerator", "denominator", "value", "why_none")),
    CASES: (
        ("case_id",),
        (
            "status", "carbapenemases", "organisms", "first_positive", "infection_or_colonization", "novelty",
            "acquired", "facility", "ward", "counts", "declared",
        ),
    ),
}  # fmt: skip
"""By file: the columns that tell its rows apart, and those that are compared."""


class FreezeError(PlainError):
    """A copy that cannot be kept or read; the message says what would be right."""


@dataclass(frozen=True)
class Submitted:
    """A copy that was kept."""

    folder: Path
    number: int
    about: Mapping[str, object]
    changed: tuple[str, ...]
    """Files that are not as they were frozen, or are gone."""

    @property
    def digest(self) -> str:
        """What names exactly these files."""
        return str(self.about["digest"])

    @property
    def words(self) -> str:
        """Which copy it is, as people read it."""
        frozen = str(self.about["frozen"])[:16].replace("T", " ")
        return f"copy {self.number}, frozen {frozen} UTC, digest {self.digest[:16]}"


def freeze(out: Path, names: Sequence[str], kept_in: Path, period: Period, about: Mapping[str, object]) -> Submitted:
    """Keep a copy of a report as it is submitted; one that is equal to the last is not kept again.

    Args:
        out: where its files are.
        names: which of them.
        kept_in: the record.
        period: of which the report is.
        about: when, by which policy and version.

    Raises:
        FreezeError: the copy cannot be written.
    """
    files = {name: _digest(out / name) for name in names if (out / name).is_file()}
    digest = _digest_of(files)
    before = submitted(kept_in, period)
    if before and before.digest == digest and not before.changed:
        return before
    number = before.number + 1 if before else 1
    folder = _folder(kept_in, period) / str(number)
    pending = folder.with_name(f".{number}.part")
    said = {**about, "period": period.name, "first": str(period.first), "last": str(period.last)}
    said |= {"files": files, "digest": digest}
    try:
        shutil.rmtree(pending, ignore_errors=True)
        pending.mkdir(parents=True)
        for name in files:
            shutil.copyfile(out / name, pending / name)
        (pending / _ABOUT).write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(pending, folder)
    except OSError as error:
        shutil.rmtree(pending, ignore_errors=True)
        raise FreezeError(
            f"{folder}: the copy cannot be kept here ({error.strerror}). Nothing of it is left."
        ) from None
    return Submitted(folder, number, said, ())


def submitted(kept_in: Path, period: Period) -> Submitted | None:
    """Return the last copy of a report of a period; None: there is none.

    Raises:
        FreezeError: what is kept of it cannot be read.
    """
    folders = [one for one in _folder(kept_in, period).glob("*") if re.fullmatch("[0-9]+", one.name)]
    if not folders:
        return None
    folder = max(folders, key=lambda one: int(one.name))
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        if any(Path(name).name != name for name in about["files"]):
            raise ValueError
        changed = [name for name, digest in about["files"].items() if _digest(folder / name) != digest]
        if about["digest"] != _digest_of(about["files"]):
            changed.append(_ABOUT)
        str(about["frozen"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise FreezeError(
            f"{folder}: this copy of a report is damaged, so nothing can be compared with it. Restore it from a "
            "backup, or move it away."
        ) from None
    return Submitted(folder, int(folder.name), about, tuple(changed))


def revisions(before: Submitted, out: Path) -> Iterator[Revision]:
    """Yield what differs between a copy that was kept and the files of a report now."""
    for name, (key, columns) in _COMPARED.items():
        try:
            was = _rows(before.folder / name, key)
        except (KeyError, UnicodeDecodeError, csv.Error):
            continue  # said to be changed since it was frozen
        now = _rows(out / name, key)
        for about in dict.fromkeys([*was, *now]):
            if about not in was or about not in now:
                there = about in now
                yield Revision(
                    file=name, about=about, what="row", was=None if there else "there", now="there" if there else None
                )
                continue
            if was[about].get("suppressed") != now[about].get("suppressed"):
                continue  # asked with another --fewest; the data may not have changed
            for column in columns:
                one, other = was[about].get(column, ""), now[about].get(column, "")
                if one != other:
                    yield Revision(file=name, about=about, what=column, was=one or None, now=other or None)


def _rows(path: Path, key: Sequence[str]) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {" ".join(filter(None, (row[name] for name in key))): row for row in csv.DictReader(file)}


def _folder(kept_in: Path, period: Period) -> Path:
    """Return where the copies of a period are: of the same days, however they were asked for."""
    return kept_in / "reports" / f"{period.first}..{period.last}"


def _digest_of(files: Mapping[str, str]) -> str:
    """Return what names the tables of a copy: the page and the provenance say when they were made."""
    found = {name: digest for name, digest in files.items() if name.endswith(".csv")}
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def _digest(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
