"""What a review of `ringfence trace` found, each as a person would meet it."""

import csv

import pytest

from ringfence.cli import main
from ringfence.cli.trace_question import AT_THE_END
from ringfence.policy import load_policy

FACILITIES = "facility_id,zone\nElm,Europe/Amsterdam\n"
STAYS = "stay_id,patient_id,facility_id,ward,room,bed,start,end\n"
SPECIMENS = (
    "specimen_id,patient_id,facility_id,kind,purpose,collected\nS,TEST-A,Elm,rectal_swab,screening,2026-03-10T08:00\n"
)
RESULTS = "result_id,specimen_id,kind,analyte,found,status,reported\nR,S,gene,KPC,detected,final,2026-03-10T13:00\n"


@pytest.fixture
def given(tmp_path):
    """Write a folder in which A is found to carry on the tenth of March; rows of stays are `patient ward room bed from to`."""

    def write(*stays, name="in", **more):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        rows = [
            ",".join([str(n), *("" if cell == "-" else cell for cell in (who, "Elm", *rest))])
            for n, (who, *rest) in enumerate((stay.split() for stay in stays), 1)
        ]
        texts = {"facilities": FACILITIES, "stays": STAYS + "\n".join(rows) + "\n"}
        for table, text in {**texts, "specimens": SPECIMENS, "results": RESULTS, **more}.items():
            (folder / f"{table}.csv").write_text(text)
        return folder

    return write


@pytest.fixture
def trace(tmp_path, capsys):
    def run(folder, *asked, status=0):
        file = tmp_path / "out.csv"
        found = main(["trace", str(folder), *asked, "--out", str(file)])
        said = "".join(capsys.readouterr())
        assert found == status, said
        return said, [] if status else list(csv.DictReader(file.read_text().splitlines()))

    return run


def who(rows):
    return sorted({row["contact_patient_id"] for row in rows})


A = "TEST-A 2N 1 - 2026-03-01T10:00 2026-03-20T10:00"


def test_an_index_that_was_extended_answers_the_same_when_it_is_asked_again(given, trace, tmp_path, capsys):
    record = tmp_path / "record"
    days = (
        [A, "TEST-B 2N 1 - 2026-03-02T10:00 2026-03-04T10:00"],
        [A, "TEST-B 2N 1 - 2026-03-02T10:00 2026-03-09T11:00", "TEST-C 2N 1 - 2026-03-05T10:00 2026-03-06T11:00"],
        [A, "TEST-B 2N 1 - 2026-03-02T10:00 2026-03-09T12:00", "TEST-C 2N 1 - 2026-03-05T10:00 2026-03-06T12:00"],
    )
    for day in days:
        folder = given(*day)
        assert main(["record", "add", str(folder), "--to", str(record)]) == 0
        capsys.readouterr()
        for asked in (("--case", "TEST-A"), ("--all",), ("--pairs",), ("--pressure",), ("--path", "TEST-A", "TEST-B")):
            expected = trace(folder, *asked, "--level", "room")[1]
            assert trace(record, *asked, "--level", "room")[1] == expected
            assert trace(record, *asked, "--level", "room")[1] == expected
            assert expected


def test_asked_backward_the_own_window_of_the_case_says_nothing_of_its_sources(given, trace, monkeypatch):
    from ringfence.cli import trace_input

    # A policy that counts a case from three days before its first positive on.
    sources = trace_input.sources

    def counted(view, policy):
        from dataclasses import replace

        from ringfence.trace import ALWAYS, minute

        found = sources(view, policy)
        return {
            case: (replace(s, window=(minute(c.first.collected.at) - 3 * 1440, ALWAYS)), c)
            for case, (s, c) in found.items()
        }

    monkeypatch.setattr(trace_input, "sources", counted)
    folder = given(
        A,
        "TEST-X 2N 1 - 2026-03-01T12:00 2026-03-03T10:00",
        "TEST-Y 2N 1 - 2026-03-15T10:00 2026-03-18T10:00",
    )
    assert who(trace(folder, "--case", "TEST-A", "--level", "room", "--policy", "nl")[1]) == ["TEST-Y"]
    said, rows = trace(folder, "--case", "TEST-A", "--level", "room", "--policy", "nl", "--backward")
    assert who(rows) == ["TEST-X"]
    assert "up to the first positive specimen, as no --to is given" in said
    later = ("--backward", "--to", "2026-03-20")
    assert who(trace(folder, "--case", "TEST-A", "--level", "room", *later)[1]) == ["TEST-X", "TEST-Y"]
    late = ("--backward", "--from", "2026-03-12")
    assert "not before the first positive" in trace(folder, "--case", "TEST-A", "--level", "room", *late, status=2)[0]
    said, _ = trace(folder, "--case", "TEST-A", "--level", "room", "--policy", "nl", "--to", "2026-03-05", status=2)
    assert "not after 2026-03-07T08:00+01:00, from which the case counts" in said
    said, _ = trace(folder, "--all", "--level", "room", "--policy", "nl", "--to", "2026-03-05")
    assert "met nobody: 1." in said


def test_sources_of_all_cases_were_met_before_the_first_positive(given, trace):
    folder = given(
        A,
        "TEST-X 2N 1 - 2026-03-01T12:00 2026-03-03T10:00",
        "TEST-Y 2N 1 - 2026-03-15T10:00 2026-03-18T10:00",
    )
    for asked, expected in (((), ["TEST-X"]), (("--to", "2026-03-20"), ["TEST-X", "TEST-Y"])):
        assert who(trace(folder, "--all", "--level", "room", "--backward", *asked)[1]) == expected


def test_many_short_meetings_are_added_up_by_the_minute(given, trace):
    folder = given(A, *(f"TEST-B 2N 1 - 2026-03-{n:02}T10:00 2026-03-{n:02}T10:06" for n in range(2, 12)))
    for asked in (("--case", "TEST-A"), ("--all",)):
        assert who(trace(folder, *asked, "--level", "room", "--cumulative", "--min-hours", "1")[1]) == ["TEST-B"]
        assert who(trace(folder, *asked, "--level", "room", "--cumulative", "--min-hours", "1.01")[1]) == []


@pytest.mark.parametrize("asked", [("--case", "TEST-A"), ("--all",), ("--pairs",)])
def test_a_part_of_a_minute_is_asked_of_all_alike(given, trace, asked):
    folder = given(A, "TEST-B 2N 1 - 2026-03-02T10:00 2026-03-02T10:20")
    assert len(trace(folder, *asked, "--level", "room", "--min-hours", "0.33")[1]) == 1
    assert len(trace(folder, *asked, "--level", "room", "--min-hours", "0.34")[1]) == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--min-hours", "nan"), "--min-hours: give hours"),
        (("--min-hours", "inf"), "--min-hours: give hours"),
        (("--min-hours", "1e30"), "--min-hours: give hours"),
        (("--after", "10000000000"), "--after: give days"),
    ],
)
def test_a_number_beyond_all_time_is_refused(given, trace, asked, said):
    assert said in trace(given(A), "--case", "TEST-A", "--level", "room", *asked, status=2)[0]


def test_where_a_level_is_not_known_it_is_unknown_and_not_nobody(given, trace):
    folder = given(
        A,
        "TEST-B 2N - - 2026-03-02T10:00 2026-03-03T10:00",
        "TEST-C 4E 7 - 2026-03-02T10:00 2026-03-03T10:00",
        places="facility_id,level,ward,room,bathroom\nElm,room,4E,7,X\n",
    )
    said, _ = trace(folder, "--case", "TEST-A", "--level", "room")
    assert "Of 2 stays on the wards of the case, 1 have no room that is known: who shared one is UNKNOWN" in said
    for asked in (("--case", "TEST-A"), ("--all",)):
        said, _ = trace(folder, *asked, "--level", "bathroom")
        assert "Of 2 stays on" in said
        assert "2 have no bathroom that is known: who shared one is UNKNOWN, not nobody. Supply `bathroom`" in said
    for asked in (("--path", "TEST-A", "TEST-B"), ("--pressure",), ("--pairs",), ("--pairs", "--form", "days")):
        assert "Of 3 stays, 2 have no bathroom that is known" in trace(folder, *asked, "--level", "bathroom")[0]
    assert "UNKNOWN" not in trace(folder, "--case", "TEST-A", "--level", "ward")[0]


def test_overlaps_among_carriers_are_titled_so_whatever_is_asked(given, trace):
    folder = given(A)
    asked = (
        ("--case", "TEST-A", "--level", "ward"),
        ("--all", "--level", "ward"),
        ("--pairs", "--level", "ward"),
        ("--pairs", "--level", "ward", "--form", "days"),
        ("--pressure", "--level", "ward"),
        ("--compare", "nl", "ca-on"),
    )
    for one in asked:
        said, _ = trace(folder, *one)
        assert (
            "Everyone who moves in these files is a carrier: these are overlaps among carriers, not contacts." in said
        )
        assert "%" not in said
    folder = given(
        A,
        "TEST-B 2N 1 - 2026-03-02T10:00 2026-03-03T10:00",
        populations="facility_id,covers,start,end\nElm,carriers_only,2026-01-01,2026-12-31\n",
    )
    _, rows = trace(folder, "--case", "TEST-A", "--level", "ward")
    assert [row["carriers_only"] for row in rows] == ["yes"]
    _, rows = trace(folder, "--all", "--level", "ward")
    assert [row["carriers_only"] for row in rows] == ["yes"]
    said, _ = trace(folder, "--path", "TEST-A", "TEST-B", "--level", "ward")
    assert "these are overlaps among carriers, not contacts." in said


def test_who_left_by_a_date_left_on_that_date_in_every_list(given, trace):
    folder = given(
        "TEST-A 2N 1 - 2026-03-01 2026-03-10",
        "TEST-B 2N 1 - 2026-03-10 2026-03-12",
    )
    _, one = trace(folder, "--case", "TEST-A", "--level", "room", "--after", "5")
    _, many = trace(folder, "--all", "--level", "room", "--after", "5")
    after = [row for row in one if row["sequence"] == "after"]
    assert [(row["start"], row["end"]) for row in after] == [("2026-03-10", "2026-03-10")]
    after = [row for row in many if row["sequence"] == "after"]
    assert [(row["first_on"], row["last_on"]) for row in after] == [("2026-03-10", "2026-03-10")]
    # A can have left by noon, so B can have come after that.
    _, rows = trace(folder, "--case", "TEST-A", "--level", "room", "--after", "5", "--to", "2026-03-10T12:00")
    assert "after" in {row["sequence"] for row in rows}


def test_no_step_of_a_way_goes_back_in_time(given, trace):
    folder = given(
        "TEST-P 2N 1 - 2026-03-10T12:00 2026-03-11T12:00",
        "TEST-Q 2N 1 - 2026-03-09T12:00 2026-03-20T12:00",
        "TEST-R 2N 1 - 2026-03-01 2026-03-12",
    )
    stays = (folder / "stays.csv").read_text().replace("TEST-R,Elm,2N,1", "TEST-R,Elm,2N,2")
    stays += "9,TEST-Q,Elm,2N,2,,2026-03-10T13:00,2026-03-10T14:00\n"
    (folder / "stays.csv").write_text(stays)
    _, rows = trace(folder, "--path", "TEST-P", "TEST-R", "--level", "room", "--to", "2026-03-11")
    assert [(row["patient_to"], row["start"][:10]) for row in rows] == [
        ("TEST-Q", "2026-03-10"),
        ("TEST-R", "2026-03-10"),
    ]
    assert all(row["end"][:10] <= "2026-03-12" for row in rows)


def test_precautions_that_were_renewed_were_in_force_all_the_while(given, trace):
    folder = given(
        A,
        "TEST-B 2N 1 - 2026-03-11T10:00 2026-03-13T10:00",
        measures="measure_id,patient_id,facility_id,kind,start,end\n"
        "M1,TEST-A,Elm,contact_precautions,2026-03-10T12:00,2026-03-12T12:00\n"
        "M2,TEST-A,Elm,contact_precautions,2026-03-12T12:00,2026-03-18T10:00\n",
    )
    assert [r["under_precautions"] for r in trace(folder, "--case", "TEST-A", "--level", "room")[1]] == ["yes"]


def test_stays_that_touch_to_the_minute_are_one(given, trace):
    folder = given(
        A,
        "TEST-B 2N 1 - 2026-03-02T10:00:00 2026-03-02T17:00:30",
        "TEST-B 2N 1 - 2026-03-02T17:00:45 2026-03-03T00:00:00",
        "TEST-B 2N 2 - 2026-03-05T17:00:45 -",
    )
    for stays in (
        (folder / "stays.csv").read_text(),
        (folder / "stays.csv").read_text().replace("4,TEST-B", "4,TEST-C"),
    ):
        (folder / "stays.csv").write_text(stays)  # first by the rules, as a stay is open; then off columns
        _, rows = trace(folder, "--case", "TEST-A", "--level", "room", "--min-hours", "12")
        assert [(r["contact_patient_id"], r["hours_min"]) for r in rows] == [("TEST-B", "14")]


def test_a_number_that_was_merged_is_known_by_the_other(given, trace):
    folder = given(
        A,
        "TEST-B 2N 1 - 2026-03-02T10:00 2026-03-03T10:00",
        identity_links="link_id,patient_a,patient_b,action,declared_by,declared\nL,TEST-A,TEST-Z,link,desk,2026-03-02T09:00\n",
    )
    expected = trace(folder, "--case", "TEST-A", "--level", "room")[1]
    assert expected
    assert trace(folder, "--case", "TEST-Z", "--level", "room")[1] == expected
    assert trace(folder, "--case", "TEST-Z:KPC:1", "--level", "room")[1] == expected
    assert len(trace(folder, "--path", "TEST-Z", "TEST-B", "--level", "room")[1]) == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((), "all that is known, as no policy is named: the widest preview."),
        (("--policy", "nl"), "all that is known, nl says no beginning: the widest preview."),
        (
            ("--to", "2026-03-05"),
            "from the first that is known to 2026-03-06T00:00+01:00, by --to; as no policy is named",
        ),
        (("--from", "2026-03-02"), "from 2026-03-02T00:00+01:00, by --from."),
    ],
)
def test_the_time_that_counts_is_said_with_its_ends_and_why(given, trace, asked, said):
    assert said in trace(given(A), "--case", "TEST-A", "--level", "room", *asked)[0]


def test_who_came_after_is_asked_by_the_days_of_the_policy(given, trace, tmp_path):
    shipped = load_policy("nl").path.read_text(encoding="utf-8")
    before, _, rest = shipped.partition("  contacts:\n")
    clause = """  contacts:
    - id: nl-con-1
      who: {classes: [same bed after], next_occupant_within: 7 days}
      then: {contact: list}
      mark: verified
      source: NL2
      checked_on: 2026-11-22
"""
    policy = tmp_path / "nl.yaml"
    policy.write_text(before + clause + rest[rest.index("\n  follow_up:\n") :], encoding="utf-8")
    folder = given(
        A, "TEST-B 2N 1 - 2026-03-25T10:00 2026-03-26T10:00", "TEST-C 2N 1 - 2026-03-29T10:00 2026-03-30T10:00"
    )
    said, rows = trace(folder, "--case", "TEST-A", "--level", "room", "--policy", str(policy))
    assert who(rows) == ["TEST-B"]
    assert "Came there up to 7 days after, by nl: 1." in said
    assert who(trace(folder, "--all", "--level", "room", "--policy", str(policy))[1]) == ["TEST-B"]
    assert who(trace(folder, "--case", "TEST-A", "--level", "room")[1]) == []


@pytest.mark.parametrize("name", ["stays.csv", "new.csv"])
def test_nothing_is_written_into_what_is_read(given, tmp_path, capsys, name):
    folder, record = given(A), tmp_path / "record"
    assert main(["record", "add", str(folder), "--to", str(record)]) == 0
    before = (folder / "stays.csv").read_text()
    for asked, out in ((folder, folder / name), (record, record / "commits" / name), (folder, record / name)):
        assert main(["trace", str(asked), "--pairs", "--level", "ward", "--out", str(out)]) == 2
        assert "this lies in what is read" in capsys.readouterr().err
        assert name == "stays.csv" or not out.exists()
    assert (folder / "stays.csv").read_text() == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--compare", "nl", "ca-on", "--level", "room"), "--level: goes with"),
        (("--compare", "nl", "ca-on", "--from", "2026-03-01"), "--from: goes with"),
        (("--pairs", "--level", "room", "--policy", "nl"), "--policy: goes with --case, --all or --pressure."),
        (("--pairs", "--level", "room", "--after", "0"), "--after: goes with --case, --all or --path."),
        (("--pressure", "--min-hours", "12"), "--min-hours: goes with --case, --all or --pairs."),
        (("--all", "--level", "room", "--form", "days"), "--form: goes with --pairs."),
        (("--all", "--level", "room", "--cumulative"), "--cumulative: says how --min-hours is counted"),
        (("--pairs", "--level", "room", "--form", "days", "--min-hours", "1"), "days in places have no hours"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(given, trace, asked, said):
    assert said in trace(given(A), *asked, status=2)[0]


def test_without_results_it_is_unknown_who_carries(given, trace):
    folder = given(A)
    (folder / "results.csv").unlink()
    for asked in (("--all", "--level", "ward"), ("--pressure",), ("--compare", "nl", "ca-on")):
        assert "it is UNKNOWN who carries. Supply results." in trace(folder, *asked)[0]
    assert "who carries" not in trace(folder, "--pairs", "--level", "ward")[0]


def test_a_day_on_a_ward_counts_once_also_for_who_changed_the_room_on_it(given, trace):
    folder = given(
        A, "TEST-B 2N 1 - 2026-03-12T10:00 2026-03-12T12:00", "TEST-B 2N 2 - 2026-03-12T12:00 2026-03-12T18:00"
    )
    said, rows = trace(folder, "--pressure")
    told = (
        "Days of patients in a ward: 21; with another known carrier: 1 (4.8%); with another in the same room: 1 (4.8%)"
    )
    assert told in said
    assert [(r["room"], r["carriers_in_room"]) for r in rows if r["patient_id"] == "TEST-B"] == [("1", "1"), ("2", "0")]
    assert told.partition(";")[0] in trace(folder, "--pressure", "--level", "ward")[0]


def _with_contacts(tmp_path, clauses):
    shipped = load_policy("nl").path.read_text(encoding="utf-8")
    before, _, rest = shipped.partition("  contacts:\n")
    policy = tmp_path / "nl.yaml"
    policy.write_text(before + "  contacts:\n" + clauses + rest[rest.index("\n  follow_up:\n") :], encoding="utf-8")
    return policy


_CLAUSE = """    - id: nl-con-{n}
      who: {{classes: [{how}]{overlap}}}
      then: {{contact: {then}}}
      mark: verified
      source: NL2
      checked_on: 2026-11-22
"""
_BRIEF = (
    A,
    "TEST-B 2N 1 - 2026-03-02T10:00 2026-03-02T12:00",
    "TEST-B 2N 1 - 2026-03-03T10:00 2026-03-03T12:30",
    "TEST-C 2N 1 - 2026-03-04T10:00 2026-03-04T14:00",
    "TEST-D 2N 1 - 2026-03-05T10:00 2026-03-05T11:00",
)


@pytest.mark.parametrize(
    ("overlap", "listed", "said"),
    [
        (", overlap: {at_least: 4 hours}, counted: per meeting", ["TEST-C"], "for 4 h, no meeting of theirs"),
        (", overlap: {at_least: 4 hours}, counted: cumulative", ["TEST-B", "TEST-C"], "for 4 h, all meetings together"),
    ],
    ids=["per meeting", "cumulative"],
)
def test_meetings_shorter_than_the_policy_asks_for_are_left_out_and_that_is_said(
    given, trace, tmp_path, overlap, listed, said
):
    policy = _with_contacts(tmp_path, _CLAUSE.format(n=1, how="same room", overlap=overlap, then="screen"))
    folder = given(*_BRIEF)
    for asked in (("--case", "TEST-A"), ("--all",), ("--all", "--engine", "processes")):
        told, rows = trace(folder, *asked, "--level", "room", "--policy", str(policy))
        assert who(rows) == listed
        assert f"Left out, by nl: who cannot have been there {said}." in told
        told, rows = trace(folder, *asked, "--level", "room", "--policy", str(policy), "--min-hours", "0")
        assert who(rows) == ["TEST-B", "TEST-C", "TEST-D"]
        assert "Left out" not in told
        # The clause is of rooms; whom a case met on the ward it does not say how long.
        assert who(trace(folder, *asked, "--level", "ward", "--policy", str(policy))[1]) == [
            "TEST-B",
            "TEST-C",
            "TEST-D",
        ]


_DAY = ", overlap: {at_least: 24 hours}, counted: per meeting"
_STILL = (
    "TEST-A 2N 1 - 2026-03-01T10:00 -",
    "TEST-B 2N 1 - 2026-03-20T09:00 -",
    "TEST-D 9N 1 - 2026-03-20T09:00 2026-03-20T12:00",
)
_SHORT = (A, "TEST-B 2N 1 - 2026-03-04T10:00 2026-03-04T15:00")


@pytest.mark.parametrize(
    ("level", "stays", "clauses"),
    [
        ("room", _STILL, [("same room", _DAY)]),
        ("ward", _STILL, [("ward", _DAY.replace("per meeting", "cumulative"))]),
        (
            "room",
            (A, "TEST-B 2N 1 - 2026-03-04T10:00 2026-03-07T13:00"),
            [("same room", _DAY + ", look_back: {since: first positive, before_first_positive: 3 days}")],
        ),
        ("room", _SHORT, [("same room", _DAY), ("any contact in health care", "")]),
        ("room", _SHORT, [("same room", _DAY), ("ward", _DAY.replace("24", "4"))]),
        ("ward", _SHORT, [("ward", _DAY), ("facility", _DAY.replace("24", "4"))]),
    ],
    ids=["goes on", "goes on, together", "cut by the look-back", "health care", "its ward", "its facility"],
)
def test_nobody_whom_the_policy_makes_a_contact_is_left_out(given, trace, tmp_path, level, stays, clauses):
    texts = [
        _CLAUSE.format(n=n, how=how, overlap=overlap, then="screen") for n, (how, overlap) in enumerate(clauses, 1)
    ]
    policy, folder = _with_contacts(tmp_path, "".join(texts)), given(*stays)
    out = tmp_path / "findings"
    assert main(["analyze", str(folder), "--policy", str(policy), "--out", str(out)]) == 0
    contacts = list(csv.DictReader((out / "contacts.csv").read_text().splitlines()))
    assert [(one["contact_patient_id"], one["follows"] in ("screen", "decide")) for one in contacts] == [
        ("TEST-B", True)
    ]
    for asked in (("--case", "TEST-A"), ("--all",), ("--all", "--engine", "processes")):
        assert who(trace(folder, *asked, "--level", level, "--policy", str(policy))[1]) == ["TEST-B"]


def test_an_overlay_of_another_site_leaves_nobody_out_here(given, trace, tmp_path):
    sites = FACILITIES + "Oak,Europe/Amsterdam\n"
    folder = given(*_SHORT, facilities=sites)
    for site in ("Elm", "Oak"):
        overlay = tmp_path / f"{site}.yaml"
        overlay.write_text(_OVERLAY.replace("SITE", site))
        assert who(trace(folder, "--case", "TEST-A", "--level", "room", "--policy", str(overlay))[1]) == ["TEST-B"]


_OVERLAY = """overlay: 1
id: us-made-up
title: Draft
version: 2026-01-01
base: us
place: {name: SITE (made up), facilities: [SITE]}
from: 2026-01-01
adopted_by: infection prevention (made up)
sources: {own: {title: "Infection prevention (made up): who is a contact", where: this test}}
clauses:
  contacts:
    - id: us-con-1
      who: {classes: [same room], overlap: {at_least: 24 hours}, counted: per meeting}
      then: {contact: screen}
      mark: verified
      source: own
      checked_on: 2026-01-01
"""


def test_a_place_that_the_case_came_to_after_the_first_positive_gave_it_nothing(given, trace):
    folder = given(
        "TEST-A 2N 1 - 2026-03-01T10:00 2026-03-15T10:00",
        "TEST-A 2N 2 - 2026-03-15T10:00 2026-03-20T10:00",
        "TEST-B 2N 2 - 2026-03-02T10:00 2026-03-09T11:00",
    )
    asked = ("--case", "TEST-A", "--level", "room", "--backward", "--after", "10")
    assert who(trace(folder, *asked)[1]) == []
    assert who(trace(folder, *asked, "--to", "2026-03-20")[1]) == ["TEST-B"]


def test_all_sources_are_said_to_be_of_the_time_that_was_asked_for(given, trace):
    folder = given(A, "TEST-Y 2N 1 - 2026-03-15T10:00 2026-03-18T10:00")
    told, _ = trace(folder, "--all", "--level", "room", "--backward", "--to", "2026-03-20")
    assert "Possible sources, met up to --to: 1." in told
    told, _ = trace(folder, "--all", "--level", "room", "--backward", "--from", "2026-03-12")
    assert "Cases whose first positive is before --from, so that no source of theirs is listed: 1." in told


def test_the_problems_of_a_question_before_do_not_stay_beside_the_next(given, trace, tmp_path):
    trace(given(*_BRIEF, "TEST-Z 2N 1 - 2026-13-02T10:00 2026-03-03T11:00"), "--all", "--level", "room")
    assert (tmp_path / "out-problems.csv").exists()
    trace(given(*_BRIEF), "--all", "--level", "room")
    assert not (tmp_path / "out-problems.csv").exists()


def test_of_several_clauses_the_widest_counts(given, trace, tmp_path):
    long = _CLAUSE.format(
        n=1, how="same room", overlap=", overlap: {at_least: 4 hours}, counted: per meeting", then="screen"
    )
    any_time = _CLAUSE.format(n=2, how="bay", overlap="", then="list")
    policy = _with_contacts(tmp_path, long + any_time)
    told, rows = trace(given(*_BRIEF), "--case", "TEST-A", "--level", "room", "--policy", str(policy))
    assert who(rows) == ["TEST-B", "TEST-C", "TEST-D"]
    assert "Left out" not in told


def test_possible_sources_are_not_left_out_by_how_long_a_contact_must_be(given, trace, tmp_path):
    clause = _CLAUSE.format(
        n=1, how="same room", overlap=", overlap: {at_least: 4 hours}, counted: per meeting", then="screen"
    )
    policy = _with_contacts(tmp_path, clause)
    rows = trace(given(*_BRIEF), "--case", "TEST-A", "--level", "room", "--policy", str(policy), "--backward")[1]
    assert who(rows) == ["TEST-B", "TEST-C", "TEST-D"]


def test_who_was_longest_with_the_case_comes_first(given, trace):
    _, rows = trace(given(*_BRIEF), "--case", "TEST-A", "--level", "room")
    assert [row["contact_patient_id"] for row in rows] == ["TEST-B", "TEST-B", "TEST-C", "TEST-D"]
    assert [row["start"][:10] for row in rows[:2]] == ["2026-03-02", "2026-03-03"]


@pytest.mark.parametrize(
    "asked",
    [
        ("--case", "TEST-A", "--level", "room", "--policy", "ca-on", "--from", "2026-03-02"),
        ("--all", "--level", "ward", "--min-hours", "2.5"),
        ("--pairs", "--level", "bathroom"),
        ("--pressure",),
        ("--path", "TEST-B", "TEST-C", "--level", "room"),
        ("--compare", "nl", "ca-on"),
    ],
    ids=lambda asked: asked[0],
)
def test_beside_each_list_stands_what_was_asked_and_what_was_said(given, trace, tmp_path, asked):
    said, _ = trace(given(*_BRIEF), *asked)
    about = (tmp_path / "out-about.txt").read_text(encoding="utf-8").splitlines()
    assert about[0] == f"Asked: ringfence trace {' '.join(asked)}"
    policies = [line for line in about if line.startswith("Policy: ")]
    named = [name for name in ("nl", "ca-on") if name in asked]
    assert policies == [f"Policy: {name}, version {load_policy(name).file.version}." for name in named]
    assert about[1].startswith("Of: in, written to out.csv by Ringfence ")
    told = [line.strip() for line in said.splitlines() if not line.startswith(("Written: ", "What was asked"))]
    assert about[2 + len(policies) :] == [*told, *AT_THE_END]
    assert any(line.startswith("As of ") for line in about)


def test_rows_that_were_refused_are_said_beside_the_list_too(given, trace, tmp_path):
    said, _ = trace(given(*_BRIEF, "TEST-Z 2N 1 - 2026-13-02T10:00 2026-03-03T11:00"), "--all", "--level", "room")
    assert "Rows refused: 1." in said
    assert "Rows refused: 1." in (tmp_path / "out-about.txt").read_text(encoding="utf-8")


def test_who_has_no_stay_met_nobody_that_is_known_and_that_is_unknown(given, trace):
    folder = given("TEST-B 2N 1 - 2026-03-02T10:00 2026-03-03T11:00", "TEST-C 2N - - 2026-03-02T10:00 2026-03-03T11:00")
    said, rows = trace(folder, "--case", "TEST-A", "--level", "ward")
    assert rows == []
    assert "whom they met is UNKNOWN, not nobody" in said
    assert "Cases of whom no stay with a ward is known: 1." in trace(folder, "--all", "--level", "ward")[0]
    for one, other, level in (("TEST-A", "TEST-B", "ward"), ("TEST-B", "TEST-A", "ward"), ("TEST-B", "TEST-C", "room")):
        said, _ = trace(folder, "--path", one, other, "--level", level)
        assert "whether there is a way is UNKNOWN" in said
        assert "There is no way" not in said


def test_how_many_met_is_not_how_many_met_for_so_long(given, trace):
    said, _ = trace(given(*_BRIEF), "--case", "TEST-A", "--level", "room", "--min-hours", "4")
    assert "of 3 who shared one, those for 4 h" in said


def test_the_wards_with_most_days_beside_a_carrier_are_named(given, trace):
    folder = given(A, "TEST-B 2N 1 - 2026-03-10T10:00 2026-03-13T10:00")
    assert "Wards with the most days beside another carrier: Elm 2N: 4." in trace(folder, "--pressure")[0]


def test_an_instant_after_the_files_end_is_said_to_be_one(given, trace):
    folder = given(A, "TEST-B 2N 1 - 2026-03-10T10:00 -")
    said, _ = trace(folder, "--pairs", "--level", "room", "--as-of", "2026-06-01")
    assert "The files end at 2026-03-20 10:00: open stays are taken to go on until then." in said
    assert "The files end" not in trace(folder, "--pairs", "--level", "room", "--as-of", "2026-03-20")[0]


def test_each_row_of_a_case_says_how_far_the_case_is_established(given, trace):
    folder = given(*_BRIEF)
    for asked in (("--case", "TEST-A"), ("--all",), ("--all", "--engine", "processes")):
        assert {row["case_status"] for row in trace(folder, *asked, "--level", "room")[1]} == {"probable"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--path", "TEST-A", "TEST-A", "--level", "room"), "--path: this is one patient. Name two."),
        (("--case", "TEST-A", "--level", "room", "--min-hours", "12,5"), "give hours, such as 12 or 12.5"),
    ],
)
def test_more_of_what_cannot_be_meant_is_refused(given, tmp_path, capsys, asked, said):
    told = ["trace", str(given(A)), *asked, "--out", str(tmp_path / "x.csv")]
    try:
        status = main(told)
    except SystemExit as left:
        status = left.code
    assert status == 2
    assert said in capsys.readouterr().err
