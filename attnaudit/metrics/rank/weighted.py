"""Kendall's tau with more weight on pairs that hold a high rank."""

import torch
from jaxtyping import Bool, Float, Float64
from scipy.stats import weightedtau
from torch import Tensor

from attnaudit.metrics.rank.rows import RankedRows, RankStatistic, rank_statistic


def weighted_tau(
    x: Float[Tensor, "batch tokens"],
    y: Float[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    *,
    names: tuple[str, str] = ("attention", "importance"),
) -> RankStatistic:
    """Kendall's tau-b in which a pair of tokens weighs 1/(r + 1) + 1/(s + 1) by its ranks r and s.

    Ranks count from 0 at the largest value: those of the one side, then those of the other; the
    result is the mean of both. So the order of the tokens that carry most of the attention
    decides, and that of a long tail of negligible ones hardly counts.

    Arguments, ties, undefined rows and errors are those of `kendall_tau`.

    Returns:
        Correlations in [-1, 1], by `scipy.stats.weightedtau` with its defaults, row by row on the
        CPU.

    Source:
        Vigna (2015), additive hyperbolic weights.

    Example:
        >>> order = torch.tensor([[0.1, 0.2, 0.7]])
        >>> weighted_tau(order, -order, torch.ones(1, 3, dtype=torch.bool)).statistic.tolist()
        [-1.0]
    """
    return rank_statistic(_weighted, x, y, mask, names=names)


def _weighted(part: RankedRows) -> Float64[Tensor, " rows"]:
    sides = (side.cpu().numpy() for side in (part.first, part.second))
    rows = zip(*sides, part.lengths.tolist(), strict=True)
    found = [weightedtau(first[:n], second[:n]).statistic for first, second, n in rows]
    numbers = torch.tensor(found, dtype=torch.float64, device=part.rows.device)
    # Only rounding can leave the interval.
    return numbers.clamp(-1, 1)
