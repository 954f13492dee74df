"""What a policy file becomes: typed clauses, durations, and a digest of exactly that text."""

import hashlib

import pytest

from ringfence.policy import Duration, load_policy
from ringfence.vocabulary import Mark, shipped

WHOLE = shipped("policies", "nl.yaml").read_text(encoding="utf-8")
# The first clauses, in which each text that a test replaces stands once.
NL = WHOLE.partition("    - id: nl-con-2")[0]


def test_the_digest_of_a_policy_names_exactly_its_text(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    assert load_policy(str(path)).digest == load_policy("nl").digest
    assert hashlib.sha256(path.read_bytes()).hexdigest().startswith(load_policy("nl").digest)
    path.write_text(WHOLE + "# a remark\n", encoding="utf-8")
    assert load_policy(str(path)).digest != load_policy("nl").digest


def test_the_dutch_clauses_stand_in_the_order_of_the_file_with_their_marks():
    policy = load_policy("nl")
    assert [c.id for c in policy.file.every_clause][:9] == [
        "nl-adm-1",
        "nl-adm-2",
        "nl-adm-3",
        "nl-adm-4",
        "nl-adm-5",
        "nl-pre-1",
        "nl-pre-2",
        "nl-pre-3",
        "nl-con-1",
    ]
    assert {c.mark for c in policy.admission} == {Mark.VERIFIED}
    assert policy.clause("nl-pre-1").mark is Mark.SECONDARY
    assert policy.clause("nl-pre-2").mark is Mark.UNVERIFIED
    assert policy.clause("nl-pre-3").mark is Mark.NOT_SPECIFIED


@pytest.mark.parametrize(
    ("unit", "number", "months", "hours", "said"),
    [
        ("months", 2, 2, None, "2 months"),
        ("months", 1, 1, None, "1 month"),
        ("years", 1, 12, None, "1 year"),
        ("years", 2, 24, None, "2 years"),
        ("hours", 24, None, 24, "24 hours"),
        ("hours", 1, None, 1, "1 hour"),
        ("days", 30, None, None, "30 days"),
    ],
)
def test_a_duration_counts_in_calendar_months_or_in_hours_and_reads_as_people_write_it(
    unit, number, months, hours, said
):
    duration = Duration(unit, number)
    assert (duration.months, duration.hours, str(duration)) == (months, hours, said)


@pytest.mark.parametrize("written", ["1 year", "1 years", "1  year"])
def test_a_duration_is_read_with_or_without_the_plural(tmp_path, written):
    path = tmp_path / "a.yaml"
    path.write_text(NL.replace("{less_than: 1 year}", f"{{less_than: {written}}}"), encoding="utf-8")
    clause = load_policy(str(path)).clause("nl-pre-1")
    assert clause.when.last_positive.ago.less_than == Duration("years", 1)


def test_a_condition_tells_every_predicate_of_its_tree(tmp_path):
    path = tmp_path / "a.yaml"
    old = "        outbreak_ward: {control: uncontrolled}\n"
    new = (
        "        any:\n          - outbreak_ward: {control: uncontrolled}\n          - all:\n"
        "              - refugee_reception: {ended_ago: {less_than: 2 months}}\n"
        "              - care_abroad: {invasive_procedure: yes}\n"
    )
    path.write_text(NL.replace(old, new), encoding="utf-8")
    condition = load_policy(str(path)).clause("nl-adm-4").when
    names = [type(p).model_config["title"] for p in condition.predicates()]
    assert names == ["outbreak_ward", "refugee_reception", "care_abroad"]
