"""Each fault that a reviewer found in how policies are applied, as an example that fails if it comes back."""

from datetime import date, timedelta

import pytest
from builders import admission, all_no, answer, gene, specimen, view, when

from ringfence.assess import Precautions
from ringfence.chain import analyze
from ringfence.policy import (
    Clearance,
    ClearanceClause,
    ContactClass,
    clearance,
    load_policy,
    questionnaire,
)
from ringfence.policy.rulings import ContactGiven, rule
from ringfence.record import AnswerWord, HistoryBasis, PatientId, Question, ReportedHistory, ResultKind, Verdict

NL, ECDC, SCOTLAND = (load_policy(name) for name in ("nl", "ecdc", "gb-sct"))
ADMITTED = admission("TEST-1", "2026-03-15 11:00")
NOBODY_ASKED = (ADMITTED,)
NEGATIVE = (
    specimen("S", "TEST-1", "2026-03-15 13:00"),
    gene("R", "S", None, "2026-03-17 09:00", kind=ResultKind.CULTURE),
)


def found(*rows, policy, as_of="2026-03-18 12:00"):
    return analyze(view(as_of, *rows), policy)


def told(positive, reported):
    return ReportedHistory(
        history_id="H",
        patient_id=PatientId("TEST-1"),
        basis=HistoryBasis.PAPER,
        told_by="infection prevention, Oak",
        positive=when(positive) if positive else None,
        reported=when(reported),
    )


@pytest.mark.parametrize("policy", [SCOTLAND, ECDC], ids=["gb-sct", "ecdc"])
def test_one_negative_screen_settles_nothing_that_is_not_known(policy):
    before = found(*NOBODY_ASKED, policy=policy).precautions["TEST-1"]
    after = found(*NOBODY_ASKED, *NEGATIVE, policy=policy).precautions["TEST-1"]
    assert before.status is after.status is Precautions.UNKNOWN
    told = any(reason.code == "last_screen" for reason in after.reasons)
    assert told is (policy is ECDC), "Scotland asks for three, so that more are owed"


def test_one_negative_screen_leaves_the_admitting_physician_to_decide_on_old_carriage():
    old = [specimen("S0", "TEST-1", "2024-06-01 10:00"), gene("R0", "S0", "KPC", "2024-06-03 10:00")]
    no = all_no(ADMITTED)
    ledger = found(ADMITTED, *no, *old, *NEGATIVE, policy=ECDC)
    assert ledger.ledger[0].at_risk is Verdict.DECIDE
    assert ledger.precautions["TEST-1"].status is not Precautions.NONE


def test_a_carrier_known_from_elsewhere_is_never_a_no():
    no = all_no(ADMITTED)
    line = found(ADMITTED, *no, told("2026-01-10", "2026-03-01"), policy=NL)
    assert line.ledger[0].at_risk is Verdict.DECIDE
    assert line.precautions["TEST-1"].status is Precautions.DECIDE
    yes = answer(ADMITTED, Question.KNOWN_CARRIAGE, AnswerWord.YES, end="2026-02-01")
    assert (
        found(ADMITTED, *all_no(ADMITTED, Question.KNOWN_CARRIAGE), yes, policy=NL).ledger[0].at_risk is Verdict.DECIDE
    )


def test_carriage_of_before_counts_however_late_it_was_told():
    no = all_no(ADMITTED)
    late = told("2026-01-01", "2026-03-15 12:00")
    assert found(ADMITTED, *no, late, policy=ECDC, as_of="2026-03-15 14:00").ledger[0].at_risk is Verdict.YES


def test_an_overlay_that_has_not_begun_changes_no_screen_of_before(tmp_path):
    clause = SCOTLAND.clause("gb-sct-adm-1")
    assert clause.then.screens == 3
    over = tmp_path / "over.yaml"
    over.write_text(
        """
overlay: 1
id: gb-sct-elm
title: "Draft: Scotland at a made-up hospital"
version: 2026-01-01
base: gb-sct
place: {name: Elm (made up)}
from: 2026-03-20
until: 2026-12-31
adopted_by: infection prevention, Elm (made up)
sources:
  elm: {title: "Elm (made up)", where: this test}
clauses:
  admission:
    - id: gb-sct-adm-1
      asks: "In the last 12 months, were you in a hospital outside Scotland?"
      when: {care: {outside: Scotland, ended_ago: {at_most: 12 months}}}
      then: {screen_for: CPE, screens: 1}
      mark: unverified
      source: elm
      checked_on: 2026-01-01
""",
        encoding="utf-8",
    )
    abroad = [answer(ADMITTED, Question.CARE_OUTSIDE_REGION, AnswerWord.YES, end="2026-02-01", start="2026-01-20")]
    rows = (ADMITTED, *all_no(ADMITTED, Question.CARE_OUTSIDE_REGION), *abroad, *NEGATIVE)
    for policy in (SCOTLAND, load_policy(str(over))):
        assert "more screens or sites are owed" in found(*rows, policy=policy).ledger[0].outcome


def test_care_that_ended_before_it_began_is_unknown():
    wrong = answer(
        ADMITTED, Question.CARE_ABROAD, AnswerWord.YES, start="2026-02-10", end="2026-02-01", procedure=AnswerWord.NO
    )
    no = all_no(ADMITTED, Question.CARE_ABROAD)
    assert found(ADMITTED, *no, wrong, policy=NL).ledger[0].at_risk is Verdict.UNKNOWN
    assert found(ADMITTED, *no, wrong, policy=ECDC).ledger[0].at_risk is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("place", "verdict"),
    [
        ("India", Verdict.YES),
        ("IN", Verdict.YES),
        ("Republic of India", Verdict.UNKNOWN),
        ("several", Verdict.UNKNOWN),
        ("New Delhi, India", Verdict.UNKNOWN),
        ("unknown", Verdict.UNKNOWN),
    ],
)
def test_only_a_country_that_is_known_can_be_another_one(place, verdict):
    policy = load_policy("ca-bc-fraser-2018")
    visit = admission("TEST-1", "2018-08-01 11:00")
    been = answer(visit, Question.TRAVEL, AnswerWord.YES, country=place, end="2018-05-01")
    rows = (visit, *all_no(visit, Question.TRAVEL), been)
    line = found(*rows, policy=policy, as_of="2018-08-02 12:00").ledger[0]
    assert "ca-bc-fraser-1" in line.reasons
    assert line.at_risk is verdict


def criteria(**said):
    return ClearanceClause.model_validate(
        {"id": "x", "then": {"propose_when": said}, "mark": "verified", "source": "S", "checked_on": "2026-01-01"}
    )


@pytest.mark.parametrize(
    "clause",
    [
        criteria(recheck_on_readmission="yes"),
        criteria(not_during_stay="yes", recheck_on_readmission="yes"),
        criteria(negatives=1).model_copy(update={"carriers": "carriers of ESBL"}),
    ],
)
def test_criteria_that_the_record_cannot_show_never_propose_an_end(clause):
    today = date(2026, 3, 15)
    last = today - timedelta(days=30)
    said, _ = clearance([clause], last_positive=last, negatives=[today], today=today, in_stay=False)
    assert said is Clearance.DECIDE


def test_exactly_between_two_limits_of_contact_time_is_unknown(tmp_path):
    text = NL.path.read_text(encoding="utf-8")
    start = text.index("  contacts:\n")
    end = text.index("\n  follow_up:\n")
    clause = """    - id: nl-con-{n}
      who: {{classes: [ward], overlap: {{{limit}: 8 hours}}, counted: cumulative}}
      then: {{contact: {then}}}
      mark: verified
      source: NL2
      checked_on: 2026-11-22
"""
    both = clause.format(n=1, limit="less_than", then="list") + clause.format(n=2, limit="more_than", then="screen")
    path = tmp_path / "edited.yaml"
    path.write_text(f"{text[:start]}  contacts:\n{both}{text[end:]}", encoding="utf-8")
    edited = load_policy(str(path))

    def at(hours):
        given = ContactGiven(on=date(2026, 3, 15), how=ContactClass.WARD, hours=hours, longest=hours)
        return rule(edited, given).answer

    assert (at(9), at(8)) == ("YES", "UNKNOWN")


def test_questions_say_when_a_yes_does_not_end_the_asking():
    """Who comes from an outbreak ward is tested for its organism; care abroad asks for more."""
    outbreak = next(one for one in questionnaire(NL) if one.question is Question.OUTBREAK_WARD)
    assert "nl-adm-1" in outbreak.go_on
    yes = answer(ADMITTED, Question.OUTBREAK_WARD, AnswerWord.YES)
    line = found(ADMITTED, yes, policy=NL).ledger[0]
    assert line.at_risk is Verdict.YES
    assert "nl-adm-1" in line.missing
