"""What shuffling attention does to a logit that is linear in it, without a single shuffle."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Float64
from torch import Tensor

from attnaudit.metrics._check import check_finite, check_same_shape
from attnaudit.metrics.rank import ONE_TOKEN, is_constant
from attnaudit.metrics.simplex import check_attention


@dataclass(frozen=True, kw_only=True, slots=True)
class PermutedLogit:
    r"""The logit over all orders of the weights, each as likely as any other.

    The model's own logit is `mean + alignment * sqrt(T - 1) * deviation` for T tokens: how far
    shuffling moves it is a matter of size (deviation) and of direction (alignment), and attention
    that points at the wrong words may move it as far as attention that points at the right ones.

    Attributes:
        mean: [batch] mean, in the unit of the logits.
        deviation: [batch] standard deviation, in the unit of the logits; 0 for a single token.
        alignment: [batch] Pearson's correlation of weights and token logits, in [-1, 1]; NaN
            where undefined.
        undefined: Why a row has no alignment, None where it has one.
    """

    mean: Float64[Tensor, " batch"]
    deviation: Float64[Tensor, " batch"]
    alignment: Float64[Tensor, " batch"]
    undefined: tuple[str | None, ...]


def permuted_logit(
    attention: Float[Tensor, "batch tokens"],
    logits: Float[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
) -> PermutedLogit:
    r"""Moments of $u_\pi = \sum_t \alpha_{\pi(t)} z_t$ over all orders $\pi$ of T tokens.

    $E u_\pi = \bar z$ and
    $\mathrm{Var}\, u_\pi = \frac{T^2}{T - 1} \mathrm{Var}(\alpha) \mathrm{Var}(z)$, with
    variances over the tokens of the document (divided by T). All arithmetic is in float64.

    Only one logit: several have a covariance, and which direction of it decides depends on the
    classes that are compared.

    Args:
        attention: Weights, on the simplex over `mask`.
        logits: The logit z that each token would give alone, with the bias.
        mask: True at a real token; other entries of `logits` are never read.

    Returns:
        Moments and alignment. The cause of a row without alignment is "one token", "constant
        attention" or "constant logits" (the first of these that holds); constant is a range of at
        most 1e-6 of the largest magnitude, as for rank correlations.

    Raises:
        InvalidArgumentError: If shapes differ, `attention` is not a distribution over the mask, or
            the logit of a real token is not finite.

    Source:
        Hoeffding (1951), on linear permutation statistics.

    Example:
        >>> attention = torch.tensor([[0.75, 0.25]])
        >>> found = permuted_logit(attention, torch.tensor([[4.0, 0.0]]), attention > 0)
        >>> found.mean.item(), found.deviation.item(), found.alignment.item()
        (2.0, 1.0, 1.0)
    """
    check_same_shape(attention, logits, names=("attention", "logits"))
    check_attention(attention, mask)
    check_finite(logits.masked_fill(~mask, 0), name="logits")
    weights, scores = attention.double(), logits.double().masked_fill(~mask, 0)
    tokens = mask.sum(dim=1).double()
    # Squares of tiny logits would be zero, and those of huge ones infinite.
    scale = scores.abs().amax(dim=1)
    relative = scores / torch.where(scale == 0, 1.0, scale).unsqueeze(1)
    mean = relative.sum(dim=1) / tokens
    # The weights sum to 1, so their mean is one over the number of tokens.
    excess = (weights - 1 / tokens.unsqueeze(1)).masked_fill(~mask, 0)
    centred = (relative - mean.unsqueeze(1)).masked_fill(~mask, 0)
    spread = excess.square().sum(dim=1).sqrt() * centred.square().sum(dim=1).sqrt()
    causes = _causes(weights, scores, mask)
    undefined = torch.tensor([cause is not None for cause in causes], device=mask.device)
    alignment = ((excess * centred).sum(dim=1) / spread).clamp(-1, 1)
    return PermutedLogit(
        mean=scale * mean,
        # A sum of squares is T times a variance. One token has one order and does not move.
        deviation=scale * spread / (tokens - 1).clamp(min=1).sqrt(),
        alignment=alignment.masked_fill(undefined, math.nan),
        undefined=causes,
    )


def _causes(
    weights: Float64[Tensor, "batch tokens"],
    scores: Float64[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
) -> tuple[str | None, ...]:
    single = (mask.sum(dim=1) == 1).tolist()
    constant = _constant(weights, mask), _constant(scores, mask)
    return tuple(_cause(*row) for row in zip(single, *constant, strict=True))


def _cause(single: bool, constant_weights: bool, constant_scores: bool) -> str | None:
    if single:
        return ONE_TOKEN
    if constant_weights:
        return "constant attention"
    return "constant logits" if constant_scores else None


def _constant(
    values: Float64[Tensor, "batch tokens"], mask: Bool[Tensor, "batch tokens"]
) -> list[bool]:
    least = values.masked_fill(~mask, math.inf).amin(dim=1)
    largest = values.masked_fill(~mask, -math.inf).amax(dim=1)
    constant: list[bool] = is_constant(least, largest).tolist()
    return constant
