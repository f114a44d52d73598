"""Kendall's tau-b of a batch, with its p-value."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Float64, Int64
from numpy.typing import NDArray
from torch import Tensor

from attnaudit.metrics.rank.pairs import pair_counts
from attnaudit.metrics.rank.rows import RankedRows, measured_rows
from attnaudit.metrics.rank.significance import exact_pvalue, has_exact_pvalue, normal_pvalue


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
    whose range is at most 1e-6 of it ranks nothing in any precision, nor does one whose neighbours
    are all ties: it is undefined, not zero.

    Args:
        x: First value of each token, for example attention.
        y: Second value of each token, for example importance.
        mask: True at a real token; other entries are never read.
        names: What `x` and `y` are, for the causes and the errors.

    Returns:
        Correlations equal to those of `scipy.stats.kendalltau` with its default method: the
        p-value is exact without ties and with at most 33 tokens or one pair out of order, else
        of the normal approximation. The cause of an undefined row is "one token", or "constant"
        and the name of the side that is constant (of the first, if both are).

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
    numbers, undefined = measured_rows(_tau, x, y, mask, names=names, quantities=2)
    statistic, pvalue = numbers.unbind(dim=1)
    return KendallTau(statistic=statistic, pvalue=pvalue, undefined=undefined)


def _tau(part: RankedRows) -> Float64[Tensor, "rows 2"]:
    """From the counts, on the CPU: roots and special functions differ between devices."""
    counts = pair_counts(part.first, part.second)
    lengths, discordant, both_pairs = _arrays(part.lengths, counts.discordant, counts.both_pairs)
    first_pairs, first_triples = _arrays(counts.first_pairs, counts.first_triples)
    second_pairs, second_triples = _arrays(counts.second_pairs, counts.second_triples)
    total = lengths * (lengths - 1) // 2
    excess = total - first_pairs - second_pairs + both_pairs - 2 * discordant
    statistic = excess / np.sqrt(total - first_pairs) / np.sqrt(total - second_pairs)

    fewest = np.minimum(discordant, total - discordant)
    exact = (first_pairs + second_pairs == 0) & has_exact_pvalue(lengths, fewest)
    rest = ~exact
    pvalue = np.empty(len(lengths))
    pvalue[exact] = exact_pvalue(lengths[exact], fewest[exact])
    pvalue[rest] = normal_pvalue(
        lengths[rest],
        excess[rest],
        first_ties=(first_pairs[rest], first_triples[rest]),
        second_ties=(second_pairs[rest], second_triples[rest]),
    )
    # Only rounding can leave the interval.
    numbers = np.stack((statistic.clip(-1, 1), pvalue), axis=1)
    return torch.from_numpy(numbers).to(part.rows.device)


def _arrays(*counts: Int64[Tensor, " rows"]) -> list[NDArray[np.int64]]:
    return [count.cpu().numpy() for count in counts]
