"""Exact 95% intervals of counts and shares, through the tails of the gamma and beta distributions.

Garwood 1936 for a count over an exposure (Poisson); Clopper and Pearson 1934 for a share (binomial).
"""

from collections.abc import Callable

from mpmath import betainc, gammainc

_TAIL = 0.025
_HALVINGS = 60


def of_rate(count: int, exposure: float) -> tuple[float, float]:
    """Return the exact limits of a rate.

    Args:
        count: events, 0 or more.
        exposure: what they are divided by, above 0; the limits are in events per unit of it.
    """
    far = count + 10 * (count + 1) ** 0.5 + 10  # ten standard deviations, and ten, beyond
    low = _where(lambda mean: float(gammainc(count, 0, mean, regularized=True)), _TAIL, far) if count else 0.0
    high = _where(lambda mean: float(gammainc(count + 1, 0, mean, regularized=True)), 1 - _TAIL, far)
    return low / exposure, high / exposure


def of_share(count: int, of: int) -> tuple[float, float]:
    """Return the exact limits of a share, from 0 to 1.

    Args:
        count: those that have it, 0 or more.
        of: all, above 0 and no fewer.
    """
    low, high = 0.0, 1.0
    if count:
        low = _where(lambda p: float(betainc(count, of - count + 1, 0, p, regularized=True)), _TAIL, 1.0)
    if count < of:
        high = _where(lambda p: float(betainc(count + 1, of - count, 0, p, regularized=True)), 1 - _TAIL, 1.0)
    return low, high


def _where(rising: Callable[[float], float], value: float, far: float) -> float:
    """Return where a function that rises from 0 on has a value, by halving up to `far`."""
    low, high = 0.0, far
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if rising(middle) < value:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def count_at(mean: float, share: float) -> float:
    """Return the count below which that share of Poisson counts of a mean lies, with fractions between whole counts.

    Args:
        mean: what is expected, 0 or more.
        share: above 0 and below 1.
    """
    if mean <= 0:
        return 0.0
    far = mean + 10 * mean**0.5 + 10

    def below(count: float) -> float:
        """The part of counts up to `count`; between whole counts by the gamma function."""
        return 1 - float(gammainc(count + 1, 0, mean, regularized=True))

    if below(0) >= share:
        return 0.0
    return _where(below, share, far)
