"""Linked cases, and what data of carriers only can say."""

from builders import SITE, admission, gene, specimen, stay, view

from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import Coverage, Population

NL = load_policy("nl")
NOW = "2026-03-31 12:00"


def found_on(patient, ward, day, enzyme="KPC"):
    start, name = f"{day} 08:00", f"S-{patient}"
    return [
        stay(patient, ward, start, f"{day} 20:00"),
        specimen(name, patient, f"{day} 09:00", "urine"),
        gene(f"R-{patient}", name, enzyme),
    ]


def signals(*groups, as_of="2026-12-31 12:00"):
    return [
        (s.ward, s.carbapenemase, s.cases)
        for s in analyze(view(as_of, *(row for group in groups for row in group)), NL).signals
    ]


def test_two_cases_of_one_family_on_one_ward_within_28_days_are_linked():
    assert signals(found_on("A", "2N", "2026-03-01"), found_on("B", "2N", "2026-03-29")) == [("2N", "KPC", 2)]


def test_29_days_apart_are_not_linked():
    assert signals(found_on("A", "2N", "2026-04-01"), found_on("B", "2N", "2026-04-30")) == []


def test_each_within_28_days_of_the_one_before_is_one_run():
    found = signals(
        found_on("A", "2N", "2026-04-01"), found_on("B", "2N", "2026-04-20"), found_on("C", "2N", "2026-05-10")
    )
    assert found == [("2N", "KPC", 3)]


def test_another_ward_or_another_family_is_not_linked():
    assert signals(found_on("A", "2N", "2026-03-01"), found_on("B", "3W", "2026-03-02")) == []
    assert signals(found_on("A", "2N", "2026-03-01"), found_on("B", "2N", "2026-03-02", "NDM")) == []


def test_a_suspicion_is_linked_to_nobody():
    assert signals(found_on("A", "2N", "2026-03-01", "GES-1"), found_on("B", "2N", "2026-03-02", "GES-1")) == []


def carriers(covers):
    return [
        *found_on("A", "2N", "2026-03-01"),
        *found_on("B", "2N", "2026-03-01"),
        *([Population(facility_id=SITE, covers=covers)] if covers else []),
    ]


def test_carriers_only_gives_overlaps_and_leaves_the_rest_empty_with_the_reason():
    found = analyze(view(NOW, *carriers(Coverage.CARRIERS_ONLY), admission("A", "2026-03-01 08:00")), NL)
    assert len(found.exposures) == 2
    assert (found.contacts, found.ledger) == ((), ())
    assert "carriers only" in found.notes["contacts"]
    assert "carriers only" in found.notes["ledger"]


def test_when_nobody_said_and_everyone_who_moves_is_a_carrier_it_is_carriers_only():
    assert analyze(view(NOW, *carriers(None)), NL).contacts == ()


def test_when_somebody_who_moves_is_no_carrier_there_are_contacts():
    other = stay("C", "2N", "2026-03-01 08:00", "2026-03-01 20:00")
    assert "C" in {c.contact_patient_id for c in analyze(view(NOW, *carriers(None), other), NL).contacts}


def test_a_hospital_that_covers_all_is_believed_though_only_carriers_moved():
    assert analyze(view(NOW, *carriers(Coverage.ALL_INPATIENTS)), NL).carriers_only == {}


def test_an_empty_table_always_says_why():
    found = analyze(view(NOW, stay("A", "2N", "2026-03-01 08:00")), NL)
    assert set(found.notes) == {name for name, rows in found.rows().items() if not rows}
    assert all(found.notes.values())


def test_nothing_of_a_visit_or_a_specimen_is_seen_before_it():
    from builders import answer, isolate

    from ringfence.record import AnswerWord, Question

    visit = admission("A", "2026-03-10 08:00")
    rows = [
        visit,
        answer(visit, Question.CARE_ABROAD, AnswerWord.YES),
        specimen("S", "A", "2026-03-12 09:00"),
        isolate("I", "S"),
    ]
    assert view("2026-03-09 12:00", *rows).patient_ids == []
    seen = view("2026-03-11 12:00", *rows)
    assert (len(seen.rows("answers")), dict(seen.isolates)) == (1, {})
    assert list(view("2026-03-12 12:00", *rows).isolates) == ["I"]


def test_nothing_is_used_before_it_was_known():
    swab = [specimen("S", "A", "2026-03-01 09:00", "urine"), gene("R", "S", "KPC", "2026-03-03 15:00")]
    rows = [stay("A", "2N", "2026-03-01 08:00"), stay("B", "2N", "2026-03-01 08:00"), *swab]
    assert analyze(view("2026-03-03 14:59", *rows), NL).cases == ()
    assert len(analyze(view("2026-03-03 15:00", *rows), NL).cases) == 1
