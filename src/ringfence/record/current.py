"""Which facts are current: of the versions of each key, the one that stands at an instant, in columns.

Set work over arrays, so that a million patients' facts take seconds; `tests/oracles` has the obvious twin that looks
at one fact after the other. The order of versions and what "known" means: docs/decisions/0004.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .arrays import Truths, Whole, codes_of, mapped
from .declare import TABLES, Table, TableKind
from .envelope import schema_of
from .moments import end_of_day, midnight
from .numbers import OWN_NUMBER, shared_numbers, with_qualified_numbers
from .ordering import RANKS, is_ranked, ranked, sorted_codes, tied_groups, ties_by_content
from .undoing import by_person, content_codes, lasting, taken_back, undone

NEVER: int = np.iinfo(np.int64).min
"""Stands for no instant: before every other."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY_ONE = date(1970, 1, 1)

# What else a row hangs on, nearest first: its own visit, its specimen, or the specimen of its isolate.
PARENTS = (
    ("encounter_id", "encounters"),
    ("specimen_id", "specimens"),
    ("isolate_id", "isolates"),
    ("isolate_a", "isolates"),
    ("isolate_b", "isolates"),
)
# A site that is not ours may be named here: an outbreak elsewhere, or what somebody was told of it.
_OF_ANY_SITE = ("declarations", "facilities")
_FIRST = ("facilities", "encounters", "specimens", "isolates")


def microseconds(instant: datetime) -> int:
    """Return microseconds since 1970 in UTC."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(since_epoch: int) -> datetime:
    """Return the instant of `microseconds`."""
    return _EPOCH + int(since_epoch) * _MICROSECOND


class Versions(NamedTuple):
    """Positions of facts in their table."""

    current: Whole
    """The version of each key that stands."""
    earlier: Whole
    """Versions that a later one has replaced or taken back, oldest first within a key; without repetitions, and
    without those that a reversal took away."""
    replaced: Whole
    """The same, with both."""


@dataclass(frozen=True)
class _Home:
    """What rows of a table that others hang on are to those: their zone, and since when they can be known."""

    index: Mapping[str, int]
    zones: Whole
    since: Whole


class Known:
    """The facts known up to a `seq`, and which of them are current as of an instant.

    Args:
        columns: facts by table, columns and envelope, in any order.
        at: the instant.
    """

    def __init__(self, columns: Mapping[str, pa.Table], *, at: datetime) -> None:
        self.given: Mapping[str, pa.Table] = _newest_decoding(
            {
                name: columns[name] if name in columns else _without_rows(name)
                for name, table in TABLES.items()
                if table.kind is TableKind.FACT
            }
        )
        """The facts of the newest decoding, as they came."""
        self.shared = shared_numbers(self.given)
        """Numbers that several systems use, by table."""
        self.columns = with_qualified_numbers(self.given, self.shared)
        """The same, row for row, with the numbers by which rows name each other made one system's alone."""
        self.at = at
        self._at = microseconds(at)
        self._homes: dict[str, _Home] = {}
        self._hung: dict[str, tuple[Whole, Whole]] = {}

    @cached_property
    def versions(self) -> Mapping[str, Versions]:
        """The versions that stand, and the earlier ones, by table."""
        found: dict[str, Versions] = {}
        # What a row hangs on tells its zone and its time also once it was taken back, so the order here is no loop.
        for name in (*_FIRST, *(n for n in self.columns if n not in _FIRST)):
            if not len(self.columns[name]) and name != "facilities":
                found[name] = Versions(_NONE, _NONE, _NONE)
                continue
            zones, since = self._hangs_on(name)
            found[name] = self._versions(TABLES[name], zones, since)
            if name == "facilities":
                self._learn_zones(found[name].current)
            elif name in _FIRST:
                self._homes[name] = self._home(TABLES[name], found[name], zones, since)
        self.__dict__["undone"] = self._undone_declarations(found["declarations"].current)
        return {name: self._less_taken_back(TABLES[name], versions) for name, versions in found.items()}

    @cached_property
    def undone(self) -> frozenset[str]:
        """Declarations that a later one took back, and that one was not taken back itself."""
        return self._undone_declarations(self.versions["declarations"].current)

    def _undone_declarations(self, current: Whole) -> frozenset[str]:
        rows = self.columns["declarations"].take(pa.array(current))
        return undone(zip(rows["declaration_id"].to_pylist(), rows["undoes"].to_pylist(), strict=True))

    def retractions(self, name: str) -> Whole:
        """Return positions of the retractions by a person that are in force in a table."""
        packed = self.columns[name]
        entered = np.flatnonzero(by_person(packed) & (instants(packed["_recorded"]) <= self._at))
        named = packed["_control"].take(pa.array(entered)).to_pylist()
        in_force: Whole = entered[np.array([number not in self.undone for number in named], bool)]
        return in_force

    def _less_taken_back(self, table: Table, versions: Versions) -> Versions:
        """Return versions without those that a person took back, which are earlier ones then."""
        packed, retractions = self.columns[table.name], self.retractions(table.name)
        if not len(retractions):
            return versions
        gone = taken_back(table, packed, retractions, versions.current)
        last = versions.current[gone]
        return Versions(versions.current[~gone], *(_by_key(packed, np.append(some, last)) for some in versions[1:]))

    @cached_property
    def zones(self) -> Mapping[str, ZoneInfo]:
        """The zone of each facility, in order of their ids."""
        _ = self.versions
        return self._zones

    def _learn_zones(self, current: Whole) -> None:
        rows = self.columns["facilities"].take(pa.array(current))
        pairs = sorted(zip(rows["facility_id"].to_pylist(), rows["zone"].to_pylist(), strict=True))
        self._zones: dict[str, ZoneInfo] = {facility: ZoneInfo(zone) for facility, zone in pairs}
        keys = list(dict.fromkeys(zone.key for zone in self._zones.values())) or ["UTC"]
        self._zone_list = [ZoneInfo(key) for key in keys]
        self._zone_codes = {facility: keys.index(zone.key) for facility, zone in self._zones.items()}

    # --- what a row hangs on ---

    def _hangs_on(self, name: str) -> tuple[Whole, Whole]:
        """Return the zone of each row, as a number, and since when what it hangs on is known (`NEVER`: on nothing).

        A row that hangs on something not known by then is known at no time: `_LATER`. A row that names its
        specimen hangs on that and not on the isolate.
        """
        if name not in self._hung:
            self._hung[name] = self._find_hangs_on(name)
        return self._hung[name]

    def _find_hangs_on(self, name: str) -> tuple[Whole, Whole]:
        packed = self.columns[name]
        zones = np.full(len(packed), -1, np.int64)
        since = np.full(len(packed), NEVER, np.int64)
        if name == "facilities" or not len(packed):
            return np.zeros(len(packed), np.int64), since
        if "facility_id" in packed.schema.names:
            zones = mapped(packed["facility_id"], self._zone_codes)
        for column, parent in PARENTS:
            if column in packed.schema.names and name != parent:
                home = self._homes.get(parent, _NOWHERE)
                found = mapped(packed[column], home.index)
                named = ~_is_null(packed[column])
                if parent == "isolates" and "specimen_id" in packed.schema.names:
                    named &= _is_null(packed["specimen_id"])
                zones = np.where((zones < 0) & (found >= 0), home.zones[found] if len(home.zones) else 0, zones)
                own = np.where(found >= 0, home.since[found] if len(home.since) else NEVER, _LATER)
                # Of several, all must be known: the distance of two isolates is known when both are.
                since = np.where(named, np.maximum(since, own), since)
        return np.maximum(zones, 0), since

    def _home(self, table: Table, versions: Versions, zones: Whole, since: Whole) -> _Home:
        last = np.append(versions.earlier, versions.current)
        packed = self.columns[table.name].take(pa.array(last))
        ids = packed[table.key[0]].to_pylist()
        began = self._first_of(table.known_from, packed, zones[last], earliest=True)
        return _Home({name: n for n, name in enumerate(ids)}, zones[last], np.maximum(began, since[last]))

    # --- versions ---

    def _versions(self, table: Table, zones: Whole, since: Whole) -> Versions:
        packed = self.columns[table.name]
        if not len(packed):
            return Versions(_NONE, _NONE, _NONE)
        known = np.flatnonzero((self._known_since(table, zones, since) <= self._at) & ~by_person(packed))
        keys = codes_of(packed["_key"].take(pa.array(known)))
        retracts = _truths(packed["_retracts"])[known]
        if int(keys.max(initial=-1)) + 1 == len(keys):  # as many keys as facts
            return Versions(known[~retracts], _NONE, _NONE)
        order = np.lexsort((*reversed(self._order(table, known, zones)), keys))
        order = ties_by_content(table, packed, known, keys, order, self._order(table, known, zones))
        last = np.append(keys[order][1:] != keys[order][:-1], True)
        kept = ~retracts[order]
        current, replaced = order[last & kept], order[~last & kept]
        if not len(replaced):
            return Versions(np.sort(known[current]), _NONE, _NONE)
        versioned = current[np.isin(keys[current], keys[replaced])]
        contents = content_codes(table, packed.take(pa.array(known[np.append(replaced, versioned)])))
        stands = np.full(int(keys.max()) + 1, -1, np.int64)
        stands[keys[versioned]] = contents[len(replaced) :]
        begins = np.append(True, keys[replaced][1:] != keys[replaced][:-1])
        kept = lasting(contents[: len(replaced)], stands[keys[replaced]], begins, reversible=not table.versions_by)
        earlier, every = (_by_key(packed, known[some]) for some in (replaced[kept], replaced))
        return Versions(np.sort(known[current]), earlier, every)

    def _known_since(self, table: Table, zones: Whole, since: Whole) -> Whole:
        """Return when each fact was known: when it was recorded and had happened; else with what it hangs on."""
        packed = self.columns[table.name]
        if table.name == "facilities":
            return np.full(
                len(packed), NEVER, np.int64
            )  # without its zone no time could be read before it was recorded
        # What was reported on a date is not used before that day is over.
        happened = self._first_of(table.known_from, packed, zones, earliest=not table.versions_by)
        happened = np.where(happened == NEVER, since, happened)
        known = np.maximum(happened, instants(packed["_recorded"]))
        # Of a facility that is not on record no time has a zone.
        return np.where(self._of_no_facility(table.name), _LATER, known)

    def _of_no_facility(self, name: str) -> Truths:
        """Return which facts of a table are of a facility that is not on record."""
        packed = self.columns[name]
        if name in _OF_ANY_SITE or "facility_id" not in packed.schema.names:
            return np.zeros(len(packed), bool)
        return (mapped(packed["facility_id"], self._zone_codes) < 0) & ~_is_null(packed["facility_id"])

    def _order(self, table: Table, known: Whole, zones: Whole) -> list[Whole]:
        """Return what orders versions of one key, the weightiest first."""
        packed = self.columns[table.name].take(pa.array(known))
        zones = zones[known]
        sent, recorded = instants(packed["_sent"]), instants(packed["_recorded"])
        said = self._moments(table.versions_by, packed, zones, earliest=False) if table.versions_by else recorded
        # A result that says no `reported` is earlier than any version that does.
        time = np.where(recorded != NEVER, recorded, said if table.versions_by else sent)
        moments = [self._moments(c, packed, zones, earliest=False) for c in (*table.known_from, *table.until_known)]
        own = np.maximum.reduce(moments) if moments else np.zeros(len(packed), np.int64)
        ranks = [ranked(packed[name], words) for name, words in RANKS.items() if is_ranked(table, name)]
        # Else the next export, which repeats the row as it was, would outrank its correction or retraction.
        dated = (recorded != NEVER).astype(np.int64) * (not table.versions_by)
        return [dated, time, sent, own, *ranks, sorted_codes(packed["_control"])]

    def first_known(self, name: str, number: str) -> datetime | None:
        """Return since when what the current row of a number says was known; None: there is no such row.

        Where it corrected something else, and says no `recorded`, since it was sent.
        """
        table, packed = TABLES[name], self.columns[name]
        zones, since = self._hangs_on(name)
        known = self._known_since(table, zones, since)
        same = pc.equal(packed[OWN_NUMBER[name]], number).to_numpy()
        own = np.flatnonzero(same & (known <= self._at) & ~by_person(packed))
        current = np.intersect1d(own, self.versions[name].current)
        if not len(current):
            return None
        codes = content_codes(table, packed.take(pa.array(own)))
        says_so = codes == codes[np.flatnonzero(own == current[0])[0]]
        moments = known[own]
        if not says_so.all():
            moments = np.maximum(moments, np.minimum(instants(packed["_sent"])[own], self._at))
        return instant(int(moments[says_so].min()))

    def ahead(self, name: str) -> Truths:
        """Return which facts happened, or were recorded, after they were received: a date mistyped far ahead."""
        packed, table = self.columns[name], TABLES[name]
        if name == "facilities" or not len(packed):
            return np.zeros(len(packed), bool)
        zones, _ = self._hangs_on(name)
        moments = [self._moments(column, packed, zones, earliest=True) for column in table.known_from]
        latest = np.maximum.reduce([*moments, instants(packed["_recorded"])])
        received = instants(packed["_received"])
        late: Truths = (latest > received) & (received != NEVER)
        return late

    # --- moments ---

    def _first_of(self, names: Sequence[str], packed: pa.Table, zones: Whole, *, earliest: bool) -> Whole:
        found = np.full(len(packed), NEVER, np.int64)
        for name in names:
            found = np.where(found == NEVER, self._moments(name, packed, zones, earliest=earliest), found)
        return found

    def _moments(self, name: str, packed: pa.Table, zones: Whole, *, earliest: bool) -> Whole:
        """Return a column of moments as instants: of a day its first, or its last whole second; `NEVER` for none."""
        found = instants(packed[f"{name}_at"])
        days = pc.fill_null(packed[f"{name}_on"].cast(pa.int32()), _NO_DAY).to_numpy().astype(np.int64)
        dated = np.flatnonzero(days != _NO_DAY)
        if len(dated):
            of_day = midnight if earliest else end_of_day
            many = len(self._zone_list)
            both, back = np.unique(days[dated] * many + zones[dated], return_inverse=True)
            values = [
                microseconds(of_day(_DAY_ONE + timedelta(days=int(one // many)), self._zone_list[int(one % many)]))
                for one in both
            ]
            found[dated] = np.array(values, np.int64)[back]
        return found

    # --- what views are made of ---

    def rows(self, name: str, positions: Whole) -> pa.Table:
        """Return facts at positions, in columns, with what happened after the instant left blank."""
        table, packed = TABLES[name], _taken(self.columns[name], positions)
        if not len(packed) or not table.until_known:
            return packed
        zones, _ = self._hangs_on(name)
        for column in table.until_known:
            later = pa.array(self._moments(column, packed, zones[positions], earliest=False) > self._at)
            for part in (f"{column}_at", f"{column}_on"):
                at = packed.schema.get_field_index(part)
                blanked = pc.if_else(later, pa.scalar(None, packed.schema.field(at).type), packed[part])
                packed = packed.set_column(at, packed.schema.field(at), blanked)
        return packed

    def starts(self, name: str, packed: pa.Table, positions: Whole) -> Whole:
        """Return the earliest instant of the first moment by which rows are known; rows are ordered by it."""
        zones, _ = self._hangs_on(name)
        return self._first_of(TABLES[name].known_from, packed, zones[positions], earliest=True)

    def latest_moments(self, until: datetime | None = None) -> dict[str, datetime]:
        """Return by table the last moment, up to `until`, at which a fact happened or became known.

        A day counts to its end; a table without such a moment is left out.
        """
        _ = self.versions
        bound, found = microseconds(until) if until else _LATER, {}
        for name, packed in self.columns.items():
            table = TABLES[name]
            zones, _since = self._hangs_on(name)
            columns = [self._moments(c, packed, zones, earliest=False) for c in (*table.known_from, *table.until_known)]
            columns += [instants(packed["_recorded"])] if name != "facilities" else []
            last = max((int(moments[moments <= bound].max(initial=NEVER)) for moments in columns), default=NEVER)
            if last != NEVER:
                found[name] = instant(last)
        return found

    def contradicting(self, *tables: str) -> Iterator[tuple[str, Whole]]:
        """Yield positions in a table of versions of one key and one time that contradict, if the last is among them.

        Of every table, or of those that are named.

        One of them stands, the one that knows of a later end or asks for more care; that does not make it right.
        """
        _ = self.versions
        for name, packed in self.columns.items():
            if len(packed) > 1 and (not tables or name in tables):
                zones, since = self._hangs_on(name)
                known = np.flatnonzero((self._known_since(TABLES[name], zones, since) <= self._at) & ~by_person(packed))
                keys = codes_of(packed["_key"].take(pa.array(known)))
                order = self._order(TABLES[name], known, zones)
                dated, time, sent, own, *rest = order
                by = [dated, time, sent, *rest[1 if is_ranked(TABLES[name], "found") and len(rest) > 1 else 0 :]]
                for group in tied_groups(keys, np.lexsort((own, *reversed(by), keys)), by, last_only=True):
                    some = packed.take(pa.array(known[group]))
                    rows = {TABLES[name].but_how_it_went_on(row) for row in TABLES[name].unpack(some)}
                    if len(rows) > 1 or len(set(some["_retracts"].to_pylist())) > 1:
                        yield name, known[group]


def _by_key(packed: pa.Table, positions: Whole) -> Whole:
    """Return positions in the order of their keys, so that arrival decides nothing; within a key as they are."""
    keys = packed["_key"].take(pa.array(positions)).to_pylist()
    return positions[np.argsort(np.array(keys, dtype=object), kind="stable")] if len(positions) > 1 else positions


_NONE: Whole = np.zeros(0, np.int64)
_NOWHERE = _Home({}, _NONE, _NONE)
_LATER: int = np.iinfo(np.int64).max
_NO_DAY: int = np.iinfo(np.int32).min


@cache
def _without_rows(name: str) -> pa.Table:
    return schema_of(TABLES[name]).empty_table()


def _taken(packed: pa.Table, positions: Whole) -> pa.Table:
    """Return rows at positions; the table itself where that is all of it in order, which is the rule."""
    if len(positions) == len(packed) and (positions == np.arange(len(packed))).all():
        return packed
    return packed.take(pa.array(positions)) if len(positions) else packed.slice(0, 0)


def _newest_decoding(columns: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """Leave out facts of a message that a later generation of its mapping decoded again, in whatever table."""
    bounds = [pc.min_max(packed["_generation"]).as_py() for packed in columns.values() if len(packed)]
    if len({value for one in bounds for value in one.values()}) <= 1:
        return columns
    newest: dict[str, int] = {}
    for packed in columns.values():
        found = packed.select(["_message", "_generation"]).group_by("_message").aggregate([("_generation", "max")])
        for message, generation in zip(*(found[c].to_pylist() for c in ("_message", "_generation_max")), strict=True):
            newest[message] = max(newest.get(message, generation), generation)

    def kept(packed: pa.Table) -> pa.Table:
        latest = np.array([newest.get(m, 0) for m in packed["_message"].to_pylist()], np.int64)
        own = packed["_generation"].to_numpy()
        entered = pc.equal(packed["_message"], "").to_numpy()
        return packed.filter(pa.array((own == latest) | entered))

    return {name: kept(packed) if len(packed) else packed for name, packed in columns.items()}


def instants(column: pa.ChunkedArray) -> Whole:
    """Return moments as microseconds since 1970 in UTC; `NEVER` for none."""
    found: Whole = pc.fill_null(column.cast(pa.timestamp("us")).cast(pa.int64()), NEVER).to_numpy().copy()
    return found


def _truths(column: pa.ChunkedArray) -> Truths:
    found: Truths = pc.fill_null(column, False).to_numpy().astype(bool)
    return found


def _is_null(column: pa.ChunkedArray) -> Truths:
    found: Truths = pc.is_null(column).to_numpy().astype(bool)
    return found
