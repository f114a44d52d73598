"""The slope of the output along each embedding, all the way from nothing to the word."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.errors import InvalidArgumentError
from attnaudit.measurements.importance.explained import explained_classes, slopes
from attnaudit.models.protocol import AttentionModel, Batch


def integrated_gradients(
    model: AttentionModel, batch: Batch, *, steps: int
) -> Float[Tensor, "explained batch tokens"]:
    r"""$e_t \cdot \int_0^1 \nabla_{e_t} p(\lambda e)\, d\lambda$, signed, zero at padding.

    All words of a document grow together from the zero embedding to their own, and attention
    follows: frozen attention would not add up. As it is, the attributions of a document sum to
    what its words change, $p(e) - p(0)$ (completeness), up to the error of the integral, which is
    by Gauss and Legendre's rule with `steps` nodes: exact for polynomials of degree
    2 `steps` - 1, so a smooth encoder needs few nodes and one with rectifiers needs more.

    Args:
        model: The model.
        batch: Documents.
        steps: Nodes of the rule, at least 1; each costs a forward pass and, for every explained
            probability, a backward pass.

    Returns:
        One attribution per output of `explained_classes` and word, as a change of probability.

    Raises:
        InvalidArgumentError: If `steps` is less than 1.
        NotDifferentiableError: If the model's probabilities are cut off from its embeddings.

    Source:
        Sundararajan, Taly & Yan (2017), whose sum of equal steps is replaced by a better rule.
    """
    if steps < 1:
        raise InvalidArgumentError(
            f"integrated gradients need at least 1 step; got {steps}. Fifty are customary."
        )
    embeddings = model.embed(batch).detach()
    with torch.no_grad():
        whole = model.predict_embedded(batch, embeddings, attention_frozen=False)
    # The class that is predicted on the way may be another, but this one is explained.
    classes = explained_classes(model.outputs, whole)
    total = embeddings.new_zeros(classes.shape[1], *embeddings.shape)
    nodes, weights = np.polynomial.legendre.leggauss(steps)
    for node, weight in zip(nodes.tolist(), weights.tolist(), strict=True):
        # The rule is for the interval from -1 to 1.
        scaled = (embeddings * (0.5 + 0.5 * node)).requires_grad_(True)
        probabilities = model.predict_embedded(batch, scaled, attention_frozen=False)
        total += 0.5 * weight * slopes(probabilities.gather(1, classes), scaled, name="embeddings")
    return (total * embeddings).sum(dim=-1).masked_fill(~batch.mask, 0.0)


def integrated_gradients_importance(
    model: AttentionModel, batch: Batch, *, steps: int
) -> Float[Tensor, "batch tokens"]:
    """Absolute values of `integrated_gradients`, summed over its outputs.

    Args:
        model: The model.
        batch: Documents.
        steps: Nodes of the integration rule, at least 1.

    Raises:
        InvalidArgumentError: As `integrated_gradients`.
        NotDifferentiableError: As `integrated_gradients`.
    """
    return integrated_gradients(model, batch, steps=steps).abs().sum(dim=0)
