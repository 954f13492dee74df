"""What professionals declared about cases and contacts, and what became of what they acted on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ringfence.assess import Carriage, is_unnamed, sentences, was_of
from ringfence.record import Contact, Declaration, DeclarationKind, Exposure, Timeline, View

_ON_CASES = (DeclarationKind.CASE_CONFIRMED, DeclarationKind.CASE_NOT_CONFIRMED)


@dataclass(frozen=True)
class Fallen:
    """Something a professional acted on, whose finding has fallen since."""

    patient_id: str
    case_id: str
    acted: Declaration
    because: str


@dataclass(frozen=True)
class Decisions:
    """Declarations that stand, by what they are about; of several about one thing the last counts."""

    view: View
    carried: Mapping[str, tuple[Carriage, ...]]
    timelines: Mapping[str, Timeline]

    @cached_property
    def on_cases(self) -> Mapping[str, Declaration]:
        """Whether each case was confirmed or not, by case."""
        return {case_id: d for d in self._of(*_ON_CASES) for case_id in self._cases_of(d)}

    @cached_property
    def accepted(self) -> Mapping[tuple[str, str], Declaration]:
        """Contacts accepted, by case and contact."""
        found = self._of(DeclarationKind.CONTACTS_ACCEPTED)
        return {(case, d.contact_patient_id): d for d in found for case in self._cases_of(d) if d.contact_patient_id}

    def _cases_of(self, declared: Declaration) -> tuple[str, ...]:
        """Return what a declaration is about now; of a carbapenemase not named yet, what was known of it then."""
        if declared.case_id is None:
            return ()
        if not is_unnamed(declared.case_id):
            return (declared.case_id,)
        patient_id = declared.case_id.rsplit(":", 2)[0]
        own = [c for c in self.carried.get(patient_id, ()) if c.stands]
        own = [c for c in own if declared.case_id in (c.case_id, *c.former_ids)]
        if not own:
            return (declared.case_id,)
        return tuple(c.case_id for c in own if was_of(declared, c, self.timelines[patient_id]))

    @cached_property
    def of_none(self) -> tuple[Declaration, ...]:
        """What was declared of a case that is none of those that stand under its name now."""
        kinds = (DeclarationKind.CASE_CONFIRMED, DeclarationKind.CONTACTS_ACCEPTED)
        return tuple(d for d in self._of(*kinds) if d.case_id and not self._cases_of(d))

    @cached_property
    def closed(self) -> Mapping[str, Declaration]:
        """What was declared done or told, by the task or fact it is about."""
        return {d.about: d for d in self._of(DeclarationKind.DONE, DeclarationKind.TOLD) if d.about}

    def said_of_case(self, case_id: str) -> str | None:
        """Return what was declared of a case, in words."""
        declared = self.on_cases.get(case_id)
        if declared is None:
            return None
        word = "confirmed" if declared.kind is DeclarationKind.CASE_CONFIRMED else "not confirmed"
        return f"{word} by {self.by_and_on(declared)}"

    def said_of_contact(self, case_id: str, contact_id: str) -> str | None:
        """Return by whom and when a contact was accepted, in words."""
        declared = self.accepted.get((case_id, contact_id))
        return f"accepted by {self.by_and_on(declared)}" if declared else None

    def by_and_on(self, declared: Declaration) -> str:
        """Return who declared it, and on which local day."""
        return f"{declared.declared_by}, {declared.declared.day(self.view.zone(self._site(declared)))}"

    def _site(self, declared: Declaration) -> str | None:
        return declared.facility_id if declared.facility_id in self.view.facilities else None

    def _of(self, *kinds: DeclarationKind) -> list[Declaration]:
        zone = self.view.zone(None)
        found = [d for d in self.view.declarations if d.kind in kinds]
        return sorted(found, key=lambda d: (d.declared.earliest(zone), d.declaration_id))


def fallen(
    decisions: Decisions, contacts: Iterable[Contact], exposed: Mapping[str, Iterable[Exposure]]
) -> Iterator[Fallen]:
    """Yield what was acted on and no longer follows from the record: indexes, then contacts.

    Args:
        decisions: what was declared.
        contacts: everyone listed now.
        exposed: exposures by case, also at facilities whose overlaps are no contacts.
    """
    cases = {c.case_id: c for some in decisions.carried.values() for c in some}
    standing = {(c.case_id, c.contact_patient_id) for c in contacts}
    acted = {case_id: d for case_id, d in decisions.on_cases.items() if d.kind is DeclarationKind.CASE_CONFIRMED}
    for (case_id, _), declared in decisions.accepted.items():
        acted.setdefault(case_id, declared)
    for case_id, declared in sorted(acted.items()):
        if case_id not in cases or not cases[case_id].stands:
            yield Fallen(case_id.rsplit(":", 2)[0], case_id, declared, _why_case(cases.get(case_id)))
    for (case_id, contact_id), declared in sorted(decisions.accepted.items()):
        case = cases.get(case_id)
        if case is None or not case.stands:
            yield Fallen(contact_id, case_id, declared, _why_case(case))
        elif (case_id, contact_id) not in standing:
            shared = any(one.contact_patient_id == contact_id for one in exposed.get(case_id, ()))
            yield Fallen(contact_id, case_id, declared, _CARRIERS_ONLY if shared else _NOT_SHARED)
    yield from _of_none(decisions)


def _of_none(decisions: Decisions) -> Iterator[Fallen]:
    """Yield what was declared of something taken back since, where another suspicion has its name now."""
    told: set[tuple[str, str]] = set()
    for declared in decisions.of_none:
        case_id = str(declared.case_id)
        whom = [case_id.rsplit(":", 2)[0], *([declared.contact_patient_id] if declared.contact_patient_id else [])]
        for patient_id in whom:
            if (patient_id, case_id) not in told:
                told.add((patient_id, case_id))
                yield Fallen(patient_id, case_id, declared, _TAKEN_BACK)


_NOT_SHARED = "as the stays are known now, the two did not share a place"
_CARRIERS_ONLY = "where the two met, movements are now taken to be known of carriers only"
_TAKEN_BACK = "what it rested on was taken back, and what is suspected now came later"


def _why_case(case: Carriage | None) -> str:
    return sentences(case.answer.reasons) if case else "the case no longer follows from what is on record"
