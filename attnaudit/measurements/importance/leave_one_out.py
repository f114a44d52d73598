"""How far the output moves when a word is deleted."""

from collections.abc import Iterator

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.metrics import total_variation_distance
from attnaudit.models.protocol import AttentionModel, Batch, SharesLeaveOneOut

TOKENS_PER_FORWARD = 16_384
"""Tokens of shortened documents that leave-one-out sends through the model at once."""


def leave_one_out_importance(
    model: AttentionModel, batch: Batch, probabilities: Float[Tensor, "batch classes"]
) -> Float[Tensor, "batch tokens"]:
    r"""$\mathrm{TVD}(p(x_{-t}), p(x))$: delete token t, encode and attend again; zero at padding.

    A document of one token has nothing left without it; its importance is zero.

    Args:
        model: The model.
        batch: Documents.
        probabilities: [batch classes] the model's output on the whole documents.

    Source:
        Jain & Wallace (2019), algorithm 1.
    """
    importance = torch.zeros_like(batch.mask, dtype=probabilities.dtype)
    shared = model.leave_one_out(batch) if isinstance(model, SharesLeaveOneOut) else None
    if shared is not None:
        defined = batch.mask & (batch.lengths > 1).unsqueeze(1)
        own = probabilities.unsqueeze(1).expand_as(shared)
        importance[defined] = total_variation_distance(shared[defined], own[defined])
        return importance
    for deletions in _packed_deletions(batch):
        rows = torch.tensor([row for row, _ in deletions], device=probabilities.device)
        columns = torch.tensor([token for _, token in deletions], device=probabilities.device)
        [shortened] = model.attend(model.without(batch, deletions), sites=[model.sites[0].name])
        importance[rows, columns] = total_variation_distance(
            shortened.probabilities, probabilities[rows]
        )
    return importance


def _packed_deletions(batch: Batch) -> Iterator[list[tuple[int, int]]]:
    # Documents of similar length share a forward pass, so little of it is padding.
    lengths = batch.lengths.tolist()
    packed: list[tuple[int, int]] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if lengths[row] == 1:
            continue
        for token in range(lengths[row]):
            if (len(packed) + 1) * lengths[row] > TOKENS_PER_FORWARD and packed:
                yield packed
                packed = []
            packed.append((row, token))
    if packed:
        yield packed
