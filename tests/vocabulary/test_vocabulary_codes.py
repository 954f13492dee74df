"""Codes of LOINC and SNOMED CT: check digits, and a code read together with the words beside it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_vocabulary_codelists import loinc_holds, rows, verhoeff_holds

from ringfence.vocabulary import (
    LOINC,
    SNOMED_CT,
    UnknownCode,
    alleles,
    carbapenemase,
    coded,
    codes,
    families,
    is_loinc,
    is_snomed,
    organisms,
    read_codelist,
    shipped,
    specimen_kinds,
)

CODES = sorted(codes().values(), key=lambda one: (one.system, one.code))
# LOINC's own parts, seen in published value sets (German MII and Swiss CH ELM).
PARTS = ["LP113695-3", "LP217195-9", "LP7755-4", "LP441355-7"]


def refused(system, code, display=""):
    with pytest.raises(UnknownCode) as error:
        coded(system, code, display)
    return error.value


@given(st.from_regex(r"\A[0-9]{1,7}-[0-9]\Z"))
def test_the_check_digit_of_loinc_agrees_with_its_plain_reading(code):
    assert is_loinc(code) == loinc_holds(code)


@given(st.from_regex(r"\A[0-9]{5,19}\Z"))
def test_the_check_digit_of_snomed_ct_agrees_with_its_plain_reading(code):
    assert is_snomed(code) == verhoeff_holds(code)


@given(st.sampled_from([one for one in CODES if one.system == SNOMED_CT]), st.data())
def test_one_digit_changed_in_a_code_of_snomed_ct_is_always_noticed(one, data):
    at = data.draw(st.integers(0, len(one.code) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != one.code[at]]))
    assert not is_snomed(f"{one.code[:at]}{other}{one.code[at + 1 :]}")


@pytest.mark.parametrize("code", PARTS)
def test_a_part_of_loinc_has_its_own_check_digit(code):
    assert is_loinc(code)
    assert not is_loinc(f"{code[:-1]}{(int(code[-1]) + 1) % 10}")


@pytest.mark.parametrize("code", ["", "49617", "49617-", "-4", "x49617-4", "\u0664-2", "49617-4\n", "LA6576-8"])
def test_what_has_not_the_form_of_a_code_of_loinc_is_none(code):
    assert not is_loinc(code)


def test_every_code_passes_its_check_digit():
    assert len(CODES) > 150
    assert [one.code for one in CODES if not (is_loinc if one.system == LOINC else is_snomed)(one.code)] == []


def test_every_meaning_of_a_code_is_something_that_we_have_words_for():
    groups = {one.group for one in organisms().values()} | {"bacteria", "Moraxellaceae"}
    names = {
        "organism": set(organisms()),
        "cp-organism": set(organisms()) | groups,
        "resistant-organism": groups,
        "specimen": set(specimen_kinds()),
        "finding": {"detected", "not_detected"},
        "technique": {"mcim", "pcr", "multiplex_pcr", "sequencing", "rapid_immunoassay"},
        "activity": {"carbapenemase"},
        "report": {"laboratory"},
        "part": {"carbapenem_resistance_genes"},
    }
    for one in CODES:
        if one.kind in ("gene", "protein"):
            assert carbapenemase(one.about)
        elif one.kind == "susceptibility":
            assert re.fullmatch(r"[a-z]+(_[a-z]+)?:(mic|disk|gradient_strip|any)", one.about), one
        else:
            assert one.about in names[one.kind], one


@pytest.mark.skipif(
    not shipped("codelists", "antibiotics.csv").is_file(), reason="the list of antibiotics is not here yet"
)
def test_every_drug_that_a_code_names_is_an_antibiotic_of_the_codelist():
    listed = {value for row in read_codelist("antibiotics") for value in row.values()} | {"carbapenem"}
    assert {one.about.split(":")[0] for one in CODES if one.kind == "susceptibility"} - listed == set()


def test_the_code_of_a_family_or_variant_is_the_code_that_means_it():
    for one in [*families().values(), *alleles().values()]:
        if one.loinc:
            meant = codes()[(LOINC, one.loinc)].about
            assert meant == ("OXA-24/40" if one.name in ("OXA-24", "OXA-40") else one.name)


@pytest.mark.parametrize("one", CODES, ids=lambda one: one.code)
def test_each_code_agrees_with_its_own_display_and_with_none(one):
    assert coded(one.system, one.code) == one
    assert coded(one.system, one.code, one.display) == one
    assert coded(one.system, f" {one.code} ", one.display.upper()) == one


@pytest.mark.parametrize("system", ["LN", "loinc", "http://loinc.org", "urn:oid:2.16.840.1.113883.6.1"])
def test_a_code_system_is_known_by_the_names_that_messages_use(system):
    assert coded(system, "49617-4").means == "gene:KPC"


# Each code by its source: the Swiss CH ELM, the German MII and the WHONET lists; displays shortened or reordered by us.
@pytest.mark.parametrize(
    ("system", "code", "display", "means"),
    [
        (LOINC, "49617-4", "blaKPC gene", "gene:KPC"),
        (LOINC, "49617-4", "Klebsiella pneumoniae carbapenemase gene", "gene:KPC"),
        (LOINC, "85827-4", "OXA-48-like gene", "gene:OXA-48-like"),
        (LOINC, "105025-1", "OXA 181", "gene:OXA-181"),
        (LOINC, "105029-3", "blaOXA-24/40", "gene:OXA-24/40"),
        (LOINC, "101677-3", "NDM, rapid immunoassay", "protein:NDM"),
        (LOINC, "86930-5", "Carbapenemase in isolate", "activity:carbapenemase"),
        (LOINC, "6652-2", "Meropenem MIC", "susceptibility:meropenem:mic"),
        (LOINC, "6653-0", "Meropenem zone diameter, disk diffusion", "susceptibility:meropenem:disk"),
        (LOINC, "18943-1", "Meropenem", "susceptibility:meropenem:any"),
        (LOINC, "73625-6", "Ceftazidime+Avibactam MIC", "susceptibility:ceftazidime_avibactam:mic"),
        (SNOMED_CT, "112283007", "E. coli", "organism:escherichia-coli"),
        (
            SNOMED_CT,
            "1098201000112108",
            "Klebsiella pneumoniae, carbapenemase producing",
            "cp-organism:klebsiella-pneumoniae",
        ),
        (SNOMED_CT, "258066000", "PCR", "technique:pcr"),
        (SNOMED_CT, "258527002", "Rectal swab", "specimen:rectal_swab"),
        (SNOMED_CT, "119339001", "Stool", "specimen:stool"),
        (SNOMED_CT, "260373001", "DETECTED", "finding:detected"),
    ],
)
def test_a_shortened_or_reordered_display_agrees_with_its_code(system, code, display, means):
    assert coded(system, code, display).means == means


@pytest.mark.parametrize(
    ("system", "code", "display"),
    [
        (LOINC, "49617-4", "blaNDM gene"),
        (LOINC, "49617-4", "blaKPC-3 gene"),
        (LOINC, "49617-4", "blaKPC and blaNDM genes"),
        (LOINC, "49617-4", "KPC carbapenemase by Rapid immunoassay"),
        (LOINC, "49617-4", "Carbapenem resistance gene"),
        (LOINC, "85827-4", "blaOXA-48 gene"),
        (LOINC, "85503-1", "blaOXA-48-like gene"),
        (LOINC, "101673-2", "blaKPC gene by Molecular method"),
        (LOINC, "49617-4", "CTX-M gene"),
        (LOINC, "86930-5", "KPC carbapenemase in isolate"),
        (LOINC, "86930-5", "Isolate"),
        (LOINC, "6652-2", "Imipenem MIC"),
        (LOINC, "6652-2", "Meropenem zone diameter"),
        (LOINC, "6652-2", "Meropenem minimum lethal concentration"),
        (LOINC, "18943-1", "Meropenem MIC"),
        (LOINC, "133-9", "Ceftazidime+Avibactam MIC"),
        (SNOMED_CT, "112283007", "Klebsiella pneumoniae"),
        (SNOMED_CT, "112283007", "Carbapenemase-producing Escherichia coli"),
        (SNOMED_CT, "737528008", "Escherichia coli"),
        (SNOMED_CT, "1096801000112108", "Carbapenemase-producing Klebsiella pneumoniae"),
        (SNOMED_CT, "1098201000112108", "Carbapenemase-producing Klebsiella"),
        (SNOMED_CT, "1303998006", "Polymerase chain reaction"),
        (SNOMED_CT, "119339001", "Anal swab"),
        (SNOMED_CT, "260373001", "Not detected"),
        (SNOMED_CT, "260415000", "Detected"),
    ],
)
def test_a_display_that_says_something_else_is_refused_with_what_the_code_means(system, code, display):
    error = refused(system, code, display)
    assert "say something else than the code" in error.problem
    assert "This is the code of: " in error.remedy


@pytest.mark.parametrize(
    ("system", "code", "display", "problem", "remedy"),
    [
        (LOINC, "85827-4", "Carbapenemase [Presence] in Isolate", "OXA-48-like gene", "86930-5"),
        (LOINC, "101214-7", "", "fails the check digit", "Ask the laboratory"),
        (LOINC, "99596-9", "ESBL", "SARS-CoV-2 antibody", "Ask the laboratory"),
        (SNOMED_CT, "3491000000000", "Candida auris", "spreadsheet", "3491000146109, which a person must check first"),
        (SNOMED_CT, "82550008", "Acinetobacter baumannii complex", "not the complex", "by its name"),
        (
            SNOMED_CT,
            "432763001",
            "Carbapenemase-producing Enterobacter ludwigii",
            "plain organism",
            "result of its own",
        ),
        (LOINC, "49617-5", "", "its check digit is wrong", "Copy it again"),
        (LOINC, "718-7", "", "not in `codelists/codes.csv`", "Map it"),
        (SNOMED_CT, "112283008", "", "its check digit is wrong", "Copy it again"),
        ("ICD-10", "Z22", "", "not a code system", "LOINC or SNOMED CT"),
    ],
)
def test_a_wrong_code_is_refused_with_what_is_right(system, code, display, problem, remedy):
    error = refused(system, code, display)
    assert problem in error.problem
    assert remedy in error.remedy


def test_the_plain_organism_in_the_swiss_list_of_producers_is_a_plain_organism():
    assert coded(SNOMED_CT, "432763001", "Enterobacter ludwigii (organism)").means == "organism:enterobacter-ludwigii"


def test_of_the_wrong_codes_those_said_to_fail_the_check_digit_do_and_those_to_use_instead_pass_it():
    assert not is_loinc("101214-7")
    assert not is_snomed("3491000000000")
    for row in rows("wrong_codes"):
        if row["right"]:
            assert (row["system"], row["right"]) in codes()


@given(st.sampled_from([*CODES]), st.text(max_size=30))
def test_any_words_beside_a_code_agree_with_it_or_are_refused_without_being_repeated(one, words):
    canary = f"CANARY{words}"
    error = refused(one.system, one.code, canary)
    assert "canary" not in str(error).casefold()
