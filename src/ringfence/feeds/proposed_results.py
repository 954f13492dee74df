"""Columns of results as laboratories write them: one that names a gene, one for each gene, one for each antibiotic."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from ringfence.vocabulary import UnknownAntibiotic, antibiotic, antibiotics, carbapenemase

from .known_names import blank_words, known_word, translated
from .mapping import EACH, FACTS
from .profiles import ENOUGH, Profile
from .proposed_rows import ProposedColumn, ProposedConstant, ProposedEntry, column_of, template, with_words
from .recognizing import Certainty, Sheet, is_enzyme, names_enzymes

_SIGN = "<=|>=|=<|=>|<|>|=|\u2264|\u2265"
_NUMBER = "[0-9]+(?:[.,][0-9]+)?|[.][0-9]+"
"""With a comma it is refused for the comma, and not for fitting no pattern."""
_PATTERNS = {
    "comparator": rf"^({_SIGN}) *[.0-9]",
    "value": rf"^(?:{_SIGN})? *({_NUMBER})$",
    "interpretation": "^(S|I|R|SDD|NS)$",
}
_FIELD = re.compile(r"(?P<code>[A-Z]{3})_[NEFSDTBA](?P<method>D[0-9_.]*|M|E)", re.IGNORECASE)
"""A field of WHONET: the antibiotic, the guideline, and disk with its load, dilution, or gradient strip (the form
is that of AClark-WHONET/AMRIE, IsolateInterpretation.cs)."""
_MEASURE = re.compile(
    r"(?i)(?<![a-z])(?:(?P<dilution>mic|mhk|mrk|cmi)(?:[ _.-]*\(?mg/l\)?)?|zone|disk|disc|hemmhof|remzone)(?![a-z])"
    r"[ _.-]*"
)
"""What a column says of how an antibiotic was measured, beside its name."""
_IN_DOUBT = (
    "sites fill this for resistance to carbapenems as well as for a carbapenemase, and `-` where nothing was tested; "
    "take the marks away if here it says whether a carbapenemase was found"
)
_NO_NAME = "it says whether something was found, and names no carbapenemase; is it a test for one?"
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
    status = ProposedConstant("final", "no column says otherwise")
    if "status" in found and found["status"].certainty is Certainty.GUESS:
        status = ProposedConstant(f"CHOOSE final, or what {found['status'].column} says of each result")
    elif "status" in found:
        own["status"] = column_of(sheet, "results", "status")
    made = _Results(sheet, own, _row_of(sheet, number, isolate), status, _no_organisms(sheet))
    if "test" in found and "outcome" in found and "analyte" not in found:
        yield made.of_tests(found["test"].column, found["outcome"].column)
    if "analyte" in found:
        if any(names_enzymes(word) for word in sheet.profiles[found["analyte"].column].words):
            yield made.of_one_column(found["analyte"].column, found["analyte"].certainty, found["analyte"].why)
        else:
            yield made.of_activity("analyte", _NO_NAME)
    if "activity" in found:
        yield made.of_activity("activity", "")
    if "in_doubt" in found and found["in_doubt"].column != getattr(found.get("analyte"), "column", None):
        column = found["in_doubt"].column
        if any(names_enzymes(word) for word in sheet.profiles[column].words):
            yield replace(made.of_one_column(column, Certainty.GUESS, ""), guess=_IN_DOUBT)
        else:
            yield made.of_activity("in_doubt", _IN_DOUBT)
    genes = _genes(sheet)
    if genes:
        yield made.of_genes(genes)
    drugs = _antibiotics(sheet)
    if drugs:
        yield made.of_antibiotics(drugs)


def _row_of(sheet: Sheet, number: ProposedColumn, isolate: ProposedColumn | None) -> str:
    """Return a template that tells each row of a file from every other, of columns that are never empty."""
    # What says how far a result is, or what it found, changes with its correction, which has to keep the number.
    told = sheet.matches("results")
    changing = {told[name].column for name in ("status", "analyte", "outcome", "reported", "activity") if name in told}
    full = [
        one.name
        for one in sheet.profiles.values()
        if one.cells == len(sheet.text.rows) and not one.dates and one.name not in changing
    ]
    own = sheet.matches("isolates").get("isolate_id")
    if isolate and own and own.certainty is not Certainty.GUESS and _numbers_what_grew(sheet, own.column):
        # Also where this file has one of a specimen: the next may have two.
        return isolate.as_template
    named = re.findall(r"\{(.+?)\}", number.as_template)
    for more in ((), *((other,) for other in full if other not in named)):
        if sheet.is_key(*named, *more):
            return "/".join([number.as_template, *(f"{{{name}}}" for name in more)])
    return (isolate or number).as_template


def _numbers_what_grew(sheet: Sheet, column: str) -> bool:
    """Whether every row in which an organism stands has a number of the isolate."""
    organism = sheet.matches("isolates").get("organism")
    blank = {"", *(sheet.profiles[organism.column].blanks if organism else ())}
    return all(
        row.cells.get(column) for row in sheet.text.rows if not organism or row.cells[organism.column] not in blank
    )


def _no_organisms(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """Return the words of the column of organisms that name none that is known, nor say that nothing grew."""
    match = sheet.matches("isolates").get("organism")
    if match is None or match.certainty is Certainty.GUESS:
        return {}
    column = FACTS["isolates"].by_name["organism"]
    words = tuple(one for one in sheet.profiles[match.column].words if translated("isolates", column, one) is None)
    return {match.column: words} if words else {}


class _Results(NamedTuple):
    """What all entries of results of a file have in common."""

    sheet: Sheet
    own: Mapping[str, ProposedColumn]
    row: str
    """A template for the number of a row."""
    status: ProposedConstant
    no_organisms: Mapping[str, tuple[str, ...]]
    """Words of the column of organisms that are none that is known."""

    def _entry(self, columns: Mapping[str, ProposedColumn], kind: str, **more: object) -> ProposedEntry:
        constants = {"kind": ProposedConstant(kind)}
        if "status" not in self.own:
            constants["status"] = self.status
        entry = ProposedEntry(
            "results", self.sheet.part.name, len(self.sheet.text.rows), {**columns, **self.own}, constants
        )
        return replace(entry, distinct=True, **more)  # type: ignore[arg-type]

    def of_tests(self, test: str, outcome: str) -> ProposedEntry:
        """Return the results of a file with a test in each row: those of a carbapenemase; others are left out."""
        profile = self.sheet.profiles[test]
        others = {word: "" for word in profile.words if not is_enzyme(word)}
        counts = profile.texts
        named = ProposedColumn(column=test, values=others, counts=counts, certainty=Certainty.LIKELY)
        found = ProposedColumn(column=outcome, certainty=Certainty.LIKELY, why="its words say what was found")
        columns = {
            "result_id": template(self.row if f"{{{test}}}" in self.row else f"{self.row}/{{{test}}}"),
            "analyte": replace(named, why="other tests say nothing of a carbapenemase, and are left out"),
            "found": with_words(
                found, self.sheet.profiles[outcome], "results", "found", FACTS["results"].by_name["found"]
            ),
        }
        return self._entry(columns, "gene", where_filled=("analyte", "found"))

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
            elif names_enzymes(word):
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
        if not doubt and match.certainty is not Certainty.SURE:
            guess = f"{match.why}; does it say whether one was found?"
        return self._entry(columns, "activity", where_filled=("found",), guess=guess)

    def of_genes(self, genes: Mapping[str, str]) -> ProposedEntry:
        """Return the results of columns that each are of one gene."""
        each = {column: {"analyte": name} for column, name in genes.items()}
        counts = _pooled(self.sheet, genes)
        words = {word: known_word("results.found", word, counts) for word in counts}
        strange = [word for word, ours in words.items() if not ours and word.casefold() not in blank_words()]
        found = ProposedColumn(
            column=EACH,
            values={word: ours for word, ours in words.items() if ours and ours != word},
            unknown={word: counts[word] for word in strange},
            counts=counts,
            certainty=Certainty.LIKELY,
            why="each column is named like a carbapenemase",
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
        # A gene tells by itself; a susceptibility says nothing of an organism that nobody knows.
        return self._entry(columns, "susceptibility", each=drugs, leave_out=self.no_organisms)


def _genes(sheet: Sheet) -> dict[str, str]:
    """Return the columns that are named like one carbapenemase and hold whether it was found, and which it is."""
    named = {}
    for name, profile in sheet.profiles.items():
        bare = re.sub(r"(?i)[ _.-]*(gene|pcr|result|detected)$|^(bla|x)[ _.-]*", "", name)
        if is_enzyme(bare) and (profile.words or profile.blanks) and not set(name) & set("{}"):
            named[name] = carbapenemase(bare).name
    # Columns of one panel are coded alike: `NDM` may hold no 1 where nobody has it.
    counts = _pooled(sheet, named)
    blank = {word for name in named for word in sheet.profiles[name].blanks}
    known = sum(many for word, many in counts.items() if known_word("results.found", word, counts))
    of = sum(many for word, many in counts.items() if word not in blank or known_word("results.found", word, counts))
    return named if known and known >= ENOUGH * of else {}


def _pooled(sheet: Sheet, columns: Iterable[str]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for column in columns:
        counts.update(sheet.profiles[column].texts)
    return dict(counts)


def _antibiotics(sheet: Sheet) -> dict[str, dict[str, str]]:
    """Return the columns that are named like an antibiotic and hold measurements or letters, and what each is of."""
    codes = {one.whonet: one.code for one in antibiotics().values() if one.whonet}
    found = {}
    for name, profile in sheet.profiles.items():
        field = _FIELD.fullmatch(name)
        if field and field["code"].upper() in codes:
            found[name] = {"antibiotic": codes[field["code"].upper()], **_MEASURED[field["method"][0].upper()]}
        elif not field and (code := _antibiotic(_MEASURE.sub(" ", name).strip())) and _is_measured(profile):
            letters = all(re.fullmatch("S|I|R|SDD|NS", word) for word in profile.words)
            said = _MEASURE.search(name)
            unit = "mg_per_l" if said and said["dilution"] else "mm" if said else "CHOOSE mg_per_l or mm"
            found[name] = {"antibiotic": code, **({} if letters else {"unit": unit})}
    return {name: one for name, one in found.items() if sheet.profiles[name].cells}


def _antibiotic(name: str) -> str | None:
    try:
        return antibiotic(name).code
    except UnknownAntibiotic:
        return None


def _is_measured(profile: Profile) -> bool:
    fits = sum(many for word, many in profile.words.items() if any(re.search(one, word) for one in _PATTERNS.values()))
    return fits >= 0.8 * sum(profile.words.values())
