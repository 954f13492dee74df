"""Exact 95% intervals of counts and shares, through the quantiles of the gamma and beta distributions.

Garwood 1936 for a count over an exposure (Poisson); Clopper and Pearson 1934 for a share (binomial).
"""

from scipy.special import betaincinv, gammaincinv

_TAIL = 0.025


def of_rate(count: int, exposure: float) -> tuple[float, float]:
    """Return the exact limits of a rate.

    Args:
        count: events, 0 or more.
        exposure: what they are divided by, above 0; the limits are in events per unit of it.
    """
    low = float(gammaincinv(count, _TAIL)) if count else 0.0
    return low / exposure, float(gammaincinv(count + 1, 1 - _TAIL)) / exposure


def of_share(count: int, of: int) -> tuple[float, float]:
    """Return the exact limits of a share, from 0 to 1.

    Args:
        count: those that have it, 0 or more.
        of: all, above 0 and no fewer.
    """
    low = float(betaincinv(count, of - count + 1, _TAIL)) if count else 0.0
    high = float(betaincinv(count + 1, of - count, 1 - _TAIL)) if count < of else 1.0
    return low, high
