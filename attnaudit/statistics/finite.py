r"""Bounds on the mean of finitely many values, of which some have been drawn without replacement.

What has been drawn says what is left: if $N$ values have the mean $c$, those after the first $i$
have the mean $c_i = (N c - \sum_{s<i} x_s) / (N - i + 1)$. The bettor of `betting` bets against
that, so the bounds close as documents are drawn, and are the mean itself when none is left. A mean
that leaves less than nothing for the rest is impossible, and its bettor infinitely rich.

The mean may be about some of the values only, whose number is unknown until all are drawn. Another
value then counts as $c$ itself: the mean of all $N$ is at most $c$ exactly if that of the members
is.

Bets depend on the order of drawing. It must have been fixed before any value was known. The largest
capital at any time counts, so the bounds hold wherever drawing stops.

Source:
    Waudby-Smith & Ramdas (2023), section 5, with the bets of `betting`.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from attnaudit.errors import InvalidArgumentError
from attnaudit.statistics.betting import BETS
from attnaudit.statistics.checks import check_level, check_unit_values

_STEPS = 50
# Sums of the values are known to about this.
_ROUNDING = 1e-9


def finite_lower_bound(values: NDArray[np.float64], *, population: int, level: float) -> float:
    """The largest c found at which "the members' mean is at most c" is rejected.

    Args:
        values: [drawn], in the order of drawing, each in [0, 1], or NaN for one that the mean is
            not about.
        population: How many there are, drawn or not.
        level: Probability, at most, that the bound lies above the mean.

    Returns:
        A number in [0, 1]: the mean itself if all are drawn, 0 if nothing is rejected.

    Raises:
        InvalidArgumentError: If a value or the level is out of range, or more were drawn than there
            are.
    """
    members = _members(values, population)
    check_level(level)
    if len(values) == population:
        return math.fsum(members) / members.size if members.size else 0.0
    target = -math.log(level)
    rejected, kept = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (rejected + kept) / 2
        if finite_log_capital_above(values, middle, population=population) >= target:
            rejected = middle
        else:
            kept = middle
    return rejected


def finite_upper_bound(values: NDArray[np.float64], *, population: int, level: float) -> float:
    """The mirror image of `finite_lower_bound`.

    Args:
        values: [drawn], in the order of drawing, each in [0, 1], or NaN for one that the mean is
            not about.
        population: How many there are, drawn or not.
        level: Probability, at most, that the bound lies below the mean.

    Returns:
        A number in [0, 1]: the mean itself if all are drawn, 1 if nothing is rejected.

    Raises:
        InvalidArgumentError: If a value or the level is out of range, or more were drawn than there
            are.
    """
    members = _members(values, population)
    if members.size and len(values) == population:
        check_level(level)
        return math.fsum(members) / members.size  # Not by the mirror, which rounds.
    return 1 - finite_lower_bound(1 - values, population=population, level=level)


def finite_median_lower_bound(
    values: NDArray[np.float64], *, population: int, level: float, least: float
) -> float:
    r"""The largest of the values c that "$P(X \ge c) \le 1/2$" is rejected for.

    Args:
        values: [drawn], in the order of drawing, finite, or NaN for one that the median is not
            about.
        population: How many there are, drawn or not; more than were drawn.
        level: Probability, at most, that the bound lies above the median.
        least: What is returned if nothing is rejected.

    Returns:
        One of the values, or `least`.

    Raises:
        InvalidArgumentError: If the level is out of range, or more were drawn than there are.
    """
    check_level(level)
    target = -math.log(level)

    def rejected(candidate: float) -> bool:
        reaches = np.where(np.isnan(values), np.nan, values >= candidate)
        return finite_log_capital_above(reaches, 0.5, population=population) >= target

    found = _last(np.unique(values[~np.isnan(values)]), rejected)
    return least if found is None else found


def finite_median_upper_bound(
    values: NDArray[np.float64], *, population: int, level: float, greatest: float
) -> float:
    """The mirror image of `finite_median_lower_bound`.

    Args:
        values: [drawn], in the order of drawing, finite, or NaN for one that the median is not
            about.
        population: How many there are, drawn or not; more than were drawn.
        level: Probability, at most, that the bound lies below the median.
        greatest: What is returned if nothing is rejected.

    Returns:
        One of the values, or `greatest`.

    Raises:
        InvalidArgumentError: If the level is out of range, or more were drawn than there are.
    """
    return -finite_median_lower_bound(-values, population=population, level=level, least=-greatest)


def finite_log_capital_above(values: NDArray[np.float64], mean: float, *, population: int) -> float:
    """Logarithm of the largest capital that bets against "the members' mean is at most c" ever had.

    Args:
        values: [drawn], in the order of drawing, each in [0, 1], or NaN for one that the mean is
            not about.
        mean: c, strictly between 0 and 1.
        population: How many values there are, drawn or not.

    Returns:
        At least 0, the capital before the first bet; infinite if c is impossible.

    Raises:
        InvalidArgumentError: If a value is out of range or more were drawn than there are.
    """
    _members(values, population)
    filled = np.where(np.isnan(values), mean, values)
    left = population - np.arange(len(filled))
    owed = population * mean - np.concatenate([[0.0], np.cumsum(filled)])
    if (owed < -_ROUNDING).any():
        return math.inf
    expected = owed[:-1] / left
    # Where the rest must be nothing and is nothing, the bet is even.
    ratio = np.divide(filled, expected, out=np.ones_like(filled), where=expected > _ROUNDING)
    log_wealth = np.cumsum(np.log1p(BETS[:, None] * (ratio - 1)), axis=1)
    log_capital = np.logaddexp.reduce(log_wealth, axis=0) - math.log(len(BETS))
    return float(log_capital.max(initial=0.0))


def _members(values: NDArray[np.float64], population: int) -> NDArray[np.float64]:
    if len(values) > population:
        raise InvalidArgumentError(
            f"{len(values)} values were drawn from {population}; without replacement there are "
            "never more than there were"
        )
    members = values[~np.isnan(values)]
    check_unit_values(members)
    return members


def _last(candidates: NDArray[np.float64], rejected: Callable[[float], bool]) -> float | None:
    """The last of ascending candidates that is rejected, if each before a rejected one is too."""
    few, many = 0, len(candidates) + 1
    while many - few > 1:
        middle = (few + many) // 2
        if rejected(float(candidates[middle - 1])):
            few = middle
        else:
            many = middle
    return float(candidates[few - 1]) if few else None
