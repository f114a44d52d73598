"""How far the output moves when a word is deleted."""

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.measurements.importance.one_out import change_without
from attnaudit.metrics import total_variation_distance
from attnaudit.models.protocol import AttentionModel, Batch, SharesLeaveOneOut


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
    shared = model.leave_one_out(batch) if isinstance(model, SharesLeaveOneOut) else None
    defined = batch.mask & (batch.lengths > 1).unsqueeze(1)
    if shared is None:
        return change_without(model, batch, probabilities, defined, one_out=model.without)
    importance = torch.zeros_like(batch.mask, dtype=probabilities.dtype)
    own = probabilities.unsqueeze(1).expand_as(shared)
    importance[defined] = total_variation_distance(shared[defined], own[defined])
    return importance
