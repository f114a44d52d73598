"""Ranks that rounding noise cannot order: near neighbours in value are ties."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float64, Int64
from torch import Tensor

from attnaudit.metrics.rank.sorting import ascending_order

CONSTANT_WIDTH = 1e-6
"""Range, relative to the largest magnitude, up to which a row is constant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TieRanks:
    """Places of the tokens of each row, counted from the smallest value.

    Attributes:
        ranks: Dense from 0, equal for ties. Padding, which comes after the real tokens, has its
            own column for a rank: beyond every real one, in the same order on either side, tied
            with nothing. So no count of pairs ever needs to know which tokens are real.
        constant: [rows] True where the real tokens rank nothing.
    """

    ranks: Int64[Tensor, "rows tokens"]
    constant: Bool[Tensor, " rows"]


def is_constant(
    least: Float64[Tensor, "*rows"], largest: Float64[Tensor, "*rows"]
) -> Bool[Tensor, "*rows"]:
    """Whether rounding may be all that varies: a range up to `CONSTANT_WIDTH` of the magnitude.

    Args:
        least: Least value of each row.
        largest: Largest value of each row.

    Example:
        >>> least = torch.tensor([5.0, 5.0], dtype=torch.float64)
        >>> is_constant(least, least + torch.tensor([1e-6, 1e-4])).tolist()
        [True, False]
    """
    return largest - least <= CONSTANT_WIDTH * largest.abs().maximum(least.abs())


def tie_width(dtype: torch.dtype) -> float:
    """How near, relative to the largest magnitude of their row, two values count as equal."""
    return 1e-12 if dtype == torch.float64 else 1e-6


def tie_ranks(
    values: Float64[Tensor, "rows tokens"], lengths: Int64[Tensor, " rows"], *, width: float
) -> TieRanks:
    """Dense ranks, equal for neighbours in value no farther apart than `width`.

    Args:
        values: Finite at the first tokens of a row, `lengths` of them; padded with infinity.
        lengths: Number of real tokens of each row, 1 or more.
        width: Relative to the largest magnitude of the row.
    """
    order = ascending_order(values)
    ordered = values.gather(1, order)
    last = lengths[:, None] - 1
    smallest, greatest = ordered[:, :1], ordered.gather(1, last)
    largest = smallest.abs().maximum(greatest.abs())
    # Dividing first keeps subnormal rows apart: their largest magnitude times a width is zero.
    apart = (ordered / largest).diff(dim=1) > width
    dense = torch.nn.functional.pad(apart.cumsum(dim=1), (1, 0))
    one_place = dense.gather(1, last) == 0
    constant = one_place | is_constant(smallest, greatest)
    ranks = torch.empty_like(dense).scatter_(1, order, dense)
    columns = torch.arange(values.shape[1], device=values.device)
    return TieRanks(ranks=torch.where(columns > last, columns, ranks), constant=constant.squeeze(1))


def tie_sizes(ranks: Int64[Tensor, "rows tokens"]) -> Int64[Tensor, "rows tokens"]:
    """How many tokens of each row have rank 0, 1, 2, ..."""
    ones = torch.ones((), dtype=torch.int64, device=ranks.device).expand_as(ranks)
    return torch.zeros_like(ranks).scatter_add_(1, ranks, ones)
