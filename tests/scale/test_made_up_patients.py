"""Made-up patients in columns, and the record that they are put into."""

from collections import Counter
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from builders import facility, specimen, stay

from ringfence.record import TABLES, Fact, FolderStore, StoreError, View, columns_of
from ringfence.scale import FACTS_OF_A_PATIENT, MODELS, grow, made_up_columns
from ringfence.scale.population import AS_OF

NIGHT = datetime(2026, 3, 16, 2, tzinfo=UTC)


def facts_by_patient(columns):
    owners = dict(zip(*(columns["specimens"][c].to_pylist() for c in ("specimen_id", "patient_id")), strict=True))
    found = Counter()
    for name, packed in columns.items():
        if "patient_id" in packed.column_names:
            found.update(packed["patient_id"].to_pylist())
        elif name != "facilities":
            found.update(owners[specimen_id] for specimen_id in packed["specimen_id"].to_pylist())
    return found


def test_each_made_up_patient_has_thirty_facts():
    found = facts_by_patient(made_up_columns(3, first=7))
    assert len(found) == 3 * MODELS
    assert set(found.values()) == {FACTS_OF_A_PATIENT} == {30}


def test_made_up_patients_look_made_up():
    assert all(number.startswith("MADE-UP-") for number in facts_by_patient(made_up_columns(1)))


def test_copies_share_no_fact_and_no_patient():
    one, other = made_up_columns(2), made_up_columns(2, first=2)
    for name in other:
        for column in ("_key", "_digest"):
            both = [*one[name][column].to_pylist(), *other[name][column].to_pylist()]
            assert len(set(both)) == len(both)
    assert not facts_by_patient(one).keys() & facts_by_patient(other).keys()
    assert "facilities" not in other


def test_every_made_up_fact_is_current_and_follows_from_the_seed():
    columns = made_up_columns(1, seed=5)
    view = View(columns, at=AS_OF, known_to=1)
    for name, packed in columns.items():
        assert len(view.rows(name)) == len(packed)
    assert made_up_columns(1, seed=5)["stays"].equals(columns["stays"])
    assert not made_up_columns(1, seed=6)["stays"].equals(columns["stays"])


def test_the_keys_of_made_up_facts_are_those_of_their_rows():
    for name, packed in made_up_columns(1, first=3).items():
        some = packed.slice(0, 5)
        keys = [Fact(table=name, row=row).key for row in TABLES[name].unpack(some)]
        assert some["_key"].to_pylist() == keys


def test_a_record_grows_to_as_many_patients_as_asked_for(tmp_path):
    record = tmp_path / "record"
    grow(record, 0, MODELS, 1)
    grow(record, MODELS, 3 * MODELS, 1)
    store = FolderStore(record)
    assert len(store.columns()["patients"]) == 3 * MODELS
    assert store.last_seq == 3 * MODELS * FACTS_OF_A_PATIENT + len(store.columns()["facilities"])
    assert [commit.repeated for commit in store.commits] == [0, 0]
    assert store.verify() == []


def some_facts():
    names = {table.row: name for name, table in TABLES.items()}
    rows = [facility(), stay("TEST-1", "2N", "2026-03-01 10:00"), stay("TEST-2", "2N", "2026-03-01")]
    return [Fact(table=names[type(row)], row=row) for row in (*rows, specimen("SP", "TEST-1", "2026-03-02"))]


def test_facts_added_in_columns_are_those_added_one_by_one(tmp_path):
    one, other = FolderStore(tmp_path / "one"), FolderStore(tmp_path / "other")
    said = one.append(some_facts(), received=NIGHT, note="n")
    assert other.append_columns(columns_of(some_facts()), received=NIGHT, note="n") == said
    assert FolderStore(tmp_path / "other").changes_since(0) == one.changes_since(0)


def test_facts_in_columns_that_are_there_already_are_not_added_again(tmp_path):
    store = FolderStore(tmp_path / "record")
    store.append(some_facts()[:2], received=NIGHT)
    commit = store.append_columns(columns_of(some_facts()), received=NIGHT)
    assert (commit.first, commit.last, commit.repeated) == (3, 4, 2)


def test_columns_that_are_not_of_facts_are_refused(tmp_path):
    store = FolderStore(tmp_path / "record")
    with pytest.raises(StoreError, match="`cases` is not a table of facts"):
        store.append_columns({"cases": pa.table({})}, received=NIGHT)
    with pytest.raises(StoreError, match="not the columns of `stays`"):
        store.append_columns({"stays": columns_of(some_facts())["specimens"]}, received=NIGHT)
    with pytest.raises(ValueError, match="time zone"):
        store.append_columns(columns_of(some_facts()), received=NIGHT.replace(tzinfo=None))
    assert store.commits == ()
