"""A writer that is killed at random moments, again and again on one record: `killed_anytime.py RECORD ROUNDS`.

Writes a line of JSON for each round: what the writer was told is kept (`told`, the last `seq`), what is there after
its death (`kept`), of how many facts each commit is (`sizes`), and what is wrong with it (`faults`).
"""

import json
import os
import random
import signal
import sys
import time
from itertools import count
from pathlib import Path

from builders import stay
from killed import NIGHT

from ringfence.record import Fact, FolderStore

SIZE = 40


def write_until_killed(folder, first, tell):
    store = FolderStore(folder)
    for n in count(first):
        os.write(tell, f"{store.append(some(n), received=NIGHT).last}\n".encode())


def some(n):
    numbers = range(n * SIZE, (n + 1) * SIZE)
    return [Fact(table="stays", row=stay(f"TEST-{number:09}", "2N", "2026-03-02 10:00")) for number in numbers]


def one_round(folder, number, chance):
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            write_until_killed(folder, number * 100_000, tell)
        finally:
            os._exit(1)
    os.close(tell)
    with os.fdopen(told) as lines:
        last = lines.readline()
        time.sleep(chance.uniform(0, 0.04))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the writer failed by itself"
        return int([last, *lines.read().split()][-1])


def main(folder, rounds):
    chance = random.Random(7)
    FolderStore(folder).append(some(0), received=NIGHT)
    for number in range(1, rounds + 1):
        told = one_round(folder, number, chance)
        store = FolderStore(folder)
        sizes = sorted({sum(commit.facts.values()) for commit in store.commits})
        line = {"told": told, "kept": store.last_seq, "sizes": sizes, "faults": store.verify()}
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
