"""Rows that read cell by cell and still lack something, because of what they are about."""

import pytest

from ringfence.feeds import Effect
from ringfence.feeds.links import LINKS, ORDER
from ringfence.record import NEEDS, TABLES, Comparator, DeclarationKind, Interpretation, MeasuredIn, TableKind

FACTS = {name: table for name, table in TABLES.items() if table.kind is TableKind.FACT}
CANARY = "CANARY-NAME"
ELM = "facility_id,zone\nElm,Europe/Amsterdam\n"
SPECIMENS = "specimen_id,patient_id,kind,purpose,collected\nSP-1,TEST-1,urine,clinical,2026-03-02\n"


def csv_of(row):
    return f"{','.join(row)}\n{','.join(row.values())}\n"


def rows(intake, table):
    return [fact.row for fact in intake.facts if fact.table == table]


def only(intake):
    (problem,) = intake.problems
    return problem


def nothing_of_the_cells(intake):
    return not any(CANARY in f"{p.column} {p.problem} {p.remedy}" for p in intake.problems)


class TestUnitsAsLaboratoriesWriteThem:
    """A microgram in a millilitre is a milligram in a litre."""

    @pytest.mark.parametrize("unit", ["mg_per_l", "mg/L", "MG/L", "ug/mL", "\u00b5g/mL", "\u03bcg/mL", "mcg/mL"])
    def test_a_concentration_is_one(self, read, unit):
        measured = {"kind": "susceptibility", "antibiotic": "meropenem", "value": "8", "unit": unit}
        given = {"result_id": "R-1", "specimen_id": "SP-1", "status": "final"}
        intake = read(facilities=ELM, specimens=SPECIMENS, results=csv_of(given | measured))
        assert intake.problems == ()
        assert [row.unit for row in rows(intake, "results")] == [MeasuredIn.MG_PER_L]

    @pytest.mark.parametrize("unit", ["ug/L", "g/L", "mg", "mg/mL"])
    def test_another_concentration_is_none_of_them(self, read, unit):
        measured = {"kind": "susceptibility", "antibiotic": "meropenem", "value": "8", "unit": unit}
        given = {"result_id": "R-1", "specimen_id": "SP-1", "status": "final"}
        intake = read(facilities=ELM, specimens=SPECIMENS, results=csv_of(given | measured))
        assert only(intake).column == "unit"
        assert rows(intake, "results") == []


class TestReportsInAnOrderThatIsSurprising:
    """Each is kept as it is, and said."""

    HEAD = "result_id,specimen_id,kind,analyte,found,status,method,reported\n"

    def read_in(self, read, *lines, specimens=SPECIMENS):
        told = "".join(f"R-1,SP-1,gene,KPC,detected,{status},pcr,{when}\n" for status, when in lines)
        return read(facilities=ELM, specimens=specimens, results=self.HEAD + told)

    @pytest.mark.parametrize("when", ["2026-03-01", "2026-03-01T23:59"])
    def test_a_result_reported_before_its_specimen_was_collected(self, read, when):
        intake = self.read_in(read, ("final", when))
        assert (only(intake).column, only(intake).line, only(intake).effect) == ("reported", 2, Effect.DOUBTFUL)
        assert "before its specimen was collected" in only(intake).problem
        assert len(rows(intake, "results")) == 1

    @pytest.mark.parametrize("when", ["2026-03-02", "2026-03-02T00:00", "2026-03-04", ""])
    def test_one_of_the_same_day_or_later_or_at_no_time_that_is_known_is_as_it_should_be(self, read, when):
        assert self.read_in(read, ("final", when)).problems == ()

    def test_a_day_is_that_of_the_hospital_and_not_of_greenwich(self, read):
        collected = SPECIMENS.replace("2026-03-02", "2026-03-02T00:30")
        assert self.read_in(read, ("final", "2026-03-02"), specimens=collected).problems == ()

    def test_a_preliminary_report_after_a_final_one_counts_and_is_said(self, read):
        intake = self.read_in(read, ("final", "2026-03-12"), ("preliminary", "2026-03-13"))
        assert (only(intake).column, only(intake).line, only(intake).effect) == ("status", 3, Effect.DOUBTFUL)
        assert "a final one of the same result came before it" in only(intake).problem
        assert len(rows(intake, "results")) == 2

    @pytest.mark.parametrize(
        "lines",
        [
            (("preliminary", "2026-03-12"), ("final", "2026-03-13")),
            (("final", "2026-03-12"), ("preliminary", "2026-03-13"), ("corrected", "2026-03-14")),
            (("preliminary", "2026-03-12"), ("preliminary", "2026-03-13")),
        ],
    )
    def test_reports_that_end_with_a_final_one_or_have_none_are_as_they_should_be(self, read, lines):
        assert self.read_in(read, *lines).problems == ()


class TestResults:
    """What a result must say depends on its kind."""

    GIVEN = {"result_id": CANARY, "specimen_id": "SP-1", "status": "final", "method": CANARY}

    def result(self, read, **cells):
        return read(facilities=ELM, specimens=SPECIMENS, results=csv_of(self.GIVEN | cells))

    @pytest.mark.parametrize("kind", ["gene", "culture", "protein", "activity"])
    def test_a_result_that_says_nothing_was_found_nor_not_found_is_refused(self, read, kind):
        method = {"protein": "carba5", "activity": "carba_np"}.get(kind, "")
        intake = self.result(read, kind=kind, found="", value="0.25", method=method)
        problem = only(intake)
        assert (problem.line, problem.column, problem.effect) == (2, "found", Effect.REFUSED)
        assert kind in problem.problem
        assert "detected, not_detected, indeterminate, invalid" in problem.remedy
        assert rows(intake, "results") == []
        assert nothing_of_the_cells(intake)

    def test_a_susceptibility_result_without_its_antibiotic_is_refused(self, read):
        intake = self.result(read, kind="susceptibility", value="8")
        assert (only(intake).column, only(intake).effect) == ("antibiotic", Effect.REFUSED)
        assert nothing_of_the_cells(intake)

    def test_a_susceptibility_result_that_says_nothing_is_refused(self, read):
        intake = self.result(read, kind="susceptibility", antibiotic=CANARY, comparator=">=", unit="mg_per_l")
        assert (only(intake).column, only(intake).effect) == ("value", Effect.REFUSED)
        assert "value, interpretation or found" in only(intake).remedy
        assert nothing_of_the_cells(intake)

    @pytest.mark.parametrize("said", [{"value": "8"}, {"interpretation": "R"}, {"found": "indeterminate"}])
    def test_one_of_value_letter_and_finding_is_enough_for_susceptibility(self, read, said):
        intake = self.result(read, kind="susceptibility", antibiotic="meropenem", **said)
        assert intake.problems == ()
        assert len(rows(intake, "results")) == 1

    def test_a_measured_value_keeps_its_sign_its_unit_and_the_letter_of_the_laboratory(self, read):
        measured = {"comparator": "<=", "value": "0.25", "unit": "mg_per_l", "interpretation": "sdd"}
        intake = self.result(read, kind="susceptibility", antibiotic="meropenem", **measured)
        (result,) = rows(intake, "results")
        assert (result.comparator, result.value, result.unit) == (Comparator.AT_MOST, 0.25, MeasuredIn.MG_PER_L)
        assert (result.interpretation, result.found) == (Interpretation.SDD, None)

    def test_a_sign_inside_the_value_is_refused_and_told_where_it_belongs(self, read):
        intake = self.result(read, kind="susceptibility", antibiotic="meropenem", value="<=0.25")
        assert only(intake).column == "value"
        assert "its own column" in only(intake).remedy

    @pytest.mark.parametrize(
        ("value", "says"),
        [
            ('"1,024"', ["a point before decimals"]),
            ("<0.25", ["as < in its own column, `comparator`"]),
            ("≤0.25", ["as <= in its own column, `comparator`"]),
            ("=> 32", ["as >= in its own column, `comparator`"]),
            ('"<=0,25"', ["as <= in its own column, `comparator`"]),
            ('"<=1,024"', ["as <= in its own column, `comparator`", "a point before decimals"]),
        ],
    )
    def test_a_value_with_a_sign_or_a_decimal_comma_is_told_what_to_write_where(self, read, value, says):
        intake = self.result(read, kind="susceptibility", antibiotic="meropenem", value=value, unit="mg_per_l")
        assert (only(intake).line, only(intake).column, only(intake).effect) == (2, "value", Effect.REFUSED)
        assert all(part in only(intake).remedy for part in says)
        assert not any(digits in f"{only(intake).problem} {only(intake).remedy}" for digits in ("1,024", "0,25", "32"))
        assert rows(intake, "results") == []

    @pytest.mark.parametrize(
        ("unit", "value", "says"),
        [
            ("mg_per_l", "-1", "mg/L"),
            ("mg_per_l", "0", "mg/L"),
            ("mg_per_l", "4096.5", "mg/L"),
            ("mm", "0", "6 is no inhibition zone for a 6 mm disk"),
            ("mm", "5", "6 is no inhibition zone for a 6 mm disk"),
            ("mm", "61", "correct the unit"),
            ("mm", "200", "correct the unit"),
            ("ct", "0", "`found`"),
            ("ct", "-3", "`found`"),
            ("ct", "60.5", "`found`"),
        ],
    )
    def test_a_value_outside_what_is_measured_in_its_unit_is_refused(self, read, unit, value, says):
        intake = self.result(read, kind="susceptibility", antibiotic="meropenem", value=value, unit=unit)
        assert (only(intake).file, only(intake).line) == ("results.csv", 2)
        assert (only(intake).column, only(intake).effect) == ("value", Effect.REFUSED)
        assert "outside what is measured" in only(intake).problem
        assert says in only(intake).remedy
        assert rows(intake, "results") == []

    @pytest.mark.parametrize(
        ("unit", "value"),
        [("mg_per_l", "0.002"), ("mg_per_l", "4096"), ("mm", "6"), ("mm", "22.5"), ("mm", "60"), ("ct", "60")],
    )
    def test_a_value_at_the_bounds_of_what_is_measured_is_kept(self, read, unit, value):
        intake = self.result(read, kind="susceptibility", antibiotic="meropenem", value=value, unit=unit)
        assert intake.problems == ()
        assert len(rows(intake, "results")) == 1

    @pytest.mark.parametrize("method", ["", CANARY, "broth microdilution"])
    @pytest.mark.parametrize("kind", ["protein", "activity"])
    def test_a_test_whose_method_is_not_known_is_kept_and_said_to_suspect_only(self, read, kind, method):
        intake = self.result(read, kind=kind, found="not_detected", method=method)
        assert (only(intake).column, only(intake).effect) == ("method", Effect.USED)
        assert "suspect" in only(intake).problem
        assert ("mcim" if kind == "activity" else "carba5") in only(intake).remedy
        assert len(rows(intake, "results")) == 1
        assert nothing_of_the_cells(intake)

    @pytest.mark.parametrize(
        ("cells", "column"),
        [
            ({"kind": "gene", "analyte": "KPC", "method": "mcim"}, "method"),
            ({"kind": "activity", "analyte": "KPC", "method": "mcim"}, "analyte"),
            ({"kind": "gene", "analyte": "", "method": "pcr"}, "analyte"),
            ({"kind": "protein", "analyte": "", "method": "carba5"}, "analyte"),
        ],
    )
    def test_a_positive_that_does_not_fit_its_kind_is_kept_and_said(self, read, cells, column):
        intake = self.result(read, found="detected", **cells)
        assert (only(intake).column, only(intake).effect) == (column, Effect.USED)
        assert len(rows(intake, "results")) == 1

    def test_a_type_is_kept_without_a_word(self, read):
        intake = self.result(read, kind="typing")
        assert intake.problems == ()
        assert len(rows(intake, "results")) == 1

    def test_an_activity_test_may_give_its_zone_in_place_of_what_was_found(self, read):
        zone = {"kind": "activity", "method": "mCIM", "value": "14", "unit": "mm"}
        assert self.result(read, **zone).problems == ()
        assert only(self.result(read, **zone | {"unit": "mg_per_l"})).column == "found"
        assert only(self.result(read, **zone | {"method": "Carba NP"})).column == "found"

    def test_a_misspelled_carbapenem_is_kept_and_said_not_to_be_read(self, read):
        intake = self.result(read, kind="susceptibility", antibiotic="meropenum", interpretation="R")
        assert intake.problems == ()
        intake = self.result(read, kind="susceptibility", antibiotic="merropenem", interpretation="R")
        assert (only(intake).column, only(intake).effect) == ("antibiotic", Effect.USED)


class TestMeasures:
    """A measure is for a patient or for a place."""

    GIVEN = {"facility_id": "Elm", "kind": "cleaning", "start": "2026-03-02"}

    @pytest.mark.parametrize("more", [{}, {"room": CANARY}])
    def test_a_measure_for_nobody_and_no_ward_is_refused(self, read, more):
        intake = read(facilities=ELM, measures=csv_of(self.GIVEN | more))
        assert (only(intake).column, only(intake).effect) == ("patient_id", Effect.REFUSED)
        assert "patient_id" in only(intake).remedy
        assert "ward" in only(intake).remedy
        assert rows(intake, "measures") == []
        assert nothing_of_the_cells(intake)

    @pytest.mark.parametrize("more", [{"ward": "2N"}, {"ward": "2N", "room": "201"}, {"patient_id": "TEST-1"}])
    def test_a_measure_for_a_ward_a_room_or_a_patient_is_kept(self, read, more):
        intake = read(facilities=ELM, measures=csv_of(self.GIVEN | more))
        assert intake.problems == ()
        assert len(rows(intake, "measures")) == 1


class TestPopulations:
    """A row says whom the stays cover, or gives a denominator."""

    @pytest.mark.parametrize(
        ("cells", "column"),
        [
            ({}, "covers"),
            ({"ward": CANARY}, "covers"),
            ({"denominator": "patient_days"}, "count"),
            ({"count": "812"}, "denominator"),
            ({"covers": "all_inpatients", "count": "812"}, "denominator"),
        ],
    )
    def test_a_row_that_is_neither_is_refused(self, read, cells, column):
        intake = read(facilities=ELM, populations=csv_of({"facility_id": "Elm"} | cells))
        assert (only(intake).column, only(intake).effect) == (column, Effect.REFUSED)
        assert rows(intake, "populations") == []
        assert nothing_of_the_cells(intake)

    def test_the_denominators_of_several_wards_and_periods_stand_beside_each_other(self, read):
        counted = (
            "facility_id,covers,ward,denominator,count,start,end\n"
            "Elm,all_inpatients,,,,,\n"
            "Elm,,2N,patient_days,812,2026-01-01,2026-01-31\n"
            "Elm,,2N,patient_days,790,2026-02-01,2026-02-28\n"
            "Elm,,2N,admissions,101,2026-01-01,2026-01-31\n"
            "Elm,,3W,patient_days,640,2026-01-01,2026-01-31\n"
        )
        intake = read(facilities=ELM, populations=counted)
        assert intake.problems == ()
        assert [row.count for row in rows(intake, "populations")] == [None, 812, 790, 101, 640]


class TestDeclarations:
    """What a declaration must be about depends on its kind."""

    ALWAYS = {"declared_by": "a role", "declared": "2026-03-02T09:00"}
    # Only what is asked of a professional in words; columns and kinds are checked against each other below.
    ABOUT = {
        "outbreak_open": {"facility_id", "ward"},
        "outbreak_closed": {"facility_id", "ward"},
        "case_confirmed": {"case_id"},
        "case_not_confirmed": {"case_id"},
        "contacts_accepted": {"case_id", "contact_patient_id"},
        "screen": {"encounter_id"},
        "do_not_screen": {"encounter_id"},
        "infection": {"case_id"},
        "colonization": {"case_id"},
        "acquired_here": {"case_id"},
        "acquired_in_other_care": {"case_id"},
        "acquired_outside_care": {"case_id"},
        "precautions_ended": {"patient_id", "facility_id"},
        "told": {"patient_id", "about"},
        "done": {"patient_id", "about"},
        "undone": {"undoes"},
    }
    EACH = [(kind, lacking) for kind, needed in ABOUT.items() for lacking in sorted(needed)]

    def declared(self, read, kind, **cells):
        return read(facilities=ELM, declarations=csv_of({"kind": kind} | self.ALWAYS | cells))

    def test_what_each_kind_is_about_is_what_the_tables_say(self):
        assert {kind.value: set(needed) for kind, needed in NEEDS.items()} == self.ABOUT | {"retracted": {"about"}}

    @pytest.mark.parametrize("kind", ABOUT)
    def test_a_declaration_with_what_it_needs_is_kept(self, read, kind):
        intake = self.declared(read, kind, **dict.fromkeys(self.ABOUT[kind], CANARY))
        assert intake.problems == ()
        assert [row.kind for row in rows(intake, "declarations")] == [DeclarationKind(kind)]

    @pytest.mark.parametrize(("kind", "lacking"), EACH)
    def test_a_declaration_that_lacks_what_it_needs_is_refused_with_the_columns(self, read, kind, lacking):
        given = dict.fromkeys(self.ABOUT[kind] - {lacking}, CANARY)
        problem = only(intake := self.declared(read, kind, why=CANARY, **given))
        assert (problem.line, problem.column, problem.effect) == (2, lacking, Effect.REFUSED)
        assert all(f"`{name}`" in problem.problem for name in self.ABOUT[kind])
        assert f"Give `{lacking}`" in problem.remedy
        assert rows(intake, "declarations") == []
        assert nothing_of_the_cells(intake)

    def test_all_that_a_declaration_lacks_is_told_at_once(self, read):
        problem = only(self.declared(read, "told"))
        assert "`patient_id` and `about`" in problem.remedy

    @pytest.mark.parametrize("nobody", ["", "  ", "\t"])
    def test_a_declaration_by_nobody_is_refused(self, read, nobody):
        intake = self.declared(read, "undone", undoes="D-1", declared_by=nobody)
        assert (only(intake).column, only(intake).effect) == ("declared_by", Effect.REFUSED)

    def test_a_mapping_cannot_make_a_declaration_by_nobody_either(self, read):
        mapping = (
            "mapping: 1\nid: made-up\ntitle: A made-up mapping\ntables:\n"
            "  facilities:\n    - rows: [{facility_id: Elm, zone: Europe/Amsterdam}]\n"
            "  declarations:\n    - file: said.csv\n      columns:\n"
            "        declared: On\n        declared_by: {column: Who, values: {system: ' '}}\n"
            "      constants: {kind: undone, undoes: D-1}\n"
        )
        intake = read(mapping, said="On,Who\n2026-03-02,system\n2026-03-02,a role\n")
        assert (only(intake).line, only(intake).column) == (2, "Who")
        assert [row.declared_by for row in rows(intake, "declarations")] == ["a role"]


class TestNumbersMadeFromRows:
    """A row without a number gets one from what does not move."""

    STAY = {"patient_id": "TEST-1", "facility_id": "Elm", "ward": "2N", "start": "2026-03-02T10:00"}

    def number(self, read, table, key, row):
        (made,) = rows(read(facilities=ELM, **{table: csv_of(row)}), table)
        return getattr(made, key)

    @pytest.mark.parametrize("end", ["2026-03-04T11:00", "2026-03-05"])
    def test_an_open_stay_and_the_same_stay_with_its_end_have_one_number(self, read, end):
        opened = self.number(read, "stays", "stay_id", self.STAY | {"end": ""})
        assert opened
        assert self.number(read, "stays", "stay_id", self.STAY | {"end": end}) == opened

    @pytest.mark.parametrize("other", [{"ward": "3W"}, {"start": "2026-03-02T10:01"}, {"patient_id": "TEST-2"}])
    def test_another_stay_has_another_number(self, read, other):
        assert self.number(read, "stays", "stay_id", self.STAY) != self.number(
            read, "stays", "stay_id", self.STAY | other
        )

    @pytest.mark.parametrize(
        ("table", "key", "row"),
        [
            ("measures", "measure_id", {"patient_id": "TEST-1", "facility_id": "Elm", "kind": "cohort"}),
            ("treatments", "treatment_id", {"patient_id": "TEST-1", "kind": "device", "name": "urinary catheter"}),
            ("relations", "relation_id", {"patient_a": "TEST-1", "patient_b": "TEST-2", "kind": "household"}),
            ("methods", "method_id", {"laboratory": "Elm", "kind": "gene", "method": "pcr"}),
        ],
    )
    def test_the_end_moves_the_number_of_no_other_row_either(self, read, table, key, row):
        row |= {"start": "2026-03-02"}
        ended = self.number(read, table, key, row | {"end": "2026-03-04"})
        assert ended == self.number(read, table, key, row | {"end": ""})

    def test_the_end_of_a_stay_abroad_is_part_of_what_was_answered(self, read):
        asked = {"patient_id": "TEST-1", "encounter_id": "E-1", "question": "care_abroad", "answer": "yes"}
        visit = "encounter_id,patient_id,facility_id,kind,start\nE-1,TEST-1,Elm,inpatient,2026-03-02\n"
        both = f"{','.join([*asked, 'end'])}\n{','.join(asked.values())},2026-01-04\n{','.join(asked.values())},2026-02-03\n"
        one, other = rows(read(facilities=ELM, encounters=visit, answers=both), "answers")
        assert one.answer_id != other.answer_id


def test_steps_of_one_order_are_facts_of_their_own(read):
    steps = (
        "order_id,patient_id,status,happened\n"
        "O-1,TEST-1,ordered,2026-03-02\nO-1,TEST-1,collected,2026-03-02\nO-1,TEST-1,received,2026-03-03\n"
    )
    intake = read(facilities=ELM, orders=steps)
    assert intake.problems == ()
    assert [row.status for row in rows(intake, "orders")] == ["ordered", "collected", "received"]


def test_a_treatment_of_one_moment_is_no_visit_without_length(read):
    row = {"patient_id": "TEST-1", "kind": "procedure", "name": "endoscopy", "start": "2026-03-02T10:00"}
    assert read(facilities=ELM, treatments=csv_of(row | {"end": row["start"]})).problems == ()


def test_every_fact_table_has_its_place_in_the_order_of_need():
    assert sorted(ORDER) == sorted(FACTS)


@pytest.mark.parametrize("name", FACTS)
def test_a_column_that_names_a_row_of_another_table_is_a_link_to_it(name):
    homes = {"facility_id": "facilities", "encounter_id": "encounters", "specimen_id": "specimens"}
    homes |= {"isolate_id": "isolates", "isolate_a": "isolates", "isolate_b": "isolates", "order_id": "orders"}
    wanted = {(c, to) for c, to in homes.items() if c in FACTS[name].by_name and to != name}
    if name == "declarations":  # the site of an outbreak elsewhere is none of ours
        wanted -= {("facility_id", "facilities")}
    found = {(link.column, link.to) for link in LINKS if link.table == name}
    assert found - wanted <= {("place_id", "places")}
    assert wanted <= found
