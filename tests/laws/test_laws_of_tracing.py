"""The kernels against their plain twin, and laws of tracing, over hostile stays by instant and by date."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import at, facility, view
from histories import BEGAN, PATIENTS, encounters, histories, links, maybe_moments
from histories import stays as stays_of_histories
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.plain_meetings import all_meetings, by_place, meetings_of
from oracles.plain_tracing import plain_after, plain_path, plain_pressure
from test_laws_of_meeting import START, stays

from ringfence.record import (
    Encounter,
    EncounterKind,
    Fact,
    Footing,
    IdentityLink,
    Level,
    LinkAction,
    Patient,
    PatientId,
    Stay,
    View,
    When,
    presences,
    repaired_stays,
)
from ringfence.trace import (
    ALWAYS,
    NEVER,
    Index,
    Source,
    came_after,
    contact_table,
    exposures,
    keep,
    kept,
    minute,
    pair_batches,
    path,
    place_day_batches,
    pressure_batches,
    was_before,
)

NOW = "2026-04-05 12:00"
LEVELS = (Level.BED, Level.ROOM, Level.WARD, Level.FACILITY)


def some(patients="ABCD", most=8):
    def with_bed(stay, bed):
        return Stay(**{**{f: getattr(stay, f) for f in stay.__dataclass_fields__}, "bed": bed if stay.room else None})

    one = st.builds(with_bed, stays(patients=patients), st.sampled_from([None, "X", "Y"]))
    return st.lists(one, max_size=most, unique_by=lambda s: s.stay_id)


def seen(rows, level, now=NOW):
    return presences(view(now, *rows), level)


def index_of(rows, level=Level.WARD, now=NOW):
    return Index.of(seen(rows, level, now), level, at(now))


def sources(patients="ABCD", window=(NEVER, ALWAYS)):
    return [Source(f"case-{p}", p, window) for p in patients]


def rows_of(batches):
    return [row for batch in batches for row in batch.to_pylist()]


@given(some(), st.sampled_from(LEVELS))
def test_exposures_are_the_meetings_of_the_plain_way(rows, level):
    everyone = seen(rows, level)
    index = Index.of(everyone, level, at(NOW))
    by = by_place(everyone)
    for patient in "ABCD":
        expected = [
            (m.b.patient_id, m.start, m.end, m.hours_min, m.hours_max, len(m.nights_on), m.repairs, m.b.bed or "")
            for m in meetings_of([w for w in everyone if w.patient_id == patient], by)
            if m.a.whole_place == m.b.whole_place
        ]
        found = [
            (e.contact_patient_id, e.start, e.end, e.hours_min, e.hours_max, e.nights, e.repairs, e.bed or "")
            for e in exposures(index, Source("case", patient))
        ]
        assert sorted(map(repr, found)) == sorted(map(repr, expected))


@given(some(), st.sampled_from(LEVELS))
def test_pairs_are_the_meetings_of_the_plain_way_added_up(rows, level):
    everyone = seen(rows, level)
    met = defaultdict(list)
    for m in all_meetings(everyone):
        if m.a.whole_place == m.b.whole_place:
            met[(m.a.patient_id, m.b.patient_id, *(part or None for part in m.a.whole_place))].append(m)
    expected = {}
    for key, meetings in met.items():
        days = {day for m in meetings for day in m.days_on}
        expected[key] = {
            "days": len(days),
            "nights": len({night for m in meetings for night in m.nights_on}),
            "first_on": min(days),
            "last_on": max(days),
            "meetings": len(meetings),
            "hours_min": pytest.approx(sum(m.hours_min for m in meetings)),
            "hours_max": pytest.approx(sum(m.hours_max for m in meetings)),
        }
    found = rows_of(pair_batches(Index.of(everyone, level, at(NOW))))
    assert {
        (r["patient_a"], r["patient_b"], r["facility"], r["ward"], r["room"], r["bed"]): {
            k: r[k] for k in expected[key]
        }
        for r in found
        for key in [(r["patient_a"], r["patient_b"], r["facility"], r["ward"], r["room"], r["bed"])]
    } == expected
    assert len(found) == len(expected)


minutes = st.integers(0, 14 * 48).map(lambda half: minute(START) + 30 * half)
precautions = st.lists(st.tuples(minutes, minutes | st.just(ALWAYS)), max_size=2).map(lambda times: {"Elm": times})


@given(
    some(),
    st.sampled_from(LEVELS),
    st.integers(0, 10),
    st.integers(0, 14),
    st.integers(0, 60),
    st.booleans(),
    st.lists(precautions | st.just({}), min_size=4, max_size=4),
)
def test_contacts_in_bulk_are_the_exposures_added_up(rows, level, first, many, least, cumulative, in_force):
    index = index_of(rows, level)
    low = minute(START) + 1440 * first
    window = (low, low + 1440 * many + 1)
    asked = [replace(one, precautions=own) for one, own in zip(sources(window=window), in_force, strict=True)]
    found = contact_table(index, asked, least_hours=least, cumulative=cumulative)
    expected = defaultdict(list)
    for source in asked:
        for e in exposures(index, source):
            if cumulative or e.hours_max >= least:
                expected[e.case_id, e.contact_patient_id].append(e)
    told = {
        key: (
            len(es),
            sum(e.under_precautions for e in es),
            pytest.approx(sum(e.hours_min for e in es)),
            pytest.approx(sum(e.hours_max for e in es)),
        )
        for key, es in expected.items()
        if not cumulative or sum(e.hours_max for e in es) >= least
    }
    assert {
        (r["case_id"], r["contact_patient_id"]): (r["meetings"], r["under_precautions"], r["hours_min"], r["hours_max"])
        for r in found.to_pylist()
    } == told


@given(
    some(),
    st.sampled_from((Level.BED, Level.ROOM)),
    st.integers(0, 9),
    st.lists(precautions | st.just({}), min_size=4, max_size=4),
)
def test_who_came_after_is_who_the_plain_way_says(rows, level, days, in_force):
    everyone = seen(rows, level)
    index = Index.of(everyone, level, at(NOW))
    expected = plain_after(everyone, days)
    forward = [
        (p, e.contact_patient_id, e.gap_hours_min, e.gap_hours_max)
        for p in "ABCD"
        for e in came_after(index, Source("case", p), days)
    ]
    backward = [
        (e.contact_patient_id, p, e.gap_hours_min, e.gap_hours_max)
        for p in "ABCD"
        for e in was_before(index, Source("case", p), days)
    ]
    assert sorted(forward) == sorted(backward) == sorted(expected)
    asked = [replace(one, precautions=own) for one, own in zip(sources(), in_force, strict=True)]
    table = contact_table(index, asked, after_days=days).to_pylist()
    came = defaultdict(list)
    for source in asked:
        for e in came_after(index, source, days):
            came[e.index_patient_id, e.contact_patient_id].append(e.under_precautions)
    assert {
        (r["index_patient_id"], r["contact_patient_id"]): (r["meetings"], r["under_precautions"])
        for r in table
        if r["sequence"] == "after"
    } == {two: (len(some), sum(some)) for two, some in came.items()}
    assert came.keys() == {(a, b) for a, b, *_ in expected}


@given(some(), st.sampled_from(LEVELS), st.none() | st.integers(0, 5))
def test_a_way_arrives_as_early_as_the_plain_way_says(rows, level, after):
    everyone = seen(rows, level)
    index = Index.of(everyone, level, at(NOW))
    for goal in "BCD":
        steps = path(index, Source("", "A"), goal, after_days=after)
        arrives = plain_path(everyone, "A", goal, after)
        if arrives is None:
            assert steps == []
            continue
        assert [s.patient_from for s in steps[1:]] == [s.patient_to for s in steps[:-1]]
        assert (steps[0].patient_from, steps[-1].patient_to) == ("A", goal)
        last = steps[-1]
        moment = last.start if last.sequence == "together" else last.end
        if moment.at is not None:
            assert moment.at == arrives


@given(some(), st.sampled_from(LEVELS), st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 14)))
def test_pressure_is_what_the_plain_way_counts(rows, level, since):
    everyone = seen(rows, level)
    carriers = {p: (date(2026, 3, 20) + timedelta(days=n), None) for p, n in since.items()}
    found = rows_of(pressure_batches(Index.of(everyone, level, at(NOW)), carriers))
    names = ("patient_id", "facility", "ward", "room", "bed", "on")
    assert {tuple(r[n] for n in names): r["carriers"] for r in found} == plain_pressure(everyone, carriers)
    assert len(found) == len({tuple(r[n] for n in names) for r in found})
    days = rows_of(place_day_batches(Index.of(everyone, level, at(NOW))))
    assert [tuple(r[n] for n in names) for r in days] == [tuple(r[n] for n in names) for r in found]


def told(index, patients="ABCD"):
    """Everything that can be asked of an index."""
    everyone = sources(patients)
    return (
        rows_of(pair_batches(index)),
        [exposures(index, one) for one in everyone],
        contact_table(index, everyone, after_days=3).to_pylist(),
        rows_of(pressure_batches(index, {patients[0]: (date(2026, 3, 22), None)})),
        [[len(path(index, a, b, after_days=1)) > 0 for b in patients] for a in everyone],
    )


@settings(max_examples=60)
@given(some(), some(most=4), some(most=4), st.sampled_from((Level.ROOM, Level.WARD)))
def test_an_index_extended_by_days_answers_as_one_built_of_everything(rows, more, most, level):
    """Each day brings rows of some patients, and takes some away."""
    index, now = index_of(rows, level, "2026-04-01 12:00"), rows
    for day, came in (("2026-04-03 08:30", more), (NOW, most)):
        before = now
        now = [s for n, s in enumerate(now) if n % 5] + [s for s in came if s.stay_id not in {r.stay_id for r in now}]
        after = seen(now, level, day)
        whose = {str(s.patient_id) for s in before + now if s not in before or s not in now}
        # Who was seen as still there, or by a date, is seen otherwise as time passes; so is an end that was yet to come.
        whose |= {str(s.patient_id) for s in now if s.start.on or s.end is None or s.end.on or s.end.at > index.at}
        index = index.extended(whose, [w for w in after if w.patient_id in whose], at(day))
        assert told(index) == told(Index.of(after, level, at(day)))
    assert not index.whole().moved
    assert told(index.whole()) == told(index)
    assert sorted(index.whole().names.patients) == sorted(set(index.names.patients))


def test_open_stays_go_on_in_an_index_extended_without_them():
    rows = [
        Stay(stay_id="1", patient_id=PatientId("A"), facility_id="Elm", ward="2N", start=When(at=START)),
        Stay(stay_id="2", patient_id=PatientId("B"), facility_id="Elm", ward="2N", start=When(at=START)),
    ]
    index = index_of(rows, now="2026-04-01 12:00").extended(set(), [], at(NOW))
    assert told(index) == told(index_of(rows))
    assert exposures(index, Source("case", "A"))[0].hours_min == exposures(index, Source("case", "A"))[0].hours_max


@given(some(), st.integers(2, 5))
def test_the_number_of_threads_changes_nothing(rows, workers):
    index = index_of(rows)
    asked = sources()
    assert contact_table(index, asked, workers=workers, after_days=2) == contact_table(index, asked, after_days=2)
    assert rows_of(pair_batches(index, workers=workers)) == rows_of(pair_batches(index))


@settings(max_examples=25)
@given(rows=some())
def test_an_index_that_is_kept_answers_as_the_one_that_was_made(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("index") / "ward"
    index, footing = index_of(rows), Footing.of(view(NOW, *rows))
    keep(index, folder, made_by="ringfence 0", record="a digest", footing=footing)
    found = kept(folder)
    assert told(found.index) == told(index)
    assert (found.made_by, found.record) == ("ringfence 0", "a digest")
    assert (found.footing.at, found.footing.everyone) == (footing.at, footing.everyone)
    assert found.footing.patients.equals(footing.patients)
    assert [p.name for p in folder.parent.iterdir()] == ["ward"]


@settings(max_examples=40)
@given(rows=some(), more=some(most=4), most=some(most=4), level=st.sampled_from((Level.ROOM, Level.WARD)))
def test_an_index_extended_and_kept_each_day_answers_as_one_built_of_everything(
    tmp_path_factory, rows, more, most, level
):
    """Found by a review: kept after it was extended, it knew patients by numbers that had no rows any more."""
    folder = tmp_path_factory.mktemp("index") / "level"
    now, at_now = rows, "2026-04-01 12:00"
    keep(index_of(rows, level, at_now), folder, made_by="", record="", footing=Footing.of(view(at_now, *rows)))
    for day, came in (("2026-04-03 08:30", more), (NOW, most)):
        now = now[1:] + [s for s in came if s.stay_id not in {r.stay_id for r in now[1:]}]
        seen_now, before = view(day, *now), kept(folder)
        whose = Footing.of(seen_now).differing(before.footing)
        index = before.index.extended_to(whose, seen_now)
        expected = told(index_of(now, level, day))
        assert told(index) == expected
        keep(index, folder, made_by="", record="", footing=Footing.of(seen_now))
        assert told(kept(folder).index) == expected


windows = st.tuples(minutes, minutes).map(lambda two: (min(two), max(two) + 1))


@given(some(), st.sampled_from((Level.BED, Level.ROOM, Level.WARD)), windows, windows, st.integers(0, 5))
def test_forward_of_a_holds_b_exactly_when_backward_of_b_holds_a(rows, level, of_a, asked, days):
    """Also when A counts in a time of its own, as by a policy, and the question is about another."""
    index = index_of(rows, level)
    low, high = max(of_a[0], asked[0]), min(of_a[1], asked[1])
    if low >= high:
        return
    a, b = Source("case-A", "A", (low, high)), Source("case-B", "B", asked, others={"A": of_a})

    def times(some, who):
        return [(e.start, e.end, e.hours_min, e.hours_max, e.nights) for e in some if e.contact_patient_id == who]

    assert sorted(map(repr, times(exposures(index, a), "B"))) == sorted(map(repr, times(exposures(index, b), "A")))
    if level is not Level.WARD:
        after = [(e.gap_hours_min, e.gap_hours_max) for e in came_after(index, a, days) if e.contact_patient_id == "B"]
        before = [(e.gap_hours_min, e.gap_hours_max) for e in was_before(index, b, days) if e.contact_patient_id == "A"]
        assert sorted(after) == sorted(before)


@st.composite
def movements(draw):
    """Histories of stays and of what they rest on: visits of their patients, deaths, links of numbers, retractions."""

    def fact():
        number = draw(st.sampled_from("123"))
        patient, visit = PatientId(f"TEST-{number}"), f"E{number}"
        table = draw(st.sampled_from(["stays", "stays", "stays", "encounters", "encounters", "patients", "links"]))
        if table == "patients":
            row = Patient(patient_id=patient, died=draw(maybe_moments))
        elif table == "encounters":
            row = replace(draw(encounters), encounter_id=visit, patient_id=patient, facility_id="Elm")
        elif table == "stays":
            named = draw(st.sampled_from([visit, visit, None]))
            row = replace(
                draw(stays_of_histories), patient_id=patient, encounter_id=named, facility_id="Elm", ward="2N"
            )
        else:
            table, row = "identity_links", draw(links)
        retracts = table != "identity_links" and draw(st.integers(0, 7)) == 0
        return Fact(table=table, row=row, message=draw(st.sampled_from("abc")), retracts=retracts)

    return [Fact(table="facilities", row=facility()), *(fact() for _ in range(draw(st.integers(2, 10))))]


@settings(max_examples=250)
@given(data=st.data())
def test_an_index_extended_by_whose_footing_differs_answers_as_one_built_of_everything(data):
    """As more becomes known and as time passes: corrections, retractions, links of numbers, visits, deaths."""
    some = data.draw(movements() | histories())
    known = data.draw(st.integers(0, len(some)))
    at = BEGAN + timedelta(hours=data.draw(st.integers(0, 120)))
    later = at + timedelta(hours=data.draw(st.sampled_from([0, 0, 5, 24, 96, 240])))
    level = data.draw(st.sampled_from((Level.ROOM, Level.WARD)))
    before = View.of_facts(some[:known], at=at, known_to=known)
    now = View.of_facts(some, at=later, known_to=len(some))
    whose = Footing.of(now).differing(Footing.of(before))
    expected = presences(now, level)
    was = {repr(one) for one in presences(before, level)}
    if whose is None:  # a facility came or was taken back
        return
    assert {one.patient_id for one in expected if repr(one) not in was} <= whose
    index = Index.of(presences(before, level), level, at)
    index = index.extended(whose, presences(now, level, repaired_stays(now, whose)), later)
    assert told(index, PATIENTS) == told(Index.of(expected, level, later), PATIENTS)


def of(patient, end=None, hours=0, **more):
    """A stay of a patient with its own visit, from the start on."""
    return Stay(
        stay_id=f"S-{patient}",
        patient_id=PatientId(patient),
        encounter_id=f"E-{patient}",
        facility_id="Elm",
        ward="2N",
        start=When(at=START + timedelta(hours=hours)),
        end=end,
        **more,
    )


def visit(patient, end=None, kind=EncounterKind.INPATIENT):
    return Encounter(
        encounter_id=f"E-{patient}",
        patient_id=PatientId(patient),
        facility_id="Elm",
        kind=kind,
        start=When(at=START),
        end=end,
    )


def hours_on(n):
    return When(at=START + timedelta(hours=n))


LINK = IdentityLink(
    link_id="L",
    patient_a=PatientId("A"),
    patient_b=PatientId("B"),
    action=LinkAction.LINK,
    declared_by="registration desk",
    declared=hours_on(1),
)
GONE = [of("A", hours_on(5)), of("B", hours_on(5))]


@pytest.mark.parametrize(
    ("was", "now", "days_on", "differ"),
    [
        (GONE, GONE, 0, set()),
        (GONE, GONE, 20, set()),
        ([*GONE, visit("A", hours_on(6))], [*GONE, visit("A", hours_on(6))], 20, set()),
        (GONE, [*GONE, of("C", hours_on(1))], 0, {"C"}),
        (GONE, GONE[:1], 0, {"B"}),
        (GONE, [GONE[0], of("B", hours_on(4))], 0, {"B"}),
        (GONE, [GONE[0], of("B", hours_on(5), room="201")], 0, {"B"}),
        ([of("A"), GONE[1]], [of("A"), GONE[1]], 1, {"A"}),  # still there
        (
            [of("A"), visit("A")],
            [of("A"), visit("A", hours_on(7))],
            0,
            {"A"},
        ),  # the visit ends what the stay leaves open
        (GONE, [*GONE, Patient(patient_id=PatientId("B"), died=hours_on(3))], 0, {"B"}),
        (GONE, [*GONE, LINK], 0, {"A", "B"}),
        ([of("A", hours_on(900))], [of("A", hours_on(900))], 3, {"A"}),  # an end that was yet to come
        ([of("A", hours_on(901), hours=900)], [of("A", hours_on(901), hours=900)], 60, {"A"}),  # and a start
        ([of("A"), visit("A", None, EncounterKind.DIALYSIS)],) * 2
        + (1, {"A"}),  # a session lasts to the end of its day
    ],
)
def test_whose_footing_differs(was, now, days_on, differ):
    at_first, later = at(NOW), at(NOW) + timedelta(days=days_on)
    before, after = (
        View.of({"facilities": [facility()], **tables(rows)}, at=when, known_to=len(rows))
        for rows, when in ((was, at_first), (now, later))
    )
    found = Footing.of(after).differing(Footing.of(before))
    assert found == differ
    changed = {repr(one) for one in presences(before, Level.ROOM) + presences(before, Level.WARD)}
    assert {
        one.patient_id
        for one in presences(after, Level.ROOM) + presences(after, Level.WARD)
        if repr(one) not in changed
    } <= differ


def tables(rows):
    kinds = {Stay: "stays", Encounter: "encounters", Patient: "patients", IdentityLink: "identity_links"}
    return {name: [row for row in rows if type(row) is kind] for kind, name in kinds.items()}


def test_of_an_earlier_instant_and_of_other_facilities_everyone_differs():
    before, now = (Footing.of(view(when, facility(), *GONE)) for when in ("2026-04-01 12:00", NOW))
    assert before.differing(now) is None
    assert Footing.of(view(NOW, facility("America/Toronto"), *GONE)).differing(before) is None


@given(some(), st.sampled_from(LEVELS))
def test_forward_of_one_holds_another_exactly_when_backward_of_that_holds_the_one(rows, level):
    index = index_of(rows, level)
    met = {(p, e.contact_patient_id) for p in "ABCD" for e in exposures(index, Source("case", p))}
    assert met == {(b, a) for a, b in met}
    assert all(a != b for a, b in met)


@given(some())
def test_who_shared_a_bed_shared_its_room_its_ward_and_its_facility(rows):
    def hours(level):
        found = defaultdict(float)
        for p in "ABCD":
            for e in exposures(index_of(rows, level), Source("case", p)):
                found[p, e.contact_patient_id] += e.hours_max
        return found

    bed, room, ward, facility = (hours(level) for level in LEVELS)
    assert all(room[pair] >= size > 0 for pair, size in dict(bed).items())
    assert all(ward[pair] >= size > 0 for pair, size in dict(room).items())
    assert all(facility[pair] > 0 for pair in ward)


@given(some())
def test_a_stranger_changes_nobody(rows):
    stranger = Stay(stay_id="x", patient_id=PatientId("Z"), facility_id="Elm", ward="Far", start=When(at=START))
    assert told(index_of([*rows, stranger]))[1:3] == told(index_of(rows))[1:3]
