"""What the contact clauses of a policy make of somebody who met an index. See docs/decisions/0011."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import inf
from zoneinfo import ZoneInfo

from ringfence.policy import ContactClass, ContactsClause, Meeting, Policy, Who, on_a_hole, takes_in
from ringfence.record import Bathroom, Exposure, Follows, Level, Truth, UnitKind, When
from ringfence.record import Sequence as Order
from ringfence.vocabulary import Mark, weakest

_LEVELS = {
    ContactClass.ROOM: Level.ROOM,
    ContactClass.BAY: Level.ROOM,
    ContactClass.BATHROOM: Level.BATHROOM,
    ContactClass.WARD: Level.WARD,
    ContactClass.HEALTH_CARE: Level.WARD,
    ContactClass.FACILITY: Level.WARD,
}
_NOT_IN_MOVEMENTS = (ContactClass.CARE_TEAM, ContactClass.EQUIPMENT, ContactClass.RING)
_ASKS_FOR = {"screen": Follows.SCREEN, "inform": Follows.INFORM, "list": Follows.LIST}


@dataclass(frozen=True)
class Met:
    """Everything known of how one contact met one index."""

    exposures: Sequence[Exposure]
    bathroom: Bathroom
    first_positive: date
    """The local day of the first positive of the index."""
    admitted: datetime | None
    """When the visit of the first positive began; None: it was found outside of any."""
    positive_contact: bool
    """Whether a contact of this index was found positive since."""
    units: Mapping[tuple[str, str], UnitKind]
    """The kind of unit by facility and ward, where the map of places says."""
    zone: ZoneInfo
    at: datetime
    """The instant as of which it is asked."""


@dataclass(frozen=True)
class Standing:
    """What follows for a contact, by which clause, and from which last exposure its days are counted."""

    follows: Follows
    clause: ContactsClause | None
    mark: Mark
    last: When | None = None
    """The end of the last meeting from which days are counted; None: none that is taken in has ended."""
    going_on: Level | None = None
    """The closest place in which a meeting that is taken in goes on."""


def standing(policy: Policy, met: Met) -> Standing:
    """Return the most that the contact clauses ask for; what they leave open is DECIDE.

    Nobody is left out by a clause that is not verified. Of clauses that ask for the same, that of the latest exposure
    counts that has ended: one that goes on has no day yet to count from.
    """
    judged = [(clause, *_judged(clause.who, met)) for clause in policy.contacts if clause.who and clause.then]
    for word in ("screen", "inform"):
        taken = [(clause, those) for clause, truth, those in judged if truth is Truth.YES and _asks(clause) == word]
        if taken:
            return _counted_from(_ASKS_FOR[word], taken, met)
    left = [clause for clause, truth, _ in judged if truth is Truth.UNKNOWN]
    left += [clause for clause in policy.contacts if clause.id in _on_a_hole(policy, met)]
    for clause in left:
        if not _is_about_bathrooms_only(clause, met):
            return Standing(Follows.DECIDE, clause, clause.mark)
    if left:
        return Standing(Follows.UNKNOWN, left[0], left[0].mark)
    return _without(policy, [clause for clause, truth, _ in judged if truth is Truth.YES], met)


_Taken = list[tuple[ContactsClause, list[Exposure]]]


def _counted_from(follows: Follows, taken: _Taken, met: Met) -> Standing:
    """Return the clause of the latest meeting that has ended; where none has, the first clause and no day.

    A meeting has ended where none of the same kind goes on: who is still on the ward has not left it, and who left
    the room has left that.
    """
    open_levels = {e.level for _, those in taken for e in those if _goes_on(e, met)}
    going_on = next((level for level in Level if level in open_levels), None)
    ended = [(clause, [e for e in those if e.level not in open_levels]) for clause, those in taken]
    ended = [(clause, those) for clause, those in ended if those]
    if not ended:
        return Standing(follows, taken[0][0], taken[0][0].mark, going_on=going_on)
    clause, those = max(ended, key=lambda pair: _last(pair[1], met.zone).latest(met.zone))
    return Standing(follows, clause, clause.mark, _last(those, met.zone), going_on)


def _goes_on(exposure: Exposure, met: Met) -> bool:
    return exposure.sequence is Order.TOGETHER and exposure.end.latest(met.zone) >= met.at


def _without(policy: Policy, listed: list[ContactsClause], met: Met) -> Standing:
    """Nobody asks for anything: that settles it only where every clause that says so is verified."""
    for clause in listed:
        if clause.mark is Mark.VERIFIED:
            return Standing(Follows.LIST, clause, clause.mark)
    open_ones = [clause for clause in policy.contacts if clause.mark is not Mark.VERIFIED]
    if open_ones or not policy.contacts:
        first = next(iter(open_ones), None)
        return Standing(Follows.DECIDE, first, first.mark if first else Mark.NOT_SPECIFIED)
    if all(e.sequence is Order.AFTER for e in met.exposures):
        return _next_in_bed_only(policy)
    return Standing(Follows.NOTHING, None, weakest(clause.mark for clause in policy.contacts))


def _next_in_bed_only(policy: Policy) -> Standing:
    """Who only came next into a bed is listed where no clause speaks of it; care at large may mean it."""
    classes = {how: clause for clause in policy.contacts if clause.who for how in clause.who.classes}
    if ContactClass.SAME_BED_AFTER in classes:
        return Standing(Follows.NOTHING, None, classes[ContactClass.SAME_BED_AFTER].mark)
    wide = classes.get(ContactClass.HEALTH_CARE)
    if wide:
        return Standing(Follows.DECIDE, wide, wide.mark)
    return Standing(Follows.LIST, None, Mark.NOT_SPECIFIED)


def _on_a_hole(policy: Policy, met: Met) -> tuple[str, ...]:
    """Return the contact clauses between which the time together lies on a hole."""
    found: list[str] = []
    for how in dict.fromkeys(how for clause in policy.contacts if clause.who for how in clause.who.classes):
        those = [e for e in met.exposures if _is_of(how, e)]
        if those:
            found += on_a_hole(policy, next(iter(_meetings(how, those, met))))
    return tuple(found)


def _asks(clause: ContactsClause) -> str:
    return clause.then.contact if clause.then else ""


def _is_about_bathrooms_only(clause: ContactsClause, met: Met) -> bool:
    """Whether it is only the map of bathrooms that leaves a clause open."""
    if clause.who is None:
        return False
    unknown = [how for how in clause.who.classes if _of_class(how, clause.who, met)[0] is Truth.UNKNOWN]
    return unknown == [ContactClass.BATHROOM] and met.bathroom is Bathroom.UNKNOWN


def _judged(who: Who, met: Met) -> tuple[Truth, list[Exposure]]:
    found = [_of_class(how, who, met) for how in who.classes]
    taken = [exposure for truth, those in found if truth is Truth.YES for exposure in those]
    if taken:
        return Truth.YES, taken
    return (Truth.UNKNOWN if any(truth is Truth.UNKNOWN for truth, _ in found) else Truth.NO), []


def _of_class(how: ContactClass, who: Who, met: Met) -> tuple[Truth, list[Exposure]]:
    """Return whether the meetings of one class are taken in, and those meetings."""
    those = [e for e in met.exposures if _is_of(how, e) and _in_time(who, e, met)]
    if how in _NOT_IN_MOVEMENTS:
        return Truth.UNKNOWN, []
    if not those:
        unknown = how is ContactClass.BATHROOM and met.bathroom is Bathroom.UNKNOWN
        return (Truth.UNKNOWN if unknown else Truth.NO), []
    open_ones = [e for e in those if not e.under_precautions]
    if who.index_under_precautions == "does not count":
        those = open_ones
    judged = [(_takes_in(how, who, some, met), some) for some in _by_unit(who, those, met)]
    taken = [e for truth, some in judged if truth is Truth.YES for e in some]
    if taken:
        return Truth.YES, taken
    return (Truth.UNKNOWN if any(truth is Truth.UNKNOWN for truth, _ in judged) else Truth.NO), those


def _takes_in(how: ContactClass, who: Who, those: list[Exposure], met: Met) -> Truth:
    truths = {takes_in(who, meeting) for meeting in _meetings(how, those, met)}
    return truths.pop() if len(truths) == 1 else Truth.UNKNOWN


def _by_unit(who: Who, those: list[Exposure], met: Met) -> list[list[Exposure]]:
    """Return meetings by the kind of unit, where the clause speaks of some; what was elsewhere is another meeting."""
    if not who.vulnerable_units:
        return [those] if those else []
    found: dict[UnitKind | None, list[Exposure]] = {}
    for one in those:
        found.setdefault(met.units.get((one.facility, one.ward)), []).append(one)
    return list(found.values())


def _is_of(how: ContactClass, exposure: Exposure) -> bool:
    if how is ContactClass.SAME_BED_AFTER:
        return exposure.sequence is Order.AFTER
    return exposure.sequence is Order.TOGETHER and exposure.level is _LEVELS.get(how)


def _in_time(who: Who, exposure: Exposure, met: Met) -> bool:
    """Whether a meeting lies in the time from which on the index counts as a source; else it is listed and no more."""
    if who.look_back is None:
        return True
    if who.look_back.since == "admission of the index":
        return met.admitted is None or exposure.end.latest(met.zone) > met.admitted
    before = who.look_back.before_first_positive.number if who.look_back.before_first_positive else 0
    return (met.first_positive - exposure.end.day(met.zone)).days <= before


def _meetings(how: ContactClass, those: list[Exposure], met: Met) -> Iterable[Meeting]:
    """Return the meetings as the clause reads them, at least and at most; one that goes on may become any length."""
    unit = met.units.get((those[-1].facility, those[-1].ward))
    least = [(e.hours_min, e.gap_hours_min) for e in those]
    most = [(inf if _goes_on(e, met) else e.hours_max, e.gap_hours_max) for e in those]
    for some in (least, most):
        hours, gaps = [together for together, _ in some], [gap / 24 for _, gap in some if gap is not None]
        yield Meeting(
            how,
            hours=sum(hours),
            longest=max(hours),
            days_after=min(gaps, default=None),
            days_before_first_positive=0,
            index_under_precautions=all(e.under_precautions for e in those),
            unit=unit,
            positive_contact=met.positive_contact,
        )


def _last(those: Iterable[Exposure], zone: ZoneInfo) -> When:
    return max((e.end for e in those), key=lambda when: when.latest(zone))
