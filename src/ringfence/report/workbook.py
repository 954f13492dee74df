"""All tables of a run as one workbook, or each as Parquet. Text stays text: nothing of it is ever a formula."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import xlsxwriter

from ringfence.chain import Findings
from ringfence.feeds import Problem
from ringfence.press import whole, write_batches
from ringfence.record import TABLES, AlikePair, Check, Column, Indicator

from .files import PROBLEM_COLUMNS, problem_texts, texts

_CELL_AT_MOST = 32_767
_WIDE = 100


def write_workbook(
    findings: Findings,
    figures: Sequence[Indicator],
    alike: Sequence[AlikePair],
    out: Path,
    *,
    about: Sequence[Sequence[str]] = (),
    problems: Sequence[Problem] = (),
    found: Sequence[Check] = (),
) -> None:
    """Write `report.xlsx` into `out`: a sheet for each table, its first row frozen. Text is text, never a formula.

    Args:
        findings, figures, alike: what the report shows.
        out: the folder.
        about: what it is of, and what stands first in the report, as names and texts.
        problems: those of the files.
        found: what answers rest on.
    """
    with (
        whole(out / "report.xlsx") as pending,
        xlsxwriter.Workbook(str(pending), {"constant_memory": True}) as book,
    ):
        bold = book.add_format({"bold": True, "bottom": 1})
        _sheet(book, bold, "about", [_Heading("what", 24), _Heading("says", 100)], about)
        for name, rows in _tables(findings, figures, alike).items():
            table = TABLES[name]
            headings = [_Heading(c.name, max(len(c.name), len(c.example)) + 2, _is_number(c)) for c in table.columns]
            _sheet(book, bold, name, headings, (texts(table, row, findings) for row in rows))
        told = [_Heading(name, 24, name in ("line", "rows")) for name in PROBLEM_COLUMNS]
        _sheet(book, bold, "problems", told, map(problem_texts, problems))
        table = TABLES["checks"]
        headings = [_Heading(c.name, 24, _is_number(c)) for c in table.columns]
        _sheet(book, bold, "checks", headings, (texts(table, row, findings) for row in found))


class _Heading(NamedTuple):
    name: str
    width: int
    number: bool = False


def _is_number(column: Column) -> bool:
    return column.kind.arrow in (pa.int64(), pa.float64())


def _sheet(
    book: Any,  # noqa: ANN401 xlsxwriter has no types
    bold: object,
    name: str,
    headings: Sequence[_Heading],
    rows: Iterable[Sequence[str]],
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for at, heading in enumerate(headings):
        sheet.set_column(at, at, min(heading.width, _WIDE))
        sheet.write_string(0, at, heading.name, bold)
    for number, row in enumerate(rows, 1):
        for at, (heading, text) in enumerate(zip(headings, row, strict=True)):
            if text and heading.number:
                sheet.write_number(number, at, float(text))
            elif text:
                sheet.write_string(number, at, text[:_CELL_AT_MOST])


def write_parquet(findings: Findings, figures: Sequence[Indicator], alike: Sequence[AlikePair], out: Path) -> list[str]:
    """Write each table as Parquet into `out`, in the types that it has, and return the names of the files."""
    names = []
    for name, rows in _tables(findings, figures, alike).items():
        packed: pa.Table = TABLES[name].pack(rows)
        write_batches(out / f"{name}.parquet", packed.schema, packed.to_batches())
        names.append(f"{name}.parquet")
    return names


def _tables(
    findings: Findings, figures: Sequence[Indicator], alike: Sequence[AlikePair]
) -> Mapping[str, Sequence[object]]:
    return {"indicators": figures, **findings.rows(), "links": alike}
