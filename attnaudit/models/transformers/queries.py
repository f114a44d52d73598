"""The positions whose attention a site is about."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from attnaudit.models.transformers.anatomy import Reads, last_read
from attnaudit.models.transformers.network import Inputs


@dataclass(frozen=True, kw_only=True, slots=True)
class Queries:
    """Positions of pieces, the same number for each entry.

    Attributes:
        positions: Int [batch queries], no position twice in an entry.
        real: Bool [batch queries], False at padding, whose attention is left alone.
    """

    positions: Int[Tensor, "batch queries"]
    real: Bool[Tensor, "batch queries"]

    @classmethod
    def read_from(cls, reads: Reads, inputs: Inputs, *, padding: int) -> "Queries":
        """The positions that a classifier reads.

        Args:
            reads: Which of them.
            inputs: What the network reads; padding comes last.
            padding: The piece that padding holds.
        """
        if reads == "every":
            return cls.every(inputs)
        last = last_read(inputs, padding=padding).unsqueeze(1)
        position = torch.zeros_like(last) if reads == "first" else last
        return cls(positions=position, real=torch.ones_like(position, dtype=torch.bool))

    @classmethod
    def every(cls, inputs: Inputs) -> "Queries":
        """All positions.

        Args:
            inputs: What the network reads.
        """
        mask = inputs.mask
        positions = torch.arange(mask.shape[1], device=mask.device).expand(mask.shape)
        return cls(positions=positions, real=mask)

    def shares(self, pieces: int) -> Float[Tensor, "batch pieces"]:
        """How much of what is read comes from each position: equal shares that sum to 1.

        Args:
            pieces: How many positions an entry has, padding included.
        """
        real = self.real.to(torch.float64)
        nowhere = real.new_zeros(len(real), pieces)
        return nowhere.scatter(1, self.positions, real / real.sum(dim=1, keepdim=True))

    def select(self, index: Int[Tensor, " selected"]) -> "Queries":
        """Those of some entries only."""
        return Queries(positions=self.positions[index], real=self.real[index])

    def repeated(self, times: int) -> "Queries":
        """Those of every entry so many times, one after the other."""
        rows = torch.arange(len(self.positions), device=self.positions.device)
        return self.select(rows.repeat_interleave(times))
