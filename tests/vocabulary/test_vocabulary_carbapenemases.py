"""Names of carbapenemases: what is understood, as what, and what is refused with a remedy."""

import pytest

from ringfence.vocabulary import Meaning, UnknownCarbapenemase, carbapenemase, families

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
]

REFUSED = [
    "",
    " ",
    "OXA48",
    "blaNDM5",
    "KPC3",
    "New Delhi metallo",
    "CRE+",
    "CPE",
    "OXA",
    "OXA-1",
    "TEM-1",
    "CTX-M-15",
    "KPC-",
    "-3",
    "bla",
    "KPC-3, NDM-5",
    "KPC/NDM",
    "KPC-like-3",
    "not KPC",
    "KPC\nNDM",
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
            {"KPC", "NDM", "VIM", "IMP", "SPM", "GIM", "OXA-48-like", "OXA-23-like", "OXA-24-like", "OXA-58-like"},
        ),
        (Meaning.DEPENDS, {"GES", "IMI", "SME"}),
        (Meaning.INTRINSIC, {"OXA-51-like"}),
    ],
)
def test_a_family_says_what_finding_its_gene_means_by_itself(meaning, names):
    assert {family.name for family in families().values() if family.meaning is meaning} == names


@pytest.mark.parametrize(
    ("ambler", "names"),
    [
        ("A", {"KPC", "GES", "IMI", "SME"}),
        ("B", {"NDM", "VIM", "IMP", "SPM", "GIM"}),
        ("D", {"OXA-48-like", "OXA-23-like", "OXA-24-like", "OXA-58-like", "OXA-51-like"}),
    ],
)
def test_a_family_stands_in_its_ambler_class(ambler, names):
    assert {family.name for family in families().values() if family.ambler == ambler} == names
