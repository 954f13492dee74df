"""A site brings its own cut-offs, in its policy or overlay; they come before those that are shipped."""

from datetime import date

import pytest
from builders import isolate, specimen, view, when

from ringfence.assess import identifications, rulebook, sentences
from ringfence.policy import PolicyError, describe, load_policy
from ringfence.record import CaseStatus, MeasuredIn, Result, ResultKind, ResultStatus

OVERLAY = """
overlay: 1
id: us-elm
title: "Draft: the United States with the table of a made-up laboratory"
version: 2026-01-01
base: us
place: {name: Elm (made up)}
from: 2026-01-01
adopted_by: laboratory, Elm (made up)
sources:
  elm: {title: "Laboratory, Elm (made up): its own table", where: this test}
clauses:
  identification:
    - id: elm-ide-cut-offs
      then:
        cut_offs:
          - {antibiotic: meropenem, organisms: [Enterobacterales], for: clinical, mic_above: 3, mic_not_susceptible_above: 1}
      mark: verified
      source: elm
      checked_on: 2026-01-01
"""


@pytest.fixture
def site(tmp_path):
    def load(text=OVERLAY):
        path = tmp_path / "us-elm.yaml"
        path.write_text(text, encoding="utf-8")
        return load_policy(str(path))

    return load


def suspects(policy, mic):
    result = Result(
        result_id="R",
        specimen_id="S",
        isolate_id="I",
        kind=ResultKind.SUSCEPTIBILITY,
        antibiotic="meropenem",
        value=mic,
        unit=MeasuredIn.MG_PER_L,
        status=ResultStatus.FINAL,
        reported=when("2026-03-02 10:00"),
    )
    rows = (specimen("S", "TEST-1", "2026-03-01 10:00", "urine"), isolate("I", "S"), result)
    timeline = view("2026-03-10 12:00", *rows).timeline("TEST-1")
    return identifications(timeline, policy="", rules=rulebook(policy, date(2026, 3, 10)))


def test_a_value_is_read_by_the_table_of_the_site_and_the_reason_names_its_clause(site):
    assert suspects(load_policy("us"), 2) == ()
    (found,) = suspects(site(), 2)
    assert found.status is CaseStatus.SUSPECT
    assert "2 mg/L, above 1 mg/L (elm-ide-cut-offs)" in sentences(found.answer.reasons)


def test_what_its_table_says_to_be_susceptible_is(site):
    assert suspects(site(), 1) == ()


def test_it_is_described_in_words(site):
    assert "meropenem in Enterobacterales: resistant above 3 mg/L" in describe(site())


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("antibiotic: meropenem", "antibiotic: merropenem", "antibiotics.csv"),
        ("mic_above: 3, mic_not_susceptible_above: 1", "mic_not_susceptible_above: 1", "mic_above"),
        ("mic_above: 3, mic_not_susceptible_above: 1", "mic_above: 1, mic_not_susceptible_above: 3", "change places"),
        ("organisms: [Enterobacterales]", "organisms: [Enterobacterale]", "Enterobacterales"),
        ("mic_above: 3", "zone_below: 200", "60"),
        ("mic_above: 3", "mic_above: -1", "0"),
        ("for: clinical", "for: treatment", "screening"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused_with_its_line(site, was, becomes, says):
    with pytest.raises(PolicyError) as refused:
        site(OVERLAY.replace(was, becomes))
    assert "us-elm.yaml:1" in str(refused.value)
    assert says in str(refused.value)
