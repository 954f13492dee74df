"""What was left of the faults that a review of the laboratory part found, each kept as an example."""

from dataclasses import replace

import pytest
from builders import gene, isolate, specimen, view, when
from manual.isolates import UNDER, Reported, rows
from manual.page import laboratory_page

from ringfence.assess import Ask, carriages, identifications, sentences
from ringfence.record import CaseStatus, Found, Result, ResultKind, ResultStatus
from ringfence.vocabulary import About, CutOffPurpose, antibiotic, cut_off, expectations, organisms

KLEBSIELLA = "klebsiella-pneumoniae"
COLI, MALTOPHILIA = "escherichia-coli", "stenotrophomonas-maltophilia"


def reported(organism, *says, kind="urine", patient="TEST-1"):
    """Lines of a report as facts, each a test of its own and none a correction of another."""
    facts = rows(Reported("", "", organism, kind, says, ()), "2026-06-30", patient)
    return [replace(one, result_id=f"R{n}") if isinstance(one, Result) else one for n, one in enumerate(facts)]


def all_meant(*facts, under="any"):
    timeline = view("2026-06-30 23:59", *facts).timeline("TEST-1")
    return identifications(timeline, policy="manual", rules=lambda _: UNDER[under][1])


def meant(organism, *says, under="any"):
    found = all_meant(*reported(organism, *says, kind="urine" if organism else "rectal_swab"), under=under)
    return found[0] if found else None


def said(found):
    return sentences((*found.answer.reasons, *found.conflicts))


class TestAGeneInASwabAndWhatGrewFromIt:
    """NDM was found in the swab itself, and something grew from it."""

    SWAB = ("2026-06-09 pcr NDM detected", "2026-06-11 culture detected")
    NO_CPO = {
        COLI: ("meropenem R", "mcim not detected"),
        MALTOPHILIA: ("meropenem R",),
    }

    def swab(self, *grown, under="any"):
        facts = reported(None, *self.SWAB, kind="rectal_swab")
        for n, (organism, says) in enumerate(grown):
            facts.append(isolate(f"IS-{n}", "SP-TEST-1", organism))
            lines = reported(organism, *(f"2026-06-12 {one}" for one in says))
            results = (one for one in lines if isinstance(one, Result))
            facts += [replace(one, result_id=f"R-{n}-{m}", isolate_id=f"IS-{n}") for m, one in enumerate(results)]
        (found,) = (one for one in all_meant(*facts, under=under) if one.isolate_id is None)
        return found

    def test_what_grew_and_is_no_cpo_lifts_nothing(self):
        found = self.swab(*self.NO_CPO.items())
        assert (found.status, found.asks) == (CaseStatus.PROBABLE, (Ask.SETTLE,))
        assert "none of what grew from specimen SP-TEST-1 is a CPO" in said(found)
        assert "Escherichia coli, Stenotrophomonas maltophilia" in said(found)

    def test_it_confirms_where_a_gene_alone_does_and_is_asked_all_the_same(self):
        found = self.swab(*self.NO_CPO.items(), under="gene confirms")
        assert (found.status, found.asks) == (CaseStatus.CONFIRMED, (Ask.SETTLE,))

    @pytest.mark.parametrize("more", [(KLEBSIELLA, ()), (KLEBSIELLA, ("meropenem R",))])
    def test_one_isolate_of_which_that_is_not_known_may_be_the_carrier_of_it(self, more):
        found = self.swab(*self.NO_CPO.items(), more)
        assert (found.status, found.asks) == (CaseStatus.CONFIRMED, ())

    def test_growth_of_which_no_isolate_is_on_record_lifts_it(self):
        assert self.swab().status is CaseStatus.CONFIRMED


class TestAWithdrawnGeneWithoutAName:
    def case(self, *more):
        found = gene("R-1", "SP-1", None, "2026-06-09 09:00", isolate_id="IS-1", method="pcr", found=Found.DETECTED)
        taken = replace(found, status=ResultStatus.WITHDRAWN, reported=when("2026-06-12 09:00"))
        facts = (specimen("SP-1", "TEST-1", "2026-06-08 09:00"), isolate("IS-1", "SP-1"), found, taken, *more)
        return carriages(view("2026-06-30 23:59", *facts).timeline("TEST-1"), policy="manual")

    def test_its_case_stays_listed_as_withdrawn(self):
        (case,) = self.case()
        assert (case.answer.status, case.family) == (CaseStatus.WITHDRAWN, "unidentified")
        assert "a carbapenemase gene, not named, in specimen SP-1 was withdrawn" in sentences(case.answer.reasons)

    def test_once_it_is_named_there_is_no_such_case(self):
        named = gene("R-2", "SP-1", "KPC", "2026-06-13 09:00", isolate_id="IS-1", method="wgs")
        assert [(c.answer.status, c.family) for c in self.case(named)] == [(CaseStatus.CONFIRMED, "KPC")]

    def test_a_culture_that_was_withdrawn_detected_no_carbapenemase(self):
        grew = Result(
            result_id="R-1",
            specimen_id="SP-1",
            kind=ResultKind.CULTURE,
            found=Found.DETECTED,
            status=ResultStatus.WITHDRAWN,
        )
        facts = (specimen("SP-1", "TEST-1", "2026-06-08 09:00"), grew)
        assert carriages(view("2026-06-30 23:59", *facts).timeline("TEST-1"), policy="manual") == ()


class TestWhatIsAskedAfterAPanelThatFoundNothing:
    @pytest.mark.parametrize(
        ("organism", "asked", "by"),
        [
            (KLEBSIELLA, Ask.ACTIVITY_OR_SEQUENCE, "mCIM or sequencing"),
            ("pseudomonas-aeruginosa", Ask.ACTIVITY_OR_SEQUENCE, "mCIM or sequencing"),
            ("acinetobacter-baumannii", Ask.ACTIVITY_OR_SEQUENCE, "CIMTris or sequencing"),
            ("pseudomonas-putida", Ask.SEQUENCE, "sequencing"),
        ],
    )
    def test_is_activity_where_a_test_of_it_is_valid_or_sequencing(self, organism, asked, by):
        found = meant(organism, "2026-06-08 meropenem R", "2026-06-09 pcr_5 not detected")
        assert (found.status, found.asks) == (CaseStatus.SUSPECT, (asked,))
        assert [one.datum for one in found.answer.missing] == [by]

    def test_is_sequencing_once_activity_is_shown(self):
        found = meant(KLEBSIELLA, "2026-06-09 pcr_5 not detected", "2026-06-10 mcim 8 mm")
        assert (found.status, found.asks) == (CaseStatus.CONFIRMED, (Ask.SEQUENCE,))


class TestAFamilyThatIsACarbapenemaseSometimes:
    GES_1 = "2026-06-09 wgs GES-1 detected"

    def test_its_variant_is_asked_for_where_only_the_family_was_named(self):
        found = meant(KLEBSIELLA, "2026-06-09 pcr GES detected")
        assert found.asks == (Ask.ACTIVITY_OR_SEQUENCE,)
        assert found.answer.missing[0].datum == "mCIM or the variant by sequencing"

    def test_a_named_variant_asks_for_the_test_that_is_valid_there(self):
        for organism, test in ((KLEBSIELLA, "mCIM"), ("acinetobacter-baumannii", "CIMTris")):
            found = meant(organism, self.GES_1)
            assert (found.asks, found.answer.missing[0].datum) == ((Ask.ACTIVITY,), test)

    @pytest.mark.parametrize(
        "says",
        [
            "mcim 17 mm",
            "carba_np not detected",
            "mcim 22 mm, preliminary",
        ],
    )
    def test_what_rules_out_nothing_leaves_it_as_it_was(self, says):
        found = meant(KLEBSIELLA, self.GES_1, f"2026-06-10 {says}")
        assert (found.status, found.asks) == (CaseStatus.SUSPECT, (Ask.ACTIVITY,))

    def test_no_activity_by_a_valid_test_makes_it_no_cpo_and_its_case_keeps_its_name(self):
        facts = reported("pseudomonas-aeruginosa", "2026-06-08 meropenem R", self.GES_1, "2026-06-12 mcim 22 mm")
        (case,) = carriages(view("2026-06-30 23:59", *facts).timeline("TEST-1"), policy="manual")
        assert (case.family, case.answer.status, case.carries) == ("GES", CaseStatus.NOT_A_CPO, False)
        assert "GES-1, a variant that is not in the list, detected" in sentences(case.answer.reasons)

    @pytest.mark.parametrize(
        ("organism", "says"),
        [
            (KLEBSIELLA, ("mcim 22 mm", "mcim 17 mm")),
            (KLEBSIELLA, ("mcim 22 mm", "mbl_strip detected")),
            (KLEBSIELLA, ("mcim 22 mm", "pcr SME detected")),
            (KLEBSIELLA, ("mcim 22 mm", "sequencing GES not detected")),
            ("pseudomonas-putida", ("mcim 22 mm",)),
            (KLEBSIELLA, ("wgs not detected",)),
        ],
    )
    def test_it_is_for_the_laboratory_where_tests_disagree_or_none_is_valid(self, organism, says):
        lines = (f"2026-06-{10 + n} {one}" for n, one in enumerate(says))
        found = meant(organism, "2026-06-09 pcr GES-1 detected", *lines)
        assert (found.status, found.asks) == (CaseStatus.SUSPECT, (Ask.SETTLE,))


class TestSusceptibleByItsLetterOnly:
    @pytest.mark.parametrize("under", ["any", "resistant", "cut-off"])
    @pytest.mark.parametrize("more", [(), ("2026-06-08 ertapenem S",), ("2026-06-08 ertapenem R",)])
    def test_it_says_what_the_value_that_it_stands_for_says(self, under, more):
        """S by EUCAST is up to 2 mg/L."""
        letter = meant(COLI, "2026-06-08 meropenem S", *more, under=under)
        value = meant(COLI, "2026-06-08 meropenem <=2 mg/L", *more, under=under)
        assert (letter and (letter.status, letter.asks)) == (value and (value.status, value.asks))

    def test_it_is_unknown_under_a_cut_off_and_nobody_is_asked(self):
        found = meant(COLI, "2026-06-08 meropenem S", under="cut-off")
        assert (found.status, found.asks) == (CaseStatus.UNKNOWN, ())
        assert (
            carriages(
                view("2026-06-30 23:59", *reported(COLI, "2026-06-08 meropenem S")).timeline("TEST-1"), policy="manual"
            )
            == ()
        )

    def test_it_is_nothing_where_resistance_suspects_or_there_is_no_cut_off(self):
        assert meant(COLI, "2026-06-08 meropenem S", under="resistant") is None
        assert meant("pseudomonas-aeruginosa", "2026-06-08 meropenem S", under="cut-off") is None


def test_a_gene_that_was_sequenced_is_marked_no_weaker_than_one_by_pcr():
    marks = [
        meant("pseudomonas-aeruginosa", f"2026-06-09 {by} VIM-2 detected").answer.mark for by in ("sequencing", "pcr")
    ]
    assert marks == ["verified", "verified"]


class TestAReasonSaysWhatAValueWasReadBy:
    @pytest.mark.parametrize(
        ("organism", "says", "read_by"),
        [
            (KLEBSIELLA, "4 mg/L", "meropenem: 4 mg/L, above 2 mg/L (EUCAST v15, 2025)"),
            (KLEBSIELLA, "20 mm", "meropenem: 20 mm, below 22 mm (EUCAST v15, 2025)"),
            (KLEBSIELLA, "16 mg/L S", "meropenem: 16 mg/L, S by the laboratory, above 8 mg/L (EUCAST v15, 2025)"),
            ("pseudomonas-aeruginosa", "32 mg/L", "meropenem: 32 mg/L, above 2 mg/L (EUCAST, 2014)"),
        ],
    )
    def test_the_bound_the_table_and_its_year_and_that_it_is_no_interpretation(self, organism, says, read_by):
        """The bounds of EUCAST v15 for meropenem: not above 2 and above 8 mg/L, from 22 and below 16 mm."""
        assert f"{read_by}: a suspicion, no interpretation" in said(
            meant(organism, f"2026-06-08 meropenem {says}", under="resistant")
        )


class TestHowFarItWasChecked:
    @pytest.mark.parametrize(
        ("organism", "says", "mark"),
        [
            (KLEBSIELLA, "mcim detected", "verified"),
            (KLEBSIELLA, "mcim 12 mm", "verified"),
            (KLEBSIELLA, "mcim not detected", "unverified"),
            (KLEBSIELLA, "mcim 22 mm", "unverified"),
            (KLEBSIELLA, "wgs KPC detected", "verified"),
            (KLEBSIELLA, "wgs not detected", "unverified"),
            ("acinetobacter-baumannii", "cimtris not detected", "verified"),
        ],
    )
    def test_a_negative_is_not_as_sure_as_a_positive(self, organism, says, mark):
        assert meant(organism, f"2026-06-08 {says}").answer.mark == mark

    @pytest.mark.parametrize("species", ["Elizabethkingia", "Chryseobacterium", "stenotrophomonas-maltophilia"])
    def test_of_doripenem_no_list_says_that_resistance_is_expected(self, species):
        marks = {e.value: e.mark for e in expectations() if e.organism == species and e.about is About.ANTIBIOTIC}
        assert marks == {
            "ertapenem": "verified",
            "imipenem": "verified",
            "meropenem": "verified",
            "doripenem": "unverified",
        }

    def test_the_bound_of_2014_that_no_table_prints_is_not_called_read(self):
        """The table of 2014 gives imipenem for Enterobacterales, and not meropenem."""
        both = [
            cut_off(CutOffPurpose.CLINICAL, organisms()[COLI], antibiotic(drug), year=2015)
            for drug in ("imipenem", "meropenem")
        ]
        assert [cut and cut.mark for cut in both] == ["secondary", "unverified"]


class TestTheManual:
    PAGE = laboratory_page()

    def test_it_shows_the_bound_that_suspects_and_where_it_comes_from(self):
        (row,) = (
            one for one in self.PAGE.splitlines() if "| clinical | Enterobacterales | meropenem | 2 | 22 |" in one
        )
        assert row.startswith("| EUCAST v15 | 2025 |")
        assert "| 8 | 16 | EURL-AR and SSI" in row

    def test_no_confirmed_answer_rests_on_a_policy_that_does_not_say(self):
        confirmed = [one for one in self.PAGE.splitlines() if "**confirmed" in one]
        assert any("which the policy takes as confirmed" in one for one in confirmed)
        assert not any("does not say whether that confirms" in one for one in confirmed)

    def test_what_explains_a_positive_does_not_stand_beside_a_negative(self):
        found = meant(None, "2026-06-09 pcr KPC detected", "2026-06-11 culture not detected")
        assert "PCR-positive swabs are often negative in culture" in said(found)
        assert "not yet a carbapenemase" not in said(found)


class TestAVariantThatIsNotInTheList:
    @pytest.mark.parametrize(
        "says", ["wgs VIM-84 detected", "pcr KPC-99 detected, preliminary", "carba5 NDM-999 detected"]
    )
    def test_its_reason_says_so_and_is_unverified(self, says):
        found = meant(KLEBSIELLA, f"2026-06-09 {says}")
        assert f"{says.split()[1]}, a variant that is not in the list, detected" in said(found)
        assert found.answer.mark == "unverified"

    def test_one_that_is_and_a_family_alone_say_nothing_of_it(self):
        for says in ("wgs KPC-3 detected", "pcr KPC detected"):
            found = meant(KLEBSIELLA, f"2026-06-09 {says}")
            assert "not in the list" not in said(found)
            assert found.answer.mark == "verified"
