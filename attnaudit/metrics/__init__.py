"""Pure functions of tensors: the simplex, divergences, permutations and rank correlation."""

from attnaudit.metrics._check import check_distribution, check_finite
from attnaudit.metrics.divergence import (
    LARGEST_DIVERGENCE,
    entropy,
    jensen_shannon_divergence,
    total_variation_distance,
)
from attnaudit.metrics.permuted_logit import PermutedLogit, permuted_logit
from attnaudit.metrics.rank import (
    ONE_TOKEN,
    KendallTau,
    RankStatistic,
    kendall_tau,
    spearman_rho,
    top_k_kendall_distance,
    top_k_overlap,
    weighted_tau,
)
from attnaudit.metrics.simplex import check_attention, masked_softmax, uniform_attention

__all__ = [
    "LARGEST_DIVERGENCE",
    "ONE_TOKEN",
    "KendallTau",
    "PermutedLogit",
    "RankStatistic",
    "check_attention",
    "check_distribution",
    "check_finite",
    "entropy",
    "jensen_shannon_divergence",
    "kendall_tau",
    "masked_softmax",
    "permuted_logit",
    "spearman_rho",
    "top_k_kendall_distance",
    "top_k_overlap",
    "total_variation_distance",
    "uniform_attention",
    "weighted_tau",
]
