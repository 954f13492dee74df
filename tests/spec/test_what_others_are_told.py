"""By when a policy asks for the report of a case, and whether linked cases reach what it says of declaring an outbreak."""

import pytest
from builders import SITE, gene, isolate, specimen, stay, view

from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import CaseStatus, ResultStatus, Verdict

NL, FR, GB, BC, ECDC = (load_policy(name) for name in ("nl", "fr", "gb", "ca-bc", "ecdc"))


def klebsiella(patient="TEST-1", collected="2026-03-12 09:00", reported="2026-03-13 15:00", **more):
    return [
        stay(patient, "2N", "2026-03-01 08:00", "2026-03-30 08:00"),
        specimen(f"S-{patient}", patient, collected),
        isolate(f"I-{patient}", f"S-{patient}"),
        gene(f"R-{patient}", f"S-{patient}", "KPC", reported=reported, isolate_id=f"I-{patient}", **more),
    ]


def case(policy, *rows, as_of="2026-03-31 12:00"):
    (only,) = analyze(view(as_of, *rows), policy).cases
    return only


def test_a_working_day_after_a_friday_is_the_monday():
    said = case(NL, *klebsiella()).reported
    assert "by laboratory and physician within 1 working day: by 2026-03-16" in said
    assert "nl-rep-1, verified" in said


def test_the_clock_that_a_clause_does_not_name_is_taken_from_the_first_result_and_says_so():
    assert "as the clause names none" in case(NL, *klebsiella()).reported


def test_without_the_day_of_a_result_no_day_is_made_up():
    said = case(NL, *klebsiella(reported=None)).reported
    assert "the day it counts from is not on record" in said
    assert "by 20" not in said


def test_a_duty_whose_clock_was_not_read_has_no_day():
    assert case(FR, *klebsiella()).reported.startswith("to be reported to e-SIN; by when is not specified")


def test_a_policy_that_says_nothing_of_reports_says_so():
    assert case(ECDC, *klebsiella()).reported == "not specified (ecdc-rep-1)"


def test_a_duty_holds_for_cases_found_since_it_holds():
    """Mandatory in England since 1 October 2020."""
    old = klebsiella(collected="2020-09-30 09:00", reported="2020-10-02 09:00")
    new = klebsiella(collected="2020-10-01 09:00", reported="2020-10-02 09:00")
    assert case(GB, *old).reported == "not specified"
    assert case(GB, *new).reported.startswith("to be reported")


def test_a_preliminary_result_starts_no_clock_as_it_does_not_count_yet():
    only = case(NL, *klebsiella(status=ResultStatus.PRELIMINARY))
    assert (only.status, only.counts, only.reported) == (CaseStatus.PROBABLE, Verdict.NO, None)


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (NL, "2 cases linked in time and place. These cases reach it. (nl-out-1, secondary)"),
        (FR, "These cases reach it."),
        (BC, "Whether these cases reach it is for a professional to say."),
        (GB, "Whether these cases reach it is for a professional to say."),
        (ECDC, "not specified (ecdc-out-1)"),
    ],
)
def test_linked_cases_are_held_against_what_the_policy_says_of_an_outbreak(policy, said):
    rows = [*klebsiella("TEST-1"), *klebsiella("TEST-2", "2026-03-20 09:00", "2026-03-21 09:00")]
    (signal,) = analyze(view("2026-03-31 12:00", *rows), policy).signals
    assert (signal.facility, signal.cases) == (SITE, 2)
    assert said in signal.policy
