"""Deletions under a BiLSTM: each direction changes only behind the deletion, as it reads."""

from jaxtyping import Bool, Float, Int
from torch import Tensor

from attnaudit.models.attentions import AdditiveAttention, ScaledDotAttention
from attnaudit.models.classifier import AttentionClassifier
from attnaudit.models.encoders import BiLSTMEncoder, reversed_order
from attnaudit.models.leave_one_out.distinct import distinct_framed_words
from attnaudit.models.leave_one_out.groups import document_groups
from attnaudit.models.leave_one_out.lock_step import Direction, Reading
from attnaudit.models.leave_one_out.pool import Pool
from attnaudit.models.leave_one_out.scoring import Scoring

STATES_AT_ONCE = 2_048
"""States of the last step. A batch of ten times as many takes twice as long for each."""


def recurrent_deletions(
    network: AttentionClassifier,
    encoder: BiLSTMEncoder,
    attention: AdditiveAttention | ScaledDotAttention,
    token_ids: Int[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
) -> Float[Tensor, "batch tokens outputs"]:
    """Logits without each word, for an LSTM in each direction.

    Words behind a deletion keep the state of the direction that reads from the end, words before
    it that of the other: one half of every state is that of the whole document.

    Args:
        network: The classifier.
        encoder: Its encoder.
        attention: Its attention.
        token_ids: Words, padded.
        mask: True at a word.

    Returns:
        [batch tokens outputs]; without meaning at padding, and where no word would be left.
    """
    rows, embeddings = distinct_framed_words(network, token_ids, mask)
    forwards = Direction(encoder.forwards, embeddings)
    backwards = Direction(encoder.backwards, embeddings)
    scoring = Scoring(attention, network.head)
    logits = embeddings.new_zeros(*mask.shape, scoring.outputs)
    for group, longest in document_groups(mask, most_words=STATES_AT_ONCE):
        pool = _pool(
            forwards, backwards, scoring, rows[group, : longest + 2], mask[group, :longest]
        )
        logits[group, :longest] = pool.mean()
    return logits


def _pool(
    forwards: Direction,
    backwards: Direction,
    scoring: Scoring,
    rows: Int[Tensor, "batch positions"],
    mask: Bool[Tensor, "batch tokens"],
) -> Pool:
    """All words of a document but one, for every document and word."""
    # Word t in one order of reading is word words[t] in the other.
    words = reversed_order(mask)
    reading = Reading(forwards, rows)
    turned = Reading(backwards, rows.gather(1, reversed_order(rows > 0)))
    forward_half, backward_half = scoring.halves
    behind = _words_behind(
        reading, forward_half, _reordered(turned.states @ backward_half, words), scoring, mask
    )
    before = _words_behind(
        turned, backward_half, _reordered(reading.states @ forward_half, words), scoring, mask
    )
    return behind.merged(before.gathered(words))


def _reordered(
    projected: Float[Tensor, "tokens batch projected"], words: Int[Tensor, "batch tokens"]
) -> Float[Tensor, "tokens batch projected"]:
    return projected.gather(0, words.T.unsqueeze(2).expand_as(projected))


def _words_behind(
    reading: Reading,
    half: Float[Tensor, "units projected"],
    shared: Float[Tensor, "tokens batch projected"],
    scoring: Scoring,
    mask: Bool[Tensor, "batch tokens"],
) -> Pool:
    """For every deletion, the words that are read after it.

    Args:
        reading: The documents in one direction.
        half: Weights of the half of a state that the direction gives.
        shared: The other half of every word, projected.
        scoring: Attention and head.
        mask: True at a word.

    Returns:
        [batch tokens] pools, deletions in the order of reading.
    """
    real = mask.T
    shared = shared + scoring.bias
    pool = Pool.empty(real.shape, outputs=scoring.outputs, like=shared)
    for word, states in reading.disturbed():
        projected = states @ half
        projected += shared[word]
        scores, values = scoring.of_words(projected)
        pool.add(Pool.of_words(scores, values, real[word].expand_as(scores)))
    return pool.transposed()
