"""What spreadsheets do to cells, told by what they leave behind. What was there cannot be told any more."""

import re
from typing import NamedTuple

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)"
_UNDO = "Go back to the file before the spreadsheet, or correct the cell there as text."


class Damage(NamedTuple):
    """What is wrong with a cell, and what would be right."""

    problem: str
    remedy: str


def damage(text: str) -> Damage | None:
    """Return what a spreadsheet did to a cell, whatever it is to hold."""
    if re.fullmatch(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!)", text):
        return Damage("A spreadsheet's error stands here in the place of a value.", _UNDO)
    if re.fullmatch(r"#{3,}", text):
        return Damage("A spreadsheet's column was too narrow to show what is here.", "Widen it, and export again.")
    return None


def damage_of_a_date(text: str) -> Damage | None:
    """Return what a spreadsheet did to a date."""
    if re.fullmatch(r"[1-6]\d{4}([.,]\d+)?", text):
        remedy = "Format the column as a date (YYYY-MM-DD) in the spreadsheet, and export again."
        return Damage("This is a spreadsheet's number of a day, not a date.", remedy)
    if re.fullmatch(r"\d{1,2}:\d{2}[.,]\d", text):
        remedy = "Format the column as YYYY-MM-DD hh:mm in the spreadsheet, and export again."
        return Damage("A spreadsheet shows only minutes and seconds here; the date is not in the file.", remedy)
    return None


def damage_of_a_word(text: str) -> Damage | None:
    """Return what a spreadsheet did to a name or a number that names something."""
    if re.fullmatch(r"\d([.,]\d+)?E\+\d{2,3}", text):
        return Damage("A spreadsheet shortened a long number here; its last digits are lost.", _UNDO)
    if re.fullmatch(rf"\d{{1,2}}-{_MONTH}|{_MONTH}-\d{{2}}", text):
        remedy = f"{_UNDO} If it is meant so, list it under `values` in a mapping."
        return Damage("A spreadsheet seems to have made a date of what stood here.", remedy)
    return None


MADE_A_DATE = Damage("The spreadsheet holds a date here, and this column is none.", f"{_UNDO} 3-4 is not 3 April.")
