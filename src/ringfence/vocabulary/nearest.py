"""The nearest known word to a mistyped one, for error messages."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean `x`?"`` when one of `known` is very near `word`, else an empty string."""
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.72)
    return f" Did you mean `{folded[close[0]]}`?" if close else ""
