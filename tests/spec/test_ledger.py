"""The screening ledger: one row for each decision, how far each screen got, and how long it took."""

import pytest
from builders import admission, all_no, answer, gene, precautions_on, specimen, view, when

from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import (
    AnswerWord,
    EncounterKind,
    Order,
    OrderStatus,
    PatientId,
    Question,
    ResultKind,
    ScreenStep,
    Verdict,
)

NL, ECDC = load_policy("nl"), load_policy("ecdc")
ADMITTED = admission("TEST-1", "2026-03-15 11:00")
AT_RISK = [answer(ADMITTED, Question.REFUGEE_RECEPTION, AnswerWord.YES), *all_no(ADMITTED, Question.REFUGEE_RECEPTION)]


def line(*rows, as_of="2026-03-18 12:00", policy=NL):
    (found,) = analyze(view(as_of, ADMITTED, *AT_RISK, *rows), policy).ledger
    return found


def order(status, at):
    return Order(order_id="O", patient_id=PatientId("TEST-1"), status=status, happened=when(at))


def swab(**more):
    return specimen("S", "TEST-1", "2026-03-15 14:45", **more)


CULTURE = gene("R", "S", None, "2026-03-17 09:00", kind=ResultKind.CULTURE)


@pytest.mark.parametrize(
    ("rows", "step"),
    [
        ([], None),
        ([order(OrderStatus.PROPOSED, "2026-03-15 11:05")], ScreenStep.PROPOSED),
        ([order(OrderStatus.ORDERED, "2026-03-15 11:10")], ScreenStep.ORDERED),
        ([order(OrderStatus.REFUSED, "2026-03-15 12:00")], ScreenStep.REFUSED),
        ([order(OrderStatus.UNABLE, "2026-03-15 12:00")], ScreenStep.UNABLE),
        ([swab()], ScreenStep.COLLECTED),
        ([swab(received=when("2026-03-15 17:00"))], ScreenStep.RECEIVED),
        ([swab(rejected=when("2026-03-15 18:00"))], ScreenStep.REJECTED),
        ([swab(received=when("2026-03-15 17:00")), CULTURE], ScreenStep.RESULTED),
    ],
)
def test_it_says_how_far_the_screen_got(rows, step):
    assert line(*rows).step is step


def test_who_left_without_a_screen_left():
    gone = admission("TEST-1", "2026-03-15 11:00", "2026-03-15 20:00")
    (found,) = analyze(view("2026-03-18 12:00", gone, *AT_RISK), NL).ledger
    assert found.step is ScreenStep.LEFT


def test_it_says_when_the_screen_was_ordered_received_and_how_long_it_took():
    found = line(order(OrderStatus.ORDERED, "2026-03-15 11:10"), swab(received=when("2026-03-15 17:00")))
    assert (found.ordered, found.received) == (when("2026-03-15 11:10"), when("2026-03-15 17:00"))
    assert found.hours_to_collect == 3.75


def test_hours_are_never_made_up_from_days():
    assert line(specimen("S", "TEST-1", "2026-03-15")).hours_to_collect is None


def test_precautions_while_it_is_pending_are_told_with_their_beginning():
    assert line().isolated is None
    assert line(precautions_on("TEST-1", "2026-03-15 13:00")).isolated == when("2026-03-15 13:00")
    assert line(precautions_on("TEST-1", "2026-01-01 13:00", "2026-01-05 13:00")).isolated is None


def test_a_series_that_goes_on_has_a_row_for_each_interval_and_each_is_answered_for_itself():
    """Sessions since 3 June 2024, asked every six months; the swab of December 2025 answers the last."""
    series = admission("TEST-D", "2024-06-03 08:00", kind=EncounterKind.DIALYSIS, recurring=True)
    dialysis = ECDC.clause("ecdc-adm-2")
    half = load_policy("us").clause("us-cle-2").then.propose_when.since_last_positive
    changed = dialysis.model_copy(update={"then": dialysis.then.model_copy(update={"every": half})})
    clauses = tuple(changed if c.id == changed.id else c for c in ECDC.admission)
    kept = ECDC.file.clauses.model_copy(update={"admission": clauses})
    policy = type(ECDC)(ECDC.file.model_copy(update={"clauses": kept}), "again", ECDC.path)
    swabbed = [
        specimen("S", "TEST-D", "2025-12-10 09:00"),
        gene("R", "S", None, "2025-12-12 09:00", kind=ResultKind.CULTURE),
    ]
    ledger = analyze(view("2026-03-15 15:00", series, *swabbed), policy).ledger
    assert [(str(row.start.on), row.at_risk, row.step) for row in ledger] == [
        ("2024-06-03", Verdict.YES, None),
        ("2024-12-03", Verdict.YES, None),
        ("2025-06-03", Verdict.YES, None),
        ("2025-12-03", Verdict.YES, ScreenStep.RESULTED),
    ]
    assert ledger[-1].outcome == "not detected 2025-12-12"
