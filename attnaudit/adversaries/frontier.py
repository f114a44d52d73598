"""Which tokens can be one end of the best pair."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float64, Int
from torch import Tensor


@dataclass(frozen=True, kw_only=True, slots=True)
class Frontier:
    """The tokens that remain.

    Attributes:
        position: [batch remaining] where they stand, in ascending order; 0 in unused entries.
        used: [batch remaining] False where a unit has fewer than others of its batch.
    """

    position: Int[Tensor, "batch remaining"]
    used: Bool[Tensor, "batch remaining"]

    def __getitem__(self, part: slice) -> "Frontier":
        """The same part of every unit's tokens."""
        return Frontier(position=self.position[:, part], used=self.used[:, part])


def frontier(
    distance: Float64[Tensor, "batch tokens"], eligible: Bool[Tensor, "batch tokens"]
) -> Frontier:
    r"""The tokens that are not beaten by two others, among tokens in ascending order of attention.

    Two tokens that are mixed so as to land on a face of the slab have weights that depend on how
    far each lies from it. With one end fixed, the divergence falls with the other end's attention
    and is convex in the weights. So an end is beaten when the tokens of no larger attention
    include one that lies no nearer and one that lies no farther: one of the two does at least as
    well. What remains sets a new least or largest distance as attention rises. That is about
    $2 \ln T$ of $T$ tokens where attention and distance are unrelated, and at worst all of them.

    Args:
        distance: How far each token lies from the face, ordered by ascending attention.
        eligible: The tokens on the side of the face that is looked at.
    """
    largest = distance.masked_fill(~eligible, -math.inf).cummax(dim=1).values
    least = distance.masked_fill(~eligible, math.inf).cummin(dim=1).values
    record = eligible & (
        (distance > _before(largest, first=-math.inf)) | (distance < _before(least, first=math.inf))
    )
    count = record.sum(dim=1)
    slots = torch.arange(int(count.max()), device=record.device)
    used = slots < count.unsqueeze(1)
    position = torch.zeros_like(used, dtype=torch.long)
    position[used] = record.nonzero()[:, 1]
    return Frontier(position=position, used=used)


def _before(
    running: Float64[Tensor, "batch tokens"], *, first: float
) -> Float64[Tensor, "batch tokens"]:
    return torch.cat([torch.full_like(running[:, :1], first), running[:, :-1]], dim=1)
