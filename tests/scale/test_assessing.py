"""Every timeline assessed: the same answers as in the findings, and the same numbers however the work is shared."""

from collections import Counter

import pytest

from ringfence.chain import analyze, assess_one
from ringfence.policy import load_policy
from ringfence.record import Fact, FolderStore, View
from ringfence.scale import MODELS, assess_over_processes, grow
from ringfence.scale.population import AS_OF
from ringfence.simulate import simulate_ward

NL = load_policy("nl")


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made-up") / "record"
    grow(folder, 0, MODELS, 1)
    return folder


@pytest.fixture(scope="module")
def expected(record):
    """What came of every patient, by way of the findings of the whole view."""
    found = analyze(FolderStore(record).current(at=AS_OF), NL)
    statuses = Counter(("case", c.answer.status.value) for some in found.carriages.values() for c in some)
    for one in (one for some in found.admitted.values() for one in some):
        statuses.update([("admission", one.verdict.status.value), ("screen", one.screen.outcome.value)])
    return statuses


@pytest.mark.parametrize(("workers", "parts"), [(1, 1), (1, 3), (1, 30), (2, 5)])
def test_the_numbers_are_the_same_for_any_number_of_processes_and_parts(record, expected, workers, parts):
    found = assess_over_processes(record, "nl", at=AS_OF, workers=workers, parts=parts)
    told = {status: many for status, many in found.statuses.items() if status[0] != "precautions"}
    assert told == expected
    assert sum(many for (what, _), many in found.statuses.items() if what == "precautions") == MODELS
    assert found.patients == MODELS == sum(batch.patients for batch in found.batches)


def test_what_comes_back_is_numbers_and_no_patient(record):
    found = assess_over_processes(record, "nl", at=AS_OF, workers=1, parts=2)
    assert "MADE-UP" not in repr(found)
    assert found.seconds > found.view_seconds > 0


@pytest.fixture(scope="module")
def ward():
    made = simulate_ward(seed=11, days=60)
    facts = (Fact(table=name, row=row) for name, some in made.facts.items() for row in some)
    return View.of_facts(facts, at=made.ends_at, known_to=1)


def test_one_patient_alone_has_the_answers_of_the_findings(ward):
    found = analyze(ward, NL)
    alone = {timeline.patient_id: assess_one(timeline, NL) for timeline in ward.timelines()}
    assert {p: one.carriages for p, one in alone.items() if one.carriages} == found.carriages
    admitted = {p: [(a.encounter, a.verdict, a.screen) for a in one.admissions] for p, one in alone.items()}
    assert {p: some for p, some in admitted.items() if some} == {
        p: [(a.encounter, a.verdict, a.screen) for a in some] for p, some in found.admitted.items()
    }
    assert found.precautions
    assert {p: alone[p].precautions for p in found.precautions} == found.precautions


def test_whoever_never_came_has_no_precautions(ward):
    assert assess_one(ward.timeline("TEST-NOBODY"), NL).precautions is None
