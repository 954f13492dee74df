"""Our English in another language: a book of phrases that a translator keeps, and pages rewritten by it.

A row of the book is an English text as people read it, with slots for what comes from data, and the same in the other
language. What no row fits stays English and is marked so; it is never left out. What a slot holds is never changed but
for the form of numbers and dates, and a text whose digits would come out otherwise stays English.
"""

import csv
import re
from calendar import month_abbr, month_name
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from html import escape, unescape
from pathlib import Path
from typing import NamedTuple

from ringfence.vocabulary import PlainError, did_you_mean, shipped

_SLOT = re.compile(r"\{(\w+?)(\d*)\}")
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_DAY = r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2})?|\d{1,2} [A-Z][a-z]+(?: \d{4})?|[A-Z][a-z]{2,8} \d{4}"
_KINDS = {"number": _NUMBER, "day": _DAY, "said": r".+?", "quoted": r".+"}
_VERBATIM = r"(?:(?!; ).)+?"
_NUMBER_SHOWN, _FIRST_OF_MONTH = "1,234.5", "1st"
"""Rows of the book that show how numbers are written, and the first day of a month."""
_OURS_FROM = 3
"""So many words in small letters are a sentence of ours; fewer may be a name that comes from data."""


class LanguageError(PlainError):
    """A language that is not there, or a book that cannot be used; the message says where and what would be right."""


class Piece(NamedTuple):
    """A stretch of text, and whether it was left in English."""

    text: str
    english: bool = False
    quoted: bool = False
    """Whether it is left so because the book says that it is somebody's own words."""


@dataclass(frozen=True)
class _Row:
    english: str
    other: str
    where: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        parts, at = [], 0
        for slot in _SLOT.finditer(self.english):
            parts += [
                re.escape(self.english[at : slot.start()]),
                f"(?P<{slot[1]}{slot[2]}>{_KINDS.get(slot[1], _VERBATIM)})",
            ]
            at = slot.end()
        return re.compile("".join([*parts, re.escape(self.english[at:])]))

    @cached_property
    def literal(self) -> str:
        return _SLOT.sub("\0", self.english)


@dataclass(frozen=True)
class Phrases:
    """The book of one language."""

    language: str
    rows: tuple[_Row, ...]
    draft: bool
    """Whether there is a row that nobody has reviewed."""

    def pieces(self, text: str) -> list[Piece]:
        """Return a text in the language, in pieces; those that no row fits are English."""
        return self._read(" ".join(text.split()))

    def text(self, text: str) -> str:
        """Return a text in the language; what no row fits stays English."""
        return "".join(piece.text for piece in self.pieces(text))

    def page(self, html: str) -> str:
        """Return a page in the language: its text, titles and labels. What stays English is marked as English.

        An element with `translate="no"` is left as it is; numbers alone are written anew where the class is `number`.
        """
        return "".join(_Page(self).parts(html))

    # How a text is read

    @cached_property
    def _exact(self) -> dict[str, str]:
        return {row.english: row.other for row in self.rows if "{" not in row.english}

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[_Row]]:
        """Rows with slots, by the rarest word of each; the longest text first."""
        slotted = sorted((row for row in self.rows if "{" in row.english), key=lambda row: -len(row.literal))
        often = Counter(word for row in slotted for word in set(_words(row.literal)))
        found: dict[str, list[_Row]] = defaultdict(list)
        for row in slotted:
            found[min(_words(row.literal), key=lambda word: often[word], default="")].append(row)
        return found

    @cached_property
    def _known(self) -> dict[str, list[Piece]]:
        return {}

    def _read(self, text: str) -> list[Piece]:
        if not re.search("[A-Za-z]{2}", text):
            return [Piece(text)]
        if text not in self._known:
            read = [Piece(self._day(text))] if re.fullmatch(_DAY, text) else self._read_anew(text)
            kept = sorted(filter(str.isdigit, "".join(one.text for one in read))) == sorted(filter(str.isdigit, text))
            self._known[text] = read if kept else [Piece(text, english=True)]
        return self._known[text]

    def _read_anew(self, text: str) -> list[Piece]:
        whole = self._fitting(text)
        if whole and (not any(one.english for one in whole) or any(one.quoted for one in whole)):
            return whole
        for split, between in ((_SENTENCE_ENDS, " "), (re.compile("; "), "; ")):
            parts = split.split(text)
            if len(parts) > 1:
                return self._joined(parts, between)
        led = _LED.fullmatch(text)
        if led:
            return [Piece(f"{led[1]}{self._exact.get(':', ':')} "), *self._read(led[2])]
        listed = [self._fitting(part) for part in text.split(", ")]
        if len(listed) > 1 and all(listed):
            return list(_between(", ", [one for one in listed if one]))
        return whole or [Piece(text, english=len(_small_words(text)) >= _OURS_FROM)]

    def _joined(self, parts: list[str], between: str) -> list[Piece]:
        """Read parts one by one; a part that nothing fits is tried with the next, for a name may hold a dot."""
        read: list[list[Piece]] = []
        at = 0
        while at < len(parts):
            for end in range(at + 1, min(len(parts), at + 4) + 1):
                found = self._read(parts[at]) if end == at + 1 else self._fitting(between.join(parts[at:end]))
                if found and not any(one.english for one in found):
                    break
            else:
                found, end = self._read(parts[at]), at + 1
            read.append(found)
            at = end
        return list(_between(between, read))

    def _fitting(self, text: str) -> list[Piece]:
        """Return a text by the row that fits it whole, also without its full stop or with a small first letter."""
        partly: list[Piece] = []
        for form, upper, stop in self._forms(text):
            found = self._by_row(form)
            if found and upper:
                found = [found[0]._replace(text=found[0].text[:1].upper() + found[0].text[1:]), *found[1:]]
            if found and stop:
                found = [*found, Piece(".")]
            if found and not any(one.english and not one.quoted for one in found):
                return found
            partly = partly or found
        return partly

    def _forms(self, text: str) -> Iterator[tuple[str, bool, bool]]:
        """Yield a text as it may stand in the book, and whether it then lacks a large first letter, and a full stop."""
        for bare, stop in (
            ((text, False), (text[:-1], True)) if text.endswith(".") and len(text) > 1 else ((text, False),)
        ):
            yield bare, False, stop
            if bare[:1].isupper() and bare[1:2].islower():
                yield bare[0].lower() + bare[1:], True, stop

    def _by_row(self, text: str) -> list[Piece]:
        if text in self._exact:
            return [Piece(self._exact[text])]
        partly: list[Piece] = []
        rows = {id(row): row for word in ("", *_words(text)) for row in self._by_word.get(word, ())}
        for row in sorted(rows.values(), key=lambda row: -len(row.literal)):
            found = row.pattern.fullmatch(text)
            if found:
                pieces = list(self._filled(row, found.groupdict()))
                if not any(one.english and not one.quoted for one in pieces):
                    return pieces
                partly = partly or pieces
        return partly

    def _filled(self, row: _Row, held: Mapping[str, str]) -> Iterator[Piece]:
        at = 0
        for slot in _SLOT.finditer(row.other):
            yield Piece(row.other[at : slot.start()])
            at = slot.end()
            text = held[slot[1] + slot[2]]
            if slot[1] == "number":
                yield Piece(self.number(text))
            elif slot[1] == "day":
                yield Piece(self._day(text))
            elif slot[1] == "said":
                yield from self._read(text)
            elif slot[1] == "quoted":
                yield self._quoted(text)
            else:
                yield Piece(text)
        yield Piece(row.other[at:])

    def _quoted(self, text: str) -> Piece:
        """Return somebody's own words, by the row that is of these alone, if there is one."""
        for bare, stop in ((text, ""), (text.removesuffix("."), ".")):
            if bare in self._exact:
                return Piece(f"{self._exact[bare]}{stop}")
        return Piece(text, english=True, quoted=True)

    def number(self, text: str) -> str:
        """Return a number as the language writes it; anything else as it is."""
        shown = self._exact.get(_NUMBER_SHOWN, _NUMBER_SHOWN)
        marks = {",": shown[1], ".": shown[-2]}
        return re.sub("[,.]", lambda mark: marks[mark[0]], text) if re.fullmatch(_NUMBER, text) else text

    def _day(self, text: str) -> str:
        found = re.fullmatch(r"(?:(\d{1,2}) )?([A-Z][a-z]+)( \d{4})?", text)
        if not found or found[2] not in _MONTHS:
            return text
        day = self._exact.get(_FIRST_OF_MONTH, "1") if found[1] == "1" else found[1]
        month = self._exact.get(found[2], found[2])
        return " ".join(filter(None, [day, month, (found[3] or "").strip()]))


_SENTENCE_ENDS = re.compile(r"(?<=[.?!]) (?=[A-Z])")
_CLAUSE = r"(?=[a-z0-9-]*[-\d])[a-z0-9]+(?:-[a-z0-9]+)*"
_LED = re.compile(rf"({_CLAUSE}(?:, {_CLAUSE})*): (.+)")
"""A reason that is led by its clauses, in whose names there is a hyphen or a digit."""
_MONTHS = (*month_name[1:], *month_abbr[1:])


def _words(text: str) -> list[str]:
    return re.findall("[A-Za-z]{2,}", text.casefold())


def _small_words(text: str) -> list[str]:
    return re.findall(r"(?<![\w-])[a-z]{2,}(?![\w-])", text)


def _between(between: str, read: Iterable[list[Piece]]) -> Iterator[Piece]:
    for n, pieces in enumerate(read):
        if n:
            yield Piece(between)
        yield from pieces


_TAG = re.compile(r"(<[^>]*>)")
_SAID_IN_TAGS = re.compile(r'( (?:aria-label|title|alt|data-label)=")([^"]*)"')
_NOT_MARKED = ("title", "text", "option")
_VOID = ("meta", "br", "input", "img", "hr", "link", "col")


class _Page:
    """A page, as it is rewritten."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases
        self.within: list[str] = []
        self.left: int | None = None
        """How deep the element lies that is left as it is."""
        self.number = False

    def parts(self, html: str) -> Iterator[str]:
        for part in _TAG.split(html):
            if not part:
                continue
            if part.startswith("<"):
                yield self._tag(part)
            elif self.left is not None or (self.within and self.within[-1] in ("style", "script")):
                yield part
            else:
                yield self._text(part)

    def _tag(self, tag: str) -> str:
        name = (re.match(r"</?([a-zA-Z0-9]+)", tag) or [""])[1] if tag[1] != "!" else ""
        if tag.startswith("</"):
            while self.within and self.within.pop() != name:
                pass
            if self.left is not None and len(self.within) < self.left:
                self.left = None
            return tag
        if name and name not in _VOID and not tag.endswith("/>"):
            self.within.append(name)
            self.number = 'class="number' in tag
            if 'translate="no"' in tag and self.left is None:
                self.left = len(self.within)
        if name == "html":
            return re.sub('lang="[^"]*"', f'lang="{self.phrases.language}"', tag)
        if self.left is not None and len(self.within) > self.left:
            return tag
        return _SAID_IN_TAGS.sub(lambda said: f'{said[1]}{escape(self.phrases.text(unescape(said[2])))}"', tag)

    def _text(self, text: str) -> str:
        said = unescape(text)
        bare = said.strip()
        if not bare:
            return text
        before, after = said[: len(said) - len(said.lstrip())], said[len(said.rstrip()) :]
        if self.number:
            return (
                f"{before}{escape(self.phrases.number(bare))}{after}"
                if not re.search("[a-z]", bare)
                else self._said(bare)
            )
        return f"{before}{self._said(bare)}{after}"

    def _said(self, text: str) -> str:
        marked = not (self.within and self.within[-1] in _NOT_MARKED)
        return "".join(
            f'<span lang="en">{escape(one.text, quote=False)}</span>' if one.english and marked
            else escape(one.text, quote=False)
            for one in self.phrases.pieces(text)
        )  # fmt: skip


def languages() -> tuple[str, ...]:
    """Return the codes of the languages there is a book for, besides English."""
    return tuple(sorted(one.name for one in shipped("languages").iterdir() if one.is_dir()))


@cache
def phrases(language: str) -> Phrases:
    """Return the book of a language, from the CSV files of `languages/CODE`.

    Raises:
        LanguageError: there is none, or a row of it cannot be used.
    """
    if language not in languages():
        known = ("en", *languages())
        raise LanguageError(
            f"`{language}`: there is no such language. There are: {', '.join(known)}.{did_you_mean(language, known)}"
        )
    rows: dict[str, _Row] = {}
    draft = False
    for path in sorted(shipped("languages", language).glob("*.csv")):
        for row, reviewed in _rows(path):
            if row.english in rows:
                raise LanguageError(f"{row.where}: this English stands in {rows[row.english].where} too. Keep one.")
            rows[row.english] = row
            draft = draft or not reviewed
    return Phrases(language, tuple(rows.values()), draft)


def _rows(path: Path) -> Iterator[tuple[_Row, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        if header != ["english", "other", "reviewed"]:
            raise LanguageError(f"{path.name}:1: the columns are english, other, reviewed, in this order.")
        for cells in reader:
            where = f"{path.name}:{reader.line_num}"
            if len(cells) != len(header) or not cells[0].strip() or not cells[1].strip():
                raise LanguageError(f"{where}: give the English, the other language, and who reviewed it (or nothing).")
            slots = [sorted(found[0] for found in _SLOT.finditer(text)) for text in cells[:2]]
            if slots[0] != slots[1] or len(set(slots[0])) < len(slots[0]):
                raise LanguageError(f"{where}: both texts need the same slots, each once: {', '.join(slots[0])}.")
            yield _Row(cells[0], cells[1], where), cells[2]
