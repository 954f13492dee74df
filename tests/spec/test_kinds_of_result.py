"""Which results settle a screen, which only raise a suspicion, and which change no answer."""

import pytest
from builders import admission, all_no, answer, gene, isolate, specimen, view

from ringfence.assess import Outcome, admission_screen, carriages, is_read, screening
from ringfence.chain import has_readable_results
from ringfence.policy import load_policy
from ringfence.record import AnswerWord, CaseStatus, Found, Interpretation, Question, ResultKind

ADMITTED = admission("TEST-1", "2026-03-15 11:00")
ABROAD = [answer(ADMITTED, Question.REFUGEE_RECEPTION, AnswerWord.YES), *all_no(ADMITTED, Question.REFUGEE_RECEPTION)]
SWAB = specimen("SP-1", "TEST-1", "2026-03-15 13:00")
GREW = isolate("IS-1", "SP-1")
SILENT = [ResultKind.SUSCEPTIBILITY, ResultKind.TYPING]


def outcome(*results):
    timeline = view("2026-03-20 12:00", ADMITTED, *ABROAD, SWAB, GREW, *results).timeline("TEST-1")
    policy = load_policy("nl")
    return admission_screen(timeline, ADMITTED, screening(timeline, ADMITTED, policy=policy, carriages=())).outcome


def status(*results):
    found = carriages(view("2026-03-20 12:00", SWAB, GREW, *results).timeline("TEST-1"), policy="")
    return [(c.family, c.answer.status) for c in found]


def of(kind, found, enzyme="KPC", **more):
    return gene("R-9", "SP-1", enzyme, kind=kind, found=found, **more)


def test_rules_read_every_kind_but_types():
    assert {kind for kind in ResultKind if not is_read(gene("R", "S", "KPC", kind=kind))} == {ResultKind.TYPING}


@pytest.mark.parametrize("found", [*Found, None])
def test_a_type_makes_no_carrier(found):
    assert status(of(ResultKind.TYPING, found)) == []


@pytest.mark.parametrize("found", [*Found, None])
@pytest.mark.parametrize("kind", SILENT)
def test_susceptibility_and_types_leave_a_screen_pending_and_change_no_other(kind, found):
    assert outcome(of(kind, found)) is Outcome.PENDING
    culture = gene("R-1", "SP-1", None, kind=ResultKind.CULTURE)
    assert outcome(culture, of(kind, found)) is outcome(culture) is Outcome.NOT_DETECTED
    assert outcome(gene("R-1", "SP-1", "NDM"), of(kind, found)) is Outcome.DETECTED


def test_a_protein_in_an_isolate_of_the_screen_is_a_detection():
    seen = of(ResultKind.PROTEIN, Found.DETECTED, "KPC", method="carba5", isolate_id="IS-1")
    assert outcome(seen) is Outcome.DETECTED
    assert status(seen) == [("KPC", CaseStatus.CONFIRMED)]


def test_a_protein_in_the_swab_itself_is_a_suspicion():
    seen = of(ResultKind.PROTEIN, Found.DETECTED, "KPC", method="carba5")
    assert outcome(seen) is Outcome.GREW
    assert status(seen) == [("unidentified", CaseStatus.SUSPECT)]


def test_activity_that_a_valid_test_shows_is_a_carbapenemase_without_a_name():
    shown = of(ResultKind.ACTIVITY, Found.DETECTED, None, method="mcim", isolate_id="IS-1")
    assert outcome(shown) is Outcome.DETECTED
    assert status(shown) == [("unidentified", CaseStatus.CONFIRMED)]


def test_what_grew_and_has_no_activity_is_ruled_out_and_counts_as_a_negative_screen():
    grew = gene("R-1", "SP-1", None, kind=ResultKind.CULTURE, found=Found.DETECTED)
    none = of(ResultKind.ACTIVITY, Found.NOT_DETECTED, None, method="mcim", isolate_id="IS-1")
    assert outcome(grew) is Outcome.GREW
    assert outcome(grew, none) is Outcome.RULED_OUT


def test_a_negative_test_of_an_isolate_alone_settles_no_screen():
    none = of(ResultKind.PROTEIN, Found.NOT_DETECTED, None, method="carba5", isolate_id="IS-1")
    assert outcome(none) is Outcome.PENDING


def test_a_resistant_letter_suspects_and_a_susceptible_one_does_not():
    def letter(word):
        return of(ResultKind.SUSCEPTIBILITY, None, None, antibiotic="meropenem", interpretation=word, isolate_id="IS-1")

    assert status(letter(Interpretation.R)) == [("unidentified", CaseStatus.SUSPECT)]
    assert status(letter(Interpretation.S)) == []


def test_with_types_only_it_stays_unknown_who_carries():
    assert not has_readable_results(view("2026-03-20 12:00", SWAB, of(ResultKind.TYPING, Found.DETECTED)))
    assert has_readable_results(view("2026-03-20 12:00", SWAB, gene("R-1", "SP-1", None)))
