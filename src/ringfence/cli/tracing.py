"""`trace`: who shared a bed, room, bathroom, ward or facility with whom, and who came after."""

from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.chain import compare, contact_changes, days_after
from ringfence.policy import load_policy
from ringfence.press import SUFFIXES, write_batches, write_csv
from ringfence.record import TABLES, BadValue, Exposure, Level, ListChange, Reading, View, When, local_text, midnight
from ringfence.report import write_problems
from ringfence.scale import on_spark, over_processes
from ringfence.trace import (
    ALWAYS,
    MET,
    NEVER,
    Index,
    Source,
    came_after,
    contact_batches,
    exposures,
    instant,
    met_batches,
    minute,
    minutes_of,
    pair_batches,
    pairs_at_most,
    path,
    place_day_batches,
    pressure_batches,
    pressure_by_day,
    put_together,
    was_before,
)

from .opening import UsageError, open_input, ready, said_as_of, say_input, view_of
from .trace_input import Ground

_PAIRS_AT_MOST = 100_000_000
"""With more meetings than this, days in places are written in the place of pairs, if neither is asked for."""
_AFTER = (Level.BED, Level.ROOM, Level.BATHROOM)
_DAYS_AT_MOST = 36_500


def run_trace(args: Namespace) -> int:
    """Write what is asked for, and say what was found."""
    out = _out(args)
    _check(args)
    with TemporaryDirectory(prefix="ringfence-") as scratch:
        opened = open_input(Path(args.folder), args.mapping, Path(scratch) / "record", args.known)
        problems = out.with_name(f"{out.stem}-problems.csv")
        if opened.intake.problems:
            write_problems(opened.intake.problems, problems)
        view = view_of(opened, args.as_of)
        ground = Ground.of(args, opened, view)
        window = _window(args, view)
        print(said_as_of(opened, view, args.as_of))
        run = next(run for name, run in _RUNS.items() if getattr(args, name))
        said = None if args.compare else ground.unknown(Level(args.level or Level.WARD))
        for line in [said] if said else run(ground, args, window, out):
            print(line)
        if said:
            _write_nothing(args, out)
        say_input(opened.intake, problems)
    print(f"Written: {out}")
    return 0


def _check(args: Namespace) -> None:
    """Refuse what cannot be meant."""
    if args.workers < 1:
        raise UsageError("--workers: give 1 or more.")
    if args.engine != "threads" and not (args.all or args.pairs or args.pressure):
        raise UsageError("--engine: goes with --all, --pairs or --pressure.")
    if not (args.compare or args.pressure) and args.level is None:
        raise UsageError(f"--level: say which place they shared: {', '.join(Level)}.")
    if args.after is not None and not (args.case or args.all or args.path):
        raise UsageError("--after: goes with --case, --all or --path.")
    if args.after is not None and Level(args.level) not in _AFTER:
        raise UsageError("--after: sinks and surfaces are of a bed, a room or a bathroom. Give one as --level.")
    if args.after is not None and not 0 <= args.after <= _DAYS_AT_MOST:
        raise UsageError(f"--after: give days, 0 or more, and no more than {_DAYS_AT_MOST:,}.")
    if not 0 <= args.min_hours <= 24 * _DAYS_AT_MOST:  # which no number that is none is
        raise UsageError(f"--min-hours: give hours, 0 or more, and no more than {24 * _DAYS_AT_MOST:,}.")
    if args.cumulative and not (args.case or args.all):
        raise UsageError("--cumulative: goes with --case or --all; of --pairs the hours are always added up.")
    if args.backward and not (args.case or args.all):
        raise UsageError("--backward: goes with --case or --all.")
    if args.backward and args.all and (args.after is not None or args.policy):
        raise UsageError(
            "--backward with --after or --policy: goes with --case, as each source counts in its own time."
        )


def _out(args: Namespace) -> Path:
    out = Path(args.out)
    if out.is_dir():
        raise UsageError(f"{out}: --out names the file to write, for example {out / 'pairs.csv'}.")
    streamed = args.all or args.pairs or args.pressure
    if out.suffix not in (SUFFIXES if streamed else (".csv",)):
        others = f" or {', '.join(SUFFIXES[1:])}" if streamed else ""
        raise UsageError(f"{out.name}: --out is a file that ends in .csv{others}.")
    ready(out.resolve().parent)
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


def _narrowed(source: Source, window: tuple[int, int]) -> Source:
    """Return a source that counts in a window: one that was asked for stands before that of a policy."""
    low, high = window
    return replace(
        source, window=(source.window[0] if low == NEVER else low, source.window[1] if high == ALWAYS else high)
    )


def _case(ground: Ground, args: Namespace, window: tuple[int, int], out: Path) -> list[str]:
    source, carriage = ground.case(args.case)
    # Whom the case has it from counted in their own time; its own infectious time says nothing of that.
    others = {} if args.since else ground.others()
    source = replace(source, window=window, others=others) if args.backward else _narrowed(source, window)
    zone = ground.view.zone(carriage.first.facility_id)
    if source.window[0] >= source.window[1]:
        begins = local_text(instant(source.window[0]), zone)
        raise UsageError(f"--to: this is not after {begins}, from which the case counts. Give a later end, or --from.")
    level = Level(args.level)
    index = ground.index(level)
    together = _long_enough(exposures(index, source), args)
    after, apart = _days_after(ground, args), []
    if after is not None:
        apart = (was_before if args.backward else came_after)(index, source, after)
    rows = map(ground.around.met, sorted([*together, *apart], key=lambda e: e.contact_patient_id))
    _write_rows(ground.view, "met", list(rows), out)
    met = {one.contact_patient_id for one in together}
    carriers = ground.around.carriers & met
    lines = [
        f"Case: {source.case_id}, first positive {carriage.first.collected.text(zone)}.",
        *_time_that_counts(ground, args, source, zone),
        f"Patients who shared a {args.level}: {len(met):,}{_of_them(carriers)}. Meetings: {len(together):,}.",
    ]
    if after is not None:
        word = "Were there up to" if args.backward else "Came there up to"
        by = f", by {ground.policy.id}" if ground.policy and args.after is None else ""
        lines.append(f"{word} {after} days {'before' if args.backward else 'after'}{by}: {_patients(apart):,}.")
    if args.backward:
        first = carriage.first.collected.latest(zone)
        later = met - {e.contact_patient_id for e in together if e.start.earliest(zone) < first}
        lines.append("Asked backward: these are possible sources of the case, and no more than that is known.")
        lines += [f"Of them {len(later):,} were met after the first positive alone."] if later else []
    return [*lines, *ground.not_known(level, {source.patient_id}), *ground.among_carriers]


def _days_after(ground: Ground, args: Namespace) -> int | None:
    """Return up to how many days after somebody left who came counts: as asked for, else as the policy says."""
    if args.after is not None or ground.policy is None or Level(args.level) not in _AFTER:
        return None if args.after is None else int(args.after)
    return days_after(ground.view, ground.policy)


def _time_that_counts(ground: Ground, args: Namespace, source: Source, zone: ZoneInfo) -> list[str]:
    """Return from when to when a case counts, and by what."""
    low, high = source.window
    begins = f"from {local_text(instant(low), zone)}" if low > NEVER else "from the first that is known"
    ends = f" to {local_text(instant(high), zone)}" if high < ALWAYS else ""
    known = f"{begins}{ends}" if low > NEVER or ends else "all that is known"
    asked = " and ".join(word for word, given in (("--from", args.since), ("--to", args.until)) if given)
    why = [f"by {asked}"] if asked else []
    if not args.since and not args.backward:
        if ground.policy is None:
            why.append("as no policy is named: the widest preview")
        elif low == NEVER:
            why.append(f"{ground.policy.id} says no beginning: the widest preview")
        else:
            why.append(f"the beginning by {ground.policy.id}")
    said = f"Time in which the case counts: {known}{', ' if why else ''}{'; '.join(why)}."
    if args.backward:
        said = f"Time asked about: {known}{', ' if why else ''}{'; '.join(why)}."
        if ground.policy:
            said += f" Known carriers count as sources from when {ground.policy.id} says, others always."
    return [said]


def _of_them(carriers: frozenset[str]) -> str:
    return f" (known carriers among them: {len(carriers):,})" if carriers else ""


def _patients(some: Iterable[Exposure]) -> int:
    return len({one.contact_patient_id for one in some})


def _long_enough(found: Sequence[Exposure], args: Namespace) -> list[Exposure]:
    """Return the meetings that can have lasted long enough, each or, of one contact, together."""
    least = minutes_of(args.min_hours)
    if not args.cumulative:
        return [one for one in found if _minutes(one) >= least]
    minutes: dict[str, int] = {}
    for one in found:
        minutes[one.contact_patient_id] = minutes.get(one.contact_patient_id, 0) + _minutes(one)
    return [one for one in found if minutes[one.contact_patient_id] >= least]


def _minutes(one: Exposure) -> int:
    return round(one.hours_max * 60)


def _all(ground: Ground, args: Namespace, window: tuple[int, int], out: Path) -> list[str]:
    some = [_narrowed(source, window) for source, _ in ground.cases.values()]
    index, level, after = ground.index(Level(args.level)), Level(args.level), _days_after(ground, args)
    if args.engine == "threads":
        asked = {"least_hours": args.min_hours, "cumulative": args.cumulative, "after_days": after}
        batches = contact_batches(index, some, **asked, workers=args.workers, around=ground.around)
    else:
        each, together = (0, args.min_hours) if args.cumulative else (args.min_hours, 0)
        ask = partial(met_batches, sources=some, least_hours=each, after_days=after)
        batches = put_together(
            index, some, _answered(args, index, ask, MET), least_hours=together, around=ground.around
        )
    contacts: set[str] = set()

    def counted() -> Iterable[pa.RecordBatch]:
        for batch in batches:
            contacts.update(batch.column("contact_patient_id").unique().to_pylist())
            yield batch

    rows = write_batches(out, _schema(ground.view, level, "traced"), counted())
    lines = [f"Cases: {len(some):,}. Patients who met one or came after: {len(contacts):,}. Rows: {rows:,}."]
    if args.backward:
        lines.append("Asked backward, meeting is the same: these are possible sources too.")
    if late := sum(source.window[0] >= source.window[1] for source in some):
        lines.append(f"Cases that count from after the end asked about only, and so met nobody: {late:,}.")
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
        rows = write_batches(out, _schema(ground.view, level, "place_days"), days)
        said = f"Days of patients in a {level}: {rows:,}. Two with the same place and day can have met on it."
        return [said, *ground.not_known(level), *ground.among_carriers]
    batches = _answered(args, index, partial(pair_batches, least_hours=args.min_hours), TABLES["pairs"].schema)
    patients = pa.array(index.names.patients, pa.string())
    keys = [np.empty(0, np.int64)]

    def counted() -> Iterable[pa.RecordBatch]:
        """Keep a number for each two, which is all that counting them needs."""
        for batch in batches:
            one, other = (pc.index_in(batch.column(name), patients) for name in ("patient_a", "patient_b"))
            keys.append(one.to_numpy().astype(np.int64) * len(patients) + other.to_numpy())
            yield batch

    rows = write_batches(out, _schema(ground.view, level, "pairs"), counted())
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
        batches, schema = at(level), _schema(ground.view, level, "pressure")
        counts = {"carriers": "known carrier"}
    else:
        level = Level.WARD
        batches, schema = pressure_by_day(at(Level.WARD), at(Level.ROOM)), TABLES["pressure_by_day"].schema
        counts = {"carriers_on_ward": "known carrier", "carriers_in_room": "in the same room"}
    many = dict.fromkeys(counts, 0)

    def counted() -> Iterable[pa.RecordBatch]:
        for batch in batches:
            for name in counts:
                many[name] += pc.sum(pc.greater(batch.column(name), 0)).as_py() or 0
            yield batch

    rows = write_batches(out, schema, counted())
    only = ground.around.carriers_only  # of stays that cover cases alone no share is worked out
    told = "; ".join(
        f"with another {who}: {many[name]:,}{'' if only else _share(many[name], rows)}" for name, who in counts.items()
    )
    lines = [
        f"Known carriers: {len(since):,}. Days of patients in a {level}: {rows:,}; {told}.",
        "A carrier counts from the day of the first positive specimen on, without an end.",
        *ground.not_known(Level.ROOM if args.level is None else level),
    ]
    return [*lines, *ground.among_carriers]


def _share(part: int, whole: int) -> str:
    return f" ({100 * part / whole:.1f}%)" if whole else ""


def _path(ground: Ground, args: Namespace, window: tuple[int, int], out: Path) -> list[str]:
    one, other = (ground.patient(named) for named in args.path)
    steps = path(ground.index(Level(args.level)), Source("", one, window), other, after_days=args.after)
    _write_rows(ground.view, "path", steps, out)
    said = f"Steps: {len(steps):,}. Each can have been; that it was is not known."
    if not steps:
        said = f"There is no way from the one to the other at {args.level} level in that time, forward in time."
    return [said, *ground.not_known(Level(args.level)), *ground.among_carriers]


def _compare(ground: Ground, args: Namespace, window: tuple[int, int], out: Path) -> list[str]:
    one, other = (load_policy(name) for name in args.compare)
    found = compare(ground.view, one, other)
    changes = contact_changes(found.one, found.other)
    _write_rows(ground.view, "list_changes", changes, out)
    many = {change: sum(row.change is change for row in changes) for change in ListChange}
    told = "; ".join(f"{n:,} {_WORDS[change]}" for change, n in many.items())
    before, after = len(found.one.contacts), len(found.other.contacts)
    return [f"From {one.id} ({before:,} met a case) to {other.id} ({after:,}): {told}.", *ground.among_carriers]


_WORDS = {
    ListChange.ENTERS: "enter the list",
    ListChange.LEAVES: "leave it",
    ListChange.LEFT_OPEN: "are left open",
    ListChange.OTHERWISE: "stay on it and something else follows",
}
_RUNS: dict[str, Callable[[Ground, Namespace, tuple[int, int], Path], list[str]]] = {
    "case": _case,
    "all": _all,
    "pairs": _pairs,
    "pressure": _pressure,
    "path": _path,
    "compare": _compare,
}
_TABLES = {"case": "met", "all": "traced", "pairs": "pairs", "pressure": "pressure", "path": "path"}


def _write_nothing(args: Namespace, out: Path) -> None:
    """Write a file with a header alone, so that what reads it finds one."""
    name = next(table for run, table in _TABLES.items() if getattr(args, run))
    if args.pressure and not args.level:
        name = "pressure_by_day"
    if out.suffix == ".csv":
        write_csv(out, [column.name for column in TABLES[name].columns], [])
    else:
        write_batches(out, TABLES[name].schema, [])


def _schema(view: View, level: Level, table: str) -> pa.Schema:
    """Return the columns that can hold anything: of one site no site, of a ward no room."""
    left_out = set() if len(view.facilities) > 1 or table != "pairs" else {"facility"}
    if level in (Level.WARD, Level.FACILITY):
        left_out.add("room")
    if level is Level.FACILITY:
        left_out.add("ward")
    if level is not Level.BED:
        left_out.add("bed")
    return pa.schema([field for field in TABLES[table].schema if field.name not in left_out])


def _write_rows(view: View, name: str, rows: Sequence[Any], out: Path) -> None:
    """Write rows as CSV, moments in the local time of their facility."""
    table = TABLES[name]

    def text(row: Any, column: str) -> str:  # noqa: ANN401
        value = getattr(row, column)
        if value is None:
            return ""
        if isinstance(value, When):
            return value.text(view.zone(row.facility))
        return table.by_name[column].kind.write(value)

    names = [column.name for column in table.columns]
    write_csv(out, names, ([text(row, column) for column in names] for row in rows))
