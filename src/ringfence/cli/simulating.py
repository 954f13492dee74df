"""`simulate`: a made-up ward whose truth is known."""

import json
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from ringfence.feeds import write_folder
from ringfence.press import write_text
from ringfence.simulate import simulate_ward

from .opening import UsageError, ready


def run_simulate(args: Namespace) -> int:
    """Write a made-up ward's record tables, and the truth beside them."""
    if args.days < 1:
        raise UsageError("--days: give 1 or more.")
    out = ready(Path(args.out))
    made = simulate_ward(seed=args.seed, days=args.days)
    write_folder(made.facts, out)
    ready(out / "truth")
    write_text(out / "truth" / "truth.json", json.dumps(asdict(made.truth), indent=1, default=str) + "\n")
    print(f"Tables: {out}; what really happened: {out / 'truth'}")
    print(f"Next: ringfence analyze {out} --policy nl --out {out / 'findings'}")
    return 0
