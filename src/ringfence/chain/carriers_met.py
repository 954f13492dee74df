"""Which carriers of the same family the patient of each case met, from the exposures of those carriers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ringfence.assess import UNIDENTIFIED, Carriage, Met
from ringfence.record import Exposure, Level, Sequence


def carriers_met(
    exposed: Mapping[str, Iterable[Exposure]], carried: Mapping[str, Iterable[Carriage]]
) -> Mapping[str, tuple[Met, ...]]:
    """Return, by case, the cases of the same family whose index the patient met, at the closest place they shared.

    Of two that are not named yet nothing is said: they need not be the same.
    """
    own = {(c.patient_id, c.family): c.case_id for some in carried.values() for c in some if c.family != UNIDENTIFIED}
    families = {c.case_id: c.family for some in carried.values() for c in some}
    found: dict[tuple[str, str], list[Exposure]] = defaultdict(list)
    for index, some in exposed.items():
        for exposure in (one for one in some if one.sequence is Sequence.TOGETHER):
            case = own.get((exposure.contact_patient_id, families[index]))
            if case:
                found[case, index].append(exposure)
    met: dict[str, list[Met]] = defaultdict(list)
    for (case, index), shared in sorted(found.items()):
        met[case].append(_met(index, shared))
    return {case: tuple(some) for case, some in met.items()}


def _met(index: str, shared: list[Exposure]) -> Met:
    closest = min((one.level for one in shared), key=list(Level).index)
    there = [one for one in shared if one.level is closest]
    return Met(index, closest, there[0].start, there[-1].end, there[0].facility)
