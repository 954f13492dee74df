"""Tables declared once: everything that follows from the declaration."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.record import TABLES, BadValue, Reading, Sensitivity, TableKind, column, table
from ringfence.record.declare import DeclarationError

FACTS = [t for t in TABLES.values() if t.kind is TableKind.FACT]
FILES = [t for t in TABLES.values() if t.kind is not TableKind.VIEW]


@pytest.mark.parametrize("declared", TABLES.values(), ids=lambda t: t.name)
def test_every_table_and_column_says_what_it_means(declared):
    assert len(declared.about) > 20
    assert declared.one_row
    for one in declared.columns:
        assert one.meaning.endswith("."), one.name
        assert one.empty or not one.optional, one.name


@pytest.mark.parametrize("declared", FILES, ids=lambda t: t.name)
def test_every_column_of_a_file_has_an_example_or_may_be_empty(declared):
    assert [c.name for c in declared.columns if c.required and not c.example] == []


@pytest.mark.parametrize("declared", FACTS, ids=lambda t: t.name)
def test_the_example_row_reads(declared):
    reading = Reading(ZoneInfo("Europe/Amsterdam"))
    for one in declared.columns:
        if one.example:
            assert one.kind.read(one.example, reading) is not None


@pytest.mark.parametrize("declared", TABLES.values(), ids=lambda t: t.name)
def test_a_column_that_names_somebody_or_something_of_theirs_is_marked_so(declared):
    for one in declared.columns:
        names = one.name.startswith(
            ("patient", "index_patient", "contact_patient", "encounter", "specimen_id", "case_id")
        )
        if names or one.name in (
            "stay_id",
            "result_id",
            "isolate_id",
            "order_id",
            "answer_id",
            "measure_id",
            "isolate_a",
            "isolate_b",
        ):
            assert one.sensitivity is Sensitivity.IDENTIFIER, f"{declared.name}.{one.name}"


PERSONAL_WORDS = ("died", "start", "end", "found", "answer", "collected", "status", "hours_min", "where_now", "outcome")


@pytest.mark.parametrize("declared", TABLES.values(), ids=lambda t: t.name)
def test_a_column_that_tells_something_of_a_person_is_not_open(declared):
    about_a_person = any(c.name.endswith("patient_id") or c.name == "specimen_id" for c in declared.columns)
    for one in declared.columns:
        if about_a_person and one.name in PERSONAL_WORDS:
            assert one.sensitivity is not Sensitivity.OPEN, f"{declared.name}.{one.name}"


DATES = st.dates(date(1900, 1, 2), date(2199, 12, 30))
TIMES = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(ZoneInfo("UTC")))


def values(kind):
    reading = Reading(ZoneInfo("UTC"))
    texts = {
        "Text": st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip),
        "Count": st.integers(0, 10**12).map(str),
        "Hours": st.floats(0, 10**6).map(lambda f: f"{f:.2f}"),
        "YesNo": st.sampled_from(["yes", "no"]),
        "Zone": st.sampled_from(["Europe/Amsterdam", "America/Vancouver", "UTC"]),
        "Day": DATES.map(str),
        "Moment": DATES.map(str) | TIMES.map(lambda d: d.isoformat()),
        "InstantInTime": TIMES.map(lambda d: d.isoformat()),
        "OrganismName": st.sampled_from(["kpn", "Escherichia coli", "P. aeruginosa"]),
        "EnzymeName": st.sampled_from(["KPC", "blaNDM-5", "OXA-181", "OXA-48-like"]),
        "SpecimenName": st.sampled_from(["rectal_swab", "blood", "urine"]),
    }
    if type(kind).__name__ == "Choice":
        return st.sampled_from(list(kind.choices))
    return texts[type(kind).__name__].map(lambda text: kind.read(text, reading))


@pytest.mark.parametrize("declared", TABLES.values(), ids=lambda t: t.name)
@given(st.data())
def test_rows_survive_arrow_and_text(declared, data):
    row = declared.row(
        **{c.name: data.draw(st.none() | values(c.kind) if c.optional else values(c.kind)) for c in declared.columns}
    )
    assert list(declared.unpack(declared.pack([row, row]))) == [row, row]
    texts = declared.texts(row)
    for one in declared.columns:
        if texts[one.name] and type(one.kind).__name__ != "Hours":
            assert one.kind.read(texts[one.name], Reading(ZoneInfo("UTC"))) == getattr(row, one.name)


def test_an_optional_column_must_say_what_empty_means():
    with pytest.raises(DeclarationError, match="say what an empty cell means"):

        @table("wrong", kind=TableKind.VIEW, one_row="x", key=())
        class Wrong:
            """A table of a test."""

            lacking: str | None = column("No word about empty.", default=None)


def test_a_column_of_no_known_kind_is_refused():
    with pytest.raises(DeclarationError, match="no kind of column"):

        @table("wrong", kind=TableKind.VIEW, one_row="x", key=("odd",))
        class Wrong:
            """A table of a test."""

            odd: bytes = column("A type we do not keep.")


@pytest.mark.parametrize("declared", FACTS, ids=lambda t: t.name)
def test_a_value_that_cannot_be_read_never_repeats_itself(declared):
    for one in declared.columns:
        if type(one.kind).__name__ != "Text":
            with pytest.raises(BadValue) as bad:
                one.kind.read("CANARY 7", Reading(ZoneInfo("UTC")))
            assert "CANARY" not in str(bad.value), f"{declared.name}.{one.name}"
