"""The multi-patient timeline of a run."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from ringfence.assess import is_read
from ringfence.chain import Findings
from ringfence.press import Bar, Line, Test, timeline_svg
from ringfence.record import (
    CaseStatus,
    Found,
    Level,
    ResultStatus,
    Timeline,
    When,
    precautions_in_force,
)

MOST_CARRIERS, MOST_CONTACTS = 300, 40


def patients_timeline(findings: Findings) -> Markup:
    """Return the timeline of carriers by first positive, then of people who shared a room with one."""
    carriers = list(dict.fromkeys(c.patient_id for c in findings.cases if c.status is not CaseStatus.WITHDRAWN))
    room = [c for c in findings.contacts if c.level is Level.ROOM and c.contact_patient_id not in carriers]
    contacts = list(dict.fromkeys(c.contact_patient_id for c in sorted(room, key=lambda c: -c.hours_max)))
    maker = _Maker(findings)
    shown = carriers[:MOST_CARRIERS]
    groups = [("Carriers and suspects, by first positive", maker.lines(p for p in shown if p in maker.stays))]
    if contacts:
        groups.append(("People who shared a room with one", maker.lines(contacts[:MOST_CONTACTS])))
    unseen = [p for p in shown if p not in maker.stays]
    if unseen:
        groups.append(("Carriers with no stays in these files", maker.lines(unseen)))
    title = (
        f"Stays and tests of {len(shown)} carriers and "
        f"{len(contacts[:MOST_CONTACTS])} room contacts. "
        "The same facts stand in the tables of cases and contacts."
    )
    return timeline_svg(groups, title=title, end=_ordinal(findings.view.at, findings.view.zone(None)))


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
            tests=list(_tests(timeline, zone)),
            precautions=[
                (_ordinal(m.start.earliest(zone), zone), _ordinal(m.end.latest(zone) if m.end else self.view.at, zone))
                for facility in self.view.facilities
                for m in precautions_in_force(timeline, facility)
            ],
            known_from=_ordinal(known, zone) if known else None,
        )


def _tests(timeline: Timeline, zone: ZoneInfo) -> Iterable[Test]:
    for specimen in timeline.specimens:
        results = [
            r for r in timeline.results[specimen.specimen_id] if is_read(r) and r.status is not ResultStatus.WITHDRAWN
        ]
        if not results:
            continue
        found = sorted({r.analyte or "growth" for r in results if r.found is Found.DETECTED})
        said = f"{', '.join(found)} found" if found else "none found"
        about = f"{timeline.patient_id}: {specimen.kind.replace('_', ' ')} of {_said(specimen.collected, zone)}, {said}"
        middle = specimen.collected.earliest(zone), specimen.collected.latest(zone)
        yield Test(sum(_ordinal(m, zone) for m in middle) / 2, bool(found), about)


def _said(when: When, zone: ZoneInfo) -> str:
    return when.text(zone).replace("T", " ")[:16]


def _ordinal(at: datetime, zone: ZoneInfo) -> float:
    local = at.astimezone(zone)
    return local.date().toordinal() + (local.hour * 60 + local.minute) / 1440
