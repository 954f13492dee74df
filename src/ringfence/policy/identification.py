"""What counts as a case, and how cases are counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from ringfence.vocabulary import (
    CutOff,
    CutOffPurpose,
    Mark,
    Strict,
    UnknownAntibiotic,
    antibiotic,
    did_you_mean,
    organisms,
)

from .clauses import Clause, specified


class GeneAlone(StrEnum):
    """What a gene without an organism makes."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"


class SuspectsOn(StrEnum):
    """What makes an isolate suspect."""

    RESISTANT_TO_A_CARBAPENEM = "resistant_to_a_carbapenem"
    SCREENING_CUTOFF = "screening_cutoff"


class Counts(StrEnum):
    """Whether a gene counts although it is chromosomal in some organisms."""

    COUNTS = "counts"
    EXCLUDED = "excluded"


class Chromosomal(Strict):
    """Families that are chromosomal in some organisms; what is left out is not specified."""

    model_config = ConfigDict(title="chromosomal")

    SME: Counts | None = None
    IMI: Counts | None = None
    GES: Counts | None = None


@cache
def _scopes() -> frozenset[str]:
    """What may name organisms: a code, a genus, a group."""
    some = organisms().values()
    return frozenset(name for one in some for name in (one.code, one.name.split()[0], one.group))


class OwnCutOff(Strict):
    """A cut-off of a table that the site brings: MIC in mg/L, zone in mm; what is left out the table does not give."""

    model_config = ConfigDict(title="a cut-off")

    antibiotic: str
    organisms: tuple[str, ...] = Field(min_length=1)
    """Codes of organisms, a genus, or a group."""
    purpose: Literal["screening", "clinical"] = Field(alias="for")
    from_year: int = Field(default=1900, ge=1900, le=2199)
    mic_above: float | None = Field(default=None, gt=0, le=4096)
    zone_below: float | None = Field(default=None, ge=6, le=60)
    mic_not_susceptible_above: float | None = Field(default=None, gt=0, le=4096)
    zone_not_susceptible_below: float | None = Field(default=None, ge=6, le=60)

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        try:
            antibiotic(self.antibiotic)
        except UnknownAntibiotic as error:
            raise ValueError(str(error)) from None
        unknown = [one for one in self.organisms if one not in _scopes()]
        if unknown:
            raise ValueError(
                f"`{unknown[0]}` is no code, genus or group of `codelists/organisms.csv`."
                + did_you_mean(unknown[0], _scopes())
            )
        if self.mic_above is None and self.zone_below is None:
            raise ValueError("a cut-off gives `mic_above` (mg/L), `zone_below` (mm) or both.")
        crossed = self.mic_above and self.mic_not_susceptible_above and self.mic_not_susceptible_above > self.mic_above
        zones = self.zone_below and self.zone_not_susceptible_below
        if crossed or (zones and (self.zone_not_susceptible_below or 0) < (self.zone_below or 0)):
            raise ValueError("the bound of not susceptible lies beyond that of resistant. Let the two change places.")
        return self

    def of(self, clause: str, mark: Mark) -> tuple[CutOff, ...]:
        """Return the cut-off for each of its organisms, under the mark of its clause."""
        return tuple(
            CutOff(
                standard=clause,
                from_year=self.from_year,
                purpose=CutOffPurpose(self.purpose),
                organism=organism,
                antibiotic=antibiotic(self.antibiotic).code,
                mic_above=self.mic_above,
                zone_below=self.zone_below,
                mic_not_susceptible_above=self.mic_not_susceptible_above,
                zone_not_susceptible_below=self.zone_not_susceptible_below,
                mark=mark,
            )
            for organism in self.organisms
        )


class CountingUnit(StrEnum):
    """What one case is."""

    PATIENT_AND_FAMILY = "patient_and_family"
    PATIENT_FAMILY_AND_ORGANISM = "patient_and_family_and_organism"
    STAY = "stay"


class CountingPeriod(StrEnum):
    """For how long the same unit is not counted again."""

    EVER = "ever"
    TWELVE_MONTHS = "12 months"
    SURVEILLANCE_YEAR = "surveillance year"


class Says(Strict):
    """The consequence of an identification clause: one key and its value."""

    model_config = ConfigDict(title="then")

    gene_without_organism: GeneAlone | None = None
    suspects_on: tuple[SuspectsOn, ...] | None = Field(default=None, min_length=1)
    chromosomal: Chromosomal | None = None
    organisms: tuple[str, ...] | None = Field(default=None, min_length=1)
    """Groups or codes of organisms that count."""
    counting_unit: CountingUnit | None = None
    period: CountingPeriod | None = None
    infection_over_screening: bool | None = None
    cut_offs: tuple[OwnCutOff, ...] | None = Field(default=None, min_length=1)
    """Cut-offs of the site's own table; they come before those that are shipped."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.keys) != 1:
            raise ValueError(
                f"an identification clause says exactly one of {', '.join(IDENTIFICATION_KEYS)}; here are "
                f"{len(self.keys)}. Write a clause for each."
            )
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        """The key that is said."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) is not None)


IDENTIFICATION_KEYS = tuple(Says.model_fields)


class IdentificationClause(Clause):
    """What counts as a case."""

    model_config = ConfigDict(title="an identification clause")

    about: str | None = None
    """The key that a clause marked not_specified is about."""
    then: Says | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        specified(self, then=self.then)
        if self.mark is Mark.NOT_SPECIFIED and self.about not in IDENTIFICATION_KEYS:
            raise ValueError(
                f"clause {self.id} is marked not_specified: say what it is `about`: {', '.join(IDENTIFICATION_KEYS)}."
            )
        if self.then and self.about and self.about != self.key:
            raise ValueError(f"clause {self.id} is about `{self.about}` and says `{self.key}`. Leave `about` out.")
        return self

    @property
    def key(self) -> str:
        """What the clause is about."""
        return self.then.keys[0] if self.then else self.about or ""


@dataclass(frozen=True)
class Identification:
    """What a policy says of cases and counting; None where it is not specified, or not spoken of."""

    gene_without_organism: GeneAlone | None
    suspects_on: tuple[SuspectsOn, ...] | None
    chromosomal: Chromosomal | None
    organisms: tuple[str, ...] | None
    counting_unit: CountingUnit | None
    period: CountingPeriod | None
    infection_over_screening: bool | None
    cut_offs: tuple[OwnCutOff, ...] | None
    clauses: Mapping[str, IdentificationClause]
    """The clause that each key rests on; a key without one is not spoken of."""

    @classmethod
    def of(cls, clauses: Iterable[IdentificationClause]) -> Self:
        """Return what the clauses say; of several about one key the first."""
        by_key: dict[str, IdentificationClause] = {}
        for clause in clauses:
            by_key.setdefault(clause.key, clause)
        said = {key: getattr(c.then, key) if (c := by_key.get(key)) and c.then else None for key in IDENTIFICATION_KEYS}
        return cls(**said, clauses=by_key)

    def mark(self, key: str) -> Mark:
        """Return how far the clause about a key was checked; not_specified where there is none."""
        return self.clauses[key].mark if key in self.clauses else Mark.NOT_SPECIFIED

    def clause_id(self, key: str) -> str | None:
        """Return the clause about a key."""
        return self.clauses[key].id if key in self.clauses else None
