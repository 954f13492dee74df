"""The multi-patient timeline of a run."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from ringfence.assess import is_read
from ringfence.chain import Findings
from ringfence.press import Bar, Chart, Line, Name, Test, timeline_svg
from ringfence.record import (
    TESTS,
    CaseStatus,
    Found,
    Level,
    ResultStatus,
    Scheme,
    Specimen,
    Timeline,
    When,
    precautions_in_force,
)

MOST_CARRIERS, MOST_CONTACTS = 300, 40


def patients_timeline(findings: Findings) -> Chart:
    """Return the timeline of carriers by first positive, then of people who shared a room with one."""
    shown, contacts = _shown(findings)
    maker = _Maker(findings)
    groups = [("Carriers and suspects", maker.lines(p for p in shown if p in maker.stays))]
    if contacts:
        groups.append(("People who shared a room with one", maker.lines(contacts)))
    unseen = [p for p in shown if p not in maker.stays]
    if unseen:
        groups.append(("Carriers with no stays in these files", maker.lines(unseen)))
    title = (
        f"Stays and tests of {len(shown)} carriers and {len(contacts)} room contacts. "
        "The same facts stand in the table below it."
    )
    return timeline_svg(groups, title=title, end=_ordinal(findings.view.at, findings.view.zone(None)))


def timeline_rows(findings: Findings) -> list[list[str]]:
    """Return what the timeline draws, in words: patient, what, where or what was found, from when, to when."""
    view = findings.view
    stays: dict[str, list[list[str]]] = {}
    for one in (stay for stay in findings.ground.stays if stay.used):
        stay, zone = one.stay, view.zone(one.stay.facility_id)
        place = " ".join(filter(None, (stay.facility_id, stay.ward, stay.room, stay.bed)))
        times = [_said(stay.start, zone), _said(stay.end, zone) if stay.end else "now"]
        stays.setdefault(stay.patient_id, []).append([stay.patient_id, "stay", Name(place), *times])
    rows = []
    for patient in chain.from_iterable(_shown(findings)):
        timeline, zone = view.timeline(patient), view.zone(None)
        own = list(stays.get(patient, []))
        for kind, found, specimen in _tests(timeline):
            own.append([patient, "test", f"{kind}: {_found_words(found)}", _said(specimen.collected, zone), ""])
        for site in view.facilities:
            for measure in precautions_in_force(timeline, site):
                ends = _said(measure.end, view.zone(site)) if measure.end else "now"
                own.append([patient, "precautions", Name(site), _said(measure.start, view.zone(site)), ends])
        rows += sorted(own, key=lambda row: row[3])
    return rows


def _shown(findings: Findings) -> tuple[list[str], list[str]]:
    """Return the carriers by first positive, and those who shared a room with one, the longest first."""
    carriers: list[str] = list(
        dict.fromkeys(c.patient_id for c in findings.cases if c.status is not CaseStatus.WITHDRAWN)
    )
    known = set(carriers)
    room = [c for c in findings.contacts if c.level is Level.ROOM and c.contact_patient_id not in known]
    contacts: list[str] = list(dict.fromkeys(c.contact_patient_id for c in sorted(room, key=lambda c: -c.hours_max)))
    return carriers[:MOST_CARRIERS], contacts[:MOST_CONTACTS]


class _Maker:
    def __init__(self, findings: Findings) -> None:
        self.findings, self.view = findings, findings.view
        self.stays: dict[str, list[Bar]] = {}
        for one in (stay for stay in findings.ground.stays if stay.used):
            zone = self.view.zone(one.stay.facility_id)
            start, end = one.stay.start, one.stay.end or When(at=self.view.at)
            about = f"{one.stay.patient_id}: {one.stay.ward}, {_said(start, zone)} to " + (
                _said(one.stay.end, zone) if one.stay.end else "now"
            )
            bar = Bar(one.stay.ward, _ordinal(start.earliest(zone), zone), _ordinal(end.latest(zone), zone), about)
            self.stays.setdefault(one.stay.patient_id, []).append(bar)

    def lines(self, patients: Iterable[str]) -> list[Line]:
        return [self._line(self.view.timeline(patient)) for patient in patients]

    def _line(self, timeline: Timeline) -> Line:
        zone = self.view.zone(None)
        standing = [c for c in self.findings.carriages.get(timeline.patient_id, ()) if c.stands]
        known = min((c.first.collected.earliest(zone) for c in standing), default=None)
        return Line(
            label=timeline.patient_id,
            bars=self.stays.get(timeline.patient_id, []),
            tests=[self._test(timeline, *one) for one in _tests(timeline)],
            precautions=[
                (_ordinal(m.start.earliest(zone), zone), _ordinal(m.end.latest(zone) if m.end else self.view.at, zone))
                for facility in self.view.facilities
                for m in precautions_in_force(timeline, facility)
            ],
            known_from=_ordinal(known, zone) if known else None,
            ward=self._ward(timeline.patient_id, known),
            cluster=self._cluster(timeline),
        )

    def _ward(self, patient: str, known: datetime | None) -> str:
        """Return the ward at the first positive, or else the first."""
        there = self.findings.ground.of_patient[Level.WARD].get(patient, ())
        then = [one.ward for one in there if known and one.starts_from <= known <= one.ends_by]
        return next(iter([*then, *(one.ward for one in there)]), "")

    def _cluster(self, timeline: Timeline) -> str:
        """Return the plasmid or strain of the patient's isolates that comes first, with what it is."""
        types = sorted(
            (typing.scheme is not Scheme.PLASMID, typing.value)
            for isolate in timeline.isolates
            for typing in self.view.types.get(isolate, ())
        )
        return next((f"{'strain' if strain else 'plasmid'} {value}" for strain, value in types), "")

    def _test(self, timeline: Timeline, kind: str, found: list[str] | None, specimen: Specimen) -> Test:
        zone = self.view.zone(None)
        middle = specimen.collected.earliest(zone), specimen.collected.latest(zone)
        about = f"{timeline.patient_id}: {kind} of {_said(specimen.collected, zone)}, {_found_words(found)}"
        return Test(sum(_ordinal(m, zone) for m in middle) / 2, None if found is None else bool(found), about)


def _tests(timeline: Timeline) -> Iterator[tuple[str, list[str] | None, Specimen]]:
    """Yield each specimen with a result: of what kind it is, and what was found in it.

    None: no test for a carbapenemase has a result. That an antibiotic was tested says nothing of what was not looked
    for.
    """
    for specimen in timeline.specimens:
        results = [
            r for r in timeline.results[specimen.specimen_id] if is_read(r) and r.status is not ResultStatus.WITHDRAWN
        ]
        if results:
            found = sorted({r.analyte or "growth" for r in results if r.found is Found.DETECTED})
            looked = any(r.kind in TESTS and r.found is Found.NOT_DETECTED for r in results)
            yield specimen.kind.replace("_", " "), found if found or looked else None, specimen


def _found_words(found: list[str] | None) -> str:
    if found is None:
        return "no result of a test for a carbapenemase"
    return f"{', '.join(found)} found" if found else "none found"


def _said(when: When, zone: ZoneInfo) -> str:
    return when.text(zone).replace("T", " ")[:16]


def _ordinal(at: datetime, zone: ZoneInfo) -> float:
    local = at.astimezone(zone)
    return local.date().toordinal() + (local.hour * 60 + local.minute) / 1440
