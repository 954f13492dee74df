"""Facts of care: what was asked, what was known before, what was given, and what was put in place."""

from ..declare import EnzymeCode, OrganismCode, PatientId, Sensitivity, TableKind, column, table
from ..moments import When
from ..words import AnswerWord, HistoryBasis, MeasureKind, Question, TreatmentKind

FACT = TableKind.FACT
OPEN, PERSONAL, IDENTIFIER = Sensitivity.OPEN, Sensitivity.PERSONAL, Sensitivity.IDENTIFIER


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
    question: Question = column("What was asked.", example="care_abroad", sensitivity=OPEN)
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
    "reported_history",
    kind=FACT,
    one_row="one report that somebody was positive elsewhere",
    key=("history_id",),
    known_from=("reported",),
)
class ReportedHistory:
    """Positive elsewhere, as somebody told it. It flags the person; it is never a counted case."""

    history_id: str = column(
        "The report's number; left out, it is made from the row.",
        example="",
        sensitivity=IDENTIFIER,
        derived=True,
        default="",
    )
    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    organism: OrganismCode | None = column(
        "The organism.",
        example="Klebsiella pneumoniae",
        sensitivity=PERSONAL,
        empty="not stated",
        default=None,
    )
    carbapenemase: EnzymeCode | None = column(
        "The carbapenemase.", example="KPC", sensitivity=PERSONAL, empty="not stated", default=None
    )
    basis: HistoryBasis = column("How it became known.", example="told", sensitivity=PERSONAL)
    told_by: str = column(
        "Who told it: a role or a facility, not a name.", example="infection prevention, Oak", sensitivity=PERSONAL
    )
    positive: When | None = column(
        "When the person was positive.", example="", sensitivity=PERSONAL, empty="not stated", default=None
    )
    reported: When = column("When it was told.", example="2026-03-02T11:00", sensitivity=PERSONAL)


@table(
    "treatments",
    kind=FACT,
    one_row="one antibiotic, device or procedure of one patient",
    key=("treatment_id",),
    known_from=("start",),
    until_known=("end",),
)
class Treatment:
    """What was given to a patient or done, from when to when."""

    treatment_id: str = column(
        "The treatment's number; left out, it is made from the row without its end.",
        example="",
        sensitivity=IDENTIFIER,
        derived=True,
        default="",
    )
    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    facility_id: str | None = column("The site.", example="Elm", sensitivity=OPEN, empty="not known", default=None)
    kind: TreatmentKind = column("What sort it is.", example="antibiotic", sensitivity=PERSONAL)
    name: str = column("What it is called.", example="meropenem", sensitivity=PERSONAL)
    start: When = column("When it began.", example="2026-03-05T08:00", sensitivity=PERSONAL)
    end: When | None = column("When it ended.", example="", sensitivity=PERSONAL, empty="still going on", default=None)


@table(
    "measures",
    kind=FACT,
    one_row="one measure in place for one patient or place",
    key=("measure_id",),
    known_from=("start",),
    until_known=("end",),
)
class Measure:
    """Precautions, isolation, a cohort or cleaning, as really in place. It is for a patient, or for a ward or room."""

    measure_id: str = column(
        "The measure's number; left out, it is made from the row without its end.",
        example="",
        sensitivity=IDENTIFIER,
        derived=True,
        default="",
    )
    patient_id: PatientId | None = column(
        "The patient's number.",
        example="TEST-017",
        sensitivity=IDENTIFIER,
        empty="it is for a place; then `ward` is needed",
        default=None,
    )
    facility_id: str = column("The site.", example="Elm", sensitivity=OPEN)
    ward: str | None = column("The ward.", example="", sensitivity=OPEN, empty="wherever the patient is", default=None)
    room: str | None = column(
        "The room.", example="", sensitivity=OPEN, empty="the whole ward, or wherever the patient is", default=None
    )
    kind: MeasureKind = column("What was put in place.", example="contact_precautions", sensitivity=PERSONAL)
    start: When = column("When it began.", example="2026-03-04T17:00", sensitivity=PERSONAL)
    end: When | None = column("When it ended.", example="", sensitivity=PERSONAL, empty="still in place", default=None)
