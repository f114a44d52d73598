r"""An upper bound on the divergence of any admissible attention, from one pair of classes.

The total variation distance bounds the change of every single probability, since changes sum to
zero. So $p'_c \le p_c + \epsilon$ and $p'_d \ge p_d - \epsilon$, and the difference of the two
logits stays within $\ln\frac{p_c - \epsilon}{p_d + \epsilon}$ and
$\ln\frac{p_c + \epsilon}{p_d - \epsilon}$. Either end is attained by moving $\epsilon$ from one
class to the other, so no narrower slab holds for the pair. The farthest attention inside one slab
is known exactly, and the least over all pairs bounds the farthest of all.
"""

import math

import numpy as np
import torch
from jaxtyping import Float64

from attnaudit.adversaries.slab import Slab
from attnaudit.adversaries.vertices import farthest_vertices

ENTRIES_AT_ONCE = 2**18
"""Token logits of one block of class pairs: 2 MiB."""


def pairwise_bound(
    attention: Float64[np.ndarray, " tokens"],
    logits: Float64[np.ndarray, "tokens classes"],
    own: Float64[np.ndarray, " classes"],
    *,
    max_tvd: float,
) -> float:
    """No attention whose output lies within `max_tvd` of `own` has a larger divergence.

    Args:
        attention: The model's own weights.
        logits: What each token gives alone.
        own: The output under `attention`.
        max_tvd: Permitted total variation distance, in [0, 1].

    Returns:
        Nats, in [0, ln 2]; ln 2 if every class has a probability of at most `max_tvd`, since then
        no pair has a limit.
    """
    first, second = np.triu_indices(len(own), 1)
    limited = (own[first] > max_tvd) | (own[second] > max_tvd)
    first, second = first[limited], second[limited]
    tokens = len(attention)
    pairs_at_once = max(1, ENTRIES_AT_ONCE // tokens)
    bound = math.log(2)
    for start in range(0, len(first), pairs_at_once):
        one, other = first[start : start + pairs_at_once], second[start : start + pairs_at_once]
        difference = torch.from_numpy(logits.T[one] - logits.T[other])
        weights = torch.from_numpy(attention).expand_as(difference)
        farthest = farthest_vertices(
            weights,
            torch.ones_like(weights, dtype=torch.bool),
            difference,
            _slab((weights * difference).sum(dim=1), own[one], own[other], max_tvd=max_tvd),
        )
        # A slab that rounding leaves without a corner proves nothing.
        proved = farthest.divergence[farthest.divergence >= 0]
        bound = min(bound, *proved.tolist()) if len(proved) else bound
    return bound


def _slab(
    difference: Float64[torch.Tensor, " pairs"],
    one: Float64[np.ndarray, " pairs"],
    other: Float64[np.ndarray, " pairs"],
    *,
    max_tvd: float,
) -> Slab:
    if max_tvd == 0:
        return Slab(difference, difference)
    p, q = torch.from_numpy(one), torch.from_numpy(other)
    low = torch.where(p > max_tvd, torch.log((p - max_tvd) / (q + max_tvd)), -math.inf)
    high = torch.where(q > max_tvd, torch.log((p + max_tvd) / (q - max_tvd)), math.inf)
    # For tiny distances rounding could push an end past the difference itself.
    return Slab(torch.minimum(low, difference), torch.maximum(high, difference))
