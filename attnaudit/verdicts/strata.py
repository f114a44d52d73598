"""The statistic of a claim by how confident the model is: shown beside a verdict, never deciding.

A saturated output cannot move, whatever attention does, so a distance between outputs says as much
about confidence as about attention. By stratum one sees which of the two a number comes from.
"""

import numpy as np
from numpy.typing import NDArray

from attnaudit.claims import Claim
from attnaudit.records import Stratum
from attnaudit.verdicts.confidence import CONFIDENCE_GROUPS, confidence_group
from attnaudit.verdicts.evidence import Evidence
from attnaudit.verdicts.statistic import estimate


def describe_strata(
    claim: Claim, evidence: Evidence, confidence: NDArray[np.float64]
) -> tuple[Stratum, ...]:
    """The claim's own statistic in each stratum of confidence.

    Args:
        claim: Says which statistic.
        evidence: The documents that the claim is about.
        confidence: [documents] probability of the predicted class, in the same order, in [0, 1].

    Returns:
        Every stratum, least confident first, also where no document is in it.

    Raises:
        InvalidArgumentError: If a confidence is not a probability.
    """
    names = np.array([confidence_group(one) for one in confidence.tolist()], dtype=np.str_)
    parts = {name: evidence.select(np.flatnonzero(names == name)) for name in CONFIDENCE_GROUPS}
    return tuple(
        Stratum(
            name=name,
            n=part.value.size,
            undefined=part.value.size - part.defined.size,
            estimate=estimate(claim, part),
        )
        for name, part in parts.items()
    )
