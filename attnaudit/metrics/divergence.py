"""How far apart two distributions are, along the last axis."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.metrics._check import check_distribution, check_same_shape

LARGEST_DIVERGENCE = math.log(2)
"""Jensen-Shannon divergence of distributions that share no outcome, in nats."""


def total_variation_distance(
    p: Float[Tensor, "*batch classes"], q: Float[Tensor, "*batch classes"]
) -> Float[Tensor, "*batch"]:
    r"""$\frac12 \sum_c |p_c - q_c|$; for two classes, the change of either probability.

    Returns:
        Distances in [0, 1].

    Raises:
        InvalidArgumentError: If shapes differ, or `p` or `q` is not a distribution. Independent
            labels have no total variation distance: audit each of them as two classes.

    Source:
        Jain & Wallace (2019), section 4.

    Example:
        >>> total_variation_distance(torch.tensor([0.9, 0.1]), torch.tensor([0.4, 0.6])).item()
        0.5
    """
    _check_pair(p, q)
    return (0.5 * (p - q).abs().sum(dim=-1)).clamp(max=1)


def jensen_shannon_divergence(
    p: Float[Tensor, "*batch tokens"], q: Float[Tensor, "*batch tokens"]
) -> Float[Tensor, "*batch"]:
    r"""$\frac12 KL(p \| m) + \frac12 KL(q \| m)$ with $m = (p + q)/2$.

    Returns:
        Divergences in nats, in [0, ln 2]. Zero-probability tokens contribute zero.

    Raises:
        InvalidArgumentError: If shapes differ, or `p` or `q` is not a distribution.

    Source:
        Lin (1991), with equal weights.

    Example:
        >>> one_hot = torch.eye(2)
        >>> jensen_shannon_divergence(one_hot, one_hot.flip(0)).tolist()
        [0.693, 0.693]
    """
    _check_pair(p, q)
    twice_middle = p + q
    divergence = 0.5 * (
        _relative_entropy(p, twice_middle=twice_middle)
        + _relative_entropy(q, twice_middle=twice_middle)
    )
    # Only rounding can leave the interval: both distributions have been checked.
    return divergence.clamp(0, LARGEST_DIVERGENCE)


def entropy(p: Float[Tensor, "*batch tokens"]) -> Float[Tensor, "*batch"]:
    r"""$-\sum_t p_t \ln p_t$.

    Returns:
        Entropies in nats, in [0, ln T]. Zero-probability tokens contribute zero.

    Raises:
        InvalidArgumentError: If `p` is not a distribution.

    Example:
        >>> entropy(torch.tensor([0.5, 0.5, 0.0])).item()
        0.693
    """
    check_distribution(p, name="p")
    return -torch.xlogy(p, p).sum(dim=-1).clamp(max=0)


def _check_pair(p: Tensor, q: Tensor) -> None:
    check_same_shape(p, q, names=("p", "q"))
    check_distribution(p, name="p")
    check_distribution(q, name="q")


def _relative_entropy(
    p: Float[Tensor, "*batch tokens"], *, twice_middle: Float[Tensor, "*batch tokens"]
) -> Float[Tensor, "*batch"]:
    # Twice the middle, since half of the smallest positive number is zero.
    ratio = torch.where(twice_middle > 0, 2 * (p / twice_middle), 1.0)
    return torch.xlogy(p, ratio).sum(dim=-1)
