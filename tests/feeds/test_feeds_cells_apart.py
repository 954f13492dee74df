"""Mappings that take cells apart, and make a row of each of several columns."""

import pytest

from ringfence.feeds import Effect, MappingError, load_mapping
from ringfence.record import Comparator, Interpretation, MeasuredIn

HEAD = """mapping: 1
id: made-up
title: Made up
empty: ["", "-"]
tables:
  facilities:
    - rows: [{facility_id: Elm, zone: Europe/Amsterdam}]
"""
LAB = """  specimens:
    - file: lab.csv
      columns: {specimen_id: NO, patient_id: PAT, collected: TAKEN}
      constants: {facility_id: Elm, kind: urine, purpose: clinical}
  isolates:
    - file: lab.csv
      columns: {isolate_id: NO, specimen_id: NO, organism: GERM}
  results:
    - file: lab.csv
      each:
        MEM_NM: {antibiotic: meropenem, unit: mg_per_l}
        IPM_ND10: {antibiotic: imipenem, unit: mm}
      columns:
        result_id: {template: "{NO}/{*}"}
        specimen_id: NO
        isolate_id: NO
        comparator: {column: "*", pattern: "^(<=|>=|<|>)"}
        value: {column: "*", pattern: "^(?:<=|>=|<|>)?([0-9]+(?:[.][0-9]+)?)$"}
        interpretation: {column: "*", pattern: "^([SIR])$"}
      constants: {kind: susceptibility, status: final}
"""
ROWS = """NO,PAT,TAKEN,GERM,MEM_NM,IPM_ND10
L1,TEST-A,2026-03-02,E. coli,<=0.25,22
L2,TEST-B,2026-03-03,E. coli,R,-
L3,TEST-C,2026-03-04,E. coli,,
"""


def results(intake):
    return {fact.row.result_id: fact.row for fact in intake.facts if fact.table == "results"}


def test_each_column_with_a_cell_makes_a_row_and_a_cell_gives_a_sign_a_number_or_a_letter(read):
    intake = read(HEAD + LAB, lab=ROWS)
    assert intake.problems == ()
    found = results(intake)
    assert set(found) == {"L1/MEM_NM", "L1/IPM_ND10", "L2/MEM_NM"}
    one, other, letter = found["L1/MEM_NM"], found["L1/IPM_ND10"], found["L2/MEM_NM"]
    assert (one.antibiotic, one.comparator, one.value) == ("meropenem", Comparator("<="), 0.25)
    assert one.unit is MeasuredIn.MG_PER_L
    assert (other.antibiotic, other.comparator, other.value, other.unit) == ("imipenem", None, 22, MeasuredIn.MM)
    assert (letter.value, letter.interpretation) == (None, Interpretation.R)


def test_rows_that_a_mapping_leaves_out_are_counted(read):
    entry = LAB.replace("      each:", "      leave_out: {GERM: [S. aureus, E. coli]}\n      each:")
    intake = read(HEAD + entry, lab=ROWS.replace("L2,TEST-B,2026-03-03,E. coli", "L2,TEST-B,2026-03-03,K. pneumoniae"))
    assert set(results(intake)) == {"L2/MEM_NM"}
    assert [(p.line, p.effect, p.problem) for p in intake.problems] == [
        (0, Effect.USED, "2 rows are left out of results, as the mapping says.")
    ]


def test_a_cell_that_no_pattern_fits_is_refused_with_its_line_and_its_shape_alone(read):
    intake = read(HEAD + LAB, lab=ROWS.replace("<=0.25", "about 2"))
    (problem,) = intake.problems
    assert (problem.line, problem.column, problem.effect) == (2, "MEM_NM", Effect.REFUSED)
    assert "aaaaa 9" in problem.problem
    assert "about" not in problem.problem
    assert set(results(intake)) == {"L1/IPM_ND10", "L2/MEM_NM"}


@pytest.mark.parametrize("column", ["IPM_ND10", "GERM"])
def test_a_column_that_is_not_there_is_told_once_however_many_rows_are_made_of_it(read, column):
    intake = read(HEAD + LAB, lab=ROWS.replace(column, "OTHER"))
    assert [problem.column for problem in intake.problems if problem.effect is Effect.REFUSED].count(column) == 1


def test_a_column_that_is_not_there_costs_only_the_rows_that_are_made_of_it(read):
    intake = read(HEAD + LAB, lab=ROWS.replace("IPM_ND10", "OTHER"))
    assert set(results(intake)) == {"L1/MEM_NM", "L2/MEM_NM"}


def test_a_place_in_one_cell_becomes_room_and_bed(read):
    moves = """  stays:
    - file: moves.csv
      columns:
        patient_id: PAT
        ward: UNIT
        room: {column: BED, pattern: "^(\\\\d+)-"}
        bed: {column: BED, pattern: "-(\\\\w)$"}
        start: FROM
      constants: {facility_id: Elm}
"""
    intake = read(HEAD + moves, moves="PAT,UNIT,BED,FROM\nTEST-A,2N,201-A,2026-03-02\nTEST-B,2N,,2026-03-02\n")
    assert intake.problems == ()
    one, other = [fact.row for fact in intake.facts if fact.table == "stays"]
    assert (one.room, one.bed) == ("201", "A")
    assert (other.room, other.bed) == (None, None)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (LAB.replace('"^([SIR])$"', '"^[SIR]$"'), "a pattern with one group"),
        (LAB.replace('"^([SIR])$"', '"^([SIR]$"'), "a pattern with one group"),
        (LAB.replace('column: "*"', "column: MEM_NM"), "Say where the cell goes"),
        (
            LAB.replace("each:", "only:")
            .replace("{antibiotic: meropenem, unit: mg_per_l}", "x")
            .replace("{antibiotic: imipenem, unit: mm}", "y"),
            "stands for each column under `each`",
        ),
        (LAB.replace("antibiotic: meropenem", "antibiotc: meropenem"), "Did you mean `antibiotic`?"),
        (LAB.replace("antibiotic: meropenem", "value: 3"), "both a column and a constant"),
        (
            LAB.replace("collected: TAKEN", 'collected: {column: TAKEN, format: "CHOOSE %d/%m/%Y or %m/%d/%Y"}'),
            "still to be chosen: %d/%m/%Y or %m/%d/%Y",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(tmp_path, wrong, expected):
    file = tmp_path / "wrong.yaml"
    file.write_text(HEAD + wrong)
    with pytest.raises(MappingError) as refused:
        load_mapping(str(file))
    told = str(refused.value)
    assert expected in told
    line = int(told.split(":")[1])
    assert line > HEAD.count("\n")
