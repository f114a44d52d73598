"""The model's own attention moved to other positions: the null that other numbers stand beside."""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from attnaudit.measurements.randomness import document_generator
from attnaudit.models.protocol import Attended


def own_and_shuffled_orders(
    attended: Attended, *, measurement: str, draws: int, seed: int
) -> Int[Tensor, "batch alternatives tokens"]:
    """Orders of the tokens of each unit: the given one first, then `draws` random ones.

    Padding stays where it is. Every draw is uniform over the orders of the real tokens, the given
    one not excluded, and belongs to its document: no batch, worker or order of documents changes
    it.

    Args:
        attended: The units.
        measurement: Name of the measurement, so that no two share their randomness.
        draws: Random orders of each unit.
        seed: Seed of the run.
    """
    batch, tokens = attended.attention.shape
    orders = np.tile(np.arange(tokens), (batch, 1 + draws, 1))
    lengths = attended.mask.sum(dim=1).tolist()
    for position, (document, unit) in enumerate(attended.units):
        generator = document_generator(seed, f"{measurement}/{unit}", document)
        real = orders[position, 1:, : lengths[position]]
        orders[position, 1:, : lengths[position]] = generator.permuted(real, axis=1)
    return torch.from_numpy(orders).to(attended.attention.device)


def reordered(
    rows: Float[Tensor, "batch rows tokens"], orders: Int[Tensor, "batch alternatives tokens"]
) -> Float[Tensor, "batch alternatives rows tokens"]:
    """Every order applied to all rows of its unit alike."""
    shape = (orders.shape[0], orders.shape[1], rows.shape[1], orders.shape[2])
    return rows.unsqueeze(1).expand(shape).gather(3, orders.unsqueeze(2).expand(shape)).contiguous()
