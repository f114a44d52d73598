"""How many pairs of a permutation stand in descending order."""

import torch
from jaxtyping import Int, Int64
from torch import Tensor

DIRECT = 96
"""Length up to which comparing all pairs is faster than dividing them into blocks."""


def inversions(permutations: Int64[Tensor, "rows tokens"]) -> Int64[Tensor, " rows"]:
    r"""$|\{i < j : p_i > p_j\}|$, exactly, on the device of the rows.

    Up to `DIRECT` tokens all pairs are compared, which takes n² / 2 comparisons of 16-bit numbers,
    none of them a branch. Beyond, positions and values are cut into blocks of about √n, and a pair
    is counted once: in one block of positions, by comparing values; in one block of values but not
    of positions, by comparing blocks of positions; otherwise, from the table of how many elements
    each pair of blocks holds. That is n√n comparisons, and a table of about n entries.

    Args:
        permutations: Each row has every number from 0 to its length - 1 once.
    """
    rows, tokens = permutations.shape
    if tokens <= DIRECT:
        return _inversions_of_columns(_narrow(permutations, limit=tokens).T.contiguous())
    shift = tokens.bit_length() // 2
    size = 1 << shift
    blocks = -(-tokens // size)
    positions = torch.arange(blocks * size, device=permutations.device)
    # Appended in order and beyond every other value, so they add no inversion.
    extra = positions[tokens:].expand(rows, -1)
    values = torch.cat((permutations, extra), dim=1)
    position_of = torch.empty_like(values).scatter_(1, values, positions.expand_as(values))
    same_positions = _narrow(values, limit=len(positions))
    same_values = _narrow(position_of >> shift, limit=max(blocks, size))
    within = torch.zeros(rows * blocks, dtype=torch.int64, device=values.device)
    for side in (same_positions, same_values):
        within += _inversions_of_columns(side.reshape(rows * blocks, size).T.contiguous())
    cells = (positions >> shift) * blocks + (values >> shift)
    ones = torch.ones((), dtype=torch.int64, device=values.device).expand_as(cells)
    table = torch.zeros(rows, blocks**2, dtype=torch.int64, device=values.device)
    table = table.scatter_add_(1, cells, ones).view(rows, blocks, blocks)
    earlier = table.cumsum(dim=1) - table
    earlier_and_greater = earlier.sum(dim=2, keepdim=True) - earlier.cumsum(dim=2)
    between = (table * earlier_and_greater).sum(dim=(1, 2))
    return between + within.view(rows, blocks).sum(dim=1)


def _narrow(numbers: Int64[Tensor, "rows tokens"], *, limit: int) -> Int[Tensor, "rows tokens"]:
    """The narrowest type that holds every number below `limit`, and so many pairs, for speed."""
    fits = (torch.int8, limit <= 2**7), (torch.int16, limit <= 2**15), (torch.int32, True)
    return numbers.to(next(dtype for dtype, enough in fits if enough))


def _inversions_of_columns(values: Int[Tensor, "tokens columns"]) -> Int64[Tensor, " columns"]:
    """Descending pairs of each column, which may repeat a value, compared lag by lag."""
    later_and_smaller = torch.zeros_like(values)
    descends = torch.empty_like(values)
    for lag in range(1, len(values)):
        rest = len(values) - lag
        # Into a number of the same width: a comparison into bool takes several times as long.
        torch.gt(values[:-lag], values[lag:], out=descends[:rest])
        later_and_smaller[:rest] += descends[:rest]
    return later_and_smaller.sum(dim=0, dtype=torch.int64)
