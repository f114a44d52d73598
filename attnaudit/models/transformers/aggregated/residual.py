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
        Rows on the simplex, in the precision of the logits. Those of padding are read by nothing.

    Source:
        Abnar & Zuidema (2020), section 3.
    """
    ids = recorded.inputs.ids
    identity = torch.eye(ids.shape[1], device=ids.device, dtype=recorded.logits.dtype)
    return tuple(
        (recorded.means[layer].to(identity) + identity) / 2 for layer in sorted(recorded.means)
    )
