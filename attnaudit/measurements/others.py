"""Sums over all tokens but one, without taking that one from the total."""

import torch
from jaxtyping import Float64
from torch import Tensor


def sum_of_others(values: Float64[Tensor, "*batch tokens"]) -> Float64[Tensor, "*batch tokens"]:
    r"""$\sum_{s \ne t} v_s$ at every token t: what stands before it plus what stands behind it.

    The total less $v_t$ would lose all digits of small others: if one token has the whole
    attention but 1e-16, a difference says that the others have none.

    Args:
        values: Finite numbers; padding is zero.

    Example:
        >>> sum_of_others(torch.tensor([1.0, 1e-20, 3e-20], dtype=torch.float64)).tolist()
        [4e-20, 1.0, 1.0]
    """
    behind = _sum_before(values.flip(-1)).flip(-1)
    return _sum_before(values) + behind


def _sum_before(values: Float64[Tensor, "*batch tokens"]) -> Float64[Tensor, "*batch tokens"]:
    return torch.nn.functional.pad(values[..., :-1], (1, 0)).cumsum(dim=-1)
