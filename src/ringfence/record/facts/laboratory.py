"""Facts of the laboratory: orders, specimens, isolates, results, types, distances, and how a laboratory tests."""

from ..declare import (
    EnzymeCode,
    MeasuredValue,
    OrganismCode,
    PatientId,
    Sensitivity,
    SpecimenCode,
    TableKind,
    column,
    table,
)
from ..moments import When
from ..words import (
    TESTS,
    Comparator,
    Found,
    Interpretation,
    MeasuredIn,
    OrderStatus,
    Purpose,
    ResultKind,
    ResultStatus,
    Scheme,
)

FACT = TableKind.FACT
OPEN, PERSONAL, IDENTIFIER = Sensitivity.OPEN, Sensitivity.PERSONAL, Sensitivity.IDENTIFIER


@table(
    "orders",
    kind=FACT,
    one_row="one step of a screen, on its way to a result or to none",
    key=("order_id", "status"),
    known_from=("happened",),
)
class Order:
    """A step of a screen: proposed, ordered, collected, or not. A refusal is an outcome. Steps may share one number."""

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
    specimen_id: str | None = column(
        "The specimen it led to.",
        example="",
        sensitivity=IDENTIFIER,
        empty="none yet, or not known",
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
    until_known=("received", "rejected"),
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
    place_id: str | None = column(
        "The place it came from.", example="", sensitivity=OPEN, empty="from a patient", default=None
    )
    order_id: str | None = column(
        "The order that asked for it.",
        example="",
        sensitivity=IDENTIFIER,
        empty="none, or not known",
        default=None,
    )
    facility_id: str | None = column(
        "The site that collected it.", example="Elm", sensitivity=OPEN, empty="not known", default=None
    )
    ward: str | None = column(
        "The ward that collected it.",
        example="2N",
        sensitivity=OPEN,
        empty="where the patient was then",
        default=None,
    )
    kind: SpecimenCode = column("What it is.", example="rectal_swab", sensitivity=PERSONAL)
    purpose: Purpose = column("Why it was taken.", example="screening", sensitivity=PERSONAL)
    collected: When = column("When it was taken.", example="2026-03-02T14:00", sensitivity=PERSONAL)
    received: When | None = column(
        "When the laboratory received it.",
        example="",
        sensitivity=PERSONAL,
        empty="not yet, or not known",
        default=None,
    )
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
    """A result. A correction is another row with the same number, a later `reported` and the status `corrected`.

    A gene, protein, activity or culture result says what was `found`. A susceptibility result names the `antibiotic`
    and gives the measured value, the laboratory's letter, or both. An activity test read by a zone may give the zone.
    """

    result_id: str = column("The result's number.", example="R-17-1", sensitivity=IDENTIFIER)
    specimen_id: str = column("The specimen tested.", example="SP-17-1", sensitivity=IDENTIFIER)
    isolate_id: str | None = column(
        "The isolate tested.",
        example="IS-17-1",
        sensitivity=IDENTIFIER,
        empty="the specimen itself was tested",
        default=None,
    )
    kind: ResultKind = column(
        "What was looked for: a gene, CPO by culture, susceptibility, carbapenemase activity or protein, or a type.",
        example="gene",
        sensitivity=PERSONAL,
    )
    analyte: EnzymeCode | None = column(
        "The carbapenemase looked for or found.",
        example="KPC",
        sensitivity=PERSONAL,
        empty="a panel with nothing found, or a test that names none",
        default=None,
    )
    antibiotic: str | None = column(
        "The antibiotic tested, for susceptibility.",
        example="",
        sensitivity=PERSONAL,
        empty="no antibiotic was tested",
        default=None,
    )
    found: Found | None = column(
        "What was found.", example="detected", sensitivity=PERSONAL, empty="a measured value only", default=None
    )
    comparator: Comparator | None = column(
        "The sign before the measured value.",
        example="",
        sensitivity=PERSONAL,
        empty="the value as it stands",
        default=None,
    )
    value: MeasuredValue | None = column(
        "The measured value.", example="", sensitivity=PERSONAL, empty="nothing was measured", default=None
    )
    unit: MeasuredIn | None = column(
        "What it was measured in; `mg/L` and `ug/mL` are read as `mg_per_l`.",
        example="",
        sensitivity=PERSONAL,
        empty="no unit, or not stated",
        default=None,
    )
    interpretation: Interpretation | None = column(
        "The laboratory's own letter for the antibiotic, as reported.",
        example="",
        sensitivity=PERSONAL,
        empty="the laboratory gave none",
        default=None,
    )
    status: ResultStatus = column("The state of the report.", example="final", sensitivity=PERSONAL)
    method: str | None = column("How it was tested.", example="pcr", sensitivity=OPEN, empty="not stated", default=None)
    reported: When | None = column(
        "When the laboratory reported it.",
        example="2026-03-04T16:00",
        sensitivity=PERSONAL,
        empty="not known: taken as known when its specimen was collected",
        default=None,
    )

    @property
    def tells_of_one(self) -> bool:
        """Whether it is of a test for a carbapenemase, and says that one was found or that none was."""
        return self.kind in TESTS and self.found in (Found.DETECTED, Found.NOT_DETECTED)


@table("types", kind=FACT, one_row="one type of one isolate", key=("isolate_id", "scheme"))
class Typing:
    """A sequence type, a plasmid type or a cluster. Plasmids carry carbapenemases between strains and species."""

    isolate_id: str = column("The isolate.", example="IS-17-1", sensitivity=IDENTIFIER)
    scheme: Scheme = column("The way of typing.", example="plasmid", sensitivity=OPEN)
    value: str = column("The type.", example="IncHI2", sensitivity=PERSONAL)
    method: str | None = column("How it was found.", example="", sensitivity=OPEN, empty="not stated", default=None)


@table("distances", kind=FACT, one_row="the genomic distance of two isolates", key=("isolate_a", "isolate_b"))
class Distance:
    """Single-nucleotide differences between two isolates of one strain."""

    isolate_a: str = column("One isolate.", example="IS-17-1", sensitivity=IDENTIFIER)
    isolate_b: str = column("The other.", example="IS-22-1", sensitivity=IDENTIFIER)
    snps: int = column("Single-nucleotide differences.", example="4", sensitivity=PERSONAL)
    method: str | None = column("How it was measured.", example="", sensitivity=OPEN, empty="not stated", default=None)


@table(
    "methods",
    kind=FACT,
    one_row="one way in which one laboratory tests, for as long as it does",
    key=("method_id",),
    known_from=("start",),
    until_known=("end",),
)
class Method:
    """How a laboratory looks for something, from when to when. A new method finds other things than the one before."""

    method_id: str = column(
        "The row's own number; left out, it is made from the row without its end.",
        example="",
        sensitivity=OPEN,
        derived=True,
        default="",
    )
    laboratory: str = column("The laboratory.", example="Elm laboratory (made up)", sensitivity=OPEN)
    kind: ResultKind = column("What is looked for.", example="gene", sensitivity=OPEN)
    method: str = column("How.", example="pcr", sensitivity=OPEN)
    start: When | None = column(
        "Since when.", example="", sensitivity=OPEN, empty="always, as far as is known", default=None
    )
    end: When | None = column("Until when.", example="", sensitivity=OPEN, empty="it still does", default=None)
