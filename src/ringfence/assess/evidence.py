"""What one result of the laboratory says of one isolate, and how much, given what its method can see there."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from ringfence.record import TESTS, Found, MeasuredIn, Result, ResultKind, ResultStatus, Timeline, When
from ringfence.vocabulary import (
    About,
    Carbapenemase,
    Family,
    Meaning,
    Method,
    Negative,
    Organism,
    Positive,
    Side,
    Sight,
    Span,
    carbapenemase,
    expected,
    known_method,
    organisms,
    sight,
)

SETTLED = (ResultStatus.FINAL, ResultStatus.CORRECTED)
YEAST = "yeast"
"""Antibacterials say nothing of a yeast, and it carries no carbapenemase."""
_UTC = ZoneInfo("UTC")
_NAMING = (ResultKind.GENE, ResultKind.PROTEIN)


class Says(StrEnum):
    """What a test for a carbapenemase says."""

    FOUND = "found"
    NOT_FOUND = "not found"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Evidence:
    """One result of a test for a carbapenemase, in what was tested."""

    result: Result
    says: Says
    method: Method | None
    """None: not stated, or not in the list; it is then known by its kind only."""
    enzyme: Carbapenemase | None
    """Looked for or found; None: a panel with nothing found, or a test that names none."""
    sight: Sight
    organism: Organism | None
    """What was tested; None: not known."""

    @property
    def family(self) -> Family | None:
        """The family looked for or found."""
        return self.enzyme.family if self.enzyme else None

    @property
    def naming(self) -> bool:
        """Whether it is a test that names what it finds: of a gene or a protein."""
        return self.result.kind in _NAMING

    @property
    def settled(self) -> bool:
        """Whether the report is final."""
        return self.result.status in SETTLED

    @property
    def belied(self) -> bool:
        """Whether its zone speaks against the word that the laboratory gave."""
        return self.says is Says.UNCLEAR and self.result.found in (Found.DETECTED, Found.NOT_DETECTED)

    @property
    def intrinsic(self) -> bool:
        """Whether it is about a marker of the species."""
        return self.family is not None and self.family.meaning is Meaning.INTRINSIC and not self.misplaced

    @property
    def misplaced(self) -> bool:
        """Whether it is about a gene that the organism is not known to have: a marker of another, or any in a yeast."""
        if self.family is None or self.organism is None:
            return False
        marker = self.family.meaning is Meaning.INTRINSIC
        elsewhere = marker and not expected(self.organism, About.GENE, self.family.name)
        return elsewhere or self.organism.group == YEAST

    @property
    def counts(self) -> bool:
        """Whether it found something, by a method that is valid there."""
        valid = self.sight.positive is Positive.COUNTS and not self.misplaced
        return self.says is Says.FOUND and valid and not self.intrinsic

    @property
    def suspects(self) -> bool:
        """Whether it found something, by a method that is not known to be valid there, or where it is not expected."""
        doubtful = self.sight.positive is Positive.SUSPICION or self.misplaced
        return self.says is Says.FOUND and doubtful and not self.intrinsic

    @property
    def rules_out(self) -> bool:
        """Whether it found nothing, finally, and could have found any carbapenemase there."""
        could = self.sight.negative is Negative.RULES_OUT
        return self.settled and self.says is Says.NOT_FOUND and could and self.enzyme is None

    def could_have_found(self, family: Family | None) -> bool:
        """Whether it found nothing where it could have found a family, if not always."""
        looked = self.enzyme is None or (family is not None and self.family == family)
        return self.says is Says.NOT_FOUND and self.sight.negative is not Negative.SAYS_NOTHING and looked

    def repeats(self, other: "Evidence") -> bool:
        """Whether it is the same test of the same thing as another: the same method, and what the other looked for."""
        same = self.method is not None and self.method == other.method
        return self is not other and same and (other.enzyme is None or self.family == other.family)

    def speaks_for(self, other: "Evidence") -> bool:
        """Whether it is what became of another that was not clear: the same test, clear, final, later or as late.

        It must itself have the power to say so there: a negative that rules out nothing leaves the other as it is.
        """
        power = {Says.FOUND: self.counts, Says.NOT_FOUND: self.sight.negative is Negative.RULES_OUT}
        able = self.settled and power.get(self.says, False)
        return able and other.repeats(self) and _not_before(self.result.reported, other.result.reported)

    @property
    def by(self) -> str:
        """The method, in words."""
        article = "an" if self.result.kind is ResultKind.ACTIVITY else "a"
        return self.method.name if self.method else f"{article} {self.result.kind.value} test"


def is_read(result: Result) -> bool:
    """Whether rules read a result of this kind."""
    return result.kind is not ResultKind.TYPING


def organism_of(timeline: Timeline, isolate_id: str | None) -> Organism | None:
    """Return what an isolate is; None: no isolate was tested, it is not on record, or rows disagree on what it is."""
    isolate = None if isolate_id in timeline.doubtful_isolates else timeline.isolates.get(isolate_id or "")
    return organisms()[isolate.organism] if isolate else None


def evidence_of(result: Result, organism: Organism | None) -> Evidence | None:
    """Return what a result says; None: it is no test for a carbapenemase, or says nothing."""
    if result.kind not in TESTS:
        return None
    used = _method_of(result)
    says = _says(result, used)
    if says is None:
        return None
    enzyme = carbapenemase(result.analyte) if result.analyte and result.kind in _NAMING else None
    family = enzyme.family if enzyme else None
    return Evidence(result, says, used, enzyme, sight(used, result.kind.value, organism, family), organism)


def _method_of(result: Result) -> Method | None:
    """Return the method of a result, where it is stated, in the list, and looks for what the result is of."""
    named = known_method(result.method)
    return named if named and named.kind == result.kind.value else None


def _says(result: Result, used: Method | None) -> Says | None:
    """Return what a result says, by its word and its zone; a word that its zone belies is not clear.

    A test of activity that was made, and whose value cannot be read, is not clear either.
    """
    zone = _by_zone(result, used)
    if result.found is None:
        measured = result.kind is ResultKind.ACTIVITY and result.value is not None
        return zone or (Says.UNCLEAR if measured else None)
    word = {Found.DETECTED: Says.FOUND, Found.NOT_DETECTED: Says.NOT_FOUND}.get(result.found, Says.UNCLEAR)
    return Says.UNCLEAR if _belied(word, zone) else word


def _by_zone(result: Result, used: Method | None) -> Says | None:
    if used is None or used.positive_to_mm is None or used.negative_from_mm is None:
        return None
    if result.value is None or result.unit is not MeasuredIn.MM:
        return None
    span = Span.of(result.value, result.comparator)
    if span.above(used.positive_to_mm) is Side.WITHIN:
        return Says.FOUND
    return Says.NOT_FOUND if span.below(used.negative_from_mm) is Side.WITHIN else Says.UNCLEAR


def _belied(word: Says, zone: Says | None) -> bool:
    """Whether a zone speaks against the word beside it. One between the bounds speaks only against a negative."""
    against = {Says.FOUND: (Says.NOT_FOUND,), Says.NOT_FOUND: (Says.FOUND, Says.UNCLEAR)}
    return zone in against.get(word, ())


def _not_before(one: When | None, other: When | None) -> bool:
    """Whether one report is surely not before another; of a day beside an instant, only if its day is later."""
    if one is None or other is None:
        return False
    if one.resolution is other.resolution:
        return one.earliest(_UTC) >= other.earliest(_UTC)
    return one.day(_UTC) > other.day(_UTC)
