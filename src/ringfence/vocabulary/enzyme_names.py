"""Reading the names of carbapenemases as laboratories write them: `blaKPC-3`, `OXA48`, `New Delhi metallo`."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from .alleles import alleles
from .carbapenemases import Carbapenemase, Family, families
from .codelists import read_codelist
from .folding import folded, squeezed
from .nearest import did_you_mean
from .no_names import NoName, no_names
from .refused import Refused

# Letters, then an optional number: the way alleles are written, with or without `bla`. The text is folded before.
_NAME = re.compile(
    r"(?:bla[ _-]*(?=[a-z]))?(?P<letters>[a-z]{2,4})(?:[ _-]*0*(?P<number>[1-9][0-9]{0,3}))?"
    r"(?P<like>[ _-]*(?:like|type))?(?: (?:gene|enzyme|carbapenemase))?(?= |$)"
)
_LONG = re.compile(r"(?P<name>[a-z]+(?:[0-9]+/[0-9]+)?)(?:0*(?P<number>[1-9][0-9]{0,3}))?(?:like|type)?")
_BETWEEN = re.compile(r"[,;&|+()\[\]]| (?:and|et|und|en|y) ")
_OR = re.compile(r" (?:or|ou|oder|of) ")
# Raised numbers are marks of a footnote; variants are written on the line, or lowered.
_RAISED = re.compile("[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+")
_EXAMPLES = "KPC, NDM-5, VIM, IMP-4, OXA-48-like or OXA-181"
_LONGEST = 200


class UnknownCarbapenemase(Refused):
    """A text that names no carbapenemase we know, or more than a name."""


@lru_cache(maxsize=1024)
def carbapenemase(text: str) -> Carbapenemase:
    """Return the one enzyme that `text` names.

    A number that the codelist does not hold is still a variant of its family, and says so (`listed`). A number of
    OXA is understood only where the codelist places it in a family: many OXA enzymes are no carbapenemases.

    Raises:
        UnknownCarbapenemase: the text is no name, names several, or says what was found.
    """
    named = carbapenemases_in(text)
    if len(named) > 1:
        raise UnknownCarbapenemase(
            "This names several carbapenemases.",
            f"Give each one a row of its own, and write it like {_EXAMPLES}.",
        )
    return named[0]


def carbapenemases_in(text: str) -> tuple[Carbapenemase, ...]:
    """Return every enzyme that `text` names, each once, in the order of the text: `KPC+NDM`, `NDM-1/OXA-48`.

    Of several variants of one family, one of which is meant (`KPC-2/3`, `KPC-2 or KPC-3`), it is the family.

    Raises:
        UnknownCarbapenemase: some part of the text is no name. There is no answer for half a text.
    """
    plain = folded(_RAISED.sub("", text[: _LONGEST + 1]))
    if not plain or len(text) > _LONGEST:
        raise _unknown()
    if (only := _one(plain)) is not None:
        return (only,)
    before = _before_what_was_found(plain)
    if before and _names_throughout(before):
        raise UnknownCarbapenemase(
            "This says what was found beside the name.",
            "Write the name alone here, for example KPC, and what was found in the column `found`.",
        )
    if refusal := _no_enzyme(plain) or _no_enzyme(before):
        raise UnknownCarbapenemase(refusal.problem, refusal.remedy)
    named = tuple(dict.fromkeys(_each(plain)))
    if not named:
        raise _unknown()
    return named


def _each(plain: str) -> Iterator[Carbapenemase]:
    for part in _BETWEEN.split(plain):
        if part.strip():
            yield from _one_meant(part.strip())


def _one_meant(part: str) -> Iterator[Carbapenemase]:
    """The names of a part; of variants of one family its family, and of several families one cannot be told."""
    named = [list(_in_part(one.strip())) for one in _OR.split(part)]
    each = [one for some in named for one in some]
    if len({one.family.name for one in each}) > 1 and len(named) > 1:
        raise UnknownCarbapenemase(
            "This names several carbapenemases, one of which is meant.",
            "Name the one that was found; as long as the laboratory cannot tell which, leave the name empty.",
        )
    for family in dict.fromkeys(one.family for one in each):
        variants = list(dict.fromkeys(one for one in each if one.family == family and one.variant))
        yield variants[0] if len(variants) == 1 else Carbapenemase(family, "")


def _in_part(part: str) -> Iterator[Carbapenemase]:
    """The names of a part that only strokes or spaces divide: `NDM-1/OXA-48`, `OXA-23/58`, `KPC NDM`."""
    if (only := _one(part)) is not None:
        yield only
        return
    letters = ""
    for piece in part.split("/"):
        if letters and re.fullmatch(r"[0-9]{1,4}", piece.strip()):
            yield _named(f"{letters}-{piece.strip()}")
            continue
        for word in _side_by_side(piece.strip()):
            yield _named(word)
            letters = word.removeprefix("bla").strip(" _-").rstrip("-0123456789 ")


def _side_by_side(piece: str) -> list[str]:
    """Cut `kpc ndm-5` into its names; a piece that is not names throughout stays whole."""
    found, at = [], 0
    while at < len(piece):
        match = _NAME.match(piece, at)
        if match is None:
            return [piece]
        found.append(match[0])
        at = match.end() + 1
    return found


def _named(word: str) -> Carbapenemase:
    if (only := _one(word)) is not None:
        return only
    if refusal := _no_enzyme(word):
        raise UnknownCarbapenemase(refusal.problem, refusal.remedy)
    raise _unknown(word)


def _one(word: str) -> Carbapenemase | None:
    """Return the one enzyme that a folded text names, or None."""
    match = _NAME.fullmatch(word)
    return (_short(match) if match else None) or _long(word)


def _short(match: re.Match[str]) -> Carbapenemase | None:
    letters, number, like = match["letters"].upper(), match["number"], bool(match["like"])
    numbered = f"{letters}-{number}" if number else letters
    family = families().get(letters) or families().get(_groups().get(numbered, ""))
    if family is None:
        return None
    return Carbapenemase(family, numbered if number and not like else "")


def _long(word: str) -> Carbapenemase | None:
    key = squeezed(word).removeprefix("bla")
    if key in _by_long_name():
        return Carbapenemase(*_by_long_name()[key])
    match = _LONG.fullmatch(key)
    if match is None or match["name"] not in _by_long_name():
        return None
    family, variant = _by_long_name()[match["name"]]
    numbered = f"{family.name}-{int(match['number'])}" if match["number"] and family.name.isalpha() else ""
    return None if variant or (match["number"] and not numbered) else Carbapenemase(family, numbered)


@cache
def _by_long_name() -> dict[str, tuple[Family, str]]:
    """Family and variant by every name that is not letters and a number: long names, joint names, `NMC-A`."""
    named: dict[str, tuple[Family, str]] = {}
    for row in read_codelist("carbapenemases"):
        family = families()[row["family"]]
        named |= {squeezed(name): (family, "") for name in row["long_names"].split("|") if name}
    lettered = (allele for allele in alleles().values() if not allele.name[-1].isdigit())
    return named | {squeezed(one.name): (families()[one.family], one.name) for one in lettered}


@cache
def _groups() -> dict[str, str]:
    """Names whose family is not their letters: `OXA-181` belongs to `OXA-48-like`."""
    return {
        member: row["family"]
        for row in read_codelist("carbapenemases")
        for member in row["members"].split("|")
        if member
    }


def _no_enzyme(word: str) -> NoName | None:
    """Return what is known of a word that names no enzyme of ours, with or without a number or `bla`."""
    known = no_names("not_carbapenemases")
    key = squeezed(word).removesuffix("gene")
    bare = key.removeprefix("bla")
    letters = re.sub(r"[0-9]+[a-z]?(like|type)?$", "", bare)
    if letters == "oxa" and bare != letters and _NAME.fullmatch(word):
        return _oxa_number()
    return known.get(key) or known.get(bare) or known.get(letters)


@cache
def _oxa_number() -> NoName:
    return NoName(
        "group",
        "This number of OXA is in no family of `codelists/carbapenemases.csv`; "
        "many OXA enzymes are not carbapenemases.",
        "If the laboratory says that it is one, give its group: OXA-48-like, OXA-23-like, OXA-24-like or OXA-58-like.",
        no_names("not_carbapenemases")["oxa"].mark,
    )


def _before_what_was_found(plain: str) -> str:
    """Return the name beside a sign or word for a result, as in `KPC+`, `NDM: positive`, `pas de KPC`; else nothing."""
    bare = _lacking().sub("", plain)
    match = _finding().search(bare)
    if match:
        return bare[: match.start()].strip(" :=([-")
    return bare if bare != plain else ""


def _names_throughout(plain: str) -> bool:
    try:
        return bool(list(_each(plain)))
    except UnknownCarbapenemase:
        return False


@cache
def _finding() -> re.Pattern[str]:
    return re.compile(rf"(?:[ :=(\[-]+(?:{_words('result')})\.?|[ :=(\[]*\++|[ :=(\[]+-)[)\]]*$")


@cache
def _lacking() -> re.Pattern[str]:
    """Words before a name that say it was not found."""
    return re.compile(rf"^(?:{_words('without')}) ")


def _words(kind: str) -> str:
    """Return the words of a kind as the alternatives of a pattern, the longest first."""
    rows = (row for row in read_codelist("not_carbapenemases") if row["kind"] == kind)
    words = sorted((folded(word) for row in rows for word in row["words"].split("|")), key=len, reverse=True)
    return "|".join(map(re.escape, words))


def _unknown(word: str = "") -> UnknownCarbapenemase:
    match = _NAME.fullmatch(word)
    if match is None:
        return UnknownCarbapenemase("This is not the name of a carbapenemase.", f"Write it like {_EXAMPLES}.")
    return UnknownCarbapenemase(
        "This carbapenemase is not in `codelists/carbapenemases.csv`.",
        f"Write it like {_EXAMPLES}.{did_you_mean(match['letters'], families())}",
    )
