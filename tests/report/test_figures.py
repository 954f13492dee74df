"""Figures: counted by hand, with limits held to sums of probabilities, and never without what they stand on."""

import csv
from datetime import date
from math import comb, exp, factorial

import pytest

from ringfence.cli import main
from ringfence.record import Indicator
from ringfence.report import funnel, read_period
from ringfence.report.intervals import count_at, of_rate, of_share
from ringfence.report.periods import PeriodError
from ringfence.vocabulary import Mark

FILES = {
    "facilities": "facility_id,zone\nElm,Europe/Amsterdam\n",
    "populations": "facility_id,covers\nElm,all_inpatients\n",
    "patients": "patient_id\nTEST-A\nTEST-B\nTEST-C\nTEST-D\n",
    "encounters": "encounter_id,patient_id,facility_id,kind,start,end\n"
    "E-A,TEST-A,Elm,inpatient,2026-03-01T10:00,2026-03-05T10:00\n"
    "E-B,TEST-B,Elm,inpatient,2026-03-02T10:00,2026-03-04T10:00\n"
    "E-C,TEST-C,Elm,inpatient,2026-03-03T10:00,\n"
    "E-D,TEST-D,Elm,inpatient,2026-03-03T11:00,2026-03-03T20:00\n",
    "stays": "patient_id,encounter_id,facility_id,ward,start,end\n"
    "TEST-A,E-A,Elm,2N,2026-03-01T10:00,2026-03-03T10:00\n"
    "TEST-A,E-A,Elm,3W,2026-03-03T10:00,2026-03-05T10:00\n"
    "TEST-B,E-B,Elm,2N,2026-03-02T10:00,2026-03-04T10:00\n"
    "TEST-C,E-C,Elm,2N,2026-03-03T10:00,\n"
    "TEST-D,E-D,Elm,2N,2026-03-03T11:00,2026-03-03T20:00\n",
    "answers": "patient_id,encounter_id,question,answer,start,end\n"
    "TEST-A,E-A,care_abroad,yes,2026-01-10,2026-01-20\n"
    "TEST-B,E-B,care_abroad,yes,2026-01-10,2026-01-20\n",
    "specimens": "specimen_id,patient_id,facility_id,kind,purpose,collected\n"
    "S-A,TEST-A,Elm,rectal_swab,screening,2026-03-01T12:00\n"
    "S-C,TEST-C,Elm,rectal_swab,screening,2026-03-03T12:00\n",
    "isolates": "isolate_id,specimen_id,organism\nI-A,S-A,E. coli\n",
    "results": "result_id,specimen_id,isolate_id,kind,analyte,found,status,reported\n"
    "R-A,S-A,I-A,gene,KPC,detected,final,2026-03-02T12:00\n"
    "R-C,S-C,,gene,KPC,not_detected,final,2026-03-04T00:00\n",
}
"""A is at risk and screened, found to carry on the first of March; B is at risk and not screened; of C and D nothing was
asked, and C was screened. Nights: A four, B two, C three up to the sixth, D none."""


@pytest.fixture
def figures(tmp_path):
    """Analyze these files, some of them changed, and return the rows of indicators.csv and the page."""

    def made(as_of="2026-03-06T12:00+01:00", **changed):
        folder, out = tmp_path / "in", tmp_path / "out"
        folder.mkdir(exist_ok=True)
        for name, text in {**FILES, **changed}.items():
            (folder / f"{name}.csv").write_text(text)
        asked = ["analyze", str(folder), "--policy", "nl", "--out", str(out), "--as-of", as_of]
        assert main(asked) == 0
        rows = list(csv.DictReader((out / "indicators.csv").read_text().splitlines()))
        return {(row["indicator"], row["group"]): row for row in rows}, (out / "report.html").read_text()

    return made


def test_rates_are_of_nights_and_admissions_counted_by_hand(figures):
    found, _ = figures()
    row = found["incidence_colonization", ""]
    assert (row["numerator"], row["denominator"]) == ("1", "9")
    assert float(row["value"]) == pytest.approx(10_000 / 9, abs=1e-4)
    assert (row["start"], row["end"]) == ("2026-03-01", "2026-03-06")
    row = found["incidence_colonization_per_admission", ""]
    assert (row["numerator"], row["denominator"], row["value"]) == ("1", "4", "250")
    assert found["incidence_infection", ""]["numerator"] == "0"


def test_screens_are_counted_with_what_they_found(figures):
    found, _ = figures()
    for name in ("screening_yield", "screening_positivity"):
        assert (found[name, ""]["numerator"], found[name, ""]["denominator"]) == ("1", "2")
    assert found["screening_yield", ""]["value"] == "500"
    assert found["turnaround_hours", ""]["value"] == "18"


def test_compliance_is_what_is_known_and_two_bounds(figures):
    found, page = figures()
    assert (found["screening_compliance", ""]["numerator"], found["screening_compliance", ""]["denominator"]) == (
        "1",
        "2",
    )
    assert (found["screening_unknown", ""]["numerator"], found["screening_unknown", ""]["denominator"]) == ("2", "4")
    # At worst D is at risk and C is not; at best C is and D is not.
    assert (
        found["screening_compliance_worst", ""]["numerator"],
        found["screening_compliance_worst", ""]["denominator"],
    ) == (
        "1",
        "3",
    )
    assert (
        found["screening_compliance_best", ""]["numerator"],
        found["screening_compliance_best", ""]["denominator"],
    ) == (
        "2",
        "3",
    )
    assert "Of 2 admissions known to be at risk at Elm, 1 were screened (50%" in page
    assert "Of 50% of all admissions the risk is not known; with those, it lies between 33% and 67%." in page


@pytest.mark.parametrize(
    ("populations", "why"),
    [
        ("facility_id,covers\nElm,carriers_only\n", "everyone who moves in these files is a carrier"),
        ("facility_id,covers\nElm,unknown\n", "whom the stays cover was not said"),
        (
            "facility_id,covers,denominator,count,start,end\nElm,,patient_days,40,2026-03-01,2026-03-04\n",
            "do not make up this period",
        ),
    ],
)
def test_where_the_data_cannot_carry_a_rate_the_reason_stands_in_its_place(figures, populations, why):
    found, page = figures(populations=populations)
    row = found["incidence_colonization", ""]
    assert (row["value"], row["low"], row["denominator"]) == ("", "", "")
    assert why in row["why_none"]
    assert f"none: {row['why_none']}" in page


def test_a_denominator_that_was_counted_goes_before_the_stays(figures):
    counted = "Elm,,patient_days,{},{},{}\n"
    text = "facility_id,covers,denominator,count,start,end\nElm,all_inpatients,,,,\n"
    text += counted.format(30, "2026-03-01", "2026-03-04") + counted.format(20, "2026-03-05", "2026-03-06")
    row = figures(as_of="2026-03-06", populations=text)[0]["incidence_colonization", ""]
    assert (row["denominator"], row["denominator_of"]) == ("50", "patient-days as counted in populations")


def test_days_to_precautions_count_from_the_first_positive_result(figures):
    measures = (
        "patient_id,facility_id,kind,start,end\nTEST-A,Elm,contact_precautions,2026-03-03T12:00,2026-03-05T10:00\n"
    )
    row = figures(measures=measures)[0]["days_to_precautions", ""]
    assert (row["value"], row["denominator"]) == ("1", "1")
    assert figures(measures="patient_id,facility_id,kind,start,end\n")[0]["days_to_precautions", ""]["value"] == ""


NO_MOVES = {"stays": "patient_id,facility_id,ward,start,end\n", "answers": "patient_id,encounter_id,question,answer\n"}


def test_without_a_stay_or_a_visit_nobody_is_said_to_have_been_no_inpatient(figures):
    counted = "facility_id,covers,denominator,count,start,end\nElm,all_inpatients,,,,\nElm,,patient_days,40,2026-03-01,2026-03-04\n"
    visits = "encounter_id,patient_id,facility_id,kind,start,end\n"
    row = figures(as_of="2026-03-04", populations=counted, encounters=visits, **NO_MOVES)[0][
        "incidence_colonization", ""
    ]
    assert (row["value"], row["why_none"]) == ("", "no stay or visit tells which cases were of inpatients")


def test_a_visit_makes_an_inpatient_where_no_stay_covers_the_specimen(figures):
    earlier = FILES["specimens"].replace("2026-03-01T12:00", "2026-03-01T10:05")
    late = FILES["stays"].replace("2026-03-01T10:00,2026-03-03", "2026-03-01T10:15,2026-03-03")
    assert figures(stays=late, specimens=earlier)[0]["incidence_colonization", ""]["numerator"] == "1"


@pytest.mark.parametrize(
    "row", ["Elm,all_inpatients,2N,,", "Elm,all_inpatients,,2020-01-01,2020-12-31", "Elm,all_inpatients,,2026-03-03,"]
)
def test_a_ward_or_another_year_that_is_covered_carries_no_rate_of_the_whole(figures, row):
    found, _ = figures(populations=f"facility_id,covers,ward,start,end\n{row}\n")
    assert "whom the stays cover was not said" in found["incidence_colonization", ""]["why_none"]


def test_precautions_are_counted_from_the_result_that_found_something(figures):
    results = FILES["results"] + "R-0,S-A,I-A,gene,NDM,not_detected,final,2026-03-01T18:00\n"
    measures = (
        "patient_id,facility_id,kind,start,end\nTEST-A,Elm,contact_precautions,2026-03-02T12:00,2026-03-05T10:00\n"
    )
    assert figures(results=results, measures=measures)[0]["days_to_precautions", ""]["value"] == "0"


def test_a_screen_is_positive_only_where_the_rules_read_a_carbapenemase(figures):
    results = FILES["results"].replace("R-C,S-C,,gene,KPC,not_detected", "R-C,S-C,,culture,,detected")
    row = figures(results=results)[0]["screening_positivity", ""]
    assert (row["numerator"], row["denominator"]) == ("1", "2")


def test_who_was_found_before_the_case_is_no_secondary_case_of_it(figures):
    both = {
        "specimens": FILES["specimens"] + "S-B,TEST-B,Elm,rectal_swab,clinical,2026-03-03T12:00\n",
        "isolates": FILES["isolates"] + "I-B,S-B,E. coli\n",
        "results": FILES["results"] + "R-B,S-B,I-B,gene,KPC,detected,final,2026-03-04T12:00\n",
    }
    found, _ = figures(**both)
    rows = {group: row for (name, group), row in found.items() if name == "secondary_attack"}
    assert sum(int(row["numerator"]) for row in rows.values()) == 1, "B after A, and not A after B"


def test_small_figures_that_are_left_out_are_not_said_to_be_none(tmp_path, figures):
    figures()
    out = tmp_path / "small"
    asked = ["report", str(tmp_path / "in"), "--policy", "nl", "--as-of", "2026-03-06T12:00+01:00", "--fewest", "5"]
    assert main([*asked, "--out", str(out)]) == 0
    page = (out / "report.html").read_text()
    assert "nobody is known to be at risk" not in page.casefold()
    assert "How far those at risk were screened at Elm is left out" in page
    rows = list(csv.DictReader((out / "indicators.csv").read_text().splitlines()))
    turnaround = next(row for row in rows if row["indicator"] == "turnaround_hours")
    assert (turnaround["value"], turnaround["suppressed"]) == ("", "yes")
    assert not any(digit in turnaround["denominator_of"] for digit in "0123456789")


@pytest.mark.parametrize(("count", "of"), [(1000, 2000), (19_500, 20_000), (6000, 20_000), (3, 1_000_000)])
def test_limits_of_a_large_share_are_near_those_of_a_normal_one_and_do_not_take_for_ever(count, of):
    low, high = of_share(count, of)
    share = count / of
    half = 1.96 * (share * (1 - share) / of) ** 0.5
    assert low < share < high
    if count > 100:
        assert (low, high) == (pytest.approx(share - half, abs=0.001), pytest.approx(share + half, abs=0.001))


def tail_of_poisson(count, mean):
    """The probability of so many events or fewer."""
    return sum(exp(-mean) * mean**k / factorial(k) for k in range(count + 1))


def tail_of_binomial(count, of, share):
    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(count + 1))


@pytest.mark.parametrize("count", [0, 1, 2, 5, 17, 60])
def test_limits_of_a_rate_leave_out_a_fortieth_on_each_side(count):
    low, high = of_rate(count, 7.0)
    assert tail_of_poisson(count, high * 7) == pytest.approx(0.025)
    if count:
        assert 1 - tail_of_poisson(count - 1, low * 7) == pytest.approx(0.025)
    else:
        assert low == 0


@pytest.mark.parametrize(("count", "of"), [(0, 1), (0, 10), (1, 1), (3, 10), (10, 10), (41, 116)])
def test_limits_of_a_share_leave_out_a_fortieth_on_each_side(count, of):
    low, high = of_share(count, of)
    if count:
        assert 1 - tail_of_binomial(count - 1, of, low) == pytest.approx(0.025)
    else:
        assert low == 0
    if count < of:
        assert tail_of_binomial(count, of, high) == pytest.approx(0.025)
    else:
        assert high == 1


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026Q2", "2026-04-01", "2026-06-30"),
        ("2026q4", "2026-10-01", "2026-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("FY2026", "2026-04-01", "2027-03-31"),
        ("FY2026Q4", "2027-01-01", "2027-03-31"),
        ("2026-03-05..2026-03-05", "2026-03-05", "2026-03-05"),
    ],
)
def test_a_period_is_read_as_its_days(text, first, last):
    period = read_period(text)
    assert (period.first, period.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    ["", "2026Q5", "26Q2", "2026-13", "2026-00", "last quarter", "2026-03-05..2026-03-04", "2026-02-30..2026-03-01"],
)
def test_what_is_no_period_is_refused_with_what_would_be_right(text):
    with pytest.raises(PeriodError, match="2026Q2"):
        read_period(text)


def five_sites(cases):
    """Five facilities of a thousand patient-days each and two more of other sizes, with so many cases each."""
    sizes = {"Ash": 1000, "Birch": 1000, "Elm": 1000, "Fir": 200, "Oak": 4000}
    return [
        Indicator(
            indicator="incidence_colonization", meaning="new cases, per 10,000 patient-days", facility=name,
            start=date(2026, 1, 1), end=date(2026, 3, 31), numerator=many, numerator_of="cases",
            denominator=sizes[name], denominator_of="nights", per=10_000, method="", suppressed=False, source="",
            mark=Mark.VERIFIED,
        )
        for name, many in cases.items()
    ]  # fmt: skip


def test_a_facility_far_from_all_together_lies_outside_the_limits_and_is_not_told_by_colour_alone():
    found = funnel(five_sites({"Ash": 2, "Birch": 1, "Elm": 12, "Fir": 0, "Oak": 5}), "incidence_colonization")
    assert {point.name: point.outside for point in found.points} == {
        "Ash": False,
        "Birch": False,
        "Elm": True,
        "Fir": False,
        "Oak": False,
    }
    assert found.whole == pytest.approx(20 / 7200 * 10_000)
    chart = str(found.chart)
    assert (chart.count("<circle"), chart.count('l6 7l-6 7l-6 -7z"')) == (4, 1)
    assert ["Elm", "12", "1,000", "120", "outside 99.8%"] in found.table.rows
    for limit in found.limits:
        assert limit.low <= limit.inner_low <= found.whole <= limit.inner_high <= limit.high


def test_two_facilities_make_no_funnel():
    assert funnel(five_sites({"Ash": 2, "Birch": 1}), "incidence_colonization") is None


@pytest.mark.parametrize("mean", [0.4, 3.0, 25.0])
@pytest.mark.parametrize("share", [0.001, 0.025, 0.975, 0.999])
def test_a_limit_of_counts_lies_between_the_whole_counts_that_straddle_the_share(mean, share):
    count = count_at(mean, share)
    assert tail_of_poisson(int(count) + 1, mean) >= share
    assert count == 0 or tail_of_poisson(int(count) - 1, mean) <= share
