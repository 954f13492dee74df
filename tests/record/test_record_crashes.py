"""A process that dies, at any moment: its commit is there as a whole, or nothing of it is."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builders import stay
from checkout import REPOSITORY
from killed import NIGHT, facts

from ringfence.record import SCHEMA_VERSION, Fact, FolderStore, is_record

HERE = Path(__file__).parent


def run(program, *args):
    env = {**os.environ, "PYTHONPATH": f"{REPOSITORY / 'tests'}{os.pathsep}{HERE}"}
    done = subprocess.run(
        [sys.executable, HERE / program, *map(str, args)], env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def killed_everywhere(action, base, left):
    """Return the folders in which the action was killed, at each of its steps, and the one in which it finished."""
    left.mkdir()
    run("killed.py", action, base, left)
    *killed, finished = sorted(left.iterdir())
    return killed, finished


def before():
    return [Fact(table="stays", row=stay("TEST-001", "2N", "2026-03-01 10:00"))]


def rows(store):
    return [fact.row for fact in store.changes_since(0)]


def test_an_append_killed_at_any_step_leaves_all_of_the_commit_or_nothing(tmp_path):
    base = tmp_path / "base"
    FolderStore(base / "record").append(before(), received=NIGHT)
    old, whole = [f.row for f in before()], [f.row for f in [*before(), *facts()]]
    killed, finished = killed_everywhere("append", base, tmp_path / "left")
    # Four Arrow files, a description, their syncs, the folder, its sync, the rename, and the sync after it.
    assert len(killed) >= 13
    assert rows(FolderStore(finished / "record")) == whole
    found = [rows(FolderStore(folder / "record")) for folder in killed]
    assert all(some in (old, whole) for some in found)
    # Killed between the rename and the sync after it: the whole commit.
    assert found.count(whole) == 1
    assert found[-1] == whole
    unfinished = [any((folder / "record" / "commits").glob(".pending-*")) for folder in killed]
    assert unfinished.count(True) >= 10


def test_after_an_append_that_was_killed_the_next_one_works_and_clears_away_what_was_left(tmp_path):
    base = tmp_path / "base"
    FolderStore(base / "record").append(before(), received=NIGHT)
    killed, _ = killed_everywhere("append", base, tmp_path / "left")
    for folder in killed:
        store = FolderStore(folder / "record")
        there = store.last_seq > 1
        commit = store.append(facts(), received=NIGHT)
        assert commit.repeated == (len(facts()) if there else 0)
        assert rows(FolderStore(folder / "record")) == [f.row for f in [*before(), *facts()]]
        assert [f.seq for f in store.changes_since(0)] == list(range(1, 7))
        assert store.verify() == []
        names = {path.name for path in (folder / "record").rglob("*")}
        assert not {name for name in names if name.startswith(".")} or there


def test_a_record_that_was_being_made_can_be_made_again(tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    killed, finished = killed_everywhere("make", base, tmp_path / "left")
    assert len(killed) >= 5
    assert {is_record(folder / "record") for folder in killed} == {True, False}
    for folder in [*killed, finished]:
        store = FolderStore(folder / "record")
        assert store.append(facts(), received=NIGHT).last == len(facts())
        about = json.loads((folder / "record" / "record.json").read_text())
        assert about == {"record": "ringfence", "schema_version": SCHEMA_VERSION}


def test_a_writer_killed_at_random_moments_loses_nothing_that_it_was_told_is_kept(tmp_path):
    rounds = [json.loads(line) for line in run("killed_anytime.py", tmp_path / "record", 40).splitlines()]
    assert len(rounds) == 40
    assert all(one["sizes"] == [40] for one in rounds)
    assert all(one["kept"] >= one["told"] for one in rounds)
    assert [one["kept"] for one in rounds] == sorted(one["kept"] for one in rounds)
    # Now and then a commit is whole that the writer did not live to hear of.
    assert all(one["told"] > 0 for one in rounds)
    assert all(one["faults"] == [] for one in rounds)


def test_everything_has_reached_the_disk_before_the_rename_and_the_rename_after_it(tmp_path, monkeypatch):
    store, done = FolderStore(tmp_path / "record"), []
    sync, rename = os.fsync, os.rename

    def synced(handle):
        sync(handle)
        done.append(Path(os.readlink(f"/proc/self/fd/{handle}")))

    def renamed(old, new):
        rename(old, new)
        done.append("renamed")

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "rename", renamed)
    store.append(facts(), received=NIGHT)
    pending = tmp_path / "record" / "commits" / ".pending-000000000001"
    files = ["facilities.arrow", "stays.arrow", "specimens.arrow", "results.arrow", "commit.json"]
    assert done.count("renamed") == 1
    at = done.index("renamed")
    assert set(done[:at]) == {pending, *(pending / name for name in files)}
    assert done[at - 1] == pending
    assert done[at + 1 :] == [tmp_path / "record" / "commits"]


@pytest.mark.parametrize("fails", ["mkdir", "rename"])
def test_a_disk_that_fails_is_told_in_a_sentence_and_nothing_is_left(tmp_path, monkeypatch, fails):
    from ringfence.record import StoreError

    store = FolderStore(tmp_path / "record")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(*((Path, "mkdir") if fails == "mkdir" else (os, "rename")), full)
        with pytest.raises(StoreError, match=r"record: this record cannot be written to \(No space left on device\)"):
            store.append(facts(), received=NIGHT)
    assert list((tmp_path / "record" / "commits").iterdir()) == []
    assert store.append(facts(), received=NIGHT).last == len(facts())


def test_a_copy_of_a_record_is_a_record(tmp_path):
    FolderStore(tmp_path / "record").append(facts(), received=NIGHT)
    shutil.copytree(tmp_path / "record", tmp_path / "copy")
    copy = FolderStore(tmp_path / "copy")
    assert copy.verify() == []
    assert rows(copy) == [f.row for f in facts()]
