"""Names of carbapenemases: what is understood, as what, and what is refused with a remedy."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ringfence.vocabulary import (
    Activity,
    Mark,
    Meaning,
    UnknownCarbapenemase,
    alleles,
    carbapenemase,
    carbapenemases_in,
    families,
)

# Text as a laboratory writes it, the family it names, and the variant when one is named. The families of numbered
# OXA enzymes are those of the literature (Poirel, Naas, Nordmann 2010; 10.1128/AAC.01512-08): 162, 181, 204, 232 and
# 244 differ from OXA-48 by a few amino acids; 40 and 72 belong to the OXA-24 group.
NAMES = [
    ("KPC", "KPC", ""),
    ("kpc", "KPC", ""),
    ("blaKPC", "KPC", ""),
    ("blaKPC-3", "KPC", "KPC-3"),
    ("BLAKPC-3", "KPC", "KPC-3"),
    ("bla_KPC-3", "KPC", "KPC-3"),
    ("bla KPC-3", "KPC", "KPC-3"),
    ("  KPC-3 ", "KPC", "KPC-3"),
    ("NDM-5", "NDM", "NDM-5"),
    ("VIM", "VIM", ""),
    ("IMP-4", "IMP", "IMP-4"),
    ("OXA-48", "OXA-48-like", "OXA-48"),
    ("OXA-48-like", "OXA-48-like", ""),
    ("oxa-48-LIKE", "OXA-48-like", ""),
    ("blaOXA-48-like", "OXA-48-like", ""),
    ("blaOXA-181", "OXA-48-like", "OXA-181"),
    ("OXA-162", "OXA-48-like", "OXA-162"),
    ("OXA-204", "OXA-48-like", "OXA-204"),
    ("OXA-232", "OXA-48-like", "OXA-232"),
    ("OXA-244", "OXA-48-like", "OXA-244"),
    ("OXA-23", "OXA-23-like", "OXA-23"),
    ("OXA-40", "OXA-24-like", "OXA-40"),
    ("OXA-72", "OXA-24-like", "OXA-72"),
    ("OXA-58", "OXA-58-like", "OXA-58"),
    ("OXA-51", "OXA-51-like", "OXA-51"),
    ("GES-5", "GES", "GES-5"),
    ("NMC", "IMI", ""),
    ("KPC3", "KPC", "KPC-3"),
    ("bla KPC", "KPC", ""),
    ("KPC gene", "KPC", ""),
    ("KPC-type", "KPC", ""),
    ("KPC-03", "KPC", "KPC-3"),
    ("KPC\u2083", "KPC", "KPC-3"),
    ("blaNDM5", "NDM", "NDM-5"),
    ("NDM\u20115", "NDM", "NDM-5"),
    ("OXA48", "OXA-48-like", "OXA-48"),
    ("OXA 48", "OXA-48-like", "OXA-48"),
    ("OXA\u201348", "OXA-48-like", "OXA-48"),
    ("OXA-48 like", "OXA-48-like", ""),
    ("oxa48like", "OXA-48-like", ""),
    ("OXA-181-like", "OXA-48-like", ""),
    ("OXA-24/40", "OXA-24-like", ""),
    ("blaOXA24/40", "OXA-24-like", ""),
    ("OXA-24/40-like", "OXA-24-like", ""),
    ("New Delhi metallo-beta-lactamase", "NDM", ""),
    ("New Delhi metallo", "NDM", ""),
    ("new delhi METALLO-\u03b2-lactamase 5", "NDM", "NDM-5"),
    ("New Delhi metallo-\u00dflactamase-1", "NDM", "NDM-1"),
    ("Klebsiella pneumoniae carbapenemase", "KPC", ""),
    ("Klebsiella pneumoniae carbapenemase (KPC)", "KPC", ""),
    ("Verona integron-encoded metallo-beta-lactamase 2", "VIM", "VIM-2"),
    ("S\u00e3o Paulo metallo-beta-lactamase", "SPM", ""),
    ("SIM", "SIM", ""),
    ("KPC\u00b9", "KPC", ""),
    ("KPC-2\u00b9", "KPC", "KPC-2"),
    ("OXA-48\u00b2", "OXA-48-like", "OXA-48"),
    ("KPC-2/3", "KPC", ""),
    ("KPC-2/KPC-3", "KPC", ""),
    ("KPC-2 or KPC-3", "KPC", ""),
    ("OXA-48/181", "OXA-48-like", ""),
    ("KPC/KPC-2", "KPC", "KPC-2"),
    ("OXA-48 type", "OXA-48-like", ""),
    ("IMI/NMC", "IMI", ""),
    ("NMC-A", "IMI", "NMC-A"),
    ("SME", "SME", ""),
]

REFUSED = ["", " ", "KPC-", "-3", "bla", "KPC-like-3", "not KPC", "KPC-2-3", "KPC 2 3", "KPC-0", "K" * 300]

# What is often written for a carbapenemase and is none, with what is right.
NO_NAMES = [
    ("CRE+", "it is a phenotype", "susceptibility results"),
    ("CRE", "it is a phenotype", "susceptibility results"),
    ("CPE", "there is a carbapenemase and not which", "name the gene"),
    ("carbapenemase positive", "there is a carbapenemase and not which", "name the gene"),
    ("MBL", "class of enzymes", "NDM, VIM, IMP"),
    ("ESBL", "not a carbapenemase", "Leave it out"),
    ("AmpC", "not a carbapenemase", "Leave it out"),
    ("CTX-M-15", "not a carbapenemase", "Leave it out"),
    ("blaCTX-M-15", "not a carbapenemase", "Leave it out"),
    ("TEM-1", "not a carbapenemase", "Leave it out"),
    ("SHV-12", "not a carbapenemase", "Leave it out"),
    ("OXA", "large group", "Give the group"),
    ("OXA-9", "many OXA enzymes are not carbapenemases", "give its group"),
    ("blaOXA1", "many OXA enzymes are not carbapenemases", "give its group"),
    ("positive", "a result, not an enzyme", "`found`"),
    ("KPC+", "says what was found", "in the column `found`"),
    ("KPC (+)", "says what was found", "in the column `found`"),
    ("NDM pos", "says what was found", "in the column `found`"),
    ("NDM: Positive", "says what was found", "in the column `found`"),
    ("OXA-48-like detected", "says what was found", "in the column `found`"),
    ("KPC not detected", "says what was found", "in the column `found`"),
    ("KPC n\u00e9gatif", "says what was found", "in the column `found`"),
    ("KPC negativ", "says what was found", "in the column `found`"),
    ("KPC: negatief", "says what was found", "in the column `found`"),
    ("KPC niet aangetoond", "says what was found", "in the column `found`"),
    ("KPC nicht nachgewiesen", "says what was found", "in the column `found`"),
    ("KPC non d\u00e9tect\u00e9", "says what was found", "in the column `found`"),
    ("OXA-48-like no detectado", "says what was found", "in the column `found`"),
    ("NDM positif", "says what was found", "in the column `found`"),
    ("pas de KPC", "says what was found", "in the column `found`"),
    ("geen NDM gedetecteerd", "says what was found", "in the column `found`"),
    ("geen", "not found, and not what", "what was looked for"),
    ("KPC or NDM", "one of which is meant", "Name the one that was found"),
    ("KPC ou OXA-48", "one of which is meant", "leave the name empty"),
]

SEVERAL = [
    ("KPC, NDM", ["KPC", "NDM"]),
    ("KPC+NDM", ["KPC", "NDM"]),
    ("KPC-3, NDM-5", ["KPC-3", "NDM-5"]),
    ("NDM-1/OXA-48", ["NDM-1", "OXA-48"]),
    ("KPC & VIM", ["KPC", "VIM"]),
    ("KPC and VIM", ["KPC", "VIM"]),
    ("KPC/NDM", ["KPC", "NDM"]),
    ("KPC\nNDM", ["KPC", "NDM"]),
    ("KPC NDM-5", ["KPC", "NDM-5"]),
    ("blaNDM-5; blaOXA-181", ["NDM-5", "OXA-181"]),
    ("OXA-23/58", ["OXA-23", "OXA-58"]),
    ("KPC, IMI/NMC", ["KPC", "IMI"]),
    ("KPC/OXA-48-like/NDM", ["KPC", "OXA-48-like", "NDM"]),
]


@pytest.mark.parametrize(("text", "family", "variant"), NAMES)
def test_a_name_as_laboratories_write_it_names_one_family_and_the_variant_if_given(text, family, variant):
    found = carbapenemase(text)
    assert (found.family.name, found.variant) == (family, variant)
    assert found.name == (variant or family)


@pytest.mark.parametrize(("text", "family", "variant"), NAMES)
def test_the_name_we_store_is_read_back_as_the_same_enzyme(text, family, variant):
    found = carbapenemase(text)
    assert carbapenemase(found.name).family.name == family
    assert carbapenemase(carbapenemase(text).name) == found


@pytest.mark.parametrize("text", REFUSED)
def test_a_text_that_is_no_name_is_refused_and_the_message_shows_how_to_write_one(text):
    with pytest.raises(UnknownCarbapenemase) as refused:
        carbapenemase(text)
    assert "Write it like KPC, NDM-5" in str(refused.value)


@pytest.mark.parametrize("text", ["CANARY-NAME", "Canary", "CANA-12", "Canary Name", "KPC-CANARY"])
def test_a_refusal_never_repeats_the_text(text):
    with pytest.raises(UnknownCarbapenemase) as refused:
        carbapenemase(text)
    assert "cana" not in str(refused.value).casefold()


def test_the_refusal_of_a_near_miss_names_the_nearest_family():
    with pytest.raises(UnknownCarbapenemase, match="Did you mean `KPC`"):
        carbapenemase("KPCC-3")


@pytest.mark.parametrize(
    ("meaning", "names"),
    [
        (
            Meaning.ACQUIRED,
            {"KPC", "NDM", "VIM", "IMP", "SPM", "GIM", "SIM"}
            | {"OXA-48-like", "OXA-23-like", "OXA-24-like", "OXA-58-like"},
        ),
        (Meaning.DEPENDS, {"GES"}),
        (Meaning.CHROMOSOMAL, {"IMI", "SME"}),
        (Meaning.INTRINSIC, {"OXA-51-like"}),
    ],
)
def test_a_family_says_what_finding_its_gene_means_by_itself(meaning, names):
    assert {family.name for family in families().values() if family.meaning is meaning} == names


@pytest.mark.parametrize(
    ("ambler", "names"),
    [
        ("A", {"KPC", "GES", "IMI", "SME"}),
        ("B", {"NDM", "VIM", "IMP", "SPM", "GIM", "SIM"}),
        ("D", {"OXA-48-like", "OXA-23-like", "OXA-24-like", "OXA-58-like", "OXA-51-like"}),
    ],
)
def test_a_family_stands_in_its_ambler_class(ambler, names):
    assert {family.name for family in families().values() if family.ambler == ambler} == names


@pytest.mark.parametrize(("text", "problem", "remedy"), NO_NAMES)
def test_a_word_that_is_no_carbapenemase_is_refused_with_what_it_is_and_what_is_right(text, problem, remedy):
    with pytest.raises(UnknownCarbapenemase) as refused:
        carbapenemase(text)
    assert problem in refused.value.problem
    assert remedy in refused.value.remedy


@pytest.mark.parametrize(("text", "names"), SEVERAL)
def test_several_names_in_one_text_are_refused_as_one_and_read_as_several(text, names):
    with pytest.raises(UnknownCarbapenemase, match=r"names several carbapenemases\. Give each one a row"):
        carbapenemase(text)
    assert [one.name for one in carbapenemases_in(text)] == names


@pytest.mark.parametrize("text", ["KPC, CTX-M-15", "NDM and more", "KPC; ;OXA-9", "KPC, CANARY"])
def test_a_text_of_which_a_part_is_no_name_is_refused_as_a_whole(text):
    with pytest.raises(UnknownCarbapenemase):
        carbapenemases_in(text)


def test_a_name_alone_or_twice_is_one_name():
    assert [one.name for one in carbapenemases_in("KPC")] == ["KPC"]
    assert [one.name for one in carbapenemases_in("KPC / blaKPC")] == ["KPC"]


def test_a_number_that_the_list_of_alleles_does_not_hold_is_a_variant_of_its_family_of_which_nothing_is_guessed():
    found = carbapenemase("KPC-99")
    assert (found.family.name, found.variant, found.name) == ("KPC", "KPC-99", "KPC-99")
    assert not found.listed
    assert (found.activity, found.reduced, found.variant_mark) == (Activity.NOT_STATED, False, Mark.NOT_SPECIFIED)


# KPC-50: doi 10.1128/AAC.00321-20. KPC-31: doi 10.1128/AAC.00574-21. OXA-163 and OXA-405: Dortet et al. 2017, as cited.
@pytest.mark.parametrize(
    ("text", "reduced", "mark"),
    [
        ("KPC-50", True, Mark.VERIFIED),
        ("KPC-31", True, Mark.VERIFIED),
        ("OXA-163", True, Mark.SECONDARY),
        ("OXA-405", True, Mark.SECONDARY),
        ("KPC-3", False, Mark.VERIFIED),
        ("OXA-48", False, Mark.VERIFIED),
        ("OXA-204", False, Mark.UNVERIFIED),
        ("KPC", False, Mark.VERIFIED),
    ],
)
def test_a_variant_says_whether_it_is_reported_with_reduced_activity_and_how_far_that_was_checked(text, reduced, mark):
    found = carbapenemase(text)
    assert (found.listed, found.reduced, found.variant_mark) == (True, reduced, mark)


def test_every_listed_variant_and_family_reads_back_as_itself():
    for allele in alleles().values():
        found = carbapenemase(allele.name)
        assert (found.family.name, found.variant) == (allele.family, allele.name)
        assert carbapenemase(found.name) == found
    for family in families():
        assert carbapenemase(family).name == family


PIECES = [
    "bla",
    "KPC",
    "NDM",
    "OXA",
    "CRE",
    "CTX-M",
    "-",
    " ",
    "_",
    "/",
    "+",
    ",",
    "(",
    "like",
    "48",
    "24/40",
    "3",
    "\u03b2",
    "pos",
]


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=8).map("".join)))
@example("\u03b2\u00df-\u0660")
@example("bla ab " * 40)
@example(";")
def test_any_text_yields_a_name_that_reads_back_or_a_stated_error(text):
    try:
        found = carbapenemase(text)
    except UnknownCarbapenemase as error:
        refused = error
    else:
        assert carbapenemase(found.name) == found
        assert carbapenemases_in(text) == (found,)
        return
    assert refused.problem.endswith(".")
    assert refused.remedy
