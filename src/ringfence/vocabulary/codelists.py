"""Reading a codelist: a CSV file whose every row names the origin and the mark of its codes."""

import csv
from collections.abc import Iterator
from pathlib import Path

from .plain import PlainError
from .shipped import shipped


class CodelistError(PlainError):
    """A codelist file that cannot be used; the message names the file and the line."""


def read_codelist(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of `codelists/NAME.csv` as text by column name, in file order."""
    path: Path = shipped("codelists", f"{name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            if None in row or None in row.values():
                raise CodelistError(f"codelists/{name}.csv:{reader.line_num}: this row has too many or too few cells.")
            yield row
