"""Attention over encoded words: a score per word, normalised over the words.

How words are scored is apart from how scores are normalised, so that a scorer may take a query.
"""

import math
from typing import Protocol

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from attnaudit.metrics import masked_softmax


class Attention(Protocol):
    """What every attention offers besides being an `nn.Module`."""

    def scores(self, hidden: Float[Tensor, "*batch hidden"]) -> Float[Tensor, "*batch"]:
        """What the softmax is taken of; a word's score depends on its own state alone."""
        ...

    def __call__(
        self, hidden: Float[Tensor, "batch tokens hidden"], mask: Bool[Tensor, "batch tokens"]
    ) -> Float[Tensor, "batch tokens"]:
        """Attention on the simplex over the mask, exactly zero elsewhere."""
        ...


class AdditiveAttention(nn.Module):
    r"""$\alpha = \mathrm{softmax}(v^\top \tanh(W h_t + b))$ over the words.

    Args:
        size: Units of an encoded word; the inner layer has half of them.

    Source:
        Bahdanau et al. (2015), without a query as in Jain & Wallace (2019).
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.projection = nn.Linear(size, size // 2)
        self.vector = nn.Linear(size // 2, 1, bias=False)

    def scores(self, hidden: Float[Tensor, "*batch hidden"]) -> Float[Tensor, "*batch"]:
        """What the softmax is taken of."""
        scores: Tensor = self.vector(torch.tanh(self.projection(hidden)))
        return scores.squeeze(-1)

    def forward(
        self, hidden: Float[Tensor, "batch tokens hidden"], mask: Bool[Tensor, "batch tokens"]
    ) -> Float[Tensor, "batch tokens"]:
        """Attention on the simplex over the mask, exactly zero elsewhere."""
        return masked_softmax(self.scores(hidden), mask)


class ScaledDotAttention(nn.Module):
    r"""$\alpha = \mathrm{softmax}(w \cdot h_t / \sqrt{H})$ over the words, with H units.

    Args:
        size: Units H of an encoded word.

    Source:
        Vaswani et al. (2017), with one learned vector in place of the query as in Jain & Wallace
        (2019).
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.vector = nn.Linear(size, 1, bias=False)

    def scores(self, hidden: Float[Tensor, "*batch hidden"]) -> Float[Tensor, "*batch"]:
        """What the softmax is taken of."""
        scores: Tensor = self.vector(hidden)
        return scores.squeeze(-1) / math.sqrt(self.vector.in_features)

    def forward(
        self, hidden: Float[Tensor, "batch tokens hidden"], mask: Bool[Tensor, "batch tokens"]
    ) -> Float[Tensor, "batch tokens"]:
        """Attention on the simplex over the mask, exactly zero elsewhere."""
        return masked_softmax(self.scores(hidden), mask)
