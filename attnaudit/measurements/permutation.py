"""Does the order of attention matter? Shuffle the weights, watch the output."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.measurements.randomness import document_generator
from attnaudit.metrics import total_variation_distance
from attnaudit.models.protocol import Attended, AttentionModel, Batch
from attnaudit.records import ValueRow

WEIGHTS_AT_ONCE = 2**23
"""Shuffled weights held in memory together; more draws are made in turns."""


def permutation(
    model: AttentionModel, batch: Batch, *, site: str, draws: int, seed: int
) -> tuple[ValueRow, ...]:
    """Quantity "tvd" in [0, 1]: the median over draws of the change of the output.

    Each draw moves the weights of the real tokens at random, the identity not excluded, and keeps
    everything else. A document of one token has no other order and changes by 0.

    Source:
        Jain & Wallace (2019), section 4.2.1 and algorithm 2, with 100 draws.
    """
    [attended] = model.attend(batch, sites=[site])
    generators = [
        document_generator(seed, f"permutation/{unit}", document)
        for document, unit in attended.units
    ]
    at_once = max(1, WEIGHTS_AT_ONCE // attended.attention.numel())
    changes = [
        _changes(attended, generators, draws=min(at_once, draws - start))
        for start in range(0, draws, at_once)
    ]
    # torch.median would take the lower of the two middle draws.
    medians = np.median(torch.cat(changes, dim=1).double().cpu().numpy(), axis=1)
    return tuple(
        ValueRow(
            document=document,
            unit=unit,
            quantity="tvd",
            value=float(median),
            lower=float(median),
            upper=float(median),
        )
        for (document, unit), median in zip(attended.units, medians, strict=True)
    )


def _changes(
    attended: Attended, generators: Sequence[np.random.Generator], *, draws: int
) -> Float[Tensor, "batch draws"]:
    """Total variation distances of the next draws of every document."""
    batch, tokens = attended.attention.shape
    orders = np.tile(np.arange(tokens), (batch, draws, 1))
    lengths = attended.mask.sum(dim=1).tolist()
    for position, (generator, length) in enumerate(zip(generators, lengths, strict=True)):
        orders[position, :, :length] = generator.permuted(orders[position, :, :length], axis=1)
    index = torch.from_numpy(orders).to(attended.attention.device)
    permuted = attended.attention.unsqueeze(1).expand(-1, draws, -1).gather(2, index)
    alternatives = attended.readout(permuted)
    own = attended.probabilities.unsqueeze(1).expand_as(alternatives)
    return total_variation_distance(alternatives, own)
