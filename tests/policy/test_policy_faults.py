"""Policy files with a fault: each error names the file and the line of the fault, and what would be right."""

import re

import pytest

from ringfence.policy import PolicyError, load_cases, load_policy
from ringfence.vocabulary import shipped

WHOLE = shipped("policies", "nl.yaml").read_text(encoding="utf-8")
# The first clauses, in which each text that a test replaces stands once.
NL = WHOLE.partition("    - id: nl-con-2")[0]
SECOND = "          ended_ago: {less_than: 2 months}\n          lasted: {less_than: 24 hours}\n"
THIRD = "          ended_ago: {more_than: 2 months, less_than: 12 months}\n"
NOT_SPECIFIED = "    - id: nl-pre-3\n      mark: not_specified\n"


@pytest.fixture
def refused(tmp_path):
    """Load the Dutch policy with one text replaced; give the complaint, its line, and the line of a text in the file."""

    def edited(old, new, at):
        assert NL.count(old) == 1, old
        text = NL.replace(old, new)
        path = tmp_path / "edited.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(PolicyError) as wrong:
            load_policy(str(path))
        told = str(wrong.value)
        found = re.match(rf"{re.escape(str(path))}:(\d+): ", told)
        assert found, told
        expected = [n for n, line in enumerate(text.splitlines(), start=1) if at in line]
        assert len(expected) == 1, "the test must point at one line"
        return told, int(found[1]), expected[0]

    return edited


def test_an_unknown_key_is_named_with_its_line_and_the_keys_there_are(refused):
    told, line, right = refused("      then: {screen_for: ESBL and CPE}\n", "      thn: {screen_for: BRMO}\n", "thn:")
    assert line == right
    assert "`thn` is not a key of an admission clause" in told
    assert "Did you mean `then`?" in told


def test_look_bak_is_not_a_key_of_a_clause(refused):
    told, line, right = refused(NOT_SPECIFIED, f"{NOT_SPECIFIED}      look_bak: 2 months\n", "look_bak")
    assert line == right
    assert "`look_bak` is not a key of a precautions clause" in told
    assert all(key in told for key in ("id", "when", "then", "mark", "source", "reference"))


def test_an_unknown_predicate_names_the_nearest(refused):
    told, line, right = refused("        outbreak_ward: {", "        outbrek_ward: {", "outbrek_ward")
    assert line == right
    assert "Did you mean `outbreak_ward`?" in told


def test_an_unknown_limit_names_the_limits_there_are(refused):
    told, line, right = refused("          ago: {less_than: 1 year}", "          ago: {less_then: 1 year}", "less_then")
    assert line == right
    assert "Did you mean `less_than`?" in told


def test_a_missing_key_is_named_with_the_line_of_its_clause(refused):
    asks = "      asks: Do you come from a ward in a Dutch hospital with an uncontrolled BRMO outbreak?\n"
    told, line, right = refused(asks, "", "id: nl-adm-4")
    assert line == right
    assert "an admission clause needs the key `asks`" in told


def test_two_clauses_of_one_id_are_refused(refused):
    told, _, _ = refused("id: nl-adm-5", "id:  nl-adm-4", "id:  nl-adm-4")
    assert "two clauses have the id nl-adm-4" in told
    assert "Give each its own" in told


def test_two_clauses_of_one_id_are_refused_at_the_line_of_the_second(refused):
    _, line, right = refused("id: nl-adm-5", "id:  nl-adm-4", "id:  nl-adm-4")
    assert line == right


def test_a_source_not_listed_is_refused_and_the_listed_ones_named(refused):
    told, _, _ = refused("      source: NL3\n", "      source: NL9\n", "source: NL9")
    assert "nl-pre-1" in told
    assert "NL2, NL3, ringfence" in told


def test_a_source_not_listed_is_refused_at_its_line(refused):
    _, line, right = refused("      source: NL3\n", "      source: NL9\n", "source: NL9")
    assert line == right


def test_a_misspelt_source_names_the_nearest(refused):
    told, _, _ = refused("      source: ringfence\n", "      source: ringfense\n", "source: ringfense")
    assert "Did you mean `ringfence`?" in told


def test_limits_that_cross_are_refused(refused):
    told, line, right = refused(THIRD, THIRD.replace("12 months", "1 month"), "less_than: 1 month}")
    assert line == right
    assert "these limits cross" in told
    assert "2 months" in told
    assert "1 month" in told


def test_limits_that_leave_nothing_between_are_refused_across_units(refused):
    crossed = THIRD.replace("more_than: 2 months", "more_than: 1 year")
    told, line, right = refused(THIRD, crossed, "more_than: 1 year")
    assert line == right
    assert "these limits cross" in told


def test_limits_with_nothing_in_them_are_refused(refused):
    told, line, right = refused("          ago: {less_than: 1 year}", "          ago: {}", "ago: {}")
    assert line == right
    assert "more_than, at_least, less_than, at_most" in told


def test_two_upper_limits_are_refused(refused):
    two = SECOND.replace("{less_than: 24 hours}", "{less_than: 24 hours, at_most: 20 hours}")
    told, line, right = refused(SECOND, two, "at_most: 20 hours")
    assert line == right
    assert "one upper limit" in told or "one lower and one upper" in told


def test_at_least_and_at_most_the_same_value_do_not_cross(tmp_path):
    path = tmp_path / "exactly.yaml"
    exactly = SECOND.replace("{less_than: 24 hours}", "{at_least: 24 hours, at_most: 24 hours}")
    path.write_text(NL.replace(SECOND, exactly), encoding="utf-8")
    assert load_policy(str(path)).id == "nl"


def test_a_mark_without_a_source_is_refused(refused):
    told, line, right = refused("      mark: secondary\n      source: NL3\n", "      mark: secondary\n", "id: nl-pre-1")
    assert line == right
    assert "nl-pre-1 is marked secondary and names no source" in told


def test_a_mark_that_is_none_names_the_marks(refused):
    told, line, right = refused("      mark: secondary\n", "      mark: verifeid\n", "mark: verifeid")
    assert line == right
    assert all(mark in told for mark in ("verified", "secondary", "unverified", "not_specified"))


def test_not_specified_with_a_condition_is_refused(refused):
    more = f"{NOT_SPECIFIED}      when: {{screen_pending: {{of: those asked to be screened}}}}\n"
    told, line, right = refused(NOT_SPECIFIED, more, "id: nl-pre-3")
    assert line == right
    assert "nl-pre-3 is marked not_specified" in told
    assert "`when`" in told


def test_not_specified_with_a_consequence_is_refused(refused):
    told, _, _ = refused(NOT_SPECIFIED, f"{NOT_SPECIFIED}      then: {{recommend: isolate}}\n", "id: nl-pre-3")
    assert "nl-pre-3 is marked not_specified" in told


def test_a_clause_that_is_specified_needs_both_condition_and_consequence(refused):
    told, line, right = refused("      then: {screen_for: the organism of the outbreak}\n", "", "id: nl-adm-4")
    assert line == right
    assert "nl-adm-4 needs both `when` and `then`" in told


@pytest.mark.parametrize("wrong", ["2 moons", "two months", "2", "months", "-2 months", "2.5 months", "2 months ago"])
def test_a_length_of_time_that_is_none_is_refused_and_one_is_shown(refused, wrong):
    told, line, right = refused("{less_than: 1 year}", f"{{less_than:  {wrong}}}", f"less_than:  {wrong}")
    assert line == right
    assert "not a length of time" in told
    assert "`2 months`" in told


def test_a_look_back_in_hours_is_refused_and_months_shown(refused):
    told, line, right = refused("{less_than: 1 year}", "{less_than: 90 days}", "90 days")
    assert line == right
    assert "`2 months`" in told


def test_a_length_of_stay_in_months_is_refused_and_hours_shown(refused):
    told, line, right = refused("{more_than: 24 hours}", "{more_than: 1 month}", "more_than: 1 month}")
    assert line == right
    assert "`24 hours`" in told


def test_two_predicates_in_one_condition_are_refused_and_joining_them_is_shown(refused):
    old = "        outbreak_ward: {control: uncontrolled}\n"
    more = f"{old}        refugee_reception: {{ended_ago: {{less_than: 9 months}}}}\n"
    told, line, right = refused(old, more, "question: outbreak_ward")
    assert line in (right + 1, right + 2)  # `when:`, or the first key beneath it
    assert "exactly one" in told
    assert "`all` or `any`" in told


def test_a_key_given_twice_is_refused(refused):
    told, line, right = refused("jurisdiction: Netherlands\n", "jurisdiction: NO\njurisdiction: SE\n", "SE")
    assert line == right
    assert "`jurisdiction` is given twice" in told


def test_a_file_that_is_no_policy_of_this_version_is_refused(refused):
    told, line, right = refused("policy: 1\n", "policy: 2\n", "policy: 2")
    assert line == right
    assert "1" in told.split(": ", 1)[1]


def test_an_id_with_spaces_is_refused(refused):
    told, line, right = refused("id: nl-adm-5", "id: Clause five", "Clause five")
    assert line == right
    assert "small letters, digits and hyphens" in told


def test_all_the_faults_of_a_file_are_told_together(tmp_path):
    path = tmp_path / "many.yaml"
    text = NL.replace("{less_than: 1 year}", "{less_than: 2 moons}").replace("screen_for: BRMO", "screen_for: MRSA", 1)
    path.write_text(text.replace("title: SRI", "titel: SRI"), encoding="utf-8")
    with pytest.raises(PolicyError) as wrong:
        load_policy(str(path))
    told = str(wrong.value)
    assert all(part in told for part in ("2 moons", "MRSA", "titel")) or all(
        part in told for part in ("length of time", "BRMO", "titel")
    )
    lines = [int(n) for n in re.findall(rf"{re.escape(str(path))}:(\d+):", told)]
    assert len(lines) >= 3
    assert lines == sorted(lines)


@pytest.mark.parametrize("name", ["nll", "NL", "nl2"])
def test_an_unknown_policy_names_the_nearest_and_those_there_are(name):
    with pytest.raises(PolicyError) as wrong:
        load_policy(name)
    assert f"There is no policy `{name}`" in str(wrong.value)
    assert "Shipped: " in str(wrong.value)
    assert "Did you mean `nl`?" in str(wrong.value)


def test_a_policy_that_resembles_none_gets_no_hint():
    with pytest.raises(PolicyError) as wrong:
        load_policy("atlantis")
    assert "Did you mean" not in str(wrong.value)
    assert ".yaml" in str(wrong.value)


def test_the_file_of_cases_is_no_policy():
    with pytest.raises(PolicyError, match=r"There is no policy `nl\.cases`"):
        load_policy("nl.cases")


def test_a_policy_whose_cases_are_missing_says_which_file_is(tmp_path):
    path = tmp_path / "alone.yaml"
    path.write_text(NL, encoding="utf-8")
    with pytest.raises(PolicyError, match=r"alone\.cases\.yaml: there is no such file"):
        load_cases(load_policy(str(path)))


def test_a_fault_in_the_cases_is_told_with_its_line(tmp_path):
    (tmp_path / "p.yaml").write_text(NL, encoding="utf-8")
    cases = shipped("policies", "nl.cases.yaml").read_text(encoding="utf-8").replace("others: not_asked", "othrs: no")
    (tmp_path / "p.cases.yaml").write_text(cases, encoding="utf-8")
    line = 1 + cases[: cases.index("othrs")].count("\n")
    with pytest.raises(PolicyError, match=rf"p\.cases\.yaml:{line}: `othrs` is not a key of a case") as wrong:
        load_cases(load_policy(str(tmp_path / "p.yaml")))
    assert "Did you mean `others`?" in str(wrong.value)


def test_a_case_with_a_date_that_does_not_exist_is_told_with_its_line(tmp_path):
    (tmp_path / "p.yaml").write_text(NL, encoding="utf-8")
    cases = (
        shipped("policies", "nl.cases.yaml").read_text(encoding="utf-8").replace("end: 2026-02-20}", "end: 2026-02-30}")
    )
    (tmp_path / "p.cases.yaml").write_text(cases, encoding="utf-8")
    line = 1 + cases[: cases.index("2026-02-30}")].count("\n")
    with pytest.raises(PolicyError, match=rf"p\.cases\.yaml:{line}:"):
        load_cases(load_policy(str(tmp_path / "p.yaml")))


def test_an_admission_clause_that_uses_a_predicate_of_precautions_is_refused_with_its_line(refused):
    old = "        outbreak_ward: {control: uncontrolled}\n"
    told, line, right = refused(old, "        last_positive: {ago: {less_than: 9 years}}\n", "9 years")
    assert abs(line - right) <= 1
    assert "last_positive" in told
    assert "outbreak_ward" in told


def test_a_precautions_clause_that_uses_a_predicate_of_admission_is_refused_with_its_line(refused):
    old = "        last_positive:\n          ago: {less_than: 1 year}\n"
    told, line, right = refused(old, "        outbreak_ward: {control: uncontrolled }\n", "uncontrolled }")
    assert abs(line - right) <= 1
    assert "outbreak_ward" in told
    assert "last_positive" in told


@pytest.mark.parametrize("joint", ["all", "any"])
def test_a_condition_that_joins_nothing_is_refused_with_its_line(refused, joint):
    old = "        outbreak_ward: {control: uncontrolled}\n"
    told, line, right = refused(old, f"        {joint}: []\n", f"{joint}: []")
    assert abs(line - right) <= 1
    assert joint in told


@pytest.mark.parametrize("text", ["- a list\n", "just words\n"])
def test_a_file_that_is_no_document_is_refused_and_named(tmp_path, text):
    path = tmp_path / "list.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=r"list\.yaml:1: "):
        load_policy(str(path))
