"""Who is screened on admission: story by story, under the Dutch policy."""

from builders import admission, all_no, answer, at, gene, specimen, view
from hypothesis import given
from hypothesis import strategies as st

from ringfence.assess import Why, carriages, screening
from ringfence.chain import run_cases
from ringfence.policy import load_cases, load_policy
from ringfence.record import AnswerWord, Declaration, DeclarationKind, Question, Verdict, When
from ringfence.vocabulary import Mark

NL = load_policy("nl")
DESK = admission("TEST-1", "2026-03-15 11:00")
NOW = "2026-03-15 12:00"


def verdict(*rows, encounter=DESK, as_of=NOW, policy=NL):
    timeline = view(as_of, encounter, *rows).timeline("TEST-1")
    return screening(timeline, encounter, policy=policy, carriages=carriages(timeline, policy=policy.digest))


def test_every_case_beside_the_policy_gives_its_right_answer():
    results = run_cases(NL, load_cases(NL))
    assert len(results) >= 10
    assert [(r.case.name, r.wrong) for r in results if r.wrong] == []


def test_a_case_that_is_wrong_is_reported_as_wrong():
    case = next(c for c in load_cases(NL) if c.name.startswith("1d"))
    wrong = case.model_copy(update={"expect": case.expect.model_copy(update={"at_risk": Verdict.YES})})
    (result,) = run_cases(NL, (wrong,))
    assert result.wrong == ("at_risk is NO; right is YES",)


def test_nothing_asked_is_unknown_and_names_all_five_questions():
    found = verdict()
    assert found.status is Verdict.UNKNOWN
    assert [m.clause for m in found.missing] == ["nl-adm-1", "nl-adm-2", "nl-adm-3", "nl-adm-4", "nl-adm-5"]


def test_an_answer_unknown_is_not_an_answer_no():
    asked = [answer(DESK, q, AnswerWord.UNKNOWN) for q in Question]
    assert verdict(*asked).status is Verdict.UNKNOWN
    assert verdict(*all_no(DESK)).status is Verdict.NO


def test_a_verdict_rests_on_verified_clauses_and_says_which_text_of_the_policy():
    found = verdict(*all_no(DESK))
    assert (found.mark, found.policy, found.next_change) == (Mark.VERIFIED, NL.digest, None)


def test_an_unverified_clause_cannot_settle_a_no():
    clauses = NL.file.clauses
    doubted = clauses.admission[0].model_copy(update={"mark": Mark.SECONDARY})
    file = NL.file.model_copy(
        update={"clauses": clauses.model_copy(update={"admission": (doubted, *clauses.admission[1:])})}
    )
    policy = type(NL)(file, "doubted", NL.path)
    found = verdict(*all_no(DESK), policy=policy)
    assert found.status is Verdict.UNKNOWN
    assert Why.CLAUSE_NOT_VERIFIED in [r.code for r in found.reasons]


def test_care_after_the_admission_is_a_date_to_check_and_not_a_no():
    abroad = answer(
        DESK, Question.CARE_ABROAD, AnswerWord.YES, start="2026-03-20", end="2026-03-22", procedure=AnswerWord.YES
    )
    assert verdict(abroad, *all_no(DESK, Question.CARE_ABROAD)).status is Verdict.UNKNOWN


def test_one_of_several_stays_abroad_is_enough():
    old = answer(
        DESK, Question.CARE_ABROAD, AnswerWord.YES, start="2024-01-01", end="2024-01-03", procedure=AnswerWord.NO
    )
    new = answer(
        DESK, Question.CARE_ABROAD, AnswerWord.YES, start="2026-03-01", end="2026-03-09", procedure=AnswerWord.NO
    )
    assert verdict(old, new, *all_no(DESK, Question.CARE_ABROAD)).status is Verdict.YES


def outbreak(declaration, kind, day):
    return Declaration(
        declaration_id=declaration, kind=kind, facility_id="Oak", ward="Zuid 4", declared_by="infection prevention",
        declared=When(at=at(day)),
    )  # fmt: skip


def test_an_outbreak_closed_before_the_admission_asks_for_nothing_by_itself():
    encounter = admission("TEST-1", "2026-03-15 11:00", from_facility="Oak", from_ward="Zuid 4")
    opened = outbreak("D1", DeclarationKind.OUTBREAK_OPEN, "2026-02-01 09:00")
    closed = outbreak("D2", DeclarationKind.OUTBREAK_CLOSED, "2026-03-01 09:00")
    assert verdict(opened, *all_no(encounter), encounter=encounter).status is Verdict.YES
    assert verdict(opened, closed, *all_no(encounter), encounter=encounter).status is Verdict.NO


def test_an_outbreak_declared_after_the_admission_was_not_known_at_it():
    encounter = admission("TEST-1", "2026-03-15 11:00", from_facility="Oak", from_ward="Zuid 4")
    later = outbreak("D1", DeclarationKind.OUTBREAK_OPEN, "2026-03-15 11:30")
    assert verdict(later, *all_no(encounter), encounter=encounter).status is Verdict.NO


def test_a_known_carrier_is_handled_directly():
    before = specimen("S", "TEST-1", "2026-02-01 10:00")
    found = verdict(before, gene("R", "S", "KPC"), *all_no(DESK))
    assert found.status is Verdict.YES
    assert [r.code for r in found.reasons] == [Why.KNOWN_CARRIER]


def test_a_suspicion_does_not_stand_in_for_the_questions():
    before = specimen("S", "TEST-1", "2026-02-01 10:00")
    assert verdict(before, gene("R", "S", "GES-1"), *all_no(DESK)).status is Verdict.NO


ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(list(Question)),
        st.sampled_from(list(AnswerWord)),
        st.sampled_from([None, "2024-06-01", "2025-06-01", "2026-01-15", "2026-02-20"]),
        st.sampled_from([None, *AnswerWord]),
    ),
    max_size=5,
)


def rows_of(answers):
    for n, (question, word, ended, procedure) in enumerate(answers):
        extra = {"end": ended} if ended else {}
        made = answer(DESK, question, word, procedure=procedure, **extra)
        yield type(made)(**{f: getattr(made, f) for f in made.__dataclass_fields__} | {"answer_id": f"A{n}"})


@given(ANSWERS, st.data())
def test_removing_an_answer_never_turns_unknown_into_no(answers, data):
    rows = list(rows_of(answers))
    whole = verdict(*rows)
    if not rows:
        return
    out = data.draw(st.integers(0, len(rows) - 1))
    less = verdict(*rows[:out], *rows[out + 1 :])
    # Taking away one YES of several to a question may leave a NO beside it; that is a change of what was said.
    same_question = [r for r in rows if r.question is rows[out].question]
    if len(same_question) == 1:
        assert not (whole.status is Verdict.UNKNOWN and less.status is Verdict.NO)


@given(ANSWERS)
def test_every_random_history_has_an_answer_with_reasons(answers):
    found = verdict(*rows_of(answers))
    assert found.reasons
    assert (
        found.status is not Verdict.UNKNOWN
        or found.missing
        or any(r.code in (Why.ON_A_HOLE, Why.DATE_IN_FUTURE) for r in found.reasons)
    )


@given(ANSWERS)
def test_the_order_of_answers_changes_nothing(answers):
    rows = list(rows_of(answers))
    assert verdict(*rows).status is verdict(*reversed(rows)).status
