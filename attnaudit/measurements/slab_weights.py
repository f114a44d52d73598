"""Which weights one token may have while one linear logit stays inside its slab: closed forms."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float64
from torch import Tensor

from attnaudit.adversaries.slab import Slab
from attnaudit.measurements.others import sum_of_others


@dataclass(frozen=True, slots=True)
class _Others:
    """Least and largest logit among all tokens but one, for each token."""

    least: Float64[Tensor, "batch 1 tokens"]
    largest: Float64[Tensor, "batch 1 tokens"]


def weight_range(
    tokens: Float64[Tensor, "batch tokens"], mask: Bool[Tensor, "batch tokens"], slab: Slab
) -> tuple[Float64[Tensor, "batch k tokens"], Float64[Tensor, "batch k tokens"]]:
    r"""Least and largest weight of each token over all attentions with a logit inside the slab.

    With weight w on a token of logit z, the rest can put the logit anywhere in
    $w z + (1 - w) [\min o, \max o]$, where o are the logits of the others.

    Args:
        tokens: Logit that each token would give alone.
        mask: True at a real token; other entries of the results mean nothing.
        slab: [batch k 1] ends of each slab, of which the document reaches at least one point.
    """
    others = _others(tokens, mask)
    z = tokens.unsqueeze(1)
    below, above = z < slab.low, z > slab.high
    largest = torch.where(
        above, (slab.high - others.least) / (z - others.least), torch.ones_like(z)
    )
    largest = torch.where(below, (others.largest - slab.low) / (others.largest - z), largest)
    under, over = others.largest < slab.low, others.least > slab.high
    least = torch.where(
        under, (slab.low - others.largest) / (z - others.largest), torch.zeros_like(z)
    )
    least = torch.where(over, (others.least - slab.high) / (others.least - z), least)
    # A single token has all the weight; there are no others whose logits could be compared.
    single = (mask.sum(dim=1) == 1)[:, None, None]
    return least.masked_fill(single, 1.0).clamp(0, 1), largest.masked_fill(single, 1.0).clamp(0, 1)


def _others(tokens: Float64[Tensor, "batch tokens"], mask: Bool[Tensor, "batch tokens"]) -> _Others:
    return _Others(
        -_largest_other(-tokens, mask).unsqueeze(1), _largest_other(tokens, mask).unsqueeze(1)
    )


def _largest_other(
    tokens: Float64[Tensor, "batch tokens"], mask: Bool[Tensor, "batch tokens"]
) -> Float64[Tensor, "batch tokens"]:
    real = torch.nn.functional.pad(tokens.masked_fill(~mask, -math.inf), (0, 1), value=-math.inf)
    values, places = real.topk(2, dim=1)
    here = torch.arange(tokens.shape[1], device=tokens.device)
    return torch.where(here == places[:, :1], values[:, 1:], values[:, :1])


def rescale_interval(
    attention: Float64[Tensor, "batch k tokens"],
    tokens: Float64[Tensor, "batch tokens"],
    slab: Slab,
) -> tuple[Float64[Tensor, "batch k tokens"], Float64[Tensor, "batch k tokens"]]:
    r"""Weights each token may be given, the others in proportion, with the logit inside the slab.

    The logit is then $w z_t + (1 - w) r_t$, where
    $r_t = \sum_{s \ne t} \alpha_s z_s / \sum_{s \ne t} \alpha_s$ is what the others give by
    themselves.

    Args:
        attention: Weights $\alpha$, which sum to 1; zero at padding.
        tokens: Logit z that each token would give alone; finite, also at padding.
        slab: [batch k 1] ends of each slab, which holds the logit under its attention.

    Returns:
        Lower and upper ends in [0, 1]; NaN where the others have no weight.
    """
    z = tokens.unsqueeze(1)
    others = sum_of_others(attention)
    rest = sum_of_others(attention * z) / others
    first, second = ((end - rest) / (z - rest) for end in slab)
    unmoved = z == rest
    low = torch.where(unmoved, 0.0, torch.minimum(first, second).clamp(0, 1))
    high = torch.where(unmoved, 1.0, torch.maximum(first, second).clamp(0, 1))
    # A weight that rounds to 1 does not say so: the others may have 1e-17.
    alone = others == 0
    return low.masked_fill(alone, math.nan), high.masked_fill(alone, math.nan)
