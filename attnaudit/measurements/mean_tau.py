"""Kendall's tau-b with several attentions, averaged for each document."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Float64
from torch import Tensor

from attnaudit.metrics import kendall_tau


@dataclass(frozen=True, kw_only=True, slots=True)
class MeanTau:
    """One mean for every document.

    Attributes:
        mean: [batch] in [-1, 1]; NaN where undefined.
        undefined: Why a document has none, None where it has one.
    """

    mean: Float64[Tensor, " batch"]
    undefined: tuple[str | None, ...]


def mean_tau(
    pairs: Sequence[tuple[Float[Tensor, "batch tokens"], Float[Tensor, "batch tokens"]]],
    mask: Bool[Tensor, "batch tokens"],
    *,
    names: tuple[str, str],
) -> MeanTau:
    """The mean over `pairs` of the rank correlation between their two sides.

    It is undefined where any of the correlations is: which of them a mean is over must not depend
    on what was found.

    Args:
        pairs: Two values of each token, at least one pair.
        mask: True at a real token.
        names: What the two sides are, for the causes and the errors.

    Raises:
        InvalidArgumentError: If a real token's value is not finite.
    """
    firsts, seconds = zip(*pairs, strict=True)
    found = kendall_tau(
        torch.cat(firsts), torch.cat(seconds), mask.repeat(len(pairs), 1), names=names
    )
    batch = len(mask)
    by_pair = [
        found.undefined[start : start + batch] for start in range(0, len(pairs) * batch, batch)
    ]
    return MeanTau(
        mean=found.statistic.reshape(len(pairs), batch).mean(dim=0),
        undefined=tuple(
            next((cause for cause in causes if cause is not None), None)
            for causes in zip(*by_pair, strict=True)
        ),
    )
