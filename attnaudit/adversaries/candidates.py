"""Attentions that a caller hands over to begin from."""

import torch
from jaxtyping import Bool, Float, Float64
from torch import Tensor

from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics import check_attention


def checked_candidates(
    candidates: Float[Tensor, "units k width"] | None, mask: Bool[Tensor, "batch tokens"]
) -> Float64[Tensor, "batch k tokens"]:
    """The candidates in float64, summing to 1; k is 0 where there are none.

    Args:
        candidates: k attentions per unit, or None.
        mask: True at a real token.

    Raises:
        InvalidArgumentError: If the shape does not fit the mask, or a candidate is not a
            distribution over it.
    """
    batch, tokens = mask.shape
    if candidates is None:
        return torch.zeros(batch, 0, tokens, dtype=torch.float64, device=mask.device)
    if (candidates.shape[0], candidates.shape[2]) != (batch, tokens):
        raise InvalidArgumentError(
            f"candidates must have shape [{batch}, k, {tokens}]; got {list(candidates.shape)}. "
            "Pass k attentions for every unit, padded like the mask."
        )
    check_attention(candidates, mask.unsqueeze(1).expand(candidates.shape), name="candidates")
    weights = candidates.detach().to(mask.device, torch.float64)
    return weights / weights.sum(dim=-1, keepdim=True)
