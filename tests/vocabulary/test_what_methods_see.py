"""Methods, antibiotics, cut-offs and what is expected: each list is whole, and names only what is listed elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.vocabulary import (
    About,
    CutOffPurpose,
    Nature,
    Negative,
    Positive,
    Side,
    Span,
    UnknownAntibiotic,
    UnknownMethod,
    antibiotic,
    antibiotics,
    cut_off,
    cut_offs,
    expectations,
    expected,
    families,
    method,
    methods,
    organisms,
    read_codelist,
    read_sight,
    sight,
)

LISTS = ["antibiotics", "methods", "sight", "expected", "cutoffs"]
KINDS = ["gene", "protein", "activity", "culture"]
COLI = organisms()["escherichia-coli"]


def scopes():
    """Every way in which a list may name organisms."""
    some = organisms().values()
    return {"*"} | {o.code for o in some} | {o.name.split()[0] for o in some} | {o.group for o in some}


@pytest.mark.parametrize("name", LISTS)
def test_every_row_says_where_it_comes_from_and_how_far_it_was_checked(name):
    for row in read_codelist(name):
        assert row["origin"].strip()
        marks = (row["mark"], row.get("negative_mark", "verified"))
        assert set(marks) <= {"verified", "secondary", "unverified"}


def test_rows_name_only_organisms_methods_families_and_antibiotics_of_the_other_lists():
    for row in read_sight():
        assert row["organism"] in scopes()
        assert row["method"] in {*methods(), *KINDS}
        assert row["family"] in {"*", "named", *families()}
    for one in methods().values():
        assert set(one.targets) <= set(families())
    for one in expectations():
        assert one.organism in scopes()
        assert one.value in {"*", "sme", "ampc", *antibiotics(), *families()}
    for cut in cut_offs():
        assert cut.organism in scopes()
        assert cut.antibiotic in antibiotics()


@given(
    used=st.sampled_from([None, *methods().values()]),
    kind=st.sampled_from(KINDS),
    organism=st.sampled_from([None, *organisms().values()]),
    family=st.sampled_from([None, *families().values()]),
)
def test_of_every_result_it_can_be_told_what_it_says(used, kind, organism, family):
    found = sight(used if used and used.kind == kind else None, kind, organism, family)
    if organism is None and kind in ("protein", "activity"):
        assert (found.positive, found.negative) == (Positive.SUSPICION, Negative.SAYS_NOTHING)


@pytest.mark.parametrize(
    ("text", "code"),
    [("mCIM", "mcim"), ("NG-Test CARBA 5", "carba5"), ("carba_np", "carba_np"), ("Xpert Carba-R", "pcr_5")],
)
def test_a_method_is_known_by_its_names(text, code):
    assert method(text).code == code


def test_a_method_of_no_list_is_refused_with_the_nearest():
    with pytest.raises(UnknownMethod, match=r"codelists/methods\.csv"):
        method("tea leaves")


@pytest.mark.parametrize("text", ["MEM", "mem_nm", "Meropenem", "MEM_ND10"])
def test_an_antibiotic_is_known_by_its_name_and_by_fields_of_whonet(text):
    assert antibiotic(text).code == "meropenem"


def test_a_carbapenem_with_an_inhibitor_is_no_carbapenem_alone():
    assert antibiotic("meropenem/vaborbactam").carbapenem is False
    with pytest.raises(UnknownAntibiotic):
        antibiotic("meropenam-xyz")


@pytest.mark.parametrize(
    ("value", "sign", "side"),
    [
        (0.125, None, Side.WITHIN),
        (0.25, None, Side.BEYOND),
        (0.125, "<=", Side.WITHIN),
        (0.125, ">", Side.BEYOND),
        (0.125, ">=", Side.UNPLACED),
        (0.25, "<=", Side.UNPLACED),
        (0.25, "<", Side.UNPLACED),
        (0.06, ">", Side.UNPLACED),
        (8, ">", Side.BEYOND),
    ],
)
def test_a_mic_lies_beyond_a_bound_only_if_all_that_it_may_be_does(value, sign, side):
    assert Span.of(value, sign).above(0.125) is side


@pytest.mark.parametrize(
    ("value", "sign", "side"),
    [
        (28, None, Side.WITHIN),
        (27, None, Side.BEYOND),
        (28, "<", Side.BEYOND),
        (28, "<=", Side.UNPLACED),
        (6, ">=", Side.UNPLACED),
    ],
)
def test_a_zone_lies_beyond_a_bound_from_the_other_side(value, sign, side):
    assert Span.of(value, sign).below(28) is side


@pytest.mark.parametrize(("year", "zone"), [(2014, 25), (2016, 25), (2025, 28), (2030, 28)])
def test_the_latest_table_that_had_begun_counts(year, zone):
    assert cut_off(CutOffPurpose.SCREENING, COLI, antibiotic("meropenem"), year=year).zone_below == zone


def test_before_the_first_table_the_first_counts_and_is_unverified():
    found = cut_off(CutOffPurpose.SCREENING, COLI, antibiotic("meropenem"), year=2010)
    assert (found.zone_below, found.mark) == (25, "unverified")


def test_there_is_no_screening_cut_off_outside_of_enterobacterales():
    pseudomonas = organisms()["pseudomonas-aeruginosa"]
    assert cut_off(CutOffPurpose.SCREENING, pseudomonas, antibiotic("meropenem"), year=2026) is None


@pytest.mark.parametrize(
    "code", ["proteus-mirabilis", "providencia-stuartii", "morganella-morganii", "serratia-marcescens"]
)
def test_imipenem_is_left_out_where_it_is_raised_by_nature(code):
    assert expected(organisms()[code], About.ANTIBIOTIC, "imipenem").nature is Nature.BY_NATURE
    assert expected(organisms()[code], About.ANTIBIOTIC, "meropenem") is None
