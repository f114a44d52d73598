"""The exact adversary of attention that stands in other orders."""

import torch
from jaxtyping import Float64, Int
from torch import Tensor

from attnaudit.adversaries import exact_adversary
from attnaudit.measurements.shuffles import reordered
from attnaudit.models.protocol import Attended


def reordered_divergences(
    attended: Attended, orders: Int[Tensor, "batch alternatives tokens"], *, max_tvd: float
) -> tuple[Float64[Tensor, "batch alternatives"], Float64[Tensor, "batch alternatives"]]:
    """The largest divergence within `max_tvd`, and as a share of that without a limit.

    Each order has an output of its own, which the adversary keeps to.

    Args:
        attended: One batch at one site, whose readout `admits_exact`.
        orders: Orders of the tokens of each unit.
        max_tvd: Total variation distance up to which outputs count as the same, in [0, 1).

    Returns:
        Jensen-Shannon divergences in nats, in [0, ln 2], and shares in [0, 1]; the share of a
        single token is NaN.

    Raises:
        InvalidArgumentError: If the output is no function of one logit that is linear in attention.
    """
    batch, alternatives, _ = orders.shape
    unit = torch.arange(batch, device=orders.device).repeat_interleave(alternatives)
    attention = reordered(attended.attention.unsqueeze(1), orders).flatten(0, 2)
    found = exact_adversary(
        attention, attended.mask[unit], attended.readout.select(unit), max_tvd=max_tvd
    )
    share = (found.divergence / found.free_maximum).clamp(max=1)
    shape = (batch, alternatives)
    return found.divergence.reshape(shape), share.reshape(shape)
