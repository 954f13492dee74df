"""Susceptibility, activity, protein and typing results are facts that change no answer yet."""

import pytest
from builders import admission, all_no, answer, gene, specimen, view

from ringfence.assess import Outcome, admission_screen, carriages, is_read, screening
from ringfence.chain import has_readable_results
from ringfence.policy import load_policy
from ringfence.record import AnswerWord, Found, Question, ResultKind

UNREAD = [ResultKind.SUSCEPTIBILITY, ResultKind.ACTIVITY, ResultKind.PROTEIN, ResultKind.TYPING]
ADMITTED = admission("TEST-1", "2026-03-15 11:00")
ABROAD = [answer(ADMITTED, Question.REFUGEE_RECEPTION, AnswerWord.YES), *all_no(ADMITTED, Question.REFUGEE_RECEPTION)]
SWAB = specimen("SP-1", "TEST-1", "2026-03-15 13:00")


def outcome(*results):
    timeline = view("2026-03-20 12:00", ADMITTED, *ABROAD, SWAB, *results).timeline("TEST-1")
    policy = load_policy("nl")
    return admission_screen(timeline, ADMITTED, screening(timeline, ADMITTED, policy=policy, carriages=())).outcome


def unread(kind, found, enzyme="KPC"):
    return gene("R-9", "SP-1", enzyme, kind=kind, found=found)


def test_rules_read_genes_and_cultures_and_nothing_else():
    assert [kind for kind in ResultKind if is_read(gene("R", "S", "KPC", kind=kind))] == ["gene", "culture"]


@pytest.mark.parametrize("found", [*Found, None])
@pytest.mark.parametrize("kind", UNREAD)
def test_a_result_that_is_not_read_makes_no_carrier(kind, found):
    timeline = view("2026-03-20 12:00", SWAB, unread(kind, found)).timeline("TEST-1")
    assert carriages(timeline, policy="") == ()


@pytest.mark.parametrize("found", [*Found, None])
@pytest.mark.parametrize("kind", UNREAD)
def test_a_result_that_is_not_read_leaves_a_screen_pending_and_changes_no_other(kind, found):
    assert outcome(unread(kind, found)) is Outcome.PENDING
    culture = gene("R-1", "SP-1", None, kind=ResultKind.CULTURE)
    assert outcome(culture, unread(kind, found)) is outcome(culture) is Outcome.NOT_DETECTED
    assert outcome(gene("R-1", "SP-1", "NDM"), unread(kind, found)) is Outcome.DETECTED


@pytest.mark.parametrize("kind", UNREAD)
def test_with_only_such_results_it_stays_unknown_who_carries(kind):
    assert not has_readable_results(view("2026-03-20 12:00", SWAB, unread(kind, Found.DETECTED)))
    assert has_readable_results(view("2026-03-20 12:00", SWAB, gene("R-1", "SP-1", None)))
