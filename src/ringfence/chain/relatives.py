"""Who belongs with a known carrier: relations on record, read after stratum 1 and before screening is asked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from ringfence.assess import Carriage, Link
from ringfence.record import FactKey, Relation, View


def relatives(view: View, carried: Mapping[str, Iterable[Carriage]]) -> Mapping[str, tuple[Link, ...]]:
    """Return the carriers that each patient belongs with, by patient; a carrier is one on record or as reported."""
    found: dict[str, list[Link]] = defaultdict(list)
    for relation in view.rows("relations"):
        for one, other in ((relation.patient_a, relation.patient_b), (relation.patient_b, relation.patient_a)):
            carrier = _carrier(view, other, carried)
            if carrier and one != other:
                found[one].append(_link(relation, *carrier))
    return {patient: tuple(some) for patient, some in found.items()}


def _link(relation: Relation, fact: FactKey, since: datetime) -> Link:
    return Link(relation.kind, (f"relations:{relation.relation_id}", fact), since)


def _carrier(view: View, patient: str, carried: Mapping[str, Iterable[Carriage]]) -> tuple[FactKey, datetime] | None:
    """Return the fact that tells that somebody is a carrier, and since when it was known."""
    known = [
        (f"specimens:{c.first.specimen_id}", c.first.collected.latest(view.zone(c.first.facility_id)))
        for c in carried.get(patient, ())
        if c.established
    ]
    reports = view.timeline(patient).rows("reported_history")
    known += [(f"reported_history:{r.history_id}", (r.positive or r.reported).latest(view.zone(None))) for r in reports]
    return min(known, key=lambda one: (one[1], one[0]), default=None)
