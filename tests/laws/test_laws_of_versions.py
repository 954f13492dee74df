"""Laws of versions: any order, any repetition, any decoding again, and the plain twin."""

from dataclasses import replace
from datetime import timedelta

from histories import BEGAN, facts, histories, hours
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.plain_record import plain_current

from ringfence.record import TABLES, View

MANY = settings(max_examples=150)


def seen(some, at):
    view = View.of_facts(some, at=at, known_to=len(some))
    return {name: list(view.rows(name)) for name, table in TABLES.items() if table.kind == "fact"}


def used(some, at):
    """What is seen, less results of a specimen that is not there: whether it ever was changes nothing."""
    view = View.of_facts(some, at=at, known_to=len(some))
    return seen(some, at) | {"results": view.results}


def told(timeline):
    tables = ("patients", "encounters", "stays", "orders", "specimens", "results", "earlier_results")
    return {name: timeline.rows(name) for name in tables}


@MANY
@given(histories(), hours)
def test_what_is_current_is_what_the_plain_record_says(history, hour):
    at = BEGAN + timedelta(hours=hour)
    plain = plain_current([f for f in history if f.table != "identity_links"], at)
    view = View.of_facts([f for f in history if f.table != "identity_links"], at=at, known_to=0)
    for name, rows in plain.items():
        assert list(view.rows(name)) == rows, name


@MANY
@given(histories(), hours, st.randoms(use_true_random=False))
def test_any_order_and_repetition_gives_the_same_rows_and_timelines(history, hour, chance):
    at = BEGAN + timedelta(hours=hour)
    mixed = chance.sample([*history, *history], 2 * len(history))
    assert seen(mixed, at) == seen(history, at)
    one, other = (View.of_facts(some, at=at, known_to=0) for some in (history, mixed))
    assert list(one.patient_ids) == list(other.patient_ids)
    assert [told(t) for t in one.timelines()] == [told(t) for t in other.timelines()]


@MANY
@given(histories(), hours)
def test_decoding_every_message_again_to_the_same_rows_changes_nothing(history, hour):
    at = BEGAN + timedelta(hours=hour)
    again = [replace(f, generation=f.generation + 2) for f in history]
    assert seen([*history, *again], at) == seen(history, at)


@MANY
@given(histories(), facts(), hours)
def test_taking_back_what_was_added_restores_every_row(history, extra, hour):
    at = BEGAN + timedelta(hours=hour)
    keys = {(f.table, f.key) for f in history}
    if (extra.table, extra.key) in keys:
        return
    extra = replace(extra, message="message-x", retracts=False, recorded=BEGAN - timedelta(days=1))
    back = replace(extra, message="message-y", retracts=True, recorded=BEGAN)
    assert used([*history, extra, back], at) == used(history, at)


@MANY
@given(histories(), hours)
def test_a_timeline_holds_what_the_view_holds_of_its_patient(history, hour):
    view = View.of_facts(history, at=BEGAN + timedelta(hours=hour), known_to=0)
    for timeline in view.timelines():
        for name in ("encounters", "stays", "specimens"):
            own = [row for row in view.rows(name) if row.patient_id == timeline.patient_id]
            assert sorted(timeline.rows(name), key=str) == sorted(own, key=str)
        assert told(timeline) == told(view.timeline(timeline.patient_id))
