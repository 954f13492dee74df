"""The predicates of admission clauses: what makes somebody a patient to be screened.

Each is a typed model whose name in a file is its title. `assess` holds the function that judges each.
"""

from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from ringfence.record import UnitKind
from ringfence.vocabulary import Strict

from .durations import CalendarDuration, ClockDuration
from .limits import Limits

_PLACES = ("abroad", "outside", "countries", "facility")


class CareAbroad(Strict):
    """Care in a health-care facility abroad: how long ago it ended, how long it lasted, whether invasive."""

    model_config = ConfigDict(title="care_abroad")

    ended_ago: Limits[CalendarDuration] | None = None
    lasted: Limits[ClockDuration] | None = None
    invasive_procedure: Literal["yes"] | None = None


class Somewhere(Strict):
    """Where care was: abroad, outside a region, in named countries, in a named facility; none of them: anywhere."""

    abroad: Literal["yes"] | None = None
    outside: str | None = None
    countries: tuple[str, ...] | None = Field(default=None, min_length=1)
    facility: str | None = None
    ward: str | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        given = [name for name in _PLACES if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"say where once: here are {' and '.join(given)}. Keep one, or join two with `any`.")
        if self.ward and not self.facility:
            raise ValueError("`ward` names a ward of a facility. Give `facility` too.")
        return self


class Care(Somewhere):
    """Care in a health-care facility: where, how long ago it ended, how long it lasted or over night, how invasive.

    The record's own stays count without being asked. `overnight` means present at 00:00 local.
    """

    model_config = ConfigDict(title="care")

    ended_ago: Limits[CalendarDuration] | None = None
    lasted: Limits[ClockDuration] | None = None
    stay: Literal["overnight", "any"] = "any"
    invasive_procedure: Literal["yes"] | None = None


class Dialysis(Somewhere):
    """Dialysis, and how long ago the last of it was. Dialysis in the record itself counts without being asked."""

    model_config = ConfigDict(title="dialysis")

    ended_ago: Limits[CalendarDuration] | None = None


class Chemotherapy(Strict):
    """Chemotherapy against cancer, and how long ago it ended."""

    model_config = ConfigDict(title="chemotherapy")

    ended_ago: Limits[CalendarDuration] | None = None


class Beyond(Strict):
    """Who decides where the limits of a clause are passed."""

    model_config = ConfigDict(title="beyond")

    decides: str = Field(min_length=3)


class KnownCarriage(Strict):
    """Carriage known before: in the record, as reported from elsewhere, or as answered.

    `ago` limits how long ago the last positive was; `beyond` names who decides about an older one. Without `ago` any
    carriage counts.
    """

    model_config = ConfigDict(title="known_carriage")

    ago: Limits[CalendarDuration] | None = None
    beyond: Beyond | None = None

    @model_validator(mode="after")
    def _beyond_what(self) -> Self:
        if self.beyond and not self.ago:
            raise ValueError("`beyond` needs `ago`: beyond what? For example `ago: {at_most: 12 months}`.")
        return self


class LinkToCarrier(Strict):
    """A contact with a carrier, in health care or in the household; also from the table `relations`."""

    model_config = ConfigDict(title="link_to_carrier")

    through: tuple[Literal["health_care", "household"], ...] = Field(min_length=1)


class Travel(Strict):
    """Travel to named countries, with or without care there, and how long ago it ended."""

    model_config = ConfigDict(title="travel")

    countries: tuple[str, ...] = Field(min_length=1)
    ended_ago: Limits[CalendarDuration] | None = None


class RefugeeReception(Strict):
    """Residence in a refugee reception centre, and how long ago it ended (or goes on)."""

    model_config = ConfigDict(title="refugee_reception")

    ended_ago: Limits[CalendarDuration]


class Residence(Strict):
    """Residence in a named place, or with a named population."""

    model_config = ConfigDict(title="residence")

    places: tuple[str, ...] = Field(min_length=1)
    ended_ago: Limits[CalendarDuration] | None = None


class AdmittedTo(Strict):
    """The kind of unit that the patient is admitted to."""

    model_config = ConfigDict(title="admitted_to")

    units: tuple[UnitKind, ...] = Field(min_length=1)


class OutbreakWard(Strict):
    """Arrival from a ward with an uncontrolled outbreak."""

    model_config = ConfigDict(title="outbreak_ward")

    control: Literal["uncontrolled"]


ADMISSION: tuple[type[Strict], ...] = (
    CareAbroad, Care, Dialysis, Chemotherapy, KnownCarriage, LinkToCarrier, Travel, RefugeeReception, Residence,
    AdmittedTo, OutbreakWard,
)  # fmt: skip
"""Every predicate that an admission clause may use."""
