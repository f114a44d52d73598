"""Embeddings of pieces as embeddings of words, and back into the network."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from attnaudit.errors import InvalidArgumentError
from attnaudit.models.transformers.batch import NO_WORD, PieceBatch


def word_embeddings(
    pieces: Float[Tensor, "batch pieces size"], batch: PieceBatch
) -> Float[Tensor, "batch words dimensions"]:
    """The embeddings of a word's pieces side by side, zeros behind those of shorter words.

    So a product with a gradient, summed over the dimensions, is that of the whole word.

    Args:
        pieces: Of every piece that the network reads.
        batch: Which word each belongs to.
    """
    most = int(batch.place_in_word.max()) + 1
    words = pieces.new_zeros(*batch.mask.shape, most, pieces.shape[2])
    here = (batch.word_of != NO_WORD).nonzero(as_tuple=True)
    words[here[0], batch.word_of[here], batch.place_in_word[here]] = pieces[here]
    return words.flatten(2, 3)


def piece_embeddings(
    words: Float[Tensor, "batch words dimensions"],
    own: Float[Tensor, "batch pieces size"],
    batch: PieceBatch,
) -> Float[Tensor, "batch pieces size"]:
    """The same back in the order in which the network reads; special tokens keep their own.

    Args:
        words: As `word_embeddings` gives them.
        own: The network's own embedding of every piece.
        batch: Which word each piece belongs to.

    Raises:
        InvalidArgumentError: If `words` are not of this batch.
    """
    most = int(batch.place_in_word.max()) + 1
    wanted = (*batch.mask.shape, most * own.shape[2])
    if tuple(words.shape) != wanted:
        raise InvalidArgumentError(
            f"embeddings of this batch have the shape {wanted}; got {tuple(words.shape)}. Pass "
            "what embed() returns, changed or not."
        )
    here = (batch.word_of != NO_WORD).nonzero(as_tuple=True)
    parts = words.reshape(*words.shape[:2], most, own.shape[2])
    given = parts[here[0], batch.word_of[here], batch.place_in_word[here]]
    return own.index_put(here, given.to(own.dtype))


@contextmanager
def given_embeddings(
    embedding: nn.Module,
    ids: Int[Tensor, "batch pieces"],
    given: Float[Tensor, "batch pieces size"],
) -> Iterator[None]:
    """Within this, the network's embedding returns `given` where it is asked for the pieces `ids`.

    The network is still called with the numbers of the pieces, from which some architectures tell
    positions and padding.

    Args:
        embedding: The module that turns numbers of pieces into vectors.
        ids: The pieces. What else some networks look up in it, they get.
        given: What it is to return.
    """

    def instead(_: nn.Module, asked: tuple[Tensor, ...], __: object) -> Tensor | None:
        return given if torch.equal(asked[0], ids) else None

    handle = embedding.register_forward_hook(instead)
    try:
        yield
    finally:
        handle.remove()
