"""`ringfence bench trace`: what it prints and writes, that all gave the same rows, and what it refuses."""

import json
import subprocess
import sys

import pytest

from ringfence.cli import bench_tracing, main
from ringfence.scale import Alone, Compared

QUESTIONS = {"one_case", "all_cases", "all_pairs", "pressure", "one_day_added"}


def test_ratios_are_told_and_written_and_all_rows_were_equal(tmp_path):
    # In a process of its own, as Polars takes its number of threads once for each.
    out = tmp_path / "bench.json"
    argv = [sys.executable, "-m", "ringfence.cli", "bench", "trace", "--stays", "10000", "--json", str(out)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(out.read_text())
    assert set(told["ratios"]) == QUESTIONS
    assert all(ratio > 0 for ratio in told["ratios"].values())
    assert all(told["equal"].values())
    assert all(told["rows"].values())
    assert set(told["slopes"]) == QUESTIONS - {"one_case"}
    for question in QUESTIONS:
        medians = told["medians_seconds"][question]
        theirs = [took for name, took in medians.items() if name != "Ringfence"]
        assert told["ratios"][question] == pytest.approx(min(theirs) / medians["Ringfence"])
        assert {name.partition(",")[0] for name in medians} == {"Ringfence", "DuckDB", "Polars"}
    assert done.stdout.count("equal from all.") == len(QUESTIONS)
    assert "No absolute time here is a claim" in done.stdout


def alone(stays, seconds):
    return Alone(stays, 0.1, {"all_cases": seconds}, {"all_cases": stays // 10}, 2**30)


def test_growth_is_that_of_a_row_and_other_rows_give_status_1(capsys, monkeypatch):
    found = Compared("all_cases", 0.5, {"DuckDB, 1 d": 2.0, "Polars, 1 d": 1.5}, 7, False, {"DuckDB, 1 d": 3.0})
    taken = {20_000: 1.0, 80_000: 5.0}
    monkeypatch.setattr(bench_tracing, "compare_with_peers", lambda stays, threads, seed: iter([found]))
    monkeypatch.setattr(bench_tracing, "alone", lambda sizes, threads, seed: [alone(n, taken[n]) for n in sizes])
    assert main(["bench", "trace", "--stays", "80000", "20000"]) == 1
    said = capsys.readouterr().out
    assert "about 20,000 stays" in said
    assert "3.0 times as fast as Polars, 1 d (bar: 2)" in said
    assert "7 rows, AND A PEER GAVE OTHER ROWS." in said
    assert "From 20,000 to 80,000 stays" in said
    assert "all cases, by ward and room: 1.25" in said
    assert "at most 1.0 GiB" in said


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--stays", "10"], "give 10,000 or more"),
        (["--stays", "many"], "--stays"),
        (["--workers", "0"], "--workers: give 1 or more"),
        (["--json", "/no/such/folder/bench.json"], "there is no folder /no/such/folder"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_anything_is(capsys, argv, says):
    try:
        status = main(["bench", "trace", *argv])
    except SystemExit as stop:  # argparse
        status = stop.code
    assert status == 2
    assert says in capsys.readouterr().err


def test_a_peer_that_is_not_here_is_named_with_what_brings_it(capsys, monkeypatch):
    monkeypatch.setattr(bench_tracing, "find_spec", lambda name: None if name == "polars" else name)
    assert main(["bench", "trace"]) == 2
    said = capsys.readouterr().err
    assert "polars" in said
    assert "duckdb" not in said.lower().replace("duckdb and polars", "")
    assert "pip install 'ringfence[bench]'" in said
