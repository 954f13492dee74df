"""The closed lists of words that tables use."""

from enum import StrEnum


class Coverage(StrEnum):
    """Whom the movements of a facility cover."""

    ALL_INPATIENTS = "all_inpatients"
    CARRIERS_ONLY = "carriers_only"
    UNKNOWN = "unknown"


class Denominator(StrEnum):
    """What a rate is counted against."""

    PATIENT_DAYS = "patient_days"
    ADMISSIONS = "admissions"


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


class UnitKind(StrEnum):
    """What a ward is for."""

    GENERAL = "general"
    INTENSIVE_CARE = "intensive_care"
    TRANSPLANT = "transplant"
    HAEMATOLOGY = "haematology"
    DIALYSIS = "dialysis"
    NEONATAL = "neonatal"
    LONG_TERM_CARE = "long_term_care"
    EMERGENCY = "emergency"


class IdentityKind(StrEnum):
    """What identifies a person."""

    MEDICAL_RECORD_NUMBER = "medical_record_number"
    HEALTH_NUMBER = "health_number"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    OTHER = "other"


class LinkAction(StrEnum):
    """Whether two numbers are declared to be of one person, or no longer."""

    LINK = "link"
    UNLINK = "unlink"


class RelationKind(StrEnum):
    """How two people belong together."""

    MOTHER_NEWBORN = "mother_newborn"
    HOUSEHOLD = "household"


class EncounterKind(StrEnum):
    """The class of a visit."""

    INPATIENT = "inpatient"
    EMERGENCY = "emergency"
    OUTPATIENT = "outpatient"
    DIALYSIS = "dialysis"
    LONG_TERM_CARE = "long_term_care"


LYING_IN = (EncounterKind.INPATIENT, EncounterKind.EMERGENCY, EncounterKind.LONG_TERM_CARE)
"""The visits during which a patient lies somewhere; an outpatient comes and goes."""


class Origin(StrEnum):
    """Where a patient was admitted from."""

    HOME = "home"
    OTHER_FACILITY = "other_facility"
    ABROAD = "abroad"


class Destination(StrEnum):
    """Where a patient went at the end of a visit."""

    HOME = "home"
    OTHER_FACILITY = "other_facility"
    LONG_TERM_CARE = "long_term_care"
    DIED = "died"
    LEFT_AGAINST_ADVICE = "left_against_advice"


class Presence(StrEnum):
    """Whether the patient is in the bed: leave and held beds pause exposure."""

    PRESENT = "present"
    LEAVE = "leave"
    HELD = "held"


class OrderStatus(StrEnum):
    """How far a screen got. `rejected` is of the laboratory, `refused` of the patient; `left` is gone before it."""

    PROPOSED = "proposed"
    ORDERED = "ordered"
    COLLECTED = "collected"
    RECEIVED = "received"
    REJECTED = "rejected"
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
    """What was looked for.

    Genes, proteins (such as a lateral-flow test) and activity (such as the mCIM) can establish a carrier, where the
    method is valid; cultures and susceptibility can suspect one. Types link cases and establish none.
    """

    GENE = "gene"
    CULTURE = "culture"
    SUSCEPTIBILITY = "susceptibility"
    ACTIVITY = "activity"
    PROTEIN = "protein"
    TYPING = "typing"


TESTS = (ResultKind.GENE, ResultKind.PROTEIN, ResultKind.ACTIVITY, ResultKind.CULTURE)
"""The tests for a carrier; susceptibility and types are of an isolate that was found."""


class Found(StrEnum):
    """What a test found."""

    DETECTED = "detected"
    NOT_DETECTED = "not_detected"
    INDETERMINATE = "indeterminate"
    INVALID = "invalid"


class Comparator(StrEnum):
    """The sign before a measured value: `<=` 0.25 is at most 0.25."""

    LESS = "<"
    AT_MOST = "<="
    EQUAL = "="
    AT_LEAST = ">="
    MORE = ">"


class MeasuredIn(StrEnum):
    """The unit of a measured value."""

    MG_PER_L = "mg_per_l"
    MM = "mm"
    CT = "ct"
    RATIO = "ratio"


SPELLINGS: dict[type[StrEnum], dict[str, str]] = {
    Comparator: {"=<": Comparator.AT_MOST, "\u2264": Comparator.AT_MOST, "=>": Comparator.AT_LEAST, "\u2265": ">="},
    MeasuredIn: dict.fromkeys(("mg/l", "ug/ml", "\u03bcg/ml", "mcg/ml"), MeasuredIn.MG_PER_L),
}
"""Other ways of writing a word, in lower case: a microgram in a millilitre is a milligram in a litre."""


class Interpretation(StrEnum):
    """The laboratory's own letters. They are never worked out here, and never overwritten."""

    S = "S"
    I = "I"  # noqa: E741 the laboratory's letter
    R = "R"
    SDD = "SDD"
    NS = "NS"


class ResultStatus(StrEnum):
    """The state of a report, in the order in which they follow each other."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Question(StrEnum):
    """The risk questions of admission. Each policy needs some of them: `ringfence policy questions`."""

    CARE_ABROAD = "care_abroad"
    OUTBREAK_WARD = "outbreak_ward"
    REFUGEE_RECEPTION = "refugee_reception"
    HEALTH_CARE = "health_care"
    CARE_OUTSIDE_REGION = "care_outside_region"
    DIALYSIS = "dialysis"
    DIALYSIS_OUTSIDE_REGION = "dialysis_outside_region"
    CHEMOTHERAPY = "chemotherapy"
    KNOWN_CARRIAGE = "known_carriage"
    LINK_IN_HEALTH_CARE = "link_in_health_care"
    LINK_IN_HOUSEHOLD = "link_in_household"
    TRAVEL = "travel"
    RESIDENCE = "residence"


class AnswerWord(StrEnum):
    """What was answered. `unknown` and `not_asked` are not `no`."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class HistoryBasis(StrEnum):
    """How an earlier positive became known: by word of mouth, on paper, or from another system."""

    TOLD = "told"
    PAPER = "paper"
    ELECTRONIC = "electronic"


class TreatmentKind(StrEnum):
    """What was given or done."""

    ANTIBIOTIC = "antibiotic"
    DEVICE = "device"
    PROCEDURE = "procedure"


class MeasureKind(StrEnum):
    """What was put in place for a patient or a place. A cohort is patients nursed together; cleaning is of a place."""

    CONTACT_PRECAUTIONS = "contact_precautions"
    SINGLE_ROOM = "single_room"
    COHORT = "cohort"
    CLEANING = "cleaning"


class DeclarationKind(StrEnum):
    """What a professional declared. `NEEDS` says which columns each of them needs."""

    OUTBREAK_OPEN = "outbreak_open"
    OUTBREAK_CLOSED = "outbreak_closed"
    CASE_CONFIRMED = "case_confirmed"
    CASE_NOT_CONFIRMED = "case_not_confirmed"
    CONTACTS_ACCEPTED = "contacts_accepted"
    SCREEN = "screen"
    DO_NOT_SCREEN = "do_not_screen"
    INFECTION = "infection"
    COLONIZATION = "colonization"
    ACQUIRED_HERE = "acquired_here"
    """In the facility of the first positive."""
    ACQUIRED_IN_OTHER_CARE = "acquired_in_other_care"
    ACQUIRED_OUTSIDE_CARE = "acquired_outside_care"
    PRECAUTIONS_ENDED = "precautions_ended"
    TOLD = "told"
    DONE = "done"
    RETRACTED = "retracted"
    UNDONE = "undone"


class IssuedKind(StrEnum):
    """What left the program for somebody to act on."""

    ALERT = "alert"
    VERDICT = "verdict"
    SIGN = "sign"
    SHEET = "sheet"
    EXPORT = "export"


class Scheme(StrEnum):
    """A way of typing an isolate. A cluster is a group found by comparing genomes, by the laboratory or a program."""

    SEQUENCE_TYPE = "sequence_type"
    PLASMID = "plasmid"
    CLUSTER = "cluster"
