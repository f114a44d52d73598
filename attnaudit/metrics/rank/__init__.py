"""Whether two sets of weights put the tokens of a document in the same order."""

from attnaudit.metrics.rank.fagin import top_k_kendall_distance
from attnaudit.metrics.rank.kendall import KendallTau, kendall_tau
from attnaudit.metrics.rank.overlap import top_k_overlap
from attnaudit.metrics.rank.rows import ONE_TOKEN, RankStatistic
from attnaudit.metrics.rank.spearman import spearman_rho
from attnaudit.metrics.rank.ties import is_constant
from attnaudit.metrics.rank.weighted import weighted_tau

__all__ = [
    "ONE_TOKEN",
    "KendallTau",
    "RankStatistic",
    "is_constant",
    "kendall_tau",
    "spearman_rho",
    "top_k_kendall_distance",
    "top_k_overlap",
    "weighted_tau",
]
