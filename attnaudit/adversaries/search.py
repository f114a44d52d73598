"""The gradient search of Jain & Wallace (2019), for any readout."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from attnaudit.adversaries._instance import TOLERANCE, Instance
from attnaudit.adversaries.record import Adversary
from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics import check_finite
from attnaudit.models.protocol import Readout
from attnaudit.records import Bound


def search_adversary(
    attention: Float[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    readout: Readout,
    *,
    max_tvd: float,
    starts: Float[Tensor, "batch k tokens"],
    steps: int = 500,
    learning_rate: float = 0.01,
    penalty: float = 500.0,
) -> Adversary:
    r"""Descend from k starts per unit towards distant attention with nearly the same output.

    Adam with AMSGrad minimises, over the logits of k alternatives per unit,
    $\sum_i [-JSD(\beta_i, \alpha) + \mathrm{penalty} \cdot \max(0, TVD_i - \epsilon)]
    - k^{-2} \sum_{i,j} JSD(\beta_i, \beta_j)$, summed over units, so that no unit feels another.

    It deviates from the published code on purpose. The search is penalised and accepted at one
    and the same permitted distance (the code: 0.01 and 0.05), and distance is total variation for
    any number of classes (the code penalises twice that in softmax models). Of all iterates the
    best admissible one is kept, not the last one. The model's own attention, with divergence 0,
    is admissible from the beginning. Penalty and diversity are those of the code; the paper
    prints a penalty of 100 per alternative and a diversity weight of 1/(k(k - 1)) per unordered
    pair.

    Args:
        attention: The model's own weights, on the simplex over `mask`; for a readout other than
            `LinearReadout`, in the precision the readout works in.
        mask: True at a real token.
        readout: Output as a function of attention; differentiable.
        max_tvd: Permitted total variation distance of the output, in [0, 1].
        starts: Initial logits, drawn by the caller for each unit (see `paper_starts`); those of
            padded positions are never read.
        steps: Number of updates.
        learning_rate: Of Adam, in logits.
        penalty: Weight of the excess distance, in nats.

    Returns:
        The best witness of each unit, confirmed by a run of the readout, with kind LOWER: a
        larger divergence may exist, up to the free maximum.

    Raises:
        InvalidArgumentError: If attention is not a distribution over the mask, the output is not
            a distribution, `starts` does not fit, or a setting is out of range.
        InternalError: If the readout does not give the same output twice.

    Source:
        Jain & Wallace (2019), algorithm 3.
    """
    if steps < 0 or not learning_rate > 0 or not penalty >= 0:
        raise InvalidArgumentError(
            "steps and penalty must not be negative and learning_rate must be positive; got "
            f"steps={steps}, penalty={penalty}, learning_rate={learning_rate}."
        )
    instance = Instance.checked(attention, mask, readout, max_tvd=max_tvd)
    logits = _initial_logits(starts, mask, dtype=instance.dtype)
    optimizer = torch.optim.Adam([logits], lr=learning_rate, amsgrad=True)
    best = _Best.of(instance)
    for _ in range(steps):
        with torch.enable_grad():
            iterate = _Iterate.at(logits, instance)
            excess = torch.relu(iterate.tvd - max_tvd)
            gain = iterate.divergence.sum() + _diversity(iterate.weights)
            (logits.grad,) = torch.autograd.grad(penalty * excess.sum() - gain, [logits])
        best = best.or_better(iterate, max_tvd=max_tvd)
        optimizer.step()
    best = best.or_better(_Iterate.at(logits, instance), max_tvd=max_tvd)
    witness = best.weights.double()
    witness = witness / witness.sum(dim=-1, keepdim=True)
    confirmed = instance.tvd(witness) <= max_tvd + TOLERANCE / 2
    witness = torch.where(confirmed.unsqueeze(1), witness, instance.attention)
    return instance.adversary(witness, max_tvd=max_tvd, upper_bound=None, kind=Bound.LOWER)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Iterate:
    """The alternatives of every unit at one step."""

    weights: Float[Tensor, "batch k tokens"]
    divergence: Float[Tensor, "batch k"]
    tvd: Float[Tensor, "batch k"]

    @classmethod
    def at(cls, logits: Float[Tensor, "batch k tokens"], instance: Instance) -> "_Iterate":
        weights = torch.softmax(logits, dim=-1)
        own = instance.attention.to(weights.dtype).unsqueeze(1)
        change = instance.readout(weights) - instance.probabilities.unsqueeze(1)
        return cls(
            weights=weights,
            divergence=_divergence(weights, own),
            tvd=0.5 * change.abs().sum(dim=-1),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Best:
    """The most distant admissible attention of each unit so far."""

    weights: Float[Tensor, "batch tokens"]
    divergence: Float[Tensor, " batch"]

    @classmethod
    def of(cls, instance: Instance) -> "_Best":
        weights = instance.attention.to(instance.dtype)
        return cls(weights=weights, divergence=weights.new_zeros(len(weights)))

    @torch.no_grad()
    def or_better(self, iterate: _Iterate, *, max_tvd: float) -> "_Best":
        admissible = iterate.divergence.masked_fill(iterate.tvd > max_tvd, -math.inf)
        value, index = admissible.max(dim=1)
        better = value > self.divergence
        candidate = iterate.weights[torch.arange(len(index), device=index.device), index]
        return _Best(
            weights=torch.where(better.unsqueeze(1), candidate, self.weights),
            divergence=torch.where(better, value, self.divergence),
        )


def _initial_logits(
    starts: Float[Tensor, "batch k tokens"],
    mask: Bool[Tensor, "batch tokens"],
    *,
    dtype: torch.dtype,
) -> Float[Tensor, "batch k tokens"]:
    batch, tokens = mask.shape
    if starts.shape[1] == 0 or (starts.shape[0], starts.shape[2]) != (batch, tokens):
        raise InvalidArgumentError(
            f"starts must have shape [{batch}, k, {tokens}] with k of 1 or more; "
            f"got {list(starts.shape)}. Draw them with paper_starts and pad them like the mask."
        )
    padding = ~mask.unsqueeze(1)
    check_finite(starts.masked_fill(padding, 0), name="starts")
    logits = starts.detach().to(mask.device, dtype).masked_fill(padding, -math.inf)
    return logits.requires_grad_()


def _divergence(
    p: Float[Tensor, "*batch tokens"], q: Float[Tensor, "*other tokens"]
) -> Float[Tensor, "*result"]:
    # Unlike the metric, this has a finite gradient where a weight is zero.
    return 0.5 * (_negative_entropy(p) + _negative_entropy(q)) - _negative_entropy((p + q) / 2)


def _negative_entropy(p: Float[Tensor, "*batch tokens"]) -> Float[Tensor, "*batch"]:
    return (p * p.clamp_min(torch.finfo(p.dtype).tiny).log()).sum(dim=-1)


def _diversity(weights: Float[Tensor, "batch k tokens"]) -> Float[Tensor, ""]:
    alternatives = weights.shape[1]
    first, second = torch.triu_indices(alternatives, alternatives, offset=1, device=weights.device)
    pairs = _divergence(weights[:, first], weights[:, second])
    return 2 * pairs.sum() / alternatives**2
