"""The share of the free maximum with several classes, enclosed at a few distances."""

from dataclasses import dataclass
from itertools import pairwise

import torch
from jaxtyping import Float64
from torch import Tensor

from attnaudit.adversaries import interval_adversary
from attnaudit.models.protocol import Attended

ENCLOSED = (0.01, 0.05, 0.2)
"""Total variation distances at which the curve is enclosed. Each is one enclosure more, and the
less may change the longer it takes: at 0.001 about twice as long as at 0.01."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The share of every unit lies between `lower` and `upper`, both in [0, 1]."""

    lower: Float64[Tensor, " batch"]
    upper: Float64[Tensor, " batch"]


def enclosed_shares(attended: Attended, *, max_tvd: float) -> dict[float, Ends]:
    """What share of the free maximum the farthest equivalent attention attains, from both sides.

    What is admissible at one distance is so at any larger one. So each witness is where the next
    larger distance begins, and what bounds a distance bounds every smaller one: both ends rise
    with the distance.

    Args:
        attended: One batch at one site, whose readout `admits_interval`.
        max_tvd: One more distance beside those in `ENCLOSED`, in (0, 1).

    Returns:
        The ends by distance, in rising order; NaN for a single token, which has no share.

    Raises:
        InvalidArgumentError: If the readout is no softmax that is linear in attention before it.
    """
    found: dict[float, Ends] = {}
    begin = None
    for limit in sorted({*ENCLOSED, max_tvd}):
        one = interval_adversary(
            attended.attention, attended.mask, attended.readout, max_tvd=limit, candidates=begin
        )
        begin = one.attention.unsqueeze(1)
        ends = (one.divergence, one.upper_bound)
        found[limit] = Ends(*((end / one.free_maximum).clamp(max=1) for end in ends))
    for smaller, larger in pairwise(sorted(found)):
        lower = torch.maximum(found[smaller].lower, found[larger].lower)
        found[larger] = Ends(lower, torch.maximum(lower, found[larger].upper))
    for larger, smaller in pairwise(sorted(found, reverse=True)):
        upper = torch.minimum(found[smaller].upper, found[larger].upper)
        found[smaller] = Ends(found[smaller].lower, upper)
    return found
