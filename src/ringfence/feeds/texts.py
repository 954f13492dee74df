"""Bytes of text to rows of cells: in which encoding, separated by what, in which quotation marks.

An encoding is told by its mark or by the bytes themselves. Bytes that are not UTF-8 are read as Windows-1252, which is
said: a mapping may name another. The separator is the one by which most rows have as many cells.
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from io import TextIOWrapper
from itertools import chain
from typing import NamedTuple

from .parts import BROKEN, Part, Watch, unwatched
from .problems import Effect, Problem

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", "^": "carets", "~": "tildes"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERWISE = "windows-1252"
LONGEST_CELL = 10_000_000
csv.field_size_limit(LONGEST_CELL)
_PIECE = 1 << 20
_SAMPLE_ROWS = 50


@dataclass(frozen=True)
class Form:
    """What a mapping says of the form of a file; None: it is told by the file."""

    encoding: str | None = None
    separator: str | None = None
    quote: str | None = None
    header: tuple[int, ...] = ()
    """The lines that name the columns."""


class Line(NamedTuple):
    """The cells of one row, and the line on which it begins."""

    number: int
    cells: list[str]
    merged: str = ""
    """Of a sheet: the first column in which a cell of the row is merged with others."""


class Text:
    """A part that is text: how it is written is told once, and its rows are read as often as they are asked for.

    Args:
        part: what is read.
        form: what a mapping says of it.
        watch: is told how many bytes were read, as they are.
    """

    def __init__(self, part: Part, form: Form, watch: Watch = unwatched) -> None:
        self._part, self._form, self._watch = part, form, watch

    @cached_property
    def _encoded(self) -> tuple[str, Problem | None]:
        return _encoding(self._part, self._form)

    @cached_property
    def _dialect(self) -> "_Dialect":
        return _Dialect.of(self._part, self._encoded[0], self._form)

    def lines(self) -> Iterator[Line | Problem]:
        """Yield each row, and a problem for each that cannot be read; a file that breaks off is used up to there."""
        at, name, encoding = 0, self._part.name, ""
        try:
            encoding, problem = self._encoded
            if problem:
                yield problem
            if not encoding:
                return
            with (
                self._part.opened(self._watch) as file,
                TextIOWrapper(file, encoding, errors=_ERRORS, newline="") as text,
            ):
                for one in _rows(text, name, self._dialect):
                    at = one.number if isinstance(one, Line) else one.line
                    yield one
        except UnicodeDecodeError:
            what = f"What follows line {at} is not in the encoding {encoding}; what stands before is used."
            remedy = "Correct the encoding under `files` in the mapping, or save the file as CSV UTF-8."
            yield Problem(name, at, "", what, remedy, rest=True)
        except BROKEN:
            where = f"after line {at}" if at else "at its beginning"
            said = f"The file breaks off {where}; what stands before is used."
            yield Problem(name, at, "", said, "Copy or export it again.", rest=True)


def _encoding(part: Part, form: Form) -> tuple[str, Problem | None]:
    """Return the encoding of a text, and what has to be said of it; none if it cannot be read."""
    decoder, loose = (codecs.getincrementaldecoder("utf-8")(errors) for errors in ("strict", _ERRORS))
    line, strange = 1, 0
    for number, piece in enumerate(chain(_pieces(part), [b""])):
        if number == 0:
            told = next((name for mark, name in _MARKS if piece.startswith(mark)), None)
            utf8 = told == "utf-8-sig"
            if not utf8 and (found := told or form.encoding or _without_a_mark(piece)):
                return found, None
        if not strange:
            try:
                decoder.decode(piece, final=not piece)
                line += piece.count(b"\n")
                continue
            except UnicodeDecodeError as error:
                strange = line + error.object[: error.start].count(b"\n")
                piece = error.object  # with what was left of the piece before
        if loose.decode(piece, final=not piece).count("\ufffd") > piece.count("\ufffd".encode()):
            problem = "This text is neither UTF-8 nor Windows-1252; no row of the file is used."
            remedy = "Save it as CSV UTF-8, or name its encoding under `files` in a mapping."
            return "", Problem(part.name, strange, "", problem, remedy)
    if not strange:
        return "utf-8-sig", None
    problem = "This text is not UTF-8 from here on. What is not was read as Windows-1252."
    remedy = "Look at names with accents. If they are wrong, name the encoding under `files` in a mapping."
    return "utf-8-sig", Problem(part.name, strange, "", problem, remedy, Effect.USED)


def _pieces(part: Part) -> Iterator[bytes]:
    """Yield the bytes of a part up to where it ends, or breaks off."""
    with suppress(*BROKEN), part.opened() as file:
        while piece := file.read(_PIECE):
            yield piece


def _without_a_mark(begins: bytes) -> str | None:
    """Return the form of UTF-16 that text without a mark has: every other byte of Latin letters is a zero."""
    even, odd = begins[0:400:2].count(0), begins[1:400:2].count(0)
    half = max(1, min(len(begins), 400) // 2)
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.7 and odd < half * 0.1 else None


_ERRORS = "ringfence-1252"


def _as_1252(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError) and error.encoding == "utf-8":
        return error.object[error.start : error.end].decode(_OTHERWISE, errors="replace"), error.end
    raise error


codecs.register_error(_ERRORS, _as_1252)


class _Dialect(NamedTuple):
    separator: str
    quote: str
    escape: str | None
    skipped: int
    """Lines before the first row that only say what the separator is."""

    @classmethod
    def of(cls, part: Part, encoding: str, form: Form) -> "_Dialect":
        sample = _sample(part, encoding)
        first = sample.split("\n", 1)[0].strip('\r" ')
        said = first[4:5] if first.lower().startswith("sep=") else ""
        body = sample.split("\n", 1)[-1] if said else sample
        quote = form.quote or _quote(body)
        escape = "\\" if f"\\{quote}" in body and not re.search(_DOUBLED.format(quote), body) else None
        separator = form.separator or said or _separator(body, quote)
        return cls(separator, quote, escape, 1 if said else 0)


def _sample(part: Part, encoding: str) -> str:
    """Return how a text begins, as far as it can be read."""
    found = ""
    with (
        suppress(*BROKEN, UnicodeDecodeError),
        part.opened() as file,
        TextIOWrapper(file, encoding, errors=_ERRORS, newline="") as text,
    ):
        while len(found) < _SAMPLE and (piece := text.read(1 << 10)):
            found += piece
    return found


_SAMPLE = 1 << 16
_DOUBLED = r"[^\\,;\t|^~\n]{0}{0}[^,;\t|^~\n]"
"""A mark inside of a cell that is written twice."""


def _quote(sample: str) -> str:
    """Return the quotation mark: the single one if every cell of the first row stands in such marks."""
    first = next((line.strip() for line in sample.splitlines() if line.strip()), "")
    return (
        "'" if len(first) > 2 and first[0] == first[-1] == "'" and any(f"'{s}'" in first for s in SEPARATORS) else '"'
    )


def _separator(sample: str, quote: str) -> str:
    """Return the separator by which most rows have as many cells, and more than one; else the comma."""
    scored: list[tuple[bool, int, float, str]] = []
    for one in SEPARATORS:
        counts = Counter(len(cells) for cells in _sampled(sample, one, quote) if any(cell.strip() for cell in cells))
        many = sum(counts.values())
        cells, rows = max(counts.items(), key=lambda c: (c[1], c[0]), default=(1, 0))
        if cells > 1:
            scored.append((rows >= many * 0.5, cells, rows / many, one))
    return max(scored, key=lambda s: s[:3])[3] if scored else ","


def _sampled(sample: str, separator: str, quote: str) -> Iterator[list[str]]:
    # The last line of a sample may be cut in two.
    whole = sample.splitlines(keepends=True)
    reader = csv.reader(iter(whole[:-1] if len(whole) > 1 else whole), delimiter=separator, quotechar=quote)
    for _ in range(_SAMPLE_ROWS):
        try:
            yield next(reader)
        except (StopIteration, csv.Error):
            return


def _rows(text: TextIOWrapper, name: str, dialect: _Dialect) -> Iterator[Line | Problem]:
    """Yield each row with the line it begins on, and go on after a row that cannot be read."""
    for _ in range(dialect.skipped):
        text.readline()
    reader = csv.reader(
        text, delimiter=dialect.separator, quotechar=dialect.quote, escapechar=dialect.escape, strict=True
    )
    held: tuple[int, bool] | None = None
    while True:
        begins = dialect.skipped + reader.line_num + 1
        try:
            line = Line(begins, next(reader))
        except StopIteration:
            if held:
                yield _unmatched(name, *held)
            return
        except csv.Error as error:
            if "field larger" in str(error):
                what = f"A cell of this row has more than {LONGEST_CELL:,} characters. No row after it could be read."
                yield Problem(
                    name, begins, "", what, "Look for a quotation mark that is not closed, or shorten it.", rest=True
                )
                return
            if held:
                yield _unmatched(name, held[0], False)
            held = (begins, dialect.skipped + reader.line_num > begins)
            continue
        if held:
            yield _unmatched(name, held[0], False)
            held = None
        yield line


def _unmatched(name: str, line: int, swallowed: bool) -> Problem:
    """Return the problem of a row whose quotation marks do not match; `swallowed`: it went on to the end."""
    lost = " No row after it could be read." if swallowed else ""
    problem = f"The quotation marks of this row do not match.{lost}"
    remedy = 'Quote a cell as in "a, b", and a quotation mark in it as "".'
    return Problem(name, line, "", problem, remedy, rest=swallowed)
