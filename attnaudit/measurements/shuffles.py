"""Attention of a model moved to other positions: every way in which the package shuffles it."""

import itertools
from collections.abc import Iterator

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import NDArray
from torch import Tensor

from attnaudit.errors import InvalidArgumentError
from attnaudit.measurements.randomness import document_generator
from attnaudit.models.protocol import Attended

MOST_TOKENS = 2**20
"""Longest document that can be shuffled."""
_SHORT = 2**9
"""Longest document whose keys have 32 bits, which sort four times faster than 64."""
_PLACES, _LONG_PLACES = np.uint32(_SHORT - 1), np.uint64(MOST_TOKENS - 1)
"""The bits of a key that hold a place; the others are random."""


def random_orders(generator: np.random.Generator, *, draws: int, length: int) -> NDArray[np.int64]:
    """Random orders of the tokens of one document: the one way in which any are drawn.

    Every token gets a random key with its place in the lowest bits, and the keys are sorted:
    numbers sort several times faster than tokens exchange places one by one. Two keys are equal up
    to their places with a probability of 1.2e-7, or 6e-14 beyond 512 tokens, and then keep their
    order; so of two tokens either comes first with probability 1/2, to within half of that.

    Args:
        generator: The document's own; calls for fewer draws each give the same orders in all.
        draws: How many orders.
        length: Tokens of the document, at most `MOST_TOKENS`.

    Returns:
        [draws length] places.

    Raises:
        InvalidArgumentError: If the document is too long.
    """
    if length > MOST_TOKENS:
        raise InvalidArgumentError(
            f"at most {MOST_TOKENS} tokens can be shuffled; the document has {length}. Cut it, or "
            "leave it out."
        )
    places = _PLACES if length <= _SHORT else _LONG_PLACES
    # The generator gives words of 64 bits; no word is shared between two draws.
    words = generator.bit_generator.random_raw((draws, -(-length * places.itemsize // 8)))
    keys = words.view(places.dtype)[:, :length] & ~places
    keys |= np.arange(length).astype(places.dtype)
    keys.sort(axis=1)
    keys &= places
    orders: NDArray[np.int64] = keys.astype(np.int64)
    return orders


def own_and_shuffled_orders(
    attended: Attended, *, measurement: str, draws: int, seed: int
) -> Int[Tensor, "batch alternatives tokens"]:
    """Orders of the tokens of each unit: the given one first, then `draws` random ones.

    They are the null that other numbers stand beside. Padding stays where it is. Every draw is
    uniform over the orders of the real tokens, the given one not excluded, and belongs to its
    document: no batch, worker or order of documents changes it.

    Args:
        attended: The units.
        measurement: Name of the measurement, so that no two share their randomness.
        draws: Random orders of each unit.
        seed: Seed of the run.
    """
    batch, tokens = attended.attention.shape
    orders = np.tile(np.arange(tokens), (batch, 1 + draws, 1))
    for unit, (generator, length) in enumerate(_documents(attended, measurement, seed)):
        orders[unit, 1:, :length] = random_orders(generator, draws=draws, length=length)
    return torch.from_numpy(orders).to(attended.attention.device)


def shuffled_rows(
    attended: Attended, *, measurement: str, draws: int, seed: int, at_once: int
) -> Iterator[Float[Tensor, "batch some rows tokens"]]:
    """The rows of each unit in `draws` random orders, some at a time; all rows of a unit alike.

    The orders are those of `own_and_shuffled_orders`, however many are made at once.

    Args:
        attended: The units.
        measurement: Name of the measurement, so that no two share their randomness.
        draws: Random orders of each unit, at least 1.
        seed: Seed of the run.
        at_once: Random orders of each unit that are held in memory together, at least 1.

    Yields:
        The rows in the next orders of their unit.
    """
    given = attended.rows.detach().cpu().numpy()
    documents = list(_documents(attended, measurement, seed))
    for start in range(0, draws, at_once):
        some = min(at_once, draws - start)
        shuffled = np.zeros((len(given), some, *given.shape[1:]), dtype=given.dtype)
        for unit, (generator, length) in enumerate(documents):
            orders = random_orders(generator, draws=some, length=length)
            for row, weights in enumerate(given[unit]):
                shuffled[unit, :, row, :length] = weights.take(orders)
        yield torch.from_numpy(shuffled).to(attended.rows.device)


def _documents(
    attended: Attended, measurement: str, seed: int
) -> Iterator[tuple[np.random.Generator, int]]:
    lengths = attended.mask.sum(dim=1).tolist()
    for (document, unit), length in zip(attended.units, lengths, strict=True):
        yield document_generator(seed, f"{measurement}/{unit}", document), length


def every_order(length: int, *, width: int) -> Int[Tensor, "orders width"]:
    """All orders of `length` tokens, the given one first; what lies behind them stays.

    Args:
        length: How many tokens change places.
        width: Tokens with the padding, at least `length`.

    Example:
        >>> every_order(2, width=3).tolist()
        [[0, 1, 2], [1, 0, 2]]
    """
    behind = range(length, width)
    return torch.tensor([(*order, *behind) for order in itertools.permutations(range(length))])


def reordered(
    rows: Float[Tensor, "batch rows tokens"], orders: Int[Tensor, "batch alternatives tokens"]
) -> Float[Tensor, "batch alternatives rows tokens"]:
    """Every order applied to all rows of its unit alike."""
    shape = (orders.shape[0], orders.shape[1], rows.shape[1], orders.shape[2])
    return rows.unsqueeze(1).expand(shape).gather(3, orders.unsqueeze(2).expand(shape)).contiguous()
