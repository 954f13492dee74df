"""Random records of a few patients over every table that rules read, with some that none reads; each row one thing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from ringfence.record import (
    AnswerWord,
    Coverage,
    Declaration,
    DeclarationKind,
    Encounter,
    EncounterKind,
    EnzymeCode,
    Facility,
    Fact,
    Found,
    HistoryBasis,
    IdentityLink,
    Isolate,
    LinkAction,
    Measure,
    MeasureKind,
    Order,
    OrderStatus,
    OrganismCode,
    Patient,
    PatientId,
    Place,
    PlaceKind,
    PlaceLevel,
    Population,
    Presence,
    Purpose,
    Question,
    Relation,
    RelationKind,
    ReportedHistory,
    Result,
    ResultKind,
    ResultStatus,
    RiskAnswer,
    Specimen,
    SpecimenCode,
    Stay,
    When,
    ZoneName,
)

BEGAN = datetime(2026, 3, 27, 22, tzinfo=UTC)  # the clocks of Amsterdam go forward on the 29th
LATEST = BEGAN + timedelta(hours=96)
PATIENTS = ("TEST-1", "TEST-2", "TEST-3")
# Whose each visit and specimen is, so that rows of several tables are often about one thing.
VISITS = {"E1": "TEST-1", "E2": "TEST-2", "E3": "TEST-1", "E4": "TEST-3"}
SPECIMENS = {"SP1": "TEST-1", "SP2": "TEST-2", "SP3": "TEST-1", "SP4": "TEST-3"}
CASES = ("TEST-1:KPC:1", "TEST-2:NDM:1")
SITES = (
    Facility(facility_id="Elm", zone=ZoneName("Europe/Amsterdam")),
    Facility(facility_id="Oak", zone=ZoneName("America/Vancouver")),
)

instants = st.integers(min_value=0, max_value=96).map(lambda n: When(at=BEGAN + timedelta(hours=n)))
days = st.integers(min_value=0, max_value=4).map(lambda n: When(on=date(2026, 3, 28) + timedelta(days=n)))
moments = instants | instants | days
ends = st.none() | st.none() | moments
long_ago = st.integers(min_value=-3, max_value=800).map(lambda n: When(on=date(2026, 3, 30) - timedelta(days=n)))
# Around what the policy speaks of: 2 and 12 months ago, and a length of 24 hours.
abroad = st.sampled_from(
    [None, *(When(on=date(*d)) for d in ((2026, 2, 25), (2026, 1, 28), (2026, 1, 29), (2025, 3, 1)))]
)
sites = st.sampled_from(["Elm", "Elm", "Oak"])
patients = st.sampled_from(PATIENTS).map(PatientId)
visits = st.sampled_from([*VISITS])
specimen_ids = st.sampled_from([*SPECIMENS])
genes = st.sampled_from(["KPC", "NDM", "GES"]).map(EnzymeCode)
wards = st.sampled_from(["2N", "3W"])
rooms = st.sampled_from(["1", "2"])


def numbered(prefix, many):
    return st.integers(min_value=1, max_value=many).map(lambda n: f"{prefix}{n}")


@st.composite
def encounters(draw):
    name = draw(visits)
    from_facility, from_ward = draw(st.sampled_from([(None, None), (None, None), ("Ash", "7")]))
    return Encounter(
        encounter_id=name,
        patient_id=PatientId(VISITS[name]),
        facility_id=draw(sites),
        kind=draw(st.sampled_from([EncounterKind.INPATIENT] * 5 + list(EncounterKind))),
        start=draw(moments),
        end=draw(ends),
        from_facility=from_facility,
        from_ward=from_ward,
    )


@st.composite
def stays(draw):
    visit = draw(st.none() | visits)
    return Stay(
        stay_id=draw(numbered("S", 6)),
        patient_id=PatientId(VISITS[visit]) if visit else draw(patients),
        encounter_id=visit,
        facility_id=draw(sites),
        ward=draw(wards),
        room=draw(st.none() | rooms),
        bed=draw(st.sampled_from([None, None, "a"])),
        presence=draw(st.sampled_from([Presence.PRESENT] * 5 + list(Presence))),
        start=draw(moments),
        end=draw(ends),
    )


@st.composite
def specimens(draw):
    name = draw(specimen_ids)
    return Specimen(
        specimen_id=name,
        patient_id=PatientId(SPECIMENS[name]),
        facility_id=draw(st.none() | sites),
        kind=SpecimenCode(draw(st.sampled_from(["rectal_swab", "urine", "blood"]))),
        purpose=draw(st.sampled_from([Purpose.SCREENING, Purpose.SCREENING, *Purpose])),
        collected=draw(moments | moments | long_ago),
        rejected=draw(st.sampled_from([None, None, None]) | moments),
    )


@st.composite
def results(draw):
    kind = draw(st.sampled_from([ResultKind.GENE, ResultKind.GENE, ResultKind.CULTURE]))
    specimen = draw(specimen_ids)
    return Result(
        result_id=draw(numbered("R", 6)),
        specimen_id=specimen,
        isolate_id=draw(st.sampled_from([None, None, f"IS-{specimen}"])),
        kind=kind,
        analyte=draw(st.none() | genes) if kind is ResultKind.GENE else None,
        found=draw(st.sampled_from(Found)),
        status=draw(st.sampled_from([ResultStatus.FINAL, *ResultStatus])),
        reported=draw(st.none() | moments),
    )


@st.composite
def isolates(draw):
    specimen = draw(specimen_ids)
    return Isolate(isolate_id=f"IS-{specimen}", specimen_id=specimen, organism=OrganismCode("klebsiella-pneumoniae"))


@st.composite
def orders(draw):
    visit = draw(visits)
    return Order(
        order_id=draw(numbered("O", 3)),
        patient_id=PatientId(VISITS[visit]),
        encounter_id=draw(st.sampled_from([visit, None])),
        status=draw(st.sampled_from(OrderStatus)),
        happened=draw(moments),
    )


@st.composite
def answers(draw):
    visit, question = draw(visits), draw(st.sampled_from(Question))
    word = draw(st.sampled_from([AnswerWord.NO] * 4 + list(AnswerWord)))
    return RiskAnswer(
        answer_id=f"A-{visit}-{question.value}-{draw(st.sampled_from([1, 1, 1, 2]))}",
        patient_id=PatientId(VISITS[visit]),
        encounter_id=visit,
        question=question,
        answer=word,
        start=draw(abroad),
        end=draw(abroad),
        procedure=draw(st.none() | st.sampled_from(AnswerWord)),
        asked=draw(st.none() | moments),
    )


@st.composite
def all_answered_no(draw, at=visits):
    """A visit at which every question but perhaps one was answered no."""
    visit, but = draw(at), draw(st.sampled_from([None, None, None, *Question]))
    asked = draw(st.none() | instants)
    return [
        RiskAnswer(
            answer_id=f"A-{visit}-{question.value}-1",
            patient_id=PatientId(VISITS[visit]),
            encounter_id=visit,
            question=question,
            answer=AnswerWord.NO,
            asked=asked,
        )
        for question in Question
        if question is not but
    ]


_ABOUT = {
    DeclarationKind.OUTBREAK_OPEN: st.just({"facility_id": "Ash", "ward": "7"}),
    DeclarationKind.OUTBREAK_CLOSED: st.just({"facility_id": "Ash", "ward": "7"}),
    DeclarationKind.SCREEN: visits.map(lambda visit: {"encounter_id": visit}),
    DeclarationKind.DO_NOT_SCREEN: visits.map(lambda visit: {"encounter_id": visit, "patient_id": VISITS[visit]}),
    DeclarationKind.PRECAUTIONS_ENDED: st.builds(lambda who, where: {"patient_id": who, "facility_id": where}, patients, sites),
    DeclarationKind.CASE_CONFIRMED: st.sampled_from(CASES).map(lambda case: {"case_id": case}),
    DeclarationKind.INFECTION: st.sampled_from(CASES).map(lambda case: {"case_id": case}),
    DeclarationKind.UNDONE: numbered("D", 4).map(lambda name: {"undoes": name}),
}  # fmt: skip


@st.composite
def declarations(draw):
    kind = draw(st.sampled_from([*_ABOUT]))
    return Declaration(
        declaration_id=draw(numbered("D", 4)),
        kind=kind,
        declared_by="infection control",
        declared=draw(moments),
        **draw(_ABOUT[kind]),
    )


measures = st.builds(
    Measure,
    measure_id=numbered("M", 2),
    patient_id=patients,
    facility_id=sites,
    kind=st.just(MeasureKind.CONTACT_PRECAUTIONS),
    start=moments,
    end=ends,
)
people = st.builds(Patient, patient_id=patients, died=st.sampled_from([None, None, None]) | moments)
places = st.builds(
    Place,
    facility_id=sites,
    level=st.just(PlaceLevel.ROOM),
    ward=wards,
    room=rooms,
    kind=st.none() | st.sampled_from(PlaceKind),
    bathroom=st.sampled_from([None, "X", "Y"]),
)
populations = st.builds(Population, facility_id=sites, covers=st.sampled_from(Coverage))
links = st.builds(
    IdentityLink,
    link_id=numbered("L", 3),
    patient_a=patients,
    patient_b=patients,
    action=st.sampled_from(LinkAction),
    declared_by=st.just("registration desk"),
    declared=instants,
)
histories = st.builds(
    ReportedHistory,
    history_id=numbered("H", 2),
    patient_id=patients,
    carbapenemase=genes,
    basis=st.just(HistoryBasis.TOLD),
    told_by=st.just("Oak"),
    reported=moments,
)
relations = st.builds(
    Relation,
    relation_id=numbered("N", 2),
    patient_a=patients,
    patient_b=patients,
    kind=st.just(RelationKind.HOUSEHOLD),
)
TABLES = {
    "encounters": encounters(),
    "stays": stays(),
    "specimens": specimens(),
    "results": results(),
    "isolates": isolates(),
    "orders": orders(),
    "answers": answers(),
    "declarations": declarations(),
    "measures": measures,
    "patients": people,
    "places": places,
    "populations": populations,
    "identity_links": links,
    "reported_history": histories,
    "relations": relations,
}
_OFTEN = ("encounters", "encounters", "stays", "stays", "specimens", "results", "results", "answers", "declarations")


@st.composite
def rows(draw, tables=(*TABLES, *_OFTEN)):
    """Some rows about one thing: a table's name with a row of it; now and then all the answers of a visit at once."""
    several = draw(st.integers(0, 7))
    if several == 0:
        return [("answers", row) for row in draw(all_answered_no())]
    if several == 1:
        return draw(visits_under_way())
    table = draw(st.sampled_from(tables))
    return [(table, draw(TABLES[table]))]


@st.composite
def visits_under_way(draw):
    """The rows of a visit as they mostly are: its patient there, its questions answered, and perhaps a screen."""
    visit = draw(encounters())
    early = When(at=BEGAN + timedelta(hours=draw(st.integers(0, 24))))
    visit = replace(
        visit, start=early, kind=EncounterKind.INPATIENT, end=draw(st.sampled_from([None, None, visit.end]))
    )
    found = [("encounters", visit)]
    if draw(st.booleans()):
        of = {"patient_id": visit.patient_id, "encounter_id": visit.encounter_id, "facility_id": visit.facility_id}
        found.append(("stays", replace(draw(stays()), **of, presence=Presence.PRESENT, start=early, end=visit.end)))
    if draw(st.integers(0, 3)):
        found += [("answers", row) for row in draw(all_answered_no(st.just(visit.encounter_id)))]
    if draw(st.booleans()):
        swab = replace(draw(specimens()), patient_id=visit.patient_id, collected=early, rejected=None)
        found.append(("specimens", replace(swab, purpose=Purpose.SCREENING)))
        some = draw(st.lists(results(), max_size=3, unique_by=lambda one: one.result_id))
        grown = replace(draw(isolates()), isolate_id=f"IS-{swab.specimen_id}", specimen_id=swab.specimen_id)
        of_swab = [replace(one, isolate_id=grown.isolate_id if one.isolate_id else None) for one in some]
        found += [("results", replace(one, specimen_id=swab.specimen_id)) for one in of_swab]
        found.append(("isolates", grown))
    return found


@st.composite
def versions(draw):
    """Facts of one or several rows, of which other facts of the same history may be earlier or later versions."""
    recorded = draw(st.none() | instants.map(lambda when: when.at))
    message, back = draw(numbered("message-", 5)), draw(st.sampled_from([False] * 6 + [True]))
    return [
        Fact(table=table, row=row, message=message, recorded=recorded, retracts=back) for table, row in draw(rows())
    ]


def histories_of_care(most=16):
    """Lists of facts over every table that rules read, with both facilities."""
    sites_ = [Fact(table="facilities", row=site, message="message-0") for site in SITES]
    return st.lists(versions(), max_size=most).map(lambda some: [*sites_, *(fact for few in some for fact in few)])
