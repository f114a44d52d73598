"""How much of the top of one ranking is at the top of the other."""

import torch
from jaxtyping import Bool, Float, Float64, Int64
from torch import Tensor

from attnaudit.metrics.rank.largest import list_sizes, strictly_larger
from attnaudit.metrics.rank.rows import RankedRows, RankStatistic, rank_statistic
from attnaudit.metrics.rank.ties import tie_sizes

ALL_LISTED = "no token but the top k"
"""Why a document of at most k tokens has no overlap of its top k."""


def top_k_overlap(
    x: Float[Tensor, "batch tokens"],
    y: Float[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    *,
    k: int | Int64[Tensor, " batch"],
    names: tuple[str, str] = ("attention", "importance"),
) -> RankStatistic:
    r"""$\frac1k \sum_t \min(w^x_t, w^y_t)$, w the share of token t in the k largest of its side.

    A share is 1 above the k-th place and 0 below it. Tokens that tie for the last places divide
    them equally: of three tokens tied for one place each has 1/3. Without such ties this is the
    share of common tokens among the k largest of either side; two random orders of n tokens have
    k/n on average.

    `k` is one number for all rows or one per row, 1 or more. The other arguments, ties, undefined
    rows and errors are those of `kendall_tau`.

    Returns:
        Overlaps in [0, 1]. Undefined too is a row of at most k tokens, whose overlap is 1 whatever
        their order: "no token but the top k".

    Raises:
        InvalidArgumentError: Also if k is below 1, or not one number per row.

    Example:
        >>> x, y = torch.tensor([[0.6, 0.3, 0.1, 0.0]]), torch.tensor([[0.6, 0.0, 0.1, 0.3]])
        >>> top_k_overlap(x, y, torch.ones(1, 4, dtype=torch.bool), k=2).statistic.tolist()
        [0.5]
    """
    sizes = list_sizes(k, mask)

    def overlap(part: RankedRows) -> Float64[Tensor, " rows"]:
        places = sizes[part.rows][:, None]
        first, second = (_shares(ranks, part, places) for ranks in (part.first, part.second))
        return first.minimum(second).sum(dim=1) / places.squeeze(1)

    found = rank_statistic(overlap, x, y, mask, names=names)
    all_listed = mask.sum(dim=1) <= sizes
    return RankStatistic(
        statistic=found.statistic.masked_fill(all_listed, torch.nan),
        undefined=tuple(
            ALL_LISTED if cause is None and listed else cause
            for cause, listed in zip(found.undefined, all_listed.tolist(), strict=True)
        ),
    )


def _shares(
    ranks: Int64[Tensor, "rows tokens"], part: RankedRows, places: Int64[Tensor, "rows 1"]
) -> Float64[Tensor, "rows tokens"]:
    left = places - strictly_larger(ranks, part.lengths)
    shares = left.double() / tie_sizes(ranks).gather(1, ranks)
    return shares.clamp(0, 1).masked_fill(~part.real(), 0)
