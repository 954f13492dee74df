"""What speaks for where a case was acquired. A professional decides; no rule does."""

from builders import admission, answer, gene, isolate, specimen, stay, view

from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import Acquired, AnswerWord, Origin, Question, ResultKind

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
