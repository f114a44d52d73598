"""The head of the published models of two texts."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from attnaudit.models.nonlinear_readout import NonlinearReadout


class QueryHead(nn.Module):
    r"""$W_o \tanh(W_p c + b_p + W_q q + b_q) + b_o$, minus infinity at no candidate.

    Args:
        size: Units H of the context c and of the query q; the inner layer has half of them.
        classes: Number of logits.

    Source:
        Jain & Wallace (2019), in their published code.
    """

    def __init__(self, size: int, classes: int) -> None:
        super().__init__()
        self.context = nn.Linear(size, size // 2)
        self.query = nn.Linear(size, size // 2)
        self.output = nn.Linear(size // 2, classes)

    def forward(
        self,
        context: Float[Tensor, "batch hidden"],
        query: Float[Tensor, "batch hidden"],
        candidates: Bool[Tensor, "batch classes"],
    ) -> Float[Tensor, "batch classes"]:
        """Logits of the attention-weighted hidden state."""
        logits: Tensor = self.output(torch.tanh(self.context(context) + self.query(query)))
        return logits.masked_fill(~candidates, -torch.inf)

    def readout(
        self,
        hidden: Float[Tensor, "batch tokens hidden"],
        query: Float[Tensor, "batch hidden"],
        candidates: Bool[Tensor, "batch classes"],
    ) -> NonlinearReadout:
        """The same as a function of attention over the hidden states."""
        return NonlinearReadout(
            projected=hidden @ self.context.weight.T,
            offset=self.query(query) + self.context.bias,
            weight=self.output.weight.detach(),
            bias=self.output.bias.detach(),
            candidates=candidates,
        )
