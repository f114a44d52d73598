"""What the BCa bootstrap interval would have said of the same samples, for comparison only."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from attnaudit.calibration.draws import Draws
from attnaudit.calibration.outcomes import Outcomes, sided
from attnaudit.calibration.population import Population
from attnaudit.calibration.questions import at_the_truth
from attnaudit.calibration.rates import Rate
from attnaudit.claims import Claim
from attnaudit.verdicts.evidence import Evidence
from attnaudit.verdicts.statistic import reduce_to_mean

CLAIMS = ("permutation", "adversary-share")
"""A mean that is skewed to one side and one that is skewed to the other: each sample takes
milliseconds."""
SAMPLES = 400
"""Samples of each size, for the same reason."""
_LARGEST = 200
_RESAMPLES = 999


@dataclass(frozen=True, kw_only=True, slots=True)
class BootstrapCell:
    """A claim at the truth, decided by the BCa interval of samples of one size.

    Attributes:
        construction: Name of the construction.
        claim: Id of the claim.
        n: Documents of a sample.
        false_support: Supported with the threshold at the truth.
        false_refute: Refuted with the threshold at the truth.
    """

    construction: str
    claim: str
    n: int
    false_support: Rate
    false_refute: Rate


def measure_bootstrap(
    population: Population, draws: Sequence[Draws], *, level: float, generator: np.random.Generator
) -> list[BootstrapCell]:
    """One cell for each of the `CLAIMS` that varies, and size up to 200.

    Args:
        population: What the samples are from.
        draws: Samples of each size, of which the first are taken.
        level: Error probability of each end of the interval.
        generator: Draws the resamples.
    """
    cells = []
    for claim, evidence in at_the_truth(population):
        if claim.id not in CLAIMS:
            continue
        for some in draws:
            if some.n > _LARGEST:
                continue
            index = some.index[:SAMPLES]
            outcomes = bias_corrected(claim, evidence, index, level=level, generator=generator)
            cells.append(
                BootstrapCell(
                    construction=population.construction,
                    claim=claim.id,
                    n=some.n,
                    false_support=Rate.of(outcomes.supported),
                    false_refute=Rate.of(outcomes.refuted),
                )
            )
    return cells


def bias_corrected(
    claim: Claim,
    evidence: Evidence,
    index: NDArray[np.intp],
    *,
    level: float,
    generator: np.random.Generator,
) -> Outcomes:
    """Judge by the BCa interval (Efron 1987) with 999 resamples.

    Args:
        claim: What is claimed.
        evidence: The population; none of it open.
        index: [samples n] the documents of each sample.
        level: Error probability of each end of the interval.
        generator: Draws the resamples.
    """
    reduced = reduce_to_mean(claim, evidence)
    ends = [_interval(reduced.lower[sample], level, generator) for sample in index]
    lows, highs = np.array(ends).T
    return sided(claim, above=lows > reduced.threshold, below=highs < reduced.threshold)


def _interval(
    values: NDArray[np.float64], level: float, generator: np.random.Generator
) -> tuple[float, float]:
    if np.ptp(values) == 0:
        return float(values[0]), float(values[0])
    with warnings.catch_warnings():
        # A sample that it cannot correct gets an interval of NaN, which decides nothing.
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        found = stats.bootstrap(
            (values,),
            np.mean,
            n_resamples=_RESAMPLES,
            confidence_level=1 - 2 * level,
            method="BCa",
            random_state=generator,
        ).confidence_interval
    return float(found.low), float(found.high)
