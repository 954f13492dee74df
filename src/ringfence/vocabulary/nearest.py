"""The nearest known word to a mistyped one, for error messages."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest_to(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return those of `known` that are nearest to `word`, the nearest first; none if nothing is near."""
    folded = {name.casefold(): name for name in known}
    return [folded[name] for name in get_close_matches(word.casefold(), folded, n=most, cutoff=0.6)]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean `x`?"`` when one of `known` is very near `word`, else an empty string."""
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.72)
    return f" Did you mean `{folded[close[0]]}`?" if close else ""
