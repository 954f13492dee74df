"""Facts, a policy and an instant to all findings: the three strata in order, whole.

What comes in is a `View` of the record and a `Policy`; what goes out is `Findings`: rows of the declared finding tables
and the answers they came from. Stratum 1 reads facts; stratum 2 reads stratum 1 and stays; stratum 3 reads facts and
exposures. No stratum reads a later one. A policy's own cases are run here too.

Not known here: files, pages, the clock. Doing it again for a dirty set only is later work.
"""

from .analysis import analyze
from .coverage import facilities_of_carriers_only, found_carriers
from .findings import Findings
from .policy_cases import CaseResult, run_cases
from .strata import Ground, stratum_one, stratum_two

__all__ = [
    "CaseResult",
    "Findings",
    "Ground",
    "analyze",
    "facilities_of_carriers_only",
    "found_carriers",
    "run_cases",
    "stratum_one",
    "stratum_two",
]
