"""Faults that a review of the laboratory part found, each kept as an example; most stand in the laboratory chapter."""

from dataclasses import replace

import pytest
from builders import view
from manual.isolates import UNDER, Reported, rows

from ringfence.assess import Ask, identifications, sentences
from ringfence.record import CaseStatus, Result

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
