"""`bench trace`: how fast tracing is on this machine, beside DuckDB and Polars, in made-up hospitals."""

import json
from argparse import Namespace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ringfence.scale import BARS, COMPARED_AT_MOST, ROUNDS, Alone, Compared, alone, compare_with_peers

from .opening import UsageError

_LEAST = 10_000
"""With fewer stays what is measured is the asking."""
_TOLD = {
    "one_case": "one case, by ward and room, ten times",
    "all_cases": "all cases, by ward and room",
    "pressure": "known carriers around each patient on each day",
    "all_pairs": "every pair on one ward",
    "one_day_added": "a day's stays added, and whom its patients met",
}
_PEERS = ("duckdb", "polars")


def run_bench_trace(args: Namespace) -> int:
    """Measure tracing and print ratios; return 1 where a peer gave other rows."""
    _check(args)
    sizes = sorted(set(args.stays))
    compared_at = min(sizes[0], COMPARED_AT_MOST)
    peers = ", ".join(f"{name} {version(name)}" for name in _PEERS)
    print(f"Made-up hospitals with about {compared_at:,} stays. Beside {peers}; {args.workers} thread(s) each.")
    print("Each question is put to all in turn; the medians are of nine rounds.", flush=True)
    found = []
    for one in compare_with_peers(compared_at, threads=args.workers, seed=args.seed):
        found.append(one)
        print(_said(one), flush=True)
    sizes = sizes if len(sizes) > 1 else [max(_LEAST, sizes[0] // 4), sizes[0]]
    by_size = alone(sizes, threads=args.workers, seed=args.seed)
    print("".join(map(_said_alone, by_size)), flush=True)
    slopes = _slopes(by_size[0], by_size[-1])
    small, large = by_size[0].stays, by_size[-1].stays
    print(f"\nFrom {small:,} to {large:,} stays, asked in turn, a result row takes so many times as long:")
    print("\n".join(f"  {_TOLD[name]}: {times:.2f}" for name, times in slopes.items()))
    print("No absolute time here is a claim: machines differ. The ratios and the growth are of this run.")
    if args.json:
        _write(Path(args.json), args, found, by_size, slopes)
    return 0 if all(one.equal for one in found) else 1


def _check(args: Namespace) -> None:
    """Refuse what cannot be measured, before anything is."""
    if min(args.stays) < _LEAST:
        raise UsageError(f"--stays: give {_LEAST:,} or more; with fewer only the asking is measured.")
    if args.workers < 1:
        raise UsageError("--workers: give 1 or more.")
    missing = [name for name in _PEERS if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"Tracing is measured beside DuckDB and Polars, and {' and '.join(missing)} are not here. "
            "Run: pip install 'ringfence[bench]'"
        )
    if args.json and not Path(args.json).absolute().parent.is_dir():
        raise UsageError(f"--json: there is no folder {Path(args.json).absolute().parent}.")


def _said(one: Compared) -> str:
    bar = BARS.get(one.question)
    best = min(one.peers, key=one.peers.__getitem__)
    lines = [
        f"\n{_TOLD[one.question]}: {one.ratio:.1f} times as fast as {best}" + (f" (bar: {bar:.0f})" if bar else ""),
        f"  {one.rows:,} rows, " + ("equal from all." if one.equal else "AND A PEER GAVE OTHER ROWS."),
        "  medians: "
        + "; ".join(f"{name} {_time(took)}" for name, took in (("Ringfence", one.ours), *one.peers.items())),
    ]
    left_out = [f"{name} {_time(took)}" for name, took in one.at_first.items() if name not in one.peers]
    if left_out:
        lines.append("  slower when first asked, and not asked again: " + "; ".join(left_out))
    return "\n".join(lines)


def _said_alone(one: Alone) -> str:
    return (
        f"\n{one.stays:,} stays, Ringfence alone: both indexes in {_time(one.index_seconds)}; all cases in "
        f"{_time(one.seconds['all_cases'])}. Up to there the process took at most {one.peak_bytes / 2**30:.1f} GiB."
    )


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def _slopes(small: Alone, large: Alone) -> dict[str, float]:
    """Return for each question how many times as long a result row takes at the larger size."""
    return {name: large.of_a_row(name) / small.of_a_row(name) for name in small.seconds}


def _write(path: Path, args: Namespace, found: list[Compared], by_size: list[Alone], slopes: dict[str, float]) -> None:
    told: dict[str, Any] = {
        "ratios": {one.question: one.ratio for one in found},
        "equal": {one.question: one.equal for one in found},
        "rows": {one.question: one.rows for one in found},
        "medians_seconds": {one.question: {"Ringfence": one.ours, **one.peers} for one in found},
        "first_asking_seconds": {one.question: dict(one.at_first) for one in found},
        "bars": BARS,
        "slopes": slopes,
        "alone": [
            {
                "stays": one.stays,
                "index_seconds": one.index_seconds,
                "peak_bytes": one.peak_bytes,
                "seconds": dict(one.seconds),
                "rows": dict(one.rows),
            }
            for one in by_size
        ],
        "stays_asked": args.stays,
        "compared_at": min(*args.stays, COMPARED_AT_MOST),
        "threads": args.workers,
        "rounds": ROUNDS,
        "seed": args.seed,
        "versions": {name: version(name) for name in ("ringfence", "numba", *_PEERS)},
    }
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(f"Written: {path}")
