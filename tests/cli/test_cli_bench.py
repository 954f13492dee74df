"""`ringfence bench record`: what it prints, what it refuses, and that it leaves nothing behind."""

import re
import tempfile
from dataclasses import replace

import pytest

from ringfence.cli import benching, main
from ringfence.scale import Assessed, Measured
from ringfence.scale.assessing import Batch


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_two_sizes_are_measured_and_compared_in_words(capsys, scratch):
    assert main(["bench", "record", "--patients", "800", "400", "--seed", "3"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"400 patients of 30 facts.*800 patients of 30 facts", said, re.DOTALL)
    assert "  400 patients were assessed. Cases: " in said
    assert re.search(r"takes \d+\.\d\d ms of one core", said)
    assert re.search(r"\d+\.\d times what Arrow alone takes", said)
    assert re.search(r"From 400 to 800 patients the time grew \d+\.\d\d times", said)
    assert "No absolute time here is a claim" in said
    assert list(scratch.iterdir()) == []


def measured(patients, assessed):
    return Measured(patients, Assessed(assessed, {}, (Batch(assessed, 0.2),), 0.1), 0.1)


def test_a_patient_who_was_left_out_is_told_and_the_status_is_1(capsys, monkeypatch):
    monkeypatch.setattr(benching, "grow", lambda *_: None)
    monkeypatch.setattr(benching, "measure", lambda _, patients, workers: measured(patients, patients - 1))
    assert main(["bench", "record", "--patients", "400"]) == 1
    assert "399 patients were assessed. THIS IS WRONG: 400 were made." in capsys.readouterr().out


def test_figures_are_the_median_over_batches_and_the_ratios_of_all_the_time():
    one = measured(100, 100)
    batches = (Batch(10, 0.01), Batch(20, 0.04), Batch(70, 0.35))  # 1, 2 and 5 ms a patient
    one = replace(one, assessed=replace(one.assessed, batches=batches), arrow_seconds=0.25)
    assert one.milliseconds == pytest.approx(2)
    assert one.view_milliseconds == pytest.approx(1)
    assert one.ratio == pytest.approx(2)


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--patients", "401"], "lots of 400"),
        (["--patients", "0"], "lots of 400"),
        (["--patients", "400", "-400"], "lots of 400"),
        (["--patients", "many"], "--patients"),
        (["--workers", "0"], "--workers: give 1 or more"),
        (["--patients", "4000000000000"], "Give fewer --patients"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_sentence(capsys, argv, says):
    try:
        status = main(["bench", "record", *argv])
    except SystemExit as stop:  # argparse
        status = stop.code
    assert status == 2
    assert says in capsys.readouterr().err


def test_something_else_than_the_record_cannot_be_measured(capsys):
    with pytest.raises(SystemExit):
        main(["bench", "everything"])
    assert "record" in capsys.readouterr().err
