"""Where a case was acquired: what speaks for it, what a clause proposes, and what a professional declares."""

import pytest
from builders import admission, answer, declared, facility, gene, isolate, specimen, stay, view

from ringfence.chain import analyze
from ringfence.policy import PolicyError, load_policy
from ringfence.record import Acquired, AnswerWord, DeclarationKind, Origin, Question, ResultKind

NL = load_policy("nl")
CASE = admission("TEST-B", "2026-03-01 10:00", admitted_from=Origin.HOME)


def positive(patient, collected):
    return [
        specimen(f"S-{patient}", patient, collected),
        isolate(f"I-{patient}", f"S-{patient}"),
        gene(f"R-{patient}", f"S-{patient}", "KPC", isolate_id=f"I-{patient}"),
    ]


def said(*rows, patient="TEST-B"):
    (case,) = [c for c in analyze(view("2026-03-31 12:00", *rows), NL).cases if c.patient_id == patient]
    assert case.acquired is Acquired.UNKNOWN
    return case.acquired_reasons


def test_the_day_of_admission_is_day_one():
    assert "collected on day 1 of a visit to Elm that began 2026-03-01" in said(
        CASE, *positive("TEST-B", "2026-03-01 12:00")
    )
    assert "collected on day 9 of a visit" in said(CASE, *positive("TEST-B", "2026-03-09 12:00"))


def test_a_specimen_from_outside_of_any_visit_says_so():
    assert "outside of any visit" in said(*positive("TEST-B", "2026-03-09 12:00"))


def test_a_negative_screen_before_it_is_told_with_its_date_and_its_lack_is_told_too():
    before = [specimen("S0", "TEST-B", "2026-03-02 12:00"), gene("R0", "S0", None, kind=ResultKind.CULTURE)]
    rows = [CASE, *positive("TEST-B", "2026-03-09 12:00")]
    assert "last negative screen before it: not detected, collected 2026-03-02" in said(*rows, *before)
    assert "no negative screen before it" in said(*rows)


def test_a_carrier_met_before_it_is_named_and_one_met_only_after_it_is_not():
    ward = [
        stay("TEST-B", "2N", "2026-03-01 10:00", "2026-03-20 10:00", room="201"),
        stay("TEST-A", "2N", "2026-03-03 10:00", "2026-03-05 10:00", room="201"),
        stay("TEST-C", "2N", "2026-03-12 10:00", "2026-03-15 10:00", room="201"),
    ]
    rows = [CASE, *ward, *positive("TEST-B", "2026-03-09 12:00")]
    rows += [*positive("TEST-A", "2026-03-04 12:00"), *positive("TEST-C", "2026-03-13 12:00")]
    reasons = said(*rows)
    assert "shared a room with TEST-A:KPC:1 before it, until 2026-03-05" in reasons
    assert "TEST-C" not in reasons


def test_care_abroad_and_where_the_patient_came_from_are_told():
    abroad = answer(CASE, Question.CARE_ABROAD, AnswerWord.YES, country="IN")
    reasons = said(CASE, abroad, *positive("TEST-B", "2026-03-01 12:00"))
    assert "answered yes: care abroad (IN)" in reasons
    assert "admitted from home" in reasons


ONTARIO = load_policy("ca-on")


def where(*rows, policy=ONTARIO):
    (case,) = analyze(view("2026-03-31 12:00", *rows), policy).cases
    return case.acquired, case.acquired_reasons


def test_a_clause_proposes_from_the_third_day_of_a_stay_on_and_says_that_it_was_not_read():
    found, why = where(CASE, *positive("TEST-B", "2026-03-03 08:00"))
    assert found is Acquired.HERE_PROPOSED
    assert why.startswith("ca-on-acq-1: proposed: acquired at this facility (unverified); a professional declares it")
    assert where(CASE, *positive("TEST-B", "2026-03-02 23:00"))[0] is Acquired.UNKNOWN
    assert where(CASE, *positive("TEST-B", "2026-03-03 08:00"), policy=NL)[0] is Acquired.UNKNOWN


def test_nothing_is_proposed_where_a_day_leaves_open_which_stay_it_was():
    visits = [
        admission("TEST-B", "2026-02-01 10:00", "2026-03-20 09:00", encounter_id="E1"),
        admission("TEST-B", "2026-03-20 18:00", encounter_id="E2"),
    ]
    assert where(*visits, *positive("TEST-B", "2026-03-20"))[0] is Acquired.UNKNOWN
    assert where(*visits, *positive("TEST-B", "2026-03-20 08:00"))[0] is Acquired.HERE_PROPOSED


def test_what_a_professional_declared_stands_and_the_last_of_it_counts():
    said = declared(DeclarationKind.ACQUIRED_OUTSIDE_CARE, "2026-03-10 10:00", case_id="TEST-B:KPC:1")
    found, why = where(CASE, *positive("TEST-B", "2026-03-03 08:00"), said)
    assert found is Acquired.OUTSIDE_CARE
    assert why.startswith("declared by infection control on 2026-03-10")
    later = declared(DeclarationKind.ACQUIRED_HERE, "2026-03-12 10:00", case_id="TEST-B:KPC:1")
    assert where(CASE, *positive("TEST-B", "2026-03-03 08:00"), said, later)[0] is Acquired.HERE


ELSEWHERE = """
overlay: 1
id: ca-on-elm-acq
title: "Draft: Ontario with a made-up look-back"
version: 2026-01-01
base: ca-on
place: {name: Elm (made up)}
from: 2026-01-01
adopted_by: infection prevention, Elm (made up)
sources:
  elm: {title: "Infection prevention, Elm (made up): where a case was acquired", where: this test}
clauses:
  acquisition:
    - id: elm-acq-2
      when: {within_days_of_a_stay: 7 days}
      then: {acquired: another facility}
      mark: verified
      source: elm
      checked_on: 2026-01-01
"""


def test_an_earlier_stay_elsewhere_counts_for_as_many_days_as_a_site_says(tmp_path):
    path = tmp_path / "elm.yaml"
    path.write_text(ELSEWHERE, encoding="utf-8")
    policy = load_policy(str(path))
    sites = [facility(), facility(name="Oak")]
    oak = admission("TEST-B", "2026-02-01 10:00", "2026-02-23 10:00", facility_id="Oak")
    rows = [*sites, oak, CASE]
    assert where(*rows, *positive("TEST-B", "2026-03-02 12:00"), policy=policy)[0] is Acquired.OTHER_CARE_PROPOSED
    earlier = admission("TEST-B", "2026-02-01 10:00", "2026-02-22 10:00", facility_id="Oak")
    found = where(*sites, earlier, CASE, *positive("TEST-B", "2026-03-02 12:00"), policy=policy)[0]
    assert found is Acquired.UNKNOWN


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("when: {on_or_after_day: 3}\n      then: {acquired: another facility}", "acquired: this facility"),
        (
            "when: {on_or_after_day: 3, within_days_of_a_stay: 7 days}\n      then: {acquired: this facility}",
            "exactly one",
        ),
        ("when: {on_or_after_day: 0}\n      then: {acquired: this facility}", "on_or_after_day"),
    ],
)
def test_a_clause_that_says_two_things_or_none_is_refused_with_what_would_be_right(tmp_path, wrong, says):
    right = "when: {within_days_of_a_stay: 7 days}\n      then: {acquired: another facility}"
    path = tmp_path / "elm.yaml"
    path.write_text(ELSEWHERE.replace(right, wrong), encoding="utf-8")
    with pytest.raises(PolicyError, match=says):
        load_policy(str(path))
