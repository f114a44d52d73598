"""What every metric asks of its input, in one wording."""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from attnaudit.errors import InvalidArgumentError


def check_same_shape(first: Tensor, second: Tensor, *, names: tuple[str, str]) -> None:
    """Two tensors that are compared entry by entry.

    Raises:
        InvalidArgumentError: If their shapes differ.
    """
    if first.shape != second.shape:
        raise InvalidArgumentError(
            f"{names[0]} and {names[1]} must have the same shape; {names[0]} has "
            f"{list(first.shape)}, {names[1]} has {list(second.shape)}. "
            "Pass one value per token to both, padded alike."
        )


def check_finite(values: Float[Tensor, "*shape"], *, name: str) -> None:
    """No entry is NaN or infinite.

    Raises:
        InvalidArgumentError: If one is.
    """
    if not bool(torch.isfinite(values).all()):
        where = (~torch.isfinite(values)).nonzero()[0].tolist()
        raise InvalidArgumentError(
            f"{name} must be finite; entry {where} is {values[tuple(where)].item()}. "
            "Find where the model divides by zero or overflows."
        )


def check_mask(mask: Bool[Tensor, "*batch tokens"]) -> None:
    """Every row has a token that may be attended.

    Raises:
        InvalidArgumentError: If a row of the mask is False throughout.
    """
    empty = ~mask.any(dim=-1)
    if bool(empty.any()):
        raise InvalidArgumentError(
            f"mask must be True at one token or more of every row; {_row(empty)} has none. "
            "Leave documents without a token out."
        )


def check_distribution(values: Float[Tensor, "*batch entries"], *, name: str) -> None:
    """Non-negative entries that sum to 1 along the last axis, to the precision of their type.

    The sum may be off by the square root of the machine precision (3e-4 in float32, 1.5e-8 in
    float64), which long rows of rounded weights need and unnormalised ones do not meet.

    Raises:
        InvalidArgumentError: If an entry is not finite or negative, or a sum is not 1.
    """
    check_finite(values, name=name)
    negative = (values < 0).any(dim=-1)
    if bool(negative.any()):
        raise InvalidArgumentError(
            f"{name} must not be negative; {_row(negative)} goes down to {values.min().item():.3g}."
            " Pass probabilities, not logits."
        )
    sums = values.sum(dim=-1)
    wrong = (sums - 1).abs() > math.sqrt(torch.finfo(values.dtype).eps)
    if bool(wrong.any()):
        raise InvalidArgumentError(
            f"{name} must sum to 1 along its last axis; {_row(wrong)} sums to "
            f"{sums[wrong].flatten()[0].item():.6g}. "
            "Pass probabilities, not logits, and renormalise after masking."
        )


def _row(failing: Bool[Tensor, "*batch"]) -> str:
    position = failing.nonzero()[0].tolist()
    return f"row {', '.join(map(str, position))}" if position else "it"
