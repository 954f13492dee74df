"""Columns of results as laboratories write them: one that names a gene, one for each gene, one for each antibiotic."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from ringfence.vocabulary import UnknownAntibiotic, UnknownCarbapenemase, antibiotic, antibiotics, carbapenemase

from .known_names import known_word, tokens
from .mapping import EACH, FACTS
from .profiles import ENOUGH, Profile
from .proposed_rows import ProposedColumn, ProposedConstant, ProposedEntry, column_of, template, with_words
from .recognizing import Certainty, Sheet

_SIGN = "<=|>=|=<|=>|<|>|=|\u2264|\u2265"
_NUMBER = "[0-9]+(?:[.][0-9]+)?|[.][0-9]+"
_PATTERNS = {
    "comparator": rf"^({_SIGN}) *[.0-9]",
    "value": rf"^(?:{_SIGN})? *({_NUMBER})$",
    "interpretation": "^(S|I|R|SDD|NS)$",
}
_FIELD = re.compile(r"(?P<code>[A-Z]{3})_[NEFSDTBA](?P<method>D[0-9_.]*|M|E)", re.IGNORECASE)
"""A field of WHONET: the antibiotic, the guideline, and disk with its load, dilution, or gradient strip (the form
is that of AClark-WHONET/AMRIE, IsolateInterpretation.cs)."""
_IN_DOUBT = (
    "sites fill this for resistance to carbapenems as well as for a carbapenemase, and `-` where nothing was tested; "
    "take the marks away if here it says whether a carbapenemase was found"
)
_MEASURED = {
    "D": {"unit": "mm", "method": "disk_diffusion"},
    "M": {"unit": "mg_per_l"},
    "E": {"unit": "mg_per_l", "method": "gradient_strip"},
}


def results_of(sheet: Sheet, number: ProposedColumn, isolate: ProposedColumn | None) -> Iterator[ProposedEntry]:
    """Yield the entries of the results that a file holds.

    Args:
        sheet: the file.
        number: what numbers its specimens.
        isolate: what tells its isolates apart; None: it has none.
    """
    found = sheet.matches("results")
    own = {"specimen_id": number}
    if isolate:
        own["isolate_id"] = isolate
    if "reported" in found and found["reported"].certainty is not Certainty.GUESS:
        own["reported"] = column_of(sheet, "results", "reported")
    made = _Results(sheet, own, _row_of(sheet, number, isolate))
    if "analyte" in found:
        gene = {"pcr", "gene", "genes"} & set(tokens(found["analyte"].column))
        if gene or any(_is_enzyme(word) for word in sheet.profiles[found["analyte"].column].words):
            yield made.of_one_column(found["analyte"].column, found["analyte"].certainty, found["analyte"].why)
        else:
            yield made.of_activity("analyte", _IN_DOUBT)
    if "activity" in found:
        yield made.of_activity("activity", "")
    if "in_doubt" in found and found["in_doubt"].column != getattr(found.get("analyte"), "column", None):
        yield made.of_activity("in_doubt", _IN_DOUBT)
    genes = _genes(sheet)
    if genes:
        yield made.of_genes(genes)
    drugs = _antibiotics(sheet)
    if drugs:
        yield made.of_antibiotics(drugs)


def _row_of(sheet: Sheet, number: ProposedColumn, isolate: ProposedColumn | None) -> str:
    """Return a template that tells each row of a file from every other, of columns that are never empty."""
    full = [one.name for one in sheet.profiles.values() if one.cells == len(sheet.text.rows) and not one.dates]
    if isolate and isolate.column in full and sheet.is_key(isolate.column):
        return f"{{{isolate.column}}}"
    named = re.findall(r"\{(.+?)\}", number.as_template)
    for more in ((), *((other,) for other in full if other not in named)):
        if sheet.is_key(*named, *more):
            return "/".join([number.as_template, *(f"{{{name}}}" for name in more)])
    return (isolate or number).as_template


class _Results(NamedTuple):
    """What all entries of results of a file have in common."""

    sheet: Sheet
    own: Mapping[str, ProposedColumn]
    row: str
    """A template for the number of a row."""

    def _entry(self, columns: Mapping[str, ProposedColumn], kind: str, **more: object) -> ProposedEntry:
        constants = {"kind": ProposedConstant(kind), "status": ProposedConstant("final", "no column says otherwise")}
        entry = ProposedEntry(
            "results", self.sheet.part.name, len(self.sheet.text.rows), {**columns, **self.own}, constants
        )
        return replace(entry, distinct=True, **more)  # type: ignore[arg-type]

    def of_one_column(self, name: str, certainty: Certainty, why: str) -> ProposedEntry:
        """Return the results of a column that holds the enzyme that was found."""
        profile = self.sheet.profiles[name]
        source = ProposedColumn(column=name, certainty=certainty, why=why)
        analyte = with_words(source, profile, "results", "analyte", FACTS["results"].by_name["analyte"])
        enzymes: dict[str, str] = {}
        found: dict[str, str] = {}
        unknown: dict[str, int] = {}
        for word, many in analyte.counts.items():
            result = known_word("results.found", word, analyte.counts)
            if result:  # it says whether, and not which
                enzymes[word], found[word] = "", result
            elif _is_enzyme(word):
                found[word] = "detected"
            elif word not in profile.blanks:
                unknown[word] = many
        columns = {
            "result_id": template(f"{self.row}/{name}"),
            "analyte": replace(analyte, values=enzymes, unknown={}),
            "found": replace(analyte, values=found, unknown=unknown),
        }
        guess = "" if certainty is not Certainty.GUESS else f"{why}; does it say what was found?"
        return self._entry(columns, "gene", where_filled=("found",), guess=guess)

    def of_activity(self, name: str, doubt: str) -> ProposedEntry:
        """Return the results of a column that says whether a carbapenemase was found, and not which."""
        match = self.sheet.matches("results")[name]
        profile = self.sheet.profiles[match.column]
        source = ProposedColumn(column=match.column, certainty=match.certainty, why=match.why)
        columns = {
            "result_id": template(f"{self.row}/{match.column}"),
            "found": with_words(source, profile, "results", "found", FACTS["results"].by_name["found"]),
        }
        guess = doubt
        if not doubt and match.certainty is Certainty.GUESS:
            guess = f"{match.why}; does it say whether one was found?"
        return self._entry(columns, "activity", where_filled=("found",), guess=guess)

    def of_genes(self, genes: Mapping[str, str]) -> ProposedEntry:
        """Return the results of columns that each are of one gene."""
        each = {column: {"analyte": name} for column, name in genes.items()}
        words: dict[str, str] = {}
        unknown: dict[str, int] = {}
        counts: dict[str, int] = {}
        for column in genes:
            profile = self.sheet.profiles[column]
            one = with_words(ProposedColumn(), profile, "results", "found", FACTS["results"].by_name["found"])
            words |= one.values
            for word, many in one.counts.items():
                counts[word] = counts.get(word, 0) + many
            for word, many in one.unknown.items():
                unknown[word] = unknown.get(word, 0) + many
        found = ProposedColumn(
            column=EACH, values=words, unknown=unknown, counts=counts, why="each column is named like a carbapenemase"
        )
        columns = {"result_id": template(f"{self.row}/{{{EACH}}}"), "found": found}
        return self._entry(columns, "gene", each=each)

    def of_antibiotics(self, drugs: Mapping[str, Mapping[str, str]]) -> ProposedEntry:
        """Return the results of columns that each are of one antibiotic."""
        why = "a sign, a number or a letter"
        columns = {"result_id": template(f"{self.row}/{{{EACH}}}")} | {
            name: ProposedColumn(column=EACH, pattern=pattern, certainty=Certainty.LIKELY, why=why)
            for name, pattern in _PATTERNS.items()
        }
        return self._entry(columns, "susceptibility", each=drugs)


def _is_enzyme(word: str) -> bool:
    try:
        carbapenemase(word)
    except UnknownCarbapenemase:
        return False
    return True


def _genes(sheet: Sheet) -> dict[str, str]:
    """Return the columns that are named like one carbapenemase and hold whether it was found, and which it is."""
    found = {}
    for name, profile in sheet.profiles.items():
        bare = re.sub(r"(?i)[ _.-]*(gene|pcr|result|detected)$|^(bla|x)[ _.-]*", "", name)
        if _is_enzyme(bare) and _says_whether(profile):
            found[name] = carbapenemase(bare).name
    return found


def _says_whether(profile: Profile) -> bool:
    counts = {**profile.words, **profile.blanks}
    known = sum(many for word, many in counts.items() if known_word("results.found", word, counts))
    return bool(known) and known >= ENOUGH * sum(many for word, many in counts.items() if word not in profile.blanks)


def _antibiotics(sheet: Sheet) -> dict[str, dict[str, str]]:
    """Return the columns that are named like an antibiotic and hold measurements or letters, and what each is of."""
    codes = {one.whonet: one.code for one in antibiotics().values() if one.whonet}
    found = {}
    for name, profile in sheet.profiles.items():
        field = _FIELD.fullmatch(name)
        if field and field["code"].upper() in codes:
            found[name] = {"antibiotic": codes[field["code"].upper()], **_MEASURED[field["method"][0].upper()]}
        elif not field and (code := _antibiotic(name)) and _is_measured(profile):
            letters = all(re.fullmatch("S|I|R|SDD|NS", word) for word in profile.words)
            unit = {} if letters else {"unit": "CHOOSE mg_per_l or mm"}
            found[name] = {"antibiotic": code, **unit}
    return {name: one for name, one in found.items() if sheet.profiles[name].cells}


def _antibiotic(name: str) -> str | None:
    try:
        return antibiotic(name).code
    except UnknownAntibiotic:
        return None


def _is_measured(profile: Profile) -> bool:
    fits = sum(many for word, many in profile.words.items() if any(re.search(one, word) for one in _PATTERNS.values()))
    return fits >= 0.8 * sum(profile.words.values())
