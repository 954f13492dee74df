"""How long the record takes: made-up patients on disk, assessed, beside what Arrow alone takes for the same rows."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import process_time

import pyarrow as pa

from ringfence.record import TABLES, FolderStore

from .assessing import Assessed, assess_over_processes, on_one_core, over_processes
from .population import AS_OF, MODELS, made_up_columns

BYTES_OF_A_PATIENT = 8_000
"""What the facts of a made-up patient take on disk, about."""
_COPIES_OF_A_COMMIT = 125
_PATIENTS_OF_A_PART = 25_000
_ROWS_AT_ONCE = 65_536
_POLICY = "nl"


@dataclass(frozen=True)
class Measured:
    """What one size came to."""

    patients: int
    """How many were made."""
    assessed: Assessed
    arrow_seconds: float
    """What Arrow alone took on one core to turn the same rows into dictionaries."""

    @property
    def milliseconds(self) -> float:
        """Per patient on one core, to build the rows and assess them: the median over batches."""
        return statistics.median(1000 * seconds / patients for patients, seconds in self.assessed.batches)

    @property
    def view_milliseconds(self) -> float:
        """Per patient on one core, to open the record, cut it and make the views."""
        return 1000 * self.assessed.view_seconds / self.patients

    @property
    def ratio(self) -> float:
        """How many times as long as Arrow alone."""
        return self.assessed.seconds / self.arrow_seconds


def slope(small: Measured, large: Measured) -> float:
    """Return how many times longer a patient takes in the larger record: 1 where time grows as patients do."""
    return (large.assessed.seconds / small.assessed.seconds) / (large.patients / small.patients)


def grow(record: Path, have: int, want: int, seed: int) -> None:
    """Add made-up patients to a record that has the first `have` of them, until there are `want`.

    Args:
        record: its folder; made if it is not there.
        have: a multiple of `MODELS`.
        want: a greater one.
        seed: what the patients are made from.
    """
    store, last = FolderStore(record), want // MODELS
    for first in range(have // MODELS, last, _COPIES_OF_A_COMMIT):
        copies = min(_COPIES_OF_A_COMMIT, last - first)
        store.append_columns(made_up_columns(copies, first=first, seed=seed), received=AS_OF, note="made up")


def measure(record: Path, patients: int, *, workers: int) -> Measured:
    """Assess every patient of a made-up record, and read the same rows with Arrow alone."""
    parts = -(-patients // _PATIENTS_OF_A_PART)
    assessed = assess_over_processes(record, _POLICY, at=AS_OF, workers=workers, parts=parts)
    seconds = over_processes(partial(_dictionaries, record, max(1, workers)), workers)
    return Measured(patients, assessed, sum(seconds))


def _dictionaries(record: Path, workers: int, own: int) -> float:
    """Return the seconds that Arrow takes for the files that fall to one of several processes."""
    with on_one_core():
        began = process_time()
        for path in sorted(record.glob("commits/*/*.arrow"))[own::workers]:
            for part in _slices(path):
                part.to_pylist()
        return process_time() - began


def _slices(path: Path) -> Iterator[pa.RecordBatch]:
    """Yield the columns of a file's table, without those of the envelope, some rows at a time."""
    names = TABLES[path.stem].schema.names
    with pa.memory_map(str(path)) as source:
        file = pa.ipc.open_file(source)
        for batch in map(file.get_batch, range(file.num_record_batches)):
            yield from (
                batch.select(names).slice(first, _ROWS_AT_ONCE) for first in range(0, len(batch), _ROWS_AT_ONCE)
            )
