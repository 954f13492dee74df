"""Faults that a review of the laboratory part found, each kept as an example; most stand in the laboratory chapter."""

from dataclasses import replace

import pytest
from builders import gene, isolate, specimen, view
from manual.isolates import UNDER, Reported, rows

from ringfence.assess import Ask, identifications, sentences
from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import CaseStatus, Found, Result, ResultKind, ResultStatus

KLEBSIELLA = "klebsiella-pneumoniae"


def meant(organism, *says, under="any", status=None, kind=None):
    """What lines of a report mean, each a test of its own and none a correction of another."""
    reported = Reported("", "", organism, kind or ("urine" if organism else "rectal_swab"), says, ())
    facts = [
        replace(row, result_id=f"R{n}") if isinstance(row, Result) else row
        for n, row in enumerate(rows(reported, "2026-06-30"))
    ]
    timeline = view("2026-06-30 23:59", *facts).timeline("TEST-1")
    found = identifications(timeline, policy="manual", rules=lambda _: UNDER[under][1])
    return found[0] if found else None


def said(found):
    return sentences((*found.answer.reasons, *found.conflicts))


class TestWhatSpeaksForATestThatWasNotClear:
    @pytest.mark.parametrize(
        ("organism", "unclear", "clear"),
        [
            (KLEBSIELLA, "2026-06-09 pcr NDM indeterminate", "2026-06-10 pcr KPC not detected"),
            ("pseudomonas-aeruginosa", "2026-06-09 pcr GES indeterminate", "2026-06-10 pcr SPM not detected"),
            (KLEBSIELLA, "2026-06-09 pcr NDM indeterminate", "2026-06-10 pcr_5 NDM not detected"),
            (KLEBSIELLA, "2026-06-10 pcr NDM indeterminate", "2026-06-09 pcr NDM not detected"),
            (KLEBSIELLA, "2026-06-09 pcr NDM indeterminate", "2026-06-10 pcr NDM not detected, preliminary"),
            ("escherichia-coli", "2026-06-09 carba_np invalid", "2026-06-10 carba_np not detected"),
            ("shewanella-algae", "2026-06-09 mcim 17 mm", "2026-06-10 mcim 22 mm"),
            ("stenotrophomonas-maltophilia", "2026-06-09 pcr KPC indeterminate", "2026-06-10 pcr OXA-51-like detected"),
        ],
    )
    def test_a_test_of_something_else_or_without_the_power_does_not(self, organism, unclear, clear):
        assert meant(organism, unclear).status is CaseStatus.SUSPECT
        assert meant(organism, unclear, clear).status is CaseStatus.SUSPECT

    @pytest.mark.parametrize("on", ["2026-06-09", "2026-06-10"])
    def test_the_same_test_of_the_same_gene_does(self, on):
        assert meant(KLEBSIELLA, "2026-06-09 pcr NDM indeterminate", f"{on} pcr NDM not detected") is None

    def test_of_two_without_a_time_it_is_not_known_which_is_the_later(self):
        reported = Reported("", "", KLEBSIELLA, "urine", ("2026-06-09 mcim 17 mm", "2026-06-10 mcim 22 mm"), ())
        facts = [
            replace(row, reported=None) if isinstance(row, Result) else row for row in rows(reported, "2026-06-30")
        ]
        (found,) = identifications(view("2026-06-30 23:59", *facts).timeline("TEST-1"), policy="manual")
        assert (found.status, found.asks) == (CaseStatus.SUSPECT, (Ask.SETTLE,))


class TestAPositiveThatNamesNothing:
    @pytest.mark.parametrize(
        ("says", "status"),
        [
            ("pcr detected, preliminary", CaseStatus.PROBABLE),
            ("carba5 detected", CaseStatus.CONFIRMED),
            ("lateral_flow detected", CaseStatus.CONFIRMED),
        ],
    )
    def test_it_is_a_carbapenemase_to_be_named(self, says, status):
        found = meant(KLEBSIELLA, f"2026-06-09 {says}")
        assert (found.status, found.asks) == (status, (Ask.IDENTIFY,))
        assert "not named" in said(found)

    def test_it_is_a_suspicion_where_the_test_is_not_valid(self):
        assert meant(None, "2026-06-09 carba5 detected").status is CaseStatus.SUSPECT

    def test_beside_a_name_it_adds_no_second_case(self):
        found = meant(KLEBSIELLA, "2026-06-09 pcr detected", "2026-06-09 pcr KPC detected")
        assert found.families == ("KPC",)
        assert [one.family for one in found.shown] == ["KPC"]


@pytest.mark.parametrize("method", ["carba5", "lateral_flow"])
@pytest.mark.parametrize("family", ["OXA-23", "SPM", "GES-5", "SME"])
def test_a_lateral_flow_test_establishes_only_the_families_it_looks_for(method, family):
    found = meant(KLEBSIELLA, f"2026-06-09 {method} {family} detected")
    assert (found.status, found.enzymes) == (CaseStatus.SUSPECT, ())
    assert "check the report" in said(found)


class TestValuesThatCannotBePlaced:
    @pytest.mark.parametrize("under", ["any", "resistant", "cut-off"])
    def test_of_an_organism_that_is_not_known_it_is_asked_what_grew(self, under):
        found = meant(None, "2026-06-09 meropenem 32 mg/L", under=under)
        assert (found.status, found.asks) == (CaseStatus.UNKNOWN, (Ask.CONFIRM,))
        assert "What grew" in found.answer.missing[0].ask

    @pytest.mark.parametrize("drug", ["meropenem", "imipenem", "ertapenem", "doripenem"])
    @pytest.mark.parametrize("organism", [KLEBSIELLA, "pseudomonas-otitidis", "acinetobacter-baumannii", None])
    @pytest.mark.parametrize("under", ["any", "resistant", "cut-off"])
    def test_a_low_value_says_nothing_whatever_the_organism(self, drug, organism, under):
        assert meant(organism, f"2026-06-09 {drug} 0.125 mg/L", under=under) is None

    @pytest.mark.parametrize("under", ["any", "resistant", "cut-off"])
    @pytest.mark.parametrize("organism", [KLEBSIELLA, "pseudomonas-otitidis", "escherichia-coli", None])
    def test_a_high_value_of_any_carbapenem_is_never_nothing(self, organism, under):
        for drug in ("meropenem", "imipenem", "ertapenem", "doripenem"):
            assert meant(organism, f"2026-06-09 {drug} 32 mg/L", under=under) is not None

    def test_a_reason_does_not_say_that_meropenem_was_not_tested_where_it_was(self):
        for organism in ("escherichia-coli", "pseudomonas-aeruginosa"):
            found = meant(organism, "2026-06-09 ertapenem R", "2026-06-09 meropenem R", under="cut-off")
            assert "was not tested" not in said(found)


def test_one_susceptible_cephalosporin_beside_a_resistant_one_does_not_look_like_sme():
    susceptible = meant("serratia-marcescens", "2026-06-08 meropenem R", "2026-06-08 ceftazidime S")
    both = meant(
        "serratia-marcescens", "2026-06-08 meropenem R", "2026-06-08 ceftriaxone R", "2026-06-08 ceftazidime S"
    )
    assert "SME" in said(susceptible)
    assert "SME" not in said(both)


class TestTwoIsolatesOfOneNumber:
    TESTED = ("2026-06-08 meropenem R", "2026-06-09 mcim detected")

    def rows(self, *organisms):
        reported = Reported("", "", organisms[0], "urine", self.TESTED, ())
        return [*rows(reported, "2026-06-30"), *(isolate("IS-TEST-1", "SP-TEST-1", one) for one in organisms[1:])]

    def meant(self, *facts):
        (found,) = identifications(view("2026-06-30 23:59", *facts).timeline("TEST-1"), policy="manual")
        return found

    @pytest.mark.parametrize(
        "organisms",
        [
            ("escherichia-coli", "stenotrophomonas-maltophilia"),
            ("stenotrophomonas-maltophilia", "escherichia-coli"),
        ],
    )
    def test_what_it_is_is_not_known_and_it_stays_suspect(self, organisms):
        found = self.meant(*self.rows(*organisms))
        assert (found.status, found.organism) == (CaseStatus.SUSPECT, None)
        assert "What grew" in found.answer.missing[0].ask

    def test_the_same_row_twice_is_one_isolate(self):
        found = self.meant(*self.rows("escherichia-coli", "escherichia-coli"))
        assert (found.status, found.organism) == (CaseStatus.CONFIRMED, "Escherichia coli")


class TestANewEnzymeInTheSpeciesOfAKnownOne:
    """A *K. pneumoniae* with KPC is known of the patient, and another one comes."""

    KNOWN = (
        specimen("SP-1", "TEST-1", "2026-02-02 09:00"),
        isolate("IS-1", "SP-1"),
        gene("R-1", "SP-1", "KPC", "2026-02-04 09:00", isolate_id="IS-1", method="pcr"),
    )
    FIVE = tuple(f"2026-06-10 pcr_5 {name} not detected" for name in ("KPC", "NDM", "VIM", "IMP", "OXA-48-like"))

    def found(self, *says):
        reported = Reported("", "", KLEBSIELLA, "urine", says, ())
        return analyze(view("2026-06-30 23:59", *self.KNOWN, *rows(reported, "2026-06-30")), load_policy("us"))

    def said(self, found):
        return [c.carbapenemases for c in found.cases], [t.task for t in found.tasks if t.task.startswith("laboratory")]

    def test_a_suspicion_that_the_known_one_explains_makes_no_case_and_no_task(self):
        assert self.said(self.found("2026-06-08 meropenem R")) == (["KPC"], [])

    @pytest.mark.parametrize("panel", [FIVE, ("2026-06-10 pcr_5 not detected",)])
    def test_one_in_which_the_known_one_was_not_found_makes_both(self, panel):
        cases, tasks = self.said(self.found("2026-06-08 meropenem R", *panel))
        assert cases == ["KPC", "not named"]
        assert tasks == ["laboratory: test for carbapenemase activity, or sequence"]

    @pytest.mark.parametrize(
        "negative",
        ["pcr_5 NDM not detected", "pcr KPC not detected, preliminary", "pcr KPC indeterminate", "pcr not detected"],
    )
    def test_what_does_not_exclude_the_known_one_changes_nothing(self, negative):
        assert self.said(self.found("2026-06-08 meropenem R", f"2026-06-10 {negative}")) == (["KPC"], [])


class TestANegativeSaysWhatItLookedFor:
    @pytest.mark.parametrize(
        ("says", "sentence"),
        [
            ("pcr NDM not detected", "NDM not detected by PCR for named genes, which says nothing of other genes"),
            ("wgs KPC not detected", "KPC not detected by whole-genome sequencing, which says nothing of other genes"),
            ("wgs not detected, preliminary", "closes nothing until it is final"),
            ("mcim 22 mm, preliminary", "carbapenemase activity not detected by mCIM (22 mm), preliminary result"),
            ("pcr NDM indeterminate", "NDM by PCR for named genes: no clear result"),
        ],
    )
    def test_by_name(self, says, sentence):
        assert sentence in said(meant(KLEBSIELLA, "2026-06-08 meropenem R", f"2026-06-10 {says}"))

    def test_five_by_one_test_are_said_once(self):
        five = [f"2026-06-09 carba5 {name} not detected" for name in ("KPC", "NDM", "VIM", "IMP", "OXA-48-like")]
        found = said(meant(KLEBSIELLA, "2026-06-08 meropenem R", *five))
        assert "KPC, NDM, VIM, IMP, OXA-48-like not detected by NG-Test CARBA 5" in found
        assert found.count("NG-Test CARBA 5") == 1


@pytest.mark.parametrize(
    "negative",
    ["pcr SPM not detected", "sequencing SPM not detected", "carba5 KPC not detected", "wgs KPC not detected"],
)
def test_one_gene_that_was_not_found_changes_nothing_of_what_is_asked(negative):
    for says in ("imipenem 8 mg/L", "mcim detected", "pcr NDM detected"):
        one = meant(KLEBSIELLA, f"2026-06-08 {says}")
        other = meant(KLEBSIELLA, f"2026-06-08 {says}", f"2026-06-09 {negative}")
        assert (one.status, one.asks) == (other.status, other.asks)


class TestATestThatWasMadeAndCannotBeRead:
    @pytest.mark.parametrize(
        ("organism", "says"),
        [
            (KLEBSIELLA, "mcim 8 mg/L"),
            (KLEBSIELLA, "mcim 8"),
            ("acinetobacter-baumannii", "cimtris 10 mm"),
            (KLEBSIELLA, "pcr KPC invalid"),
            (KLEBSIELLA, "pcr KPC indeterminate"),
        ],
    )
    def test_it_is_shown_as_without_a_clear_result(self, organism, says):
        found = meant(organism, "2026-06-08 meropenem R", f"2026-06-09 {says}")
        assert found.status is CaseStatus.SUSPECT
        assert "no clear result" in said(found)


@pytest.mark.parametrize(
    ("organism", "says"),
    [
        (None, "carba5 KPC detected"),
        ("stenotrophomonas-maltophilia", "carba5 KPC detected"),
        ("escherichia-coli", "mbl_strip detected"),
    ],
)
def test_the_reason_of_a_doubt_is_not_that_what_is_named_is_not(organism, says):
    sentence = said(meant(organism, f"2026-06-09 {says}"))
    assert "not known to be valid in what was tested" in sentence
    assert "not named" not in sentence
    assert "not in the list" not in sentence


def test_a_doubt_that_no_source_speaks_of_is_marked_so():
    found = meant("acinetobacter-baumannii", "2026-06-09 carba5 NDM detected")
    assert (found.status, found.answer.reasons[0].mark) == (CaseStatus.SUSPECT, "unverified")


def test_a_test_of_activity_without_its_method_is_called_in_plain_english():
    tested = Result(
        result_id="R-1",
        specimen_id="SP-1",
        isolate_id="IS-1",
        kind=ResultKind.ACTIVITY,
        found=Found.DETECTED,
        status=ResultStatus.FINAL,
    )
    facts = (specimen("SP-1", "TEST-1", "2026-06-08 09:00"), isolate("IS-1", "SP-1"), tested)
    (found,) = identifications(view("2026-06-30 23:59", *facts).timeline("TEST-1"), policy="manual")
    assert "by an activity test" in said(found)
