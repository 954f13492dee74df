"""Organisms and specimens by any name, and never by a wrong one."""

import pytest

from ringfence.vocabulary import (
    UnknownOrganism,
    UnknownSpecimenKind,
    organism,
    organisms,
    specimen_kind,
    specimen_kinds,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Klebsiella pneumoniae", "Klebsiella pneumoniae"),
        ("klebsiella PNEUMONIAE", "Klebsiella pneumoniae"),
        ("  Klebsiella \t  pneumoniae ", "Klebsiella pneumoniae"),
        ("K. pneumoniae", "Klebsiella pneumoniae"),
        ("kpn", "Klebsiella pneumoniae"),
        ("KPN", "Klebsiella pneumoniae"),
        ("klebsiella-pneumoniae", "Klebsiella pneumoniae"),
        ("E. coli", "Escherichia coli"),
        ("eco", "Escherichia coli"),
        ("Enterobacter aerogenes", "Klebsiella aerogenes"),
        ("Klebsiella (Enterobacter) aerogenes", "Klebsiella aerogenes"),
        ("eae", "Klebsiella aerogenes"),
        ("Acinetobacter spp.", "Acinetobacter species"),
        ("abx", "Acinetobacter baumannii complex"),
        ("aba", "Acinetobacter baumannii"),
        ("pae", "Pseudomonas aeruginosa"),
    ],
)
def test_an_organism_is_known_by_name_synonym_or_whonet_code_in_any_case_and_spacing(text, name):
    assert organism(text).name == name


@pytest.mark.parametrize(
    "text", ["", " ", "CRE", "no growth", "Klebsiela", "E coli O157", "MRSA", "kp", "K pneumoniae"]
)
def test_a_name_that_is_not_in_the_codelist_is_refused_with_a_remedy(text):
    with pytest.raises(UnknownOrganism) as refused:
        organism(text)
    assert "WHONET code" in str(refused.value)
    assert "mapping" in str(refused.value)


def test_the_refusal_of_a_misspelt_organism_names_the_nearest():
    with pytest.raises(UnknownOrganism, match=r"(?i)did you mean `klebsiella pneumoniae`"):
        organism("Klebsiela pneumonae")


def test_the_refusal_of_an_organism_never_repeats_the_text():
    with pytest.raises(UnknownOrganism) as refused:
        organism("CANARY-NAME")
    assert "canary" not in str(refused.value).casefold()


def test_no_organism_in_the_codelist_is_lost_and_each_is_found_by_code_name_and_whonet_code():
    assert len(organisms()) > 30
    for one in organisms().values():
        assert organism(one.code) == one
        assert organism(one.name) == one
        assert not one.whonet or organism(one.whonet) == one


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("rectal_swab", "rectal_swab"),
        ("Rectal swab", "rectal_swab"),
        (" RECTAL  SWAB ", "rectal_swab"),
        ("blood", "blood"),
        ("Cerebrospinal fluid", "cerebrospinal_fluid"),
        ("cerebrospinal_fluid", "cerebrospinal_fluid"),
        ("Device exit site swab", "exit_site"),
        ("environment", "environment"),
    ],
)
def test_a_specimen_is_known_by_code_or_name(text, code):
    assert specimen_kind(text).code == code


def test_only_sites_that_hold_no_bacteria_in_health_are_sterile():
    sterile = {kind.code for kind in specimen_kinds().values() if kind.sterile}
    assert sterile == {"blood", "cerebrospinal_fluid", "pleural_fluid", "joint_fluid"}


@pytest.mark.parametrize("text", ["", "spit", "CANARY-NAME", "rectalswab-2"])
def test_an_unknown_specimen_is_refused_with_the_list_and_never_repeated(text):
    with pytest.raises(UnknownSpecimenKind) as refused:
        specimen_kind(text)
    assert "Kinds are: rectal_swab, stool" in str(refused.value)
    assert not text or text.casefold() not in str(refused.value).casefold()


def test_the_refusal_of_a_misspelt_specimen_names_the_nearest():
    with pytest.raises(UnknownSpecimenKind, match="Did you mean `rectal_swab`"):
        specimen_kind("rectal swap")
