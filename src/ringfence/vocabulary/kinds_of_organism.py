"""Which organisms a row of a codelist is about: one, a genus, a group, or all."""

from .organisms import Organism

EVERY = "*"


def nearness(scope: str, organism: Organism | None) -> int | None:
    """Return how narrowly `scope` takes an organism in: 3 itself, 2 its genus, 1 its group, 0 all; None: not at all.

    A scope is a code (`serratia-marcescens`), a genus (`Acinetobacter`), a group (`Enterobacterales`), or `*`. An
    organism that is not known is taken in by `*` only.
    """
    if scope == EVERY:
        return 0
    if organism is None:
        return None
    for near, name in ((3, organism.code), (2, organism.name.split()[0]), (1, organism.group)):
        if scope == name:
            return near
    return None
