"""What results mean: every isolate of the laboratory chapter of the manual, and every answer there."""

import pytest
from manual.isolates import UNDER, every, identified
from manual.laboratory import SECTIONS

from ringfence.assess import sentences

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
