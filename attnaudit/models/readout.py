"""Readouts that are a known function of attention."""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor

Link = Literal["sigmoid", "softmax", "multilabel"]


@dataclass(frozen=True, slots=True)
class LinearReadout:
    r"""$\mathrm{link}(\sum_t \beta_t\, \mathrm{scores}_t + \mathrm{bias})$.

    The paper's classifiers are exactly this: `scores = h W` is computed once, so replacing
    attention never touches the hidden states again.

    Attributes:
        scores: [batch tokens outputs] logits that each token would give alone, without the bias.
        bias: [outputs].
        link: "sigmoid" has one score column and returns the two probabilities (1 - p, p);
            "softmax" returns one distribution; "multilabel" one independent sigmoid per column.
    """

    scores: Float[Tensor, "batch tokens outputs"]
    bias: Float[Tensor, " outputs"]
    link: Link

    def logits(
        self, attention: Float[Tensor, "batch k tokens"]
    ) -> Float[Tensor, "batch k outputs"]:
        """Attention-weighted scores plus bias."""
        return torch.bmm(attention, self.scores) + self.bias

    def __call__(
        self, attention: Float[Tensor, "batch k tokens"]
    ) -> Float[Tensor, "batch k classes"]:
        """Probabilities under k alternative attentions per unit."""
        return apply_link(self.logits(attention), link=self.link)

    def replace(
        self, rows: Float[Tensor, "batch k rows tokens"]
    ) -> Float[Tensor, "batch k classes"]:
        """The same; a linear readout has a single row."""
        return self(rows.squeeze(2))

    def select(self, index: Int[Tensor, " selected"]) -> "LinearReadout":
        """The readout of some units only."""
        return LinearReadout(self.scores[index], self.bias, self.link)


def apply_link(
    logits: Float[Tensor, "*batch outputs"], *, link: Link
) -> Float[Tensor, "*batch classes"]:
    """Probabilities from logits. The sigmoid of a negated logit keeps 1 - p exact near 1."""
    if link == "sigmoid":
        return torch.cat([torch.sigmoid(-logits), torch.sigmoid(logits)], dim=-1)
    if link == "multilabel":
        return torch.sigmoid(logits)
    return torch.softmax(logits, dim=-1)
