"""`trace`: who shared a bed, room, bathroom, ward or facility with whom, and who came after."""

from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.chain import compare, contact_changes
from ringfence.policy import load_policy
from ringfence.press import SUFFIXES, write_batches, write_text
from ringfence.record import TABLES, BadValue, Level, ListChange, Reading, View, When, is_record, midnight
from ringfence.report import write_problems
from ringfence.scale import on_spark, over_processes
from ringfence.trace import (
    ALWAYS,
    MET,
    NEVER,
    Index,
    Source,
    contact_batches,
    met_batches,
    minute,
    pair_batches,
    pairs_at_most,
    path,
    place_day_batches,
    pressure_batches,
    pressure_by_day,
    put_together,
)

from .opening import UsageError, open_input, ready, said_as_of, said_of_input, view_of
from .trace_case import asked_after, asked_least, narrowed, one_case, said_least, up_to_the_first
from .trace_input import Ground
from .trace_question import AT_THE_END, asked_in_words, check, listed
from .trace_rows import schema_of_level, write_nothing, write_rows

_PAIRS_AT_MOST = 100_000_000
"""With more meetings than this, days in places are written in the place of pairs, if neither is asked for."""


def run_trace(args: Namespace) -> int:
    """Write what is asked for, and say what was found."""
    out = _out(args)
    check(args)
    with TemporaryDirectory(prefix="ringfence-") as scratch:
        opened = open_input(Path(args.folder), args.mapping, Path(scratch) / "record", args.known)
        problems = out.with_name(f"{out.stem}-problems.csv")
        if opened.intake.problems:
            write_problems(opened.intake.problems, problems)
        else:
            problems.unlink(missing_ok=True)  # of a question before, under the same name
        view = view_of(opened, args.as_of)
        ground = Ground.of(args, opened, view)
        window = _window(args, view)
        print(said_as_of(opened, view, args.as_of))
        run = next(run for name, run in _RUNS.items() if getattr(args, name))
        said = None if args.compare else ground.unknown(Level(args.level or Level.WARD))
        lines = [said] if said else [*ground.no_results(args), *run(ground, args, window, out)]
        lines += [] if said else ground.nothing_then(Level(args.level or Level.WARD), window)
        for line in lines:
            print(line)
        if said:
            write_nothing(args, out)
        about = out.with_name(f"{out.stem}-about.txt")
        question = [*asked_in_words(args, ground.policy), said_as_of(opened, view, args.as_of)]
        of_input = said_of_input(opened.intake, f" See {problems}")
        write_text(about, "\n".join([*question, *lines, *of_input, *AT_THE_END, ""]))
        for line in of_input:
            print(f"  {line}")
    print(f"What was asked and what is said above: {about}")
    print(f"Written: {out}")
    return 0


def _out(args: Namespace) -> Path:
    out = Path(args.out)
    if out.is_dir():
        raise UsageError(f"{out}: --out names the file to write, for example {out / 'pairs.csv'}.")
    streamed = args.all or args.pairs or args.pressure
    if out.suffix not in (SUFFIXES if streamed else (".csv",)):
        raise UsageError(
            f"{out.name}: --out is a file that ends in {listed(SUFFIXES if streamed else SUFFIXES[:1], 'or')}."
        )
    folder = Path(args.folder).resolve()
    if folder in out.resolve().parents or any(is_record(above) for above in out.resolve().parents):
        raise UsageError(f"{out}: this lies in what is read, and would be read with it. Name a file elsewhere.")
    ready(out.resolve().parent)
    if (about := out.with_name(f"{out.stem}-about.txt")).is_dir():
        raise UsageError(f"{about}: this is a folder, and a text of this name goes with the list. Give another --out.")
    return out


def _window(args: Namespace, view: View) -> tuple[int, int]:
    low, high = _moment(args.since, view, "--from"), _moment(args.until, view, "--to")
    begins = minute(low.earliest(view.zone(None))) if low else NEVER
    ends = ALWAYS
    if high:
        zone = view.zone(None)
        ends = minute(high.at) if high.at else minute(midnight(high.day(zone) + timedelta(days=1), zone))
    if begins >= ends:
        raise UsageError("--to: this is not after --from. Give an end that lies after the beginning.")
    return begins, ends


def _moment(text: str | None, view: View, option: str) -> When | None:
    if text is None:
        return None
    zones = {zone.key for zone in view.setting.zones.values()}
    try:
        when = TABLES["stays"].by_name["start"].kind.read(text, Reading(view.zone(None) if len(zones) == 1 else None))
    except BadValue as bad:
        raise UsageError(f"{option}: {bad.problem} {bad.remedy}") from None
    assert isinstance(when, When)
    if when.on is not None and len(zones) > 1:
        raise UsageError(f"{option}: the facilities have no one time zone. Give an instant with its offset.")
    return when


def _all(ground: Ground, args: Namespace, window: tuple[int, int], out: Path) -> list[str]:
    some = [narrowed(source, window) for source, _ in ground.cases.values()]
    if args.backward:
        some = [up_to_the_first(one, ground, args) for one in some]
    index, level, after = ground.index(Level(args.level)), Level(args.level), asked_after(ground, args)
    least = asked_least(ground, args)
    if args.engine == "threads":
        batches = contact_batches(
            index,
            some,
            least_hours=least.hours,
            cumulative=least.cumulative,
            by_policy=least.by_policy,
            after_days=after,
            workers=args.workers,
            around=ground.around,
        )
    else:
        each, together = (0, least.hours) if least.cumulative or least.by_policy else (least.hours, 0)
        ask = partial(met_batches, sources=some, least_hours=each, after_days=after)
        batches = put_together(
            index,
            some,
            _answered(args, index, ask, MET),
            least_hours=together,
            cumulative=least.cumulative,
            by_policy=least.by_policy,
            around=ground.around,
        )
    contacts: set[str] = set()

    def counted() -> Iterable[pa.RecordBatch]:
        for batch in batches:
            contacts.update(batch.column("contact_patient_id").unique().to_pylist())
            yield batch

    rows = write_batches(out, schema_of_level(ground.view, level, "traced"), counted())
    least_said = f" for {least.hours:g} h" if least.hours else ""
    who = f"Patients who met one{least_said}{'' if after is None else ' or came after'}: {len(contacts):,}"
    if args.backward:
        until = "up to --to" if args.until else "before the first positive"
        who = f"Possible sources, met {until}{least_said}: {len(contacts):,}"
    lines = [f"Cases, suspected ones with them: {len(some):,}. {who}. Rows: {rows:,}.", *said_least(ground, args)]
    if nowhere := ground.nowhere(level, [one.patient_id for one in some]):
        lines.append(
            f"Cases of whom no stay with a {level} is known: {nowhere:,}. Whom they met is UNKNOWN, not nobody."
        )
    if late := sum(source.window[0] >= source.window[1] for source in some):
        why = "that count from after the end asked about only, and so met nobody"
        if args.backward and not args.until:
            why = "whose first positive is before --from, so that no source of theirs is listed"
        lines.append(f"Cases {why}: {late:,}.")
    return [*lines, *ground.not_known(level, ground.around.carriers), *ground.among_carriers]


def _answered(
    args: Namespace, index: Index, ask: Callable[..., Iterable[pa.RecordBatch]], schema: pa.Schema
) -> Iterable[pa.RecordBatch]:
    """Return what is asked of an index, by the engine that is asked for."""
    if args.engine == "spark":
        return on_spark(index, ask, schema)
    if args.engine == "processes":
        return over_processes(index, ask, schema, workers=args.workers)
    return ask(index, workers=args.workers)


def _pairs(ground: Ground, args: Namespace, window: tuple[int, int], out: Path) -> list[str]:
    level = Level(args.level)
    index = ground.index(level).within(*window)
    many = pairs_at_most(index)
    if args.form == "days" or (args.form is None and many > _PAIRS_AT_MOST):
        days = _answered(args, index, place_day_batches, TABLES["place_days"].schema)
        rows = write_batches(out, schema_of_level(ground.view, level, "place_days"), days)
        said = f"Days of patients in a {level}: {rows:,}. Two with the same place and day can have met on it."
        return [said, *ground.not_known(level), *ground.among_carriers]
    batches = _answered(args, index, partial(pair_batches, least_hours=args.min_hours or 0), TABLES["pairs"].schema)
    patients = pa.array(index.names.patients, pa.string())
    keys = [np.empty(0, np.int64)]

    def counted() -> Iterable[pa.RecordBatch]:
        """Keep a number for each two, which is all that counting them needs."""
        for batch in batches:
            one, other = (pc.index_in(batch.column(name), patients) for name in ("patient_a", "patient_b"))
            keys.append(one.to_numpy().astype(np.int64) * len(patients) + other.to_numpy())
            yield batch

    rows = write_batches(out, schema_of_level(ground.view, level, "pairs"), counted())
    pairs = np.unique(np.concatenate(keys))
    people = np.union1d(pairs // max(len(patients), 1), pairs % max(len(patients), 1))
    said = f"Patients who shared a {level}: {len(people):,}. Pairs: {len(pairs):,}. Rows: {rows:,}."
    return [said, *ground.not_known(level), *ground.among_carriers]


def _pressure(ground: Ground, args: Namespace, window: tuple[int, int], out: Path) -> list[str]:
    since: dict[str, tuple[date, date | None]] = {}
    for source, carriage in ground.cases.values():
        day = carriage.first.collected.day(ground.view.zone(carriage.first.facility_id))
        since[source.patient_id] = (min(day, since.get(source.patient_id, (day, None))[0]), None)

    def at(level: Level) -> Iterable[pa.RecordBatch]:
        index = ground.index(level).within(*window)
        return _answered(args, index, partial(pressure_batches, carriers=since), TABLES["pressure"].schema)

    if args.level:
        level = Level(args.level)
        batches, schema = at(level), schema_of_level(ground.view, level, "pressure")
        counts = {"carriers": "known carrier"}
    else:
        level = Level.WARD
        batches, schema = pressure_by_day(at(Level.WARD), at(Level.ROOM)), TABLES["pressure_by_day"].schema
        counts = {"carriers_on_ward": "known carrier", "carriers_in_room": "in the same room"}
    many, days = dict.fromkeys(counts, 0), 0
    by_ward: Counter[str] = Counter()

    def counted() -> Iterable[pa.RecordBatch]:
        """Count each day of a patient in a place once, also of those who changed their room on it."""
        nonlocal days
        for batch in batches:
            of_day = [name for name in ("patient_id", "facility", "ward", "on") if name in batch.schema.names]
            of_day += [name for name in ("room", "bed") if args.level and name in batch.schema.names]
            once = pa.Table.from_batches([batch]).group_by(of_day).aggregate([(name, "max") for name in counts])
            days += len(once)
            beside = {name: pc.greater(once[f"{name}_max"], 0) for name in counts}
            for name in counts:
                many[name] += pc.sum(beside[name]).as_py() or 0
            if "ward" in once.column_names and args.level != Level.FACILITY:
                exposed = once.filter(beside[next(iter(counts))])
                by_ward.update(f"{site} {ward}" for site, ward in zip(*_names(exposed), strict=True))
            yield batch

    write_batches(out, schema, counted())
    only = ground.around.carriers_only  # of stays that cover cases alone no share is worked out
    told = "; ".join(
        f"with another {who}: {many[name]:,}{'' if only else _share(many[name], days)}" for name, who in counts.items()
    )
    most = "; ".join(f"{ward}: {n:,}" for ward, n in by_ward.most_common(5))
    lines = [
        f"Carriers, suspected ones with them: {len(since):,}. Days of patients in a {level}: {days:,}; {told}.",
        *([f"Wards with the most days beside another carrier: {most}."] if most else []),
        "A carrier counts from the day of the first positive specimen on, without an end.",
        *ground.not_known(Level.ROOM if args.level is None else level),
    ]
    return [*lines, *ground.among_carriers]


def _names(table: pa.Table) -> tuple[list[str], list[str]]:
    return table["facility"].to_pylist(), [ward or "" for ward in table["ward"].to_pylist()]


def _share(part: int, whole: int) -> str:
    return f" ({100 * part / whole:.1f}%)" if whole else ""


def _path(ground: Ground, args: Namespace, window: tuple[int, int], out: Path) -> list[str]:
    one, other = (ground.patient(named) for named in args.path)
    if one == other:
        raise UsageError("--path: this is one patient. Name two.")
    steps = path(ground.index(Level(args.level)), Source("", one, window), other, after_days=args.after)
    write_rows(ground.view, "path", steps, out)
    said = f"Steps: {len(steps):,}. Each can have been; that it was is not known. Of all ways it arrives first."
    level = Level(args.level)
    if not steps:
        said = f"There is no way from the one to the other at {level} level in that time, forward in time."
        if ground.nowhere(level, [one, other]):
            said = f"No stay with a {level} is known of one of them, so whether there is a way is UNKNOWN. Supply it."
    return [said, *ground.not_known(Level(args.level)), *ground.among_carriers]


def _compare(ground: Ground, args: Namespace, window: tuple[int, int], out: Path) -> list[str]:
    one, other = (load_policy(name) for name in args.compare)
    found = compare(ground.view, one, other)
    changes = contact_changes(found.one, found.other)
    write_rows(ground.view, "list_changes", changes, out)
    many = {change: sum(row.change is change for row in changes) for change in ListChange}
    told = "; ".join(f"{n:,} {_WORDS[change]}" for change, n in many.items())
    before, after = len(found.one.contacts), len(found.other.contacts)
    if ground.around.carriers_only >= ground.view.facilities.keys():
        return ["There is no contact list that could change.", *ground.among_carriers]
    said = f"From {one.id} ({before:,} met a case) to {other.id} ({after:,}): {told}."
    return [said, *ground.among_carriers]


_WORDS = {
    ListChange.ENTERS: "newly to be followed",
    ListChange.LEAVES: "no longer",
    ListChange.LEFT_OPEN: "now left open",
    ListChange.OTHERWISE: "followed in another way",
}
_RUNS: dict[str, Callable[[Ground, Namespace, tuple[int, int], Path], list[str]]] = {
    "case": one_case,
    "all": _all,
    "pairs": _pairs,
    "pressure": _pressure,
    "path": _path,
    "compare": _compare,
}
