"""A proposed mapping as YAML with its reasons beside it, and what it leaves impossible."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from textwrap import wrap

from .decode import INSTEAD
from .mapping import CHOOSE
from .proposed_rows import SITE, ProposedColumn, ProposedEntry
from .proposing import Proposal
from .recognizing import Certainty

_ORDER = (
    *("places", "patients", "encounters", "stays", "specimens", "isolates", "results", "types", "distances"),
    *("answers", "measures"),
)
_UNKNOWN_AT_MOST = 60


def mapping_text(proposal: Proposal, *, facility: str | None, zone: str | None) -> str:
    """Return the text of the mapping.

    Args:
        proposal: what is proposed.
        facility: the one facility, where the files name none.
        zone: its time zone. What is not given is left to choose.
    """
    site = facility or f"{CHOOSE} a short name of the hospital"
    zone = zone or f"{CHOOSE} a time zone such as Europe/Amsterdam"
    parts = (_head(proposal), _sites(proposal, site, zone), _tables(proposal, site), _unused(proposal))
    return "\n".join([*map(_printable, chain.from_iterable(parts)), ""])


def _printable(line: str) -> str:
    """Return a line in which nothing of a file can begin another: what cannot be printed is a space."""
    return "".join(letter if letter.isprintable() else " " for letter in line)


def _head(proposal: Proposal) -> Iterator[str]:
    yield "# Proposed by `ringfence map`. Read each line before you use it: sure and likely is what the program thinks."
    yield "# What stands behind # is not in force. When the files are read nothing is guessed; this text alone counts."
    yield "mapping: 1"
    yield f"id: {re.sub(r'[^a-z0-9]+', '-', proposal.folder.lower()).strip('-') or 'proposed'}"
    yield f"title: {quoted(f'Files of {proposal.folder}')}"
    blanks = ['""', *(quoted(text, always=True) for text in proposal.blanks)]
    told = ", ".join(f"{text}: {many:,}" for text, many in proposal.blanks.items())
    yield f"empty: [{', '.join(blanks)}]{f'  # cells that hold these: {told}' if told else ''}"
    headed = {sheet.part.name: sheet.header for sheet in proposal.sheets if sheet.header}
    if headed:
        yield "files:"
    for name, lines in headed.items():
        yield f"  {quoted(name)}: {{header: [{', '.join(map(str, lines))}]}}  # these lines name the columns together"
    yield ""
    yield "tables:"


def _sites(proposal: Proposal, site: str, zone: str) -> Iterator[str]:
    own = [entry for entry in proposal.in_force if entry.table == "facilities"]
    sites = list(proposal.sites)
    constant = any(one.text == SITE for entry in proposal.entries for one in entry.constants.values())
    if (constant or not sites) and site not in sites:
        sites.append(site)
    if not own:
        yield "  facilities:"
        yield "    - rows:"
        yield from (f"        - {{facility_id: {quoted(one)}, zone: {quoted(zone)}}}" for one in sites)
    moving, known = proposal.movers
    if moving and not any(entry.table == "populations" for entry in proposal.in_force):
        yield "  # Are the movements those of everybody who was admitted? Then write all_inpatients."
        if moving == known:
            yield f"  # From each of the {moving:,} patients who move an organism was grown: is it carriers_only?"
        yield "  populations:"
        yield "    - rows:"
        yield from (f"        - {{facility_id: {quoted(one)}, covers: unknown}}" for one in sites)


def _tables(proposal: Proposal, site: str) -> Iterator[str]:
    found: dict[str, list[ProposedEntry]] = {}
    for entry in proposal.entries:
        found.setdefault(entry.table, []).append(entry)
    for table in sorted(found, key=lambda name: _ORDER.index(name) if name in _ORDER else -1):
        in_force = [entry for entry in found[table] if not entry.guess]
        yield ""
        yield f"  {table}:" if in_force else f"  # {table}:"
        for entry in [*in_force, *(one for one in found[table] if one.guess)]:
            yield from _entry(entry, site)
    isolates = next((e for e in proposal.in_force if e.table == "isolates"), None)
    if "results" not in found and isolates and not proposal.tests_unread:
        yield from _no_results(isolates)


def _entry(entry: ProposedEntry, site: str) -> Iterator[str]:
    lines = [*_entry_lines(entry, site)]
    note = f"{entry.file}: {entry.rows:,} rows.{f' {entry.note}' if entry.note else ''}"
    if entry.guess:
        note += f" Not in force: {entry.guess}{'' if entry.guess.endswith('?') else '.'}"
    yield from wrap(note, 116, initial_indent="    # ", subsequent_indent="    # ", break_on_hyphens=False)
    yield from (f"    # {line[4:]}" if entry.guess else line for line in lines)


def _entry_lines(entry: ProposedEntry, site: str) -> Iterator[str]:
    yield f"    - file: {quoted(entry.file)}"
    if entry.only:
        yield f"      only: {_flow(entry.only)}"
    for column, words in entry.leave_out.items():
        yield "      # Organisms that are not known here. Their results would stand alone, and are left out."
        yield f"      leave_out: {{{quoted(column)}: [{', '.join(quoted(word) for word in words)}]}}"
    if entry.distinct:
        yield "      distinct: true"
    if entry.each:
        yield "      each:"
        yield from (f"        {quoted(column)}: {_flow(some)}" for column, some in entry.each.items())
    if entry.label:
        yield f"      matrix: {{label: {quoted(entry.label)}}}"
    if entry.columns:
        yield "      columns:"
        for name, one in entry.columns.items():
            yield from _column(entry.table, name, one, dead=one.certainty is Certainty.GUESS and not entry.guess)
    constants = {name: c for name, c in entry.constants.items() if name not in entry.columns or _guessed(entry, name)}
    if constants:
        yield "      constants:"
        for name, (text, why) in constants.items():
            yield f"        {name}: {quoted(site if text == SITE else text)}{f'  # {why}' if why else ''}"
    if entry.where_filled:
        yield f"      where_filled: [{', '.join(entry.where_filled)}]"


def _guessed(entry: ProposedEntry, name: str) -> bool:
    return entry.columns[name].certainty is Certainty.GUESS


def _column(table: str, name: str, one: ProposedColumn, *, dead: bool) -> Iterator[str]:
    why = f"  # {one.certainty}: {one.why}" if one.why else ""
    parts = {"column": one.column, "template": one.template, "pattern": one.pattern, "format": one.format}
    given = {key: text for key, text in parts.items() if text is not None}
    pad = f"        {'# ' if dead else ''}"
    if not one.values and not one.unknown:
        short = quoted(one.column) if given.keys() == {"column"} and one.column else _flow(given)
        yield f"{pad}{name}: {short}{why}"
        return
    yield f"{pad}{name}:{why}"
    yield from (f"{pad}  {key}: {quoted(text)}" for key, text in given.items())
    if one.values:
        yield f"{pad}  values:"
        for word, ours in one.values.items():
            yield f"{pad}    {quoted(word)}: {quoted(ours)}{_many(one.counts, word)}"
    if one.unknown:
        cells = sum(one.unknown.values())
        yield f"{pad}  # Words that are not known, in {cells:,} cells. {_what_of_them(table, name)}"
        if not one.values:
            yield f"{pad}  # values:"
        by_many = sorted(one.unknown.items(), key=lambda item: (-item[1], item[0]))
        for word, many in by_many[:_UNKNOWN_AT_MOST]:
            yield f"{pad}  #   {quoted(word)}: ?  # {many:,}"
        if len(by_many) > _UNKNOWN_AT_MOST:
            yield f"{pad}  #   and {len(by_many) - _UNKNOWN_AT_MOST:,} more"


def _what_of_them(table: str, name: str) -> str:
    """Say what becomes of rows with words that are not known."""
    instead = INSTEAD.get((table, name))
    return f"They are read as {instead} until listed:" if instead else "Rows with them are refused until listed above:"


def _many(counts: Mapping[str, int], word: str) -> str:
    return f"  # {counts[word]:,}" if word in counts else ""


def _no_results(isolates: ProposedEntry) -> Iterator[str]:
    own, specimen = (
        quoted(one.column) if one.column else _flow({"template": one.template or ""})
        for one in (isolates.columns["isolate_id"], isolates.columns["specimen_id"])
    )
    yield ""
    yield "  # No column says which carbapenemase was found. Does every isolate of a file carry the same? Then name it:"
    yield "  # results:"
    yield f"  #   - file: {quoted(isolates.file)}"
    yield f"  #     columns: {{result_id: {own}, specimen_id: {specimen}, isolate_id: {own}}}"
    yield "  #     constants: {kind: gene, analyte: CHOOSE, found: detected, status: final}"


def _unused(proposal: Proposal) -> Iterator[str]:
    if proposal.columns_unused:
        yield ""
        yield "# Columns that nothing is made of. Does one of them say what was found, or that a result does not stand?"
        for name, columns in proposal.columns_unused.items():
            yield f"#   {name}: {columns}"
    if proposal.unused:
        yield ""
        yield "# Nothing was recognized in these files. If that is right, say why they are left out:"
        yield "# ignore:"
        for name, columns in proposal.unused.items():
            yield f"#   {quoted(name)}: holds nothing that is needed  # it has: {columns}"


def quoted(text: str, *, always: bool = False) -> str:
    """Return a text as YAML has it: as it stands where that can be read only in one way, else in marks."""
    plain = re.fullmatch(r"[^\W_][\w .+/()*]*(?:-[\w .+/()*]+)*", text) and text == text.strip()
    if plain and not always and text.casefold() not in ("null", "true", "false", "yes", "no", "on", "off"):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _flow(some: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{quoted(name)}: {quoted(text)}" for name, text in some.items()) + "}"


def lacking(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """Yield which findings are impossible with what the files have, and what has to be supplied for each."""
    has = proposal.has
    if not has("stays"):
        yield "who was where, who met whom, and where carriers are now", "stays: patient, ward, from, to"
    else:
        if not has("stays", "room"):
            yield "who shared a room", "`room` in stays"
        if not has("stays", "bed"):
            yield "who came next into a bed", "`bed` in stays"
        if not has("places", "bathroom"):
            yield "who shared a bathroom", "places: ward, room, bathroom"
        if not has("populations") and proposal.movers[0] == proposal.movers[1] > 0:
            yield "contacts who do not carry, as everybody who moves seems to carry", "the movements of all patients"
    if not has("specimens"):
        yield "who was tested, when and how", "specimens: number, patient, date"
    if not (has("results") or has("isolates")):
        yield "who carries", "results: specimen, which gene or test, what was found"
    elif not has("results"):
        yield "who carries: organisms alone do not say so", "results: which gene or test, and what was found"
    elif not has("results", "reported"):
        yield "how long results took", "`reported` in results"
    if not (has("encounters") and has("answers")):
        yield "who should be screened, and how many were", "encounters, and answers: patient, visit, question, answer"
    if not has("encounters"):
        yield "where a case was acquired", "encounters: visit, patient, admitted, discharged"
    if not has("measures"):
        yield "carriers without precautions", "measures: patient, contact_precautions, from, to"
    if not (has("types") or has("distances")):
        yield "which isolates are alike", "types (sequence type, plasmid) or distances"
    if not has("populations"):
        yield "rates", "populations: patient_days or admissions, with the period"
