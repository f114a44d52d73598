"""How far a statistic moved between two measurements of the same documents."""

import math

import numpy as np
from numpy.typing import NDArray

from attnaudit.claims import Claim
from attnaudit.statistics import lower_bound
from attnaudit.verdicts.evidence import Evidence
from attnaudit.verdicts.statistic import Levels, decision_interval, reduce_to_mean


def difference_interval(
    claim: Claim, old: Evidence, new: Evidence, *, level: float
) -> tuple[float, float]:
    r"""Bounds on the statistic of the new documents' values minus that of the old ones.

    Means and fractions are means of one value $x_i$ in [0, 1] per document, so their difference is
    the mean of $x'_i - x_i$ in [-1, 1], which bets bound on $(1 + x'_i - x_i)/2$. What is known
    between bounds only, or undefined, is put at whichever end is worse for the end of the interval
    that is sought. Where documents come in clusters, $x_i$ is the mean over a cluster. Medians have
    no such difference: each is bounded with half of the level, and the ends are subtracted.

    Args:
        claim: Says which statistic.
        old: [documents] values before.
        new: [documents] values of the same documents in the same order and the same clusters.
        level: Error probability granted to each end.

    Returns:
        Lower and upper end, in units of the statistic. Exchanging old and new exchanges and
        negates them, to the last bit.

    Raises:
        InvalidArgumentError: If the level is out of range.

    Source:
        Waudby-Smith & Ramdas (2023), applied to paired differences.
    """
    if claim.statistic == "median":
        half = Levels(low=level / 2, high=level / 2)
        old_low, old_high = decision_interval(claim, old, half)
        new_low, new_high = decision_interval(claim, new, half)
        return new_low - old_high, new_high - old_low
    before, after = reduce_to_mean(claim, old), reduce_to_mean(claim, new)
    least, most = claim.statistic_range
    width = most - least
    return (
        width * _lower_end(after.lower - before.upper, level=level),
        -width * _lower_end(before.lower - after.upper, level=level),
    )


def known_difference(claim: Claim, old: Evidence, new: Evidence) -> tuple[float, float]:
    """The least and the largest that `difference_interval` may bound, of these documents alone.

    Args:
        claim: Says which statistic.
        old: [documents] values before; at least one.
        new: [documents] values of the same documents in the same order.

    Returns:
        Lower and upper end, in units of the statistic: the same number twice if every value is
        known.
    """
    if claim.statistic == "median":
        ends = (new.lower, old.upper), (new.upper, old.lower)
        low, high = (float(np.median(after) - np.median(before)) for after, before in ends)
        return low, high
    before, after = reduce_to_mean(claim, old), reduce_to_mean(claim, new)
    least, most = claim.statistic_range
    width = most - least
    return (
        width * math.fsum(after.lower - before.upper) / before.lower.size,
        width * math.fsum(after.upper - before.lower) / before.lower.size,
    )


def _lower_end(differences: NDArray[np.float64], *, level: float) -> float:
    return 2 * lower_bound((1 + differences) / 2, level=level) - 1
