"""Organisms and specimens by any name, and never by a wrong one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("E coli", "Escherichia coli"),
        ("K pneumoniae", "Klebsiella pneumoniae"),
        ("Kleb pneumoniae", "Klebsiella pneumoniae"),
        ("E. cloacae", "Enterobacter cloacae"),
        ("E.cloacae complex", "Enterobacter cloacae complex"),
        ("Citrobacter freundii complex", "Citrobacter freundii complex"),
        ("Candidozyma auris", "Candida auris"),
        ("Brucella anthropi", "Ochrobactrum anthropi"),
        ("112283007", "Escherichia coli"),
        ("113697002", "Stenotrophomonas maltophilia"),
        ("82550008", "Acinetobacter calcoaceticus"),
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


@pytest.mark.parametrize("text", ["", " ", ".", "Klebsiela", "E coli O157", "kp"])
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


# Codes from SNOMED CT and LOINC that stand where an organism belongs, and words that are no organism.
@pytest.mark.parametrize(
    ("text", "problem", "remedy"),
    [
        ("734350003", "an organism and a finding in one", "carbapenemase or the resistance as a result of its own"),
        ("1098201000112108", "an organism and a finding in one", "as a result of its own"),
        ("712662001", "an organism and a finding in one", "as a result of its own"),
        ("258527002", "a code of a specimen, not of an organism", "SNOMED CT code of the organism"),
        ("260373001", "a code of a finding, not of an organism", "SNOMED CT code of the organism"),
        ("782518009", "a code of a technique, not of an organism", "SNOMED CT code of the organism"),
        ("49617-4", "a code of a test, not of an organism", "SNOMED CT code of the organism"),
        ("718-7", "a code of a test, not of an organism", "SNOMED CT code of the organism"),
        ("112283008", "its form or its check digit is wrong", "Copy it again"),
        ("404684003", "not in `codelists/organisms.csv`", "map it in the mapping"),
        ("3491000000000", "as a spreadsheet rounded it", "3491000146109"),
        ("no growth", "names no organism", "not_detected"),
        ("Mixed flora", "names no organism", "leave the organism empty"),
        ("CRE", "a kind of resistance, not an organism", "Give the organism here"),
        ("MRSA", "a kind of resistance, not an organism", "Give the organism here"),
        ("Enterobacterales", "is a group", "species or the genus"),
        ("KPC", "a carbapenemase, not an organism", "`analyte`"),
    ],
)
def test_what_is_no_organism_is_refused_with_what_it_is_and_what_is_right(text, problem, remedy):
    with pytest.raises(UnknownOrganism) as refused:
        organism(text)
    assert problem in refused.value.problem
    assert remedy in refused.value.remedy


@pytest.mark.parametrize(
    ("text", "code"), [("258527002", "rectal_swab"), ("119339001", "stool"), ("Rectal\u00a0swab", "rectal_swab")]
)
def test_a_specimen_is_known_by_its_code_of_snomed_ct(text, code):
    assert specimen_kind(text).code == code


def test_an_organism_code_where_a_specimen_belongs_is_refused_as_such():
    with pytest.raises(UnknownSpecimenKind, match="a code of an organism, not of a specimen"):
        specimen_kind("112283007")


@given(st.one_of(st.text(max_size=30), st.from_regex(r"\A[0-9]{1,18}(-[0-9])?\Z"), st.sampled_from(["E. coli", "eco"])))
def test_any_text_yields_an_organism_that_reads_back_or_a_stated_error(text):
    try:
        found = organism(text)
    except UnknownOrganism as error:
        refused = error
    else:
        assert organism(found.code) == organism(found.name) == found
        return
    assert refused.problem.endswith(".")
    assert refused.remedy
