"""One piece of evidence as a reason: what it found, where, by which method, with which value."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from ringfence.record import Comparator, MeasuredIn, Reason, ResultKind
from ringfence.vocabulary import Mark, Meaning, Negative, weakest

from .evidence import Evidence, Says
from .reasons import Why

_NOT_NAMED = {
    ResultKind.GENE: "a carbapenemase gene, not named,",
    ResultKind.PROTEIN: "a carbapenemase, not named,",
}


@dataclass(frozen=True)
class Told:
    """The reasons that one piece of evidence can give."""

    evidence: Evidence

    @property
    def facts(self) -> tuple[str, ...]:
        """The result and its specimen."""
        result = self.evidence.result
        return (f"results:{result.result_id}", f"specimens:{result.specimen_id}")

    @property
    def detected(self) -> Reason:
        """What was found, by a method that is valid there."""
        kind = self.evidence.result.kind
        if kind is ResultKind.ACTIVITY:
            return self._reason(Why.ACTIVITY_SHOWN)
        if kind is ResultKind.PROTEIN:
            return self._reason(Why.PROTEIN_DETECTED)
        reason = self._reason(Why.GENE_DETECTED if self.evidence.settled else Why.GENE_PRELIMINARY)
        enzyme = self.evidence.enzyme
        if enzyme and enzyme.variant and enzyme.family.meaning in (Meaning.DEPENDS, Meaning.CHROMOSOMAL):
            # Of such a family it is the variant that makes it a carbapenemase.
            return replace(reason, mark=weakest([reason.mark, enzyme.variant_mark]))
        return reason

    @property
    def perhaps(self) -> Reason:
        """A family that is a CPO only sometimes."""
        return self._reason(Why.GENE_DEPENDS, note=self.evidence.family.note if self.evidence.family else "")

    @property
    def withdrawn(self) -> Reason:
        """What was found and does not stand any more."""
        named = self.evidence.result.kind is not ResultKind.ACTIVITY
        return self._reason(Why.GENE_WITHDRAWN if named else Why.ACTIVITY_WITHDRAWN)

    @property
    def suspicion(self) -> Reason:
        """What was found, by a method that is not known to be valid there."""
        if self.evidence.result.kind is ResultKind.CULTURE:
            return self._reason(Why.GREW)
        if self.evidence.misplaced:
            organism = self.evidence.organism.name if self.evidence.organism else ""
            return self._reason(Why.NOT_EXPECTED, what=self._what, organism=organism)
        note = self.evidence.sight.note
        return self._reason(Why.OUTSIDE_VALIDITY, what=self._what, note=f" ({note})" if note else "")

    @property
    def unclear(self) -> Reason:
        """A test with no clear result."""
        found = self.evidence.result.found
        if self.evidence.belied and found:
            return self._reason(Why.BELIED, found=found.value.replace("_", " "))
        if self.evidence.enzyme:
            return self._reason(Why.GENE_UNCLEAR)
        return self._reason(Why.ACTIVITY_UNCLEAR)

    @property
    def negative(self) -> Reason:
        """A negative that closes nothing."""
        if not self.evidence.settled:
            return self._reason(Why.NEGATIVE_NOT_FINAL, what=self._sought)
        if self.evidence.naming and self.evidence.enzyme is None:
            targets = self.evidence.method.targets if self.evidence.method else ()
            return self._reason(Why.PANEL_NOTHING, family=";".join(targets))
        if self.evidence.family:
            weak = self.evidence.sight.negative is not Negative.RULES_OUT
            note = self._note if weak else ""
            return self._reason(Why.GENE_NOT_FOUND, what=self._sought, note=note, family=self.evidence.family.name)
        return self._reason(Why.WEAK_NEGATIVE, note=self._note)

    @property
    def ruled_out(self) -> Reason:
        """A negative that rules out."""
        return self._reason(Why.RULED_OUT)

    @property
    def marker(self) -> Reason:
        """A marker of the species."""
        return self._reason(Why.SPECIES_MARKER)

    def of_class(self, what: str) -> Reason:
        """Return what a test says of the class of the enzyme."""
        return self._reason(Why.ENZYME_CLASS, what=what)

    def against_class(self, what: str, named: str) -> Reason:
        """Return that a test of the class speaks against what was named."""
        reason = self._reason(Why.CLASS_DISAGREES, what=what, named=named)
        return replace(reason, mark=weakest([reason.mark, Mark.UNVERIFIED]))

    def against(self, found: "Told") -> Reason:
        """Return that this test did not find what another found."""
        values = {"found": f"{found._what} by {found.evidence.by}", "not_found": self._looked_for, "note": self._note}
        reason = self._reason(Why.METHODS_DISAGREE, **values)
        return Reason(reason.code, reason.clause, reason.mark, (*found.facts, *self.facts), reason.values)

    @property
    def _what(self) -> str:
        return f"{self._named}{self._value}"

    @property
    def _named(self) -> str:
        if self.evidence.enzyme:
            return self.evidence.enzyme.name
        return _NOT_NAMED.get(self.evidence.result.kind, "carbapenemase activity")

    @property
    def _sought(self) -> str:
        kinds = {ResultKind.CULTURE: "a CPO", ResultKind.ACTIVITY: "carbapenemase activity"}
        return self.evidence.enzyme.name if self.evidence.enzyme else kinds.get(self.evidence.result.kind, "a gene")

    @property
    def _looked_for(self) -> str:
        if self.evidence.enzyme:
            return self.evidence.enzyme.name
        kinds = {ResultKind.CULTURE: "a CPO", ResultKind.ACTIVITY: "activity"}
        return kinds.get(self.evidence.result.kind, "a gene")

    @property
    def _note(self) -> str:
        """What a reader of a negative should know."""
        note = self.evidence.sight.negative_note
        return f" ({note})" if note else ""

    @cached_property
    def _value(self) -> str:
        result = self.evidence.result
        if result.value is None:
            return ""
        sign = "" if result.comparator in (None, Comparator.EQUAL) else result.comparator.value
        unit = {MeasuredIn.MM: " mm", MeasuredIn.MG_PER_L: " mg/L"}.get(result.unit, "") if result.unit else ""
        number = f"{sign}{result.value:g}{unit}"
        return f" (Ct {number})" if result.unit is MeasuredIn.CT else f" ({number})"

    @property
    def _mark(self) -> Mark:
        """The marks of the family, and of what the method sees there, or does not."""
        sight = self.evidence.sight
        seen = sight.negative_mark if self.evidence.says is Says.NOT_FOUND else sight.mark
        return weakest([seen, *([self.evidence.family.mark] if self.evidence.family else []), *self._of_the_variant])

    @property
    def _of_the_variant(self) -> list[Mark]:
        """Of a variant that is not in the list it was not checked what it is."""
        return [Mark.UNVERIFIED] if self._unlisted and self.evidence.says is not Says.NOT_FOUND else []

    @property
    def _unlisted(self) -> str:
        enzyme = self.evidence.enzyme
        return ", a variant that is not in the list," if enzyme and not enzyme.listed else ""

    def _reason(self, why: Why, **more: str) -> Reason:
        result = self.evidence.result
        value = self._value if result.kind is ResultKind.GENE else ""
        values = {
            "enzyme": f"{result.analyte or self._named}{value}{self._unlisted}",
            "specimen": result.specimen_id,
            "status": result.status.value,
            "method": self.evidence.by,
            "value": self._value,
        }
        return Reason(why, mark=self._mark, facts=self.facts, values=values | more)


def negatives(some: Iterable[Evidence]) -> list[Reason]:
    """Return negatives that close nothing, those of one method together: `KPC, NDM not detected by ...`."""
    found: dict[tuple[object, ...], list[Reason]] = {}
    for one in some:
        reason = told(one).negative
        alike = () if reason.code == Why.GENE_NOT_FOUND else reason.facts
        key = (reason.code, reason.values["method"], reason.values.get("note", ""), *alike)
        found.setdefault(key, []).append(reason)
    return [_together(reasons) for reasons in found.values()]


def _together(reasons: list[Reason]) -> Reason:
    if len(reasons) == 1:
        return reasons[0]
    joined = {
        name: between.join(dict.fromkeys(str(one.values[name]) for one in reasons))
        for name, between in (("what", ", "), ("family", ";"))
    }
    facts = tuple(dict.fromkeys(fact for one in reasons for fact in one.facts))
    mark = weakest(one.mark for one in reasons)
    return replace(reasons[0], mark=mark, facts=facts, values={**reasons[0].values, **joined})


def excluded(reasons: Iterable[Reason]) -> frozenset[str]:
    """Return the families that reasons say were looked for and finally not found."""
    negative = (one for one in reasons if one.code in (Why.GENE_NOT_FOUND, Why.PANEL_NOTHING))
    return frozenset(family for one in negative for family in str(one.values["family"]).split(";"))


def told(evidence: Evidence) -> Told:
    """Return the reasons that one piece of evidence can give."""
    return Told(evidence)
