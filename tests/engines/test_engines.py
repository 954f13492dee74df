"""The same rows on every engine."""

import shutil

import pytest
from builders import facility, stay, view

from ringfence.record import Level, presences
from ringfence.scale import SparkUnavailable, pairs_on_spark, pairs_over_processes
from ringfence.trace import pairs


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
                    facility_id=site,
                    stay_id=f"{site}{n}",
                )
            )
    return rows


@pytest.mark.parametrize("level", list(Level))
def test_processes_give_the_rows_of_the_plain_way(level):
    everyone = presences(view("2026-03-31 12:00", *three_hospitals()), level)
    expected = pairs(everyone, level=level)
    assert len({p.facility for p in expected}) == 3
    assert pairs_over_processes(everyone, level=level, workers=2) == expected
    assert pairs_over_processes(everyone, level=level, workers=1) == expected


def test_spark_gives_the_rows_of_the_plain_way():
    pytest.importorskip("pyspark", reason="Spark is not installed: make setup-spark")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless")
    everyone = presences(view("2026-03-31 12:00", *three_hospitals()), Level.WARD)
    assert pairs_on_spark(everyone, level=Level.WARD) == pairs(everyone, level=Level.WARD)


def test_without_spark_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyspark.sql", None)
    with pytest.raises(SparkUnavailable, match=r"ringfence\[spark\]"):
        pairs_on_spark([], level=Level.WARD)
