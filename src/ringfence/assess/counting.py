"""Stratum 1: whether a case counts under a policy, and on which days. A person confirms it before it is counted.

What one case is, for how long the same is not counted again, which organisms and which chromosomal families count are
the policy's. What it does not specify is UNKNOWN; a clause that is not verified never settles a NO.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ringfence.policy import CountingPeriod, CountingUnit, Counts
from ringfence.record import CaseStatus, Novelty, Reason, Specimen, Timeline, Verdict, months_before
from ringfence.vocabulary import Mark, Organism, organisms, weakest

from .carriage import Carriage, Identification
from .identification import UNIDENTIFIED
from .reasons import Why
from .rules import Rules
from .screens import visits_of


@dataclass(frozen=True)
class Counted:
    """Whether a case counts, and each local day on which it does."""

    verdict: Verdict
    on: tuple[date, ...]
    reasons: tuple[Reason, ...]

    @property
    def mark(self) -> Mark:
        """The weakest mark that it rests on."""
        return weakest(reason.mark for reason in self.reasons)


def counted(carriage: Carriage, identified: Iterable[Identification], timeline: Timeline, *, rules: Rules) -> Counted:
    """Return whether a case counts under identification clauses, from the isolates in which it was found.

    De-duplication: one for each unit of the policy (patient and family, with the organism, or the stay), again only
    once its period is over. The days are those of collection.
    """
    if carriage.answer.status is not CaseStatus.CONFIRMED:
        return Counted(Verdict.NO, (), (Reason(Why.COUNTS_CONFIRMED_ONLY, values={"status": _words(carriage)}),))
    own = [one for one in identified if _confirms(one, carriage.family)]
    held_back = [reason for reason in (_organism(own, rules), _chromosomal(carriage, rules)) if reason]
    settled = [r for r in held_back if r.mark is Mark.VERIFIED and r.code in _EXCLUDES]
    if settled:
        return Counted(Verdict.NO, (), tuple(settled))
    if held_back:
        return Counted(Verdict.UNKNOWN, (), tuple(held_back))
    if carriage.novelty is Novelty.KNOWN:
        before = timeline.rows("reported_history")
        why = Why.COUNTS_KNOWN_BEFORE if before else Why.COUNTS_MAY_BE_KNOWN
        told = Reason(why, mark=Mark.NOT_SPECIFIED, values={"family": carriage.family})
        return Counted(Verdict.DECIDE, (), (told,))
    return _by_unit(carriage, _that_count(own, rules), timeline, rules)


def _confirms(one: Identification, family: str) -> bool:
    """Whether an isolate confirms a family; what only suggests it gives no day."""
    return any(s.family == family and s.status is CaseStatus.CONFIRMED for s in one.shown)


def _that_count(own: list[Identification], rules: Rules) -> list[Identification]:
    """Leave out isolates of organisms that the policy does not count."""
    said = rules.said.organisms if rules.said else None
    if said is None:
        return own
    by_name = {organism.name: organism for organism in organisms().values()}
    return [one for one in own if one.organism is None or _among(by_name[one.organism], said)]


_EXCLUDES = (Why.COUNTS_NOT_THE_ORGANISM, Why.COUNTS_NOT_CHROMOSOMAL)


def _words(carriage: Carriage) -> str:
    return carriage.answer.status.value.replace("_", " ")


def _organism(own: list[Identification], rules: Rules) -> Reason | None:
    """Return what holds back a case of other organisms than those the policy counts."""
    said = rules.said.organisms if rules.said else None
    if said is None:
        return _open("organisms", Why.COUNTS_ORGANISMS_OPEN, rules)
    by_name = {organism.name: organism for organism in organisms().values()}
    known = [by_name[one.organism] for one in own if one.organism]
    if any(_among(organism, said) for organism in known):
        return None
    code = Why.COUNTS_NOT_THE_ORGANISM if known else Why.COUNTS_NO_ORGANISM
    values = {"organisms": ", ".join(sorted({organism.name for organism in known}))}
    return Reason(code, rules.clause_of("organisms"), rules.mark_of("organisms"), values=values)


def _among(organism: Organism, said: tuple[str, ...]) -> bool:
    return organism.group in said or organism.code in said


def _chromosomal(carriage: Carriage, rules: Rules) -> Reason | None:
    said = rules.said.chromosomal if rules.said else None
    if said is None or getattr(said, carriage.family, None) is not Counts.EXCLUDED:
        return None
    values = {"family": carriage.family}
    return Reason(
        Why.COUNTS_NOT_CHROMOSOMAL, rules.clause_of("chromosomal"), rules.mark_of("chromosomal"), values=values
    )


def _open(key: str, code: Why, rules: Rules) -> Reason:
    return Reason(code, rules.clause_of(key), Mark.NOT_SPECIFIED)


def _by_unit(carriage: Carriage, own: list[Identification], timeline: Timeline, rules: Rules) -> Counted:
    said = rules.said
    unit, period = (said.counting_unit, said.period) if said else (None, None)
    if carriage.family == UNIDENTIFIED:
        return Counted(Verdict.UNKNOWN, (), (Reason(Why.COUNTS_NOT_NAMED, mark=Mark.NOT_SPECIFIED),))
    if unit is None or (period is None and unit is not CountingUnit.STAY):
        open_keys = [key for key, value in (("counting_unit", unit), ("period", period)) if value is None]
        return Counted(Verdict.UNKNOWN, (), tuple(_open(key, Why.COUNTS_UNIT_OPEN, rules) for key in open_keys))
    days = _days(own, timeline, unit, period)
    values = {"unit": unit.value.replace("_", " "), "on": ", ".join(day.isoformat() for day in days)}
    mark = weakest([rules.mark_of("counting_unit"), rules.mark_of("period"), rules.mark_of("organisms")])
    facts = tuple(dict.fromkeys(f"specimens:{one.specimen.specimen_id}" for one in own))
    return Counted(Verdict.YES, days, (Reason(Why.COUNTS, rules.clause_of("counting_unit"), mark, facts, values),))


def _days(
    own: list[Identification],
    timeline: Timeline,
    unit: CountingUnit,
    period: CountingPeriod | None,
) -> tuple[date, ...]:
    if unit is CountingUnit.STAY:
        return _first_of_each((_stay_of(one.specimen, timeline), _day(one.specimen, timeline)) for one in own)
    if unit is CountingUnit.PATIENT_FAMILY_AND_ORGANISM:
        # What was found without an organism is no organism of its own: it belongs with the one found first.
        first = next((one.organism for one in own if one.organism), None)
        by_organism: dict[str | None, list[date]] = {}
        for one in own:
            by_organism.setdefault(one.organism or first, []).append(_day(one.specimen, timeline))
        found = (day for days in by_organism.values() for day in _again(sorted(days), period))
        return tuple(sorted(found))
    return _again(sorted(_day(one.specimen, timeline) for one in own), period)


def _again(days: list[date], period: CountingPeriod | None) -> tuple[date, ...]:
    """Return the days that count: the first, and each after the period of the one counted before it is over."""
    found: list[date] = []
    for day in days:
        if not found or _over(found[-1], day, period):
            found.append(day)
    return tuple(found)


def _over(before: date, day: date, period: CountingPeriod | None) -> bool:
    if period is CountingPeriod.TWELVE_MONTHS:
        return months_before(day, 12) >= before
    # A surveillance year is taken as the calendar year.
    return period is CountingPeriod.SURVEILLANCE_YEAR and day.year > before.year


def _first_of_each(pairs: Iterable[tuple[str, date]]) -> tuple[date, ...]:
    first: dict[str, date] = {}
    for key, day in sorted(pairs, key=lambda pair: pair[1]):
        first.setdefault(key, day)
    return tuple(sorted(first.values()))


def _stay_of(specimen: Specimen, timeline: Timeline) -> str:
    """Return the visit during which a specimen was collected; outside of any, the day is one of its own."""
    visits = visits_of(specimen, timeline)
    return visits[0].encounter_id if visits else _day(specimen, timeline).isoformat()


def _day(specimen: Specimen, timeline: Timeline) -> date:
    return specimen.collected.day(timeline.setting.zone(specimen.facility_id))
