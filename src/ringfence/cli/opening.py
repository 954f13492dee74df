"""Opening what the user names: a folder of files, or a record made from one."""

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from ringfence.feeds import Effect, Intake, IntakeError, Problem, counted, load_mapping, read_folder
from ringfence.record import (
    TABLES,
    BadValue,
    Commit,
    FolderStore,
    Reading,
    View,
    When,
    end_of_day,
    is_record,
    latest_moments,
    local_text,
)
from ringfence.vocabulary import PlainError

from .progress import reading

VERSION = version("ringfence")
_BY_PEOPLE = ("declarations", "identity_links", "policy_activations", "issued")
"""Tables of what people did; the files of a feed end with the others."""


class UsageError(PlainError):
    """An argument that cannot be used; the message says what would be right."""


@dataclass(frozen=True)
class Opened:
    """A store, what reading the files into it gave, and the `seq` up to which it is asked."""

    store: FolderStore
    intake: Intake
    known_to: int

    def view(self, at: datetime) -> View:
        """Return the view as of an instant."""
        return self.store.current(at=at, known_to=self.known_to)

    @cached_property
    def latest_moments(self) -> Mapping[str, datetime]:
        """The latest moment of what was known, by table; of an empty table none."""
        return latest_moments(self.store.columns(self.known_to))

    def latest_moment(self) -> datetime | None:
        """Return the latest moment of what was known."""
        return max(self.latest_moments.values(), default=None)


def open_input(folder: Path, mapping: str | None, keep: Path, known: str | None = None) -> Opened:
    """Return the record that `folder` is, or one made at `keep` from the files in it.

    Raises:
        IntakeError, MappingError, StoreError, UsageError: with what is wrong and what would be right.
    """
    if is_record(folder):
        if mapping:
            raise UsageError(f"{folder}: this is a record already; it needs no --mapping.")
        return open_record(folder, known)
    if known is not None:
        raise UsageError(f"{folder}: what was known when is kept in a record only. Make one: ringfence record add.")
    with reading(folder) as progress:
        now = datetime.now(UTC)
        intake = read_folder(folder, load_mapping(mapping), now=now, beside=keep.parent, progress=progress)
    if is_record(keep):
        shutil.rmtree(keep)
    store = FolderStore(keep)
    add(store, intake, note="")
    return Opened(store, intake, store.last_seq)


def open_record(folder: Path, known: str | None = None) -> Opened:
    """Return a record, asked as it was known at `known`: a `seq`, or an instant of receipt; None: now.

    Raises:
        StoreError, UsageError: with what is wrong and what would be right.
    """
    if not is_record(folder):
        raise UsageError(f"{folder}: this is not a record. Make one: ringfence record add FOLDER --to {folder}")
    store = FolderStore(folder)
    if store.migrated_from:
        print(f"{folder} was of an older schema and is now of this one. The copy before: {store.migrated_from}")
    known_to = store.last_seq if known is None else known_at(store, known, "--known")
    commits = [commit for commit in store.commits if commit.last <= known_to]
    problems = tuple(problem_of(said) for commit in commits for said in commit.problems)
    digests = {name: digest for commit in commits for name, digest in commit.inputs.items()}
    return Opened(store, Intake({}, problems, digests, {}), known_to)


def add(store: FolderStore, intake: Intake, *, note: str) -> Commit:
    """Add what was read to a store, with its problems, at the time of the clock."""
    problems = [{name: str(value) for name, value in asdict(problem).items()} for problem in intake.problems]
    return store.append_columns(
        intake.columns, received=datetime.now(UTC), problems=problems, inputs=dict(intake.digests), note=note
    )


def problem_of(said: Mapping[str, str]) -> Problem:
    """Return a problem as a commit keeps it."""
    told: dict[str, object] = {**said, "effect": Effect(said["effect"]), "rest": said.get("rest") == "True"}
    numbers = {"line": int(said["line"]), "rows": int(said.get("rows", 0)), "alone": int(said.get("alone", 0))}
    return Problem(**told | numbers)  # type: ignore[arg-type]


def known_at(store: FolderStore, text: str, option: str) -> int:
    """Return the `seq` that a number names, or up to which facts were received by an instant.

    Raises:
        UsageError: it is neither, or the record is not that long.
    """
    if not text.isdigit():
        try:
            moment = _instant(text, store, option)
        except UsageError as error:
            last = ", or `last`" if option == "--since" else ""
            raise UsageError(f"{option}: give a number of `ringfence record log`, or a moment{last}. {error}") from None
        return store.seq_at(moment)
    if int(text) > store.last_seq:
        raise UsageError(f"{option}: the record goes up to {store.last_seq}. `ringfence record log` shows its commits.")
    return int(text)


def view_of(opened: Opened, as_of: str | None) -> View:
    """Return the view as of the instant that `as_of` writes; by default as of the latest moment of the facts."""
    return opened.view(instant_of(opened, as_of))


def instant_of(opened: Opened, as_of: str | None) -> datetime:
    """Return the instant that `as_of` writes: an instant, or a date meaning its end.

    Without an offset the time is local to the facilities, which must then share one zone.
    """
    if as_of is not None:
        return _instant(as_of, opened.store, "--as-of")
    latest = opened.latest_moment()
    if latest is None and opened.known_to < opened.store.last_seq:
        first = opened.store.commits[0].received
        raise UsageError(f"The record held nothing dated then; its first commit came at {first:%Y-%m-%d %H:%M} UTC.")
    if latest is None:
        refused, _ = counted(opened.intake.problems)
        why = f" Rows refused: {refused}; problems.csv says why." if refused else ""
        unused = "".join(f"\n  {name} was not used: {reason}" for name, reason in opened.intake.unused.items())
        raise IntakeError(f"No row with a date could be used, so there is nothing to analyze.{why}{unused}")
    return min(latest, datetime.now(UTC).replace(microsecond=0))


def _instant(text: str, store: FolderStore, option: str) -> datetime:
    zones = {zone.key for zone in store.current(at=datetime.now(UTC)).setting.zones.values()}
    return read_instant(text, ZoneInfo(zones.pop()) if len(zones) == 1 else None, option)


def read_instant(text: str, zone: ZoneInfo | None, option: str) -> datetime:
    """Return the instant that `text` writes: an instant, or a date meaning its end, local to `zone`.

    Raises:
        UsageError: it is neither, or needs a zone and there is none.
    """
    try:
        when = TABLES["stays"].by_name["start"].kind.read(text, Reading(zone))
    except BadValue as bad:
        raise UsageError(f"{option}: {bad.problem} {bad.remedy}") from None
    assert isinstance(when, When)
    if when.on is not None and zone is None:
        raise UsageError(f"{option}: the facilities have no one time zone. Give an instant with its offset.")
    return when.at or end_of_day(when.day(zone or ZoneInfo("UTC")), zone or ZoneInfo("UTC"))


def said_as_of(opened: Opened, view: View, as_of: str | None) -> str:
    """Return the instant of a view in words, how it was chosen, and a caution if it lies ahead."""
    local = local_text(view.at, view.zone(None)).replace("T", " ")[:16]
    ahead = view.at > datetime.now(UTC) + timedelta(days=1)
    moved = max((last for name, last in opened.latest_moments.items() if name not in _BY_PEOPLE), default=None)
    if as_of:
        if ahead:
            return f"As of {local}, which lies in the future: open stays are taken to go on until then."
        if moved and view.at - moved > timedelta(days=1):
            ends = local_text(moved, view.zone(None)).replace("T", " ")[:16]
            return f"As of {local}. The files end at {ends}: open stays are taken to go on until then."
        return f"As of {local}."
    latest = opened.latest_moment()
    if latest and latest > view.at:
        return f"As of {local}, now. The files hold later moments, which are left out."
    if moved and view.at - moved > timedelta(days=1):
        ends = local_text(moved, view.zone(None)).replace("T", " ")[:16]
        return (
            f"As of {local}, the latest decision. The files end at {ends}: open stays are taken to go on until now. "
            "With --as-of you ask about another moment."
        )
    return f"As of {local}, the latest moment in the files."


def said_of_input(intake: Intake, where: str = " `ringfence analyze` lists them.") -> list[str]:
    """Return what of the input was not used, and where to read of each row."""
    refused, noted = counted(intake.problems)
    lines = [f"{name} was not used: {why}" for name, why in intake.unused.items()]
    lines += [f"{one.file}: {one.problem} {one.remedy}" for one in intake.problems if one.line == 0]
    if refused or noted:
        lines.append(f"Rows refused: {refused:,}. Problems noted on rows used: {noted:,}.{where}")
    return lines


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
