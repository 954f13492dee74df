"""A folder of files to facts and problems."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatch
from functools import cached_property
from hashlib import blake2b
from itertools import chain, combinations
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from ringfence.record import (
    EXTRA_COLUMNS,
    TABLES,
    Facility,
    Fact,
    Table,
    Truths,
    mask,
    schema_of,
    sealed,
    unpack_facts,
)
from ringfence.vocabulary import did_you_mean

from .coded import read_codes
from .consistency import changes, wards_written_otherwise
from .decode import Cell, Place, decode, decode_extra, one_for_each_enzyme
from .exported import latest_of
from .files import Rows, TextRow, digest_of_file, rows_of_part
from .gathering import Batches, Gathering
from .links import ORDER, Names, linked
from .mapping import FACTS, ColumnSource, FeedMapping, FileEntry
from .parts import SUFFIXES, Holds, Part, Watch, parts_of
from .problems import Effect, IntakeError, Problem, Problems
from .sequence import ahead, out_of_sequence
from .texts import Form


@dataclass(frozen=True)
class Intake:
    """What a folder gave."""

    columns: Mapping[str, pa.Table]
    """The facts by table, in columns and those of the envelope; of many, mapped from a file."""
    problems: tuple[Problem, ...]
    digests: Mapping[str, str]
    """SHA-256 of each file used."""
    unused: Mapping[str, str]
    """Files not used, and why."""
    sent: datetime | None = None
    """When the folder was exported: as said, else the latest moment in it."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts themselves, all in memory: for few."""
        return tuple(fact for name, packed in self.columns.items() for fact in unpack_facts(TABLES[name], packed))

    @property
    def messages(self) -> Mapping[str, str]:
        """What facts of each file used name it by."""
        return {name: _message(digest) for name, digest in self.digests.items()}


def _message(digest: str) -> str:
    return digest[:16]


Progress = Callable[[str, int, int], None]
"""Is told the name of the file that is read, how many bytes were read of all files, and how many there are to read."""
Exported = Callable[[Collection[str], Mapping[str, str]], datetime | None]
"""Tells when files were exported, given the zones of the facilities and the digests of the files; None: it cannot."""


def read_folder(
    folder: Path,
    mapping: FeedMapping,
    *,
    exported: Exported = lambda *_: None,
    facilities: Mapping[str, str] | None = None,
    known: Names = lambda _: frozenset(),
    now: datetime | None = None,
    beside: Path | None = None,
    progress: Progress = lambda *_: None,
) -> Intake:
    """Return the facts of the files in `folder`, and every problem of every row not used.

    Args:
        folder: where the files are.
        mapping: how they become our tables.
        exported: tells when the files were exported; where it cannot, the latest moment in them that is not after `now`
            is taken.
        facilities: facilities known already, and the zone of each; files need not bring them again.
        known: names that rows known already have, by table; what a row of the files names may be among them.
        now: what the clock says; a row that happened later is kept and called doubtful. None: no clock is asked.
        beside: a folder in which facts that are too many for memory may be put while they are read; they bear no name
            there, and are gone with the process. None: all is held in memory.
        progress: is told how far reading is.

    Raises:
        IntakeError: there is no such folder, it holds none of the files expected, no facility is known, one has
            another zone than it is known by, or what is put beside could not be.
    """
    if not folder.is_dir():
        raise IntakeError(f"{folder}: there is no such folder.")
    reader = _Reader(mapping, sorted(p for p in folder.iterdir() if _looked_at(p, mapping)), facilities or {}, progress)
    if not any(part for _, _, part in reader.entries):
        raise IntakeError(_nothing(folder, reader, mapping))
    gathering = Gathering(beside)
    for table, entry, part in sorted(reader.entries, key=lambda e: e[0].name != "facilities"):
        for fact in reader.read(table, entry, part):
            gathering.add(fact)
    columns, tell = gathering.columns(), reader.problems.tell
    kept = linked(columns, lambda name: (facilities or {}).keys() if name == "facilities" else known(name), tell)
    if not facilities and not kept.get("facilities", _NONE).any():
        raise IntakeError(_no_facility(folder, reader.told))
    used = {part for _, _, part in reader.entries if part}
    digests = {path.name: reader.digest_of(path) for path in sorted({part.path for part in used})}
    reader.refuse_what_changed()
    sent = exported(reader.zones, digests) or latest_of(columns, kept, facilities or {}, now)
    whole = {name: _sealed(name, columns[name], kept[name], sent, beside) for name in ORDER if name in columns}
    late, early = ahead(whole, reader.zone_of, now), out_of_sequence(whole, reader.zone_of)
    for problem in chain(late, early, wards_written_otherwise(whole)):
        tell(problem, "")
    return Intake(
        columns={name: packed for name, packed in whole.items() if len(packed)},
        sent=sent,
        problems=tuple(reader.told),
        digests=digests,
        unused={part.name: reader.why_unused(part) for part in reader.parts if part not in used},
    )


_NONE = np.zeros(0, bool)


def _sealed(name: str, packed: pa.Table, kept: Truths, sent: datetime | None, beside: Path | None) -> pa.Table:
    """Return the facts that are kept, with the time at which they were sent."""
    table = TABLES[name]
    batches, at = Batches(schema_of(table), beside), 0
    for batch in packed.to_batches():
        own = kept[at : at + len(batch)]
        at += len(batch)
        some = batch if own.all() else batch.filter(pa.array(own))
        if len(some):
            batches.add(sealed(table, some, sent))
    return batches.table()


def _looked_at(path: Path, mapping: FeedMapping) -> bool:
    """Tell whether a file is looked at: by its ending, or because the mapping names it."""
    if not path.is_file() or path.name.startswith("."):
        return False
    named = [entry.file for some in mapping.file.tables.values() for entry in some] if mapping.file else []
    return path.suffix.lower() in SUFFIXES or any(fnmatch(path.name, pattern) for pattern in named if pattern)


_State = tuple[int, int, int] | None


def _state(path: Path) -> _State:
    """Return what changes when a file is written to; None: it is gone."""
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_size, told.st_mtime_ns, told.st_ino


class _Reader:
    def __init__(
        self, mapping: FeedMapping, files: list[Path], facilities: Mapping[str, str], progress: Progress
    ) -> None:
        self.mapping, self._known, self._progress = mapping, facilities, progress
        self._zones: dict[str, ZoneInfo] = {name: ZoneInfo(zone) for name, zone in facilities.items()}
        self._texts: dict[Part, Rows] = {}
        self._bytes = 0
        self._digests: dict[Path, tuple[_State, str]] = {}
        self.parts: list[Part] = []
        self.problems = Problems()
        for file in files:
            found, faults = parts_of(file)
            self.parts += found
            self._tell(faults)

    def digest_of(self, path: Path) -> str:
        """Return the SHA-256 of a file as it was before it was read."""
        if path not in self._digests:
            state = _state(path)
            self._digests[path] = state, digest_of_file(path)
        return self._digests[path][1]

    def refuse_what_changed(self) -> None:
        """Refuse a folder of which a file is another now than before it was read.

        Raises:
            IntakeError: a file changed, so that what was read may be of two exports.
        """
        for path, (state, _) in self._digests.items():
            if _state(path) != state:
                raise IntakeError(
                    f"{path.name}: this file was changed while it was read. Nothing was added. Wait until the export "
                    "is written, and do the same again."
                )

    def _tell(self, problems: Iterable[Problem], table: str = "") -> None:
        for problem in problems:
            self.problems.tell(problem, table)

    @property
    def told(self) -> list[Problem]:
        """Every problem so far, in order."""
        fed: dict[str, set[str]] = defaultdict(set)
        for table, entry, part in self.entries:
            fed[part.name if part else self.mapping.called].add(table.name)
            fed[entry.file or ""].add(table.name)
        return self.problems.all(fed)

    @cached_property
    def _bytes_to_read(self) -> int:
        """Each part is read once for each entry that it feeds, and once before to look at it as a whole.

        Of text alone: nothing else tells how far it is read.
        """
        parts = [part for _, _, part in self.entries if part and part.holds is Holds.TEXT]
        return sum(part.size for part in [*parts, *set(parts)])

    def _watch(self, part: Part) -> Watch:
        def watch(many: int) -> None:
            self._bytes += many
            self._progress(part.name, self._bytes, self._bytes_to_read)

        return watch

    @property
    def zones(self) -> Collection[str]:
        """The zones of the facilities known so far."""
        return {zone.key for zone in self._zones.values()}

    def zone_of(self, facility_id: str | None) -> ZoneInfo:
        """Return the zone of a facility, for a row that is read already; of no facility, the first zone."""
        return self._zones.get(facility_id or "", next(iter(self._zones.values()), ZoneInfo("UTC")))

    @cached_property
    def entries(self) -> list[tuple[Table, FileEntry, Part | None]]:
        if self.mapping.file is None:
            named = [(FACTS.get(part.stem), part) for part in self.parts]
            return [(table, FileEntry(file=part.name), part) for table, part in named if table]
        found: list[tuple[Table, FileEntry, Part | None]] = []
        for name, entries in self.mapping.file.tables.items():
            for entry in entries:
                matching = [part for part in self.parts if entry.file and fnmatch(part.name, entry.file)]
                if entry.rows is not None:
                    found.append((FACTS[name], entry, None))
                found += [(FACTS[name], one, p) for p in matching for one in entry.apart()]
                if entry.file and not matching:
                    remedy = f"Put it into the folder, or correct {self.mapping.called}."
                    problem = f"The mapping expects this file for {name}, and it is not there."
                    self.problems.tell(Problem(entry.file, 0, "", problem, remedy), name)
        return found

    def why_unused(self, part: Part) -> str:
        if self.mapping.file is None:
            return f"no table is called {part.stem}.{did_you_mean(part.stem, FACTS)}"
        for pattern, why in self.mapping.file.ignore.items():
            if fnmatch(part.name, pattern):
                return why
        return "the mapping does not name it"

    def read(self, table: Table, entry: FileEntry, part: Part | None) -> Iterator[Fact]:
        """Yield the facts of a table that a part gives, as they are read."""
        seen: set[bytes] = set()
        message = _message(self.digest_of(part.path)) if part else f"mapping:{self.mapping.name}"
        for name, row in self._rows(table, entry, part):
            if entry.made_of and row.cells[entry.made_of] in self._empty:
                continue
            cells = self._cells(table, entry, row)
            unfit = list(self._unfit(entry, row, name))
            if unfit:
                self._tell(unfit, table.name)
                continue
            if not all(cells[column].word for column in entry.where_filled):
                continue
            if entry.distinct and _repeats(cells, seen):
                continue
            zone, place = self._zone(cells), Place(name, row.line)
            test = self._cell(entry.test, row) if entry.test else None
            cells, unread = read_codes(table.name, cells, test, place)
            if unread:
                self._tell(unread, table.name)
                continue
            each, said = one_for_each_enzyme(table.name, cells, place)
            self._tell(said, table.name)
            for cells in each:
                yield from self._fact(table, cells, place, zone, message)

    def _fact(
        self, table: Table, cells: Mapping[str, Cell], place: Place, zone: ZoneInfo | None, message: str
    ) -> Iterator[Fact]:
        """Yield the fact that a row is, if it can be used."""
        name, line = place.file, place.line
        decoded, faults = decode(table, cells, place, zone)
        recorded, retracted, control, more = decode_extra(cells, place, zone)
        if table.name == "facilities" and retracted:
            why = "A facility is not taken back: without its zone no time could be read."
            more = [*more, Problem(name, line, "retracted", why, "Send it corrected, or leave it out.")]
        self._tell([*faults, *more], table.name)
        if decoded is None or any(p.effect is Effect.REFUSED for p in more):
            return
        if table.name == "facilities":
            self._learn_zone(decoded, f"{name}:{line}", corrected=recorded is not None)
        yield Fact(
            table=table.name,
            row=decoded,
            source=f"{name}:{line}",
            decoded_by=self.mapping.digest,
            system=self.mapping.system,
            message=message,
            generation=self.mapping.generation,
            recorded=recorded,
            control=control,
            retracts=retracted,
        )

    def _learn_zone(self, facility: Facility, where: str, *, corrected: bool) -> None:
        """Take the zone of a facility. It is never corrected: every time of the facility was read by it."""
        known = self._zones.setdefault(facility.facility_id, ZoneInfo(facility.zone)).key
        if known == facility.zone or not (corrected or facility.facility_id in self._known):
            return  # of two rows of one folder neither is used; see `links`
        who = "the record has" if facility.facility_id in self._known else "an earlier row has"
        raise IntakeError(
            f"{where}: zone: {who} the facility `{facility.facility_id}` in {known}, and this row says "
            f"{facility.zone}. Nothing was added.\n"
            "Give two sites two facility_ids. A zone cannot be corrected, because times were read by it: if it is "
            "wrong, make the record anew from its folders, with the right zone."
        )

    def _rows(self, table: Table, entry: FileEntry, part: Part | None) -> Iterator[tuple[str, TextRow]]:
        if part is None:
            name = self.mapping.called
            yield from ((name, TextRow(n, dict(row))) for n, row in enumerate(entry.rows or (), start=1))
            return
        text = self._text(part)
        if entry.matrix:
            yield from ((part.name, row) for row in _pairs(text, entry, part.name))
            return
        missing = list(_missing_columns(table, entry, text, part.name, mapped=self.mapping.file is not None))
        refused = [p for p in missing if p.effect is Effect.REFUSED]
        self._tell([p for p in missing if p not in refused], table.name)
        if refused:
            # The first stands for all rows, so that they are counted once.
            many = sum(1 for _ in text)
            self._tell([replace(refused[0], rows=many, alone=many), *refused[1:]], table.name)
            return
        left_out = 0
        for row in text:
            if any(row.cells.get(k) != v for k, v in entry.only.items()):
                continue
            if any(row.cells[name] in texts for name, texts in entry.leave_out.items()):
                left_out += 1
            else:
                yield part.name, row
        if left_out:
            rows = "row is" if left_out == 1 else "rows are"
            told = f"{left_out:,} {rows} left out of {table.name}, as the mapping says."
            self._tell([Problem(part.name, 0, "", told, "Nothing needs to be done.", Effect.USED)], table.name)

    def _text(self, part: Part) -> Rows:
        """Return the rows of a part, which was looked at as a whole once, however many tables it feeds."""
        if part not in self._texts:
            mapped = self.mapping.file is not None
            wanted = [e.named if mapped else t.by_name.keys() for t, e, p in self.entries if p == part]
            text = rows_of_part(part, self._form(part), wanted, self._watch(part))
            self._tell(text.problems)
            damaged = False
            for problem in self._changes(part, text):
                damaged = damaged or (not problem.line and problem.effect is Effect.REFUSED)
                self.problems.tell(problem, "")
            # One that is damaged within gives no row, as none can be trusted.
            self._texts[part] = replace(text, read=lambda: iter(())) if damaged else text
        return self._texts[part]

    def _changes(self, part: Part, text: Rows) -> Iterator[Problem]:
        """Yield what cannot be read of a part, and what changes its meaning half-way of the columns that are used."""
        used: dict[str, bool] = {}
        for table, entry, other in self.entries:
            if other != part or entry.matrix:
                continue
            own = {n: ColumnSource(column=n) for n in table.by_name} if self.mapping.file is None else entry.columns
            for name, source in own.items():
                if source.column and name in table.by_name:
                    used[source.column] = used.get(source.column, False) or table.by_name[name].kind.dated
        return changes(part.name, text, used)

    def _form(self, part: Part) -> Form:
        """Return what the mapping says of the form of a part."""
        forms = self.mapping.file.files if self.mapping.file else {}
        said = next((form for pattern, form in forms.items() if fnmatch(part.name, pattern)), None)
        return Form(said.encoding, said.separator, said.quote, said.header) if said else Form()

    def _cells(self, table: Table, entry: FileEntry, row: TextRow) -> dict[str, Cell]:
        if self.mapping.file is None or entry.rows is not None:
            return {
                name: Cell(text, name) for name, text in row.cells.items() if name in table.by_name or name in _EXTRA
            }
        cells = {name: Cell(text, name) for name, text in entry.constants.items()}
        if entry.matrix:
            cells |= {name: Cell(text, name) for name, text in row.cells.items()}
        return cells | {name: self._cell(source, row) for name, source in entry.columns.items()}

    def _cell(self, source: ColumnSource, row: TextRow) -> Cell:
        """Return the cell that a mapping takes from a row of a file."""
        empty = self._empty
        named = source.column or ", ".join(re.findall(r"\{(.+?)\}", source.template or ""))
        text = row.cells[source.column] if source.column else _filled(source.template or "", row, empty)
        if source.pattern and text not in empty:
            text = _taken(source.pattern, text)
        display = row.cells[source.display] if source.display else ""
        return Cell("" if text in empty else text, named, source.format, source.values, source.system, display)

    @property
    def _empty(self) -> Collection[str]:
        """The texts that mean an empty cell."""
        return self.mapping.file.empty if self.mapping.file else ("",)

    def _unfit(self, entry: FileEntry, row: TextRow, name: str) -> Iterator[Problem]:
        """Yield a problem for each cell of which only parts are taken, and nothing could be: it must not be lost."""
        for column, patterns in entry.taken_apart.items():
            text = row.cells[column]
            if text in self._empty or any(re.search(pattern, text) for pattern in patterns):
                continue
            problem = f"No pattern of the mapping fits this cell: it looks like {mask(text)} (9: any digit)."
            yield Problem(name, row.line, column, problem, "Correct the cell, or the patterns of this column.")

    def _zone(self, cells: Mapping[str, Cell]) -> ZoneInfo | None:
        if self.mapping.file and self.mapping.file.time_zone:
            return ZoneInfo(self.mapping.file.time_zone)
        own = cells.get("facility_id")
        zones = {zone.key for zone in self._zones.values()}
        only = ZoneInfo(next(iter(zones))) if len(zones) == 1 else None
        if own is None or not own.text:
            return only
        # A row of a facility that does not exist is refused for that; its times are read in any zone.
        return self._zones.get(own.values.get(own.text, own.text), only or ZoneInfo("UTC"))


def _repeats(cells: Mapping[str, Cell], seen: set[bytes]) -> bool:
    """Return whether a row of these cells was seen; of each its digest is kept, which is short."""
    content = "\x1f".join(f"{name}={cell.text}" for name, cell in sorted(cells.items()))
    digest = blake2b(content.encode(), digest_size=16).digest()
    repeated = digest in seen
    seen.add(digest)
    return repeated


def _filled(template: str, row: TextRow, empty: Iterable[str]) -> str:
    named = re.findall(r"\{(.+?)\}", template)
    if any(row.cells[name] in empty for name in named):
        return ""
    return re.sub(r"\{(.+?)\}", lambda found: row.cells[found[1]], template)


def _taken(pattern: str, text: str) -> str:
    """Return the group of a pattern in a text; nothing, where it does not match. A date of the file's own stays one."""
    found = re.search(pattern, text)
    taken = (found[1] or "") if found else ""
    return text if taken == text else taken


def _missing_columns(table: Table, entry: FileEntry, text: Rows, name: str, *, mapped: bool) -> Iterator[Problem]:
    if not text.header:
        return
    wanted = entry.named if mapped else list(table.by_name)
    if not any(column in text.header for column in wanted):
        # It may be a row of data, so nothing of it is shown.
        problem = "The first row names none of the columns expected; no row of the file is used."
        yield Problem(name, 1, "", problem, f"Give a header row. Expected: {', '.join(wanted)}.")
    elif mapped:
        for column in wanted:
            if column not in text.header:
                hint = did_you_mean(column, text.header)
                problem = "The mapping expects this column; no row of the file is used."
                yield Problem(name, 1, column, problem, f"The file has: {', '.join(text.header)}.{hint}")
    else:
        yield from _unlike(table, text.header, name)


_EXTRA = {column.name for column in EXTRA_COLUMNS}


def _unlike(table: Table, header: tuple[str, ...], name: str) -> Iterator[Problem]:
    for column in table.columns:
        if column.required and column.name not in header:
            problem = "This column is missing; no row of the file is used."
            yield Problem(name, 1, column.name, problem, f"Add it: {column.meaning}")
    for given in header:
        if given and given not in table.by_name and given not in _EXTRA:
            hint = did_you_mean(given, table.by_name) or f" Columns: {', '.join(table.by_name)}."
            problem = f"This is not a column of {table.name}; it is not read."
            yield Problem(name, 1, given, problem, f"Rename it or leave it out.{hint}", Effect.USED)


def _pairs(text: Rows, entry: FileEntry, name: str) -> Iterator[TextRow]:
    """Yield one row for each pair of known labels of a square table, from its upper half, else its lower."""
    assert entry.matrix is not None
    instead = entry.matrix.instead.get(name, {})
    known: dict[str, str] = {}
    for label in text.header[1:]:
        found = re.search(entry.matrix.label, label)
        if label in instead or found:
            known[label] = instead.get(label) or (found[1] if found else "")
    by_label = {row.cells[text.header[0]]: row for row in text}
    for a, b in combinations(known, 2):
        for one, other in ((a, b), (b, a)):
            row = by_label.get(one)
            if row and row.cells.get(other) and known[a] != known[b]:
                yield TextRow(row.line, {"isolate_a": known[a], "isolate_b": known[b], "snps": row.cells[other]})
                break


def _nothing(folder: Path, reader: "_Reader", mapping: FeedMapping) -> str:
    names = ", ".join(part.name for part in reader.parts) or f"no file that ends in one of {', '.join(SUFFIXES)}"
    names = "\n  ".join([names, *(f"{p.file}: {p.problem} {p.remedy}" for p in reader.told if not p.line)])
    if mapping.file:
        return f"{folder}: none of the files that the mapping {mapping.name} expects is here. Here: {names}"
    wanted = ", ".join(f"{name}.csv" for name in ("facilities", "stays", "specimens", "results", "answers"))
    return (
        f"{folder}: no file is called like an input table. Here: {names}\n"
        f"Name them {wanted} … (see `ringfence tables`), or name a mapping with --mapping."
    )


def _no_facility(folder: Path, problems: Iterable[Problem]) -> str:
    example = FACTS["facilities"].example_row()
    told = "".join(
        f"\n  {p.file}:{p.line}: {p.column}: {p.problem} {p.remedy}"
        for p in problems
        if p.file.startswith("facilities")
    )
    if told:
        return f"{folder}: no facility could be used, so no date has a zone:{told}"
    return (
        f"{folder}: no facility is given, so no date has a zone. Add facilities.csv, for example:\n"
        f"  {','.join(example)}\n  {','.join(example.values())}{told}"
    )
