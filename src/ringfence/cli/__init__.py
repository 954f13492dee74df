"""The command line: the edge where files are named, the clock is read and errors become sentences.

Every command returns 0 when it did what was asked and 2 when an argument, a folder or a file cannot be used; `policy
check` returns 1 when a case gives the wrong answer, and `--strict` when a row could not be used. No message repeats
the text of a patient's data.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module

from .arguments import parser

_RUNS = {
    "analyze": ("reporting", "run_analyze"),
    "report": ("reporting", "run_report"),
    "demo": ("reporting", "run_demo"),
    "map": ("mapping", "run_map"),
    "trace": ("tracing", "run_trace"),
    "tables": ("describing", "run_tables"),
    "policy": ("policies", "run_policy"),
    "inform": ("sheets", "run_inform"),
    "simulate": ("simulating", "run_simulate"),
    "serve": ("serving", "run_serve"),
}
_BENCH = {"record": ("benching", "run_bench"), "trace": ("bench_tracing", "run_bench_trace")}
_RECORD = {
    "add": ("recording", "run_add"),
    "log": ("recording", "run_log"),
    "changes": ("asking", "run_changes"),
    "check": ("asking", "run_check"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run `ringfence` with `argv` (default: the process's arguments) and return its exit status."""
    args = parser().parse_args(argv)
    module, name = _run_of(args)
    run: Callable[[Namespace], int] = getattr(import_module(f"{__name__}.{module}"), name)
    try:
        return run(args)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read us has gone, as `head` does; there is nothing left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("RINGFENCE_DEBUG"):
            raise
        print(_told(error), file=sys.stderr)
        return 2


def _run_of(args: Namespace) -> tuple[str, str]:
    """Return the module and the function that do what is asked."""
    if args.command == "record":
        return _RECORD.get(args.act, ("recording", "run_act"))
    return _BENCH[args.what] if args.command == "bench" else _RUNS[args.command]


def _told(error: Exception) -> str:
    """Return an error as a sentence. Ours say what would be right; any other is named without its text,
    which may hold a patient's data."""
    from ringfence.vocabulary import PlainError  # loaded only when something went wrong

    if isinstance(error, PlainError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'A file'}: {error.strerror}."
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
    return (
        f"Ringfence failed unexpectedly: {type(error).__name__} at {os.path.basename(where)}. This is a fault of ours. "
        "Set RINGFENCE_DEBUG=1 to see where; what it prints may hold patient data, so do not send it on unread."
    )


__all__ = ["main"]
