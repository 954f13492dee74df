"""The codelists as files: an origin and a mark for every row, no code twice, and check digits that hold.

The check digits are written here from their specifications, apart from anything in `src`.
"""

import csv
import re
from collections import Counter

import pytest

from ringfence.vocabulary import CodelistError, Mark, read_codelist, shipped

CODELISTS = ["carbapenemases", "organisms", "specimens", "alleles", "codes"]
KEY = {"carbapenemases": "family", "organisms": "code", "specimens": "code", "alleles": "name", "codes": "code"}
WORDS = ["not_carbapenemases", "not_organisms", "wrong_codes"]


def rows(name):
    with shipped("codelists", f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def repeated(values):
    return [value for value, n in Counter(v for v in values if v).items() if n > 1]


def loinc_holds(code):
    """The mod-10 check of LOINC: from the right, digits in odd places are doubled as one number; add the digits."""
    found = re.fullmatch(r"(\d{1,7})-(\d)", code)
    if not found:
        return False
    digits = found[1][::-1]
    doubled = str(int(digits[0::2][::-1]) * 2)
    total = sum(int(d) for d in digits[1::2] + doubled)
    return (10 - total % 10) % 10 == int(found[2])


# Verhoeff's check: multiplication in the dihedral group of ten, and a permutation applied once a place.
def _dihedral(a, b):
    flip_a, turn_a, flip_b, turn_b = a >= 5, a % 5, b >= 5, b % 5
    turn = (turn_a - turn_b if flip_a else turn_a + turn_b) % 5
    return turn + 5 * (flip_a != flip_b)


_STEP = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def verhoeff_holds(code):
    if not re.fullmatch(r"[1-9]\d{5,17}", code):
        return False
    check = 0
    for place, digit in enumerate(reversed(code)):
        value = int(digit)
        for _ in range(place % 8):
            value = _STEP[value]
        check = _dihedral(check, value)
    return check == 0


def test_our_check_of_loinc_knows_published_codes_and_refuses_them_with_one_digit_changed():
    published = ["1988-5", "718-7", "8867-4", "2951-2", "41950-7", "600-7"]
    assert [code for code in published if not loinc_holds(code)] == []
    assert not any(loinc_holds(f"{code[:-1]}{(int(code[-1]) + 1) % 10}") for code in published)
    assert not loinc_holds("17985")


def test_our_check_of_verhoeff_knows_published_codes_and_refuses_them_with_digits_swapped():
    published = ["138875005", "404684003", "73211009", "22298006", "236"]
    assert [code for code in published[:4] if not verhoeff_holds(code)] == []
    assert not verhoeff_holds("138875050")
    assert not verhoeff_holds("73211008")
    assert not verhoeff_holds("236")


@pytest.mark.parametrize("name", [*CODELISTS, *WORDS])
def test_every_row_of_a_codelist_names_its_origin_and_its_mark(name):
    assert rows(name)
    for row in rows(name):
        assert row["origin"].strip(), row
        assert Mark(row["mark"]), row


@pytest.mark.parametrize("name", CODELISTS)
def test_no_code_of_a_codelist_stands_twice(name):
    listed = rows(name)
    for column in {KEY[name], "name", "whonet", "snomed", "loinc"} & set(listed[0]):
        # LOINC has one code for OXA-24 and OXA-40, which are one group.
        shared = ["105029-3"] if (name, column) == ("alleles", "loinc") else []
        assert repeated(row[column].casefold() for row in listed) == shared, column


def test_every_name_synonym_and_code_of_an_organism_leads_to_that_organism_alone():
    names = []
    for row in rows("organisms"):
        own = {row["code"], row["name"], row["whonet"], row["snomed"], *row["synonyms"].split("|")} - {""}
        names += {" ".join(name.casefold().replace(".", " ").replace("-", " ").split()) for name in own}
    assert repeated(names) == []


def test_every_member_of_a_family_belongs_to_that_family_alone_and_is_no_family_itself():
    listed = rows("carbapenemases")
    members = [member for row in listed for member in row["members"].split("|") if member]
    assert repeated(members) == []
    assert set(members) & {row["family"] for row in listed} == set()


def test_every_loinc_code_passes_its_check_digit():
    codes = [row["loinc"] for row in rows("carbapenemases") if row["loinc"]]
    assert len(codes) > 5
    assert [code for code in codes if not loinc_holds(code)] == []


@pytest.mark.parametrize("name", ["organisms", "specimens"])
def test_every_snomed_code_passes_its_check_digit_and_is_the_code_of_a_concept(name):
    codes = [row["snomed"] for row in rows(name) if row["snomed"]]
    assert codes
    assert [code for code in codes if not verhoeff_holds(code)] == []
    # The two digits before the check digit tell what is named: 00 is a concept of the core, 10 of an extension.
    assert [code for code in codes if code[-3:-1] not in ("00", "10")] == []


@pytest.mark.parametrize("name", ["organisms", "specimens"])
def test_a_row_with_no_code_looked_up_is_not_marked_verified(name):
    for row in rows(name):
        if "no code looked up" in row["origin"]:
            assert not row["snomed"]
            assert row["mark"] == "unverified", row


def test_a_row_with_too_few_or_too_many_cells_is_refused_with_its_line(tmp_path, monkeypatch):
    monkeypatch.setattr("ringfence.vocabulary.codelists.shipped", lambda _, name: tmp_path / name)
    for wrong in ("c", "c,d,e"):
        (tmp_path / "made-up.csv").write_text(f"code,name\na,b\n{wrong}\n", encoding="utf-8")
        with pytest.raises(CodelistError, match=r"codelists/made-up\.csv:3: .*cells"):
            list(read_codelist("made-up"))
