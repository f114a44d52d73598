"""Bounds on a median, from bets on how many values lie beyond it."""

import math

import numpy as np
from numpy.typing import NDArray

from attnaudit.errors import InvalidArgumentError
from attnaudit.statistics.betting import log_capital_above
from attnaudit.statistics.checks import check_level


def median_lower_bound(values: NDArray[np.float64], *, level: float, least: float) -> float:
    r"""The largest value c that "$P(X \ge c) \le 1/2$" is rejected for.

    The median is at least c exactly if half of the population lies at c or above, so the mean of
    an indicator decides. Only the number of values from c upwards counts: the bound is an order
    statistic.

    Args:
        values: [documents], finite, exchangeable draws.
        level: Probability, at most, that the bound lies above the median.
        least: What is returned if there are too few documents to reject anything.

    Returns:
        One of the values, or `least`.

    Raises:
        InvalidArgumentError: If a value is not finite or the level is out of range.
    """
    if not np.isfinite(values).all():
        raise InvalidArgumentError(
            f"values must be finite; entry {np.flatnonzero(~np.isfinite(values))[0]} is not. "
            "Put an end of the range in the place of an undefined value first."
        )
    majority = _decisive_majority(len(values), level=level)
    return least if majority is None else float(np.sort(values)[len(values) - majority])


def median_upper_bound(values: NDArray[np.float64], *, level: float, greatest: float) -> float:
    """The mirror image of `median_lower_bound`.

    Args:
        values: [documents], finite, exchangeable draws.
        level: Probability, at most, that the bound lies below the median.
        greatest: What is returned if there are too few documents to reject anything.

    Returns:
        One of the values, or `greatest`.

    Raises:
        InvalidArgumentError: If a value is not finite or the level is out of range.
    """
    return -median_lower_bound(-values, level=level, least=-greatest)


def _decisive_majority(total: int, *, level: float) -> int | None:
    """Least number of agreeing values out of `total` that prove "more than half agree"."""
    check_level(level)
    fewest, most = 0, total + 1
    while most - fewest > 1:
        count = (fewest + most) // 2
        if _log_capital_of_majority(count, total) >= -math.log(level):
            most = count
        else:
            fewest = count
    return most if most <= total else None


def _log_capital_of_majority(count: int, total: int) -> float:
    indicators = np.zeros(total)
    indicators[:count] = 1
    return log_capital_above(indicators, 0.5)
