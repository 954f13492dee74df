"""The question that `trace` was asked: what of it is refused, and how it is said to who reads the list later."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from ringfence.policy import Policy, load_policy
from ringfence.record import Level

from .opening import VERSION, UsageError
from .trace_case import HAS_AFTER

_DAYS_AT_MOST = 36_500
_SAID = ("all", "pairs", "pressure", "backward", "cumulative")
_OF_THE_QUESTION = (
    *("case", "all", "pairs", "pressure", "path", "compare"),
    *("level", "policy", "after", "backward", "since", "until", "min_hours", "cumulative", "form", "as_of", "known"),
)


AT_THE_END = (
    "These are places shared, and nobody is a contact by them alone: `ringfence analyze` says who is by a policy.",
    "Hours of stays known by dates alone count whole days. Hallways and waiting places are no rooms.",
    "Rows carry numbers of patients. What each column means: ringfence tables, docs/tables.md.",
)
"""What who reads a list without its terminal has to know of any of them."""


def asked_in_words(args: Namespace, by: Policy | None) -> list[str]:
    """Return the question in the words of the command line, and the policy: a list is sent on without its terminal."""
    words = []
    for name in _OF_THE_QUESTION:
        given = getattr(args, name)
        if given is None or given is False:
            continue
        values = [] if name in _SAID else [str(one) for one in (given if isinstance(given, list) else [given])]
        words.append(" ".join([_option(name), *values]))
    policies = [by] if by else [load_policy(name) for name in args.compare or ()]
    mapping = f" by the mapping {Path(args.mapping).name}" if args.mapping else ""
    return [
        f"Asked: ringfence trace {' '.join(words)}",
        f"Of: {Path(args.folder).resolve().name}{mapping}, written to {Path(args.out).name} by Ringfence {VERSION}.",
        *(f"Policy: {one.id}, version {one.file.version}." for one in policies),
    ]


def _option(name: str) -> str:
    return _SPELLED.get(name, f"--{name.replace('_', '-')}")


def check(args: Namespace) -> None:
    """Refuse what cannot be meant."""
    if args.workers < 1:
        raise UsageError("--workers: give 1 or more.")
    if args.engine != "threads" and not (args.all or args.pairs or args.pressure):
        raise UsageError("--engine: goes with --all, --pairs or --pressure.")
    _refuse_what_would_do_nothing(args)
    if not (args.compare or args.pressure) and args.level is None:
        raise UsageError(f"--level: say which place they shared: {', '.join(Level)}.")
    if args.after is not None and Level(args.level) not in HAS_AFTER:
        raise UsageError("--after: sinks and surfaces are of a bed, a room or a bathroom. Give one as --level.")
    if args.after is not None and not 0 <= args.after <= _DAYS_AT_MOST:
        raise UsageError(f"--after: give days, 0 or more, and no more than {_DAYS_AT_MOST:,}.")
    if args.min_hours is not None and not 0 <= args.min_hours <= 24 * _DAYS_AT_MOST:  # which no number that is none is
        raise UsageError(f"--min-hours: give hours, 0 or more, and no more than {24 * _DAYS_AT_MOST:,}.")
    if args.cumulative and not args.min_hours:
        raise UsageError("--cumulative: says how --min-hours is counted. Give --min-hours too.")
    if args.form == "days" and args.min_hours:
        raise UsageError("--min-hours: days in places have no hours together. Leave --form out, or --min-hours.")
    if args.backward and args.all and (args.after is not None or args.policy):
        raise UsageError(
            "--backward with --after or --policy: goes with --case, as each source counts in its own time."
        )


_ANY_BUT_COMPARE = ("case", "all", "pairs", "pressure", "path")
_GOES_WITH = {
    "level": _ANY_BUT_COMPARE,
    "since": _ANY_BUT_COMPARE,
    "until": _ANY_BUT_COMPARE,
    "policy": ("case", "all", "pressure"),
    "after": ("case", "all", "path"),
    "min_hours": ("case", "all", "pairs"),
    "cumulative": ("case", "all"),
    "backward": ("case", "all"),
    "form": ("pairs",),
}
_SPELLED = {"since": "--from", "until": "--to"}


def _refuse_what_would_do_nothing(args: Namespace) -> None:
    """Refuse an option that the question does not look at: an answer would look as if it did."""
    for name, those in _GOES_WITH.items():
        given = getattr(args, name)
        if given is not None and given is not False and not any(getattr(args, one) for one in those):
            raise UsageError(f"{_option(name)}: goes with {listed(tuple(f'--{one}' for one in those), 'or')}.")


def listed(words: Sequence[str], last: str) -> str:
    """Return words in a sentence, the last after `and` or `or`."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
