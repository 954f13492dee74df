"""What a made-up ward writes down: movements that can be, in rows the rest of Ringfence reads."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from wards import BUSY, beds_at, busy, instants, on_any_ward

from ringfence.feeds import load_mapping, read_folder, write_folder
from ringfence.record import TABLES, PlaceKind, TableKind, midnight
from ringfence.simulate import Ward, simulate_ward


@pytest.fixture(scope="module")
def made():
    return simulate_ward(busy(), seed=11, days=90)


def test_one_seed_gives_the_same_rows_and_the_same_truth(made):
    again = simulate_ward(busy(), seed=11, days=90)
    assert again == made
    assert made.facts["results"]
    assert made.truth.transmissions


def test_another_seed_gives_other_movements_other_carriers_and_other_answers(made):
    other = simulate_ward(busy(), seed=12, days=90)
    assert other.facts["stays"] != made.facts["stays"]
    assert other.facts["answers"] != made.facts["answers"]
    assert other.truth.carriage != made.truth.carriage


@on_any_ward
def test_at_every_instant_a_bed_holds_one_patient_and_a_patient_lies_in_one_bed(ward, seed):
    run = simulate_ward(ward, seed=seed, days=12)
    for at in instants(run):
        lying = beds_at(run, at)
        assert len({(stay.room, stay.bed) for stay in lying}) == len(lying) <= sum(ward.rooms)
        assert len({stay.patient_id for stay in lying}) == len(lying)


def test_beds_that_patients_leave_and_enter_in_one_step_are_never_shared():
    run = simulate_ward(busy(move_rate=10, refill=0.2), seed=1, days=30)
    for at in instants(run):
        lying = beds_at(run, at)
        assert len({(stay.room, stay.bed) for stay in lying}) == len(lying)
    assert len(run.facts["stays"]) > 3 * len(run.facts["encounters"])


@on_any_ward
def test_the_stays_of_a_visit_fill_it_from_its_start_to_its_end(ward, seed):
    run = simulate_ward(ward, seed=seed, days=12)
    for visit in run.facts["encounters"]:
        stays = [stay for stay in run.facts["stays"] if stay.encounter_id == visit.encounter_id]
        assert {stay.patient_id for stay in stays} == {visit.patient_id}
        assert (stays[0].start, stays[-1].end) == (visit.start, visit.end)
        assert all(earlier.end == later.start for earlier, later in pairwise(stays))


@on_any_ward
def test_whoever_lies_in_a_bed_has_been_admitted_and_not_discharged(ward, seed):
    run = simulate_ward(ward, seed=seed, days=12)
    for at in instants(run):
        admitted = Counter(v.patient_id for v in run.facts["encounters"] if v.start.at <= at)
        discharged = Counter(v.patient_id for v in run.facts["encounters"] if v.end and v.end.at <= at)
        assert Counter(stay.patient_id for stay in beds_at(run, at)) == admitted - discharged


@on_any_ward
def test_nothing_happens_before_the_ward_opens_or_after_watching_stops(ward, seed):
    run = simulate_ward(ward, seed=seed, days=3)
    for name, rows in run.facts.items():
        columns = [*TABLES[name].known_from, *TABLES[name].until_known]
        moments = [when.at for row in rows for column in columns if (when := getattr(row, column))]
        assert all(run.starts_at <= at < run.ends_at for at in moments), name


@on_any_ward
def test_every_row_survives_its_table(ward, seed):
    run = simulate_ward(ward, seed=seed, days=12)
    for name, rows in run.facts.items():
        assert tuple(TABLES[name].unpack(TABLES[name].pack(rows))) == rows


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_rows_written_as_files_are_read_back_the_same_and_without_a_problem(seed, tmp_path):
    run = simulate_ward(busy(), seed=seed, days=60)
    write_folder(run.facts, tmp_path)
    intake = read_folder(tmp_path, load_mapping(None))
    assert intake.problems == ()
    read = {name: tuple(fact.row for fact in intake.facts if fact.table == name) for name in run.facts}
    assert read == dict(run.facts)


def test_a_quiet_ward_whose_tables_are_partly_empty_is_read_back_as_well(tmp_path):
    run = simulate_ward(busy(asked=0, admission_prevalence=0, survey_every_days=0), seed=1, days=5)
    assert not any(run.facts[name] for name in ("orders", "specimens", "isolates", "results", "measures"))
    write_folder(run.facts, tmp_path)
    intake = read_folder(tmp_path, load_mapping(None))
    assert intake.problems == ()
    assert len(intake.facts) == sum(map(len, run.facts.values()))


def test_a_busy_ward_shows_every_kind_of_row(made):
    assert all(made.facts[name] for name in made.facts)
    assert all(TABLES[name].kind is TableKind.FACT for name in made.facts)
    assert any(count > 1 for count in Counter(s.encounter_id for s in made.facts["stays"]).values()), "bed moves"
    assert any(count > 1 for count in Counter(v.patient_id for v in made.facts["encounters"]).values()), "readmissions"
    assert any(patient.died for patient in made.facts["patients"])
    assert {answer.answer.value for answer in made.facts["answers"]} == {"yes", "no", "not_asked"}


def test_those_in_a_bed_at_the_end_have_open_stays_and_open_visits(made):
    still_here = {stay.patient_id for stay in made.facts["stays"] if stay.end is None}
    assert still_here == {stay.patient_id for stay in beds_at(made, made.ends_at - timedelta(minutes=1))}
    assert still_here == {visit.patient_id for visit in made.facts["encounters"] if visit.end is None}
    assert still_here


def test_the_dead_do_not_come_back():
    run = simulate_ward(busy(dies=1, returns=1), seed=4, days=60)
    ended = {visit.patient_id: visit.end for visit in run.facts["encounters"]}
    assert len(ended) == len(run.facts["encounters"])
    assert {patient.patient_id: patient.died for patient in run.facts["patients"]} == ended


def test_when_everybody_returns_the_ward_needs_few_new_people():
    run = simulate_ward(busy(dies=0, returns=1, mean_away_days=0.1), seed=4, days=90)
    assert len(run.facts["patients"]) < len(run.facts["encounters"]) / 5


def test_those_who_return_stay_away_as_long_as_asked_for_and_then_wait_for_a_bed():
    run = simulate_ward(busy(dies=0, returns=1, mean_away_days=5.0, mean_stay_days=1.0, refill=1), seed=4, days=90)
    visits = {}
    for visit in run.facts["encounters"]:
        visits.setdefault(visit.patient_id, []).append(visit)
    gaps = [(later.start.at - one.end.at) for some in visits.values() for one, later in pairwise(some)]
    assert len(gaps) > 300
    assert min(gaps) > timedelta(hours=6)
    assert sum(gaps, timedelta()) / len(gaps) > timedelta(days=5)


def test_a_probability_of_zero_leaves_the_beds_empty_and_of_one_leaves_none_empty():
    assert simulate_ward(busy(refill=0), seed=1, days=10).facts["encounters"] == ()
    full = simulate_ward(busy(refill=1), seed=1, days=10)
    evenings = [full.starts_at + timedelta(hours=5 + 24 * day) for day in range(10)]
    assert [len(beds_at(full, at)) for at in evenings] == [7] * 10


def test_the_mean_length_of_visits_is_the_one_asked_for():
    run = simulate_ward(Ward(rooms=(4, 4), mean_stay_days=2.0, refill=1), seed=5, days=200)
    days = [(v.end.at - v.start.at) / timedelta(days=1) for v in run.facts["encounters"] if v.end]
    # An exponential time rounded up to steps of a quarter of a day: an eighth longer in the mean; some 700 visits.
    assert sum(days) / len(days) == pytest.approx(2.125, abs=4 * 2.1 / len(days) ** 0.5)


def test_the_map_of_rooms_is_the_one_asked_for(made):
    kinds = [place.kind for place in made.facts["places"]]
    assert kinds == [PlaceKind.MULTI, PlaceKind.MULTI, PlaceKind.SINGLE]
    beds = Counter(room for room, _ in {(stay.room, stay.bed) for stay in made.facts["stays"]})
    assert dict(zip(sorted(beds), BUSY["rooms"], strict=True)) == dict(sorted(beds.items()))


def test_the_ward_opens_at_the_local_midnight_of_the_day_asked_for():
    run = simulate_ward(Ward(rooms=(1,)), seed=1, days=2, start=date(2026, 7, 4))
    assert run.starts_at == midnight(date(2026, 7, 4), ZoneInfo("America/Vancouver"))
    assert run.ends_at - run.starts_at == timedelta(days=2)


def test_every_patient_is_plainly_made_up(made):
    assert all(patient.patient_id.startswith("SIM-") for patient in made.facts["patients"])
