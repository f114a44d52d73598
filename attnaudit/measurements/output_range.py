r"""Least and largest probability of a class that any attention gives, for several classes.

The logarithm of a softmax probability is concave in the logits, and these are linear in
attention. So the probability is least at a single token, and its largest value is a convex
programme over the simplex, solved by Frank-Wolfe steps between two tokens. At every attention the
slope bounds what any other could add, so a solver that stops early makes the range less certain,
never wrong.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float64, Int
from torch import Tensor

STEPS = 1_000
"""Moves of weight from one token to another, at most."""

NARROW = 1e-6
"""Difference of log-probability, in nats, that no other attention can add where steps end."""

HALVINGS = 50
"""Of the weight that can be moved, to find how much of it should be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OutputRange:
    """Probabilities of one class of each unit, in [0, 1].

    Attributes:
        lowest: The least that any attention gives.
        highest: What some attention gives.
        bound: No attention gives more; at least `highest`.
    """

    lowest: Float64[Tensor, " batch"]
    highest: Float64[Tensor, " batch"]
    bound: Float64[Tensor, " batch"]


def output_range(
    logits: Float64[Tensor, "batch tokens classes"],
    mask: Bool[Tensor, "batch tokens"],
    chosen: Int[Tensor, " batch"],
) -> OutputRange:
    """How far attention alone can move the probability of a class.

    Args:
        logits: What each token would give alone, before the softmax.
        mask: True at a real token.
        chosen: The class of each unit.

    Example:
        >>> logits = torch.tensor([[[0.0, 2.0, 0.0], [0.0, 0.0, 2.0]]], dtype=torch.float64)
        >>> mask = torch.ones(1, 2, dtype=torch.bool)
        >>> found = output_range(logits, mask, torch.tensor([0]))
        >>> found.lowest.tolist(), found.highest.tolist()
        ([0.107], [0.155])
    """
    index = chosen[:, None, None].expand(-1, logits.shape[1], 1)
    lead = logits - logits.gather(2, index)
    lead = lead.masked_fill(~mask.unsqueeze(2), 0.0)
    cost = lead.logsumexp(dim=2)
    lowest = (-cost.masked_fill(~mask, -torch.inf).amax(dim=1)).exp()
    first = cost.masked_fill(~mask, torch.inf).argmin(dim=1, keepdim=True)
    weights = torch.zeros_like(cost).scatter(1, first, 1.0)
    slope, gap = _slope(weights, lead, mask)
    for _ in range(STEPS):
        if bool((gap <= NARROW).all()):
            break
        weights = _moved(weights, lead, slope, mask)
        slope, gap = _slope(weights, lead, mask)
    least = _mixed(weights, lead).logsumexp(dim=1)
    highest = (-least).exp()
    return OutputRange(lowest=lowest, highest=highest, bound=(gap - least).exp().clamp(max=1))


def _mixed(
    weights: Float64[Tensor, "batch tokens"], lead: Float64[Tensor, "batch tokens classes"]
) -> Float64[Tensor, "batch classes"]:
    return torch.bmm(weights.unsqueeze(1), lead).squeeze(1)


def _slope(
    weights: Float64[Tensor, "batch tokens"],
    lead: Float64[Tensor, "batch tokens classes"],
    mask: Bool[Tensor, "batch tokens"],
) -> tuple[Float64[Tensor, "batch tokens"], Float64[Tensor, " batch"]]:
    """Derivative of the cost by each weight, and how much less any attention could cost."""
    probabilities = _mixed(weights, lead).softmax(dim=1)
    slope = torch.bmm(lead, probabilities.unsqueeze(2)).squeeze(2)
    least = slope.masked_fill(~mask, torch.inf).amin(dim=1)
    return slope, ((weights * slope).sum(dim=1) - least).clamp(min=0)


def _moved(
    weights: Float64[Tensor, "batch tokens"],
    lead: Float64[Tensor, "batch tokens classes"],
    slope: Float64[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
) -> Float64[Tensor, "batch tokens"]:
    """As much weight as pays, moved from where it costs most to where it costs least."""
    to = slope.masked_fill(~mask, torch.inf).argmin(dim=1, keepdim=True)
    taken = slope.masked_fill(weights == 0, -torch.inf).argmax(dim=1, keepdim=True)
    every = torch.arange(len(weights), device=weights.device)
    way = lead[every, to[:, 0]] - lead[every, taken[:, 0]]
    logits = _mixed(weights, lead)
    low, high = torch.zeros_like(weights[:, :1]), weights.gather(1, taken)
    most = high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        rising = ((logits + middle * way).softmax(dim=1) * way).sum(dim=1, keepdim=True) > 0
        low, high = torch.where(rising, low, middle), torch.where(rising, middle, high)
    still_falls = ((logits + most * way).softmax(dim=1) * way).sum(dim=1, keepdim=True) <= 0
    step = torch.where(still_falls, most, low)
    return weights.scatter_add(1, to, step).scatter_add(1, taken, -step)
