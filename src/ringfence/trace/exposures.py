"""Stratum 2: who was exposed to a case: every meeting of an index with anybody else, and who came after.

Asked backward, the same relation gives those from whom the case may have it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from ringfence.record import CaseStatus, Exposure, Met, PatientId, Resolution, UnitKind, When
from ringfence.record import Sequence as Order

from .columns import ALWAYS, NEVER, Columns, Place, date_of, days_that_never_were, instant, limits_of, minute_after
from .index import Index
from .kernels import others, own_rows

MINUTES_OF_A_DAY = 1440
WIDEST = (NEVER, ALWAYS)
"""The minutes of a window without limits: where a policy gives none, the widest is shown, never another's number."""


@dataclass(frozen=True)
class Source:
    """A patient asked about, and when they count."""

    case_id: str
    patient_id: str
    window: tuple[int, int] = WIDEST
    """The minute from which they count, and that up to which."""
    precautions: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    """When contact precautions were certainly in force for the patient, by facility, in minutes; a meeting under
    precautions is marked."""
    others: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """When other patients count, of whom that is limited: asked whom the source may have it from, it is these."""


@dataclass(frozen=True)
class Around:
    """What else is known of whom was met, and where."""

    carriers: frozenset[str] = frozenset()
    """The patients who are known to carry."""
    carriers_only: frozenset[str] = frozenset()
    """The facilities in which everyone who moves is a carrier: meetings there are overlaps, and make no contact."""
    units: Mapping[tuple[str, str], UnitKind] = field(default_factory=dict)
    """What each ward is for, by facility and ward."""
    statuses: Mapping[str, CaseStatus] = field(default_factory=dict)
    """How far each case is established, by case."""

    def met(self, one: Exposure) -> Met:
        """Return an exposure with what else is known of it."""
        known = {each.name: getattr(one, each.name) for each in fields(one)}
        return Met(
            **known,
            case_status=self.statuses.get(one.case_id),
            known_carrier=one.contact_patient_id in self.carriers,
            carriers_only=one.facility in self.carriers_only,
            unit=self.units.get((one.facility, one.ward)),
        )


@dataclass(frozen=True)
class Row:
    """One row of one layer."""

    columns: Columns
    n: int

    def __getattr__(self, name: str) -> int:
        return int(getattr(self.columns, name)[self.n])


def exposures(index: Index, source: Source) -> list[Exposure]:
    """Return the meetings of a source with everyone else at the level of the index, in the order of contact and time.

    Hours, days and nights are those within the time in which the source counts, and the other where that is limited.
    """
    low, high = source.window
    found = []
    for own in _own(index, source.patient_id):
        begins, ends = max(own.start, low), min(own.end, high)
        if begins < ends:
            met = (_together(index, source, own, one) for one in _others(index, own, begins, ends))
            found += [one for one in met if one]
    return _in_order(found)


def came_after(index: Index, source: Source, days: int) -> list[Exposure]:
    """Return who came to a place up to some days after a source left it, in the order of contact and time.

    Args:
        index: the index of beds, rooms or bathrooms.
        source: who left, while they counted.
        days: how long after, of 24 hours each; where only dates are known, if it can have been so soon.
    """
    return _in_order(
        _apart(index, source, own, came, Order.AFTER)
        for own in _own(index, source.patient_id)
        if _counts_as_left(own, source.window)
        for came in _others(index, own, own.sure_end - 1, own.end + days * MINUTES_OF_A_DAY + 1)
        if is_after(own, came, days)
    )


def was_before(index: Index, source: Source, days: int) -> list[Exposure]:
    """Return who had left a place up to some days before a patient came to it: `came_after`, asked the other way.

    So it is whoever left who must have done so while they counted.
    """
    return _in_order(
        _apart(index, source, own, left, Order.BEFORE)
        for own in _own(index, source.patient_id)
        for left in _others(index, own, own.start - days * MINUTES_OF_A_DAY - 1, own.sure_start + 1)
        if own.start < source.window[1]
        and is_after(left, own, days)
        and _counts_as_left(left, _window(index, source, left))
    )


def _window(index: Index, source: Source, other: Row) -> tuple[int, int]:
    """Return the minutes in which both the source and the other patient count."""
    low, high = source.others.get(index.names.patients[other.patient], WIDEST) if source.others else WIDEST
    return max(low, source.window[0]), min(high, source.window[1])


def is_after(left: Row, came: Row, days: int) -> bool:
    """Whether one came to a place after another left it, and can have done so within some days.

    Who came before the other had come did not come after them; nobody has left who is still there.
    """
    return (
        not left.open
        and came.sure_start >= left.sure_end
        and came.start >= left.start
        and came.start - left.end <= days * MINUTES_OF_A_DAY
    )


def _counts_as_left(own: Row, window: tuple[int, int]) -> bool:
    """Whether somebody was in a place, and can have left it, in a window."""
    low, high = window
    return own.start < high and low < own.end and own.sure_end <= high


def _own(index: Index, patient_id: str) -> Iterator[Row]:
    number = index.number(patient_id)
    for part in index.parts:
        at, to = own_rows(part.layer.owners, part.layer.own_at, number)
        yield from (Row(part.columns, int(n)) for n in part.layer.own[at:to])


def _others(index: Index, own: Row, low: int, high: int) -> Iterator[Row]:
    for number, row in others(index.layers, own.place, own.patient, low, high).tolist():
        one = Row(index.parts[number].columns, row)
        if index.moved.now_of(one.patient) == one.patient:
            yield one


def _in_order(found: Iterable[Exposure]) -> list[Exposure]:
    return sorted(found, key=_by_contact_and_time)


def _by_contact_and_time(one: Exposure) -> tuple[object, ...]:
    began = one.start.at.isoformat() if one.start.at else str(one.start.on)
    return one.contact_patient_id, began, one.ward, one.room or "", one.bed or "", one.hours_max, one.nights


def _together(index: Index, source: Source, own: Row, other: Row) -> Exposure | None:
    low, high = _window(index, source, other)
    begins, ends = max(own.start, other.start, low), min(own.end, other.end, high)
    if begins >= ends:
        return None
    place = index.names.places[own.place]
    sure = min(own.sure_end, other.sure_end, high) - max(own.sure_start, other.sure_start, low)
    first, last = max(own.first_day, other.first_day), min(own.last_day, other.last_day)
    night, last_night = max(own.first_night, other.first_night), min(own.last_night, other.last_night)
    limits = limits_of(low, high, place.zone)
    first, last = max(first, limits.first_day), min(last, limits.last_day)
    night, last_night = max(night, limits.first_night), min(last_night, limits.last_night)
    by_day = bool(own.by_day or other.by_day)
    return Exposure(
        **_about(index, source, own, other),
        start=When(on=date_of(first)) if by_day else When(at=instant(begins)),
        # What goes on ends with the view, to the second.
        end=When(on=date_of(last))
        if by_day
        else When(at=index.at if ends == minute_after(index.at) else instant(ends)),
        hours_min=max(sure, 0) / 60,
        hours_max=(ends - begins) / 60,
        nights=_nights(night, last_night, place),
        sequence=Order.TOGETHER,
        resolution=Resolution.DAY if by_day else Resolution.INSTANT,
        under_precautions=_under_precautions(source, place, begins, ends),
    )


def _apart(index: Index, source: Source, own: Row, other: Row, sequence: Order) -> Exposure:
    """Return the exposure of two who were in a place one after the other, from when the first left to the coming."""
    left, came = (own, other) if sequence is Order.AFTER else (other, own)
    place = index.names.places[own.place]
    by_day = bool(left.by_day or came.by_day)
    return Exposure(
        **_about(index, source, own, other),
        start=When(on=date_of(left.last_day)) if by_day else When(at=instant(left.end)),
        end=When(on=date_of(came.first_day)) if by_day else When(at=instant(came.start)),
        hours_min=0,
        hours_max=0,
        nights=0,
        sequence=sequence,
        resolution=Resolution.DAY if by_day else Resolution.INSTANT,
        under_precautions=sequence is Order.AFTER and _under_precautions(source, place, left.start, left.end),
        gap_hours_min=max(came.start - left.end, 0) / 60,
        gap_hours_max=(came.sure_start - left.sure_end) / 60,
    )


def _about(index: Index, source: Source, own: Row, other: Row) -> dict[str, Any]:
    place = index.names.places[own.place]
    repairs = repairs_of(index, own, other)
    return {
        "case_id": source.case_id,
        "index_patient_id": PatientId(source.patient_id),
        "contact_patient_id": PatientId(index.names.patients[other.patient]),
        "level": index.level,
        "facility": place.facility,
        "ward": place.ward,
        "room": place.room,
        "bed": place.bed,
        "repaired": repairs is not None,
        "repairs": repairs,
    }


def repairs_of(index: Index, *rows: Row) -> str | None:
    """Return the repairs behind some rows, as `repairs_named` does."""
    return repairs_named(*(index.names.repairs[one.repairs] for one in rows if one.repairs >= 0))


def _nights(first: int, last: int, place: Place) -> int:
    skipped = sum(first <= day <= last for day in days_that_never_were(place.zone))
    return max(0, last - first + 1 - skipped)


def _under_precautions(source: Source, place: Place, begins: int, ends: int) -> bool:
    """Whether precautions were certainly in force all the time."""
    return any(start <= begins and end >= ends for start, end in source.precautions.get(place.facility, ()))


def repairs_named(*texts: str | None) -> str | None:
    """Return the names of repairs in any of the texts, each once, separated by semicolons; None for none."""
    if not any(texts):
        return None
    return ";".join(sorted({name for text in texts if text for name in text.split(";")}))
