"""What results mean: every isolate of the laboratory chapter of the manual, and every answer there."""

from dataclasses import replace

import pytest
from builders import when
from manual.isolates import UNDER, every, identified
from manual.laboratory import SECTIONS

from ringfence.assess import sentences
from ringfence.record import Found, Result, ResultKind, ResultStatus

EVERY = every(SECTIONS)


@pytest.mark.parametrize(("reported", "answer"), EVERY, ids=[f"{r.title}, {a.on}, {a.under}" for r, a in EVERY])
def test_the_isolate_means_what_the_manual_says(reported, answer):
    found = identified(reported, answer)
    if answer.status is None:
        assert found is None
        return
    assert (found.status.value, "; ".join(found.enzymes)) == (answer.status, answer.enzymes)
    assert ", ".join(ask.name.lower() for ask in found.asks) == answer.asks
    assert answer.because in sentences(found.answer.reasons)
    assert bool(found.conflicts) is answer.disagree


def test_every_kind_of_policy_is_shown():
    assert {answer.under for _, answer in EVERY} == set(UNDER)


def test_every_answer_rests_on_reasons_and_facts():
    for reported, answer in EVERY:
        found = identified(reported, answer)
        if found:
            assert found.answer.reasons
            assert all(reason.facts or reason.code in ("looks_like", "gene_alone", "gene_alone_open",
                       "chromosomal_counts", "culture_awaited") for reason in found.answer.reasons)  # fmt: skip


@pytest.mark.parametrize("found", [Found.NOT_DETECTED, Found.INVALID])
@pytest.mark.parametrize(("reported", "answer"), EVERY, ids=[f"{r.title}, {a.on}, {a.under}" for r, a in EVERY])
def test_a_test_that_is_valid_for_nothing_changes_nothing(reported, answer, found):
    """A protein test whose method is in no list, and that found nothing."""
    extra = Result(
        result_id="EXTRA",
        specimen_id="SP-TEST-1",
        isolate_id="IS-TEST-1" if reported.organism else None,
        kind=ResultKind.PROTEIN,
        method="a method of no list",
        found=found,
        status=ResultStatus.FINAL,
        reported=when(f"{reported.says[0][:10]} 11:00"),
    )
    one, other = identified(reported, answer), identified(reported, answer, extra)
    assert (one is None) is (other is None)
    if one:
        assert (one.status, one.enzymes, one.shown, one.conflicts) == (
            other.status,
            other.enzymes,
            other.shown,
            other.conflicts,
        )


@pytest.mark.parametrize(("reported", "answer"), EVERY, ids=[f"{r.title}, {a.on}, {a.under}" for r, a in EVERY])
def test_the_order_in_which_reports_stand_changes_nothing(reported, answer):
    turned = replace(reported, says=tuple(reversed(reported.says)))
    one, other = identified(reported, answer), identified(turned, answer)
    assert (one and (one.status, set(one.enzymes), one.asks)) == (
        other and (other.status, set(other.enzymes), other.asks)
    )
