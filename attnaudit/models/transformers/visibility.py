"""Which pieces a position may attend to at all."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor


def visible_keys(
    scores: Float[Tensor, "batch heads queries pieces"],
) -> Bool[Tensor, "batch heads queries pieces"]:
    """Where a score is no mask: masked scores are the least number, or what was added to it.

    Better than looking for weights of 0, which rounding makes, too.

    Args:
        scores: As they go into the softmax.
    """
    visible: Tensor = scores > torch.finfo(scores.dtype).min / 2
    return visible


def sees_later(
    scores: Float[Tensor, "batch heads pieces pieces"], mask: Bool[Tensor, "batch pieces"]
) -> bool:
    """Whether any position may attend to one behind it.

    Args:
        scores: As they go into the softmax.
        mask: True at a piece that is no padding.
    """
    real = mask[:, None, :, None] & mask[:, None, None, :]
    return bool((visible_keys(scores) & real).triu(diagonal=1).any())
