"""Leaving out every word of a document without encoding the document once per word.

Without word t, a word-wise encoder changes nothing else, and each direction of an LSTM changes
only behind t: the states before it are those of the whole document. So a BiLSTM runs all deletions
of all documents in lock-step, each from the state where its word would have been read.
"""

import math
from collections.abc import Iterator

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from attnaudit.models.classifier import AttentionClassifier
from attnaudit.models.encoders import AverageEncoder, BiLSTMEncoder, reversed_order


def deletion_logits(
    network: AttentionClassifier,
    token_ids: Int[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
) -> Float[Tensor, "batch tokens outputs"] | None:
    """Logits of each document without each of its words, or None if the encoder has no short way.

    Args:
        network: The classifier.
        token_ids: Words, padded.
        mask: True at a word.

    Returns:
        [batch tokens outputs]; without meaning at padding, and where no word would be left.
    """
    embeddings = network.embedding(token_ids)
    if isinstance(network.encoder, AverageEncoder):
        return _pool_word_wise(network, network.encode(embeddings, mask), mask).mean()
    if isinstance(network.encoder, BiLSTMEncoder):
        return _pool_recurrent(network, network.encoder, embeddings, mask).mean()
    return None


class _Pool:
    """Attention-weighted means, one per document and deletion, of words that come one by one."""

    def __init__(
        self,
        largest: Float[Tensor, "batch deletions"],
        total: Float[Tensor, "batch deletions"],
        pooled: Float[Tensor, "batch deletions outputs"],
    ) -> None:
        self.largest = largest
        self.total = total
        self.pooled = pooled

    @staticmethod
    def empty(network: AttentionClassifier, mask: Bool[Tensor, "batch tokens"]) -> "_Pool":
        weight = network.head.weight
        total = weight.new_zeros(mask.shape)
        lowest = torch.full_like(total, torch.finfo(weight.dtype).min)
        return _Pool(lowest, total, weight.new_zeros(*mask.shape, network.head.out_features))

    def add(
        self,
        scores: Float[Tensor, "batch deletions"],
        values: Float[Tensor, "batch deletions outputs"],
    ) -> None:
        """Take one more word into the first deletions; a score of minus infinity adds nothing."""
        first = slice(0, scores.shape[1])
        largest = torch.maximum(self.largest[:, first], scores)
        kept, new = (self.largest[:, first] - largest).exp(), (scores - largest).exp()
        self.largest[:, first] = largest
        self.total[:, first] = self.total[:, first] * kept + new
        self.pooled[:, first] *= kept.unsqueeze(2)
        self.pooled[:, first] += new.unsqueeze(2) * values

    def reordered(self, index: Int[Tensor, "batch deletions"]) -> "_Pool":
        """The same means, with the deletions of each document in another order."""
        deep = index.unsqueeze(2).expand_as(self.pooled)
        return _Pool(
            self.largest.gather(1, index),
            self.total.gather(1, index),
            self.pooled.gather(1, deep),
        )

    def merged(self, other: "_Pool") -> "_Pool":
        """The means over the words of both."""
        largest = torch.maximum(self.largest, other.largest)
        ours, theirs = (self.largest - largest).exp(), (other.largest - largest).exp()
        return _Pool(
            largest,
            self.total * ours + other.total * theirs,
            self.pooled * ours.unsqueeze(2) + other.pooled * theirs.unsqueeze(2),
        )

    def mean(self) -> Float[Tensor, "batch deletions outputs"]:
        return self.pooled / self.total.unsqueeze(2)


def _pool_word_wise(
    network: AttentionClassifier,
    hidden: Float[Tensor, "batch tokens hidden"],
    mask: Bool[Tensor, "batch tokens"],
) -> _Pool:
    pool, length = _Pool.empty(network, mask), mask.shape[1]
    scores = network.attention.scores(hidden).masked_fill(~mask, -math.inf)
    values = network.head(hidden)
    for word in range(length):
        others = scores[:, word, None].repeat(1, length)
        others[:, word] = -math.inf
        pool.add(others, values[:, word, None].expand(-1, length, -1))
    return pool


def _pool_recurrent(
    network: AttentionClassifier,
    encoder: BiLSTMEncoder,
    embeddings: Float[Tensor, "batch tokens dimensions"],
    mask: Bool[Tensor, "batch tokens"],
) -> _Pool:
    framed, inside = network.frame(embeddings, mask)
    forwards, backwards = network.encode(embeddings, mask).chunk(2, dim=2)

    # Words behind the deletion: their forward states are disturbed, their backward states not.
    behind = _Pool.empty(network, mask)
    for word, disturbed in _disturbed_states(encoder.forwards, framed):
        hidden = torch.cat([disturbed, _at(backwards, word)], dim=2)
        behind.add(_scores(network, hidden, mask[:, word]), network.head(hidden))

    # Words before it: the same, with every document read from its end.
    words = reversed_order(mask)
    forwards = forwards.gather(1, words.unsqueeze(2).expand_as(forwards))
    framed = framed.gather(1, reversed_order(inside).unsqueeze(2).expand_as(framed))
    before = _Pool.empty(network, mask)
    for word, disturbed in _disturbed_states(encoder.backwards, framed):
        hidden = torch.cat([_at(forwards, word), disturbed], dim=2)
        before.add(_scores(network, hidden, mask[:, word]), network.head(hidden))
    return behind.merged(before.reordered(words))


def _at(
    states: Float[Tensor, "batch tokens units"], word: int
) -> Float[Tensor, "batch deletions units"]:
    """The state of one word, the same for every word that may be left out before it."""
    return states[:, word, None].expand(-1, word, -1)


def _scores(
    network: AttentionClassifier,
    hidden: Float[Tensor, "batch deletions hidden"],
    real: Bool[Tensor, " batch"],
) -> Float[Tensor, "batch deletions"]:
    return network.attention.scores(hidden).masked_fill(~real.unsqueeze(1), -math.inf)


def _disturbed_states(
    recurrence: nn.LSTM, framed: Float[Tensor, "batch positions dimensions"]
) -> Iterator[tuple[int, Float[Tensor, "batch deletions units"]]]:
    """For each word s but the first: its states when word t was left out, for every t < s.

    Args:
        recurrence: One direction.
        framed: Its input: a mark, the words, a mark.
    """
    bias = recurrence.get_parameter("bias_ih_l0") + recurrence.get_parameter("bias_hh_l0")
    inputs = framed @ recurrence.get_parameter("weight_ih_l0").T + bias
    weight = recurrence.get_parameter("weight_hh_l0").T
    batch, positions = framed.shape[:2]
    hidden = inputs.new_zeros(batch, positions, recurrence.hidden_size)
    cell = torch.zeros_like(hidden)
    # Row 0 reads everything. Row t + 1 is a copy of it that waits while word t is read.
    hidden[:, :1], cell[:, :1] = _step(inputs[:, 0], hidden[:, :1], cell[:, :1], weight)
    for word in range(positions - 2):
        hidden[:, word + 1], cell[:, word + 1] = hidden[:, 0], cell[:, 0]
        rows = slice(0, word + 1)
        hidden[:, rows], cell[:, rows] = _step(
            inputs[:, word + 1], hidden[:, rows], cell[:, rows], weight
        )
        if word:
            yield word, hidden[:, 1 : word + 1]


def _step(
    projected: Float[Tensor, "batch gates"],
    hidden: Float[Tensor, "batch rows units"],
    cell: Float[Tensor, "batch rows units"],
    weight: Float[Tensor, "units gates"],
) -> tuple[Float[Tensor, "batch rows units"], Float[Tensor, "batch rows units"]]:
    """One step of an LSTM (Hochreiter & Schmidhuber 1997) for many states and one input."""
    gates = hidden @ weight + projected.unsqueeze(1)
    enter, forget, candidate, leave = gates.chunk(4, dim=2)
    # In place: fresh memory for every step would cost more than the arithmetic.
    cell = forget.sigmoid_().mul_(cell).addcmul_(enter.sigmoid_(), candidate.tanh_())
    return leave.sigmoid_().mul_(cell.tanh()), cell
