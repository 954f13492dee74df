"""Laws of contacts: who came next into a bed, and what everybody on a list is owed, at random."""

from datetime import date, datetime, timedelta

import pytest
from builders import declared, facility, gene, specimen, stay, view
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.chain import analyze
from ringfence.policy import load_policy, policy_ids
from ringfence.record import (
    DeclarationKind,
    Follows,
    Found,
    Patient,
    PatientId,
    ResultKind,
    Sequence,
    When,
    repaired_stays,
)
from ringfence.trace import by_bed, next_in_bed

PEOPLE = ("TEST-P", "TEST-A", "TEST-B", "TEST-C")
FIRST = date(2026, 2, 1)
FEW = settings(max_examples=12, deadline=None)


@st.composite
def times(draw):
    """A start and an end on the first days of February, each a day or an instant; or no end."""
    hours = sorted(draw(st.lists(st.integers(0, 7 * 24), min_size=2, max_size=2, unique=True)))
    texts = [(datetime(2026, 2, 1) + timedelta(hours=hour)).isoformat(sep=" ")[:16] for hour in hours]
    texts = [text[:10] if draw(st.booleans()) else text for text in texts]
    return texts[0], draw(st.sampled_from([texts[1], texts[1], texts[1], None]))


@st.composite
def in_beds(draw, beds=("A",)):
    """Stays of a few people in the beds of one room; the index may be there twice."""
    found = []
    for number, name in enumerate((*PEOPLE, "TEST-P")):
        if number == 0 or draw(st.booleans()):
            start, end = draw(times())
            bed = draw(st.sampled_from(beds))
            found.append(stay(name, "2N", start, end, room="201", bed=bed, stay_id=f"S{number}"))
    return found


@settings(max_examples=200, deadline=None)
@given(in_beds())
def test_who_came_next_are_those_of_whom_nobody_surely_came_before(stays):
    """The slow twin: for each stay of the index, every other stay of the bed against every other, one by one."""
    seen = view("2026-02-20 12:00", *stays)
    zone = seen.zone("Elm")
    used = [one for one in repaired_stays(seen) if one.used]
    own = [one for one in used if one.stay.patient_id == "TEST-P"]
    found = {(n.left.stay.stay_id, n.came.stay.stay_id) for n in next_in_bed(own, by_bed(used), seen.setting.zones)}
    expected = set()
    for left in own:
        if left.stay.end is None:
            continue
        after = []
        for one in used:
            if one.stay.stay_id == left.stay.stay_id or one.stay.start.latest(zone) < left.stay.end.earliest(zone):
                continue
            if one.stay.start.earliest(zone) >= left.stay.start.earliest(zone):
                after.append(one.stay)
        for one in after:
            surely_later = any(other.start.latest(zone) < one.start.earliest(zone) for other in after)
            if not surely_later and one.patient_id != "TEST-P":
                expected.add((left.stay.stay_id, one.stay_id))
    assert found == expected


POSITIVE = [specimen("SP", "TEST-P", "2026-02-03 08:00", "urine"), gene("R", "SP", "KPC", "2026-02-04 08:00")]
CASE = "TEST-P:KPC:1"


@st.composite
def screens(draw, name):
    """Swabs of one patient that grew nothing, some not reported yet."""
    found = []
    for number, day in enumerate(draw(st.lists(st.integers(0, 50), max_size=5))):
        on = (FIRST + timedelta(days=day)).isoformat()
        found.append(specimen(f"{name}-{number}", name, f"{on} 09:00"))
        if draw(st.booleans()):
            more = {"kind": ResultKind.CULTURE, "found": Found.NOT_DETECTED}
            found.append(gene(f"{name}-{number}-R", f"{name}-{number}", None, f"{on} 20:00", **more))
    return found


@st.composite
def stories(draw):
    rows = [facility(), *POSITIVE, *draw(in_beds(("A", "B", "C")))]
    for name in PEOPLE[1:]:
        rows += draw(screens(name))
    if draw(st.booleans()):
        rows.append(Patient(patient_id=PatientId("TEST-A"), died=When(on=FIRST + timedelta(days=9))))
    if draw(st.booleans()):
        rows += [specimen("SB", "TEST-B", "2026-02-12 08:00"), gene("RB", "SB", "KPC", "2026-02-13 08:00")]
    return rows


def accepted(contacts):
    kind = DeclarationKind.CONTACTS_ACCEPTED
    pairs = [(c.case_id, c.contact_patient_id) for c in contacts]
    return [declared(kind, "2026-02-06 08:00", case_id=case, contact_patient_id=who) for case, who in pairs]


def keys(contacts):
    return {(c.case_id, c.contact_patient_id) for c in contacts}


as_of = st.integers(6, 60).map(lambda day: f"{FIRST + timedelta(days=day)} 12:00")


@pytest.mark.parametrize("policy", policy_ids())
@FEW
@given(rows=stories(), instant=as_of)
def test_every_contact_has_an_answer_with_a_reason_and_acceptance_removes_nobody(policy, rows, instant):
    policy = load_policy(policy)
    before = analyze(view(instant, *rows), policy)
    after = analyze(view(instant, *rows, *accepted(before.contacts)), policy)
    assert keys(before.contacts) == keys(after.contacts)
    listed = {(e.case_id, e.contact_patient_id) for e in before.exposures if e.facility not in before.carriers_only}
    assert keys(before.contacts) == listed
    for one in (*before.contacts, *after.contacts):
        assert one.owed
        if one.died_on or one.known_carrier:
            assert (one.follows, one.next_due) == (Follows.NOTHING, None)
        elif one.follows in (Follows.NOTHING, Follows.LIST):
            assert one.mark == "verified"
        assert (one.sequence is Sequence.AFTER) <= (one.next_in_bed is not None)
    assert not [t for t in before.tasks if "contact of" in t.task and t.state != "decide"]
    dead = {c.contact_patient_id for c in after.contacts if c.died_on}
    assert not [t for t in after.tasks if t.patient_id in dead and "contact of" in t.task]


@FEW
@given(rows=stories(), instant=as_of, day=st.integers(1, 50))
def test_another_negative_screen_never_raises_what_is_owed(rows, instant, day):
    policy = load_policy("ca-on")
    more = [specimen("MORE", "TEST-A", f"{FIRST + timedelta(days=day)} 09:30")]
    more.append(gene("MORE-R", "MORE", None, f"{FIRST + timedelta(days=day)} 20:00", kind=ResultKind.CULTURE))

    def owed(*extra):
        found = analyze(view(instant, *rows, *extra), policy).contacts
        mine = (c for c in found if c.contact_patient_id == "TEST-A" and c.sets_needed is not None)
        return {c.case_id: c.sets_needed - min(c.sets_done, c.sets_needed) for c in mine}

    without = owed()
    for case, left in owed(*more).items():
        assert left <= without[case]


@pytest.mark.parametrize("policy", ["ca-on", "ecdc"])
@FEW
@given(rows=stories(), instant=as_of, later=st.integers(0, 30))
def test_what_is_worked_out_again_after_a_list_was_accepted_is_what_a_full_recomputation_gives(
    policy, rows, instant, later
):
    policy = load_policy(policy)
    first = analyze(view(instant, *rows), policy)
    then = f"{date.fromisoformat(instant[:10]) + timedelta(days=later)} 15:00"
    more = [*rows, *accepted(first.contacts)]
    again, whole = analyze(view(then, *more), policy, first), analyze(view(then, *more), policy)
    assert (again.rows(), again.precautions) == (whole.rows(), whole.precautions)
    back, without = analyze(view(then, *rows), policy, again), analyze(view(then, *rows), policy)
    assert (back.rows(), back.precautions) == (without.rows(), without.precautions)


ASKS = {"recommended": 2, "decide": 1}


@pytest.mark.parametrize("policy", policy_ids())
@FEW
@given(rows=stories(), instant=as_of)
def test_an_accepted_list_never_asks_for_less_isolation(policy, rows, instant):
    policy = load_policy(policy)
    before = analyze(view(instant, *rows), policy)
    after = analyze(view(instant, *rows, *accepted(before.contacts)), policy)
    now = {row.patient_id: row.recommended for row in after.recommended}
    for row in before.recommended:
        assert ASKS.get(now[row.patient_id], 0) >= ASKS.get(row.recommended, 0)
