"""The compiled loops: whole numbers in, whole numbers out. What they mean is said where they are called.

Each is held to a slow, obvious twin in `tests/oracles`. Minutes and days are counted from 1970; periods are half-open.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit

SLOT = 1440
"""Minutes of a slot of the index: a day."""

Array = Any
F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a kernel, once for every process to come; where nothing can be kept on disk, for this one alone."""
    try:
        return cast(F, njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(F, njit(nogil=True)(function))


def part(function: F) -> F:
    """Compile a part of kernels, written into each that uses it: calling it would count references at every call."""
    return cast(F, njit(inline="always")(function))


class Layer(NamedTuple):
    """Presences of one level in the order of place and start, and what finds those in a place at a time."""

    patient: Array
    start: Array
    sure_start: Array
    sure_end: Array
    end: Array
    first_day: Array
    last_day: Array
    first_night: Array
    last_night: Array
    place: Array
    first_slot: Array
    """For each place the first slot in which somebody was there."""
    grid: Array
    """For each place the first of its slots in the two arrays below, and after the last place their number."""
    slots: Array
    """For each slot, and one after the last: the first row that begins in it or later; and the first of those below.
    The rows of a place end where the next place's begin. The two stand side by side, as both are looked up at once."""
    there: Array
    """For each slot the rows that began before it and end in it or later."""
    owners: Array
    """The patients with rows here, in the order of their numbers."""
    own_at: Array
    """For each of them the first of their rows below, and after the last the number of rows."""
    own: Array
    """The rows of each of them in the order of time."""
    of_place: Array
    """The rows of each place, the places in their order, by patient and time."""
    near: Array
    """For each row patient, start, end and place, side by side: what is looked up of rows that lie far apart."""
    in_doubt: bool
    """Whether any time is known as a range only."""


class Covers(NamedTuple):
    """When a case was certainly under precautions, and so did not count as an open source: of all cases together."""

    at: Array
    """For each case the first of its times below, and after the last case their number."""
    facility: Array
    """The facility in which precautions were in force."""
    low: Array
    """From which minute."""
    high: Array
    """Up to which minute."""
    of_place: Array
    """The facility of each place."""


# The columns of what is side by side of a row.
WHO, START, END, WHERE = range(4)
# The columns of a table of people who met, one row for each two: of every table; of contacts of cases; of pairs.
A, B, PLACE, MEETINGS, SURE, MOST = range(6)
LONGEST, FIRST, LAST = range(6, 9)
FIRST_DAY, LAST_DAY, DAYS, NIGHTS = range(6, 10)


@compiled
def slots_of(place: Array, start: Array, end: Array, places: int) -> tuple[Array, Array]:
    """Return the first slot of each place, and where its slots begin in a grid of all."""
    first = np.full(places, 2**30, np.int32)
    last = np.full(places, -(2**30), np.int32)
    for row in range(len(place)):
        p = place[row]
        first[p] = min(first[p], start[row] // SLOT)
        last[p] = max(last[p], end[row] // SLOT)
    grid = np.zeros(places + 1, np.int64)
    for p in range(places):
        grid[p + 1] = grid[p] + max(0, last[p] - first[p] + 1)
    return first, grid


@compiled
def census(place: Array, start: Array, end: Array, first: Array, grid: Array) -> tuple[Array, Array]:
    """Return for each slot where its rows begin, and who was there as it began; rows are by place and start."""
    begins = np.zeros(grid[-1] + 1, np.int64)
    there_at = np.zeros(grid[-1] + 1, np.int64)
    for row in range(len(place)):
        p = place[row]
        slot = start[row] // SLOT - first[p]
        begins[grid[p] + slot + 1] += 1
        for later in range(slot + 1, end[row] // SLOT - first[p] + 1):
            there_at[grid[p] + later + 1] += 1
    for at in range(grid[-1]):
        begins[at + 1] += begins[at]
        there_at[at + 1] += there_at[at]
    there = np.empty(there_at[-1], np.int32)
    filled = there_at[:-1].copy()
    for row in range(len(place)):
        p = place[row]
        slot = start[row] // SLOT - first[p]
        for later in range(slot + 1, end[row] // SLOT - first[p] + 1):
            there[filled[grid[p] + later]] = row
            filled[grid[p] + later] += 1
    slots = np.empty((len(begins), 2), np.int32)
    for at in range(len(begins)):
        slots[at, 0], slots[at, 1] = begins[at], there_at[at]
    return slots, there


@compiled
def owners_of(patient: Array, own: Array) -> tuple[Array, Array]:
    """Return the patients that have rows, and where in `own`, the rows by patient and time, those of each begin."""
    owners = np.empty(len(own), np.int32)
    own_at = np.empty(len(own) + 1, np.int64)
    many = 0
    for at in range(len(own)):
        if at == 0 or patient[own[at]] != patient[own[at - 1]]:
            owners[many] = patient[own[at]]
            own_at[many] = at
            many += 1
    own_at[many] = len(own)
    return owners[:many].copy(), own_at[: many + 1].copy()


@compiled
def own_rows(owners: Array, own_at: Array, patient: int) -> tuple[int, int]:
    """Return where the own rows of a patient begin and end in `own`."""
    # Where every number between has rows they are here, and else before: to look here first is to look once.
    at = min(patient - owners[0], len(owners) - 1) if len(owners) else -1
    if at >= 0 and owners[at] != patient:
        at = np.searchsorted(owners[:at], patient)
    if at < 0 or owners[at] != patient:
        return 0, 0
    return own_at[at], own_at[at + 1]


@part
def entry(first_slot: Array, grid: Array, slots: Array, place: int, low: int, high: int) -> tuple[int, int, int, int]:
    """Return where those in a place from `low` to `high` are: from, to in `there`; from, to of the rows after them.

    They are all that can be there then, and some who left just before or came just after.
    """
    c = c_end = b = b_end = 0
    if place < len(first_slot):
        zero = grid[place]
        many = grid[place + 1] - zero
        slot = low // SLOT - first_slot[place]
        beyond = (high - 1) // SLOT + 1 - first_slot[place]
        if slot < many and beyond > 0:
            at = zero + max(slot, 0)
            c, c_end, b, b_end = slots[at, 1], slots[at + 1, 1], slots[at, 0], slots[zero + min(beyond, many), 0]
    return c, c_end, b, b_end


@compiled
def wider(table: Array, rows: int = 0) -> Array:
    """Return a copy with room for so many rows, or for twice as many as there are."""
    more = np.empty((max(rows, 2 * len(table) + 16), table.shape[1]), table.dtype)
    more[: len(table)] = table
    return more


@part
def covered(covers: Covers, case: int, place: int, begins: int, ends: int) -> int:
    """Return 1 if a case was under precautions at the place's facility during all of a time, else 0."""
    found = 0
    for n in range(covers.at[case], covers.at[case + 1]):
        if covers.facility[n] == covers.of_place[place] and covers.low[n] <= begins and ends <= covers.high[n]:
            found = 1
    return found


@part
def seat_of(seats: Array, found: Array, many: int, patient: int) -> int:
    """Return the seat of a patient among those found of a case, from row `many` on; or the free one it is to have.

    A seat holds the number of a row, from 1. There are as many as a power of two, and at most half are taken: so few
    that they stay near at hand, which a number for every patient of a country would not.
    """
    last = len(seats) - 1
    seat = ((patient * 2654435761) >> 15) & last
    while seats[seat] != 0 and found[many + seats[seat] - 1, B] != patient:
        seat = (seat + 1) & last
    return seat


@compiled
def seated(least: int, found: Array, many: int, to: int) -> Array:
    """Return so many seats at least, taken by those found of a case, from row `many` up to `to`."""
    size = 1024
    while size < least:
        size *= 2
    seats = np.zeros(size, np.int32)
    for z in range(many, to):
        seats[seat_of(seats, found, many, found[z, B])] = z - many + 1
    return seats


@compiled
def others(layers: tuple[Layer, ...], place: int, patient: int, low: int, high: int) -> Array:
    """Return everybody else's rows in a place that begin before `high` and end after `low`: layer and row."""
    found = np.empty((32, 2), np.int64)
    many = 0
    for number in range(len(layers)):
        layer = layers[number]
        c, c_end, b, b_end = entry(layer.first_slot, layer.grid, layer.slots, place, low, high)
        there = c_end - c
        for n in range(there + b_end - b):
            other = layer.there[c + n] if n < there else b + n - there
            if layer.end[other] > low and layer.start[other] < high and layer.patient[other] != patient:
                if many == len(found):
                    found = wider(found)
                found[many, 0] = number
                found[many, 1] = other
                many += 1
    return found[:many]


@compiled
def contact_rows(
    layers: tuple[Layer, ...],
    sizes: Array,
    told: Array,
    cases: Array,
    lows: Array,
    highs: Array,
    least: int,
    ranks: Array,
    covers: Covers,
) -> tuple[Array, Array]:
    """Return one row for each case and patient it met, by case; and of each, how many meetings lay within precautions.

    Of the place in which they met first, the one told is that of the lowest rank.

    Args:
        layers: the index.
        sizes: the rows of each layer.
        told: the number by which each case is told.
        cases: the patient of each case.
        lows: the minute from which each case counts.
        highs: the minute up to which.
        least: minutes that each meeting must be able to have lasted.
        ranks: of each place.
        covers: when each case was under precautions.
    """
    found = np.empty((192 * len(cases) + 256, LAST + 1), np.int32)
    marks = np.zeros(len(found) if len(covers.low) else 0, np.int32)  # apart, as rows of more bytes cost every case
    near = np.empty(256, np.int32)
    seats = np.zeros(1024, np.int32)
    each = max(1, least)
    many = 0
    for case in range(len(cases)):
        patient, low, high = cases[case], lows[case], highs[case]
        to = many
        for number in range(len(layers)):
            if sizes[number] == 0:
                continue
            layer = layers[number]
            for mine in range(len(layers)):
                if sizes[mine] == 0:
                    continue
                own = layers[mine]
                at_from, at_to = own_rows(own.owners, own.own_at, patient)
                for at in range(at_from, at_to):
                    row = own.own[at]
                    begins, ends = max(own.near[row, START], low), min(own.near[row, END], high)
                    if begins >= ends:
                        continue
                    surely, surely_to = begins, ends
                    if own.in_doubt:
                        surely, surely_to = max(own.sure_start[row], low), min(own.sure_end[row], high)
                    place = own.near[row, WHERE]
                    c, c_end, b, b_end = entry(layer.first_slot, layer.grid, layer.slots, place, begins, ends)
                    most = c_end - c + b_end - b
                    if most > len(near):
                        near = np.empty(2 * most, np.int32)
                    # Those who met are set aside without a branch, as to guess whether they did is often wrong.
                    met = 0
                    for n in range(c, c_end):
                        other = layer.there[n]
                        near[met] = other
                        met += int(min(ends, layer.near[other, END]) - max(begins, layer.near[other, START]) >= each)
                    for other in range(b, b_end):
                        near[met] = other
                        met += int(min(ends, layer.near[other, END]) - max(begins, layer.near[other, START]) >= each)
                    while to + met > len(found):
                        found = wider(found)
                    if 2 * (to + met - many) > len(seats):
                        seats = seated(4 * (to + met - many), found, many, to)
                    those = (layer, near[:met], patient, begins, ends, surely, surely_to, place, ranks)
                    to = add_met(*those, told[case], seats, found, many, to)
                    if covers.at[case] < covers.at[case + 1]:
                        if len(marks) < len(found):
                            marks = marked(marks, len(found))
                        those_met = (layer, near[:met], patient, begins, ends, place, covers, case)
                        mark_met(*those_met, seats, found, marks, many)
        if to > many:
            seats[:] = 0
        many = to
    return found[:many], marked(marks, many)[:many]


@compiled
def marked(marks: Array, rows: int) -> Array:
    """Return marks with room for so many rows, those that are new without one."""
    more = np.zeros(max(rows, len(marks)), np.int32)
    more[: len(marks)] = marks
    return more


@compiled
def add_met(
    layer: Layer,
    rows: Array,
    patient: int,
    begins: int,
    ends: int,
    surely: int,
    surely_to: int,
    place: int,
    ranks: Array,
    case: int,
    seats: Array,
    found: Array,
    many: int,
    to: int,
) -> int:
    """Add meetings with some rows to those found of a case, from `many` up to `to`; return up to where they are now.

    It stands apart from its caller, which makes `found` wider: here no array is ever another, so nothing is looked up
    again for each meeting.
    """
    for other in rows:
        q = layer.near[other, WHO]
        if q == patient:
            continue
        since, until = max(begins, layer.near[other, START]), min(ends, layer.near[other, END])
        from_then, to_then = since, until
        if layer.in_doubt:
            from_then, to_then = layer.sure_start[other], layer.sure_end[other]
        sure = max(0, min(surely_to, to_then) - max(surely, from_then))
        seat = seat_of(seats, found, many, q)
        if seats[seat] == 0:
            z = to
            to += 1
            seats[seat] = to - many
            found[z, A] = case
            found[z, B] = q
            found[z, PLACE] = place
            found[z, MEETINGS] = 1
            found[z, SURE] = sure
            found[z, MOST] = until - since
            found[z, LONGEST] = until - since
            found[z, FIRST] = since
            found[z, LAST] = until
        else:
            z = many + seats[seat] - 1
            found[z, MEETINGS] += 1
            found[z, SURE] += sure
            found[z, MOST] += until - since
            found[z, LONGEST] = max(found[z, LONGEST], until - since)
            found[z, LAST] = max(found[z, LAST], until)
            if since < found[z, FIRST] or (since == found[z, FIRST] and ranks[place] < ranks[found[z, PLACE]]):
                found[z, FIRST] = since
                found[z, PLACE] = place
    return to


@compiled
def mark_met(
    layer: Layer,
    rows: Array,
    patient: int,
    begins: int,
    ends: int,
    place: int,
    covers: Covers,
    case: int,
    seats: Array,
    found: Array,
    marks: Array,
    many: int,
) -> None:
    """Count, of the meetings that were added, those within precautions; few cases had any, so it stands apart."""
    for other in rows:
        q = layer.patient[other]
        if q != patient:
            z = many + seats[seat_of(seats, found, many, q)] - 1
            since, until = max(begins, layer.start[other]), min(ends, layer.end[other])
            marks[z] += covered(covers, case, place, since, until)


@compiled
def after_rows(
    layers: tuple[Layer, ...],
    sizes: Array,
    told: Array,
    cases: Array,
    lows: Array,
    highs: Array,
    days: int,
    ranks: Array,
    covers: Covers,
) -> tuple[Array, Array]:
    """Return one row for each case and patient who came to a place up to some days after it left.

    Of several times the one told is that with the least minutes between, then the earliest, then that in the place of
    the lowest rank. `SURE` and `MOST` are the minutes between, at least and at most; `FIRST` and
    `LAST` when the case left and the patient came; `MEETINGS` how many times. The rest is as in `contact_rows`.
    """
    found = np.empty((1024, LAST + 1), np.int64)
    marks = np.zeros(len(found), np.int32)
    seats = np.zeros(1024, np.int32)
    many = 0
    for case in range(len(cases)):
        patient = cases[case]
        to = many
        for number in range(len(layers)):
            if sizes[number] == 0:
                continue
            layer = layers[number]
            for mine in range(len(layers) - 1):  # the last layer is of those who have not left
                if sizes[mine] == 0:
                    continue
                own = layers[mine]
                at_from, at_to = own_rows(own.owners, own.own_at, patient)
                for at in range(at_from, at_to):
                    row = own.own[at]
                    left, surely = own.end[row], own.sure_end[row]
                    if own.start[row] >= highs[case] or left <= lows[case] or surely > highs[case]:
                        continue
                    place, high = own.place[row], left + days * SLOT + 1
                    near = entry(layer.first_slot, layer.grid, layer.slots, place, surely - 1, high)
                    most = near[1] - near[0] + near[3] - near[2]
                    while to + most > len(found):
                        found = wider(found)
                        marks = marked(marks, len(found))
                    if 2 * (to + most - many) > len(seats):
                        seats = seated(4 * (to + most - many), found, many, to)
                    came_from = own.start[row]
                    shielded = covered(covers, case, place, came_from, left)
                    those = (layer, near, patient, came_from, left, surely, high, place, ranks, shielded)
                    to = add_after(*those, told[case], seats, found, marks, many, to)
        if to > many:
            seats[:] = 0
        many = to
    return found[:many], marks[:many]


@compiled
def add_after(
    layer: Layer,
    near: tuple[int, int, int, int],
    patient: int,
    came_from: int,
    left: int,
    surely: int,
    high: int,
    place: int,
    ranks: Array,
    shielded: int,
    case: int,
    seats: Array,
    found: Array,
    marks: Array,
    many: int,
    to: int,
) -> int:
    """Add those who came after to those found of a case, as `add_met` does with meetings; `near` is of `entry`."""
    c, c_end, b, b_end = near
    there = c_end - c
    for n in range(there + b_end - b):
        other = layer.there[c + n] if n < there else b + n - there
        came, q = layer.start[other], layer.patient[other]
        if q == patient or came < came_from or came >= high or layer.sure_start[other] < surely:
            continue
        gap, gap_most = max(0, came - left), layer.sure_start[other] - surely
        seat = seat_of(seats, found, many, q)
        z = many + seats[seat] - 1
        if seats[seat] == 0:
            z = to
            to += 1
            seats[seat] = to - many
            found[z, A] = case
            found[z, B] = q
            found[z, MEETINGS] = 0
            found[z, LONGEST] = 0
            marks[z] = 0
        found[z, MEETINGS] += 1
        marks[z] += shielded
        then, so_far = (gap, gap_most, came, left), (found[z, SURE], found[z, MOST], found[z, LAST], found[z, FIRST])
        if found[z, MEETINGS] == 1 or then < so_far or (then == so_far and ranks[place] < ranks[found[z, PLACE]]):
            found[z, SURE] = gap
            found[z, MOST] = gap_most
            found[z, PLACE] = place
            found[z, FIRST] = left
            found[z, LAST] = came
    return to


@compiled
def enough(found: Array, low: int, high: int, least: int) -> int:
    """Move those of some rows together who were together for so many minutes; return the row after the last."""
    kept = low
    for z in range(low, high):
        if found[z, MOST] >= least:
            if kept != z:
                found[kept] = found[z]
            kept += 1
    return kept


@compiled
def meetings_at_most(layer: Layer) -> int:
    """Return how many rows are looked at to find every meeting once, about."""
    many = 0
    for row in range(len(layer.start)):
        if layer.end[row] > layer.start[row]:
            c, c_end, b, b_end = entry(
                layer.first_slot,
                layer.grid,
                layer.slots,
                layer.place[row],
                layer.start[row],
                layer.end[row],
            )
            many += c_end - c + b_end - b - 1
    return many // 2


@part
def days_between(first: int, last: int, skipped: Array, at: int, to: int) -> int:
    """Return how many days there were from one to another, both counted; 0 when the last is before the first.

    Those are left out that are in `skipped`, from `at` up to `to`.
    """
    many = max(0, last - first + 1)
    for n in range(at, to):
        if first <= skipped[n] <= last:
            many -= 1
    return many


@compiled
def by_place(own: Array, place: Array, places: int) -> Array:
    """Return rows that are by patient and time by place, patient and time; their numbers are by place already."""
    at = np.zeros(places + 1, np.int64)
    for row in range(len(place)):
        at[place[row] + 1] += 1
    for p in range(places):
        at[p + 1] += at[p]
    found = np.empty(len(own), np.int32)
    for row in own:
        found[at[place[row]]] = row
        at[place[row]] += 1
    return found


@compiled
def end_of_place(place: Array, row: int, high: int) -> int:
    """Return the row after the last in the place of `row`, of the rows up to `high`."""
    return int(row + np.searchsorted(place[row:high], place[row], "right"))


@compiled
def in_one_place(layer: Layer, low: int, high: int, ranks: Array) -> tuple[Array, Array]:
    """Return the patients of a place by rank; and for each of its rows, `low` to `high`, which of them it is of."""
    who = np.empty(high - low, np.int32)
    patients = np.empty(high - low, np.int32)
    many = 0
    for at in range(low, high):
        row = layer.of_place[at]
        if at == low or layer.patient[row] != patients[many - 1]:
            patients[many] = layer.patient[row]
            many += 1
        who[row - low] = many - 1
    order = np.argsort(ranks[patients[:many]])
    rank = np.empty(many, np.int32)
    for n in range(many):
        rank[order[n]] = n
    for n in range(high - low):
        who[n] = rank[who[n]]
    return patients[:many][order], who


@compiled
def longer(numbers: Array, least: int) -> Array:
    """Return a copy with room for twice as many numbers, and at least for so many."""
    more = np.empty(max(2 * len(numbers), least), numbers.dtype)
    more[: len(numbers)] = numbers
    return more


@compiled
def meetings_in(layer: Layer, low: int, high: int, who: Array, since: int, until: int) -> tuple[Array, Array, Array]:
    """Return who met in a place: for each patient the first meeting, and of each meeting the row of one and of another.

    A meeting is of the one who ranks first of the two. Of each they are in the order of time.

    Args:
        layer: the whole index in one.
        low: the first row of the place.
        high: the row after its last.
        who: for each of these rows the rank of its patient.
        since: the first rank of which meetings are told.
        until: the rank after the last.
    """
    one = np.empty(32 * (high - low) + 64, np.int32)
    other = np.empty(len(one), np.int32)
    at = np.zeros(until - since + 2, np.int64)
    here = np.empty(high - low, np.int32)
    many = there = 0
    for row in range(low, high):
        begins, mine = layer.start[row], who[row - low]
        if layer.end[row] <= begins:
            continue
        if many + there > len(one):
            one, other = longer(one, many + there), longer(other, many + there)
        left = 0
        for n in range(there):
            before = here[n]
            here[left] = before
            left += int(layer.end[before] > begins)
        for n in range(left):
            before = here[n]
            theirs = who[before - low]
            first = min(mine, theirs)
            if mine == theirs or first < since or first >= until:
                continue
            one[many] = row if mine < theirs else before
            other[many] = before if mine < theirs else row
            many += 1
            at[first - since + 2] += 1
        here[left] = row
        there = left + 1
    for n in range(2, len(at)):
        at[n] += at[n - 1]
    ones, others_ = np.empty(many, np.int32), np.empty(many, np.int32)
    for n in range(many):
        to = who[one[n] - low] - since + 1
        ones[at[to]] = one[n]
        others_[at[to]] = other[n]
        at[to] += 1
    return at[:-1], ones, others_


@compiled
def pair_rows(
    layer: Layer, low: int, high: int, shares: Array, ranks: Array, least: int, skipped_at: Array, skipped: Array
) -> Array:
    """Return one row for each two patients and each place they shared; `A` has the one who ranks first.

    Args:
        layer: the whole index in one.
        low: the first row, with which a place begins.
        high: the row after the last, with which a place ends.
        shares: which share of the patients of each place, and of how many shares.
        ranks: for each patient a number, no two the same.
        least: minutes that all meetings together must be able to have lasted.
        skipped_at: for each place where its skipped days begin; and after the last place, their number.
        skipped: days that the zone of a place left out.
    """
    found = np.empty((0, NIGHTS + 1), np.int32)
    many, row = 0, low
    while row < high:
        to = end_of_place(layer.place, row, high)
        patients, who = in_one_place(layer, row, to, ranks)
        since, until = len(patients) * shares[0] // shares[1], len(patients) * (shares[0] + 1) // shares[1]
        at, ones, others_ = meetings_in(layer, row, to, who, since, until)
        if many + len(ones) > len(found):
            # If the places to come are like this one, it is done once.
            found = wider(found, many + len(ones) * (high - row) * 9 // (to - row) // 8)
        many = pairs_of(layer, row, at, ones, others_, who, patients, least, skipped_at, skipped, found, many)
        row = to
    return found[:many]


@compiled
def pairs_of(
    layer: Layer,
    low: int,
    at: Array,
    ones: Array,
    others_: Array,
    who: Array,
    patients: Array,
    least: int,
    skipped_at: Array,
    skipped: Array,
    found: Array,
    many: int,
) -> int:
    """Add the pairs of one place to those found, which have room for them; return how many there are."""
    slot, last_night = np.zeros(len(patients), np.int32), np.empty(len(patients), np.int32)
    place = layer.place[low]
    out, out_to = skipped_at[place], skipped_at[place + 1]
    for n in range(len(at) - 1):
        near = many
        for meeting in range(at[n], at[n + 1]):
            row, other = ones[meeting], others_[meeting]
            q = who[other - low]
            since, until = max(layer.start[row], layer.start[other]), min(layer.end[row], layer.end[other])
            surely = max(layer.sure_start[row], layer.sure_start[other])
            surely_to = min(layer.sure_end[row], layer.sure_end[other])
            day = max(layer.first_day[row], layer.first_day[other])
            day_to = min(layer.last_day[row], layer.last_day[other])
            night = max(layer.first_night[row], layer.first_night[other])
            night_to = min(layer.last_night[row], layer.last_night[other])
            if slot[q] == 0:
                z = near
                near += 1
                slot[q] = near - many
                found[z, A] = layer.patient[row]
                found[z, B] = q
                found[z, PLACE] = place
                found[z, MEETINGS] = 1
                found[z, SURE] = max(0, surely_to - surely)
                found[z, MOST] = until - since
                found[z, FIRST_DAY] = day
                found[z, LAST_DAY] = day_to
                last_night[q] = night_to
                found[z, DAYS] = days_between(day, day_to, skipped, out, out_to)
                found[z, NIGHTS] = days_between(night, night_to, skipped, out, out_to)
            else:
                z = many + slot[q] - 1
                found[z, MEETINGS] += 1
                found[z, SURE] += max(0, surely_to - surely)
                found[z, MOST] += until - since
                # They come in the order of time, so a day is new if it is later than the last.
                found[z, DAYS] += days_between(max(day, found[z, LAST_DAY] + 1), day_to, skipped, out, out_to)
                found[z, LAST_DAY] = max(day_to, found[z, LAST_DAY])
                found[z, NIGHTS] += days_between(max(night, last_night[q] + 1), night_to, skipped, out, out_to)
                last_night[q] = max(night_to, last_night[q])
        for z in range(many, near):
            slot[found[z, B]] = 0
            found[z, B] = patients[found[z, B]]
        many = enough(found, many, near, least)
    return many


@compiled
def pressure_rows(layer: Layer, low: int, high: int, ever: Array, carriers: Array, since: Array, until: Array) -> Array:
    """Return one row for each patient, place and day there: with how many other known carriers on that day.

    Args:
        layer: the whole index in one.
        low: the first row, with which a place begins.
        high: the row after the last, with which a place ends.
        ever: for each patient a bit: whether ever a known carrier.
        carriers: those who were, in the order of their numbers.
        since: for each of them the first day as one.
        until: the last.
    """
    bound = 0
    for row in range(low, high):
        bound += max(0, layer.last_day[row] - layer.first_day[row] + 1)
    found = np.empty((bound, 4), np.int32)
    many, at = 0, low
    while at < high:
        place, last_at = layer.place[at], end_of_place(layer.place, at, high)
        first, last = 2**30, -(2**30)
        for row in range(at, last_at):
            first, last = min(first, layer.first_day[row]), max(last, layer.last_day[row])
        on_day = np.zeros(max(0, last - first) + 1, np.int32)
        for carrying in range(2):
            patient, done = -1, -(2**30)
            from_day, to_day = 2**30, -(2**30)
            for n in range(at, last_at):
                row = layer.of_place[n]
                if layer.patient[row] != patient:
                    patient, done = layer.patient[row], -(2**30)
                    from_day, to_day = 2**30, -(2**30)
                    if ever[patient >> 3] >> (patient & 7) & 1:
                        which = np.searchsorted(carriers, patient)
                        from_day, to_day = since[which], until[which]
                one, to = max(layer.first_day[row], done + 1), layer.last_day[row]
                done = max(done, to)
                if carrying == 0:
                    for day in range(max(one, from_day), min(to, to_day) + 1):
                        on_day[day - first] += 1
                else:
                    for day in range(one, to + 1):
                        found[many, 0] = patient
                        found[many, 1] = place
                        found[many, 2] = day
                        found[many, 3] = on_day[day - first] - (from_day <= day <= to_day)
                        many += 1
        at = last_at
    return found[:many]


@compiled
def before(heap: Array, a: int, b: int) -> bool:
    """Whether one entry of a heap comes before another: by minute, then patient."""
    return bool(heap[a, 0] < heap[b, 0] or (heap[a, 0] == heap[b, 0] and heap[a, 1] < heap[b, 1]))


@compiled
def swap(heap: Array, a: int, b: int) -> None:
    """Exchange two entries of a heap."""
    for n in range(2):
        kept = heap[a, n]
        heap[a, n] = heap[b, n]
        heap[b, n] = kept


@compiled
def pushed(heap: Array, many: int, minute: int, patient: int) -> Array:
    """Return the heap with one more entry."""
    if many == len(heap):
        heap = wider(heap)
    heap[many, 0] = minute
    heap[many, 1] = patient
    at = many
    while at > 0 and before(heap, at, (at - 1) // 2):
        swap(heap, at, (at - 1) // 2)
        at = (at - 1) // 2
    return heap


@compiled
def pop(heap: Array, many: int) -> None:
    """Move the first entry of a heap to its end, and put the others in order."""
    swap(heap, 0, many - 1)
    at = 0
    while True:
        least = at
        for child in (2 * at + 1, 2 * at + 2):
            if child < many - 1 and before(heap, child, least):
                least = child
        if least == at:
            return
        swap(heap, at, least)
        at = least


@compiled
def reached(layers: tuple[Layer, ...], origin: int, goal: int, low: int, high: int, after: int, when: Array) -> Array:
    """Return by what step each patient can first have been reached from another.

    A step goes from a patient already reached to one who is in the same place then or later; or, with `after` a number
    of minutes of 0 or more, who comes to a place up to so long after the other left it. A step is: patient from, layer
    and row of the one, layer and row of the other. In `when` is the minute before which each patient must be reached,
    and afterwards that at which they were.
    """
    step = np.full((len(when), 5), -1, np.int64)
    heap = np.empty((64, 2), np.int64)
    when[origin] = low
    heap = pushed(heap, 0, low, origin)
    many = 1
    while many:
        now, patient = heap[0, 0], heap[0, 1]
        pop(heap, many)
        many -= 1
        if now > when[patient]:
            continue
        if patient == goal:
            break
        for mine in range(len(layers)):
            own = layers[mine]
            at_from, at_to = own_rows(own.owners, own.own_at, patient)
            for at in range(at_from, at_to):
                row = own.own[at]
                begins, ends = max(own.start[row], now), min(own.end[row], high)
                if begins >= ends:
                    continue
                reach = ends if after < 0 else min(ends + after + 1, high)
                for number in range(len(layers)):
                    layer = layers[number]
                    c, c_end, b, b_end = entry(layer.first_slot, layer.grid, layer.slots, own.place[row], begins, reach)
                    there = c_end - c
                    for n in range(there + b_end - b):
                        other = layer.there[c + n] if n < there else b + n - there
                        q = layer.patient[other]
                        since = max(begins, layer.start[other])
                        if layer.start[other] >= reach or since >= layer.end[other] or since >= when[q]:
                            continue
                        when[q] = since
                        step[q, 0] = patient
                        step[q, 1] = mine
                        step[q, 2] = row
                        step[q, 3] = number
                        step[q, 4] = other
                        heap = pushed(heap, many, since, q)
                        many += 1
    return step
