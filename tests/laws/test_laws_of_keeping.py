"""Laws of keeping: what a record holds stays as it is, byte for byte, whatever comes in later."""

import hashlib
from datetime import timedelta
from itertools import count

import pytest
from histories import facts as plain_facts
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_records import BEGAN, SITES, versions

from ringfence.record import TABLES, Fact, FolderStore, StoreError, TableKind
from ringfence.simulate import simulate_ward

FEW = settings(max_examples=60)
KEPT = [name for name, table in TABLES.items() if table.kind is TableKind.FACT]
_number = count()

# What is asked again later: a view while things happen, and one after all of them.
ASKED = (BEGAN + timedelta(hours=50), BEGAN + timedelta(days=400))


@st.composite
def chunks(draw):
    """Facts of any kind in the chunks in which they arrive, some of them again in a later chunk."""
    first = [[Fact(table="facilities", row=site, message="message-0") for site in SITES]]
    single = plain_facts().map(lambda fact: [fact])
    some = draw(st.lists(st.lists(versions() | single, min_size=1, max_size=5), min_size=1, max_size=5))
    arrived = [*first, *([fact for few in chunk for fact in few] for chunk in some)]
    again = draw(st.lists(st.sampled_from([fact for chunk in arrived for fact in chunk]), max_size=3))
    return [*arrived, again] if again else arrived


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("records")
    return lambda: root / str(next(_number))


def digests(folder):
    """The digest of every file that holds anything, by its path; the lock holds nothing."""
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_size
    }


def columns(store, known_to):
    """The columns of every table, with the envelope of each fact."""
    return {name: packed.to_pylist() for name, packed in store.columns(known_to).items()}


def current(store, known_to):
    views = [store.current(at=at, known_to=known_to) for at in ASKED]
    return [{name: view.rows(name) for name in KEPT} for view in views]


def arriving(store, arrived, hours):
    """Append each chunk, and yield after each; the clock may run backwards."""
    for chunk, hour in zip(arrived, hours, strict=True):
        store.append(chunk, received=BEGAN + timedelta(hours=hour), note="a file")
        yield store.last_seq


def hours_of(arrived):
    return st.lists(st.integers(0, 500), min_size=len(arrived), max_size=len(arrived))


@FEW
@given(chunks(), st.data())
def test_every_byte_of_an_earlier_commit_is_as_it_was_written(folders, arrived, data):
    folder, before = folders(), {}
    store = FolderStore(folder)
    for _ in arriving(store, arrived, data.draw(hours_of(arrived))):
        now = digests(folder)
        assert {path: now.get(path) for path in before} == before
        before = now
    assert before
    assert store.verify() == FolderStore(folder).verify() == []


@FEW
@given(chunks(), st.data())
def test_facts_read_back_only_grow_at_the_end(folders, arrived, data):
    store = FolderStore(folders())
    before, seqs = [], []
    for last in arriving(store, arrived, data.draw(hours_of(arrived))):
        now = store.changes_since(0)
        assert now[: len(before)] == before
        assert [fact.seq for fact in now] == list(range(1, last + 1))
        assert store.changes_since(len(before)) == now[len(before) :]
        before, seqs = now, [*seqs, last]
    opened = FolderStore(store.folder)
    assert opened.changes_since(0) == before
    assert [commit.last for commit in opened.commits] == sorted(set(seqs))
    given_ = {fact.digest for chunk in arrived for fact in chunk}
    assert sorted(fact.digest for fact in before) == sorted(given_)


@settings(max_examples=30)
@given(chunks(), st.data())
def test_known_up_to_an_earlier_number_is_the_same_after_every_later_commit(folders, arrived, data):
    store, known = FolderStore(folders()), {}
    for last in arriving(store, arrived, data.draw(hours_of(arrived))):
        # Every number, not only those between commits: what is known up to the middle of one is an answer too.
        for seq in (last, data.draw(st.integers(0, last))):
            known.setdefault(seq, (columns(store, seq), current(store, seq)))
            held = [row["_seq"] for packed in known[seq][0].values() for row in packed]
            assert sorted(held) == list(range(1, seq + 1))
    # The store that wrote them all, and one that reads them for the first time.
    for reader, earlier in [(one, seq) for one in (store, FolderStore(store.folder)) for seq in known]:
        assert (columns(reader, earlier), current(reader, earlier)) == known[earlier]


@FEW
@given(chunks(), st.data())
def test_what_was_known_by_an_instant_is_the_same_after_every_later_commit(folders, arrived, data):
    store, told = FolderStore(folders()), {}
    for _ in arriving(store, arrived, data.draw(hours_of(arrived))):
        # More may be received until the instant of this commit is over, and nothing before it.
        over = store.commits[-1].received - timedelta(microseconds=1)
        told.setdefault(over, store.seq_at(over))
        assert {instant: store.seq_at(instant) for instant in told} == told


@FEW
@given(chunks())
def test_what_is_refused_or_repeated_changes_no_byte(folders, arrived):
    store = FolderStore(folders())
    for _ in arriving(store, arrived, range(len(arrived))):
        pass
    before, read = digests(store.folder), store.changes_since(0)
    store.append([fact for chunk in arrived for fact in chunk], received=BEGAN + timedelta(days=99))
    odd = Fact(table="stays", row=arrived[0][0].row)
    object.__setattr__(odd, "table", "cases")
    with pytest.raises(StoreError):
        store.append([arrived[0][0], odd], received=BEGAN + timedelta(days=99))
    assert digests(store.folder) == before
    assert store.changes_since(0) == FolderStore(store.folder).changes_since(0) == read


@FEW
@given(chunks())
def test_two_that_write_in_turn_leave_what_one_would(folders, arrived):
    folder = folders()
    two = FolderStore(folder), FolderStore(folder)
    before = {}
    for turn, chunk in enumerate(arrived):
        two[turn % 2].append(chunk, received=BEGAN + timedelta(hours=turn))
        now = digests(folder)
        assert {path: now.get(path) for path in before} == before
        before = now
    alone = FolderStore(folders())
    for _ in arriving(alone, arrived, range(len(arrived))):
        pass
    assert FolderStore(folder).changes_since(0) == alone.changes_since(0)
    assert {path: digest for path, digest in digests(folder).items() if path.suffix == ".arrow"} == {
        path: digest for path, digest in digests(alone.folder).items() if path.suffix == ".arrow"
    }


@pytest.mark.parametrize("seed", range(3))
def test_a_made_up_ward_read_day_after_day_says_the_same_of_every_day_before(folders, seed):
    made = simulate_ward(seed=seed, days=30)
    facts = [Fact(table=name, row=row, message=name) for name, some in made.facts.items() for row in some]
    facts.sort(key=lambda fact: fact.table != "facilities")
    store, known = FolderStore(folders()), {}
    step = len(facts) // 6 + 1
    for first in range(0, len(facts), step):
        store.append(facts[first : first + step], received=made.ends_at + timedelta(days=first))
        known[store.last_seq] = {name: store.current(at=made.ends_at).rows(name) for name in KEPT}
    assert len(known) == 6
    for earlier, was in known.items():
        view = store.current(at=made.ends_at, known_to=earlier)
        assert {name: view.rows(name) for name in KEPT} == was
