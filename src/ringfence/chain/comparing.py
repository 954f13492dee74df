"""Two policies, or two versions of one, on the same patients: whose answers change, by which clause, at what cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from ringfence.assess import Outcome, sentences
from ringfence.policy import Policy, Precaution, Screen
from ringfence.record import Answer, ContactChange, Follows, ListChange, Verdict, View
from ringfence.vocabulary import Mark

from .analysis import analyze
from .findings import Findings
from .ledger import Admitted


@dataclass(frozen=True)
class ChangedAnswer:
    """One admission whose answer differs, and what each policy rests on."""

    patient_id: str
    encounter_id: str
    one: Verdict
    other: Verdict
    clauses_of_one: tuple[str, ...]
    clauses_of_other: tuple[str, ...]
    why: str
    """What changed it, in words."""


@dataclass(frozen=True)
class Cost:
    """What a policy asks for, of the patients compared."""

    asked: int
    """Admissions at which a screen is asked for."""
    open: int
    """Admissions at which it is UNKNOWN or for somebody to decide."""
    swabs: int
    isolation_days: float | None
    """Days from admission to result, end or the instant asked about, of those isolated while pending; None: the policy
    leaves it open whether they are."""
    contacts: int
    contacts_open: int
    """Contacts of whom the policy does not say whether they are."""


@dataclass(frozen=True)
class Compared:
    """The answers of two policies on the same patients."""

    one: Findings
    other: Findings
    changed: tuple[ChangedAnswer, ...]
    costs: tuple[Cost, Cost]


def compare(view: View, one: Policy, other: Policy) -> Compared:
    """Return whose answers change from `one` to `other` on the patients of `view`, with the cost of each."""
    found = analyze(view, one), analyze(view, other)
    return Compared(*found, tuple(_changed(*found)), (_cost(found[0]), _cost(found[1])))


def contact_changes(one: Findings, other: Findings) -> list[ContactChange]:
    """Return who enters or leaves the contact list of a case from `one` to `other`, and of whom else follows."""
    before, after = ({(c.case_id, c.contact_patient_id): c for c in some.contacts} for some in (one, other))
    found = []
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        row = now or was
        assert row is not None
        change = _list_change(was.follows if was else Follows.NOTHING, now.follows if now else Follows.NOTHING)
        if change:
            found.append(
                ContactChange(
                    case_id=row.case_id,
                    contact_patient_id=row.contact_patient_id,
                    change=change,
                    one_follows=was.follows if was else Follows.NOTHING,
                    one_clause=was.clause if was else None,
                    one_mark=was.mark if was else None,
                    other_follows=now.follows if now else Follows.NOTHING,
                    other_clause=now.clause if now else None,
                    other_mark=now.mark if now else None,
                    closest=row.level,
                    hours_min=row.hours_min,
                    hours_max=row.hours_max,
                )
            )
    return found


_OPEN = (Follows.DECIDE, Follows.UNKNOWN)


def _list_change(was: Follows, now: Follows) -> ListChange | None:
    if was is now:
        return None
    if now in _OPEN:
        return ListChange.LEFT_OPEN
    if now is Follows.NOTHING:
        return ListChange.LEAVES
    return ListChange.ENTERS if was is Follows.NOTHING or was in _OPEN else ListChange.OTHERWISE


def _changed(one: Findings, other: Findings) -> Iterator[ChangedAnswer]:
    after = {line.encounter.encounter_id: line for line in _lines(other)}
    for before in _lines(one):
        now = after[before.encounter.encounter_id]
        if before.verdict.status is not now.verdict.status or _asks(one, before) != _asks(other, now):
            yield ChangedAnswer(
                patient_id=before.encounter.patient_id,
                encounter_id=before.encounter.encounter_id,
                one=before.verdict.status,
                other=now.verdict.status,
                clauses_of_one=_clauses(before.verdict),
                clauses_of_other=_clauses(now.verdict),
                why=_differs(one, before, other, now),
            )


def _asks(findings: Findings, line: Admitted) -> set[str]:
    """Return what is asked for in words: the target, how many screens, and which sites."""
    return {_said(then) for then in _screens(_then(findings, line), line)}


def _said(then: Screen) -> str:
    sites = f", {', '.join(site.value for site in then.sites)}" if then.sites else ""
    return f"{then.screens or 1} for {then.screen_for.value}{sites}"


def _lines(findings: Findings) -> list[Admitted]:
    zone = findings.view.zone
    lines = [one for some in findings.admitted.values() for one in some if not one.again]
    return sorted(
        lines, key=lambda a: (a.encounter.start.earliest(zone(a.encounter.facility_id)), a.encounter.encounter_id)
    )


def _clauses(verdict: Answer[Verdict]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reason.clause for reason in verdict.reasons if reason.clause))


def _differs(one: Findings, before: Admitted, other: Findings, now: Admitted) -> str:
    if before.verdict.status is not now.verdict.status:
        return _why(before.verdict, now.verdict, *names_of(one, other))
    first, second = (
        f"{name} {' and '.join(sorted(asks)) or 'none, as a known carrier is handled directly'}"
        for name, asks in zip(names_of(one, other), (_asks(one, before), _asks(other, now)), strict=True)
    )
    return f"a different screen: {first}; {second}"


def names_of(one: Findings, other: Findings) -> tuple[str, str]:
    """Return what two sides are called: the policies' ids; of two versions of one, `before` and `now`."""
    ids = one.policy.id, other.policy.id
    return ids if ids[0] != ids[1] else ("before", "now")


def _why(before: Answer[Verdict], now: Answer[Verdict], one: str, other: str) -> str:
    """Say what settles it: a YES beside a NO speaks for itself; else both sides are told."""
    if before.status is Verdict.YES and now.status is Verdict.NO:
        return f"only {one} asks for a screen: {sentences(before.reasons)}"
    if now.status is Verdict.YES and before.status is Verdict.NO:
        return f"only {other} asks for a screen: {sentences(now.reasons)}"
    return f"{one}: {sentences(before.reasons)}. {other}: {sentences(now.reasons)}"


def _cost(findings: Findings) -> Cost:
    asked = [line for line in _lines(findings) if _is_asked(line)]
    still = [line for line in _lines(findings) if line.verdict.status in (Verdict.UNKNOWN, Verdict.DECIDE)]
    followed = {word: {c.contact_patient_id for c in findings.contacts if c.follows is word} for word in Follows}
    counted = followed[Follows.SCREEN] | followed[Follows.INFORM]
    return Cost(
        asked=len(asked),
        open=len(still),
        swabs=sum(_swabs(_then(findings, line), line) for line in asked),
        isolation_days=_isolation_days(findings, asked),
        contacts=len(counted),
        contacts_open=len((followed[Follows.DECIDE] | followed[Follows.UNKNOWN]) - counted),
    )


def _is_asked(line: Admitted) -> bool:
    """Whether a screen is asked for; a known carrier is handled directly."""
    return line.verdict.status is Verdict.YES and line.screen.outcome is not Outcome.KNOWN_CARRIER


def _then(findings: Findings, line: Admitted) -> Policy:
    """Return the policy as in force on the day of admission, and there."""
    zone = findings.view.zone(line.encounter.facility_id)
    return findings.policy.on(line.encounter.start.day(zone), line.encounter.facility_id)


def _screens(policy: Policy, line: Admitted) -> list[Screen]:
    """Return what the clauses that a YES rests on ask for."""
    asks = [c.then for c in policy.admission if c.id in _clauses(line.verdict) and c.then]
    return asks if line.verdict.status is Verdict.YES else []


def _swabs(policy: Policy, line: Admitted) -> int:
    """Return how many screens the deciding clauses ask for; a clause that gives no number asks for one."""
    return max((then.screens or 1 for then in _screens(policy, line)), default=1)


def _isolation_days(findings: Findings, asked: list[Admitted]) -> float | None:
    lengths = [_isolated(findings, line) for line in asked]
    silent = any(clause.mark is Mark.NOT_SPECIFIED for clause in findings.policy.precautions)
    if asked and silent and not any(_speaks_of_pending(_then(findings, line), line) for line in asked):
        return None
    return round(sum(lengths, timedelta()) / timedelta(days=1), 1)


def _speaks_of_pending(policy: Policy, line: Admitted) -> bool:
    """Whether somebody is recommended to be isolated while the screen is pending."""
    ids = _clauses(line.verdict)
    pending = any(c.when and c.when.screen_pending and _isolates(c.then) for c in policy.precautions)
    return pending or any(c.then and c.then.isolate == "while pending" for c in policy.admission if c.id in ids)


def _isolated(findings: Findings, line: Admitted) -> timedelta:
    """Return how long somebody is recommended to be isolated while the screen is pending."""
    declined = line.screen.outcome in (Outcome.REFUSED, Outcome.UNABLE)
    if declined or not _speaks_of_pending(_then(findings, line), line):
        return timedelta()
    zone = findings.view.zone(line.encounter.facility_id)
    ends = [findings.view.at]
    ends += [line.encounter.end.latest(zone)] if line.encounter.end else []
    ends += [line.screen.on.latest(zone)] if line.screen.outcome.resulted and line.screen.on else []
    return max(min(ends) - line.encounter.start.latest(zone), timedelta())


def _isolates(then: object) -> bool:
    return getattr(then, "recommend", None) is Precaution.ISOLATE
