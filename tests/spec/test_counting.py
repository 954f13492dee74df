"""Which cases count, and how often, as a policy says."""

import pytest
from builders import admission, gene, isolate, specimen, view, when

from ringfence.assess import Rules, carriages_of, counted, identifications
from ringfence.policy import Identification, IdentificationClause
from ringfence.record import (
    EncounterKind,
    Found,
    HistoryBasis,
    PatientId,
    ReportedHistory,
    ResultKind,
    ResultStatus,
    Verdict,
)

NOW = "2026-12-31 12:00"


def says(mark="verified", **then):
    """Return rules of one identification clause for each key."""
    clauses = [
        IdentificationClause.model_validate(
            {
                "id": "x-" + key.replace("_", "-"),
                "then": {key: value},
                "mark": mark,
                "source": "S",
                "checked_on": "2026-11-23",
            }
        )
        for key, value in then.items()
    ]
    return Rules.of(Identification.of(clauses))


ONCE = {"organisms": ("Enterobacterales",), "counting_unit": "patient_and_family", "period": "ever"}


def positive(name, collected, organism="klebsiella-pneumoniae", enzyme="KPC", **more):
    return [
        specimen(f"S{name}", "TEST-1", collected),
        isolate(f"I{name}", f"S{name}", organism),
        gene(f"R{name}", f"S{name}", enzyme, isolate_id=f"I{name}", **more),
    ]


def count(rules, *rows, family="KPC"):
    timeline = view(NOW, *rows).timeline("TEST-1")
    identified = identifications(timeline, policy="test", rules=lambda _: rules)
    cases = carriages_of(timeline, identified, policy="test", rules=lambda _: rules)
    case = next(c for c in cases if c.family == family)
    found = counted(case, identified, timeline, rules=rules)
    return found.verdict, [day.isoformat() for day in found.on]


def test_a_case_counts_once_for_ever_where_the_policy_says_so():
    rows = [*positive(1, "2025-01-10 10:00"), *positive(2, "2026-03-10 10:00")]
    assert count(says(**ONCE), *rows) == (Verdict.YES, ["2025-01-10"])


def test_it_counts_again_after_twelve_months_and_on_the_day_itself():
    rules = says(**ONCE | {"period": "12 months"})
    first = positive(1, "2025-01-10 10:00")
    assert count(rules, *first, *positive(2, "2026-01-09 10:00")) == (Verdict.YES, ["2025-01-10"])
    assert count(rules, *first, *positive(2, "2026-01-10 10:00")) == (Verdict.YES, ["2025-01-10", "2026-01-10"])


def test_it_counts_again_in_the_next_surveillance_year():
    rules = says(**ONCE | {"period": "surveillance year"})
    rows = [*positive(1, "2025-12-30 10:00"), *positive(2, "2025-12-31 10:00"), *positive(3, "2026-01-02 10:00")]
    assert count(rules, *rows) == (Verdict.YES, ["2025-12-30", "2026-01-02"])


def test_another_organism_of_the_same_family_counts_where_the_organism_is_part_of_the_unit():
    rows = [*positive(1, "2026-03-10 10:00"), *positive(2, "2026-03-12 10:00", organism="escherichia-coli")]
    assert count(says(**ONCE), *rows) == (Verdict.YES, ["2026-03-10"])
    by_organism = says(**ONCE | {"counting_unit": "patient_and_family_and_organism"})
    assert count(by_organism, *rows) == (Verdict.YES, ["2026-03-10", "2026-03-12"])


def test_each_stay_counts_where_the_stay_is_the_unit():
    rules = says(organisms=("Enterobacterales",), counting_unit="stay")
    rows = [
        admission("TEST-1", "2026-03-01 10:00", "2026-03-20 10:00"),
        admission("TEST-1", "2026-05-01 10:00", "2026-05-20 10:00"),
        *positive(1, "2026-03-10 10:00"),
        *positive(2, "2026-03-12 10:00"),
        *positive(3, "2026-05-02 10:00"),
    ]
    assert count(rules, *rows) == (Verdict.YES, ["2026-03-10", "2026-05-02"])


def test_an_organism_that_the_policy_does_not_count_is_a_no_only_where_the_clause_is_verified():
    row = positive(1, "2026-03-10 10:00", organism="pseudomonas-aeruginosa")
    assert count(says(**ONCE), *row) == (Verdict.NO, [])
    assert count(says(**ONCE, mark="unverified"), *row) == (Verdict.UNKNOWN, [])


def test_a_gene_without_an_organism_is_unknown_where_only_some_organisms_count():
    rules = says(**ONCE, gene_without_organism="confirmed")
    assert count(rules, specimen("S", "TEST-1", "2026-03-10 10:00"), gene("R", "S", "KPC")) == (Verdict.UNKNOWN, [])


@pytest.mark.parametrize(("word", "verdict"), [("counts", Verdict.YES), ("excluded", Verdict.NO)])
def test_a_chromosomal_family_counts_or_not_by_the_switch(word, verdict):
    rules = says(**ONCE, chromosomal={"SME": word})
    shown = gene("A", "S1", None, kind=ResultKind.ACTIVITY, found=Found.DETECTED, method="mcim", isolate_id="I1")
    row = positive(1, "2026-03-10 10:00", organism="serratia-marcescens", enzyme="SME")
    assert count(rules, *row, shown, family="SME")[0] is verdict


def test_what_the_policy_leaves_open_is_unknown():
    row = positive(1, "2026-03-10 10:00")
    assert count(Rules(), *row) == (Verdict.UNKNOWN, [])
    assert count(says(organisms=("Enterobacterales",), counting_unit="patient_and_family"), *row)[0] is Verdict.UNKNOWN


def test_what_is_not_confirmed_does_not_count():
    row = positive(1, "2026-03-10 10:00", status=ResultStatus.PRELIMINARY)
    assert count(says(**ONCE), *row) == (Verdict.NO, [])


def test_what_was_reported_from_elsewhere_before_is_for_a_person_to_decide():
    told = ReportedHistory(
        history_id="H",
        patient_id=PatientId("TEST-1"),
        basis=HistoryBasis.PAPER,
        told_by="infection prevention, Oak",
        reported=when("2026-02-01"),
    )
    assert count(says(**ONCE), told, *positive(1, "2026-03-10 10:00")) == (Verdict.DECIDE, [])


def test_what_does_not_count_gives_no_day_to_what_does():
    yearly = says(**ONCE | {"period": "surveillance year"})
    other = positive(1, "2025-12-20 10:00", organism="pseudomonas-aeruginosa")
    assert count(says(**ONCE), *other, *positive(2, "2026-01-05 10:00")) == (Verdict.YES, ["2026-01-05"])
    assert count(yearly, *other, *positive(2, "2026-01-05 10:00")) == (Verdict.YES, ["2026-01-05"])
    not_final = positive(1, "2025-12-20 10:00", status=ResultStatus.PRELIMINARY)
    assert count(yearly, *not_final, *positive(2, "2026-01-05 10:00")) == (Verdict.YES, ["2026-01-05"])


def test_a_gene_in_a_swab_and_the_organism_grown_from_it_are_one():
    rows = [
        *positive("1", "2026-03-10 10:00"),
        gene("R-direct", "S1", "KPC"),
    ]
    by_organism = says(**ONCE | {"counting_unit": "patient_and_family_and_organism"})
    assert count(by_organism, *rows) == (Verdict.YES, ["2026-03-10"])


def test_a_swab_dated_by_day_on_the_day_of_admission_is_of_that_stay():
    rules = says(organisms=("Enterobacterales",), counting_unit="stay")
    visit = admission("TEST-1", "2026-02-01 14:00", "2026-02-20 10:00")
    rows = [visit, *positive(1, "2026-02-01"), *positive(2, "2026-02-05 10:00")]
    assert count(rules, *rows) == (Verdict.YES, ["2026-02-01"])


def test_a_series_of_sessions_is_no_stay_and_joins_none():
    rules = says(organisms=("Enterobacterales",), counting_unit="stay")
    series = admission("TEST-1", "2025-01-01 10:00", kind=EncounterKind.DIALYSIS, recurring=True)
    stays = [
        admission("TEST-1", "2026-02-01 10:00", "2026-02-20 10:00"),
        admission("TEST-1", "2026-06-01 10:00", "2026-06-20 10:00"),
    ]
    rows = [series, *stays, *positive(1, "2026-02-05 10:00"), *positive(2, "2026-06-05 10:00")]
    assert count(rules, *rows) == (Verdict.YES, ["2026-02-05", "2026-06-05"])
