"""Attention score and logits of a word whose state has two halves, one of them shared."""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

from attnaudit.models.attentions import AdditiveAttention, ScaledDotAttention
from attnaudit.models.leave_one_out.tangent import tanh_


class Scoring:
    """Attention and head, cut where the two halves of a state meet.

    Both begin with a linear layer, so each half is projected by itself, for attention and head at
    once, and a half that many deletions share is projected once.

    Args:
        attention: One of the paper's.
        head: The linear head.

    Attributes:
        halves: [units projected] twice: weights of the forward and of the backward half.
        bias: [projected], added once to the sum of both.
        outputs: Number of logits.
    """

    def __init__(self, attention: AdditiveAttention | ScaledDotAttention, head: nn.Linear) -> None:
        self._attention = attention
        if isinstance(attention, AdditiveAttention):
            weight: Tensor = attention.projection.weight
            bias: Tensor = attention.projection.bias
        else:
            weight = attention.vector.weight / math.sqrt(attention.vector.in_features)
            bias = weight.new_zeros(1)
        self._inner = len(bias)
        self.outputs = head.out_features
        self.halves = torch.cat([weight, head.weight]).T.contiguous().chunk(2)
        self.bias = torch.cat([bias, head.bias])

    def of_words(
        self, projected: Float[Tensor, "*words projected"]
    ) -> tuple[Float[Tensor, "*words"], Float[Tensor, "*words outputs"]]:
        """Attention scores and logits of words from their projected states, which are used up."""
        inner, values = projected[..., : self._inner], projected[..., self._inner :]
        if isinstance(self._attention, AdditiveAttention):
            return self._attention.vector(tanh_(inner)).squeeze(-1), values
        return inner.squeeze(-1), values
