"""Spearman's rank correlation of a batch."""

import torch
from jaxtyping import Bool, Float, Float64, Int64
from torch import Tensor

from attnaudit.metrics.rank.rows import RankedRows, RankStatistic, rank_statistic
from attnaudit.metrics.rank.ties import tie_sizes


def spearman_rho(
    x: Float[Tensor, "batch tokens"],
    y: Float[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    *,
    names: tuple[str, str] = ("attention", "importance"),
) -> RankStatistic:
    """Correlation of the ranks of each row's real tokens; ties share the mean of their ranks.

    Arguments, ties, undefined rows and errors are those of `kendall_tau`.

    Returns:
        Correlations in [-1, 1], equal to those of `scipy.stats.spearmanr`.

    Source:
        Spearman (1904).

    Example:
        >>> order = torch.tensor([[0.1, 0.2, 0.7]])
        >>> spearman_rho(order, -order, torch.ones(1, 3, dtype=torch.bool)).statistic.tolist()
        [-1.0]
    """
    return rank_statistic(_rho, x, y, mask, names=names)


def _rho(part: RankedRows) -> Float64[Tensor, " rows"]:
    first, second = (_centred(ranks, part) for ranks in (part.first, part.second))
    # Sums of squares of halves and wholes: no rounding before the root.
    norm = torch.sqrt((first**2).sum(dim=1) * (second**2).sum(dim=1))
    return ((first * second).sum(dim=1) / norm).clamp(-1, 1)


def _centred(
    ranks: Int64[Tensor, "rows tokens"], part: RankedRows
) -> Float64[Tensor, "rows tokens"]:
    """Mean rank of each token's tie, less the mean of all ranks; 0 at padding."""
    sizes = tie_sizes(ranks)
    below = sizes.cumsum(dim=1) - sizes
    twice_mean_rank = (2 * below + sizes - 1).gather(1, ranks)
    centred = (twice_mean_rank - (part.lengths[:, None] - 1)).double() / 2
    return centred.masked_fill(~part.real(), 0)
