"""What a store of facts promises: the `Store` protocol that every adapter passes, and what a commit is.

A store only ever grows. The facts of a commit become visible together, or not at all. See docs/decisions/0005.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pyarrow as pa

from ringfence.vocabulary import PlainError

from .envelope import Fact
from .facts import Stay
from .views import Timeline, View

SCHEMA_VERSION = 1
"""Frozen: a change of a fact table needs the next number and a step in `migrations`."""


class StoreError(PlainError):
    """A folder that is not a record, a record that is damaged or in use, or facts that cannot be added."""


@dataclass(frozen=True, slots=True)
class Commit:
    """Facts that became visible together, and what was said when they came."""

    first: int
    """`seq` of the first fact; the last plus one for a commit that holds problems alone."""
    last: int
    """`seq` of the last fact."""
    received: datetime
    """When it was received, in UTC; never before the commit before it."""
    clock: datetime
    """What the caller's clock said, in UTC. It differs from `received` only where that clock ran backwards."""
    facts: Mapping[str, int]
    """Rows by table."""
    repeated: int
    """Facts that were in the record already, or twice among those given, and were not added again."""
    problems: tuple[Mapping[str, str], ...]
    """What intake refused or noted, in words; nothing of a patient."""
    inputs: Mapping[str, str]
    """Files, and the digest of each."""
    note: str


class Store(Protocol):
    """Facts in, views out. Every adapter passes the same suite, `tests/engines/test_store.py`.

    A store shows what was there when it was opened, and what it appended itself. `known_to` is a `seq`: facts up to
    and with it; None: all.
    """

    @property
    def last_seq(self) -> int:
        """The `seq` of the newest fact; 0 when there are none."""

    @property
    def commits(self) -> Sequence[Commit]:
        """Every commit, in order."""

    def append(
        self,
        facts: Iterable[Fact],
        *,
        received: datetime,
        problems: Sequence[Mapping[str, str]] = (),
        inputs: Mapping[str, str] = {},
        note: str = "",
    ) -> Commit:
        """Add facts as one commit, and return it. A fact whose `digest` is in the record is not added again.

        Args:
            facts: in the order in which they are to be numbered; their `seq` and `received` are given here.
            received: what the clock says, with its zone.
            problems: what intake refused or noted, in words; nothing of a patient.
            inputs: the files, and the digest of each.
            note: anything to keep with the commit.

        Returns:
            The commit. Where nothing is new and there are no problems none is made: the one returned has no facts,
            and the next `seq` as its first.

        Raises:
            StoreError: a table that is not of facts, or a record that cannot be written to now.
            ValueError: `received` has no time zone.
        """

    def columns(self, known_to: int | None = None) -> Mapping[str, pa.Table]:
        """Return every fact table in columns, with those of the envelope, in order of `seq`."""

    def current(self, *, at: datetime, known_to: int | None = None) -> View:
        """Return the current rows of every table as of `at`."""

    def timeline(self, patient_id: str, *, at: datetime, known_to: int | None = None) -> Timeline:
        """Return everything known of one patient as of `at`."""

    def slice(
        self, facility_id: str, ward: str, start: datetime, end: datetime, *, known_to: int | None = None
    ) -> list[Stay]:
        """Return the stays on a ward that may overlap the half-open period, as they were known at its end."""

    def changes_since(self, seq: int) -> list[Fact]:
        """Return the facts committed after `seq`, in order."""

    def seq_at(self, instant: datetime) -> int:
        """Return the last `seq` received by then, which says what was known at an instant; 0 for nothing."""

    def latest_moment(self) -> datetime | None:
        """Return the last moment at which a fact happened or became known; a day counts to its end."""
