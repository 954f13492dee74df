"""The index of one level: presences by place and time, with who is in each place as each day begins.

It has three layers: what was there when it was built; what came for patients touched since; and who is still there. A
patient touched anew is given another number, so that what the first layer says of them is passed over and nothing of it
is rewritten: a day costs what came with it. See docs/decisions/0012.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ringfence.record import Level, View, Whereabouts

from .columns import (
    ALWAYS,
    NEVER,
    Bits,
    Columns,
    Names,
    Numbers,
    bits_at,
    bits_of,
    cut,
    day_number,
    days_that_never_were,
    minute_after,
)
from .kernels import Layer, by_place, census, owners_of, slots_of
from .seen import columns_of

_BUILT_ANEW_ABOVE = 1 / 24
"""Once so much of an index is of patients touched since, it is built anew."""


@dataclass(frozen=True)
class Part:
    """The rows of one layer in the order of place and start, and what finds them."""

    columns: Columns
    layer: Layer

    @classmethod
    def of(cls, columns: Columns, places: int) -> "Part":
        """Return the layer of rows in any order."""
        key = columns.place.astype(np.int64) << 32
        key += columns.start
        ordered = columns.take(np.argsort(key, kind="stable"))
        first, grid = slots_of(ordered.place, ordered.start, ordered.end, places)
        slots, there = census(ordered.place, ordered.start, ordered.end, first, grid)
        own = np.argsort((ordered.patient.astype(np.int64) << 32) + ordered.start, kind="stable").astype(np.int32)
        owners, own_at = owners_of(ordered.patient, own)
        of_place = by_place(own, ordered.place, places)
        near = np.stack([ordered.patient, ordered.start, ordered.end, ordered.place], axis=1)
        return cls.found(ordered, (first, grid, slots, there, owners, own_at, own, of_place, near))

    @classmethod
    def found(cls, ordered: Columns, finding: Iterable[Any]) -> "Part":
        """Return the layer of rows in order and of the arrays that find them."""
        o = ordered
        times = (o.patient, o.start, o.sure_start, o.sure_end, o.end)
        days = (o.first_day, o.last_day, o.first_night, o.last_night)
        arrays = [*times, *days, o.place, *finding]
        both = ((o.start, o.sure_start), (o.end, o.sure_end))
        in_doubt = any(one is not sure and bool((one != sure).any()) for one, sure in both)
        for array in arrays:
            # A kernel is compiled for arrays that cannot be written, as those mapped from a file are.
            array.flags.writeable = False
        return cls(ordered, Layer(*[*arrays, in_doubt]))


@dataclass(frozen=True)
class Moved:
    """Patients touched since an index was built, who have another number since."""

    first: Numbers = field(default_factory=lambda: np.zeros(0, np.int32))
    """The numbers they had, in order."""
    now: Numbers = field(default_factory=lambda: np.zeros(0, np.int32))
    """The number that each of them has."""

    def __len__(self) -> int:
        return len(self.first)

    def now_of(self, numbers: Any) -> Any:  # noqa: ANN401
        """Return the number that each has now; who was not moved keeps theirs."""
        return _translated(numbers, self.first, self.now)

    def first_of(self, numbers: Any) -> Any:  # noqa: ANN401
        """Return the number that each had first."""
        return _translated(numbers, *self._by_now)

    def and_also(self, first: Numbers, now: Numbers) -> "Moved":
        """Return these and some more; who is moved again has the later number."""
        before = ~np.isin(self.first, first)
        all_first, all_now = np.concatenate([self.first[before], first]), np.concatenate([self.now[before], now])
        order = np.argsort(all_first)
        return Moved(all_first[order], all_now[order])

    @cached_property
    def _by_now(self) -> tuple[Numbers, Numbers]:
        order = np.argsort(self.now)
        return self.now[order], self.first[order]


def _translated(numbers: Any, of: Numbers, to: Numbers) -> Any:  # noqa: ANN401
    """Return for each number what stands beside it in `to`, or the number itself; `of` is in order."""
    if not len(of):
        return numbers
    at = np.minimum(np.searchsorted(of, numbers), len(of) - 1)
    return np.where(of[at] == numbers, to[at], numbers)


@dataclass(frozen=True)
class Index:
    """Presences of one level, to be asked who was in one place at one time."""

    level: Level
    names: Names
    at: datetime
    """As of when: until when open stays are taken to have gone on."""
    parts: tuple[Part, Part, Part]
    """What it was built of; what came since; and who is still there."""
    moved: Moved = Moved()

    @classmethod
    def of(cls, everyone: Iterable[Whereabouts], level: Level, at: datetime) -> "Index":
        """Return the index of presences at `level`, as of the instant of their view."""
        names = Names()
        return cls.of_columns(names.columns(everyone), names, level, at)

    @classmethod
    def of_view(cls, view: View, level: Level) -> "Index":
        """Return the index of the presences at a level that a view tells."""
        names = Names()
        return cls.of_columns(columns_of(view, level, names), names, level, view.at)

    @classmethod
    def of_columns(cls, columns: Columns, names: Names, level: Level, at: datetime) -> "Index":
        """Return the index of presences that are columns already; rows in any order."""
        many = len(names.places)
        here, none = columns.open, columns.take(slice(0))
        closed = columns.take(~here) if here.any() else columns
        return cls(level, names, at, (Part.of(closed, many), Part.of(none, many), Part.of(columns.take(here), many)))

    def __len__(self) -> int:
        return len(self.live())

    @cached_property
    def single(self) -> Part:
        """Everything in one layer, for what goes through all of it."""
        base, recent, here = self.parts
        if not self.moved and not len(recent.columns) and not len(here.columns):
            return base
        return Part.of(self.live(), len(self.names.places))

    @cached_property
    def facilities(self) -> tuple[Mapping[str, int], Any]:
        """A number for each facility, and for each place that of its facility."""
        numbers = {name: n for n, name in enumerate(dict.fromkeys(place.facility for place in self.names.places))}
        return numbers, np.array([numbers[place.facility] for place in self.names.places], np.int64)

    @property
    def layers(self) -> tuple[Layer, Layer, Layer]:
        """The layers, as kernels take them."""
        base, recent, here = self.parts
        return base.layer, recent.layer, here.layer

    def number(self, patient_id: str) -> int:
        """Return the number of a patient; -1 for one who was nowhere at this level."""
        return int(self.moved.now_of(self.names.patient(patient_id)))

    def numbers(self, patient_ids: Sequence[str]) -> Numbers:
        """Return the numbers of patients, as `number` does."""
        numbers: Numbers = self.moved.now_of(self.names.known_numbers(patient_ids))
        return numbers

    @cached_property
    def replaced(self) -> Bits:
        """The patients whose rows in the first layer no longer hold."""
        return bits_of(self.moved.first, len(self.names.patients))

    def live(self) -> Columns:
        """Return every row, with the numbers that patients had first."""
        base, recent, here = (part.columns for part in self.parts)
        if self.moved:
            base = base.take(~bits_at(self.replaced, base.patient))
            recent, here = (replace(c, patient=self.moved.first_of(c.patient)) for c in (recent, here))
        some = [c for c in (base, recent, here) if len(c)]
        return Columns.together(some or [base])

    def extended(self, whose: Collection[str], now: Iterable[Whereabouts], at: datetime) -> "Index":
        """Return the index with all that is known of some patients replaced, as of a later instant.

        What it costs follows what came, not what was there. It answers as one built of everything does.

        Args:
            whose: the patients of whom anything changed.
            now: all their presences at this level, as of `at`.
            at: the instant as of which it is now.
        """
        return self.extended_by(whose, self.names.columns(now), at)

    def extended_to(self, whose: Collection[str], view: View) -> "Index":
        """Return what `extended` does, with what a later view tells of some patients."""
        return self.extended_by(whose, columns_of(view, self.level, self.names, whose), view.at)

    def extended_by(self, whose: Collection[str], now: Columns, at: datetime) -> "Index":
        """Return what `extended` does, of presences that are columns with the numbers of `names`."""
        base, recent, here = (part.columns for part in self.parts)
        known = {n for n in map(self.names.patient, whose) if n >= 0}
        first = np.fromiter(known, np.int32, len(known))
        before = self.moved.now_of(first)
        moved = self.moved.and_also(first, np.fromiter(map(self.names.another, known), np.int32, len(known)))
        now = replace(now, patient=moved.now_of(now.patient))
        still = self._until(here.take(~np.isin(here.patient, before)), at)
        came = Columns.together([recent.take(~np.isin(recent.patient, before)), now.take(~now.open)])
        stays = Columns.together([still, now.take(now.open)])
        many = len(self.names.places)
        found = replace(self, at=at, moved=moved, parts=(self.parts[0], Part.of(came, many), Part.of(stays, many)))
        return found.whole() if len(came) > len(base) * _BUILT_ANEW_ABOVE else found

    def within(self, low: int, high: int) -> "Index":
        """Return the index of what lies in the minutes from `low` up to `high`."""
        if (low, high) == (NEVER, ALWAYS):
            return self
        return Index.of_columns(cut(self.live(), self.names.places, low, high), self.names, self.level, self.at)

    def was_somewhere(self, patient_ids: Sequence[str]) -> Any:  # noqa: ANN401
        """Return of each patient whether any presence at this level is known: a boolean for each, in their order."""
        live = self.live().patient
        seen = np.zeros(len(self.names.patients) + 1, bool)
        seen[live] = True
        # Who was nowhere has the number -1, which is that of the last, whom nobody is.
        return seen[self.moved.first_of(self.numbers(patient_ids))]

    def has_any_within(self, low: int, high: int) -> bool:
        """Return whether anybody was anywhere in the minutes from `low` up to `high`."""
        return len(cut(self.live(), self.names.places, low, high)) > 0

    def whole(self) -> "Index":
        """Return it built anew, with one number for each patient, if any was touched since it was built."""
        if not self.moved:
            return self
        (names, number), rows = self.names.once_each(), self.live()
        return Index.of_columns(replace(rows, patient=number[rows.patient]), names, self.level, self.at)

    def _until(self, here: Columns, at: datetime) -> Columns:
        """Return presences that go on, as of an instant."""
        if not len(here):
            return here
        end = np.maximum(here.start, np.int32(minute_after(at)))
        zones = np.array([self.names.places[p].zone for p in here.place.tolist()])
        # An end in doubt, before the end of what is known, stays where it is.
        sure = here.sure_end >= here.end
        last_day, last_night = here.last_day.copy(), here.last_night.copy()
        for zone in np.unique(zones):
            # Who is there at midnight is there with the day before.
            day = day_number((at - timedelta(microseconds=1)).astimezone(ZoneInfo(str(zone))).date())
            those = zones == zone
            last_day[those] = np.maximum(here.first_day[those], day)
            last_night[those & sure] = day
        return replace(
            here, sure_end=np.where(sure, end, here.sure_end), end=end, last_day=last_day, last_night=last_night
        )

    def skipped(self) -> tuple[Any, Any]:
        """Return for each place where its zone's skipped days begin, and those days."""
        of_place = [days_that_never_were(place.zone) for place in self.names.places]
        at = np.cumsum([0, *map(len, of_place)])
        return at.astype(np.int64), np.array([day for days in of_place for day in days], np.int64)
