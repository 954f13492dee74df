"""Which policy a record is asked under when none is named."""

from ringfence.policy import Policy, load_policy, policy_ids
from ringfence.record import View

from .opening import UsageError


def policy_in_force(view: View, named: str | None) -> Policy:
    """Return the policy named; else the one the facilities have in force; else the only one shipped.

    Raises:
        UsageError: several could be meant.
    """
    if named:
        return load_policy(named)
    active = {one.policy for one in view.rows("policy_activations") if one.end is None}
    could = sorted(active) or policy_ids()
    if len(could) > 1:
        raise UsageError(f"Several policies could be meant: {', '.join(could)}. Name one with --policy.")
    return load_policy(could[0])
