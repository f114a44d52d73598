"""What each layer mixes, the residual stream counted as attention of a position to itself."""

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.models.transformers.recording import Recorded


def mixtures(recorded: Recorded) -> tuple[Float[Tensor, "batch pieces pieces"], ...]:
    r"""$A_l = (W_l + I) / 2$ of each layer, the first first; $W_l$ is the mean over heads.

    Args:
        recorded: A pass with the means of all layers.

    Returns:
        Rows on the simplex, in the precision of the logits; 0 in the rows of padding, which
        nothing reads.

    Source:
        Abnar & Zuidema (2020), section 3.
    """
    mask = recorded.inputs.mask
    identity = torch.eye(mask.shape[1], device=mask.device, dtype=recorded.logits.dtype)
    return tuple(
        ((recorded.means[layer].to(identity) + identity) / 2).masked_fill(~mask.unsqueeze(2), 0.0)
        for layer in sorted(recorded.means)
    )
