"""The three strata in order. No stratum reads a later one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from ringfence.assess import Carriage, Identification, Rulebook, carriages_of, identifications
from ringfence.detect import LinkedCase, linked_cases
from ringfence.policy import Policy
from ringfence.record import (
    LYING_IN,
    SHARED_PLACES,
    Answer,
    Exposure,
    Level,
    RepairedStay,
    Scheme,
    Signal,
    Specimen,
    Timeline,
    View,
    When,
    Whereabouts,
    comes_in_sessions,
    midnight,
    presences,
    repaired_stays,
)
from ringfence.trace import Bed, Index, Source, by_bed, exposure_after, exposures, next_in_bed
from ringfence.vocabulary import organisms

from .sources import minutes_of_precautions
from .touched import EVERYONE, Touched, changed_places, is_untouched_index

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Here:
    """Where somebody is in hospital now; the ward may not be known."""

    patient_id: str
    facility_id: str
    ward: str | None


@dataclass(frozen=True)
class Elsewhere:
    """Somebody who is not in hospital."""

    patient_id: str
    facility_id: None = None
    ward: None = None


@dataclass
class Ground:
    """What every stratum stands on: timelines and presences, each made once; of the untouched, as they were before."""

    view: View
    changed: Touched = EVERYONE
    """Whose answers may differ from those before."""
    before: "Ground | None" = None
    """What the findings before stood on."""

    @cached_property
    def timelines(self) -> Mapping[str, Timeline]:
        """The timeline of every patient."""
        return {timeline.patient_id: timeline for timeline in self.view.timelines()}

    @cached_property
    def stays(self) -> list[RepairedStay]:
        """The repaired stays, by patient and time."""
        if self.before is None or self.changed.patients is None:
            return repaired_stays(self.view)
        kept = [one for one in self.before.stays if one.stay.patient_id not in self.changed]
        return sorted([*kept, *repaired_stays(self.view, self.changed.patients)], key=lambda one: one.stay.patient_id)

    @cached_property
    def whereabouts(self) -> Mapping[Level, list[Whereabouts]]:
        """Presences by level, by patient and time."""
        return {level: self._presences(level) for level in SHARED_PLACES}

    def _presences(self, level: Level) -> list[Whereabouts]:
        if self.before is None or self.changed.patients is None:
            return presences(self.view, level, self.stays)
        own = [one for one in self.stays if one.stay.patient_id in self.changed]
        kept = [one for one in self.before.whereabouts[level] if one.patient_id not in self.changed]
        return sorted([*kept, *presences(self.view, level, own)], key=lambda one: one.patient_id)

    @cached_property
    def beds(self) -> Mapping[Bed, Sequence[RepairedStay]]:
        """The stays by bed."""
        return by_bed(self.stays)

    @cached_property
    def own_stays(self) -> Mapping[str, Sequence[RepairedStay]]:
        """The repaired stays by patient."""
        found: dict[str, list[RepairedStay]] = defaultdict(list)
        for one in self.stays:
            found[one.stay.patient_id].append(one)
        return found

    def settle(self) -> None:
        """Let go of what came before, once what is taken from it has been; else each day would hold all before."""
        _ = self.stays, self.whereabouts, self.index
        self.before = None

    @cached_property
    def index(self) -> Mapping[Level, Index]:
        """Who was in which place when, by level; of the untouched, as it was before."""
        return {level: self._index(level) for level in SHARED_PLACES}

    def _index(self, level: Level) -> Index:
        if self.before is None or self.changed.patients is None:
            return Index.of(self.whereabouts[level], level, self.view.at)
        own = [one for one in self.whereabouts[level] if one.patient_id in self.changed]
        return self.before.index[level].extended(self.changed.patients, own, self.view.at)

    @cached_property
    def of_patient(self) -> Mapping[Level, Mapping[str, list[Whereabouts]]]:
        """Presences by level and patient."""
        found: dict[Level, dict[str, list[Whereabouts]]] = {level: defaultdict(list) for level in SHARED_PLACES}
        for level, everyone in self.whereabouts.items():
            for one in everyone:
                found[level][one.patient_id].append(one)
        return found

    def here_now(self, patient_id: str) -> Here | None:
        """Return where a patient is in hospital as of the view; None for those who are not, and for the dead.

        Whoever has an open visit is in hospital, also when no stay says on which ward, or on leave.
        """
        timeline = self.timelines[patient_id]
        if timeline.died:
            return None
        still = [p for p in self.of_patient[Level.WARD].get(patient_id, ()) if p.open]
        if still:
            last = max(still, key=lambda p: p.starts_from)
            return Here(patient_id, last.facility_id, last.ward)
        # An outpatient or dialysis visit left open is not a presence.
        visits = [e for e in timeline.encounters if e.end is None and e.kind in LYING_IN]
        return Here(patient_id, visits[-1].facility_id, None) if visits else None

    def comes_to(self, patient_id: str) -> Here | None:
        """Return where a patient is now, or has an open visit of any kind: a clinic, a series of dialysis."""
        here, timeline = self.here_now(patient_id), self.timelines[patient_id]
        if here or timeline.died:
            return here
        visits = [e for e in timeline.encounters if e.end is None]
        return Here(patient_id, visits[-1].facility_id, None) if visits else None

    def session_ends(self, patient_id: str) -> datetime | None:
        """Return the midnight at which a session that a patient is at is over, by itself; None: at none."""
        timeline = self.timelines[patient_id]
        visits = {visit.encounter_id: visit for visit in timeline.encounters}
        found: list[datetime] = []
        for stay in timeline.stays:
            visit = visits.get(stay.encounter_id or "")
            if stay.end is None and visit and comes_in_sessions(visit):
                zone = self.view.zone(stay.facility_id)
                found.append(midnight(stay.start.day(zone) + timedelta(days=1), zone))
        return min((moment for moment in found if moment > self.view.at), default=None)

    def wards_at(self, patient_id: str, when: When, facility_id: str | None) -> tuple[tuple[str, str], ...]:
        """Return the facility and ward, or several, where a patient was at a moment; a day may have several."""
        zone = self.view.zone(facility_id)
        first, last = when.earliest(zone), when.latest(zone)
        there = [
            (p.facility_id, p.ward)
            for p in self.of_patient[Level.WARD].get(patient_id, ())
            if (p.starts_from <= first and (p.open or first < p.ends_by)) or first <= p.starts_from < last
        ]
        return tuple(dict.fromkeys(there))

    def wards_of(self, specimen: Specimen) -> tuple[tuple[str, str], ...]:
        """Return where a specimen was collected: as it says itself, else where the patient was."""
        if specimen.ward and specimen.facility_id:
            return ((specimen.facility_id, specimen.ward),)
        if specimen.patient_id is None:
            return ()
        return self.wards_at(specimen.patient_id, specimen.collected, specimen.facility_id)


@dataclass(frozen=True)
class Carried:
    """Stratum 1, by patient; nobody of whom nothing is to be said."""

    identified: Mapping[str, tuple[Identification, ...]]
    """What the results of each isolate mean."""
    carriages: Mapping[str, tuple[Carriage, ...]]


def stratum_one(ground: Ground, policy: Policy, rules: Rulebook, before: Carried | None = None) -> Carried:
    """What results mean and who carries what, from facts alone; `before` is what was found of untouched patients."""
    identified: dict[str, tuple[Identification, ...]] = {}
    carried: dict[str, tuple[Carriage, ...]] = {}
    for patient_id, timeline in ground.timelines.items():
        if before is None or patient_id in ground.changed:
            own = identifications(timeline, policy=policy.digest, rules=rules)
            cases = carriages_of(timeline, own, policy=policy.digest, rules=rules)
        else:
            own = _as_of(before.identified.get(patient_id, ()), ground.view)
            cases = _as_of(before.carriages.get(patient_id, ()), ground.view)
        if own:
            identified[patient_id] = own
        if cases:
            carried[patient_id] = cases
    return Carried(identified, carried)


F = TypeVar("F", Identification, Carriage)


def _as_of(some: tuple[F, ...], view: View) -> tuple[F, ...]:
    return tuple(replace(one, answer=asked_again(one.answer, view)) for one in some)


def asked_again(answer: Answer[S], view: View) -> Answer[S]:
    """Return an answer that still holds, as given as of a later view."""
    return replace(answer, at=view.at, known_to=view.known_to)


def stratum_two(
    ground: Ground,
    carried: Mapping[str, Iterable[Carriage]],
    before: Mapping[str, tuple[Exposure, ...]] | None = None,
) -> dict[str, tuple[Exposure, ...]]:
    """Who was exposed to each case, from stratum 1 and stays; the exposures of one index are replaced as a set.

    `before` is whom each case was found to have exposed, which stands where nothing that it rests on was touched.
    """
    earlier = ground.before.of_patient if before is not None and ground.before else None
    places = (
        {lv: changed_places(ground.changed, ground.of_patient[lv], earlier[lv]) for lv in SHARED_PLACES}
        if earlier
        else {}
    )
    found: dict[str, tuple[Exposure, ...]] = {}
    for patient_id, some in carried.items():
        same = earlier is not None and is_untouched_index(patient_id, ground.changed, places, ground.of_patient)
        for carriage in some:
            known = (before or {}).get(carriage.case_id) if same else None
            found[carriage.case_id] = _exposed(ground, carriage) if known is None else known
    return found


def _exposed(ground: Ground, carriage: Carriage) -> tuple[Exposure, ...]:
    if not carriage.carries:
        return ()
    timeline = ground.timelines[carriage.patient_id]
    source = Source(carriage.case_id, carriage.patient_id, precautions=minutes_of_precautions(timeline))
    after = next_in_bed(ground.own_stays.get(carriage.patient_id, ()), ground.beds, timeline.setting.zones)
    together = (exposure for level in SHARED_PLACES for exposure in exposures(ground.index[level], source))
    return (*together, *(exposure_after(carriage.case_id, one) for one in after))


def signals(ground: Ground, carried: Mapping[str, Iterable[Carriage]]) -> tuple[Signal, ...]:
    """Linked cases among those established."""
    zone = ground.view.zone
    isolates: dict[str, list[str]] = defaultdict(list)
    for isolate in ground.view.isolates.values():
        isolates[isolate.specimen_id].append(isolate.isolate_id)
    cases = [
        LinkedCase(
            case_id=c.case_id,
            family=c.family,
            first_positive=c.first.collected,
            found_at=c.first.collected.earliest(zone(c.first.facility_id)),
            found_on=c.first.collected.day(zone(c.first.facility_id)),
            wards=ground.wards_of(c.first),
            isolates=tuple(i for s in c.positives for i in isolates[s.specimen_id]),
            types=tuple(_types(ground.view, [i for s in c.positives for i in isolates[s.specimen_id]])),
        )
        for some in carried.values()
        for c in some
        if c.established
    ]
    return tuple(linked_cases(cases, distances=ground.view.distances))


def _types(view: View, isolates: Iterable[str]) -> Iterator[str]:
    for isolate in isolates:
        for typing in view.types.get(isolate, ()):
            organism = organisms()[view.isolates[isolate].organism].name
            # Sequence types are numbered within a species; plasmids cross them.
            species = f"{organism} " if typing.scheme is Scheme.SEQUENCE_TYPE else ""
            yield f"{species}{typing.scheme.value.replace('_', ' ')} {typing.value}"
