"""Laws of reversal: a correction and its reversal, a retraction and its undoing, a link and its unlink restore."""

from dataclasses import replace
from datetime import timedelta

from histories import BEGAN, histories, patients
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.chain import analyze
from ringfence.policy import load_policy
from ringfence.record import ActError, Fact, View, acts

NL = load_policy("nl")
SOME = settings(max_examples=80)
LAST = BEGAN + timedelta(hours=200)  # after everything in a history


def seen(facts):
    return View.of_facts(facts, at=LAST, known_to=len(facts))


def told(facts):
    """Every finding; without the tasks that people's own acts made."""
    rows = analyze(seen(facts), NL).rows()
    return rows | {"tasks": [t for t in rows["tasks"] if not t.task.startswith("decide whom")]}


def standing(facts):
    """What a person can take back: table and number of every row that stands."""
    view = seen(facts)
    return [
        (name, getattr(row, f"{name[:-1]}_id"))
        for name in ("encounters", "stays", "specimens", "results")
        for row in view.rows(name)
    ]


@SOME
@given(histories(), st.data())
def test_a_retraction_and_its_undoing_restore_every_finding(history, data):
    if not (those := standing(history)):
        return
    table, key = data.draw(st.sampled_from(those))
    hour = timedelta(hours=1)
    before = told(history)
    taken = acts.retract(seen(history), f"{table}:{key}", by="ICP", at=LAST - 3 * hour)
    assert (table, key) not in standing([*history, *taken])
    back = acts.undo(seen([*history, *taken]), taken[-1].row.declaration_id, by="ICP", at=LAST - 2 * hour)
    assert told([*history, *taken, *back]) == before
    again = acts.undo(seen([*history, *taken, *back]), back[-1].row.declaration_id, by="ICP", at=LAST - hour)
    assert told([*history, *taken, *back, *again]) == told([*history, *taken])


@SOME
@given(histories(), patients, st.data())
def test_a_row_given_to_another_patient_and_back_restores_every_finding(history, patient, data):
    those = [fact for fact in history if fact.table in ("encounters", "stays", "specimens") and not fact.retracts]
    if not those:
        return
    original = data.draw(st.sampled_from(those))
    other = replace(original, row=replace(original.row, patient_id=patient), recorded=LAST - timedelta(hours=3))
    other = replace(other, message="correction", generation=1)
    back = replace(other, row=original.row, recorded=LAST - timedelta(hours=2))
    settled = [*history, replace(back, recorded=LAST - timedelta(hours=4))]
    assert told([*settled, other, back]) == told(settled)


@SOME
@given(histories(), patients, patients)
def test_a_link_and_its_unlink_restore_every_finding(history, one, other):
    hour = timedelta(hours=1)
    before = told(history)
    try:
        linked = acts.merge(seen(history), one, other, by="desk", at=LAST - 3 * hour)
    except ActError:
        return  # they are one, or one patient already, or in no fact
    apart = acts.unlink(seen([*history, *linked]), one, other, by="desk", at=LAST - 2 * hour)
    assert told([*history, *linked, *apart]) == before


@SOME
@given(histories(), st.data())
def test_what_a_person_took_back_stays_away_however_often_it_is_sent_again(history, data):
    if not (those := standing(history)):
        return
    table, key = data.draw(st.sampled_from(those))
    taken = acts.retract(seen(history), f"{table}:{key}", by="ICP", at=LAST - timedelta(hours=3))
    said = next(f for f in taken if f.retracts)
    again = Fact(
        table=table, row=said.row, system=said.system, message="again", sent=LAST, recorded=LAST - timedelta(hours=1)
    )
    assert (table, key) not in standing([*history, *taken, again])
