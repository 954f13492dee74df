"""Every kernel compiled once, at set-up, so that nobody waits for it at a first question."""

from datetime import UTC, datetime

from ringfence.record import Level

from .bulk import pair_batches, pairs_at_most, pressure_batches
from .columns import ALWAYS, NEVER, Columns, Names, Place
from .contacts import contact_table
from .exposures import Source, came_after, exposures, was_before
from .index import Index
from .paths import path


def warm() -> None:
    """Compile every kernel and keep what was compiled beside the code; at once where that is there already."""
    names = Names(["A", "B"], [Place("facility", "ward", "room", None, "UTC")], [])
    rows = [(n, 0, 10 * n, 10 * n, 10 * n + 50, 10 * n + 50, 0, 0, 1, 0, 0, 0, -1) for n in range(2)]
    index = Index.of_columns(Columns.of_days_and_minutes(rows), names, Level.ROOM, datetime.fromtimestamp(0, UTC))
    source = Source("case", "A", (NEVER, ALWAYS))
    exposures(index, source)
    came_after(index, source, 1)
    was_before(index, source, 1)
    contact_table(index, [source], after_days=1)
    pairs_at_most(index)
    list(pair_batches(index))
    list(pressure_batches(index, {}))
    path(index, source, "B", after_days=1)
