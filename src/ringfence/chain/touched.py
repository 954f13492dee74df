"""What may differ from earlier findings, found by comparing what rules read. See docs/decisions/0007."""

from collections.abc import Mapping
from dataclasses import dataclass

from ringfence.record import Level, Timeline, View, Whereabouts

Place = tuple[str, str, str | None]


@dataclass(frozen=True)
class Touched:
    """The patients whose answers may differ."""

    patients: frozenset[str] | None
    """None: everyone's."""

    def __contains__(self, patient_id: str) -> bool:
        return self.patients is None or patient_id in self.patients


EVERYONE = Touched(None)


def touched(view: View, before: View) -> Touched:
    """Return the patients of whom rules read something else in `view` than in `before`.

    Places, zones and outbreaks on wards are read for everyone; and where the instant moved, an answer may differ for
    whoever has something open.
    """
    if view.setting != before.setting:
        return EVERYONE
    earlier = {timeline.patient_id: timeline for timeline in before.timelines()}
    found: set[str] = set()
    for timeline in view.timelines():
        was = earlier.pop(timeline.patient_id, None)
        moved = view.at != before.at and _has_something_open(timeline)
        if was is None or moved or was.contents() != timeline.contents():
            found.add(timeline.patient_id)
    return Touched(frozenset(found | earlier.keys()))


def _has_something_open(timeline: Timeline) -> bool:
    return any(e.end is None for e in timeline.encounters) or any(s.end is None for s in timeline.stays)


def changed_places(
    changed: Touched,
    now: Mapping[str, list[Whereabouts]],
    before: Mapping[str, list[Whereabouts]],
) -> frozenset[Place]:
    """Return the places of one level where a touched patient's presences differ, before or now."""
    found: set[Place] = set()
    for patient_id in changed.patients or ():
        here, there = now.get(patient_id, []), before.get(patient_id, [])
        if here != there:
            found.update(presence.place for presence in (*here, *there))
    return frozenset(found)


def is_untouched_index(
    patient_id: str,
    changed: Touched,
    places: Mapping[Level, frozenset[Place]],
    of_patient: Mapping[Level, Mapping[str, list[Whereabouts]]],
) -> bool:
    """Whether everyone an index can have met is as before: neither the index nor anybody in its places was touched."""
    return patient_id not in changed and not any(
        presence.place in places[level] for level in places for presence in of_patient[level].get(patient_id, ())
    )
