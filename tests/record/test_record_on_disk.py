"""The folder of a record: what lies in it, how it is read, and what of it is refused."""

import hashlib
import json
import os
import shutil

import pyarrow as pa
import pytest
from builders import stay
from killed import NIGHT, facts

from ringfence.record import SCHEMA_VERSION, Fact, FolderStore, StoreError, is_record
from ringfence.record.declare import Table

FIRST, SECOND, THIRD = "000000000001", "000000000006", "000000000007"


def more(*numbers):
    return [Fact(table="stays", row=stay(f"TEST-{n:03}", "2N", "2026-03-02 10:00")) for n in numbers]


@pytest.fixture
def record(tmp_path):
    """A record of three commits: five facts, one, and two."""
    store = FolderStore(tmp_path / "record")
    for some in (facts(), more(1), more(2, 3)):
        store.append(some, received=NIGHT, problems=[{"problem": "One to note."}])
    return tmp_path / "record"


@pytest.fixture
def commits(record):
    return record / "commits"


def refused(record):
    with pytest.raises(StoreError) as told:
        FolderStore(record)
    return str(told.value)


# --- what lies in it ---


def test_a_record_is_a_folder_with_a_description_and_a_folder_for_each_commit(record):
    assert json.loads((record / "record.json").read_text()) == {"record": "ringfence", "schema_version": SCHEMA_VERSION}
    assert {path.name for path in record.iterdir()} == {"record.json", "commits", "lock"}
    assert sorted(path.name for path in (record / "commits").iterdir()) == [FIRST, SECOND, THIRD]
    files = {"commit.json", "facilities.arrow", "stays.arrow", "specimens.arrow", "results.arrow"}
    assert {path.name for path in (record / "commits" / FIRST).iterdir()} == files


def test_a_description_says_the_rows_size_and_digest_of_each_file(commits):
    said = json.loads((commits / FIRST / "commit.json").read_text())
    assert (said["first"], said["last"], said["previous"]) == (1, 5, "")
    assert said["facts"] == {"facilities": 1, "stays": 2, "specimens": 1, "results": 1}
    for name, file in said["files"].items():
        content = (commits / FIRST / name).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        with pa.ipc.open_file(pa.BufferReader(content)) as arrow:
            assert file["rows"] == arrow.read_all().num_rows


def test_each_description_names_the_digest_of_the_one_before(commits):
    for before, after in ((FIRST, SECOND), (SECOND, THIRD)):
        digest = hashlib.sha256((commits / before / "commit.json").read_bytes()).hexdigest()
        assert json.loads((commits / after / "commit.json").read_text())["previous"] == digest


def test_commits_with_problems_alone_lie_in_their_place_in_the_order_of_names(record):
    store = FolderStore(record)
    for some in ([], [], more(9), []):
        store.append(some, received=NIGHT, problems=[{"problem": "One to note."}])
    names = sorted(path.name for path in (record / "commits").iterdir())
    added = ["000000000008.000001", "000000000008.000002", "000000000009", "000000000009.000001"]
    assert names == [FIRST, SECOND, THIRD, *added]
    assert [(c.first, c.last) for c in FolderStore(record).commits][3:] == [(9, 8), (9, 8), (9, 9), (10, 9)]


@pytest.mark.parametrize("there", ["nothing", "an empty folder", "folders above that are missing"])
def test_a_record_is_made_where_there_is_none(tmp_path, there):
    folder = tmp_path / ("above/record" if "above" in there else "record")
    if there == "an empty folder":
        folder.mkdir()
    assert not is_record(folder)
    FolderStore(folder)
    assert is_record(folder)
    assert FolderStore(folder).append(facts(), received=NIGHT).first == 1


# --- how it is read ---


def test_columns_are_mapped_from_large_files_and_build_no_rows(tmp_path, monkeypatch):
    FolderStore(tmp_path / "record").append(more(*range(5000)), received=NIGHT)
    store = FolderStore(tmp_path / "record")
    monkeypatch.setattr(Table, "unpack", lambda *_: pytest.fail("rows were built"))
    before = pa.total_allocated_bytes()
    packed = store.columns()["stays"]
    assert packed.num_rows == 5000
    assert packed.nbytes > 1_000_000
    assert pa.total_allocated_bytes() - before < 50_000


def test_commits_do_not_use_up_the_files_that_a_process_may_open(record):
    store = FolderStore(record)
    open_before = len(os.listdir("/proc/self/fd"))
    for n in range(200, 230):
        store.append(more(n), received=NIGHT)
    store.append(more(*range(1000, 6000)), received=NIGHT)
    columns = FolderStore(record).columns()
    assert columns["stays"].num_rows == 5 + 30 + 5000
    assert len(os.listdir("/proc/self/fd")) == open_before


def test_columns_outlive_the_files_they_were_read_from(tmp_path):
    FolderStore(tmp_path / "record").append(more(*range(5000)), received=NIGHT)
    packed = FolderStore(tmp_path / "record").columns()["stays"]
    shutil.rmtree(tmp_path / "record")
    assert packed["patient_id"].to_pylist() == [f"TEST-{n:03}" for n in range(5000)]


def test_files_whose_names_begin_with_a_dot_are_none_of_ours(record):
    before = FolderStore(record).changes_since(0)
    for folder in (record, record / "commits", record / "commits" / FIRST):
        (folder / ".DS_Store").write_text("made up")
    assert FolderStore(record).changes_since(0) == before


# --- what is refused ---


@pytest.mark.parametrize("name", ["notes.txt", "stays.arrow", "0001", "000000000009.arrow", f"{SECOND} (copy)"])
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_not_a_commit_is_refused(record, commits, name, kind):
    (commits / name).mkdir() if kind == "folder" else (commits / name).write_text("made up")
    assert refused(record) == f"{commits / name}: this is not a commit. Move it out of the record."


def test_a_file_called_like_a_commit_is_refused(record, commits):
    (commits / "000000000009").write_text("made up")
    assert refused(record) == f"{commits / '000000000009'}: this is not a commit. Move it out of the record."


@pytest.mark.parametrize("name", ["notes.txt", "measures.arrow", "more"])
def test_what_is_not_of_a_commit_is_refused(record, commits, name):
    strange = commits / SECOND / name
    strange.mkdir() if name == "more" else strange.write_text("made up")
    assert refused(record) == f"{strange}: this is not a file of the commit. Move it out of the record."


def test_a_missing_arrow_file_is_refused(record, commits):
    (commits / FIRST / "stays.arrow").unlink()
    told = (
        f"{commits / FIRST / 'stays.arrow'}: this file of the commit is missing. Restore the record from a backup copy."
    )
    assert refused(record) == told


@pytest.mark.parametrize(("change", "word"), [(b"", "shorter"), (b"more", "longer")])
def test_an_arrow_file_of_another_size_is_refused(record, commits, change, word):
    file = commits / FIRST / "stays.arrow"
    content = file.read_bytes()
    file.write_bytes(content + change if change else content[:-1])
    sizes = f"{file.stat().st_size:,} bytes, not {len(content):,}"
    assert refused(record).startswith(f"{file}: this file is {word} than when it was written ({sizes}). Restore")


@pytest.mark.parametrize(
    "content",
    [None, b"", b"{", b"[]", b"{}", b"null", b"\xff\xfe", b"[" * 100_000, b'{"first": 1, "last": 5, "files": {}}'],
)
def test_a_description_of_a_commit_that_cannot_be_read_is_refused(record, commits, content):
    about = commits / SECOND / "commit.json"
    about.unlink() if content is None else about.write_bytes(content)
    told = f"{about}: this is not the description of a commit. Restore the record from a backup copy."
    assert refused(record) == told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("last", 9), ("first", "6"), ("facts", {}), ("facts", {"stays": 2}), ("received", "2026-03-10T02:00:00"),
        ("received", "soon"), ("problems", None), ("more", 1), ("files", {"stays.arrow": {"rows": 1}}),
    ],
)  # fmt: skip
def test_a_description_that_contradicts_itself_is_refused(record, commits, name, value):
    about = commits / SECOND / "commit.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {name: value}))
    assert refused(record).startswith(f"{about}: this is not the description of a commit.")


def test_a_commit_missing_before_others_is_refused_with_the_facts_that_are_gone(record, commits):
    shutil.rmtree(commits / SECOND)
    told = f"{commits / THIRD}: facts 6 to 6, which come before this commit, are missing. Restore"
    assert refused(record).startswith(told)
    shutil.rmtree(commits / FIRST)
    assert refused(record).startswith(f"{commits / THIRD}: facts 1 to 6, which come before")


def test_a_commit_with_problems_alone_that_is_missing_before_others_is_refused(record, commits):
    store = FolderStore(record)
    store.append([], received=NIGHT, problems=[{"problem": "One to note."}])
    store.append(more(9), received=NIGHT)
    shutil.rmtree(commits / "000000000008.000001")
    told = f"{commits / '000000000009'}: the commit before it is missing or was changed. Restore"
    assert refused(record).startswith(told)


def test_a_description_that_was_changed_is_refused_by_the_one_after_it(record, commits):
    about = commits / FIRST / "commit.json"
    about.write_text(about.read_text().replace("One to note.", "None to note."))
    assert refused(record).startswith(f"{commits / SECOND}: the commit before it is missing or was changed.")


def test_a_commit_from_another_record_is_refused(tmp_path, record, commits):
    other = FolderStore(tmp_path / "other")
    other.append([*facts(), *more(1, 2, 3)], received=NIGHT)
    other.append(more(4), received=NIGHT)
    shutil.copytree(tmp_path / "other" / "commits" / "000000000009", commits / "000000000009")
    assert refused(record).startswith(f"{commits / '000000000009'}: the commit before it is missing or was changed.")


def test_a_commit_under_another_name_is_refused(record, commits):
    (commits / THIRD).rename(commits / "000000000009")
    assert refused(record).startswith(f"{commits / '000000000009'}: this commit was renamed.")


def test_a_commit_that_is_there_twice_is_refused(record, commits):
    shutil.copytree(commits / THIRD, commits / "000000000009")
    told = f"{commits / '000000000009'}: this commit numbers facts that another has numbered."
    assert refused(record).startswith(told)


def test_a_table_that_this_version_does_not_know_is_refused(record, commits):
    folder = commits / THIRD
    (folder / "stays.arrow").rename(folder / "visits.arrow")
    about = folder / "commit.json"
    about.write_text(about.read_text().replace('"stays', '"visits'))
    assert refused(record) == (
        f"{folder / 'visits.arrow'}: this version of Ringfence knows no table of facts called `visits`. "
        "Install the version that wrote it."
    )


def test_a_record_of_a_newer_schema_is_refused_with_what_to_do(record):
    (record / "record.json").write_text(json.dumps({"record": "ringfence", "schema_version": SCHEMA_VERSION + 1}))
    assert refused(record) == (
        f"{record}: this record has schema {SCHEMA_VERSION + 1}; this version of Ringfence reads up to {SCHEMA_VERSION}. "
        "Install a newer Ringfence."
    )


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"7", b'{"record": "ringfence"}', b'{"record": "other", "schema_version": 1}',
                b'{"record": "ringfence", "schema_version": "1"}', b'{"record": "ringfence", "schema_version": -1}'],
)  # fmt: skip
def test_a_description_of_a_record_that_cannot_be_read_is_refused(record, content):
    (record / "record.json").write_bytes(content)
    told = f"{record / 'record.json'}: this is not the description of a record. Restore it from a backup copy."
    assert refused(record) == told


def test_a_record_without_its_commits_is_refused(record, commits):
    shutil.rmtree(commits)
    assert refused(record).startswith(f"{commits}: the folder of commits of this record cannot be read.")


@pytest.mark.parametrize("name", ["notes.txt", ".notes", "stays.csv"])
def test_a_folder_with_something_else_in_it_is_refused_and_left_as_it_is(tmp_path, name):
    (tmp_path / name).write_text("made up")
    assert refused(tmp_path) == f"{tmp_path}: this folder is not a record and is not empty. Name a new folder."
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_commits_without_a_description_of_the_record_are_not_taken_for_a_new_record(record):
    (record / "record.json").unlink()
    assert refused(record) == f"{record}: this folder is not a record and is not empty. Name a new folder."


def test_a_file_in_the_place_of_a_record_is_refused(tmp_path):
    (tmp_path / "record").write_text("made up")
    assert refused(tmp_path / "record").endswith("this is a file, and a record is a folder. Name a new folder.")


# --- looking closely ---


def test_a_record_in_order_verifies(record):
    assert FolderStore(record).verify() == []


def test_a_byte_that_changed_is_found_by_verifying(record, commits):
    file = commits / FIRST / "stays.arrow"
    content = bytearray(file.read_bytes())
    at = content.index(b"TEST-101")
    content[at + 7] = ord("9")
    file.write_bytes(content)
    store = FolderStore(record)
    told = f"{file}: this file has changed since it was written. Restore the record from a backup copy."
    assert store.verify() == [told]


def test_every_fault_is_told_when_verifying(record, commits):
    store = FolderStore(record)
    (commits / FIRST / "stays.arrow").unlink()
    about = commits / THIRD / "commit.json"
    about.write_text(about.read_text().replace("One to note.", "None to note."))
    found = store.verify()
    assert [sentence.split(": ")[0] for sentence in found] == [str(commits / FIRST / "stays.arrow"), str(about)]


def test_an_arrow_file_that_is_none_is_told_when_its_columns_are_read(record, commits):
    file = commits / THIRD / "stays.arrow"
    file.write_bytes(b"x" * file.stat().st_size)
    with pytest.raises(StoreError, match=r"stays\.arrow: this file cannot be read as Arrow\. Restore the record"):
        FolderStore(record).columns()


def test_an_arrow_file_of_other_columns_is_told_when_its_columns_are_read(record, commits):
    file, about = commits / THIRD / "stays.arrow", commits / THIRD / "commit.json"
    said = json.loads(about.read_text())
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, pa.schema([("_seq", pa.int64())])) as writer:
        writer.write_table(pa.table({"_seq": [7, 8]}))
    said["files"]["stays.arrow"]["bytes"] = file.stat().st_size
    about.write_text(json.dumps(said))
    with pytest.raises(StoreError, match="does not hold the columns and rows that it should"):
        FolderStore(record).columns()
