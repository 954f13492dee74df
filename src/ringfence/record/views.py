"""Views: pure functions of facts at an instant. Current rows, zones, and the timeline of a patient."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .arrays import Whole, mapped
from .current import Known
from .declare import TABLES
from .envelope import SEPARATOR, Fact, columns_of, unpack_facts
from .facts import (
    Declaration,
    Distance,
    Encounter,
    Facility,
    IdentityLink,
    Isolate,
    Measure,
    Order,
    Patient,
    Place,
    Population,
    Result,
    RiskAnswer,
    Specimen,
    Stay,
    Typing,
)
from .identity import canonical_numbers, links_in_force, patient_of
from .moments import When
from .numbers import OWN_NUMBER, with_qualified_row
from .shelves import Block, Shelf, Shelves
from .undoing import by_person
from .waiting import Waits, waiting
from .words import Coverage, DeclarationKind, Found, UnitKind

# Tables whose rows are of one patient, and those whose rows are of the patient of their specimen.
_OF_PATIENT = (
    "patients", "encounters", "stays", "orders", "specimens", "answers", "measures", "treatments", "reported_history",
)  # fmt: skip
_OF_SPECIMEN = ("isolates", "results")
_EARLIER = "earlier_"
_NUMBERS = ("patient_id", "contact_patient_id", "patient_a", "patient_b")
_OUTBREAK = (DeclarationKind.OUTBREAK_OPEN, DeclarationKind.OUTBREAK_CLOSED)
_AT_ONCE = 2048
"""How many neighbouring patients' rows are built together."""


class UnknownFacility(KeyError):  # noqa: N818
    """A facility that no row of `facilities` names."""


@dataclass(frozen=True)
class Setting:
    """What is not of one patient and rules about one patient need: zones, places, outbreaks declared on wards."""

    zones: Mapping[str, ZoneInfo]
    declarations: tuple[Declaration, ...]
    places: tuple[Place, ...] = ()

    @property
    def default_zone(self) -> ZoneInfo:
        """The zone of the first facility; UTC where there is none."""
        return next(iter(self.zones.values()), ZoneInfo("UTC"))

    def zone(self, facility_id: str | None) -> ZoneInfo:
        """Return the zone of a facility; for none, the zone of the first facility.

        Raises:
            UnknownFacility: no facility is called so.
        """
        if facility_id is None:
            return self.default_zone
        try:
            return self.zones[facility_id]
        except KeyError:
            raise UnknownFacility(facility_id) from None

    @cached_property
    def units(self) -> Mapping[tuple[str, str], UnitKind]:
        """What each ward is for, by facility and ward, where the map of places says."""
        return {(place.facility_id, place.ward): place.unit for place in self.places if place.ward and place.unit}

    def outbreak(self, facility_id: str, ward: str, at: datetime) -> Declaration | None:
        """Return the declaration of the outbreak open on a ward at `at`, if there is one."""
        known = (
            d
            for d in self.declarations
            if (d.facility_id, d.ward) == (facility_id, ward) and d.declared.earliest(self.default_zone) <= at
        )
        last = max(known, key=lambda d: (d.declared.earliest(self.default_zone), d.kind), default=None)
        return last if last and last.kind is DeclarationKind.OUTBREAK_OPEN else None


class Timeline:
    """Everything known of one patient as of an instant: slices of the record, whose rows are built when asked for.

    Each list is in the order of time; rows of one time are in the order of their keys.
    """

    def __init__(self, view: "View", patient_id: str, block: Block | None, number: int) -> None:
        self.patient_id, self.at, self.known_to, self.setting = patient_id, view.at, view.known_to, view.setting
        self._view, self._block, self._number = view, block, number

    def rows(self, table: str) -> tuple[Any, ...]:
        """Return the patient's current rows of a table."""
        return tuple(self._block.rows(table, self._number)) if self._block else ()

    @cached_property
    def patient(self) -> Patient | None:
        """What is known of the person; of numbers that were linked, what the first of them says."""
        return next(iter(self.rows("patients")), None)

    @cached_property
    def died(self) -> When | None:
        """When the patient died, if any of the patient's numbers says so."""
        return next((p.died for p in self.rows("patients") if p.died), None)

    @cached_property
    def encounters(self) -> tuple[Encounter, ...]:
        """The visits."""
        return self.rows("encounters")

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """The stays as reported; see `repaired_stays` for those that rules use."""
        return self.rows("stays")

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """The steps of screens before there was a specimen."""
        return self.rows("orders")

    @cached_property
    def specimens(self) -> tuple[Specimen, ...]:
        """The specimens."""
        return self.rows("specimens")

    @cached_property
    def isolates(self) -> Mapping[str, Isolate]:
        """The isolates by id."""
        return {i.isolate_id: i for i in self.rows("isolates")}

    @cached_property
    def doubtful_isolates(self) -> frozenset[str]:
        """Those of them that rows name different organisms for."""
        return self._view.doubtful_isolates & self.isolates.keys()

    @cached_property
    def results(self) -> Mapping[str, tuple[Result, ...]]:
        """Results by specimen; nothing for a specimen without."""
        return self._by_specimen("results")

    @cached_property
    def earlier_results(self) -> Mapping[str, tuple[Result, ...]]:
        """Versions that a later one has replaced or taken back, by specimen."""
        return self._by_specimen(f"{_EARLIER}results")

    @cached_property
    def former_specimens(self) -> tuple[tuple[Specimen, tuple[Result, ...]], ...]:
        """Specimens once taken for this patient's, and since taken back or given to another; with their results."""
        return tuple(self._view.former_specimens.get(self.patient_id, ()))

    @cached_property
    def answers(self) -> Mapping[str, tuple[RiskAnswer, ...]]:
        """Answers by encounter."""
        return _grouped(self.rows("answers"), "encounter_id")

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """Measures in place for the patient."""
        return self.rows("measures")

    @cached_property
    def declarations(self) -> tuple[Declaration, ...]:
        """What professionals declared of this patient, less what was undone."""
        return self._view.declarations_of.get(self.patient_id, ())

    def declared(self, *kinds: DeclarationKind, **about: str) -> Declaration | None:
        """Return the last declaration of these kinds that stands, and is about what is named."""
        own = (d for d in self.declarations if d.kind in kinds)
        those = [d for d in own if all(getattr(d, name) == value for name, value in about.items())]
        return those[-1] if those else None

    def first_known(self, table: str, number: str) -> datetime | None:
        """Return since when what a current row says was known; see `Known.first_known`."""
        return self._view.known.first_known(table, number)

    def linked_after(self, moment: datetime) -> bool:
        """Whether a number was linked to this patient's after a moment."""
        own = (k for k in self._view.links if self._view.canonical.get(k.patient_a, k.patient_a) == self.patient_id)
        return any(link.declared.earliest(self.setting.default_zone) > moment for link in own)

    def contents(self) -> tuple[object, ...]:
        """Return everything that rules can read of this patient, to be compared with what another view holds."""
        tables = (*_OF_PATIENT, *_OF_SPECIMEN, f"{_EARLIER}results")
        own = {e.encounter_id for e in self.encounters}
        others = [
            self._view.visits.get(s.encounter_id) for s in self.stays if s.encounter_id and s.encounter_id not in own
        ]
        known = [
            self.first_known(name, getattr(row, OWN_NUMBER[name]))
            for name in (_OF_SPECIMEN[1], "specimens")
            for row in (self.rows(name) if self.declared(DeclarationKind.PRECAUTIONS_ENDED) else ())
        ]
        doubtful = self.doubtful_isolates
        return (
            *(self.rows(name) for name in tables),
            self.declarations,
            self.former_specimens,
            others,
            known,
            doubtful,
        )

    def _by_specimen(self, table: str) -> Mapping[str, tuple[Result, ...]]:
        found: dict[str, list[Result]] = {s.specimen_id: [] for s in self.specimens}
        for result in self.rows(table):
            found[result.specimen_id].append(result)
        return {specimen: tuple(some) for specimen, some in found.items()}


class View:
    """The current rows of every table as of an instant, with what was known then.

    Args:
        columns: facts by table, columns and envelope, known up to `known_to`, in any order.
        at: the instant. A fact counts since it was recorded; where nobody said, since it happened: knowledge time is
            then assumed equal to event time.
        known_to: the `seq` up to which facts were taken.
    """

    def __init__(self, columns: Mapping[str, pa.Table], *, at: datetime, known_to: int) -> None:
        self.at, self.known_to = at, known_to
        self.known = Known(columns, at=at)
        self._rows: dict[str, Sequence[Any]] = {}
        self._current: dict[str, pa.Table] = {}

    @classmethod
    def of(cls, rows: Mapping[str, Iterable[Any]], *, at: datetime, known_to: int) -> "View":
        """Return the view of rows by table that came from nowhere in particular."""
        return cls.of_facts(
            (Fact(table=name, row=row) for name, some in rows.items() for row in some), at=at, known_to=known_to
        )

    @classmethod
    def of_facts(cls, facts: Iterable[Fact], *, at: datetime, known_to: int) -> "View":
        """Return the view of facts that no store holds."""
        return cls(columns_of(facts), at=at, known_to=known_to)

    def rows(self, table: str) -> Sequence[Any]:
        """Return the current rows of `table`, in the order of their keys."""
        if table not in self._rows:
            self._rows[table] = _built(table, self.current(table))
        return self._rows[table]

    def rows_of(self, table: str, patients: Collection[str]) -> Sequence[Any]:
        """Return the current rows of `table` that are of some patients, in the order of their keys."""
        if table in self._rows:
            return [row for row in self._rows[table] if row.patient_id in patients]
        packed = self.current(table)
        return _built(table, packed.filter(pc.is_in(packed["patient_id"], pa.array(patients, pa.string()))))

    def current(self, table: str) -> pa.Table:
        """Return the current facts of `table` in columns, in no order, under the canonical numbers of patients."""
        if table not in self._current:
            packed = self.known.rows(table, self.known.versions[table].current)
            self._current[table] = packed if table == "identity_links" else self._under_canonical_numbers(packed)
        return self._current[table]

    def sources(self, table: str) -> Mapping[str, str]:
        """Return where the current row of each key was read."""
        packed = self.known.columns[table].take(pa.array(self.known.versions[table].current))
        column = TABLES[table].key[0]
        return dict(zip(packed[column].to_pylist(), packed["_source"].to_pylist(), strict=True))

    def contradictions(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Yield table, key and sources of versions of one time that contradict; see `Known.contradicting`."""
        for table, positions in self.known.contradicting():
            packed = self.known.columns[table].take(pa.array(positions))
            yield table, _shown(packed["_key"][0].as_py()), tuple(sorted(set(packed["_source"].to_pylist())))

    @cached_property
    def doubtful_isolates(self) -> frozenset[str]:
        """Isolates that rows of one time name different organisms for: what they are is not known until settled."""
        found: set[str] = set()
        for name, positions in self.known.contradicting("isolates"):
            packed = self.known.columns[name].take(pa.array(positions))
            found |= set(packed["isolate_id"].to_pylist()) if len(set(packed["organism"].to_pylist())) > 1 else set()
        return frozenset(found)

    @cached_property
    def contested_retractions(self) -> Mapping[str, tuple[str, str, bool]]:
        """Retractions by a person that the source has contradicted since, by the number of their declaration.

        With the table and key of the row, and whether a row of it stands now that says something else; else it was
        recorded again, saying the same, and stays taken back.
        """
        found: dict[str, tuple[str, str, bool]] = {}
        for table, packed in self.known.columns.items():
            positions = self.known.retractions(table)
            for fact in unpack_facts(TABLES[table], packed.take(pa.array(positions))):
                own = packed.filter(pc.equal(packed["_key"], fact.key)) if len(positions) else packed.slice(0, 0)
                stands = pc.equal(packed["_key"].take(pa.array(self.known.versions[table].current)), fact.key)
                again = own.filter(pc.greater(own["_recorded"], fact.recorded)) if fact.recorded else own.slice(0, 0)
                if pc.any(stands).as_py():
                    found[fact.control] = (table, _shown(fact.key), True)
                elif len(again.filter(pa.array(~by_person(again)))):
                    found[fact.control] = (table, _shown(fact.key), False)
        return found

    def ahead(self) -> Iterator[tuple[str, str, str]]:
        """Yield table, key and source of facts that lie in the future of when they were received, uncorrected."""
        for table, packed in self.known.columns.items():
            late = packed.filter(pa.array(self.known.ahead(table)))
            if len(late):
                rest = packed.filter(pa.array(~self.known.ahead(table)))
                corrected = set(
                    rest["_key"].filter(pc.is_in(rest["_key"], value_set=late["_key"].combine_chunks())).to_pylist()
                )
                for key, source in zip(late["_key"].to_pylist(), late["_source"].to_pylist(), strict=True):
                    if key not in corrected:
                        yield table, _shown(key), source

    def named_in_vain(self, table: str, column: str, to: str) -> Iterator[tuple[str, str]]:
        """Yield key, and what is named, of rows that name a row of `to` that no fact tells; not of those replaced."""
        packed = self.known.columns[table]
        lame = ~(
            pc.is_null(packed[column]).to_numpy()
            | pc.is_in(packed[column], value_set=pa.array(sorted(self.names(to)), pa.string())).to_numpy()
        )
        positions = np.flatnonzero(lame & ~pc.fill_null(packed["_retracts"], False).to_numpy())
        positions = np.setdiff1d(positions, self.known.versions[table].replaced)
        some = packed.take(pa.array(positions))
        stands = (
            set(packed["_key"].take(pa.array(self.known.versions[table].current)).to_pylist()) if len(some) else set()
        )
        current = set(self.known.versions[table].current.tolist())
        for position, key, named in zip(positions, some["_key"].to_pylist(), some[column].to_pylist(), strict=True):
            if int(position) in current or key not in stands:
                yield _shown(key), named

    @cached_property
    def unplaced_detections(self) -> frozenset[str]:
        """Results that found something and count for nobody: of a specimen not on record, or dated in the future."""
        packed = self.known.columns["results"]
        found = packed.filter(pc.equal(packed["found"], Found.DETECTED.value))
        keys = {_shown(key) for key in found["_key"].to_pylist()}
        in_vain = {key for key, _ in self.named_in_vain("results", "specimen_id", "specimens")}
        ahead = list(self.ahead())
        specimens = {key for table, key, _ in ahead if table == "specimens"}
        of_them = zip(found["_key"].to_pylist(), found["specimen_id"].to_pylist(), strict=True)
        return frozenset(
            keys & (in_vain | {key for table, key, _ in ahead if table == "results"})
            | {_shown(key) for key, specimen in of_them if specimen in specimens}
        )

    def assumed_knowledge(self) -> tuple[int, int]:
        """Return how many facts do not say when they became known, and how many there are."""
        assumed = many = 0
        for name, packed in self.known.columns.items():
            versions_by = TABLES[name].versions_by
            said = [packed["_recorded"]] + [packed[f"{versions_by}_{part}"] for part in ("at", "on") if versions_by]
            silent = [pc.is_null(column).to_numpy() for column in said]
            many += len(packed)
            assumed += int(np.logical_and.reduce(silent).sum())
        return assumed, many

    def as_named(self, fact: Fact) -> Fact:
        """Return a fact with the numbers of its row as this view has them; see `numbers`."""
        return with_qualified_row(fact, self.known.shared)

    # --- who is who ---

    @cached_property
    def canonical(self) -> Mapping[str, str]:
        """The canonical number of every patient number that is linked to a lesser one."""
        links: Sequence[IdentityLink] = self.rows("identity_links")
        return canonical_numbers(links)

    @cached_property
    def links(self) -> Sequence[IdentityLink]:
        """The links of numbers in force."""
        return links_in_force(self.rows("identity_links"))

    def _under_canonical_numbers(self, packed: pa.Table) -> pa.Table:
        for name in (*_NUMBERS, "case_id") if self.canonical else ():
            at = packed.schema.get_field_index(name)
            if at >= 0:
                under = self.case_under if name == "case_id" else self.number_under
                packed = packed.set_column(at, name, pa.array(map(under, packed[name].to_pylist()), pa.string()))
        return packed

    def number_under(self, number: str | None) -> str | None:
        """Return the canonical number of a patient number."""
        return self.canonical.get(number, number) if number else None

    def case_under(self, case_id: str | None) -> str | None:
        """Return a case's id under the canonical number of its patient."""
        number = patient_of(case_id)
        return f"{self.number_under(number)}{case_id[len(number) :]}" if case_id and number else case_id

    # --- what is not about one patient ---

    @property
    def stays(self) -> Sequence[Stay]:
        """The current stays, as reported; see `repaired_stays` for those that rules use."""
        return self.rows("stays")

    @cached_property
    def facilities(self) -> Mapping[str, Facility]:
        """The facilities by id."""
        return {f.facility_id: f for f in self.rows("facilities")}

    @cached_property
    def visits(self) -> Mapping[str, Encounter]:
        """The encounters by id."""
        return {e.encounter_id: e for e in self.rows("encounters")}

    @cached_property
    def specimens(self) -> Mapping[str, Specimen]:
        """The specimens by id."""
        return {s.specimen_id: s for s in self.rows("specimens")}

    @cached_property
    def isolates(self) -> Mapping[str, Isolate]:
        """The isolates by id."""
        return {i.isolate_id: i for i in self.rows("isolates")}

    @cached_property
    def results(self) -> Mapping[str, tuple[Result, ...]]:
        """The current version of every result, by specimen; only of specimens already collected."""
        return _grouped((r for r in self.rows("results") if r.specimen_id in self.specimens), "specimen_id")

    @cached_property
    def types(self) -> Mapping[str, tuple[Typing, ...]]:
        """The types by isolate."""
        return _grouped(self.rows("types"), "isolate_id")

    @cached_property
    def distances(self) -> Mapping[frozenset[str], int]:
        """Genomic distances by pair of isolates, in single-nucleotide differences."""
        distances: Sequence[Distance] = self.rows("distances")
        return {frozenset((d.isolate_a, d.isolate_b)): d.snps for d in distances}

    def covers(self, facility_id: str) -> Coverage:
        """Return whom the stays of a facility cover; UNKNOWN when nobody said."""
        populations: Sequence[Population] = self.rows("populations")
        own = (p.covers for p in populations if p.facility_id == facility_id and p.covers)
        return next(own, Coverage.UNKNOWN)

    @cached_property
    def undone(self) -> frozenset[str]:
        """Declarations that a later one took back, and that one was not taken back itself."""
        return self.known.undone

    @cached_property
    def declarations(self) -> tuple[Declaration, ...]:
        """What professionals declared, less what was undone and what waits."""
        return tuple(d for d in self.rows("declarations") if self.holds(d))

    @cached_property
    def declarations_of(self) -> Mapping[str, tuple[Declaration, ...]]:
        """Declarations that have effect, by patient: of the patient, or of a visit, case or specimen of theirs."""
        found: dict[str, list[Declaration]] = defaultdict(list)
        utc = ZoneInfo("UTC")
        for one in sorted(self.declarations, key=lambda d: (d.declared.earliest(utc), d.declaration_id)):
            visit = self.visits.get(one.encounter_id) if one.encounter_id else None
            specimen = self.specimens.get(one.specimen_id) if one.specimen_id else None
            owners = {one.patient_id, one.contact_patient_id, patient_of(one.case_id)}
            if one.patient_id is None:
                owners |= {visit.patient_id if visit else None, specimen.patient_id if specimen else None}
            for owner in filter(None, owners):
                found[owner].append(one)
        return {patient: tuple(some) for patient, some in found.items()}

    def holds(self, declaration: Declaration) -> bool:
        """Whether a declaration has effect: it was not undone, and it is clear whom it is about."""
        return declaration.declaration_id not in self.undone and declaration.declaration_id not in self.waiting

    @cached_property
    def waiting(self) -> Mapping[str, Waits]:
        """Declarations of which it is no longer clear whom they are about, by number, and why.

        That is for a person to say: undo the declaration, or declare it again.
        """
        declared: Sequence[Declaration] = [d for d in self.rows("declarations") if d.declaration_id not in self.undone]
        return waiting(declared, self) if declared else {}

    @cached_property
    def setting(self) -> Setting:
        """Zones, places and declared outbreaks."""
        on_wards = tuple(d for d in self.declarations if d.kind in _OUTBREAK)
        return Setting(self.known.zones, on_wards, tuple(self.rows("places")))

    def zone(self, facility_id: str | None) -> ZoneInfo:
        """Return the zone of a facility; see `Setting.zone`."""
        return self.setting.zone(facility_id)

    def names(self, table: str, *, as_given: bool = False) -> frozenset[str]:
        """Return what rows of other tables can name rows of `table` by, of every version known.

        Args:
            table: their table.
            as_given: as their system calls them, also where several systems use one number.
        """
        packed = (self.known.given if as_given else self.known.columns)[table]
        column = OWN_NUMBER.get(table, TABLES[table].key[0])
        return frozenset(name for name in pc.unique(packed[column]).to_pylist() if name)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Every patient number that a fact known by then names, linked or not."""
        columns = (
            packed[name] for packed in self.known.columns.values() for name in _NUMBERS if name in packed.column_names
        )
        return frozenset(number for column in columns for number in pc.unique(column).to_pylist() if number)

    # --- one patient ---

    @property
    def patient_ids(self) -> Sequence[str]:
        """Every patient that any fact names, in order."""
        return self._shelves.patient_ids

    def timeline(self, patient_id: str) -> Timeline:
        """Return everything known of one patient, by any of the patient's numbers."""
        own = self.canonical.get(patient_id, patient_id)
        number = self._shelves.number.get(own)
        if number is None:
            return Timeline(self, own, None, 0)
        return Timeline(self, own, self._shelves.block(number, number + 1), number)

    def timelines(self, first: int = 0, last: int | None = None) -> Iterator[Timeline]:
        """Yield the timelines of all patients in order, or of those numbered from `first` up to `last`."""
        return self._timelines_of(range(first, len(self.patient_ids) if last is None else last))

    def timelines_with_specimens(self) -> Iterator[Timeline]:
        """Yield in order the timelines of patients who have a specimen, or had one that was taken back since.

        Nothing is known to be carried by anybody else.
        """
        named = {*pc.unique(self.current("specimens")["patient_id"]).to_pylist(), *self.former_specimens}
        numbers = (self._shelves.number.get(patient_id) for patient_id in named)
        return self._timelines_of(sorted(number for number in numbers if number is not None))

    def _timelines_of(self, numbers: Sequence[int]) -> Iterator[Timeline]:
        """Yield the timelines of patients whose numbers are in order; rows of neighbours are built together."""
        for _, some in groupby(numbers, key=lambda number: number // _AT_ONCE):
            own = list(some)
            block = self._shelves.block(own[0], own[-1] + 1)
            for number in own:
                yield Timeline(self, self.patient_ids[number], block, number)

    @cached_property
    def former_specimens(self) -> Mapping[str, Sequence[tuple[Specimen, tuple[Result, ...]]]]:
        """Specimens since taken back or given to another, with every result they had, by their former patient."""
        earlier = self._earlier("specimens")
        if not len(earlier):
            return {}
        before: dict[tuple[str, str], Specimen] = {}
        for old in TABLES["specimens"].unpack(earlier):
            now = self.specimens.get(old.specimen_id)
            if old.patient_id and (now is None or now.patient_id != old.patient_id):
                before[(old.patient_id, old.specimen_id)] = old
        if not before:
            return {}
        every: Sequence[Result] = [*TABLES["results"].unpack(self._earlier("results")), *self.rows("results")]
        results = _grouped(every, "specimen_id")
        found: dict[str, list[tuple[Specimen, tuple[Result, ...]]]] = defaultdict(list)
        for (patient_id, specimen_id), specimen in sorted(before.items()):
            found[patient_id].append((specimen, results.get(specimen_id, ())))
        return found

    @property
    def earlier_results(self) -> Sequence[Result]:
        """Versions of results that a later one has replaced or taken back."""
        return tuple(TABLES["results"].unpack(self._earlier("results")))

    def _earlier(self, table: str) -> pa.Table:
        return self._under_canonical_numbers(self.known.rows(table, self.known.versions[table].earlier))

    @cached_property
    def _shelves(self) -> Shelves:
        packed = {name: self.current(name) for name in (*_OF_PATIENT, *_OF_SPECIMEN)}
        packed[f"{_EARLIER}results"] = self._earlier("results")
        packed = {name: some for name, some in packed.items() if len(some)}
        named = (pc.unique(some["patient_id"]).to_pylist() for name, some in packed.items() if name in _OF_PATIENT)
        ids = sorted({number for some in named for number in some if number} | self.former_specimens.keys())
        number = {patient_id: n for n, patient_id in enumerate(ids)}
        owners = {name: mapped(some["patient_id"], number) for name, some in packed.items() if name in _OF_PATIENT}
        if "specimens" not in packed:
            packed = {name: packed[name] for name in owners}
        else:
            of_specimen = _Owners(packed["specimens"]["specimen_id"], owners["specimens"])
            owners |= {name: of_specimen(some["specimen_id"]) for name, some in packed.items() if name not in owners}
        return Shelves(ids, {name: self._shelf(name, packed[name], owners[name], len(ids)) for name in packed})

    def _shelf(self, name: str, packed: pa.Table, owners: Whole, many: int) -> Shelf:
        table, earlier = name.removeprefix(_EARLIER), name.startswith(_EARLIER)
        positions = self.known.versions[table].earlier if earlier else self.known.versions[table].current
        starts = np.arange(len(packed)) if earlier else self.known.starts(table, packed, positions)
        return Shelf(TABLES[table], packed, owners, starts, many, by_key=not earlier)


def _built(table: str, packed: pa.Table) -> tuple[Any, ...]:
    """Return the rows of columns, in the order of their keys."""
    packed = packed.take(pc.sort_indices(packed["_key"])) if len(packed) > 1 else packed
    return tuple(TABLES[table].unpack(packed)) if len(packed) else ()


def _shown(key: str) -> str:
    """Return a key as people write it, without its system."""
    return key.split(SEPARATOR, 1)[1].replace(SEPARATOR, "/")


class _Owners:
    """The patient of each specimen, looked up by the specimen's number."""

    def __init__(self, specimens: pa.ChunkedArray, owners: Whole) -> None:
        self._specimens, self._owners = specimens, np.append(owners, -1)

    def __call__(self, named: pa.ChunkedArray) -> Whole:
        found = pc.fill_null(pc.index_in(named, value_set=self._specimens), -1).to_numpy()
        owners: Whole = self._owners[found]
        return owners


_END = datetime(2200, 1, 1, tzinfo=UTC)
"""After every moment that a column can hold."""


def latest_moment(columns: Mapping[str, pa.Table], until: datetime | None = None) -> datetime | None:
    """Return the last moment, up to `until`, at which a fact happened or became known; a day counts to its end."""
    return max(latest_moments(columns, until).values(), default=None)


def latest_moments(columns: Mapping[str, pa.Table], until: datetime | None = None) -> Mapping[str, datetime]:
    """Return what `latest_moment` does, of each table in which there is such a moment."""
    return Known(columns, at=_END).latest_moments(until)


def _grouped(rows: Iterable[Any], by: str) -> Mapping[str, tuple[Any, ...]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, by)].append(row)
    return {key: tuple(some) for key, some in found.items()}
