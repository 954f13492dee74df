"""What a person should do or decide now, for those who are in hospital now; and what fell that somebody acted on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from zlib import crc32

from ringfence.assess import Outcome, Precautions, asked, sentence, sentences
from ringfence.policy import Policy
from ringfence.record import (
    BETWEEN,
    Answer,
    Contact,
    DeclarationKind,
    EncounterKind,
    Exposure,
    Task,
    TaskState,
    Verdict,
    Waits,
    patient_of,
    precautions_in_force,
)
from ringfence.vocabulary import Mark

from .contact_tasks import contact_tasks
from .decisions import Decisions, Fallen, fallen
from .laboratory import laboratory_tasks
from .ledger import Admitted
from .strata import Carried, Elsewhere, Ground, Here
from .task_rows import due_from, task_of


def tasks(
    ground: Ground,
    policy: Policy,
    recommended: Mapping[str, Answer[Precautions]],
    admitted: Mapping[str, Iterable[Admitted]],
    contacts: Iterable[Contact],
    decisions: Decisions,
    first: Carried,
    exposed: Mapping[str, Iterable[Exposure]],
) -> list[Task]:
    """Return the tasks, those nearest to harm first: precautions, contacts, screens, questions; then the laboratory's.

    Last comes what fell, and what a declaration leaves open.
    """
    here = {pid: place for pid in ground.timelines if (place := ground.here_now(pid))}
    contacts = list(contacts)
    found: list[Task] = []
    for patient_id, place in here.items():
        found += _precautions(ground, recommended[patient_id], place)
    found += contact_tasks(ground, contacts)
    for patient_id, place in here.items():
        for one in admitted.get(patient_id, ()):
            if one.encounter.end is None and (one.again or one.encounter.kind is EncounterKind.INPATIENT):
                found += _screen(ground, policy, one, place)
    found += laboratory_tasks(ground, first)
    for what in fallen(decisions, contacts, exposed):
        found += _fallen(ground, what, decisions)
    found += _waiting(ground)
    found += _contested(ground)
    return [_closed(task, decisions) for task in found]


def _closed(task: Task, decisions: Decisions) -> Task:
    """Return a task as done, if a professional declared it so."""
    # A number may have been shared with another system since; see `record.numbers`.
    declared = decisions.closed.get(task.task_id) or decisions.closed.get(task.task_id.partition(BETWEEN)[0])
    if declared is None or task.state is TaskState.WITHDRAWN:
        return task
    said = f"{declared.kind.value} by {decisions.by_and_on(declared)}; {task.because}"
    return replace(task, state=TaskState.DONE, because=said)


def _fallen(ground: Ground, what: Fallen, decisions: Decisions) -> Iterator[Task]:
    """Say what is withdrawn, and that who was told otherwise is to be told; the dead receive nothing."""
    timeline = ground.timelines.get(what.patient_id)
    if timeline and timeline.died:
        return
    acted = f"{what.acted.kind.value.replace('_', ' ')} by {decisions.by_and_on(what.acted)}"
    because = f"withdrawn, because {what.because}; {acted}"
    place = _where(ground, what.patient_id)
    contact = what.acted.contact_patient_id == what.patient_id
    task = f"follow up as a contact of {what.case_id}" if contact else f"act on the case {what.case_id}"
    tell = "tell the patient and their team that this was withdrawn"
    mark = Mark.UNVERIFIED
    yield task_of(place, task, because, "ringfence", mark, TaskState.WITHDRAWN, about=f"fallen:{what.case_id}")
    yield task_of(place, tell, because, "ringfence", mark, TaskState.OPEN, about=f"tell:{what.case_id}")


_WHILE = {
    Waits.UNLINKED: "this number was linked to another",
    Waits.MOVED: "the visit or specimen that it names was another patient's",
}


def _waiting(ground: Ground) -> Iterator[Task]:
    """Ask whom a declaration is about of which that is no longer clear."""
    for declared in ground.view.rows("declarations"):
        why = ground.view.waiting.get(declared.declaration_id)
        if why is None:
            continue
        patient = declared.patient_id or declared.contact_patient_id or patient_of(declared.case_id) or ""
        place = _where(ground, patient)
        kind = declared.kind.value.replace("_", " ")
        because = f"{kind}, declared by {declared.declared_by} while {_WHILE[why]}; it has no effect now"
        what = "decide whom a declaration is about: undo it, or declare it again"
        about = f"waiting:{declared.declaration_id}"
        yield task_of(place, what, because, "ringfence", Mark.UNVERIFIED, TaskState.DECIDE, about=about)


def _contested(ground: Ground) -> Iterator[Task]:
    """Ask whether a retraction still holds that the source has contradicted since."""
    view = ground.view
    results = {r.result_id: r.specimen_id for r in (*view.rows("results"), *view.earlier_results)}
    for number, (table, key, stands) in view.contested_retractions.items():
        specimen = view.specimens.get(results.get(key, key) if table == "results" else key)
        patient = specimen.patient_id if specimen and table in ("results", "specimens") else None
        said = "says something else since, which counts" if stands else "was recorded again since, saying the same"
        because = f"{table}:{key} was retracted, and {said}"
        what = "decide with the laboratory or the source whether a retraction still holds"
        place = _where(ground, patient) if patient else Elsewhere("")
        yield task_of(place, what, because, "ringfence", Mark.UNVERIFIED, TaskState.DECIDE, about=f"contested:{number}")


def _where(ground: Ground, patient_id: str) -> Here | Elsewhere:
    here = ground.here_now(patient_id) if patient_id in ground.timelines else None
    return here or Elsewhere(patient_id)


def _precautions(ground: Ground, answer: Answer[Precautions], place: Here) -> Iterator[Task]:
    in_force = precautions_in_force(ground.timelines[place.patient_id], place.facility_id)
    in_place = any(measure.end is None for measure in in_force)
    because = "; ".join(sentence(reason) for reason in answer.reasons)
    ends = " ".join(f"{one.clause}: {one.datum}" for one in answer.missing)
    because = f"{because}. What would end them: {ends}" if ends else because
    clause = answer.reasons[0].clause or "ringfence"
    visits = [e.encounter_id for e in ground.timelines[place.patient_id].encounters if e.end is None]
    about = f"precautions:{answer.status.value}:{visits[-1] if visits else place.facility_id}"
    about = f"{about}:{_asked_by(ground, answer, place)}"
    if answer.status is Precautions.RECOMMENDED and not in_place:
        yield task_of(place, "start contact precautions", because, clause, answer.mark, TaskState.OPEN, about=about)
    if answer.status is Precautions.DECIDE:
        yield task_of(place, "decide on precautions", because, clause, answer.mark, TaskState.DECIDE, about=about)
    if answer.status is Precautions.CRITERIA_MET and in_place:
        what = "decide whether precautions end"
        yield task_of(place, what, because, clause, answer.mark, TaskState.DECIDE, about=about)


def _asked_by(ground: Ground, answer: Answer[Precautions], place: Here) -> str:
    """Name what asks for precautions: what was done of one reason, or before an end, is not done of the next."""
    timeline = ground.timelines[place.patient_id]
    ended = [f"{m.measure_id} {m.end}" for m in precautions_in_force(timeline, place.facility_id) if m.end]
    stopped = timeline.declared(DeclarationKind.PRECAUTIONS_ENDED, facility_id=place.facility_id)
    text = "|".join([sentences(answer.reasons), *ended, stopped.declaration_id if stopped else ""])
    return f"{crc32(text.encode()):08x}"


def _screen(ground: Ground, policy: Policy, one: Admitted, place: Here) -> Iterator[Task]:
    verdict, outcome = one.verdict, one.screen.outcome
    because, clause, about = sentences(verdict.reasons), _clauses(verdict), f"screen:{one.encounter.encounter_id}"
    if outcome is Outcome.NOT_COLLECTED:
        what = f"collect the admission screen ({_screen_for(policy, verdict)})"
        task = task_of(place, what, because, clause, verdict.mark, TaskState.OPEN, about=about)
        yield due_from(task, one.encounter.start, ground)
    elif outcome is Outcome.MORE_OWED:
        what = f"collect the next admission screen ({_screen_for(policy, verdict)})"
        yield task_of(place, what, outcome.value, clause, verdict.mark, TaskState.OPEN, about=f"{about}:more")
    elif outcome is Outcome.TAKEN_BACK:
        what = f"collect the admission screen again ({_screen_for(policy, verdict)}), or ask the laboratory"
        yield task_of(place, what, outcome.value, clause, verdict.mark, TaskState.OPEN, about=f"{about}:again")
    elif outcome is Outcome.QUESTIONS_OPEN and verdict.missing and verdict.status is not Verdict.DECIDE:
        what = "ask the admission questions"
        yield task_of(place, what, _questions(verdict), clause, verdict.mark, TaskState.OPEN, about=about)
    elif outcome is Outcome.QUESTIONS_OPEN:
        yield task_of(place, "decide whether to screen", because, clause, verdict.mark, TaskState.DECIDE, about=about)
    elif outcome in (Outcome.GREW, Outcome.UNSETTLED, Outcome.TARGETS_ONLY):
        what = "settle the screen with the laboratory"
        yield task_of(place, what, outcome.value, "ringfence", Mark.UNVERIFIED, TaskState.DECIDE, about=about)


def _questions(verdict: Answer[Verdict]) -> str:
    """Return the questions to ask; where there are many, the clauses that hold them."""
    if len(verdict.missing) < 3:
        return asked(verdict.missing)
    clauses = ", ".join(dict.fromkeys(one.clause for one in verdict.missing))
    return f"not answered, or not in full: the questions of {clauses}"


def _clauses(verdict: Answer[Verdict]) -> str:
    return ";".join(dict.fromkeys(r.clause for r in verdict.reasons if r.clause)) or "ringfence"


def _screen_for(policy: Policy, verdict: Answer[Verdict]) -> str:
    ids = {reason.clause for reason in verdict.reasons}
    clauses = [c for c in policy.admission if c.id in ids]
    return ", ".join(dict.fromkeys(c.then.screen_for.value for c in clauses if c.then))
