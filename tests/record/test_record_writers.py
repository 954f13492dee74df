"""Several processes on one record."""

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from builders import stay
from checkout import REPOSITORY
from killed import NIGHT, facts

from ringfence.record import Fact, FolderStore, StoreError, durable

HERE = Path(__file__).parent


def test_writers_at_once_all_finish_and_no_fact_is_lost_doubled_or_interleaved(tmp_path):
    record, gate, names = tmp_path / "record", tmp_path / "gate", ["a", "b", "c"]
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY / "tests")}
    command = [sys.executable, str(HERE / "appending.py"), str(record)]
    writers = [
        subprocess.Popen([*command, name, "12", "7", str(gate)], env=env, stderr=subprocess.PIPE, text=True)
        for name in names
    ]
    time.sleep(1)
    gate.touch()
    said = [writer.communicate(timeout=120)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0], said
    store = FolderStore(record)
    changes = store.changes_since(0)
    assert [fact.seq for fact in changes] == list(range(1, 3 * 12 * 7 + 1))
    assert len({fact.row.patient_id for fact in changes}) == 3 * 12 * 7
    assert [commit.last - commit.first + 1 for commit in store.commits] == [7] * 36
    assert sorted(commit.note for commit in store.commits) == sorted(names * 12)
    for commit in store.commits:
        of_the_commit = changes[commit.first - 1 : commit.last]
        assert {fact.row.patient_id.split("-")[1] for fact in of_the_commit} == {commit.note}
    received = [commit.received for commit in store.commits]
    assert received == sorted(received)
    assert store.verify() == []


def test_who_waits_too_long_for_another_writer_is_told_so(tmp_path):
    store = FolderStore(tmp_path / "record", wait_seconds=0.1)
    with durable.locked(tmp_path / "record", 1), pytest.raises(StoreError) as told:
        store.append(facts(), received=NIGHT)
    assert str(told.value) == (
        f"{tmp_path / 'record'}: another process is writing to this record, and was for 0.1 seconds. "
        "Try again when it has finished."
    )
    assert store.append(facts(), received=NIGHT).last == len(facts())


def test_a_writer_waits_for_another_and_then_writes(tmp_path):
    store, held, done = FolderStore(tmp_path / "record"), threading.Event(), []

    def hold():
        with durable.locked(tmp_path / "record", 1):
            held.set()
            time.sleep(0.3)
            done.append("held")

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(10)
    store.append(facts(), received=NIGHT)
    done.append("appended")
    other.join()
    assert done == ["held", "appended"]


def test_reading_waits_for_nobody(tmp_path):
    FolderStore(tmp_path / "record").append(facts(), received=NIGHT)
    with durable.locked(tmp_path / "record", 1):
        assert FolderStore(tmp_path / "record", wait_seconds=0).last_seq == len(facts())


def test_reading_writes_nothing(tmp_path):
    FolderStore(tmp_path / "record").append(facts(), received=NIGHT)
    (tmp_path / "record" / "lock").unlink()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "record").rglob("*")}
    store = FolderStore(tmp_path / "record")
    assert (len(store.changes_since(0)), store.verify()) == (len(facts()), [])
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "record").rglob("*")} == before


def test_a_record_that_was_made_anew_while_it_was_open_is_not_added_to(tmp_path):
    store = FolderStore(tmp_path / "record")
    store.append(facts(), received=NIGHT)
    shutil.rmtree(tmp_path / "record")
    FolderStore(tmp_path / "record").append(facts()[:1], received=NIGHT)
    with pytest.raises(StoreError, match=r"this record was replaced while it was open\. Open it again"):
        store.append([Fact(table="stays", row=stay("TEST-009", "2N", "2026-03-02 10:00"))], received=NIGHT)
    assert FolderStore(tmp_path / "record").last_seq == 1
