"""Files larger than what they are read in: memory does not grow with the width or the number of rows."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

ROWS, WIDE = 30_000, 20_000
"""600 MB, of which most stands in a column that nothing is made of."""
HELD_MIB = 420
"""What the libraries take by themselves is more than half of it."""


@pytest.fixture
def folder(tmp_path):
    given = tmp_path / "given"
    given.mkdir()
    (given / "facilities.csv").write_text("facility_id,zone\nElm,Europe/Amsterdam\n")
    remark = "x" * WIDE
    with (given / "stays.csv").open("w") as file:
        file.write("patient_id,facility_id,ward,start,end,remark\n")
        for n in range(ROWS):
            file.write(
                f"TEST-{n},Elm,2N,2026-03-{1 + n % 28:02d}T{n % 20:02d}:00,2026-03-{1 + n % 28:02d}T23:00,{remark}\n"
            )
    return given


def held(process: subprocess.Popen) -> int:
    """Return how many MiB a process holds that are not mapped from a file."""
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith("RssAnon")), 0)


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="the system does not say what a process holds")
def test_a_file_of_600_megabytes_is_read_in_little_memory_with_progress_and_leaves_nothing_beside(folder, tmp_path):
    record = tmp_path / "record"
    command = [sys.executable, "-m", "ringfence.cli", "record", "add", str(folder), "--to", str(record)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        most = 0
        while process.poll() is None:
            most = max(most, held(process))
            time.sleep(0.05)
        out, errors = process.communicate()
    assert process.returncode == 0, errors
    assert f"Added {ROWS + 1:,} facts" in out
    assert "Reading stays.csv" in errors
    assert 0 < most < HELD_MIB
    assert {path.name for path in tmp_path.iterdir()} == {"given", "record"}


def test_small_folders_are_read_without_a_word(tmp_path, capfd):
    from ringfence.cli import main
    from ringfence.vocabulary import shipped

    assert main(["record", "add", str(shipped("examples", "small-hospital")), "--to", str(tmp_path / "record")]) == 0
    assert "Reading" not in capfd.readouterr().err
