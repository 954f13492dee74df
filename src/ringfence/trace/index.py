"""The index of one level: presences by place and time, with who is in each place as each day begins.

It has three layers: what was there when it was built; what came for patients touched since; and who is still there. A
patient touched anew is given another number, so that what the first layer says of them is passed over and nothing of it
is rewritten: a day costs what came with it. See docs/decisions/0012.
"""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ringfence.record import Level, Whereabouts

from .columns import ALWAYS, NEVER, Columns, Names, Numbers, cut, day_number, days_that_never_were, minute_after
from .kernels import Layer, by_owner, by_place, census, slots_of

_BUILT_ANEW_ABOVE = 1 / 24
"""Once so much of an index is of patients touched since, it is built anew."""
_Scratch = threading.local()


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
        begins, there_at, there = census(ordered.place, ordered.start, ordered.end, first, grid)
        owners, own_at, own = by_owner(ordered.patient, ordered.start)
        of_place = by_place(own, ordered.place, places)
        return cls.found(ordered, (first, grid, begins, there_at, there, owners, own_at, own, of_place))

    @classmethod
    def found(cls, ordered: Columns, finding: Iterable[Any]) -> "Part":
        """Return the layer of rows in order and of the arrays that find them."""
        o = ordered
        times = (o.patient, o.start, o.sure_start, o.sure_end, o.end)
        days = (o.first_day, o.last_day, o.first_night, o.last_night)
        arrays = [*times, *days, o.place, *finding]
        for array in arrays:
            # A kernel is compiled for arrays that cannot be written, as those mapped from a file are.
            array.flags.writeable = False
        return cls(ordered, Layer(*arrays))


@dataclass(frozen=True)
class Index:
    """Presences of one level, to be asked who was in one place at one time."""

    level: Level
    names: Names
    at: datetime
    """As of when: until when open stays are taken to have gone on."""
    parts: tuple[Part, Part, Part]
    """What it was built of; what came since; and who is still there."""
    moved: Mapping[int, int] = field(default_factory=dict)
    """Patients touched since it was built: the number they had, and the one they have."""

    @classmethod
    def of(cls, everyone: Iterable[Whereabouts], level: Level, at: datetime) -> "Index":
        """Return the index of presences at `level`, as of the instant of their view."""
        names = Names()
        return cls.of_columns(names.columns(everyone), names, level, at)

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

    @property
    def layers(self) -> tuple[Layer, Layer, Layer]:
        """The layers, as kernels take them."""
        base, recent, here = self.parts
        return base.layer, recent.layer, here.layer

    def number(self, patient_id: str) -> int:
        """Return the number of a patient; -1 for one who was nowhere at this level."""
        number = self.names.patient(patient_id)
        return self.moved.get(number, number)

    def numbers(self, patient_ids: Sequence[str]) -> Numbers:
        """Return the numbers of patients, as `number` does."""
        found = list(map(self.names.patient, patient_ids))
        return np.array([self.moved.get(n, n) for n in found] if self.moved else found, np.int32)

    def scratch(self) -> Numbers:
        """Return zeros, a number for each patient, that a kernel leaves as they were; each thread has its own."""
        found: Numbers | None = getattr(_Scratch, "zeros", None)
        if found is None or len(found) < len(self.names.patients):
            found = _Scratch.zeros = np.zeros(len(self.names.patients) * 5 // 4 + 16, np.int32)
        return found

    def first_numbers(self) -> Numbers:
        """Return for each number the one that its patient had first."""
        first = np.arange(len(self.names.patients), dtype=np.int32)
        first[list(self.moved.values())] = list(self.moved.keys())
        return first

    def live(self) -> Columns:
        """Return every row, with the numbers that patients had first."""
        base, recent, here = (part.columns for part in self.parts)
        if self.moved:
            first = self.first_numbers()
            base = base.take(~np.isin(base.patient, list(self.moved)))
            recent, here = (replace(c, patient=first[c.patient]) for c in (recent, here))
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

    def extended_by(self, whose: Collection[str], now: Columns, at: datetime) -> "Index":
        """Return what `extended` does, of presences that are columns with the numbers of `names`."""
        base, recent, here = (part.columns for part in self.parts)
        numbers = [n for n in map(self.names.patient, whose) if n >= 0]
        before = np.array([self.moved.get(n, n) for n in numbers], np.int32)
        moved = {**self.moved, **{n: self.names.another(n) for n in numbers}}
        anew = np.array([moved.get(n, n) for n in now.patient.tolist()], np.int32)
        now = replace(now, patient=anew)
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

    def whole(self) -> "Index":
        """Return it built anew, if anything came since it was built."""
        return Index.of_columns(self.live(), self.names, self.level, self.at) if self.moved else self

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
