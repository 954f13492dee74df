"""Cells that hold a LOINC or SNOMED CT code, read together with the words beside it."""

from collections.abc import Iterator, Mapping

from ringfence.record import BadValue
from ringfence.vocabulary import Coded, UnknownCode, coded

from .decode import Cell, Place
from .mapping import HOLDS
from .problems import Problem

_UNITS = {"mic": "mg_per_l", "gradient_strip": "mg_per_l", "disk": "mm"}
_METHODS = {"gradient_strip": "gradient_strip", "disk": "disk_diffusion"}


def read_codes(
    table: str, cells: Mapping[str, Cell], test: Cell | None, place: Place
) -> tuple[dict[str, Cell], list[Problem]]:
    """Return the cells of a row with a word for each code, and a problem for each code that cannot be used.

    Args:
        table: the table.
        cells: by column.
        test: of a result, the code of its test; it settles columns of its own.
        place: where the row stands.
    """
    found, problems = dict(cells), []
    for name, cell in cells.items():
        try:
            found[name] = _word(table, name, cell)
        except BadValue as bad:
            problems.append(Problem(place.file, place.line, cell.source, bad.problem, bad.remedy))
    if test and test.text:
        try:
            found |= _of_test(test, found)
        except BadValue as bad:
            problems.append(Problem(place.file, place.line, test.source, bad.problem, bad.remedy))
    return found, problems


def _word(table: str, column: str, cell: Cell) -> Cell:
    """Return a cell with our word in the place of a code; a word that the mapping translates is no code."""
    if not cell.system or not cell.text or cell.text in cell.values:
        return cell
    one, wanted = _read(cell), HOLDS[table, column]
    if one.kind != wanted:
        remedy = f"Give the code of {'an' if wanted == 'organism' else 'a'} {wanted}"
        remedy += ", and the carbapenemase as a result of its own" if one.kind == "cp-organism" else ""
        raise BadValue(f"This is the code of something else: {one.display or one.kind}.", f"{remedy}.")
    return Cell(one.about, cell.source)


def _of_test(test: Cell, cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return the cells that the code of a test settles; a column given beside it has to say the same."""
    told = dict(_settled(_read(test)))
    for name, word in told.items():
        own = cells.get(name)
        given = own.values.get(own.text, own.text).strip() if own else ""
        if given and given.casefold() != word.casefold():
            raise BadValue(
                f"The code of the test says {name} {word}, and the column `{name}` says something else.",
                "Give one of them, or make them agree.",
            )
    return {name: Cell(word, test.source) for name, word in told.items()}


def _settled(one: Coded) -> Iterator[tuple[str, str]]:
    """Yield what the code of a test says of the columns of a result."""
    if one.kind in ("gene", "protein"):
        yield from (("kind", one.kind), ("analyte", one.about))
        if one.kind == "protein":
            yield "method", "lateral_flow"
    elif one.kind == "activity":
        yield "kind", "activity"
    elif one.kind == "susceptibility":
        drug, _, how = one.about.partition(":")
        if drug == "carbapenem":
            raise BadValue("This code names no drug, only carbapenems.", "Give the code of the drug that was tested.")
        yield from (("kind", "susceptibility"), ("antibiotic", drug))
        yield from ((name, words[how]) for name, words in (("unit", _UNITS), ("method", _METHODS)) if how in words)
    else:
        raise BadValue(
            f"This is the code of something else than a test: {one.display or one.kind}.",
            "Give the code of a test of a gene, a protein, carbapenemase activity or susceptibility.",
        )


def _read(cell: Cell) -> Coded:
    assert cell.system is not None
    try:
        return coded(cell.system, cell.text, cell.display)
    except UnknownCode as bad:
        raise BadValue(bad.problem, bad.remedy) from None
