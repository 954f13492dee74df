"""Every reason an answer can give, and the sentence each becomes when it is shown."""

from enum import StrEnum

from ringfence.record import Missing, Reason


class Why(StrEnum):
    """The closed list of reasons."""

    GENE_DETECTED = "gene_detected"
    GENE_PRELIMINARY = "gene_preliminary"
    GENE_DEPENDS = "gene_depends"
    GENE_WITHDRAWN = "gene_withdrawn"
    GENE_ALONE = "gene_alone"
    GENE_ALONE_OPEN = "gene_alone_open"
    GENE_BY_NATURE = "gene_by_nature"
    CHROMOSOMAL_COUNTS = "chromosomal_counts"
    CULTURE_AWAITED = "culture_awaited"
    VARIANT_REDUCED = "variant_reduced"
    PROTEIN_DETECTED = "protein_detected"
    ACTIVITY_SHOWN = "activity_shown"
    ACTIVITY_WITHDRAWN = "activity_withdrawn"
    ACTIVITY_UNCLEAR = "activity_unclear"
    GENE_UNCLEAR = "gene_unclear"
    BELIED = "belied"
    ENZYME_CLASS = "enzyme_class"
    CLASS_DISAGREES = "class_disagrees"
    NOT_EXPECTED = "not_expected"
    OUTSIDE_VALIDITY = "outside_validity"
    GREW = "grew"
    GROWN_NOT_A_CPO = "grown_not_a_cpo"
    RESISTANT = "resistant"
    BEYOND_BREAKPOINT = "beyond_breakpoint"
    BEYOND_CUT_OFF = "beyond_cut_off"
    CANNOT_BE_PLACED = "cannot_be_placed"
    NO_UNIT = "no_unit"
    NO_TABLE = "no_table"
    CUT_OFF_NOT_TESTED = "cut_off_not_tested"
    CUT_OFF_WITHOUT_VALUE = "cut_off_without_value"
    BY_NATURE = "by_nature"
    LOOKS_LIKE = "looks_like"
    SPECIES_MARKER = "species_marker"
    PANEL_NOTHING = "panel_nothing"
    GENE_NOT_FOUND = "gene_not_found"
    NEGATIVE_NOT_FINAL = "negative_not_final"
    WEAK_NEGATIVE = "weak_negative"
    RULED_OUT = "ruled_out"
    METHODS_DISAGREE = "methods_disagree"
    COUNTS = "counts"
    COUNTS_CONFIRMED_ONLY = "counts_confirmed_only"
    COUNTS_NOT_THE_ORGANISM = "counts_not_the_organism"
    COUNTS_NO_ORGANISM = "counts_no_organism"
    COUNTS_ORGANISMS_OPEN = "counts_organisms_open"
    COUNTS_NOT_CHROMOSOMAL = "counts_not_chromosomal"
    COUNTS_NOT_NAMED = "counts_not_named"
    COUNTS_MAY_BE_KNOWN = "counts_may_be_known"
    COUNTS_KNOWN_BEFORE = "counts_known_before"
    COUNTS_UNIT_OPEN = "counts_unit_open"
    FOUND_OUTSIDE_A_VISIT = "found_outside_a_visit"
    FOUND_ON_DAY = "found_on_day"
    ADMITTED_FROM = "admitted_from"
    NO_SCREEN_BEFORE = "no_screen_before"
    SCREEN_BEFORE = "screen_before"
    MET_A_CARRIER = "met_a_carrier"
    ANSWERED_YES = "answered_yes"
    SUSPECTED = "suspected"
    TOLD_ONLY = "told_only"
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
    FOUND_THIS_STAY = "found_this_stay"
    LAST_SCREEN = "last_screen"
    SCREEN_PENDING = "screen_pending"
    SCREEN_UNSETTLED = "screen_unsettled"
    SCREEN_DECLINED = "screen_declined"
    NOTHING_ASKS = "nothing_asks"
    RISK_UNKNOWN = "risk_unknown"
    NO_VISIT = "no_visit"
    NOT_ASKED_HERE = "not_asked_here"
    DECLARED_SCREEN = "declared_screen"
    DECLARED_NO_SCREEN = "declared_no_screen"
    PRECAUTIONS_STOPPED = "precautions_stopped"
    CRITERIA_MET = "criteria_met"
    CLEARANCE_PROPOSED = "clearance_proposed"
    CLEARANCE_NEVER = "clearance_never"
    STOPPED_AFTER_SCREEN = "stopped_after_screen"
    CONTACT_OWES = "contact_owes"
    CONTACT_COMPLETE = "contact_complete"
    CONTACT_WEEKS_OVER = "contact_weeks_over"
    CONTACT_BY_PANEL = "contact_by_panel"
    CONTACT_GOING_ON = "contact_going_on"
    ACQUIRED_DECLARED = "acquired_declared"
    ACQUIRED_PROPOSED = "acquired_proposed"
    CONTACT_WAITS = "contact_waits"
    CONTACT_STOPPED = "contact_stopped"
    CONTACT_WITH_UNIT = "contact_with_unit"
    CONTACT_OPEN = "contact_open"
    CONTACT_INFORM = "contact_inform"
    CONTACT_LISTED = "contact_listed"
    CONTACT_BATHROOM_UNKNOWN = "contact_bathroom_unknown"
    CONTACT_LEFT_OPEN = "contact_left_open"
    CONTACT_LEFT_OUT = "contact_left_out"
    CONTACT_DIED = "contact_died"
    CONTACT_CARRIES = "contact_carries"
    CONTACT_FOUND = "contact_found"


_SENTENCES = {
    Why.GENE_DETECTED: "{enzyme} detected ({status} result) in specimen {specimen}",
    Why.GENE_PRELIMINARY: "{enzyme} detected in specimen {specimen}, preliminary result",
    Why.GENE_DEPENDS: "{enzyme} detected in specimen {specimen}; the laboratory decides if it is a CPO ({note})",
    Why.GENE_WITHDRAWN: "{enzyme} in specimen {specimen} was withdrawn or corrected",
    Why.GENE_ALONE: "a gene without an organism, which the policy takes as {taken}",
    Why.GENE_ALONE_OPEN: "a gene without an organism; the policy does not say whether that confirms",
    Why.GENE_BY_NATURE: "{enzyme} detected in specimen {specimen}; in {organism} perhaps by nature ({note})",
    Why.CHROMOSOMAL_COUNTS: "{family}, chromosomal in some organisms, counts under the policy",
    Why.CULTURE_AWAITED: "no culture of specimen {specimen} is on record yet",
    Why.VARIANT_REDUCED: "{enzyme} is a variant with reduced activity, and no activity was shown",
    Why.PROTEIN_DETECTED: "{enzyme} detected by {method} ({status} result) in specimen {specimen}",
    Why.ACTIVITY_SHOWN: "carbapenemase activity shown by {method}{value} ({status} result) in specimen {specimen}",
    Why.ACTIVITY_WITHDRAWN: "carbapenemase activity in specimen {specimen} was withdrawn or corrected",
    Why.ACTIVITY_UNCLEAR: "{method}{value}: no clear result",
    Why.GENE_UNCLEAR: "{enzyme} by {method}: no clear result",
    Why.BELIED: "{method}{value}: reported as {found}, which its zone belies",
    Why.ENZYME_CLASS: "{method}: {what}",
    Why.CLASS_DISAGREES: "methods disagree: {method} shows {what}, and {named} is none; perhaps there are two",
    Why.NOT_EXPECTED: "{what} by {method}, not expected in {organism}: perhaps a mixed culture or another isolate",
    Why.OUTSIDE_VALIDITY: "{what} by {method}, which is a suspicion only{note}",
    Why.GREW: "suspected CPO grew from specimen {specimen}, carbapenemase not named",
    Why.GROWN_NOT_A_CPO: "none of what grew from specimen {specimen} is a CPO ({organisms})",
    Why.RESISTANT: "{drug}: {value}",
    Why.BEYOND_BREAKPOINT: "{drug}: {value}, {beyond} {bound} ({standard}): a suspicion, no interpretation",
    Why.BEYOND_CUT_OFF: "{drug}: {value}, beyond the cut-off of {bound} for a carbapenemase test ({standard})",
    Why.CANNOT_BE_PLACED: "{drug}: {value} cannot be placed against {bound} ({standard})",
    Why.NO_UNIT: "{drug}: {value} cannot be placed without its unit",
    Why.NO_TABLE: "{drug}: {value} cannot be placed: no table has it in this organism (plainly low: {bound})",
    Why.CUT_OFF_NOT_TESTED: "{drug}: {value}; {screened}, which the cut-off is of, was not tested",
    Why.CUT_OFF_WITHOUT_VALUE: "{drug}: {value}; {screened}, which the cut-off is of: {letter}, and no value",
    Why.BY_NATURE: "{organism}: {note}",
    Why.LOOKS_LIKE: "{note}",
    Why.SPECIES_MARKER: "{enzyme} is a marker of the species: no CPO by this gene",
    Why.PANEL_NOTHING: "{method}: targets not detected, which rules out only what it looked for",
    Why.GENE_NOT_FOUND: "{what} not detected by {method}, which says nothing of other genes{note}",
    Why.NEGATIVE_NOT_FINAL: "{what} not detected by {method}{value}, {status} result: closes nothing until it is final",
    Why.WEAK_NEGATIVE: "{method}{value}: not detected, which closes nothing{note}",
    Why.RULED_OUT: "no carbapenemase found by {method}{value}",
    Why.METHODS_DISAGREE: "methods disagree: {found}; {not_found} not detected by {method}{value}{note}",
    Why.COUNTS: "one for each {unit}: {on}",
    Why.COUNTS_CONFIRMED_ONLY: "{status}, and only what the laboratory confirmed counts",
    Why.COUNTS_NOT_THE_ORGANISM: "{organisms}: not among the organisms that the policy counts",
    Why.COUNTS_NO_ORGANISM: "no organism is known, and the policy counts some organisms only",
    Why.COUNTS_ORGANISMS_OPEN: "the policy does not say which organisms count",
    Why.COUNTS_NOT_CHROMOSOMAL: "{family}, chromosomal in some organisms, does not count under the policy",
    Why.COUNTS_NOT_NAMED: "the carbapenemase is not named yet",
    Why.COUNTS_KNOWN_BEFORE: "{family} was reported from elsewhere before: somebody decides whether it is new",
    Why.COUNTS_MAY_BE_KNOWN: "not named yet, and may be what this patient was found to carry already: somebody decides",
    Why.COUNTS_UNIT_OPEN: "the policy does not say what one case is, or for how long the same is not counted again",
    Why.ACQUIRED_DECLARED: "declared by {by} on {on}",
    Why.ACQUIRED_PROPOSED: "proposed: acquired at {where} ({mark}); a professional declares it",
    Why.FOUND_OUTSIDE_A_VISIT: "collected outside of any visit on record",
    Why.FOUND_ON_DAY: "collected on day {day} of a visit to {facility} that began {began} (that day is day 1)",
    Why.ADMITTED_FROM: "admitted from {origin}",
    Why.NO_SCREEN_BEFORE: "no negative screen before it is on record",
    Why.SCREEN_BEFORE: "last negative screen before it: {outcome}, collected {on}",
    Why.MET_A_CARRIER: "shared a {level} with {case} before it, until {until}",
    Why.ANSWERED_YES: "answered yes: {question}{where}",
    Why.SUSPECTED: "a suspected CPO, not settled by the laboratory ({why})",
    Why.TOLD_ONLY: "a positive was told of ({by}, {on}), and no result of it is on record",
    Why.ANSWERED_NO: "answered no",
    Why.NOT_ANSWERED: "not asked or not known",
    Why.RISK: "{what}{detail}",
    Why.RISK_OUTSIDE: "{what}{detail}: outside this clause",
    Why.RISK_UNCLEAR: "{what}: {lacking} not known",
    Why.NO_CLAUSE: "no admission clause of the policy was in force on {day}",
    Why.BEYOND: "{what}{detail}: beyond the limits of this clause, so {decides} decides",
    Why.ON_A_HOLE: "{value}: the source speaks of less and of more, and not of this",
    Why.DATE_IN_FUTURE: "the date given lies after the admission",
    Why.OUTBREAK_DECLARED: "comes from {ward} of {facility}, where an outbreak{organism} is declared",
    Why.OUTBREAK_ANSWERED: "answered: comes from a ward with an uncontrolled outbreak",
    Why.KNOWN_CARRIER: "known carrier of {families} since {since}: handled directly, no admission screen asked for",
    Why.CLAUSE_NOT_VERIFIED: "the clause says no, but it is not verified, so it cannot settle a no",
    Why.CLAUSE_NOT_SPECIFIED: "the policy does not specify it",
    Why.POSITIVE_RECENT: "{families}: last positive specimen {last}",
    Why.POSITIVE_OLD: "{families}: last positive specimen {last}; the policy does not say when precautions end",
    Why.FOUND_THIS_STAY: "{families}: found in this stay, {last}; the policy does not say which precautions apply",
    Why.LAST_SCREEN: "last screen {last}",
    Why.SCREEN_PENDING: "asked to be screened: {so_far}",
    Why.SCREEN_UNSETTLED: "the screen grew a suspected CPO or gave no clear result",
    Why.SCREEN_DECLINED: "asked to be screened, and the screen was refused or not possible",
    Why.NOTHING_ASKS: "no clause asks for CPO precautions",
    Why.RISK_UNKNOWN: "whether a screen is asked for is not known yet",
    Why.NOT_ASKED_HERE: "no admission questions are asked at a visit of this kind, so the risk is not known",
    Why.NO_VISIT: "no visit here is on record, so what was asked at admission is not known",
    Why.DECLARED_SCREEN: "declared by {by} on {on}: screen",
    Why.DECLARED_NO_SCREEN: "declared by {by} on {on}: do not screen",
    Why.CRITERIA_MET: "asked to be screened, and {last}; precautions may end, and end when a professional says so",
    Why.CLEARANCE_PROPOSED: "the criteria to end precautions are met; last positive specimen {last}",
    Why.CLEARANCE_NEVER: "the policy does not end precautions; last positive specimen {last}",
    Why.STOPPED_AFTER_SCREEN: "precautions stopped by {by} on {on}; {last}",
    Why.CONTACT_OWES: "last exposure {last}: {done} done, {owed} owed{from_day}{awaited}{refused}{still}",
    Why.CONTACT_COMPLETE: "last exposure {last}: every screen that was asked for is negative{refused}{still}",
    Why.CONTACT_BY_PANEL: "last exposure {last}: every screen that was asked for is negative{panel}; a panel says only "
    "that its targets were not detected, so a professional decides{refused}{still}",
    Why.CONTACT_WEEKS_OVER: "last exposure {last}: the weeks are over, and {done} of {sets} screens were done; a "
    "professional decides{awaited}{refused}{still}",
    Why.CONTACT_GOING_ON: "the exposure goes on (a {level} is still shared); screens are counted from its end, and a "
    "professional decides on one before",
    Why.CONTACT_WITH_UNIT: "last exposure {last}: screened with the unit until its surveys are clean{refused}{still}",
    Why.CONTACT_OPEN: "last exposure {last}: the policy gives no schedule for contacts{refused}{still}",
    Why.CONTACT_WAITS: "an accepted contact of {cases}, whose follow-up is not complete; {said}",
    Why.CONTACT_STOPPED: "precautions as a contact of {cases} stopped by {by} on {on}",
    Why.CONTACT_INFORM: "to be informed",
    Why.CONTACT_LISTED: "listed; nothing is owed",
    Why.CONTACT_BATHROOM_UNKNOWN: "whether a bathroom was shared is not on the map of places",
    Why.CONTACT_LEFT_OPEN: "whether anything is owed is left open; a professional decides",
    Why.CONTACT_LEFT_OUT: "no contact under the policy",
    Why.CONTACT_DIED: "died{tested}; nothing is owed, and nothing is sent",
    Why.CONTACT_CARRIES: "a known carrier before, possible source; nothing is owed",
    Why.CONTACT_FOUND: "found positive since the exposure began, first on {first}; nothing is owed as a contact",
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
