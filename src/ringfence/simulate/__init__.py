"""One made-up ward: the rows a hospital would have written down, and the truth beside them.

What comes in is a `Ward` (who lies there, how carriage spreads, what the desk and the laboratory do), a seed and a
number of days. What goes out is a `Simulation`: `facts`, rows of the record's own tables, and `truth`: who carried
what and when, who caught it from whom and how, and who really was at risk. Facts show only what a hospital would
have seen; a carrier whom nobody swabbed is in the truth alone.

Promised: the same ward, seed and days give the same rows. No decision shares a random number with another, so two
wards that differ in one parameter differ only where it reaches; movements rest on no parameter of carriage, testing
or precautions. At every instant a bed holds one patient at most. A stay or visit that is not over has no end. A
result is written only once it is reported, and precautions follow a positive report.

Not known here: any policy, any rule of ours. This room sees only `record` and `vocabulary`, so what it makes can
contradict the rest. It is narrow: one ward, two carbapenemase families, one at a time in a patient, no infections,
no environment, no false positives, no corrected reports, no cultures of people who carry nothing, no transfers. Many
defaults have no source and say so (`parameters`): the ward is for testing, and estimates nothing.

>>> from ringfence.simulate import Ward, simulate_ward
>>> made = simulate_ward(Ward(rooms=(4, 2, 1), admission_prevalence=0.2), seed=7, days=60)
>>> made.facts["stays"][0].patient_id
'SIM-000001'
>>> sorted({result.analyte for result in made.facts["results"] if result.analyte})
['KPC', 'NDM']
>>> {one.route.value for one in made.truth.transmissions} <= {"hands", "room"}
True
>>> simulate_ward(Ward(rooms=(4, 2, 1), hands_rate=0, room_rate=0), seed=7, days=60).truth.transmissions
()
"""

from .parameters import Evidence, Parameter
from .simulation import Simulation, simulate_ward
from .truth import Carriage, Risk, Route, Transmission, Truth
from .ward import ScenarioError, Ward, parameters

__all__ = [
    "Carriage",
    "Evidence",
    "Parameter",
    "Risk",
    "Route",
    "ScenarioError",
    "Simulation",
    "Transmission",
    "Truth",
    "Ward",
    "parameters",
    "simulate_ward",
]
