"""`policy`: what is demanded, in words, checked, and compared."""

import csv
import tempfile
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from ringfence.chain import (
    CaseResult,
    Compared,
    Cost,
    RuleResult,
    compare,
    names_of,
    run_cases,
    run_rule_cases,
    unreached,
)
from ringfence.policy import (
    Policy,
    describe,
    describe_differences,
    describe_hole,
    describe_questions,
    holes,
    load_cases,
    load_policy,
    load_rule_cases,
    policy_ids,
)

from .opening import UsageError, open_input, said_as_of, said_of_input, view_of


def run_policy(args: Namespace) -> int:
    """Do one act of `policy`."""
    return _ACTS[args.action](args)


def _list(_: Namespace) -> int:
    width = max(map(len, policy_ids())) + 2
    for policy_id in policy_ids():
        policy = load_policy(policy_id)
        over = f" Overlay on {policy.overlay.base}." if policy.overlay else ""
        print(f"{policy_id:<{width}}{policy.title}.{over} Weakest mark: {policy.weakest.value.replace('_', ' ')}.")
    return 0


def _named(args: Namespace) -> Policy:
    if args.name is None:
        raise UsageError(f"Name a policy: {', '.join(policy_ids())}, or the path of a .yaml file.")
    return load_policy(args.name)


def _describe(args: Namespace) -> int:
    print(describe(_named(args), on=datetime.now(UTC).date()), end="")
    return 0


def _questions(args: Namespace) -> int:
    print(describe_questions(_named(args).on(datetime.now(UTC).date())), end="")
    return 0


def _diff(args: Namespace) -> int:
    print(describe_differences(load_policy(args.one), load_policy(args.other)), end="")
    return 0


def _check(args: Namespace) -> int:
    policy = _named(args)
    found = holes(policy)
    print(f"{policy.id}: {len(policy.file.every_clause)} clauses, {len(found)} holes.")
    for hole in found:
        print(f"  {describe_hole(hole)}")
    for sentence in _dated(policy):
        print(f"  {sentence}")
    results: list[CaseResult | RuleResult] = [*run_cases(policy, load_cases(policy))]
    results += run_rule_cases(policy, load_rule_cases(policy))
    for result in results:
        for wrong in result.wrong:
            print(f"  Case `{result.case.name}`: {wrong}.")
    failed = sum(bool(result.wrong) for result in results)
    print(f"  {len(results) - failed} of {len(results)} cases give the right answer.")
    alone = unreached(policy)
    for clause_id in alone:
        print(f"  No case reaches {clause_id} alone. Add one that only this clause decides.")
    unused = sorted(policy.file.sources.keys() - {clause.source for clause in policy.file.every_clause})
    for name in unused:
        print(f"  No clause names the source {name}. Name it in the clause that rests on it, or take it out.")
    return 1 if failed or alone or unused else 0


def _dated(policy: Policy) -> list[str]:
    """Return what the dates of clauses ask of a person."""
    today = datetime.now(UTC).date()
    said = [
        f"{c.id} was to be reviewed by {c.review_by}; that is past."
        for c in policy.file.every_clause
        if c.review_overdue(today)
    ]
    said += [
        f"{c.id} says it was read on {c.checked_on}, which is yet to come."
        for c in policy.file.every_clause
        if c.checked_on and c.checked_on > today
    ]
    if policy.overlay and policy.overlay.valid_until is None:
        said.append("The overlay has no end (`until`), so it holds until a person sets one.")
    return said


def _compare(args: Namespace) -> int:
    one, other = load_policy(args.one), load_policy(args.other)
    if args.out and not Path(args.out).absolute().parent.is_dir():
        raise UsageError(f"--out: there is no folder {Path(args.out).absolute().parent}.")
    with tempfile.TemporaryDirectory() as kept:
        opened = open_input(Path(args.folder), args.mapping, Path(kept) / "record", args.known)
        view = view_of(opened, args.as_of)
        print(said_as_of(opened, view, args.as_of))
        compared = compare(view, one, other)
        _say(compared)
        for line in said_of_input(opened.intake):
            print(f"  {line}")
    if args.out:
        _write(compared, Path(args.out))
        print(f"Written: {args.out}")
    return 0


def _say(compared: Compared) -> None:
    one, other = names_of(compared.one, compared.other)
    total = len(compared.one.verdicts)
    if not total:
        print("There is no admission to compare: screens are of admissions, which the table `encounters` tells.")
    print(f"{len(compared.changed)} of {total} admissions change from {one} to {other}.")
    alike: dict[tuple[str, str], list[str]] = {}
    for change in compared.changed:
        turned = f"{change.one.value} -> {change.other.value}"
        alike.setdefault((turned, change.why), []).append(f"{change.patient_id} ({change.encounter_id})")
    for (turned, why), who in alike.items():
        print(f"  {turned}: {', '.join(who)}")
        print(f"      {why}")
    print()
    head = ("", "asked", "left open", "swabs", "isolation days", "contacts", "contacts left open")
    rows = [head, *(_row(name, cost) for name, cost in zip((one, other), compared.costs, strict=True))]
    widths = [max(len(row[n]) for row in rows) for n in range(len(head))]
    for row in rows:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print(
        "Swabs are one for each screen asked for, of however many sites; what is left open may need more. "
        "Isolation is while results are pending."
    )


def _row(name: str, cost: Cost) -> tuple[str, ...]:
    numbers = (cost.asked, cost.open, cost.swabs, cost.isolation_days, cost.contacts, cost.contacts_open)
    return (name, *("not specified" if number is None else f"{number:,}" for number in numbers))


def _write(compared: Compared, path: Path) -> None:
    one, other = names_of(compared.one, compared.other)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["patient_id", "encounter_id", one, other, f"clauses_{one}", f"clauses_{other}", "why"])
        for c in compared.changed:
            clauses = (";".join(c.clauses_of_one), ";".join(c.clauses_of_other))
            out.writerow([c.patient_id, c.encounter_id, c.one.value, c.other.value, *clauses, c.why])


_ACTS: dict[str, Callable[[Namespace], int]] = {
    "list": _list,
    "describe": _describe,
    "questions": _questions,
    "check": _check,
    "diff": _diff,
    "compare": _compare,
}
