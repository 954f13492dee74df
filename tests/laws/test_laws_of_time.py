"""Laws of time: an answer stands until its next change, as long as nothing comes in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from builders import admission, at, declared, facility, gene, specimen, stay
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from whole_records import BEGAN, histories_of_care

from ringfence.assess import follow_up
from ringfence.chain import analyze, assess_one
from ringfence.policy import PrecautionsClause, load_policy
from ringfence.record import TABLES, DeclarationKind, EncounterKind, Fact, TableKind, View
from ringfence.simulate import Ward, simulate_ward

NL = load_policy("nl")
SECOND, SHORTEST = timedelta(seconds=1), timedelta(microseconds=1)
FACTS = [name for name, table in TABLES.items() if table.kind is TableKind.FACT]
# From the next second to beyond every look-back that a policy could name, over leap days and every change of clocks.
LATER = [SECOND, timedelta(hours=7), *(timedelta(days=n) for n in (1, 31, 61, 183, 364, 366, 1500, 7000))]


def frozen(view):
    """The facts as a view shows them, and no more: versions in their order, and what had not happened yet left blank.

    That one version came before another is all that `recorded` says here, so it is made up, and long past.
    """
    began, facts = datetime(1980, 1, 1, tzinfo=UTC), []
    for name in FACTS:
        table, known = TABLES[name], view.known.versions[name]
        earlier = list(table.unpack(view.known.rows(name, known.earlier)))
        now = list(table.unpack(view.known.rows(name, known.current)))
        gone = {table.key_of(row): row for row in earlier}
        for row in now:
            gone.pop(table.key_of(row), None)
        told = [*((row, False) for row in [*earlier, *now]), *((row, True) for row in gone.values())]
        facts += [
            Fact(table=name, row=row, retracts=back, recorded=began + n * SECOND) for n, (row, back) in enumerate(told)
        ]
    return facts


def facts_of(*rows):
    by_class = {table.row: name for name, table in TABLES.items()}
    return [Fact(table=by_class[type(row)], row=row) for row in rows]


def asked(facts, instant):
    return View.of_facts(facts, at=instant, known_to=len(facts))


def said(answer):
    return answer.status, answer.reasons, answer.missing


def of_patients(view, policy):
    """Every answer about one patient alone, by what it is about, with the instant at which it can next change."""
    found = {}
    for timeline in view.timelines():
        one = assess_one(timeline, policy)
        for carriage in one.carriages:
            what = said(carriage.answer), replace(carriage, answer=None)
            found["carriage", carriage.case_id] = what, carriage.answer.next_change
        for visit, verdict, screen in one.admissions:
            found["screening", visit.encounter_id] = said(verdict), verdict.next_change
            found["screen", visit.encounter_id] = screen, None
        if one.precautions:
            found["precautions", timeline.patient_id] = said(one.precautions), one.precautions.next_change
        for visit in timeline.encounters:
            since = visit.start.earliest(view.zone(visit.facility_id))
            found["follow-up", visit.encounter_id] = follow_up(timeline, since=since), None
    return found


def of_everyone(view, policy):
    """Every answer of the chain, but for meetings and contacts: those that go on grow longer with time."""
    findings = analyze(view, policy)
    found = {("case", case.case_id): (case, None) for case in findings.cases}
    found |= {("ledger", line.encounter_id): (line, None) for line in findings.ledger}
    found |= {("signal", signal.signal_id): (signal, None) for signal in findings.signals}
    here = findings.precautions.items()
    return found | {("precautions", patient): (said(answer), answer.next_change) for patient, answer in here}


def changed_too_early(facts, instant, policy, ask, steps):
    """Return what an answer says, says later and when, of each that changes before it says that it can.

    Each next change must be yet to come, and the moments just before one are asked about as well.
    """
    before = ask(asked(facts, instant), policy)
    changes = {change for _, change in before.values() if change}
    wrong = [
        (about, "its next change is past", change)
        for about, (_, change) in before.items()
        if not _later(change, instant)
    ]
    moments = {instant + step for step in steps} | {
        change - little for change in changes for little in (SECOND, SHORTEST)
    }
    for moment in sorted(moment for moment in moments if moment > instant):
        now = ask(asked(facts, moment), policy)
        for about in sorted({*before, *now}):
            was, change = before.get(about, (None, None))
            later, _ = now.get(about, (None, None))
            if was != later and (change is None or moment < change):
                wrong.append((about, was, later, moment))
    return wrong


def _later(change, instant):
    return change is None or change > instant


def unchanged_at_their_edge(facts, instant, policy, ask):
    """Return what answers say that can change at an instant, and say the same there."""
    before = ask(asked(facts, instant), policy)
    then = {change: ask(asked(facts, change), policy) for _, change in before.values() if change}
    return [
        (about, was, change)
        for about, (was, change) in before.items()
        if change and then[change].get(about, (None, None))[0] == was
    ]


# ------------------------------------------------------------------------------------------------------- made-up wards

BUSY = Ward(admission_prevalence=0.2, returns=0.4, clinical_rate=0.1, hands_rate=0.3, mean_stay_days=4.0)


@cache
def ward(seed):
    return simulate_ward(BUSY, seed=seed, days=32)


def facts_at(seed, day):
    instant = ward(seed).starts_at + timedelta(days=day, hours=7)
    return frozen(View.of(ward(seed).facts, at=instant, known_to=0)), instant


@pytest.mark.parametrize("ask", [of_patients, of_everyone])
@pytest.mark.parametrize("seed", range(3))
def test_on_a_made_up_ward_no_answer_changes_before_it_says(seed, ask):
    facts, instant = facts_at(seed, 25)
    assert any(change for _, change in ask(asked(facts, instant), NL).values())
    assert changed_too_early(facts, instant, NL, ask, [LATER[2], LATER[4], LATER[7], LATER[9]]) == []


@pytest.mark.parametrize("seed", range(3))
def test_on_a_made_up_ward_what_can_change_at_an_instant_changes_there(seed):
    facts, instant = facts_at(seed, 25)
    assert unchanged_at_their_edge(facts, instant, NL, of_patients) == []


@pytest.mark.parametrize("seed", range(3))
def test_what_a_view_shows_of_a_made_up_ward_is_all_that_its_answers_rest_on(seed):
    facts, instant = facts_at(seed, 25)
    whole = View.of(ward(seed).facts, at=instant, known_to=0)
    for ask in (of_patients, of_everyone):
        assert ask(asked(facts, instant), NL) == ask(whole, NL)


# ---------------------------------------------------------------------------------------------------- random histories

hours = st.integers(0, 120)
steps = st.lists(st.sampled_from(LATER), min_size=1, max_size=3)


@settings(max_examples=100)
@given(histories_of_care(), hours, steps)
def test_no_answer_about_one_patient_changes_before_it_says(history, hour, later):
    instant = BEGAN + timedelta(hours=hour)
    facts = frozen(asked(history, instant))
    assert changed_too_early(facts, instant, NL, of_patients, later) == []
    assert unchanged_at_their_edge(facts, instant, NL, of_patients) == []


@settings(max_examples=100)
@given(histories_of_care(), hours, steps)
def test_no_answer_of_the_chain_changes_before_it_says(history, hour, later):
    # Off the hour, at which everything begins; what begins at the very instant of the view has its own example below.
    instant = BEGAN + timedelta(hours=hour, minutes=17)
    facts = frozen(asked(history, instant))
    assert changed_too_early(facts, instant, NL, of_everyone, later) == []


@settings(max_examples=60)
@given(histories_of_care(), hours)
def test_what_a_view_shows_is_all_that_its_answers_rest_on(history, hour):
    view = asked(history, BEGAN + timedelta(hours=hour))
    assert of_patients(asked(frozen(view), view.at), NL) == of_patients(view, NL)


# ------------------------------------------------------------------------------------------------------ other policies

lengths = st.sampled_from(["1 month", "2 months", "6 months", "12 months", "1 year", "13 months", "2 years"])
uppers = st.builds(lambda side, length: {side: length}, st.sampled_from(["less_than", "at_most"]), lengths)
lowers = st.builds(lambda side, length: {side: length}, st.sampled_from(["more_than", "at_least"]), lengths)
between = st.builds(lambda low, high: low | high, lowers, uppers)
ZONES = (
    "Europe/Amsterdam",
    "America/Vancouver",
    "Pacific/Kiritimati",
    "America/Nuuk",
    "Africa/Cairo",
    "America/Havana",
)


def isolates_where(number, ago):
    return PrecautionsClause(
        id=f"made-up-{number}",
        mark="unverified",
        source="ringfence",
        when={"last_positive": {"ago": ago}},
        then={"recommend": "isolate"},
    )


def policy_of(*agos):
    """The Dutch policy with other limits of how long ago the last positive was, a clause each."""
    own = tuple(isolates_where(number, ago) for number, ago in enumerate(agos))
    clauses = NL.file.clauses.model_copy(update={"precautions": own})
    return replace(NL, file=NL.file.model_copy(update={"clauses": clauses}))


@st.composite
def policies(draw, limits, most):
    try:
        return policy_of(*draw(st.lists(limits, min_size=1, max_size=most)))
    except ValidationError:  # limits that cross, which no policy can have
        assume(False)


NOON = datetime(2028, 2, 29, 12, tzinfo=UTC)


def carrier(ago, zone="Europe/Amsterdam", *, at_noon=False):
    """A carrier whose positive specimen was collected so many days before a leap day."""
    collected = f"{NOON.date() - timedelta(days=ago)}{' 12:00' if at_noon else ''}"
    visit, swab = admission("A", collected), specimen("SP", "A", collected, kind="urine")
    return facts_of(facility(zone), visit, swab, gene("R", "SP", "KPC"))


@settings(max_examples=100)
@given(policies(uppers, 1), st.integers(1, 800), st.sampled_from(ZONES), st.booleans(), st.integers(0, 900))
def test_under_a_clause_with_an_upper_limit_no_answer_changes_before_it_says(policy, ago, zone, at_noon, days):
    facts = carrier(ago, zone, at_noon=at_noon)
    assert changed_too_early(facts, NOON, policy, of_patients, [timedelta(days=days)]) == []
    assert unchanged_at_their_edge(facts, NOON, policy, of_patients) == []


@settings(max_examples=60, phases=[Phase.generate])
@given(policies(uppers | lowers | between, 3), st.integers(1, 800), st.sampled_from(ZONES), st.integers(0, 900))
def test_under_clauses_with_any_limits_no_answer_changes_before_it_says(policy, ago, zone, days):
    facts = carrier(ago, zone)
    assert changed_too_early(facts, NOON, policy, of_patients, [timedelta(days=days)]) == []
    assert unchanged_at_their_edge(facts, NOON, policy, of_patients) == []


def test_an_answer_says_when_a_clause_will_begin_to_hold():
    policy = policy_of({"more_than": "1 year"})
    assert changed_too_early(carrier(100), NOON, policy, of_patients, [timedelta(days=300)]) == []


def test_an_answer_says_when_another_clause_will_be_its_reason():
    policy = policy_of({"more_than": "1 month"}, {"less_than": "1 year"})
    assert changed_too_early(carrier(10), NOON, policy, of_patients, [timedelta(days=60)]) == []


def test_where_a_clause_holds_at_an_exact_age_alone_its_next_change_is_yet_to_come():
    policy = policy_of({"at_least": "1 year", "at_most": "1 year"})
    assert changed_too_early(carrier(366), NOON, policy, of_patients, []) == []


# ------------------------------------------------------------------------------------------------------------ examples


def session_at(site):
    """A carrier at a session of dialysis, which is over when its local day is."""
    came = "2026-03-02 09:00"
    visit = admission("A", came, encounter_id="D", kind=EncounterKind.DIALYSIS, facility_id=site)
    swab = specimen("SP", "A", "2026-02-01", kind="urine")
    place = stay("A", "Chairs", came, encounter_id="D", facility_id=site)
    return [visit, place, swab, gene("R", "SP", "KPC", "2026-02-02")]


def test_an_answer_at_a_session_says_that_it_can_change_when_the_session_is_over():
    facts = facts_of(facility(), *session_at("Elm"))
    assert changed_too_early(facts, at("2026-03-02 12:00"), NL, of_everyone, [timedelta(days=1)]) == []


def test_an_answer_given_where_a_session_is_says_when_it_will_be_given_for_the_bed_again():
    # In bed at Elm, where precautions were stopped; for the day at Oak, where they were not.
    visit, bed = admission("A", "2026-03-01 09:00"), stay("A", "2N", "2026-03-01 09:00")
    ended = declared(DeclarationKind.PRECAUTIONS_ENDED, "2026-03-02 08:00", patient_id="A", facility_id="Elm")
    facts = facts_of(facility(), facility(name="Oak"), visit, bed, ended, *session_at("Oak"))
    assert changed_too_early(facts, at("2026-03-02 12:00"), NL, of_everyone, [timedelta(days=1)]) == []


def test_somebody_admitted_at_the_very_instant_is_on_the_ward_then():
    came = "2026-03-02 10:00"
    there = [admission("A", came), stay("A", "2N", came), specimen("SP", "A", came), gene("R", "SP", "KPC")]
    facts = facts_of(facility(), *there, stay("B", "2N", "2026-03-02 09:00"))
    assert changed_too_early(facts, at(came), NL, of_everyone, [timedelta(minutes=1)]) == []
