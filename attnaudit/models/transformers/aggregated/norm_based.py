"""How long the vectors are that the last layer's attention adds to what is read."""

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.errors import InternalError
from attnaudit.models.transformers.aggregated.words import per_word
from attnaudit.models.transformers.anatomy import Anatomy
from attnaudit.models.transformers.batch import PieceBatch
from attnaudit.models.transformers.network import Network
from attnaudit.models.transformers.projection import beside
from attnaudit.models.transformers.recording import Recorded


@torch.no_grad()
def norm_based(
    network: Network, anatomy: Anatomy, recorded: Recorded, batch: PieceBatch
) -> Float[Tensor, "batch words"]:
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
        Norms, at least 0, in the unit of hidden states; 0 where there is no word.

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
    summed = per_word(beside(weights.unsqueeze(3) * recorded.values), batch)
    # Without the constant, which no word adds.
    added: Tensor = projection(summed) - projection(torch.zeros_like(summed[:, :1]))
    norms: Tensor = torch.linalg.vector_norm(added, dim=2)
    return norms
