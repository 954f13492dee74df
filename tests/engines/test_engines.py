"""The same rows on every engine."""

import shutil
import subprocess
import sys

import pytest
from builders import at, facility, stay, view

from ringfence.feeds import write_folder
from ringfence.record import Level, Place, PlaceLevel, Stay, presences
from ringfence.scale import SparkUnavailable, pair_batches_on_spark, pair_batches_over_processes
from ringfence.trace import Index, pair_batches


def three_hospitals():
    rows = [facility(), facility("America/Vancouver", "Ash"), facility("Asia/Tokyo", "Oak")]
    for site in ("Elm", "Ash", "Oak"):
        for n in range(8):
            start, end = f"2026-03-{1 + n:02} 10:00", f"2026-03-{4 + 2 * n:02} 09:00"
            # Patient P3 is seen in every hospital, and by dates in one of them.
            patient = "P3" if n == 3 else f"P-{site}-{n}"
            if site == "Oak":
                start, end = start[:10], end[:10]
            rows.append(
                stay(
                    patient,
                    "2N" if n % 2 else "3W",
                    start,
                    end,
                    room=str(n // 4),
                    bed="A",
                    facility_id=site,
                    stay_id=f"{site}{n}",
                )
            )
    beds = [(site, ward, str(room)) for site in ("Elm", "Ash", "Oak") for ward in ("2N", "3W") for room in (0, 1)]
    return rows + [
        Place(facility_id=site, level=PlaceLevel.ROOM, ward=ward, room=room, bathroom=f"{ward}-bath")
        for site, ward, room in beds
    ]


def rows(batches):
    return [row for batch in batches for row in batch.to_pylist()]


@pytest.mark.parametrize("level", list(Level))
def test_processes_give_the_rows_of_the_plain_way(level):
    seen = view("2026-03-31 12:00", *three_hospitals())
    index = Index.of(presences(seen, level), level, seen.at)
    expected = rows(pair_batches(index))
    assert len({p["facility"] for p in expected}) == 3
    assert rows(pair_batches_over_processes(index, workers=2)) == expected
    assert rows(pair_batches_over_processes(index, workers=1)) == expected
    assert rows(pair_batches(index, workers=3)) == expected


@pytest.mark.parametrize("level", ["ward"])
def test_spark_writes_the_file_that_this_machine_writes_alone(tmp_path, level):
    pytest.importorskip("pyspark", reason="Spark is not installed: make setup-spark")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless")
    rows = three_hospitals()
    write_folder({"facilities": rows[:3], "stays": [r for r in rows if isinstance(r, Stay)]}, tmp_path / "in")
    for engine in ("local", "spark"):
        # Another process, as Spark leaves a Java machine and open sockets in its own.
        command = [sys.executable, "-m", "ringfence.cli", "trace", str(tmp_path / "in"), "--pairs", "--level", level]
        run = subprocess.run(
            [*command, "--engine", engine, "--out", str(tmp_path / f"{engine}.csv")], capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
    assert len((tmp_path / "local.csv").read_text().splitlines()) > 10
    assert (tmp_path / "spark.csv").read_text() == (tmp_path / "local.csv").read_text()


def test_without_spark_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(SparkUnavailable, match=r"ringfence\[spark\]"):
        list(pair_batches_on_spark(Index.of([], Level.WARD, at("2026-03-31 12:00"))))
