"""What susceptibility makes of an isolate: a suspicion, nothing, or a value that cannot be placed. Never a carrier.

The laboratory's own letter is read first and is never replaced. Where it gave none, the measured value is read by the
cut-offs of the year, and only to raise a suspicion.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ringfence.policy import SuspectsOn
from ringfence.record import Comparator, Interpretation, MeasuredIn, Reason, Result, ResultKind
from ringfence.vocabulary import (
    About,
    Antibiotic,
    CutOff,
    CutOffPurpose,
    Expectation,
    Organism,
    Side,
    Span,
    UnknownAntibiotic,
    antibiotic,
    antibiotics,
    cut_off,
    expected,
    strictest,
    weakest,
)

from .evidence import YEAST
from .reasons import Why
from .rules import Rules

_THIRD_GENERATION = ("ceftriaxone", "cefotaxime", "ceftazidime")
_UNITS = {MeasuredIn.MG_PER_L: "mg/L", MeasuredIn.MM: "mm"}


@dataclass(frozen=True)
class Reading:
    """One susceptibility result of one antibiotic."""

    result: Result
    drug: Antibiotic
    expected: Expectation | None
    """Set where the organism is resistant to it by nature."""

    @property
    def span(self) -> Span | None:
        """The measured value, as far as it is known."""
        if self.result.value is None or self.result.unit not in _UNITS:
            return None
        return Span.of(self.result.value, self.result.comparator)

    @property
    def zone(self) -> bool:
        """Whether it is a zone and not a MIC."""
        return self.result.unit is MeasuredIn.MM

    @property
    def value(self) -> str:
        """The value with its sign and unit, and the laboratory's letter, as reported."""
        sign = "" if self.result.comparator in (None, Comparator.EQUAL) else self.result.comparator.value
        unit = _UNITS.get(self.result.unit, "") if self.result.unit else "(no unit)"
        measured = f"{sign}{self.result.value:g} {unit}".strip() if self.result.value is not None else ""
        letter = f"{self.result.interpretation.value} by the laboratory" if self.result.interpretation else ""
        return ", ".join(part for part in (measured, letter) if part)

    @property
    def facts(self) -> tuple[str, ...]:
        """The result."""
        return (f"results:{self.result.result_id}",)


@dataclass
class Phenotype:
    """What the susceptibility of one isolate comes to."""

    suspects: list[Reason] = field(default_factory=list)
    unplaced: list[Reason] = field(default_factory=list)
    """Values that cannot be placed against a cut-off, and tests that were not made."""
    by_nature: list[Reason] = field(default_factory=list)
    """Resistance that the organism has by nature."""
    looks: list[Reason] = field(default_factory=list)
    """Other likely reasons of a suspicion."""
    read: bool = False
    """Whether any carbapenem was tested that can tell something."""
    raised: bool = False
    """Whether any of those was not plainly susceptible, by the letter or by the clinical cut-off of the year."""


def phenotype(results: Iterable[Result], organism: Organism | None, rules: Rules, *, year: int) -> Phenotype:
    """Return what susceptibility results say of a carbapenemase, by a policy and the cut-offs of a year."""
    found = Phenotype()
    if organism and organism.group == YEAST:
        return found
    readings = [reading for result in results if (reading := _reading(result, organism))]
    for reading in (r for r in readings if r.drug.carbapenem):
        if reading.expected:
            if _raised(reading):
                found.by_nature.append(_natural(reading, organism))
            continue
        found.read = True
        found.raised |= _susceptible(reading, organism, rules, year) is False
        if SuspectsOn.RESISTANT_TO_A_CARBAPENEM in rules.suspects_on:
            _by_breakpoint(reading, organism, rules, year, found)
    if SuspectsOn.SCREENING_CUTOFF in rules.suspects_on:
        _by_screening([r for r in readings if r.drug.carbapenem and not r.expected], organism, rules, year, found)
    found.unplaced = [one for n, one in enumerate(found.unplaced) if one not in found.unplaced[:n]]
    if found.suspects:
        found.looks += _looks(readings, organism, rules, year)
    return found


def _reading(result: Result, organism: Organism | None) -> Reading | None:
    if result.kind is not ResultKind.SUSCEPTIBILITY or not result.antibiotic:
        return None
    try:
        drug = antibiotic(result.antibiotic)
    except UnknownAntibiotic:
        return None
    return Reading(result, drug, expected(organism, About.ANTIBIOTIC, drug.code))


def _raised(reading: Reading) -> bool:
    """Whether a result may look resistant: whatever is not plainly susceptible."""
    if reading.result.interpretation is not None:
        return reading.result.interpretation is not Interpretation.S
    return reading.span is not None


def _natural(reading: Reading, organism: Organism | None) -> Reason:
    assert reading.expected
    values = {"organism": organism.name if organism else "", "note": reading.expected.note, "drug": reading.drug.name}
    return Reason(Why.BY_NATURE, mark=reading.expected.mark, facts=reading.facts, values=values)


def _by_breakpoint(reading: Reading, organism: Organism | None, rules: Rules, year: int, found: Phenotype) -> None:
    """Resistant by the laboratory's letter; or by value, where it gave no letter or one that the value belies."""
    cut = cut_off(CutOffPurpose.CLINICAL, organism, reading.drug, year=year, own=rules.own_cut_offs)
    letter, span = reading.result.interpretation, reading.span
    if letter is Interpretation.R:
        found.suspects.append(_said(Why.RESISTANT, reading, None, rules))
    elif cut and span and _beyond_breakpoint(reading, cut, span):
        found.suspects.append(_said(Why.BEYOND_BREAKPOINT, reading, cut, rules))
    elif letter is not None:
        return
    elif cut is None or span is None:
        _without_table(reading, rules, found)
    elif cut.not_susceptible(span, zone=reading.zone) is Side.UNPLACED:
        found.unplaced.append(_said(Why.CANNOT_BE_PLACED, reading, cut, rules))


def _beyond_breakpoint(reading: Reading, cut: CutOff, span: Span) -> bool:
    """Beyond the bound of susceptible; where the laboratory gave a letter, beyond that of resistant."""
    lettered = reading.result.interpretation is not None
    not_susceptible = cut.not_susceptible(span, zone=reading.zone) is Side.BEYOND and not lettered
    return not_susceptible or cut.side(span, zone=reading.zone) is Side.BEYOND


def _without_table(reading: Reading, rules: Rules, found: Phenotype) -> None:
    """A value that no table can place, because it has no unit or there is no table: unknown, unless plainly low.

    Plainly low is not beyond the strictest cut-off that any table has to screen with; that is our own. The laboratory
    is asked where the value lies beyond the strictest bound of susceptible.
    """
    if reading.result.value is None:
        return
    span = reading.span or Span.of(reading.result.value, reading.result.comparator)
    screen, clinical = (strictest(purpose, reading.drug) for purpose in CutOffPurpose)
    beyond = screen.side(span, zone=reading.zone) if screen else Side.UNPLACED
    clinically = clinical.not_susceptible(span, zone=reading.zone) if clinical else Side.UNPLACED
    found.raised |= clinically is Side.BEYOND
    if reading.span is None:
        found.unplaced.append(_said(Why.NO_UNIT, reading, None, rules))
    elif beyond is Side.BEYOND or clinically is Side.UNPLACED:
        found.unplaced.append(_said(Why.NO_TABLE, reading, screen, rules))


def _by_screening(
    readings: list[Reading], organism: Organism | None, rules: Rules, year: int, found: Phenotype
) -> None:
    """Beyond the cut-off from which a carbapenemase is tested for; a letter other than S lies beyond it.

    In an organism for which there is no such cut-off the clinical one stands in.
    """
    if not _screened(organism, rules, year):
        if SuspectsOn.RESISTANT_TO_A_CARBAPENEM not in rules.suspects_on:
            for reading in readings:
                _by_breakpoint(reading, organism, rules, year, found)
        return
    sides: list[Side] = []
    reasons: list[Reason] = []
    for reading in readings:
        cut = cut_off(CutOffPurpose.SCREENING, organism, reading.drug, year=year, own=rules.own_cut_offs)
        if cut is None:
            continue
        side = cut.side(reading.span, zone=reading.zone) if reading.span else Side.UNPLACED
        letter = reading.result.interpretation
        if letter not in (None, Interpretation.S):
            side = Side.BEYOND
        elif reading.span is None and letter is Interpretation.S:
            continue
        sides.append(side)
        if side is Side.BEYOND and all(reason.facts != reading.facts for reason in found.suspects):
            found.suspects.append(_said(Why.BEYOND_CUT_OFF, reading, cut, rules))
        elif side is Side.UNPLACED:
            known = reading.span is not None
            reasons.append(
                _said(Why.CANNOT_BE_PLACED if known else Why.NO_UNIT, reading, cut if known else None, rules)
            )
    if sides and Side.BEYOND not in sides and Side.WITHIN not in sides:
        found.unplaced += reasons
    if not sides:
        _without_screening(readings, organism, rules, year, found)


def _screened(organism: Organism | None, rules: Rules, year: int) -> list[Antibiotic]:
    """Return the carbapenems that have a cut-off to screen with in an organism."""
    carbapenems = (drug for drug in antibiotics().values() if drug.carbapenem)
    own = rules.own_cut_offs
    return [d for d in carbapenems if cut_off(CutOffPurpose.SCREENING, organism, d, year=year, own=own)]


def _without_screening(
    readings: list[Reading], organism: Organism | None, rules: Rules, year: int, found: Phenotype
) -> None:
    """What other carbapenems say, where no value of one that has a cut-off is known."""
    screened = _screened(organism, rules, year)
    letters = [reading for reading in readings if reading.drug in screened]
    others = [reading for reading in readings if reading.drug not in screened]
    for reading in others:
        if reading.result.interpretation is None and _susceptible(reading, organism, rules, year) is None:
            _without_table(reading, rules, found)
    raised = [reading for reading in others if _susceptible(reading, organism, rules, year) is False]
    if raised:
        why = Why.CUT_OFF_WITHOUT_VALUE if letters else Why.CUT_OFF_NOT_TESTED
        of = {"screened": " or ".join(drug.name for drug in screened), "letter": letters[0].value if letters else ""}
        reason = _said(why, raised[0], None, rules)
        found.unplaced.append(replace(reason, values={**reason.values, **of}))
        return
    # S is up to 2 mg/L by EUCAST and lies on either side of the cut-off, as the value `<=2` does.
    for reading in letters:
        cut = cut_off(CutOffPurpose.SCREENING, organism, reading.drug, year=year, own=rules.own_cut_offs)
        found.unplaced.append(_said(Why.CANNOT_BE_PLACED, reading, cut, rules))


def _said(why: Why, reading: Reading, cut: CutOff | None, rules: Rules) -> Reason:
    bound = _bound(reading, cut) if cut else None
    unit = "mm" if reading.zone else "mg/L"
    values = {
        "drug": reading.drug.name,
        "value": reading.value,
        "bound": f"{bound:g} {unit}" if bound is not None else f"a {unit} cut-off that is not in the table",
        "standard": _table(cut) if cut else "",
        "beyond": "below" if reading.zone else "above",
    }
    mark = weakest([cut.mark, rules.mark_of("suspects_on")]) if cut else rules.mark_of("suspects_on")
    return Reason(why, rules.clause_of("suspects_on"), mark, reading.facts, values)


def _bound(reading: Reading, cut: CutOff) -> float | None:
    """Return the bound that a value was read by: of susceptible, unless the table has none or there is a letter."""
    known = cut.zone_not_susceptible_below if reading.zone else cut.mic_not_susceptible_above
    by_letter = cut.purpose is CutOffPurpose.SCREENING or reading.result.interpretation is not None
    return cut.bound(zone=reading.zone) if by_letter or known is None else known


def _table(cut: CutOff) -> str:
    """Return the table that a cut-off stands in, and since when; of a site's own table the clause that brings it."""
    return f"{cut.standard}, {cut.from_year}" if cut.origin else cut.standard


def _looks(readings: list[Reading], organism: Organism | None, rules: Rules, year: int) -> list[Reason]:
    def susceptible(*drugs: str) -> bool | None:
        """Whether susceptible to all that were tested; None: none was tested so that it can be told."""
        sides = [_susceptible(r, organism, rules, year) for r in readings if r.drug.code in drugs]
        known = [side for side in sides if side is not None]
        return all(known) if known else None

    third, fourth = susceptible(*_THIRD_GENERATION), susceptible("cefepime")
    seen = {"sme": third is True, "ampc": third is False and fourth is True}
    return [
        Reason(Why.LOOKS_LIKE, mark=look.mark, values={"note": look.note})
        for name, holds in seen.items()
        if holds and (look := expected(organism, About.LOOK, name))
    ]


def _susceptible(reading: Reading, organism: Organism | None, rules: Rules, year: int) -> bool | None:
    if reading.result.interpretation is not None:
        return reading.result.interpretation is Interpretation.S
    cut = cut_off(CutOffPurpose.CLINICAL, organism, reading.drug, year=year, own=rules.own_cut_offs)
    if cut is None or reading.span is None:
        return None
    side = cut.not_susceptible(reading.span, zone=reading.zone)
    return None if side is Side.UNPLACED else side is Side.WITHIN
