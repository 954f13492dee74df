"""What the made-up hospital sees: the desk, the laboratory, and precautions that follow from them alone."""

from datetime import timedelta

import pytest
from wards import beds_at, busy, first_reports, on_any_ward, positives

from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import AnswerWord, Found, OrderStatus, Purpose, View
from ringfence.simulate import simulate_ward


@on_any_ward
def test_nobody_is_treated_as_a_carrier_before_a_positive_report(ward, seed):
    run = simulate_ward(ward, seed=seed, days=12)
    reported = first_reports(run)
    for measure in run.facts["measures"]:
        assert reported[measure.patient_id] < measure.start.at


@on_any_ward
def test_every_positive_is_of_somebody_who_carried_that_family_when_it_was_collected(ward, seed):
    run = simulate_ward(ward, seed=seed, days=12)
    for specimen, result in positives(run).values():
        carried = [one for one in run.truth.carriage if one.at(specimen.collected.at)]
        assert (specimen.patient_id, result.analyte) in {(one.patient_id, one.family) for one in carried}


@on_any_ward
def test_specimens_are_of_those_who_lie_there_and_results_come_after_the_turnaround(ward, seed):
    run = simulate_ward(ward, seed=seed, days=12)
    specimens = {specimen.specimen_id: specimen for specimen in run.facts["specimens"]}
    for specimen in specimens.values():
        assert specimen.patient_id in {stay.patient_id for stay in beds_at(run, specimen.collected.at)}
    for result in run.facts["results"]:
        waited = result.reported.at - specimens[result.specimen_id].collected.at
        assert waited == timedelta(hours=ward.turnaround_hours)


@on_any_ward
def test_every_specimen_whose_time_has_come_is_reported_and_no_other(ward, seed):
    run = simulate_ward(ward, seed=seed, days=12)
    turnaround = timedelta(hours=ward.turnaround_hours)
    due = {s.specimen_id for s in run.facts["specimens"] if s.collected.at + turnaround < run.ends_at}
    assert {result.specimen_id for result in run.facts["results"]} == due


def screens(run):
    """Return the final result of each screen, with the specimen."""
    specimens = {s.specimen_id: s for s in run.facts["specimens"] if s.purpose is not Purpose.CLINICAL}
    found = {r.specimen_id: r.found for r in run.facts["results"] if r.analyte is None}
    return [(specimens[number], found[number]) for number in specimens.keys() & found.keys()]


def test_a_perfect_test_says_of_every_screen_what_is_true():
    run = simulate_ward(busy(sensitivity=1), seed=1, days=90)
    verdicts = [
        (found is Found.DETECTED, s.patient_id in run.truth.carriers(s.collected.at)) for s, found in screens(run)
    ]
    assert {(True, True), (False, False)} == set(verdicts)


def test_a_test_that_sees_nothing_finds_nobody_by_screens():
    run = simulate_ward(busy(sensitivity=0), seed=1, days=90)
    assert any(s.patient_id in run.truth.carriers(s.collected.at) for s, _ in screens(run))
    assert {found for _, found in screens(run)} == {Found.NOT_DETECTED}
    assert {specimen.purpose for specimen, _ in positives(run).values()} == {Purpose.CLINICAL}


def test_a_screen_that_missed_a_carrier_misses_again_while_the_carriage_lasts():
    run = simulate_ward(busy(sensitivity=0.5, survey_every_days=1, clinical_rate=0, clearance_rate=0), seed=1, days=60)
    seen = {}
    for specimen, found in screens(run):
        if specimen.patient_id in run.truth.carriers(specimen.collected.at):
            seen.setdefault(specimen.patient_id, []).append(found)
    assert any(len(some) > 2 for some in seen.values())
    assert {len(set(some)) for some in seen.values()} == {1}
    assert {some[0] for some in seen.values()} == {Found.DETECTED, Found.NOT_DETECTED}


def test_the_share_of_carriers_whom_screens_find_is_the_sensitivity():
    run = simulate_ward(
        busy(
            sensitivity=0.8, clinical_rate=0, clearance_rate=0, returns=0, mean_stay_days=1, hands_rate=0, room_rate=0
        ),
        seed=2,
        days=150,
    )
    of_carriers = [found for s, found in screens(run) if s.patient_id in run.truth.carriers(s.collected.at)]
    share = of_carriers.count(Found.DETECTED) / len(of_carriers)
    assert share == pytest.approx(0.8, abs=4 * (0.16 / len(of_carriers)) ** 0.5)


def test_without_any_specimen_nobody_is_known():
    run = simulate_ward(busy(asked=0, survey_every_days=0, clinical_rate=0), seed=1, days=60)
    assert run.truth.carriage
    assert run.facts["specimens"] == run.facts["results"] == run.facts["measures"] == ()


def test_a_known_carrier_is_under_precautions_whenever_in_a_bed():
    run = simulate_ward(busy(), seed=8, days=120)
    known = first_reports(run)
    covered = {(m.patient_id, m.end) for m in run.facts["measures"]}
    later = [
        v for v in run.facts["encounters"] if known.get(v.patient_id, run.ends_at) < v.start.at - timedelta(hours=6)
    ]
    assert later, "known carriers who come back"
    starts = {(m.patient_id, m.start) for m in run.facts["measures"]}
    for visit in later:
        assert (visit.patient_id, visit.start) in starts
        assert (visit.patient_id, visit.end) in covered


def test_a_known_carrier_is_not_screened_again():
    run = simulate_ward(busy(answered_wrongly=0.5, survey_every_days=1), seed=8, days=90)
    known = first_reports(run)
    again = {
        s.purpose
        for s in run.facts["specimens"]
        if s.collected.at - timedelta(hours=6) > known.get(s.patient_id, run.ends_at)
    }
    assert again == {Purpose.CLINICAL}
    proposed = {order.encounter_id for order in run.facts["orders"]}
    came_known = {
        v.encounter_id
        for v in run.facts["encounters"]
        if known.get(v.patient_id, run.ends_at) < v.start.at - timedelta(hours=6)
    }
    assert came_known
    assert not came_known & proposed


def test_when_all_is_asked_and_answered_truly_the_desk_hears_yes_from_those_at_risk_and_nobody_else():
    run = simulate_ward(busy(asked=1, answered_wrongly=0), seed=1, days=60)
    yes = {(a.patient_id, a.encounter_id, a.question) for a in run.facts["answers"] if a.answer is AnswerWord.YES}
    assert yes == {(risk.patient_id, risk.encounter_id, risk.question) for risk in run.truth.risks}
    assert yes


def test_when_every_answer_is_wrong_the_desk_hears_the_opposite():
    run = simulate_ward(busy(asked=1, answered_wrongly=1), seed=1, days=60)
    at_risk = {(risk.encounter_id, risk.question) for risk in run.truth.risks}
    assert at_risk
    for answer in run.facts["answers"]:
        assert (answer.answer is AnswerWord.NO) == ((answer.encounter_id, answer.question) in at_risk)


def test_a_question_never_asked_is_neither_yes_nor_no():
    run = simulate_ward(busy(asked=0), seed=1, days=30)
    assert {answer.answer for answer in run.facts["answers"]} == {AnswerWord.NOT_ASKED}
    assert run.facts["orders"] == ()


def test_the_desk_proposes_a_screen_for_every_yes_but_of_known_carriers():
    run = simulate_ward(busy(admission_prevalence=0), seed=1, days=60)
    yes = {answer.encounter_id for answer in run.facts["answers"] if answer.answer is AnswerWord.YES}
    assert yes == {order.encounter_id for order in run.facts["orders"]}


def test_a_screen_refused_is_not_collected():
    run = simulate_ward(busy(screen_refused=1), seed=1, days=60)
    words = [order.status for order in run.facts["orders"]]
    assert words.count(OrderStatus.PROPOSED) == words.count(OrderStatus.REFUSED) > 0
    assert not any(specimen.purpose is Purpose.SCREENING for specimen in run.facts["specimens"])


def test_a_survey_swabs_everyone_in_a_bed_who_is_not_yet_known():
    run = simulate_ward(busy(survey_every_days=7, screen_collected=1, sensitivity=0, clinical_rate=0), seed=1, days=30)
    for week in range(1, 5):
        at = run.starts_at + timedelta(days=7 * week, hours=4)
        swabbed = {
            s.patient_id
            for s in run.facts["specimens"]
            if s.purpose is Purpose.SURVEY and timedelta() <= at - s.collected.at < timedelta(hours=4)
        }
        assert swabbed == {stay.patient_id for stay in beds_at(run, at)}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_cases_that_ringfence_finds_are_those_that_were_found_and_all_are_carriers(seed):
    run = simulate_ward(busy(), seed=seed, days=60)
    at = run.ends_at - timedelta(minutes=1)
    found = analyze(View.of(run.facts, at=at, known_to=1), load_policy("nl"))
    reported = {(specimen.patient_id, result.analyte) for specimen, result in positives(run).values()}
    assert {(case.patient_id, family) for case in found.cases for family in case.carbapenemases.split(", ")} == reported
    assert reported < {(one.patient_id, one.family) for one in run.truth.carriage}


@pytest.mark.parametrize("seed", [1, 2])
def test_everybody_who_acquired_from_a_known_case_is_a_contact_of_it(seed):
    run = simulate_ward(busy(sensitivity=1, asked=1, survey_every_days=2), seed=seed, days=40)
    found = analyze(View.of(run.facts, at=run.ends_at - timedelta(minutes=1), known_to=1), load_policy("nl"))
    exposed = {(exposure.index_patient_id, exposure.contact_patient_id) for exposure in found.exposures}
    cases = {case.patient_id for case in found.cases}
    passed = {(one.source, one.target) for one in run.truth.transmissions if one.source in cases}
    assert passed
    assert passed <= exposed
