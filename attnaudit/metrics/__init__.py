"""Pure functions of tensors: the simplex, divergences and rank correlation."""

from attnaudit.metrics._check import check_distribution, check_finite
from attnaudit.metrics.divergence import (
    LARGEST_DIVERGENCE,
    entropy,
    jensen_shannon_divergence,
    total_variation_distance,
)
from attnaudit.metrics.rank import ONE_TOKEN, KendallTau, kendall_tau, tie_width
from attnaudit.metrics.simplex import check_attention, masked_softmax, uniform_attention

__all__ = [
    "LARGEST_DIVERGENCE",
    "ONE_TOKEN",
    "KendallTau",
    "check_attention",
    "check_distribution",
    "check_finite",
    "entropy",
    "jensen_shannon_divergence",
    "kendall_tau",
    "masked_softmax",
    "tie_width",
    "total_variation_distance",
    "uniform_attention",
]
