"""Back from witnesses that move the output too far, towards the model's own attention."""

import torch
from jaxtyping import Float64
from torch import Tensor

from attnaudit.adversaries._instance import TOLERANCE, Instance

SHARES_KEPT = (1 - 1e-5, 1 - 1e-4, 1 - 1e-3, 0.99, 0.9, 0.5, 0.0)
"""How much of the way from the model's own attention to the witness is tried, in this order."""


def retreat(
    instance: Instance, witness: Float64[Tensor, "batch tokens"], *, max_tvd: float
) -> Float64[Tensor, "batch tokens"]:
    """Witnesses that a run of the readout confirms.

    A witness is computed in float64 for one unit at a time; the readout is run in its own
    precision on all units, and may round otherwise. Where that exceeds the permitted distance by
    half the tolerance, or more, the witness is mixed with the model's own attention.

    Args:
        instance: The units.
        witness: A candidate for each.
        max_tvd: Permitted total variation distance of the output.
    """
    confirmed = witness
    for share in SHARES_KEPT:
        # Half the tolerance: a run in another batch may round otherwise and must pass as well.
        exceeding = instance.tvd(confirmed) > max_tvd + TOLERANCE / 2
        if not bool(exceeding.any()):
            break
        closer = instance.attention + share * (witness - instance.attention)
        confirmed = torch.where(exceeding.unsqueeze(1), closer, confirmed)
    return confirmed
