"""Views: pure functions of facts at an instant. Current rows, zones, and the timeline of a patient."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from .declare import TABLES, Table
from .facts import (
    Declaration,
    Distance,
    Encounter,
    Facility,
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
from .moments import When, end_of_day
from .words import Coverage, DeclarationKind, PlaceKind, PlaceLevel, ResultStatus

R = TypeVar("R")


class UnknownFacility(KeyError):  # noqa: N818
    """A facility that no row of `facilities` names."""


@dataclass(frozen=True)
class Setting:
    """What is not about one patient and rules about one patient need: zones, and outbreaks declared on wards."""

    zones: Mapping[str, ZoneInfo]
    declarations: tuple[Declaration, ...]

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

    def outbreak(self, facility_id: str, ward: str, at: datetime) -> Declaration | None:
        """Return the declaration of the outbreak open on a ward at `at`, if there is one."""
        known = (
            d
            for d in self.declarations
            if (d.facility_id, d.ward) == (facility_id, ward) and d.declared.earliest(self.default_zone) <= at
        )
        last = max(known, key=lambda d: (d.declared.earliest(self.default_zone), d.kind), default=None)
        return last if last and last.kind is DeclarationKind.OUTBREAK_OPEN else None


@dataclass(frozen=True)
class Timeline:
    """Everything known of one patient as of an instant, each list in the order of time."""

    patient_id: str
    at: datetime
    known_to: int
    setting: Setting
    patient: Patient | None
    encounters: tuple[Encounter, ...]
    stays: tuple[Stay, ...]
    orders: tuple[Order, ...]
    specimens: tuple[Specimen, ...]
    isolates: Mapping[str, Isolate]
    results: Mapping[str, tuple[Result, ...]]
    """Results by specimen."""
    earlier_results: Mapping[str, tuple[Result, ...]]
    """Versions that a later one has replaced, by specimen."""
    answers: Mapping[str, tuple[RiskAnswer, ...]]
    """Answers by encounter."""
    measures: tuple[Measure, ...]

    @property
    def died(self) -> When | None:
        """When the patient died, if known."""
        return self.patient.died if self.patient else None


class View:
    """The current rows of every table as of an instant, with what was known then."""

    def __init__(
        self,
        rows: Mapping[str, Sequence[Any]],
        *,
        at: datetime,
        known_to: int,
        earlier: Mapping[str, Sequence[Any]] | None = None,
    ) -> None:
        self.at, self.known_to, self._rows, self._earlier = at, known_to, rows, earlier or {}

    @classmethod
    def of(cls, facts: Mapping[str, Sequence[Any]], *, at: datetime, known_to: int) -> "View":
        """Return the view of `facts` (rows by table, in order of `seq`) as of `at`."""
        zones = _zones(facts.get("facilities", ()))
        homes = _Homes(facts, zones)
        both = {name: _as_of(TABLES[name], some, at, homes) for name, some in facts.items()}
        current = {name: rows for name, (rows, _) in both.items()}
        return cls(current, at=at, known_to=known_to, earlier={name: rows for name, (_, rows) in both.items()})

    def rows(self, table: str) -> Sequence[Any]:
        """Return the current rows of `table`."""
        return self._rows.get(table, ())

    @property
    def stays(self) -> Sequence[Stay]:
        """The current stays, as reported; see `repaired_stays` for those that rules use."""
        return self.rows("stays")

    @cached_property
    def facilities(self) -> Mapping[str, Facility]:
        """The facilities by id."""
        return {f.facility_id: f for f in self.rows("facilities")}

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
    def earlier_results(self) -> Mapping[str, tuple[Result, ...]]:
        """Versions of results that a later one has replaced, by specimen."""
        return _grouped(self._earlier.get("results", ()), "specimen_id")

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
        return next((p.covers for p in populations if p.facility_id == facility_id), Coverage.UNKNOWN)

    def room_kind(self, facility_id: str, ward: str, room: str) -> PlaceKind | None:
        """Return what a room is used as, if the map of places says."""
        return self._room_kinds.get((facility_id, ward, room))

    @cached_property
    def _room_kinds(self) -> Mapping[tuple[str, str | None, str | None], PlaceKind | None]:
        places: Sequence[Place] = self.rows("places")
        return {(p.facility_id, p.ward, p.room): p.kind for p in places if p.level is PlaceLevel.ROOM}

    @cached_property
    def setting(self) -> Setting:
        """Zones and declared outbreaks."""
        return Setting(_zones(self.rows("facilities")), tuple(self.rows("declarations")))

    def zone(self, facility_id: str | None) -> ZoneInfo:
        """Return the zone of a facility; see `Setting.zone`."""
        return self.setting.zone(facility_id)

    @cached_property
    def patient_ids(self) -> Sequence[str]:
        """Every patient that any fact names, in order."""
        tables = ("patients", "encounters", "stays", "orders", "specimens", "answers", "measures")
        return sorted({row.patient_id for name in tables for row in self.rows(name) if row.patient_id})

    def timeline(self, patient_id: str) -> Timeline:
        """Return everything known of one patient."""
        specimens = self._by_patient("specimens").get(patient_id, ())
        return Timeline(
            patient_id=patient_id,
            at=self.at,
            known_to=self.known_to,
            setting=self.setting,
            patient=next(iter(self._by_patient("patients").get(patient_id, ())), None),
            encounters=self._in_order("encounters", patient_id),
            stays=self._in_order("stays", patient_id),
            orders=self._by_patient("orders").get(patient_id, ()),
            specimens=tuple(
                sorted(specimens, key=lambda s: (s.collected.earliest(self.zone(s.facility_id)), s.specimen_id))
            ),
            isolates=self.isolates,
            results={s.specimen_id: self.results.get(s.specimen_id, ()) for s in specimens},
            earlier_results={s.specimen_id: self.earlier_results.get(s.specimen_id, ()) for s in specimens},
            answers=_grouped(self._by_patient("answers").get(patient_id, ()), "encounter_id"),
            measures=self._in_order("measures", patient_id),
        )

    def _in_order(self, table: str, patient_id: str) -> tuple[Any, ...]:
        rows = self._by_patient(table).get(patient_id, ())
        return tuple(sorted(rows, key=lambda row: row.start.earliest(self.zone(row.facility_id))))

    def _by_patient(self, table: str) -> Mapping[str, tuple[Any, ...]]:
        if table not in self._patients:
            self._patients[table] = _grouped((r for r in self.rows(table) if r.patient_id), "patient_id")
        return self._patients[table]

    @cached_property
    def _patients(self) -> dict[str, Mapping[str, tuple[Any, ...]]]:
        return {}


class _Homes:
    """What a row belongs to: the zone its moments are read in, and since when it can have been known."""

    def __init__(self, facts: Mapping[str, Sequence[Any]], zones: Mapping[str, ZoneInfo]) -> None:
        self._zones = zones
        self._default = next(iter(zones.values()), ZoneInfo("UTC"))
        self._specimens: dict[str, Specimen] = {s.specimen_id: s for s in facts.get("specimens", ())}
        self._encounters: dict[str, Encounter] = {e.encounter_id: e for e in facts.get("encounters", ())}
        self._isolates: dict[str, Isolate] = {i.isolate_id: i for i in facts.get("isolates", ())}

    def zone(self, row: Any) -> ZoneInfo:  # noqa: ANN401
        encounter, specimen = self._encounter(row), self._specimen(row)
        facility = (
            getattr(row, "facility_id", None)
            or (encounter.facility_id if encounter else None)
            or (specimen.facility_id if specimen else None)
        )
        return self._zones.get(facility or "", self._default)

    def since(self, row: Any) -> datetime | None:  # noqa: ANN401
        """Return the start of the visit, or the collection of the specimen, that a row belongs to."""
        encounter, specimen = self._encounter(row), self._specimen(row)
        if encounter:
            return encounter.start.earliest(self.zone(encounter))
        return specimen.collected.earliest(self.zone(specimen)) if specimen else None

    def _encounter(self, row: Any) -> Encounter | None:  # noqa: ANN401
        return self._encounters.get(getattr(row, "encounter_id", None) or "")

    def _specimen(self, row: Any) -> Specimen | None:  # noqa: ANN401
        names = (getattr(row, name, None) for name in ("isolate_id", "isolate_a", "isolate_b"))
        isolates = [self._isolates[name] for name in names if name in self._isolates]
        ids = [getattr(row, "specimen_id", None), *(isolate.specimen_id for isolate in isolates)]
        found = [self._specimens[name] for name in ids if name in self._specimens]
        return max(
            found, key=lambda s: s.collected.earliest(self._zones.get(s.facility_id or "", self._default)), default=None
        )


def latest_moment(facts: Mapping[str, Sequence[Any]]) -> datetime | None:
    """Return the last moment at which a fact happened or became known; a day counts to its end."""
    homes = _Homes(facts, _zones(facts.get("facilities", ())))
    moments: list[datetime] = []
    for name, rows in facts.items():
        columns = (*TABLES[name].known_from, *TABLES[name].until_known)
        for row in rows:
            whens = (getattr(row, column) for column in columns)
            moments += [_over(w, homes.zone(row)) for w in whens if w is not None]
    return max(moments, default=None)


def _zones(facilities: Sequence[Facility]) -> dict[str, ZoneInfo]:
    return {f.facility_id: ZoneInfo(f.zone) for f in facilities}


def _as_of(table: Table, rows: Sequence[Any], at: datetime, homes: _Homes) -> tuple[list[Any], list[Any]]:
    """Return the current version of each fact known by `at`, with nothing that happened later; and earlier versions."""
    versions: dict[tuple[str, ...], list[tuple[Any, int, Any]]] = defaultdict(list)
    for number, row in enumerate(rows):
        zone = homes.zone(row)
        known = _known_from(table, row, zone) or homes.since(row)
        if known is None or known <= at:
            order = (known.timestamp() if known and table.versions_by else 0.0, _status_rank(row))
            versions[table.key_of(row)].append((order, number, _blanked(table, row, at, zone)))
    ordered = [[row for _, _, row in sorted(some, key=lambda v: v[:2])] for some in versions.values()]
    return [some[-1] for some in ordered], [row for some in ordered for row in some[:-1]]


def _known_from(table: Table, row: Any, zone: ZoneInfo) -> datetime | None:  # noqa: ANN401
    for name in table.known_from:
        when: When | None = getattr(row, name)
        if when is not None:
            # What was reported on a date is not used before that day is over.
            return _over(when, zone) if name == table.versions_by else when.earliest(zone)
    return None


def _over(when: When, zone: ZoneInfo) -> datetime:
    return when.at or end_of_day(when.day(zone), zone)


def _status_rank(row: Any) -> int:  # noqa: ANN401
    status = getattr(row, "status", None)
    return list(ResultStatus).index(status) if isinstance(status, ResultStatus) else 0


def _blanked(table: Table, row: Any, at: datetime, zone: ZoneInfo) -> Any:  # noqa: ANN401
    later: dict[str, Any] = {}
    for name in table.until_known:
        when: When | None = getattr(row, name)
        if when is not None and _over(when, zone) > at:
            later[name] = None
    return replace(row, **later) if later else row


def _grouped(rows: Any, by: str) -> Mapping[str, tuple[Any, ...]]:  # noqa: ANN401
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, by)].append(row)
    return {key: tuple(some) for key, some in found.items()}
