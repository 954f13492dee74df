"""`bench`: how long the record takes on this machine, on made-up patients."""

import shutil
from argparse import Namespace
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from time import perf_counter

from ringfence.scale import BYTES_OF_A_PATIENT, FACTS_OF_A_PATIENT, MODELS, Assessed, Measured, grow, measure, slope

from .opening import UsageError

_TOLD = {"case": "Cases", "admission": "Admissions to be screened", "precautions": "Precautions"}


def run_bench(args: Namespace) -> int:
    """Measure a made-up record at every size asked for; return 1 if not every patient was assessed."""
    sizes = _sizes(args.patients)
    if args.workers < 1:
        raise UsageError("--workers: give 1 or more.")
    _check_disk(sizes[-1])
    with TemporaryDirectory(prefix="ringfence-") as scratch:
        record = Path(scratch) / "record"
        found = [_measured(record, have, want, args) for have, want in pairwise((0, *sizes))]
    if len(found) > 1:
        print(_growth(found[0], found[-1]))
    print("No absolute time here is a claim: machines differ. The ratios and the growth are of this run.")
    return 0 if all(one.assessed.patients == one.patients for one in found) else 1


def _sizes(patients: Sequence[int]) -> list[int]:
    if any(size < 1 or size % MODELS for size in patients):
        raise UsageError(
            f"--patients: made-up patients come in lots of {MODELS}. Give multiples of it, for example {MODELS} 10000."
        )
    return sorted(set(patients))


def _check_disk(patients: int) -> None:
    """Say how much disk is needed, and refuse where there is too little."""
    folder, needed = gettempdir(), patients * BYTES_OF_A_PATIENT
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise UsageError(
            f"{folder}: the made-up record takes {_size(needed)} on disk, and {_size(free)} are free. "
            "Give fewer --patients, or set TMPDIR to a folder on a larger disk."
        )
    print(f"The made-up record takes {_size(needed)} in {folder}, and is removed at the end.", flush=True)


def _measured(record: Path, have: int, want: int, args: Namespace) -> Measured:
    began = perf_counter()
    grow(record, have, want, args.seed)
    made = perf_counter()
    print(f"\n{want:,} patients of {FACTS_OF_A_PATIENT} facts (made in {made - began:,.0f} s)", flush=True)
    found = measure(record, want, workers=args.workers)
    print(_said(found), flush=True)
    print(f"  Both took {perf_counter() - made:,.0f} s by the clock, with --workers {args.workers}.", flush=True)
    return found


def _said(found: Measured) -> str:
    assessed = found.assessed
    all_of_them = f"  {assessed.patients:,} patients were assessed."
    if assessed.patients != found.patients:
        all_of_them += f" THIS IS WRONG: {found.patients:,} were made."
    lines = (
        f"{all_of_them} {_statuses(assessed)}",
        f"  To build the rows of a patient and assess them takes {found.milliseconds:.2f} ms of one core (the median "
        f"of {len(assessed.batches)} batches),",
        f"  and to open the record, cut it and make the views {found.view_milliseconds:.2f} ms more.",
        f"  All of that is {found.ratio:.1f} times what Arrow alone takes to turn the same rows into dictionaries.",
    )
    return "\n".join(lines)


def _statuses(assessed: Assessed) -> str:
    of = {
        what: [f"{many:,} {status}" for (w, status), many in assessed.statuses.items() if w == what] for what in _TOLD
    }
    return " ".join(f"{_TOLD[what]}: {', '.join(some)}." for what, some in of.items() if some)


def _growth(small: Measured, large: Measured) -> str:
    return (
        f"\nFrom {small.patients:,} to {large.patients:,} patients the time grew {slope(small, large):.2f} times as "
        "much as the number.\nAt 1, a patient of the larger record takes no longer than one of the smaller."
    )


def _size(many: int) -> str:
    return f"{many / 1e9:,.1f} GB" if many >= 1e9 else f"{-(-many // 1_000_000):,} MB"
