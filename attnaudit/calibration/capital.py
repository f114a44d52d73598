"""The capital of the deciding bets on many samples at once."""

import math

import numpy as np
from numpy.typing import NDArray

from attnaudit.statistics.betting import BETS
from attnaudit.statistics.needed import log_gains

# So many samples at a time keep the running capital of all bettors in memory.
_SAMPLES_AT_ONCE = 100


def log_capitals(
    counts: NDArray[np.float64], values: NDArray[np.float64], mean: float
) -> NDArray[np.float64]:
    """What `log_capital_above` says of each sample.

    Args:
        counts: [samples documents] how often each document is in a sample.
        values: [documents] each in [0, 1].
        mean: The mean bet against, strictly between 0 and 1.

    Returns:
        [samples] natural logarithms.
    """
    return _mixed(counts @ log_gains(values, mean))


def highest_log_capitals(
    index: NDArray[np.intp], values: NDArray[np.float64], mean: float, *, begin: int
) -> NDArray[np.float64]:
    """The highest log capital that each sample ever has from its document number `begin` on.

    Args:
        index: [samples n] positions in `values`, in the order in which documents come.
        values: [documents] each in [0, 1].
        mean: The mean bet against, strictly between 0 and 1.
        begin: Documents before the capital is looked at for the first time, at least 1.

    Returns:
        [samples] natural logarithms.
    """
    gains = log_gains(values, mean)
    highest = [
        _mixed(gains[index[start : start + _SAMPLES_AT_ONCE]].cumsum(axis=1)[:, begin - 1 :])
        for start in range(0, len(index), _SAMPLES_AT_ONCE)
    ]
    return np.concatenate([part.max(axis=1) for part in highest])


def _mixed(log_wealth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log capital of all bettors together, who began with equal parts of 1."""
    largest = log_wealth.max(axis=-1, keepdims=True)
    total = np.log(np.exp(log_wealth - largest).sum(axis=-1)) + largest[..., 0]
    mixed: NDArray[np.float64] = total - math.log(len(BETS))
    return mixed
