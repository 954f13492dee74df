"""What tracing stands on: the view, the index of a level and the cases; those of a record are kept beside it."""

from argparse import Namespace
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.assess import Carriage
from ringfence.chain import cases_put_aside, facilities_of_carriers_only, has_readable_results, sources
from ringfence.policy import Policy, load_policy
from ringfence.record import TABLES, Footing, Level, PlaceMap, View, distinct
from ringfence.trace import ALWAYS, NEVER, Around, DamagedIndex, Index, Kept, Source, keep, kept
from ringfence.vocabulary import nearest_to

from .opening import VERSION, Opened, UsageError

_WHAT_TO_SUPPLY = {
    Level.BED: "No stay names a bed, so bed level is UNKNOWN. Supply `bed` in stays.",
    Level.ROOM: "No stay names a room, so room level is UNKNOWN. Supply `room` in stays.",
    Level.BATHROOM: "The map of places names no bathroom, so bathroom level is UNKNOWN. Supply `bathroom` in places.",
}
_NAMED_IN = {Level.BED: "`bed` in stays", Level.ROOM: "`room` in stays", Level.BATHROOM: "`bathroom` in places"}
_ANYONE = "--pairs and --path ask about anyone."
_PROGRAM = f"ringfence {VERSION}"


@dataclass
class Ground:
    """A record or folder as of an instant, and what is worked out of it for tracing."""

    opened: Opened
    view: View
    policy: Policy | None
    beside: Path | None
    """The record beside whose facts the index is kept; None: nothing is kept."""
    _indexes: dict[Level, Index] = field(default_factory=dict)

    @classmethod
    def of(cls, args: Namespace, opened: Opened, view: View) -> "Ground":
        """Return the ground of the arguments."""
        folder = Path(args.folder)
        beside = folder / "index" if args.known is None and opened.store.folder.resolve() == folder.resolve() else None
        return cls(opened, view, load_policy(args.policy) if args.policy else None, beside)

    def index(self, level: Level) -> Index:
        """Return the index of a level; that of a record is kept, and only what changed since is worked out again."""
        if level not in self._indexes:
            self._indexes[level] = (
                self._kept_and_made(level, self.beside / level.value) if self.beside else self._made(level)
            )
        return self._indexes[level]

    def _kept_and_made(self, level: Level, folder: Path) -> Index:
        before, record = _before(folder), self.opened.store.digest
        if before and (before.record, before.index.at) == (record, self.view.at):
            return before.index
        footing = Footing.of(self.view)
        whose = footing.differing(before.footing) if before else None
        if before and whose is None:
            print(f"{folder} is as of a later instant, or facilities or places changed since. It is worked out anew.")
        if before and whose is not None:
            if whose:
                print(f"{folder}: patients whose stays are worked out again: {len(whose):,}.")
            found = before.index.extended_to(whose, self.view)
        else:
            found = self._made(level)
        try:
            keep(found, folder, made_by=_PROGRAM, record=record, footing=footing)
        except OSError:
            print(f"{folder}: the index could not be kept here, and will be worked out again.")
        return found

    def _made(self, level: Level) -> Index:
        return Index.of_view(self.view, level)

    def unknown(self, level: Level) -> str | None:
        """Return why nothing can be said at a level, and what to supply; None where something can."""
        if not len(self.view.current("stays")):
            return "No stay is known as of then, so it is UNKNOWN who met whom. Supply stays."
        return None if len(self.index(level)) else _WHAT_TO_SUPPLY.get(level)

    def nothing_then(self, level: Level, window: tuple[int, int]) -> list[str]:
        """Return what is to be said where a time was asked for in which nobody was anywhere that is known."""
        if window == (NEVER, ALWAYS) or self.index(level).has_any_within(*window):
            return []
        return ["No stay that is known falls into the time that was asked for: nobody is found, and it is UNKNOWN."]

    def nowhere(self, level: Level, patients: Sequence[str]) -> int:
        """Return how many of some patients were in no place of a level that is known."""
        return len(patients) - int(self.index(level).was_somewhere(patients).sum())

    @cached_property
    def cases(self) -> dict[str, tuple[Source, Carriage]]:
        """Everybody who carries, by case."""
        return sources(self.view, self.policy)

    def case(self, named: str) -> tuple[Source, Carriage]:
        """Return the case of a number, or the only case of a patient.

        Raises:
            UsageError: there is none, or several; the nearest are named.
        """
        named = self.view.case_under(self.view.number_under(named)) or named
        if named in self.cases:
            return self.cases[named]
        of_patient = [case for case, (source, _) in self.cases.items() if source.patient_id == named]
        if len(of_patient) == 1:
            return self.cases[of_patient[0]]
        if of_patient:
            raise UsageError(f"--case: this patient has several cases. Name one: {', '.join(of_patient)}.")
        if named in self.view.patient_ids:
            raise UsageError(f"--case: this patient has no case as of then. {_ANYONE}")
        if named in (aside := cases_put_aside(self.view)):
            how = aside[named].value.replace("_", " ")
            raise UsageError(f"--case: this case is {how} as of then, and nobody is its contact. {_ANYONE}")
        of_patients = {source.patient_id: case for case, (source, _) in self.cases.items()}
        known = of_patients | {case: case for case in self.cases}
        near = dict.fromkeys(known[one] for one in nearest_to(named, known))
        raise UsageError(f"--case: no such case or patient is known as of then.{_near(near, self.cases)}")

    def patient(self, named: str) -> str:
        """Return the number of a patient.

        Raises:
            UsageError: there is none; the nearest are named.
        """
        known = self.view.patient_ids
        named = self.view.number_under(named) or named
        if named not in known:
            raise UsageError(f"--path: no such patient is known as of then.{_near(nearest_to(named, known), known)}")
        return named

    @cached_property
    def around(self) -> Around:
        """Who is known to carry, and what wards and facilities are."""
        carriers = frozenset(source.patient_id for source, _ in self.cases.values())
        only = frozenset(facilities_of_carriers_only(self.view, carriers))
        statuses = {case: carriage.answer.status for case, (_, carriage) in self.cases.items()}
        return Around(carriers, only, self.view.setting.units, statuses)

    def no_results(self, args: Namespace) -> list[str]:
        """Return what is to be said where no result tells who carries, and the question is about carriers."""
        asks = args.case or args.all or args.pressure or args.compare
        unknown = "No result that rules read is known as of then, so it is UNKNOWN who carries. Supply results."
        return [unknown] if asks and not has_readable_results(self.view) else []

    @property
    def among_carriers(self) -> list[str]:
        """What is to be said where everyone who moves in a facility is a carrier."""
        only = self.around.carriers_only
        where = "in these files" if only >= self.view.facilities.keys() else f"in {', '.join(sorted(only))}"
        return (
            [f"Everyone who moves {where} is a carrier: these are overlaps among carriers, not contacts."]
            if only
            else []
        )

    def others(self) -> dict[str, tuple[int, int]]:
        """Return from when on each carrier counts, where the policy limits it: of several cases the earliest."""
        found: dict[str, int] = {}
        for source, _ in self.cases.values():
            found[source.patient_id] = min(source.window[0], found.get(source.patient_id, ALWAYS))
        return {patient: (low, ALWAYS) for patient, low in found.items() if low > NEVER}

    def not_known(self, level: Level, patients: Collection[str] | None = None) -> list[str]:
        """Return of how many stays it is not known in which place of a level they were, and what to supply.

        Args:
            level: bed, room or bathroom; of wards and facilities it is always known.
            patients: on whose wards; None: everywhere.
        """
        if level not in _NAMED_IN:
            return []
        stays = self.view.current("stays")
        first, of_row = distinct(stays, ("facility_id", "ward", "room", "bed"))
        rows = TABLES["stays"].unpack(stays.take(pa.array(first)))
        places = PlaceMap(self.view.rows("places"))
        known = {Level.BED: lambda s: s.bed, Level.ROOM: lambda s: s.room, Level.BATHROOM: places.has_bathroom}[level]
        unknown = np.array([not known(stay) for stay in rows], bool)[of_row]
        there = np.ones(len(stays), bool)
        if patients is not None:
            _, of_row = distinct(stays, ("facility_id", "ward"))
            own = pc.is_in(stays["patient_id"], pa.array(sorted(patients), pa.string())).to_numpy()
            there = np.isin(of_row, np.unique(of_row[own]))
        many, of = int((unknown & there).sum()), int(there.sum())
        where = "" if patients is None else " on the wards of the case" if len(patients) == 1 else " on wards of a case"
        if not many:
            return []
        return [
            f"Of {of:,} stays{where}, {many:,} have no {level} that is known: who shared one is UNKNOWN, not nobody. "
            f"Supply {_NAMED_IN[level]}."
        ]


def _before(folder: Path) -> Kept | None:
    """Return the index that is kept, if this version of Ringfence can use it; that it cannot is said."""
    try:
        found = kept(folder)
    except DamagedIndex as damaged:
        print(f"{damaged} The index is worked out anew from the record.")
        return None
    if found and found.made_by == _PROGRAM:
        return found
    if folder.exists():
        print(f"{folder} was made by another version of Ringfence. It is worked out anew.")
    return None


def _near(near: Collection[str], known: Collection[str]) -> str:
    if near:
        return f" Nearest: {', '.join(near)}."
    return " None is known." if not known else f" There are {len(known):,}; none is near."
