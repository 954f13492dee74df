"""How far reading is, on the terminal or in a log: only where it takes long."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ringfence.feeds import Progress

LONG = 50 << 20
"""Folders with fewer bytes are read without a word."""
_SECONDS_BETWEEN_LINES = 30.0
"""In a log each state is a line of its own, so there are fewer."""


@contextmanager
def reading(folder: Path) -> Iterator[Progress]:
    """Show how far reading of a folder is, on standard error, if it holds much."""
    if sum(path.stat().st_size for path in folder.glob("*") if path.is_file()) < LONG:
        yield lambda *_: None
        return
    from tqdm import tqdm

    seconds = 0.5 if sys.stderr.isatty() else _SECONDS_BETWEEN_LINES
    form = "{desc}: {percentage:3.0f}% of {total_fmt}, {elapsed} passed, {remaining} to go"
    with tqdm(
        desc="Reading", total=1, unit="B", unit_scale=True, mininterval=seconds, maxinterval=seconds, bar_format=form
    ) as bar:

        def progress(name: str, done: int, of: int) -> None:
            bar.total = of
            bar.set_description_str(f"Reading {name}", refresh=False)
            bar.update(done - bar.n)

        yield progress
