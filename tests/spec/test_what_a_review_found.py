"""Faults found in review, each kept as an example."""

from dataclasses import replace

import pytest
from builders import admission, at, declared, facility, gene, linked, room, specimen, stay, view, when

from ringfence.assess import Precautions
from ringfence.chain import analyze, checks
from ringfence.policy import load_policy
from ringfence.record import (
    CaseStatus,
    DeclarationKind,
    DoubtKind,
    Fact,
    Isolate,
    Level,
    OrganismCode,
    Place,
    PlaceKind,
    PlaceLevel,
    TaskState,
    Verdict,
    View,
    Waits,
    columns_of,
    doubts,
    latest_moment,
)

NL = load_policy("nl")
TABLES_OF_CARRIER = ("encounters", "stays", "specimens", "results")
STOPPED = declared(DeclarationKind.PRECAUTIONS_ENDED, "2026-05-10 12:00", patient_id="TEST-A", facility_id="Elm")


def found(as_of, *rows):
    return analyze(view(as_of, *rows), NL)


def carrier(patient="TEST-A"):
    return [
        admission(patient, "2026-05-01 10:00"),
        stay(patient, "2N", "2026-05-01 10:00", room="201"),
        specimen(f"SP-{patient}", patient, "2026-05-02 10:00"),
        gene(f"R-{patient}", f"SP-{patient}", "KPC", "2026-05-04 10:00"),
    ]


def test_a_stop_of_precautions_does_not_silence_a_positive_reported_after_it():
    late = [specimen("SP2", "TEST-A", "2026-05-09 10:00"), gene("R2", "SP2", "NDM", "2026-05-12 10:00")]
    assert found("2026-05-11 10:00", *carrier(), STOPPED).precautions["TEST-A"].status is Precautions.STOPPED
    after = found("2026-05-13 10:00", *carrier(), *late, STOPPED).precautions["TEST-A"]
    assert after.status is Precautions.RECOMMENDED


def test_a_stop_of_precautions_does_not_reach_a_number_merged_later():
    rows = [*carrier(), *carrier("TEST-B"), STOPPED, linked("TEST-A", "TEST-B", "2026-05-12 10:00")]
    assert found("2026-05-13 10:00", *rows).precautions["TEST-A"].status is Precautions.RECOMMENDED


def test_what_was_done_of_one_case_is_not_done_of_the_next():
    neighbour = [admission("TEST-B", "2026-05-01 10:00"), stay("TEST-B", "2N", "2026-05-01 10:00", room="201")]
    first = found("2026-05-05 10:00", *carrier(), *neighbour)
    task = next(t for t in first.tasks if t.patient_id == "TEST-B" and t.task.startswith("decide on a screen"))
    done = declared(DeclarationKind.DONE, "2026-05-05 12:00", patient_id="TEST-B", about=task.task_id)
    states = [t.state for t in found("2026-05-06 10:00", *carrier(), *neighbour, done).tasks if t.task == task.task]
    assert states == [TaskState.DONE]
    other = carrier("TEST-C")
    after = found("2026-05-06 10:00", *carrier(), *neighbour, done, *other).tasks
    assert TaskState.DECIDE in [t.state for t in after if t.patient_id == "TEST-B" and t.task == task.task]


def test_a_declaration_on_a_visit_does_not_follow_it_to_another_patient():
    visit = admission("TEST-A", "2026-05-01 10:00")
    about = {"patient_id": "TEST-A", "encounter_id": visit.encounter_id}
    rows = [
        Fact(table="facilities", row=facility()),
        Fact(table="encounters", row=visit),
        Fact(table="encounters", row=replace(visit, patient_id="TEST-B"), recorded=at("2026-05-02 10:00")),
        Fact(table="declarations", row=declared(DeclarationKind.DO_NOT_SCREEN, "2026-05-01 12:00", **about)),
    ]
    (line,) = analyze(View.of_facts(rows, at=at("2026-05-03 10:00"), known_to=1), NL).ledger
    assert (line.patient_id, line.at_risk) == ("TEST-B", Verdict.UNKNOWN)


VISIT = admission("TEST-A", "2026-05-01 10:00")


def of_a_visit(*versions, decided="2026-05-02 12:00"):
    """A decision about a visit that names no patient, and the versions of the visit: whose, and recorded when."""
    about = declared(DeclarationKind.DO_NOT_SCREEN, decided, encounter_id=VISIT.encounter_id)
    rows = [Fact(table="facilities", row=facility()), Fact(table="declarations", row=about)]
    rows += [
        Fact(table="encounters", row=replace(VISIT, patient_id=patient), recorded=at(recorded))
        for patient, recorded in versions
    ]
    return View.of_facts(rows, at=at("2026-05-09 10:00"), known_to=1)


@pytest.mark.parametrize(
    ("versions", "waits"),
    [
        ([("TEST-A", "2026-05-01 10:00"), ("TEST-B", "2026-05-03 10:00")], True),
        ([("TEST-A", "2026-05-01 10:00"), ("TEST-B", "2026-05-02 10:00")], False),
        ([("TEST-A", "2026-05-01 10:00"), ("TEST-A", "2026-05-03 10:00")], False),
        (
            [("TEST-A", "2026-05-01 10:00"), ("TEST-B", "2026-05-02 10:00"), ("TEST-A", "2026-05-03 10:00")],
            True,
        ),
    ],
)
def test_a_decision_about_a_visit_that_was_another_patients_then_waits_for_a_person(versions, waits):
    seen = of_a_visit(*versions)
    assert (list(seen.waiting.values()) == [Waits.MOVED]) == waits
    findings = analyze(seen, NL)
    assert (findings.ledger[0].at_risk is Verdict.UNKNOWN) == waits
    asked = [t for t in findings.tasks if t.task.startswith("decide whom a declaration is about")]
    assert len(asked) == waits


def test_what_was_declared_while_a_feed_said_two_numbers_were_one_waits_once_it_takes_that_back():
    link = linked("TEST-A", "TEST-B", "2026-05-05 09:00")
    rows = [Fact(table="facilities", row=facility())]
    rows += [Fact(table=name, row=row) for name, row in zip(TABLES_OF_CARRIER, carrier(), strict=True)]
    rows += [Fact(table="encounters", row=admission("TEST-B", "2026-05-01 10:00"))]
    told = declared(DeclarationKind.CASE_CONFIRMED, "2026-05-06 10:00", case_id="TEST-A:KPC:1")
    rows += [Fact(table="declarations", row=told), Fact(table="identity_links", row=link, sent=at("2026-05-05 10:00"))]
    assert not View.of_facts(rows, at=at("2026-05-09 10:00"), known_to=1).waiting
    back = Fact(table="identity_links", row=link, sent=at("2026-05-08 10:00"), retracts=True)
    seen = View.of_facts([*rows, back], at=at("2026-05-09 10:00"), known_to=1)
    assert list(seen.waiting.values()) == [Waits.UNLINKED]


def test_what_was_declared_before_a_feed_linked_two_numbers_stands():
    link = linked("TEST-A", "TEST-B", "2026-05-05 09:00")
    told = declared(DeclarationKind.CASE_CONFIRMED, "2026-05-04 10:00", case_id="TEST-A:KPC:1")
    rows = [Fact(table="facilities", row=facility()), Fact(table="declarations", row=told)]
    rows += [
        Fact(table="identity_links", row=link, sent=at("2026-05-05 10:00"), retracts=back) for back in (False, True)
    ]
    assert not View.of_facts(rows, at=at("2026-05-09 10:00"), known_to=1).waiting


def test_a_result_that_says_no_time_is_withdrawn_and_not_forgotten_with_its_specimen():
    facts = of_somebody()
    facts[2] = replace(facts[2], row=gene("R1", "SP1", "KPC"))
    retracted = replace(facts[1], retracts=True, recorded=at("2026-05-06 12:00"))
    assert cases([*facts, retracted]) == {("TEST-A", CaseStatus.WITHDRAWN)}


def test_a_specimen_given_to_another_and_back_leaves_no_case_on_the_other():
    facts = of_somebody()
    moved = [
        replace(facts[1], row=replace(facts[1].row, patient_id=patient), recorded=at(recorded))
        for patient, recorded in (("TEST-C", "2026-05-05 09:00"), ("TEST-A", "2026-05-06 09:00"))
    ]
    assert cases([*facts, moved[0]]) == {("TEST-C", CaseStatus.PROBABLE), ("TEST-A", CaseStatus.WITHDRAWN)}
    assert cases([*facts, *moved]) == cases(facts) == {("TEST-A", CaseStatus.PROBABLE)}


def test_one_number_that_two_systems_use_joins_nobody_to_anothers_result():
    def of(patient, enzyme, system):
        rows = [
            ("specimens", specimen("17", patient, "2026-05-02 10:00")),
            ("isolates", Isolate(isolate_id="I1", specimen_id="17", organism=OrganismCode("klebsiella-pneumoniae"))),
            ("results", gene("R1", "17", enzyme, "2026-05-04 10:00", isolate_id="I1")),
        ]
        return [Fact(table=name, row=row, system=system, message=system) for name, row in rows]

    site = Fact(table="facilities", row=facility())
    one, other = of("TEST-A", "KPC", "north"), of("TEST-B", "NDM", "south")
    for facts in ([site, *one, *other], [site, *other, *one]):
        findings = analyze(View.of_facts(facts, at=at("2026-05-21 10:00"), known_to=1), NL)
        assert {(c.patient_id, c.carbapenemases, c.specimen_id) for c in findings.cases} == {
            ("TEST-A", "KPC", "17@north"),
            ("TEST-B", "NDM", "17@south"),
        }
        found = [check for check in checks(findings, ()) if check.what == "one number, several systems"]
        assert {check.about for check in found} == {"specimens:17", "isolates:I1", "results:R1"}


def of_somebody(*more):
    """A specimen of A with its result, in an export of the 20th; and what else is said of it."""
    sent = at("2026-05-20 10:00")
    first = specimen("SP1", "TEST-A", "2026-05-02 10:00")
    return [
        Fact(table="facilities", row=facility()),
        Fact(table="specimens", row=first, sent=sent, message="one"),
        Fact(table="results", row=gene("R1", "SP1", "KPC", "2026-05-04 10:00"), sent=sent, message="one"),
        *(Fact(table="specimens", row=first, sent=sent, message="one", **said) for said in more),
    ]


def cases(facts, as_of="2026-05-21 10:00"):
    findings = analyze(View.of_facts(facts, at=at(as_of), known_to=1), NL)
    return {(case.patient_id, case.status) for case in findings.cases}


def test_a_correction_that_says_when_it_was_recorded_outranks_the_row_beside_it_that_does_not():
    facts = of_somebody()
    corrected = replace(facts[1], row=replace(facts[1].row, patient_id="TEST-B"), recorded=at("2026-05-05 09:00"))
    assert ("TEST-B", CaseStatus.PROBABLE) in cases([*facts, corrected])


def test_the_next_full_export_does_not_bring_back_what_a_person_retracted():
    retracted = {"retracts": True, "recorded": at("2026-05-06 12:00")}
    assert cases(of_somebody(retracted)) == {("TEST-A", CaseStatus.WITHDRAWN)}


def test_the_latest_moment_counts_when_a_correction_was_recorded():
    facts = of_somebody({"recorded": at("2026-05-25 09:00")})
    assert latest_moment(columns_of(facts)) == at("2026-05-25 09:00")


@pytest.mark.parametrize("names", ["123", "132", "321"])
def test_an_undo_of_an_undo_holds_whatever_the_numbers_and_times(names):
    infection = declared(DeclarationKind.INFECTION, "2026-05-07 10:00", case_id="TEST-A:KPC:1")
    first = replace(infection, declaration_id=names[0])
    second = replace(declared(DeclarationKind.UNDONE, "2026-05-07 10:00", undoes=names[0]), declaration_id=names[1])
    third = replace(declared(DeclarationKind.UNDONE, "2026-05-07 10:00", undoes=names[1]), declaration_id=names[2])
    assert view("2026-05-08 10:00", first, second, third).undone == {names[1]}
    assert view("2026-05-08 10:00", first, second).undone == {names[0]}


def test_two_declarations_that_undo_each_other_do_not_go_round_for_ever():
    one = replace(declared(DeclarationKind.UNDONE, "2026-05-07 10:00", undoes="2"), declaration_id="1")
    two = replace(declared(DeclarationKind.UNDONE, "2026-05-07 11:00", undoes="1"), declaration_id="2")
    assert view("2026-05-08 10:00", one, two).undone <= {"1", "2"}


def test_a_facility_recorded_late_still_has_its_zone_before():
    facts = [Fact(table="facilities", row=facility(), recorded=at("2026-05-20 10:00"))]
    facts += [Fact(table="stays", row=stay("TEST-A", "2N", "2026-05-01 10:00"))]
    seen = View.of_facts(facts, at=at("2026-05-11 10:00"), known_to=1)
    assert seen.zone("Elm").key == "Europe/Amsterdam"


def test_a_fact_that_says_both_when_it_was_recorded_and_reported_counts_once():
    rows = [gene("R1", "SP1", "KPC", "2026-05-04 10:00"), gene("R2", "SP1", "KPC")]
    facts = [Fact(table="results", row=rows[0], recorded=at("2026-05-04 11:00")), Fact(table="results", row=rows[1])]
    assert View.of_facts(facts, at=at("2026-05-11 10:00"), known_to=1).assumed_knowledge() == (1, 2)


def test_a_room_that_became_a_hallway_is_still_the_room_it_was():
    def use(kind, **dates):
        period = {name: when(day) for name, day in dates.items()}
        return replace(room("2N", "201", kind), **period)

    uses = [use(PlaceKind.MULTI, end="2026-06-01"), use(PlaceKind.HALLWAY, start="2026-06-01")]
    both = [*carrier(), stay("TEST-B", "2N", "2026-05-01 10:00", "2026-05-20 10:00", room="201"), *uses]
    both[1] = replace(both[1], end=when("2026-05-25 10:00"))
    for as_of in ("2026-05-28 10:00", "2026-06-03 10:00"):
        assert Level.ROOM in {e.level for e in found(as_of, *both).exposures}
    later = [
        replace(r, start=when("2026-06-10 10:00"), end=None) if hasattr(r, "ward") and hasattr(r, "stay_id") else r
        for r in both
    ]
    assert Level.ROOM not in {e.level for e in found("2026-06-20 10:00", *later).exposures}


def test_a_room_left_out_of_a_map_of_bathrooms_is_said():
    mapped = Place(facility_id="Elm", level=PlaceLevel.ROOM, ward="2N", room="201", bathroom="B1")
    beds = [stay(f"TEST-{room}", "2N", "2026-05-01 10:00", room=room) for room in ("201", "202")]
    lacking = [d for d in doubts(view("2026-05-03 10:00", mapped, *beds)) if d.kind is DoubtKind.NO_BATHROOMS]
    assert [(d.ward, d.room) for d in lacking] == [("2N", "202")]


def test_rows_of_a_site_that_is_not_on_record_wait_and_are_listed():
    elsewhere = stay("TEST-B", "5", "2026-05-01 10:00", facility_id="Oak")
    findings = found("2026-05-05 10:00", *carrier(), elsewhere)
    waits = [check for check in checks(findings, ()) if check.what == "waits for facilities"]
    assert [check.about for check in waits] == [f"stays:{elsewhere.stay_id}"]
    assert findings.cases
