"""How fast the output changes with the attention on each word."""

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.measurements.importance.explained import explained_classes, slopes
from attnaudit.models.protocol import Attended, Outputs


def attention_gradient_importance(
    attended: Attended, *, outputs: Outputs
) -> Float[Tensor, "batch tokens"]:
    r"""$\sum |\sum_r \alpha_{rt}\, \partial p / \partial \alpha_{rt}|$, zero at padding.

    The slope of the probability when the weights on a word, those of all rows r of the site, grow
    by a common factor, through the readout alone: hidden states stay, and the weights are not
    brought back to a sum of 1. The outer sum is over the outputs of `explained_classes`.

    Args:
        attended: One batch at one site, which must be replaceable.
        outputs: What the model predicts.

    Raises:
        NotDifferentiableError: If the readout's probabilities are cut off from the attention.

    Source:
        Attention times gradient, Serrano & Smith (2019), who rank by the signed product.
    """
    rows = attended.rows.detach().clone().requires_grad_(True)
    with torch.enable_grad():
        probabilities = attended.readout.replace(rows.unsqueeze(1)).squeeze(1)
    explained = probabilities.gather(1, explained_classes(outputs, probabilities))
    along = (slopes(explained, rows, name="attention") * rows.detach()).sum(dim=2)
    return along.abs().sum(dim=0).masked_fill(~attended.mask, 0.0)
