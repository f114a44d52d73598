r"""Bounds on the mean of bounded values, from the capital of a bettor.

Whoever bets against "the mean is at most $c$" multiplies their capital by $1 + \gamma(x_i/c - 1)$
at each value. If the statement is true the capital is a non-negative supermartingale that starts
at 1, so it reaches $1/a$ with probability at most $a$, whatever the distribution on [0, 1]. Forty
bettors with fixed $\gamma$ share the starting capital equally, so that one of them fits any
effect size.

Source:
    Waudby-Smith & Ramdas (2023), Estimating means of bounded random variables by betting, with a
    mixture of constant bets; Ville (1939) for the inequality.
"""

import math
import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attnaudit.errors import InvalidArgumentError
from attnaudit.statistics.checks import check_level, check_unit_values

# Squared, because small effects need small bets; short of 1, so that one zero does not ruin.
BETS: NDArray[np.float64] = 0.999 * ((np.arange(1, 41) - 0.5) / 40) ** 2
"""The fixed bets: the share of the capital that each bettor puts at risk."""

# Forty bettors times this many values stay in a core's cache: five times faster than all at once.
_BLOCK = 512
# Capital aimed at beyond what is asked for, so that rounding cannot lose what was gained.
_ROUNDING = 1e-10


def log_capital_above(values: NDArray[np.float64], mean: float) -> float:
    r"""$\ln \frac{1}{40} \sum_k \prod_i (1 + \gamma_k (x_i / c - 1))$ at $c$ = `mean`.

    Large capital speaks against "the mean is at most c". The order of values is of no effect, not
    even on the last bit.

    Args:
        values: [documents], each in [0, 1].
        mean: The mean bet against, strictly between 0 and 1.

    Returns:
        Natural logarithm of the final capital; 0 without documents.

    Raises:
        InvalidArgumentError: If a value or the mean is out of range.
    """
    check_unit_values(values)
    _check_mean(mean)
    return _bet(_Counted.of(values), mean).log_capital


def log_capital_below(values: NDArray[np.float64], mean: float) -> float:
    """The mirror image: large capital speaks against "the mean is at least c".

    Args:
        values: [documents], each in [0, 1].
        mean: The mean bet against, strictly between 0 and 1.

    Returns:
        Natural logarithm of the final capital; 0 without documents.

    Raises:
        InvalidArgumentError: If a value or the mean is out of range.
    """
    check_unit_values(values)
    _check_mean(mean)
    return _bet(_Counted.of(1 - values), 1 - mean).log_capital


def lower_bound(values: NDArray[np.float64], *, level: float) -> float:
    """The largest c found at which "the mean is at most c" is rejected.

    Args:
        values: [documents], each in [0, 1], exchangeable draws.
        level: Probability, at most, that the bound lies above the mean.

    Returns:
        A number in [0, 1): 0 if nothing is rejected, as without documents.

    Raises:
        InvalidArgumentError: If a value or the level is out of range.
    """
    check_unit_values(values)
    check_level(level)
    counted = _Counted.of(values)
    target = -math.log(level)
    # The log capital is convex and decreasing in ln c, and not positive at the sample's mean: a
    # Newton step from any side lands where c is rejected, and later steps climb from there.
    mean, bound = counted.mean, 0.0
    while mean > max(bound, sys.float_info.min):
        state = _bet(counted, mean)
        if state.log_capital >= target:
            bound = mean
        mean *= math.exp((state.log_capital - target - _ROUNDING) / state.steepness)
    return bound


def upper_bound(values: NDArray[np.float64], *, level: float) -> float:
    """The least c found at which "the mean is at least c" is rejected.

    Args:
        values: [documents], each in [0, 1], exchangeable draws.
        level: Probability, at most, that the bound lies below the mean.

    Returns:
        A number in (0, 1]: 1 if nothing is rejected, as without documents.

    Raises:
        InvalidArgumentError: If a value or the level is out of range.
    """
    check_unit_values(values)
    mirrored = lower_bound(1 - values, level=level)
    bound = 1 - mirrored
    # The subtraction may round towards the values; the bound may not.
    return bound if 1 - bound <= mirrored else math.nextafter(bound, 2)


def _check_mean(mean: float) -> None:
    if not sys.float_info.min <= mean < 1:
        raise InvalidArgumentError(f"mean must lie strictly between 0 and 1; it is {mean}")


@dataclass(frozen=True, slots=True)
class _Counted:
    """Distinct values in ascending order, and how often each occurs."""

    values: NDArray[np.float64]
    counts: NDArray[np.float64]

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> "_Counted":
        distinct, counts = np.unique(values, return_counts=True)
        return cls(distinct, counts.astype(np.float64))

    @property
    def mean(self) -> float:
        total = float(self.counts.sum())
        return float((self.values * self.counts).sum()) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class _State:
    """Log capital at one c, and its rate of loss per unit of ln c."""

    log_capital: float
    steepness: float


def _bet(counted: _Counted, mean: float) -> _State:
    log_wealth = np.zeros_like(BETS)
    kept = np.zeros_like(BETS)
    idle = (1 - BETS)[:, None]
    stake = (BETS / mean)[:, None]
    for start in range(0, len(counted.values), _BLOCK):
        block = slice(start, start + _BLOCK)
        counts = counted.counts[block]
        factors = idle + stake * counted.values[block]
        log_wealth += (np.log(factors) * counts).sum(axis=1)
        kept += (idle / factors * counts).sum(axis=1)
    log_total = float(np.logaddexp.reduce(log_wealth))
    share = np.exp(log_wealth - log_total)
    return _State(
        log_capital=log_total - math.log(len(BETS)),
        steepness=float((share * (counted.counts.sum() - kept)).sum()),
    )
