"""What professionals declared about cases and contacts, and what became of what they acted on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ringfence.assess import Carriage, sentences
from ringfence.record import Contact, Declaration, DeclarationKind, View

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
    called_now: Mapping[str, tuple[str, ...]]
    """What cases are called now that were called otherwise before their carbapenemase was named."""

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
        if declared.case_id is None:
            return ()
        return self.called_now.get(declared.case_id, (declared.case_id,))

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


def renamed(carried: Mapping[str, Iterable[Carriage]]) -> Mapping[str, tuple[str, ...]]:
    """Return what cases are called now, by what they were called before; nothing that still is a case of its own."""
    found: dict[str, list[str]] = {}
    for some in carried.values():
        standing = [c for c in some if c.stands]
        names = {c.case_id for c in some}
        for one in standing:
            for former in one.former_ids:
                if former not in names:
                    found.setdefault(former, []).append(one.case_id)
    return {former: tuple(now) for former, now in found.items()}


def fallen(
    decisions: Decisions, carried: Mapping[str, Iterable[Carriage]], contacts: Iterable[Contact]
) -> Iterator[Fallen]:
    """Yield what was acted on and no longer follows from the record: indexes, then contacts."""
    cases = {c.case_id: c for some in carried.values() for c in some}
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
            why = "as the stays are known now, the two did not share a place"
            yield Fallen(contact_id, case_id, declared, why)


def _why_case(case: Carriage | None) -> str:
    return sentences(case.answer.reasons) if case else "the case no longer follows from what is on record"
