"""Laws of reading a folder: what is said of rows together is what looking at one after the other says, in any memory."""

import csv
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from hypothesis import event, given, settings
from hypothesis import strategies as st
from oracles.plain_linking import plainly_linked, plainly_out_of_sequence

from ringfence.feeds import Effect, IntakeError, counted, folder, gathering, load_mapping, read_folder
from ringfence.record import columns_of, latest_moment

NUMBERS = st.sampled_from(["1", "2", "3"])
SITES = st.sampled_from(["Elm", "Elm", "Oak", "Ash"])
MOMENTS = st.sampled_from(["2026-03-01", "2026-03-02", "2026-03-02T08:00", "2026-03-02T20:00", "2026-03-03T07:00"])
SOMETIMES = st.one_of(st.just(""), MOMENTS)
RECORDED = st.sampled_from(["", "", "2026-03-04T10:00"])
TABLES = {
    "facilities": {"facility_id": st.sampled_from(["Elm", "Oak"]), "zone": st.just("Europe/Amsterdam")},
    "places": {"place_id": NUMBERS, "facility_id": SITES, "ward": st.just("2N"), "recorded": RECORDED},
    "encounters": {
        "encounter_id": NUMBERS, "patient_id": NUMBERS, "facility_id": SITES, "kind": st.just("inpatient"),
        "start": MOMENTS, "end": st.sampled_from(["", "2026-03-05"]), "recorded": RECORDED,
    },
    "specimens": {
        "specimen_id": NUMBERS, "patient_id": NUMBERS, "facility_id": SITES, "place_id": st.sampled_from(["", "1", "9"]),
        "kind": st.just("rectal_swab"), "purpose": st.just("screening"), "collected": MOMENTS, "recorded": RECORDED,
    },
    "isolates": {"isolate_id": NUMBERS, "specimen_id": NUMBERS, "organism": st.sampled_from(["eco", "kpn"])},
    "results": {
        "result_id": NUMBERS, "specimen_id": NUMBERS, "isolate_id": st.sampled_from(["", "1", "2"]),
        "kind": st.just("gene"), "analyte": st.just("NDM"), "found": st.sampled_from(["detected", "not_detected"]),
        "status": st.sampled_from(["preliminary", "final", "corrected"]), "reported": SOMETIMES, "recorded": RECORDED,
    },
}  # fmt: skip


@st.composite
def folders(draw):
    found = {}
    for name, columns in TABLES.items():
        if name == "facilities" or draw(st.booleans()):
            row = st.fixed_dictionaries(columns)
            found[name] = draw(st.lists(row, min_size=1, max_size=3 if name == "facilities" else 8))
    return found


def written(tables, scratch):
    for name, rows in tables.items():
        with (scratch / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return scratch


def every_fact(scratch):
    """Return the facts of each row, before rows are looked at together."""
    reader = folder._Reader(load_mapping(None), sorted(scratch.iterdir()), {}, lambda *_: None)
    entries = sorted(reader.entries, key=lambda e: e[0].name != "facilities")
    return [fact for table, entry, part in entries for fact in reader.read(table, entry, part)], reader


def told(problems):
    return Counter((p.file, p.line, p.column, p.effect) for p in problems)


@given(folders())
@settings(max_examples=150, deadline=None)
def test_rows_together_are_judged_as_one_after_the_other(tables):
    with tempfile.TemporaryDirectory() as name:
        scratch = written(tables, Path(name))
        facts, reader = every_fact(scratch)
        kept, problems = plainly_linked(facts, lambda _: set())
        try:
            intake = read_folder(scratch, load_mapping(None))
        except IntakeError:
            assert not any(fact.table == "facilities" for fact in kept)
            return
        problems += plainly_out_of_sequence(kept, reader.zone_of)
        assert told(intake.problems) == Counter(problems) + told(reader.told)
        assert Counter(fact.source for fact in intake.facts) == Counter(fact.source for fact in kept)
        assert intake.sent == latest_moment(without_recorded(kept))
        event(f"effects: {', '.join(sorted({p.effect for p in intake.problems}))}")


def without_recorded(kept):
    return columns_of(replace(fact, recorded=None) for fact in kept)


@given(folders(), st.integers(1, 4))
@settings(max_examples=100, deadline=None)
def test_facts_that_are_put_into_files_are_those_held_in_memory(tables, at_once):
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as beside:
        scratch = written(tables, Path(name))
        try:
            whole = read_folder(scratch, load_mapping(None))
        except IntakeError:
            return
        before = gathering.AT_ONCE, gathering.HELD_AT_MOST
        gathering.AT_ONCE, gathering.HELD_AT_MOST = at_once, 0
        try:
            mapped = read_folder(scratch, load_mapping(None), beside=Path(beside))
        finally:
            gathering.AT_ONCE, gathering.HELD_AT_MOST = before
        assert mapped.facts == whole.facts
        assert [fact.digest for fact in mapped.facts] == [fact.digest for fact in whole.facts]
        assert mapped.problems == whole.problems
        assert list(Path(beside).iterdir()) == []
        digests = [d for packed in mapped.columns.values() for d in packed["_digest"].to_pylist()]
        assert digests == [fact.digest for fact in mapped.facts]


def test_of_many_problems_of_a_kind_the_first_are_told_one_by_one_and_the_rest_counted(tmp_path):
    rows = "".join(f"TEST-{n},Elm,2N,2026-13-01\n" for n in range(3000))
    (tmp_path / "facilities.csv").write_text("facility_id,zone\nElm,Europe/Amsterdam\n")
    (tmp_path / "stays.csv").write_text(f"patient_id,facility_id,ward,start\n{rows}")
    intake = read_folder(tmp_path, load_mapping(None))
    assert counted(intake.problems) == (3000, 0)
    (more,) = [one for one in intake.problems if one.rows]
    assert (more.line, more.rows, more.effect) == (3001, 2000, Effect.REFUSED)
    assert len(intake.problems) == 1001
