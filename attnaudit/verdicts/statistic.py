"""The statistic a claim is about: its estimate, its interval, and the mean that decides it."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attnaudit.claims import Claim
from attnaudit.statistics import (
    lower_bound,
    median_lower_bound,
    median_upper_bound,
    upper_bound,
)
from attnaudit.verdicts.clusters import (
    cluster_means,
    clustered_median,
    clustered_median_lower_bound,
    clustered_median_upper_bound,
)
from attnaudit.verdicts.evidence import Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Levels:
    """Error probability granted to each end of an interval.

    Attributes:
        low: Probability, at most, that the statistic lies below the lower end.
        high: Probability, at most, that the statistic lies above the upper end.
    """

    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Reduced:
    """A claim as "the mean of one value in [0, 1] per draw is at least (most) a threshold".

    A draw is a document, or a cluster where documents come in clusters.

    Attributes:
        lower: [draws] least possible values.
        upper: [draws] largest possible values.
        threshold: Strictly between 0 and 1.
    """

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    threshold: float

    @property
    def side(self) -> int:
        """1 if the values point above the threshold, -1 if below, 0 if they leave both open."""
        if math.fsum(self.lower) > self.threshold * self.lower.size:
            return 1
        return -1 if math.fsum(self.upper) < self.threshold * self.upper.size else 0


def estimate(claim: Claim, evidence: Evidence) -> float:
    """The statistic over the documents that have a value; NaN if none has."""
    values, clusters = evidence.defined, evidence.defined_clusters
    if not values.size:
        return math.nan
    if claim.statistic == "median":
        return float(np.median(values)) if clusters is None else clustered_median(values, clusters)
    averaged = defined_draws(claim, evidence)
    # Exactly rounded, so that the order of the documents has no effect.
    return math.fsum(averaged) / averaged.size


def defined_draws(claim: Claim, evidence: Evidence) -> NDArray[np.float64]:
    """What the estimate of a mean or of a fraction averages.

    Returns:
        [draws] one value for each document, or cluster, in which there is one.
    """
    values = evidence.defined
    if claim.fraction_above is not None:
        values = (values > claim.fraction_above).astype(np.float64)
    return cluster_means(values, evidence.defined_clusters)


def decision_interval(claim: Claim, evidence: Evidence, levels: Levels) -> tuple[float, float]:
    """Bounds on the statistic: the lower one from least values, the upper one from largest.

    A median is bounded by order statistics: the lower end is the largest c of which half of the
    population is proved to lie at c or above.
    """
    low, high = claim.statistic_range
    if claim.statistic == "median" and evidence.clusters is not None:
        lower, upper, clusters = evidence.lower, evidence.upper, evidence.clusters
        return (
            clustered_median_lower_bound(lower, clusters, level=levels.low, least=low),
            clustered_median_upper_bound(upper, clusters, level=levels.high, greatest=high),
        )
    if claim.statistic == "median":
        return (
            median_lower_bound(evidence.lower, level=levels.low, least=low),
            median_upper_bound(evidence.upper, level=levels.high, greatest=high),
        )
    reduced = reduce_to_mean(claim, evidence)
    return (
        low + (high - low) * lower_bound(reduced.lower, level=levels.low),
        low + (high - low) * upper_bound(reduced.upper, level=levels.high),
    )


def reduce_to_mean(claim: Claim, evidence: Evidence) -> Reduced:
    """The mean of a bounded value that decides the claim.

    A mean is scaled. A fraction is the mean of an indicator. A median is at least c exactly if
    $P(X ≥ c) ≥ 1/2$, and at most c exactly if $P(X > c) ≤ 1/2$: indicators again. The value of a
    cluster is the mean over its documents.
    """
    by_document = _of_documents(claim, evidence)
    return Reduced(
        lower=cluster_means(by_document.lower, evidence.clusters),
        upper=cluster_means(by_document.upper, evidence.clusters),
        threshold=by_document.threshold,
    )


def _of_documents(claim: Claim, evidence: Evidence) -> Reduced:
    """The same, were each document a draw of its own."""
    lower, upper, threshold = evidence.lower, evidence.upper, claim.threshold
    if claim.statistic == "mean":
        low, high = claim.range
        width = high - low
        return Reduced(
            lower=(lower - low) / width,
            upper=(upper - low) / width,
            threshold=(threshold - low) / width,
        )
    if claim.fraction_above is not None:
        return Reduced(
            lower=(lower > claim.fraction_above).astype(np.float64),
            upper=(upper > claim.fraction_above).astype(np.float64),
            threshold=threshold,
        )
    reaches = np.greater_equal if claim.direction == "at_least" else np.greater
    return Reduced(
        lower=reaches(lower, threshold).astype(np.float64),
        upper=reaches(upper, threshold).astype(np.float64),
        threshold=0.5,
    )
