"""What needs doing now, by harm, and cases over time: who is named, who is not, and what is said to be unknown."""

import re

import pytest

from ringfence.cli import main

FILES = {
    "facilities": "facility_id,zone\nElm,Europe/Amsterdam\n",
    "populations": "facility_id,covers\nElm,all_inpatients\n",
    "places": "facility_id,level,ward,room,kind,unit\nElm,room,2N,1,multi,\nElm,room,2N,2,single,\nElm,ward,ICU,,,intensive_care\n",
    "encounters": "encounter_id,patient_id,facility_id,kind,start,end\n"
    "E-A,TEST-A,Elm,inpatient,2026-03-01T10:00,\nE-B,TEST-B,Elm,inpatient,2026-03-01T10:00,\n"
    "E-C,TEST-C,Elm,inpatient,2026-03-01T10:00,\nE-D,TEST-D,Elm,inpatient,2026-03-01T10:00,\n",
    "stays": "patient_id,encounter_id,facility_id,ward,room,start,end\n"
    "TEST-A,E-A,Elm,2N,1,2026-03-01T10:00,\n"
    "TEST-B,E-B,Elm,2N,1,2026-03-01T10:00,\n"
    "TEST-C,E-C,Elm,2N,1,2026-03-01T10:00,2026-03-04T10:00\n"
    "TEST-C,E-C,Elm,ICU,,2026-03-04T10:00,\n"
    "TEST-D,E-D,Elm,2N,2,2026-03-01T10:00,\n",
    "answers": "patient_id,encounter_id,question,answer,start,end\nTEST-D,E-D,care_abroad,yes,2026-01-10,2026-01-20\n",
    "specimens": "specimen_id,patient_id,facility_id,kind,purpose,collected\nS-A,TEST-A,Elm,rectal_swab,screening,2026-03-03T12:00\n",
    "isolates": "isolate_id,specimen_id,organism\nI-A,S-A,E. coli\n",
    "results": "result_id,specimen_id,isolate_id,kind,analyte,found,status,reported\n"
    "R-A,S-A,I-A,gene,KPC,detected,final,2026-03-04T12:00\n",
}
HEADINGS = (
    "Carriers who share a room now",
    "Carriers and suspects without contact precautions on record",
    "Contacts in a vulnerable unit now",
    "Patients in hospital at risk, without a screening specimen",
)


@pytest.fixture
def page(tmp_path):
    def made(**changed):
        folder, out = tmp_path / "in", tmp_path / "out"
        folder.mkdir(exist_ok=True)
        for name, text in {**FILES, **changed}.items():
            (folder / f"{name}.csv").write_text(text)
        assert main(["analyze", str(folder), "--policy", "nl", "--out", str(out), "--as-of", "2026-03-05T12:00"]) == 0
        return (out / "report.html").read_text()

    return made


def groups(text):
    """Return by heading how many it says, and the patients named under it."""
    section = text[text.index('id="now"') : text.index('id="tasks"')]
    found = {}
    for heading, body in re.findall(r"<h3>(.*?)</h3>(.*?)(?=<h3>|$)", section, re.DOTALL):
        what, _, many = heading.rpartition(": ")
        found[what] = (many, re.findall(r'<td class="short" translate="no">(TEST-\w)</td>', body))
    return found


def test_each_harm_names_whom_it_is_about_the_gravest_first(page):
    found = groups(page())
    assert tuple(found) == HEADINGS
    assert [found[one] for one in HEADINGS] == [
        ("1", ["TEST-A"]),
        ("1", ["TEST-A"]),
        ("1", ["TEST-C"]),
        ("1", ["TEST-D"]),
    ]


def test_what_was_done_takes_the_names_off(page):
    found = groups(
        page(
            stays=FILES["stays"].replace(
                "TEST-B,E-B,Elm,2N,1,2026-03-01T10:00,", "TEST-B,E-B,Elm,2N,1,2026-03-01T10:00,2026-03-05T10:00"
            ),
            measures="patient_id,facility_id,kind,start,end\nTEST-A,Elm,contact_precautions,2026-03-04T13:00,\n",
            specimens=FILES["specimens"] + "S-D,TEST-D,Elm,rectal_swab,screening,2026-03-01T12:00\n",
        )
    )
    assert [found[one][0] for one in HEADINGS] == ["0", "0", "1", "UNKNOWN"], "of those not asked it is not known"


def test_two_carriers_of_other_carbapenemases_in_one_room_are_named_too(page):
    found = page(
        specimens=FILES["specimens"] + "S-B,TEST-B,Elm,rectal_swab,screening,2026-03-03T12:00\n",
        isolates=FILES["isolates"] + "I-B,S-B,E. coli\n",
        results=FILES["results"] + "R-B,S-B,I-B,gene,NDM,detected,final,2026-03-04T12:00\n",
    )
    assert groups(found)["Carriers who share a room now"] == ("2", ["TEST-A", "TEST-B"])
    assert "with carriers of another carbapenemase: TEST-B" in found


def test_where_only_carriers_move_it_is_unknown_who_else_is_at_risk(page):
    found = groups(page(populations="facility_id,covers\nElm,carriers_only\n"))
    assert [found[one][0] for one in HEADINGS[2:]] == ["UNKNOWN", "UNKNOWN"]


def test_that_nothing_is_open_is_not_all_that_is_said_where_rows_were_refused(page):
    said = "Results may be among them, so that more may be open"
    assert said not in page()
    assert said in page(results=FILES["results"] + "R-B,S-A,I-A,gene,no such word,detected,final,2026-03-04T12:00\n")


def test_without_a_map_of_units_it_is_unknown_who_is_in_a_vulnerable_one(page):
    found = groups(page(places="facility_id,level,ward,room,kind\nElm,room,2N,1,multi\n"))
    assert found["Contacts in a vulnerable unit now"] == ("UNKNOWN", [])


def test_a_change_of_method_is_marked_where_it_came_and_said_in_words(page):
    methods = "laboratory,kind,method,start\nElm laboratory (made up),gene,pcr,2026-03-04\nElm laboratory (made up),gene,wgs,2020-01-01\n"
    text = page(methods=methods)
    curve = text[text.index('id="curve"') : text.index('id="timeline"')]
    assert curve.count('stroke-dasharray="4 3"') == 2, "one line in each of the two charts; none for a year not shown"
    assert "a: Elm laboratory (made up), gene: pcr, from 2026-03-04." in curve
    assert "2020" not in curve
    assert "No change of a laboratory" in page(methods="laboratory,kind,method\n")


def test_the_curve_counts_each_case_once_and_its_table_says_the_same(page):
    text = page()
    curve = text[text.index('id="curve"') : text.index('id="timeline"')]
    assert re.findall(r"<title>(.*?)</title>", curve) == ["2026-03-02, KPC: 1", "2026-03-02, unknown: 1"]
    assert '<td class="short">2026-03-02</td><td class="short">1</td><td class="short">1</td>' in curve
    # Groups differ in their pattern, and not in colour alone; no name of a pattern stands twice.
    ids = re.findall(r'id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert len(set(re.findall(r'<path d="([^"]*)" stroke', curve))) == 8


def test_each_chart_and_table_is_one_call_and_shows_itself_in_a_notebook():
    from ringfence import analyze, load_mapping, load_policy, read_folder
    from ringfence.record import View
    from ringfence.report import (
        epidemic_curve,
        groups_table,
        indicator_table,
        indicators,
        links,
        links_table,
        patients_timeline,
        problems_table,
        table_of,
        timeline_table,
        type_groups,
    )  # fmt: skip
    from ringfence.vocabulary import shipped

    intake = read_folder(shipped("examples", "small-hospital"), load_mapping(None))
    findings = analyze(View(intake.columns, at=intake.sent, known_to=0), load_policy("nl"))
    alike = links(findings)
    shown = {
        "TEST-017": patients_timeline(findings),
        "<svg": epidemic_curve(findings),
        "Klebsiella pneumoniae": table_of(findings, "cases"),
        "exact Poisson": indicator_table(indicators(findings), several=False),
        "SNPs": links_table(alike),
        "IncFII": groups_table(type_groups(findings, alike)),
        "rectal swab: KPC found": timeline_table(findings),
        "remedy": problems_table(intake.problems),
    }
    for what, one in shown.items():
        assert what in one._repr_html_(), what


def test_rows_that_could_not_be_used_are_said_where_their_people_would_stand(page):
    found = page(stays=FILES["stays"] + "TEST-X,,Elm,2N,1,2026-13-01,\n")
    assert "Rows that could not be used may add to this (stays: 1)." in found
    assert groups(found)["Contacts in a vulnerable unit now"][0] != "0"


def test_a_specimen_that_was_not_tested_for_a_carbapenemase_is_not_one_in_which_none_was_found(page):
    susceptible = "R-D,S-D,I-D,susceptibility,,meropenem,,0.25,mg_per_l,S,final,2026-03-03T12:00\n"
    header = (
        "result_id,specimen_id,isolate_id,kind,analyte,antibiotic,found,value,unit,interpretation,status,reported\n"
    )
    found = page(
        specimens=FILES["specimens"] + "S-D,TEST-A,Elm,urine,clinical,2026-03-02T12:00\n",
        isolates=FILES["isolates"] + "I-D,S-D,E. coli\n",
        results=header + "R-A,S-A,I-A,gene,KPC,,detected,,,,final,2026-03-04T12:00\n" + susceptible,
    )
    assert "urine of 2026-03-02 12:00, no result of a test for a carbapenemase" in found
    assert "urine of 2026-03-02 12:00, none found" not in found
