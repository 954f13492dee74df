"""One-line builders of made-up facts, and views of them."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ringfence.record import (
    TABLES,
    AnswerWord,
    Declaration,
    DeclarationKind,
    Encounter,
    EncounterKind,
    EnzymeCode,
    Facility,
    Found,
    IdentityLink,
    Isolate,
    LinkAction,
    Measure,
    MeasureKind,
    OrganismCode,
    PatientId,
    Place,
    PlaceKind,
    PlaceLevel,
    Purpose,
    Question,
    Result,
    ResultKind,
    ResultStatus,
    RiskAnswer,
    Specimen,
    SpecimenCode,
    Stay,
    View,
    When,
    ZoneName,
)

ZONE = ZoneInfo("Europe/Amsterdam")
SITE = "Elm"


def when(text: str) -> When:
    """`2026-03-02` is a day, `2026-03-02 10:15` an instant in Amsterdam."""
    if len(text) == 10:
        return When(on=date.fromisoformat(text))
    return When(at=at(text))


def at(text: str) -> datetime:
    """Return an instant of Amsterdam."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(ZoneInfo("UTC"))


def facility(zone: str = "Europe/Amsterdam", name: str = SITE) -> Facility:
    return Facility(facility_id=name, zone=ZoneName(zone))


def stay(patient: str, ward: str, start: str, end: str | None = None, room: str | None = None, **more: Any) -> Stay:
    ended = when(end) if end else None
    defaults = {"stay_id": f"{patient}/{ward}/{room}/{start}", "facility_id": SITE}
    return Stay(
        **defaults
        | {"patient_id": PatientId(patient), "ward": ward, "room": room, "start": when(start), "end": ended}
        | more
    )


def room(ward: str, name: str, kind: PlaceKind) -> Place:
    return Place(facility_id=SITE, level=PlaceLevel.ROOM, ward=ward, room=name, kind=kind)


def admission(patient: str, start: str, end: str | None = None, **more: Any) -> Encounter:
    return Encounter(
        **{
            "encounter_id": f"E-{patient}-{start[:10]}",
            "patient_id": PatientId(patient),
            "facility_id": SITE,
            "kind": EncounterKind.INPATIENT,
            "start": when(start),
            "end": when(end) if end else None,
        }
        | more
    )


def answer(encounter: Encounter, question: Question, word: AnswerWord, **more: Any) -> RiskAnswer:
    given = {key: when(value) if key in ("start", "end", "asked") else value for key, value in more.items()}
    return RiskAnswer(
        answer_id=f"{encounter.encounter_id}-{question.value}-{len(str(more))}",
        patient_id=encounter.patient_id,
        encounter_id=encounter.encounter_id,
        question=question,
        answer=word,
        **given,
    )


def all_no(encounter: Encounter, *but: Question) -> list[RiskAnswer]:
    return [answer(encounter, q, AnswerWord.NO) for q in Question if q not in but]


def specimen(name: str, patient: str | None, collected: str, kind: str = "rectal_swab", **more: Any) -> Specimen:
    purpose = Purpose.SCREENING if kind in ("rectal_swab", "stool") else Purpose.CLINICAL
    return Specimen(
        **{
            "specimen_id": name,
            "patient_id": PatientId(patient) if patient else None,
            "facility_id": SITE,
            "kind": SpecimenCode(kind),
            "purpose": purpose,
            "collected": when(collected),
        }
        | more
    )


def gene(name: str, of: str, enzyme: str | None, reported: str | None = None, **more: Any) -> Result:
    return Result(
        **{
            "result_id": name,
            "specimen_id": of,
            "kind": ResultKind.GENE,
            "analyte": EnzymeCode(enzyme) if enzyme else None,
            "found": Found.DETECTED if enzyme else Found.NOT_DETECTED,
            "status": ResultStatus.FINAL,
            "reported": when(reported) if reported else None,
        }
        | more
    )


def isolate(name: str, of: str, organism: str = "klebsiella-pneumoniae") -> Isolate:
    return Isolate(isolate_id=name, specimen_id=of, organism=OrganismCode(organism))


def precautions_on(patient: str, start: str, end: str | None = None) -> Measure:
    return Measure(
        measure_id=f"{patient}-{start}",
        patient_id=PatientId(patient),
        facility_id=SITE,
        kind=MeasureKind.CONTACT_PRECAUTIONS,
        start=when(start),
        end=when(end) if end else None,
    )


def view(as_of: str, *rows: Any) -> View:
    """Return the view of rows of any fact tables, with the facility Elm if none is among them."""
    by_class = {table.row: name for name, table in TABLES.items()}
    facts: dict[str, list[Any]] = defaultdict(list)
    if not any(isinstance(row, Facility) for row in rows):
        facts["facilities"].append(facility())
    for row in rows:
        facts[by_class[type(row)]].append(row)
    return View.of(facts, at=at(as_of), known_to=len(rows))


def declared(kind: DeclarationKind, when_: str, by: str = "infection control", **about: Any) -> Declaration:
    return Declaration(
        declaration_id=f"D-{kind.value}-{when_}-{'-'.join(map(str, about.values()))}",
        kind=kind,
        declared_by=by,
        declared=when(when_),
        **about,
    )


def linked(one: str, other: str, when_: str, action: LinkAction = LinkAction.LINK) -> IdentityLink:
    return IdentityLink(
        link_id=f"L-{one}-{other}-{when_}",
        patient_a=PatientId(one),
        patient_b=PatientId(other),
        action=action,
        declared_by="registration desk",
        declared=when(when_),
    )
