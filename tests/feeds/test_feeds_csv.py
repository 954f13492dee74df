"""Our own form: a folder of CSV files, and every way in which one of them can be wrong."""

from datetime import UTC, date, datetime

import pytest

from ringfence.feeds import Effect, IntakeError, counted, load_mapping, read_folder
from ringfence.record import ResultStatus, When

ELM = "facility_id,zone\nElm,Europe/Amsterdam\n"
TWO_ZONES = "facility_id,zone\nElm,Europe/Amsterdam\nCedar,America/Vancouver\n"
STAYS = "patient_id,facility_id,ward,start,end\n"
STAY = "TEST-1,Elm,2N,2026-03-02,2026-03-04\n"
ENCOUNTERS = "encounter_id,patient_id,facility_id,kind,start\nE-1,TEST-1,Elm,inpatient,2026-03-02T10:15\n"
SPECIMENS = (
    "specimen_id,patient_id,kind,purpose,collected\nSP-1,TEST-1,rectal_swab,screening,2026-03-02\n"
    "SP-2,TEST-2,blood,clinical,2026-03-03\n"
)
RESULTS = "result_id,specimen_id,kind,analyte,found,status,reported\n"
RESULT = "R-1,SP-1,gene,KPC,detected,final,2026-03-04T16:00\n"


def rows(intake, table):
    return [fact.row for fact in intake.facts if fact.table == table]


def only(intake):
    (problem,) = intake.problems
    return problem


def where(problem):
    return problem.file, problem.line, problem.column


def test_a_folder_of_our_own_form_becomes_facts_that_know_where_they_were_read(read):
    intake = read(facilities=ELM, encounters=ENCOUNTERS, stays=STAYS + STAY, specimens=SPECIMENS)
    assert intake.problems == ()
    assert [(f.table, f.source) for f in intake.facts] == [
        ("facilities", "facilities.csv:2"),
        ("encounters", "encounters.csv:2"),
        ("stays", "stays.csv:2"),
        ("specimens", "specimens.csv:2"),
        ("specimens", "specimens.csv:3"),
    ]
    (stay,) = rows(intake, "stays")
    assert (stay.patient_id, stay.facility_id, stay.ward) == ("TEST-1", "Elm", "2N")
    assert (stay.start, stay.end) == (When(on=date(2026, 3, 2)), When(on=date(2026, 3, 4)))
    assert (stay.room, stay.bed, stay.presence.value) == (None, None, "present")
    (encounter,) = rows(intake, "encounters")
    assert encounter.start == When(at=datetime(2026, 3, 2, 9, 15, tzinfo=UTC))  # Amsterdam is one hour ahead in winter
    assert set(intake.digests) == {"facilities.csv", "encounters.csv", "stays.csv", "specimens.csv"}
    assert intake.unused == {}


def test_columns_may_stand_in_any_order_and_spaces_around_cells_do_not_count(read):
    intake = read(facilities=ELM, stays="ward , start,patient_id,facility_id\n 2N ,2026-03-02, TEST-1,Elm\n")
    assert intake.problems == ()
    assert rows(intake, "stays")[0].ward == "2N"


def test_blank_lines_are_no_rows_and_lines_are_counted_as_an_editor_counts_them(read):
    intake = read(facilities=ELM, stays=f"{STAYS}\n\n{STAY},,,,\nTEST-2\n")
    problem = only(intake)
    assert where(problem) == ("stays.csv", 6, "")


def test_a_cell_in_quotation_marks_may_hold_commas_and_line_breaks_and_lines_still_count(read):
    intake = read(facilities=ELM, stays=f'{STAYS}TEST-1,Elm,"2N, left\nwing",2026-03-02,\nTEST-2,Elm,2N,nonsense,\n')
    assert rows(intake, "stays")[0].ward == "2N, left\nwing"
    assert where(only(intake)) == ("stays.csv", 4, "start")


def test_windows_line_ends_are_read_and_counted(read):
    intake = read(facilities=ELM, stays=f"{STAYS}{STAY}TEST-2,Elm,2N,nonsense,\n".replace("\n", "\r\n"))
    assert len(rows(intake, "stays")) == 1
    assert where(only(intake)) == ("stays.csv", 3, "start")


def test_a_byte_order_mark_is_no_part_of_the_first_column(read):
    intake = read(facilities=b"\xef\xbb\xbf" + ELM.encode())
    assert intake.problems == ()
    assert rows(intake, "facilities")[0].facility_id == "Elm"


def test_letters_of_every_script_are_read_as_they_are(read):
    intake = read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,Zürich Süd 東,2026-03-02,\n")
    assert rows(intake, "stays")[0].ward == "Zürich Süd 東"


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_line_feeds_and_carriage_returns_end_a_row(read, mark):
    intake = read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,2N{mark}left,2026-03-02,\nTEST-2,Elm,2N,nonsense,\n")
    assert [row.ward for row in rows(intake, "stays")] == [f"2N{mark}left"]
    assert where(only(intake)) == ("stays.csv", 3, "start")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (ELM.encode() + b"\x8d,Europe/Berlin\n", "UTF-8"),
        (b"", "empty"),
        (b'facility_id,zone\n"Elm"x,Europe/Amsterdam\n', "quotation marks"),
        (b"facility_id,zone,zone\nElm,Europe/Amsterdam,\n", "Two columns"),
    ],
)
def test_when_no_facility_could_be_read_the_message_says_what_is_wrong_with_the_file(read, content, says):
    with pytest.raises(IntakeError) as wrong:
        read(facilities=content, stays=STAYS + STAY)
    assert says in str(wrong.value)


def test_when_a_row_of_facilities_is_wrong_the_message_says_line_and_remedy(read):
    with pytest.raises(IntakeError) as wrong:
        read(facilities="facility_id,zone\nElm,Amsterdam\n")
    assert "facilities.csv:2: zone: This is not an IANA time zone." in str(wrong.value)
    assert "Europe/Amsterdam" in str(wrong.value)


def test_without_facilities_the_message_shows_the_file_to_add(read):
    with pytest.raises(IntakeError) as wrong:
        read(stays=STAYS + STAY)
    assert "Add facilities.csv" in str(wrong.value)
    assert "facility_id,name,zone" in str(wrong.value)


def test_a_row_whose_quotation_marks_do_not_match_is_refused_with_its_line(read):
    intake = read(facilities=ELM, stays=f'{STAYS}{STAY}"TEST-2"x,Elm,2N,2026-03-02,\n')
    problem = only(intake)
    assert where(problem) == ("stays.csv", 3, "")
    assert "quotation marks" in problem.problem
    assert '"a, b"' in problem.remedy


def test_a_quotation_mark_that_is_never_closed_is_told_where_its_row_begins(read):
    intake = read(facilities=ELM, stays=f'{STAYS}TEST-1,Elm,"2N,2026-03-02,\n{STAY}{STAY}{STAY}')
    assert only(intake).line == 2


def test_no_row_after_a_row_with_wrong_quotation_marks_is_lost_in_silence(read):
    later = "TEST-3,Elm,2N,2026-03-02,\nTEST-4,Elm,2N,2026-03-02,\n"
    intake = read(facilities=ELM, stays=f'{STAYS}{STAY}"TEST-2"x,Elm,2N,2026-03-02,\n{later}')
    read_rows = {row.patient_id for row in rows(intake, "stays")} >= {"TEST-3", "TEST-4"}
    own_problem = {p.line for p in intake.problems} >= {4, 5}
    said = any("no row after" in p.problem or "rest of the file" in p.problem for p in intake.problems)
    assert read_rows or own_problem or said


@pytest.mark.parametrize(
    ("row", "cells"), [("TEST-2,Elm,2N,2026-03-02,,extra\n", 6), ("TEST-2,Elm,2N,2026-03-02\n", 4)]
)
def test_a_row_with_too_many_or_too_few_cells_is_refused_and_the_others_are_used(read, row, cells):
    intake = read(facilities=ELM, stays=STAYS + row + STAY)
    problem = only(intake)
    assert where(problem) == ("stays.csv", 2, "")
    assert f"{cells} cells" in problem.problem
    assert "5" in problem.problem
    assert len(rows(intake, "stays")) == 1


def test_a_missing_required_column_refuses_the_file_and_says_what_belongs_there(read):
    intake = read(facilities=ELM, stays="patient_id,facility_id,start\nTEST-1,Elm,2026-03-02\n")
    problem = only(intake)
    assert where(problem) == ("stays.csv", 1, "ward")
    assert "missing" in problem.problem
    assert problem.effect is Effect.REFUSED
    assert "Add it: The ward." in problem.remedy
    assert rows(intake, "stays") == []


def test_every_missing_column_of_a_file_is_told_together(read):
    intake = read(facilities=ELM, stays="ward\n2N\n")
    assert {p.column for p in intake.problems} == {"patient_id", "facility_id", "start"}


def test_a_missing_optional_column_is_no_problem(read):
    intake = read(facilities=ELM, stays="patient_id,facility_id,ward,start\nTEST-1,Elm,2N,2026-03-02\n")
    assert intake.problems == ()
    assert rows(intake, "stays")[0].end is None


def test_an_unknown_column_is_noted_with_the_nearest_and_the_rows_are_used(read):
    intake = read(facilities=ELM, stays="patient_id,facility_id,ward,start,rom\nTEST-1,Elm,2N,2026-03-02,201\n")
    problem = only(intake)
    assert where(problem) == ("stays.csv", 1, "rom")
    assert problem.effect is Effect.USED
    assert "Did you mean `room`?" in problem.remedy
    assert len(rows(intake, "stays")) == 1


def test_an_unknown_column_like_none_of_ours_is_told_which_there_are(read):
    intake = read(facilities=ELM, stays="patient_id,facility_id,ward,start,xyz\nTEST-1,Elm,2N,2026-03-02,201\n")
    assert "Columns: stay_id, patient_id" in only(intake).remedy


def test_a_file_without_a_header_does_not_give_its_first_patient_away(read):
    intake = read(facilities=ELM, stays="CANARY-NAME,Elm,2N,2026-03-02,2026-03-04\nTEST-2,Elm,2N,2026-03-02,\n")
    assert intake.problems
    assert not any("CANARY" in f"{p.column}{p.problem}{p.remedy}" for p in intake.problems)


@pytest.mark.parametrize("content", ["", "\n", " \n\n", "\ufeff"])
def test_an_empty_file_is_a_problem_that_says_so(read, content):
    problem = only(read(facilities=ELM, stays=content))
    assert (problem.file, problem.line) == ("stays.csv", 0)
    assert "empty" in problem.problem


def test_a_file_with_a_header_and_no_row_is_no_problem(read):
    assert read(facilities=ELM, stays=STAYS).problems == ()


def test_two_columns_of_one_name_refuse_the_file(read):
    intake = read(facilities=ELM, stays=f"{STAYS.strip()},ward\nTEST-1,Elm,2N,2026-03-02,,3W\n")
    problem = only(intake)
    assert where(problem) == ("stays.csv", 1, "ward")
    assert "Two columns" in problem.problem
    assert rows(intake, "stays") == []


def test_an_empty_cell_that_must_be_filled_says_what_belongs_there(read):
    problem = only(read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,,2026-03-02,\n"))
    assert where(problem) == ("stays.csv", 2, "ward")
    assert problem.remedy == "Give the ward."


def test_every_wrong_cell_of_a_row_has_its_own_problem_and_the_row_counts_once_as_refused(read):
    intake = read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,,soon,later\n")
    assert [p.column for p in intake.problems] == ["end", "start", "ward"]
    assert counted(intake.problems) == (1, 0)


def test_problems_come_in_the_order_of_files_and_lines(read):
    wrong = "TEST-1,Elm,2N,soon,\n"
    intake = read(facilities=ELM, stays=STAYS + STAY + wrong * 12, encounters=ENCOUNTERS.replace("inpatient", "x"))
    assert [(p.file, p.line) for p in intake.problems] == [
        ("encounters.csv", 2),
        *(("stays.csv", n) for n in range(3, 15)),
    ]


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(IntakeError, match="there is no such folder"):
        read_folder(tmp_path / "nowhere", load_mapping(None))


def test_a_folder_with_nothing_in_it_is_refused_and_names_shown(read):
    with pytest.raises(IntakeError) as wrong:
        read()
    assert "no file that ends in one of .csv" in str(wrong.value)
    assert "facilities.csv" in str(wrong.value)
    assert "--mapping" in str(wrong.value)


def test_a_file_that_is_called_like_no_table_is_not_read_and_the_nearest_is_named(read):
    intake = read(facilities=ELM, stayz=STAYS + STAY)
    assert "Did you mean `stays`?" in intake.unused["stayz.csv"]
    assert set(intake.digests) == {"facilities.csv"}


def test_the_name_of_a_file_may_be_in_capitals(read):
    assert len(rows(read(FACILITIES=ELM), "facilities")) == 1


class TestDates:
    """Dates and times."""

    @pytest.mark.parametrize("text", ["2019-06-31", "2026-02-29", "2026-13-01", "2026-00-10", "0000-01-01"])
    def test_a_date_that_does_not_exist_is_told_so(self, read, text):
        problem = only(read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,2N,{text},\n"))
        assert where(problem) == ("stays.csv", 2, "start")
        assert problem.problem == "There is no such date."
        assert "YYYY-MM-DD" in problem.remedy

    @pytest.mark.parametrize("text", ["31/02/2026", "2/3/2026", "02-03-2026", "2026-3-2", "20260302", "2 March"])
    def test_a_date_of_another_form_is_told_the_form_and_not_repeated(self, read, text):
        problem = only(read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,2N,{text},\n"))
        assert "not a date" in problem.problem
        assert text not in problem.problem + problem.remedy
        assert "YYYY-MM-DD" in problem.remedy

    def test_the_29th_of_february_exists_in_a_leap_year(self, read):
        intake = read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,2N,2028-02-29,\n")
        assert rows(intake, "stays")[0].start == When(on=date(2028, 2, 29))

    def test_a_local_time_the_clocks_went_forward_over_does_not_exist(self, read):
        problem = only(read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,2N,2026-03-29T02:30,\n"))
        assert where(problem) == ("stays.csv", 2, "start")
        assert "does not exist" in problem.problem
        assert "offset" in problem.remedy

    def test_of_a_local_time_that_comes_twice_the_earlier_is_taken(self, read):
        intake = read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,2N,2026-10-25T02:30,\n")
        assert rows(intake, "stays")[0].start == When(at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC))

    @pytest.mark.parametrize(
        ("text", "hour", "minute"),
        [("2026-03-29T03:00", 1, 0), ("2026-03-29T01:59", 0, 59), ("2026-03-29T02:30+01:00", 1, 30)],
    )
    def test_times_beside_the_missing_hour_and_times_with_an_offset_are_read(self, read, text, hour, minute):
        intake = read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,2N,{text},\n")
        assert rows(intake, "stays")[0].start == When(at=datetime(2026, 3, 29, hour, minute, tzinfo=UTC))

    def test_a_time_without_an_offset_is_local_to_the_facility_of_its_row(self, read):
        stays = f"{STAYS}TEST-1,Elm,2N,2026-01-05T12:00,\nTEST-2,Cedar,2N,2026-01-05T12:00,\n"
        elm, cedar = rows(read(facilities=TWO_ZONES, stays=stays), "stays")
        assert elm.start == When(at=datetime(2026, 1, 5, 11, tzinfo=UTC))
        assert cedar.start == When(at=datetime(2026, 1, 5, 20, tzinfo=UTC))

    def test_a_time_without_an_offset_is_refused_when_zones_differ_and_the_row_names_no_facility(self, read):
        patients = "patient_id,died\nTEST-1,2026-03-02T10:00\nTEST-2,2026-03-02\nTEST-3,2026-03-02T10:00Z\n"
        intake = read(facilities=TWO_ZONES, patients=patients)
        (problem,) = [p for p in intake.problems if p.effect is Effect.REFUSED]
        assert where(problem) == ("patients.csv", 2, "died")
        assert problem.problem == "This time has no zone."
        assert "offset" in problem.remedy
        assert [row.patient_id for row in rows(intake, "patients")] == ["TEST-2", "TEST-3"]

    def test_a_misspelt_facility_is_told_as_such_also_when_zones_differ(self, read):
        intake = read(facilities=TWO_ZONES, stays=f"{STAYS}TEST-1,Ceder,2N,2026-03-02T10:00,\n")
        assert any(p.column == "facility_id" and "Did you mean `Cedar`?" in p.remedy for p in intake.problems)

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("2026-03-04", "2026-03-02"),
            ("2026-03-02T11:00", "2026-03-02T10:59"),
            ("2026-03-02T11:00", "2026-03-01"),
            ("2026-03-03", "2026-03-02T23:59"),
        ],
    )
    def test_a_stay_that_ends_before_it_starts_is_refused(self, read, start, end):
        problem = only(read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,2N,{start},{end}\n"))
        assert where(problem) == ("stays.csv", 2, "end")
        assert "ends before it starts" in problem.problem
        assert problem.effect is Effect.REFUSED

    @pytest.mark.parametrize(
        ("start", "end"),
        [("2026-03-02", "2026-03-02"), ("2026-03-02T11:00", "2026-03-02"), ("2026-03-02", "2026-03-02T00:30")],
    )
    def test_a_stay_that_starts_and_ends_on_one_date_is_a_real_visit(self, read, start, end):
        assert read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,2N,{start},{end}\n").problems == ()

    def test_a_stay_of_no_length_is_used_and_noted(self, read):
        intake = read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,2N,2026-03-02T10:00,2026-03-02T10:00\n")
        assert only(intake).effect is Effect.USED
        assert len(rows(intake, "stays")) == 1

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("2026-03-02", "9999-12-31"),
            ("2026-03-02", "9999-12-31T23:59-08:00"),
            ("0001-01-01", "2026-03-02"),
            ("0001-01-01T00:00+14:00", ""),
        ],
    )
    def test_a_date_at_either_end_of_the_calendar_is_a_fact_or_a_problem(self, read, start, end):
        intake = read(facilities=ELM, stays=f"{STAYS}TEST-1,Elm,2N,{start},{end}\n")
        assert len(rows(intake, "stays")) == 1 or any(p.line == 2 for p in intake.problems)


class TestLinks:
    """What a row names must exist."""

    def test_an_unknown_facility_is_refused_with_the_known_and_the_nearest(self, read):
        problem = only(read(facilities=ELM, stays=f"{STAYS}TEST-1,Elmm,2N,2026-03-02,\n"))
        assert where(problem) == ("stays.csv", 2, "facility_id")
        assert problem.effect is Effect.REFUSED
        assert "Known: Elm." in problem.remedy
        assert "Did you mean `Elm`?" in problem.remedy

    def test_a_stay_of_an_unknown_encounter_is_kept_and_waits_for_it(self, read):
        stays = f"encounter_id,{STAYS}E-9,{STAY}E-1,{STAY}"
        intake = read(facilities=ELM, encounters=ENCOUNTERS, stays=stays)
        problem = only(intake)
        assert where(problem) == ("stays.csv", 2, "encounter_id")
        assert "No row of encounters has this encounter_id" in problem.problem
        assert problem.effect is Effect.WAITING
        assert [row.encounter_id for row in rows(intake, "stays")] == ["E-9", "E-1"]

    def test_a_result_of_an_unknown_specimen_is_kept_and_waits_for_it(self, read):
        intake = read(
            facilities=ELM, specimens=SPECIMENS, results=RESULTS + RESULT + RESULT.replace("-1,SP-1", "-9,SP-9")
        )
        problem = only(intake)
        assert where(problem) == ("results.csv", 3, "specimen_id")
        assert "No row of specimens has this specimen_id" in problem.problem
        assert (problem.effect, len(rows(intake, "results"))) == (Effect.WAITING, 2)

    def test_what_hangs_on_a_row_that_is_refused_waits_for_it(self, read):
        specimens = SPECIMENS.replace("2026-03-02", "nonsense")
        intake = read(facilities=ELM, specimens=specimens, results=RESULTS + RESULT)
        assert [where(p) for p in intake.problems] == [
            ("results.csv", 2, "specimen_id"),
            ("specimens.csv", 2, "collected"),
        ]

    def test_the_site_of_a_declaration_need_not_be_one_of_ours(self, read):
        declarations = "kind,facility_id,ward,declared_by,declared\noutbreak_open,Oak,Zuid 4,a role,2026-02-20\n"
        intake = read(facilities=ELM, declarations=declarations)
        assert intake.problems == ()
        assert rows(intake, "declarations")[0].facility_id == "Oak"

    def test_a_specimen_from_nobody_and_no_place_is_kept_and_noted(self, read):
        intake = read(facilities=ELM, specimens=SPECIMENS.replace("SP-1,TEST-1", "SP-1,"))
        assert where(only(intake)) == ("specimens.csv", 2, "patient_id")
        assert only(intake).effect is Effect.USED
        assert len(rows(intake, "specimens")) == 2


class TestVersions:
    """One key, several rows."""

    def test_duplicate_rows_count_once_and_are_noted(self, read):
        intake = read(facilities=ELM, stays=STAYS + STAY * 3)
        assert len(rows(intake, "stays")) == 1
        assert [(p.line, p.effect) for p in intake.problems] == [(3, Effect.USED), (4, Effect.USED)]
        assert all("stays.csv:2" in p.problem and "counts once" in p.problem for p in intake.problems)
        assert counted(intake.problems) == (0, 2)

    def test_rows_that_differ_only_in_spaces_are_duplicates(self, read):
        intake = read(facilities=ELM, specimens=SPECIMENS + "SP-1 , TEST-1,Rectal swab,Screening,2026-03-02\n")
        assert len(rows(intake, "specimens")) == 2
        assert "counts once" in only(intake).problem

    @pytest.mark.parametrize("zones", [("Europe/Amsterdam", "Europe/London"), ("Europe/London", "Europe/Amsterdam")])
    def test_two_facilities_with_one_id_are_both_refused(self, read, zones):
        both = "".join(f"Elm,{zone}\n" for zone in zones)
        intake = read(
            facilities=f"facility_id,zone\n{both}Oak,UTC\n", stays=f"{STAYS}TEST-1,Elm,2N,2026-01-05T12:00,\n"
        )
        assert [row.facility_id for row in rows(intake, "facilities")] == ["Oak"]
        refused = [p for p in intake.problems if p.file == "facilities.csv"]
        assert [(p.line, p.effect) for p in refused] == [(2, Effect.REFUSED), (3, Effect.REFUSED)]
        assert all("Two facilities have this id" in p.problem for p in refused)
        assert rows(intake, "stays") == []

    def test_two_facilities_with_one_id_and_no_other_are_an_error_that_names_both_lines(self, read):
        with pytest.raises(IntakeError, match=r"facilities\.csv:2.*\n.*facilities\.csv:3"):
            read(facilities=ELM + "Elm,Europe/London\n")

    def test_a_result_with_other_content_and_the_same_time_of_report_is_kept_and_doubtful(self, read):
        results = RESULTS + RESULT + RESULT.replace("detected", "not_detected").replace("KPC", "")
        intake = read(facilities=ELM, specimens=SPECIMENS, results=results)
        problem = only(intake)
        assert where(problem) == ("results.csv", 3, "result_id")
        assert "later `reported`" in problem.remedy
        assert problem.effect is Effect.DOUBTFUL
        assert {row.found.value for row in rows(intake, "results")} == {"detected", "not_detected"}

    def test_a_correction_with_a_later_report_is_accepted_in_either_order(self, read):
        correction = "R-1,SP-1,gene,NDM,detected,corrected,2026-03-06T09:00\n"
        for some in (RESULT + correction, correction + RESULT):
            intake = read(facilities=ELM, specimens=SPECIMENS, results=RESULTS + some)
            assert intake.problems == ()
            assert {(r.analyte, r.status) for r in rows(intake, "results")} == {
                ("KPC", ResultStatus.FINAL),
                ("NDM", ResultStatus.CORRECTED),
            }

    def test_a_correction_that_does_not_say_when_it_was_reported_is_doubtful_in_either_order(self, read):
        correction = "R-1,SP-1,gene,NDM,detected,corrected,\n"
        for some in (RESULT + correction, correction + RESULT):
            intake = read(facilities=ELM, specimens=SPECIMENS, results=RESULTS + some)
            assert "no `reported`" in only(intake).problem
            assert only(intake).effect is Effect.DOUBTFUL
            assert {row.analyte for row in rows(intake, "results")} == {"KPC", "NDM"}

    def test_a_row_without_a_number_gets_one_from_its_content(self, read):
        intake = read(facilities=ELM, stays=STAYS + STAY + STAY.replace("2N", "3W"))
        one, other = rows(intake, "stays")
        assert one.stay_id
        assert one.stay_id != other.stay_id
        again = read(facilities=ELM, stays=STAYS + STAY.replace("2N", "3W") + STAY)
        assert {row.stay_id for row in rows(again, "stays")} == {one.stay_id, other.stay_id}


@pytest.mark.parametrize(
    ("stem", "content", "column", "says"),
    [
        ("encounters", ENCOUNTERS.replace("inpatient", "inpatiënt"), "kind", "inpatient, emergency, outpatient"),
        ("facilities", ELM + "Oak,Europe/Amsterdan\n", "zone", "Europe/Amsterdam"),
        ("isolates", "isolate_id,specimen_id,organism\nI-1,SP-1,Klebsiela pneumoniae\n", "organism", "neumoniae"),
        ("distances", "isolate_a,isolate_b,snps\nI-1,I-2,-3\n", "snps", "digits only"),
        ("distances", "isolate_a,isolate_b,snps\nI-1,I-2,3.0\n", "snps", "digits only"),
        ("results", RESULTS + RESULT.replace("KPC", "OXA-9"), "analyte", "OXA-48-like"),
        ("results", RESULTS + RESULT.replace("KPC", "CRE+"), "analyte", "it is a phenotype"),
        ("results", RESULTS + RESULT.replace("KPC", "KPC+"), "analyte", "in the column `found`"),
        ("isolates", "isolate_id,specimen_id,organism\nI-1,SP-1,258527002\n", "organism", "a code of a specimen"),
    ],
)
def test_a_word_that_is_none_of_the_words_of_its_column_is_told_those_there_are(read, stem, content, column, says):
    intake = read(**({"facilities": ELM} | {stem: content}))
    problem = next(p for p in intake.problems if p.file == f"{stem}.csv" and p.column == column)
    assert problem.effect is Effect.REFUSED
    assert says in f"{problem.problem} {problem.remedy}"
