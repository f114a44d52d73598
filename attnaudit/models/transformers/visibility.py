"""Which pieces a position may attend to at all."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor


def visible_keys(
    scores: Float[Tensor, "batch heads queries pieces"],
) -> Bool[Tensor, "batch heads queries pieces"]:
    """Where a score is no mask: masked scores are the least number, or what was added to it.

    Better than looking for weights of 0, which rounding makes, too. It knows masks of about the
    least number of their precision and of minus infinity only: of a network that masks with another
    number, as some old ones do, everything is visible.

    Args:
        scores: As they go into the softmax.
    """
    visible: Tensor = scores > torch.finfo(scores.dtype).min / 2
    return visible


def sees_later(
    weights: Float[Tensor, "batch heads pieces pieces"], mask: Bool[Tensor, "batch pieces"]
) -> bool:
    """Whether any position attends to one behind it, in whatever way the others are masked.

    Args:
        weights: As they come out of the softmax.
        mask: True at a piece that is no padding.
    """
    real = mask[:, None, :, None] & mask[:, None, None, :]
    return bool(((weights > 0) & real).triu(diagonal=1).any())
