"""Facts, a policy and an instant to all findings: the three strata in order, whole.

What comes in is a `View` of the record and a `Policy`; what goes out is `Findings`: rows of the declared finding tables
and the answers they came from. Stratum 1 reads facts; stratum 2 reads stratum 1 and stays; stratum 3 reads facts and
exposures. No stratum reads a later one. Given earlier findings, only what was touched is worked out again, with the
same answer as the whole. What changed between two findings is told with the facts that changed it. A policy's own
cases are run here too.

Not known here: files, pages, the clock.
"""

from .analysis import UNPLACED, analyze
from .changes import Changes, changes_between
from .checks import Rest, checks, grouped
from .comparing import ChangedAnswer, Compared, Cost, compare, contact_changes, names_of
from .coverage import facilities_of_carriers_only, found_carriers, has_readable_results
from .findings import Findings
from .one_patient import Answered, OnePatient, assess_one
from .policy_cases import CaseResult, RuleResult, run_cases, run_rule_cases, unreached
from .relatives import relatives
from .sources import cases_put_aside, days_after, overlap_asked, sources
from .strata import Ground, stratum_one, stratum_two

__all__ = [
    "UNPLACED",
    "Answered",
    "CaseResult",
    "ChangedAnswer",
    "Changes",
    "Compared",
    "Cost",
    "Findings",
    "Ground",
    "OnePatient",
    "Rest",
    "RuleResult",
    "analyze",
    "assess_one",
    "cases_put_aside",
    "changes_between",
    "checks",
    "compare",
    "contact_changes",
    "days_after",
    "facilities_of_carriers_only",
    "found_carriers",
    "grouped",
    "has_readable_results",
    "names_of",
    "overlap_asked",
    "relatives",
    "run_cases",
    "run_rule_cases",
    "sources",
    "stratum_one",
    "stratum_two",
    "unreached",
]
