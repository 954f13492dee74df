"""The kinds of clause a policy is made of. Code knows these; it knows no jurisdiction."""

from datetime import date
from enum import StrEnum
from typing import Generic, Literal, Self, TypeVar

from pydantic import ConfigDict, Field, model_validator

from ringfence.record import Question
from ringfence.vocabulary import Mark, Strict

from .durations import CalendarDuration, ClockDuration, Duration

D = TypeVar("D", bound=Duration)


class Limits(Strict, Generic[D]):
    """Limits of a quantity; `less_than` and `more_than` leave the limit itself out, `at_most` and `at_least` do not."""

    model_config = ConfigDict(title="limits")

    more_than: D | None = None
    at_least: D | None = None
    less_than: D | None = None
    at_most: D | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        low, high = self.more_than or self.at_least, self.less_than or self.at_most
        if low is None and high is None:
            raise ValueError("limits need one of more_than, at_least, less_than, at_most.")
        if (self.more_than and self.at_least) or (self.less_than and self.at_most):
            raise ValueError("give one lower and one upper limit at most.")
        exactly = bool(self.at_least and self.at_least == self.at_most)
        if low and high and _size(low) >= _size(high) and not exactly:
            raise ValueError(f"these limits cross: nothing lies between {low} and {high}.")
        return self


def _size(value: Duration) -> int:
    return value.months if value.months is not None else value.number


class CareAbroad(Strict):
    """Care in a health-care facility abroad: how long ago it ended, how long it lasted, whether invasive."""

    model_config = ConfigDict(title="care_abroad")

    ended_ago: Limits[CalendarDuration] | None = None
    lasted: Limits[ClockDuration] | None = None
    invasive_procedure: Literal["yes"] | None = None


class RefugeeReception(Strict):
    """Residence in a refugee reception centre, and how long ago it ended (or goes on)."""

    model_config = ConfigDict(title="refugee_reception")

    ended_ago: Limits[CalendarDuration]


class OutbreakWard(Strict):
    """Arrival from a ward with an uncontrolled outbreak."""

    model_config = ConfigDict(title="outbreak_ward")

    control: Literal["uncontrolled"]


class LastPositive(Strict):
    """A known carrier, by how long ago the last positive specimen was collected."""

    model_config = ConfigDict(title="last_positive")

    ago: Limits[CalendarDuration]


class ScreenPending(Strict):
    """A patient for whom the policy asks a screen, while its result is not there."""

    model_config = ConfigDict(title="screen_pending")

    of: Literal["those asked to be screened"]


class Condition(Strict):
    """When a clause holds: `all` of, `any` of, or one predicate."""

    model_config = ConfigDict(title="a condition")

    all: tuple["Condition", ...] | None = None
    any: tuple["Condition", ...] | None = None
    care_abroad: CareAbroad | None = None
    refugee_reception: RefugeeReception | None = None
    outbreak_ward: OutbreakWard | None = None
    last_positive: LastPositive | None = None
    screen_pending: ScreenPending | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"a condition is exactly one of {', '.join(type(self).model_fields)}; here are {len(given)}. "
                "Join several with `all` or `any`."
            )
        if given[0] in ("all", "any") and not self.parts:
            raise ValueError(f"`{given[0]}` joins nothing here. List conditions under it, or leave it out.")
        return self

    @property
    def parts(self) -> tuple["Condition", ...]:
        """The conditions under `all` or `any`; empty for a predicate."""
        return self.all or self.any or ()

    @property
    def predicate(self) -> Strict | None:
        """The predicate, when it is one."""
        return next((p for name in PREDICATES if (p := getattr(self, name)) is not None), None)

    def predicates(self) -> tuple[Strict, ...]:
        """Every predicate in the tree."""
        own = (self.predicate,) if self.predicate else ()
        return own + tuple(p for part in self.parts for p in part.predicates())


ADMISSION_PREDICATES = ("care_abroad", "refugee_reception", "outbreak_ward")
PRECAUTIONS_PREDICATES = ("last_positive", "screen_pending")
PREDICATES = ADMISSION_PREDICATES + PRECAUTIONS_PREDICATES


class Target(StrEnum):
    """What a screen looks for."""

    BRMO = "BRMO"
    """Highly resistant micro-organisms, as the Dutch guideline defines them."""
    ESBL_AND_CPE = "ESBL and CPE"
    OUTBREAK_ORGANISM = "the organism of the outbreak"


class Screen(Strict):
    """The consequence of an admission clause."""

    model_config = ConfigDict(title="then")

    screen_for: Target


class Precaution(StrEnum):
    """What a precautions clause recommends."""

    ISOLATE = "isolate"


class Isolate(Strict):
    """The consequence of a precautions clause."""

    model_config = ConfigDict(title="then")

    recommend: Precaution


class Clause(Strict):
    """What every clause has."""

    model_config = ConfigDict(title="a clause")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    mark: Mark
    source: str | None = None
    reference: str | None = None
    checked_on: date | None = None
    assumes: tuple[str, ...] = ()
    note: str | None = None

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        if self.mark is not Mark.NOT_SPECIFIED and not self.source:
            raise ValueError(f"clause {self.id} is marked {self.mark.value} and names no source.")
        return self


class AdmissionClause(Clause):
    """Who is screened on admission."""

    model_config = ConfigDict(title="an admission clause")

    asks: str
    question: Question | None = None
    when: Condition | None = None
    then: Screen | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        return _specified(self, self.when, self.then)


class PrecautionsClause(Clause):
    """When precautions are recommended."""

    model_config = ConfigDict(title="a precautions clause")

    when: Condition | None = None
    then: Isolate | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        return _specified(self, self.when, self.then)


class ContactsClause(Clause):
    """Who counts as a contact, and what contacts are owed. No file we ship specifies it yet."""

    model_config = ConfigDict(title="a contacts clause")

    mark: Literal[Mark.NOT_SPECIFIED]


C = TypeVar("C", bound=Clause)


def _specified(clause: C, when: Condition | None, then: Strict | None) -> C:
    if clause.mark is Mark.NOT_SPECIFIED:
        if when or then:
            raise ValueError(f"clause {clause.id} is marked not_specified and still says `when` or `then`.")
    elif not (when and then):
        raise ValueError(f"clause {clause.id} needs both `when` and `then`.")
    return clause
