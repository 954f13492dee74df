"""A mapping proposed for a folder of files: which file feeds which table, which column is which of ours, and why."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from itertools import islice, pairwise, takewhile
from pathlib import Path

from .files import TextFile, named_together, read_part
from .known_names import is_list, known_names, strength, tokens, translated
from .mapping import FACTS
from .parts import SUFFIXES, Holds, Part, parts_of
from .problems import IntakeError, Problem
from .proposed_results import results_of
from .proposed_rows import ProposedColumn, ProposedConstant, ProposedEntry, column_of, sure_enough, template
from .recognizing import Certainty, Sheet
from .texts import Form, Line, Text

_ABOVE_A_HEADER = 20


@dataclass(frozen=True)
class Proposal:
    """What is proposed for a folder."""

    folder: str
    sheets: tuple[Sheet, ...]
    entries: tuple[ProposedEntry, ...]
    sites: Mapping[str, int]
    """The facilities that the files name, and in how many rows; without any, one has to be named."""
    blanks: Mapping[str, int]
    """Texts that mean an empty cell, and how many cells hold each."""
    unused: Mapping[str, str]
    """Files that nothing was recognized in, and what they have."""
    problems: tuple[Problem, ...]
    columns_unused: Mapping[str, str] = field(default_factory=dict)
    """By file: the columns that nothing is made of, where a file is used."""
    tests_unread: bool = False
    """Whether a file seems to have tests and results that were not understood."""
    movers: tuple[int, int] = (0, 0)
    """How many patients move, and from how many of them an organism was grown."""

    @property
    def cut(self) -> tuple[str, ...]:
        """The files of which only the first rows were looked at."""
        return tuple(sheet.part.name for sheet in self.sheets if sheet.text.cut)

    @property
    def in_force(self) -> list[ProposedEntry]:
        """The entries that count unless a person says otherwise."""
        return [entry for entry in self.entries if not entry.guess]

    @property
    def is_ours(self) -> bool:
        """Whether every file is one of our tables already, so that no mapping is needed."""
        has_site = any(entry.table == "facilities" for entry in self.entries)
        return has_site and not self.unused and all(entry.ours for entry in self.entries)

    def has(self, table: str, *columns: str) -> bool:
        """Whether an entry in force feeds a table, and all these columns of it."""
        return any(entry.table == table and all(name in entry.filled for name in columns) for entry in self.in_force)


def propose(folder: Path) -> Proposal:
    """Look at the files of a folder, and propose how they become our tables.

    Raises:
        IntakeError: there is no such folder, or nothing in it can be read.
    """
    if not folder.is_dir():
        raise IntakeError(f"{folder}: there is no such folder.")
    files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    sheets, problems = _sheets([p for p in files if p.suffix.lower() in SUFFIXES])
    if not sheets:
        where = (f"{one.file}:{one.line}" if one.line else one.file for one in problems)
        told = "".join(f"\n  {at}: {one.problem} {one.remedy}" for at, one in zip(where, problems, strict=True))
        raise IntakeError(f"{folder}: there is no file with rows here that could be read.{told}")
    sheets = _together(sheets)
    isolates: dict[str, Sheet] = {}
    entries: list[ProposedEntry] = []
    matrices = [sheet for sheet in sheets if _is_matrix(sheet)]
    for sheet in sheets:
        if sheet not in matrices:
            entries += _entries(sheet, isolates)
    entries += _distances(matrices, isolates, sheets)
    entries = _not_twice(entries, sheets)
    used = {entry.file for entry in entries} | {sheet.part.name for sheet in matrices}
    return Proposal(
        folder=folder.name,
        sheets=tuple(sheets),
        entries=tuple(entries),
        sites=_sites(sheets, entries),
        blanks=_blanks(sheets, entries),
        unused={sheet.part.name: _shown(sheet) for sheet in sheets if sheet.part.name not in used},
        problems=tuple(problems),
        columns_unused=_columns_unused(sheets, entries),
        tests_unread=any(_is_of_a_test(name) for sheet in sheets for name in sheet.text.header),
        movers=_movers(sheets, entries),
    )


LOOKED_AT = 200_000
"""Rows of a file from which a mapping is proposed; the rest is not looked at."""


def _sheets(files: Iterable[Path]) -> tuple[list[Sheet], list[Problem]]:
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    for file in files:
        parts, faults = parts_of(file)
        problems += faults
        for part in parts:
            header, wanted = _header_of(part)
            text = read_part(part, Form(header=header), wanted, most=LOOKED_AT)
            problems += text.problems
            if text.header and text.rows:
                sheets.append(Sheet(part, _named_first(text), header))
    return sheets, problems


def _shown(sheet: Sheet) -> str:
    """Return the columns of a file; not where none is known, as its first row may be one of data."""
    joined = {"".join(one.tokens) for one in known_names()}
    named = sum("".join(tokens(name)) in joined for name in sheet.text.header)
    if 2 * named > len(sheet.text.header) and not any(re.search(r"\d{4}", name) for name in sheet.text.header):
        return ", ".join(sheet.text.header)
    if named:
        return f"{len(sheet.text.header)} columns, of which the names of {named} are known"
    return f"{len(sheet.text.header)} columns, of which no name is known; has it a row that names them?"


def _named_first(text: TextFile) -> TextFile:
    """Return a file without the names of rows, which programs write under no name; a matrix keeps them."""
    if text.header[0] or len(set(text.header[1:]) & {row.cells.get("", "") for row in text.rows}) > 1:
        return text
    return replace(text, header=text.header[1:])


def _header_of(part: Part) -> tuple[tuple[int, ...], list[set[str]]]:
    """Return where the columns are named: two lines that name more together than one does, else the cells of the line.

    Of the first lines, those that name the most columns that are known.
    """
    if part.holds is Holds.TEXT:
        lines: Iterator[Line | Problem] = Text(part, Form()).lines()
    elif part.holds is Holds.SHEET:
        from .sheets import lines_of_sheet

        lines = iter(lines_of_sheet(part))
    else:
        return (), []
    first = [one for one in islice(lines, _ABOVE_A_HEADER) if isinstance(one, Line)]
    known = {"".join(one.tokens) for one in known_names()} | {c for t in FACTS.values() for c in t.by_name}

    def named(cells: Iterable[str]) -> int:
        return sum("".join(tokens(cell)) in known or cell.strip() in known for cell in cells)

    filled = [line for line in first if any(cell.strip() for cell in line.cells)]
    best = max(filled, key=lambda line: named(line.cells), default=None)
    for upper, lower in pairwise(filled):
        # A group of columns has its name above the first of them.
        if named(named_together([upper.cells, lower.cells])) > (named(best.cells) if best else 0):
            return (upper.number, lower.number), []
    return (), [{cell.strip() for cell in best.cells}] if best and named(best.cells) else []


def _is_matrix(sheet: Sheet) -> bool:
    """Whether a file is a square table: most labels of its columns stand before its rows too."""
    header = sheet.text.header
    labels = {row.cells.get(header[0], "") for row in sheet.text.rows}
    across = set(header[1:]) - {""}
    return len(across) > 1 and len(across & labels) >= 0.8 * len(across)


def _entries(sheet: Sheet, isolates: dict[str, Sheet]) -> Iterator[ProposedEntry]:
    """Yield what a file seems to feed."""
    if sheet.part.stem in FACTS and set(sheet.text.header) & set(FACTS[sheet.part.stem].by_name):
        yield _own(sheet)
        return
    yield from _movements(sheet)
    yield from _laboratory(sheet, isolates)
    yield from _deaths(sheet)
    yield from _rooms(sheet)


def _own(sheet: Sheet) -> ProposedEntry:
    """Return the entry of a file that is one of our tables already."""
    table = FACTS[sheet.part.stem]
    columns = {
        name: ProposedColumn(column=name, certainty=Certainty.SURE, why="this is our own column")
        for name in sheet.text.header
        if name in table.by_name
    }
    return ProposedEntry(table.name, sheet.part.name, len(sheet.text.rows), columns, ours=True)


def _movements(sheet: Sheet) -> Iterator[ProposedEntry]:
    entries = list(_stays_and_visits(sheet))
    if not any(entry.table == "encounters" and not entry.guess for entry in entries):
        # A stay that names a visit waits for it.
        entries = [
            replace(e, columns={n: c for n, c in e.columns.items() if n != "encounter_id"}) if e.table == "stays" else e
            for e in entries
        ]
    yield from entries


def _stays_and_visits(sheet: Sheet) -> Iterator[ProposedEntry]:
    found = sheet.matches("stays")
    visits = sheet.matches("encounters")
    core = ("patient_id", "ward", "start")
    if sure_enough(found, *core) and not sure_enough(sheet.matches("isolates"), "organism"):
        names = ("patient_id", "encounter_id", "ward", "room", "bed", "presence", "start", "end")
        columns = {name: column_of(sheet, "stays", name) for name in names if name in found}
        yield ProposedEntry("stays", sheet.part.name, len(sheet.text.rows), columns, distinct=False).at_a_site(sheet)
        if "start" in visits and visits["start"].column == found["start"].column:
            return  # when somebody came is when they came to the ward
    elif sure_enough(found, "patient_id", "ward") and sure_enough(visits, "patient_id", "start"):
        yield _stays_of_visits(sheet)
    if sure_enough(visits, "patient_id", "start"):
        wanted = ("encounter_id", "patient_id", "kind", "start", "end", "admitted_from", "discharged_to")
        columns = {name: column_of(sheet, "encounters", name) for name in wanted if name in visits}
        constants = {}
        if "encounter_id" not in columns:
            columns["encounter_id"] = template(f"{{{visits['patient_id'].column}}}/{{{visits['start'].column}}}")
        if "kind" not in columns:
            constants["kind"] = ProposedConstant("CHOOSE inpatient, emergency, outpatient, dialysis or long_term_care")
        number = columns["encounter_id"].column
        repeats = number is not None and not sheet.is_key(number)
        yield ProposedEntry(
            "encounters",
            sheet.part.name,
            len(sheet.text.rows),
            columns,
            constants,
            distinct=repeats,
            guess=_why_no_visits(sheet, repeats, ended="end" in visits),
        ).at_a_site(sheet)


def _stays_of_visits(sheet: Sheet) -> ProposedEntry:
    """Return rows with a ward and the times of a visit as stays: the times on the ward, as far as is known."""
    found, visits = sheet.matches("stays"), sheet.matches("encounters")
    wanted = ("patient_id", "encounter_id", "ward", "room", "bed")
    columns: dict[str, ProposedColumn] = {n: column_of(sheet, "stays", n) for n in wanted if n in found}
    for name in ("start", "end"):
        if name in visits:
            why = "it is named like a time of a visit; is it that on the ward?"
            columns[name] = replace(column_of(sheet, "encounters", name), certainty=Certainty.LIKELY, why=why)
    entry = ProposedEntry("stays", sheet.part.name, len(sheet.text.rows), columns)
    guess = "" if "end" in columns else "no column says when a stay ended, so each would go on"
    return replace(entry, guess=guess).at_a_site(sheet)


def _why_no_visits(sheet: Sheet, repeats: bool, *, ended: bool) -> str:
    if not ended:
        return "no column says when a visit ended, so each would go on"
    if repeats and sure_enough(sheet.matches("stays"), "ward"):
        return "several rows are of one visit, so each seems to be a time on a ward"
    return ""


def _laboratory(sheet: Sheet, isolates: dict[str, Sheet]) -> Iterator[ProposedEntry]:
    specimens, strains = sheet.matches("specimens"), sheet.matches("isolates")
    isolate = strains.get("isolate_id")
    number = _number_of(sheet)
    if number is None:
        return
    if sure_enough(specimens, "patient_id", "collected"):
        yield from _specimens(sheet, number)
    if sure_enough(strains, "organism"):
        named = _isolate_of(sheet, number, isolate.column if isolate else None)
        isolates[sheet.part.name] = sheet
        columns = {
            "isolate_id": named,
            "specimen_id": number,
            "organism": column_of(sheet, "isolates", "organism"),
        }
        yield ProposedEntry(
            "isolates", sheet.part.name, len(sheet.text.rows), columns, where_filled=("organism",), distinct=True
        )
        yield from results_of(sheet, number, named)
    else:
        yield from results_of(sheet, number, None)
    if isolate and isolate.certainty is not Certainty.GUESS:
        own = ProposedColumn(column=isolate.column, certainty=isolate.certainty, why=isolate.why)
        for scheme in ("sequence_type", "plasmid", "cluster"):
            match = sheet.matches("types").get(scheme)
            if match:
                value = ProposedColumn(column=match.column, certainty=match.certainty, why=match.why)
                yield ProposedEntry(
                    "types",
                    sheet.part.name,
                    len(sheet.text.rows),
                    {"isolate_id": own, "value": value},
                    {"scheme": ProposedConstant(scheme)},
                    where_filled=("value",),
                    distinct=not sheet.is_key(isolate.column),
                    guess="" if match.certainty is not Certainty.GUESS else f"{match.why}; is it a {scheme}?",
                )


def _number_of(sheet: Sheet) -> ProposedColumn | None:
    """Return what numbers the specimens of a file; with the patient, where a number is used for several."""
    found = sheet.matches("specimens")
    own = found.get("specimen_id") or sheet.matches("isolates").get("isolate_id")
    if own is None or own.certainty is Certainty.GUESS:
        return None
    others: list[str] = []
    for name in ("patient_id", "collected"):
        with_it = [own.column, *others, *([found[name].column] if name in found else [])]
        if sheet.distinct(*with_it) > sheet.distinct(own.column, *others):
            others.append(found[name].column)
    if not others:
        why = own.why if "specimen_id" in found else "it tells each row from the others"
        return ProposedColumn(column=own.column, certainty=own.certainty, why=why)
    parts = "/".join(f"{{{name}}}" for name in (own.column, *others))
    return template(parts, f"{own.column} alone stands for several specimens")


def _specimens(sheet: Sheet, number: ProposedColumn) -> Iterator[ProposedEntry]:
    found = sheet.matches("specimens")
    names = ("patient_id", "ward", "kind", "purpose", "collected", "received")
    columns = {"specimen_id": number}
    columns |= {name: column_of(sheet, "specimens", name) for name in names if name in found}
    constants = {}
    for name, otherwise, why in (
        ("kind", "isolate", "no column says what was sampled"),
        ("purpose", "unstated", "no column says why it was taken"),
    ):
        if name not in columns:
            constants[name] = ProposedConstant(otherwise, why)
        elif columns[name].certainty is Certainty.GUESS:
            said = f"{columns[name].column} may say it: then take the # away above, and put one before this line"
            constants[name] = ProposedConstant(otherwise, said)
    entry = ProposedEntry(
        "specimens",
        sheet.part.name,
        len(sheet.text.rows),
        columns,
        constants,
        distinct=number.column is None or not sheet.is_key(number.column),
    ).at_a_site(sheet)
    places = sheet.matches("places").get("environment")
    if places is None or places.certainty is Certainty.GUESS:
        yield entry
        return
    sort = column_of(sheet, "places", "environment")
    profile = sheet.profiles[places.column]
    person = [word for word, ours in sort.values.items() if ours == "not_detected"]
    person += [word for word in profile.blanks if word not in sort.values]
    if profile.cells + sum(profile.blanks.values()) < len(sheet.text.rows):
        person.append("")  # an empty cell: no place
    if sort.unknown:
        yield entry
        return
    place = [word for word, ours in sort.values.items() if ours == "detected"]
    patient = columns["patient_id"].column
    for word in person:
        yield replace(entry, only={places.column: word}, note=f"{places.column} tells places from patients.")
    for word in place:
        from_place = template(f"sink-{{{patient}}}", "what is not of a patient is taken for a sink; correct it")
        kept = {name: one for name, one in columns.items() if name in ("specimen_id", "collected", "received")}
        yield replace(
            entry,
            columns=kept | {"place_id": from_place},
            constants={"kind": ProposedConstant("environment"), "purpose": ProposedConstant("environment")},
            only={places.column: word},
        ).at_a_site(sheet)
        yield ProposedEntry(
            "places",
            sheet.part.name,
            len(sheet.text.rows),
            {"place_id": from_place},
            {"level": ProposedConstant("sink", "correct it where it is another place")},
            only={places.column: word},
            distinct=True,
        ).at_a_site(sheet)


def _isolate_of(sheet: Sheet, number: ProposedColumn, isolate: str | None) -> ProposedColumn:
    """Return what tells one isolate from another: its own number, or that of the specimen and what grew."""
    organism = sheet.matches("isolates")["organism"].column
    if isolate and sheet.is_key(isolate):
        match = sheet.matches("isolates")["isolate_id"]
        return ProposedColumn(column=isolate, certainty=match.certainty, why=match.why)
    if isolate and isolate != number.column:
        return template(f"{number.as_template}/{{{isolate}}}", f"{isolate} alone is the number of several")
    if isolate:
        return ProposedColumn(column=isolate, certainty=Certainty.LIKELY, why="several rows are of one isolate")
    return template(f"{number.as_template}/{{{organism}}}", "no column numbers the isolates")


def _deaths(sheet: Sheet) -> Iterator[ProposedEntry]:
    found = sheet.matches("patients")
    if sure_enough(found, "patient_id", "died"):
        columns = {name: column_of(sheet, "patients", name) for name in ("patient_id", "died")}
        many = len(sheet.text.rows)
        yield ProposedEntry("patients", sheet.part.name, many, columns, where_filled=("died",), distinct=True)


def _rooms(sheet: Sheet) -> Iterator[ProposedEntry]:
    found, stays = sheet.matches("places"), sheet.matches("stays")
    if not sure_enough(found, "bathroom") or not sure_enough(stays, "ward", "room"):
        return
    columns = {name: column_of(sheet, "stays", name) for name in ("ward", "room")}
    columns |= {name: column_of(sheet, "places", name) for name in ("bathroom", "kind") if name in found}
    constants = {"level": ProposedConstant("room")}
    yield ProposedEntry(
        "places", sheet.part.name, len(sheet.text.rows), columns, constants, where_filled=("room",), distinct=True
    ).at_a_site(sheet)


def _distances(matrices: list[Sheet], isolates: Mapping[str, Sheet], sheets: list[Sheet]) -> Iterator[ProposedEntry]:
    ids = {
        row.cells[match.column]
        for sheet in isolates.values()
        if (match := sheet.matches("isolates").get("isolate_id"))
        for row in sheet.text.rows
    }
    pattern = _pattern_of(ids)
    others = [sheet.part.name for sheet in sheets if sheet not in matrices]
    family = _glob([sheet.part.name for sheet in matrices], others)
    files = [family] if family else [sheet.part.name for sheet in matrices]
    for file in files:
        those = [sheet for sheet in matrices if fnmatch(sheet.part.name, file)]
        labels = [label for sheet in those for label in sheet.text.header[1:] if label]
        left_out = [label for label in labels if not re.search(pattern, label)]
        note = (
            f"Square tables: {len(those)}. Labels: {len(labels):,}, of which {len(left_out):,} are not like numbers of "
            "isolates and are left out. Does one of them stand for an isolate of yours? Say so with `instead`."
        )
        many = sum(len(sheet.text.rows) for sheet in those)
        yield ProposedEntry("distances", file, many, {}, label=pattern, note=note)


def _pattern_of(ids: Iterable[str]) -> str:
    """Return a pattern for the beginning of a label that is the number of an isolate."""
    ids = [one for one in ids if one]
    prefix = re.match(r"[^\d]*", _begin(ids))
    if ids and prefix and prefix[0] and all(re.fullmatch(re.escape(prefix[0]) + r"\d+", one) for one in ids):
        return rf"^({re.escape(prefix[0])}\d+)"
    return r"^(.+)$"


def _begin(names: Sequence[str]) -> str:
    """Return with which letters all names begin."""
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    return "".join(letters[0] for letters in alike)


def _glob(names: list[str], others: Iterable[str]) -> str:
    """Return one pattern for several files that fits no other; empty: there is none."""
    if len(names) < 2:
        return ""
    before = _begin(names)
    after = _begin([name[::-1] for name in names])[::-1]
    after = after if len(before) + len(after) <= min(map(len, names)) else ""
    pattern = f"{before}*{after}"
    special = any(mark in before + after for mark in "[]?*")
    return pattern if len(before) >= 3 and not special and not any(fnmatch(one, pattern) for one in others) else ""


def _not_twice(entries: Iterable[ProposedEntry], sheets: Sequence[Sheet]) -> list[ProposedEntry]:
    """Take back what a second file says of the same isolates, which would contradict the first or repeat it."""
    by_name = {sheet.part.name: sheet for sheet in sheets}
    found: list[ProposedEntry] = []
    known: dict[tuple[str, str], list[tuple[str, set[str]]]] = {}
    for entry in entries:
        if entry.table in ("isolates", "types") and not entry.guess:
            key = (entry.table, entry.constants["scheme"].text if "scheme" in entry.constants else "")
            ids = _ids(by_name[entry.file], entry.columns["isolate_id"])
            before = next((file for file, some in known.get(key, []) if some & ids), None)
            if before:
                entry = replace(entry, guess=f"{before} gives the same isolates above; keep the one that is right")
            else:
                known.setdefault(key, []).append((entry.file, ids))
        found.append(entry)
    return found


def _ids(sheet: Sheet, source: ProposedColumn) -> set[str]:
    """Return the numbers that a column or a template makes of the rows of a file."""
    text = source.as_template
    named = re.findall(r"\{(.+?)\}", text)
    rows = (row.cells for row in sheet.text.rows if all(row.cells.get(name) for name in named))
    return {_filled(text, cells) for cells in rows}


def _filled(text: str, cells: Mapping[str, str]) -> str:
    return re.sub(r"\{(.+?)\}", lambda found: cells[found[1]], text)


def _together(sheets: list[Sheet]) -> list[Sheet]:
    """Put files together that have the same columns and names that begin alike: an export in pieces."""
    by_header: dict[tuple[str, ...], list[Sheet]] = {}
    for sheet in sheets:
        by_header.setdefault(sheet.text.header, []).append(sheet)
    found = []
    for some in by_header.values():
        pattern = _glob([s.part.name for s in some], [s.part.name for s in sheets if s not in some])
        if not pattern:
            found += some
            continue
        rows = tuple(row for sheet in some for row in sheet.text.rows)
        found.append(Sheet(replace(some[0].part, name=pattern), replace(some[0].text, rows=rows), some[0].header))
    return found


def _sites(sheets: Iterable[Sheet], entries: Iterable[ProposedEntry]) -> dict[str, int]:
    sites: dict[str, int] = {}
    for sheet in sheets:
        for entry in entries:
            own = entry.columns.get("facility_id")
            if own and own.column and entry.table != "facilities" and sheet.part.name == entry.file:
                for word, many in sheet.profiles[own.column].words.items():
                    sites[word] = sites.get(word, 0) + many
    return sites


def _blanks(sheets: Iterable[Sheet], entries: Iterable[ProposedEntry]) -> dict[str, int]:
    """Return the texts that mean nothing in the columns that are used, but for those that are words somewhere."""
    blanks: dict[str, int] = {}
    words: set[str] = set()
    for entry in entries:
        for sheet in sheets:
            if sheet.part.name != entry.file:
                continue
            for name, one in entry.columns.items():
                column = FACTS[entry.table].by_name.get(name)
                for text, many in (sheet.profiles[one.column].blanks if one.column in sheet.profiles else {}).items():
                    blanks[text] = blanks.get(text, 0) + many
                    if text in one.values or (column and is_list(column) and translated(entry.table, column, text)):
                        words.add(text)
    return {text: many for text, many in blanks.items() if text not in words}


def _is_of_a_test(name: str) -> bool:
    """Whether a column is named like one that says what was tested or found."""
    return bool(strength("results", "test", name) or strength("results", "outcome", name))


def _columns_unused(sheets: Iterable[Sheet], entries: Iterable[ProposedEntry]) -> dict[str, str]:
    found = {}
    for sheet in sheets:
        own = [entry for entry in entries if entry.file == sheet.part.name and not entry.guess]
        used = {
            name
            for entry in own
            for one in entry.columns.values()
            for name in (one.column, *re.findall(r"\{(.+?)\}", one.template or ""))
        }
        used |= {name for entry in own for name in (*entry.only, *entry.each)}
        left = [name for name in sheet.text.header if name and name not in used]
        if own and left:
            found[sheet.part.name] = ", ".join(left)
    return found


def _movers(sheets: Iterable[Sheet], entries: Iterable[ProposedEntry]) -> tuple[int, int]:
    moving: set[str] = set()
    growing: set[str] = set()
    for entry in entries:
        for sheet in sheets:
            if entry.guess or sheet.part.name != entry.file:
                continue
            own = sheet.matches("specimens" if entry.table == "isolates" else "stays").get("patient_id")
            if own and entry.table == "stays":
                moving |= {row.cells[own.column] for row in sheet.text.rows}
            elif own and entry.table == "isolates":
                grown = entry.columns["organism"].column or ""
                blank = sheet.profiles[grown].blanks
                growing |= {row.cells[own.column] for row in sheet.text.rows if row.cells[grown] not in {"", *blank}}
    return len(moving), len(moving & growing)
