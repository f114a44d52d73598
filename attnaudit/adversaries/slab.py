"""The logits at which a two-class output stays within a total variation distance."""

import math
from typing import NamedTuple

import torch
from jaxtyping import Float64
from torch import Tensor


class Slab(NamedTuple):
    """Lowest and highest admissible logit of each unit; infinite where there is no limit."""

    low: Float64[Tensor, " batch"]
    high: Float64[Tensor, " batch"]


def logit_slab(logit: Float64[Tensor, " batch"], *, max_tvd: float) -> Slab:
    r"""All $v$ with $|\sigma(v) - \sigma(u)| \le \epsilon$.

    Args:
        logit: The logits $u$ that the output starts from.
        max_tvd: The permitted distance $\epsilon$, in [0, 1].

    Returns:
        Slabs that contain their logit; the logit alone if `max_tvd` is 0.

    Example:
        >>> low, high = logit_slab(torch.zeros(1, dtype=torch.float64), max_tvd=0.25)
        >>> low.item(), high.item()
        (-1.0986, 1.0986)
    """
    if max_tvd == 0:
        return Slab(logit, logit)
    # Both probabilities from the logit: 1 - p would be zero for a saturated output.
    p, q = torch.sigmoid(logit), torch.sigmoid(-logit)
    low = torch.where(p > max_tvd, torch.log((p - max_tvd) / (q + max_tvd)), -math.inf)
    high = torch.where(q > max_tvd, torch.log((p + max_tvd) / (q - max_tvd)), math.inf)
    # For tiny distances rounding could push an end past the logit itself.
    return Slab(torch.minimum(low, logit), torch.maximum(high, logit))
