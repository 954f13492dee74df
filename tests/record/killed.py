"""Kills a process at every step of what it does to a record, and keeps what was left each time.

Run as a program, in a process of its own, since it forks: `killed.py ACTION BASE LEFT`. BASE is a folder that holds
`record`. For each step the folder is copied to LEFT/<number>, a child does the action in the copy, and is killed with
SIGKILL just before that step. The last copy is of a child that finished.
"""

import os
import shutil
import signal
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pyarrow as pa
from builders import facility, gene, specimen, stay

from ringfence.record import TABLES, Fact, FolderStore

NIGHT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
ROWS = (
    facility(),
    stay("TEST-101", "2N", "2026-03-02 10:00"),
    stay("TEST-102", "2N", "2026-03-02 11:00"),
    specimen("SP-101", "TEST-101", "2026-03-02 14:00"),
    gene("R-101", "SP-101", "KPC"),
)
_CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.utime", "os.chmod")


def facts():
    by_class = {table.row: name for name, table in TABLES.items()}
    return [Fact(table=by_class[type(row)], row=row) for row in ROWS]


def make(folder):
    FolderStore(folder)


def append(folder):
    FolderStore(folder).append(facts(), received=NIGHT)


ACTIONS = {"make": make, "append": append, "open": FolderStore}


def die_before(step):
    """Let this process be killed before its change of a file, folder or name with this number, counted from 1.

    What is synced counts as changed too: a name that has not reached the disk is a moment of its own.
    """
    steps, sync = count(1), os.fsync

    def one_more():
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(event, args):
        written = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if event in _CHANGES or written:
            one_more()

    def synced(handle):
        one_more()
        sync(handle)

    sys.addaudithook(watched)
    os.fsync = synced


def was_killed(action, step):
    child = os.fork()
    if child == 0:
        status = 1
        try:
            die_before(step)
            action()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"step {step} failed by itself"
    return os.WIFSIGNALED(status)


def main(action, base, left):
    pa.array([0])  # what pyarrow imports when it is first used is imported once, and not in every child
    for step in count(1):
        folder = Path(left) / f"{step:04}"
        shutil.copytree(base, folder)
        if not was_killed(lambda folder=folder: ACTIONS[action](folder / "record"), step):
            break


if __name__ == "__main__":
    main(*sys.argv[1:])
