"""`record add`, `log`, and what people do to a record: merge, unlink, retract, declare, undo."""

from argparse import Namespace
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from shlex import quote
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.assess import carriages
from ringfence.chain import analyze
from ringfence.feeds import Intake, IntakeError, Names, counted, load_mapping, read_folder
from ringfence.record import (
    TABLES,
    ActError,
    BadValue,
    Declaration,
    DeclarationKind,
    Fact,
    FolderStore,
    Reading,
    View,
    acts,
    decodings,
    is_record,
    last_of_each_pair,
    patient_of,
)
from ringfence.report import counted_words
from ringfence.vocabulary import did_you_mean

from .in_force import policy_in_force
from .opening import UsageError, add, open_record, read_instant
from .progress import reading
from .record_arguments import ABOUT, DECLARED

_ABOUT_COLUMNS = {
    "case": "case_id",
    "contact": "contact_patient_id",
    "patient": "patient_id",
    "encounter": "encounter_id",
    "facility": "facility_id",
}


def run_add(args: Namespace) -> int:
    """Add the files of a folder to a record."""
    folder, record = Path(args.folder), Path(args.to)
    if is_record(folder):
        raise UsageError(f"{folder}: this is a record. `record add` takes a folder of files.")
    if record.resolve() == folder.resolve():
        raise UsageError(f"{record}: --to must not be the folder that is read. Name another.")
    mapping = load_mapping(args.mapping)
    store = FolderStore(record) if is_record(record) else None
    view = store.current(at=datetime.now(UTC)) if store else None
    facilities = {f.facility_id: f.zone for f in view.facilities.values()} if view else {}
    exported = partial(_exported, args.exported) if args.exported else partial(_as_first_read, store)
    known: Names = partial(view.names, as_given=True) if view else lambda _: frozenset()
    with reading(folder) as progress:
        intake = read_folder(
            folder,
            mapping,
            exported=exported,
            facilities=facilities,
            known=known,
            now=datetime.now(UTC),
            beside=_beside(record),
            progress=progress,
        )
    store = store or FolderStore(record)
    _refuse_other_decoding(store, intake)
    commit = add(store, intake, note=folder.name)
    _say_added(store, intake, commit.repeated, sum(commit.facts.values()))
    if commit.clock < commit.received:
        print(
            f"  The clock of this machine runs behind: it says {commit.clock:%Y-%m-%d %H:%M} UTC, and the commit "
            f"before came at {commit.received:%Y-%m-%d %H:%M} UTC. This one is kept with the later time. Set the clock."
        )
    return 0


def _beside(record: Path) -> Path:
    """Return the nearest folder above a record, in which what is read may be put until it is added."""
    return next(folder for folder in record.resolve().parents if folder.is_dir())


def _as_first_read(store: FolderStore | None, _: Collection[str], digests: Mapping[str, str]) -> datetime | None:
    """Return when files were taken to be sent at first, if these very ones were added before.

    A planned end that has passed since would else make an old export later than those after it.
    """
    same = next((one for one in store.commits if one.inputs and one.inputs == digests), None) if store else None
    if store is None or same is None:
        return None
    for packed in store.columns(same.last).values():
        own = packed.filter(pc.and_(pc.greater_equal(packed["_seq"], same.first), pc.is_valid(packed["_sent"])))
        if len(own):
            return datetime.fromtimestamp(own["_sent"].cast(pa.int64())[0].as_py() / 1e6, UTC)
    return None


def _exported(text: str, zones: Collection[str], _: Mapping[str, str]) -> datetime:
    at = read_instant(text, ZoneInfo(next(iter(zones))) if len(set(zones)) == 1 else None, "--exported")
    if at > datetime.now(UTC):
        raise UsageError("--exported lies in the future. Say when the files were exported.")
    return at


def _refuse_other_decoding(store: FolderStore, intake: Intake) -> None:
    """Refuse files that were decoded before by another text of the mapping under the same generation."""
    now = dict(decodings(intake.columns))
    before = list(decodings(store.columns()))
    read = {message for message, _ in now}
    known = {message for (message, _), _ in before}
    for name, message in intake.messages.items():
        if message in known - read:
            raise IntakeError(
                f"{name}: rows of this file are in the record, and this mapping reads none of it. Nothing was added.\n"
                "What was read before would go on counting. Correct the mapping, so that it reads the file."
            )
    if any(now.get(key, decoded_by) != decoded_by for key, decoded_by in before):
        raise IntakeError(
            "These files are in the record already, read by another version of this mapping. Nothing was added.\n"
            "Raise `generation` in the mapping, so that what it reads now replaces what it read before."
        )


def _say_added(store: FolderStore, intake: Intake, repeated: int, added: int) -> None:
    again = f" {repeated:,} were there already." if repeated else ""
    what = counted_words(added, "fact")
    print(f"Added {what} to {store.folder}.{again} The record is known up to {store.last_seq:,}.")
    refused, noted = counted(intake.problems)
    for name, why in intake.unused.items():
        print(f"  {name} was not used: {why}")
    for name in intake.digests:
        if not any(pc.any(pc.starts_with(one["_source"], f"{name}:")).as_py() for one in intake.columns.values()):
            first = next((p for p in intake.problems if p.file == name), None)
            print(f"  {name}: no row of it was used. {f'{first.problem} {first.remedy}' if first else 'It has none.'}")
    if refused or noted:
        print(f"  Rows refused: {refused:,}. Problems noted on rows kept: {noted:,}. See ringfence record check.")
    dated = sum(len(one) - one["_recorded"].null_count for one in intake.columns.values())
    if intake.columns and not dated:
        print("  No row says when it was recorded: knowledge time is assumed equal to event time.")


def run_log(args: Namespace) -> int:
    """Print every commit, and the declarations."""
    store = open_record(Path(args.record)).store
    view = store.current(at=datetime.now(UTC))
    for commit in store.commits:
        what = ", ".join(f"{table} {many:,}" for table, many in commit.facts.items()) or "no new facts"
        refused = f"; {counted_words(len(commit.problems), 'problem')}" if commit.problems else ""
        print(
            f"{commit.last:>9,}  {commit.received:%Y-%m-%d %H:%M:%S} UTC  {commit.note or 'entered'}: {what}{refused}"
        )
    done = [fact for fact in store.changes_since(0) if fact.table in ("declarations", "identity_links")]
    if done:
        print("\nWhat people decided, in the order in which it came:")
    for fact in done:
        print(f"{fact.seq:>9,}  {_decided(fact, view)}")
    return 0


def _decided(fact: Fact, view: View) -> str:
    """Say what was decided, without the patient."""
    row, linked = fact.row, fact.table == "identity_links"
    what = {"link": "merge", "unlink": "unlink"}[row.action.value] if linked else row.kind.value.replace("_", " ")
    where = "" if linked else " ".join(part for part in (row.facility_id, row.ward) if part)
    number = row.link_id if linked else row.declaration_id
    if linked:
        state = "in force" if row in last_of_each_pair(view.rows("identity_links")) else "taken back"
    else:
        state = _state(view.as_named(fact).row, view)
    why = f", because {row.why}" if row.why else ""
    day = row.declared.day(view.zone(None))
    return f"{number}  {what}{f' {where}' if where else ''}, by {row.declared_by}, {day}{why} ({state})"


def _state(declared: Declaration, view: View) -> str:
    if declared.declaration_id in view.undone:
        return "taken back"
    if declared.declaration_id in view.waiting:
        return "waits for a person"
    if declared.encounter_id and declared.encounter_id not in view.visits:
        return "waits for its visit"
    contested = view.contested_retractions.get(declared.declaration_id)
    if contested:
        return "the row says something else since, and counts" if contested[2] else "in force; sent again since"
    return "in force"


def run_act(args: Namespace) -> int:
    """Merge, unlink, retract, declare or undo."""
    store = open_record(Path(args.record)).store
    now = datetime.now(UTC)
    view = store.current(at=now)
    zones = {zone.key for zone in view.setting.zones.values()}
    zone = ZoneInfo(next(iter(zones))) if len(zones) == 1 else None
    at = read_instant(args.at, zone, "--at") if args.at else now
    if at > now:
        raise ActError("--at lies in the future. Say when it was decided; without --at it is now.")
    if args.act == "undo":
        args.declarations += [number for number in _declared_in(store, args.commit) if number not in view.undone]
    facts = _ACTS[args.act](args, view, at)
    commit = store.append(facts, received=now, note=args.act)
    print(f"{_said(args, facts, commit.last)} The record is known up to {store.last_seq:,}.")
    if not commit.facts:
        print("  It was there already, so nothing was added.")
    return 0


def _said(args: Namespace, facts: list[Fact], last: int) -> str:
    numbers = [fact.row.declaration_id for fact in facts if fact.table == "declarations"]
    record = quote(args.record)
    if not numbers:
        back = "unlink" if args.act == "merge" else "merge"
        said = {"merge": "Merged.", "unlink": "Unlinked."}[args.act]
        return f"{said} Take it back with: ringfence record {back} {record} NUMBER NUMBER --by ROLE."
    if len(numbers) > 1:
        return (
            f"Declared {len(numbers)} times. Undo all with: ringfence record undo {record} --commit {last} --by ROLE."
        )
    return f"Declared: {numbers[0]}. Undo it with: ringfence record undo {record} {numbers[0]} --by ROLE."


def _merge(args: Namespace, view: View, at: datetime) -> list[Fact]:
    return acts.merge(view, *args.numbers, by=args.by, at=at, why=args.why)


def _unlink(args: Namespace, view: View, at: datetime) -> list[Fact]:
    return acts.unlink(view, *args.numbers, by=args.by, at=at, why=args.why)


def _retract(args: Namespace, view: View, at: datetime) -> list[Fact]:
    return acts.retract(view, args.about, by=args.by, at=at, why=args.why)


def _undo(args: Namespace, view: View, at: datetime) -> list[Fact]:
    if not args.declarations:
        raise UsageError(
            "Name what is to be undone: its number, or --commit. `ringfence record log RECORD` lists them."
        )
    numbers = dict.fromkeys(args.declarations)
    return [fact for number in numbers for fact in acts.undo(view, number, by=args.by, at=at, why=args.why)]


def _declared_in(store: FolderStore, seq: str | None) -> list[str]:
    """Return the numbers of what was declared in the commit that reaches up to `seq`."""
    if seq is None:
        return []
    commit = next((one for one in store.commits if str(one.last) == seq.replace(",", "")), None)
    if commit is None:
        raise UsageError(f"--commit: no commit reaches up to {seq}. `ringfence record log` shows them.")
    found = [fact for fact in store.changes_since(commit.first - 1) if fact.seq <= commit.last]
    numbers = [fact.row.declaration_id for fact in found if fact.table == "declarations"]
    if not numbers:
        raise UsageError(f"--commit: nothing was declared in the commit up to {seq}, so there is nothing to undo.")
    return numbers


def _declare(args: Namespace, view: View, at: datetime) -> list[Fact]:
    if args.kind not in DECLARED:
        raise UsageError(
            f"`{args.kind}` cannot be declared. Kinds: {', '.join(DECLARED)}.{did_you_mean(args.kind, DECLARED)}"
        )
    kind = DeclarationKind(args.kind.replace("-", "_"))
    about = {_ABOUT_COLUMNS.get(name, name): _read(name, getattr(args, name)) for name in ABOUT}
    if kind in (DeclarationKind.DONE, DeclarationKind.TOLD):
        _refuse_no_task(about["about"], view, at, args.policy)
    facts = acts.declare(view, kind, by=args.by, at=at, why=args.why, **(about | _any_contact(kind, about)))
    if about["case_id"]:
        _refuse_no_case(about["case_id"], view, at)
    if kind is not DeclarationKind.CONTACTS_ACCEPTED or about["contact_patient_id"]:
        return facts
    contacts = _contacts_of(about["case_id"] or "", view, args.policy)
    return [
        fact
        for contact in contacts
        for fact in acts.declare(
            view, kind, by=args.by, at=at, why=args.why, **{**about, "contact_patient_id": contact}
        )
    ]


def _any_contact(kind: DeclarationKind, about: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return a contact for a list that is accepted whole, so that the rest of what is declared can be looked at."""
    case = about["case_id"]
    whole = kind is DeclarationKind.CONTACTS_ACCEPTED and case and not about["contact_patient_id"]
    return {"contact_patient_id": patient_of(case)} if whole else {}


def _refuse_no_case(case_id: str, view: View, at: datetime) -> None:
    then = View(view.known.columns, at=at, known_to=view.known_to)
    timelines = [seen.timeline(patient_of(case_id) or "") for seen in (then, view)]
    if all(case.case_id != case_id for timeline in timelines for case in carriages(timeline, policy="")):
        raise ActError(
            "--case: no case of the record is called so, then or now. Copy it from cases.csv: PATIENT:FAMILY:EPISODE."
        )


def _refuse_no_task(about: str | None, view: View, at: datetime, policy: str | None) -> None:
    """A slip of the hand must not pass for something done: it names a task of then, or a fact."""
    then = View(view.known.columns, at=at, known_to=view.known_to)
    tasks = {task.task_id for task in analyze(then, policy_in_force(then, policy)).tasks}
    if about and about not in tasks and not acts.holds_fact(view, about):
        raise ActError(
            "--about: no task of then is called so. Copy `task_id` from tasks.csv, or name a fact (results:R1)."
        )


def _contacts_of(case_id: str, view: View, policy: str | None) -> list[str]:
    found = analyze(view, policy_in_force(view, policy)).contacts
    contacts = [contact.contact_patient_id for contact in found if contact.case_id == case_id]
    if not contacts:
        raise ActError("No contact of this case is known now, so there is no list to accept. See contacts.csv.")
    return list(contacts)


def _read(name: str, text: str | None) -> str | None:
    """Return a coded column as its code."""
    if text is None or name not in ("organism", "carbapenemase"):
        return text
    try:
        return str(TABLES["declarations"].by_name[name].kind.read(text, Reading()))
    except BadValue as bad:
        raise UsageError(f"--{name}: {bad.problem} {bad.remedy}") from None


_ACTS: dict[str, Callable[[Namespace, View, datetime], list[Fact]]] = {
    "merge": _merge,
    "unlink": _unlink,
    "retract": _retract,
    "undo": _undo,
    "declare": _declare,
}
