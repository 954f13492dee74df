"""Files that give LOINC and SNOMED CT codes: read together with the words beside them, or refused with what is right."""

import pytest

from ringfence.feeds import MappingError, load_mapping
from ringfence.record import Found, MeasuredIn, ResultKind

MAPPING = """mapping: 1
id: coded
title: A laboratory that sends codes (made up)
tables:
  facilities:
    - rows: [{facility_id: Elm, zone: Europe/Amsterdam}]
  specimens:
    - file: lab.csv
      distinct: true
      columns:
        specimen_id: NO
        patient_id: PAT
        kind: {column: MATERIAL, display: MATERIAL_TEXT, system: SNOMED CT}
        collected: TAKEN
      constants: {facility_id: Elm, purpose: clinical}
  isolates:
    - file: lab.csv
      distinct: true
      columns:
        isolate_id: {template: "{NO}/1"}
        specimen_id: NO
        organism: {column: GERM, display: GERM_TEXT, system: SNOMED CT, values: {KLPN: klebsiella-pneumoniae}}
  results:
    - file: lab.csv
      test: {column: TEST, display: TEST_TEXT, system: LOINC}
      columns:
        result_id: {template: "{NO}-{LINE}"}
        specimen_id: NO
        isolate_id: {template: "{NO}/1"}
        found: {column: FOUND, system: SNOMED CT}
        value: VALUE
        unit: UNIT
      constants: {status: final}
"""
HEAD = "NO,LINE,PAT,TAKEN,MATERIAL,MATERIAL_TEXT,GERM,GERM_TEXT,TEST,TEST_TEXT,FOUND,VALUE,UNIT\n"
ROW = {
    "NO": "S1", "LINE": "1", "PAT": "TEST-1", "TAKEN": "2026-03-10", "MATERIAL": "258527002",
    "MATERIAL_TEXT": "Rectal swab", "GERM": "112283007", "GERM_TEXT": "Escherichia coli", "TEST": "49617-4",
    "TEST_TEXT": "blaKPC gene", "FOUND": "260373001", "VALUE": "", "UNIT": "",
}  # fmt: skip


@pytest.fixture
def coded(read):
    """Read one line of a laboratory that sends codes, with some of its cells otherwise."""

    def reading(**cells):
        row = {**ROW, **cells}
        return read(MAPPING, lab=HEAD + ",".join(row.values()) + "\n")

    return reading


def only(intake, table):
    (row,) = (fact.row for fact in intake.facts if fact.table == table)
    return row


def refusals(intake):
    return [(p.column, p.problem, p.remedy) for p in intake.problems if "not used because" not in p.problem]


def test_codes_and_words_that_agree_are_read(coded):
    intake = coded()
    assert intake.problems == ()
    assert only(intake, "specimens").kind == "rectal_swab"
    assert only(intake, "isolates").organism == "escherichia-coli"
    result = only(intake, "results")
    assert (result.kind, result.analyte, result.found) == (ResultKind.GENE, "KPC", Found.DETECTED)


@pytest.mark.parametrize(
    ("code", "words", "kind", "told"),
    [
        ("101677-3", "NDM carbapenemase rapid immunoassay", ResultKind.PROTEIN, {"analyte": "NDM", "method": "lateral_flow"}),
        ("86930-5", "Carbapenemase in isolate", ResultKind.ACTIVITY, {"analyte": None}),
        ("105022-8", "blaNDM-5 gene", ResultKind.GENE, {"analyte": "NDM-5"}),
    ],
)  # fmt: skip
def test_the_code_of_a_test_says_what_was_looked_for(coded, code, words, kind, told):
    result = only(coded(TEST=code, TEST_TEXT=words), "results")
    assert result.kind is kind
    assert {name: getattr(result, name) for name in told} == told


@pytest.mark.parametrize(
    ("code", "words", "unit", "method"),
    [
        ("6652-2", "Meropenem MIC", MeasuredIn.MG_PER_L, None),
        ("6653-0", "Meropenem disk diffusion", MeasuredIn.MM, "disk_diffusion"),
        ("7029-2", "Meropenem gradient strip", MeasuredIn.MG_PER_L, "gradient_strip"),
    ],
)
def test_the_code_of_a_susceptibility_test_says_the_drug_and_the_unit(coded, code, words, unit, method):
    result = only(coded(TEST=code, TEST_TEXT=words, FOUND="", VALUE="8"), "results")
    assert (result.kind, result.antibiotic, result.unit, result.method) == (
        ResultKind.SUSCEPTIBILITY, "meropenem", unit, method,
    )  # fmt: skip


def test_the_code_of_one_gene_under_the_name_of_another_refuses_the_row(coded):
    intake = coded(TEST_TEXT="blaNDM gene")
    ((column, problem, remedy),) = refusals(intake)
    assert column == "TEST"
    assert "words beside this code say something else" in problem
    assert "blaKPC" in remedy
    assert not [f for f in intake.facts if f.table == "results"]


def test_a_code_known_to_stand_wrongly_in_the_wild_names_the_right_one(coded):
    ((_, problem, remedy),) = refusals(coded(TEST="85827-4", TEST_TEXT="Carbapenemase [Presence] in isolate"))
    assert "OXA-48-like gene" in problem
    assert "86930-5" in remedy


def test_a_code_with_a_wrong_check_digit_is_refused(coded):
    ((_, problem, _),) = refusals(coded(TEST="49617-5"))
    assert "check digit" in problem


def test_the_code_of_a_specimen_is_no_organism(coded):
    found = refusals(coded(GERM="119339001", GERM_TEXT="Stool specimen"))
    (problem,) = [p for column, p, _ in found if column == "GERM"]
    assert "something else" in problem


def test_a_carbapenemase_producing_organism_asks_for_its_carbapenemase_as_a_result(coded):
    words = "Carbapenemase-producing Escherichia coli"
    (remedy,) = [r for column, _, r in refusals(coded(GERM="737528008", GERM_TEXT=words)) if column == "GERM"]
    assert "a result of its own" in remedy


def test_a_part_of_names_is_no_test(coded):
    ((_, problem, _),) = refusals(coded(TEST="LP113695-3", TEST_TEXT="Carbapenem resistance genes"))
    assert "something else than a test" in problem


def test_susceptibility_to_carbapenems_at_large_names_no_drug(coded):
    ((_, problem, remedy),) = refusals(coded(TEST="88462-7", TEST_TEXT="Carbapenem [Susceptibility]", FOUND=""))
    assert "names no drug" in problem
    assert "the drug that was tested" in remedy


def test_a_column_beside_the_code_has_to_agree_with_it(coded):
    same = coded(TEST="6652-2", TEST_TEXT="Meropenem MIC", FOUND="", VALUE="8", UNIT="mg_per_l")
    assert same.problems == ()
    other = coded(TEST="6652-2", TEST_TEXT="Meropenem MIC", FOUND="", VALUE="8", UNIT="mm")
    ((_, problem, _),) = refusals(other)
    assert "unit mg_per_l" in problem


def test_a_word_that_the_mapping_translates_is_no_code(coded):
    assert only(coded(GERM="KLPN", GERM_TEXT="anything"), "isolates").organism == "klebsiella-pneumoniae"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", system: LOINC}", "}", "`display` stands beside a code"),
        ("collected: TAKEN", "collected: {column: TAKEN, system: LOINC}", "`collected` of specimens is not read from a code"),
        ("system: LOINC}", "system: LONIC}", "Did you mean `LOINC`?"),
        ("{column: TEST, display: TEST_TEXT, system: LOINC}", "{column: TEST}", "`test` is read from a code"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_read_its_codes_is_refused(tmp_path, old, new, said):
    assert old in MAPPING
    path = tmp_path / "wrong.yaml"
    path.write_text(MAPPING.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MappingError) as wrong:
        load_mapping(str(path))
    assert said in str(wrong.value)


def test_the_code_of_a_test_stands_with_results_only(tmp_path):
    path = tmp_path / "wrong.yaml"
    text = MAPPING.replace(
        "  isolates:\n    - file: lab.csv\n",
        "  isolates:\n    - file: lab.csv\n      test: {column: TEST, system: LOINC}\n",
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match="`test` is the code of the test of a result, and this is isolates"):
        load_mapping(str(path))
