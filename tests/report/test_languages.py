"""The report in French: every text of ours has its row, nothing of the data is changed, and what stays English says so."""

import ast
import csv
import re
from html.parser import HTMLParser

import pytest
from checkout import REPOSITORY

from ringfence.policy import load_policy
from ringfence.press import HtmlTable, LanguageError, languages, phrases
from ringfence.press import phrases as _phrases
from ringfence.vocabulary import shipped

SOURCE = REPOSITORY / "src" / "ringfence"
POLICIES = sorted(path.stem for path in shipped("policies").glob("*.yaml") if ".cases" not in path.name)
SAMPLES = {"number": "1,234", "day": "2026-03-09", "said": "ward", "quoted": "as TEST says"}
FRENCH = {"number": "1\u202f234", "day": "2026-03-09", "said": "unité", "quoted": "as TEST says"}


class Texts(HTMLParser):
    """The texts of a page, by whether they are marked as English; those that no language changes are left out."""

    def __init__(self):
        super().__init__()
        self.within, self.found = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "br", "input"):
            self.within.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        while self.within and self.within.pop()[0] != tag:
            pass

    def handle_data(self, data):
        text = " ".join(data.split())
        if text and not any(t == "style" or a.get("translate") == "no" for t, a in self.within):
            english = bool(self.within) and self.within[-1][1].get("lang") == "en"
            self.found.append((text, english))


def texts_of(page):
    parser = Texts()
    parser.feed(page)
    return parser.found


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return the page of the made-up hospital, in English and in French, by policy."""
    from ringfence.cli import main

    made = {}
    for policy in POLICIES:
        for language in ("en", "fr"):
            out = tmp_path_factory.mktemp(f"{policy}-{language}")
            folder = str(shipped("examples", "small-hospital"))
            assert main(["analyze", folder, "--policy", policy, "--language", language, "--out", str(out)]) == 0
            made[policy, language] = (out / "report.html").read_text(encoding="utf-8")
    return made


@pytest.mark.parametrize("policy", POLICIES)
def test_what_stays_english_on_a_french_page_is_the_titles_of_the_policy_s_sources(pages, policy):
    sources = load_policy(policy).file.sources
    titles = " ".join(f"{name}: {one.title}; {one.where}" for name, one in sources.items())
    english = [text for text, marked in texts_of(pages[policy, "fr"]) if marked]
    assert english, "titles of sources stay in their language"
    assert [text for text in english if text not in titles] == []


def test_the_page_says_its_language_and_that_it_is_a_draft_in_both(pages):
    page = pages["nl", "fr"]
    assert '<html lang="fr">' in page
    assert "ébauche" in page
    assert "This translation is a draft" in page
    assert "This translation is a draft" not in pages["nl", "en"]


@pytest.mark.parametrize("policy", POLICIES)
def test_numbers_and_names_of_the_data_are_the_same_on_both_pages(pages, policy):
    def names(page):
        return sorted(re.findall(r"TEST-\d+|SP-\d+-\d+|\d{4}-\d{2}-\d{2}", re.sub(r"<[^>]*>", " ", page)))

    assert names(pages[policy, "fr"]) == names(pages[policy, "en"])


@pytest.mark.parametrize("language", languages())
def test_each_row_is_found_by_its_own_text_and_by_none_before_it(language):
    book = phrases(language)
    wrong = []
    for row in book.rows:
        slots = [f"{kind}{number}" for kind, number in re.findall(r"\{(\w+?)(\d*)\}", row.english)]
        if row.english in ("1,234.5", "1st", ":"):
            continue
        kinds = {slot: re.sub(r"\d+$", "", slot) for slot in slots}
        english = row.english.format(**{s: SAMPLES.get(k, f"TEST-{n}") for n, (s, k) in enumerate(kinds.items())})
        french = row.other.format(**{s: FRENCH.get(k, f"TEST-{n}") for n, (s, k) in enumerate(kinds.items())})
        if book.text(english) != french:
            wrong.append((row.where, english, book.text(english), french))
    assert wrong == []


MODULES = [
    *sorted((SOURCE / "assess").glob("*.py")),
    *(SOURCE / "chain" / f"{name}.py" for name in (
        "analysis", "checks", "contact_clauses", "contact_tasks", "contacts", "coverage", "decisions", "duties", "findings",
        "laboratory", "ledger", "relatives", "rows", "task_rows", "tasks",
    )),
    *(SOURCE / "report" / f"{name}.py" for name in (
        "charts", "curve", "funnels", "indicator_table", "indicators", "links", "quality", "summary", "urgent",
    )),
    *(SOURCE / "policy" / f"{name}.py" for name in ("holes", "phrases", "rules_said", "schedules", "sentences")),
    *(SOURCE / "feeds" / f"{name}.py" for name in (
        "checks", "coded", "consistency", "damage", "decode", "files", "links", "parts", "problems", "sequence",
        "sheets", "texts",
    )),
]  # fmt: skip
"""What the texts of the page are made by. What only a terminal shows is left out."""
NOT_ON_THE_PAGE = {
    # the column `source` of indicators.csv
    "north west england", "south korea", "design of ringfence", "in 3 studies", "ireland (bed-days used",
    "ontario households",
    # parts that stand in rows together with what goes before them, or that no page shows
    "the kind of unit", "while pending", "the exposure goes on (a", "unknown, for want of a map of bathrooms",
    "the median", "not typed", "was in a health-care facility abroad", "overlap, cumulative", "overlap, per meeting",
    "a follow-up clause",
    # what only `ringfence record check` says, and what is cut off where kinds are counted
    "a file of the record", "commit up to", "facts, which say no `recorded`", "kept as", "still going on",
    "the clock ran backwards", "field larger",
}  # fmt: skip


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_run_of_words_that_a_page_can_show_stands_in_the_french_book(module):
    book = "\n".join(re.sub(r"\{\w+\}", "\0", row.english) for row in phrases("fr").rows).casefold()
    assert sorted({run for run in _runs(module) if run not in book} - NOT_ON_THE_PAGE) == []


def _runs(module):
    """Yield runs of two or more words in the texts of a module: between slots, by sentence, without docstrings."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    left_out = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    left_out |= {id(inner) for n in ast.walk(tree) if isinstance(n, ast.Raise) for inner in ast.walk(n)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            for chunk in re.split(r"\{[^}]*\}|\n", node.value):
                for run in re.split(r"(?<=[.?!;:]) ", chunk):
                    bare = run.strip(" .,;:()?!").casefold()
                    if len(re.findall("[a-z]{2,}", bare)) >= 2 and " " in bare:
                        yield bare


@pytest.mark.parametrize("language", languages())
def test_no_word_that_is_not_used_here_stands_in_a_book(language):
    banned = re.compile(r"\b(superbactérie|épuré|décolonisé|guéri|sans danger|propagateur|mortel)", re.IGNORECASE)
    assert [row.where for row in phrases(language).rows if banned.search(row.other)] == []


def test_what_no_row_fits_stays_english_and_is_marked():
    page = phrases("fr").page(
        '<html lang="en"><p>Whatever this sentence of nobody says.</p><td translate="no">ward</td>'
    )
    assert page == (
        '<html lang="fr"><p><span lang="en">Whatever this sentence of nobody says.</span></p>'
        '<td translate="no">ward</td>'
    )


def test_texts_of_the_data_are_escaped_as_they_were():
    page = phrases("fr").page("<p>Policy: &lt;b&gt;x &amp; y&lt;/b&gt;</p>")
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


def test_numbers_are_written_the_french_way_only_where_they_are_marked():
    table = HtmlTable("figures", ["figure", "ward"], [["1,234.5", "3.1"]], numbers=["figure"], names=["ward"])
    page = phrases("fr").page(str(table.__html__()))
    assert "1\u202f234,5" in page
    assert ">3.1<" in page


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("1 March 2026", "1er mars 2026"),
        ("Mar 2026", "mars 2026"),
        ("9 Aug", "9 août"),
        ("2 Order", "2 Order"),
        ("Dialysis 2", "Dialysis 2"),
    ],
)
def test_dates_have_french_months_and_nothing_else_is_one(english, french):
    assert phrases("fr").text(english) == french


def test_a_text_whose_digits_would_come_out_otherwise_stays_english(tmp_path, monkeypatch):
    book = _book(tmp_path, monkeypatch, [["{number} beds are known here", "des lits sont connus {number} 5", ""]])
    assert book.text("12 beds are known here") == "12 beds are known here"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["{a} wards", "unités", ""]], "words.csv:2: both texts need the same slots"),
        ([["ward", "", ""]], "words.csv:2: give the English, the other language"),
        ([["ward", "unité", ""], ["ward", "salle", ""]], "words.csv:3: this English stands in words.csv:2 too"),
        ([["ward", "unité"]], "words.csv:2: give"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_line(rows, said, tmp_path, monkeypatch):
    with pytest.raises(LanguageError, match=re.escape(said)):
        _book(tmp_path, monkeypatch, rows)


def test_a_language_that_is_not_there_names_those_that_are(capsys, tmp_path):
    from ringfence.cli import main

    folder = str(shipped("examples", "small-hospital"))
    assert main(["analyze", folder, "--policy", "nl", "--language", "frr", "--out", str(tmp_path / "o")]) == 2
    assert "There are: en, fr. Did you mean `fr`?" in capsys.readouterr().err


def _book(tmp_path, monkeypatch, rows):
    folder = tmp_path / "languages" / "xx"
    folder.mkdir(parents=True)
    with (folder / "words.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["english", "other", "reviewed"], *rows])
    module = __import__("ringfence.press.phrases", fromlist=["shipped"])
    monkeypatch.setattr(module, "shipped", lambda *parts: tmp_path.joinpath(*parts))
    _phrases.cache_clear()
    try:
        return _phrases("xx")
    finally:
        _phrases.cache_clear()


def test_facilities_and_wards_that_are_called_like_words_of_the_book_stay_as_they_are(tmp_path):
    from ringfence.cli import main

    given = tmp_path / "given"
    given.mkdir()
    (given / "facilities.csv").write_text(
        "facility_id,zone,name\nHome,Europe/Paris,Home\nEmergency,Europe/Paris,Emergency\nDied,Europe/Paris,Died\n"
    )
    (given / "populations.csv").write_text(
        "facility_id,covers\nHome,all_inpatients\nEmergency,all_inpatients\nDied,all_inpatients\n"
    )
    stays = "".join(
        f"TEST-{site}{n},{site},Dialysis,wound,2026-03-0{n},2026-03-09\n"
        for site in ("Home", "Emergency", "Died")
        for n in (1, 2)
    )
    (given / "stays.csv").write_text(f"patient_id,facility_id,ward,room,start,end\n{stays}")
    (given / "measures.csv").write_text(
        "patient_id,facility_id,kind,start\nTEST-Home1,Home,contact_precautions,2026-03-02\n"
    )
    sites = ("Home", "Emergency", "Died")
    (given / "specimens.csv").write_text(
        "specimen_id,patient_id,facility_id,ward,kind,purpose,collected\n"
        + "".join(f"S-{s},TEST-{s}1,{s},Dialysis,rectal_swab,screening,2026-03-03\n" for s in sites)
    )
    (given / "results.csv").write_text(
        "result_id,specimen_id,kind,analyte,found,status,reported\n"
        + "".join(f"R-{s},S-{s},gene,KPC,detected,final,2026-03-04\n" for s in sites)
    )
    found = {}
    for language in ("en", "fr"):
        out = tmp_path / language
        assert main(["analyze", str(given), "--policy", "nl", "--language", language, "--out", str(out)]) == 0
        found[language] = (out / "report.html").read_text(encoding="utf-8")
    assert "Domicile" not in found["fr"]
    assert "Urgence" not in found["fr"]
    for name in ("Home", "Emergency", "Dialysis"):
        assert found["fr"].count(f">{name}<") == found["en"].count(f">{name}<")
