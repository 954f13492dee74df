"""What results mean."""

import pytest
from builders import gene, isolate, specimen, view, when

from ringfence.assess import Rules, Why, carriages, sentence
from ringfence.record import CaseStatus, Disease, Found, Novelty, Purpose, ResultStatus

NOW = "2026-03-31 12:00"


def carried(*rows, as_of=NOW, patient="TEST-1"):
    """Under a policy that takes a gene without an organism as confirmed, as the US case definition does."""
    rules = Rules(gene_alone=CaseStatus.CONFIRMED)
    return carriages(view(as_of, *rows).timeline(patient), policy="test", rules=lambda _: rules)


def test_a_gene_of_an_acquired_family_makes_a_confirmed_carrier():
    (found,) = carried(
        specimen("S", "TEST-1", "2026-03-01 10:00"), isolate("I", "S"), gene("R", "S", "KPC-3", isolate_id="I")
    )
    assert found.answer.status is CaseStatus.CONFIRMED
    assert (found.case_id, found.family, found.enzymes) == ("TEST-1:KPC:1", "KPC", ("KPC-3",))
    assert found.organisms == ("Klebsiella pneumoniae",)
    assert found.answer.reasons[0].facts == ("results:R", "specimens:S")


def test_a_gene_without_an_organism_is_no_more_than_probable_where_the_policy_does_not_say():
    rows = (specimen("S", "TEST-1", "2026-03-01 10:00"), gene("R", "S", "NDM"))
    (found,) = carriages(view(NOW, *rows).timeline("TEST-1"), policy="test")
    assert (found.answer.status, found.answer.mark) == (CaseStatus.PROBABLE, "not_specified")


def test_a_gene_without_an_organism_is_enough_where_the_policy_says_so():
    (found,) = carried(specimen("S", "TEST-1", "2026-03-01 10:00"), gene("R", "S", "NDM"))
    assert found.answer.status is CaseStatus.CONFIRMED
    assert found.organisms == ()


def test_a_preliminary_report_makes_a_probable_carrier_until_it_is_final():
    rows = (
        specimen("S", "TEST-1", "2026-03-01 10:00"),
        gene("R", "S", "KPC", "2026-03-02 10:00", status=ResultStatus.PRELIMINARY),
        gene("R", "S", "KPC", "2026-03-04 10:00"),
    )
    assert carried(*rows, as_of="2026-03-01 23:00") == ()
    assert carried(*rows, as_of="2026-03-03 10:00")[0].answer.status is CaseStatus.PROBABLE
    assert carried(*rows)[0].answer.status is CaseStatus.CONFIRMED


def test_the_order_in_which_versions_arrive_changes_nothing():
    swab = specimen("S", "TEST-1", "2026-03-01 10:00")
    early = gene("R", "S", "KPC", "2026-03-02 10:00", status=ResultStatus.PRELIMINARY)
    late = gene("R", "S", None, "2026-03-04 10:00", status=ResultStatus.CORRECTED)
    assert carried(swab, early, late) == carried(swab, late, early)


def test_a_detection_corrected_to_not_detected_is_withdrawn_and_not_erased():
    swab = specimen("S", "TEST-1", "2026-03-01 10:00")
    found = gene("R", "S", "NDM", "2026-03-03 10:00")
    corrected = gene("R", "S", "NDM", "2026-03-06 10:00", found=Found.NOT_DETECTED, status=ResultStatus.CORRECTED)
    (case,) = carried(swab, found, corrected)
    assert (case.answer.status, case.stands) == (CaseStatus.WITHDRAWN, False)
    assert sentence(case.answer.reasons[0]) == "NDM in specimen S was withdrawn or corrected"
    assert carried(swab, found, corrected, as_of="2026-03-05 10:00")[0].answer.status is CaseStatus.CONFIRMED


def test_a_result_reported_on_a_date_is_not_used_before_that_day_is_over():
    rows = (specimen("S", "TEST-1", "2026-03-01 10:00"), gene("R", "S", "KPC", "2026-03-03"))
    assert carried(*rows, as_of="2026-03-03 12:00") == ()
    assert len(carried(*rows, as_of="2026-03-03 23:59:59")) == 1


def test_a_suspicion_does_not_make_the_first_real_carriage_a_known_one():
    _, real = carried(
        specimen("S1", "TEST-1", "2026-03-01 10:00"), gene("R1", "S1", "GES-1"),
        specimen("S2", "TEST-1", "2026-03-09 10:00"), gene("R2", "S2", "KPC"),
    )  # fmt: skip
    assert (real.family, real.novelty) == ("KPC", Novelty.NEW)


def test_a_withdrawn_report_leaves_a_withdrawn_case_with_its_id():
    rows = (
        specimen("S", "TEST-1", "2026-03-01 10:00"),
        gene("R", "S", "KPC", "2026-03-02 10:00"),
        gene("R", "S", "KPC", "2026-03-05 10:00", status=ResultStatus.WITHDRAWN),
    )
    assert carried(*rows, as_of="2026-03-04 10:00")[0].answer.status is CaseStatus.CONFIRMED
    (after,) = carried(*rows)
    assert (after.case_id, after.answer.status, after.stands) == ("TEST-1:KPC:1", CaseStatus.WITHDRAWN, False)


def test_a_later_negative_cancels_nothing():
    (found,) = carried(
        specimen("S1", "TEST-1", "2026-03-01 10:00"), gene("R1", "S1", "KPC"),
        specimen("S2", "TEST-1", "2026-03-10 10:00"), gene("R2", "S2", None),
    )  # fmt: skip
    assert found.answer.status is CaseStatus.CONFIRMED


def test_bla_oxa_51_like_is_a_marker_of_the_species_and_no_case():
    assert carried(specimen("S", "TEST-1", "2026-03-01 10:00"), gene("R", "S", "OXA-51-like")) == ()


def test_a_family_that_is_only_sometimes_a_cpo_makes_a_suspicion():
    (found,) = carried(specimen("S", "TEST-1", "2026-03-01 10:00"), gene("R", "S", "GES-1"))
    assert found.answer.status is CaseStatus.SUSPECT
    assert not found.established


def test_an_earlier_specimen_that_arrives_late_moves_the_date_and_not_the_id():
    first = carried(specimen("S2", "TEST-1", "2026-03-10 10:00"), gene("R2", "S2", "KPC"))
    both = carried(
        specimen("S2", "TEST-1", "2026-03-10 10:00"), gene("R2", "S2", "KPC"),
        specimen("S1", "TEST-1", "2026-03-01 10:00"), gene("R1", "S1", "KPC"),
    )  # fmt: skip
    assert first[0].case_id == both[0].case_id
    assert both[0].first.collected == when("2026-03-01 10:00")


def test_a_second_family_in_a_known_carrier_is_a_new_gene():
    first, second = carried(
        specimen("S1", "TEST-1", "2026-03-01 10:00"), gene("R1", "S1", "KPC"),
        specimen("S2", "TEST-1", "2026-03-09 10:00"), gene("R2", "S2", "NDM"),
    )  # fmt: skip
    assert (first.novelty, second.novelty) == (Novelty.NEW, Novelty.KNOWN_NEW_GENE)


@pytest.mark.parametrize(
    ("kind", "purpose", "disease"),
    [
        ("rectal_swab", Purpose.SCREENING, Disease.COLONIZATION),
        ("blood", Purpose.CLINICAL, Disease.INFECTION_PROPOSED),
        ("urine", Purpose.CLINICAL, Disease.UNDETERMINED),
        ("wound", Purpose.CLINICAL, Disease.UNDETERMINED),
        ("isolate", Purpose.UNSTATED, Disease.UNDETERMINED),
    ],
)
def test_infection_is_proposed_only_from_a_sterile_site(kind, purpose, disease):
    (found,) = carried(specimen("S", "TEST-1", "2026-03-01 10:00", kind, purpose=purpose), gene("R", "S", "KPC"))
    assert found.disease is disease


def test_a_gene_in_a_sink_is_nobodys_case():
    sink = specimen("S", None, "2026-03-01 10:00", "environment", place_id="sink-1", purpose=Purpose.ENVIRONMENT)
    assert view(NOW, sink, gene("R", "S", "IMP-4")).patient_ids == []


def test_not_detected_makes_no_case_and_no_promise():
    assert carried(specimen("S", "TEST-1", "2026-03-01 10:00"), gene("R", "S", "KPC", found=Found.NOT_DETECTED)) == ()


def test_every_reason_has_a_sentence_and_no_sentence_says_cleared_or_safe():
    from ringfence.assess.reasons import _SENTENCES

    assert set(_SENTENCES) == set(Why)
    assert not [s for s in _SENTENCES.values() if "cleared" in s or "safe" in s]
    (found,) = carried(specimen("S", "TEST-1", "2026-03-01 10:00"), gene("R", "S", "KPC"))
    assert sentence(found.answer.reasons[0]) == "KPC detected (final result) in specimen S"
