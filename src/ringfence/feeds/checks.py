"""What a row must say beside its required columns, because of what it is about."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ringfence.record import (
    NEEDS,
    Declaration,
    DeclarationKind,
    Found,
    IdentityLink,
    Measure,
    MeasuredIn,
    Population,
    Result,
    ResultKind,
    Specimen,
)
from ringfence.vocabulary import UnknownAntibiotic, antibiotic, known_method, methods

from .problems import Effect


class Lack(NamedTuple):
    """What a row does not say: the column it would stand in, the problem, and what would be right."""

    column: str
    problem: str
    remedy: str
    effect: Effect = Effect.REFUSED


def lacks(row: Any) -> Iterator[Lack]:  # noqa: ANN401
    """Yield what `row` should say and does not."""
    check = _CHECKS.get(type(row))
    return check(row) if check else iter(())


_SAYS_WHAT_WAS_FOUND = (ResultKind.GENE, ResultKind.CULTURE, ResultKind.PROTEIN, ResultKind.ACTIVITY)
_NAMING = (ResultKind.GENE, ResultKind.PROTEIN)
_BY_METHOD = (ResultKind.PROTEIN, ResultKind.ACTIVITY)


def _result(row: Result) -> Iterator[Lack]:
    if row.kind in _SAYS_WHAT_WAS_FOUND and row.found is None and not _gives_a_zone(row):
        problem = f"A result of the kind `{row.kind}` says what was found, and this one does not."
        yield Lack("found", problem, f"Write one of {', '.join(Found)}.")
    if row.kind in _BY_METHOD:
        yield from _method(row)
    if row.kind is ResultKind.GENE:
        yield from _method_of_another_kind(row)
    if row.kind is ResultKind.ACTIVITY and row.analyte is not None:
        problem = "A test of activity names no carbapenemase, and this one does; the name is not read."
        yield Lack("analyte", problem, "Leave it out, or give the test that named it a row of its own.", Effect.USED)
    if row.kind in _NAMING and row.found is Found.DETECTED and row.analyte is None:
        problem = "This result found a carbapenemase and does not name it; it is read as one that is not named."
        yield Lack("analyte", problem, "Give the carbapenemase that was found, for example KPC.", Effect.USED)
    if row.kind is ResultKind.SUSCEPTIBILITY:
        yield from _susceptibility(row)
    if row.value is not None and row.unit in _MEASURED:
        yield from _measured(row.value, _MEASURED[row.unit])


def _gives_a_zone(row: Result) -> bool:
    """Whether an activity test that is read by its zone gives the zone, from which what it found follows."""
    used = known_method(row.method)
    return (
        row.kind is ResultKind.ACTIVITY
        and used is not None
        and used.positive_to_mm is not None
        and row.value is not None
        and row.unit is MeasuredIn.MM
    )


def _method(row: Result) -> Iterator[Lack]:
    """What a test of this kind can see follows from its method; without one a positive is a suspicion only."""
    used = known_method(row.method)
    if used is None or used.kind != row.kind.value:
        said = "names no method" if row.method is None else "names a method that is not in the list for this kind"
        problem = f"This result {said}, so that it can suspect a carbapenemase, and neither establish nor exclude one."
        known = ", ".join(one.code for one in methods().values() if one.kind == row.kind.value)
        yield Lack("method", problem, f"Give one of {known}, or map the value in the mapping.", Effect.USED)


def _method_of_another_kind(row: Result) -> Iterator[Lack]:
    used = known_method(row.method)
    if used is not None and used.kind != row.kind.value:
        problem = (
            f"This method looks for {used.kind}, and the result is of the kind `{row.kind}`; the kind is believed."
        )
        yield Lack("method", problem, "Correct the kind or the method.", Effect.USED)


def _susceptibility(row: Result) -> Iterator[Lack]:
    if row.antibiotic is None:
        problem = "A susceptibility result names the antibiotic, and this one does not."
        yield Lack("antibiotic", problem, "Give the antibiotic that was tested.")
    elif "penem" in row.antibiotic.casefold() and not _is_listed(row.antibiotic):
        problem = "This looks like a carbapenem, and is not in `codelists/antibiotics.csv`; no rule reads it."
        yield Lack("antibiotic", problem, "Give its name, for example meropenem, or its WHONET code.", Effect.USED)
    if row.value is None and row.interpretation is None and row.found is None:
        problem = "A susceptibility result has a value, an interpretation or what was found, and this one has none."
        yield Lack("value", problem, "Give value, interpretation or found, as the laboratory reported it.")


def _is_listed(text: str) -> bool:
    try:
        return bool(antibiotic(text))
    except UnknownAntibiotic:
        return False


class _Range(NamedTuple):
    """What is measured in a unit: from `low` (itself only if `with_low`) up to and with `high`."""

    low: float
    high: float
    problem: str
    remedy: str
    with_low: bool = False


# No source sets these bounds. They are ours, and wide: beyond them a number is a slip or stands under a wrong unit.
_MEASURED = {
    MeasuredIn.MG_PER_L: _Range(
        0,
        4096,
        "This concentration is outside what is measured: it is not above 0 and at most 4096 mg/L.",
        "Give the concentration in mg/L, with a sign such as <= in `comparator`, or correct the unit.",
    ),
    MeasuredIn.MM: _Range(
        6,
        60,
        "This zone is outside what is measured: it is not between 6 and 60 mm.",
        "6 is no inhibition zone for a 6 mm disk: write 6 where nothing was inhibited. Or correct the unit.",
        with_low=True,
    ),
    MeasuredIn.CT: _Range(
        0,
        60,
        "This cycle threshold is outside what is measured: it is not above 0 and at most 60.",
        "Give the cycle at which the target was found. If it was not found, leave the value empty and say so in "
        "`found`.",
    ),
}


def _measured(value: float, within: _Range) -> Iterator[Lack]:
    low_enough = value >= within.low if within.with_low else value > within.low
    if not (low_enough and value <= within.high):
        yield Lack("value", within.problem, within.remedy)


def _measure(row: Measure) -> Iterator[Lack]:
    if row.patient_id is None and row.ward is None:
        problem = "This measure is for no patient and for no place."
        yield Lack("patient_id", problem, "Give patient_id; or, for a measure of a place, ward.")


def _specimen(row: Specimen) -> Iterator[Lack]:
    if not (row.patient_id or row.place_id):
        problem = "This specimen is from nobody and from no place; it is kept, and makes no case."
        remedy = "Give patient_id, or place_id for a sample of the environment."
        yield Lack("patient_id", problem, remedy, Effect.USED)


def _population(row: Population) -> Iterator[Lack]:
    if (row.denominator is None) != (row.count is None):
        empty = "count" if row.count is None else "denominator"
        yield Lack(empty, "A denominator and its count go together, and one of them is empty.", "Give both or neither.")
    elif row.covers is None and row.denominator is None:
        problem = "This row says neither whom the stays cover nor a denominator."
        yield Lack("covers", problem, "Give covers; or denominator and count.")


def _link(row: IdentityLink) -> Iterator[Lack]:
    if row.patient_a == row.patient_b:
        problem = "This row links a number with itself."
        yield Lack("patient_b", problem, "Name two numbers, or leave the row out.")


def _declaration(row: Declaration) -> Iterator[Lack]:
    if row.kind is DeclarationKind.RETRACTED:
        problem = "A row is not taken back by a declaration in a file."
        yield Lack("kind", problem, "Send the row with `retracted` yes, or use `ringfence record retract`.")
    needed = NEEDS[row.kind]
    empty = [name for name in needed if getattr(row, name) is None]
    if empty:
        problem = f"A declaration `{row.kind}` needs {_listed(needed)}. Empty here: {_listed(empty)}."
        yield Lack(empty[0], problem, f"Give {_listed(empty)}, or correct the kind.")


def _listed(names: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


_CHECKS: dict[type[Any], Callable[[Any], Iterator[Lack]]] = {
    Result: _result,
    Measure: _measure,
    Specimen: _specimen,
    Population: _population,
    Declaration: _declaration,
    IdentityLink: _link,
}
