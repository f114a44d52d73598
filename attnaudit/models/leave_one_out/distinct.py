"""The documents of a batch as rows of a table of their distinct words.

Everything an encoder does to an embedding by itself is done once per distinct word: in sorted
batches of real text a word comes several times.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from attnaudit.data.vocabulary import END, START
from attnaudit.models.classifier import AttentionClassifier

_OUTSIDE = -1
"""Below every word, so that padding has the first row of a table even if a word is padding."""


def distinct_words(
    network: AttentionClassifier,
    token_ids: Int[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
) -> tuple[Int[Tensor, "batch tokens"], Float[Tensor, "rows dimensions"]]:
    """Row of every word, and the embedding of every row.

    Args:
        network: The classifier.
        token_ids: Words, padded.
        mask: True at a word.

    Returns:
        Rows and embeddings. The first row is zero, and it is that of padding.
    """
    return _table(network, token_ids.masked_fill(~mask, _OUTSIDE))


def distinct_framed_words(
    network: AttentionClassifier,
    token_ids: Int[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
) -> tuple[Int[Tensor, "batch positions"], Float[Tensor, "rows dimensions"]]:
    """The same with the marks of `AttentionClassifier.frame` around each document."""
    framed = functional.pad(token_ids.masked_fill(~mask, _OUTSIDE), (1, 1), value=_OUTSIDE)
    framed[:, 0] = START
    return _table(network, framed.scatter(1, mask.sum(dim=1, keepdim=True) + 1, END))


def _table(
    network: AttentionClassifier, ids: Int[Tensor, "batch positions"]
) -> tuple[Int[Tensor, "batch positions"], Float[Tensor, "rows dimensions"]]:
    outside = ids.new_full((1,), _OUTSIDE)
    distinct, rows = torch.unique(torch.cat([outside, ids.flatten()]), return_inverse=True)
    embeddings: Tensor = network.embedding(distinct.clamp(min=0))
    embeddings[0] = 0.0
    return rows[1:].view_as(ids), embeddings
