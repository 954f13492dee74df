"""The facts of a record cut into parts by patient, so that a million timelines are gone through a part at a time.

For the patients of a part, the view of the part holds the timelines that the view of the whole holds. So patients whose
facts touch stay together, whichever version it was that made them touch: numbers ever linked; a specimen, a visit or
any other row once taken for one patient's and later for another's; a stay in somebody else's visit.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .current import PARENTS, Known
from .views import Timeline, View

Places = np.ndarray[Any, np.dtype[np.int32]]
"""By row: the place of its patient among all numbers, or its part; or one of the following."""
_EVERY: int = -1
"""Of a row that is not of one patient: in every part."""
_NO: int = -2
"""Of a row whose specimen or isolate is not in the record, so that it is in nobody's timeline: in no part."""

# The tables that are cut, those that others hang on first; and by what a row is one with others, so that all of them
# are in its part. Every other table is whole in every part: declarations too, as one may undo another's.
_CUT: Mapping[str, str] = {
    "encounters": "encounter_id",
    "specimens": "specimen_id",
    "isolates": "isolate_id",
    "results": "_key",
    "types": "_key",
    "patients": "_key",
    "identities": "_key",
    "stays": "_key",
    "orders": "_key",
    "answers": "_key",
    "reported_history": "_key",
    "treatments": "_key",
    "measures": "_key",
    "issued": "_key",
}
# A declaration given by a day and without its facility is of the zone of the visit or specimen that it names.
_DECLARED = ("encounters", "specimens")
_LINKED = ("patient_a", "patient_b")
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


class Parts:
    """A record cut by patient, in the order of numbers, into parts of about as many patients each.

    Of two patients at once (distances, relations) nothing that the view of a part says can be relied on.

    Args:
        columns: every fact known, by table, columns and envelope.
        many: how many parts; fewer where there are not so many patients.
    """

    def __init__(self, columns: Mapping[str, pa.Table], many: int) -> None:
        # What a later generation decoded again may be another patient's now, and is left out before the cut.
        self._columns = Known(columns, at=_ANY_TIME).columns
        self._numbers = _numbers(self._columns)
        self._many = max(1, min(many, len(self._numbers)))
        owners = _Owners(self._columns, self._numbers)
        self._part_of = owners.least.astype(np.int64) * self._many // max(1, len(self._numbers))
        self._parts = {name: self._part_of_rows(name, some) for name, some in owners.by_table.items()}

    def __len__(self) -> int:
        return self._many

    def columns(self, part: int) -> Mapping[str, pa.Table]:
        """Return the facts of a part: all of its patients, what theirs rest on, and what is of no one patient."""
        return {name: self._taken(name, packed, part) for name, packed in self._columns.items()}

    def timelines(self, part: int, view: View) -> Iterator[Timeline]:
        """Yield the timelines of a part's own patients, in order of number, from the view of its columns."""
        own = frozenset(self._numbers.filter(pa.array(self._part_of == part)).to_pylist())
        return (timeline for timeline in view.timelines() if timeline.patient_id in own)

    def _part_of_rows(self, name: str, owners: Places) -> Places:
        parts: Places = np.append(self._part_of, [_NO, _EVERY]).astype(np.int32)[owners]
        if name in _DECLARED:
            named = pc.is_in(self._columns[name][_CUT[name]], value_set=self._columns["declarations"][_CUT[name]])
            parts[named.to_numpy()] = _EVERY
        return parts

    def _taken(self, name: str, packed: pa.Table, part: int) -> pa.Table:
        if name not in self._parts or self._many == 1:
            return packed
        # By a filter and not by positions: no column of the whole is put together in memory for it.
        own = (self._parts[name] == part) | (self._parts[name] == _EVERY)
        return packed.filter(pa.array(own)).combine_chunks()


def _numbers(columns: Mapping[str, pa.Table]) -> pa.Array:
    """Return every number of a patient who can have a timeline, or whom a link names, in order."""
    named = [packed["patient_id"] for packed in columns.values() if "patient_id" in packed.column_names]
    links = [columns["identity_links"][end] for end in _LINKED]
    found = pc.unique(pa.chunked_array([pc.unique(column) for column in (*named, *links)], pa.string())).drop_null()
    return found.take(pc.sort_indices(found))


class _Owners:
    """Whose every row of the tables that are cut is, and which patients are to stay together.

    Args:
        columns: facts by table.
        numbers: every patient number, in order.
    """

    def __init__(self, columns: Mapping[str, pa.Table], numbers: pa.Array) -> None:
        self._columns, self._numbers = columns, numbers
        self._touching: set[tuple[int, int]] = set()
        self.by_table: dict[str, Places] = {}
        self._touch(*(self._place_of(columns["identity_links"][end]) for end in _LINKED))
        for name in _CUT:
            self.by_table[name] = self._of_rows(name, columns[name])

    @property
    def least(self) -> Places:
        """For each number, the place of the least of those that are to stay together with it."""
        above = np.arange(len(self._numbers), dtype=np.int32)

        def root(place: int) -> int:
            while above[place] != place:
                place = int(above[place])
            return place

        for pair in self._touching:
            low, high = sorted(map(root, pair))
            above[high] = low
        for place in {place for pair in self._touching for place in pair}:
            above[place] = root(place)
        return above

    def _of_rows(self, name: str, packed: pa.Table) -> Places:
        """Return the patient of each row of a table; all on which tables hang must have been done before."""
        hung = [
            self._of_named(parent, packed[column])
            for column, parent in PARENTS
            if column in packed.column_names and parent != name
        ]
        owners = self._place_of(packed["patient_id"]) if "patient_id" in packed.column_names else hung[0]
        owners = self._settled(packed[_CUT[name]], owners)
        for others in hung:
            self._touch(owners, others)
        return owners

    def _place_of(self, column: pa.ChunkedArray) -> Places:
        places: Places = pc.fill_null(pc.index_in(column, value_set=self._numbers), _EVERY).to_numpy().copy()
        return places

    def _of_named(self, parent: str, column: pa.ChunkedArray) -> Places:
        found = pc.fill_null(pc.index_in(column, value_set=self._columns[parent][_CUT[parent]]), _EVERY).to_numpy()
        owners: Places = np.append(self.by_table[parent], np.int32(_NO))[found]
        return owners

    def _touch(self, some: Places, others: Places) -> None:
        differ = np.flatnonzero((some != others) & (some >= 0) & (others >= 0))
        self._touching.update(zip(some[differ].tolist(), others[differ].tolist(), strict=True))

    def _settled(self, ids: pa.ChunkedArray, owners: Places) -> Places:
        """Give rows of nobody the patient of another row of their id, and let the patients of one id touch."""
        disputed: dict[str, list[int]] = defaultdict(list)
        for row in _where_equal_differ(ids, owners):
            disputed[ids[row].as_py()].append(row)
        for rows in disputed.values():
            first, *others = sorted({int(owners[row]) for row in rows if owners[row] >= 0}) or [_NO]
            self._touching.update((first, other) for other in others)
            for row in rows:
                owners[row] = max(first, owners[row])
        return owners


def _where_equal_differ(ids: pa.ChunkedArray, owners: Places) -> Iterable[int]:
    """Return every row whose id, or an id of the same hash, is also that of a row with another owner."""
    # Python's hash of text is the quickest there is for millions of ids that hardly ever repeat.
    hashed = [np.fromiter(map(hash, chunk.to_pylist()), np.int64, len(chunk)) for chunk in ids.chunks]
    hashes = np.concatenate([np.zeros(0, np.int64), *hashed])
    order = np.argsort(hashes)
    before, after = order[:-1], order[1:]
    differ = (hashes[before] == hashes[after]) & (owners[before] != owners[after])
    found: list[int] = np.flatnonzero(np.isin(hashes, hashes[after[differ]])).tolist() if differ.any() else []
    return found
