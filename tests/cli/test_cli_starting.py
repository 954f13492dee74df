"""Starting is light: help loads nothing heavy, and the lists and checks say what they found."""

import re
import subprocess
import sys

import pytest

from ringfence.cli import main
from ringfence.vocabulary import shipped

HEAVY = ["numba", "django", "pyarrow", "pydantic", "jinja2", "pyspark", "pandas", "weasyprint", "yaml", "numpy"]


def started(*argv):
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "ringfence.cli", *argv],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("argv", [("--help",), ("--version",), ("analyze", "--help"), ("policy", "--help")])
def test_help_loads_nothing_heavy(argv):
    done = started(*argv)
    assert done.returncode == 0
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert "ringfence" in loaded
    assert loaded & set(HEAVY) == set()


def test_help_shows_how_to_start(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    said = capsys.readouterr().out
    assert "ringfence demo" in said
    assert all(command in said for command in ("analyze", "trace", "tables", "policy", "inform", "simulate", "serve"))


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert re.fullmatch(r"ringfence \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)


def test_the_policies_are_listed_with_their_weakest_mark(capsys):
    assert main(["policy", "list"]) == 0
    assert re.search(r"^nl\s+Netherlands.*Weakest mark: not specified\.$", capsys.readouterr().out, re.MULTILINE)


def test_checking_the_dutch_policy_counts_clauses_holes_and_cases(capsys):
    assert main(["policy", "check", "nl"]) == 0
    out = capsys.readouterr().out
    assert "nl: 25 clauses, 2 holes." in out
    assert "exactly 2 months" in out
    assert "exactly 24 hours" in out
    found = re.search(r"(\d+) of (\d+) cases give the right answer", out)
    assert found
    assert found[1] == found[2]


def test_checking_a_policy_whose_case_is_wrong_names_the_case_and_returns_1(capsys, tmp_path):
    cases = shipped("policies", "nl.cases.yaml").read_text(encoding="utf-8")
    (tmp_path / "p.yaml").write_bytes(shipped("policies", "nl.yaml").read_bytes())
    wrong = cases.replace(
        "expect: {at_risk: YES, decided_by: [nl-adm-5], screen_for: ESBL and CPE}", "expect: {at_risk: NO}"
    )
    assert wrong != cases
    (tmp_path / "p.cases.yaml").write_text(wrong, encoding="utf-8")
    assert main(["policy", "check", str(tmp_path / "p.yaml")]) == 1
    out = capsys.readouterr().out
    assert "Case `1h, refugee reception until three weeks ago`: at_risk is YES; right is NO." in out


def test_describing_a_policy_names_every_clause(capsys):
    assert main(["policy", "describe", "nl"]) == 0
    out = capsys.readouterr().out
    assert all(f"nl-{clause}" in out for clause in ("adm-1", "adm-5", "pre-1", "pre-3", "con-1"))


def test_an_analysis_says_as_of_when_and_where_its_report_is(capsys, tmp_path):
    folder, out = str(shipped("examples", "small-hospital")), tmp_path / "out"
    argv = ["analyze", folder, "--policy", "nl", "--out", str(out), "--as-of", "2026-03-15T11:00"]
    assert main(argv) == 0
    said = capsys.readouterr().out
    assert said.startswith("As of 2026-03-15 11:00.\n")
    assert f"Report: {out / 'report.html'}" in said
    assert (out / "report.html").is_file()
    assert (out / "problems.csv").is_file()


def test_a_date_means_its_end(capsys, tmp_path):
    folder = str(shipped("examples", "small-hospital"))
    assert main(["analyze", folder, "--policy", "nl", "--out", str(tmp_path), "--as-of", "2026-03-15"]) == 0
    assert capsys.readouterr().out.startswith("As of 2026-03-15 23:59.\n")


def test_the_record_an_analysis_made_can_be_analyzed_again_with_the_same_findings(capsys, tmp_path):
    folder, one, two = str(shipped("examples", "small-hospital")), tmp_path / "one", tmp_path / "two"
    assert main(["analyze", folder, "--policy", "nl", "--out", str(one)]) == 0
    assert main(["analyze", str(one / "record"), "--policy", "nl", "--out", str(two)]) == 0
    capsys.readouterr()
    findings = [path.name for path in one.glob("*.csv") if path.name != "problems.csv"]
    assert findings
    for name in findings:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
