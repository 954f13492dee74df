"""The obvious twin of the checks between the rows of a folder: one fact after the other, all in memory.

The texts of problems are not told again here; what is compared is of which row, of which column, with which effect.
"""

from collections import defaultdict

from ringfence.feeds import LINKS, Effect
from ringfence.feeds.links import ORDER
from ringfence.record import TABLES, ResultStatus, When, is_before


def plainly_linked(facts, known):
    """Return the facts that are kept, and (file, line, column, effect) of each problem."""
    by_table = defaultdict(list)
    for fact in facts:
        by_table[fact.table].append(fact)
    kept, problems, names = [], [], {}
    for name in ORDER:
        once, twice = _once(by_table[name])
        column = "place_id" if name == "places" else TABLES[name].key[0]
        names[name] = {getattr(fact.row, column) for fact in once} | set(known(name))
        problems += twice
        for fact in once:
            broken = [link for link in LINKS if link.table == name and _leads_nowhere(fact, link, names)]
            for link in broken:
                effect = Effect.REFUSED if link.to == "facilities" else Effect.WAITING
                problems.append((*_place(fact), link.column, effect))
            if not any(link.to == "facilities" for link in broken):
                kept.append(fact)
    return kept, problems


def _leads_nowhere(fact, link, names):
    named = getattr(fact.row, link.column)
    if named is None or (not names.get(link.to) and TABLES[link.table].by_name[link.column].optional):
        return False
    return named not in names.get(link.to, ())


def _once(facts):
    once, problems, refused = [], [], set()
    for fact in facts:
        before = [one for one in once if one.key == fact.key and _version(one) == _version(fact)]
        if any((one.row, one.retracts) == (fact.row, fact.retracts) for one in before):
            problems.append((*_place(fact), "", Effect.USED))
            continue
        table = TABLES[fact.table]
        if before:
            first = before[0]
            if fact.table == "facilities" and fact.row.zone != first.row.zone:
                problems += [(*_place(one), "facility_id", Effect.REFUSED) for one in (first, fact)]
                refused |= {_place(first), _place(fact)}
            elif getattr(fact.row, "patient_id", None) != getattr(first.row, "patient_id", None):
                both = [(*_place(one), table.key[0], Effect.REFUSED) for one in (first, fact)]
                problems += [one for one in both if one not in problems]
                refused |= {_place(first), _place(fact)}
            elif table.but_how_it_went_on(fact.row) == table.but_how_it_went_on(first.row):
                problems.append((*_place(fact), table.until_known[0], Effect.USED))
            else:
                problems.append((*_place(fact), table.key[0], Effect.DOUBTFUL))
        elif _version(fact)[0] is None and any(o.key == fact.key and _version(o)[0] is not None for o in facts):
            problems.append((*_place(fact), table.versions_by, Effect.DOUBTFUL))
        once.append(fact)
    return [fact for fact in once if _place(fact) not in refused], problems


def _version(fact):
    by = TABLES[fact.table].versions_by
    return getattr(fact.row, by) if by else None, fact.recorded, fact.control


def _place(fact):
    file, _, line = fact.source.rpartition(":")
    return file, int(line)


def plainly_out_of_sequence(facts, zone_of):
    """Return (file, line, column, effect) of results before their specimen, and of preliminary ones at last."""
    taken = {fact.row.specimen_id: fact.row for fact in facts if fact.table == "specimens"}
    results = [fact for fact in facts if fact.table == "results" and not fact.retracts]
    found = []
    for fact in results:
        specimen = taken.get(fact.row.specimen_id)
        zone = zone_of(specimen.facility_id if specimen else None)
        if specimen and fact.row.reported and is_before(fact.row.reported, specimen.collected, zone):
            found.append((*_place(fact), "reported", Effect.DOUBTFUL))
        others = [_when(o) for o in results if o.key == fact.key and o.row.status in _SETTLED and _when(o)]
        when = _when(fact)
        if fact.row.status is ResultStatus.PRELIMINARY and when and others:
            before = [is_before(one, when, zone) for one in others]
            after = [is_before(when, one, zone) for one in others]
            if any(before) and not any(after):
                found.append((*_place(fact), "status", Effect.DOUBTFUL))
    return found


_SETTLED = (ResultStatus.FINAL, ResultStatus.CORRECTED)


def _when(fact):
    return When(at=fact.recorded) if fact.recorded else fact.row.reported
