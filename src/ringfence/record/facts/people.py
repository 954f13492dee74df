"""Facts of people: who they are, who belongs to whom, their visits, and where they were."""

from ..declare import PatientId, Sensitivity, TableKind, column, table
from ..moments import When
from ..words import Destination, EncounterKind, IdentityKind, LinkAction, Origin, Presence, RelationKind

FACT = TableKind.FACT
OPEN, PERSONAL, IDENTIFIER = Sensitivity.OPEN, Sensitivity.PERSONAL, Sensitivity.IDENTIFIER


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


@table("identities", kind=FACT, one_row="one name or number of one person", key=("identity_id",))
class Identity:
    """Names and numbers, kept apart from what is known of a person's care. No rule reads this table."""

    identity_id: str = column(
        "The row's own number; left out, it is made from the row.",
        example="",
        sensitivity=IDENTIFIER,
        derived=True,
        default="",
    )
    patient_id: PatientId = column(
        "The patient's number that the other tables use.", example="TEST-017", sensitivity=IDENTIFIER
    )
    kind: IdentityKind = column("What it is.", example="other", sensitivity=IDENTIFIER)
    issuer: str | None = column(
        "Who gave the number.", example="Elm", sensitivity=IDENTIFIER, empty="not stated, or a name", default=None
    )
    value: str = column("The name or number itself.", example="TEST-017-OTHER", sensitivity=IDENTIFIER)


@table(
    "identity_links",
    kind=FACT,
    one_row="two patient numbers declared to be of one person, or no longer",
    key=("link_id",),
    known_from=("declared",),
)
class IdentityLink:
    """A merge of two patient numbers, or the end of one. What was filed under either number stays there."""

    link_id: str = column(
        "The link's number; left out, it is made from the row.",
        example="",
        sensitivity=IDENTIFIER,
        derived=True,
        default="",
    )
    patient_a: PatientId = column("One number.", example="TEST-017", sensitivity=IDENTIFIER)
    patient_b: PatientId = column("The other.", example="TEST-117", sensitivity=IDENTIFIER)
    action: LinkAction = column("Whether they are linked or taken apart.", example="link", sensitivity=PERSONAL)
    declared_by: str = column(
        "Who said so: a role or a system, not a name.", example="patient registration, Elm", sensitivity=OPEN
    )
    declared: When = column("When it was said.", example="2026-03-03T09:00", sensitivity=PERSONAL)
    why: str | None = column("Why.", example="", sensitivity=PERSONAL, empty="not stated", default=None)


@table(
    "relations",
    kind=FACT,
    one_row="two people who belong together",
    key=("relation_id",),
    known_from=("start",),
    until_known=("end",),
)
class Relation:
    """A mother and her newborn, or two people of one household."""

    relation_id: str = column(
        "The relation's number; left out, it is made from the row without its end.",
        example="",
        sensitivity=IDENTIFIER,
        derived=True,
        default="",
    )
    patient_a: PatientId = column("One person; the mother.", example="TEST-017", sensitivity=IDENTIFIER)
    patient_b: PatientId = column("The other; the newborn.", example="TEST-018", sensitivity=IDENTIFIER)
    kind: RelationKind = column("How they belong together.", example="household", sensitivity=PERSONAL)
    start: When | None = column(
        "Since when.", example="", sensitivity=PERSONAL, empty="always, as far as is known", default=None
    )
    end: When | None = column("Until when.", example="", sensitivity=PERSONAL, empty="they still do", default=None)


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
    facility_id: str = column("The site.", example="Elm", sensitivity=OPEN)
    kind: EncounterKind = column("The class of the visit.", example="inpatient", sensitivity=PERSONAL)
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
    discharged_to: Destination | None = column(
        "Where the patient went at the end.",
        example="home",
        sensitivity=PERSONAL,
        empty="still here, or not known",
        default=None,
    )
    to_facility: str | None = column(
        "The facility the patient went to.",
        example="",
        sensitivity=PERSONAL,
        empty="none, or not known",
        default=None,
    )
    recurring: bool | None = column(
        "Yes: a series of sessions under one number, for example dialysis; it is no stay.",
        example="",
        sensitivity=PERSONAL,
        empty="no, or not known",
        default=None,
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
        "The stay's number; left out, it is made from the row without its end.",
        example="",
        sensitivity=IDENTIFIER,
        derived=True,
        default="",
    )
    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    encounter_id: str | None = column(
        "The visit it belongs to.", example="E-017", sensitivity=IDENTIFIER, empty="not known", default=None
    )
    facility_id: str = column("The site.", example="Elm", sensitivity=OPEN)
    ward: str = column("The ward.", example="2N", sensitivity=OPEN)
    room: str | None = column(
        "The room.", example="201", sensitivity=OPEN, empty="not known: no answer at room level", default=None
    )
    bed: str | None = column("The bed.", example="A", sensitivity=OPEN, empty="not known", default=None)
    presence: Presence = column(
        "Whether the patient was in the bed.", example="present", sensitivity=PERSONAL, default=Presence.PRESENT
    )
    start: When = column("When the patient came.", example="2026-03-02T10:40", sensitivity=PERSONAL)
    end: When | None = column(
        "When the patient left.",
        example="2026-03-09T11:00",
        sensitivity=PERSONAL,
        empty="still there",
        default=None,
    )
