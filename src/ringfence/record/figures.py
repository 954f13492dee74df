"""Figures: what is counted over a period, of whom, divided by what, and how sure that is."""

from datetime import date
from enum import StrEnum

from ringfence.vocabulary import Mark

from .declare import MeasuredValue, Sensitivity, TableKind, column, table

OPEN = Sensitivity.OPEN
_NONE = "it cannot be worked out; see `why_none`"


@table(
    "indicators",
    kind=TableKind.FINDING,
    one_row="one indicator of one facility, or of all, over one period",
    key=("indicator", "facility", "group", "start", "end"),
)
class Indicator:
    """A figure with what it counts and divides by. Where the data cannot carry it, the reason stands in its place."""

    indicator: str = column("Its short name.", example="incidence_infection", sensitivity=OPEN)
    meaning: str = column("What it is.", example="new cases with infection per 10,000 patient-days", sensitivity=OPEN)
    facility: str | None = column(
        "The site.", example="Elm", sensitivity=OPEN, empty="all sites together", default=None
    )
    group: str | None = column(
        "The part of the cases, contacts or screens that it is of.",
        example="",
        sensitivity=OPEN,
        empty="all of them",
        default=None,
    )
    start: date = column("The first day of the period.", example="2026-01-01", sensitivity=OPEN)
    end: date = column("The last day of the period.", example="2026-03-31", sensitivity=OPEN)
    numerator: int | None = column("How many.", example="2", sensitivity=OPEN, empty=_NONE, default=None)
    numerator_of: str = column(
        "What the numerator counts.",
        example="established cases, infection declared or proposed, first positive in the period",
        sensitivity=OPEN,
    )
    denominator: int | None = column("Of how many.", example="634", sensitivity=OPEN, empty=_NONE, default=None)
    denominator_of: str = column(
        "What the denominator counts.", example="nights of patients in the facility, from the stays", sensitivity=OPEN
    )
    per: int = column("What the value is per: 100 for a percentage.", example="10000", sensitivity=OPEN)
    value: MeasuredValue | None = column("The figure.", example="31.5457", sensitivity=OPEN, empty=_NONE, default=None)
    low: MeasuredValue | None = column(
        "Its lower limit.", example="3.8203", sensitivity=OPEN, empty="no interval belongs to it", default=None
    )
    high: MeasuredValue | None = column(
        "Its upper limit.", example="113.9554", sensitivity=OPEN, empty="no interval belongs to it", default=None
    )
    method: str = column("How the limits are found.", example="exact Poisson, 95%", sensitivity=OPEN)
    why_none: str | None = column(
        "Why there is no figure.", example="", sensitivity=OPEN, empty="there is one", default=None
    )
    suppressed: bool = column(
        "Whether it is left out because few people stand behind it.", example="no", sensitivity=OPEN
    )
    source: str = column("Where the formula is used.", example="CNISP", sensitivity=OPEN)
    mark: Mark = column("How far the formula was checked against a source.", example="verified", sensitivity=OPEN)


@table(
    "revisions",
    kind=TableKind.FINDING,
    one_row="one value that differs from the copy that was submitted",
    key=("file", "about", "what"),
)
class Revision:
    """What has changed for a period since a report of it was frozen: late results, corrections, decisions."""

    file: str = column("The file in which it differs.", example="cases-in-period.csv", sensitivity=OPEN)
    about: str = column(
        "The case, or the indicator with its site and group.",
        example="TEST-017:KPC:1",
        sensitivity=Sensitivity.IDENTIFIER,
    )
    what: str = column("What differs.", example="status", sensitivity=OPEN)
    was: str | None = column(
        "As it was submitted.", example="probable", sensitivity=Sensitivity.PERSONAL, empty="it was empty", default=None
    )
    now: str | None = column(
        "As it is now.", example="confirmed", sensitivity=Sensitivity.PERSONAL, empty="it is empty", default=None
    )


class Meeting(StrEnum):
    """Whether two were on one ward, as far as movements are known."""

    TOGETHER = "together"
    """On one ward at one time."""
    APART = "apart"
    """On one ward, at different times."""
    NEVER = "never"
    """On no ward that both were on, among the movements that are known."""
    UNKNOWN = "unknown"
    """Of one of them no movement, or not the ward of the place, is known."""


@table(
    "links",
    kind=TableKind.FINDING,
    one_row="two carriers, or a carrier and a place, whose isolates are alike",
    key=("one", "other"),
)
class AlikePair:
    """Two whose isolates are close, or share a strain or a plasmid, and whether they were ever on one ward."""

    one: str = column("A patient, or a place.", example="TEST-017", sensitivity=Sensitivity.IDENTIFIER)
    other: str = column("Another patient, or a place.", example="TEST-022", sensitivity=Sensitivity.IDENTIFIER)
    places: int = column("How many of the two are places.", example="0", sensitivity=OPEN)
    carbapenemases: str = column(
        "The families that both carry, separated by semicolons.", example="KPC", sensitivity=Sensitivity.PERSONAL
    )
    organisms: str = column(
        "The organisms of both, separated by semicolons.",
        example="Klebsiella pneumoniae",
        sensitivity=Sensitivity.PERSONAL,
    )
    strain: str | None = column(
        "The species and sequence type that both have.",
        example="Klebsiella pneumoniae ST258",
        sensitivity=Sensitivity.PERSONAL,
        empty="none, or not known",
        default=None,
    )
    plasmid: str | None = column(
        "The plasmid type that both have.",
        example="IncHI2",
        sensitivity=Sensitivity.PERSONAL,
        empty="none, or not known",
        default=None,
    )
    snps: int | None = column(
        "Single-nucleotide differences of the two isolates that are closest.",
        example="3",
        sensitivity=Sensitivity.PERSONAL,
        empty="not known",
        default=None,
    )
    met: Meeting = column("Whether they were on one ward.", example="together", sensitivity=Sensitivity.PERSONAL)
    where: str | None = column(
        "The wards, the longest time together first; or the ward with the shortest time between.",
        example="Elm 2N: 27.9 days from 2026-03-05",
        sensitivity=Sensitivity.PERSONAL,
        empty="on no ward that both were on, or not known",
        default=None,
    )
    days: float | None = column(
        "Days together at most, on all wards; apart: days between, at least.",
        example="27.9",
        sensitivity=Sensitivity.PERSONAL,
        empty="on no ward that both were on, or not known",
        default=None,
    )
