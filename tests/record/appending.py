"""A writer among others: `appending.py RECORD NAME COMMITS SIZE GATE` appends, from when the file GATE is there."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from builders import stay

from ringfence.record import Fact, FolderStore


def main(record, name, commits, size, gate):
    store = FolderStore(Path(record))
    while not Path(gate).exists():
        time.sleep(0.001)
    for n in range(int(commits)):
        numbers = range(n * int(size), (n + 1) * int(size))
        some = [Fact(table="stays", row=stay(f"TEST-{name}-{number}", "2N", "2026-03-02 10:00")) for number in numbers]
        store.append(some, received=datetime(2026, 3, 10, 2, 0, n, tzinfo=UTC), note=name)


if __name__ == "__main__":
    main(*sys.argv[1:])
