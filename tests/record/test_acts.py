"""What a person does to the record: sentences for what cannot be done, and nothing lost."""

from dataclasses import replace

import pytest
from builders import admission, at, facility, gene, specimen

from ringfence.record import ActError, DeclarationKind, Fact, View, acts

NOON = at("2026-03-10 12:00")
BY = {"by": "infection control", "at": NOON}


def facts():
    rows = {
        "facilities": [facility()],
        "encounters": [admission("TEST-1", "2026-03-01 10:00"), admission("TEST-2", "2026-03-01 10:00")],
        "specimens": [specimen("SP1", "TEST-1", "2026-03-02 10:00")],
        "results": [gene("R1", "SP1", "KPC", "2026-03-04 10:00")],
    }
    return [Fact(table=name, row=row, message=f"{name}.csv") for name, some in rows.items() for row in some]


def seen(*more, when=NOON):
    some = [*facts(), *more]
    return View.of_facts(some, at=when, known_to=len(some))


def refused(act, *args, **more):
    with pytest.raises(ActError) as wrong:
        act(seen(), *args, **(BY | more))
    return str(wrong.value)


class TestWhatCannotBeDone:
    def test_a_number_cannot_be_merged_with_itself(self):
        assert refused(acts.merge, "TEST-1", "TEST-1") == (
            "Both numbers are the same. A number cannot be merged with itself; name two."
        )

    def test_a_number_in_no_fact_is_not_merged_and_not_repeated(self):
        said = refused(acts.merge, "TEST-1", "TEST-99")
        assert "The second number is in no fact of this record" in said
        assert "TEST-99" not in said

    def test_two_numbers_already_one_are_not_merged_again(self):
        merged = acts.merge(seen(), "TEST-1", "TEST-2", **BY)
        with pytest.raises(ActError, match="one patient already"):
            acts.merge(seen(*merged), "TEST-2", "TEST-1", **BY)

    def test_what_was_never_linked_is_not_unlinked(self):
        assert "nothing to unlink" in refused(acts.unlink, "TEST-1", "TEST-2")

    @pytest.mark.parametrize("about", ["results:R9", "specimens:R1"])
    def test_nothing_is_not_retracted(self, about):
        assert "nothing to take back" in refused(acts.retract, about)

    @pytest.mark.parametrize("about", ["R1", "result:R1", ""])
    def test_a_fact_is_named_by_table_and_key(self, about):
        assert "for example results:R-17-1" in refused(acts.retract, about)

    @pytest.mark.parametrize("by", ["", "  "])
    def test_nobody_declares_nothing(self, by):
        for act, args in ((acts.merge, ("TEST-1", "TEST-2")), (acts.retract, ("results:R1",)), (acts.undo, ("D1",))):
            assert "Nobody is named" in refused(act, *args, by=by)
        assert "Nobody is named" in refused(acts.declare, DeclarationKind.CASE_CONFIRMED, by=by, case_id="TEST-1:KPC:1")

    def test_a_declaration_says_what_it_needs(self):
        assert refused(acts.declare, DeclarationKind.CONTACTS_ACCEPTED) == (
            "`contacts-accepted` needs --case and --contact."
        )

    @pytest.mark.parametrize(
        ("kind", "about", "says"),
        [
            (DeclarationKind.SCREEN, {"encounter_id": "E-9"}, "--encounter: no visit"),
            (DeclarationKind.CASE_CONFIRMED, {"case_id": "TEST-9:KPC:1"}, "--case: no case"),
            (DeclarationKind.CASE_CONFIRMED, {"case_id": "TEST-1"}, "--case: no case"),
            (DeclarationKind.PRECAUTIONS_ENDED, {"patient_id": "TEST-1", "facility_id": "Elmm"}, "Did you mean `Elm`?"),
            (DeclarationKind.TOLD, {"patient_id": "TEST-9", "about": "x"}, "--patient: no fact"),
        ],
    )
    def test_a_declaration_about_nothing_is_refused(self, kind, about, says):
        said = refused(acts.declare, kind, **about)
        assert says in said
        assert "TEST-9" not in said

    def test_what_was_undone_is_not_undone_again(self):
        declared = acts.declare(seen(), DeclarationKind.CASE_CONFIRMED, case_id="TEST-1:KPC:1", **BY)
        name = declared[0].row.declaration_id
        undone = acts.undo(seen(*declared), name, by="Dr A", at=NOON)
        with pytest.raises(ActError, match="undone already"):
            acts.undo(seen(*declared, *undone), name, by="Dr A", at=NOON)
        with pytest.raises(ActError, match="No declaration has this number"):
            acts.undo(seen(), name, by="Dr A", at=NOON)


class TestRetracting:
    def test_a_result_taken_back_is_no_longer_current_and_undoing_it_brings_it_back(self):
        taken = acts.retract(seen(), "results:R1", **BY)
        assert seen(*taken).rows("results") == ()
        name = next(f.row.declaration_id for f in taken if f.table == "declarations")
        back = acts.undo(seen(*taken), name, by="Dr A", at=at("2026-03-10 13:00"))
        later = at("2026-03-10 14:00")
        assert seen(*taken, *back, when=later).rows("results") == seen(when=later).rows("results")

    def test_it_has_no_effect_before_it_was_decided(self):
        taken = acts.retract(seen(), "results:R1", **BY)
        before = at("2026-03-10 11:59")
        assert seen(*taken, when=before).rows("results") == seen(when=before).rows("results")

    def test_a_later_version_from_the_laboratory_stands_also_when_this_is_undone(self):
        taken = acts.retract(seen(), "results:R1", **BY)
        name = next(f.row.declaration_id for f in taken if f.table == "declarations")
        later = Fact(table="results", row=gene("R1", "SP1", "NDM", "2026-03-11 10:00"), message="later.csv")
        night = at("2026-03-11 20:00")
        assert [r.analyte for r in seen(*taken, later, when=night).rows("results")] == ["NDM"]
        back = acts.undo(seen(*taken, later, when=night), name, by="Dr A", at=night)
        assert [r.analyte for r in seen(*taken, later, *back, when=night).rows("results")] == ["NDM"]

    def test_it_is_taken_back_also_when_it_is_sent_again_and_not_when_it_is_corrected(self):
        taken = acts.retract(seen(), "specimens:SP1", **BY)
        later = at("2026-03-11 20:00")
        again = Fact(table="specimens", row=specimen("SP1", "TEST-1", "2026-03-02 10:00"), message="2", sent=later)
        assert seen(*taken, again, when=later).rows("specimens") == ()
        other = Fact(table="specimens", row=specimen("SP1", "TEST-2", "2026-03-02 10:00"), message="2", sent=later)
        assert [s.patient_id for s in seen(*taken, other, when=later).rows("specimens")] == ["TEST-2"]

    def test_taken_back_and_brought_back_it_is_replaced_as_before(self):
        taken = acts.retract(seen(), "specimens:SP1", **BY)
        name = next(f.row.declaration_id for f in taken if f.table == "declarations")
        back = acts.undo(seen(*taken), name, by="Dr A", at=at("2026-03-10 13:00"))
        later = at("2026-03-11 20:00")
        other = Fact(table="specimens", row=specimen("SP1", "TEST-2", "2026-03-02 10:00"), message="2", sent=later)
        assert [s.patient_id for s in seen(*taken, *back, other, when=later).rows("specimens")] == ["TEST-2"]

    def test_undoing_what_undid_it_takes_it_back_again(self):
        some = acts.retract(seen(), "results:R1", **BY)
        for hour in (13, 14):
            moment = at(f"2026-03-10 {hour}:00")
            name = some[-1].row.declaration_id
            some = [*some, *acts.undo(seen(*some, when=moment), name, by="Dr A", at=moment)]
        assert seen(*some, when=at("2026-03-10 13:30")).rows("results") != ()
        assert seen(*some, when=at("2026-03-10 15:00")).rows("results") == ()

    def test_what_was_taken_back_and_undone_at_one_moment_is_taken_back_at_a_later_one(self):
        taken = acts.retract(seen(), "results:R1", **BY)
        back = acts.undo(seen(*taken), taken[-1].row.declaration_id, **BY)
        with pytest.raises(ActError, match="Give a later moment"):
            acts.retract(seen(*taken, *back), "results:R1", **BY)

    def test_a_row_dated_by_the_day_is_taken_back_whenever_it_is_decided(self):
        dated = Fact(table="results", row=gene("R2", "SP1", "NDM", "2026-03-09"), message="2")
        taken = acts.retract(seen(dated), "results:R2", by="Dr A", at=at("2026-03-09 09:00"))
        assert [r.result_id for r in seen(dated, *taken).rows("results")] == ["R1"]

    def test_what_counts_only_later_is_named_as_that(self):
        dated = Fact(table="results", row=gene("R2", "SP1", "NDM", "2026-03-10"), message="2")
        with pytest.raises(ActError, match="when the day is over"):
            acts.retract(seen(dated), "results:R2", **BY)


class TestOneNumberOfSeveralSystems:
    def test_a_person_says_which(self):
        two = [
            Fact(table="specimens", row=specimen("SP1", "TEST-2", "2026-03-02 10:00"), message="2", system="B"),
            Fact(table="results", row=gene("R1", "SP1", "NDM", "2026-03-04 10:00"), message="2", system="B"),
        ]
        view = seen(*two)
        assert {s.specimen_id: s.patient_id for s in view.rows("specimens")} == {"SP1": "TEST-1", "SP1@B": "TEST-2"}
        assert [r.analyte for r in view.timeline("TEST-2").rows("results")] == ["NDM"]
        assert [r.analyte for r in view.timeline("TEST-1").rows("results")] == ["KPC"]
        taken = acts.retract(view, "results:R1@B", **BY)
        assert [r.analyte for r in seen(*two, *taken).rows("results")] == ["KPC"]

    def test_a_number_that_one_system_alone_uses_is_named_by_all(self):
        other = Fact(table="results", row=gene("R9", "SP1", "NDM", "2026-03-04 10:00"), message="2", system="B")
        assert {r.analyte for r in seen(other).timeline("TEST-1").rows("results")} == {"KPC", "NDM"}

    def test_a_visit_of_two_systems_is_asked_for(self):
        other = Fact(table="encounters", row=admission("TEST-2", "2026-03-05 10:00"), message="2", system="B")
        number = other.row.encounter_id
        third = replace(other, system="C")
        with pytest.raises(ActError, match="Say which"):
            acts.declare(seen(other, third), DeclarationKind.SCREEN, encounter_id=number, **BY)


def test_every_way_of_merging_is_the_same_fact():
    one, other = (acts.merge(seen(), *pair, **BY)[0] for pair in (("TEST-1", "TEST-2"), ("TEST-2", "TEST-1")))
    assert one.row == other.row
    assert dict(seen(one).canonical) == {"TEST-2": "TEST-1"}


class TestOneMoment:
    def test_a_merge_at_the_moment_of_an_unlink_is_refused_and_not_silently_without_effect(self):
        merged = acts.merge(seen(), "TEST-1", "TEST-2", **BY)
        apart = acts.unlink(seen(*merged), "TEST-1", "TEST-2", **BY)
        with pytest.raises(ActError, match="An unlink of these numbers at that moment"):
            acts.merge(seen(*merged, *apart), "TEST-1", "TEST-2", by="desk", at=NOON, why="again")
        later = at("2026-03-10 13:00")
        again = acts.merge(seen(*merged, *apart, when=later), "TEST-1", "TEST-2", by="desk", at=later)
        assert dict(seen(*merged, *apart, *again, when=later).canonical) == {"TEST-2": "TEST-1"}
