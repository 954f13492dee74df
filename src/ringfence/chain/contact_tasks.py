"""What is asked of contacts: to decide, to collect what is owed, to be informed. See docs/decisions/0011."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ringfence.assess import Outcome, Owed, follow_up, is_screen, screen_of
from ringfence.record import Contact, Follows, Level, Sequence, Task, TaskState, When
from ringfence.vocabulary import weakest

from .strata import Ground, Here
from .task_rows import due_from, task_of


def contact_tasks(ground: Ground, contacts: Iterable[Contact]) -> Iterator[Task]:
    """Ask to decide on those in a preview, and for what is owed to those a professional accepted; see ADR 0011."""
    contacts = list(contacts)
    met_again = sorted({str(c.contact_patient_id) for c in contacts})
    here = {pid: place for pid in met_again if (place := ground.comes_to(pid))}
    there = [
        c for c in contacts if c.contact_patient_id in here and (c.accepted or ground.here_now(c.contact_patient_id))
    ]
    yield from _to_collect(ground, [c for c in there if c.accepted and c.next_due], here)
    for contact in there:
        if contact.accepted and contact.progress == Owed.OWED and not contact.next_due:
            yield from _to_ask(ground, contact, here[contact.contact_patient_id])
        if contact.accepted and contact.follows is Follows.INFORM:
            yield _to_inform(ground, contact, here[contact.contact_patient_id])
    for patient_id, some in _by_person(c for c in there if _is_to_decide(c)):
        because = _exposed_to(some, here[patient_id], ground)
        accepted = [c for c in some if c.accepted]
        because = f"{_owed_of(accepted)}; {because}" if accepted else because
        what = "decide on a screen: contact of a case"
        closest = min(some, key=_closeness)
        clause_id = closest.clause or "ringfence"
        # Another case is another task: what was done of one is not done of the next.
        about = f"contact:{'+'.join(sorted(map(_decided_of, some)))}"
        yield task_of(here[patient_id], what, because, clause_id, closest.mark, TaskState.DECIDE, about=about)


def _owed_of(contacts: Iterable[Contact]) -> str:
    """Say what is owed, once where it is the same for several cases."""
    same: dict[str, list[str]] = defaultdict(list)
    for contact in contacts:
        same[contact.owed].append(contact.case_id)
    return "; ".join(f"{', '.join(cases)}: {owed}" for owed, cases in same.items())


def _decided_of(contact: Contact) -> str:
    """Name what is to be decided: before a list was accepted, or in its follow-up; and after which exposure."""
    progress = f":{Owed(contact.progress).name.lower()}" if contact.accepted else ""
    return f"{contact.case_id}{progress}:{_exposure_of(contact)}"


def _exposure_of(contact: Contact) -> str:
    """Name the last exposure by when it began: what was done of one is not done of the next."""
    began = contact.last_began
    return began.on.isoformat() if began.at is None and began.on else f"{began.at:%Y-%m-%dT%H%MZ}"


def _by_person(contacts: Iterable[Contact]) -> list[tuple[str, list[Contact]]]:
    """Return contacts by person, those who were closest to a case first."""
    found: dict[str, list[Contact]] = defaultdict(list)
    for contact in contacts:
        found[contact.contact_patient_id].append(contact)
    return sorted(found.items(), key=lambda item: (min(_closeness(c) for c in item[1]), item[0]))


_TO_ACCEPT = (Follows.SCREEN, Follows.INFORM)
_BY_SCHEDULE = (Owed.OWED, Owed.COMPLETE)


def _is_to_decide(contact: Contact) -> bool:
    """Whether a person is to decide: on a preview, on what the policy leaves open, or where its schedule ends."""
    if contact.follows is Follows.DECIDE or not contact.accepted:
        return contact.follows in (Follows.DECIDE, *_TO_ACCEPT)
    return contact.follows is Follows.SCREEN and contact.progress not in _BY_SCHEDULE


def _to_inform(ground: Ground, contact: Contact, here: Here) -> Task:
    because = f"{contact.owed}; {_exposed_to([contact], here, ground)}"
    what, about = f"inform a contact of {contact.case_id}", f"contact:{contact.case_id}:inform:{_exposure_of(contact)}"
    return task_of(here, what, because, contact.clause or "ringfence", contact.mark, TaskState.OPEN, about=about)


def _to_ask(ground: Ground, contact: Contact, here: Here) -> Iterator[Task]:
    """Ask for the results of screens, where all that is owed was collected; in the days since the first of them."""
    if contact.counted_from is None:
        return
    timeline, zone = ground.timelines[contact.contact_patient_id], ground.view.zone
    screens = [s for s in timeline.specimens if is_screen(s) and screen_of(s, timeline).outcome is Outcome.PENDING]
    days = [s.collected.day(zone(s.facility_id)) for s in screens]
    since = min((day for day in days if day > contact.counted_from), default=None)
    if since:
        what, about = "laboratory: results of a contact's screens", f"contact:{contact.case_id}:results:{since}"
        because = f"{contact.case_id}: {contact.owed}"
        task = task_of(here, what, because, contact.clause or "ringfence", contact.mark, TaskState.OPEN, about=about)
        yield due_from(task, When(on=since), ground)


def _to_collect(ground: Ground, contacts: Iterable[Contact], here: Mapping[str, Here]) -> Iterator[Task]:
    """Ask once for a screen that is owed as the contact of several cases: one swab serves them all."""
    for patient_id, some in _by_person(contacts):
        place = here[patient_id]
        because = f"{_owed_of(some)}; {_exposed_to(some, place, ground)}"
        # What was done of one is not done of the next: after a new exposure, a set that counts, or a swab lost.
        one_of = (f"{c.case_id}:screen:{c.counted_from}:{c.sets_done}:{_lost(ground, c)}" for c in some)
        clauses = ";".join(dict.fromkeys(c.clause for c in some if c.clause))
        what, mark = "collect a screen: contact of a case", weakest(c.mark for c in some)
        task = task_of(place, what, because, clauses, mark, TaskState.OPEN, about=f"contact:{'+'.join(sorted(one_of))}")
        dues = (c.next_due for c in some if c.next_due)
        yield due_from(task, min(dues, key=lambda due: due.earliest(ground.view.zone(place.facility_id))), ground)


def _lost(ground: Ground, contact: Contact) -> int:
    """Return how many screens since the first exposure came to nothing: rejected, or their result withdrawn."""
    timeline = ground.timelines[contact.contact_patient_id]
    zone = ground.view.zone
    since = contact.first_exposure.day(zone(None))
    screens = (s for s in timeline.specimens if is_screen(s) and s.collected.day(zone(s.facility_id)) >= since)
    return sum(bool(s.rejected) or screen_of(s, timeline).outcome is Outcome.TAKEN_BACK for s in screens)


def _closeness(contact: Contact) -> int:
    return list(Level).index(contact.level)


def _exposed_to(contacts: list[Contact], here: Here, ground: Ground) -> str:
    zone, together = ground.view.zone(here.facility_id), [c for c in contacts if c.sequence is Sequence.TOGETHER]
    visits = [e for e in ground.timelines[here.patient_id].encounters if e.end is None]
    began = max((e.start.earliest(ground.view.zone(e.facility_id)) for e in visits), default=None)

    def met(contact: Contact) -> str:
        closest, last = contact.last_at_level or contact.last_exposure, contact.last_exposure
        said = f"{'until' if contact.sequence is Sequence.TOGETHER else 'on'} {closest.day(zone)}"
        said += f", at any level until {last.day(zone)}" if last.day(zone) != closest.day(zone) else ""
        said += ", in an earlier visit" if began is not None and last.latest(zone) <= began else ""
        return f"{contact.case_id} ({said}{f'; {contact.accepted}' if contact.accepted else ''})"

    shared = [(f"shared a {level.value} with", [met(c) for c in together if c.level is level]) for level in Level]
    came = ("came next into a bed of", [met(c) for c in contacts if c.sequence is Sequence.AFTER])
    parts = [f"{how} {', '.join(some)}" for how, some in (*shared, came) if some]
    return "; ".join([*parts, _tested(contacts, here, ground)])


def _tested(contacts: list[Contact], here: Here, ground: Ground) -> str:
    tested = next((c.last_result for c in contacts if c.last_result), None)
    first = min(c.first_exposure.earliest(ground.view.zone(here.facility_id)) for c in contacts)
    followed = follow_up(ground.timelines[here.patient_id], since=first)
    said = [f"last screen: {tested}"] if tested else []
    said += ["a screen is pending"] if followed.pending else []
    said += [f"rejected by the laboratory: {followed.rejected}"] if followed.rejected else []
    return "; ".join(said) or "no screen since"
