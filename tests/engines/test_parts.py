"""A record cut into parts by patient: every timeline of the whole, each once and the same."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import admission, at, declared, facility, gene, isolate, linked, specimen, stay
from histories import BEGAN, facts, instants, moments, numbered, patients
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.record import (
    TABLES,
    AnswerWord,
    Declaration,
    DeclarationKind,
    Fact,
    Isolate,
    LinkAction,
    Measure,
    MeasureKind,
    Order,
    OrderStatus,
    OrganismCode,
    Parts,
    PatientId,
    Place,
    PlaceLevel,
    Question,
    RiskAnswer,
    Sensitivity,
    View,
    columns_of,
)
from ringfence.simulate import simulate_ward

SOME = settings(max_examples=20)
VISIT, SPECIMEN = numbered("E", 3), numbered("SP", 3)
MORE = {
    "orders": st.builds(
        Order,
        order_id=numbered("O", 3),
        patient_id=patients,
        encounter_id=st.none() | VISIT,
        specimen_id=st.none() | SPECIMEN,
        status=st.sampled_from(OrderStatus),
        happened=moments,
    ),
    "answers": st.builds(
        RiskAnswer,
        answer_id=numbered("A", 3),
        patient_id=patients,
        encounter_id=VISIT,
        question=st.sampled_from(Question),
        answer=st.sampled_from(AnswerWord),
    ),
    "isolates": st.builds(
        Isolate,
        isolate_id=numbered("I", 3),
        specimen_id=SPECIMEN,
        organism=st.just(OrganismCode("klebsiella-pneumoniae")),
    ),
    "measures": st.builds(
        Measure,
        measure_id=numbered("M", 3),
        patient_id=st.none() | patients,
        facility_id=st.just("Elm"),
        kind=st.just(MeasureKind.CONTACT_PRECAUTIONS),
        start=moments,
    ),
    "declarations": st.builds(
        Declaration,
        declaration_id=numbered("D", 3),
        kind=st.sampled_from([DeclarationKind.SCREEN, DeclarationKind.OUTBREAK_OPEN, DeclarationKind.UNDONE]),
        patient_id=st.none() | patients,
        ward=st.none() | st.just("2N"),
        encounter_id=st.none() | VISIT,
        specimen_id=st.none() | SPECIMEN,
        undoes=st.none() | numbered("D", 3),
        declared_by=st.just("infection control"),
        declared=moments,
    ),
}


@st.composite
def more_facts(draw):
    table = draw(st.sampled_from(list(MORE)))
    return Fact(table=table, row=draw(MORE[table]), recorded=draw(st.none() | instants))


@st.composite
def of_several_groups(draw):
    """Facts of four groups of people; now and then an identifier is of another group than its fact."""
    some = draw(st.lists(facts() | more_facts(), min_size=20, max_size=60))
    chance = draw(st.randoms(use_true_random=False))
    return [Fact(table="facilities", row=facility()), *(of_a_group(fact, chance) for fact in some)]


def of_a_group(fact, chance):
    own, named = chance.choice("ABCD"), {}
    for column in TABLES[fact.table].columns:
        value = getattr(fact.row, column.name)
        if value and column.sensitivity is Sensitivity.IDENTIFIER:
            named[column.name] = f"{value}-{own if chance.random() < 0.95 else chance.choice('ABCD')}"
    return replace(
        fact,
        row=replace(fact.row, **named),
        system=chance.choice(["", "", "", "another"]),
        message=f"message-{chance.randrange(40)}",
        generation=2 if chance.random() < 0.1 else 1,
        retracts=chance.random() < 0.1,
    )


def whole_and_parts(some, at, many):
    columns = columns_of(some)
    whole = View(columns, at=at, known_to=1)
    parts = Parts(columns, many)
    views = [View(parts.columns(part), at=at, known_to=1) for part in range(len(parts))]
    return whole, views, [list(parts.timelines(part, view)) for part, view in enumerate(views)]


def same_timelines(some, at, many):
    """Return the parts' timelines, which are those of the whole."""
    whole, views, by_part = whole_and_parts(some, at, many)
    seen = [timeline.patient_id for timelines in by_part for timeline in timelines]
    assert sorted(seen) == list(whole.patient_ids)
    for timelines in by_part:
        for timeline in timelines:
            assert timeline.contents() == whole.timeline(timeline.patient_id).contents()
    assert all(view.setting == whole.setting for view in views)
    return by_part


@SOME
@given(of_several_groups(), st.sampled_from([60, 96]), st.integers(min_value=2, max_value=5))
def test_the_parts_hold_the_timelines_of_the_whole_each_once(history, hour, many):
    same_timelines(history, BEGAN + timedelta(hours=hour), many)


@pytest.mark.parametrize("many", [1, 2, 7])
def test_the_parts_of_a_simulated_ward_hold_its_timelines(many):
    made = simulate_ward(seed=4, days=60)
    some = [Fact(table=name, row=row) for name, rows in made.facts.items() for row in rows]
    by_part = same_timelines(some, made.ends_at, many)
    assert len(by_part) == many
    assert max(map(len, by_part)) <= 2 * min(map(len, by_part))


FAR_APART = ("TEST-1", "TEST-9")
NAMES = {table.row: name for name, table in TABLES.items()}


def cut_in_two(*rows):
    """Return the timelines by part, of rows or facts and a stay of TEST-1 and of TEST-9, cut in two."""
    stays = [stay(patient, "2N", "2026-03-01 10:00", "2026-03-02 10:00") for patient in FAR_APART]
    return same_timelines([*map(fact_of, (facility(), *stays, *rows))], at("2026-03-20 12:00"), 2)


def fact_of(row):
    return row if isinstance(row, Fact) else Fact(table=NAMES[type(row)], row=row)


def parted(*rows):
    return [[timeline.patient_id for timeline in timelines] for timelines in cut_in_two(*rows)]


def test_patients_whose_facts_do_not_touch_are_cut_apart():
    assert parted() == [["TEST-1"], ["TEST-9"]]
    both = [specimen(f"SP-{patient}", patient, "2026-03-02 10:00") for patient in FAR_APART]
    assert parted(*both, gene("R-1", "SP-TEST-1", "KPC"), gene("R-9", "SP-TEST-9", "KPC")) == [["TEST-1"], ["TEST-9"]]


@pytest.mark.parametrize(
    "rows",
    [
        [specimen("SP", "TEST-1", "2026-03-02 10:00"), specimen("SP", "TEST-9", "2026-03-02 11:00")],
        [
            stay("TEST-9", "2N", "2026-03-04 10:00", encounter_id="E-TEST-1-2026-03-01"),
            admission("TEST-1", "2026-03-01"),
        ],
        [admission("TEST-1", "2026-03-01", encounter_id="E"), admission("TEST-9", "2026-03-02", encounter_id="E")],
        [
            specimen("SP-1", "TEST-1", "2026-03-02 10:00"),
            specimen("SP-9", "TEST-9", "2026-03-02 10:00"),
            gene("R", "SP-1", "KPC", "2026-03-03 10:00"),
            gene("R", "SP-9", "KPC", "2026-03-04 10:00"),
        ],
        [
            specimen("SP-1", "TEST-1", "2026-03-02 10:00"),
            specimen("SP-9", "TEST-9", "2026-03-02 10:00"),
            isolate("I", "SP-9"),
            gene("R", "SP-1", "KPC", isolate_id="I"),
        ],
        [linked("TEST-1", "TEST-5", "2026-03-03 10:00"), linked("TEST-5", "TEST-9", "2026-03-03 10:00")],
    ],
    ids=["specimen", "stay in a visit", "visit", "result", "isolate", "links"],
)
def test_patients_whose_facts_touch_stay_together(rows):
    together = [some for some in parted(*rows) if some]
    assert len(together) == 1


def test_a_result_moved_to_a_specimen_nobody_knows_is_gone_from_the_part_too():
    swab = specimen("SP", "TEST-9", "2026-03-02 10:00")
    first = gene("R", "SP", "KPC", "2026-03-03 10:00")
    assert [len(t.rows("results")) for timelines in cut_in_two(swab, first) for t in timelines] == [0, 1]
    moved = gene("R", "ANOTHER", "KPC", "2026-03-04 10:00")
    assert [len(t.rows("results")) for timelines in cut_in_two(swab, first, moved) for t in timelines] == [0, 0]


def test_a_link_taken_back_keeps_two_numbers_together():
    back = linked("TEST-1", "TEST-9", "2026-03-05 10:00", LinkAction.UNLINK)
    assert parted(linked("TEST-1", "TEST-9", "2026-03-03 10:00"), back) == [["TEST-1", "TEST-9"], []]


def test_what_was_decoded_again_as_of_another_patient_is_gone_from_the_first():
    first = Fact(table="stays", row=stay("TEST-1", "3W", "2026-03-05 10:00"), message="m")
    again = Fact(table="stays", row=stay("TEST-9", "3W", "2026-03-05 10:00"), message="m", generation=2)
    assert [len(t.stays) for timelines in cut_in_two(first, again) for t in timelines] == [1, 2]


def test_a_declaration_undone_by_one_about_nobody_is_undone_in_the_part():
    opened = declared(DeclarationKind.SCREEN, "2026-03-03 10:00", patient_id=PatientId("TEST-9"), encounter_id="E-9")
    undone = declared(DeclarationKind.UNDONE, "2026-03-04 10:00", undoes=opened.declaration_id)
    assert [len(t.declarations) for timelines in cut_in_two(opened) for t in timelines] == [0, 1]
    assert [len(t.declarations) for timelines in cut_in_two(opened, undone) for t in timelines] == [0, 0]


def test_a_declaration_about_a_visit_is_found_by_way_of_the_visit():
    visits = [admission(patient, "2026-03-01 09:00") for patient in FAR_APART]
    screen = declared(DeclarationKind.SCREEN, "2026-03-03", encounter_id=visits[1].encounter_id)
    assert [len(t.declarations) for timelines in cut_in_two(*visits, screen) for t in timelines] == [0, 1]


def test_the_zone_of_a_declaration_by_day_comes_from_anothers_visit():
    opened = declared(DeclarationKind.SCREEN, "2026-03-02 10:00", patient_id=PatientId("TEST-1"), encounter_id="E-1")
    visit = admission("TEST-9", "2026-03-01 09:00", encounter_id="E-9", facility_id="Oak")
    undone = declared(DeclarationKind.UNDONE, "2026-03-04", undoes=opened.declaration_id, encounter_id="E-9")
    sites = facility("America/Vancouver"), facility("Asia/Tokyo", "Oak")
    rows = [*sites, *(stay(patient, "2N", "2026-03-01 10:00") for patient in FAR_APART), visit, opened, undone]
    # In Tokyo the 4th has begun.
    first, _ = same_timelines([*map(fact_of, rows)], at("2026-03-03 20:00"), 2)
    assert first[0].declarations == ()


def test_places_and_what_is_of_a_place_are_in_every_part():
    sink = specimen("SINK", None, "2026-03-02 10:00")
    place = Place(facility_id="Elm", level=PlaceLevel.WARD, ward="2N")
    stays = [stay(patient, "2N", "2026-03-01 10:00") for patient in FAR_APART]
    rows = [facility(), place, sink, gene("R", "SINK", "KPC"), *stays]
    _, views, _ = whole_and_parts([*map(fact_of, rows)], at("2026-03-20 12:00"), 2)
    for view in views:
        assert [len(view.rows(name)) for name in ("places", "specimens", "results", "stays")] == [1, 1, 1, 1]


def test_a_record_of_nobody_is_one_part():
    parts = Parts(columns_of([fact_of(facility())]), 5)
    assert len(parts) == 1
    assert len(parts.columns(0)["facilities"]) == 1


def test_fewer_patients_than_parts_asked_for_are_a_part_each():
    rows = [fact_of(stay(f"TEST-{n}", "2N", "2026-03-01 10:00")) for n in range(3)]
    assert len(Parts(columns_of(rows), 50)) == 3
