"""What a person does to the record, as facts: merge and unlink numbers, take back, declare, undo.

Each returns the facts to append and changes nothing itself. What cannot be done is an `ActError` that says why and
what would be right; it never repeats a patient's number.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.vocabulary import PlainError, did_you_mean

from .declare import TABLES, PatientId, Table, TableKind, digest_of
from .envelope import ENTERED, SEPARATOR, Fact, unpack_facts
from .facts import NEEDS, Declaration, IdentityLink
from .identity import links_in_force, patient_of
from .moments import When
from .numbers import BETWEEN, OWN_NUMBER, qualified
from .views import View
from .words import DeclarationKind, LinkAction


class ActError(PlainError):
    """Something that cannot be done to the record; nothing was added."""


def merge(view: View, one: str, other: str, *, by: str, at: datetime, why: str | None = None) -> list[Fact]:
    """Return the facts that link two numbers as one person's.

    Raises:
        ActError: the numbers are one, one of them is in no fact, or they are linked already.
    """
    _somebody(by)
    if one == other:
        raise ActError("Both numbers are the same. A number cannot be merged with itself; name two.")
    for which, number in (("first", one), ("second", other)):
        if not _is_known(view, number):
            raise ActError(f"The {which} number is in no fact of this record. Check it for a typing mistake.")
    if view.canonical.get(one, one) == view.canonical.get(other, other):
        raise ActError("These numbers are one patient already. Nothing was added.")
    link = _link(LinkAction.LINK, one, other, by, at, why)
    if link.row not in links_in_force([*view.rows("identity_links"), link.row]):
        raise ActError("An unlink of these numbers at that moment, or after it, stands. Give a later moment.")
    return [link]


def unlink(view: View, one: str, other: str, *, by: str, at: datetime, why: str | None = None) -> list[Fact]:
    """Return the facts that take the link of two numbers back.

    Raises:
        ActError: no link between the two is in force.
    """
    _somebody(by)
    in_force = links_in_force(view.rows("identity_links"))
    if not any({link.patient_a, link.patient_b} == {one, other} for link in in_force):
        through = view.canonical.get(one, one) == view.canonical.get(other, other) and one != other
        more = " They are one patient through other numbers; unlink those." if through else ""
        raise ActError(f"No link between these two numbers is in force, so there is nothing to unlink.{more}")
    apart = _link(LinkAction.UNLINK, one, other, by, at, why)
    still = links_in_force([*in_force, apart.row])
    if any({link.patient_a, link.patient_b} == {one, other} for link in still):
        raise ActError("These numbers were linked after that moment. Give a later one.")
    return [apart]


def retract(view: View, about: str, *, by: str, at: datetime, why: str | None = None) -> list[Fact]:
    """Return the facts that take the current row of `about` back (`results:R-17-1`), and declare that.

    What the row says is taken back, however often it is sent again, until this is undone.

    Raises:
        ActError: no such table, no current row with that key, or rows of several systems.
    """
    _somebody(by)
    table, instead = about.partition(":")[0], {"identity_links": "unlink the numbers", "declarations": "undo it"}
    if table in instead:
        raise ActError(f"A row of {table} is not retracted; {instead[table]}.")
    if table == "facilities":
        raise ActError("A facility is not retracted: without its zone no time could be read. Send it corrected.")
    fact = _one(view, about)
    declared = _declaration(view, DeclarationKind.RETRACTED, by=by, at=at, why=why, about=about)
    return [_taken_back(fact, at, declared.row.declaration_id), declared]


def undo(view: View, declaration_id: str, *, by: str, at: datetime, why: str | None = None) -> list[Fact]:
    """Return the facts that undo a declaration. What a retraction took back holds again; so does what was undone.

    Raises:
        ActError: no declaration has this number, or it was undone already.
    """
    _somebody(by)
    if any(link.link_id == declaration_id for link in view.rows("identity_links")):
        raise ActError("This number is of a merge or an unlink. To take a merge back, unlink the two numbers.")
    if all(d.declaration_id != declaration_id for d in view.rows("declarations")):
        raise ActError("No declaration has this number. `ringfence record log RECORD` lists them.")
    if declaration_id in view.undone:
        raise ActError("This declaration was undone already. Nothing was added.")
    return [_declaration(view, DeclarationKind.UNDONE, by=by, at=at, why=why, undoes=declaration_id)]


def declare(
    view: View,
    kind: DeclarationKind,
    *,
    by: str,
    at: datetime,
    why: str | None = None,
    **about: str | None,
) -> list[Fact]:
    """Return the fact that a professional declared something; `about` holds columns of `declarations`.

    Raises:
        ActError: by nobody, what this kind needs is missing, or it is about something the record does not hold.
    """
    _somebody(by)
    missing = [name for name in NEEDS[kind] if not about.get(name)]
    if missing:
        named = kind.value.replace("_", "-")
        raise ActError(f"`{named}` needs {' and '.join(map(_option, missing))}.")
    for name, problem in _unknown(view, kind, about):
        raise ActError(f"{_option(name)}: {problem}")
    visit = view.visits.get(about.get("encounter_id") or "")
    if visit and not about.get("patient_id"):
        about["patient_id"] = visit.patient_id  # so that it does not follow the visit to somebody else
    about["encounter_id"] = _with_system(view, "encounters", about.get("encounter_id"))
    return [_declaration(view, kind, by=by, at=at, why=why, **about)]


def holds_fact(view: View, about: str) -> bool:
    """Whether `TABLE:KEY` names a current fact."""
    table, _, key = about.partition(":")
    return table in view.known.columns and bool(key) and any(_facts(view, about))


def _unknown(view: View, kind: DeclarationKind, about: dict[str, str | None]) -> Iterator[tuple[str, str]]:
    """Yield what is named and is not in the record."""
    encounter, case = about.get("encounter_id"), about.get("case_id")
    if encounter and encounter not in view.visits:
        systems = _systems(view, "encounters", encounter)
        yield "encounter_id", systems or "no visit of the record has this number."
    for name in ("patient_id", "contact_patient_id"):
        number = about.get(name)
        if number and not _is_known(view, number):
            yield name, "no fact of the record names this patient."
    if case and (case.count(":") < 2 or not _is_known(view, patient_of(case) or "")):
        yield "case_id", "no case of the record is called so. Copy it from cases.csv: PATIENT:FAMILY:EPISODE."
    facility = about.get("facility_id")
    # An outbreak may be declared at a site that is not ours.
    elsewhere = kind in (DeclarationKind.OUTBREAK_OPEN, DeclarationKind.OUTBREAK_CLOSED)
    if facility and not elsewhere and facility not in view.facilities:
        known = ", ".join(view.facilities)
        yield "facility_id", f"no facility is called so. Known: {known}.{did_you_mean(facility, view.facilities)}"


def _option(column: str) -> str:
    """Return what a person calls a column of `declarations`."""
    return f"--{column.removesuffix('_id').removesuffix('_patient')}"


def _somebody(by: str) -> None:
    if not by.strip():
        raise ActError('Nobody is named. Say who decides it, as a role: --by "infection control".')


def _is_known(view: View, number: str) -> bool:
    return number in view.canonical or number in view.numbers


def _link(action: LinkAction, one: str, other: str, by: str, at: datetime, why: str | None) -> Fact:
    low, high = sorted((one, other))
    row = IdentityLink(
        patient_a=PatientId(low),
        patient_b=PatientId(high),
        action=action,
        declared_by=by,
        declared=When(at=at),
        why=why,
    )
    return _entered("identity_links", row, at)


def _declaration(
    view: View, kind: DeclarationKind, *, by: str, at: datetime, why: str | None, **about: str | None
) -> Fact:
    given: dict[str, Any] = {name: value for name, value in about.items() if value}
    row = Declaration(kind=kind, declared_by=by, declared=When(at=at), why=why, **given)
    fact = _entered("declarations", row, at)
    if fact.row.declaration_id in view.undone:
        raise ActError("This very declaration was made at that moment, and undone. Give a later moment.")
    return fact


def _entered(table: str, row: Any, at: datetime) -> Fact:  # noqa: ANN401
    key = TABLES[table].key[0]
    numbered = replace(row, **{key: digest_of(TABLES[table].texts(row))})
    return Fact(table=table, row=numbered, source=ENTERED, sent=at)


def _taken_back(fact: Fact, at: datetime, declaration_id: str) -> Fact:
    """Return the fact that a person takes back what another says; see `undoing`."""
    return replace(
        fact,
        retracts=True,
        recorded=at,
        sent=at,
        source=ENTERED,
        message="",
        control=declaration_id,
        seq=0,
        received=None,
    )


def _one(view: View, about: str) -> Fact:
    some = list(_facts(view, about))
    if len(some) == 1:
        return some[0]
    table, key = _named(about)
    if some or (several := _systems(view, table.name, key)):
        raise ActError(f"{about}: {several if not some else 'several rows have this key.'} Nothing was added.")
    if key in view.known.given[table.name][table.key[0]].to_pylist():
        raise ActError(
            "This row does not count at that moment: it was taken back or replaced, or it becomes known later. What is "
            "dated by a day counts when the day is over. Nothing was added."
        )
    raise ActError("No current row has this key, so there is nothing to take back. Nothing was added.")


def _with_system(view: View, table: str, number: str | None) -> str | None:
    """Return a number with the system that gave it, so that it means the same when another system uses it too."""
    if number is None or BETWEEN in number:
        return number
    own = view.known.columns[table].take(pa.array(view.known.versions[table].current))
    own = own.filter(pc.equal(own[OWN_NUMBER[table]], number))
    systems = set(own["_system"].to_pylist())
    return qualified(number, systems.pop()) if len(systems) == 1 else number


def _systems(view: View, table: str, number: str) -> str | None:
    """Say which rows a number can mean that several systems use; None if it is not such a number."""
    if number not in view.known.shared.get(table, ()):
        return None
    column = OWN_NUMBER[table]
    own = view.known.given[table].filter(pc.equal(view.known.given[table][column], number))
    means = ", ".join(qualified(number, system) for system in sorted(set(own["_system"].to_pylist())))
    return f"several systems use this number. Say which: {means}."


def _facts(view: View, about: str) -> Iterator[Fact]:
    """Yield the current facts of `TABLE:KEY`, as they arrived."""
    table, key = _named(about)
    current = pa.array(view.known.versions[table.name].current)
    packed = view.known.columns[table.name].take(current)
    if len(table.key) == 1:
        own = packed[table.key[0]].to_pylist()
    else:
        own = [text.split(SEPARATOR, 1)[1] for text in packed["_key"].to_pylist()]
    found = pa.array([n for n, one in enumerate(own) if one == key], pa.int64())
    yield from unpack_facts(table, view.known.given[table.name].take(current).take(found))


def _named(about: str) -> tuple[Table, str]:
    name, colon, key = about.partition(":")
    tables = [table.name for table in TABLES.values() if table.kind is TableKind.FACT]
    if not colon or name not in tables:
        raise ActError(
            "Name a fact by its table and key, for example results:R-17-1. Tables: "
            f"{', '.join(tables)}.{did_you_mean(name, tables) if colon else ''}"
        )
    return TABLES[name], key.replace("/", SEPARATOR) if len(TABLES[name].key) > 1 else key
