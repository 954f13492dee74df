"""Laws that hold under every policy we ship, on answers and histories made at random."""

from dataclasses import replace

import pytest
from builders import ZONE, admission, answer, gene, specimen, view
from histories import histories
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.assess import carriages, precautions, screening
from ringfence.chain import analyze
from ringfence.policy import AdmissionClause, Duration, load_policy, policy_ids, questionnaire
from ringfence.record import (
    AnswerWord,
    EncounterKind,
    HistoryBasis,
    PatientId,
    Question,
    ReportedHistory,
    Verdict,
    View,
    When,
)
from ringfence.simulate import Ward, simulate_ward

POLICIES = [load_policy(name) for name in policy_ids()]
NOW = "2026-03-15 12:00"
DESK = admission("TEST-1", "2026-03-15 11:00")
DAYS = ["2024-06-01", "2025-03-14", "2025-03-15", "2025-06-01", "2026-01-15", "2026-02-20", "2026-03-14 23:00"]
policies = st.sampled_from(POLICIES)


@st.composite
def answers(draw):
    """One answer, with whatever was said beside it."""
    return answer(
        DESK, draw(st.sampled_from(Question)), draw(st.sampled_from(AnswerWord)),
        procedure=draw(st.none() | st.sampled_from(AnswerWord)),
        country=draw(st.none() | st.sampled_from(["India", "IN", "Exampleland", "England"])),
        **{k: day for k in ("start", "end") if (day := draw(st.none() | st.sampled_from(DAYS)))},
    )  # fmt: skip


def numbered(some):
    return [replace(one, answer_id=f"A{n}") for n, one in enumerate(some)]


@st.composite
def earlier(draw):
    """Visits, carriage and reports that the record may hold before the admission."""
    rows = []
    for n in range(draw(st.integers(0, 2))):
        start, end = draw(st.sampled_from(DAYS)), draw(st.none() | st.sampled_from(DAYS))
        kind = draw(st.sampled_from(EncounterKind))
        rows.append(
            admission("TEST-1", start, end, encounter_id=f"V{n}", kind=kind, recurring=draw(st.none() | st.just(True)))
        )
    if draw(st.booleans()):
        rows += [specimen("S", "TEST-1", draw(st.sampled_from(DAYS))), gene("R", "S", "KPC")]
    if draw(st.booleans()):
        positive = draw(st.none() | st.just(When(on=DESK.start.day(ZONE))))
        rows.append(
            ReportedHistory(
                history_id="H", patient_id=PatientId("TEST-1"), basis=HistoryBasis.TOLD, told_by="Oak",
                positive=positive, reported=DESK.start,
            )
        )  # fmt: skip
    return rows


def asked(policy, *rows):
    timeline = view(NOW, DESK, *rows).timeline("TEST-1")
    carried = carriages(timeline, policy=policy.digest)
    verdict = screening(timeline, DESK, policy=policy, carriages=carried)
    recommended = precautions(
        timeline, policy=policy, carriages=carried, risk=verdict, screen=None, facility_id="Elm", visiting=True
    )
    return verdict, recommended


@given(policies, st.lists(answers(), max_size=6).map(numbered), earlier())
def test_every_patient_has_an_answer_with_reasons_under_every_policy(policy, said, rows):
    for given_ in asked(policy, *said, *rows):
        assert given_.reasons
        assert given_.policy == policy.digest


@given(policies, st.lists(answers(), max_size=6).map(numbered), earlier(), st.data())
def test_a_missing_answer_never_becomes_a_no(policy, said, rows, data):
    if not said:
        return
    gone = data.draw(st.sampled_from(said))
    if sum(one.question is gone.question for one in said) > 1:
        return  # of several answers to a question, taking one away changes what was said
    whole, _ = asked(policy, *said, *rows)
    less, _ = asked(policy, *(one for one in said if one is not gone), *rows)
    assert not (whole.status in (Verdict.UNKNOWN, Verdict.DECIDE) and less.status is Verdict.NO)


@given(policies, st.lists(answers(), max_size=6).map(numbered), earlier())
def test_a_clause_that_is_not_verified_never_settles_a_no(policy, said, rows):
    verdict, _ = asked(policy, *said, *rows)
    assert verdict.status is not Verdict.NO or not policy.is_draft


def longer(clause, months):
    """The clause with every look-back longer by some months."""

    def widened(condition):
        if condition.parts:
            name = "all" if condition.all else "any"
            return condition.model_copy(update={name: tuple(widened(part) for part in condition.parts)})
        (name,) = [n for n in type(condition).model_fields if getattr(condition, n) is not None]
        predicate, changed = condition.predicate, {}
        for quantity in ("ended_ago", "ago"):
            limits = getattr(predicate, quantity, None)
            for side in ("at_most", "less_than"):
                if limits is not None and getattr(limits, side):
                    more = Duration("months", getattr(limits, side).months + months)
                    changed[quantity] = limits.model_copy(update={side: more})
        return condition.model_copy(update={name: predicate.model_copy(update=changed)})

    return clause.model_copy(update={"when": widened(clause.when)}) if clause.when else clause


def with_longer(policy, months):
    clauses = tuple(longer(clause, months) for clause in policy.admission)
    assert all(isinstance(clause, AdmissionClause) for clause in clauses)
    changed = policy.file.clauses.model_copy(update={"admission": clauses})
    return type(policy)(policy.file.model_copy(update={"clauses": changed}), policy.digest, policy.path)


NO_HOLES = [p for p in POLICIES if not p.holes and not p.overlay]


@given(st.sampled_from(NO_HOLES), st.integers(1, 30), st.lists(answers(), max_size=6).map(numbered), earlier())
def test_more_look_back_never_removes_a_reason(policy, months, said, rows):
    before, _ = asked(policy, *said, *rows)
    after, _ = asked(with_longer(policy, months), *said, *rows)
    if before.status is Verdict.YES:
        assert after.status is Verdict.YES
        assert {r.clause for r in before.reasons} <= {r.clause for r in after.reasons}


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: p.id)
@settings(max_examples=15)
@given(history=histories())
def test_every_random_history_has_an_answer_with_reasons(policy, history):
    known = View.of_facts(history, at=view("2026-04-05 12:00").at, known_to=len(history))
    found = analyze(known, policy)
    for answered in (*found.verdicts.values(), *found.precautions.values()):
        assert answered.reasons


@pytest.fixture(scope="module")
def ward():
    made = simulate_ward(Ward(rooms=(4, 2, 1), admission_prevalence=0.2), seed=7, days=30)
    return View.of(made.facts, at=view("2036-01-01 12:00").at, known_to=1)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: p.id)
def test_every_patient_of_a_simulated_ward_has_an_answer_with_reasons(policy, ward):
    found = analyze(ward, policy)
    assert found.verdicts
    for answered in (*found.verdicts.values(), *found.precautions.values()):
        assert answered.reasons


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: p.id)
def test_what_is_missing_when_nothing_was_asked_is_what_the_questionnaire_asks(policy):
    verdict, _ = asked(policy)
    own = policy.on(DESK.start.day(ZONE))
    nobody_is_asked = {"the kind of unit"}
    assert {one.datum for one in verdict.missing} - nobody_is_asked == {one.question for one in questionnaire(own)}
