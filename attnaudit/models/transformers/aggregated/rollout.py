"""Attention rollout: what share of what is read comes from each piece, through all layers."""

from jaxtyping import Float
from torch import Tensor

from attnaudit.models.transformers.aggregated.residual import mixtures
from attnaudit.models.transformers.recording import Recorded


def rollout(recorded: Recorded) -> Float[Tensor, "batch pieces"]:
    r"""$r A_L A_{L-1} \cdots A_1$ with $A_l = (W_l + I) / 2$.

    $W_l$ is the mean of the heads' weights, I stands for the residual stream, and r says which
    positions the classifier reads: one, or all in equal shares.

    Args:
        recorded: A pass with the means of all layers.

    Returns:
        Shares in [0, 1] that sum to 1; 0 at padding.

    Source:
        Abnar & Zuidema (2020), section 3.
    """
    shares = recorded.read.queries.shares(recorded.inputs.ids.shape[1]).to(recorded.logits)
    for mixture in reversed(mixtures(recorded)):
        shares = (shares.unsqueeze(1) @ mixture).squeeze(1)
    return shares
