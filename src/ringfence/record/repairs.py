"""The repair of movements: from the current stays of a patient to what rules use, with a name for all that was done.

Facts never change. A repair is worked out anew from the current facts of one patient, so a later fact undoes it. It
depends neither on the order of rows nor on how a stay was cut into rows. Nothing is lost: what cannot be used is
returned all the same, set aside. See docs/decisions/0006.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from .circumstances import Circumstances
from .endings import absent, placed
from .facts import Encounter, Stay
from .moments import When
from .place_map import PlaceMap
from .spans import CHANGES_NOTHING, Bed, Repair, Span, bed_of, coalesced, in_order, later_end, may_be_one, without
from .views import View
from .words import PlaceKind, Presence


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairedStay:
    """A stay as rules use it: one time in one place, and what was done to get it."""

    stay: Stay
    """The first of the rows behind it, with the start and end used: the widest that the rows allow."""
    rows: tuple[Stay, ...]
    """The rows as reported. A row with leave in it is behind several repaired stays."""
    starts_by: When
    """The latest it can have begun; `stay.start` where there is no doubt."""
    ends_from: When | None
    """The earliest it can have ended; `stay.end` where there is no doubt. None: still going on."""
    repairs: tuple[Repair, ...] = ()
    used: bool = True
    """No: set aside. Nobody was anywhere by it."""

    @property
    def repaired(self) -> bool:
        """Whether anything was inferred, doubted, cut or set aside."""
        return not CHANGES_NOTHING.issuperset(self.repairs)


def repaired_stays(view: View, only: Collection[str] | None = None) -> list[RepairedStay]:
    """Return the current stays of everyone as rules use them, and those set aside, by patient and time.

    Args:
        view: the view.
        only: these patients' alone; None: everyone's.
    """
    places = PlaceMap(view.rows("places"))

    def rows(table: str) -> Sequence[Any]:
        return view.rows(table) if only is None else view.rows_of(table, only)

    visits = {visit.encounter_id: visit for visit in rows("encounters")}
    died = {patient.patient_id: patient.died for patient in rows("patients") if patient.died}
    of_patient: dict[str, list[Stay]] = defaultdict(list)
    for stay in rows("stays"):
        of_patient[stay.patient_id].append(stay)
    return [
        one
        for patient_id, stays in sorted(of_patient.items())
        for one in repair(
            stays,
            encounters=visits,
            died=died.get(patient_id),
            zone_of=view.zone,
            kind_of=places.kind,
            at=view.at,
        )
    ]


def repair(
    stays: Iterable[Stay],
    *,
    encounters: Mapping[str, Encounter],
    died: When | None,
    zone_of: Callable[[str], ZoneInfo],
    kind_of: Callable[[Stay], PlaceKind | None],
    at: datetime,
) -> list[RepairedStay]:
    """Return the stays of one patient as rules use them, and those set aside, in the order of time.

    Args:
        stays: the current stays of the patient, in any order. Each is behind at least one of those returned.
        encounters: visits by number; those of other patients are not used.
        died: when the patient died.
        zone_of: the zone of a facility.
        kind_of: what the place of a stay is used as; see `PlaceMap`.
        at: the instant of the view.
    """
    around = Circumstances(encounters, died, zone_of, kind_of, at)
    why = [(stay, around.unusable(stay)) for stay in stays]
    aside = [_set_aside(stay, reason) for stay, reason in why if reason]
    usable, doubled, completed = _once_each([stay for stay, reason in why if not reason], around)
    present = [stay for stay in usable if stay.presence is Presence.PRESENT]
    away = _coalesced_by_bed(absent([s for s in usable if s.presence is not Presence.PRESENT], present, around))
    spans = [_until_death(span, died) for span in placed(present, around)]
    kept, gone = _without_absences(spans, away)
    found = [*_in_doubt(kept, around), *(_until_death(span, died) for span in away)]
    aside += [
        *(_set_aside(row, Repair.DUPLICATE) for row in doubled),
        *(_used(span, completed, used=False) for span in gone),
    ]
    return sorted([*(_used(span, completed) for span in found), *aside], key=_in_time(around))


def _set_aside(stay: Stay, reason: Repair) -> RepairedStay:
    return RepairedStay(
        stay=stay, rows=(stay,), starts_by=stay.start, ends_from=stay.end, repairs=(reason,), used=False
    )


def _used(span: Span, completed: frozenset[Stay], *, used: bool = True) -> RepairedStay:
    marks = set(span.repairs)
    if len(span.rows) > 1:
        marks.add(Repair.TOUCHING)
    if completed and not completed.isdisjoint(span.rows):
        marks.add(Repair.DUPLICATE)
    return RepairedStay(
        stay=replace(span.rows[0], start=span.start, end=span.end),
        rows=span.rows,
        starts_by=span.starts_by,
        ends_from=span.ends_from,
        repairs=in_order(marks) if marks else (),
        used=used,
    )


def _in_time(around: Circumstances) -> Callable[[RepairedStay], tuple[object, ...]]:
    def key(one: RepairedStay) -> tuple[object, ...]:
        stay, zone = one.stay, around.zone(one.stay)
        named = (stay.ward, stay.room or "", stay.bed or "", stay.presence, stay.stay_id)
        return stay.start.earliest(zone), one.starts_by.latest(zone), not one.used, stay.facility_id, named

    return key


class _Once(NamedTuple):
    usable: list[Stay]
    doubled: list[Stay]
    completed: frozenset[Stay]
    """Those that another row of the same would have ended otherwise."""


def _once_each(stays: Sequence[Stay], around: Circumstances) -> _Once:
    """Tell the rows to use from those that say the same again; see `Repair.DUPLICATE`."""
    same: dict[tuple[object, ...], list[Stay]] = defaultdict(list)
    for stay in stays:
        same[(bed_of(stay), stay.presence, stay.start)].append(stay)
    usable: list[Stay] = []
    doubled: list[Stay] = []
    completed: set[Stay] = set()
    for rows in same.values():
        first, *others = sorted(rows, key=lambda row: _last_end_first(row, around)) if len(rows) > 1 else rows
        usable.append(first)
        doubled += others
        if any(other.end != first.end for other in others):
            completed.add(first)
    return _Once(usable, doubled, frozenset(completed))


def _last_end_first(stay: Stay, around: Circumstances) -> tuple[object, ...]:
    zone = around.zone(stay)
    ends = (stay.end.latest(zone).timestamp(), stay.end.earliest(zone).timestamp()) if stay.end else (0.0, 0.0)
    return stay.end is None, -ends[0], -ends[1], stay.encounter_id is None, stay.encounter_id or "", stay.stay_id


def _until_death(span: Span, died: When | None) -> Span:
    if died is None or (span.end and span.last <= died.latest(span.zone)):
        return span
    ends_from = min(span.ends_from or died, died, key=lambda end: end.earliest(span.zone))
    return replace(span, ends_from=ends_from, end=died).marked(Repair.DIED if span.end else Repair.OPEN)


def _coalesced_by_bed(spans: Iterable[Span]) -> list[Span]:
    of_bed: dict[tuple[Bed, Presence], list[Span]] = defaultdict(list)
    for span in spans:
        of_bed[(span.bed, span.rows[0].presence)].append(span)
    found = (one for some in of_bed.values() for one in coalesced(some))
    return sorted(found, key=lambda span: (span.first, span.last, str(span.bed), span.rows[0].presence))


def _without_absences(spans: Iterable[Span], away: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """Return the times present with the times away cut out, and those of which nothing is left."""
    kept: list[Span] = []
    gone: list[Span] = []
    for span in spans:
        parts = [span]
        for absence in away:
            if _pauses(absence, span):
                parts = [cut for part in parts for cut in without(part, absence.start, absence.end)]
        if [part.times for part in parts] != [span.times]:
            parts = [part.marked(Repair.LEAVE) for part in parts]
        kept += parts
        gone += [] if parts else [span.marked(Repair.LEAVE)]
    return kept, gone


def _pauses(absence: Span, span: Span) -> bool:
    """Whether an absence is from a stay: from its own bed; and leave is from all of a facility that one had come to."""
    if may_be_one(absence.bed, span.bed):
        return True
    on_leave = absence.rows[0].presence is Presence.LEAVE
    return on_leave and absence.bed[0] == span.bed[0] and span.first < absence.first


def _in_doubt(spans: Sequence[Span], around: Circumstances) -> list[Span]:
    """Return times of one patient, those in two places at once in doubt; see `Repair.OVERLAP`."""
    ordered = sorted(spans, key=lambda span: (span.first, span.last, str(span.bed)))
    found = list(ordered)
    for n, a in enumerate(ordered):
        for m in range(n + 1, len(ordered)):
            b = ordered[m]
            if b.first >= a.last:
                break
            if max(a.sure_from, b.sure_from) < min(a.sure_to, b.sure_to) and not may_be_one(a.bed, b.bed):
                found[n], found[m] = _told_apart(a, b, found[n], found[m], around)
    return found


def _told_apart(a: Span, b: Span, a_now: Span, b_now: Span, around: Circumstances) -> tuple[Span, Span]:
    """Return `a` and `b`, which begins no earlier, with what their being two at once leaves in doubt.

    All pairs are judged by the times before any doubt, so that their order is nothing.
    """
    if a.bed[0] != b.bed[0]:
        return a_now.marked(Repair.IMPOSSIBLE), b_now.marked(Repair.IMPOSSIBLE)
    inner = [one for one, other in ((a, b), (b, a)) if other.first <= one.first and one.last <= other.last]
    if any(around.is_passing(one.rows[0]) for one in inner):
        return a_now, b_now
    if not inner:
        a_now, b_now = _shared_out(a, b, a_now, b_now)
    return a_now.marked(Repair.OVERLAP), b_now.marked(Repair.OVERLAP)


def _shared_out(a: Span, b: Span, a_now: Span, b_now: Span) -> tuple[Span, Span]:
    """Let `a` end, and `b` begin, somewhere in the time that both claim."""
    ends_from = min(a_now.ends_from or b.start, b.start, key=lambda when: when.earliest(a.zone))
    starts_by = later_end(b_now.starts_by, a.end or When(at=a.last), b.zone, by_latest=True)
    return replace(a_now, ends_from=ends_from), replace(b_now, starts_by=starts_by or b_now.starts_by)
