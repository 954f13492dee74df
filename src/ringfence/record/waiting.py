"""Declarations of which it is no longer clear whom they are about."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from .declare import TABLES
from .facts import Declaration, IdentityLink
from .identity import canonical_numbers, patient_of
from .moments import When
from .words import LinkAction

if TYPE_CHECKING:
    from .views import View

_UTC = ZoneInfo("UTC")
_LONG_AGO = When(at=datetime(1900, 1, 1, tzinfo=UTC))
_Period = tuple[datetime | None, datetime | None]
"""From when to when; None: nobody said."""
_OF_ROWS = {"encounter_id": "encounters", "specimen_id": "specimens"}


class Waits(StrEnum):
    """Why a declaration waits for a person."""

    UNLINKED = "unlinked"
    """It was made while two numbers were taken for one person that are two now."""
    MOVED = "moved"
    """It names no patient, and its visit or specimen was another patient's when it was made."""


def waiting(declared: Sequence[Declaration], view: "View") -> Mapping[str, Waits]:
    """Return which declarations wait for a person, by number, and why."""
    links = list(_links_ever(view))
    apart = any(link.action is LinkAction.UNLINK for link in links)
    moved = {column: _moved(view, table) for column, table in _OF_ROWS.items()}
    found: dict[str, Waits] = {}
    for one in declared:
        if apart and _was_of_more(one, links, view.canonical):
            found[one.declaration_id] = Waits.UNLINKED
        elif one.patient_id is None and _was_anothers(one, moved):
            found[one.declaration_id] = Waits.MOVED
    return found


def _was_of_more(one: Declaration, links: Sequence[IdentityLink], canonical: Mapping[str, str]) -> bool:
    then = canonical_numbers(k for k in links if k.declared.earliest(_UTC) <= one.declared.latest(_UTC))
    numbers = {one.patient_id, one.contact_patient_id, patient_of(one.case_id)} - {None}
    return any(
        then.get(linked, linked) == then.get(number, number) and canonical.get(linked, linked) != number
        for number in numbers
        for linked in {n for k in links for n in (k.patient_a, k.patient_b)}
        if number
    )


def _was_anothers(one: Declaration, moved: Mapping[str, Mapping[str, Sequence[_Period]]]) -> bool:
    return any(
        (began is None or began <= one.declared.latest(_UTC))
        and (ended is None or one.declared.earliest(_UTC) <= ended)
        for column, periods in moved.items()
        for began, ended in periods.get(getattr(one, column) or "", ())
    )


def _links_ever(view: "View") -> Iterator[IdentityLink]:
    """Yield every link and unlink that was ever known. One that its source took back, or corrected, was then undone."""
    current: Sequence[IdentityLink] = view.rows("identity_links")
    yield from current
    linked = {frozenset((link.patient_a, link.patient_b)) for link in current if link.action is LinkAction.LINK}
    for link in current:
        if frozenset((link.patient_a, link.patient_b)) not in linked:
            # An unlink says that the two were one until then, also where nobody sent the link.
            yield replace(link, action=LinkAction.LINK, declared=_LONG_AGO)
    pairs = {(link.link_id, link.patient_a, link.patient_b) for link in current if link.action is LinkAction.LINK}
    for link, (_, ended) in _replaced(view, "identity_links"):
        if link.action is LinkAction.LINK and (link.link_id, link.patient_a, link.patient_b) not in pairs:
            yield link
            yield replace(link, action=LinkAction.UNLINK, declared=When(at=ended) if ended else link.declared)


def _moved(view: "View", table: str) -> Mapping[str, Sequence[_Period]]:
    """Return when rows were another patient's, by number."""
    key = TABLES[table].key[0]
    now = {getattr(row, key): row.patient_id for row in view.rows(table)}
    found: dict[str, list[_Period]] = defaultdict(list)
    for row, period in _replaced(view, table):
        number, owner = getattr(row, key), view.canonical.get(row.patient_id, row.patient_id)
        if number in now and now[number] != owner:
            found[number].append(period)
    return found


def _replaced(view: "View", table: str) -> Iterator[tuple[Any, _Period]]:
    """Yield versions that a later one replaced or took back, and from when to when each was what the source said."""
    packed = view.known.columns[table]
    positions = view.known.versions[table].replaced
    if not len(positions):
        return
    said: dict[str, list[datetime | None]] = defaultdict(list)
    some = packed.take(pa.array(positions))
    keys = some["_key"].to_pylist()
    for key, moment in _said(packed, set(keys), view.at):
        said[key].append(moment)
    for row, key, own in zip(TABLES[table].unpack(some), keys, map(_when, _moments(some)), strict=True):
        later = [moment for moment in said[key] if moment and (own is None or moment > own)]
        yield row, (own, min(later, default=None))


def _said(packed: pa.Table, keys: set[str], at: datetime) -> Iterator[tuple[str, datetime | None]]:
    for key, moment in zip(packed["_key"].to_pylist(), map(_when, _moments(packed)), strict=True):
        if key in keys and (moment is None or moment <= at):
            yield key, moment


def _moments(packed: pa.Table) -> Iterator[tuple[datetime | None, datetime | None]]:
    return zip(packed["_recorded"].to_pylist(), packed["_sent"].to_pylist(), strict=True)


def _when(moments: tuple[datetime | None, datetime | None]) -> datetime | None:
    """Return when a version was said: when it was recorded, else when it was sent."""
    recorded, sent = moments
    return recorded or sent
