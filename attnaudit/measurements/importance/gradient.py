"""How fast the output changes with the embedding of each word."""

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.measurements.importance.explained import explained_classes, slopes
from attnaudit.models.protocol import AttentionModel, Batch


def gradient_importance(model: AttentionModel, batch: Batch) -> Float[Tensor, "batch tokens"]:
    r"""$\sum |\nabla_{e_t} p \cdot e_t|$ with attention held fixed, zero at padding.

    $p$ is the probability after the link, and the sum is over the outputs of `explained_classes`.
    The product with the embedding itself makes it the derivative by the active entry of the
    one-hot input. It is not divided by its sum, which would change no rank.

    Args:
        model: The model.
        batch: Documents.

    Raises:
        NotDifferentiableError: If the model's probabilities are cut off from its embeddings.

    Source:
        Jain & Wallace (2019), algorithm 1; their published code differentiates the probability
        with the attention weights detached.
    """
    return _along_the_embedding(model, batch, attention_frozen=True)


def gradient_through_attention_importance(
    model: AttentionModel, batch: Batch
) -> Float[Tensor, "batch tokens"]:
    r"""$\sum |\nabla_{e_t} p \cdot e_t|$ where attention follows the embedding.

    The slope of the model as it is: a word that matters only because it draws attention away from
    others has importance here and none in `gradient_importance`.

    Args:
        model: The model.
        batch: Documents.

    Raises:
        NotDifferentiableError: If the model's probabilities are cut off from its embeddings.

    Source:
        Gradient times input, Shrikumar et al. (2017), on the whole model.
    """
    return _along_the_embedding(model, batch, attention_frozen=False)


def gradient_norm_importance(model: AttentionModel, batch: Batch) -> Float[Tensor, "batch tokens"]:
    r"""$\sum \lVert \nabla_{e_t} p \rVert_2$ with attention held fixed, zero at padding.

    The steepest slope in any direction of the embedding, not only along the embedding itself: a
    word of a short vector may have a large one. Attention is frozen as in `gradient_importance`,
    so that the two differ in nothing else.

    Args:
        model: The model.
        batch: Documents.

    Raises:
        NotDifferentiableError: If the model's probabilities are cut off from its embeddings.

    Source:
        Saliency, Simonyan et al. (2014), with the norm over an embedding's dimensions in place of
        the maximum over a pixel's colours.
    """
    _, gradients = _gradients(model, batch, attention_frozen=True)
    norms: Tensor = torch.linalg.vector_norm(gradients, dim=-1)
    return norms.sum(dim=0).masked_fill(~batch.mask, 0.0)


def _along_the_embedding(
    model: AttentionModel, batch: Batch, *, attention_frozen: bool
) -> Float[Tensor, "batch tokens"]:
    embeddings, gradients = _gradients(model, batch, attention_frozen=attention_frozen)
    along = (gradients * embeddings).sum(dim=-1)
    return along.abs().sum(dim=0).masked_fill(~batch.mask, 0.0)


def _gradients(
    model: AttentionModel, batch: Batch, *, attention_frozen: bool
) -> tuple[
    Float[Tensor, "batch tokens dimensions"], Float[Tensor, "explained batch tokens dimensions"]
]:
    embeddings = model.embed(batch).detach().requires_grad_(True)
    probabilities = model.predict_embedded(batch, embeddings, attention_frozen=attention_frozen)
    explained = probabilities.gather(1, explained_classes(model.outputs, probabilities))
    return embeddings.detach(), slopes(explained, embeddings, name="embeddings")
