"""All tables of a run as one workbook, or each as Parquet. Text stays text: nothing of it is ever a formula."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import xlsxwriter

from ringfence.chain import Findings
from ringfence.press import whole, write_batches
from ringfence.record import TABLES, AlikePair, Indicator

from .files import texts

_CELL_AT_MOST = 32_767
_WIDE = 40


def write_workbook(findings: Findings, figures: Sequence[Indicator], alike: Sequence[AlikePair], out: Path) -> None:
    """Write `report.xlsx` into `out`: a sheet for each table, its first row frozen."""
    path = out / "report.xlsx"
    with whole(path) as pending, xlsxwriter.Workbook(str(pending), {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, rows in _tables(findings, figures, alike).items():
            table = TABLES[name]
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for at, column in enumerate(table.columns):
                sheet.set_column(at, at, min(max(len(column.name), len(column.example)) + 2, _WIDE))
            for at, column in enumerate(table.columns):
                sheet.write_string(0, at, column.name, bold)
            for number, row in enumerate(rows, 1):
                for at, text in enumerate(texts(table, row, findings)):
                    if text:
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
