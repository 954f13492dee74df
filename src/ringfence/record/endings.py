"""Where a stay without an end ended: the rows of one patient, gone through in the order of time.

Rows of one place that touch are one time there. So an answer does not depend on how a stay was cut into rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from .circumstances import Circumstances
from .facts import Stay
from .moments import When
from .spans import Bed, Repair, Span, is_before, joined, later_end, may_be_one, touch
from .words import Presence


@dataclass(frozen=True, slots=True)
class _Running:
    """A time in one place, as the rows so far tell it."""

    span: Span
    """As far as rows that have an end reach."""
    since: When | None
    """The start of the last row without an end; None: there is none."""
    until: tuple[When, When] | None
    """Between what moments that one ended at the latest; None: nothing says."""
    keeps_bed: bool


def placed(rows: Iterable[Stay], around: Circumstances) -> list[Span]:
    """Return the times in each place that rows of one patient tell, each with its end. See `Repair.OPEN`.

    Args:
        rows: stays in which the patient was present.
        around: what else is known.

    A row without an end ends where one in another place certainly begins after it, or with its visit, whichever is
    first. Going to a procedure, a waiting area, a virtual place or a session ends no row of a bed.
    """
    running: dict[Bed, _Running] = {}
    over: list[_Running] = []
    for _, together in groupby(sorted((_started(row, around) for row in rows), key=_order), key=lambda r: r.span.first):
        new = list(together)
        came = [one for one in new if not _goes_on(running.get(one.span.bed), one)]
        running = {bed: _moved(one, came) for bed, one in running.items()}
        for one in new:
            before = running.get(one.span.bed)
            if before and _goes_on(before, one):
                one = _both(before, one)
            elif before:
                over.append(before)
            running[one.span.bed] = one
    return [_ended(one).span for one in (*over, *running.values())]


def absent(rows: Iterable[Stay], present: Iterable[Stay], around: Circumstances) -> list[Span]:
    """Return the times on leave, or with a bed held, that rows of one patient tell, each with its end.

    A row without an end lasts until the patient is back, or until its visit ended, whichever is first. Back is a stay
    that begins later in the same bed; and from leave, also one in another bed of the facility, other than for a
    procedure or a session.
    """
    away = sorted((_started(row, around) for row in rows), key=_order)
    if not away:
        return []
    backs = sorted((_started(row, around) for row in present), key=_order)
    return [_ended(one, next((back.span.start for back in backs if _is_back(back, one)), None)).span for one in away]


def _is_back(back: _Running, away: _Running) -> bool:
    here, there, zone = back.span, away.span, away.span.zone
    if may_be_one(here.bed, there.bed):
        return _is_after(back, away)
    on_leave = there.rows[0].presence is Presence.LEAVE and here.bed[0] == there.bed[0]
    return on_leave and not back.keeps_bed and not is_before(here.start, there.start, zone)


def _started(row: Stay, around: Circumstances) -> _Running:
    open_, end = row.end is None, row.end or row.start
    span = Span(
        rows=(row,),
        zone=around.zone(row),
        at=around.at,
        start=row.start,
        starts_by=row.start,
        ends_from=end,
        end=end,
    )
    until = around.until(row) if open_ else None
    return _Running(span, row.start if open_ else None, until, around.keeps_bed(row))


def _order(one: _Running) -> tuple[object, ...]:
    row, span = one.span.rows[0], one.span
    named = (row.facility_id, row.ward, row.room or "", row.bed or "", row.encounter_id or "", row.stay_id)
    return span.first, span.sure_from, one.since is None, span.last, named


def _goes_on(before: _Running | None, one: _Running) -> bool:
    """Whether a row is of a time that is running in its place already."""
    if before is None:
        return False
    zone = before.span.zone
    still = before.since and (before.until is None or one.span.first < before.until[1].latest(zone))
    return bool(still) or touch(before.span, one.span)


def _both(before: _Running, one: _Running) -> _Running:
    span = joined(before.span, one.span)
    if before.since is None or one.since is None:
        open_ = before if before.since else one
        return _Running(span, open_.since, open_.until, before.keeps_bed and one.keeps_bed)
    last = None
    if before.until and one.until:
        last = max(before.until, one.until, key=lambda until: until[1].latest(span.zone))
    return _Running(span, one.since, last, before.keeps_bed and one.keeps_bed)


def _moved(one: _Running, came: Iterable[_Running]) -> _Running:
    """Return a running time, ended if the patient came to another place."""
    if one.since is None:
        return one
    elsewhere = (o for o in came if o.span.bed != one.span.bed and (one.keeps_bed or not o.keeps_bed))
    by = next((other.span.start for other in elsewhere if _is_after(other, one)), None)
    return _ended(one, by) if by else one


def _is_after(other: _Running, one: _Running) -> bool:
    return one.since is not None and is_before(one.since, other.span.start, other.span.zone)


def _ended(one: _Running, by: When | None = None) -> _Running:
    """Return a time with its end: the moment given, or what its visit says, or none as yet."""
    if one.since is None:
        return one
    span, bounds = one.span, [bound for bound in ((by, by) if by else None, one.until) if bound]
    if not bounds:
        return replace(one, span=replace(span, ends_from=None, end=None))
    since, to = min(bounds, key=lambda bound: bound[1].latest(span.zone))
    if to.latest(span.zone) > span.last:
        ends_from = later_end(span.ends_from, since, span.zone, by_latest=False)
        span = replace(span, ends_from=ends_from, end=to).marked(Repair.OPEN)
    return replace(one, span=span, since=None, until=None)
