"""What a precautions clause may say, and that nothing it says is left out in silence."""

import pytest
from builders import at, gene, specimen, view

from ringfence.assess import Precautions, carriages, precautions
from ringfence.policy import PolicyError, load_policy
from ringfence.vocabulary import shipped

WHOLE = shipped("policies", "nl.yaml").read_text(encoding="utf-8")
# The first clauses, in which each text that a test replaces stands once.
NL = WHOLE.partition("    - id: nl-con-2")[0]
WHEN = "        last_positive:\n          ago: {less_than: 1 year}\n"


def recommended(policy):
    rows = (specimen("SP-1", "TEST-1", "2026-03-01"), gene("R-1", "SP-1", "KPC", "2026-03-03 12:00"))
    timeline = view("2026-03-15 12:00", *rows).timeline("TEST-1")
    found = carriages(timeline, policy=policy.digest)
    assert any(one.stands for one in found)
    return precautions(
        timeline, policy=policy, carriages=found, facility_id="Elm", risk=None, screen=None, visiting=True
    )


def test_a_carrier_of_two_weeks_ago_is_recommended_precautions_by_the_first_clause():
    answer = recommended(load_policy("nl"))
    assert answer.status is Precautions.RECOMMENDED
    assert [reason.clause for reason in answer.reasons] == ["nl-pre-1"]
    assert answer.next_change == at("2027-03-01 00:00")


@pytest.mark.parametrize("joint", ["any", "all"])
def test_a_precautions_clause_that_joins_conditions_is_refused_or_followed(tmp_path, joint):
    path = tmp_path / "joined.yaml"
    assert NL.count(WHEN) == 1
    path.write_text(
        NL.replace(WHEN, f"        {joint}:\n          - last_positive: {{ago: {{less_than: 1 year}}}}\n"),
        encoding="utf-8",
    )
    try:
        policy = load_policy(str(path))
    except PolicyError as wrong:
        assert joint in str(wrong)  # noqa: PT017
        return
    assert recommended(policy).status is Precautions.RECOMMENDED


def test_at_most_holds_through_the_last_day_and_says_so(tmp_path):
    path = tmp_path / "inclusive.yaml"
    path.write_text(NL.replace(WHEN, WHEN.replace("less_than", "at_most")), encoding="utf-8")
    assert recommended(load_policy(str(path))).next_change == at("2027-03-02 00:00")
