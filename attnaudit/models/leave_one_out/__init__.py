"""Leaving out every word of a document without encoding the document once per word.

What an encoder gives for a word depends on the word alone (average), on a few neighbours (CNN), or
on what was read before it and after it (BiLSTM). Whatever a deletion cannot reach is computed once
and shared by all deletions; attention is normalised anew for each.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from attnaudit.models.attentions import AdditiveAttention, ScaledDotAttention
from attnaudit.models.classifier import AttentionClassifier
from attnaudit.models.encoders import AverageEncoder, BiLSTMEncoder, CNNEncoder
from attnaudit.models.leave_one_out.convolution import convolution_deletions
from attnaudit.models.leave_one_out.recurrent import recurrent_deletions
from attnaudit.models.leave_one_out.word_wise import word_wise_deletions

__all__ = ["deletion_logits"]


def deletion_logits(
    network: AttentionClassifier,
    token_ids: Int[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
) -> Float[Tensor, "batch tokens outputs"] | None:
    """Logits of each document without each of its words, or None if there is no short way.

    Nothing is differentiated on the way.

    Args:
        network: The classifier.
        token_ids: Words, padded.
        mask: True at a word.

    Returns:
        [batch tokens outputs]; without meaning at padding, and where no word would be left.

    Source:
        Jain & Wallace (2019), algorithm 1, which encodes every shortened document.
    """
    encoder, attention = network.encoder, network.attention
    with torch.no_grad():
        if isinstance(encoder, AverageEncoder):
            return word_wise_deletions(network, token_ids, mask)
        if isinstance(encoder, CNNEncoder):
            return convolution_deletions(network, encoder, token_ids, mask)
        if isinstance(encoder, BiLSTMEncoder) and isinstance(
            attention, AdditiveAttention | ScaledDotAttention
        ):
            return recurrent_deletions(network, encoder, attention, token_ids, mask)
    return None
