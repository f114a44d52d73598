"""The k largest tokens of a row."""

import torch
from jaxtyping import Bool, Int64
from torch import Tensor

from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics.rank.ties import tie_sizes


def list_sizes(
    k: int | Int64[Tensor, " sizes"], mask: Bool[Tensor, "batch tokens"]
) -> Int64[Tensor, " batch"]:
    """One k per row.

    Raises:
        InvalidArgumentError: If one is below 1, or there are more or fewer than rows.
    """
    sizes = k if isinstance(k, Tensor) else torch.full(mask.shape[:1], k)
    if sizes.shape != mask.shape[:1]:
        raise InvalidArgumentError(
            f"k must be one number, or one per row; mask has {len(mask)} rows, k has "
            f"{list(sizes.shape)}. Pass as many as there are rows."
        )
    if bool((sizes < 1).any()):
        raise InvalidArgumentError(
            f"k must be 1 or more; k is {int(sizes.min())}. Pass how many tokens to compare."
        )
    return sizes.to(mask.device)


def strictly_larger(
    ranks: Int64[Tensor, "rows tokens"], lengths: Int64[Tensor, " rows"]
) -> Int64[Tensor, "rows tokens"]:
    """How many real tokens of its row are larger than each token; below 0 at padding."""
    at_most = tie_sizes(ranks).cumsum(dim=1).gather(1, ranks)
    return lengths[:, None] - at_most
