"""When a clause holds: a tree of `all`, `any` and predicates."""

from typing import Literal, Self

from pydantic import ConfigDict, model_validator

from ringfence.vocabulary import Strict

from .admission import (
    AdmittedTo,
    Care,
    CareAbroad,
    Chemotherapy,
    Dialysis,
    KnownCarriage,
    LinkToCarrier,
    OutbreakWard,
    RefugeeReception,
    Residence,
    Travel,
)
from .durations import CalendarDuration
from .limits import Limits


class LastPositive(Strict):
    """A known carrier, by how long ago the last positive specimen was collected; without `ago`, whenever it was."""

    model_config = ConfigDict(title="last_positive")

    ago: Limits[CalendarDuration] | None = None


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
    care: Care | None = None
    dialysis: Dialysis | None = None
    chemotherapy: Chemotherapy | None = None
    known_carriage: KnownCarriage | None = None
    link_to_carrier: LinkToCarrier | None = None
    travel: Travel | None = None
    refugee_reception: RefugeeReception | None = None
    residence: Residence | None = None
    admitted_to: AdmittedTo | None = None
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
        ago = [part.known_carriage.ago for part in self.all or () if part.known_carriage and part.known_carriage.ago]
        for number, one in enumerate(ago):
            if any(one.apart_from(other) for other in ago[:number]):
                raise ValueError(
                    "`all` of these cannot hold: one last positive lies in the limits of one of them at most. Join "
                    "them with `any`, or let their limits meet."
                )
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


PRECAUTIONS_PREDICATES = ("last_positive", "screen_pending")
PREDICATES = tuple(name for name in Condition.model_fields if name not in ("all", "any"))
ADMISSION_PREDICATES = tuple(name for name in PREDICATES if name not in PRECAUTIONS_PREDICATES)
