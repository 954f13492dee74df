"""What was left of the faults that a review of the laboratory part found, each kept as an example."""

from dataclasses import replace

import pytest
from builders import gene, isolate, specimen, view, when
from manual.isolates import UNDER, Reported, rows

from ringfence.assess import Ask, carriages, identifications, sentences
from ringfence.record import CaseStatus, Found, Result, ResultKind, ResultStatus

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
