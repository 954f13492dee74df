"""`ringfence record`: files day after day, what was known when, what changed, and what people did."""

import csv
import itertools
import os
from datetime import UTC, datetime

import pytest

from ringfence.cli import main
from ringfence.cli.record_arguments import DECLARED
from ringfence.record import DeclarationKind, FolderStore

FACILITIES = "facility_id,zone\nElm,Europe/Amsterdam\n"
DAYS = (
    {
        "facilities": FACILITIES,
        "encounters": "encounter_id,patient_id,facility_id,kind,start,end\n"
        "E-A,TEST-A,Elm,inpatient,2026-05-03T10:00,\nE-B,TEST-B,Elm,inpatient,2026-05-01T10:00,\n",
        "stays": "patient_id,encounter_id,facility_id,ward,room,start,end\n"
        "TEST-A,E-A,Elm,6N,12,2026-05-03T10:30,\nTEST-B,E-B,Elm,6N,12,2026-05-01T10:30,\n",
        "specimens": "specimen_id,patient_id,facility_id,kind,purpose,collected\n"
        "SP1,TEST-A,Elm,rectal_swab,screening,2026-05-04T08:00\n",
    },
    {
        "facilities": FACILITIES,
        "results": "result_id,specimen_id,kind,analyte,found,status,reported\n"
        "R1,SP1,gene,OXA-48-like,detected,final,2026-05-04T13:00\n",
    },
    {
        "facilities": FACILITIES,
        "encounters": "encounter_id,patient_id,facility_id,kind,start,end\n"
        "E-B,TEST-B,Elm,inpatient,2026-05-01T10:00,2026-05-08T12:00\n",
        "stays": "patient_id,encounter_id,facility_id,ward,room,start,end\n"
        "TEST-B,E-B,Elm,6N,12,2026-05-01T10:30,2026-05-08T11:00\n",
    },
    {
        "facilities": FACILITIES,
        "results": "result_id,specimen_id,kind,analyte,found,status,reported\n"
        "R1,SP1,gene,OXA-48-like,detected,withdrawn,2026-05-10T09:30\n",
    },
)
CASE = "TEST-A:OXA-48-like:1"


@pytest.fixture
def days(tmp_path):
    folders = []
    for number, tables in enumerate(DAYS):
        folder = tmp_path / f"day{number}"
        folder.mkdir()
        for name, content in tables.items():
            (folder / f"{name}.csv").write_text(content)
        folders.append(folder)
    return folders


def added(record, folders):
    for folder in folders:
        assert main(["record", "add", str(folder), "--to", str(record)]) == 0
    return record


def findings(record, out, *more):
    assert main(["analyze", str(record), "--policy", "nl", "--out", str(out), *more]) == 0
    tables = ("cases", "exposures", "contacts", "ledger", "tasks", "signals")
    return {name: (out / f"{name}.csv").read_text() for name in tables}


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_files_added_in_any_order_and_twice_give_the_same_findings(days, tmp_path, capsys):
    plain = findings(added(tmp_path / "plain", days), tmp_path / "out")
    for number, order in enumerate(itertools.permutations(range(4))):
        if number % 5 == 0:
            mixed = added(tmp_path / f"r{number}", [days[n] for n in (*order, *order[:2])])
            assert findings(mixed, tmp_path / f"o{number}") == plain


def test_adding_the_same_folder_again_adds_nothing(days, tmp_path, capsys):
    record = added(tmp_path / "record", days[:2])
    seq = FolderStore(record).last_seq
    added(record, days[:2])
    assert FolderStore(record).last_seq == seq
    assert "Added 0 facts" in capsys.readouterr().out


def test_what_was_known_at_a_seq_gives_the_same_findings_for_ever(days, tmp_path, capsys):
    record = added(tmp_path / "record", days[:2])
    seq, at = str(FolderStore(record).last_seq), "2026-05-09T12:00"
    then = findings(record, tmp_path / "then", "--as-of", at)
    added(record, days[2:])
    assert findings(record, tmp_path / "again", "--as-of", at, "--known", seq) == then
    now = findings(record, tmp_path / "now", "--as-of", at)
    assert now["contacts"] != then["contacts"]


def test_as_of_a_day_before_the_correction_the_case_stands(days, tmp_path, capsys):
    record = added(tmp_path / "record", days)
    assert ",probable," in findings(record, tmp_path / "one", "--as-of", "2026-05-09")["cases"]
    assert ",withdrawn," in findings(record, tmp_path / "two", "--as-of", "2026-05-10T09:35")["cases"]


def test_changes_name_the_answer_and_the_fact_that_changed_it(days, tmp_path, capsys):
    record = added(tmp_path / "record", days)
    capsys.readouterr()
    out = tmp_path / "changes.csv"
    assert main(["record", "changes", str(record), "--since", "last", "--policy", "nl", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "status: probable, now withdrawn" in said
    case = next(row for row in rows(out) if row["finding"] == "cases")
    assert (case["about"], case["happened"]) == (CASE, "changed")
    assert case["because"].startswith("results:R1 (results.csv:2, seq ")
    assert {(r["finding"], r["happened"]) for r in rows(out)} >= {("contacts", "gone"), ("cases", "changed")}


def test_nothing_new_changes_nothing(days, tmp_path, capsys):
    record = added(tmp_path / "record", days)
    seq = str(FolderStore(record).last_seq)
    capsys.readouterr()
    assert main(["record", "changes", str(record), "--since", seq, "--policy", "nl"]) == 0
    assert "No answer changed." in capsys.readouterr().out


def act(record, *argv):
    return main(["record", argv[0], str(record), *argv[1:]])


def test_a_merge_and_its_unlink_restore_every_finding(days, tmp_path, capsys):
    record = added(tmp_path / "record", days[:3])
    as_of = ("--as-of", "2026-05-12")
    before = findings(record, tmp_path / "a", *as_of)
    by = ("--by", "registration desk")
    assert act(record, "merge", "TEST-A", "TEST-B", *by, "--at", "2026-05-11T10:00") == 0
    merged = findings(record, tmp_path / "b", *as_of)
    assert "TEST-B" not in merged["contacts"]
    assert act(record, "unlink", "TEST-B", "TEST-A", *by, "--at", "2026-05-11T11:00") == 0
    assert findings(record, tmp_path / "c", *as_of) == before


def test_a_result_is_retracted_declared_and_undone(days, tmp_path, capsys):
    record = added(tmp_path / "record", days[:3])
    as_of = ("--as-of", "2026-05-12")
    before = findings(record, tmp_path / "a", *as_of)
    assert (
        act(record, "retract", "results:R1", "--by", "laboratory", "--at", "2026-05-11T10:00", "--why", "mislabelled")
        == 0
    )
    assert ",withdrawn," in findings(record, tmp_path / "b", *as_of)["cases"]
    number = next(d.declaration_id for d in FolderStore(record).current(at=_later()).rows("declarations"))
    capsys.readouterr()
    assert act(record, "log") == 0
    assert number in capsys.readouterr().out
    assert act(record, "undo", number, "--by", "laboratory", "--at", "2026-05-11T12:00") == 0
    assert findings(record, tmp_path / "c", *as_of) == before


def _later():
    from builders import at

    return at("2026-05-12 10:00")


def test_the_contacts_of_a_case_are_accepted_at_once_and_tasks_follow_when_it_falls(days, tmp_path, capsys):
    record = added(tmp_path / "record", days[:2])
    by = ("--by", "infection control", "--at", "2026-05-04T14:00")
    assert act(record, "declare", "contacts-accepted", "--case", CASE, "--policy", "nl", *by) == 0
    added(record, days[2:])
    findings(record, tmp_path / "out", "--as-of", "2026-05-10T10:00")
    owed = [row for row in rows(tmp_path / "out" / "tasks.csv") if row["patient_id"] == "TEST-B"]
    assert {row["state"] for row in owed} >= {"withdrawn", "open"}
    tell = next(row for row in owed if row["task"].startswith("tell the patient"))
    told = ("--patient", "TEST-B", "--about", tell["task_id"], "--by", "ward nurse", "--at", "2026-05-10T09:45")
    assert act(record, "declare", "told", "--policy", "nl", *told) == 0
    findings(record, tmp_path / "out", "--as-of", "2026-05-10T10:00")
    assert next(r for r in rows(tmp_path / "out" / "tasks.csv") if r["task_id"] == tell["task_id"])["state"] == "done"


def test_a_list_that_was_accepted_is_undone_as_one(days, tmp_path, capsys):
    record = added(tmp_path / "record", days[:2])
    as_of = ("--as-of", "2026-05-10T10:00")
    before = findings(record, tmp_path / "out", *as_of)
    by = ("--by", "infection control", "--at", "2026-05-04T14:00")
    assert act(record, "declare", "contacts-accepted", "--case", CASE, "--policy", "nl", *by) == 0
    last = str(FolderStore(record).last_seq)
    assert findings(record, tmp_path / "out", *as_of) != before
    assert act(record, "undo", "--commit", last, "--by", "infection control") == 0
    later = ("--as-of", "2026-05-10T10:00")
    capsys.readouterr()
    act(record, "log")
    assert capsys.readouterr().out.count("(taken back)") == len(rows(tmp_path / "out" / "contacts.csv"))
    assert findings(record, tmp_path / "out", *later) != before  # it was undone today, and this asks about May
    assert act(record, "undo", "--commit", "1", "--by", "x") == 2
    assert "no commit reaches up to 1" in capsys.readouterr().err
    assert act(record, "undo", "--by", "x") == 2
    assert "Name what is to be undone" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("merge", "TEST-A", "TEST-A", "--by", "desk"), "cannot be merged with itself"),
        (("merge", "TEST-A", "TEST-Q", "--by", "desk"), "second number is in no fact"),
        (("merge", "TEST-A", "TEST-B"), "Nobody is named"),
        (("unlink", "TEST-A", "TEST-B", "--by", "desk"), "nothing to unlink"),
        (("retract", "results:R-nothing", "--by", "laboratory"), "nothing to take back"),
        (("declare", "case-confirmd", "--case", CASE, "--by", "x"), "Did you mean `case-confirmed`?"),
        (("declare", "case-confirmed", "--case", CASE), "Nobody is named"),
        (("declare", "case-confirmed", "--by", "x"), "needs --case"),
        (
            ("declare", "contacts-accepted", "--case", "TEST-A:NDM:1", "--policy", "nl", "--by", "x"),
            "no case of the record is called so, then or now",
        ),
        (
            ("declare", "outbreak-open", "--facility", "Elm", "--ward", "6N", "--organism", "Klebsiela", "--by", "x"),
            "--organism",
        ),
        (("declare", "case-confirmed", "--case", CASE, "--by", "x", "--at", "2099-01-01"), "lies in the future"),
        (("undo", "nothing", "--by", "x"), "No declaration has this number"),
        (("changes", "--since", "99999"), "goes up to"),
        (("changes", "--since", "yesterday"), "--since"),
        (("changes", "--since", "5", "--until", "3"), "--since lies after --until"),
        (("check", "--known", "99999"), "goes up to"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_nothing_is_lost(days, tmp_path, capsys, argv, says):
    record = added(tmp_path / "record", days[:2])
    before = FolderStore(record).last_seq
    capsys.readouterr()
    assert act(record, *argv) == 2
    err = capsys.readouterr().err
    assert says in err
    assert "TEST-Q" not in err
    assert FolderStore(record).last_seq == before


def test_a_facility_in_another_zone_is_refused_whole(days, tmp_path, capsys):
    record = added(tmp_path / "record", days[:2])
    before = FolderStore(record).last_seq
    (days[2] / "facilities.csv").write_text("facility_id,zone\nElm,America/Vancouver\n")
    assert main(["record", "add", str(days[2]), "--to", str(record)]) == 2
    err = capsys.readouterr().err
    assert "facilities.csv:2: zone: the record has the facility `Elm` in Europe/Amsterdam" in err
    assert FolderStore(record).last_seq == before


def test_a_zone_is_not_corrected_because_times_were_read_by_it(days, tmp_path, capsys):
    record = added(tmp_path / "record", days[:2])
    text = "facility_id,zone,recorded\nElm,America/Vancouver,2026-05-20T10:00\n"
    (days[2] / "facilities.csv").write_text(text)
    assert main(["record", "add", str(days[2]), "--to", str(record)]) == 2
    assert "make the record anew" in capsys.readouterr().err


def test_a_date_mistyped_far_ahead_is_told_and_does_not_outrank_later_exports(days, tmp_path, capsys):
    record = tmp_path / "record"
    for name, start, ward in (("one", "2026-05-01", "2N"), ("two", "2026-05-02", "3W")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "facilities.csv").write_text(FACILITIES)
        rows = f"S1,TEST-A,Elm,{ward},2026-05-01\n"
        rows += "S2,TEST-B,Elm,2N,2926-05-01\n" if name == "one" else f"S3,TEST-B,Elm,2N,{start}\n"
        (folder / "stays.csv").write_text(f"stay_id,patient_id,facility_id,ward,start\n{rows}")
        assert main(["record", "add", str(folder), "--to", str(record)]) == 0
    stays = FolderStore(record).current(at=_later()).stays
    assert [s.ward for s in stays if s.stay_id == "S1"] == ["3W"]
    capsys.readouterr()
    assert main(["record", "check", str(record), "--policy", "nl"]) == 0
    assert "stays.csv:3" in capsys.readouterr().out


def test_a_facility_is_not_taken_back_by_a_file(days, tmp_path, capsys):
    text = "facility_id,zone,retracted\nElm,Europe/Amsterdam,no\nOak,Europe/Amsterdam,yes\n"
    (days[0] / "facilities.csv").write_text(text)
    record = added(tmp_path / "record", days[:1])
    capsys.readouterr()
    act(record, "check", "--policy", "nl")
    assert "A facility is not taken back" in capsys.readouterr().out


def test_a_folder_needs_no_facilities_once_the_record_has_them(days, tmp_path, capsys):
    record = added(tmp_path / "record", days[:1])
    (days[1] / "facilities.csv").unlink()
    added(record, [days[1]])
    assert ",probable," in findings(record, tmp_path / "out")["cases"]


def test_files_read_by_a_changed_mapping_need_a_new_generation(days, tmp_path, capsys):
    text = (
        'mapping: "1"\nid: made-up\ntitle: made up\ngeneration: {}\ntables:\n  facilities:\n  - rows: [{{facility_id: Elm, zone: UTC}}]\n'
        "  stays:\n  - file: moves.csv\n    columns: {{patient_id: pid, ward: {}, start: since}}\n    constants: {{facility_id: Elm}}\n"
    )
    folder, mapping, record = tmp_path / "raw", tmp_path / "m.yaml", tmp_path / "record"
    folder.mkdir()
    (folder / "moves.csv").write_text("pid,w1,w2,since\nTEST-1,2N,3W,2026-05-01T10:00\n")
    for generation, ward, status in ((1, "w1", 0), (1, "w2", 2), (2, "w2", 0), (1, "w1", 0)):
        mapping.write_text(text.format(generation, ward))
        assert main(["record", "add", str(folder), "--to", str(record), "--mapping", str(mapping)]) == status
        if status:
            assert "Raise `generation`" in capsys.readouterr().err
    assert [stay.ward for stay in FolderStore(record).current(at=_later()).stays] == ["3W"]
    mapping.write_text(text.format(3, "pid").replace("    columns", "    only: {pid: nobody}\n    columns"))
    assert main(["record", "add", str(folder), "--to", str(record), "--mapping", str(mapping)]) == 2
    assert "moves.csv: rows of this file are in the record" in capsys.readouterr().err


def test_every_kind_can_be_declared_but_those_that_other_commands_declare():
    kinds = {kind.value.replace("_", "-") for kind in DeclarationKind}
    assert kinds - set(DECLARED) == {"retracted", "undone"}
    assert set(DECLARED) <= kinds


def test_no_message_of_a_record_repeats_a_patient(days, tmp_path, capsys):
    record = added(tmp_path / "record", days)
    added(record, days)
    act(record, "log")
    act(record, "check")
    said = capsys.readouterr()
    assert "TEST-" not in said.out + said.err


def test_a_record_that_is_none_is_told_how_to_make_one(tmp_path, capsys):
    os.makedirs(tmp_path / "empty")
    assert act(tmp_path / "empty", "check") == 2
    assert "ringfence record add FOLDER --to" in capsys.readouterr().err


class TestWhatASecondReviewFound:
    def test_an_unlink_reads_in_force_in_the_log(self, days, tmp_path, capsys):
        record = added(tmp_path / "record", days[:3])
        by = ("--by", "registration desk")
        assert act(record, "merge", "TEST-A", "TEST-B", *by, "--at", "2026-05-11T10:00") == 0
        assert act(record, "unlink", "TEST-A", "TEST-B", *by, "--at", "2026-05-11T11:00") == 0
        capsys.readouterr()
        act(record, "log")
        said = capsys.readouterr().out
        assert said.count("unlink, by registration desk") == 1
        assert said.count("(in force)") == said.count("(taken back)") == 1

    def test_only_a_case_of_then_or_now_can_be_decided_on(self, days, tmp_path, capsys):
        record = added(tmp_path / "record", days[:2])
        before = FolderStore(record).last_seq
        for case in ("TEST-A:TYPO:7", "TEST-B:KPC:1"):
            assert act(record, "declare", "case-confirmed", "--case", case, "--by", "ICP") == 2
            assert "no case of the record is called so" in capsys.readouterr().err
        assert FolderStore(record).last_seq == before

    def test_a_commit_is_undone_also_where_one_of_it_was_undone_before(self, days, tmp_path, capsys):
        record = added(tmp_path / "record", days[:2])
        by = ("--by", "ICP", "--at", "2026-05-04T14:00")
        assert act(record, "declare", "case-confirmed", "--case", CASE, *by) == 0
        last = str(FolderStore(record).last_seq)
        number = FolderStore(record).changes_since(int(last) - 1)[0].row.declaration_id
        assert act(record, "undo", number, "--by", "ICP") == 0
        assert act(record, "undo", "--commit", last, "--by", "ICP") == 2
        assert "Name what is to be undone" in capsys.readouterr().err

    def test_since_a_moment_ahead_is_refused(self, days, tmp_path, capsys):
        record = added(tmp_path / "record", days[:2])
        assert act(record, "changes", "--since", "2199-01-01", "--policy", "nl") == 2
        assert "--since lies in the future" in capsys.readouterr().err

    def test_an_old_export_added_again_overturns_nothing_though_its_planned_end_has_passed(
        self, tmp_path, capsys, monkeypatch
    ):
        from ringfence.cli import recording

        class Clock(datetime):
            today = datetime(2026, 5, 2, 12, tzinfo=UTC)

            @classmethod
            def now(cls, tz=None):
                return cls.today

        monkeypatch.setattr(recording, "datetime", Clock)
        record = tmp_path / "record"
        for name, ward, start, end in (("one", "2N", "2026-05-01", "2026-05-10"), ("two", "3W", "2026-05-01", "")):
            folder = tmp_path / name
            folder.mkdir()
            (folder / "facilities.csv").write_text(FACILITIES)
            other = f"S2,TEST-B,Elm,2N,{'2026-05-02' if name == 'one' else '2026-05-05'},"
            rows = f"S1,TEST-A,Elm,{ward},{start},{end}\n{other}\n"
            (folder / "stays.csv").write_text(f"stay_id,patient_id,facility_id,ward,start,end\n{rows}")
        for day, name in ((2, "one"), (6, "two"), (12, "one")):
            Clock.today = datetime(2026, 5, day, 12, tzinfo=UTC)
            added(record, [tmp_path / name])
        assert "were there already" in capsys.readouterr().out
        stays = FolderStore(record).current(at=_later()).stays
        assert [s.ward for s in stays if s.stay_id == "S1"] == ["3W"]

    @pytest.mark.parametrize(
        ("file", "text", "says"),
        [
            (
                "identity_links.csv",
                "patient_a,patient_b,action,declared_by,declared\nTEST-A,TEST-A,link,desk,2026-05-03T10:00\n",
                "links a number with itself",
            ),
            (
                "declarations.csv",
                "kind,about,declared_by,declared\nretracted,results:R1,lab,2026-05-03T10:00\n",
                "not taken back by a declaration in a file",
            ),
        ],
    )
    def test_what_a_file_cannot_do_is_refused_by_row(self, days, tmp_path, capsys, file, text, says):
        (days[0] / file).write_text(text)
        record = added(tmp_path / "record", days[:1])
        capsys.readouterr()
        act(record, "check", "--policy", "nl")
        assert says in capsys.readouterr().out
