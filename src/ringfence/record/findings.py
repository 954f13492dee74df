"""The finding tables: what follows from facts, a policy and an instant. Each is one file of the output."""

from datetime import date
from enum import StrEnum

from ringfence.vocabulary import Mark

from .declare import PatientId, Sensitivity, TableKind, column, table
from .moments import Resolution, When
from .words import Purpose

FINDING = TableKind.FINDING
OPEN, PERSONAL, IDENTIFIER = Sensitivity.OPEN, Sensitivity.PERSONAL, Sensitivity.IDENTIFIER


class CaseStatus(StrEnum):
    """How far a carrier is established by the laboratory."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    GENE_PRESENT = "gene_present"
    """A variant with reduced activity, and no activity shown: the laboratory decides."""
    SUSPECT = "suspect"
    UNKNOWN = "unknown"
    """A value that cannot be placed against a cut-off."""
    NOT_A_CPO = "not_a_cpo"
    """Suspected, and ruled out by a test that is valid there; or resistant by nature."""
    WITHDRAWN = "withdrawn"


class Disease(StrEnum):
    """Infection or colonization, as far as the specimens say."""

    INFECTION_PROPOSED = "infection_proposed"
    COLONIZATION = "colonization"
    UNDETERMINED = "undetermined"
    INFECTION = "infection"
    """Declared by a professional; from specimens alone it is only proposed."""


class Novelty(StrEnum):
    """Whether the carrier was known before."""

    NEW = "new"
    KNOWN = "known"
    """Reported from elsewhere before, or a carrier of something already and this is not named."""
    KNOWN_NEW_GENE = "known_new_gene"


class Acquired(StrEnum):
    """Where it was acquired: only proposed from facts, by a clause of the policy; a professional declares it."""

    UNKNOWN = "unknown"
    HERE_PROPOSED = "here_proposed"
    """In the facility of the first positive."""
    OTHER_CARE_PROPOSED = "other_care_proposed"
    HERE = "here"
    OTHER_CARE = "other_care"
    OUTSIDE_CARE = "outside_care"


class Verdict(StrEnum):
    """An answer to "should this person be screened?"."""

    YES = "YES"
    NO = "NO"
    UNKNOWN = "UNKNOWN"
    DECIDE = "DECIDE"


class Level(StrEnum):
    """The place that was shared, closest first."""

    BED = "bed"
    """The same bed, as a rule one after the other; see `Sequence`."""
    ROOM = "room"
    BATHROOM = "bathroom"
    WARD = "ward"
    FACILITY = "facility"


SHARED_PLACES = (Level.ROOM, Level.BATHROOM, Level.WARD)
"""The levels at which contacts are looked for; see docs/decisions/0011."""


class Sequence(StrEnum):
    """Whether people were there together, or one after the other."""

    TOGETHER = "together"
    AFTER = "after"
    """The contact came after the index."""
    BEFORE = "before"
    """The contact was there before: asked for possible sources alone."""


class ScreenStep(StrEnum):
    """How far a screen got. `rejected` is of the laboratory, `refused` of the patient; `left` is gone before it."""

    PROPOSED = "proposed"
    ORDERED = "ordered"
    COLLECTED = "collected"
    RECEIVED = "received"
    REJECTED = "rejected"
    REFUSED = "refused"
    UNABLE = "unable"
    LEFT = "left"
    RESULTED = "resulted"


class Follows(StrEnum):
    """What follows for a contact, as the policy says."""

    SCREEN = "screen"
    INFORM = "inform"
    LIST = "list"
    """Listed, and nothing is owed."""
    UNKNOWN = "unknown"
    """The map of places does not say whether a bathroom was shared."""
    DECIDE = "decide"
    """The policy leaves it open."""
    NOTHING = "nothing"


class Bathroom(StrEnum):
    """Whether a contact shared a bathroom with the index."""

    SHARED = "shared"
    NOT_SHARED = "not_shared"
    UNKNOWN = "unknown"
    """The map of places does not say which bathroom went with a place of one of them."""


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DECIDE = "decide"
    """To be decided by a professional first."""
    DONE = "done"
    """A professional declared it done."""
    WITHDRAWN = "withdrawn"
    """Somebody acted on it, and what it rested on has fallen since."""


@table("identifications", kind=FINDING, one_row="what the results of one isolate mean together", key=("about",))
class Identified:
    """An isolate, or a specimen tested directly, that a carbapenemase was suspected in or looked for.

    Our reading of a measured value raises a suspicion and is no advice on treatment; the letters are the laboratory's.
    """

    about: str = column("The isolate; else the specimen tested.", example="IS-17-1", sensitivity=IDENTIFIER)
    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    specimen_id: str = column("The specimen.", example="SP-17-1", sensitivity=IDENTIFIER)
    specimen_kind: str = column("What it was.", example="urine", sensitivity=PERSONAL)
    collected: When = column("When it was collected.", example="2026-03-10T08:00+01:00", sensitivity=PERSONAL)
    organism: str | None = column(
        "What grew.",
        example="Klebsiella pneumoniae",
        sensitivity=PERSONAL,
        empty="not known, or the specimen itself was tested",
        default=None,
    )
    status: CaseStatus = column("What the results mean.", example="suspect", sensitivity=PERSONAL)
    carbapenemases: str | None = column(
        "Carbapenemases established, separated by semicolons.",
        example="",
        sensitivity=PERSONAL,
        empty="none is named",
        default=None,
    )
    reasons: str = column("Why.", example="meropenem: 16 mg/L, R by the laboratory", sensitivity=IDENTIFIER)
    conflicts: str | None = column(
        "Methods that disagree: both are shown, and neither is taken.",
        example="",
        sensitivity=IDENTIFIER,
        empty="none disagree",
        default=None,
    )
    missing: str | None = column(
        "What would settle it.", example="a gene or mCIM", sensitivity=PERSONAL, empty="nothing", default=None
    )
    laboratory: str | None = column(
        "What is asked of the laboratory.",
        example="test for a carbapenemase",
        sensitivity=PERSONAL,
        empty="nothing",
        default=None,
    )
    weakest_mark: Mark = column("The weakest verification mark it rests on.", example="verified", sensitivity=OPEN)


@table("cases", kind=FINDING, one_row="one carrier of one carbapenemase family", key=("case_id",))
class Case:
    """A carrier as the laboratory shows it. Nothing is counted or sent until a professional accepts it."""

    case_id: str = column(
        "Patient, family and episode; it does not move when an earlier specimen arrives late.",
        example="TEST-017:KPC:1",
        sensitivity=IDENTIFIER,
    )
    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    status: CaseStatus = column("How far it is established.", example="confirmed", sensitivity=PERSONAL)
    carbapenemases: str = column(
        "Names reported, separated by semicolons; `not named` where none is named yet.",
        example="KPC-3",
        sensitivity=PERSONAL,
    )
    organisms: str = column(
        "Organisms it was found in, separated by semicolons.",
        example="Klebsiella pneumoniae",
        sensitivity=PERSONAL,
    )
    first_positive: When = column(
        "When the first positive specimen was collected.",
        example="2026-03-10T08:00+01:00",
        sensitivity=PERSONAL,
    )
    specimen_id: str = column("That specimen.", example="SP-17-1", sensitivity=IDENTIFIER)
    specimen_kind: str = column("What it was.", example="rectal_swab", sensitivity=PERSONAL)
    purpose: Purpose = column("Why it was taken.", example="screening", sensitivity=PERSONAL)
    infection_or_colonization: Disease = column(
        "Infection is only proposed; a professional declares it.",
        example="colonization",
        sensitivity=PERSONAL,
    )
    novelty: Novelty = column("New, or a new gene in a known carrier.", example="new", sensitivity=PERSONAL)
    acquired: Acquired = column(
        "Where it was acquired; only proposed, until a professional declares it.",
        example="unknown",
        sensitivity=PERSONAL,
    )
    facility: str | None = column(
        "The site of the first positive specimen.",
        example="Elm",
        sensitivity=OPEN,
        empty="no stay covers it",
        default=None,
    )
    ward: str | None = column(
        "The ward or wards the patient was on that day.",
        example="2N",
        sensitivity=OPEN,
        empty="no stay covers it",
        default=None,
    )
    reasons: str = column(
        "Why, from the clauses and facts.",
        example="KPC-3 detected (final) in SP-17-1",
        sensitivity=IDENTIFIER,
    )
    weakest_mark: Mark = column("The weakest verification mark it rests on.", example="verified", sensitivity=OPEN)
    declared: str | None = column(
        "What a professional declared of it, who and when.",
        example="confirmed by infection control, 2026-03-11",
        sensitivity=PERSONAL,
        empty="nothing yet: it is counted and sent nowhere",
        default=None,
    )
    counts: Verdict = column(
        "Whether it counts under the policy, once a professional confirmed it.", example="YES", sensitivity=PERSONAL
    )
    counted: str = column(
        "Why, and on which days of collection.",
        example="ca-bc-ide-unit: one for each patient and family: 2026-03-10",
        sensitivity=IDENTIFIER,
    )
    acquired_reasons: str = column(
        "What on record speaks for where it was acquired; a professional decides.",
        example="collected on day 9 of a visit to Elm that began 2026-03-02 (that day is day 1)",
        sensitivity=IDENTIFIER,
    )
    reported: str | None = column(
        "Whether the policy asks for a report of it, to whom, and by when. Whether that was done is not on record.",
        example="to be reported by laboratory and physician within 1 working day: by 2026-03-12 (nl-rep-1, verified)",
        sensitivity=PERSONAL,
        empty="it is not established, or is no case that counts",
        default=None,
    )

    @property
    def established(self) -> bool:
        """Whether the laboratory has established it: confirmed or probable."""
        return self.status in (CaseStatus.CONFIRMED, CaseStatus.PROBABLE)


@table(
    "exposures",
    kind=FINDING,
    one_row="one meeting of an index and another patient in one place",
    key=("case_id", "contact_patient_id", "level", "sequence", "start"),
)
class Exposure:
    """A time that an index and another patient spent in the same ward, bathroom or room.

    Of the sequence `after` it is the time from when the index left a bed to when the next came to it.
    """

    case_id: str = column("The case.", example="TEST-017:KPC:1", sensitivity=IDENTIFIER)
    index_patient_id: PatientId = column("The index.", example="TEST-017", sensitivity=IDENTIFIER)
    contact_patient_id: PatientId = column("The other patient.", example="TEST-022", sensitivity=IDENTIFIER)
    level: Level = column("The place shared.", example="room", sensitivity=PERSONAL)
    facility: str = column("The site.", example="Elm", sensitivity=OPEN)
    ward: str = column("The ward.", example="2N", sensitivity=OPEN)
    room: str | None = column(
        "The room at room level; at bathroom level the bathroom.",
        example="201",
        sensitivity=OPEN,
        empty="at ward level",
        default=None,
    )
    start: When = column(
        "When both were there; after: when the index left. A date where only dates are known.",
        example="2026-03-05T09:00+01:00",
        sensitivity=PERSONAL,
    )
    end: When = column(
        "When the first of them left; after: when the contact came.",
        example="2026-03-08T10:00+01:00",
        sensitivity=PERSONAL,
    )
    hours_min: float = column("Hours together at least.", example="73", sensitivity=PERSONAL)
    hours_max: float = column(
        "Hours together at most; the same when times are known.", example="73", sensitivity=PERSONAL
    )
    nights: int = column("Local midnights at which both were there.", example="3", sensitivity=PERSONAL)
    sequence: Sequence = column("Together, or one after the other.", example="together", sensitivity=PERSONAL)
    resolution: Resolution = column(
        "Whether it rests on instants or on whole days.", example="instant", sensitivity=OPEN
    )
    under_precautions: bool = column(
        "Whether the index was under precautions during all of it.", example="no", sensitivity=PERSONAL
    )
    repaired: bool = column("Whether a stay behind it was repaired.", example="no", sensitivity=OPEN)
    repairs: str | None = column(
        "What was repaired in the stays behind it, separated by semicolons.",
        example="",
        sensitivity=OPEN,
        empty="nothing",
        default=None,
    )
    bed: str | None = column("The bed.", example="", sensitivity=OPEN, empty="at a wider level", default=None)
    gap_hours_min: float | None = column(
        "Hours at least from when the index left the bed to when the contact came.",
        example="",
        sensitivity=PERSONAL,
        empty="together",
        default=None,
    )
    gap_hours_max: float | None = column(
        "Hours at most; the same when times are known.",
        example="",
        sensitivity=PERSONAL,
        empty="together",
        default=None,
    )


@table("contacts", kind=FINDING, one_row="one case and one contact", key=("case_id", "contact_patient_id"))
class Contact:
    """A preview of who was exposed. Nobody is told or flagged until a professional accepts the list."""

    case_id: str = column("The case.", example="TEST-017:KPC:1", sensitivity=IDENTIFIER)
    contact_patient_id: PatientId = column("The contact.", example="TEST-022", sensitivity=IDENTIFIER)
    level: Level = column(
        "The closest place shared; the hours are of this level.", example="room", sensitivity=PERSONAL
    )
    first_exposure: When = column(
        "Start of the first meeting, at any level.", example="2026-03-05T09:00+01:00", sensitivity=PERSONAL
    )
    last_exposure: When = column(
        "End of the last meeting, at any level.", example="2026-03-08T10:00+01:00", sensitivity=PERSONAL
    )
    hours_min: float = column("Hours together at least, at the closest level.", example="73", sensitivity=PERSONAL)
    hours_max: float = column("Hours together at most, at the closest level.", example="73", sensitivity=PERSONAL)
    known_carrier: bool = column(
        "Whether the contact carries the same family; a possible source, if it was found before the exposure.",
        example="no",
        sensitivity=PERSONAL,
    )
    sets_done: int = column(
        "Days after the first exposure with a screening specimen that gave a final result.",
        example="1",
        sensitivity=PERSONAL,
    )
    sets_needed: int | None = column(
        "Screening sets the policy asks for.",
        example="",
        sensitivity=PERSONAL,
        empty="the policy does not specify it",
        default=None,
    )
    next_due: When | None = column(
        "When the next set is due.",
        example="",
        sensitivity=PERSONAL,
        empty="nothing the policy specifies",
        default=None,
    )
    last_result: str | None = column(
        "The last screen with a result after the first exposure, and how often exposed since.",
        example="not detected, collected 2026-03-13; exposures since: 0",
        sensitivity=PERSONAL,
        empty="none",
        default=None,
    )
    where_now: str = column("Where the contact is now.", example="Elm 3W", sensitivity=PERSONAL)
    died_on: When | None = column(
        "When the contact died.",
        example="",
        sensitivity=PERSONAL,
        empty="alive as far as is known",
        default=None,
    )
    repairs: str | None = column(
        "What was repaired in the stays behind it, separated by semicolons.",
        example="",
        sensitivity=OPEN,
        empty="nothing",
        default=None,
    )
    accepted: str | None = column(
        "Who accepted the contact, and when.",
        example="accepted by infection control, 2026-03-11",
        sensitivity=PERSONAL,
        empty="a preview: nobody is told or flagged",
        default=None,
    )
    sequence: Sequence = column(
        "Whether they were ever there together, or one only after the other.", example="together", sensitivity=PERSONAL
    )
    next_in_bed: str | None = column(
        "Beds that the contact came to next after the index, with the hours between.",
        example="",
        sensitivity=PERSONAL,
        empty="none",
        default=None,
    )
    bathroom: Bathroom = column("Whether they shared a bathroom.", example="unknown", sensitivity=PERSONAL)
    follows: Follows = column("What follows by the policy, once accepted.", example="screen", sensitivity=PERSONAL)
    owed: str = column(
        "What is owed, counted from the last exposure that the clause takes in.",
        example="ca-on-fol-1: last exposure 2026-03-08: 1 done, 2 owed",
        sensitivity=PERSONAL,
    )
    clause: str | None = column(
        "The contacts clause.", example="ca-on-con-1", sensitivity=OPEN, empty="none takes the contact in", default=None
    )
    mark: Mark = column("The weakest mark that it rests on.", example="unverified", sensitivity=OPEN)
    counted_from: date | None = column(
        "Day 0: the local day of the last exposure that the clause takes in, from which screens are counted.",
        example="2026-03-08",
        sensitivity=PERSONAL,
        empty="no screens are counted",
        default=None,
    )
    last_at_level: When | None = column(
        "End of the last meeting at the closest level.",
        example="2026-03-06T10:00+01:00",
        sensitivity=PERSONAL,
        empty="not known",
        default=None,
    )
    last_began: When = column(
        "Start of the last meeting, at any level.", example="2026-03-05T09:00+01:00", sensitivity=PERSONAL
    )
    progress: str = column("How far the follow-up has come.", example="screens owed", sensitivity=PERSONAL)


@table("ledger", kind=FINDING, one_row="one decision on a screen", key=("encounter_id", "start"))
class LedgerLine:
    """Who should have been screened at admission, and whether it was done.

    Where the policy asks again while a visit or a series of sessions goes on, each time is a row of its own; its
    `start` is the day of the decision.
    """

    encounter_id: str = column("The visit.", example="E-017", sensitivity=IDENTIFIER)
    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    facility: str = column("The site.", example="Elm", sensitivity=OPEN)
    ward: str | None = column(
        "The first ward.", example="2N", sensitivity=OPEN, empty="no stay of this visit", default=None
    )
    start: When = column("When the visit began.", example="2026-03-02T10:15+01:00", sensitivity=PERSONAL)
    at_risk: Verdict = column(
        "Whether the policy asks for a screen. UNKNOWN is not NO.", example="YES", sensitivity=PERSONAL
    )
    reasons: str = column(
        "Why, clause by clause.",
        example="nl-adm-1: 51 h in care abroad, ended 2026-02-03",
        sensitivity=PERSONAL,
    )
    missing: str | None = column(
        "The questions that would settle it.",
        example="",
        sensitivity=PERSONAL,
        empty="nothing is missing",
        default=None,
    )
    due: When | None = column(
        "From when a screen is due.",
        example="2026-03-02T10:15+01:00",
        sensitivity=PERSONAL,
        empty="none is asked for",
        default=None,
    )
    collected: When | None = column(
        "When the first screening specimen of this visit was collected.",
        example="2026-03-02T14:00+01:00",
        sensitivity=PERSONAL,
        empty="none was",
        default=None,
    )
    outcome: str = column("What came of it.", example="not detected 2026-03-04", sensitivity=PERSONAL)
    step: ScreenStep | None = column(
        "How far the screen got.", example="resulted", sensitivity=PERSONAL, empty="nothing on record", default=None
    )
    ordered: When | None = column(
        "When it was proposed or ordered.", example="", sensitivity=PERSONAL, empty="not on record", default=None
    )
    received: When | None = column(
        "When the laboratory received it.", example="", sensitivity=PERSONAL, empty="not on record", default=None
    )
    hours_to_collect: float | None = column(
        "Hours from when it was due to when it was collected.",
        example="3.75",
        sensitivity=PERSONAL,
        empty="not collected, not due, or only days are known",
        default=None,
    )
    isolated: When | None = column(
        "When contact precautions began that were in force in this visit.",
        example="",
        sensitivity=PERSONAL,
        empty="none on record",
        default=None,
    )


@table("precautions", kind=FINDING, one_row="one patient who is in hospital now", key=("patient_id",))
class Recommended:
    """Which CPO precautions are recommended for somebody now, why, and what would end them.

    Precautions for anything else are not known here. What is recommended never ends by itself: a professional ends it.
    """

    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    facility: str = column("The site the patient is at.", example="Elm", sensitivity=OPEN)
    ward: str | None = column(
        "The ward the patient is on.", example="2N", sensitivity=OPEN, empty="not on a ward", default=None
    )
    recommended: str = column(
        "What is recommended; `unknown` is not none.", example="recommended", sensitivity=PERSONAL
    )
    reasons: str = column(
        "Why, clause by clause.", example="nl-pre-1: KPC: last positive specimen 2026-03-10", sensitivity=PERSONAL
    )
    ends: str | None = column(
        "What would let a professional end them, as the policy says.",
        example="",
        sensitivity=PERSONAL,
        empty="nothing to end, or the policy does not say",
        default=None,
    )
    in_force: When | None = column(
        "Since when contact precautions are in force there, as recorded.",
        example="2026-03-10T16:00+01:00",
        sensitivity=PERSONAL,
        empty="none on record",
        default=None,
    )
    changes: When | None = column(
        "When the recommendation can change by itself.",
        example="",
        sensitivity=PERSONAL,
        empty="never by itself",
        default=None,
    )
    mark: Mark = column("The weakest mark that it rests on.", example="secondary", sensitivity=OPEN)


@table("tasks", kind=FINDING, one_row="one thing to do or decide now", key=("task_id",))
class Task:
    """Something a person should do or decide now, for somebody who is in the hospital now.

    What somebody acted on and what has fallen since stays, as withdrawn, wherever the patient is; and that those who
    were told are told so is owed.
    """

    patient_id: PatientId = column("The patient's number.", example="TEST-017", sensitivity=IDENTIFIER)
    facility: str | None = column(
        "The site the patient is at.", example="Elm", sensitivity=OPEN, empty="not in hospital", default=None
    )
    ward: str | None = column(
        "The ward the patient is on.", example="2N", sensitivity=OPEN, empty="not on a ward", default=None
    )
    task: str = column("What to do.", example="collect the admission screen", sensitivity=PERSONAL)
    due: When | None = column(
        "From when it is due.",
        example="2026-03-02T10:15+01:00",
        sensitivity=PERSONAL,
        empty="the policy gives no time",
        default=None,
    )
    because: str = column("Why.", example="51 h in care abroad, ended 2026-02-03", sensitivity=PERSONAL)
    clause: str = column("The clause or rule that asks for it.", example="nl-adm-1", sensitivity=PERSONAL)
    mark: Mark = column("How far that clause has been checked.", example="verified", sensitivity=OPEN)
    state: TaskState = column("To do, to decide first, done, or withdrawn.", example="open", sensitivity=PERSONAL)
    task_id: str = column(
        "What `record declare done` and `told` name it by: patient, task, and what it is about.",
        example="TEST-017:screen:E-017",
        sensitivity=IDENTIFIER,
    )
    since: When | None = column(
        "Since when it has waited.", example="", sensitivity=PERSONAL, empty="from when it is due", default=None
    )
    days: int | None = column(
        "Local days since then.", example="", sensitivity=PERSONAL, empty="not counted", default=None
    )


@table("signals", kind=FINDING, one_row="one group of linked cases", key=("signal_id",))
class Signal:
    """A group of cases that may be one transmission. A signal is a question to a professional, not an outbreak."""

    signal_id: str = column(
        "Rule, ward, family and the first day.", example="linked-cases:Elm:2N:KPC:2026-03-10", sensitivity=OPEN
    )
    rule: str = column("The rule that raised it.", example="linked-cases", sensitivity=OPEN)
    carbapenemase: str = column("The carbapenemase family the cases share.", example="KPC", sensitivity=OPEN)
    facility: str = column("The site.", example="Elm", sensitivity=OPEN)
    ward: str = column("The ward they share.", example="2N", sensitivity=OPEN)
    first_on: When = column(
        "Collection of the first case's first positive.",
        example="2026-03-10T08:00+01:00",
        sensitivity=PERSONAL,
    )
    last_on: When = column("Collection of the last case's.", example="2026-03-24T08:00+01:00", sensitivity=PERSONAL)
    cases: int = column("How many cases.", example="2", sensitivity=OPEN)
    case_ids: str = column(
        "The cases, separated by semicolons.", example="TEST-017:KPC:1;TEST-022:KPC:1", sensitivity=IDENTIFIER
    )
    types: str | None = column(
        "Types that two or more of them share.",
        example="plasmid IncHI2 (2 of 3)",
        sensitivity=PERSONAL,
        empty="none known",
        default=None,
    )
    closest: str | None = column(
        "The closest genomic distance among them.",
        example="4 SNPs",
        sensitivity=PERSONAL,
        empty="no distances known",
        default=None,
    )
    reasons: str = column(
        "Why it was raised.",
        example="2 cases of KPC on 2N, each within 28 days of the one before",
        sensitivity=PERSONAL,
    )
    mark: Mark = column("How far the rule has been checked against a source.", example="unverified", sensitivity=OPEN)
    policy: str = column(
        "What the policy says of declaring an outbreak, and whether these cases reach it. A professional declares one.",
        example="An outbreak may be declared at 2 cases. These cases reach it. (fr-out-1, verified)",
        sensitivity=PERSONAL,
        default="not specified",
    )


@table(
    "pairs",
    kind=FINDING,
    one_row="two patients and one place they shared",
    key=("patient_a", "patient_b", "ward", "room", "bed"),
)
class Pair:
    """Two patients who were in one place at one time; among carriers, an overlap and not a contact."""

    patient_a: str = column("The lesser patient number.", example="TEST-017", sensitivity=IDENTIFIER)
    patient_b: str = column("The greater.", example="TEST-022", sensitivity=IDENTIFIER)
    facility: str | None = column("The site.", example="Elm", sensitivity=OPEN, empty="there is only one", default=None)
    ward: str | None = column("The ward.", example="2N", sensitivity=OPEN, empty="at facility level", default=None)
    room: str | None = column(
        "The room; at bathroom level the bathroom.",
        example="",
        sensitivity=OPEN,
        empty="at a wider level",
        default=None,
    )
    first_on: date = column("The first local day they shared.", example="2026-03-05", sensitivity=PERSONAL)
    last_on: date = column("The last local day they shared.", example="2026-03-08", sensitivity=PERSONAL)
    days: int = column("Local days on which both were there and can have met.", example="4", sensitivity=PERSONAL)
    nights: int = column("Local midnights both spent there.", example="3", sensitivity=PERSONAL)
    meetings: int = column("How many times they met there.", example="1", sensitivity=PERSONAL)
    hours_min: float = column("Hours together at least.", example="73", sensitivity=PERSONAL)
    hours_max: float = column(
        "Hours together at most; the same when times are known.", example="73", sensitivity=PERSONAL
    )
    bed: str | None = column("The bed.", example="", sensitivity=OPEN, empty="at a wider level", default=None)


class Happened(StrEnum):
    """What became of a finding between two views."""

    APPEARED = "appeared"
    CHANGED = "changed"
    GONE = "gone"


@table(
    "changes",
    kind=FINDING,
    one_row="one finding that is not as it was",
    key=("finding", "about"),
)
class Change:
    """What is another answer now than it was, and the facts of the time between that it rests on."""

    finding: str = column("The finding table.", example="cases", sensitivity=OPEN)
    about: str = column("The key of the finding.", example="TEST-017:KPC:1", sensitivity=IDENTIFIER)
    patient_id: str | None = column(
        "The patient it is about.",
        example="TEST-017",
        sensitivity=IDENTIFIER,
        empty="not about one patient",
        default=None,
    )
    happened: Happened = column("What became of it.", example="changed", sensitivity=PERSONAL)
    what: str = column(
        "What it says now and said before.", example="status: confirmed, now withdrawn", sensitivity=PERSONAL
    )
    because: str = column(
        "The facts that came between, with where each was read; or that time passed.",
        example="results:R-17-1 (results.csv:3, seq 130)",
        sensitivity=IDENTIFIER,
    )


class Doubtfulness(StrEnum):
    """How far something in the record can be relied on; the gravest first."""

    DAMAGED = "damaged"
    """The file is not as it was written."""
    REFUSED = "refused"
    """A row of a file is not used."""
    DOUBTFUL = "doubtful"
    """It is used, and something says that it may be wrong."""
    WAITING = "waiting"
    """It is kept, and is used once what it names arrives, or a person decides."""
    REPAIRED = "repaired"
    """It is used as repaired, and not as it was sent."""
    NOTED = "noted"
    """It is used as it was sent; there is something to know."""


@table("checks", kind=FINDING, one_row="one thing that an answer may rest on", key=("kind", "what", "about", "where"))
class Check:
    """What is repaired, doubtful, waiting or refused in a record, and what rests on it."""

    kind: Doubtfulness = column("How far it can be relied on.", example="repaired", sensitivity=OPEN)
    what: str = column("What it is.", example="open stay", sensitivity=OPEN)
    about: str | None = column(
        "The fact, by table and key.",
        example="stays:S-017",
        sensitivity=IDENTIFIER,
        empty="a whole file or place",
        default=None,
    )
    where: str | None = column(
        "File and line, or facility and ward.",
        example="stays.csv:12",
        sensitivity=OPEN,
        empty="not known",
        default=None,
    )
    says: str = column("What it means.", example="ends where the next stay begins", sensitivity=PERSONAL)
    contacts: int | None = column(
        "Contacts whose exposure rests on it.", example="2", sensitivity=OPEN, empty="none can", default=None
    )
