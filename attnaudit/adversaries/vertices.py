"""The corners of the attentions that keep one logit inside a slab, and the farthest of them.

The Jensen-Shannon divergence from a given attention is convex, so its maximum over a polytope is
at a corner. The simplex cut by one slab has two kinds: a single token whose own logit lies in the
slab, and a pair, one below and one above a face, mixed to land on that face. For weight w on one
token and 1 - w on another the divergence is
ln 2 + ½ [l(a) + l(b) + l(w) + l(1 - w) - l(a + w) - l(b + 1 - w)], with l(x) = x ln x and the
attention a and b of the two.
"""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float64, Int
from torch import Tensor

from attnaudit.adversaries.frontier import Frontier, frontier
from attnaudit.adversaries.slab import Slab

PAIRS_AT_ONCE = 2**20
"""Entries of one block of the pair matrix: 8 MiB per intermediate result."""

SLACK = 64 * torch.finfo(torch.float64).eps
"""How far outside the slab, relative to the largest logit, a token may lie through rounding.

Without it, a unit whose tokens all have the same logit would have no corner if nothing may move,
since the logit of a long document carries the rounding of its sum.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Vertices:
    """One corner per unit: `weight` on `first`, the rest on `second`.

    Attributes:
        divergence: [batch] from the model's attention, in nats; -inf where there is no corner.
        first: [batch] position of one token.
        second: [batch] position of the other, which may be the same.
        weight: [batch] of `first`, in [0, 1].
    """

    divergence: Float64[Tensor, " batch"]
    first: Int[Tensor, " batch"]
    second: Int[Tensor, " batch"]
    weight: Float64[Tensor, " batch"]

    def or_better(self, other: "Vertices") -> "Vertices":
        """Whichever lies farther, unit by unit."""
        better = other.divergence > self.divergence
        return Vertices(
            divergence=torch.where(better, other.divergence, self.divergence),
            first=torch.where(better, other.first, self.first),
            second=torch.where(better, other.second, self.second),
            weight=torch.where(better, other.weight, self.weight),
        )

    def or_else(
        self, attention: Float64[Tensor, "batch tokens"]
    ) -> Float64[Tensor, "batch tokens"]:
        """The corners as attention; the given attention where no corner is farther from it."""
        corner = torch.zeros_like(attention)
        corner.scatter_add_(1, self.first.unsqueeze(1), self.weight.unsqueeze(1))
        corner.scatter_add_(1, self.second.unsqueeze(1), 1 - self.weight.unsqueeze(1))
        return torch.where(self.divergence.unsqueeze(1) > 0, corner, attention)


def farthest_vertices(
    attention: Float64[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    logits: Float64[Tensor, "batch tokens"],
    slab: Slab,
) -> Vertices:
    """The corner of simplex and slab with the largest divergence from `attention`.

    Args:
        attention: Weights that sum to 1 over the mask.
        mask: True at a real token.
        logits: The logit that each token gives alone; finite at real tokens.
        slab: Admissible logits of each unit.
    """
    order = attention.masked_fill(~mask, math.inf).argsort(dim=1, stable=True)
    mask, logits = mask.gather(1, order), logits.gather(1, order)
    attention = attention.gather(1, order)
    alone = math.log(2) + 0.5 * (_x_ln_x(attention) - _x_ln_x(attention + 1))
    best = _singles(alone, mask, logits, slab)
    for face in slab:
        best = _or_best_pair(best, alone, attention, mask, logits - face.unsqueeze(1))
    return Vertices(
        divergence=best.divergence,
        first=order.gather(1, best.first.unsqueeze(1)).squeeze(1),
        second=order.gather(1, best.second.unsqueeze(1)).squeeze(1),
        weight=best.weight,
    )


def _singles(
    alone: Float64[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    logits: Float64[Tensor, "batch tokens"],
    slab: Slab,
) -> Vertices:
    slack = SLACK * logits.abs().masked_fill(~mask, 0).amax(dim=1, keepdim=True)
    inside = (logits >= slab.low.unsqueeze(1) - slack) & (logits <= slab.high.unsqueeze(1) + slack)
    value, index = alone.masked_fill(~(inside & mask), -math.inf).max(dim=1)
    return Vertices(divergence=value, first=index, second=index, weight=torch.ones_like(value))


def _or_best_pair(
    best: Vertices,
    alone: Float64[Tensor, "batch tokens"],
    attention: Float64[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    offset: Float64[Tensor, "batch tokens"],
) -> Vertices:
    # An infinite face has every token on one side of it, hence no pair.
    below = frontier(-offset, mask & (offset < 0))
    above = frontier(offset, mask & (offset > 0))
    batch, columns = above.position.shape
    if columns == 0:
        return best
    rows_at_once = max(1, PAIRS_AT_ONCE // (batch * columns))
    for start in range(0, below.position.shape[1], rows_at_once):
        rows = below[start : start + rows_at_once]
        promising = _promising(rows, above, alone > best.divergence.unsqueeze(1))
        best = best.or_better(_best_pair(promising, attention, offset, rows, above))
    return best


def _promising(
    below: Frontier, above: Frontier, better_alone: Bool[Tensor, "batch tokens"]
) -> Bool[Tensor, "batch below above"]:
    """Pairs that may beat what is known: no mixture lies farther than its lighter end alone."""
    row, column = (better_alone.gather(1, side.position) for side in (below, above))
    used = below.used.unsqueeze(2) & above.used.unsqueeze(1)
    return used & (row.unsqueeze(2) | column.unsqueeze(1))


def _best_pair(
    promising: Bool[Tensor, "batch below above"],
    attention: Float64[Tensor, "batch tokens"],
    offset: Float64[Tensor, "batch tokens"],
    below: Frontier,
    above: Frontier,
) -> Vertices:
    unit, row, column = promising.nonzero(as_tuple=True)
    first, second = below.position[unit, row], above.position[unit, column]
    a, b = attention[unit, first], attention[unit, second]
    down, up = -offset[unit, first], offset[unit, second]
    weight, rest = up / (down + up), down / (down + up)
    bracket = (
        (_x_ln_x(a) + _x_ln_x(b))
        + (_x_ln_x(weight) + _x_ln_x(rest))
        - (_x_ln_x(a + weight) + _x_ln_x(b + rest))
    )
    divergence = torch.full_like(promising, -math.inf, dtype=attention.dtype)
    divergence[unit, row, column] = math.log(2) + 0.5 * bracket
    value, position = divergence.flatten(1).max(dim=1, keepdim=True)
    first = below.position.gather(1, position // promising.shape[2])
    second = above.position.gather(1, position % promising.shape[2])
    down, up = -offset.gather(1, first), offset.gather(1, second)
    return Vertices(
        divergence=value.squeeze(1),
        first=first.squeeze(1),
        second=second.squeeze(1),
        weight=(up / (down + up)).squeeze(1),
    )


def _x_ln_x(x: Float64[Tensor, "*shape"]) -> Float64[Tensor, "*shape"]:
    return torch.xlogy(x, x)
