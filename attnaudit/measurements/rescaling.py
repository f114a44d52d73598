r"""Which weights the top position may be given, the others in proportion, for several classes.

Rescaling moves the logits along a straight line, so the outputs are one exponential family in one
parameter. Its likelihood ratios rise, hence the total variation distance from the model's own
output rises on either side: the admissible weights are an interval, whose ends are bisected.
"""

import math

import torch
from jaxtyping import Bool, Float64
from torch import Tensor

from attnaudit.measurements.others import sum_of_others
from attnaudit.measurements.top import mean_over, top_positions

HALVINGS = 60
"""Of an interval of length at most 1, which then is shorter than the spacing of float64."""


def rescaled_top(
    attention: Float64[Tensor, "batch k tokens"],
    mask: Bool[Tensor, "batch tokens"],
    logits: Float64[Tensor, "batch tokens classes"],
    *,
    max_tvd: float,
) -> tuple[Float64[Tensor, "batch k"], Float64[Tensor, "batch k"]]:
    """Least and largest weight of the top position with the output within `max_tvd`.

    Args:
        attention: Alternatives for each unit, which sum to 1; zero at padding.
        mask: True at a real token.
        logits: What each token would give alone, before the softmax; finite, also at padding.
        max_tvd: Permitted total variation distance from the output of each alternative, in [0, 1].

    Returns:
        Ends in [0, 1], averaged over positions of equal weight; NaN where the others have none.
    """
    top = top_positions(attention, mask)
    unit, alternative, position = top.nonzero(as_tuple=True)
    weight = attention[top]
    alone = logits[unit, position]
    own = torch.bmm(attention, logits)[unit, alternative]
    others = sum_of_others(attention)[top]
    # Class by class: all at once would hold a number for every class of every position.
    sums = [sum_of_others(attention * column.unsqueeze(1))[top] for column in logits.unbind(dim=2)]
    rest = torch.stack(sums, dim=1) / others.unsqueeze(1)
    low, high = (
        _end(end, weight, alone, rest, own, max_tvd=max_tvd).masked_fill(others == 0, math.nan)
        for end in (torch.zeros_like(weight), torch.ones_like(weight))
    )
    nothing = torch.zeros_like(attention)
    return (
        mean_over(top, nothing.masked_scatter(top, low)),
        mean_over(top, nothing.masked_scatter(top, high)),
    )


def _end(
    end: Float64[Tensor, " tops"],
    weight: Float64[Tensor, " tops"],
    alone: Float64[Tensor, "tops classes"],
    rest: Float64[Tensor, "tops classes"],
    own: Float64[Tensor, "tops classes"],
    *,
    max_tvd: float,
) -> Float64[Tensor, " tops"]:
    """The admissible weight that is nearest to `end`; no number where there is no rest."""
    before = own.softmax(dim=1)

    def admissible(weights: Float64[Tensor, " tops"]) -> Bool[Tensor, " tops"]:
        share = weights.unsqueeze(1)
        after = (share * alone + (1 - share) * rest).softmax(dim=1)
        return 0.5 * (after - before).abs().sum(dim=1) <= max_tvd

    kept, lost = weight, end
    reached = admissible(end)
    for _ in range(HALVINGS):
        middle = (kept + lost) / 2
        good = admissible(middle)
        kept, lost = torch.where(good, middle, kept), torch.where(good, lost, middle)
    return torch.where(reached, end, kept)
