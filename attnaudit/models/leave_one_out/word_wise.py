"""Deletions under an encoder that reads every word by itself: only attention is normalised anew."""

import math

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from attnaudit.models.classifier import AttentionClassifier
from attnaudit.models.leave_one_out.distinct import distinct_words


def word_wise_deletions(
    network: AttentionClassifier,
    token_ids: Int[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
) -> Float[Tensor, "batch tokens outputs"]:
    """Logits without each word, for an encoder whose states depend on one word alone.

    Each distinct word is encoded, scored and decoded once.

    Args:
        network: The classifier.
        token_ids: Words, padded.
        mask: True at a word.

    Returns:
        [batch tokens outputs]; without meaning at padding, and where no word would be left.
    """
    rows, embeddings = distinct_words(network, token_ids, mask)
    known = torch.ones(1, len(embeddings), dtype=torch.bool, device=mask.device)
    [hidden] = network.encoder(embeddings.unsqueeze(0), known)
    scores = network.attention.scores(hidden)[rows].masked_fill(~mask, -math.inf)
    return means_without_each(scores, network.head(hidden)[rows])


def means_without_each(
    scores: Float[Tensor, "batch tokens"], values: Float[Tensor, "batch tokens outputs"]
) -> Float[Tensor, "batch tokens outputs"]:
    r"""$\sum_{s \ne t} e^{a_s} v_s / \sum_{s \ne t} e^{a_s}$ for every word t.

    Args:
        scores: $a$, minus infinity at padding.
        values: $v$, finite.

    Returns:
        Means of the values of the other words; not a number where there is none.
    """
    # A weight that is taken from the sums again costs no digits as long as the heaviest one, which
    # is 1, stays in them. The heaviest has its own sums, scaled by the next.
    heaviest = scores.argmax(dim=1, keepdim=True)
    weights = (scores - scores.gather(1, heaviest)).exp()
    weighted = weights.unsqueeze(2) * values
    total = weights.sum(dim=1, keepdim=True) - weights
    means = (weighted.sum(dim=1, keepdim=True) - weighted) / total.unsqueeze(2)
    others = scores.scatter(1, heaviest, -math.inf).softmax(dim=1)
    without_heaviest = torch.einsum("bt,bto->bo", others, values)
    return means.scatter(
        1,
        heaviest.unsqueeze(2).expand(-1, -1, values.shape[2]),
        without_heaviest.unsqueeze(1),
    )
