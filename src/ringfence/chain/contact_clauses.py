"""Which contact clause of a policy speaks of somebody who shared a place with an index."""

from ringfence.policy import ContactClass, ContactsClause, Meeting, Policy, takes_in
from ringfence.record import Level, Truth
from ringfence.vocabulary import Mark

_CLASSES = {Level.ROOM: ContactClass.ROOM, Level.BATHROOM: ContactClass.BATHROOM, Level.WARD: ContactClass.WARD}


def takes_in_at(policy: Policy, level: Level, hours: float | None = None) -> tuple[Truth, ContactsClause | None]:
    """Return whether the contact clauses take in who shared a place of a level, and the clause that says so.

    Whoever shared a room or a bathroom shared the ward too. What no clause takes in is UNKNOWN, by the clause that
    leaves it open: what is not specified, else the first there is. A list of contacts is never narrowed by it.
    """
    for how in (_CLASSES[level], ContactClass.WARD):
        for clause in policy.contacts:
            if clause.who and takes_in(clause.who, Meeting(how, hours=hours, longest=hours)) is Truth.YES:
                return Truth.YES, clause
    unspecified = (clause for clause in policy.contacts if clause.mark is Mark.NOT_SPECIFIED)
    return Truth.UNKNOWN, next(unspecified, next(iter(policy.contacts), None))
