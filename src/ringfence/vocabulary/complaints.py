"""What the checks of a document's shape found, in words that say what would be right."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from .nearest import did_you_mean

Context = Mapping[str, Any]


def in_words(error: ErrorDetails) -> str:
    """Return one complaint of the shape of a document as a sentence: what stands there, and what would be right."""
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    if kind in ("enum", "literal_error"):
        return _one_of(given, context)
    if kind in _BOUNDS:
        return f"`{given}` is not {_BOUNDS[kind]} {next(iter(context.values()))}. Write a number that is."
    for part, say in _SAID.items():
        if kind.startswith(part):
            return say(given, context)
    return error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")


def _shown(given: object) -> str:
    """Return what was written, as a message names it."""
    if isinstance(given, dict):
        return "keys and values"
    if isinstance(given, list | tuple):
        return "a list"
    return "nothing" if given is None else f"`{given}`"


def _one_of(given: object, context: Context) -> str:
    allowed = re.findall(r"'((?:[^'\\]|\\.)*)'", str(context.get("expected", "")))
    if len(allowed) == 1:
        return f"here stands {_shown(given)}, and `{allowed[0]}` is all that is known here."
    hint = did_you_mean(given, allowed) if isinstance(given, str) else ""
    return f"{_shown(given)} is not one of: {', '.join(allowed)}.{hint}"


def _pattern(given: object, context: Context) -> str:
    if context.get("pattern") == ID_PATTERN:
        return (
            f"`{given}` is no id. An id is of small letters, digits and hyphens and begins with a letter or digit, "
            "for example `nl-adm-1`."
        )
    return f"`{given}` is not written like this: {context.get('pattern')}."


ID_PATTERN = r"^[a-z0-9][a-z0-9-]*$"
"""How ids in documents are written."""

_BOUNDS = {
    "greater_than_equal": "at least",
    "greater_than": "more than",
    "less_than_equal": "at most",
    "less_than": "less than",
}
_SAID: dict[str, Callable[[Any, Context], str]] = {
    "date": lambda given, _: f"{_shown(given)} is not a day of the calendar. Write it like 2026-02-28.",
    "int": lambda given, _: f"{_shown(given)} is not a whole number. Write it in digits, for example 3.",
    "float": lambda given, _: f"{_shown(given)} is not a number. Write it in digits, for example 0.125.",
    "bool": lambda given, _: f"{_shown(given)} is neither `yes` nor `no`. Write one of them.",
    "string_pattern": _pattern,
    "string": lambda given, _: f"here stands {_shown(given)}. Write one text, in quotes if it has a colon or brackets.",
    "tuple": lambda given, _: f"here stands {_shown(given)}. Write a list: [one, another], or a line `- one` for each.",
    "list": lambda given, _: f"here stands {_shown(given)}. Write a list: [one, another], or a line `- one` for each.",
    "too_short": lambda _, context: f"this list is too short. Give it at least {context.get('min_length')}.",
    "dict": lambda given, _: f"here stands {_shown(given)}. Write keys and values, a line `key: value` for each.",
}
