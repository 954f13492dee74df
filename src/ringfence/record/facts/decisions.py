"""Facts of decisions: what professionals declared, which policy held, and what was issued."""

from collections.abc import Mapping
from types import MappingProxyType

from ..declare import EnzymeCode, OrganismCode, PatientId, Sensitivity, TableKind, column, table
from ..moments import When
from ..words import DeclarationKind, IssuedKind

FACT = TableKind.FACT
OPEN, PERSONAL, IDENTIFIER = Sensitivity.OPEN, Sensitivity.PERSONAL, Sensitivity.IDENTIFIER

_WARD = ("facility_id", "ward")
_CASE = ("case_id",)
_VISIT = ("encounter_id",)
_ABOUT = ("about",)
_PERSON_ABOUT = ("patient_id", "about")

NEEDS: Mapping[DeclarationKind, tuple[str, ...]] = MappingProxyType(
    {
        DeclarationKind.OUTBREAK_OPEN: _WARD,
        DeclarationKind.OUTBREAK_CLOSED: _WARD,
        DeclarationKind.CASE_CONFIRMED: _CASE,
        DeclarationKind.CASE_NOT_CONFIRMED: _CASE,
        DeclarationKind.CONTACTS_ACCEPTED: ("case_id", "contact_patient_id"),
        DeclarationKind.SCREEN: _VISIT,
        DeclarationKind.DO_NOT_SCREEN: _VISIT,
        DeclarationKind.INFECTION: _CASE,
        DeclarationKind.COLONIZATION: _CASE,
        DeclarationKind.ACQUIRED_HERE: _CASE,
        DeclarationKind.ACQUIRED_IN_OTHER_CARE: _CASE,
        DeclarationKind.ACQUIRED_OUTSIDE_CARE: _CASE,
        DeclarationKind.PRECAUTIONS_ENDED: ("patient_id", "facility_id"),
        DeclarationKind.TOLD: _PERSON_ABOUT,
        DeclarationKind.DONE: _PERSON_ABOUT,
        DeclarationKind.RETRACTED: _ABOUT,
        DeclarationKind.UNDONE: ("undoes",),
    }
)
"""The columns that a declaration of each kind needs, beside those that every declaration needs."""


@table(
    "declarations",
    kind=FACT,
    one_row="one decision of a professional",
    key=("declaration_id",),
    known_from=("declared",),
)
class Declaration:
    """What a professional decided. It is never changed: a later declaration, or one that is `undone`, takes its place.

    An outbreak is declared on a ward; `case_confirmed`, `case_not_confirmed`, `infection`, `colonization` and where it
    was acquired are about a case; `contacts_accepted` is about a case and one contact; `screen` and `do_not_screen`
    about a visit; `precautions_ended` about a patient in a facility; `told` and `done` about a patient and a fact or
    task;
    `retracted` about a fact, and only as `record retract` declares it; `undone` about another declaration.
    """

    declaration_id: str = column(
        "The declaration's number; left out, it is made from the row.",
        example="",
        sensitivity=IDENTIFIER,
        derived=True,
        default="",
    )
    kind: DeclarationKind = column("What was declared.", example="outbreak_open", sensitivity=PERSONAL)
    facility_id: str | None = column(
        "The site; it need not be one of ours.",
        example="Oak",
        sensitivity=OPEN,
        empty="not about a site",
        default=None,
    )
    ward: str | None = column("The ward.", example="Zuid 4", sensitivity=OPEN, empty="not about a ward", default=None)
    patient_id: PatientId | None = column(
        "The patient it is about.", example="", sensitivity=IDENTIFIER, empty="not about one patient", default=None
    )
    encounter_id: str | None = column(
        "The visit it is about.", example="", sensitivity=IDENTIFIER, empty="not about one visit", default=None
    )
    case_id: str | None = column(
        "The case it is about, as `cases.csv` names it.",
        example="",
        sensitivity=IDENTIFIER,
        empty="not about a case",
        default=None,
    )
    contact_patient_id: PatientId | None = column(
        "The contact it is about.", example="", sensitivity=IDENTIFIER, empty="not about a contact", default=None
    )
    specimen_id: str | None = column(
        "The specimen it is about.", example="", sensitivity=IDENTIFIER, empty="not about a specimen", default=None
    )
    about: str | None = column(
        "The fact it is about: the table and the key, for example `results:R-17-1`.",
        example="",
        sensitivity=IDENTIFIER,
        empty="not about one fact",
        default=None,
    )
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
    undoes: str | None = column(
        "The number of the declaration that it takes back.",
        example="",
        sensitivity=IDENTIFIER,
        empty="it takes none back",
        default=None,
    )
    why: str | None = column("Why.", example="", sensitivity=PERSONAL, empty="not stated", default=None)
    declared_by: str = column(
        "Who declared it: a role, not a name.", example="infection prevention, Oak", sensitivity=OPEN
    )
    declared: When = column("When.", example="2026-02-20T09:00", sensitivity=PERSONAL)


@table(
    "policy_activations",
    kind=FACT,
    one_row="one policy in force at one site",
    key=("facility_id", "policy", "start"),
    known_from=("start",),
    until_known=("end",),
)
class PolicyActivation:
    """Which policy a site follows, from when to when, and exactly which text of it."""

    facility_id: str = column("The site.", example="Elm", sensitivity=OPEN)
    policy: str = column("The policy.", example="nl", sensitivity=OPEN)
    version: str = column("Its version.", example="1", sensitivity=OPEN)
    digest: str = column("The digest of its text.", example="0123456789abcdef", sensitivity=OPEN)
    start: When = column("Since when it is followed.", example="2026-01-01", sensitivity=OPEN)
    end: When | None = column(
        "Until when it was followed.", example="", sensitivity=OPEN, empty="it still is", default=None
    )
    declared_by: str = column(
        "Who put it in force: a role, not a name.", example="infection prevention, Elm", sensitivity=OPEN
    )


@table(
    "issued",
    kind=FACT,
    one_row="one thing that was given out for somebody to act on",
    key=("issued_id",),
    known_from=("issued",),
)
class Issued:
    """An alert, verdict, sign, sheet or export that left the program, so that it can be found again and corrected."""

    issued_id: str = column(
        "The row's own number; left out, it is made from the row.",
        example="",
        sensitivity=IDENTIFIER,
        derived=True,
        default="",
    )
    kind: IssuedKind = column("What it was.", example="sheet", sensitivity=PERSONAL)
    patient_id: PatientId | None = column(
        "The patient it is about.",
        example="TEST-017",
        sensitivity=IDENTIFIER,
        empty="not about one patient",
        default=None,
    )
    facility_id: str | None = column(
        "The site it is about.", example="Elm", sensitivity=OPEN, empty="not about one site", default=None
    )
    to: str = column("Who it was for: a role, not a name.", example="ward 2N, nurse in charge", sensitivity=OPEN)
    digest: str = column("The digest of what it said.", example="fedcba9876543210", sensitivity=PERSONAL)
    policy: str | None = column(
        "The digest of the policy it rests on.",
        example="0123456789abcdef",
        sensitivity=OPEN,
        empty="it rests on none",
        default=None,
    )
    issued: When = column("When it was given out.", example="2026-03-04T17:05", sensitivity=PERSONAL)
    known_to: int = column(
        "The number of the last fact of the record that it could rest on.", example="212", sensitivity=OPEN
    )
