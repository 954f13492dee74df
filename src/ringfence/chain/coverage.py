"""Which facilities' movements cover everyone, so that contacts, a ledger and rates can be spoken of at all."""

from collections import defaultdict
from collections.abc import Iterable

from ringfence.assess import carriages, is_read
from ringfence.record import Coverage, View


def facilities_of_carriers_only(view: View, carriers: Iterable[str]) -> dict[str, str]:
    """Return the facilities whose stays are of carriers only, and how that is known.

    Said by `populations`; or, where nobody said whom the stays cover, seen: everyone who moves there is a carrier.
    """
    known = set(carriers)
    stays = view.current("stays").select(["facility_id", "patient_id"]).group_by(["facility_id", "patient_id"])
    moving_in: dict[str, set[str]] = defaultdict(set)
    for facility, patient_id in zip(*stays.aggregate([]).to_pydict().values(), strict=True):
        moving_in[facility].add(patient_id)
    found: dict[str, str] = {}
    for facility in view.facilities:
        covers, moving = view.covers(facility), moving_in[facility]
        if covers is Coverage.CARRIERS_ONLY:
            found[facility] = "as `populations` says"
        elif covers is Coverage.UNKNOWN and moving and moving <= known:
            found[facility] = "`populations` does not say so, but everyone who moves there is a carrier"
    return found


def has_readable_results(view: View) -> bool:
    """Whether any result is known that rules read; without one it is UNKNOWN who carries a CPO."""
    return any(map(is_read, view.rows("results")))


def found_carriers(view: View) -> list[str]:
    """Return the patients whom the laboratory shows as carriers."""
    return [pid for pid in view.patient_ids if any(c.carries for c in carriages(view.timeline(pid), policy=""))]
