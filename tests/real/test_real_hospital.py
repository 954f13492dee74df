"""The real hospital end to end, held to what its files say and to a plain count of our own."""

import csv
import json
from collections import defaultdict
from datetime import date, timedelta
from itertools import combinations

import pytest

from ringfence.cli import main
from ringfence.feeds import load_mapping, read_folder


@pytest.fixture(scope="module")
def out(real_hospital, tmp_path_factory):
    folder = tmp_path_factory.mktemp("imp4")
    arguments = ["analyze", str(real_hospital), "--policy", "nl", "--mapping", "imp4-hospital", "--out", str(folder)]
    assert main(arguments) == 0
    return folder


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_patient_with_an_isolate_is_one_case_and_sinks_are_none(real_hospital, out):
    isolates = rows(real_hospital / "metadata_final_20230613.csv")
    patients = {r["ur_dummy"] for r in isolates if r["environmental"] == "0" and r["ur_dummy"] != "NA"}
    sinks = {r["ur_dummy"] for r in isolates if r["environmental"] == "1"}
    cases = rows(out / "cases.csv")
    assert {c["patient_id"] for c in cases} == patients
    assert len(cases) == len(patients) == 196
    assert len(sinks) == 7
    assert {c["status"] for c in cases} == {"confirmed"}
    assert {c["carbapenemases"] for c in cases} == {"IMP-4"}


def test_the_first_positive_is_the_earliest_isolate_of_the_patient(real_hospital, out):
    first = defaultdict(lambda: "9999")
    for r in rows(real_hospital / "metadata_final_20230613.csv"):
        if r["environmental"] == "0":
            first[r["ur_dummy"]] = min(first[r["ur_dummy"]], r["acc_coll_date"])
    assert all(c["first_positive"] == first[c["patient_id"]] for c in rows(out / "cases.csv"))


def test_what_the_data_cannot_support_is_empty_with_the_reason(out):
    said = json.loads((out / "provenance.json").read_text())["outputs"]
    for name in ("contacts.csv", "ledger.csv"):
        assert rows(out / name) == []
        assert "carriers only" in said[name]["empty_because"]
    page = (out / "report.html").read_text()
    assert "Overlaps among carriers" in page
    assert ">Contacts</h2>" not in page


def test_duplicate_rows_are_noted_and_counted_once(out):
    same = [
        p
        for p in rows(out / "problems.csv")
        if "is the same as cpe_pt_mvmt" in p["problem"] and "counts once" in p["problem"]
    ]
    assert len(same) == 370
    assert {p["effect"] for p in same} == {"used"}


def test_isolates_without_a_patient_are_noted_and_make_no_case(out):
    nobody = [p for p in rows(out / "problems.csv") if "from nobody" in p["problem"]]
    assert len(nobody) == 7


def test_distances_are_read_with_suffixes_and_the_isolate_that_reference_stands_for(out):
    from datetime import UTC, datetime

    from ringfence.record import FolderStore

    distances = FolderStore(out / "record").current(at=datetime(2030, 1, 1, tzinfo=UTC)).distances
    # From snp_matrix_koxy_st278.csv: CPO119 to CPO120 3, to CPO121 0, to Reference (CPO118) 1.
    assert distances[frozenset({"CPO119", "CPO120"})] == 3
    assert distances[frozenset({"CPO119", "CPO121"})] == 0
    assert distances[frozenset({"CPO119", "CPO118"})] == 1
    assert not [pair for pair in distances if any(name.startswith(("GCF", "Ref")) for name in pair)]


def test_plasmids_are_the_authors_own_column(out, real_hospital):
    from datetime import UTC, datetime

    from ringfence.record import FolderStore, Scheme

    types = FolderStore(out / "record").current(at=datetime(2030, 1, 1, tzinfo=UTC)).types
    own = {r["isolate"]: r["rep_type_clean"] for r in rows(real_hospital / "pt_mvmt_isolate_metadata_20230613.csv")}
    read = {i: t.value for i, some in types.items() for t in some if t.scheme is Scheme.PLASMID}
    assert read == {isolate: plasmid for isolate, plasmid in own.items() if plasmid != "Chromosome"}


def test_pairs_on_wards_are_those_of_a_plain_count_of_days(real_hospital, tmp_path):
    days, nights = defaultdict(set), defaultdict(set)
    for r in rows(real_hospital / "cpe_pt_mvmt_3_20230613.csv"):
        start, end = (date.fromisoformat(r[f"transfer_{way}_ward_bed_date"]) for way in ("in", "out"))
        for n in range((end - start).days + 1):
            days[(r["ward_code"], r["ur_dummy"])].add(start + timedelta(days=n))
            if n:
                nights[(r["ward_code"], r["ur_dummy"])].add(start + timedelta(days=n))
    expected = {}
    for (ward_a, a), (ward_b, b) in combinations(sorted(days), 2):
        shared = days[(ward_a, a)] & days[(ward_b, b)]
        if ward_a == ward_b and shared:
            asleep = nights[(ward_a, a)] & nights[(ward_b, b)]
            expected[(a, b, ward_a)] = (str(min(shared)), str(max(shared)), str(len(shared)), str(len(asleep)))
    file = tmp_path / "pairs.csv"
    arguments = [
        "trace",
        str(real_hospital),
        "--pairs",
        "--level",
        "ward",
        "--mapping",
        "imp4-hospital",
        "--out",
        str(file),
    ]
    assert main(arguments) == 0
    found = rows(file)
    assert list(found[0]) == [
        "patient_a",
        "patient_b",
        "ward",
        "first_on",
        "last_on",
        "days",
        "nights",
        "meetings",
        "hours_min",
        "hours_max",
    ]
    got = {
        (r["patient_a"], r["patient_b"], r["ward"]): (r["first_on"], r["last_on"], r["days"], r["nights"])
        for r in found
    }
    assert got == expected
    assert len(got) == len(found) == 288


def test_room_level_is_unknown_where_no_stay_names_a_room(real_hospital, tmp_path, capsys):
    file = tmp_path / "pairs.csv"
    arguments = [
        "trace",
        str(real_hospital),
        "--pairs",
        "--level",
        "room",
        "--mapping",
        "imp4-hospital",
        "--out",
        str(file),
    ]
    assert main(arguments) == 0
    assert rows(file) == []
    assert "UNKNOWN" in capsys.readouterr().out


def test_an_earlier_instant_sees_fewer_cases(real_hospital, tmp_path):
    arguments = ["analyze", str(real_hospital), "--policy", "nl", "--mapping", "imp4-hospital", "--out", str(tmp_path)]
    assert main([*arguments, "--as-of", "2010-12-31"]) == 0
    cases = rows(tmp_path / "cases.csv")
    isolates = rows(real_hospital / "metadata_final_20230613.csv")
    early = {
        r["ur_dummy"]
        for r in isolates
        if r["environmental"] == "0" and r["ur_dummy"] != "NA" and r["acc_coll_date"] <= "2010-12-31"
    }
    assert {c["patient_id"] for c in cases} == early


def test_a_mapping_that_is_proposed_reads_the_files_as_the_one_written_by_hand(real_hospital, tmp_path):
    proposed = tmp_path / "proposed.yaml"
    site = ("--facility", "hospital", "--zone", "Australia/Melbourne")
    assert main(["map", str(real_hospital), *site, "--out", str(proposed)]) == 0
    own = read_folder(real_hospital, load_mapping(str(proposed)))
    by_hand = read_folder(real_hospital, load_mapping("imp4-hospital"))

    def of(intake, *tables):
        return {repr(fact.row) for fact in intake.facts if fact.table in tables}

    for table in ("stays", "specimens", "isolates", "places"):
        assert of(own, table) == of(by_hand, table), table
    # What a person has to know: which isolate `Reference` is, that all carry IMP-4, and which plasmid type is right.
    assert of(own, "distances") < of(by_hand, "distances")
    assert of(own, "results") == set()
    assert "From each of the 127 patients who move an organism was grown" in proposed.read_text()
    assert "pt_mvmt_isolate_metadata_20230613.csv" in proposed.read_text()


def test_links_of_isolates_are_those_of_the_matrices_and_cross_species(real_hospital, out):
    whose = {
        row["isolate"]: ("place sink-" if row["environmental"] == "1" else "") + row["ur_dummy"]
        for row in rows(real_hospital / "metadata_final_20230613.csv")
        if row["ur_dummy"] != "NA"
    }
    closest = {}
    for path in real_hospital.glob("snp_matrix_*.csv"):
        for row in rows(path):
            for label, snps in row.items():
                ids = [text.split("-")[0] for text in (row[""], label)]
                names = sorted({whose[one] for one in ids if one in whose})
                if len(names) == 2 and snps:
                    key = tuple(names)
                    closest[key] = min(int(snps), closest.get(key, int(snps)))
    found = {(row["one"], row["other"]): row for row in rows(out / "links.csv")}
    known = {pair: int(row["snps"]) for pair, row in found.items() if row["snps"]}
    # The row `Reference` of a matrix stands for one more isolate, which the mapping names.
    assert all(known[pair] <= snps for pair, snps in closest.items())
    assert len(known) >= len(closest) > 1000
    assert any(len(row["organisms"].split(";")) > 2 and row["plasmid"] for row in found.values())
    assert not any("Chromosome" in row["plasmid"] for row in found.values())
    # Two patients of one ward at one time, counted from the movements alone.
    stays = defaultdict(list)
    for row in rows(real_hospital / "cpe_pt_mvmt_3_20230613.csv"):
        start, end = (date.fromisoformat(row[f"transfer_{way}_ward_bed_date"]) for way in ("in", "out"))
        stays[row["ur_dummy"]].append((row["ward_code"], start, end))
    for (one, other), row in found.items():
        if row["places"] != "0" or one not in stays or other not in stays:
            continue
        together = any(w == v and s <= u and t <= e for w, s, e in stays[one] for v, t, u in stays[other])
        assert (row["met"] == "together") == together, (one, other)
