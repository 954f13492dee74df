"""`trace`: who shared a ward or room with whom."""

from argparse import Namespace
from pathlib import Path
from tempfile import TemporaryDirectory

from ringfence.chain import facilities_of_carriers_only, found_carriers
from ringfence.press import write_csv
from ringfence.record import TABLES, Level, Pair, View, presences
from ringfence.report import write_problems
from ringfence.scale import pairs_on_spark, pairs_over_processes

from .opening import UsageError, open_input, ready, said_as_of, say_input, view_of


def run_trace(args: Namespace) -> int:
    """Write every pair of patients who shared a place."""
    out, level = Path(args.out), Level(args.level)
    if args.workers < 1:
        raise UsageError("--workers: give 1 or more.")
    if out.is_dir():
        raise UsageError(f"{out}: --out names the file to write, for example {out / 'pairs.csv'}.")
    ready(out.resolve().parent)
    with TemporaryDirectory(prefix="ringfence-") as scratch:
        opened = open_input(Path(args.folder), args.mapping, Path(scratch) / "record", args.known)
        problems = out.with_name(f"{out.stem}-problems.csv")
        if opened.intake.problems:
            write_problems(opened.intake.problems, problems)
        view = view_of(opened, args.as_of)
    everyone = presences(view, level)
    if args.engine == "spark":
        found = pairs_on_spark(everyone, level=level)
    else:
        found = pairs_over_processes(everyone, level=level, workers=args.workers)
    header = _columns(view, level)
    write_csv(out, header, ([_text(pair, name) for name in header] for pair in found))
    print(said_as_of(opened, view, args.as_of))
    print(_said(view, level, found, any_known=bool(everyone)))
    say_input(opened.intake, problems)
    print(f"Pairs: {out}")
    return 0


def _columns(view: View, level: Level) -> list[str]:
    left_out = {"facility": len(view.facilities) < 2, "room": level is Level.WARD}
    return [c.name for c in TABLES["pairs"].columns if not left_out.get(c.name)]


def _text(pair: Pair, name: str) -> str:
    value = getattr(pair, name)
    return "" if value is None else TABLES["pairs"].by_name[name].kind.write(value)


def _said(view: View, level: Level, found: list[Pair], *, any_known: bool) -> str:
    if not view.stays:
        return "No stay is known as of then, so it is UNKNOWN who met whom. Supply stays."
    if level is Level.ROOM and not any_known:
        return "No stay names a room, so room level is UNKNOWN. Supply `room` in stays."
    if level is Level.BATHROOM and not any_known:
        return "The map of places names no bathroom, so bathroom level is UNKNOWN. Supply `bathroom` in places."
    people = {p for pair in found for p in (pair.patient_a, pair.patient_b)}
    pairs = {(pair.patient_a, pair.patient_b) for pair in found}
    said = f"Patients who shared a {level.value}: {len(people):,}. Pairs: {len(pairs):,}. Rows: {len(found):,}."
    if facilities_of_carriers_only(view, found_carriers(view)):
        said += " Everyone who moves in these files is a carrier: these are overlaps among carriers, not contacts."
    return said
