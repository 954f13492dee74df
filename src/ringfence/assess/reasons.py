"""Every reason an answer can give, and the sentence each becomes when it is shown."""

from enum import StrEnum

from ringfence.record import Missing, Reason


class Why(StrEnum):
    """The closed list of reasons."""

    GENE_DETECTED = "gene_detected"
    GENE_PRELIMINARY = "gene_preliminary"
    GENE_DEPENDS = "gene_depends"
    GENE_WITHDRAWN = "gene_withdrawn"
    ANSWERED_NO = "answered_no"
    NOT_ANSWERED = "not_answered"
    RISK = "risk"
    RISK_OUTSIDE = "risk_outside"
    RISK_UNCLEAR = "risk_unclear"
    BEYOND = "beyond"
    NO_CLAUSE = "no_clause"
    ON_A_HOLE = "on_a_hole"
    DATE_IN_FUTURE = "date_in_future"
    OUTBREAK_DECLARED = "outbreak_declared"
    OUTBREAK_ANSWERED = "outbreak_answered"
    KNOWN_CARRIER = "known_carrier"
    CLAUSE_NOT_VERIFIED = "clause_not_verified"
    CLAUSE_NOT_SPECIFIED = "clause_not_specified"
    POSITIVE_RECENT = "positive_recent"
    POSITIVE_OLD = "positive_old"
    SCREEN_PENDING = "screen_pending"
    SCREEN_UNSETTLED = "screen_unsettled"
    SCREEN_DECLINED = "screen_declined"
    NOTHING_ASKS = "nothing_asks"
    RISK_UNKNOWN = "risk_unknown"
    NO_VISIT = "no_visit"
    DECLARED_SCREEN = "declared_screen"
    DECLARED_NO_SCREEN = "declared_no_screen"
    PRECAUTIONS_STOPPED = "precautions_stopped"
    CRITERIA_MET = "criteria_met"
    CLEARANCE_PROPOSED = "clearance_proposed"
    CLEARANCE_NEVER = "clearance_never"
    STOPPED_AFTER_SCREEN = "stopped_after_screen"
    CONTACT_OWES = "contact_owes"
    CONTACT_COMPLETE = "contact_complete"
    CONTACT_WITH_UNIT = "contact_with_unit"
    CONTACT_OPEN = "contact_open"
    CONTACT_DIED = "contact_died"
    CONTACT_CARRIES = "contact_carries"


_SENTENCES = {
    Why.GENE_DETECTED: "{enzyme} detected ({status} result) in specimen {specimen}",
    Why.GENE_PRELIMINARY: "{enzyme} detected in specimen {specimen}, preliminary result",
    Why.GENE_DEPENDS: "{enzyme} detected in specimen {specimen}; the laboratory decides if it is a CPO ({note})",
    Why.GENE_WITHDRAWN: "{enzyme} in specimen {specimen} was withdrawn or corrected",
    Why.ANSWERED_NO: "answered no",
    Why.NOT_ANSWERED: "not asked or not known",
    Why.RISK: "{what}{detail}",
    Why.RISK_OUTSIDE: "{what}{detail}: outside this clause",
    Why.RISK_UNCLEAR: "{what}: {lacking} not known",
    Why.NO_CLAUSE: "no admission clause of the policy was in force on {day}",
    Why.BEYOND: "{what}{detail}: beyond the limits of this clause, so {decides} decides",
    Why.ON_A_HOLE: "exactly {value}: the source speaks of less and of more, and not of exactly this",
    Why.DATE_IN_FUTURE: "the date given lies after the admission",
    Why.OUTBREAK_DECLARED: "comes from {ward} of {facility}, where an outbreak{organism} is declared",
    Why.OUTBREAK_ANSWERED: "answered: comes from a ward with an uncontrolled outbreak",
    Why.KNOWN_CARRIER: "known carrier of {families} since {since}: handled directly, no admission screen asked for",
    Why.CLAUSE_NOT_VERIFIED: "the clause says no, but it is not verified, so it cannot settle a no",
    Why.CLAUSE_NOT_SPECIFIED: "the policy does not specify it",
    Why.POSITIVE_RECENT: "{families}: last positive specimen {last}",
    Why.POSITIVE_OLD: "{families}: last positive specimen {last}; the policy does not say when precautions end",
    Why.SCREEN_PENDING: "asked to be screened, and no result yet",
    Why.SCREEN_UNSETTLED: "the screen grew a suspected CPO or gave no clear result",
    Why.SCREEN_DECLINED: "asked to be screened, and the screen was refused or not possible",
    Why.NOTHING_ASKS: "no clause asks for CPO precautions",
    Why.RISK_UNKNOWN: "whether a screen is asked for is not known yet",
    Why.NO_VISIT: "no visit here is on record, so what was asked at admission is not known",
    Why.DECLARED_SCREEN: "declared by {by} on {on}: screen",
    Why.DECLARED_NO_SCREEN: "declared by {by} on {on}: do not screen",
    Why.CRITERIA_MET: "asked to be screened, and {last}; precautions may end, and end when a professional says so",
    Why.CLEARANCE_PROPOSED: "the criteria to end precautions are met; last positive specimen {last}",
    Why.CLEARANCE_NEVER: "the policy does not end precautions; last positive specimen {last}",
    Why.STOPPED_AFTER_SCREEN: "precautions stopped by {by} on {on}; {last}",
    Why.CONTACT_OWES: "last exposure {last}: {done} done, {owed} owed{from_day}{refused}",
    Why.CONTACT_COMPLETE: "last exposure {last}: every screen that was asked for is negative{refused}",
    Why.CONTACT_WITH_UNIT: "last exposure {last}: screened with the unit until its surveys are clean{refused}",
    Why.CONTACT_OPEN: "last exposure {last}: the policy gives no schedule for contacts{refused}",
    Why.CONTACT_DIED: "died; nothing is owed, and nothing is sent",
    Why.CONTACT_CARRIES: "a known carrier: nothing is owed",
    Why.PRECAUTIONS_STOPPED: "precautions stopped by {by} on {on}; last positive specimen {last}",
}


def sentence(reason: Reason) -> str:
    """Return a reason as people read it, without its clause."""
    return _SENTENCES[Why(reason.code)].format(**reason.values)


def sentences(reasons: tuple[Reason, ...]) -> str:
    """Return reasons as one line; each is led by the clauses that it is the reason of."""
    clauses: dict[str, list[str]] = {}
    for reason in reasons:
        clauses.setdefault(sentence(reason), []).extend([reason.clause] if reason.clause else [])
    led = (f"{', '.join(dict.fromkeys(ids))}: {said}" if ids else said for said, ids in clauses.items())
    return "; ".join(led)


def asked(missing: tuple[Missing, ...]) -> str:
    """Return what is missing as one line, each led by its clause."""
    return "; ".join(f"{one.clause}: {one.ask}" for one in missing)
