"""The verdicts of `judge` on thousands of samples at once.

`judge` takes milliseconds, and a table of error rates asks for millions of verdicts. What decides
is the same: the capital of the bets at the threshold for a mean, the bounds themselves for the few
different samples of an indicator. `confirmation` has `judge` itself repeat a part of them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attnaudit.calibration.capital import log_capitals
from attnaudit.calibration.draws import Draws
from attnaudit.claims import Claim
from attnaudit.verdicts.evidence import Evidence
from attnaudit.verdicts.statistic import Levels, decision_interval, reduce_to_mean


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of a claim in each sample: one of the two, or neither.

    Attributes:
        supported: [samples]
        refuted: [samples]
        margin: [samples] how far each is from the edge of being decided otherwise, in logarithms of
            capital or in documents, at least 0; None if that is not known.
    """

    supported: NDArray[np.bool_]
    refuted: NDArray[np.bool_]
    margin: NDArray[np.float64] | None = None

    @property
    def inconclusive(self) -> NDArray[np.bool_]:
        """[samples] neither of the two."""
        return ~(self.supported | self.refuted)


def decide(claim: Claim, evidence: Evidence, draws: Draws, *, level: float) -> Outcomes:
    """Judge a claim without groups on every sample.

    Args:
        claim: What is claimed.
        evidence: The population that the samples are from.
        draws: The samples.
        level: Error probability for each direction.
    """
    reduced = reduce_to_mean(claim, evidence)
    if claim.statistic == "mean":
        target = -math.log(level)
        above = log_capitals(draws.counts, reduced.lower, reduced.threshold) - target
        below = log_capitals(draws.counts, 1 - reduced.upper, 1 - reduced.threshold) - target
    else:
        least, most = _decisive_counts(claim, n=draws.n, level=level)
        above = draws.counts @ reduced.lower - least
        below = most - draws.counts @ reduced.upper
    outcomes = sided(claim, above=above >= 0, below=below >= 0)
    return replace(outcomes, margin=np.minimum(np.abs(above), np.abs(below)))


def sided(claim: Claim, *, above: NDArray[np.bool_], below: NDArray[np.bool_]) -> Outcomes:
    """Outcomes of a claim whose statistic is proved to lie above, or below, its threshold."""
    if claim.direction == "at_least":
        return Outcomes(above, below)
    return Outcomes(below, above)


def _decisive_counts(claim: Claim, *, n: int, level: float) -> tuple[int, int]:
    """Least number of documents on the upper side that proves one, and most that proves the other.

    n + 1 and -1 where no number of documents does.
    """
    at_least = claim.direction == "at_least"
    levels = Levels(low=level, high=level)

    def interval(count: int) -> tuple[float, float]:
        return decision_interval(claim, _of_indicators(claim, count, n), levels)

    def above(count: int) -> bool:
        low = interval(count)[0]
        return low >= claim.threshold if at_least else low > claim.threshold

    def not_below(count: int) -> bool:
        high = interval(count)[1]
        return high >= claim.threshold if at_least else high > claim.threshold

    return _first(above, n), _first(not_below, n) - 1


def _of_indicators(claim: Claim, count: int, n: int) -> Evidence:
    """Documents of which `count` are on the upper side of the claim, the others on the lower."""
    low, high = claim.range
    values = np.full(n, low)
    values[:count] = high
    return Evidence(value=values, lower=values, upper=values, causes=(None,) * n)


def _first(holds: Callable[[int], bool], n: int) -> int:
    """The least count for which it holds, n + 1 if there is none; more never unmakes it."""
    fails, done = -1, n + 1
    while done - fails > 1:
        middle = (fails + done) // 2
        if holds(middle):
            done = middle
        else:
            fails = middle
    return done
