"""One bay, a bed swap, a hallway: the sixth story as facts, and its policy. Everyone is made up."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from ringfence.record import (
    TABLES,
    Encounter,
    EncounterKind,
    EnzymeCode,
    Facility,
    Found,
    Isolate,
    OrganismCode,
    Patient,
    PatientId,
    Place,
    PlaceKind,
    PlaceLevel,
    Purpose,
    Result,
    ResultKind,
    ResultStatus,
    Specimen,
    SpecimenCode,
    Stay,
    View,
    When,
    ZoneName,
)

SITE = "Elm"
PACIFIC = ZoneInfo("Etc/GMT+8")
"""Eight hours behind Greenwich, all year."""


def when(text, zone=PACIFIC):
    if len(text) == 10:
        return When(on=date.fromisoformat(text))
    return When(at=datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(ZoneInfo("UTC")))


def in_bed(patient, place, start, end=None, zone=PACIFIC, year="2026-", **more):
    """`5W-12-A` is bed A of room 12 on ward 5W."""
    ward, room, bed = (*place.split("-"), None, None)[:3]
    return Stay(
        **{
            "stay_id": f"{patient}/{place}/{start}",
            "patient_id": PatientId(patient),
            "facility_id": SITE,
            "ward": ward,
            "room": room,
            "bed": bed,
            "start": when(year + start, zone),
            "end": when(year + end, zone) if end else None,
        }
        | more
    )


def place(level, ward, room=None, bed=None, **more):
    return Place(facility_id=SITE, level=level, ward=ward, room=room, bed=bed, **more)


def seen(*rows, as_of="2026-03-01 12:00", zone=PACIFIC):
    tables = {table.row: name for name, table in TABLES.items()}
    facts = {"facilities": [Facility(facility_id=SITE, zone=ZoneName(zone.key))]}
    for row in rows:
        facts.setdefault(tables[type(row)], []).append(row)
    return View.of(facts, at=when(as_of, zone).at, known_to=len(rows))


def positive(patient, collected, reported, kind, name="1"):
    taken = Specimen(
        specimen_id=f"SP-{patient}-{name}",
        patient_id=PatientId(patient),
        facility_id=SITE,
        kind=SpecimenCode(kind),
        purpose=Purpose.CLINICAL,
        collected=when(collected),
    )
    grown = Isolate(
        isolate_id=f"IS-{patient}",
        specimen_id=taken.specimen_id,
        organism=OrganismCode("klebsiella-pneumoniae"),
    )
    gene = Result(
        result_id=f"R-{patient}",
        specimen_id=taken.specimen_id,
        isolate_id=grown.isolate_id,
        kind=ResultKind.GENE,
        analyte=EnzymeCode("KPC"),
        found=Found.DETECTED,
        status=ResultStatus.FINAL,
        reported=when(reported),
    )
    return [taken, grown, gene]


def visit(patient, start, end=None, site=SITE, kind=EncounterKind.INPATIENT):
    return Encounter(
        encounter_id=f"E-{patient}-{start}",
        patient_id=PatientId(patient),
        facility_id=site,
        kind=kind,
        start=when(f"2026-{start}"),
        end=when(f"2026-{end}") if end else None,
    )


PLACES = [
    *(place(PlaceLevel.ROOM, "ED", f"H{n}", kind=PlaceKind.HALLWAY) for n in range(1, 9)),
    place(PlaceLevel.WARD, "DI", kind=PlaceKind.PROCEDURE),
    place(PlaceLevel.ROOM, "5W", "12", kind=PlaceKind.MULTI, bathroom="BR1213"),
    place(PlaceLevel.ROOM, "5W", "13", bathroom="BR1213"),
    place(PlaceLevel.ROOM, "5W", "14", kind=PlaceKind.SINGLE, bathroom="BR14"),
]
INDEX = [
    in_bed("TEST-P", "ED-H3", "02-01 08:10", "02-01 23:50"),
    in_bed("TEST-P", "5W-12-A", "02-01 23:50", "02-05 09:00"),
    in_bed("TEST-P", "DI-2", "02-03 10:00", "02-03 11:15"),
    in_bed("TEST-P", "5W-12-C", "02-05 09:00", "02-11 20:00"),
    in_bed("TEST-P", "5W-14", "02-11 20:00"),
]
OTHERS = [
    in_bed("TEST-Q", "5W-12-C", "02-02 15:00", "02-05 09:00"),
    in_bed("TEST-Q", "5W-12-A", "02-05 09:00", "02-08 10:00"),
    in_bed("TEST-R", "5W-12-B", "02-03 14:00", "02-06 10:00"),
    in_bed("TEST-R", "5W-20", "02-06 10:00", "02-08 11:00"),
    in_bed("TEST-R", "5W-12-B", "02-08 11:00", "02-12 10:00"),
    in_bed("TEST-S", "5W-12-D", "02-01 12:00", "02-20 12:00"),
    in_bed("TEST-V", "5W-12-B", "02-06 12:00", "02-08 09:00"),
    in_bed("TEST-T", "5W-12-C", "02-11 22:00", "02-14 09:00"),
    in_bed("TEST-Y", "5W-13-A", "02-04 10:00", "02-07 10:00"),
    in_bed("TEST-W", "ED-H4", "02-01 08:30", "02-01 14:00"),
    in_bed("TEST-X", "DI-2", "02-03 10:00", "02-03 11:00"),
    Patient(patient_id=PatientId("TEST-V"), died=when("2026-02-15 10:00")),
]
STORY = [*PLACES, *INDEX, *OTHERS]
FOUND = [
    visit("TEST-P", "02-01 08:10"),
    *positive("TEST-P", "2026-02-09 09:00", "2026-02-11 16:00", "urine"),
    *positive("TEST-S", "2025-06-01 09:00", "2025-06-03 09:00", "urine"),
]
OVERLAY = """
overlay: 1
id: ca-on-elm
title: "Draft: Ontario with the contacts of a made-up hospital"
version: 2026-01-01
base: ca-on
place: {name: Elm (made up)}
from: 2026-01-01
adopted_by: infection prevention, Elm (made up)
sources:
  elm: {title: "Infection prevention, Elm (made up): who is a contact", where: this test}
clauses:
  contacts:
    - id: ca-on-con-1
      who:
        classes: [same room, shared bathroom]
        look_back: {since: admission of the index}
        index_under_precautions: counts
      then: {contact: screen}
      mark: verified
      source: elm
      checked_on: 2026-01-01
    - id: ca-on-con-2
      who: {classes: [ward]}
      then: {contact: list}
      mark: verified
      source: elm
      checked_on: 2026-01-01
    - id: elm-con-3
      who: {classes: [same bed after]}
      then: {contact: list}
      mark: verified
      source: elm
      checked_on: 2026-01-01
"""
