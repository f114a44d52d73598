"""How far the output moves when each word in turn is gone, whatever takes its place."""

from collections.abc import Callable, Iterator, Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from attnaudit.metrics import total_variation_distance
from attnaudit.models.protocol import AttentionModel, Batch

TOKENS_PER_FORWARD = 16_384
"""Tokens of documents without a word that are sent through the model at once."""

OneOut = Callable[[Batch, Sequence[tuple[int, int]]], Batch]
"""One entry per place (row, token): that row without that token."""


def change_without(
    model: AttentionModel,
    batch: Batch,
    probabilities: Float[Tensor, "batch classes"],
    defined: Bool[Tensor, "batch tokens"],
    *,
    one_out: OneOut,
) -> Float[Tensor, "batch tokens"]:
    r"""$\mathrm{TVD}(p(x_{-t}), p(x))$, in [0, 1], from one forward pass for each word.

    Documents of similar length share a pass, so little of it is padding.

    Args:
        model: The model.
        batch: Documents.
        probabilities: The model's output on the whole documents.
        defined: The words that are taken out; the others have 0.
        one_out: Takes them out.
    """
    importance = torch.zeros_like(batch.mask, dtype=probabilities.dtype)
    for places in _packed(batch, defined):
        rows, words = torch.tensor(places, device=probabilities.device).unbind(dim=1)
        [without] = model.attend(one_out(batch, places), sites=[model.sites[0].name])
        importance[rows, words] = total_variation_distance(
            without.probabilities, probabilities[rows]
        )
    return importance


def _packed(batch: Batch, defined: Bool[Tensor, "batch tokens"]) -> Iterator[list[tuple[int, int]]]:
    lengths = batch.lengths.tolist()
    packed: list[tuple[int, int]] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        for token in defined[row].nonzero().flatten().tolist():
            if (len(packed) + 1) * lengths[row] > TOKENS_PER_FORWARD and packed:
                yield packed
                packed = []
            packed.append((row, token))
    if packed:
        yield packed
