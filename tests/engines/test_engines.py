"""The same rows on every engine."""

import shutil
import subprocess
import sys
from datetime import date
from functools import partial

import pytest
from builders import at, facility, gene, specimen, stay, view

from ringfence.feeds import write_folder
from ringfence.record import TABLES, Level, Place, PlaceLevel, Stay, presences
from ringfence.scale import SparkUnavailable, on_spark, over_processes
from ringfence.trace import (
    ALWAYS,
    MET,
    NEVER,
    Index,
    Source,
    contact_batches,
    met_batches,
    pair_batches,
    pressure_batches,
    put_together,
)


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
    for workers in (1, 2):
        assert rows(over_processes(index, pair_batches, TABLES["pairs"].schema, workers=workers)) == expected
    assert rows(pair_batches(index, workers=3)) == expected


@pytest.mark.parametrize("workers", [1, 2])
def test_carriers_around_each_patient_are_the_same_facility_by_facility(workers):
    seen = view("2026-03-31 12:00", *three_hospitals())
    index = Index.of(presences(seen, Level.WARD), Level.WARD, seen.at)
    ask = partial(pressure_batches, carriers={"P3": (date(2026, 3, 4), None), "P-Oak-2": (date(2026, 3, 1), None)})
    expected = rows(ask(index))
    assert {row["facility"] for row in expected if row["carriers"]} == {"Elm", "Ash", "Oak"}
    assert rows(over_processes(index, ask, TABLES["pressure"].schema, workers=workers)) == expected


def two_who_met_in_two_hospitals():
    """A and B are together in Elm for 20 hours, and from the same minute on in Ash for 30; C with A in Ash for 5.

    D comes to Elm six hours after A has left, and to Ash a day after.
    """
    stays = [
        ("A", "Elm", "2026-03-02 10:00", "2026-03-03 06:00"),
        ("B", "Elm", "2026-03-01 10:00", "2026-03-03 06:00"),
        ("A", "Ash", "2026-03-02 10:00", "2026-03-03 16:00"),
        ("B", "Ash", "2026-03-02 10:00", "2026-03-03 16:00"),
        ("C", "Ash", "2026-03-03 11:00", "2026-03-09 09:00"),
        ("D", "Elm", "2026-03-03 12:00", "2026-03-04 09:00"),
        ("D", "Ash", "2026-03-04 16:00", "2026-03-05 09:00"),
    ]
    return [
        facility(),
        facility("America/Toronto", "Ash"),
        *(
            stay(who, "2N", start, end, room="1", bed="X", facility_id=site, stay_id=f"{who}{site}")
            for who, site, start, end in stays
        ),
    ]


def test_two_who_met_in_two_facilities_are_one_contact_with_the_hours_of_both():
    seen = view("2026-03-31 12:00", *two_who_met_in_two_hospitals())
    index = Index.of(presences(seen, Level.ROOM), Level.ROOM, seen.at)
    met = over_processes(index, partial(met_batches, sources=[Source("case", "A")], after_days=7), MET, workers=2)
    found = rows(put_together(index, [Source("case", "A")], met))
    told = ("contact_patient_id", "sequence", "meetings", "hours_min", "longest_hours", "gap_hours_min", "facility")
    assert [tuple(row[name] for name in told) for row in found] == [
        ("B", "together", 2, 50, 30, None, "Ash"),  # they met in both at one minute: the name that comes first
        ("C", "together", 1, 5, 5, None, "Ash"),
        ("D", "after", 2, 0, 0, 6, "Elm"),
    ]


@pytest.mark.parametrize("hospitals", [three_hospitals, two_who_met_in_two_hospitals])
@pytest.mark.parametrize("level", [Level.BED, Level.ROOM, Level.WARD])
@pytest.mark.parametrize(("least", "cumulative"), [(0, False), (25, False), (45, True)])
def test_contacts_are_the_same_facility_by_facility(hospitals, level, least, cumulative):
    seen = view("2026-03-31 12:00", *hospitals())
    index = Index.of(presences(seen, level), level, seen.at)
    some = [Source(f"case-{p}", p, (NEVER, ALWAYS)) for p in ("P3", "P-Oak-2", "P-Elm-5", "A", "B")]
    expected = rows(contact_batches(index, some, least_hours=least, cumulative=cumulative, after_days=3))
    assert expected
    each, together = (0, least) if cumulative else (least, 0)
    ask = partial(met_batches, sources=some, least_hours=each, after_days=3)
    found = put_together(index, some, over_processes(index, ask, MET, workers=1), least_hours=together)
    assert rows(found) == expected


@pytest.mark.parametrize("asked", [("--pairs",), ("--all", "--min-hours", "20", "--cumulative"), ("--pressure",)])
def test_spark_writes_the_file_that_this_machine_writes_alone(tmp_path, asked):
    pytest.importorskip("pyspark", reason="Spark is not installed: make setup-spark")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless")
    rows = three_hospitals()
    swab = specimen("S1", "P3", "2026-03-05 10:00", facility_id="Elm")
    tables = {"facilities": rows[:3], "stays": [r for r in rows if isinstance(r, Stay)], "specimens": [swab]}
    write_folder({**tables, "results": [gene("R1", "S1", "KPC")]}, tmp_path / "in")
    for engine in ("threads", "spark"):
        # Another process, as Spark leaves a Java machine and open sockets in its own.
        command = [sys.executable, "-m", "ringfence.cli", "trace", str(tmp_path / "in"), *asked, "--level", "ward"]
        run = subprocess.run(
            [*command, "--engine", engine, "--out", str(tmp_path / f"{engine}.csv")], capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
    assert len((tmp_path / "threads.csv").read_text().splitlines()) > 3
    assert (tmp_path / "spark.csv").read_text() == (tmp_path / "threads.csv").read_text()


def test_without_spark_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(SparkUnavailable, match=r"ringfence\[spark\]"):
        list(on_spark(Index.of([], Level.WARD, at("2026-03-31 12:00")), pair_batches, TABLES["pairs"].schema))
