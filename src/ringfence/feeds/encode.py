"""Facts back to files: one CSV a table, in the form that `read_folder` reads."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ringfence.record import TABLES


def write_folder(rows: Mapping[str, Iterable[Any]], folder: Path) -> None:
    """Write rows of fact tables, by table name, as CSV files into `folder`, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, some in rows.items():
        table = TABLES[name]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [c.name for c in table.columns], lineterminator="\n")
            writer.writeheader()
            writer.writerows(table.texts(row) for row in some)
