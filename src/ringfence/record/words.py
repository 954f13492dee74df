"""The closed lists of words that tables use."""

from enum import StrEnum


class Coverage(StrEnum):
    """Whom the movements of a facility cover."""

    ALL_INPATIENTS = "all_inpatients"
    CARRIERS_ONLY = "carriers_only"
    UNKNOWN = "unknown"


class PlaceLevel(StrEnum):
    """How large a place is."""

    WARD = "ward"
    ROOM = "room"
    BED = "bed"
    BATHROOM = "bathroom"
    SINK = "sink"


class PlaceKind(StrEnum):
    """What a place is used as. Only `single` and `multi` are rooms that people share as rooms."""

    SINGLE = "single"
    MULTI = "multi"
    HALLWAY = "hallway"
    WAITING = "waiting"
    VIRTUAL = "virtual"
    PROCEDURE = "procedure"
    CHAIR = "chair"


class EncounterKind(StrEnum):
    """The class of a visit."""

    INPATIENT = "inpatient"
    EMERGENCY = "emergency"
    OUTPATIENT = "outpatient"
    DIALYSIS = "dialysis"
    LONG_TERM_CARE = "long_term_care"


class Origin(StrEnum):
    """Where a patient was admitted from."""

    HOME = "home"
    OTHER_FACILITY = "other_facility"
    ABROAD = "abroad"


class Presence(StrEnum):
    """Whether the patient is in the bed: leave and held beds pause exposure."""

    PRESENT = "present"
    LEAVE = "leave"
    HELD = "held"


class OrderStatus(StrEnum):
    """How far a screen got before there was a specimen."""

    PROPOSED = "proposed"
    ORDERED = "ordered"
    REFUSED = "refused"
    UNABLE = "unable"
    LEFT = "left"


class Purpose(StrEnum):
    """Why a specimen was taken."""

    SCREENING = "screening"
    CLINICAL = "clinical"
    ENVIRONMENT = "environment"
    SURVEY = "survey"
    UNSTATED = "unstated"


class ResultKind(StrEnum):
    """What was looked for. This version reads genes and cultures."""

    GENE = "gene"
    CULTURE = "culture"


class Found(StrEnum):
    """What a test found."""

    DETECTED = "detected"
    NOT_DETECTED = "not_detected"
    INDETERMINATE = "indeterminate"
    INVALID = "invalid"


class ResultStatus(StrEnum):
    """The state of a report, in the order in which they follow each other."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Question(StrEnum):
    """The risk questions of admission."""

    CARE_ABROAD = "care_abroad"
    OUTBREAK_WARD = "outbreak_ward"
    REFUGEE_RECEPTION = "refugee_reception"


class AnswerWord(StrEnum):
    """What was answered. `unknown` and `not_asked` are not `no`."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class MeasureKind(StrEnum):
    """What was put in place for a patient."""

    CONTACT_PRECAUTIONS = "contact_precautions"
    SINGLE_ROOM = "single_room"


class DeclarationKind(StrEnum):
    """What a professional declared."""

    OUTBREAK_OPEN = "outbreak_open"
    OUTBREAK_CLOSED = "outbreak_closed"


class Scheme(StrEnum):
    """A way of typing an isolate."""

    SEQUENCE_TYPE = "sequence_type"
    PLASMID = "plasmid"
