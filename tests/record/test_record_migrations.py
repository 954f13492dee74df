"""Records of an older schema: brought to this one with a backup, and with nothing lost wherever that is cut short."""

import hashlib
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from builders import at, facility, gene, specimen, stay
from killed import NIGHT, facts
from test_record_crashes import killed_everywhere

from ringfence.record import SCHEMA_VERSION, Fact, FolderStore, StoreError, When, folder, is_record, migrations
from ringfence.record.envelope import schema_of

SECONDS, DAY, TEXT = pa.timestamp("s", "UTC"), pa.date32(), pa.string()
ENVELOPE = [("_seq", pa.int64()), ("_source", TEXT), ("_decoded_by", TEXT)]
# The columns of version 0, written out, as it is no longer here to be asked.
COLUMNS = {
    "facilities": [("facility_id", TEXT), ("name", TEXT), ("zone", TEXT)],
    "stays": [
        ("stay_id", TEXT), ("patient_id", TEXT), ("encounter_id", TEXT), ("facility_id", TEXT), ("ward", TEXT),
        ("room", TEXT), ("bed", TEXT), ("presence", TEXT), ("start_at", SECONDS), ("start_on", DAY),
        ("end_at", SECONDS), ("end_on", DAY),
    ],
    "specimens": [
        ("specimen_id", TEXT), ("patient_id", TEXT), ("place_id", TEXT), ("facility_id", TEXT), ("ward", TEXT),
        ("kind", TEXT), ("purpose", TEXT), ("collected_at", SECONDS), ("collected_on", DAY),
        ("rejected_at", SECONDS), ("rejected_on", DAY),
    ],
    "results": [
        ("result_id", TEXT), ("specimen_id", TEXT), ("isolate_id", TEXT), ("kind", TEXT), ("analyte", TEXT),
        ("found", TEXT), ("status", TEXT), ("method", TEXT), ("reported_at", SECONDS), ("reported_on", DAY),
    ],
}  # fmt: skip
MADE_FROM_THE_ROW = hashlib.sha256(
    "\x1f".join(
        [
            "end\x1e2026-03-05", "facility_id\x1eElm", "patient_id\x1eTEST-002", "presence\x1epresent",
            "start\x1e2026-03-02", "ward\x1e3W",
        ]
    ).encode()
).hexdigest()[:16]  # fmt: skip
ROWS = {
    "000000000001": {
        "facilities": [(1, {"facility_id": "Elm", "zone": "Europe/Amsterdam"})],
        "stays": [
            (2, {"stay_id": "S-1", "patient_id": "TEST-001", "facility_id": "Elm", "ward": "2N", "presence": "present",
                 "start_at": at("2026-03-02 10:00")}),
            (4, {"stay_id": MADE_FROM_THE_ROW, "patient_id": "TEST-002", "facility_id": "Elm", "ward": "3W",
                 "presence": "present", "start_on": date(2026, 3, 2), "end_on": date(2026, 3, 5)}),
        ],
        "specimens": [
            (3, {"specimen_id": "SP-1", "patient_id": "TEST-001", "facility_id": "Elm", "kind": "rectal_swab",
                 "purpose": "screening", "collected_at": at("2026-03-02 14:00")}),
        ],
    },
    "000000000005": {
        "results": [
            (5, {"result_id": "R-1", "specimen_id": "SP-1", "kind": "gene", "analyte": "KPC", "found": "detected",
                 "status": "final", "reported_at": at("2026-03-04 16:00")}),
        ],
    },
}  # fmt: skip
RECEIVED = {"000000000001": datetime(2026, 3, 9, 2, 0, tzinfo=UTC), "000000000005": datetime(2026, 3, 8, tzinfo=UTC)}


def write_version_0(record):
    (record / "commits").mkdir(parents=True)
    (record / "record.json").write_text('{"record": "ringfence", "schema_version": 0}\n')
    for name, tables in ROWS.items():
        commit = record / "commits" / name
        commit.mkdir()
        for table, rows in tables.items():
            filled = [{"_seq": seq, "_source": f"{table}.csv:{seq}", "_decoded_by": "d0", **row} for seq, row in rows]
            packed = pa.Table.from_pylist(filled, schema=pa.schema([*COLUMNS[table], *ENVELOPE]))
            with (
                pa.OSFile(str(commit / f"{table}.arrow"), "wb") as sink,
                pa.ipc.new_file(sink, packed.schema) as writer,
            ):
                writer.write_table(packed)
        seconds = RECEIVED[name].timestamp()
        os.utime(commit, (seconds, seconds))


@pytest.fixture
def record(tmp_path):
    """A record of version 0, of five made-up facts in two commits, the second with the earlier time."""
    write_version_0(tmp_path / "record")
    return tmp_path / "record"


def expected():
    rows = [
        ("facilities", facility()),
        ("stays", stay("TEST-001", "2N", "2026-03-02 10:00", stay_id="S-1")),
        ("specimens", specimen("SP-1", "TEST-001", "2026-03-02 14:00")),
        ("stays", stay("TEST-002", "3W", "2026-03-02", "2026-03-05", stay_id="made from the row")),
        ("results", gene("R-1", "SP-1", "KPC", "2026-03-04 16:00")),
    ]
    received = RECEIVED["000000000001"]
    return [
        Fact(table=name, row=row, source=f"{name}.csv:{n}", decoded_by="d0", seq=n, received=received)
        for n, (name, row) in enumerate(rows, start=1)
    ]


def changes(store):
    """Return the facts of a store, with the number that is made from a row called so."""
    facts = store.changes_since(0)
    return [
        replace(f, row=replace(f.row, stay_id="made from the row")) if f.table == "stays" and f.row.ward == "3W" else f
        for f in facts
    ]


def files(record):
    return {p.relative_to(record): p.read_bytes() for p in record.rglob("*") if p.is_file() and p.name != "lock"}


# --- what a record of version 0 becomes ---


def test_a_record_of_version_0_opens_with_the_same_facts_under_the_same_numbers(record):
    store = FolderStore(record)
    assert changes(store) == expected()
    assert changes(FolderStore(record)) == expected()
    assert json.loads((record / "record.json").read_text())["schema_version"] == SCHEMA_VERSION
    assert store.verify() == []


def test_what_version_0_did_not_know_is_empty_or_the_default(record):
    columns = FolderStore(record).columns()
    assert columns["facilities"]["authority"].to_pylist() == [None]
    for name in ("stays", "results"):
        packed, many = columns[name], len(columns[name])
        assert packed["_generation"].to_pylist() == [1] * many
        assert packed["_retracts"].to_pylist() == [False] * many
        assert packed["_recorded"].to_pylist() == packed["_sent"].to_pylist() == [None] * many
        assert packed["_system"].to_pylist() == packed["_message"].to_pylist() == [""] * many


def test_a_commit_of_version_0_was_received_when_its_folder_was_last_changed(record):
    first, second = FolderStore(record).commits
    assert (first.received, first.clock) == (RECEIVED["000000000001"],) * 2
    # Never before the commit before it; what the folder said stays beside it.
    assert (second.received, second.clock) == (RECEIVED["000000000001"], RECEIVED["000000000005"])
    assert (first.note, dict(first.facts)) == ("Brought from schema 0.", {"facilities": 1, "stays": 2, "specimens": 1})


def test_views_of_a_record_that_was_brought_up_are_right(record):
    view = FolderStore(record).current(at=at("2026-03-04 17:00"))
    assert {s.patient_id for s in view.stays} == {"TEST-001", "TEST-002"}
    assert view.results["SP-1"][0].reported == When(at=at("2026-03-04 16:00"))


def test_a_number_made_from_the_row_is_made_as_it_is_today_so_that_its_end_can_still_come(record):
    [number] = [
        f.row.stay_id for f in FolderStore(record).changes_since(0) if f.table == "stays" and f.row.ward == "3W"
    ]
    without_its_end = [
        "facility_id\x1eElm",
        "patient_id\x1eTEST-002",
        "presence\x1epresent",
        "start\x1e2026-03-02",
        "ward\x1e3W",
    ]
    assert number == hashlib.sha256("\x1f".join(without_its_end).encode()).hexdigest()[:16]


def test_a_record_that_was_brought_up_is_added_to_as_any_other(record):
    store = FolderStore(record)
    commit = store.append(facts(), received=NIGHT)
    # The facility is there already; what else is new is numbered on.
    assert (commit.first, commit.last) == (6, 5 + len(facts()) - commit.repeated)
    assert FolderStore(record).verify() == []


def test_the_folder_holds_nothing_but_the_record_afterwards(record):
    FolderStore(record)
    assert {path.name for path in record.iterdir()} == {"record.json", "commits", "lock"}
    assert sorted(path.name for path in record.parent.iterdir()) == ["record", "record.schema-0.backup"]


# --- the backup ---


def test_the_record_before_is_kept_beside_it(record):
    before, times = files(record), {n: (record / "commits" / n).stat().st_mtime for n in ROWS}
    store = FolderStore(record)
    assert store.migrated_from == record.parent / "record.schema-0.backup"
    assert files(store.migrated_from) == before
    assert {n: (store.migrated_from / "commits" / n).stat().st_mtime for n in ROWS} == times
    assert FolderStore(record).migrated_from is None


def test_a_backup_opens_as_the_record_did(record):
    backup = FolderStore(record).migrated_from
    assert changes(FolderStore(backup)) == expected()


@pytest.mark.parametrize("kind", ["folder", "file", "backup of another record"])
def test_no_backup_is_ever_overwritten(record, kind):
    other = record.parent / "record.schema-0.backup"
    if kind == "file":
        other.write_text("made up")
    else:
        other.mkdir()
        (other / "record.json").write_text('{"record": "ringfence", "schema_version": 0}\n')
    before, kept = files(record), files(other) if other.is_dir() else other.read_text()
    store = FolderStore(record)
    assert store.migrated_from == record.parent / "record.schema-0.backup.2"
    assert files(store.migrated_from) == before
    assert (files(other) if other.is_dir() else other.read_text()) == kept


def test_a_record_named_from_within_finds_the_folder_beside_it(record, monkeypatch):
    monkeypatch.chdir(record)
    assert FolderStore(Path()).migrated_from == record.parent / "record.schema-0.backup"


# --- cut short ---


def test_killed_at_any_step_it_is_finished_by_the_next_opening(record, tmp_path):
    base = tmp_path / "base"
    shutil.copytree(record, base / "record")
    before = files(record)
    killed, finished = killed_everywhere("open", base, tmp_path / "left")
    assert len(killed) > 40
    versions = []
    for place in [*killed, finished]:
        assert is_record(place / "record")
        versions.append(json.loads((place / "record" / "record.json").read_text())["schema_version"])
        store = FolderStore(place / "record")
        assert changes(store) == expected()
        assert [c.received for c in store.commits] == [RECEIVED["000000000001"]] * 2
        assert store.verify() == []
        assert files(place / "record.schema-0.backup") == before
        if versions[-1] == 0:
            assert store.migrated_from == (place / "record.schema-0.backup").resolve()
            assert sorted(path.name for path in place.iterdir()) == ["record", "record.schema-0.backup"]
        store.append(facts(), received=NIGHT)
        assert {path.name for path in (place / "record").iterdir()} == {"record.json", "commits", "lock"}
    assert versions == sorted(versions)
    assert set(versions) == {0, SCHEMA_VERSION}


def test_killed_twice_it_is_still_finished(record, tmp_path):
    base = tmp_path / "base"
    shutil.copytree(record, base / "record")
    killed, _ = killed_everywhere("open", base, tmp_path / "left")
    # The new record stands and the old commits are put aside, or are not yet.
    swapping = [place for place in killed if (place / "record" / ".migrated" / "commits").exists()]
    assert len(swapping) >= 2
    for n, place in enumerate((swapping[0], swapping[-1])):
        again, _ = killed_everywhere("open", place, tmp_path / f"again-{n}")
        assert len(again) >= 4
        for once_more in again:
            assert changes(FolderStore(once_more / "record")) == expected()


def test_two_that_open_it_at_once_bring_it_up_once(record):
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: FolderStore(record), range(4)))
    assert [changes(store) for store in stores] == [expected()] * 4
    assert len([store for store in stores if store.migrated_from]) == 1
    assert sorted(path.name for path in record.parent.iterdir()) == ["record", "record.schema-0.backup"]


# --- what is refused ---


def refused(record):
    before = files(record)
    with pytest.raises(StoreError) as told:
        FolderStore(record)
    assert files(record) == before
    assert [path.name for path in record.parent.iterdir()] == ["record"]
    assert json.loads((record / "record.json").read_text())["schema_version"] == 0
    return str(told.value)


def test_an_old_record_with_a_missing_commit_is_refused_and_left_as_it_is(record):
    shutil.rmtree(record / "commits" / "000000000001")
    assert refused(record) == (
        f"{record / 'commits' / '000000000005'}: facts 1 to 1 were expected here, and it holds others. "
        "Nothing was changed. Restore the record from a backup copy."
    )


def test_an_old_file_that_is_no_arrow_is_refused(record):
    file = record / "commits" / "000000000001" / "stays.arrow"
    file.write_bytes(file.read_bytes()[:-10])
    assert refused(record).startswith(f"{file}: this file cannot be read as Arrow.")


def test_an_old_table_that_nobody_knows_is_refused(record):
    commit = record / "commits" / "000000000005"
    (commit / "results.arrow").rename(commit / "visits.arrow")
    told = f"{commit / 'visits.arrow'}: this version of Ringfence knows no table of facts called `visits`."
    assert refused(record).startswith(told)


def test_an_old_column_that_nobody_knows_is_refused_and_not_dropped(record):
    file = record / "commits" / "000000000005" / "results.arrow"
    with pa.OSFile(str(file), "rb") as source:
        packed = pa.ipc.open_file(source).read_all()
    packed = packed.append_column("made_up", pa.array(["x"]))
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, packed.schema) as writer:
        writer.write_table(packed)
    assert refused(record).startswith(f"{file}: this version of Ringfence knows no column `made_up` of results.")


def test_a_word_that_nobody_knows_is_refused_and_not_repeated(record):
    file = record / "commits" / "000000000005" / "results.arrow"
    with pa.OSFile(str(file), "rb") as source:
        packed = pa.ipc.open_file(source).read_all()
    at_found = packed.schema.get_field_index("found")
    packed = packed.set_column(at_found, packed.schema.field(at_found), pa.array(["CANARY 7"]))
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, packed.schema) as writer:
        writer.write_table(packed)
    told = refused(record)
    assert told.startswith(f"{file}: ")
    assert "CANARY" not in told


def test_after_a_refusal_that_was_mended_it_is_brought_up(record):
    strange = record / "commits" / "000000000005" / "visits.arrow"
    shutil.copy(strange.with_name("results.arrow"), strange)
    refused(record)
    strange.unlink()
    seconds = RECEIVED["000000000005"].timestamp()
    os.utime(strange.parent, (seconds, seconds))
    assert changes(FolderStore(record)) == expected()


# --- the next version ---


def test_the_next_schema_version_is_one_step(tmp_path, monkeypatch):
    store = FolderStore(tmp_path / "record")
    store.append(facts(), received=NIGHT, problems=[{"problem": "One to note."}], inputs={"stays.csv": "a0"})
    store.append([], received=NIGHT + timedelta(days=1), problems=[{"problem": "Another."}])
    old = [*store.commits]

    def to_2(columns):
        wards = pa.array(["2 North"] * len(columns["stays"])) if "stays" in columns else None
        at_ward = schema_of(migrations.TABLES["stays"]).get_field_index("ward")
        stays = {"stays": columns["stays"].set_column(at_ward, "ward", wards)} if wards is not None else {}
        return {**columns, **stays}

    for module in (folder, migrations):
        monkeypatch.setattr(module, "SCHEMA_VERSION", 2)
    monkeypatch.setattr(migrations, "STEPS", {**migrations.STEPS, 1: to_2})
    new = FolderStore(tmp_path / "record")
    assert new.migrated_from == tmp_path / "record.schema-1.backup"
    assert {f.row.ward for f in new.changes_since(0) if f.table == "stays"} == {"2 North"}
    assert [*new.commits] == old
    assert new.verify() == []
    digests = new.columns()["stays"]["_digest"].to_pylist()
    assert digests == [f.digest for f in new.changes_since(0) if f.table == "stays"]


def test_what_a_migration_did_not_clear_away_does_not_hinder_the_next(record, monkeypatch):
    FolderStore(record)
    (record / ".migrated").mkdir()
    (record / ".migrated-old" / "000000000001").mkdir(parents=True)
    (record / "commits" / ".pending-000000000006").mkdir()
    (record / "commits" / ".pending-000000000006" / "stays.arrow").write_text("cut short")
    for module in (folder, migrations):
        monkeypatch.setattr(module, "SCHEMA_VERSION", 2)
    monkeypatch.setattr(migrations, "STEPS", {**migrations.STEPS, 1: lambda columns: columns})
    assert changes(FolderStore(record)) == expected()
    assert {path.name for path in record.iterdir()} == {"record.json", "commits", "lock"}


def test_a_record_of_version_0_goes_through_every_step(record, monkeypatch):
    for module in (folder, migrations):
        monkeypatch.setattr(module, "SCHEMA_VERSION", 2)
    monkeypatch.setattr(migrations, "STEPS", {**migrations.STEPS, 1: lambda columns: columns})
    assert changes(FolderStore(record)) == expected()
    assert json.loads((record / "record.json").read_text())["schema_version"] == 2
