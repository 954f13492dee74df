"""The kinds of clause beside admission: what each accepts, refuses and works out."""

from datetime import date, timedelta

import pytest
from builders import admission, all_no, stay, view
from hypothesis import given
from hypothesis import strategies as st

from ringfence.assess import Admission, judge
from ringfence.policy import (
    Condition,
    ContactClass,
    FromLastExposure,
    Meeting,
    PolicyError,
    Who,
    Within,
    describe_differences,
    describe_questions,
    differences,
    due_on,
    holes,
    load_policy,
    questionnaire,
    rule_of,
    still_owed,
    takes_in,
    to_end,
)
from ringfence.record import Question, Truth
from ringfence.vocabulary import Mark, shipped

US = shipped("policies", "us.yaml").read_text(encoding="utf-8")
EXPOSED = date(2026, 2, 8)
DAYS = st.lists(st.integers(-5, 60).map(lambda n: EXPOSED + timedelta(days=n)), max_size=8)
ONTARIO = FromLastExposure(sets=3, one_on_or_after_day=21)


def complaint(tmp_path, old, new, at):
    assert old in US
    text = US.replace(old, new, 1)
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as wrong:
        load_policy(str(path))
    line = next(n for n, one in enumerate(text.splitlines(), start=1) if at in one)
    assert f"wrong.yaml:{line}: " in str(wrong.value), str(wrong.value)
    return str(wrong.value)


def test_an_unknown_organism_is_refused_and_the_nearest_named(tmp_path):
    told = complaint(tmp_path, "pseudomonas-aeruginosa", "pseudomonas-aeruginos", "pseudomonas-aeruginos,")
    assert "Did you mean `pseudomonas-aeruginosa`?" in told


def test_a_word_that_is_not_in_the_list_shows_the_list(tmp_path):
    told = complaint(tmp_path, "gene_without_organism: confirmed", "gene_without_organism: sure", ": sure")
    assert "confirmed" in told
    assert "probable" in told


def test_an_identification_clause_left_open_says_what_it_is_about(tmp_path):
    told = complaint(tmp_path, "      about: counting_unit\n", "", "id: us-ide-unit")
    assert "say what it is `about`" in told
    assert "counting_unit" in told


def test_an_outbreak_clause_about_one_thing_does_not_say_another(tmp_path):
    told = complaint(tmp_path, "      about: end\n", "      about: declare\n", "id: us-out-2")
    assert "Let the two agree" in told


def test_a_draft_says_so_in_its_title(tmp_path):
    told = complaint(tmp_path, "Draft: United States", "United States", "title: ")
    assert "does not say that it is a draft" in told


def test_an_overlap_says_how_it_is_counted(tmp_path):
    path = tmp_path / "overlap.yaml"
    overlap = "classes: [ward]\n        overlap: {at_least: 3 days}"
    path.write_text(US.replace("classes: [ward]", overlap, 1), encoding="utf-8")
    with pytest.raises(PolicyError, match="counted: cumulative"):
        load_policy(str(path))


def test_criteria_that_ask_for_spacing_ask_for_at_least_two_negatives(tmp_path):
    path = tmp_path / "apart.yaml"
    path.write_text(US.replace("negatives: 2, apart: 7 days", "negatives: 1, apart: 7 days"), encoding="utf-8")
    with pytest.raises(PolicyError, match="negatives: 2"):
        load_policy(str(path))


def test_a_hole_between_hours_of_contact_is_found(tmp_path):
    one = "classes: [same room]\n        overlap: {less_than: 8 hours}\n        counted: cumulative"
    other = "classes: [same room]\n        overlap: {more_than: 8 hours}\n        counted: cumulative"
    text = US.replace("classes: [same room]", one).replace("classes: [ward]", other)
    path = tmp_path / "hours.yaml"
    path.write_text(text, encoding="utf-8")
    (hole,) = holes(load_policy(str(path)))
    assert (hole.predicate, str(hole.value)) == ("contact: same room", "8 hours")


class TestContacts:
    WARD = Who(classes=[ContactClass.WARD], overlap={"at_least": "24 hours"}, counted="cumulative")
    MEETING = Who(classes=[ContactClass.WARD], overlap={"at_least": "24 hours"}, counted="per meeting")
    NEXT = Who(classes=[ContactClass.SAME_BED_AFTER], next_occupant_within="2 days")

    def test_hours_count_in_all_or_meeting_by_meeting(self):
        twice = Meeting(ContactClass.WARD, hours=30, longest=15)
        assert (takes_in(self.WARD, twice), takes_in(self.MEETING, twice)) == (Truth.YES, Truth.NO)

    def test_hours_that_are_not_known_are_no_no(self):
        assert takes_in(self.WARD, Meeting(ContactClass.WARD)) is Truth.UNKNOWN

    def test_the_next_occupant_counts_within_some_days(self):
        def after(days):
            return takes_in(self.NEXT, Meeting(ContactClass.SAME_BED_AFTER, days_after=days))

        assert [after(0.1), after(2), after(2.1), after(None)] == [Truth.YES, Truth.YES, Truth.NO, Truth.UNKNOWN]

    def test_time_under_precautions_is_open_unless_the_clause_says(self):
        protected = Meeting(ContactClass.WARD, hours=30, index_under_precautions=True)
        assert takes_in(self.WARD, protected) is Truth.UNKNOWN
        not_counted = self.WARD.model_copy(update={"index_under_precautions": "does not count"})
        assert takes_in(not_counted, protected) is Truth.NO


class TestFromLastExposure:
    """Three sets on different days, one on or after day 21; the last exposure was on 2026-02-08."""

    def test_one_negative_after_day_21_leaves_two_owed(self):
        left = still_owed(ONTARIO, last_exposure=EXPOSED, done=[date(2026, 3, 10)])
        assert (left.screens, left.from_day, left.late) == (2, None, False)

    def test_day_20_is_not_day_21(self):
        left = still_owed(
            ONTARIO, last_exposure=date(2026, 2, 11), done=[date(2026, 2, 12), date(2026, 2, 19), date(2026, 3, 3)]
        )
        assert (left.screens, left.from_day) == (1, date(2026, 3, 4))

    @given(DAYS, DAYS)
    def test_one_more_screen_never_makes_more_owed(self, some, more):
        before = still_owed(ONTARIO, last_exposure=EXPOSED, done=some)
        after = still_owed(ONTARIO, last_exposure=EXPOSED, done=[*some, *more])
        assert after.screens <= before.screens

    @given(DAYS)
    def test_a_screen_twice_on_one_day_is_one(self, some):
        once = still_owed(ONTARIO, last_exposure=EXPOSED, done=some)
        assert still_owed(ONTARIO, last_exposure=EXPOSED, done=[*some, *some]) == once


@pytest.mark.parametrize(
    ("days", "kind", "began", "due"),
    [
        (1, "working", "2026-03-13", "2026-03-16"),
        (5, "working", "2026-03-13", "2026-03-20"),
        (3, "calendar", "2026-03-13", "2026-03-16"),
        (0, "working", "2026-03-14", "2026-03-14"),
    ],
)
def test_a_clock_runs_in_working_or_calendar_days(days, kind, began, due):
    assert due_on(Within(days=days, kind=kind), date.fromisoformat(began)) == date.fromisoformat(due)


def test_a_holiday_of_the_site_is_no_working_day():
    holidays = frozenset({date(2026, 3, 16)})
    assert due_on(Within(days=1, kind="working"), date(2026, 3, 13), holidays) == date(2026, 3, 17)


def test_what_a_policy_says_of_cases_is_read_key_by_key_with_its_mark():
    us, sct = load_policy("us").identification, load_policy("gb-sct").identification
    assert (us.gene_without_organism, us.mark("gene_without_organism")) == ("confirmed", "verified")
    assert us.clause_id("gene_without_organism") == "us-ide-gene"
    assert (us.counting_unit, us.mark("counting_unit")) == (None, "not_specified")
    assert sct.gene_without_organism is None
    bc = load_policy("ca-bc").identification
    assert (bc.chromosomal, bc.counting_unit, bc.period, bc.infection_over_screening) == (
        None, "patient_and_family", "ever", True,
    )  # fmt: skip


def test_questions_that_a_bare_yes_settles_come_first():
    order = [len(one.details) for one in questionnaire(load_policy("ecdc"))]
    assert order == sorted(order)
    assert questionnaire(load_policy("ecdc"))[-1].question is Question.HEALTH_CARE


def test_the_questionnaire_says_why_it_stands_in_this_order_and_what_a_draft_cannot_settle():
    assert "stop at the first yes" in describe_questions(load_policy("nl"))
    assert "cannot settle a no" not in describe_questions(load_policy("nl"))
    assert "cannot settle a no" in describe_questions(load_policy("ca-bc"))


def test_a_policy_does_not_differ_from_itself():
    assert differences(load_policy("nl"), load_policy("nl")) == ()
    assert "No clause differs." in describe_differences(load_policy("nl"), load_policy("nl"))


def test_an_overlay_differs_from_its_base_by_its_own_clauses():
    found = differences(load_policy("ca-bc"), load_policy("ca-bc-fraser-2018"))
    assert [d.clause for d in found] == ["ca-bc-adm-1", "ca-bc-fraser-1", "ca-bc-fraser-2"]
    told = describe_differences(load_policy("ca-bc"), load_policy("ca-bc-fraser-2018"))
    assert "    ca-bc-fraser-2018: Screen" in told
    assert "12 months" in told


class TestCareInANamedPlace:
    """A site names a facility or a ward in its own overlay; the record and the referral tell, an answer rarely can."""

    def asked(self, place, *rows, **more):
        desk = admission("TEST-1", "2026-03-15 11:00", **more)
        clause = load_policy("us").admission[0]
        named = clause.model_copy(update={"when": Condition(care={**place, "ended_ago": {"at_most": "12 months"}})})
        timeline = view("2026-03-15 12:00", desk, *rows, *all_no(desk)).timeline("TEST-1")
        return judge(named.when, named, Admission(timeline, desk, ())).truth

    def test_the_referral_names_the_facility_and_the_ward(self):
        place = {"facility": "Oak", "ward": "Zuid 4"}
        assert self.asked(place, from_facility="Oak", from_ward="Zuid 4") is Truth.YES
        assert self.asked(place, from_facility="Oak", from_ward="Zuid 5") is Truth.NO
        assert self.asked(place, from_facility="Oak") is Truth.UNKNOWN
        assert self.asked({"facility": "Oak"}, from_facility="Oak") is Truth.YES

    def test_a_stay_of_the_record_on_the_ward_counts(self):
        there = stay("TEST-1", "3W", "2026-01-02 10:00", "2026-01-05 10:00", encounter_id="E-OLD")
        before = admission("TEST-1", "2026-01-02 10:00", "2026-01-05 10:00", encounter_id="E-OLD")
        assert self.asked({"facility": "Elm", "ward": "3W"}, before, there) is Truth.YES
        assert self.asked({"facility": "Elm", "ward": "2N"}, before, there) is Truth.NO
        assert self.asked({"facility": "Elm"}, before, there) is Truth.YES


def test_a_look_back_from_the_first_positive_leaves_out_who_met_the_index_earlier():
    who = Who(classes=[ContactClass.ROOM], look_back={"since": "first positive", "before_first_positive": "30 days"})

    def met(days):
        return takes_in(who, Meeting(ContactClass.ROOM, days_before_first_positive=days))

    assert [met(0), met(30), met(31), met(None)] == [Truth.YES, Truth.YES, Truth.NO, Truth.UNKNOWN]


def test_two_policies_are_set_side_by_side_where_they_are_about_the_same():
    found = {d.clause: d for d in differences(load_policy("us"), load_policy("gb"))}
    ends = found["us-out-2 / gb-out-2"]
    assert ends.one is not None
    assert ends.one.startswith("An outbreak may be declared over after 2 clean surveys")
    assert ends.other is not None
    assert ends.other.startswith("An outbreak may be declared over after 28 days")
    told = describe_differences(load_policy("us"), load_policy("gb"))
    assert "    us: An outbreak may be declared over after 2 clean" in told
    assert "    gb: An outbreak may be declared over after 28 days" in told


def test_clauses_that_say_the_same_under_other_ids_differ_by_their_marks_alone():
    found = {d.clause: d for d in differences(load_policy("nl"), load_policy("us"))}
    both = found[
        "nl-fol-2 / us-fol-2"
    ]  # both: contacts are not isolated while they wait; how far that was checked differs
    assert both.one is not None
    assert both.other is not None
    assert both.one.partition(". ")[0] == both.other.partition(". ")[0]
    assert load_policy("nl").file.clauses.follow_up[1].mark is not load_policy("us").file.clauses.follow_up[1].mark
    assert "Clauses whose rule and mark are the same are left out." in describe_differences(
        load_policy("nl"), load_policy("us")
    )


@pytest.mark.parametrize(
    ("policy", "clause", "said"),
    [
        ("gb-sct", "gb-sct-cle-1", "only a professional can end them"),
        ("us", "us-con-1", "whoever shared a room with the index"),
        ("us", "us-con-2", "whoever was on the ward of the index"),
        (
            "nl",
            "nl-pre-1",
            "Recommend isolation of known carriers whose last positive specimen was collected less than",
        ),
        ("nl", "nl-pre-2", "Recommend isolation of patients who are asked to be screened"),
        ("gb", "gb-out-1", "2 cases linked in time and place, and by the same type"),
        ("nl", "nl-rep-1", "to be reported by laboratory and physician within 1 working day"),
    ],
)
def test_each_clause_reads_as_a_sentence_to_sign(policy, clause, said):
    assert said in rule_of(load_policy(policy).clause(clause))


def test_surveys_closer_together_than_the_clause_asks_are_one():
    clause = next(c for c in load_policy("fr").outbreak if c.about == "end")
    verified = clause.model_copy(update={"mark": Mark.VERIFIED})
    weekly = [(date(2026, 3, day), 0) for day in (2, 9, 16)]
    daily = [(date(2026, 3, day), 0) for day in (14, 15, 16)]
    assert to_end(verified, surveys=weekly, days_since_last_case=20) is Truth.YES
    assert to_end(verified, surveys=daily, days_since_last_case=20) is Truth.NO
