"""Every pair of people who shared a place, as rows."""

from collections.abc import Iterable
from datetime import UTC, datetime

from ringfence.record import TABLES, Level, Pair, Whereabouts

from .bulk import pair_batches
from .index import Index

_NEVER_MIND = datetime(2100, 1, 1, tzinfo=UTC)


def pairs(everyone: Iterable[Whereabouts], *, level: Level) -> list[Pair]:
    """Return one row for each two patients and each place they shared, by place and patients.

    Args:
        everyone: presences at `level`.
        level: bed, room, bathroom, ward or facility.

    Days are the local days on which both were there and can have met; nights the local midnights both spent there.
    A day counts once, however often they met on it.
    """
    # Presences say themselves until when they went on, so that the instant of the view is not read.
    index = Index.of(everyone, level, _NEVER_MIND)
    return [row for batch in pair_batches(index) for row in TABLES["pairs"].unpack(batch)]
