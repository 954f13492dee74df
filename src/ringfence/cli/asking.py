"""`record changes` and `record check`: what changed, and what the record's answers rest on."""

from argparse import Namespace
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from ringfence.chain import Changes, Rest, analyze, changes_between, checks, grouped
from ringfence.press import write_csv
from ringfence.record import TABLES, Change, Check, Doubtfulness, Happened, local_text
from ringfence.report import counted_words

from .in_force import policy_in_force
from .opening import Opened, UsageError, instant_of, known_at, open_record, read_instant, ready

_MOST = 20
"""Lines of one kind that are printed; --out writes all."""
_FEW = 5
"""Places of one kind of check that are printed."""


def run_changes(args: Namespace) -> int:
    """Print which answers changed between two points of knowledge, and which facts changed each."""
    now = open_record(Path(args.record), args.until)
    then = _then(now, args.since)
    view = now.view(instant_of(now, args.as_of))
    # Asked as of one moment, only facts make a difference; else each as it would have been asked.
    earlier = then.view(view.at if args.as_of else min(_asked_then(then, now, args.since), view.at))
    policy = policy_in_force(view, args.policy)
    before = analyze(earlier, policy)
    after = analyze(view, policy, before)
    facts = [fact for fact in now.store.changes_since(then.known_to) if fact.seq <= now.known_to]
    found = changes_between(before, after, facts)
    zone = view.zone(None)
    new = counted_words(len(facts), "new fact")
    print(
        f"From what was known up to {then.known_to:,}, as of {local_text(earlier.at, zone)}, "
        f"to what is known up to {now.known_to:,}, as of {local_text(view.at, zone)}: {new}."
    )
    _print_changes(found)
    if args.out:
        _write_table("changes", found.changes, Path(args.out))
    return 0


def _then(now: Opened, since: str) -> Opened:
    if since == "last":
        earlier = [commit.last for commit in now.store.commits if commit.last <= now.known_to]
        known_to = max((last for last in earlier if last < now.known_to), default=0)
    else:
        known_to = known_at(now.store, since, "--since")
        if not since.isdigit() and _moment_of(since, now) > datetime.now(UTC):
            raise UsageError("--since lies in the future. Give a moment that has passed, or `last`.")
    if known_to > now.known_to:
        raise UsageError("--since lies after --until. Give the earlier of the two with --since.")
    return Opened(now.store, now.intake, known_to)


def _asked_then(then: Opened, now: Opened, since: str) -> datetime:
    """Return the instant as of which the question was asked then: the one named, else the latest moment then known."""
    if since != "last" and not since.isdigit():
        return _moment_of(since, now)
    return instant_of(then if then.latest_moment() else now, None)


def _moment_of(since: str, now: Opened) -> datetime:
    zones = {zone.key: zone for zone in now.view(instant_of(now, None)).setting.zones.values()}
    return read_instant(since, next(iter(zones.values())) if len(zones) == 1 else None, "--since")


def _print_changes(found: Changes) -> None:
    if not found.changes:
        print("No answer changed.")
    for name in dict.fromkeys(change.finding for change in found.changes):
        some = [change for change in found.changes if change.finding == name]
        counts = Counter(change.happened for change in some)
        said = ", ".join(f"{counts[word]:,} {word.value}" for word in Happened if counts[word])
        print(f"\n{name}: {said}")
        for change in some[:_MOST]:
            print(f"  {change.about} {change.happened.value}: {change.what}\n      because {change.because}")
        if len(some) > _MOST:
            print(f"  and {len(some) - _MOST:,} more; --out FILE writes all of them.")
    if found.longer:
        print(f"\nOnly the time together grew for {found.longer:,} contacts who are still in one place.")


def _write_table(name: str, rows: Iterable[Change | Check], out: Path) -> None:
    if out.is_dir():
        raise UsageError(f"{out}: --out names the file to write, for example {out / f'{name}.csv'}.")
    ready(out.resolve().parent)
    table = TABLES[name]
    write_csv(out, [c.name for c in table.columns], (list(table.texts(row).values()) for row in rows))
    print(f"{name[0].upper()}{name[1:]}: {out}")


def run_check(args: Namespace) -> int:
    """Print what is repaired, doubtful, waiting or refused in a record, and what rests on it; 1 if it is damaged."""
    opened = open_record(Path(args.record), args.known)
    dated = args.as_of or opened.latest_moment()
    view = opened.view(instant_of(opened, args.as_of) if dated else datetime.now(UTC))
    findings = analyze(view, policy_in_force(view, args.policy))
    commits = [commit for commit in opened.store.commits if commit.last <= opened.known_to]
    damage = opened.store.verify()
    found = checks(findings, commits, damage)
    print(f"As of {local_text(view.at, view.zone(None))}, known up to {opened.known_to:,}.")
    for kind in Doubtfulness:
        _print_checks(kind, [check for check in found if check.kind is kind])
    rest = Rest(findings)
    if rest.contacts:
        by_repair = ", ".join(f"{len(some):,} on {name}" for name, some in sorted(rest.on_repairs.items()))
        resting = counted_words(rest.contacts, "contact")
        print(f"{resting} of {len(findings.contacts):,} rest on repaired stays: {by_repair}.")
    else:
        print(f"No contact rests on a repaired stay ({counted_words(len(findings.contacts), 'contact')} in all).")
    if args.out:
        _write_table("checks", found, Path(args.out))
    return 1 if damage else 0


def _print_checks(kind: Doubtfulness, found: list[Check]) -> None:
    if not found:
        return
    print(f"\n{kind.value}: {len(found):,}")
    groups = grouped(found)
    for (what, says), some in list(groups.items())[:_MOST]:
        places = [check.where for check in some if check.where]
        shown = ", ".join(dict.fromkeys(places[:_FEW]))
        more = f", and {len(places) - _FEW:,} more" if len(places) > _FEW else ""
        print(f"  {len(some):>6,}  {what}: {says}{f' [{shown}{more}]' if shown else ''}")
    if len(groups) > _MOST:
        print(f"  and {len(groups) - _MOST:,} more kinds; --out FILE writes every line.")
