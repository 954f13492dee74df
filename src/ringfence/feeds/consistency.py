"""Columns that change their meaning half-way: what no row by itself can show."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from .files import DateCell, Rows, TextRow
from .problems import Effect, Problem

_ENOUGH = 20
"""Rows on either side of a change: fewer may be chance."""
_NUMBER = re.compile(r"[<>=\u2264\u2265]*\s*\d+([.,]\d+)?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]|$)")
_PARTS_OF_A_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2,4}(?!\d)")
_OFFSET = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})$")


@dataclass
class _Kind:
    """The rows in which cells of one kind stand: dates, numbers, or other text."""

    first: int
    last: int
    rows: int


@dataclass
class _Seen:
    """What is seen of one column as its rows go by."""

    kinds: dict[str, _Kind] = field(default_factory=dict)
    ascending: bool = True
    """Whether the rows are in the order of this column, so that kinds do not mix in any case."""
    descending: bool = True
    before: str = ""
    day_first: int = 0
    """The first line with a number above 12 in the first place: a day. 0: none."""
    month_first: int = 0
    with_offset: int = 0
    without_offset: int = 0

    def see(self, line: int, text: str) -> None:
        """Take one cell that is not empty."""
        kind = _kind(text)
        known = self.kinds.get(kind)
        if known:
            known.last, known.rows = line, known.rows + 1
        else:
            self.kinds[kind] = _Kind(line, line, 1)
        if self.before:
            self.ascending = self.ascending and _order(self.before) <= _order(text)
            self.descending = self.descending and _order(self.before) >= _order(text)
        self.before = text
        if isinstance(text, DateCell):
            return
        if parts := _PARTS_OF_A_DATE.match(text):
            first, second = int(parts[1]), int(parts[2])
            if first > 12 >= second:
                self.day_first = self.day_first or line
            elif second > 12 >= first:
                self.month_first = self.month_first or line
        if ":" in text:
            if _OFFSET.search(text):
                self.with_offset = self.with_offset or line
            elif re.search(r"\d{2}:\d{2}", text):
                self.without_offset = self.without_offset or line


def _kind(text: str) -> str:
    if isinstance(text, DateCell) or _DATE.match(text):
        return "date"
    return "number" if _NUMBER.fullmatch(text) else "text"


def _order(text: str) -> tuple[int, str]:
    """Return what a spreadsheet sorts by: numbers first, by size; then words."""
    return (int(text), "") if text.isdecimal() and len(text) < 18 else (10**18, text.casefold())


def wards_written_otherwise(columns: Mapping[str, pa.Table]) -> Iterator[Problem]:
    """Yield the first row of each ward whose name differs from another's only in its letters' size, spaces or marks."""
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    first: dict[tuple[str, str], str] = {}
    for packed in columns.values():
        if {"facility_id", "ward"} <= set(packed.schema.names):
            some = packed.select(["facility_id", "ward", "_source"]).filter(pc.is_valid(packed["ward"]))
            found = some.group_by(["facility_id", "ward"], use_threads=False)
            for one in found.aggregate([("ward", "count"), ("_source", "first")]).to_pylist():
                seen[one["facility_id"] or "", _bare(one["ward"])][one["ward"]] += one["ward_count"]
                first.setdefault((one["facility_id"] or "", one["ward"]), one["_source_first"])
    for (site, _), wards in seen.items():
        for ward, _many in wards.most_common()[1:]:
            file, _, line = first[site, ward].rpartition(":")
            problem = (
                "This ward is written otherwise in most rows (large and small letters, spaces or marks), so that they "
                "are two wards here."
            )
            remedy = "Write it one way, or give both words one meaning in the mapping."
            yield Problem(file, int(line), "ward", problem, remedy, Effect.DOUBTFUL)


def _bare(ward: str) -> str:
    """Return the letters and digits of a name; of one that has none, the name."""
    return "".join(filter(str.isalnum, ward.casefold())) or ward


def changes(name: str, text: Rows, columns: Mapping[str, bool]) -> Iterator[Problem]:
    """Yield what is wrong with rows, and a problem for each column that seems to mean something else from some row on.

    Args:
        name: the file.
        text: its rows.
        columns: those that are used, and whether each holds dates.
    """
    seen = {column: _Seen() for column in columns if column in text.header}
    for row in text.read():
        if isinstance(row, Problem):
            yield row
        else:
            _see(seen, row)
    for column, one in seen.items():
        if line := _turned(one):
            problem = "From here on the cells of this column are of another kind than all before."
            remedy = "Look whether it still holds the same; if not, give the rows from here on in a file of their own."
            yield Problem(name, line, column, problem, remedy, Effect.DOUBTFUL)
        if columns[column] and one.day_first and one.month_first:
            line = max(one.day_first, one.month_first)
            problem = (
                f"Some dates of this column begin with the day (line {one.day_first}) and some with the month (line "
                f"{one.month_first}), so that 03/04 can be either."
            )
            yield Problem(
                name, line, column, problem, "Export all dates in one form, best as YYYY-MM-DD.", Effect.DOUBTFUL
            )
        if columns[column] and one.with_offset and one.without_offset:
            problem = (
                f"Some times of this column say their offset (line {one.with_offset}) and some do not (line "
                f"{one.without_offset}); those are read in the zone of the facility, if it is known."
            )
            line = max(one.with_offset, one.without_offset)
            yield Problem(name, line, column, problem, "Export all times with their offset, or none.", Effect.DOUBTFUL)


def _see(seen: Mapping[str, _Seen], row: TextRow) -> None:
    for column, one in seen.items():
        if cell := row.cells.get(column):
            one.see(row.line, cell)


def _turned(seen: _Seen) -> int:
    """Return the line from which on no cell is of a kind that any was before, if there are enough on both sides."""
    if len(seen.kinds) < 2 or seen.ascending or seen.descending:
        return 0
    in_order = sorted(seen.kinds.values(), key=lambda kind: kind.first)
    last, before, after = 0, 0, sum(kind.rows for kind in in_order)
    for kind in in_order:
        if kind.first > last and before >= _ENOUGH and after >= _ENOUGH:
            return kind.first
        last, before, after = max(last, kind.last), before + kind.rows, after - kind.rows
    return 0
