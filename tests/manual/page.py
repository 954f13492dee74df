"""The laboratory chapter as a page: its isolates and answers, then the lists that they rest on."""

from collections.abc import Iterator

from ringfence.assess import sentences
from ringfence.vocabulary import cut_offs, expectations, methods, organisms, read_sight

from .isolates import UNDER, Answer, Reported, identified
from .laboratory import SECTIONS

_ABOUT = """# What a result means

This chapter is written from the tests that hold it. Each isolate below is tested, with each answer: if the program came to mean
something else, the tests would fail, and this page would be stale. Try to break it; an isolate that you would read otherwise is
a fault we want to know of.

Everything known of one isolate is weighed together. A specimen tested directly is weighed by itself. What comes out is one of these:

| It is | When |
| --- | --- |
| confirmed | a gene or protein of an acquired family, by a method that is valid there, in a final report; or activity, or a gene that the report does not name, by a test that is valid there, and then without a name |
| probable | the same in a preliminary report; or a gene in a specimen without an organism, unless the policy says that this confirms |
| gene present | a variant with reduced activity, and no activity shown: the laboratory decides, and until then the policy is applied as to a carrier |
| suspect | a phenotype; a test outside its validity, or without a clear result; a gene where it is not expected; a family that is a CPO only sometimes |
| unknown | a value that cannot be placed: against a cut-off, without its unit, or where no table has it |
| not a CPO | suspected, and ruled out by sequencing or by an activity test that is valid there; or so by nature |

Where nothing is suspected, nothing is said, also where a test was made that found nothing and closes nothing. What was taken back is
weighed no more; a case that rested on it stays listed as withdrawn. Our reading of a value raises a suspicion, is no interpretation
and is no advice on treatment. A person confirms a case before it counts or is sent anywhere.
"""

_ASKED = "Asked of the laboratory"


def laboratory_page() -> str:
    """Return the chapter in Markdown."""
    lines = [_ABOUT]
    for title, about, some in SECTIONS:
        lines += [f"## {title}", "", about, ""]
        for reported in some:
            lines += [*_isolate(reported), ""]
    return "\n".join([*lines, *_sight(), *_by_nature(), *_cut_offs()])


def _isolate(reported: Reported) -> Iterator[str]:
    what = f"*{organisms()[reported.organism].name}* from" if reported.organism else "Tested directly:"
    kind = reported.kind.replace("_", " ")
    yield from (
        f"### {reported.title}",
        "",
        reported.why,
        "",
        f"{what} {kind}, collected {reported.collected[:10]}.",
        "",
    )
    yield from ("| Reported on | What |", "| --- | --- |")
    yield from (f"| {line[:10]} | {_cell(_line(line[11:]))} |" for line in reported.says)
    yield from ("", f"| By the end of | Under | It is | {_ASKED} | Because |", "| --- | --- | --- | --- | --- |")
    yield from (_answer(reported, answer) for answer in reported.answers)


def _line(text: str) -> str:
    """Write a line of a report with the name of its method."""
    first, _, rest = text.partition(" ")
    return f"{methods()[first].name if first in methods() else first} {rest}"


def _answer(reported: Reported, answer: Answer) -> str:
    found = identified(reported, answer)
    if found is None:
        cells = [answer.on, UNDER[answer.under][0], "nothing suspected", "nothing", ""]
    else:
        named = f": {', '.join(found.enzymes)}" if found.enzymes else ""
        said = sentences((*found.answer.reasons, *found.conflicts))
        # The made-up policies here have no clauses, so that nothing is said of how far those were checked.
        mark = f" ({found.answer.mark.value})" if found.answer.mark in ("secondary", "unverified") else ""
        status = found.status.value.replace("_", " ").replace("cpo", "CPO")
        asked = ", ".join(found.asks) or "nothing"
        cells = [answer.on, UNDER[answer.under][0], f"**{status}{named}**", asked, f"{said}{mark}"]
    return f"| {' | '.join(_cell(cell) if '**' not in cell else cell for cell in cells)} |"


def _sight() -> Iterator[str]:
    yield from (
        "## What each method can see",
        "",
        "The narrowest row counts: the method before its kind, the organism before its",
    )
    yield from ("genus and group, the family before all. This is `codelists/sight.csv`.", "")
    yield from (
        "| Method | In | Family | A positive | To know of it | Mark | A negative | To know of it | Mark | From |",
        "| --- " * 10 + "|",
    )
    for row in read_sight():
        name = methods()[row["method"]].name if row["method"] in methods() else f"any {row['method']} test"
        where = {"*": "any"}.get(row["organism"], _organism(row["organism"]))
        family = {"*": "any", "named": "the one it names"}.get(row["family"], row["family"])
        positive = [row["positive"], row["note"], row["mark"]]
        negative = [row["negative"].replace("_", " "), row["negative_note"], row["negative_mark"]]
        yield f"| {' | '.join(_cell(word) for word in [name, where, family, *positive, *negative, row['origin']])} |"
    yield ""


def _by_nature() -> Iterator[str]:
    yield from (
        "## What an organism does by nature",
        "",
        "This is `codelists/expected.csv`. *Perhaps* stays a suspicion.",
        "",
    )
    yield from ("| Organism | What | Which | How sure | Why | From | Mark |", "| --- " * 7 + "|")
    for one in expectations():
        which = {"*": "any"}.get(one.value, one.value)
        sure = one.nature.value.replace("_", " ")
        words = [_organism(one.organism), one.about.value, which, sure, one.note, one.origin]
        yield f"| {' | '.join(_cell(word) for word in [*words, one.mark.value])} |"
    yield ""


def _cut_offs() -> Iterator[str]:
    yield from (
        "## Cut-offs by year",
        "",
        "This is `codelists/cutoffs.csv`: EUCAST only. The tables of CLSI may not be passed",
        "on. The latest row that had begun counts: for *P. aeruginosa* and *Acinetobacter* that is still one of 2014. Of a",
        "year before the first row the first counts, and is marked unverified. Beyond means a MIC above, or a zone below,",
        "the bound. A value without a letter suspects beyond the bound of susceptible; one beside a letter only beyond the",
        "other, of resistant. A row to screen with has one bound.",
        "",
    )
    yield from (
        "| Table | From year | For | Organism | Antibiotic | Not susceptible: MIC above (mg/L) | Zone below (mm) "
        "| Beyond: MIC above (mg/L) | Zone below (mm) | From | Mark |",
        "| --- " * 11 + "|",
    )
    for cut in cut_offs():
        susceptible = (cut.mic_not_susceptible_above, cut.zone_not_susceptible_below)
        bounds = [f"{b:g}" if b is not None else "" for b in (*susceptible, cut.mic_above, cut.zone_below)]
        words = [cut.standard, str(cut.from_year), cut.purpose.value, _organism(cut.organism), cut.antibiotic, *bounds]
        yield f"| {' | '.join(_cell(word) for word in [*words, cut.origin, cut.mark.value])} |"


def _organism(scope: str) -> str:
    return f"*{organisms()[scope].name}*" if scope in organisms() else scope


def _cell(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
