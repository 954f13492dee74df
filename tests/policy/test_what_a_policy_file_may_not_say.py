"""A policy or overlay that says two things, nothing, or what cannot be is refused, with where and what would be right."""

import pytest

from ringfence.policy import PolicyError, load_policy
from ringfence.vocabulary import shipped

NL = shipped("policies", "nl.yaml").read_text(encoding="utf-8")
OVER = shipped("policies", "ca-bc-fraser-2018.yaml").read_text(encoding="utf-8")


@pytest.fixture
def refused(tmp_path):
    """What is said of a text that is no policy."""

    def said(text, name="edited.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        with pytest.raises(PolicyError) as error:
            load_policy(str(path))
        return str(error.value)

    return said


def edited(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


def test_a_limit_of_no_length_is_refused(refused):
    assert "Write 1 or more" in refused(edited(NL, "{less_than: 2 months}", "{less_than: 0 months}"))


def test_a_look_back_longer_than_a_life_is_refused(refused):
    assert "longer than a life" in refused(edited(NL, "{less_than: 2 months}", "{less_than: 9999 years}"))


def test_a_verified_clause_says_when_it_was_read(refused):
    assert "checked_on" in refused(
        edited(
            NL,
            "      mark: verified\n      source: NL2\n      checked_on: 2026-11-22\n",
            "      mark: verified\n      source: NL2\n",
        )
    )


def test_the_id_of_a_policy_is_a_plain_word(refused):
    assert "edited.yaml:" in refused(edited(NL, "\nid: nl\n", '\nid: "NL !! "\n'))


def test_an_overlay_lies_on_a_policy_and_not_on_an_overlay(refused):
    assert refused(edited(OVER, "base: ca-bc", "base: ca-bc-fraser-2018"))


def test_an_overlay_uses_no_id_of_its_base_in_another_group(refused):
    text = edited(OVER, "    - id: ca-bc-fraser-1\n", "    - id: ca-bc-con-1\n")
    assert "ca-bc-con-1" in refused(text)


def test_an_overlay_on_a_draft_is_titled_a_draft(refused):
    assert "draft" in refused(edited(OVER, 'title: "Draft: British', 'title: "British')).casefold()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("mark: verified", "mark: verifed", "Did you mean `verified`?"),
        ("screen_for: BRMO", "screen_for: BRMOS", "Did you mean `BRMO`?"),
        ("invasive_procedure: yes", "invasive_procedure: no", "`yes` is all that is known here"),
        ("checked_on: 2026-11-22", "checked_on: 2026-02-30", "`2026-02-30` is not a day of the calendar"),
        ("{screen_for: BRMO}", "{screen_for: BRMO, screens: three}", "`three` is not a whole number"),
        ("{screen_for: BRMO}", "{screen_for: BRMO, screens: 0}", "`0` is not at least 1"),
        ("{screen_for: BRMO}", "{screen_for: BRMO, screens: 12}", "`12` is not at most 9"),
        ("{screen_for: BRMO}", "{screen_for: BRMO, sites: rectal}", "Write a list"),
        ("{screen_for: BRMO}", "{screen_for: BRMO, sites: [rectum]}", "`rectum` is not one of: rectal, stool"),
        ("{screen_for: BRMO}", "BRMO", "then is keys and values, and here stands `BRMO`"),
        ("id: nl-adm-1", "id: NL 1", "An id is of small letters, digits and hyphens"),
        ("classes: [ring around an unexpected case]", "classes: []", "Give it at least 1"),
    ],
)
def test_a_wrong_word_day_number_or_shape_is_refused_with_its_line_and_what_would_be_right(refused, old, new, said):
    told = refused(edited(NL, old, new))
    line = NL[: NL.index(old)].count("\n") + 1
    assert f"edited.yaml:{line}: " in told
    assert said in told
    assert "Input should be" not in told


def test_a_list_refused_for_one_word_is_not_also_called_too_short(refused):
    told = refused(edited(NL, "classes: [ring around an unexpected case]", "classes: [rings]"))
    assert "too short" not in told


def test_a_file_that_is_no_policy_is_told_what_one_is(refused):
    assert "a policy is keys and values, and here stands a list" in refused("- a\n- b\n")
