"""The files of a run: one CSV a finding table, problems, and where everything came from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ringfence.chain import Findings
from ringfence.feeds import Intake, Problem
from ringfence.press import write_csv, write_text
from ringfence.record import TABLES, AlikePair, Check, Indicator, Revision, Table, When, local_text

from .charts import timeline_rows
from .periods import Period
from .submitting import CASES

PROBLEM_COLUMNS = ("file", "line", "column", "problem", "remedy", "effect", "rows", "costs")


TIMELINE_COLUMNS = ("patient", "what", "where or what was found", "from", "to")


def write_timeline(findings: Findings, out: Path) -> None:
    """Write what the timeline draws as `timeline.csv` into `out`."""
    write_csv(out / "timeline.csv", [name.replace(" ", "_") for name in TIMELINE_COLUMNS], timeline_rows(findings))


def problem_texts(problem: Problem) -> list[str]:
    """Return the cells of a problem, in the order of `PROBLEM_COLUMNS`; one that stands for no other says no `rows`."""
    return [str(problem.rows or "" if name == "rows" else getattr(problem, name)) for name in PROBLEM_COLUMNS]


def write_problems(problems: Sequence[Problem], path: Path) -> None:
    """Write problems as CSV to `path`."""
    write_csv(path, PROBLEM_COLUMNS, map(problem_texts, problems))


def write_findings(findings: Findings, out: Path) -> None:
    """Write every finding table as CSV into `out`; moments are local, with their offset."""
    for name, rows in findings.rows().items():
        table = TABLES[name]
        write_csv(out / f"{name}.csv", [c.name for c in table.columns], (texts(table, row, findings) for row in rows))


def write_indicators(figures: Sequence[Indicator], out: Path) -> None:
    """Write `indicators.csv` into `out`."""
    _write_timeless("indicators", figures, out)


def write_links(alike: Sequence[AlikePair], out: Path) -> None:
    """Write `links.csv` into `out`."""
    _write_timeless("links", alike, out)


def write_checks(found: Sequence[Check], out: Path) -> None:
    """Write `checks.csv` into `out`."""
    _write_timeless("checks", found, out)


def _write_timeless(name: str, rows: Sequence[Any], out: Path) -> None:
    """Write a table of which no column is a moment, so that no zone matters."""
    table = TABLES[name]
    write_csv(out / f"{name}.csv", [c.name for c in table.columns], (list(table.texts(row).values()) for row in rows))


def write_cases_of(findings: Findings, period: Period, out: Path) -> None:
    """Write the cases whose first positive lies in a period as `cases-in-period.csv` into `out`."""
    table, zone = TABLES["cases"], findings.view.zone
    rows = [case for case in findings.cases if case.first_positive.day(zone(None)) in period]
    cells = (texts(table, row, findings) for row in rows)
    write_csv(out / CASES, [c.name for c in table.columns], cells)


def write_revisions(changed: Sequence[Revision], out: Path) -> None:
    """Write `revisions.csv` into `out`."""
    names = [c.name for c in TABLES["revisions"].columns]
    write_csv(out / "revisions.csv", names, ([getattr(one, name) or "" for name in names] for one in changed))


def texts(table: Table, row: Any, findings: Findings) -> list[str]:  # noqa: ANN401
    """Return one row as text, moments in the local time of the row's facility."""
    zone = _zone(row, findings)
    return [_text(table, name, getattr(row, name), zone) for name in (f.name for f in fields(row))]


def _text(table: Table, name: str, value: Any, zone: ZoneInfo) -> str:  # noqa: ANN401
    if value is None:
        return ""
    return value.text(zone) if isinstance(value, When) else table.by_name[name].kind.write(value)


def _zone(row: Any, findings: Findings) -> ZoneInfo:  # noqa: ANN401
    facility = getattr(row, "facility", None)
    return findings.view.zone(facility if facility in findings.view.facilities else None)


def knowledge_words(findings: Findings) -> str:
    """Say of how many facts the time at which they became known is assumed."""
    assumed, many = findings.view.assumed_knowledge()
    if not assumed:
        return "as the sources recorded it"
    return f"assumed equal to event time for {assumed:,} of {many:,} facts, which do not say when they were recorded"


def write_provenance(findings: Findings, intake: Intake, options: Mapping[str, str], out: Path) -> None:
    """Write `provenance.json`: version, policy, inputs, options, and why a table is empty."""
    view, zone = findings.view, findings.view.zone(None)
    said = {
        "ringfence": version("ringfence"),
        "policy": {
            "id": findings.policy.id,
            "title": findings.policy.title,
            "version": findings.policy.file.version,
            "digest": findings.policy.digest,
            "weakest_mark": findings.policy.weakest.value,
        },
        "as_of": local_text(view.at, zone),
        "known_to": view.known_to,
        "knowledge_time": knowledge_words(findings),
        "options": dict(options),
        "inputs": dict(intake.digests),
        "inputs_not_used": dict(intake.unused),
        "outputs": {
            f"{name}.csv": {"rows": len(rows), **({"empty_because": findings.notes[name]} if not rows else {})}
            for name, rows in findings.rows().items()
        },
        "carriers_only": dict(findings.carriers_only),
    }
    write_text(out / "provenance.json", json.dumps(said, indent=2, ensure_ascii=False) + "\n")
