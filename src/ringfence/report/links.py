"""Whose isolates are alike, across species and in places, and whether they were ever on one ward."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations

from ringfence.chain import Findings
from ringfence.record import AlikePair, Found, Level, Meeting, Scheme, Whereabouts
from ringfence.vocabulary import UnknownCarbapenemase, carbapenemase, organisms

_MEMBERS_AT_MOST = 400
"""A type that more carriers share links nobody by itself: each with each would be too many to look at."""
_DAY = timedelta(days=1)
_NO_TYPE = ("unknown", "none", "na", "n/a", "nd", "not typed", "untyped", "untypable", "novel", "new", "-", "?")
"""What stands for a type that is not known: two who have it share nothing."""


@dataclass
class _Subject:
    """A carrier, or a place in which a carbapenemase was found."""

    name: str
    is_place: bool
    families: set[str] = field(default_factory=set)
    isolates: list[str] = field(default_factory=list)
    organisms: set[str] = field(default_factory=set)
    strains: set[str] = field(default_factory=set)
    plasmids: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class TypeGroup:
    """Who shares a strain or a plasmid."""

    kind: str
    """`strain` or `plasmid`."""
    name: str
    patients: int
    places: int
    organisms: tuple[str, ...]
    met: Mapping[Meeting, int]
    """Pairs of its patients, by whether they were on one ward; of a group too large, none."""


def links(findings: Findings) -> tuple[AlikePair, ...]:
    """Return every two whose isolates have a known distance, or share a strain or a plasmid; the closest first."""
    subjects = _subjects(findings)
    pairs: set[tuple[str, str]] = set()
    for members in _by_type(subjects.values()).values():
        if len(members) <= _MEMBERS_AT_MOST:
            pairs.update(combinations(sorted(members), 2))
    closest = _closest(findings, subjects)
    found = (_pair(findings, subjects[a], subjects[b], closest.get((a, b))) for a, b in pairs | closest.keys())
    alike = [pair for pair in found if pair.carbapenemases]
    return tuple(sorted(alike, key=_order))


def met_words(alike: Sequence[AlikePair]) -> str:
    """Say of how many patients with alike isolates a shared ward is known, and of how many not."""
    pairs = [pair for pair in alike if not pair.places]
    many = {met: sum(pair.met is met for pair in pairs) for met in Meeting}
    return (
        f"Of {len(pairs):,} pairs of patients who share a strain or a plasmid, or whose isolates have a distance, "
        f"{many[Meeting.TOGETHER]:,} were or can have been on one ward at one time, and {many[Meeting.APART]:,} at "
        f"different times; of {many[Meeting.NEVER]:,} no shared ward was found among known movements; of "
        f"{many[Meeting.UNKNOWN]:,} it is UNKNOWN, as one of the two has no movements here."
    )


def type_groups(findings: Findings, alike: Sequence[AlikePair]) -> tuple[TypeGroup, ...]:
    """Return every strain and plasmid that two or more have, with the organisms it is in; the largest first."""
    subjects = _subjects(findings)
    met: dict[tuple[str, str], dict[Meeting, int]] = defaultdict(lambda: dict.fromkeys(Meeting, 0))
    for pair in alike:
        for kind, names in (("strain", pair.strain), ("plasmid", pair.plasmid)):
            for name in (names or "").split("; "):
                if name and not pair.places:
                    met[kind, name][pair.met] += 1
    groups = [
        TypeGroup(
            kind,
            name,
            sum(not subjects[one].is_place for one in members),
            sum(subjects[one].is_place for one in members),
            tuple(sorted({o for one in members for o in _organisms_with(findings, subjects[one], kind, name)})),
            met.get((kind, name), {}),
        )
        for (kind, name), members in _by_type(subjects.values()).items()
        if len(members) > 1
    ]
    return tuple(sorted(groups, key=lambda one: (one.kind, -one.patients - one.places, one.name)))


def _order(pair: AlikePair) -> tuple[object, ...]:
    same = (pair.strain is not None) + (pair.plasmid is not None)
    return (pair.snps is None, pair.snps or 0, -same, list(Meeting).index(pair.met), pair.one, pair.other)


def _subjects(findings: Findings) -> dict[str, _Subject]:
    view = findings.view
    of_specimen: dict[str, list[str]] = defaultdict(list)
    for isolate in view.isolates.values():
        of_specimen[isolate.specimen_id].append(isolate.isolate_id)
    subjects: dict[str, _Subject] = {}
    for patient, some in findings.carriages.items():
        carried = [c for c in some if c.carries]
        if carried:
            one = subjects.setdefault(patient, _Subject(patient, is_place=False))
            one.families |= {c.family for c in carried}
            one.isolates += [
                i for c in carried for s in c.positives for i in _found_in(findings, s.specimen_id, of_specimen)
            ]
    for specimen in view.specimens.values():
        if specimen.place_id:
            families = set(_families_found(findings, specimen.specimen_id))
            if families:
                name = f"place {specimen.place_id}"
                one = subjects.setdefault(name, _Subject(name, is_place=True))
                one.families |= families
                one.isolates += of_specimen[specimen.specimen_id]
    for one in subjects.values():
        for number in one.isolates:
            organism = organisms()[view.isolates[number].organism].name
            one.organisms.add(organism)
            for typing in view.types.get(number, ()):
                if typing.value.casefold() in _NO_TYPE:
                    continue
                if typing.scheme is Scheme.SEQUENCE_TYPE:
                    one.strains.add(_strain(organism, typing.value))
                elif typing.scheme is Scheme.PLASMID:
                    one.plasmids.add(typing.value)
    return subjects


def _found_in(findings: Findings, specimen_id: str, of_specimen: Mapping[str, list[str]]) -> list[str]:
    """Return the isolates of a specimen in which something was found; all, where the specimen itself was tested."""
    results = findings.view.results.get(specimen_id, ())
    tested = {r.isolate_id for r in results if r.found is Found.DETECTED and r.isolate_id}
    return [one for one in of_specimen[specimen_id] if not tested or one in tested]


def _families_found(findings: Findings, specimen_id: str) -> Iterator[str]:
    for result in findings.view.results.get(specimen_id, ()):
        if result.found is Found.DETECTED and result.analyte:
            try:
                yield carbapenemase(result.analyte).family.name
            except UnknownCarbapenemase:
                continue


def _strain(organism: str, value: str) -> str:
    return f"{organism} ST{re.sub('(?i)^st', '', value).strip()}"


def _organisms_with(findings: Findings, subject: _Subject, kind: str, name: str) -> Iterator[str]:
    """Yield the organisms of a subject that have a type: one plasmid may be in several, a strain in one."""
    view = findings.view
    for isolate in subject.isolates:
        organism = organisms()[view.isolates[isolate].organism].name
        for typing in view.types.get(isolate, ()):
            plasmid = typing.scheme is Scheme.PLASMID and kind == "plasmid" and typing.value == name
            strain = (
                typing.scheme is Scheme.SEQUENCE_TYPE and kind == "strain" and _strain(organism, typing.value) == name
            )
            if plasmid or strain:
                yield organism


def _by_type(subjects: Iterable[_Subject]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in subjects:
        for kind, names in (("strain", one.strains), ("plasmid", one.plasmids)):
            for name in names:
                found[kind, name].append(one.name)
    return found


def _closest(findings: Findings, subjects: Mapping[str, _Subject]) -> dict[tuple[str, str], int]:
    """Return the smallest distance of the isolates of each two."""
    whose = {isolate: one.name for one in subjects.values() for isolate in one.isolates}
    found: dict[tuple[str, str], int] = {}
    for pair, snps in findings.view.distances.items():
        names = sorted({whose[isolate] for isolate in pair if isolate in whose})
        if len(names) == 2:
            key = (names[0], names[1])
            found[key] = min(snps, found.get(key, snps))
    return found


def _pair(findings: Findings, one: _Subject, other: _Subject, snps: int | None) -> AlikePair:
    met, where, days = _met(findings, one, other)
    return AlikePair(
        one=one.name,
        other=other.name,
        places=one.is_place + other.is_place,
        carbapenemases=";".join(sorted(one.families & other.families)),
        organisms=";".join(sorted(one.organisms | other.organisms)),
        strain="; ".join(sorted(one.strains & other.strains)) or None,
        plasmid="; ".join(sorted(one.plasmids & other.plasmids)) or None,
        snps=snps,
        met=met,
        where=where,
        days=None if days is None else round(days, 1),
    )


def _met(findings: Findings, one: _Subject, other: _Subject) -> tuple[Meeting, str | None, float | None]:
    if one.is_place or other.is_place:
        return _beside_a_place(findings, one, other)
    here = findings.ground.of_patient[Level.WARD]
    a, b = here.get(one.name, []), here.get(other.name, [])
    if not a or not b:
        return Meeting.UNKNOWN, None, None
    together: dict[str, tuple[float, datetime]] = {}
    nearest: tuple[float, str] | None = None
    by_ward: dict[tuple[str, str], list[Whereabouts]] = defaultdict(list)
    for stay in b:
        by_ward[stay.facility_id, stay.ward].append(stay)
    for stay in a:
        for met in by_ward.get((stay.facility_id, stay.ward), ()):
            begins, ends = max(stay.starts_from, met.starts_from), min(stay.ends_by, met.ends_by)
            ward = f"{stay.facility_id} {stay.ward}"
            days = (ends - begins) / _DAY
            if days > 0:
                before, since = together.get(ward, (0.0, begins))
                together[ward] = before + days, min(since, begins)
            elif nearest is None or -days < nearest[0]:
                nearest = -days, ward
    if together:
        longest = sorted(together.items(), key=lambda item: -item[1][0])
        zone = findings.view.zone(None)
        said = "; ".join(f"{w}: {d:.1f} days from {since.astimezone(zone).date()}" for w, (d, since) in longest)
        return Meeting.TOGETHER, said, sum(days for days, _ in together.values())
    if nearest:
        return Meeting.APART, f"{nearest[1]}: {nearest[0]:.1f} days between", nearest[0]
    return Meeting.NEVER, None, None


def _beside_a_place(findings: Findings, one: _Subject, other: _Subject) -> tuple[Meeting, str | None, float | None]:
    """Return whether a patient was on the ward of a place, or two places are of one ward."""
    wards = [_ward_of(findings, subject) for subject in (one, other) if subject.is_place]
    if None in wards:
        return Meeting.UNKNOWN, None, None
    if len(wards) == 2:
        return (
            (Meeting.TOGETHER, " ".join(wards[0] or ()), None) if wards[0] == wards[1] else (Meeting.NEVER, None, None)
        )
    patient = other if one.is_place else one
    stays = findings.ground.of_patient[Level.WARD].get(patient.name, [])
    if not stays:
        return Meeting.UNKNOWN, None, None
    there = [stay for stay in stays if (stay.facility_id, stay.ward) == wards[0]]
    if not there:
        return Meeting.NEVER, None, None
    days = sum((stay.ends_by - stay.starts_from) / _DAY for stay in there)
    return Meeting.TOGETHER, f"{' '.join(wards[0] or ())}: {days:.1f} days from {there[0].first_day}", days


def _ward_of(findings: Findings, subject: _Subject) -> tuple[str, str] | None:
    place = next((p for p in findings.view.setting.places if f"place {p.place_id}" == subject.name), None)
    return (place.facility_id, place.ward) if place and place.ward else None
