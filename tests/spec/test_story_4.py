"""Nine isolates in one morning's feed: what the results of each mean, day by day.

Everyone is made up. All were collected on 8 June 2026.
"""

import pytest
from builders import at, isolate, specimen, view, when

from ringfence.assess import Ask, Rules, identifications, sentences
from ringfence.policy import SuspectsOn
from ringfence.record import (
    CaseStatus,
    Comparator,
    Found,
    Interpretation,
    MeasuredIn,
    Result,
    ResultKind,
    ResultStatus,
)

US = Rules(suspects_on=frozenset({SuspectsOn.RESISTANT_TO_A_CARBAPENEM}))
EUCAST = Rules(suspects_on=frozenset({SuspectsOn.SCREENING_CUTOFF}))
BOTH = Rules(suspects_on=frozenset(SuspectsOn))


def mic(drug, value, sign=None, letter=None, on="2026-06-08 18:00"):
    return Result(
        result_id=f"{drug}-{on}",
        specimen_id="SP",
        isolate_id="IS",
        kind=ResultKind.SUSCEPTIBILITY,
        antibiotic=drug,
        comparator=sign,
        value=value,
        unit=MeasuredIn.MG_PER_L,
        interpretation=Interpretation(letter) if letter else None,
        status=ResultStatus.FINAL,
        reported=when(on),
    )


def found_by(method, on, kind=ResultKind.GENE, enzyme=None, found=Found.DETECTED, **more):
    return Result(
        result_id=f"{method}-{enzyme}-{on}",
        specimen_id="SP",
        isolate_id="IS",
        kind=kind,
        analyte=enzyme,
        found=found,
        method=method,
        status=ResultStatus.FINAL,
        reported=when(on),
        **more,
    )


def not_found_by(method, on, kind=ResultKind.GENE, enzyme=None):
    return found_by(method, on, kind, enzyme, Found.NOT_DETECTED)


def zone_of(method, mm, on):
    return found_by(method, on, ResultKind.ACTIVITY, found=None, value=float(mm), unit=MeasuredIn.MM)


def seen(organism, kind, *results, as_of, rules=US):
    rows = (specimen("SP", "TEST-1", "2026-06-08 09:00", kind), isolate("IS", "SP", organism), *results)
    found = identifications(view(f"{as_of} 23:00", *rows).timeline("TEST-1"), rules=lambda _: rules, policy="test")
    return found[0] if found else None


class TestTheProteusWithARaisedImipenem:
    results = (mic("imipenem", 8), mic("meropenem", 0.06), mic("ertapenem", 0.016))

    @pytest.mark.parametrize("rules", [US, EUCAST, BOTH])
    def test_imipenem_alone_is_how_proteus_is_so_nothing_is_suspected(self, rules):
        assert seen("proteus-mirabilis", "urine", *self.results, as_of="2026-06-08", rules=rules) is None


class TestThePseudomonasThatErtapenemDoesNotReach:
    results = (mic("ertapenem", None, letter="R"), mic("meropenem", 1))

    @pytest.mark.parametrize("rules", [US, EUCAST, BOTH])
    def test_ertapenem_is_expected_to_fail_so_nothing_is_suspected(self, rules):
        assert seen("pseudomonas-aeruginosa", "sputum", *self.results, as_of="2026-06-08", rules=rules) is None


class TestTheStenotrophomonasInBlood:
    results = (
        mic("meropenem", None, letter="R"),
        mic("imipenem", None, letter="R"),
        found_by("mbl_strip", "2026-06-09 10:00", ResultKind.ACTIVITY),
    )

    def test_its_metallo_enzyme_is_chromosomal_so_it_is_not_a_cpo_and_the_reason_is_marked(self):
        one = seen("stenotrophomonas-maltophilia", "blood", *self.results, as_of="2026-06-09")
        assert one.status is CaseStatus.NOT_A_CPO
        assert one.answer.mark == "unverified"


class TestTheAcinetobacterWithItsOwnOxa:
    def test_its_species_marker_makes_no_carrier(self):
        results = (mic("meropenem", 0.5), found_by("pcr", "2026-06-09 10:00", enzyme="OXA-51-like"))
        one = seen("acinetobacter-baumannii", "wound", *results, as_of="2026-06-09")
        assert one is None or one.status is CaseStatus.NOT_A_CPO


class TestTheAcinetobacterAndTheImpThatWasNone:
    results = (
        mic("meropenem", 32),
        found_by("carba5", "2026-06-09 10:00", ResultKind.PROTEIN, "IMP"),
        found_by("wgs", "2026-06-15 10:00", enzyme="OXA-23"),
        not_found_by("wgs", "2026-06-15 10:00", enzyme="IMP"),
    )

    def test_a_test_outside_its_validity_raises_a_suspicion_and_says_what_would_settle_it(self):
        one = seen("acinetobacter-baumannii", "sputum", *self.results, as_of="2026-06-09")
        assert (one.status, one.enzymes) == (CaseStatus.SUSPECT, ())
        assert Ask.CONFIRM in one.asks
        assert "carba5-IMP-2026-06-09 10:00" in {
            key.removeprefix("results:") for r in one.answer.reasons for key in r.facts
        }

    def test_sequencing_names_the_gene_and_imp_never_enters_the_list(self):
        one = seen("acinetobacter-baumannii", "sputum", *self.results, as_of="2026-06-15")
        assert (one.status, one.families) == (CaseStatus.CONFIRMED, ("OXA-23-like",))
        assert "IMP" not in "".join(one.enzymes)


class TestTheColiThatTookFiveDays:
    results = (
        mic("meropenem", 0.25, Comparator.AT_MOST),
        mic("ertapenem", 2),
        not_found_by("carba_np", "2026-06-10 10:00", ResultKind.ACTIVITY),
        zone_of("mcim", 17, "2026-06-11 10:00"),
        zone_of("mcim", 14, "2026-06-12 10:00"),
        found_by("pcr", "2026-06-13 10:00", enzyme="OXA-48-like"),
    )

    def on(self, day, rules=US):
        return seen("escherichia-coli", "urine", *self.results, as_of=f"2026-06-{day:02}", rules=rules)

    def test_resistance_to_a_carbapenem_suspects(self):
        assert self.on(9).status is CaseStatus.SUSPECT

    def test_a_value_that_cannot_be_placed_against_the_cut_off_is_unknown(self):
        assert self.on(9, EUCAST).status is CaseStatus.UNKNOWN

    def test_a_negative_that_misses_one_in_five_closes_nothing(self):
        assert self.on(10).status is CaseStatus.SUSPECT

    def test_an_indeterminate_zone_leaves_it_suspect(self):
        assert self.on(11).status is CaseStatus.SUSPECT

    def test_activity_confirms_without_a_name_and_the_conflict_is_shown(self):
        one = self.on(12)
        assert (one.status, one.enzymes) == (CaseStatus.CONFIRMED, ())
        assert one.conflicts

    def test_the_gene_gives_it_its_name(self):
        one = self.on(13)
        assert (one.status, one.enzymes) == (CaseStatus.CONFIRMED, ("OXA-48-like",))

    def test_the_case_keeps_its_first_date_throughout(self):
        assert {self.on(day).specimen.collected.at for day in (9, 10, 11, 12, 13)} == {at("2026-06-08 09:00")}


class TestTheKlebsiellaOutsideThePanel:
    def test_activity_confirms_what_five_genes_missed_and_sequencing_is_asked_for(self):
        results = (
            mic("meropenem", 4),
            not_found_by("pcr_5", "2026-06-09 10:00"),
            zone_of("mcim", 8, "2026-06-10 10:00"),
        )
        one = seen("klebsiella-pneumoniae", "rectal_swab", *results, as_of="2026-06-10")
        assert (one.status, one.enzymes) == (CaseStatus.CONFIRMED, ())
        assert Ask.SEQUENCE in one.asks
        before = seen("klebsiella-pneumoniae", "rectal_swab", *results, as_of="2026-06-09")
        assert before.status is CaseStatus.SUSPECT
        assert Ask.SEQUENCE in before.asks


class TestTheKlebsiellaThatNobodyTested:
    def test_it_is_suspect_and_the_laboratory_is_asked_to_confirm(self):
        one = seen("klebsiella-pneumoniae", "urine", mic("meropenem", 16), as_of="2026-06-08")
        assert (one.status, one.asks) == (CaseStatus.SUSPECT, (Ask.CONFIRM,))


class TestTheSerratiaThatMayHaveItsOwn:
    results = (
        mic("imipenem", 16),
        mic("meropenem", 8),
        mic("ceftriaxone", 0.25),
        *(
            not_found_by("carba5", "2026-06-09 10:00", ResultKind.PROTEIN, e)
            for e in ("KPC", "NDM", "VIM", "IMP", "OXA-48-like")
        ),
    )

    def test_it_is_suspect_and_may_be_the_enzyme_of_its_chromosome(self):
        one = seen("serratia-marcescens", "blood", *self.results, as_of="2026-06-09")
        assert one.status is CaseStatus.SUSPECT
        assert "SME" in sentences(one.answer.reasons)

    def test_whether_it_counts_is_the_policys(self):
        gene = found_by("wgs", "2026-06-12 10:00", enzyme="SME")
        one = seen("serratia-marcescens", "blood", *self.results, gene, as_of="2026-06-12")
        assert one.status is CaseStatus.SUSPECT
        counted = Rules(suspects_on=US.suspects_on, chromosomal_counts=frozenset({"SME"}))
        one = seen("serratia-marcescens", "blood", *self.results, gene, as_of="2026-06-12", rules=counted)
        assert (one.status, one.enzymes) == (CaseStatus.CONFIRMED, ("SME",))
