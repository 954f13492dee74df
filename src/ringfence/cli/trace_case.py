"""`trace --case`: whom one case met, who came after, and from whom it may be, with the time in which that counts."""

from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ringfence.chain import days_after, overlap_asked
from ringfence.record import CaseStatus, Exposure, Level, View, local_text
from ringfence.trace import ALWAYS, NEVER, Source, came_after, exposures, instant, minute, minutes_of, was_before

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
    source = up_to_the_first(source, ground, args) if args.backward else source
    zone = ground.view.zone(carriage.first.facility_id)
    if source.window[0] >= source.window[1] and args.backward and not args.until:
        raise UsageError("--from: this is not before the first positive of the case. Give an earlier one, or --to too.")
    if source.window[0] >= source.window[1]:
        begins = local_text(instant(source.window[0]), zone)
        raise UsageError(f"--to: this is not after {begins}, from which the case counts. Give a later end, or --from.")
    level = Level(args.level)
    index = ground.index(level)
    least = asked_least(ground, args)
    shared = exposures(index, source)
    together = _long_enough(shared, least, source.window, ground.view)
    after, apart = asked_after(ground, args), []
    if after is not None:
        apart = (was_before if args.backward else came_after)(index, source, after)
    write_rows(ground.view, "met", [ground.around.met(one) for one in _longest_first([*together, *apart])], out)
    met = {one.contact_patient_id for one in together}
    all_met = {one.contact_patient_id for one in shared}
    carriers = ground.around.carriers & met
    of_all = f" of {len(all_met):,} who shared one, those for {least.hours:g} h" if least.hours else ""
    lines = [
        f"Case: {source.case_id}, {_words(carriage.answer.status)}, "
        f"first positive {carriage.first.collected.text(zone)}.",
        *_time_that_counts(ground, args, source, zone),
        *said_least(ground, args),
        f"Patients who shared a {args.level}: {len(met):,}{of_all}{_of_them(carriers)}. Meetings: {len(together):,}.",
    ]
    if after is not None:
        word = "Were there up to" if args.backward else "Came there up to"
        by = f", by {ground.policy.id}" if ground.policy and args.after is None else ""
        lines.append(f"{word} {after} days {'before' if args.backward else 'after'}{by}: {_patients(apart):,}.")
    if args.backward:
        lines.append("Asked backward: these are possible sources of the case, and no more than that is known.")
    if ground.nowhere(level, [source.patient_id]):
        lines.append(f"No stay of this patient with a {level} is known, so whom they met is UNKNOWN, not nobody.")
    if args.policy and not args.backward and args.min_hours is None and args.after is None and not args.since:
        lines.append(
            "Of the policy this list takes only when a case begins to count, the shortest time together and the days "
            "after. Who is a contact by it, and owed what, `ringfence analyze` says."
        )
    return [*lines, *ground.not_known(level, {source.patient_id}), *ground.among_carriers]


def up_to_the_first(source: Source, ground: Ground, args: Namespace) -> Source:
    """Return a case asked backward: whoever it has it from was met before the first positive, unless asked for."""
    _, carriage = ground.cases[source.case_id]
    if args.until:
        return source
    first = minute(carriage.first.collected.latest(ground.view.zone(carriage.first.facility_id)))
    return replace(source, window=(min(source.window[0], first), min(source.window[1], first)))


def asked_after(ground: Ground, args: Namespace) -> int | None:
    """Return up to how many days after somebody left who came counts: as asked for, else as the policy says."""
    if args.after is not None or ground.policy is None or Level(args.level) not in HAS_AFTER:
        return None if args.after is None else int(args.after)
    return days_after(ground.view, ground.policy)


class Least(NamedTuple):
    """The hours that meetings must be able to have lasted."""

    hours: float
    cumulative: bool
    """Whether all of two together, and not each."""
    by_policy: bool
    """Whether a policy says so: then they settle who is listed, and not which meetings."""


def asked_least(ground: Ground, args: Namespace) -> Least:
    """Return the hours as asked, else as the policy says, which speaks of those exposed and not of sources."""
    if args.min_hours is not None or ground.policy is None or args.backward:
        return Least(args.min_hours or 0, args.cumulative, by_policy=False)
    return Least(*overlap_asked(ground.view, ground.policy, Level(args.level)), by_policy=True)


def said_least(ground: Ground, args: Namespace) -> list[str]:
    """Return what is to be said of meetings that were left out because the policy asks for longer ones."""
    least = asked_least(ground, args)
    if not least.hours or ground.policy is None or not least.by_policy:  # who asked for it knows it
        return []
    how = "all meetings together" if least.cumulative else "no meeting of theirs"
    return [
        f"Left out, by {ground.policy.id}: who cannot have been there for {least.hours:g} h, {how}. Kept: who still "
        "is, or was before or after the time that counts. --min-hours 0 lists all."
    ]


def _longest_first(found: Sequence[Exposure]) -> list[Exposure]:
    """Return meetings by contact, who was longest together with the case first; of each in the order they came in."""
    minutes = _minutes_of_each(found)
    first = sorted(minutes, key=lambda contact: (-minutes[contact], contact))
    rank = {contact: n for n, contact in enumerate(first)}
    return sorted(found, key=lambda one: rank[one.contact_patient_id])


def _minutes_of_each(found: Iterable[Exposure]) -> dict[str, int]:
    minutes: dict[str, int] = {}
    for one in found:
        minutes[one.contact_patient_id] = minutes.get(one.contact_patient_id, 0) + _minutes(one)
    return minutes


def _words(status: CaseStatus) -> str:
    return status.value.replace("_", " ")


def _time_that_counts(ground: Ground, args: Namespace, source: Source, zone: ZoneInfo) -> list[str]:
    """Return from when to when a case counts, and by what."""
    low, high = source.window
    begins = f"from {local_text(instant(low), zone)}" if low > NEVER else "from the first that is known"
    ends = f" to {local_text(instant(high), zone)}" if high < ALWAYS else ""
    known = f"{begins}{ends}" if low > NEVER or ends else "all that is known"
    asked = " and ".join(word for word, given in (("--from", args.since), ("--to", args.until)) if given)
    why = [f"by {asked}"] if asked else []
    if args.backward and not args.until:
        why.append("up to the first positive specimen, as no --to is given")
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


def _long_enough(found: Sequence[Exposure], asked: Least, window: tuple[int, int], view: View) -> list[Exposure]:
    """Return the meetings that can have lasted so long, each or all of a contact; by a policy all of whom one can.

    What goes on may yet last, and what is cut at either end of the window lasted longer than is seen.
    """
    least = minutes_of(asked.hours)
    if asked.cumulative:
        minutes = _minutes_of_each(found)
        kept = {contact for contact, many in minutes.items() if many >= least}
    elif asked.by_policy:
        kept = {one.contact_patient_id for one in found if _minutes(one) >= least}
    else:
        return [one for one in found if _minutes(one) >= least]
    if asked.by_policy:
        low, high = window
        for one in found:
            zone = view.zone(one.facility)
            begins, ends = minute(one.start.earliest(zone)), one.end.latest(zone)
            if begins <= low or minute(ends) >= high or ends >= view.at:
                kept.add(one.contact_patient_id)
    return [one for one in found if one.contact_patient_id in kept]


def _minutes(one: Exposure) -> int:
    return round(one.hours_max * 60)
