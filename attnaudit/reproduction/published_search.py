"""The adversarial search exactly as published, in fewer operations: many documents at once."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Float64
from torch import Tensor

from attnaudit.metrics import jensen_shannon_divergence, total_variation_distance
from attnaudit.models.protocol import Attended

ALTERNATIVES = 5
STEPS = 500
LEARNING_RATE = 0.01
PENALTY = 500.0
PENALISED_ABOVE = 0.01
ACCEPTED_BELOW = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedSearch:
    """What the search ended with, per unit.

    Attributes:
        divergence: [batch] the largest Jensen-Shannon divergence from the model's attention among
            the alternatives that were accepted, in nats, in [0, ln 2]; 0 where none was.
        accepted: [batch] how many alternatives were accepted.
    """

    divergence: Float64[Tensor, " batch"]
    accepted: Float64[Tensor, " batch"]


def published_search(
    attended: Attended,
    starts: Float[Tensor, "batch k tokens"],
    *,
    single_output: bool,
    steps: int = STEPS,
) -> PublishedSearch:
    r"""Adam with AMSGrad on the logits of k alternatives, whose last iterate is judged.

    It minimises $\sum_i [-JSD(\beta_i, \alpha) + 500 \max(0, d_i - 0.01)] - k^{-2} \sum_{i,j}
    JSD(\beta_i, \beta_j)$, where d is the change of the one probability of a binary model, and the
    L1 distance of the distributions of any other. An alternative counts if the total variation
    distance is at most 0.05; the model's own attention always does.

    `attnaudit.adversaries.search_adversary` penalises what it rejects and keeps the best iterate,
    so it finds more. Here the numbers are to be comparable with the published ones. Derivatives of
    divergences are written out, since differentiating them takes most of the time; the published
    code adds 1e-10 to what it takes logarithms of.

    Args:
        attended: The units, in the precision to search in.
        starts: Initial logits; those of padding are never read.
        single_output: Whether the model has one sigmoid.
        steps: Number of updates.

    Source:
        Jain & Wallace (2019), algorithm 3, as in their published code.
    """
    alternatives = _Alternatives(attended, single_output=single_output)
    padding = ~attended.mask.unsqueeze(1)
    logits = starts.to(attended.attention).masked_fill(padding, -torch.inf).contiguous()
    optimizer = torch.optim.Adam([logits], lr=LEARNING_RATE, amsgrad=True, fused=True)
    for _ in range(steps):
        logits.grad = alternatives.slope(torch.softmax(logits, dim=-1))
        optimizer.step()
    return alternatives.judged(torch.softmax(logits.double(), dim=-1))


class _Alternatives:
    """The objective for some units, and its derivative."""

    def __init__(self, attended: Attended, *, single_output: bool) -> None:
        self._attended = attended
        self._scale = 0.5 if single_output else 1.0
        self._own = attended.probabilities.unsqueeze(1)
        self._attention = attended.attention.unsqueeze(1)

    def slope(self, weights: Float[Tensor, "batch k tokens"]) -> Float[Tensor, "batch k tokens"]:
        """Derivative of the objective by the logits."""
        k = weights.shape[1]
        own_logarithm = _logarithm(weights)
        # The derivative of JSD(p, q) by p is half the logarithm of p over the mean of p and q.
        away = 0.5 * (own_logarithm - _logarithm((weights + self._attention) / 2))
        means = (weights.unsqueeze(1) + weights.unsqueeze(2)) / 2
        apart = (k * own_logarithm - _logarithm(means).sum(dim=2)) / k**2
        by_weight = self._penalty_slope(weights) - away - apart
        # Through the softmax; padding has weight 0, and so keeps a derivative of 0.
        return weights * (by_weight - (weights * by_weight).sum(dim=-1, keepdim=True))

    def _penalty_slope(
        self, weights: Float[Tensor, "batch k tokens"]
    ) -> Float[Tensor, "batch k tokens"]:
        with torch.enable_grad():
            leaf = weights.detach().requires_grad_()
            change = (self._attended.readout(leaf) - self._own).abs().sum(dim=-1)
            excess = torch.relu(self._scale * change - PENALISED_ABOVE)
            (slope,) = torch.autograd.grad(PENALTY * excess.sum(), [leaf])
        return slope

    @torch.no_grad()
    def judged(self, weights: Float64[Tensor, "batch k tokens"]) -> PublishedSearch:
        """The farthest accepted alternative of each unit."""
        probabilities = self._attended.readout(weights.to(self._own.dtype))
        own = self._own.expand_as(probabilities)
        accepted = total_variation_distance(probabilities, own) <= ACCEPTED_BELOW
        attention = self._attention.double()
        attention = attention / attention.sum(dim=-1, keepdim=True)
        divergence = jensen_shannon_divergence(weights, attention.expand_as(weights))
        return PublishedSearch(
            divergence=divergence.masked_fill(~accepted, 0.0).amax(dim=1),
            accepted=accepted.double().sum(dim=1),
        )


def _logarithm(weights: Float[Tensor, "*batch tokens"]) -> Float[Tensor, "*batch tokens"]:
    return weights.clamp_min(torch.finfo(weights.dtype).tiny).log()
