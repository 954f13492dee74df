"""Indicators: how common, how well screened, how fast, each with numerator, denominator and exact limits.

The formulas are those that surveillance programmes publish; `source` names where each is used. No figure is given where
the data cannot carry it: the reason stands in its place.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from statistics import median, quantiles

from ringfence.chain import Findings
from ringfence.record import (
    LYING_IN,
    Acquired,
    Case,
    Contact,
    Coverage,
    Denominator,
    Disease,
    Follows,
    Found,
    Indicator,
    LedgerLine,
    Level,
    MeasuredValue,
    Novelty,
    Purpose,
    ResultStatus,
    Specimen,
    Verdict,
    When,
    precautions_in_force,
)
from ringfence.vocabulary import Mark

from .intervals import of_rate, of_share
from .periods import Period

_DAY = timedelta(days=1)
_EXACT_RATE, _EXACT_SHARE = "exact Poisson, 95%", "exact binomial, 95%"
_CARRIERS_ONLY = "everyone who moves in these files is a carrier"
_COVER_UNKNOWN = "whom the stays cover was not said (table populations): nights of others may be missing"
_Of = tuple[int | None, str, str | None]
"""A denominator, what it counts, and why there is none."""
_NOTHING = "there is nothing to divide by in the period"


def whole_period(findings: Findings) -> Period:
    """Return the period that the data cover, up to the day of the view."""
    view = findings.view
    days = [stay.start.day(view.zone(stay.facility_id)) for stay in view.stays]
    days += [case.first_positive.day(view.zone(None)) for case in findings.cases]
    last = view.at.astimezone(view.zone(None)).date()
    return Period(min(days, default=last), last)


def indicators(findings: Findings, period: Period | None = None, *, fewest: int = 0) -> tuple[Indicator, ...]:
    """Return every indicator, for each facility and, of several, for all together.

    Args:
        findings: what was found.
        period: of which days; None: all that the data cover. Days after the view are left out.
        fewest: figures behind which there are people, but fewer than so many, are left out and said to be. 0: none is.
    """
    period = period or whole_period(findings)
    last = findings.view.at.astimezone(findings.view.zone(None)).date()
    period = replace(period, last=min(period.last, max(last, period.first)))
    sites: list[str | None] = [*findings.view.facilities]
    if len(sites) > 1:
        sites.append(None)
    found = (one for site in sites for one in _Site(findings, period, site).all())
    return tuple(_suppressed(one, fewest) for one in found)


def _suppressed(one: Indicator, fewest: int) -> Indicator:
    few = one.numerator is not None and 0 < one.numerator < fewest
    # A median stands on its denominator alone, and a share of few is of few.
    few = few or (one.method != _EXACT_RATE and one.denominator is not None and 0 < one.denominator < fewest)
    if not few:
        return one
    why = f"fewer than {fewest} people or events stand behind it"
    nothing = dict.fromkeys(("numerator", "denominator", "value", "low", "high"))
    said = re.sub(r"\d[\d,]*", "some", one.denominator_of)  # it may say how few were left out of it
    return replace(one, **nothing, denominator_of=said, suppressed=True, why_none=why)  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Site:
    """The indicators of one facility, or of all."""

    findings: Findings
    period: Period
    facility: str | None

    def all(self) -> Iterator[Indicator]:
        yield from self._incidence()
        yield from self._screens()
        yield from self._compliance()
        yield from self._speed()
        yield from self._acquired()
        yield from self._contacts()

    # What is counted

    def _is_here(self, facility: str | None) -> bool:
        only = len(self.findings.view.facilities) == 1
        return self.facility is None or facility == self.facility or (facility is None and only)

    def _day(self, when: When, facility: str | None) -> date:
        return when.day(self.findings.view.zone(facility if facility in self.findings.view.facilities else None))

    @cached_property
    def _cases(self) -> list[Case]:
        """Established cases that are new and count under the policy, first positive in the period."""
        found = []
        for case in self.findings.cases:
            site = _site_of(case)
            new = case.novelty is not Novelty.KNOWN and case.counts is not Verdict.NO
            if case.established and new and self._is_here(site) and self._day(case.first_positive, site) in self.period:
                found.append(case)
        return found

    def _lay_in(self, case: Case) -> bool:
        """Whether a case was in hospital on the day of its first positive: a stay or a visit says so."""
        if case.ward is not None:
            return True
        day = self._day(case.first_positive, self.facility)
        zone = self.findings.view.zone
        return any(
            visit.start.day(zone(visit.facility_id)) <= day
            and (visit.end is None or day <= visit.end.day(zone(visit.facility_id)))
            for visit in self.findings.view.timeline(case.patient_id).encounters
            if visit.kind in LYING_IN and self._is_here(visit.facility_id)
        )

    def _of_inpatients(self, of: _Of) -> _Of:
        """Return a denominator, or none where nothing tells which cases were of inpatients."""
        if not self._inpatients_are_told:
            return None, of[1], "no stay or visit tells which cases were of inpatients"
        if not self._was_looked_for:
            return None, of[1], "no test for a carbapenemase of a specimen of the period has a result"
        return of

    @cached_property
    def _was_looked_for(self) -> bool:
        """Whether a carbapenemase was looked for at all: without, no case is not none."""
        return any(
            result.tells_of_one
            and self._is_here(specimen.facility_id)
            and self._day(specimen.collected, specimen.facility_id) in self.period
            for timeline in self.findings.view.timelines_with_specimens()
            for specimen in timeline.specimens
            for result in timeline.results[specimen.specimen_id]
        )

    @cached_property
    def _inpatients_are_told(self) -> bool:
        view = self.findings.view
        told = {stay.facility_id for stay in view.stays} | {visit.facility_id for visit in view.rows("encounters")}
        return all(site in told for site in self._sites)

    @cached_property
    def _ledger(self) -> list[LedgerLine]:
        lines = self.findings.ledger
        return [
            one for one in lines if self._is_here(one.facility) and self._day(one.start, one.facility) in self.period
        ]

    @cached_property
    def _sites(self) -> list[str]:
        return [self.facility] if self.facility else list(self.findings.view.facilities)

    # Denominators

    def _counted(self, what: Denominator) -> _Of:
        """Return a denominator that somebody counted, what it is, or why there is none; of none at all neither."""
        total = 0
        view = self.findings.view
        for site in self._sites:
            own = [
                p for p in view.rows("populations") if p.facility_id == site and p.denominator is what and not p.ward
            ]
            spans = sorted(
                (p.start.day(view.zone(site)), p.end.day(view.zone(site)), p.count or 0)
                for p in own
                if p.start and p.end and p.count is not None
            )
            spans = [one for one in spans if one[0] in self.period and one[1] in self.period]
            if not own:
                return None, "", None
            if not _make_up(spans, self.period):
                return None, "", f"the counts of {what.value} in populations do not make up this period at {site}"
            total += sum(count for *_, count in spans)
        return total, f"{what.value.replace('_', '-')} as counted in populations", None

    def _uncovered(self) -> str | None:
        """Return why the stays carry no denominator; None: they do."""
        view = self.findings.view
        if any(site in self.findings.carriers_only for site in self._sites):
            return _CARRIERS_ONLY
        for site in self._sites:
            zone = view.zone(site)
            everyone = [
                p
                for p in view.rows("populations")
                if p.facility_id == site and p.covers is Coverage.ALL_INPATIENTS and not p.ward
            ]
            if not any(
                (p.start is None or p.start.day(zone) <= self.period.first)
                and (p.end is None or p.end.day(zone) >= self.period.last)
                for p in everyone
            ):
                return _COVER_UNKNOWN
        return None

    def _of_this(self, counted: Denominator, of_data: Callable[[], int], what: str) -> _Of:
        """Return a denominator: as somebody counted it, else of the data, where those carry one."""
        known = self._counted(counted)
        if known[0] is not None or known[2]:
            return known
        why = self._uncovered()
        return None if why else of_data(), what, why

    @cached_property
    def _patient_days(self) -> _Of:
        what = "nights of patients in the facility, from the stays"
        return self._of_this(Denominator.PATIENT_DAYS, self._nights, what)

    def _nights(self) -> int:
        """Return the nights spent, each patient once a night; a midnight counts for the day that it ends."""
        nights: set[tuple[str, str, date]] = set()
        for one in self.findings.ground.whereabouts[Level.WARD]:
            if self._is_here(one.facility_id):
                first = max(one.first_night - _DAY, self.period.first)
                last = min(one.last_night - _DAY, self.period.last)
                spent = (first + n * _DAY for n in range((last - first).days + 1))
                nights.update((one.patient_id, one.facility_id, night) for night in spent)
        return len(nights)

    @cached_property
    def _admissions(self) -> _Of:
        what = "admissions as inpatients, from the visits"
        return self._of_this(Denominator.ADMISSIONS, lambda: len({one.encounter_id for one in self._ledger}), what)

    # Indicators

    def _incidence(self) -> Iterator[Indicator]:
        kinds = (
            ("infection", (Disease.INFECTION, Disease.INFECTION_PROPOSED), "with infection, declared or proposed"),
            ("colonization", (Disease.COLONIZATION,), "with colonization"),
            ("undetermined", (Disease.UNDETERMINED,), "not determined as infection or colonization"),
        )
        for name, those, words in kinds:
            many = sum(case.infection_or_colonization in those and self._lay_in(case) for case in self._cases)
            of = f"new established cases of inpatients that the policy does not leave uncounted, {words}"
            yield self._rate(
                f"incidence_{name}", f"new cases, {words}, per 10,000 patient-days", many, of,
                self._of_inpatients(self._patient_days),
                10_000, "CNISP; Ireland (bed-days used)",
            )  # fmt: skip
            yield self._rate(
                f"incidence_{name}_per_admission", f"new cases, {words}, per 1,000 admissions", many, of,
                self._of_inpatients(self._admissions), 1_000, "CNISP",
            )  # fmt: skip

    def _screens(self) -> Iterator[Indicator]:
        done = list(self._screened())
        firsts = {case.specimen_id for case in self._cases if case.purpose is Purpose.SCREENING}
        new = sum(specimen.specimen_id in firsts for specimen, _ in done)
        positive = sum(found for _, found in done)
        screens = (len(done), "screening specimens collected in the period that have a result", None)
        yield self._share(
            "screening_yield", "new carriers found, per 1,000 screens", new,
            "screens that are the first positive of a new established case", screens, "Ireland", per=1_000,
        )  # fmt: skip
        yield self._share(
            "screening_positivity", "screens in which a carbapenemase was found, per cent", positive,
            "screens with a carbapenemase detected", screens, "North West England; South Korea",
        )  # fmt: skip

    def _screened(self) -> Iterator[tuple[Specimen, bool]]:
        """Yield each screening specimen with a result of a test for a carbapenemase, and whether one was found."""
        for timeline in self.findings.view.timelines_with_specimens():
            for one in timeline.specimens:
                if one.purpose is not Purpose.SCREENING or not self._is_here(one.facility_id):
                    continue
                stand = [r for r in timeline.results[one.specimen_id] if r.status is not ResultStatus.WITHDRAWN]
                results = [r for r in stand if r.tells_of_one]
                if results and self._day(one.collected, one.facility_id) in self.period:
                    yield one, one.specimen_id in self._positives

    @cached_property
    def _positives(self) -> set[str]:
        """The specimens by which somebody carries, as the rules read them."""
        carried = (c for some in self.findings.carriages.values() for c in some if c.carries)
        return {specimen.specimen_id for c in carried for specimen in c.positives}

    def _compliance(self) -> Iterator[Indicator]:
        lines = self._ledger
        owed = [line for line in lines if line.at_risk is Verdict.YES and line.due]
        unknown = [line for line in lines if line.at_risk is Verdict.UNKNOWN]
        done, also = sum(bool(line.collected) for line in owed), sum(bool(line.collected) for line in unknown)
        why = _CARRIERS_ONLY if any(site in self.findings.carriers_only for site in self._sites) else None
        of = (None if why else len(owed), "admissions at which the policy asks for a screen", why)
        yield self._share(
            "screening_compliance", "admissions at risk that were screened, per cent", done,
            "of these, with a screening specimen", of, "London",
        )  # fmt: skip
        yield self._share(
            "screening_unknown", "admissions of which the risk is not known, per cent", len(unknown),
            "admissions at which it cannot be told whether a screen is asked for",
            (None if why else len(lines), "admissions", why), "design of Ringfence", mark=Mark.UNVERIFIED,
        )  # fmt: skip
        for name, many, all_of, how in (
            ("worst", done, len(owed) + len(unknown) - also, "all unknown and not screened are at risk"),
            ("best", done + also, len(owed) + also, "no unknown and not screened is at risk"),
        ):
            yield self._share(
                f"screening_compliance_{name}", f"admissions at risk that were screened, if {how}, per cent",
                many, "screened",
                (None if why else all_of, f"admissions at risk, if {how}", why), "design of Ringfence",
                limits=False, mark=Mark.UNVERIFIED,
            )  # fmt: skip
        isolated = sum(bool(line.isolated) for line in owed)
        yield self._share(
            "isolation_compliance", "admissions at risk with contact precautions on record in the visit, per cent",
            isolated, "of these, with contact precautions on record during the visit", of, "London",
        )  # fmt: skip
        everyone = all(line.collected for line in lines) and bool(lines)
        firsts = {(c.patient_id, c.first_positive) for c in self._cases if c.purpose is Purpose.SCREENING}
        found = [line for line in lines if (line.patient_id, line.collected) in firsts]
        meeting = sum(line.at_risk is Verdict.YES for line in found)
        if not everyone:
            missed = sum(not line.collected for line in lines)
            why = why or f"it needs a screen of everyone, and {missed:,} of {len(lines):,} admissions had none"
        yield self._share(
            "rule_sensitivity", "carriers found by screening everyone who meet the rule, per cent", meeting,
            "of these, whom the policy asks to screen",
            (None if why else len(found), "carriers found at admission where everyone was screened", why), "England",
        )  # fmt: skip

    def _speed(self) -> Iterator[Indicator]:
        hours, without = [], 0
        for timeline in self.findings.view.timelines_with_specimens():
            for one in timeline.specimens:
                if not self._is_here(one.facility_id) or self._day(one.collected, one.facility_id) not in self.period:
                    continue
                reported = [r.reported.at for r in timeline.results[one.specimen_id] if r.reported and r.reported.at]
                if reported and one.collected.at:
                    hours.append((min(reported) - one.collected.at).total_seconds() / 3600)
                else:
                    without += 1
        yield self._spread(
            "turnaround_hours", "hours from specimen to first result, median", hours,
            f"specimens with both times; of {without:,} more one is not known to the minute", "London; in 3 studies",
        )  # fmt: skip
        days, never = self._to_precautions()
        yield self._spread(
            "days_to_precautions", "days from the first positive result to contact precautions, median", days,
            f"new established cases with both; {never:,} more have no precautions on record after it",
            "design of Ringfence", mark=Mark.UNVERIFIED,
        )  # fmt: skip

    def _to_precautions(self) -> tuple[list[float], int]:
        view, days, never = self.findings.view, [], 0
        for case in self._cases:
            timeline = view.timeline(case.patient_id)
            stand = [r for r in timeline.results[case.specimen_id] if r.status is not ResultStatus.WITHDRAWN]
            results = [r.reported for r in stand if r.reported and r.found is Found.DETECTED]
            zone = view.zone(_site_of(case))
            known = min((when.earliest(zone) for when in results), default=None)
            if known is None:
                continue
            starts = [
                (measure.start.earliest(zone), measure.end.latest(zone) if measure.end else None)
                for site in self._sites
                for measure in precautions_in_force(timeline, site)
            ]
            later = [max(start, known) for start, end in starts if end is None or end > known]
            if later:
                days.append((min(later) - known).total_seconds() / 86_400)
            else:
                never += 1
        return days, never

    def _acquired(self) -> Iterator[Indicator]:
        by = Counter(case.acquired for case in self._cases)
        for word in Acquired:
            if by[word] or word is Acquired.UNKNOWN:
                yield self._share(
                    "acquired", "new cases by where they were acquired, per cent", by[word],
                    f"of these, {word.value.replace('_', ' ')}",
                    (len(self._cases), "new established cases that the policy does not leave uncounted", None), "CNISP",
                    group=word.value,
                )  # fmt: skip

    def _contacts(self) -> Iterator[Indicator]:
        some = [c for c in self.findings.contacts if self._contact_is_here(c)]
        none = None if self.findings.contacts or not self.findings.carriers_only else _CARRIERS_ONLY
        due = [c for c in some if c.follows is Follows.SCREEN and c.sets_needed and not c.died_on]
        yield self._share(
            "contact_completion", "contacts owed screens with all of them done, per cent",
            sum(c.sets_done >= (c.sets_needed or 0) for c in due), "of these, with every screen done",
            (None if none else len(due), "contacts to be screened by the policy, alive", none), "design of Ringfence",
            mark=Mark.UNVERIFIED,
        )  # fmt: skip
        for level in Level:
            of_level = [c for c in some if c.level is level]
            positive = {c.contact_patient_id for c in of_level if self._became_positive(c)}
            tested = positive | {c.contact_patient_id for c in of_level if c.sets_done and not c.known_carrier}
            if of_level:
                place = "came next into a bed" if level is Level.BED else f"closest place shared: {level.value}"
                yield self._share(
                    "secondary_attack", "contacts tested who were found positive after the exposure, per cent",
                    len(positive), "of these, first positive for the same family after the first exposure",
                    (len(tested), f"contacts tested after the exposure, {place}", None),
                    "Ireland; Ontario households", group=place,
                )  # fmt: skip

    @cached_property
    def _case_by_id(self) -> Mapping[str, Case]:
        return {case.case_id: case for case in self.findings.cases}

    def _contact_is_here(self, contact: Contact) -> bool:
        case = self._case_by_id.get(contact.case_id)
        site = _site_of(case) if case else None
        return self._is_here(site) and self._day(contact.last_exposure, site) in self.period

    def _became_positive(self, contact: Contact) -> bool:
        family = contact.case_id.split(":")[-2]
        zone = self.findings.view.zone(None)
        since = [contact.first_exposure.earliest(zone)]
        # Who was found before the case is no secondary case of it.
        case = self._case_by_id.get(contact.case_id)
        since += [case.first_positive.latest(zone)] if case else []
        own = self.findings.carriages.get(contact.contact_patient_id, ())
        return any(c.carries and c.family == family and c.first.collected.latest(zone) > max(since) for c in own)

    # Rows

    def _row(
        self, name: str, meaning: str, per: int, method: str, source: str, mark: Mark, group: str | None
    ) -> Indicator:
        return Indicator(
            indicator=name, meaning=meaning, facility=self.facility, group=group, start=self.period.first,
            end=self.period.last, numerator_of="", denominator_of="", per=per, method=method, suppressed=False,
            source=source, mark=mark,
        )  # fmt: skip

    def _rate(
        self,
        name: str,
        meaning: str,
        many: int,
        many_of: str,
        of: _Of,
        per: int,
        source: str,
    ) -> Indicator:
        return self._divided(name, meaning, many, many_of, of, per, source, Mark.VERIFIED, None, _EXACT_RATE)

    def _share(
        self,
        name: str,
        meaning: str,
        many: int,
        many_of: str,
        of: _Of,
        source: str,
        *,
        per: int = 100,
        mark: Mark = Mark.VERIFIED,
        group: str | None = None,
        limits: bool = True,
    ) -> Indicator:
        method = _EXACT_SHARE if limits else "none: it is a bound"
        return self._divided(name, meaning, many, many_of, of, per, source, mark, group, method)

    def _divided(
        self,
        name: str,
        meaning: str,
        many: int,
        many_of: str,
        of: _Of,
        per: int,
        source: str,
        mark: Mark,
        group: str | None,
        method: str,
    ) -> Indicator:
        row = self._row(name, meaning, per, method, source, mark, group)
        all_of, what, why = of
        row = replace(row, numerator_of=many_of, denominator_of=what)
        if all_of is None:
            return replace(row, why_none=why or _NOTHING)
        row = replace(row, numerator=many, denominator=all_of)
        if not all_of:
            return replace(row, why_none=_NOTHING)
        row = replace(row, value=_rounded(many / all_of * per))
        if method.startswith("none"):
            return row
        low, high = of_rate(many, all_of) if method == _EXACT_RATE else of_share(many, all_of)
        return replace(row, low=_rounded(low * per), high=_rounded(high * per))

    def _spread(
        self, name: str, meaning: str, values: Sequence[float], of: str, source: str, *, mark: Mark = Mark.VERIFIED
    ) -> Indicator:
        row = self._row(name, meaning, 1, "lower and upper quartile", source, mark, None)
        row = replace(row, numerator_of="the median", denominator=len(values), denominator_of=of)
        if not values:
            return replace(row, why_none="no case or specimen has both times")
        low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else (values[0],) * 3
        return replace(row, value=_rounded(median(values)), low=_rounded(low), high=_rounded(high))


def _make_up(spans: Iterable[tuple[date, date, int]], period: Period) -> bool:
    """Whether periods, in order, make up a whole without a gap or an overlap."""
    expected = period.first
    for first, last, _ in spans:
        if first != expected:
            return False
        expected = last + _DAY
    return expected == period.last + _DAY


def _rounded(value: float) -> MeasuredValue:
    return MeasuredValue(round(value, 4))


def _site_of(case: Case) -> str | None:
    """Return the facility of a case, the first where there are several; None: not told."""
    return (case.facility or "").partition(";")[0] or None
