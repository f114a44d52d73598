"""The readout of models that answer a question about a text."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from attnaudit.models.readout import apply_link


@dataclass(frozen=True, slots=True)
class NonlinearReadout:
    r"""$\mathrm{softmax}(W_o \tanh(\sum_t \beta_t\, \mathrm{projected}_t + \mathrm{offset}) + b)$.

    All that comes before the hyperbolic tangent is linear in attention, so it is projected once:
    replacing attention touches neither the hidden states nor the question again.

    Attributes:
        projected: [batch tokens inner] $W_p h_t$, what each token adds before the tangent.
        offset: [batch inner] what the question and the biases add there, whatever attention does.
        weight: [classes inner] $W_o$.
        bias: [classes] $b$.
        candidates: [batch classes] True at a class that may be the answer. Any other has logit
            minus infinity and probability 0.
    """

    projected: Float[Tensor, "batch tokens inner"]
    offset: Float[Tensor, "batch inner"]
    weight: Float[Tensor, "classes inner"]
    bias: Float[Tensor, " classes"]
    candidates: Bool[Tensor, "batch classes"]

    def logits(
        self, attention: Float[Tensor, "batch k tokens"]
    ) -> Float[Tensor, "batch k classes"]:
        """Logits under k alternative attentions per unit, minus infinity at no candidate."""
        inner = torch.tanh(torch.bmm(attention, self.projected) + self.offset.unsqueeze(1))
        logits = inner @ self.weight.T + self.bias
        return logits.masked_fill(~self.candidates.unsqueeze(1), -torch.inf)

    def __call__(
        self, attention: Float[Tensor, "batch k tokens"]
    ) -> Float[Tensor, "batch k classes"]:
        """Probabilities under k alternative attentions per unit."""
        return apply_link(self.logits(attention), link="softmax")

    def replace(
        self, rows: Float[Tensor, "batch k rows tokens"]
    ) -> Float[Tensor, "batch k classes"]:
        """The same; there is a single row."""
        return self(rows.squeeze(2))

    def select(self, index: Int[Tensor, " selected"]) -> "NonlinearReadout":
        """The readout of some units only, each with its own question and candidates."""
        return NonlinearReadout(
            self.projected[index],
            self.offset[index],
            self.weight,
            self.bias,
            self.candidates[index],
        )
