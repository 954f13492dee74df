"""What is another answer now than it was, and which facts changed it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ringfence.record import TABLES, Change, DeclarationKind, Fact, Happened, Table, View, When, local_text, patient_of

from .findings import Findings

# Each meeting is told by its contact, so exposures are not told again.
TOLD = ("cases", "contacts", "ledger", "tasks", "signals")
# Columns that move by themselves while people stay where they are.
_WITH_TIME = {"last_exposure", "last_at_level", "hours_min", "hours_max"}
_NUMBERS = ("patient_id", "contact_patient_id", "patient_a", "patient_b")
# What the findings of a table can rest on, beside links of numbers.
_RESTS_ON = {
    "cases": ("specimens", "isolates", "results", "declarations", "stays"),
    "ledger": ("encounters", "answers", "specimens", "results", "orders", "declarations", "stays"),
    "signals": ("specimens", "isolates", "results", "stays", "types", "distances"),
}


@dataclass(frozen=True)
class Changes:
    """Everything that changed between two findings."""

    changes: tuple[Change, ...]
    longer: int
    """Contacts of whom only the time together grew, because they are still in one place."""


def changes_between(before: Findings, after: Findings, facts: Sequence[Fact]) -> Changes:
    """Return what changed from `before` to `after`.

    Args:
        before: findings as they were.
        after: findings as they are, of the same record and policy.
        facts: what was added to the record between the two.
    """
    came = _Came(before, after, [after.view.as_named(fact) for fact in facts])
    found = [change for name in TOLD for change in _of_table(TABLES[name], before, after, came)]
    told = [change for change in found if change.what]
    return Changes(tuple(told), len(found) - len(told))


def _of_table(table: Table, before: Findings, after: Findings, came: "_Came") -> Iterator[Change]:
    was, now = ({table.key_of(row): row for row in f.rows()[table.name]} for f in (before, after))
    for key in sorted({*was, *now}):
        old, new = was.get(key), now.get(key)
        if old != new:
            yield _change(table, key, old, new, after.view, came)


def _change(table: Table, key: tuple[str, ...], old: Any, new: Any, view: View, came: "_Came") -> Change:  # noqa: ANN401
    happened = Happened.APPEARED if old is None else Happened.GONE if new is None else Happened.CHANGED
    because = came.because(table.name, [row for row in (old, new) if row is not None])
    patient = getattr(new or old, "patient_id", None) or getattr(new or old, "contact_patient_id", None)
    what = _said(table, old, new, view, only_time=because is None)
    return Change(
        finding=table.name,
        about="/".join(key),
        patient_id=patient,
        happened=happened,
        what=what,
        because=because or came.time_passed,
    )


def _said(table: Table, old: Any, new: Any, view: View, *, only_time: bool) -> str:  # noqa: ANN401
    if old is None or new is None:
        return _headline(table, new if old is None else old, view)
    differ = [c.name for c in table.columns if getattr(old, c.name) != getattr(new, c.name)]
    if only_time:
        differ = [name for name in differ if name not in _WITH_TIME]
    texts = ((name, *(_text(table, row, name, view) for row in (old, new))) for name in differ)
    return "; ".join(
        f"{name.replace('_', ' ')}: {was or 'nothing'}, now {now or 'nothing'}" for name, was, now in texts
    )


_HEADLINE = {
    "cases": ("status", "carbapenemases", "ward"),
    "contacts": ("level", "first_exposure", "last_exposure", "hours_max"),
    "ledger": ("at_risk", "outcome"),
    "tasks": ("task", "state"),
    "signals": ("ward", "carbapenemase", "cases"),
}


def _headline(table: Table, row: Any, view: View) -> str:  # noqa: ANN401
    said = ((name, _text(table, row, name, view)) for name in _HEADLINE[table.name])
    return "; ".join(f"{name.replace('_', ' ')}: {text}" for name, text in said if text)


def _text(table: Table, row: Any, name: str, view: View) -> str:  # noqa: ANN401
    value = getattr(row, name)
    if value is None:
        return ""
    facility = getattr(row, "facility", None)
    zone = view.zone(facility if facility in view.facilities else None)
    return value.text(zone) if isinstance(value, When) else table.by_name[name].kind.write(value)


@dataclass(frozen=True)
class _Came:
    """The facts that came between two findings, and what rests on them."""

    before: Findings
    after: Findings
    facts: Sequence[Fact]

    @cached_property
    def time_passed(self) -> str:
        """Why something changed that no new fact touches."""
        was, now = (local_text(f.view.at, f.view.zone(None)) for f in (self.before, self.after))
        if was != now:
            return f"time passed, from {was} to {now}"
        return "of another patient's fact, or of several together" if self.facts else "the view is another"

    def because(self, table: str, rows: Iterable[Any]) -> str | None:
        """Return the new facts that a finding rests on; None where there are none."""
        rows = list(rows)
        patients = {self._one(number) for row in rows for number in _patients(row)}
        if table == "tasks":
            patients |= {index for patient in patients for index in self._indexes.get(patient, ())}
        about = [fact for fact in self.facts if self._patients_of(fact) & patients and _concerns(fact, table, rows)]
        kinds = (*_RESTS_ON[table], "identity_links") if table in _RESTS_ON else ()
        about = [fact for fact in about if fact.table in kinds] or about
        if not about and self.before.view.setting != self.after.view.setting:
            about = [fact for fact in self.facts if not _of_people(fact)]
        named = {key for row in rows for key in self._reasons.get(getattr(row, "case_id", ""), ())}
        exact = [fact for fact in about if table == "cases" and _key(fact) in named]
        return "; ".join(dict.fromkeys(map(_named, exact or about))) or None

    @cached_property
    def _indexes(self) -> Mapping[str, frozenset[str]]:
        """Whose contact each patient was, or is."""
        found: dict[str, set[str]] = {}
        for exposure in (*self.before.exposures, *self.after.exposures):
            found.setdefault(self._one(exposure.contact_patient_id), set()).add(self._one(exposure.index_patient_id))
        return {patient: frozenset(some) for patient, some in found.items()}

    @cached_property
    def _reasons(self) -> Mapping[str, frozenset[str]]:
        """The facts that the answer of each case rested on, and rests on."""
        found: dict[str, set[str]] = {}
        for findings in (self.before, self.after):
            for carriage in (c for some in findings.carriages.values() for c in some):
                keys = (key for reason in carriage.answer.reasons for key in reason.facts)
                found.setdefault(carriage.case_id, set()).update(keys)
        return {case_id: frozenset(keys) for case_id, keys in found.items()}

    def _one(self, number: str) -> str:
        return self.after.view.canonical.get(number, number)

    def _patients_of(self, fact: Fact) -> frozenset[str]:
        own = {n for name in _NUMBERS if (n := getattr(fact.row, name, None))}
        case = patient_of(getattr(fact.row, "case_id", None))
        specimen = getattr(fact.row, "specimen_id", None)
        own |= {*self._owners.get(specimen or "", ()), *([case] if case else [])}
        visit = self.after.view.visits.get(getattr(fact.row, "encounter_id", None) or "")
        own |= {visit.patient_id} if visit else set()
        undone = self._declared.get(getattr(fact.row, "undoes", None) or "")
        return frozenset(map(self._one, own)) | (self._patients_of(undone) if undone else frozenset())

    @cached_property
    def _declared(self) -> Mapping[str, Fact]:
        """Every declaration, by number: what one that undoes is about is told by the one it undoes."""
        rows = self.after.view.rows("declarations")
        return {row.declaration_id: Fact(table="declarations", row=row) for row in rows}

    @cached_property
    def _owners(self) -> Mapping[str, frozenset[str]]:
        """Whose each specimen was, and is."""
        found: dict[str, set[str]] = {}
        for findings in (self.before, self.after):
            for specimen in findings.view.rows("specimens"):
                if specimen.patient_id:
                    found.setdefault(specimen.specimen_id, set()).add(specimen.patient_id)
        for fact in self.facts:
            if fact.table == "specimens" and fact.row.patient_id:
                found.setdefault(fact.row.specimen_id, set()).add(fact.row.patient_id)
        return {specimen: frozenset(some) for specimen, some in found.items()}


def _patients(row: Any) -> Iterator[str]:  # noqa: ANN401
    for name in ("patient_id", "contact_patient_id"):
        if number := getattr(row, name, None):
            yield number
    for case in (getattr(row, "case_id", None), *(getattr(row, "case_ids", None) or "").split(";")):
        if patient := patient_of(case):
            yield patient


def _concerns(fact: Fact, table: str, rows: Sequence[Any]) -> bool:
    """Whether a decision is about these findings, and not only about the same people."""
    kind = getattr(fact.row, "kind", None)
    if kind is DeclarationKind.CONTACTS_ACCEPTED:
        people = {person for row in rows for person in _patients(row)}
        return table in ("contacts", "tasks") and fact.row.contact_patient_id in people
    if kind in (DeclarationKind.DONE, DeclarationKind.TOLD):
        return table == "tasks" and any(row.task_id == fact.row.about for row in rows)
    return True


def _of_people(fact: Fact) -> bool:
    return TABLES[fact.table].name not in ("facilities", "places", "populations", "policy_activations", "methods")


def _key(fact: Fact) -> str:
    return f"{fact.table}:{'/'.join(TABLES[fact.table].key_of(fact.row))}"


def _named(fact: Fact) -> str:
    what = "taken back" if fact.retracts else fact.source
    return f"{_key(fact)} ({what}, seq {fact.seq})"
