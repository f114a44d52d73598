"""Which positions have the most attention."""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor

TIE_WIDTH = 1e-6
"""Weights this close to the largest, as a share of it, are as large: float32 rounds that far."""


def top_positions(
    attention: Float[Tensor, "batch alternatives tokens"], mask: Bool[Tensor, "batch tokens"]
) -> Bool[Tensor, "batch alternatives tokens"]:
    """True where no real token has more weight, up to one part in a million.

    Without that tolerance, rounding would choose among weights that are equal.

    Example:
        >>> weights = torch.tensor([[[0.4, 0.2, 0.4]]])
        >>> top_positions(weights, torch.ones(1, 3, dtype=torch.bool)).tolist()
        [[[True, False, True]]]
    """
    real = mask.unsqueeze(1)
    weights = attention.masked_fill(~real, -math.inf)
    return real & (weights >= (1 - TIE_WIDTH) * weights.amax(dim=2, keepdim=True))


def mean_over(
    chosen: Bool[Tensor, "batch alternatives tokens"],
    values: Float[Tensor, "batch alternatives tokens"],
) -> Float[Tensor, "batch alternatives"]:
    """Mean of the values at the chosen positions, of which there is at least one."""
    total = torch.where(chosen, values, 0.0).sum(dim=2)
    return total / chosen.sum(dim=2)
