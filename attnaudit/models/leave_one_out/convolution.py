"""Deletions under a convolution: only windows that reach over the gap see another text."""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from attnaudit.models.classifier import AttentionClassifier
from attnaudit.models.encoders import CNNEncoder
from attnaudit.models.leave_one_out.distinct import distinct_framed_words
from attnaudit.models.leave_one_out.groups import document_groups
from attnaudit.models.leave_one_out.pool import Pool
from attnaudit.models.leave_one_out.windows import Kernel, Windows

WORDS_AT_ONCE = 4_096
"""Padded words whose windows are held together, some kilobytes for each."""


def convolution_deletions(
    network: AttentionClassifier,
    encoder: CNNEncoder,
    token_ids: Int[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
) -> Float[Tensor, "batch tokens outputs"]:
    """Logits without each word, for parallel convolutions and a rectifier.

    If the widest window reaches r words to either side, a deletion changes the states of r words
    before it and r behind it; all others are those of the whole document.

    Args:
        network: The classifier.
        encoder: Its encoder.
        token_ids: Words, padded.
        mask: True at a word.

    Returns:
        [batch tokens outputs]; without meaning at padding, and where no word would be left.
    """
    rows, embeddings = distinct_framed_words(network, token_ids, mask)
    kernels = [Kernel(one, embeddings) for one in encoder.convolutions]
    logits = embeddings.new_zeros(*mask.shape, network.head.out_features)
    for group, longest in document_groups(mask, most_words=WORDS_AT_ONCE):
        windows = [Windows(kernel, rows[group, : longest + 2]) for kernel in kernels]
        reach = max(kernel.reach for kernel in kernels)
        pool = _pool(network, windows, mask[group, :longest], reach=reach)
        logits[group, :longest] = pool.mean()
    return logits


def _pool(
    network: AttentionClassifier,
    windows: Sequence[Windows],
    mask: Bool[Tensor, "batch tokens"],
    *,
    reach: int,
) -> Pool:
    """All words of a document but one, for every document and word."""

    def words(distance: int) -> Pool:
        """Every word by itself, without the word at this distance from it."""
        hidden = torch.cat([one.features(distance) for one in windows], dim=2).relu_()
        return Pool.of_words(network.attention.scores(hidden), network.head(hidden), mask)

    untouched = words(0)
    before = untouched.running().shifted(reach + 1)
    behind = untouched.reversed().running().shifted(reach + 1).reversed()
    pool = before.merged(behind)
    for distance in (*range(-reach, 0), *range(1, reach + 1)):
        pool = pool.merged(words(distance).shifted(distance))
    return pool
