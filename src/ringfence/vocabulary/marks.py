"""How far a rule has been checked against its source."""

from collections.abc import Iterable
from enum import StrEnum


class Mark(StrEnum):
    """The verification mark of a clause, a code or a rule, strongest first.

    A clause that is not `VERIFIED` may move an answer toward caution, and never by itself
    to NO, to *stopped* or to *closed*.
    """

    VERIFIED = "verified"
    """Read in the named source, or an official copy of it."""
    SECONDARY = "secondary"
    """Read in a source that applies, quotes or surveys the primary one."""
    UNVERIFIED = "unverified"
    """Believed, not read; a person must check it against the primary source."""
    NOT_SPECIFIED = "not_specified"
    """Looked for and not found: the source does not say, or we have not read where it does."""

    @property
    def weakness(self) -> int:
        """0 for `VERIFIED`, rising as trust falls."""
        return list(Mark).index(self)


def weakest(marks: Iterable[Mark]) -> Mark:
    """Return the least trustworthy of `marks`; an answer that rests on none is `VERIFIED`."""
    return max(marks, key=lambda mark: mark.weakness, default=Mark.VERIFIED)
