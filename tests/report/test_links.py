"""Whose isolates are alike, and where they were: each answer by hand, and none where nothing is known."""

import csv
import re

import pytest

from ringfence.cli import main

PATIENTS = {  # patient: organism, sequence type, plasmid
    "TEST-A": ("E. coli", "131", "IncX3"),
    "TEST-B": ("K. pneumoniae", "11", "IncX3"),
    "TEST-C": ("K. pneumoniae", "11", "IncF"),
    "TEST-D": ("K. pneumoniae", "", "IncX3"),
    "TEST-E": ("E. coli", "131", ""),
}
STAYS = """TEST-A,2N,2026-03-01T10:00,2026-03-05T10:00
TEST-B,2N,2026-03-03T10:00,2026-03-04T10:00
TEST-B,3W,2026-03-04T10:00,2026-03-06T10:00
TEST-B,2N,2026-03-06T10:00,2026-03-08T22:00
TEST-C,3W,2026-03-09T10:00,2026-03-12T10:00
TEST-D,ICU,2026-03-01T10:00,2026-03-12T10:00"""


@pytest.fixture
def links(tmp_path):
    def made(distances="TEST-A,TEST-C,40\n", places="", **more):
        folder, out = tmp_path / "in", tmp_path / "out"
        folder.mkdir(exist_ok=True)
        stays = "".join("{},Elm,{},{},{}\n".format(*line.split(",")) for line in STAYS.splitlines())
        rows = {
            "facilities": "facility_id,zone\nElm,Europe/Amsterdam\n",
            "stays": f"patient_id,facility_id,ward,start,end\n{stays}",
            "specimens": "specimen_id,patient_id,place_id,facility_id,kind,purpose,collected\n"
            + "".join(f"{p},{p},,Elm,urine,clinical,2026-03-03T12:00\n" for p in PATIENTS)
            + "SINK,,S1,Elm,environment,environment,2026-03-03T12:00\n",
            "isolates": "isolate_id,specimen_id,organism\n"
            + "".join(f"{p},{p},{organism}\n" for p, (organism, *_) in PATIENTS.items())
            + "SINK,SINK,S. marcescens\n",
            "results": "result_id,specimen_id,isolate_id,kind,analyte,found,status\n"
            + "".join(f"{p},{p},{p},gene,{'NDM' if p == 'TEST-E' else 'KPC'},detected,final\n" for p in PATIENTS)
            + "SINK,SINK,SINK,gene,KPC,detected,final\n",
            "types": "isolate_id,scheme,value\n"
            + "".join(f"{p},sequence_type,{st}\n" for p, (_, st, _) in PATIENTS.items() if st)
            + "".join(f"{p},plasmid,{plasmid}\n" for p, (_, _, plasmid) in PATIENTS.items() if plasmid)
            + "SINK,plasmid,IncF\n",
            "places": f"facility_id,level,place_id,ward\nElm,sink,S1,{places}\n",
            "distances": f"isolate_a,isolate_b,snps\n{distances}",
            **more,
        }
        for name, text in rows.items():
            (folder / f"{name}.csv").write_text(text)
        assert main(["analyze", str(folder), "--policy", "nl", "--out", str(out)]) == 0
        found = list(csv.DictReader((out / "links.csv").read_text().splitlines()))
        return {(row["one"], row["other"]): row for row in found}, (out / "report.html").read_text()

    return made


def test_a_plasmid_links_across_species_with_the_ward_beside(links):
    found, _ = links()
    row = found["TEST-A", "TEST-B"]
    assert (row["plasmid"], row["strain"], row["snps"]) == ("IncX3", "", "")
    assert row["organisms"] == "Escherichia coli;Klebsiella pneumoniae"
    assert (row["met"], row["where"], row["days"]) == ("together", "Elm 2N: 1.0 days from 2026-03-03", "1")


def test_a_strain_of_two_who_were_on_one_ward_at_different_times(links):
    row = links()[0]["TEST-B", "TEST-C"]
    assert row["strain"] == "Klebsiella pneumoniae ST11"
    assert (row["met"], row["where"], row["days"]) == ("apart", "Elm 3W: 3.0 days between", "3")


def test_no_shared_ward_is_said_to_be_none_among_known_movements(links):
    found, page = links()
    assert (found["TEST-A", "TEST-D"]["met"], found["TEST-A", "TEST-D"]["where"]) == ("never", "")
    assert "no shared ward found among known movements" in page


def test_a_distance_goes_first_and_no_number_is_taken_for_a_limit(links):
    found, _ = links(distances="TEST-A,TEST-C,40\nTEST-B,TEST-C,2\n")
    assert list(found)[:2] == [("TEST-B", "TEST-C"), ("TEST-A", "TEST-C")]
    assert (found["TEST-A", "TEST-C"]["snps"], found["TEST-A", "TEST-C"]["plasmid"]) == ("40", "")


def test_what_stands_for_no_type_links_nobody_and_capitals_do_not_matter(links):
    types = "isolate_id,scheme,value\nTEST-A,plasmid,unknown\nTEST-D,plasmid,unknown\nTEST-B,sequence_type,ST11\nTEST-C,sequence_type,st11\n"
    found, _ = links(distances="", types=types)
    assert list(found) == [("TEST-B", "TEST-C")]


def test_a_strain_of_an_isolate_in_which_nothing_was_found_links_nobody(links):
    isolates = "isolate_id,specimen_id,organism\n" + "".join(
        f"{p},{p},K. pneumoniae\n{p}-2,{p},E. coli\n" for p in ("TEST-A", "TEST-B")
    )
    types = "isolate_id,scheme,value\nTEST-A-2,sequence_type,131\nTEST-B-2,sequence_type,131\n"
    results = "result_id,specimen_id,isolate_id,kind,analyte,found,status\n" + "".join(
        f"{p},{p},{p},gene,KPC,detected,final\n{p}-2,{p},{p}-2,gene,KPC,not_detected,final\n"
        for p in ("TEST-A", "TEST-B")
    )
    assert links(distances="", isolates=isolates, types=types, results=results)[0] == {}


def test_another_carbapenemase_in_the_same_strain_links_nobody(links):
    assert not any("TEST-E" in pair for pair in links()[0])


@pytest.mark.parametrize(("ward", "met"), [("", "unknown"), ("3W", "together"), ("9N", "never")])
def test_a_sink_is_a_place_whose_ward_may_not_be_known(links, ward, met):
    row = links(places=ward)[0]["TEST-C", "place S1"]
    assert (row["plasmid"], row["places"], row["met"]) == ("IncF", "1", met)


def test_of_somebody_without_movements_it_is_unknown(links):
    stays = "patient_id,facility_id,ward,start,end\nTEST-A,Elm,2N,2026-03-01T10:00,2026-03-05T10:00\n"
    found, page = links(stays=stays)
    assert found["TEST-A", "TEST-B"]["met"] == "unknown"
    assert "UNKNOWN, as one of the two has no movements here" in page


def test_the_table_of_plasmids_counts_patients_places_and_organisms(links):
    _, page = links()
    section = page[page.index('aria-label="strains and plasmids"') :]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall("<tr>(.*?)</tr>", section)]
    assert ["plasmid", "IncX3", "3", "0", "2: Escherichia coli, Klebsiella pneumoniae"] in [row[:5] for row in rows]
    assert ["plasmid", "IncF", "1", "1"] in [row[:4] for row in rows]
