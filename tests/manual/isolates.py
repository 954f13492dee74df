"""One isolate in the words of a report, and what it is taken to mean, day by day.

A line of a report is a date and what was reported on it:

    2026-06-08 meropenem <=0.25 mg/L        a measured value, with its sign
    2026-06-08 meropenem R                  the laboratory's letter
    2026-06-08 meropenem 16 mg/L S          both
    2026-06-11 mcim 17 mm                   an activity test read by its zone
    2026-06-10 carba_np not detected        a test that names no enzyme
    2026-06-13 pcr OXA-48-like detected     a test that names one
    2026-06-13 pcr KPC detected, preliminary
    2026-06-14 culture detected             a culture for CPO
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from builders import isolate, specimen, view, when

from ringfence.assess import Identification, Rules, identifications
from ringfence.policy import SuspectsOn
from ringfence.record import (
    CaseStatus,
    Comparator,
    Found,
    Interpretation,
    MeasuredIn,
    Result,
    ResultKind,
    ResultStatus,
)
from ringfence.vocabulary import UnknownAntibiotic, antibiotic, carbapenemase, method

RESISTANT = frozenset({SuspectsOn.RESISTANT_TO_A_CARBAPENEM})
SCREENING = frozenset({SuspectsOn.SCREENING_CUTOFF})
UNDER: dict[str, tuple[str, Rules]] = {
    "any": ("a policy that does not say", Rules()),
    "resistant": ("a policy where resistance to a carbapenem suspects", Rules(suspects_on=RESISTANT)),
    "cut-off": ("a policy where the EUCAST screening cut-off suspects", Rules(suspects_on=SCREENING)),
    "gene confirms": (
        "a policy where a gene without an organism confirms",
        Rules(gene_alone=CaseStatus.CONFIRMED),
    ),
    "SME counts": ("a policy that counts SME", Rules(chromosomal_counts=frozenset({"SME"}))),
}
"""Ways in which a policy can read results, with how the manual calls each."""

_LINE = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d) (?P<what>\S+)(?: (?P<sign><=|>=|<|>)?(?P<value>\d+(?:\.\d+)?)(?: (?P<unit>mg/L|mm))?)?"
    r"(?: (?P<enzyme>[A-Z]\S*?))?(?: (?P<found>not detected|detected|indeterminate|invalid))?"
    r"(?:, (?P<status>preliminary|corrected|withdrawn))?"
)
_UNITS = {"mg/L": MeasuredIn.MG_PER_L, "mm": MeasuredIn.MM, None: None}


@dataclass(frozen=True)
class Answer:
    """What the reports up to the end of a day mean, under one kind of policy."""

    on: str
    status: str | None
    """None: nothing is suspected, and nothing is said."""
    enzymes: str = ""
    asks: str = ""
    because: str = ""
    """Words that the reasons must hold."""
    disagree: bool = False
    under: str = "any"


@dataclass(frozen=True)
class Reported:
    """One isolate, or a specimen tested directly, with its reports and what they mean."""

    title: str
    why: str
    organism: str | None
    """None: the specimen itself was tested."""
    kind: str
    says: tuple[str, ...]
    answers: tuple[Answer, ...]
    collected: str = "2026-06-08 09:00"


def rows(reported: Reported, until: str, patient: str = "TEST-1") -> list[Any]:
    """Return the specimen, the isolate and what was reported up to a day, as facts of a patient.

    Of two lines about one test the later is a new version.
    """
    taken = specimen(f"SP-{patient}", patient, reported.collected, reported.kind)
    grown = [isolate(f"IS-{patient}", f"SP-{patient}", reported.organism)] if reported.organism else []
    return [taken, *grown, *(_result(line, reported, patient) for line in reported.says if line[:10] <= until)]


def identified(reported: Reported, answer: Answer, *more: Any) -> Identification | None:
    """Return what the reports mean at the end of a day, as the program has it; `more` are facts beside them."""
    rules = UNDER[answer.under][1]
    seen = view(f"{answer.on} 23:59", *rows(reported, answer.on), *more)
    found = identifications(seen.timeline("TEST-1"), policy="manual", rules=lambda _: rules)
    return found[0] if found else None


def _result(line: str, reported: Reported, patient: str) -> Result:
    told = _LINE.fullmatch(line)
    assert told, line
    return Result(
        result_id=" ".join(filter(None, [patient, told["what"], told["enzyme"], told["value"] and told["day"]])),
        specimen_id=f"SP-{patient}",
        isolate_id=f"IS-{patient}" if reported.organism else None,
        status=ResultStatus(told["status"] or "final"),
        reported=when(f"{told['day']} 12:00"),
        **_what(told),
    )


def _what(told: re.Match[str]) -> dict[str, Any]:
    number = float(told["value"]) if told["value"] else None
    measured = {"value": number, "comparator": Comparator(told["sign"]) if told["sign"] else None}
    measured["unit"] = _UNITS[told["unit"]]
    found = Found(told["found"].replace(" ", "_")) if told["found"] else None
    if _is_drug(told["what"]):
        letter = Interpretation(told["enzyme"]) if told["enzyme"] else None
        kind = ResultKind.SUSCEPTIBILITY
        return {"kind": kind, "antibiotic": told["what"], "interpretation": letter, **measured}
    used = method(told["what"])
    enzyme = carbapenemase(told["enzyme"]).name if told["enzyme"] else None
    return {"kind": ResultKind(used.kind), "method": used.code, "analyte": enzyme, "found": found, **measured}


def _is_drug(word: str) -> bool:
    try:
        return bool(antibiotic(word))
    except UnknownAntibiotic:
        return False


def every(sections: Iterable[tuple[str, str, tuple[Reported, ...]]]) -> list[tuple[Reported, Answer]]:
    """Return every isolate with each of its answers."""
    return [(one, answer) for _, _, some in sections for one in some for answer in one.answers]
