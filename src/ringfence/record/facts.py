"""The fact tables: what feeds and people tell us. Append-only; a correction is a new version."""

from .declare import (
    EnzymeCode,
    OrganismCode,
    PatientId,
    Sensitivity,
    SpecimenCode,
    TableKind,
    ZoneName,
    column,
    table,
)
from .moments import When
from .words import (
    AnswerWord,
    Coverage,
    DeclarationKind,
    EncounterKind,
    Found,
    MeasureKind,
    OrderStatus,
    Origin,
    PlaceKind,
    PlaceLevel,
    Presence,
    Purpose,
    Question,
    ResultKind,
    ResultStatus,
    Scheme,
)

FACT = TableKind.FACT
IDENTIFIER, PERSONAL = Sensitivity.IDENTIFIER, Sensitivity.PERSONAL


@table("facilities", kind=FACT, one_row="one site with its time zone", key=("facility_id",))
class Facility:
    """A hospital or other site. Its zone turns dates into days and local times into instants."""

    facility_id: str = column("The site's short name, used by every other table.", example="Elm")
    name: str | None = column(
        "What people call it.", example="Elm General (made up)", empty="its short name", default=None
    )
    zone: ZoneName = column("Its time zone.", example="Europe/Amsterdam")


@table("populations", kind=FACT, one_row="whom the movements of one facility cover", key=("facility_id",))
class Population:
    """Without this, no rate and no claim that someone met nobody can be made."""

    facility_id: str = column("The site.", example="Elm")
    covers: Coverage = column("Whom the stays cover: everyone admitted, or only carriers.", example="all_inpatients")


@table(
    "places",
    kind=FACT,
    one_row="one ward, room, bed, bathroom or sink",
    key=("facility_id", "level", "ward", "room", "bed", "place_id"),
)
class Place:
    """A map of the site. Only what differs from an ordinary ward or room must be given, for example a hallway."""

    facility_id: str = column("The site.", example="Elm")
    level: PlaceLevel = column("How large the place is.", example="room")
    ward: str | None = column(
        "The ward it is or lies in.", example="2N", empty="not on one ward, or not known", default=None
    )
    room: str | None = column(
        "The room it is or lies in.", example="201", empty="not a room, or not known", default=None
    )
    bed: str | None = column("The bed it is.", example="", empty="not a bed", default=None)
    place_id: str | None = column(
        "A name of its own, for places that specimens come from.",
        example="",
        empty="named by its ward, room and bed",
        default=None,
    )
    kind: PlaceKind | None = column(
        "What it is used as.", example="multi", empty="an ordinary ward, room or bed", default=None
    )


@table("patients", kind=FACT, one_row="what is known of one person", key=("patient_id",), until_known=("died",))
class Patient:
    """A person, by number alone: names and birth dates have no place in this table."""

    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    died: When | None = column(
        "When the person died.",
        example="",
        sensitivity=PERSONAL,
        empty="alive as far as is known",
        default=None,
    )


@table(
    "encounters",
    kind=FACT,
    one_row="one visit",
    key=("encounter_id",),
    known_from=("start",),
    until_known=("end",),
)
class Encounter:
    """A visit. Admissions (`inpatient`) are what the screening ledger lists."""

    encounter_id: str = column("The visit's number.", example="E-017", sensitivity=IDENTIFIER)
    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    facility_id: str = column("The site.", example="Elm")
    kind: EncounterKind = column("The class of the visit.", example="inpatient")
    start: When = column("When it began.", example="2026-03-02T10:15", sensitivity=PERSONAL)
    end: When | None = column(
        "When it ended.",
        example="2026-03-09T11:00",
        sensitivity=PERSONAL,
        empty="still going on",
        default=None,
    )
    admitted_from: Origin | None = column(
        "Where the patient came from.",
        example="other_facility",
        sensitivity=PERSONAL,
        empty="not known",
        default=None,
    )
    from_facility: str | None = column(
        "The facility the patient came from.",
        example="Oak",
        sensitivity=PERSONAL,
        empty="none, or not known",
        default=None,
    )
    from_ward: str | None = column(
        "The ward there.", example="Zuid 4", sensitivity=PERSONAL, empty="none, or not known", default=None
    )


@table(
    "stays",
    kind=FACT,
    one_row="time one patient spent in one place",
    key=("stay_id",),
    known_from=("start",),
    until_known=("end",),
)
class Stay:
    """Time in one bed, room or ward. A stay that starts and ends on the same date is a real visit."""

    stay_id: str = column(
        "The stay's number; left out, it is made from the row.",
        example="",
        sensitivity=IDENTIFIER,
        derived=True,
        default="",
    )
    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    encounter_id: str | None = column(
        "The visit it belongs to.", example="E-017", sensitivity=IDENTIFIER, empty="not known", default=None
    )
    facility_id: str = column("The site.", example="Elm")
    ward: str = column("The ward.", example="2N")
    room: str | None = column("The room.", example="201", empty="not known: no answer at room level", default=None)
    bed: str | None = column("The bed.", example="A", empty="not known", default=None)
    presence: Presence = column("Whether the patient was in the bed.", example="present", default=Presence.PRESENT)
    start: When = column("When the patient came.", example="2026-03-02T10:40", sensitivity=PERSONAL)
    end: When | None = column(
        "When the patient left.",
        example="2026-03-09T11:00",
        sensitivity=PERSONAL,
        empty="still there",
        default=None,
    )


@table(
    "orders",
    kind=FACT,
    one_row="a step of a screen before there is a specimen",
    key=("order_id",),
    known_from=("happened",),
)
class Order:
    """A screen proposed, ordered, refused, or not possible. A refusal is an outcome."""

    order_id: str = column(
        "The order's number; left out, it is made from the row.",
        example="",
        sensitivity=IDENTIFIER,
        derived=True,
        default="",
    )
    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    encounter_id: str | None = column(
        "The visit it belongs to.",
        example="E-017",
        sensitivity=IDENTIFIER,
        empty="the visit of that time",
        default=None,
    )
    status: OrderStatus = column("How far the screen got.", example="ordered", sensitivity=PERSONAL)
    happened: When = column("When.", example="2026-03-02T12:00", sensitivity=PERSONAL)


@table(
    "specimens",
    kind=FACT,
    one_row="one specimen, from a patient or a place",
    key=("specimen_id",),
    known_from=("collected",),
    until_known=("rejected",),
)
class Specimen:
    """A specimen from a patient, or from a place (a sink). It needs the one or the other."""

    specimen_id: str = column("The specimen's number.", example="SP-17-1", sensitivity=IDENTIFIER)
    patient_id: PatientId | None = column(
        "The patient it came from.",
        example="TEST-017",
        sensitivity=IDENTIFIER,
        empty="from a place",
        default=None,
    )
    place_id: str | None = column("The place it came from.", example="", empty="from a patient", default=None)
    facility_id: str | None = column("The site that collected it.", example="Elm", empty="not known", default=None)
    ward: str | None = column(
        "The ward that collected it.", example="2N", empty="where the patient was then", default=None
    )
    kind: SpecimenCode = column("What it is.", example="rectal_swab", sensitivity=PERSONAL)
    purpose: Purpose = column("Why it was taken.", example="screening", sensitivity=PERSONAL)
    collected: When = column("When it was taken.", example="2026-03-02T14:00", sensitivity=PERSONAL)
    rejected: When | None = column(
        "When the laboratory rejected it.",
        example="",
        sensitivity=PERSONAL,
        empty="it was not rejected",
        default=None,
    )


@table("isolates", kind=FACT, one_row="one organism grown from a specimen", key=("isolate_id",))
class Isolate:
    """An organism from a specimen. Results of genes name the isolate, or the specimen when nothing was grown."""

    isolate_id: str = column("The isolate's number.", example="IS-17-1", sensitivity=IDENTIFIER)
    specimen_id: str = column("The specimen it grew from.", example="SP-17-1", sensitivity=IDENTIFIER)
    organism: OrganismCode = column("What it is.", example="Klebsiella pneumoniae", sensitivity=PERSONAL)


@table(
    "results",
    kind=FACT,
    one_row="one version of one analyte's result",
    key=("result_id",),
    known_from=("reported",),
    versions_by="reported",
)
class Result:
    """A result. A correction is another row with the same number, a later `reported` and the status `corrected`."""

    result_id: str = column("The result's number.", example="R-17-1", sensitivity=IDENTIFIER)
    specimen_id: str = column("The specimen tested.", example="SP-17-1", sensitivity=IDENTIFIER)
    isolate_id: str | None = column(
        "The isolate tested.",
        example="IS-17-1",
        sensitivity=IDENTIFIER,
        empty="the specimen itself was tested",
        default=None,
    )
    kind: ResultKind = column("What was looked for: a gene, or CPO by culture.", example="gene")
    analyte: EnzymeCode | None = column(
        "The carbapenemase looked for or found.",
        example="KPC",
        sensitivity=PERSONAL,
        empty="a panel with nothing found, or a culture",
        default=None,
    )
    found: Found = column("What was found.", example="detected", sensitivity=PERSONAL)
    status: ResultStatus = column("The state of the report.", example="final", sensitivity=PERSONAL)
    method: str | None = column("How it was tested.", example="pcr", empty="not stated", default=None)
    reported: When | None = column(
        "When the laboratory reported it.",
        example="2026-03-04T16:00",
        sensitivity=PERSONAL,
        empty="not known: taken as known when its specimen was collected",
        default=None,
    )


@table("types", kind=FACT, one_row="one type of one isolate", key=("isolate_id", "scheme"))
class Typing:
    """A sequence type or a plasmid type. Plasmids carry carbapenemases between strains and species."""

    isolate_id: str = column("The isolate.", example="IS-17-1", sensitivity=IDENTIFIER)
    scheme: Scheme = column("The way of typing.", example="plasmid")
    value: str = column("The type.", example="IncHI2", sensitivity=PERSONAL)


@table("distances", kind=FACT, one_row="the genomic distance of two isolates", key=("isolate_a", "isolate_b"))
class Distance:
    """Single-nucleotide differences between two isolates of one strain."""

    isolate_a: str = column("One isolate.", example="IS-17-1", sensitivity=IDENTIFIER)
    isolate_b: str = column("The other.", example="IS-22-1", sensitivity=IDENTIFIER)
    snps: int = column("Single-nucleotide differences.", example="4", sensitivity=PERSONAL)


@table(
    "answers",
    kind=FACT,
    one_row="one answer to one risk question at one visit",
    key=("answer_id",),
    known_from=("asked",),
)
class RiskAnswer:
    """What was asked and answered. For care abroad give one row for each stay abroad."""

    answer_id: str = column(
        "The answer's number; left out, it is made from the row.",
        example="",
        sensitivity=IDENTIFIER,
        derived=True,
        default="",
    )
    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    encounter_id: str = column("The visit at which it was asked.", example="E-017", sensitivity=IDENTIFIER)
    question: Question = column("What was asked.", example="care_abroad")
    answer: AnswerWord = column("What was answered; unknown is not no.", example="yes", sensitivity=PERSONAL)
    country: str | None = column(
        "Where, for care abroad.", example="Exampleland", sensitivity=PERSONAL, empty="not said", default=None
    )
    start: When | None = column(
        "When the care or residence began.",
        example="2026-01-28",
        sensitivity=PERSONAL,
        empty="not said",
        default=None,
    )
    end: When | None = column(
        "When it ended.", example="2026-02-03", sensitivity=PERSONAL, empty="not said", default=None
    )
    procedure: AnswerWord | None = column(
        "Whether there was an invasive procedure.",
        example="no",
        sensitivity=PERSONAL,
        empty="not asked",
        default=None,
    )
    asked: When | None = column(
        "When it was asked.",
        example="2026-03-02T10:30",
        sensitivity=PERSONAL,
        empty="at the start of the visit",
        default=None,
    )


@table(
    "measures",
    kind=FACT,
    one_row="one measure in place for one patient",
    key=("measure_id",),
    known_from=("start",),
    until_known=("end",),
)
class Measure:
    """Precautions or isolation, as really in place."""

    measure_id: str = column(
        "The measure's number; left out, it is made from the row.",
        example="",
        sensitivity=IDENTIFIER,
        derived=True,
        default="",
    )
    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    facility_id: str = column("The site.", example="Elm")
    kind: MeasureKind = column("What was put in place.", example="contact_precautions", sensitivity=PERSONAL)
    start: When = column("When it began.", example="2026-03-04T17:00", sensitivity=PERSONAL)
    end: When | None = column("When it ended.", example="", sensitivity=PERSONAL, empty="still in place", default=None)


@table(
    "declarations",
    kind=FACT,
    one_row="one decision of a professional",
    key=("declaration_id",),
    known_from=("declared",),
)
class Declaration:
    """What a professional decided. This version knows the opening and closing of an outbreak on a ward."""

    declaration_id: str = column(
        "The declaration's number; left out, it is made from the row.", example="", derived=True, default=""
    )
    kind: DeclarationKind = column("What was declared.", example="outbreak_open")
    facility_id: str = column("The site; it need not be one of ours.", example="Oak")
    ward: str = column("The ward.", example="Zuid 4")
    organism: OrganismCode | None = column(
        "The organism.", example="Klebsiella pneumoniae", empty="not stated", default=None
    )
    carbapenemase: EnzymeCode | None = column("The carbapenemase.", example="KPC", empty="not stated", default=None)
    declared_by: str = column("Who declared it: a role, not a name.", example="infection prevention, Oak")
    declared: When = column("When.", example="2026-02-20T09:00")
