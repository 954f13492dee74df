"""The rows written so far. What is still going on is written without an end, and closed when it ends."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from ringfence.record import TABLES, When

WRITTEN = (
    "facilities", "populations", "places", "patients", "encounters", "stays", "answers", "orders", "specimens",
    "isolates", "results", "measures",
)  # fmt: skip


class Journal:
    """Rows by table, each once, in the order in which they were first written."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[tuple[str, ...], Any]] = {name: {} for name in WRITTEN}

    def write(self, table: str, row: object) -> None:
        """Write a new row."""
        key = TABLES[table].key_of(row)
        assert key not in self._rows[table], f"{table}: two rows of one key"
        self._rows[table][key] = row

    def close(self, table: str, key: str, at: datetime) -> None:
        """Give the row of `key` its end."""
        self._amend(table, key, end=When(at=at))

    def bury(self, patient_id: str, at: datetime) -> None:
        """Write that somebody died."""
        self._amend("patients", patient_id, died=When(at=at))

    def _amend(self, table: str, key: str, **known_now: When) -> None:
        self._rows[table][(key,)] = replace(self._rows[table][(key,)], **known_now)

    def facts(self) -> Mapping[str, tuple[Any, ...]]:
        """Return every row, by table."""
        return MappingProxyType({name: tuple(rows.values()) for name, rows in self._rows.items()})
