"""What is repaired, doubtful, waiting or refused in a record, and how many contacts rest on it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ringfence.feeds import LINKS, Effect
from ringfence.record import (
    BETWEEN,
    TABLES,
    Check,
    Commit,
    Doubtfulness,
    DoubtKind,
    Repair,
    Swap,
    View,
    Waits,
    doubts,
    swaps,
)

from .findings import Findings

_REPAIRED = {
    Repair.DUPLICATE: "rows of one place and start count once, with the later end",
    Repair.OPEN: "its end was missing and was inferred: the next place, the visit, death, or the session's day",
    Repair.OVERLAP: "in two places at once; where a part is shared it is not known in which",
    Repair.IMPOSSIBLE: "it ends before it starts or begins after death, and is set aside; or two facilities at once",
    Repair.DIED: "it outlasted its patient and was cut at death",
    Repair.LEAVE: "leave or a held bed was cut out of it",
    Repair.RECURRING: "a recurring visit sent as if it were a stay; set aside, its sessions are stays",
}
_DOUBTFUL = {
    DoubtKind.GAP: "no stay says where the patient was; exposure in this time is UNKNOWN",
    DoubtKind.NO_SESSIONS: "a visit in sessions without any session; exposure is UNKNOWN",
    DoubtKind.OTHER_VISIT: "the stay names a visit of another patient; it counts for the patient it names",
    DoubtKind.OUTSIDE_VISIT: "the stay begins before its visit or lasts beyond it",
    DoubtKind.NO_BATHROOMS: "the map of places tells no bathroom here; bathroom level is UNKNOWN",
}
_SAYS_ELSE = "a person retracted it, and it says something else since; what it says now counts"
_SENT_AGAIN = "a person retracted it, and it was recorded again since, saying the same; it stays taken back"
_SEVERAL = (
    "several systems use the number it names, and its own is none of them, so whose it is is not known. Give the "
    "mappings of systems that share numbers one `system`, and add their files again"
)
_WAITING = {
    Waits.UNLINKED: "declared while two numbers were linked that are two patients now; a person says whom it is about",
    Waits.MOVED: "it names no patient, and what it names was another patient's then; a person says whom it is about",
}
_OF_PROBLEMS = {Effect.REFUSED.value: Doubtfulness.REFUSED, Effect.USED.value: Doubtfulness.NOTED}


def checks(findings: Findings, commits: Sequence[Commit], damage: Iterable[str] = ()) -> list[Check]:
    """Return everything that an answer may rest on, the gravest first.

    Args:
        findings: the answers.
        commits: the commits that they were worked out from.
        damage: what is wrong with the files of the record, in sentences.
    """
    rest = Rest(findings)
    found = [
        *(Check(kind=Doubtfulness.DAMAGED, what="a file of the record", says=sentence) for sentence in damage),
        *_of_commits(commits),
        *_contradictions(findings.view),
        *_ahead(findings.view),
        *_contested(findings.view),
        *_doubts(findings),
        *_waiting(findings.view),
        *_repairs(findings, rest),
        *_swaps(findings),
        *_shared_numbers(findings.view),
        *_assumed(findings.view),
    ]
    order = list(Doubtfulness)
    return sorted(found, key=lambda c: (order.index(c.kind), c.what, c.where or "", c.about or ""))


def grouped(found: Iterable[Check]) -> dict[tuple[str, str], list[Check]]:
    """Group by what is said, whatever row or time it names."""
    groups: dict[tuple[str, str], list[Check]] = {}
    for check in found:
        groups.setdefault((check.what, _ROW.sub("another row", check.says.partition(" (")[0])), []).append(check)
    return groups


_ROW = re.compile(r"\S+:\d+")


@dataclass(frozen=True)
class Rest:
    """How many contacts rest on a repaired stay."""

    findings: Findings

    @cached_property
    def on_repairs(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """Contacts, as case and patient, by the name of a repair behind one of their exposures."""
        found: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for exposure in self.findings.exposures:
            for repair in (exposure.repairs or "").split(";"):
                found[repair].add((exposure.case_id, exposure.contact_patient_id))
        return {repair: frozenset(some) for repair, some in found.items() if repair}

    @cached_property
    def _of_patient(self) -> Mapping[tuple[str, str], frozenset[tuple[str, str]]]:
        found: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for exposure in self.findings.exposures:
            for repair in (exposure.repairs or "").split(";"):
                for patient in (exposure.index_patient_id, exposure.contact_patient_id):
                    found[(patient, repair)].add((exposure.case_id, exposure.contact_patient_id))
        return {key: frozenset(some) for key, some in found.items()}

    def of_patient(self, patient_id: str, repair: str) -> int:
        """Return how many contacts rest on a repair, of which one side is this patient."""
        return len(self._of_patient.get((patient_id, repair), ()))

    @property
    def contacts(self) -> int:
        """How many contacts rest on repaired stays at all."""
        return len(frozenset().union(*self.on_repairs.values()))


def _of_commits(commits: Sequence[Commit]) -> Iterator[Check]:
    for commit in commits:
        for problem in commit.problems:
            kind = _OF_PROBLEMS.get(problem["effect"])
            if kind:
                where = f"{problem['file']}:{problem['line']}"
                what = f"a row ({problem['column']})" if problem["column"] else "a row"
                yield Check(kind=kind, what=what, where=where, says=f"{problem['problem']} {problem['remedy']}")
        if commit.clock < commit.received:
            says = (
                f"The clock ran backwards: it said {commit.clock:%Y-%m-%d %H:%M} UTC; kept as {commit.received:%H:%M}."
            )
            yield Check(kind=Doubtfulness.NOTED, what="the clock", where=f"commit up to {commit.last}", says=says)


def _contradictions(view: View) -> Iterator[Check]:
    for table, key, sources in view.contradictions():
        says = "two versions of one time contradict; one is used, and nothing tells which is right"
        yield Check(
            kind=Doubtfulness.DOUBTFUL,
            what="contradiction",
            about=f"{table}:{key}",
            where="; ".join(sources),
            says=says,
        )


def _ahead(view: View) -> Iterator[Check]:
    for table, key, source in view.ahead():
        says = "it lies in the future of when it was received, and counts from then on; correct it, if it was mistyped"
        yield Check(
            kind=Doubtfulness.DOUBTFUL,
            what="dated in the future",
            about=f"{table}:{key}",
            where=source or None,
            says=says,
        )


def _contested(view: View) -> Iterator[Check]:
    for table, key, stands in view.contested_retractions.values():
        says = _SAYS_ELSE if stands else _SENT_AGAIN
        yield Check(kind=Doubtfulness.DOUBTFUL, what="retracted, and sent again", about=f"{table}:{key}", says=says)


def _doubts(findings: Findings) -> Iterator[Check]:
    for doubt in doubts(findings.view, findings.ground.stays):
        zone = findings.view.zone(doubt.facility_id)
        times = [when.text(zone) for when in (doubt.start, doubt.end) if when]
        said = f" ({' to '.join(times)}{'' if doubt.end else ', still going on'})" if times else ""
        yield Check(
            kind=Doubtfulness.DOUBTFUL,
            what=doubt.kind.value.replace("_", " "),
            about="; ".join(doubt.about) or None,
            where=" ".join(part for part in (doubt.facility_id, doubt.ward, doubt.room) if part),
            says=f"{_DOUBTFUL[doubt.kind]}{said}",
        )


def _waiting(view: View) -> Iterator[Check]:
    for link in LINKS:
        if not view.names(link.to) and TABLES[link.table].by_name[link.column].optional:
            continue  # a link to a table of which nothing was given leads nowhere and harms nothing
        for key, named in view.named_in_vain(link.table, link.column, link.to):
            several = named.partition(BETWEEN)[0] in view.known.shared.get(link.to, ())
            says = _SEVERAL if several else f"it names a row of {link.to} that is not in the record"
            yield Check(kind=Doubtfulness.WAITING, what=f"waits for {link.to}", about=f"{link.table}:{key}", says=says)
    for number, why in view.waiting.items():
        about = f"declarations:{number}"
        yield Check(kind=Doubtfulness.WAITING, what="waits for a person", about=about, says=_WAITING[why])


def _shared_numbers(view: View) -> Iterator[Check]:
    for table, numbers in view.known.shared.items():
        says = (
            f"several systems use this number for rows of their own; it is shown with its system. {len(numbers):,} of "
            f"{table} in all. Rows that name it mean the row of their own system"
        )
        yield Check(
            kind=Doubtfulness.NOTED, what="one number, several systems", about=f"{table}:{min(numbers)}", says=says
        )


def _repairs(findings: Findings, rest: Rest) -> Iterator[Check]:
    sources = findings.view.sources("stays")
    for one in findings.ground.stays:
        for repair in one.repairs:
            if repair in _REPAIRED:
                rows = [row.stay_id for row in one.rows]
                yield Check(
                    kind=Doubtfulness.REPAIRED,
                    what=repair.value,
                    about="; ".join(f"stays:{number}" for number in rows),
                    where="; ".join(sources[number] for number in rows if sources.get(number)) or None,
                    says=_REPAIRED[repair] if one.used else f"set aside: {_REPAIRED[repair]}",
                    contacts=rest.of_patient(one.stay.patient_id, repair.value) if one.used else None,
                )


def _swaps(findings: Findings) -> Iterator[Check]:
    for swap in swaps(findings.view, findings.ground.stays):
        yield Check(
            kind=Doubtfulness.NOTED,
            what="bed swap",
            about="; ".join(swap.about),
            where=_place(swap),
            says="two patients exchanged beds; this splits and doubles nothing",
        )


def _place(swap: Swap) -> str:
    return " ".join(part for part in swap.from_bed[:2] if part)


def _assumed(view: View) -> Iterator[Check]:
    assumed, many = view.assumed_knowledge()
    if assumed:
        says = (
            f"knowledge time is assumed equal to event time for {assumed:,} of {many:,} facts, which say no `recorded`"
        )
        yield Check(kind=Doubtfulness.NOTED, what="knowledge time", says=says)
