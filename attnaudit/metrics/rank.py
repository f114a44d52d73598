"""Whether two sets of weights put the tokens of a document in the same order."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Float64
from numpy.typing import NDArray
from scipy.stats import kendalltau
from torch import Tensor

from attnaudit.metrics._check import check_finite, check_mask, check_same_shape

ONE_TOKEN = "one token"  # noqa: S105 - a cause, not a secret
"""Why a document of one token has no rank, nor anything else to compare."""
CONSTANT_WIDTH = 1e-6
"""Range, relative to the largest magnitude, up to which a row is constant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KendallTau:
    """Rank correlation of every row.

    Attributes:
        statistic: [batch] Kendall's tau-b, in [-1, 1]; NaN where undefined.
        pvalue: [batch] of the two-sided test of independence, in [0, 1]; NaN where undefined.
        undefined: Why a row has no correlation, None where it has one.
    """

    statistic: Float64[Tensor, " batch"]
    pvalue: Float64[Tensor, " batch"]
    undefined: tuple[str | None, ...]


def tie_width(dtype: torch.dtype) -> float:
    """How near, relative to the largest magnitude of their row, two values count as equal."""
    return 1e-12 if dtype == torch.float64 else 1e-6


def kendall_tau(
    x: Float[Tensor, "batch tokens"],
    y: Float[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    *,
    names: tuple[str, str] = ("attention", "importance"),
) -> KendallTau:
    """Kendall's tau-b of each row over its real tokens, with the two-sided p-value.

    Rounding noise must make ties and never an order, so neighbours in value are ties if they are
    nearer than 1e-12 (float64) or 1e-6 (any other precision) of the row's largest magnitude. A row
    whose range is at most 1e-6 of it ranks nothing in any precision: it is undefined, not zero.

    Args:
        x: First value of each token, for example attention.
        y: Second value of each token, for example importance.
        mask: True at a real token; other entries are never read.
        names: What `x` and `y` are, for the causes and the errors.

    Returns:
        Correlations equal to those of `scipy.stats.kendalltau` with its default method. The
        cause of an undefined row is "one token", or "constant" and the name of the side that is
        constant (of the first, if both are).

    Raises:
        InvalidArgumentError: If shapes differ, a row has no token, or a real token's value is
            not finite.

    Source:
        Kendall (1945); used as in Jain & Wallace (2019), section 4.1.

    Example:
        >>> order = torch.tensor([[0.1, 0.2, 0.7]])
        >>> kendall_tau(order, -order, torch.ones(1, 3, dtype=torch.bool)).statistic.tolist()
        [-1.0]
    """
    check_same_shape(x, mask, names=(names[0], "mask"))
    check_same_shape(y, mask, names=(names[1], "mask"))
    check_mask(mask)
    check_finite(x.masked_fill(~mask, 0), name=names[0])
    check_finite(y.masked_fill(~mask, 0), name=names[1])
    widths = tie_width(x.dtype), tie_width(y.dtype)
    rows = [
        _row((first[real], second[real]), widths, names=names)
        for first, second, real in zip(_array(x), _array(y), mask.cpu().numpy(), strict=True)
    ]
    numbers = torch.tensor([row[:2] for row in rows], dtype=torch.float64, device=x.device)
    statistic, pvalue = numbers.reshape(-1, 2).unbind(dim=1)
    return KendallTau(
        statistic=statistic, pvalue=pvalue, undefined=tuple(cause for _, _, cause in rows)
    )


def _array(values: Float[Tensor, "batch tokens"]) -> NDArray[np.float64]:
    return values.detach().to("cpu", torch.float64).numpy()


def _row(
    sides: tuple[NDArray[np.float64], NDArray[np.float64]],
    widths: tuple[float, float],
    *,
    names: tuple[str, str],
) -> tuple[float, float, str | None]:
    if len(sides[0]) == 1:
        return math.nan, math.nan, ONE_TOKEN
    for values, name in zip(sides, names, strict=True):
        if np.ptp(values) <= CONSTANT_WIDTH * np.abs(values).max():
            return math.nan, math.nan, f"constant {name}"
    ranks = (_ranks(values, width) for values, width in zip(sides, widths, strict=True))
    result = kendalltau(*ranks)
    return float(result.statistic), float(result.pvalue), None


def _ranks(values: NDArray[np.float64], width: float) -> NDArray[np.int64]:
    """Dense ranks from 0, equal for neighbours in value no farther apart than `width`."""
    order = np.argsort(values)
    # Dividing first keeps subnormal rows apart: their largest magnitude times a width is zero.
    apart = np.diff(values[order] / np.abs(values).max()) > width
    ranks = np.zeros(len(values), dtype=np.int64)
    ranks[order[1:]] = np.cumsum(apart)
    return ranks
