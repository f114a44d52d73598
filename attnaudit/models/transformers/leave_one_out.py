"""The output without each word in turn."""

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.models.transformers.batch import PieceBatch, without_pieces
from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.tap import tapped

PIECES_AT_ONCE = 2**14
"""Padded pieces of shortened documents that run through the network together."""


@torch.no_grad()
def deletion_logits(
    network: Network, batch: PieceBatch, *, padding: int, outputs: int
) -> Float[Tensor, "batch words outputs"]:
    """Logits without each word; 0 at padding and for documents of one word.

    Words of documents of similar length run together, so little of it is padding.

    Args:
        network: The network.
        batch: At least one document.
        padding: What padding holds.
        outputs: How many logits there are.
    """
    lengths = batch.lengths.tolist()
    places = [
        (row, word)
        for row in sorted(range(len(lengths)), key=lengths.__getitem__)
        for word in range(lengths[row])
        if lengths[row] > 1
    ]
    found: Tensor | None = None
    at_once = max(1, PIECES_AT_ONCE // batch.piece_ids.shape[1])
    for start in range(0, len(places), at_once):
        some = places[start : start + at_once]
        shortened = without_pieces(batch, some, padding=padding)
        # Tapped like every other pass, so that all of them round alike.
        with tapped(network.module, lambda _: None):
            logits = network.logits(Inputs.of(shortened))
        if found is None:
            found = logits.new_zeros(*batch.mask.shape, outputs)
        rows, words = torch.tensor(some, device=logits.device).unbind(dim=1)
        found[rows, words] = logits
    return torch.zeros(*batch.mask.shape, outputs) if found is None else found
