"""How many documents any rule needs that is right about every distribution."""

import math

from attnaudit.claims import Claim
from attnaudit.verdicts.evidence import Evidence
from attnaudit.verdicts.statistic import reduce_to_mean


def least_documents(claim: Claim, evidence: Evidence, *, level: float, power: float) -> float:
    r"""Documents without which nobody can decide a claim about a population.

    Let the mean $\mu$ lie beyond the threshold c. If a share $r$ of the documents lay at the other
    end of the range instead, such that the mean were c, a sample of n would show none of them with
    probability $(1 - r)^n$ and look like any other. So a rule that errs with probability $a$, at
    most, decides with probability $a / (1 - r)^n$, at most.

    Args:
        claim: At the threshold that is asked about.
        evidence: The population; none of it open.
        level: The probability $a$ of an error.
        power: The probability with which the claim is to be decided.

    Returns:
        The least n; infinite where the mean is at the threshold.
    """
    reduced = reduce_to_mean(claim, evidence)
    mean, threshold = float(reduced.lower.mean()), reduced.threshold
    room = mean if mean > threshold else 1 - mean
    share = abs(mean - threshold) / room if room else 0.0
    return math.log(level / power) / math.log1p(-share) if share else math.inf
