"""The policies we ship: each loads, its cases hold, and what it says of itself is whole."""

import pytest

from ringfence.assess import JUDGES
from ringfence.chain import run_cases, run_rule_cases, unreached
from ringfence.policy import (
    ADMISSION,
    GROUPS,
    PREDICATES,
    AdmissionClause,
    Condition,
    describe,
    holes,
    load_cases,
    load_policy,
    load_rule_cases,
    policy_ids,
)
from ringfence.record import Verdict
from ringfence.vocabulary import Mark

IDENTIFICATION = (
    "gene_without_organism", "suspects_on", "chromosomal", "organisms", "counting_unit", "period",
    "infection_over_screening",
)  # fmt: skip
POLICIES = [load_policy(policy_id) for policy_id in policy_ids()]


def names(policy):
    return policy.id


def clauses_of(result):
    return {reason.clause for reason in result.answer.reasons if reason.clause}


def test_the_dutch_policy_is_shipped_and_no_file_of_cases_is_taken_for_a_policy():
    assert "nl" in policy_ids()
    assert not any(policy_id.endswith("cases") for policy_id in policy_ids())


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_a_shipped_policy_is_called_as_its_file_is(policy):
    assert policy.path.stem == policy.id


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_every_case_of_a_shipped_policy_gives_its_right_answer(policy):
    results = run_cases(policy, load_cases(policy))
    assert results
    assert [(r.case.name, r.wrong) for r in results if r.wrong] == []


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_every_other_case_of_a_shipped_policy_gives_its_right_answer(policy):
    results = run_rule_cases(policy, load_rule_cases(policy))
    assert results
    assert [(r.case.name, r.wrong) for r in results if r.wrong] == []


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_every_clause_of_every_group_decides_at_least_one_case_alone(policy):
    assert unreached(policy) == ()


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_every_admission_clause_that_says_something_decides_a_yes_alone(policy):
    yes = [r for r in run_cases(policy, load_cases(policy)) if r.answer.status is Verdict.YES]
    alone = {next(iter(clauses_of(r))) for r in yes if len(clauses_of(r)) == 1}
    own = policy.overlay.clauses.admission if policy.overlay else policy.admission
    assert alone >= {clause.id for clause in own if clause.when}


@pytest.mark.parametrize("policy", [p for p in POLICIES if p.overlay is None], ids=names)
def test_every_group_of_clauses_is_spoken_of_or_present_as_not_specified(policy):
    assert [name for name in GROUPS if not getattr(policy.file.clauses, name)] == []
    assert set(policy.identification.clauses) == set(IDENTIFICATION)


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_a_policy_that_is_not_verified_at_admission_says_that_it_is_a_draft(policy):
    assert policy.is_draft == ("draft" in policy.title.casefold())


def test_the_policies_asked_for_are_shipped():
    assert set(policy_ids()) == {"nl", "ecdc", "ca-bc", "ca-bc-fraser-2018", "ca-on", "gb-sct", "gb", "us", "fr"}


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_the_cases_of_a_policy_know_every_verdict_and_no_two_have_one_name(policy):
    cases = load_cases(policy)
    wanted = {Verdict.YES, Verdict.UNKNOWN} | (set() if policy.is_draft else {Verdict.NO})
    assert {case.expect.at_risk for case in cases} - {Verdict.DECIDE} == wanted
    assert len({case.name for case in cases}) == len(cases)


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_the_description_names_every_clause_every_mark_and_every_source(policy):
    text = describe(policy)
    for clause in policy.file.every_clause:
        assert f"- {clause.id}: " in text
        for assumption in clause.assumes:
            assert assumption in text
        assert clause.note is None or clause.note in text
    for mark in {clause.mark for clause in policy.file.every_clause}:
        assert mark.value.replace("_", " ") in text.casefold()
    for name, source in policy.file.sources.items():
        assert f"- {name}: {source.title}; {source.where}" in text
    for clause in policy.admission:
        assert clause.asks in text
    for hole in holes(policy):
        assert str(hole.value) in text
    assert policy.digest in text


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_the_mark_of_each_clause_stands_in_the_lines_of_that_clause(policy):
    text = describe(policy)
    for clause in policy.file.every_clause:
        own = text.split(f"- {clause.id}: ")[1].split("\n- ")[0].casefold()
        assert clause.mark.value.replace("_", " ") in own, clause.id
        others = {mark.value for mark in Mark if mark is not clause.mark} - {"verified"}
        assert not any(f"{other.replace('_', ' ')}:" in own for other in others), clause.id


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_every_source_named_under_sources_is_used_by_a_clause(policy):
    assert {clause.source for clause in policy.file.every_clause if clause.source} == set(policy.file.sources)


@pytest.mark.parametrize("policy", POLICIES, ids=names)
def test_the_weakest_mark_of_a_policy_is_that_of_its_weakest_clause(policy):
    order = ["verified", "secondary", "unverified", "not_specified"]
    worst = max((order.index(clause.mark.value) for clause in policy.file.every_clause), default=0)
    assert policy.weakest.value == order[worst]


def test_every_predicate_an_admission_clause_may_use_can_be_judged():
    hints = {name: Condition.model_fields[name].annotation for name in PREDICATES}
    models = {name: next(a for a in hint.__args__ if a is not type(None)) for name, hint in hints.items()}
    not_for_admission = {"last_positive", "screen_pending"}
    assert {models[name] for name in PREDICATES if name not in not_for_admission} == set(JUDGES) == set(ADMISSION)
    assert AdmissionClause.model_fields["when"].annotation.__args__[0] is Condition
