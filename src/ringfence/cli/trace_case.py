"""`trace --case`: whom one case met, who came after, and from whom it may be, with the time in which that counts."""

from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from ringfence.chain import days_after
from ringfence.record import Exposure, Level, local_text
from ringfence.trace import ALWAYS, NEVER, Source, came_after, exposures, instant, minutes_of, was_before

from .opening import UsageError
from .trace_input import Ground
from .trace_rows import write_rows

HAS_AFTER = (Level.BED, Level.ROOM, Level.BATHROOM)
"""The levels at which somebody can come after: sinks and surfaces are of these."""


def narrowed(source: Source, window: tuple[int, int]) -> Source:
    """Return a source that counts in a window: one that was asked for stands before that of a policy."""
    low, high = window
    return replace(
        source, window=(source.window[0] if low == NEVER else low, source.window[1] if high == ALWAYS else high)
    )


def one_case(ground: Ground, args: Namespace, window: tuple[int, int], out: Path) -> list[str]:
    """Write whom one case met, and who came after or was before, and return what is to be said."""
    source, carriage = ground.case(args.case)
    # Whom the case has it from counted in their own time; its own infectious time says nothing of that.
    others = {} if args.since else ground.others()
    source = replace(source, window=window, others=others) if args.backward else narrowed(source, window)
    zone = ground.view.zone(carriage.first.facility_id)
    if source.window[0] >= source.window[1]:
        begins = local_text(instant(source.window[0]), zone)
        raise UsageError(f"--to: this is not after {begins}, from which the case counts. Give a later end, or --from.")
    level = Level(args.level)
    index = ground.index(level)
    together = _long_enough(exposures(index, source), args)
    after, apart = asked_after(ground, args), []
    if after is not None:
        apart = (was_before if args.backward else came_after)(index, source, after)
    rows = map(ground.around.met, sorted([*together, *apart], key=lambda e: e.contact_patient_id))
    write_rows(ground.view, "met", list(rows), out)
    met = {one.contact_patient_id for one in together}
    carriers = ground.around.carriers & met
    lines = [
        f"Case: {source.case_id}, first positive {carriage.first.collected.text(zone)}.",
        *_time_that_counts(ground, args, source, zone),
        f"Patients who shared a {args.level}: {len(met):,}{_of_them(carriers)}. Meetings: {len(together):,}.",
    ]
    if after is not None:
        word = "Were there up to" if args.backward else "Came there up to"
        by = f", by {ground.policy.id}" if ground.policy and args.after is None else ""
        lines.append(f"{word} {after} days {'before' if args.backward else 'after'}{by}: {_patients(apart):,}.")
    if args.backward:
        first = carriage.first.collected.latest(zone)
        later = met - {e.contact_patient_id for e in together if e.start.earliest(zone) < first}
        lines.append("Asked backward: these are possible sources of the case, and no more than that is known.")
        lines += [f"Of them {len(later):,} were met after the first positive alone."] if later else []
    return [*lines, *ground.not_known(level, {source.patient_id}), *ground.among_carriers]


def asked_after(ground: Ground, args: Namespace) -> int | None:
    """Return up to how many days after somebody left who came counts: as asked for, else as the policy says."""
    if args.after is not None or ground.policy is None or Level(args.level) not in HAS_AFTER:
        return None if args.after is None else int(args.after)
    return days_after(ground.view, ground.policy)


def _time_that_counts(ground: Ground, args: Namespace, source: Source, zone: ZoneInfo) -> list[str]:
    """Return from when to when a case counts, and by what."""
    low, high = source.window
    begins = f"from {local_text(instant(low), zone)}" if low > NEVER else "from the first that is known"
    ends = f" to {local_text(instant(high), zone)}" if high < ALWAYS else ""
    known = f"{begins}{ends}" if low > NEVER or ends else "all that is known"
    asked = " and ".join(word for word, given in (("--from", args.since), ("--to", args.until)) if given)
    why = [f"by {asked}"] if asked else []
    if not args.since and not args.backward:
        if ground.policy is None:
            why.append("as no policy is named: the widest preview")
        elif low == NEVER:
            why.append(f"{ground.policy.id} says no beginning: the widest preview")
        else:
            why.append(f"the beginning by {ground.policy.id}")
    said = f"Time in which the case counts: {known}{', ' if why else ''}{'; '.join(why)}."
    if args.backward:
        said = f"Time asked about: {known}{', ' if why else ''}{'; '.join(why)}."
        if ground.policy:
            said += f" Known carriers count as sources from when {ground.policy.id} says, others always."
    return [said]


def _of_them(carriers: frozenset[str]) -> str:
    return f" (known carriers among them: {len(carriers):,})" if carriers else ""


def _patients(some: Iterable[Exposure]) -> int:
    return len({one.contact_patient_id for one in some})


def _long_enough(found: Sequence[Exposure], args: Namespace) -> list[Exposure]:
    """Return the meetings that can have lasted long enough, each or, of one contact, together."""
    least = minutes_of(args.min_hours)
    if not args.cumulative:
        return [one for one in found if _minutes(one) >= least]
    minutes: dict[str, int] = {}
    for one in found:
        minutes[one.contact_patient_id] = minutes.get(one.contact_patient_id, 0) + _minutes(one)
    return [one for one in found if minutes[one.contact_patient_id] >= least]


def _minutes(one: Exposure) -> int:
    return round(one.hours_max * 60)
