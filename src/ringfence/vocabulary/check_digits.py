"""The check digits of LOINC and SNOMED CT codes. A code that passes may still be the wrong one: see `codes`."""

import re

_LOINC = re.compile(r"(LP)?([0-9]{1,7})-([0-9])")
_SNOMED = re.compile(r"[1-9][0-9]{5,17}")
# What the letters LP add to the sum of a LOINC part. Worked out by us from published parts (LP7755-4, LP217195-9,
# LP441355-7 agree); we have not read where LOINC states it.
_LP = 8


def is_loinc(code: str) -> bool:
    """Whether `code` has the form of a LOINC code, or of a LOINC part (`LP`), and its check digit holds.

    The check digit is mod 10 as in the LOINC Users' Guide, appendix on calculating mod 10 check digits (the same
    sum as Luhn's): from the right, each second digit is doubled beginning with the last, the digits of the products
    and the other digits are added, and the check digit completes the sum to a multiple of ten.
    """
    found = _LOINC.fullmatch(code)
    return found is not None and (_sum(found[2] + found[3]) + (_LP if found[1] else 0)) % 10 == 0


def _sum(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        times = int(digit) * (1 + place % 2)
        total += times - 9 if times > 9 else times
    return total


# Verhoeff: the table of the dihedral group of order ten, and one permutation of the digits applied once for each place.
_TIMES = tuple(
    tuple(((a - b if a > 4 else a + b) % 5) + 5 * ((a > 4) != (b > 4)) for b in range(10)) for a in range(10)
)
_TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def is_snomed(code: str) -> bool:
    """Whether `code` is a SNOMED CT identifier of 6 to 18 digits whose check digit holds.

    The check digit is Verhoeff's (J. Verhoeff, Error Detecting Decimal Codes, 1969), as the SNOMED CT specification
    prescribes for its identifiers.
    """
    return _SNOMED.fullmatch(code) is not None and _verhoeff(code)


def _verhoeff(digits: str) -> bool:
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = _TIMES[check][_turned(int(digit), place % 8)]
    return check == 0


def _turned(digit: int, times: int) -> int:
    for _ in range(times):
        digit = _TURN[digit]
    return digit
