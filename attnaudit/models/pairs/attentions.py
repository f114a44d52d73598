"""Attention over encoded words that depends on a query: a score per word, then a softmax."""

import math
from typing import Protocol

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from attnaudit.metrics import masked_softmax


class QueryAttention(Protocol):
    """What every attention with a query offers besides being an `nn.Module`."""

    def __call__(
        self,
        hidden: Float[Tensor, "batch tokens hidden"],
        mask: Bool[Tensor, "batch tokens"],
        query: Float[Tensor, "batch hidden"],
    ) -> Float[Tensor, "batch tokens"]:
        """Attention on the simplex over the mask, exactly zero elsewhere."""
        ...


class AdditiveQueryAttention(nn.Module):
    r"""$\alpha = \mathrm{softmax}(v^\top \tanh(W_1 h_t + b_1 + W_2 q + b_2))$ over the words.

    Args:
        size: Units of an encoded word and of the query; the inner layer has half of them.

    Source:
        Bahdanau et al. (2015), as in Jain & Wallace (2019).
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.words = nn.Linear(size, size // 2)
        self.query = nn.Linear(size, size // 2)
        self.vector = nn.Linear(size // 2, 1, bias=False)

    def forward(
        self,
        hidden: Float[Tensor, "batch tokens hidden"],
        mask: Bool[Tensor, "batch tokens"],
        query: Float[Tensor, "batch hidden"],
    ) -> Float[Tensor, "batch tokens"]:
        """Attention on the simplex over the mask, exactly zero elsewhere."""
        scores: Tensor = self.vector(torch.tanh(self.words(hidden) + self.query(query)[:, None]))
        return masked_softmax(scores.squeeze(-1), mask)


class ScaledDotQueryAttention(nn.Module):
    r"""$\alpha = \mathrm{softmax}(h_t \cdot q / \sqrt{H})$ over the words, with H units.

    It has no weights of its own.

    Args:
        size: Units H of an encoded word and of the query.

    Source:
        Vaswani et al. (2017), as in Jain & Wallace (2019).
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(
        self,
        hidden: Float[Tensor, "batch tokens hidden"],
        mask: Bool[Tensor, "batch tokens"],
        query: Float[Tensor, "batch hidden"],
    ) -> Float[Tensor, "batch tokens"]:
        """Attention on the simplex over the mask, exactly zero elsewhere."""
        scores = torch.bmm(hidden, query.unsqueeze(2)).squeeze(2)
        return masked_softmax(scores / math.sqrt(self.size), mask)
