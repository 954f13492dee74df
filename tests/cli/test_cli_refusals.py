"""The command line refuses with exit status 2 and a sentence that says what would be right; never a traceback."""

import sys
from pathlib import Path

import pytest

from ringfence.cli import main
from ringfence.vocabulary import shipped

SMALL = str(shipped("examples", "small-hospital"))


@pytest.fixture
def refused(capsys, tmp_path, monkeypatch):
    """Run a command line that must be refused, and return what it said on stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RINGFENCE_DEBUG", raising=False)

    def run(*argv):
        try:
            status = main([str(a) for a in argv])
        except SystemExit as stop:  # argparse
            status = stop.code
        out, err = capsys.readouterr()
        assert status == 2
        assert "Traceback" not in out + err
        assert "failed unexpectedly" not in err
        assert err.strip()
        return err

    return run


def analyze(folder=SMALL, policy="nl", out="out", *more):
    return ("analyze", folder, "--policy", policy, "--out", out, *more)


def facilities(folder, content=b"facility_id,zone\nElm,Europe/Amsterdam\n"):
    folder.mkdir(exist_ok=True)
    (folder / "facilities.csv").write_bytes(content)
    return folder


def test_an_unknown_policy_names_those_there_are_and_the_nearest(refused):
    said = refused(*analyze(policy="nll"))
    assert "There is no policy `nll`" in said
    assert "Shipped: " in said
    assert "Did you mean `nl`?" in said


def test_an_unknown_mapping_names_those_there_are_and_the_nearest(refused):
    said = refused(*analyze(), "--mapping", "imp4-hospitl")
    assert "There is no mapping `imp4-hospitl`" in said
    assert "Did you mean `imp4-hospital`?" in said


@pytest.mark.parametrize("command", ["analyze", "trace"])
def test_a_folder_that_is_not_there_is_named(refused, tmp_path, command):
    missing = tmp_path / "nowhere"
    argv = (
        analyze(missing) if command == "analyze" else ("trace", missing, "--pairs", "--level", "ward", "--out", "p.csv")
    )
    assert f"{missing}: there is no such folder." in refused(*argv)


def test_an_empty_folder_is_told_which_files_to_put_there(refused, tmp_path):
    (tmp_path / "empty").mkdir()
    said = refused(*analyze(tmp_path / "empty"))
    assert "no file is called like an input table" in said
    assert "facilities.csv" in said
    assert "ringfence tables" in said


def test_a_file_where_a_folder_belongs_is_refused(refused, tmp_path):
    (tmp_path / "stays.csv").write_text("a\n", encoding="utf-8")
    assert "stays.csv: there is no such folder" in refused(*analyze(tmp_path / "stays.csv"))


def test_a_folder_without_facilities_shows_the_file_to_add(refused, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "stays.csv").write_text("patient_id,facility_id,ward,start\nP,Elm,2N,2026-03-02\n", encoding="utf-8")
    said = refused(*analyze(folder))
    assert "Add facilities.csv" in said
    assert "facility_id,name,zone" in said


def test_a_folder_with_no_moment_in_it_says_so(refused, tmp_path):
    assert "No row with a date" in refused(*analyze(facilities(tmp_path / "in")))


@pytest.mark.parametrize("out", ["in", "in/", "./in", "other/../in"])
def test_the_output_must_not_be_the_folder_that_is_read(refused, tmp_path, out):
    facilities(tmp_path / "in")
    (tmp_path / "other").mkdir()
    said = refused(*analyze("in", "nl", out))
    assert "--out must not be the folder that is read" in said
    assert [p.name for p in (tmp_path / "in").iterdir()] == ["facilities.csv"]


@pytest.mark.parametrize("out", ["taken", "taken/deeper"])
def test_a_file_in_the_way_of_the_output_is_told(refused, tmp_path, out):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    said = refused(*analyze(out=out))
    assert "cannot be written to" in said
    assert "--out" in said
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_may_not_be_written_to_is_told(refused, monkeypatch):
    def denied(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "touch", denied)
    said = refused(*analyze(out="closed"))
    assert "cannot be written to (Permission denied)" in said
    assert "--out" in said


def test_a_folder_where_the_file_of_pairs_belongs_is_told(refused, tmp_path):
    said = refused("trace", SMALL, "--pairs", "--level", "ward", "--out", tmp_path)
    assert "--out names the file to write" in said
    assert "pairs.csv" in said


@pytest.mark.parametrize(
    "text", ["nonsense", "2026-02-30", "15/03/2026", "2026-03-15 noon", "2026-03-29T02:30", " ", ""]
)
def test_an_instant_that_is_none_is_told_and_shown_how_to_write(refused, text):
    said = refused(*analyze(), "--as-of", text)
    assert "--as-of: " in said
    assert "YYYY-MM-DD" in said or "offset" in said
    assert len(text) < 4 or text not in said


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01T00:00+14:00"])
def test_an_instant_at_the_end_of_the_calendar_is_told(refused, text):
    assert "--as-of" in refused(*analyze(), "--as-of", text)


@pytest.mark.parametrize("text", ["2026-03-15", "2026-03-15T11:00"])
def test_a_date_or_a_local_time_is_not_enough_when_facilities_have_several_zones(refused, tmp_path, text):
    folder = facilities(tmp_path / "in", b"facility_id,zone\nElm,Europe/Amsterdam\nCedar,America/Vancouver\n")
    (folder / "stays.csv").write_text("patient_id,facility_id,ward,start\nP,Elm,2N,2026-03-02\n", encoding="utf-8")
    said = refused(*analyze(folder), "--as-of", text)
    assert "--as-of" in said
    assert "offset" in said


def test_an_unknown_table_names_those_there_are_and_the_nearest(refused):
    said = refused("tables", "stayz")
    assert "There is no table `stayz`" in said
    assert "facilities, populations, places" in said
    assert "Did you mean `stays`?" in said


def test_a_table_like_none_of_ours_gets_the_list_and_no_guess(refused):
    said = refused("tables", "nonsense")
    assert "Input tables: facilities" in said
    assert "Did you mean" not in said


@pytest.mark.parametrize("action", ["describe", "check"])
def test_a_policy_must_be_named(refused, action):
    said = refused("policy", action)
    assert "Name a policy: " in said
    assert " nl, " in said


def test_a_policy_with_a_fault_is_told_with_file_and_line(refused, tmp_path):
    text = shipped("policies", "nl.yaml").read_text(encoding="utf-8").replace("1 year}", "1 moon}")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    line = 1 + text[: text.index("1 moon}")].count("\n")
    said = refused(*analyze(policy="mine.yaml"))
    assert f"mine.yaml:{line}: " in said
    assert "`2 months`" in said


def test_a_mapping_with_a_fault_is_told_with_file_and_line(refused, tmp_path):
    text = "mapping: 1\nid: m\ntitle: t\ntime_zone: Paris\ntables: {}\n"
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    assert "mine.yaml:4: " in refused(*analyze(), "--mapping", "mine.yaml")


def test_a_mapping_whose_files_are_not_there_lists_what_is(refused, tmp_path):
    said = refused(*analyze(facilities(tmp_path / "in")), "--mapping", "imp4-hospital")
    assert "facilities.csv" in said


def test_a_record_needs_no_mapping(refused, tmp_path, capsys):
    assert main(["demo", "--out", str(tmp_path / "out")]) == 0
    said = refused(*analyze(tmp_path / "out" / "record", "nl", tmp_path / "more"), "--mapping", "imp4-hospital")
    assert "needs no --mapping" in said


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["inform", "sheet"], "ringfence inform sheet carrier --out sheet.html"),
        (["inform", "sheet", "carier", "--out", "s.html"], "carrier"),
        (["inform", "sheet", "carrier", "--out", "s.docx"], ".html or .pdf"),
        (["inform", "sheet", "carrier", "--region", "mars", "--out", "s.html"], "neutral"),
        (["simulate", "--seed", "1", "--days", "0", "--out", "s"], "1 or more"),
        (["simulate", "--seed", "one", "--out", "s"], "--seed"),
        (["trace", SMALL, "--pairs", "--level", "bay", "--out", "p.csv"], "ward"),
        (["trace", SMALL, "--level", "ward", "--out", "p.csv"], "--pairs"),
        (["analyse", SMALL], "analyze"),
        ([], "COMMAND"),
    ],
)
def test_a_command_that_cannot_be_done_says_what_would_be_right(refused, argv, says):
    assert says in refused(*argv)


@pytest.mark.parametrize("workers", ["0", "-1"])
def test_fewer_than_one_process_is_refused(refused, workers):
    said = refused("trace", SMALL, "--pairs", "--level", "ward", "--out", "p.csv", "--workers", workers)
    assert "--workers" in said


def test_serving_a_folder_that_is_no_analysis_is_refused(refused, tmp_path):
    assert str(tmp_path) in refused("serve", tmp_path)


def test_an_extra_that_is_not_installed_is_told_without_a_traceback(refused, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name == "django" or name.startswith(("django.", "ringfence.server"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "ringfence.cli.serving", raising=False)
    monkeypatch.setitem(sys.modules, "django", None)
    out = tmp_path / "out"
    main(["demo", "--out", str(out)])
    assert "ringfence[server]" in refused("serve", out)


def test_nothing_is_written_when_the_policy_is_unknown(refused, tmp_path):
    refused(*analyze(policy="atlantis"))
    assert list(Path(tmp_path).iterdir()) == []
