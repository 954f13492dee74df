"""Mappings proposed for files as sites write them: what they read, what they leave to choose, and what they never show."""

import io
import re
import sqlite3
from contextlib import closing

import pytest
import xlsxwriter

from ringfence.feeds import MappingError, lacking, load_mapping, mapping_text, propose, read_folder
from ringfence.record import Comparator, Found, ResultKind

MOVES = """PATNO,UNIT,ROOM,IN,OUT,STATE
TEST-A,2 NORTH,201,02/03/2026 10:00,09/03/2026 11:00,IN BED
TEST-A,3 WEST,310,09/03/2026 11:00,?,IN BED
TEST-B,2 NORTH,201,05/03/2026 09:00,08/03/2026 09:00,ON LEAVE
TEST-C,3 WEST,310,14/03/2026 14:00,?,IN BED
"""
LAB = """LABNO,LINE,PATNO,MATERIAL,REASON,TAKEN,GERM,PCR,PCRDATE
L-1,1,TEST-A,URI,DIAGNOSTIC,10/03/2026,K. pneumoniae,KPC,12/03/2026
L-1,2,TEST-A,URI,DIAGNOSTIC,10/03/2026,E. coli,NEG,12/03/2026
L-2,1,TEST-B,RECT,ADMISSION,06/03/2026,?,NEG,07/03/2026
L-3,1,TEST-C,RECT,ADMISSION,15/03/2026,?,NEG,16/03/2026
"""
BY_HAND = """mapping: 1
id: birch
title: Birch, a made-up hospital
empty: ["", "?"]
tables:
  facilities:
    - rows: [{facility_id: Birch, zone: Europe/Amsterdam}]
  populations:
    - rows: [{facility_id: Birch, covers: unknown}]
  stays:
    - file: movements.csv
      columns:
        patient_id: PATNO
        ward: UNIT
        room: ROOM
        presence: {column: STATE, values: {IN BED: present, ON LEAVE: leave}}
        start: {column: IN, format: "%d/%m/%Y %H:%M"}
        end: {column: OUT, format: "%d/%m/%Y %H:%M"}
      constants: {facility_id: Birch}
  specimens:
    - file: lab.csv
      distinct: true
      columns:
        specimen_id: LABNO
        patient_id: PATNO
        kind: {column: MATERIAL, values: {URI: urine, RECT: rectal_swab}}
        purpose: {column: REASON, values: {DIAGNOSTIC: clinical, ADMISSION: screening}}
        collected: {column: TAKEN, format: "%d/%m/%Y"}
      constants: {facility_id: Birch}
  isolates:
    - file: lab.csv
      columns: {isolate_id: {template: "{LABNO}/{GERM}"}, specimen_id: LABNO, organism: GERM}
      where_filled: [organism]
  results:
    - file: lab.csv
      columns:
        result_id: {template: "{LABNO}/{LINE}/PCR"}
        specimen_id: LABNO
        isolate_id: {template: "{LABNO}/{GERM}"}
        analyte: {column: PCR, values: {NEG: ""}}
        found: {column: PCR, values: {KPC: detected, NEG: not_detected}}
        reported: {column: PCRDATE, format: "%d/%m/%Y"}
      constants: {kind: gene, status: final}
"""


@pytest.fixture
def folder(tmp_path):
    """Write files by name, text or bytes, and return the folder."""

    def made(**files):
        there = tmp_path / "sent"
        there.mkdir(exist_ok=True)
        for name, content in files.items():
            (there / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return there

    return made


@pytest.fixture
def read(tmp_path, folder):
    """Propose a mapping for files, and read them by it: the text of the mapping, and what it gave."""

    def reading(**files):
        there = folder(**files)
        text = mapping_text(propose(there), facility="Birch", zone="Europe/Amsterdam")
        file = tmp_path / "proposed.yaml"
        file.write_text(text, encoding="utf-8")
        return text, read_folder(there, load_mapping(str(file)))

    return reading


def rows(intake, *tables):
    some = [fact for fact in intake.facts if not tables or fact.table in tables]
    return sorted((fact.table, repr(fact.row)) for fact in some)


def of(intake, table):
    return [fact.row for fact in intake.facts if fact.table == table]


def test_what_is_proposed_reads_the_same_rows_as_a_mapping_written_by_hand(read, tmp_path):
    files = {"movements.csv": MOVES, "lab.csv": LAB, "phones.csv": "UNIT,PHONE\n2 NORTH,555-0100\n"}
    text, intake = read(**files)
    by_hand = tmp_path / "by-hand.yaml"
    by_hand.write_text(BY_HAND)
    expected = read_folder(tmp_path / "sent", load_mapping(str(by_hand)))
    assert expected.problems == intake.problems == ()
    assert rows(intake) == rows(expected)
    assert "phones.csv" in text


ABROAD = {
    "Patientennummer;Station;Zimmer;Von;Bis\nTEST-A;Süd 2;201;02.03.2026 10:00;19.03.2026 11:00\n": ("Süd 2", "201"),
    "IPP;Service;Chambre;Date entrée;Date sortie\nTEST-A;Réa;12;02/03/2026 10:00;19/03/2026 11:00\n": ("Réa", "12"),
    "mrn|nursing_unit|bed_no|transferInDate|transferOutDate\nTEST-A|ICU|7|2026-03-02T10:00|2026-03-19T11:00\n": (
        "ICU",
        None,
    ),
}


@pytest.mark.parametrize("text", ABROAD)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_movements_of_other_languages_separators_and_encodings_are_recognized(read, text, encoding):
    _, intake = read(**{"export.csv": text.encode(encoding)})
    (stay,) = of(intake, "stays")
    assert (stay.patient_id, stay.ward, stay.room) == ("TEST-A", *ABROAD[text])
    assert [when.at.isoformat()[:16] for when in (stay.start, stay.end)] == ["2026-03-02T09:00", "2026-03-19T10:00"]


def test_a_title_above_the_header_of_a_sheet_does_not_hide_it(read):
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Moves")
        sheet.write_row(0, 0, ["Made-up export of March"])
        sheet.write_row(2, 0, ["Patient ID", "Ward", "Bed", "Date in", "Date out"])
        sheet.write_row(3, 0, ["TEST-A", "2N", "201A", "2026-03-02", "2026-03-04"])
    _, intake = read(**{"book.xlsx": data.getvalue()})
    (stay,) = of(intake, "stays")
    assert (stay.ward, stay.bed, str(stay.end.on)) == ("2N", "201A", "2026-03-04")


def test_dates_that_can_be_read_in_two_ways_are_left_to_choose(folder, tmp_path):
    there = folder(**{"moves.csv": "patient,ward,start,end\nTEST-A,2N,02/03/2026,04/03/2026\n"})
    text = mapping_text(propose(there), facility="Birch", zone="Europe/Amsterdam")
    file = tmp_path / "proposed.yaml"
    file.write_text(text)
    with pytest.raises(MappingError) as wrong:
        load_mapping(str(file))
    lines = [n for n, line in enumerate(text.splitlines(), 1) if "CHOOSE %d/%m/%Y or %m/%d/%Y" in line]
    assert len(lines) == 2
    assert [int(one.split(":")[1]) for one in str(wrong.value).splitlines()] == lines


def test_one_column_that_shows_the_order_of_dates_settles_the_others_of_its_file(folder):
    there = folder(**{"moves.csv": "patient,ward,start,end\nTEST-A,2N,02/03/2026,14/03/2026\n"})
    text = mapping_text(propose(there), facility="Birch", zone="Europe/Amsterdam")
    assert "CHOOSE" not in text
    assert text.count("%d/%m/%Y") == 2
    assert "likely: the name is known; all cells are dates; no day above 12 tells" in text


@pytest.mark.parametrize(
    ("last", "offered"),
    [("05-07-26", "CHOOSE %d-%m-%y or %m-%d-%y or %y-%m-%d"), ("05-07-45", "CHOOSE %d-%m-%y or %m-%d-%y")],
)
def test_a_year_of_two_digits_may_come_first_only_where_the_last_number_can_be_a_day(folder, last, offered):
    there = folder(**{"moves.csv": f"patient,ward,start,end\nTEST-A,2N,02-03-26,{last}\n"})
    text = mapping_text(propose(there), facility="Birch", zone="Europe/Amsterdam")
    (line,) = [line for line in text.splitlines() if "column: end" in line]
    assert f'"{offered}"' in line


@pytest.mark.parametrize("given", [{}, {"facility": "Birch"}, {"zone": "Europe/Amsterdam"}])
def test_without_a_facility_or_its_zone_the_mapping_is_refused_where_it_has_to_be_chosen(folder, tmp_path, given):
    there = folder(**{"moves.csv": MOVES})
    text = mapping_text(propose(there), **{"facility": None, "zone": None} | given)
    file = tmp_path / "proposed.yaml"
    file.write_text(text)
    with pytest.raises(MappingError, match="still to be chosen"):
        load_mapping(str(file))


def test_times_that_are_all_midnight_are_dates(read):
    text = "patient,ward,start,end\nTEST-A,2N,2026-03-02 00:00:00,2026-03-14 00:00:00\n"
    _, intake = read(**{"moves.csv": text})
    (stay,) = of(intake, "stays")
    assert (str(stay.start.on), str(stay.end.on)) == ("2026-03-02", "2026-03-14")


def test_words_that_are_not_known_are_listed_with_their_counts_and_refuse_their_rows(read):
    text, intake = read(**{"lab.csv": LAB.replace("L-2,1,TEST-B,RECT", "L-2,1,TEST-B,XYZ")})
    assert "#   XYZ: ?  # 1" in text
    refused = [(p.line, p.column) for p in intake.problems if p.column == "MATERIAL"]
    assert refused == [(4, "MATERIAL")]
    assert "TEST-B" not in text


def test_names_of_people_do_not_get_into_the_mapping(folder):
    lines = [f"TEST-{n},Made-Up Name {n},2N,2026-03-{n % 28 + 1:02},2026-03-29" for n in range(300)]
    there = folder(**{"moves.csv": "\n".join(["patient,reason,ward,start,end", *lines, ""])})
    text = mapping_text(propose(there), facility="Birch", zone="Europe/Amsterdam")
    assert "Made-Up" not in text
    assert "TEST-" not in text


def test_a_file_without_a_header_is_not_shown(folder):
    there = folder(
        **{
            "moves.csv": MOVES,
            "names.csv": "1234567,Made-Up Name,screening,2026-03-13\nTEST-R,Another Name,in,2026-03-14\n",
        }
    )
    text = mapping_text(propose(there), facility="Birch", zone="Europe/Amsterdam")
    assert "names.csv" in text
    assert "Made-Up Name" not in text


def test_files_in_pieces_are_read_as_one(read):
    head, *lines = MOVES.splitlines()
    months = {f"moves-2026-0{n}.csv": "\n".join([head, *some, ""]) for n, some in enumerate((lines[:2], lines[2:]), 1)}
    text, intake = read(**months)
    assert text.count("- file: moves-2026-0*.csv") == 1
    assert len(of(intake, "stays")) == 4
    assert "ON LEAVE: leave" in text, "words of all pieces are known"


def test_a_column_of_which_only_the_content_speaks_is_not_in_force(folder):
    there = folder(**{"lab.csv": LAB.replace("GERM", "COL7").replace("?", "Serratia marcescens")})
    proposal = propose(there)
    assert not any(entry.table == "isolates" for entry in proposal.in_force)


def test_a_second_file_about_the_same_isolates_is_left_to_a_person(folder):
    there = folder(
        **{
            "a.csv": "isolate,patient,species,collected\nI1,TEST-A,E. coli,2026-03-02\n",
            "b.csv": "isolate,patient,species,st\nI1,TEST-A,K. pneumoniae,11\n",
        }
    )
    entries = [(e.table, e.file, bool(e.guess)) for e in propose(there).entries]
    assert ("isolates", "a.csv", False) in entries
    assert ("isolates", "b.csv", True) in entries
    assert ("types", "b.csv", False) in entries


def lab_with(status):
    rows = [f"L{n},TEST-{n},2026-03-1{n + 3},E. coli,KPC,{word}" for n, word in enumerate(status)]
    return "\n".join(["lab no,patient,collected,organism,gene,status", *rows, ""])


def test_what_a_column_says_of_the_state_of_a_result_is_read(read):
    _, intake = read(**{"lab.csv": lab_with(["final", "preliminary", "cancelled"])})
    assert [r.status.value for r in of(intake, "results")] == ["final", "preliminary", "withdrawn"]


def test_a_state_that_is_not_known_has_to_be_chosen_before_anything_is_read(folder, tmp_path):
    text = mapping_text(
        propose(folder(**{"lab.csv": lab_with(["A1", "B2"])})), facility="Birch", zone="Europe/Amsterdam"
    )
    file = tmp_path / "proposed.yaml"
    file.write_text(text)
    with pytest.raises(MappingError, match="still to be chosen: final, or what status says of each result"):
        load_mapping(str(file))


def test_of_a_test_in_each_row_those_of_a_carbapenemase_are_read_and_others_left_out(read):
    text = (
        "Probennummer;Patientennummer;Abnahmedatum;Erreger;Untersuchung;Ergebnis\n"
        "P1;TEST-A;2026-03-14;E. coli;KPC;positiv\n"
        "P1;TEST-A;2026-03-14;E. coli;NDM;nicht nachgewiesen\n"
        "P2;TEST-B;2026-03-15;E. coli;MRSA;positiv\n"
        "P3;TEST-C;2026-03-15;E. coli;OXA-48;negativ\n"
    )
    proposed, intake = read(**{"lis.csv": text})
    found = {(r.specimen_id, r.analyte): r.found.value for r in of(intake, "results")}
    assert found == {("P1", "KPC"): "detected", ("P1", "NDM"): "not_detected", ("P3", "OXA-48"): "not_detected"}
    assert 'MRSA: ""  # 1' in proposed


def test_every_isolate_is_never_said_to_carry_the_same_where_a_column_may_say_what_was_found(folder):
    text = "isolate,patient,collected,species,result\nI1,TEST-A,2026-03-14,E. coli,see letter\n"
    proposed = mapping_text(propose(folder(**{"lab.csv": text})), facility="Birch", zone="Europe/Amsterdam")
    assert "found: detected" not in proposed
    assert "#   lab.csv: result" in proposed


def test_two_laboratories_with_other_isolates_are_both_in_force(folder):
    head = "isolate,patient,species,collected\n"
    there = folder(
        **{
            "east.csv": f"{head}E1,TEST-A,E. coli,2026-03-02\n",
            "west.csv": f"{head.replace('isolate', 'isolate no')}W1,TEST-B,E. coli,2026-03-02\n",
        }
    )
    assert [bool(e.guess) for e in propose(there).entries if e.table == "isolates"] == [False, False]


def test_a_facility_that_is_named_has_its_row_beside_those_that_the_files_name(read):
    _, intake = read(
        **{
            "moves.csv": "patient,hospital,ward,start,end\nTEST-A,Elm,2N,2026-03-02,2026-03-14\n",
            "lab.csv": LAB,
        }
    )
    assert sorted(f.facility_id for f in of(intake, "facilities")) == ["Birch", "Elm"]
    assert len(of(intake, "specimens")) == 3


def test_an_organism_that_is_not_known_leaves_no_result_without_one(read):
    text = "SPEC_NUM,PATIENT_ID,SPEC_DATE,ISOL_NUM,ORGANISM,MEM_NM\nS1,TEST-A,2026-03-14,1,eco,8\nS2,TEST-B,2026-03-15,1,sau,16\n"
    proposed, intake = read(**{"w.csv": text})
    assert [r.specimen_id for r in of(intake, "results")] == ["S1"]
    assert "leave_out: {ORGANISM: [sau]}" in proposed
    assert any(p.column == "ORGANISM" and p.line == 3 for p in intake.problems)


def test_a_gene_that_was_found_is_kept_whatever_the_organism(read):
    text = "lab no,patient,collected,organism,gene\n" + "".join(
        f"L{n},TEST-{n},2026-03-1{n + 3},{organism},{gene}\n"
        for n, (organism, gene) in enumerate(
            (("E. coli", "NEG"), ("odd growth", "KPC"), ("E. coli", "NDM"), ("E. coli", "VIM"))
        )
    )
    proposed, intake = read(**{"lab.csv": text})
    assert [(r.specimen_id, r.analyte) for r in of(intake, "results")][1] == ("L1", "KPC")
    assert "leave_out" not in proposed


def test_none_is_a_word_to_look_at_where_a_result_stands(read):
    text = (
        "lab no,patient,collected,organism,gene\nL0,TEST-0,2026-03-13,E. coli,KPC\nL1,TEST-1,2026-03-14,E. coli,None\n"
    )
    proposed, _ = read(**{"lab.csv": text})
    assert "None: ?  # 1" in proposed
    assert 'empty: [""]' in proposed


def test_a_comma_before_decimals_is_read_and_one_that_may_divide_thousands_is_refused(read):
    text = "SPEC_NUM;PATIENT_ID;SPEC_DATE;ORGANISM;MEM_NM\nS1;TEST-A;2026-03-14;eco;<=0,25\nS2;TEST-B;2026-03-14;eco;1,024\n"
    _, intake = read(**{"w.csv": text})
    assert [f.row.value for f in intake.facts if f.table == "results"] == [0.25]
    assert [p.line for p in intake.problems if "a comma in the number" in p.problem] == [3]


def test_movements_in_dutch_are_recognized(read):
    text = "Patiëntnummer;Afdeling;Kamer;Bed;Van;Tot\nTEST-A;2 Noord;201;A;14-03-2026 10:00;19-03-2026 11:00\n"
    _, intake = read(**{"nl.csv": text})
    assert [(s.ward, s.room, s.bed) for s in of(intake, "stays")] == [("2 Noord", "201", "A")]


def test_the_number_of_an_isolate_is_part_of_its_results_also_where_no_specimen_has_two(folder):
    text = "SPEC_NUM,PATIENT_ID,SPEC_DATE,ISOL_NUM,ORGANISM,MEM_NM\nS1,TEST-A,2026-03-14,1,eco,8\nS2,TEST-B,2026-03-15,1,kpn,4\n"
    proposed = mapping_text(propose(folder(**{"w.csv": text})), facility="Birch", zone="Europe/Amsterdam")
    assert 'result_id: {template: "{SPEC_NUM}/{ISOL_NUM}/{*}"}' in proposed


def test_rows_with_a_ward_and_the_times_of_a_visit_are_stays_and_no_visits(read):
    text = (
        "Patientennummer;Fallnummer;Station;Aufnahmedatum;Entlassdatum\n"
        "TEST-A;F1;2N;14.03.2026 10:00;15.03.2026 10:00\n"
        "TEST-A;F1;ICU;15.03.2026 10:00;17.03.2026 10:00\n"
    )
    _, intake = read(**{"moves.csv": text})
    assert [s.ward for s in of(intake, "stays")] == ["2N", "ICU"]
    assert intake.problems == ()
    assert of(intake, "encounters") == []


IN_DOUBT = {
    "MRSA PCR": ("POS", "NEG"),
    "PCR RESULT": ("POS", "NEG"),
    "CARBAPENEMASE SCREEN DONE": ("Y", "N"),
    "GENE": ("1", "2"),
    "NDM": ("1", "2"),
    "CPE": ("POS", "NEG"),
}


@pytest.mark.parametrize("column", IN_DOUBT)
def test_what_does_not_surely_say_that_a_carbapenemase_was_found_is_not_in_force(read, column):
    one, other = IN_DOUBT[column]
    rows = [f"L{n},TEST-{n},2026-03-14,E. coli,{one if n else other}" for n in range(6)]
    _, intake = read(**{"lab.csv": "\n".join([f"lab no,patient,collected,organism,{column}", *rows, ""])})
    assert of(intake, "results") == []


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("collected,reported", "03/04/2026,13-Mar-2026"),
        ("collected,born", "03/04/2026,13.01.1950"),
        ("collected,received", "26-03-04,26-03-05"),
    ],
)
def test_dates_of_another_form_settle_nothing(folder, header, cells):
    there = folder(**{"lab.csv": f"lab no,patient,{header}\nL1,TEST-A,{cells}\n"})
    text = mapping_text(propose(there), facility="Birch", zone="Europe/Amsterdam")
    line = next(line for line in text.splitlines() if line.strip().startswith("collected:"))
    assert "CHOOSE" in line


@pytest.mark.parametrize(
    "cell", ["13-OCT-2025 00:00:00", "20251013000000", "13 Oct 2025 00:00", "13/10/2025 12:00:00 AM"]
)
def test_a_midnight_is_a_date_however_it_is_written(read, cell):
    _, intake = read(**{"lab.csv": f"lab no,patient,collected\nL1,TEST-A,{cell}\n"})
    assert [str(s.collected.on) for s in of(intake, "specimens")] == ["2025-10-13"]


def test_noon_and_midnight_by_the_clock_of_twelve_hours_are_times_of_one_form(read):
    cells = ["13/10/2025 12:00:00 AM", "14/10/2025 12:00:00 AM", "15/10/2025 2:30:00 PM"]
    rows = [f"L{n},TEST-{n},{cell}" for n, cell in enumerate(cells)]
    _, intake = read(**{"lab.csv": "\n".join(["lab no,patient,collected", *rows, ""])})
    assert [s.collected.at.isoformat()[11:16] for s in of(intake, "specimens")] == ["22:00", "22:00", "12:30"]


def test_a_row_without_its_hospital_is_not_given_to_another(read):
    text = "patient,hospital,ward,start,end\n" + "".join(
        f"TEST-{n},{site},3W,2026-03-02,2026-03-14\n" for n, site in enumerate(("North", "South", "", "North"))
    )
    _, intake = read(**{"moves.csv": text})
    assert [stay.facility_id for stay in of(intake, "stays")] == ["North", "South", "North"]
    assert [(p.line, p.column) for p in intake.problems] == [(4, "hospital")]


def test_a_site_of_the_body_is_no_hospital(read):
    _, intake = read(
        **{"lab.csv": "lab no,patient,site,collected\nL1,TEST-A,Rectal,2026-03-14\nL2,TEST-B,Blood,2026-03-15\n"}
    )
    assert [(s.facility_id, s.kind) for s in of(intake, "specimens")] == [("Birch", "rectal_swab"), ("Birch", "blood")]


def test_a_mark_on_places_alone_does_not_lose_the_patients(read):
    text = "isolate,patient,species,collected,environmental\nI1,TEST-A,E. coli,2026-03-14,\nI2,7,E. coli,2026-03-15,Y\n"
    _, intake = read(**{"lab.csv": text})
    assert [(s.patient_id, s.place_id) for s in of(intake, "specimens")] == [("TEST-A", None), (None, "sink-7")]


HOSTILE = [
    "foo\nbar: baz",
    "it\u0092s",
    "a\u2028b: c",
    "x\x85y: z",
    "# no",
    "{a: b}",
    "- x",
    "'q",
    'say "x"',
    "a: b",
    "*",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_of_a_header_becomes_a_line_of_the_mapping(folder, tmp_path, name):
    quoted = '"' + name.replace('"', '""') + '"'
    files = {
        "moves.csv": f"patient,ward,start,end,{quoted}\nTEST-A,2N,2026-03-02,2026-03-14,1\n",
        "strange.csv": f"patient,mrn,{quoted}\n1,2,3\n",
        "lab.csv": f'lab no,patient,collected,{quoted[:-1]} species"\nL1,TEST-A,2026-03-14,E. coli\n',
    }
    text = mapping_text(propose(folder(**files)), facility="Birch", zone="Europe/Amsterdam")
    file = tmp_path / "proposed.yaml"
    file.write_text(text, encoding="utf-8")
    assert load_mapping(str(file)).file.tables.keys() >= {"stays", "specimens"}


@pytest.mark.parametrize(
    "word", ["No", "null", "1e3", "012", "- x", "a: b", "'", '"', "#h", "{x}", "\\", "a\u0092b", "x\ty"]
)
def test_a_word_of_a_file_is_the_same_in_the_mapping(word):
    import yaml

    from ringfence.feeds.proposal_text import quoted

    assert yaml.load(f"- {quoted(word)}", yaml.BaseLoader) == [word]
    assert yaml.load(f"{{k: {quoted(word)}}}", yaml.BaseLoader) == {"k": word}


WHONET = (
    "COUNTRY_A\tLABORATORY\tPATIENT_ID\tSEX\tWARD\tSPEC_NUM\tSPEC_DATE\tSPEC_TYPE\tSPEC_REAS\tISOL_NUM\tORGANISM\t"
    "CARBAPENEM\tMEM_NM\tIPM_ND10\tMEM_EM\tETP_NE\tXYZ_NM\n"
    "XXX\tELM\tTEST-A\tf\t2N\tS1\t2026-03-14\tur\t\t1\tkpn\t+\t>=16\t\t\tR\t4\n"
    "XXX\tELM\tTEST-A\tf\t2N\tS1\t2026-03-14\tur\t\t2\teco\t-\t<=0.25\t22\t0.25\t\t1\n"
    "XXX\tELM\tTEST-B\tm\t3W\tS2\t2026-03-15\tbl\t\t1\txxx\t\t\t\t\t\t\n"
)


def _whonet_sqlite(path):
    head, *lines = (line.split("\t") for line in WHONET.splitlines())
    with closing(sqlite3.connect(path)) as base:
        base.execute(f"CREATE TABLE Isolates ({', '.join(f'{name} TEXT' for name in head)})")
        base.execute("CREATE TABLE Settings (a)")
        base.executemany(f"INSERT INTO Isolates VALUES ({', '.join('?' for _ in head)})", lines)
        base.execute("UPDATE Isolates SET SPEC_DATE = SPEC_DATE || ' 00:00:00'")
        base.commit()
    return path.read_bytes()


@pytest.mark.parametrize("form", ["text", "sqlite"])
def test_a_whonet_export_gives_specimens_isolates_and_what_was_measured(read, tmp_path, form):
    file = {"w.txt": WHONET} if form == "text" else {"w.sqlite": _whonet_sqlite(tmp_path / "made.sqlite")}
    text, intake = read(**file)
    assert [p for p in intake.problems if p.effect == "refused"] == []
    assert {(s.specimen_id, s.patient_id, str(s.collected.on), s.kind) for s in of(intake, "specimens")} == {
        ("S1", "TEST-A", "2026-03-14", "urine"),
        ("S2", "TEST-B", "2026-03-15", "blood"),
    }
    assert [(i.specimen_id, i.organism) for i in of(intake, "isolates")] == [
        ("S1", "klebsiella-pneumoniae"),
        ("S1", "escherichia-coli"),
    ]
    results = of(intake, "results")
    assert not [r for r in results if r.kind is ResultKind.ACTIVITY]
    assert "sites fill this for resistance to carbapenems as well as for a carbapenemase" in " ".join(text.split())
    measured = {
        (
            r.isolate_id,
            r.antibiotic,
            r.comparator,
            r.value,
            r.unit and r.unit.value,
            r.interpretation and r.interpretation.value,
            r.method,
        )
        for r in results
        if r.kind is ResultKind.SUSCEPTIBILITY
    }
    assert measured == {
        ("S1/1", "meropenem", Comparator(">="), 16, "mg_per_l", None, None),
        ("S1/1", "ertapenem", None, None, "mg_per_l", "R", "gradient_strip"),
        ("S1/2", "meropenem", Comparator("<="), 0.25, "mg_per_l", None, None),
        ("S1/2", "imipenem", None, 22, "mm", None, "disk_diffusion"),
        ("S1/2", "meropenem", None, 0.25, "mg_per_l", None, None),
    }


def test_a_field_of_whonet_that_means_two_things_counts_only_where_a_person_says_so(folder, tmp_path):
    there = folder(**{"w.txt": WHONET})
    text = mapping_text(propose(there), facility="Birch", zone="Europe/Amsterdam")
    begins = text.index("# - file: w.txt", text.index("results:"))
    ends = text.find("\n\n", begins)
    taken = re.sub(r"(?m)^( *)# ?", r"\1", text[begins:ends])
    file = tmp_path / "taken.yaml"
    file.write_text(text[:begins] + taken + text[ends:])
    results = of(read_folder(there, load_mapping(str(file))), "results")
    activity = {r.isolate_id: r.found for r in results if r.kind is ResultKind.ACTIVITY}
    assert activity == {"S1/1": Found.DETECTED, "S1/2": Found.NOT_DETECTED}


def test_the_numbers_that_whonet_writes_are_read_with_their_signs(read):
    cells = {"=<0.25": ("<=", 0.25), ">16": (">", 16), ".5": (None, 0.5), "06": (None, 6), "\u22652": (">=", 2)}
    lines = [f"S{n},TEST-{n},2026-03-02,eco,{cell}" for n, cell in enumerate(cells)]
    text = "\n".join(["SPEC_NUM,PATIENT_ID,SPEC_DATE,ORGANISM,MEM_NM", *lines, "S9,TEST-9,2026-03-14,eco,16?", ""])
    _, intake = read(**{"w.csv": text})
    found = {r.specimen_id: (r.comparator and r.comparator.value, r.value) for r in of(intake, "results")}
    assert found == {f"S{n}": expected for n, expected in enumerate(cells.values())}
    assert [(p.line, p.column) for p in intake.problems if p.effect == "refused"] == [(7, "MEM_NM")]


def test_a_number_that_several_patients_have_is_told_apart_by_the_patient(read):
    text = "SPEC_NUM,PATIENT_ID,SPEC_DATE,ORGANISM\nS1,TEST-A,2026-03-14,eco\nS1,TEST-B,2026-03-15,kpn\n"
    _, intake = read(**{"w.csv": text})
    assert {(s.specimen_id, s.patient_id) for s in of(intake, "specimens")} == {
        ("S1/TEST-A", "TEST-A"),
        ("S1/TEST-B", "TEST-B"),
    }
    assert {i.specimen_id for i in of(intake, "isolates")} == {"S1/TEST-A", "S1/TEST-B"}


def test_midnights_by_the_clock_of_twelve_hours_are_dates(read):
    text = "SPEC_NUM,PATIENT_ID,SPEC_DATE,ORGANISM\nS1,TEST-A,31/1/2026 12:00:00 AM,eco\n"
    _, intake = read(**{"w.csv": text})
    assert [str(s.collected.on) for s in of(intake, "specimens")] == ["2026-01-31"]


def test_columns_named_like_genes_give_a_result_each(read):
    text = "isolate,patient,species,collected,blaKPC,NDM,OXA-48\nI1,TEST-A,E. coli,2026-03-02,1,0,\nI2,TEST-B,E. coli,2026-03-03,0,0,1\n"
    _, intake = read(**{"wgs.csv": text})
    found = {(r.isolate_id, r.analyte): r.found.value for r in of(intake, "results")}
    assert found == {
        ("I1", "KPC"): "detected",
        ("I1", "NDM"): "not_detected",
        ("I2", "KPC"): "not_detected",
        ("I2", "NDM"): "not_detected",
        ("I2", "OXA-48"): "detected",
    }


@pytest.mark.parametrize(("cells", "expected"), [("+-", ["detected", "not_detected"]), ("--", [])])
def test_a_dash_is_a_result_only_beside_a_plus(read, cells, expected):
    one, other = cells
    text = f"isolate,patient,species,collected,KPC,st\nI1,TEST-A,E. coli,2026-03-02,{one},131\nI2,TEST-B,E. coli,2026-03-03,{other},10\n"
    _, intake = read(**{"lab.csv": text})
    assert [r.found.value for r in of(intake, "results")] == expected


def test_what_cannot_be_found_is_said_with_what_to_supply(folder):
    told = dict(lacking(propose(folder(**{"lab.csv": LAB}))))
    assert told["who was where, who met whom, and where carriers are now"] == "stays: patient, ward, from, to"
    both = dict(lacking(propose(folder(**{"moves.csv": MOVES}))))
    assert not any("who was where" in finding for finding in both)
    assert both["who came next into a bed"] == "`bed` in stays"


def test_a_column_says_beside_the_antibiotic_how_it_was_measured(read):
    text = "lab no,patient,collected,organism,meropenem MIC,MHK Ertapenem,zone imipenem\nL1,TEST-1,2026-03-14,E. coli,8,0.5,17\n"
    proposed, intake = read(**{"lab.csv": text})
    assert "CHOOSE mg_per_l" not in proposed
    found = {(f.row.antibiotic, f.row.value, f.row.unit) for f in intake.facts if f.table == "results"}
    assert found == {("meropenem", 8.0, "mg_per_l"), ("ertapenem", 0.5, "mg_per_l"), ("imipenem", 17.0, "mm")}


def test_genes_in_a_column_that_sites_fill_for_two_things_are_offered_and_not_in_force(read):
    text = "SPEC_NUM\tPATIENT_ID\tSPEC_DATE\tORGANISM\tCARBAPENEM\nS1\tTEST-A\t2026-03-14\teco\tKPC\nS2\tTEST-B\t2026-03-14\teco\t-\n"
    proposed, intake = read(**{"w.txt": text})
    assert not [f for f in intake.facts if f.table == "results"]
    offered = [line for line in proposed.splitlines() if line.lstrip().startswith("#")]
    assert any("analyte:" in line for line in offered)


def test_a_cell_that_names_two_carbapenemases_gives_a_result_of_each(read):
    text = "lab no,patient,collected,organism,gene\nL1,TEST-1,2026-03-14,E. coli,OXA-48 + NDM\nL2,TEST-2,2026-03-14,E. coli,KPC\n"
    _, intake = read(**{"lab.csv": text})
    found = sorted((f.row.specimen_id, f.row.analyte, f.row.found) for f in intake.facts if f.table == "results")
    assert found == [("L1", "NDM", "detected"), ("L1", "OXA-48", "detected"), ("L2", "KPC", "detected")]


def test_a_header_of_two_lines_is_recognized_and_written_down(read):
    text = (
        "Export of the ward system,,,,\nPatient,,Ward,,\nID,Sex,Code,In,Out\n"
        "TEST-1,f,2N,2026-03-01,2026-03-04\nTEST-2,m,2N,2026-03-02,2026-03-05\n"
    )
    proposed, intake = read(**{"moves.csv": text})
    assert "header: [2, 3]" in proposed
    assert "Patient ID" in proposed
    assert [f.row.ward for f in intake.facts if f.table == "stays"] == ["2N", "2N"]
    assert all(problem.effect == "used" for problem in intake.problems)


def test_a_heading_of_which_every_line_is_a_comment_stands_for_none(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "mapping: 1\nid: mine\ntitle: Mine\ntables:\n  facilities:\n    - rows:\n"
        "        - {facility_id: Elm, zone: Europe/Amsterdam}\n  specimens:\n    - file: lab.csv\n      columns:\n"
        "        specimen_id: number\n        patient_id: who\n        kind: what\n        purpose: why\n"
        "        collected: when\n      constants:\n        # purpose: unstated\n"
    )
    assert load_mapping(str(path)).file.tables["specimens"][0].constants == {}


def test_a_correction_keeps_the_number_of_what_it_corrects(read):
    text = (
        "lab no,patient,collected,organism,gene,status,reported\n"
        "L1,TEST-1,2026-03-14,E. coli,OXA-48,preliminary,2026-03-15\n"
        "L1,TEST-1,2026-03-14,E. coli,negative,corrected,2026-03-16\n"
        "L2,TEST-2,2026-03-14,E. coli,KPC,final,2026-03-16\n"
    )
    _, intake = read(**{"lab.csv": text})
    numbers = [f.row.result_id for f in intake.facts if f.table == "results" and f.row.specimen_id == "L1"]
    assert len(numbers) == 2
    assert len(set(numbers)) == 1


def test_one_word_that_fills_most_cells_does_not_hide_what_a_column_is(read):
    rows = "".join(f"L{n},TEST-{n},2026-03-14,niets bijzonders,\n" for n in range(20))
    text = f"lab no,patient,collected,micro-organisme,gene\n{rows}L91,TEST-91,2026-03-14,E. coli,KPC\nL92,TEST-92,2026-03-14,K. pneumoniae,NDM\n"
    proposed, _ = read(**{"lab.csv": text})
    assert "organism:" in proposed
    assert "niets bijzonders: ?" in proposed


def test_a_column_that_holds_carbapenemases_and_that_there_is_none_says_so_under_any_name(read):
    words = ["OXA-48", "NDM", "KPC", *["neg"] * 9]
    rows = "".join(f"S{n}\tTEST-{n}\t2026-03-14\teco\t{word}\n" for n, word in enumerate(words))
    proposed, intake = read(**{"w.txt": f"SPEC_NUM\tPATIENT_ID\tSPEC_DATE\tORGANISM\tX_FIELD9\n{rows}"})
    assert "likely: carbapenemases stand in it" in proposed
    found = [(f.row.analyte, f.row.found) for f in intake.facts if f.table == "results" and f.row.found == "detected"]
    assert sorted(found) == [("KPC", "detected"), ("NDM", "detected"), ("OXA-48", "detected")]
