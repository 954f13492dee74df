"""Exact 95% intervals of counts and shares, through the tails of the gamma and beta distributions.

Garwood 1936 for a count over an exposure (Poisson); Clopper and Pearson 1934 for a share (binomial).
"""

from collections.abc import Callable
from math import exp, lgamma, log, log1p

from mpmath import gammainc

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
        low = _where(lambda p: _beta_below(count, of - count + 1, p), _TAIL, 1.0)
    if count < of:
        high = _where(lambda p: _beta_below(count + 1, of - count, p), 1 - _TAIL, 1.0)
    return low, high


def _beta_below(a: float, b: float, x: float) -> float:
    """Return the part of a beta distribution below `x`: the regularized incomplete beta function.

    By its continued fraction (DLMF 8.17.22), on the side on which it converges, by Lentz's method. A library works it
    out to many digits, which for thousands takes minutes.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


_TINY = 1e-300


def _fraction(a: float, b: float, x: float) -> float:
    d = 1 / _not_zero(1 - (a + b) * x / (a + 1))
    c, value = 1.0, d
    for m in range(1, int(200 + 20 * max(a, b) ** 0.5)):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _not_zero(1 + term * d)
            c = _not_zero(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


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
