"""Attention as a point on the simplex over the real tokens of a document."""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics._check import check_distribution, check_mask, check_same_shape


def check_attention(
    attention: Float[Tensor, "*batch tokens"],
    mask: Bool[Tensor, "*batch tokens"],
    *,
    name: str = "attention",
) -> None:
    """Attention is a distribution over the real tokens and leaves padding alone.

    Args:
        attention: Weights, which sum to 1 along the last axis.
        mask: True at a real token.
        name: What the message calls the weights.

    Raises:
        InvalidArgumentError: If shapes differ, a row has no token, a weight is negative or not
            finite, a row does not sum to 1, or a padded position has weight.
    """
    check_same_shape(attention, mask, names=(name, "mask"))
    check_mask(mask)
    check_distribution(attention, name=name)
    padding = attention.masked_fill(mask, 0)
    if bool((padding != 0).any()):
        where = (padding != 0).nonzero()[0].tolist()
        raise InvalidArgumentError(
            f"{name} must be zero where the mask is False; entry {where} is "
            f"{padding[tuple(where)].item():.3g}. Mask before the softmax."
        )


def masked_softmax(
    logits: Float[Tensor, "*batch tokens"], mask: Bool[Tensor, "*batch tokens"]
) -> Float[Tensor, "*batch tokens"]:
    r"""$e^{s_t} / \sum_{r \in \mathrm{mask}} e^{s_r}$ at real tokens, exactly 0 elsewhere.

    Args:
        logits: Attention scores; those of padded positions are never read.
        mask: True at a real token.

    Raises:
        InvalidArgumentError: If shapes differ or a row has no token.

    Example:
        >>> masked_softmax(torch.zeros(1, 3), torch.tensor([[True, True, False]])).tolist()
        [[0.5, 0.5, 0.0]]
    """
    check_same_shape(logits, mask, names=("logits", "mask"))
    check_mask(mask)
    return torch.softmax(logits.masked_fill(~mask, -math.inf), dim=-1)


def uniform_attention(
    mask: Bool[Tensor, "*batch tokens"], *, dtype: torch.dtype = torch.float32
) -> Float[Tensor, "*batch tokens"]:
    """The same weight on every real token: one over their number.

    Args:
        mask: True at a real token.
        dtype: Precision of the weights.

    Raises:
        InvalidArgumentError: If a row has no token.

    Example:
        >>> uniform_attention(torch.tensor([[True, True, False]])).tolist()
        [[0.5, 0.5, 0.0]]
    """
    check_mask(mask)
    return mask.to(dtype) / mask.sum(dim=-1, keepdim=True)
