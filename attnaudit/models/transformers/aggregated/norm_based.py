"""How long the vectors are that the last layer's attention adds to what is read."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from attnaudit.errors import InternalError
from attnaudit.models.transformers.anatomy import Anatomy
from attnaudit.models.transformers.batch import NO_WORD, PieceBatch
from attnaudit.models.transformers.network import Network
from attnaudit.models.transformers.projection import beside
from attnaudit.models.transformers.recording import Recorded


@torch.no_grad()
def norm_based(
    network: Network, anatomy: Anatomy, recorded: Recorded, batch: PieceBatch
) -> Float[Tensor, "batch pieces"]:
    r"""$\| \sum_h \alpha_h f_h(x) \|_2$ of each word, the vectors of its pieces summed before.

    $\alpha_h f_h(x)$ is a piece's value in head h, weighted and transformed by the part of the
    output projection that reads that head. The weights are those of the position that the
    classifier reads; where it reads all of them, the mean over positions.

    Args:
        network: The network.
        anatomy: How it is built, with the projection.
        recorded: A pass with the last layer.
        batch: Which word each piece belongs to.

    Returns:
        Norms, at least 0, in the unit of hidden states. That of a word stands at its first piece,
        with 0 at the others; those of pieces of no word at their own places; 0 at padding.

    Source:
        Kobayashi et al. (2020), "Attention is Not Only a Weight"; heads are summed in the norm.
    """
    if recorded.values is None or anatomy.projection is None:
        raise InternalError(
            f"norm-based attention of a {network.architecture} was listed, but the values that its "
            "last layer weighs were not seen. Please report which model it is."
        )
    projection = network.module.get_submodule(anatomy.projection)
    real = recorded.read.queries.real[:, None, :, None]
    last = recorded.read.weights[anatomy.layers - 1].to(recorded.values)
    weights = last.masked_fill(~real, 0.0).sum(dim=2) / real.sum(dim=2)
    weighted = beside(weights.unsqueeze(3) * recorded.values)
    weighted = weighted.masked_fill(~batch.piece_mask.unsqueeze(2), 0.0)
    place = _first_of_its_word(batch).unsqueeze(2).expand(weighted.shape)
    summed = torch.zeros_like(weighted).scatter_add(1, place, weighted)
    # Without the constant, which no word adds.
    added: Tensor = projection(summed) - projection(torch.zeros_like(summed[:, :1]))
    norms: Tensor = torch.linalg.vector_norm(added, dim=2)
    return norms


def _first_of_its_word(batch: PieceBatch) -> Int[Tensor, "batch pieces"]:
    """Where the first piece of each piece's word stands; of no word, its own place."""
    place = torch.arange(batch.word_of.shape[1], device=batch.word_of.device)
    return torch.where(batch.word_of == NO_WORD, place, place - batch.place_in_word)
