"""Does the order of attention matter? Shuffle the weights, watch the output."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.measurements.randomness import document_generator
from attnaudit.metrics import total_variation_distance
from attnaudit.models.protocol import Attended, AttentionModel, Batch
from attnaudit.records import ValueRow


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
    alternatives = attended.readout(_permuted_attention(attended, draws=draws, seed=seed))
    own = attended.probabilities.unsqueeze(1).expand_as(alternatives)
    change = total_variation_distance(alternatives, own)
    # torch.median would take the lower of the two middle draws.
    medians = np.median(change.double().cpu().numpy(), axis=1)
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


def _permuted_attention(
    attended: Attended, *, draws: int, seed: int
) -> Float[Tensor, "batch draws tokens"]:
    batch, tokens = attended.attention.shape
    orders = np.tile(np.arange(tokens), (batch, draws, 1))
    lengths = attended.mask.sum(dim=1).tolist()
    for position, (document, unit) in enumerate(attended.units):
        generator = document_generator(seed, f"permutation/{unit}", document)
        real = orders[position, :, : lengths[position]]
        orders[position, :, : lengths[position]] = generator.permuted(real, axis=1)
    index = torch.from_numpy(orders).to(attended.attention.device)
    return attended.attention[:, None, :].expand(-1, draws, -1).gather(2, index)
