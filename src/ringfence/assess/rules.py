"""What a policy says of identification, as rules of one site on one day; the widest reading where it says nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from ringfence.policy import Counts, GeneAlone, Identification, Policy, SuspectsOn
from ringfence.record import CaseStatus, Timeline
from ringfence.vocabulary import CutOff, Mark


@dataclass(frozen=True)
class Rules:
    """How identification reads results at one site on one day. The defaults are the widest reading."""

    suspects_on: frozenset[SuspectsOn] = frozenset(SuspectsOn)
    gene_alone: CaseStatus = CaseStatus.PROBABLE
    """What a gene without an organism makes. Where the policy does not say, it may not be called confirmed."""
    chromosomal_counts: frozenset[str] = frozenset()
    """Families, chromosomal in some organisms, that the policy counts."""
    own_cut_offs: tuple[CutOff, ...] = ()
    said: Identification | None = None

    @classmethod
    def of(cls, said: Identification) -> "Rules":
        """Return the rules that identification clauses give."""
        chromosomal = vars(said.chromosomal) if said.chromosomal else {}
        return cls(
            suspects_on=frozenset(said.suspects_on or SuspectsOn),
            gene_alone=CaseStatus.CONFIRMED
            if said.gene_without_organism is GeneAlone.CONFIRMED
            else CaseStatus.PROBABLE,
            chromosomal_counts=frozenset(name for name, word in chromosomal.items() if word is Counts.COUNTS),
            own_cut_offs=tuple(
                cut
                for one in said.cut_offs or ()
                for cut in one.of(said.clause_id("cut_offs") or "", said.mark("cut_offs"))
            ),
            said=said,
        )

    @property
    def wants_culture(self) -> bool:
        """Whether the policy itself leaves a gene without an organism to culture."""
        return self.says("gene_without_organism") and self.gene_alone is CaseStatus.PROBABLE

    def says(self, key: str) -> bool:
        """Whether the policy specifies a key, and not only that it does not."""
        return self.said is not None and getattr(self.said, key) is not None

    def mark_of(self, key: str) -> Mark:
        """Return how far the clause about a key was checked; not_specified where there is none."""
        return self.said.mark(key) if self.said else Mark.NOT_SPECIFIED

    def clause_of(self, key: str) -> str | None:
        """Return the clause about a key."""
        return self.said.clause_id(key) if self.said else None


Rulebook = Callable[[str | None], Rules]
"""The rules by facility; None: the facility is not known."""


def widest(_: str | None) -> Rules:
    """Return the widest reading, for any facility: what a policy that says nothing leaves."""
    return Rules()


def rulebook(policy: Policy, today: date) -> Rulebook:
    """Return the rules of a policy as in force on a local day, by facility."""

    @cache
    def of(facility_id: str | None) -> Rules:
        return Rules.of(policy.on(today, facility_id).identification)

    return of


def rules_at(timeline: Timeline, policy: Policy) -> Rulebook:
    """Return the rules of a policy as of a timeline."""
    return rulebook(policy, timeline.at.astimezone(timeline.setting.default_zone).date())
