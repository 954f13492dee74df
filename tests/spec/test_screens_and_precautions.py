"""What came of a screen, and which precautions are recommended."""

import pytest
from builders import admission, all_no, answer, at, gene, precautions_on, specimen, stay, view

from ringfence.assess import Outcome, Precautions, admission_screen, carriages, screening
from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import (
    AnswerWord,
    EncounterKind,
    Found,
    Order,
    OrderStatus,
    Patient,
    PatientId,
    Question,
    ResultKind,
    ResultStatus,
    When,
)
from ringfence.vocabulary import Mark

NL = load_policy("nl")
IN = admission("TEST-1", "2026-03-15 11:00")
RISK = [answer(IN, Question.REFUGEE_RECEPTION, AnswerWord.YES), *all_no(IN, Question.REFUGEE_RECEPTION)]
BED = stay("TEST-1", "2N", "2026-03-15 11:00", room="201")


def outcome(*rows, encounter=IN, as_of="2026-03-20 12:00"):
    timeline = view(as_of, encounter, *rows).timeline("TEST-1")
    verdict = screening(timeline, encounter, policy=NL, carriages=carriages(timeline, policy=""))
    return admission_screen(timeline, encounter, verdict).outcome


def ordered(status, day="2026-03-16 09:00"):
    return Order(
        order_id=status, patient_id=PatientId("TEST-1"), encounter_id=None, status=status, happened=When(at=at(day))
    )


SWAB = specimen("S", "TEST-1", "2026-03-16 09:00")
OVER = admission("TEST-1", "2026-03-15 11:00", "2026-03-18 11:00")


def test_each_way_a_screen_can_go_has_its_word():
    assert outcome(*RISK) is Outcome.NOT_COLLECTED
    assert outcome(*RISK, encounter=OVER) is Outcome.LEFT
    assert outcome(*RISK, SWAB) is Outcome.PENDING
    assert outcome(*RISK, SWAB, gene("R", "S", None, kind=ResultKind.CULTURE)) is Outcome.NOT_DETECTED
    assert outcome(*RISK, SWAB, gene("R", "S", None)) is Outcome.PANEL_NEGATIVE
    assert outcome(*RISK, SWAB, gene("R", "S", "KPC")) is Outcome.DETECTED
    assert outcome(*RISK, ordered(OrderStatus.REFUSED)) is Outcome.REFUSED
    assert outcome(*RISK, ordered(OrderStatus.UNABLE)) is Outcome.UNABLE
    assert outcome() is Outcome.QUESTIONS_OPEN
    assert outcome(encounter=OVER) is Outcome.QUESTIONS_MISSED
    assert outcome(*all_no(IN)) is Outcome.NOT_ASKED_FOR


def test_a_negative_for_one_gene_is_no_negative_screen():
    only = gene("R", "S", "VIM", found=Found.NOT_DETECTED)
    assert outcome(*RISK, SWAB, only) is Outcome.TARGETS_ONLY
    assert not Outcome.TARGETS_ONLY.resulted
    assert recommended(*RISK, SWAB, only, as_of="2026-03-16 12:00").status is Precautions.RECOMMENDED


def test_of_two_screens_of_a_visit_what_was_found_counts():
    second = specimen("S2", "TEST-1", "2026-03-17 09:00")
    assert outcome(*RISK, SWAB, gene("R1", "S", None), second, gene("R2", "S2", "KPC")) is Outcome.DETECTED
    assert outcome(*RISK, SWAB, gene("R1", "S", None, found=Found.INVALID), second, gene("R2", "S2", None)) is (
        Outcome.PANEL_NEGATIVE
    )


def test_who_has_an_open_visit_is_in_hospital_also_without_a_ward():
    found = analyze(view("2026-03-20 12:00", IN, *CARRIER, *all_no(IN)), NL)
    assert [(t.patient_id, t.ward, t.task) for t in found.tasks] == [("TEST-1", None, "start contact precautions")]
    nobody_there = analyze(view("2026-03-20 12:00", IN, *RISK), NL)
    assert "collect the admission screen (ESBL and CPE)" in [t.task for t in nobody_there.tasks]


def test_an_outpatient_visit_left_open_is_no_presence():
    clinic = admission("TEST-1", "2026-03-15 11:00", kind=EncounterKind.DIALYSIS)
    assert analyze(view("2026-03-20 12:00", clinic, *CARRIER), NL).tasks == ()


def test_a_preliminary_negative_is_still_pending():
    assert outcome(*RISK, SWAB, gene("R", "S", None, status=ResultStatus.PRELIMINARY)) is Outcome.PENDING


def test_a_growth_without_a_named_carbapenemase_is_not_a_negative():
    grew = gene("R1", "S", None, kind=ResultKind.CULTURE, found=Found.DETECTED)
    assert outcome(*RISK, SWAB, grew, gene("R2", "S", None)) is Outcome.GREW


def test_an_invalid_result_is_no_result():
    assert outcome(*RISK, SWAB, gene("R", "S", None, found=Found.INVALID)) is Outcome.UNSETTLED


def test_a_marker_of_the_species_says_nothing_of_a_screen():
    assert outcome(*RISK, SWAB, gene("R", "S", "OXA-51-like")) is Outcome.PENDING


def test_a_rejected_specimen_is_no_screen():
    rejected = specimen("S", "TEST-1", "2026-03-16 09:00", rejected=When(at=at("2026-03-16 15:00")))
    assert outcome(*RISK, rejected) is Outcome.NOT_COLLECTED


def test_a_swab_of_an_earlier_visit_is_not_the_screen_of_this_one():
    assert outcome(*RISK, specimen("S", "TEST-1", "2026-03-10 09:00"), gene("R", "S", None)) is Outcome.NOT_COLLECTED


def recommended(*rows, as_of):
    found = analyze(view(as_of, IN, BED, *rows), NL).precautions
    return found["TEST-1"]


def test_a_carrier_is_recommended_precautions_for_a_year_and_then_somebody_decides():
    carrier = [specimen("S", "TEST-1", "2025-06-01 09:00"), gene("R", "S", "KPC")]
    now = recommended(*carrier, *all_no(IN), as_of="2026-03-20 12:00")
    assert (now.status, now.mark) == (Precautions.RECOMMENDED, Mark.SECONDARY)
    assert now.next_change == at("2026-06-01 00:00")
    last = recommended(*carrier, *all_no(IN), as_of="2026-05-31 23:59")
    assert last.status is Precautions.RECOMMENDED
    after = recommended(*carrier, *all_no(IN), as_of="2026-06-01 00:00")
    assert (after.status, after.mark) == (Precautions.DECIDE, Mark.NOT_SPECIFIED)


def test_whoever_is_asked_to_be_screened_is_recommended_precautions_until_the_result():
    assert recommended(*RISK, as_of="2026-03-15 12:00").status is Precautions.RECOMMENDED
    assert recommended(*RISK, SWAB, as_of="2026-03-16 12:00").status is Precautions.RECOMMENDED
    done = recommended(*RISK, SWAB, gene("R", "S", None, "2026-03-18 10:00"), as_of="2026-03-18 12:00")
    assert done.status is Precautions.CRITERIA_MET


def test_what_is_not_known_of_the_risk_is_not_known_of_precautions():
    assert recommended(as_of="2026-03-15 12:00").status is Precautions.UNKNOWN


@pytest.mark.parametrize("clause_mark", [Mark.UNVERIFIED])
def test_the_pending_recommendation_says_that_its_clause_is_unverified(clause_mark):
    assert recommended(*RISK, as_of="2026-03-15 12:00").mark is clause_mark


def tasks_of(*rows, as_of="2026-03-20 12:00"):
    return [(t.patient_id, t.task) for t in analyze(view(as_of, IN, BED, *rows), NL).tasks]


CARRIER = [specimen("S", "TEST-1", "2026-03-16 09:00", "urine"), gene("R", "S", "KPC")]


def test_a_carrier_without_precautions_is_a_task_and_one_with_them_is_not():
    assert ("TEST-1", "start contact precautions") in tasks_of(*CARRIER, *all_no(IN))
    assert tasks_of(*CARRIER, *all_no(IN), precautions_on("TEST-1", "2026-03-17 09:00")) == []


def test_precautions_that_ended_do_not_count_as_in_place():
    ended = precautions_on("TEST-1", "2026-03-17 09:00", "2026-03-18 09:00")
    assert ("TEST-1", "start contact precautions") in tasks_of(*CARRIER, *all_no(IN), ended)


def test_the_dead_owe_nothing_and_receive_nothing():
    died = Patient(patient_id=PatientId("TEST-1"), died=When(at=at("2026-03-19 12:00")))
    assert tasks_of(*CARRIER, died) == []
    assert tasks_of(died, *RISK) == []


def test_a_death_after_the_instant_asked_about_is_not_known_yet():
    died = Patient(patient_id=PatientId("TEST-1"), died=When(at=at("2026-03-25 12:00")))
    assert ("TEST-1", "start contact precautions") in tasks_of(*CARRIER, *all_no(IN), died)


def test_a_recommendation_says_what_would_end_it():
    """Of the Dutch policy what ends precautions is by what it says of clearance; while a screen is pending, its result."""
    nl = load_policy("nl")
    carrier = [
        admission("TEST-1", "2026-03-15 11:00"),
        specimen("S", "TEST-1", "2026-03-15 12:00"),
        gene("R", "S", "KPC", "2026-03-16 12:00"),
    ]
    answer = analyze(view("2026-03-17 12:00", *carrier), nl).precautions["TEST-1"]
    assert answer.status is Precautions.RECOMMENDED
    assert [one.clause for one in answer.missing] == [c.id for c in nl.clearance if not c.only_if_not_cpo]
    (task,) = [
        t for t in analyze(view("2026-03-17 12:00", *carrier), nl).tasks if t.task == "start contact precautions"
    ]
    assert "What would end them: nl-cle-1" in task.because
