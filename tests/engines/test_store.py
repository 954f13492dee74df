"""What every store of facts promises. An adapter is a way to open one place, again and again."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from builders import at, facility, gene, specimen, stay
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.record import TABLES, Case, Fact, FolderStore, StoreError, TableKind

ADAPTERS = {"folder": FolderStore}
FACT_TABLES = [t for t in TABLES.values() if t.kind is TableKind.FACT]
NIGHT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


@pytest.fixture(params=ADAPTERS)
def opened(request, tmp_path):
    """Open the same place; each call as another process would."""
    return lambda: ADAPTERS[request.param](tmp_path / "record")


def facts(*rows, **envelope):
    by_class = {table.row: name for name, table in TABLES.items()}
    return [Fact(table=by_class[type(row)], row=row, **envelope) for row in rows]


def patients(*numbers, ward="2N"):
    return facts(*(stay(f"TEST-{n:03}", ward, "2026-03-02 10:00", "2026-03-05 09:00") for n in numbers))


def content(store, known_to=None):
    """Return the bytes of what `columns` gives."""
    sink = pa.BufferOutputStream()
    for name, packed in store.columns(known_to).items():
        with pa.ipc.new_stream(sink, packed.schema.with_metadata({"table": name})) as writer:
            writer.write_table(packed.combine_chunks())
    return sink.getvalue().to_pybytes()


def test_a_new_store_is_empty(opened):
    store = opened()
    assert (store.last_seq, list(store.commits), store.latest_moment()) == (0, [], None)
    assert store.seq_at(NIGHT) == 0
    assert store.changes_since(0) == []
    assert store.current(at=NIGHT).stays == ()


def test_every_table_of_facts_is_there_in_columns_even_when_empty(opened):
    columns = opened().columns()
    assert list(columns) == [t.name for t in FACT_TABLES]
    for table in FACT_TABLES:
        assert columns[table.name].num_rows == 0
        assert columns[table.name].schema.names[: len(table.schema.names)] == table.schema.names
        assert {"_seq", "_source", "_received", "_key", "_digest"} <= set(columns[table.name].schema.names)


def test_facts_are_numbered_in_the_order_given_whatever_their_table(opened):
    store = opened()
    one, two = specimen("SP-1", "TEST-001", "2026-03-02 14:00"), specimen("SP-2", "TEST-002", "2026-03-02 15:00")
    given_in_order = facts(one, facility(), gene("R-1", "SP-1", "KPC"), two)
    commit = store.append(given_in_order, received=NIGHT)
    assert (commit.first, commit.last) == (1, 4)
    assert dict(commit.facts) == {"facilities": 1, "specimens": 2, "results": 1}
    assert store.columns()["specimens"]["_seq"].to_pylist() == [1, 4]
    expected = [replace(fact, seq=n, received=NIGHT) for n, fact in enumerate(given_in_order, start=1)]
    assert store.changes_since(0) == expected
    assert opened().changes_since(0) == expected


def test_the_envelope_of_a_fact_is_kept(opened):
    store = opened()
    envelope = {
        "source": "stays.csv:12", "decoded_by": "a1", "system": "adt", "message": "m1", "generation": 3,
        "recorded": NIGHT - timedelta(hours=1, microseconds=7), "sent": NIGHT, "control": "C-9", "retracts": True,
    }  # fmt: skip
    store.append(facts(stay("TEST-001", "2N", "2026-03-02 10:00:01", "2026-03-05"), **envelope), received=NIGHT)
    [fact] = opened().changes_since(0)
    assert {name: getattr(fact, name) for name in envelope} == envelope
    assert (fact.seq, fact.received) == (1, NIGHT)


def test_a_later_commit_goes_on_where_the_last_ended(opened):
    store = opened()
    store.append(patients(1, 2), received=NIGHT)
    commit = store.append(patients(3), received=NIGHT + timedelta(days=1))
    assert (commit.first, commit.last, store.last_seq) == (3, 3, 3)
    assert [(c.first, c.last) for c in opened().commits] == [(1, 2), (3, 3)]


def test_what_was_said_of_a_commit_is_kept(opened):
    store = opened()
    said = {
        "problems": [{"file": "stays.csv", "problem": "This is not a date."}],
        "inputs": {"stays.csv": "0f" * 32, "odd \udcff.csv": "a0"},
        "note": "the night's files",
    }
    commit = store.append(patients(1), received=NIGHT, **said)
    assert list(opened().commits) == [commit]
    assert list(commit.problems) == said["problems"]
    assert (dict(commit.inputs), commit.note, commit.received, commit.clock) == (
        said["inputs"], said["note"], NIGHT, NIGHT,
    )  # fmt: skip


def test_a_fact_that_is_there_already_is_not_added_again(opened):
    store = opened()
    store.append(patients(1, 2), received=NIGHT)
    commit = opened().append(patients(2, 3, 1), received=NIGHT + timedelta(days=1))
    assert (commit.first, commit.last, commit.repeated) == (3, 3, 2)
    assert [f.row.patient_id for f in opened().changes_since(0)] == ["TEST-001", "TEST-002", "TEST-003"]


def test_a_fact_given_twice_is_added_once(opened):
    store = opened()
    commit = store.append(patients(1, 1, 2, 1), received=NIGHT)
    assert (commit.first, commit.last, commit.repeated) == (1, 2, 2)


def test_the_same_row_in_another_message_is_another_fact(opened):
    store = opened()
    row = stay("TEST-001", "2N", "2026-03-02 10:00")
    store.append(facts(row, message="m1"), received=NIGHT)
    assert store.append(facts(row, message="m2"), received=NIGHT).repeated == 0
    assert store.last_seq == 2


def test_where_a_row_was_read_does_not_make_it_another_fact(opened):
    store = opened()
    row = stay("TEST-001", "2N", "2026-03-02 10:00")
    store.append(facts(row, source="stays.csv:2"), received=NIGHT)
    assert store.append(facts(row, source="stays.csv:3"), received=NIGHT).repeated == 1


@pytest.mark.parametrize("again", [[], patients(1, 2)], ids=["nothing", "nothing new"])
def test_without_anything_new_there_is_no_commit(opened, again):
    store = opened()
    store.append(patients(1, 2), received=NIGHT)
    commit = store.append(again, received=NIGHT)
    assert (commit.first, commit.last, dict(commit.facts), commit.repeated) == (3, 2, {}, len(again))
    assert len(store.commits) == len(opened().commits) == 1


def test_problems_alone_are_kept_as_a_commit_in_their_place(opened):
    store, refused = opened(), [{"file": "stays.csv", "problem": "The first row names none of the columns."}]
    for n, some in enumerate([[], [], patients(1), patients(1), patients(2), []]):
        store.append(some, received=NIGHT + timedelta(hours=n), problems=refused)
    bounds = [(1, 0), (1, 0), (1, 1), (2, 1), (2, 2), (3, 2)]
    assert [(c.first, c.last) for c in opened().commits] == [(c.first, c.last) for c in store.commits] == bounds
    assert [len(c.problems) for c in opened().commits] == [1] * 6
    assert [c.received.hour for c in opened().commits] == [2, 3, 4, 5, 6, 7]
    assert opened().columns()["stays"].num_rows == 2


def test_a_clock_that_runs_backwards_moves_no_commit_before_another(opened):
    store, earlier = opened(), NIGHT - timedelta(hours=5)
    store.append(patients(1), received=NIGHT)
    commit = store.append(patients(2), received=earlier)
    assert (commit.received, commit.clock) == (NIGHT, earlier)
    assert [f.received for f in opened().changes_since(0)] == [NIGHT, NIGHT]
    assert opened().append(patients(3), received=NIGHT + timedelta(seconds=1)).received > NIGHT


def test_the_time_of_a_commit_needs_a_zone(opened):
    with pytest.raises(ValueError, match="needs a time zone"):
        opened().append(patients(1), received=datetime(2026, 3, 10))
    assert opened().last_seq == 0


def test_the_time_of_a_commit_is_kept_in_utc_whatever_zone_it_was_given_in(opened):
    commit = opened().append(patients(1), received=NIGHT.astimezone(at("2026-03-10 03:00").tzinfo))
    assert commit.received.utcoffset() == timedelta(0)
    assert commit.received == NIGHT


@pytest.mark.parametrize("name", ["cases", "no_such_table"])
def test_only_facts_are_taken(opened, name):
    store = opened()
    row = Case if name == "cases" else None
    with pytest.raises(StoreError, match=f"`{name}` is not a table of facts, so nothing was added"):
        store.append([*patients(1), Fact(table=name, row=row)], received=NIGHT)
    assert (store.last_seq, opened().last_seq) == (0, 0)


def test_changes_since_a_seq_are_the_facts_after_it_even_within_a_commit(opened):
    store = opened()
    store.append(patients(1, 2, 3), received=NIGHT)
    store.append(facts(facility()) + patients(4), received=NIGHT)
    for seq in range(6):
        assert [f.seq for f in opened().changes_since(seq)] == list(range(seq + 1, 6))


def test_what_was_known_at_an_instant_is_what_had_been_received(opened):
    store = opened()
    store.append(patients(1, 2), received=NIGHT)
    store.append([], received=NIGHT + timedelta(hours=1), problems=[{"problem": "A file was empty."}])
    store.append(patients(3), received=NIGHT + timedelta(hours=2))
    moments = [NIGHT - timedelta(microseconds=1), NIGHT, NIGHT + timedelta(hours=1.5), NIGHT + timedelta(hours=2)]
    assert [opened().seq_at(moment) for moment in moments] == [0, 2, 2, 3]


def test_a_store_opened_earlier_sees_what_it_opened(opened):
    writer = opened()
    writer.append(patients(1), received=NIGHT)
    reader = opened()
    before = content(reader)
    writer.append(patients(2), received=NIGHT)
    assert (reader.last_seq, len(reader.commits), len(reader.changes_since(0))) == (1, 1, 1)
    assert content(reader) == before
    assert content(opened()) != before


def test_a_store_that_appends_takes_up_what_others_appended_since_it_was_opened(opened):
    one, other = opened(), opened()
    one.append(patients(1, 2), received=NIGHT)
    commit = other.append(patients(2, 3), received=NIGHT)
    assert (commit.first, commit.last, commit.repeated) == (3, 3, 1)
    assert len(other.commits) == 2
    assert content(other) == content(opened())


@settings(max_examples=12)
@given(sizes=st.lists(st.integers(0, 3), min_size=1, max_size=4))
def test_what_was_known_up_to_a_seq_stays_the_same_bytes(tmp_path_factory, sizes):
    for adapter in ADAPTERS.values():
        place, number = tmp_path_factory.mktemp("known") / "record", itertools.count(1)
        store, known = adapter(place), {0: content(adapter(place), 0)}
        for size in sizes:
            some = [
                fact for n in itertools.islice(number, size) for fact in patients(n) + facts(facility(name=f"S{n}"))
            ]
            store.append(some, received=NIGHT, problems=[{"problem": "One to note."}])
            for seq in range(store.last_seq + 1):
                assert content(store, seq) == known.setdefault(seq, content(adapter(place), seq))
        assert len(set(known.values())) == 1 + 2 * sum(sizes)


def test_a_view_is_of_what_was_known_up_to_a_seq(opened):
    store = opened()
    store.append(facts(facility()) + patients(1), received=NIGHT)
    store.append(patients(2), received=NIGHT)
    asked = at("2026-03-04 12:00")
    assert [s.patient_id for s in store.current(at=asked).stays] == ["TEST-001", "TEST-002"]
    assert [s.patient_id for s in store.current(at=asked, known_to=2).stays] == ["TEST-001"]
    assert store.current(at=asked, known_to=1).stays == ()
    assert (store.current(at=asked).known_to, store.current(at=asked, known_to=1).known_to) == (3, 1)


def test_a_timeline_is_of_one_patient(opened):
    store = opened()
    store.append(facts(facility()) + patients(1, 2), received=NIGHT)
    asked = at("2026-03-06 12:00")
    assert [s.patient_id for s in store.timeline("TEST-002", at=asked).stays] == ["TEST-002"]
    assert store.timeline("TEST-002", at=asked, known_to=2).stays == ()


def test_a_slice_is_the_stays_on_a_ward_that_touch_a_period(opened):
    store = opened()
    elsewhere = stay("TEST-007", "2N", "2026-03-02 10:00", "2026-03-05 09:00", facility_id="Oak", stay_id="S-7")
    store.append(facts(facility(), facility(name="Oak"), elsewhere), received=NIGHT)
    store.append(patients(1) + patients(2, ward="3W"), received=NIGHT)
    store.append(facts(stay("TEST-003", "2N", "2026-03-05")), received=NIGHT)

    def on_2n(start, end, **known):
        return [s.patient_id for s in store.slice("Elm", "2N", at(start), at(end), **known)]

    assert on_2n("2026-03-02 11:00", "2026-03-02 12:00") == ["TEST-001"]
    # Half-open: who left at nine is not met from nine on; who came some time that day may have been there.
    assert on_2n("2026-03-05 09:00", "2026-03-05 12:00") == ["TEST-003"]
    assert on_2n("2026-03-04 09:00", "2026-03-05 12:00") == ["TEST-001", "TEST-003"]
    assert on_2n("2026-03-04 09:00", "2026-03-05 12:00", known_to=4) == ["TEST-001"]
    assert on_2n("2026-03-01 09:00", "2026-03-02 10:00") == []


def test_the_latest_moment_is_the_last_of_any_fact(opened):
    store = opened()
    store.append(facts(facility()) + patients(1), received=NIGHT)
    assert opened().latest_moment() == at("2026-03-05 09:00")
    store.append(facts(stay("TEST-003", "2N", "2026-03-08")), received=NIGHT)
    assert opened().latest_moment() == at("2026-03-08 23:59") + timedelta(seconds=59)
