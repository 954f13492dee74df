"""`report.html`: one file, no network, readable on a phone and on paper."""

import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ringfence.assess import Precautions
from ringfence.chain import Findings
from ringfence.feeds import COSTS, Effect, Intake, Problem, counted, refused_by_table
from ringfence.policy import describe_sections
from ringfence.press import HtmlTable, phrases, render, write_text
from ringfence.record import (
    TABLES,
    AlikePair,
    CaseStatus,
    Check,
    Indicator,
    Meeting,
    Revision,
    Task,
    TaskState,
    local_text,
)

from .charts import patients_timeline, timeline_rows
from .curve import epidemic_curve
from .files import PROBLEM_COLUMNS, TIMELINE_COLUMNS, problem_texts, texts
from .funnels import funnel
from .indicator_table import indicator_table
from .indicators import indicators
from .links import TypeGroup, links, met_words, type_groups
from .quality import quality, quality_table
from .submitting import CASES, Submitted
from .summary import compliance_words, counted_words, sentences_of, state_words, tasks_by_kind
from .urgent import urgent

MOST_ROWS = 200

_SHOWN = {
    "identifications": (
        "patient_id", "organism", "specimen_kind", "collected", "status", "carbapenemases", "reasons", "conflicts",
        "missing", "laboratory", "weakest_mark",
    ),
    "cases": (
        "patient_id", "status", "carbapenemases", "organisms", "first_positive", "specimen_kind",
        "infection_or_colonization", "novelty", "counts", "reported", "ward", "reasons", "declared", "weakest_mark",
    ),
    "signals": (
        "carbapenemase", "ward", "cases", "first_on", "last_on", "case_ids", "types", "closest", "mark", "policy",
    ),
    "contacts": (
        "case_id", "contact_patient_id", "follows", "owed", "accepted", "level", "last_at_level", "last_exposure",
        "hours", "next_in_bed", "where_now",
    ),
    "precautions": ("patient_id", "ward", "recommended", "reasons", "ends", "in_force", "changes", "mark"),
    "exposures": (
        "index_patient_id", "contact_patient_id", "level", "ward", "room", "start", "end", "hours",
        "nights", "resolution",
    ),
    "ledger": ("patient_id", "ward", "start", "at_risk", "reasons", "missing", "collected", "step", "outcome"),
}  # fmt: skip


def write_report(
    findings: Findings,
    intake: Intake,
    out: Path,
    figures: Sequence[Indicator] | None = None,
    before: Submitted | None = None,
    changed: Sequence[Revision] = (),
    alike: Sequence[AlikePair] | None = None,
    fewest: int = 0,
    language: str = "en",
    found: Sequence[Check] | None = None,
) -> None:
    """Write `report.html` into `out`.

    Args:
        findings: what was found.
        intake: what the files gave.
        out: the folder.
        figures: its indicators; None: those of all that the data cover.
        before: the copy of the report of this period that was submitted last.
        changed: what differs from it.
        alike: whose isolates are alike; None: it is worked out.
        fewest: what small figures were left out by; 0: none were.
        language: `en`, or one of `ringfence.press.languages()`.
        found: what answers rest on; None: it is worked out.

    Raises:
        LanguageError: there is no such language.
    """
    book = None if language == "en" else phrases(language)
    alike = links(findings) if alike is None else alike
    figures = indicators(findings) if figures is None else figures
    view, zone = findings.view, findings.view.zone(None)
    page = render(
        "ringfence.report",
        "report.html",
        names=", ".join(f.name or f.facility_id for f in view.facilities.values()),
        as_of=local_text(view.at, zone).replace("T", " ")[:16],
        zone=zone.key,
        sentences=sentences_of(findings, intake.problems),
        several=len(view.facilities) > 1,
        tasks=_tasks([t for t in findings.tasks if t.state not in _CLOSED], findings),
        closed=_tasks([t for t in findings.tasks if t.state in _CLOSED], findings),
        most=MOST_ROWS,
        notes=findings.notes,
        carriers_only=findings.carriers_only,
        urgent=urgent(findings, intake.problems),
        curves={by: epidemic_curve(findings, by) for by in ("carbapenemase", "acquired")},
        figures=indicator_table(figures, several=len(view.facilities) > 1),
        period=f"{figures[0].start} to {figures[0].end}" if figures else "",
        funnels=[one for one in (funnel(figures, name) for name in _FUNNELS) if one],
        compliance=compliance_words(figures),
        before=before,
        fewest=fewest,
        alike=links_table(alike),
        alike_words=met_words(alike),
        groups=groups_table(type_groups(findings, alike)),
        revisions=_revisions(changed),
        timeline=patients_timeline(findings),
        timeline_table=timeline_table(findings),
        tables={name: table_of(findings, name) for name in _SHOWN},
        problems=problems_table(intake.problems),
        quality=quality_table(quality(findings) if found is None else found, findings),
        refused=counted(intake.problems)[0],
        costs=[
            f"{_lost(rows, files)} of {name.replace('_', ' ')}: {COSTS[name]}"
            for name, (rows, files) in refused_by_table(intake.problems).items()
        ],
        unused=intake.unused,
        policy_words=describe_sections(findings.policy),
        policy=findings.policy,
        version=version("ringfence"),
        translated=book is not None,
        draft=book is not None and book.draft,
    )
    write_text(out / "report.html", book.page(page) if book else page)


_CLOSED = (TaskState.DONE, TaskState.WITHDRAWN)


def _tasks(tasks: Sequence[Task], findings: Findings) -> list[tuple[str, list[tuple[Task, str]]]]:
    zone = findings.view.zone
    return [(what, [(t, state_words(t, zone(t.facility))) for t in some]) for what, some in tasks_by_kind(tasks)]


def table_of(findings: Findings, name: str) -> HtmlTable:
    """Return one of the tables of findings as the report shows it.

    Args:
        findings: what was found.
        name: `cases`, `contacts`, `exposures`, `identifications`, `ledger`, `precautions` or `signals`.

    Raises:
        KeyError: there is no such table on the page.
    """
    table, shown = TABLES[name], _columns(name, findings)
    rows: Sequence[Any] = findings.rows()[name]
    if name == "identifications":
        rows = [one for one in rows if one.laboratory or one.conflicts or one.status is not CaseStatus.CONFIRMED]
    if name == "exposures":
        once = [e for e in rows if e.index_patient_id < e.contact_patient_id or not findings.carriers_only]
        rows = sorted(once, key=lambda e: (-e.hours_max, e.case_id, e.contact_patient_id))
    if name == "precautions":
        rows = [one for one in rows if one.recommended not in _NOTHING_TO_SAY or one.in_force]
    names = [c.name for c in table.columns]
    cells = [_with_hours(dict(zip(names, texts(table, row, findings), strict=True))) for row in rows[:MOST_ROWS]]
    shown = tuple(one for one in shown if not cells or any(row[one] for row in cells))  # an empty column says nothing
    header = [column.replace("_", " ") for column in shown]
    rows_shown = [[_shown(c, row[c]) for c in shown] for row in cells]
    return HtmlTable(name, header, rows_shown, _more(rows, name), numbers=_NUMBERS, names=_NAMES)


def _more(rows: Sequence[object], name: str) -> str:
    """Return how many rows are not shown, and where they stand."""
    return f"{len(rows) - MOST_ROWS:,} more rows are in {name}.csv." if len(rows) > MOST_ROWS else ""


def _with_hours(row: dict[str, str]) -> dict[str, str]:
    """Return a row with its range of hours in one cell."""
    if "hours_min" not in row:
        return row
    least, most = row["hours_min"], row["hours_max"]
    return {**row, "hours": least if least == most else f"{least} to {most}"}


_NUMBERS = ("hours", "nights", "as submitted", "now")
_NAMES = (
    "patient id", "ward", "facility", "room", "organism", "organisms", "case id", "case ids", "contact patient id",
    "index patient id", "place", "patient", "name", "one", "other",
)  # fmt: skip
"""Columns that hold numbers, and names out of the data, in every table of the page."""


_NOTHING_TO_SAY = (Precautions.NONE, Precautions.UNKNOWN)


def _columns(name: str, findings: Findings) -> tuple[str, ...]:
    """Return the columns shown; a ward of one of several hospitals is named with its hospital."""
    shown = _SHOWN[name]
    if len(findings.view.facilities) < 2 or "ward" not in shown or "facility" not in TABLES[name].by_name:
        return shown
    place = shown.index("ward")
    return (*shown[:place], "facility", *shown[place:])


# Columns that hold a word of ours, which is written with spaces for people.
_WORDS = {
    "specimen_kind",
    "purpose",
    "infection_or_colonization",
    "novelty",
    "weakest_mark",
    "mark",
    "status",
}


def _shown(column: str, text: str) -> str:
    """Write a cell as people read it; the CSV holds it to the letter."""
    if column in _WORDS:
        return text.replace("_", " ")
    if column == "missing":
        return _briefly(text)
    if re.match(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", text):
        return f"{text[:10]} {text[11:16]}"
    return re.sub(r";(?=\S)", "; ", text)


def _briefly(text: str) -> str:
    """Name the clauses of many missing questions; the CSV holds the questions, and the policy stands below."""
    asked = text.split("; ")
    if len(asked) < 3:
        return text
    return f"the questions of {', '.join(dict.fromkeys(one.partition(':')[0] for one in asked))}"


_FUNNELS = ("incidence_infection", "incidence_colonization", "incidence_undetermined")
_MET_WORDS = {
    Meeting.TOGETHER: "one ward, one time, as far as days tell",
    Meeting.APART: "one ward, not at one time",
    Meeting.NEVER: "no shared ward found among known movements",
    Meeting.UNKNOWN: "UNKNOWN",
}


def timeline_table(findings: Findings) -> HtmlTable:
    """Return what the timeline draws, as a table."""
    rows = timeline_rows(findings)
    return HtmlTable("stays and tests", TIMELINE_COLUMNS, rows[:MOST_ROWS], _more(rows, "timeline"), names=_NAMES)


def links_table(alike: Sequence[AlikePair]) -> HtmlTable:
    """Return whose isolates are alike, as a table."""
    rows = [
        [
            one.one,
            one.other,
            "" if one.snps is None else str(one.snps),
            one.strain or "",
            one.plasmid or "",
            one.organisms.replace(";", "; "),
            _MET_WORDS[one.met],
            one.where or "",
        ]
        for one in alike[:MOST_ROWS]
    ]
    header = ["one", "other", "SNPs", "same strain", "same plasmid", "organisms", "movements", "where"]
    return HtmlTable("whose isolates are alike", header, rows, _more(alike, "links"), names=_NAMES)


def groups_table(groups: Sequence[TypeGroup]) -> HtmlTable:
    """Return the strains and plasmids that several have, as a table."""
    rows = [
        [
            one.kind,
            one.name,
            str(one.patients),
            str(one.places),
            f"{len(one.organisms)}: {', '.join(one.organisms)}",
            *(str(one.met.get(met, "")) for met in Meeting),
        ]
        for one in groups[:MOST_ROWS]
    ]
    met = ["pairs on one ward at one time", "at different times", "no shared ward found", "UNKNOWN"]
    return HtmlTable(
        "strains and plasmids", ["type", "name", "patients", "places", "organisms", *met], rows, names=_NAMES
    )


def _revisions(changed: Sequence[Revision]) -> HtmlTable:
    rows = []
    for one in changed[:MOST_ROWS]:
        about = one.about if one.file == CASES else one.about.replace("_", " ")
        rows.append([about, one.what.replace("_", " "), one.was or "", one.now or "", one.file])
    more = f"{len(changed) - MOST_ROWS:,} more are in revisions.csv." if len(changed) > MOST_ROWS else ""
    return HtmlTable("revisions", ["about", "what", "as submitted", "now", "file"], rows, more, numbers=_NUMBERS)


def report_html(out: Path) -> str:
    """Return the page that `write_report` wrote, for another form of it."""
    return (out / "report.html").read_text(encoding="utf-8")


def problems_table(problems: Sequence[Problem]) -> HtmlTable:
    """Return the problems of the data as a table, those of rows that could not be used first."""
    refused_first = sorted(problems, key=lambda p: p.effect is not Effect.REFUSED)
    rows = [problem_texts(p) for p in refused_first[:MOST_ROWS]]
    shown = [PROBLEM_COLUMNS.index(name) for name in _SHOWN_OF_PROBLEMS]
    cells = [[row[n] for n in shown] for row in rows]
    return HtmlTable("problems", _SHOWN_OF_PROBLEMS, cells, _more(problems, "problems"), names=("file", "column"))


def _lost(rows: int, files: int) -> str:
    """Return how many rows and files, of which the rows are not known, could not be used."""
    said = [counted_words(rows, "row")] if rows else []
    return " and ".join([*said, *([counted_words(files, "file or its rest", "files or their rest")] if files else [])])


_SHOWN_OF_PROBLEMS = ("file", "line", "column", "problem", "remedy", "effect", "rows")
