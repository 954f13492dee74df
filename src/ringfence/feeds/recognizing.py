"""Which column of a file seems to be which of ours: by its name, and by what stands in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from ringfence.record import Column
from ringfence.vocabulary import UnknownCarbapenemase, carbapenemase, carbapenemases_in

from .files import TextFile
from .known_names import SAME, blank_words, is_list, known_names, known_word, strength, tokens, translated
from .mapping import FACTS
from .parts import Part
from .profiles import ENOUGH, WORDS_AT_MOST, Profile, profiles

_MORE_WORDS = 3
"""A name that holds a known one and more words than this is another name."""


class Certainty(StrEnum):
    """How certain a proposal is."""

    SURE = "sure"
    LIKELY = "likely"
    GUESS = "guess"


@dataclass(frozen=True)
class Match:
    """A column of a file for one of ours."""

    column: str
    """Of the file."""
    certainty: Certainty
    why: str


@dataclass
class Sheet:
    """A part of the input with what its columns hold."""

    part: Part
    text: TextFile
    header: tuple[int, ...] = ()
    """The lines that name the columns together; none: one line does."""
    _matches: dict[str, dict[str, Match]] = field(default_factory=dict)

    @cached_property
    def profiles(self) -> dict[str, Profile]:
        """What each column holds."""
        return profiles(self.text.header, (row.cells for row in self.text.rows), blank_words())

    def order_of_dates(self, like: str) -> str:
        """Return what dates written like a format begin with, where a column shows it and none another; else nothing.

        Only dates with the same separator and as many digits of the year are written alike.
        """
        known = {
            form.formats[0]
            for one in self.profiles.values()
            if (form := one.dates) and len(form.formats) == 1 and "%b" not in form.formats[0]
        }
        first = {one[:2] for one in known if _without_order(one) == _without_order(like)}
        return first.pop() if len(first) == 1 else ""

    def matches(self, table: str) -> dict[str, Match]:
        """Return the columns of the file that seem to be those of a table, by ours; each of the file at most once."""
        if table not in self._matches:
            self._matches[table] = self._matched(table)
        return self._matches[table]

    def _matched(self, table: str) -> dict[str, Match]:
        found: dict[str, Match] = {}
        taken: set[str] = set()
        for _, ours, match in sorted(self._candidates(table), key=lambda one: one[0]):
            if ours not in found and match.column not in taken:
                found[ours] = match
                taken.add(match.column)
        return found

    def _candidates(self, table: str) -> Iterator[tuple[tuple[int, ...], str, Match]]:
        order = list(Certainty)
        for place, profile in enumerate(self.profiles.values()):
            for rank, (ours, column) in enumerate(_columns(table).items()):
                if not (profile.cells or profile.blanks):
                    continue
                named = strength(table, ours, profile.name)
                match = _match(table, ours, column, profile, named)
                if match:
                    # An exact name goes first, then what is most certain, then the order of our columns and theirs.
                    key = (order.index(match.certainty), -named, rank, place)
                    yield key, ours, match

    def distinct(self, *columns: str) -> int:
        """Return how many different rows these columns have."""
        return len({tuple(row.cells.get(name, "") for name in columns) for row in self.text.rows})

    def is_key(self, *columns: str) -> bool:
        """Whether these columns tell every row of the file from every other."""
        return self.distinct(*columns) == len(self.text.rows)


def _without_order(form: str) -> str:
    """Return the date of a format with its parts in no order."""
    date = re.split("[ T]%[HI]", form)[0]
    return "".join(sorted(re.findall("%[a-zA-Z]", date))) + "".join(set(re.sub("%[a-zA-Z]", "", date)))


def _columns(table: str) -> dict[str, Column | None]:
    """Return the columns that can be recognized; what is no column of ours by name, but becomes one, has none."""
    own = FACTS[table].by_name
    named = dict.fromkeys(one.column for one in known_names() if one.table == table or one.column in own)
    return {name: own.get(name) for name in named if name in own or name in _PSEUDO or table == "types"} | {
        name: column for name, column in own.items() if name not in named and not column.derived
    }


_PSEUDO = {
    "activity": "results.found",
    "in_doubt": "results.found",
    "outcome": "results.found",
    "test": "results.found",
    "environment": "results.found",
}
"""What is no column of ours, and of what its cells are words."""


def _match(table: str, ours: str, column: Column | None, profile: Profile, named: int) -> Match | None:
    if not named and not (column and type(column.kind).__name__ in _TELLING):
        return None
    share, telling, holds = _held(table, ours, column, profile)
    if named == SAME:
        if share >= ENOUGH:
            return Match(profile.name, Certainty.SURE, f"the name is known{holds}")
        # One word of a laboratory may fill most cells, such as that nothing grew.
        if share >= 0.5 or (telling and _words_known(table, column, profile) >= 0.5):
            return Match(profile.name, Certainty.LIKELY, f"the name is known{holds}")
        if telling and profile.is_list and not (column and column.kind.dated):
            return Match(profile.name, Certainty.GUESS, f"the name is known, its words are not{holds}")
        return None
    if named:
        near = table != "types" and len(tokens(profile.name)) - named <= _MORE_WORDS
        if share >= ENOUGH and (telling or near):
            return Match(profile.name, Certainty.LIKELY, f"the name holds one that is known{holds}")
        if share >= 0.5:
            return Match(profile.name, Certainty.GUESS, f"the name holds one that is known{holds}")
        return None
    if share >= _SAYS_IT_ALONE and sum(is_enzyme(word) for word in profile.words) >= 2:
        return Match(profile.name, Certainty.LIKELY, f"carbapenemases stand in it{holds}")
    if share >= 0.8 and len(profile.words) >= 3:
        return Match(profile.name, Certainty.GUESS, f"only what stands in it says so{holds}")
    return None


def _words_known(table: str, column: Column | None, profile: Profile) -> float:
    """Return which part of the different words of a column reads as ours."""
    if column is None or column.kind.dated or not is_list(column) or not profile.words:
        return 0.0
    return sum(translated(table, column, word) is not None for word in profile.words) / len(profile.words)


_SAYS_IT_ALONE = 0.95
"""The part of the cells that name carbapenemases, or that there is none, by which a column says what was found."""
_TELLING = ("OrganismName", "EnzymeName")
"""Kinds of which the words alone say what a column is."""


def _held(table: str, ours: str, column: Column | None, profile: Profile) -> tuple[float, bool, str]:
    """Return which part of the cells reads as ours, whether that tells anything, and both in words."""
    if column and column.kind.dated:
        dates = profile.dates
        return (dates.share, True, f"; {_part(dates.share)} are dates") if dates else (0.0, True, "")
    if ours == "test":
        some = any(is_enzyme(word) for word in profile.words)
        return float(some), True, "; carbapenemases are among its words"
    if ours in _PSEUDO or (column and is_list(column)):
        known, all_words, counts = 0, 0, profile.texts
        for word, many in counts.items():
            read = (
                known_word(_PSEUDO[ours], word, counts) if column is None else translated(table, column, word, counts)
            )
            if ours == "analyte" and read is None:  # `NEG` for the name of a gene says that none was found
                read = known_word("results.found", word, counts)
            blank = read is None and word in profile.blanks
            all_words += 0 if blank else many
            known += many if read is not None else 0
        share = known / all_words if all_words else 0.0
        return share, True, f"; {_part(share)} are words that are known"
    if profile.dates:
        return 0.0, False, ""
    if ours in ("specimen_id", "isolate_id", "patient_id", "facility_id", "ward") and _are_materials(profile):
        return 0.0, False, ""
    return 1.0 if profile.cells else 0.0, False, f"; {len(profile.words):,} different"


def names_enzymes(text: str) -> bool:
    """Whether a text names one carbapenemase or several."""
    try:
        return bool(carbapenemases_in(text))
    except UnknownCarbapenemase:
        return False


def is_enzyme(word: str) -> bool:
    """Whether a word names one carbapenemase."""
    try:
        carbapenemase(word)
    except UnknownCarbapenemase:
        return False
    return True


def _part(share: float) -> str:
    return "all cells" if share == 1 else f"{share:.1%} of the cells"


def _are_materials(profile: Profile) -> bool:
    """Whether a column holds kinds of specimen, and not numbers of specimens."""
    if len(profile.words) > WORDS_AT_MOST:
        return False
    column = FACTS["specimens"].by_name["kind"]
    known = sum(many for word, many in profile.words.items() if translated("specimens", column, word))
    return known >= 0.5 * profile.cells
