"""Attention-weighted means of words that are taken in bit by bit."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional


class Pool:
    """Sums of weights and of weighted values, scaled by the largest score among their words.

    A weight is the exponential of a score. Scores of any range lose nothing, since the largest
    weight of a sum is always one and no sum is ever diminished.

    Args:
        largest: Largest score so far, the lowest number there is where no word has come yet.
        total: Sum of the weights over the largest.
        weighted: Sum of the values by their weights over the largest.
    """

    def __init__(
        self,
        largest: Float[Tensor, "*pools"],
        total: Float[Tensor, "*pools"],
        weighted: Float[Tensor, "*pools outputs"],
    ) -> None:
        self.largest = largest
        self.total = total
        self.weighted = weighted

    @staticmethod
    def of_words(
        scores: Float[Tensor, "*pools"],
        values: Float[Tensor, "*pools outputs"],
        mask: Bool[Tensor, "*pools"],
    ) -> "Pool":
        """One word in each pool, none where the mask is False."""
        return Pool(
            scores.masked_fill(~mask, torch.finfo(scores.dtype).min),
            mask.to(scores.dtype),
            values.masked_fill(~mask.unsqueeze(-1), 0.0),
        )

    @staticmethod
    def empty(shape: torch.Size, *, outputs: int, like: Tensor) -> "Pool":
        """Pools without a word, in the precision and the place of another tensor."""
        lowest = torch.finfo(like.dtype).min
        return Pool(
            like.new_full(shape, lowest),
            like.new_zeros(shape),
            like.new_zeros(*shape, outputs),
        )

    def add(self, other: "Pool") -> None:
        """Take the words of other pools into the first of these, in place."""
        first = slice(0, len(other.total))
        merged = Pool(self.largest[first], self.total[first], self.weighted[first]).merged(other)
        self.largest[first] = merged.largest
        self.total[first] = merged.total
        self.weighted[first] = merged.weighted

    def merged(self, other: "Pool") -> "Pool":
        """The words of both."""
        largest = torch.maximum(self.largest, other.largest)
        ours, theirs = (self.largest - largest).exp(), (other.largest - largest).exp()
        return Pool(
            largest,
            self.total * ours + other.total * theirs,
            self.weighted * ours.unsqueeze(-1) + other.weighted * theirs.unsqueeze(-1),
        )

    def transposed(self) -> "Pool":
        """The two axes of the pools exchanged."""
        return Pool(self.largest.T, self.total.T, self.weighted.transpose(0, 1))

    def gathered(self, places: Int[Tensor, "batch pools"]) -> "Pool":
        """In each row of pools, those at the given places."""
        deep = places.unsqueeze(2).expand_as(self.weighted)
        return Pool(
            self.largest.gather(1, places),
            self.total.gather(1, places),
            self.weighted.gather(1, deep),
        )

    def running(self) -> "Pool":
        """In the place of each pool, along their last axis, it and all before it together."""
        pool, distance = self, 1
        while distance < self.total.shape[-1]:
            pool = pool.merged(pool.shifted(distance))
            distance *= 2
        return pool

    def reversed(self) -> "Pool":
        """The last pool first, along their last axis."""
        return Pool(self.largest.flip(-1), self.total.flip(-1), self.weighted.flip(-2))

    def shifted(self, distance: int) -> "Pool":
        """Each pool so many places further on, along their last axis; empty where none came."""
        places = self.total.shape[-1]
        distance = max(-places, min(distance, places))
        lowest = torch.finfo(self.largest.dtype).min
        return Pool(
            functional.pad(self.largest, (distance, -distance), value=lowest),
            functional.pad(self.total, (distance, -distance)),
            functional.pad(self.weighted, (0, 0, distance, -distance)),
        )

    def mean(self) -> Float[Tensor, "*pools outputs"]:
        """Means of the values; not a number where no word has come."""
        return self.weighted / self.total.unsqueeze(-1)
