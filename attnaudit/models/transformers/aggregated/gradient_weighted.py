"""Attention weighted by how fast the predicted class's logit grows with it."""

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.models.transformers.network import Network
from attnaudit.models.transformers.recording import Recorded
from attnaudit.models.transformers.tap import Softmax, tapped


def gradient_weighted(network: Network, recorded: Recorded) -> Float[Tensor, "batch pieces"]:
    r"""$r R_L$ with $R_0 = I$, $R_l = R_{l-1} + \bar A_l R_{l-1}$.

    $\bar A_l$ is the mean over heads of the positive part of $\nabla W_l \odot W_l$, the gradient
    being that of the predicted class's logit, also by way of the attention of later layers. r says
    which positions the classifier reads: one, or all in equal shares. It costs one pass more, with
    its derivatives.

    Args:
        network: The network.
        recorded: A pass of it.

    Returns:
        Relevances, at least 0 and without unit; 0 at padding.

    Source:
        Chefer, Gur & Wolf (2021), "Generic Attention-model Explainability", the rule for
        self-attention.
    """
    inputs = recorded.inputs
    weights: list[Tensor] = []

    def see(softmax: Softmax) -> Tensor:
        own = softmax.weights
        # Nothing before the first layer is differentiated; later layers follow from it.
        weights.append(own if own.requires_grad else own.detach().requires_grad_(True))
        return weights[-1]

    predicted = recorded.logits.argmax(dim=1, keepdim=True)
    with torch.enable_grad(), tapped(network.module, see):
        chosen = network.logits(inputs).gather(1, predicted).sum()
    slopes = torch.autograd.grad(chosen, weights)
    relevance = recorded.read.queries.shares(inputs.ids.shape[1]).to(recorded.logits)
    for own, slope in zip(reversed(weights), reversed(slopes), strict=True):
        positive = (slope * own.detach()).clamp(min=0).mean(dim=1).to(relevance)
        relevance = relevance + (relevance.unsqueeze(1) @ positive).squeeze(1)
    return relevance
