"""The ward as a scenario: every number that can be changed, with its unit, source and evidence.

Figures come from the project's notes on published models, which name for each the paper it was read in. Where a
figure was read for another setting or another use, its evidence here is `unverified`.
"""

from dataclasses import dataclass

from ringfence.vocabulary import PlainError

from .parameters import (
    DAYS,
    EVERY_DAYS,
    HOURS,
    PER_DAY,
    PROBABILITY,
    ROOMS,
    Evidence,
    Parameter,
    declared,
    parameter,
)

CALCULATED, UNVERIFIED = Evidence.CALCULATED, Evidence.UNVERIFIED
CHOSEN = "none; chosen so that a small ward shows every kind of row"


class ScenarioError(PlainError):
    """A scenario that cannot be: the message names each parameter at fault and what would be right."""


@dataclass(frozen=True, kw_only=True)
class Ward:
    """One ward and how things go there. Every parameter has a default; `parameters()` lists them with sources.

    Raises:
        ScenarioError: a parameter is out of its range, or the ward has no beds; all faults together.
    """

    # ----------------------------------------------------------------------------------------------------- movement
    rooms: tuple[int, ...] = parameter(
        (4, 4, 4, 2, 2, 2, 2, 1, 1, 1, 1, 1),
        ROOMS,
        "The beds of each room.",
        source="Kardaś-Słoma 2022: a general ward of 25 beds; how they are shared out over rooms is our choice",
        evidence=UNVERIFIED,
    )
    refill: float = parameter(
        0.5,
        PROBABILITY,
        "Probability that an empty bed is given to somebody, in each step of six hours.",
        source=CHOSEN,
        evidence=UNVERIFIED,
    )
    mean_stay_days: float = parameter(
        7.0,
        DAYS,
        "Mean length of a visit; exponential, rounded up to whole steps. Carriage does not lengthen it.",
        source="parameter table of a PNAS 2006 model (Bootsma, attributed from memory): 7 days on a ward",
        evidence=UNVERIFIED,
    )
    move_rate: float = parameter(
        0.02,
        PER_DAY,
        "How often a patient changes bed within the ward, when a bed is free.",
        source="the same PNAS 2006 table gives 0.02 for moves between wards; its use for beds is ours",
        evidence=UNVERIFIED,
    )
    dies: float = parameter(
        0.029,
        PROBABILITY,
        "Probability that a visit ends in death. Carriage does not change it.",
        source="Pople 2023: 2.9 % of visits without bloodstream infection",
    )
    returns: float = parameter(
        0.15,
        PROBABILITY,
        "Probability that somebody who leaves alive is admitted here again.",
        source=CHOSEN,
        evidence=UNVERIFIED,
    )
    mean_away_days: float = parameter(
        14.0,
        DAYS,
        "Mean time until those who return are due; exponential. They wait for a free bed.",
        source=CHOSEN,
        evidence=UNVERIFIED,
    )

    # ----------------------------------------------------------------------------------------------------- carriage
    admission_prevalence: float = parameter(
        0.021,
        PROBABILITY,
        "Probability that somebody not yet a carrier in this simulation is one when admitted.",
        source="Sypsa 2012: 18 of 850 on a Greek surgical unit; Otter 2016 found 0.12 % in London",
    )
    kpc_share: float = parameter(
        0.5,
        PROBABILITY,
        "Probability that a carrier from outside has KPC; the others have NDM.",
        source=CHOSEN,
        evidence=UNVERIFIED,
    )
    clearance_rate: float = parameter(
        1 / 387,
        PER_DAY,
        "How fast carriage ends, in hospital and out of it; 0 is never.",
        source="Zimmerman 2013: mean 387 days (312 to 463)",
    )

    # ----------------------------------------------------------------------------------------------------- spreading
    hands_rate: float = parameter(
        0.05,
        PER_DAY,
        "Rate at which a patient would acquire if every bed in use held a carrier; multiplied by the share that do.",
        source="Toth 2025: 0.0510 in long-term acute care, reproduced from its inputs; range 0.02 to 0.10",
        evidence=CALCULATED,
    )
    room_rate: float = parameter(
        0.0066,
        PER_DAY,
        "Rate at which a patient acquires from each carrier in the same room, on top of hands.",
        source="a Korean contact study: 3 of 152 contacts after a median of 3 days together; range 0.003 to 0.02. "
        "It counts all routes between room-mates, so here it is slightly too high",
        evidence=CALCULATED,
    )
    precautions_effect: float = parameter(
        0.40,
        PROBABILITY,
        "By how much contact precautions lower what a carrier passes on, by either route.",
        source="Bartsch 2021 (RHEA): 40 %; published values run from 0 to 64 %",
    )

    # ----------------------------------------------------------------------------------------------------- the desk
    risk_among_carriers: float = parameter(
        0.43,
        PROBABILITY,
        "Probability that a carrier has a risk factor at admission.",
        source="Pople 2023: the English criteria of 2016 select 43 % of colonized admissions at low prevalence",
    )
    risk_among_others: float = parameter(
        0.40,
        PROBABILITY,
        "Probability that anybody else has a risk factor at admission.",
        source="Otter 2016: 40 % of admissions",
    )
    asked: float = parameter(
        0.8,
        PROBABILITY,
        "Probability that a risk question is asked.",
        source=CHOSEN,
        evidence=UNVERIFIED,
    )
    answered_wrongly: float = parameter(
        0.05,
        PROBABILITY,
        "Probability that the answer to a question asked is the wrong one of yes and no.",
        source=CHOSEN,
        evidence=UNVERIFIED,
    )
    screen_refused: float = parameter(
        0.03,
        PROBABILITY,
        "Probability that a patient refuses the screen the desk proposes.",
        source=CHOSEN,
        evidence=UNVERIFIED,
    )
    screen_collected: float = parameter(
        0.954,
        PROBABILITY,
        "Probability that a screen that is due and not refused is collected, at admission or in a survey.",
        source="Toth 2025, from the trial of Hayden 2015; Otter 2016 found only 8.1 % screened in practice",
    )

    # ----------------------------------------------------------------------------------------------------- laboratory
    survey_every_days: int = parameter(
        0,
        EVERY_DAYS,
        "Days from one screen of everyone on the ward to the next.",
        source=CHOSEN,
        evidence=UNVERIFIED,
    )
    sensitivity: float = parameter(
        0.81,
        PROBABILITY,
        "Probability that a carrier is one whom screens find. Drawn once for each time somebody becomes a carrier: "
        "repeating a screen that missed does not help.",
        source="Haverkate 2015: 81 % for a culture, estimated in its model",
    )
    turnaround_hours: float = parameter(
        47.6,
        HOURS,
        "Time from collecting a specimen to the report.",
        source="PMC8336178: median of culture followed by PCR",
    )
    clinical_rate: float = parameter(
        0.00845,
        PER_DAY,
        "How often a clinical specimen of a carrier grows the organism.",
        source="Toth 2025, code: first clinical detection for each day of an unknown carrier in long-term acute care",
        evidence=CALCULATED,
    )

    def __post_init__(self) -> None:
        faults = [
            f"`{one.name}` is {getattr(self, one.name)!r}. Give {one.unit.right}."
            for one in parameters()
            if not one.unit.allows(getattr(self, one.name))
        ]
        if faults:
            raise ScenarioError("\n".join(faults))


def parameters() -> tuple[Parameter, ...]:
    """Return every parameter of `Ward` in order, with its default, unit, meaning, source and evidence."""
    return tuple(declared(Ward))
