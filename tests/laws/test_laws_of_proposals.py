"""A law of proposed mappings: whatever the files hold, what is proposed can be read, and decides nothing by chance."""

import csv
import io
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import event, given, settings
from hypothesis import strategies as st

from ringfence.feeds import CHOOSE, IntakeError, MappingError, load_mapping, mapping_text, propose, read_folder
from ringfence.vocabulary import read_codelist

NAMES = [name for row in read_codelist("columns") for name in row["names"].split("|")]
WORDS = [word for row in read_codelist("words") for word in row["words"].split("|")]
HEADERS = st.one_of(
    st.sampled_from(NAMES), st.sampled_from(["MEM_NM", "IPM_ND10", "KPC", "NDM", "ISOL_NUM"]), st.text(max_size=8)
)
CELLS = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(["E. coli", "KPC", "OXA-48", "TEST-1", "TEST-2", "<=0.25", "R", "201-A", "", "NA"]),
    st.dates().map(lambda day: day.strftime("%d/%m/%Y")),
    st.datetimes().map(lambda moment: moment.isoformat(sep=" ")[:16]),
    st.integers(0, 40).map(str),
    st.text(max_size=6),
)


DAYS = st.dates().map(lambda day: day.isoformat())
PEOPLE = st.sampled_from(["TEST-1", "TEST-2", "TEST-3"])
CORES = {
    (): (),
    ("lab no", "patient", "collected", "organism"): (
        st.integers(1, 5).map(str),
        PEOPLE,
        DAYS,
        st.sampled_from(["E. coli", "kpn", "xxx", "sau"]),
    ),
    ("patient", "ward", "start", "end"): (PEOPLE, st.sampled_from(["2N", "3W"]), DAYS, DAYS),
}
"""Columns that make a file one that is recognized, and what stands in them."""


@st.composite
def files(draw):
    found = {}
    for number in range(draw(st.integers(1, 2))):
        more = draw(st.lists(HEADERS, min_size=1, max_size=6))
        core = draw(st.sampled_from(list(CORES)))
        header = [*core, *more]
        drawn = st.tuples(*CORES[core], *(CELLS for _ in more))
        rows = [list(row) for row in draw(st.lists(drawn, min_size=1, max_size=6))]
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header, *rows])
        found[f"file{number}.csv"] = text.getvalue()
    return found


@given(files())
@settings(max_examples=150, deadline=None)
def test_what_is_proposed_for_any_files_loads_or_says_what_is_to_choose(some):
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "in"
        folder.mkdir()
        for name, text in some.items():
            (folder / name).write_text(text, encoding="utf-8")
        try:
            proposal = propose(folder)
        except IntakeError:
            return
        if not proposal.in_force:
            return
        text = mapping_text(proposal, facility="Elm", zone="Europe/Amsterdam")
        path = Path(scratch) / "proposed.yaml"
        path.write_text(text, encoding="utf-8")
        if CHOOSE in text:
            with suppress(MappingError):
                load_mapping(str(path))
            return
        mapping = load_mapping(str(path))
        # What is in force reads the files without an error of ours: each row is a fact or a problem.
        with suppress(IntakeError):
            intake = read_folder(folder, mapping)
            event(f"tables: {len({fact.table for fact in intake.facts})}")
            told = {problem.problem + problem.remedy for problem in intake.problems}
            assert not any("TEST-" in one for one in told)
