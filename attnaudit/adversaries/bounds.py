"""What no adversary can exceed."""

import math

import torch
from jaxtyping import Bool, Float, Float64
from torch import Tensor

from attnaudit.metrics import jensen_shannon_divergence


def free_maximum(
    attention: Float[Tensor, "batch tokens"], mask: Bool[Tensor, "batch tokens"]
) -> Float64[Tensor, " batch"]:
    """The largest divergence of any attention from the given one, whatever the output.

    The divergence is convex, so its maximum over the simplex is at one of the corners; it falls
    as the corner's own weight grows, so that corner is the token with the least weight.

    Args:
        attention: Weights on the simplex over `mask`.
        mask: True at a real token.

    Returns:
        Divergences in nats, in [0, ln 2]; 0 for a single token.

    Raises:
        InvalidArgumentError: If `attention` is not a distribution.

    Example:
        >>> free_maximum(torch.tensor([[0.5, 0.5]]), torch.ones(1, 2, dtype=torch.bool)).tolist()
        [0.216]
    """
    weights = attention.double()
    weights = weights / weights.sum(dim=-1, keepdim=True)
    least = weights.masked_fill(~mask, math.inf).argmin(dim=-1, keepdim=True)
    corner = torch.zeros_like(weights).scatter(-1, least, 1.0)
    return jensen_shannon_divergence(weights, corner)
