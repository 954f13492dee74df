"""Small wards on which much happens, and what a slow and obvious reader sees in a simulation."""

from datetime import datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ringfence.simulate import Simulation, Ward

BUSY = {
    "rooms": (4, 2, 1),
    "mean_stay_days": 4.0,
    "move_rate": 0.5,
    "dies": 0.1,
    "returns": 0.4,
    "mean_away_days": 5.0,
    "admission_prevalence": 0.2,
    "clearance_rate": 0.02,
    "hands_rate": 0.3,
    "room_rate": 0.1,
    "survey_every_days": 7,
    "clinical_rate": 0.1,
}
STEP = timedelta(hours=6)


def busy(**changes) -> Ward:
    """Return a ward of seven beds, with changes."""
    return Ward(**BUSY | changes)


probabilities = st.sampled_from((0.0, 0.1, 0.5, 1.0))
any_wards = st.builds(
    busy,
    rooms=st.sampled_from(((4, 2, 1), (1,), (2, 2), (1, 1, 1))),
    refill=probabilities,
    mean_stay_days=st.sampled_from((0.1, 2.0, 30.0)),
    move_rate=st.sampled_from((0.0, 2.0)),
    dies=probabilities,
    returns=probabilities,
    admission_prevalence=probabilities,
    clearance_rate=st.sampled_from((0.0, 0.02, 1.0)),
    hands_rate=st.sampled_from((0.0, 0.3, 5.0)),
    precautions_effect=probabilities,
    asked=probabilities,
    answered_wrongly=probabilities,
    screen_refused=probabilities,
    sensitivity=probabilities,
    turnaround_hours=st.sampled_from((0.0, 5.5, 47.6, 1000.0)),
    survey_every_days=st.sampled_from((0, 1, 7)),
)
any_seed = st.integers(0, 10**6)


def on_any_ward(test):
    """Run a test of `ward` and `seed` on the busy ward, on which everything happens, and on wards at random."""
    at_random = given(ward=any_wards, seed=any_seed)(test)
    return settings(max_examples=9)(example(ward=busy(), seed=11)(at_random))


def lasts_over(row, at: datetime) -> bool:
    """Whether a row with a start and an end lasts over an instant."""
    return row.start.at <= at and (row.end is None or at < row.end.at)


def beds_at(made: Simulation, at: datetime) -> list:
    """Return the stays that last over an instant."""
    return [stay for stay in made.facts["stays"] if lasts_over(stay, at)]


def instants(made: Simulation) -> list[datetime]:
    """Return every instant at which anybody comes or goes, and one before the end."""
    moments = [when.at for stay in made.facts["stays"] for when in (stay.start, stay.end) if when]
    return sorted({*moments, made.ends_at - timedelta(minutes=1)})


def positives(made: Simulation) -> dict:
    """Return the specimens in which a gene was detected: the specimen and its result, by specimen number."""
    specimens = {s.specimen_id: s for s in made.facts["specimens"]}
    return {r.specimen_id: (specimens[r.specimen_id], r) for r in made.facts["results"] if r.analyte}


def first_reports(made: Simulation) -> dict[str, datetime]:
    """Return when each patient was first reported positive."""
    reported: dict[str, datetime] = {}
    for specimen, result in positives(made).values():
        earliest = reported.get(specimen.patient_id, result.reported.at)
        reported[specimen.patient_id] = min(earliest, result.reported.at)
    return reported
