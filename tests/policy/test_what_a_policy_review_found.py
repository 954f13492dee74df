"""What a review of the policy language and of the shipped clauses found, so that it stays mended."""

import pytest

from ringfence.policy import load_policy
from ringfence.vocabulary import Mark, shipped

NL = shipped("policies", "nl.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["ca-bc", "ca-on"])
def test_a_panel_of_genes_does_not_say_that_they_count(name):
    policy = load_policy(name)
    assert policy.identification.chromosomal is None
    assert policy.identification.mark("chromosomal") is Mark.NOT_SPECIFIED


def test_the_leaflet_that_asks_for_two_further_negatives_asks_for_three_in_all():
    clause = load_policy("gb").clause("gb-adm-3")
    assert clause.then.screens == 1 + 2
    assert "two further negatives may be needed" in " ".join(clause.assumes)


def test_a_year_without_any_culture_does_not_end_precautions_in_the_netherlands():
    clause = load_policy("nl").clause("nl-cle-1")
    assert clause.then is None
    assert "negative cultures" in clause.note


def test_few_active_classes_of_drugs_keep_precautions_in_the_united_states():
    policy = load_policy("us")
    kept, ended = policy.clause("us-cle-1"), policy.clause("us-cle-2")
    assert kept.then.never == "yes"
    assert "two active classes of drugs or fewer" in kept.carriers
    assert "more than two active classes of drugs" in ended.carriers


def test_the_dutch_complex_is_whole_and_candida_auris_is_said_to_be_out_of_scope():
    clause = load_policy("nl").clause("nl-ide-organisms")
    assert {"acinetobacter-pittii", "acinetobacter-calcoaceticus"} <= set(clause.then.organisms)
    assert "Candida auris" in clause.note
    assert "blaOXA-51 does not count" in load_policy("nl").clause("nl-ide-chromosomal").note


def test_what_is_carried_over_to_other_organisms_is_not_called_verified():
    policy = load_policy("us")
    assert policy.clause("us-pre-1").mark is Mark.UNVERIFIED
    assert policy.clause("us-pre-1").assumes


def test_a_case_definition_is_no_duty_to_report():
    assert load_policy("us").clause("us-rep-1").mark is Mark.NOT_SPECIFIED


@pytest.mark.parametrize("name", ["us-con-1", "us-con-2"])
def test_time_of_the_index_under_precautions_is_left_open_where_the_source_does_not_speak_of_it(name):
    clause = load_policy("us").clause(name)
    assert clause.mark is Mark.VERIFIED
    assert clause.who.index_under_precautions is None


def test_our_reading_of_pcr_then_culture_and_of_the_ring_stands_among_the_assumptions():
    assert any("our reading" in one for one in load_policy("fr").clause("fr-ide-gene").assumes)
    assert any("our reading" in one and "link" in one for one in load_policy("nl").clause("nl-out-1").assumes)


def test_the_example_of_an_overlay_says_that_it_is_temporary_and_that_its_end_and_place_were_not_read():
    overlay = load_policy("ca-bc-fraser-2018").overlay
    assert "temporary" in overlay.title
    assert any("`until`" in one for one in overlay.assumes)
    assert any("facilities" in one for one in overlay.assumes)
