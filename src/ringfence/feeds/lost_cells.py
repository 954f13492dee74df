"""Cells of an .xlsx sheet that the reader of workbooks gives as empty: errors, and formulas without a stored value."""

import re
import zipfile
from typing import IO
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
NO_VALUE = "#VALUE!"
"""What stands for a formula whose value was never stored: nobody can tell what it would show."""


def lost_cells(book: IO[bytes], sheet: str) -> dict[tuple[int, int], str]:
    """Return by row (from 1) and column (from 0) the text of each such cell.

    Other forms of workbooks (.xls, .xlsb, .ods) are not looked into, and give none.
    """
    try:
        with zipfile.ZipFile(book) as archive:
            name = _file_of(archive, sheet)
            if name is None:
                return {}
            with archive.open(name) as file:
                return dict(_lost(file))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, OSError):
        return {}


def _file_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the file of a sheet inside the workbook, by the relations that it names."""
    if "xl/workbook.xml" not in archive.namelist():
        return None
    root = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 entities are not expanded by expat here
    ident = next(
        (
            value
            for one in root.iter()
            if one.tag.endswith("}sheet") and one.get("name") == sheet
            for key, value in one.attrib.items()
            if key.endswith("}id")
        ),
        None,
    )
    for found in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        said = dict(re.findall(rb'(\w+)="([^"]*)"', found))
        if ident is not None and said.get(b"Id") == ident.encode():
            target = said[b"Target"].decode()
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def _lost(file: IO[bytes]) -> "list[tuple[tuple[int, int], str]]":
    found = []
    row = 0
    for event, element in ElementTree.iterparse(file, events=("start", "end")):  # noqa: S314 as above
        tag = element.tag.removeprefix(_MAIN).removeprefix(_STRICT)
        if event == "start":
            if tag == "row":
                row = int(element.get("r") or row + 1)
            continue
        if tag == "c":
            value = next((one for one in element if one.tag.endswith("}v")), None)
            formula = any(one.tag.endswith("}f") for one in element)
            written = any(one.tag.endswith("}is") for one in element)
            where = element.get("r")
            if where and element.get("t") == "e":
                found.append(((row, _column(where)), (value.text if value is not None else None) or NO_VALUE))
            elif where and formula and not written and (value is None or value.text is None):
                found.append(((row, _column(where)), NO_VALUE))
        elif tag == "row":
            element.clear()
    return found


def _column(where: str) -> int:
    number = 0
    for letter in re.sub(r"\d", "", where):
        number = number * 26 + ord(letter.upper()) - ord("A") + 1
    return number - 1
