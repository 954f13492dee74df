"""Tables declared once: everything that follows from the declaration."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.record import (
    NEEDS,
    TABLES,
    BadValue,
    DeclarationKind,
    Reading,
    Sensitivity,
    TableKind,
    When,
    column,
    table,
)
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


# A person, or a thing of one person: whatever has its number in its name leads to them.
NAMES_SOMEBODY = re.compile(
    r"(^|_)(patient|identity|link|relation|encounter|stay|order|specimen|isolate|result|answer|history|treatment"
    r"|measure|declaration|case|issued)_(id|ids|a|b)$|^(about|undoes)$"
)


def test_the_rule_for_names_knows_a_number_of_a_person_from_one_of_a_place():
    assert all(map(NAMES_SOMEBODY.search, ("patient_a", "contact_patient_id", "case_ids", "isolate_b", "about")))
    assert not any(map(NAMES_SOMEBODY.search, ("facility_id", "place_id", "method_id", "signal_id", "patients")))


@pytest.mark.parametrize("declared", TABLES.values(), ids=lambda t: t.name)
def test_a_column_that_names_somebody_or_something_of_theirs_is_marked_so(declared):
    for one in declared.columns:
        if NAMES_SOMEBODY.search(one.name):
            assert one.sensitivity is Sensitivity.IDENTIFIER, f"{declared.name}.{one.name}"


def test_every_column_of_the_table_of_names_and_numbers_identifies():
    assert {one.sensitivity for one in TABLES["identities"].columns} == {Sensitivity.IDENTIFIER}
    assert "value" in TABLES["identities"].by_name


@pytest.mark.parametrize("declared", TABLES.values(), ids=lambda t: t.name)
def test_every_column_has_a_mark_of_what_it_can_tell(declared):
    assert declared.columns
    assert all(isinstance(one.sensitivity, Sensitivity) for one in declared.columns)


def test_a_column_without_such_a_mark_cannot_be_declared():
    with pytest.raises(TypeError, match="sensitivity"):
        column("A column of a test.")


PERSONAL_WORDS = (
    "died", "start", "end", "found", "answer", "collected", "status", "hours_min", "where_now", "outcome", "received",
    "value", "interpretation", "why", "organism", "carbapenemase", "declared", "issued", "discharged_to",
)  # fmt: skip


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
        "Number": st.decimals(-(10**6), 10**6, places=6, allow_nan=False).map(str),
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

            lacking: str | None = column("No word about empty.", sensitivity=Sensitivity.OPEN, default=None)


def test_a_column_of_no_known_kind_is_refused():
    with pytest.raises(DeclarationError, match="no kind of column"):

        @table("wrong", kind=TableKind.VIEW, one_row="x", key=("odd",))
        class Wrong:
            """A table of a test."""

            odd: bytes = column("A type we do not keep.", sensitivity=Sensitivity.OPEN)


@pytest.mark.parametrize("declared", FACTS, ids=lambda t: t.name)
def test_a_value_that_cannot_be_read_never_repeats_itself(declared):
    for one in declared.columns:
        if type(one.kind).__name__ != "Text":
            with pytest.raises(BadValue) as bad:
                one.kind.read("CANARY 7", Reading(ZoneInfo("UTC")))
            assert "CANARY" not in str(bad.value), f"{declared.name}.{one.name}"


@pytest.mark.parametrize("text", ["2026-03-02T10:15:30.25+01:00", "2026-03-02T09:15:30.250000Z"])
def test_parts_of_a_second_are_kept_from_text_to_arrow_and_back(text):
    stays = TABLES["stays"]
    start = stays.by_name["start"].kind.read(text, Reading())
    assert start == When(at=datetime(2026, 3, 2, 9, 15, 30, 250_000, tzinfo=UTC))
    row = stays.row(stay_id="S", patient_id="TEST-1", facility_id="Elm", ward="2N", start=start)
    assert next(stays.unpack(stays.pack([row]))).start == start


@pytest.mark.parametrize("text", ["8", "-2", "0.25", "0.06", "0.000001", "1024", "999999999.5"])
def test_a_number_comes_back_as_it_was_written(text):
    kind = TABLES["results"].by_name["value"].kind
    assert kind.write(kind.read(text, Reading())) == text


def test_a_number_may_be_written_without_its_nought():
    assert TABLES["results"].by_name["value"].kind.read(".5", Reading()) == 0.5  # as WHONET writes it
    # A comma before one or two digits, or after a zero alone, can be nothing else.
    assert [TABLES["results"].by_name["value"].kind.read(one, Reading()) for one in ("0,25", "2,5", "0,064")] == [
        0.25, 2.5, 0.064,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem", "remedy"),
    [
        ("<=0.25", "a sign before the number", "Write the sign as <= in its own column"),
        ("≥ 32", "a sign before the number", "Write the sign as >= in its own column"),
        ("1,024", "a comma in the number", "Write a point before decimals"),
        (">1,024", "a sign before the number and a comma", "only the number here. Write a point"),
    ],
)
def test_a_number_with_a_sign_or_a_comma_that_may_divide_thousands_is_refused_with_what_to_write_where(
    text, problem, remedy
):
    with pytest.raises(BadValue) as refused:
        TABLES["results"].by_name["value"].kind.read(text, Reading())
    assert problem in refused.value.problem
    assert remedy in refused.value.remedy


@pytest.mark.parametrize("text", ["nan", "inf", "<", "<=canary", "0,25,5", "1e3", "1_000", ".", "5.", "٣"])
def test_what_is_no_plain_number_is_refused_with_an_example(text):
    with pytest.raises(BadValue, match="Write it like 8"):
        TABLES["results"].by_name["value"].kind.read(text, Reading())


@pytest.mark.parametrize("declared", [t for t in FACTS if any(c.derived for c in t.columns)], ids=lambda t: t.name)
def test_a_number_made_from_a_row_says_so_and_is_made_of_what_does_not_move(declared):
    (derived,) = [c for c in declared.columns if c.derived]
    assert "it is made from the row" in derived.meaning
    assert ("without its end" in derived.meaning) == bool(declared.until_known)
    assert derived.name in declared.key


@pytest.mark.parametrize("declared", FACTS, ids=lambda t: t.name)
def test_what_says_when_a_fact_was_known_or_went_on_is_a_moment(declared):
    for name in (*declared.known_from, *declared.until_known, *filter(None, [declared.versions_by])):
        assert type(declared.by_name[name].kind).__name__ == "Moment", f"{declared.name}.{name}"
    assert all(declared.by_name[name].optional for name in declared.until_known)


def test_what_each_declaration_needs_is_said_for_every_kind_with_columns_of_the_table():
    assert set(NEEDS) == set(DeclarationKind)
    for needed in NEEDS.values():
        assert needed
        assert all(TABLES["declarations"].by_name[name].optional for name in needed)
