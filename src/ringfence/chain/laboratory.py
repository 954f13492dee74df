"""What is asked of the laboratory: for each isolate, what would settle it, and for how long it has waited."""

from collections.abc import Iterator

from ringfence.assess import Ask, Identification, is_explained, sentences
from ringfence.record import PatientId, Task, TaskState, Timeline, When
from ringfence.vocabulary import Mark

from .strata import Carried, Ground

_TO_DECIDE = (Ask.SETTLE,)
_FROM_THE_PATIENT = (Ask.RECOLLECT,)


def laboratory_tasks(ground: Ground, first: Carried) -> Iterator[Task]:
    """Yield what is asked of the laboratory, those that wait the longest first.

    Nothing is asked of a suspicion in an organism in which a carbapenemase of the patient is established, unless that
    one was looked for and not found; and no specimen is asked of the dead.
    """
    waiting = [
        (ask, one, timeline)
        for patient_id, some in first.identified.items()
        for timeline in (ground.timelines[patient_id],)
        for one in some
        for ask in one.asks
        if not is_explained(one, some) and not (timeline.died and ask in _FROM_THE_PATIENT)
    ]
    tasks = [_task(ground, ask, one, timeline) for ask, one, timeline in waiting]
    told = (_told(ground, timeline) for timeline in ground.timelines.values() if _only_told(timeline, first))
    yield from sorted([*tasks, *told], key=lambda task: (-(task.days or 0), task.task_id))


def _task(ground: Ground, ask: Ask, one: Identification, timeline: Timeline) -> Task:
    what = one.organism or one.specimen.kind.replace("_", " ")
    zone = ground.view.zone(one.specimen.facility_id)
    reasons = sentences((*one.answer.reasons, *one.conflicts))
    said = f"{what}, {one.status.value.replace('_', ' ')}: {reasons}"
    missing = "; ".join(missing.datum for missing in one.answer.missing)
    since = _known_since(one, timeline)
    return Task(
        task_id=f"{timeline.patient_id}:laboratory:{one.about}:{ask.name.lower()}",
        patient_id=PatientId(timeline.patient_id),
        facility=one.specimen.facility_id,
        ward=None,
        task=f"laboratory: {ask.value}",
        due=None,
        because=f"{said}. It would be settled by {missing}" if missing else said,
        clause=next((r.clause for r in one.answer.reasons if r.clause), None) or "ringfence",
        mark=one.answer.mark,
        state=TaskState.DECIDE if ask in _TO_DECIDE else TaskState.OPEN,
        since=since,
        days=(ground.view.at.astimezone(zone).date() - since.day(zone)).days,
    )


def _known_since(one: Identification, timeline: Timeline) -> When:
    """Return when the first result of the isolate, or of the specimen tested directly, was reported."""
    name, zone = one.specimen.specimen_id, timeline.setting.zone(one.specimen.facility_id)
    versions = (*timeline.results[name], *timeline.earlier_results[name])
    reported = [r.reported for r in versions if r.isolate_id == one.isolate_id and r.reported]
    return min(reported, key=lambda when: when.earliest(zone), default=one.specimen.collected)


def _only_told(timeline: Timeline, first: Carried) -> bool:
    """Whether a positive was told of, and no result of any is on record."""
    carried = first.carriages.get(timeline.patient_id, ())
    return bool(timeline.rows("reported_history")) and not any(c.carries for c in carried) and not timeline.died


def _told(ground: Ground, timeline: Timeline) -> Task:
    rows = timeline.rows("reported_history")
    zone = ground.view.zone(None)
    since = min((row.reported for row in rows), key=lambda when: when.earliest(zone))
    here = ground.here_now(timeline.patient_id)
    by = ", ".join(dict.fromkeys(row.told_by for row in rows))
    return Task(
        task_id=f"{timeline.patient_id}:told",
        patient_id=PatientId(timeline.patient_id),
        facility=here.facility_id if here else None,
        ward=here.ward if here else None,
        task="laboratory: ask for the result, or collect a specimen",
        due=None,
        because=f"a positive was told of ({by}), and no result of it is on record",
        clause="ringfence",
        mark=Mark.UNVERIFIED,
        state=TaskState.OPEN,
        since=since,
        days=(ground.view.at.astimezone(zone).date() - since.day(zone)).days,
    )
