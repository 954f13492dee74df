"""Opening what the user names: a folder of files, or a record made from one."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ringfence.feeds import Intake, IntakeError, counted, load_mapping, read_folder
from ringfence.record import TABLES, BadValue, FolderStore, Reading, View, When, end_of_day, is_record, local_text
from ringfence.vocabulary import PlainError


class UsageError(PlainError):
    """An argument that cannot be used; the message says what would be right."""


@dataclass(frozen=True)
class Opened:
    """A store, and what reading the files into it gave."""

    store: FolderStore
    intake: Intake


def open_input(folder: Path, mapping: str | None, keep: Path) -> Opened:
    """Return the record that `folder` is, or one made at `keep` from the files in it.

    Raises:
        IntakeError, MappingError, StoreError, UsageError: with what is wrong and what would be right.
    """
    if is_record(folder):
        if mapping:
            raise UsageError(f"{folder}: this is a record already; it needs no --mapping.")
        return Opened(FolderStore(folder), Intake((), (), {}, {}))
    intake = read_folder(folder, load_mapping(mapping))
    if is_record(keep):
        shutil.rmtree(keep)
    store = FolderStore(keep)
    store.append(intake.facts)
    return Opened(store, intake)


def view_of(opened: Opened, as_of: str | None) -> View:
    """Return the view as of the instant that `as_of` writes; by default as of the latest moment of the facts."""
    return opened.store.current(at=instant_of(opened, as_of))


def instant_of(opened: Opened, as_of: str | None) -> datetime:
    """Return the instant that `as_of` writes: an instant, or a date meaning its end.

    Without an offset the time is local to the facilities, which must then share one zone.
    """
    latest = opened.store.latest_moment()
    if latest is None:
        refused, _ = counted(opened.intake.problems)
        why = f" Rows refused: {refused}; problems.csv says why." if refused else ""
        unused = "".join(f"\n  {name} was not used: {reason}" for name, reason in opened.intake.unused.items())
        raise IntakeError(f"No row with a date could be used, so there is nothing to analyze.{why}{unused}")
    if as_of is None:
        return min(latest, datetime.now(UTC).replace(microsecond=0))
    zones = opened.store.current(at=latest).setting.zones
    keys = {zone.key for zone in zones.values()}
    zone = next(iter(zones.values())) if len(keys) == 1 else None
    try:
        when = TABLES["stays"].by_name["start"].kind.read(as_of, Reading(zone))
    except BadValue as bad:
        raise UsageError(f"--as-of: {bad.problem} {bad.remedy}") from None
    assert isinstance(when, When)
    if when.on is not None and zone is None:
        raise UsageError("--as-of: the facilities have several time zones. Give an instant with its offset.")
    return when.at or end_of_day(when.day(zone or next(iter(zones.values()))), zone or next(iter(zones.values())))


def said_as_of(opened: Opened, view: View, as_of: str | None) -> str:
    """Return the instant of a view in words, how it was chosen, and a caution if it lies ahead."""
    local = local_text(view.at, view.zone(None)).replace("T", " ")[:16]
    ahead = view.at > datetime.now(UTC) + timedelta(days=1)
    if as_of:
        return f"As of {local}" + (
            ", which lies in the future: open stays are taken to go on until then." if ahead else "."
        )
    latest = opened.store.latest_moment()
    if latest and latest > view.at:
        return f"As of {local}, now. The files hold later moments, which are left out."
    return f"As of {local}, the latest moment in the files."


def say_input(intake: Intake, problems: Path) -> None:
    """Print what of the input was not used, and where that is written."""
    refused, noted = counted(intake.problems)
    for name, why in intake.unused.items():
        print(f"  {name} was not used: {why}")
    for problem in intake.problems:
        if problem.line == 0:
            print(f"  {problem.file}: {problem.problem} {problem.remedy}")
    if refused or noted:
        print(f"  Rows refused: {refused:,}. Problems noted on rows used: {noted:,}. See {problems}")


def ready(out: Path) -> Path:
    """Return the output folder, made if need be.

    Raises:
        UsageError: it cannot be made or written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".ringfence"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(
            f"{out}: this folder cannot be written to ({error.strerror}). Name another with --out."
        ) from None
    return out
