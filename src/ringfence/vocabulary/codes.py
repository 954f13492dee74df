"""LOINC and SNOMED CT codes, read together with the words beside them.

A check digit shows a slip of the hand. It does not show a right code under a wrong name, which is worse: the code of
the OXA-48-like gene has been seen labelled as a test for any carbapenemase. So code and display are checked together.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from .check_digits import is_loinc, is_snomed
from .codelists import read_codelist
from .enzyme_names import UnknownCarbapenemase, carbapenemase, carbapenemases_in
from .folding import folded
from .marks import Mark
from .refused import Refused

LOINC, SNOMED_CT = "LOINC", "SNOMED CT"
_SYSTEMS = {
    LOINC: ("loinc", "ln", "http://loinc.org", "urn:oid:2.16.840.1.113883.6.1", "2.16.840.1.113883.6.1"),
    SNOMED_CT: (
        *("snomed ct", "snomed", "snomedct", "sct", "http://snomed.info/sct"),
        *("urn:oid:2.16.840.1.113883.6.96", "2.16.840.1.113883.6.96"),
    ),
}


class UnknownCode(Refused):
    """A code that is not in our lists, is mistyped, or stands under words that say something else."""


@dataclass(frozen=True)
class Coded:
    """A code that we know: what its system calls it, and what it means to us (`gene:KPC`, `specimen:stool`)."""

    system: str
    code: str
    display: str
    means: str
    mark: Mark
    also: tuple[str, ...] = ()
    """Other names under which it may stand."""

    @property
    def kind(self) -> str:
        """What it is a code of: `gene`, `susceptibility`, `organism`, `cp-organism`, `specimen`."""
        return self.means.partition(":")[0]

    @property
    def about(self) -> str:
        """What it is about: `KPC`, `meropenem:mic`, `escherichia-coli`."""
        return self.means.partition(":")[2]


@cache
def codes() -> dict[tuple[str, str], Coded]:
    """Return every code by system and code: those of `codes.csv`, and those of the organisms and specimens."""
    listed = [*_organisms(), *_specimens(), *_rows()]
    return {(one.system, one.code): one for one in listed}


@lru_cache(maxsize=4096)
def coded(system: str, code: str, display: str = "") -> Coded:
    """Return what `code` of `system` means, once the code and the display beside it agree.

    A shortened or reordered display is accepted. A display that names another gene, drug, organism or kind of test
    is not, and neither is one without a word of what the code means.

    Raises:
        UnknownCode: with what is wrong and what would be right.
    """
    named, code = _system(system), code.strip()
    _refuse_known_mistakes(named, code, display)
    one = codes().get((named, code))
    if one is None:
        raise _unknown(named, code)
    if folded(display) and not _agree(one, display):
        raise UnknownCode(
            "The words beside this code say something else than the code.",
            f"This is the code of: {_said(one)}. Give the code and the words of one thing, as the laboratory meant it.",
        )
    return one


def kind_of_code(code: str) -> str:
    """Return what a bare code is a code of, in words for an error (`a specimen`, `a test`), or nothing if unknown."""
    one = next((found for system in _SYSTEMS if (found := codes().get((system, code)))), None)
    if one is not None:
        return _KINDS.get(one.kind, "a test")
    return "a test" if "-" in code and is_loinc(code) else ""


_KINDS = {
    "organism": "an organism",
    "cp-organism": "a carbapenemase-producing organism",
    "resistant-organism": "a resistant organism",
    "specimen": "a specimen",
    "finding": "a finding",
    "technique": "a technique",
    "report": "a report",
}


def known_mistake(code: str) -> Refused | None:
    """Return the refusal of a code that is always a mistake, whatever stands beside it."""
    for row in read_codelist("wrong_codes"):
        if row["code"] == code and not row["labelled"]:
            return _mistaken(row)
    return None


def _system(system: str) -> str:
    for name, known in _SYSTEMS.items():
        if folded(system) in known:
            return name
    raise UnknownCode("This is not a code system that is read here.", f"Give {LOINC} or {SNOMED_CT}.")


def _organisms() -> Iterator[Coded]:
    for row in read_codelist("organisms"):
        if row["snomed"]:
            names = tuple(name for name in row["synonyms"].split("|") if name)
            yield Coded(SNOMED_CT, row["snomed"], row["name"], f"organism:{row['code']}", Mark(row["mark"]), names)


def _specimens() -> Iterator[Coded]:
    for row in read_codelist("specimens"):
        if row["snomed"]:
            yield Coded(SNOMED_CT, row["snomed"], row["name"], f"specimen:{row['code']}", Mark(row["mark"]))


def _rows() -> Iterator[Coded]:
    for row in read_codelist("codes"):
        also = tuple(name for name in row["also"].split("|") if name)
        yield Coded(row["system"], row["code"], row["display"], row["means"], Mark(row["mark"]), also)


def _refuse_known_mistakes(system: str, code: str, display: str) -> None:
    beside = _words(display)
    for row in read_codelist("wrong_codes"):
        labelled = set(row["labelled"].split())
        if (row["system"], row["code"]) == (system, code) and labelled <= beside and not _genes(display):
            raise _mistaken(row)


def _mistaken(row: dict[str, str]) -> UnknownCode:
    remedy = "Ask the laboratory for the code that it meant."
    if row["right"]:
        doubt = ", which a person must check first" if Mark(row["mark"]) is Mark.UNVERIFIED else ""
        remedy = f"The code of {row['right_is']} is {row['right']}{doubt}."
    elif row["system"] == SNOMED_CT:
        remedy = "Give the organism by its name, and a carbapenemase as a result of its own."
    return UnknownCode(f"This code {row['what_is_wrong']}.", remedy)


def _unknown(system: str, code: str) -> UnknownCode:
    holds = is_loinc(code) if system == LOINC else is_snomed(code)
    if not holds:
        return UnknownCode(
            f"This is not a code of {system}: its form or its check digit is wrong.",
            "Copy it again from the source as text; a spreadsheet may have changed it.",
        )
    return UnknownCode(
        f"This code of {system} is not in `codelists/codes.csv`.", "Map it in the mapping, or add it with its source."
    )


def _said(one: Coded) -> str:
    if one.display:
        return one.display
    return one.about.replace(":", ", ").replace("_", " ") + (f" ({one.kind})" if one.kind != "report" else " report")


# Words, as far as they matter for a meaning.
_SMALL = frozenset(("a", "an", "and", "by", "for", "in", "of", "on", "or", "the", "to", "with", "sp", "spp", "species"))
_TAGS = frozenset(("organism", "qualifier", "value", "presence", "specimen", "technique", "method", "finding"))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", folded(text))) - _SMALL - _TAGS


def _agree(one: Coded, display: str) -> bool:
    if one.kind in ("gene", "protein"):
        return _agree_on_enzyme(one, display)
    if one.kind == "susceptibility":
        return _agree_on_susceptibility(one, display)
    return not _genes(display) and _nearest(one, display)


# What tells kinds of test apart in the displays of LOINC.
_OF_PROTEIN = {"immunoassay", "lateral", "protein", "antigen", "ia"}
_OF_GENE = {"gene", "genes", "molecular", "naa", "pcr", "dna", "nucleic", "genotype"}
_OF_OTHERS = {"susceptibility", "mic", "zone", "covid", "antibody", "culture", "organism"}


def _agree_on_enzyme(one: Coded, display: str) -> bool:
    words = set(re.findall(r"[a-z]+", folded(display)))
    other = _OF_PROTEIN if one.kind == "gene" else _OF_GENE
    return _genes(display) == {carbapenemase(one.about).name} and not words & (other | _OF_OTHERS)


_GENE = re.compile(
    r"(?:bla[ _-]*)?(?:ctx[ -]?m|kpc|ndm|vim|imp|spm|gim|sim|ges|imi|nmc|sme|tem|shv|oxa)(?![a-z])"
    r"(?:[ _-]*[0-9]+(?:[/,][0-9]+)?)?(?:[ -]*like(?![a-z]))?",
)
_ALSO = re.compile(r"klebsiella pneumoniae carbapenemase|new delhi metallo[ -]?beta[ -]?lactamase")


def _genes(display: str) -> set[str]:
    """Return the enzymes that a display names; one that is no carbapenemase of ours counts as another."""
    plain = folded(display)
    found = [match[0] for pattern in (_GENE, _ALSO) for match in pattern.finditer(plain) if _stands_alone(plain, match)]
    return {name for text in found for name in _named(text)}


def _stands_alone(plain: str, match: re.Match[str]) -> bool:
    return match.start() == 0 or not plain[match.start() - 1].isalnum()


def _named(text: str) -> Iterator[str]:
    try:
        yield from (one.name for one in carbapenemases_in(text.replace(",", "/")))
    except UnknownCarbapenemase:
        yield text


_METHODS = {
    "mic": {"mic", "minimum", "inhibitory", "dilution"},
    "disk": {"disk", "disc", "diffusion", "zone", "kb"},
    "gradient_strip": {"gradient", "strip", "etest", "gradstrip"},
    "lethal": {"lethal", "mlc", "mbc", "bactericidal"},
}


def _agree_on_susceptibility(one: Coded, display: str) -> bool:
    drug, _, method = one.about.partition(":")
    words = _words(display)
    named = {other for other in _drugs() if set(other.split("_")) <= words}
    largest = {other for other in named if not any(set(other.split("_")) < set(more.split("_")) for more in named)}
    others = {name for name, known in _METHODS.items() if known & words} - {method}
    return largest == {drug} and not others and not _genes(display) and not words & {"resistance", "gene"}


@cache
def _drugs() -> frozenset[str]:
    return frozenset(one.about.partition(":")[0] for one in codes().values() if one.kind == "susceptibility")


# A word without which a display would mean something else, however short it is.
_NEEDED = {"cp-organism": "carbapenemase", "resistant-organism": "resistant", "activity": "carbapenemase"}


def _nearest(one: Coded, display: str) -> bool:
    """Whether the words beside a code are among its own, and no other code or organism is nearer to them."""
    words = _words(display)
    needed = _NEEDED.get(one.kind)
    if not words or (needed and needed not in words):
        return False
    left_out = _left_out(one, words)
    if left_out is None:
        return False
    others = (_left_out(other, words) for other in (*codes().values(), *_plain_organisms()) if other.about != one.about)
    return all(other is None or other > left_out for other in others)


def _left_out(one: Coded, words: set[str]) -> int | None:
    """How many words the nearest name of a code has beyond `words`; None when `words` says more than the name."""
    counts = [len(known - words) for name in (one.display, *one.also) if name and words <= (known := _words(name))]
    return min(counts, default=None)


@cache
def _plain_organisms() -> tuple[Coded, ...]:
    """Organisms without a code: their names, too, may be nearer to a display than the name of its code."""
    rows = [row for row in read_codelist("organisms") if not row["snomed"]]
    return tuple(
        Coded(
            SNOMED_CT, "", row["name"], f"organism:{row['code']}", Mark(row["mark"]), tuple(row["synonyms"].split("|"))
        )
        for row in rows
    )
