"""What Student's t interval would have said of the same samples, for comparison only."""

import numpy as np
from scipy import stats

from attnaudit.calibration.draws import Draws
from attnaudit.calibration.outcomes import Outcomes, sided
from attnaudit.claims import Claim
from attnaudit.verdicts.evidence import Evidence
from attnaudit.verdicts.statistic import reduce_to_mean


def student(claim: Claim, evidence: Evidence, draws: Draws, *, level: float) -> Outcomes:
    """Judge by Student's t interval.

    Args:
        claim: What is claimed.
        evidence: The population; none of it open.
        draws: The samples, of two documents or more.
        level: Error probability of each end of the interval.
    """
    reduced = reduce_to_mean(claim, evidence)
    # Near the mean, so that squares do not cancel.
    values = reduced.lower - reduced.threshold
    means = draws.counts @ values / draws.n
    squares = draws.counts @ values**2 / draws.n
    variances = np.maximum(squares - means**2, 0) * draws.n / (draws.n - 1)
    reach = stats.t.ppf(1 - level, draws.n - 1) * np.sqrt(variances / draws.n)
    return sided(claim, above=means - reach > 0, below=means + reach < 0)
