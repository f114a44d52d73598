"""Attention flow: how much of what is read could have come from each piece, through all layers."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow
from torch import Tensor

from attnaudit.errors import PreflightError
from attnaudit.models.transformers.aggregated.residual import mixtures
from attnaudit.models.transformers.batch import PieceBatch
from attnaudit.models.transformers.recording import Recorded

MOST_PIECES = 256
"""Pieces of the longest document. One flow is sought for each piece, among layers x pieces^2 edges:
at 256 pieces and 12 layers that takes tens of seconds for one document."""
SCALE = 2**30
"""Capacities are whole numbers of 1 / `SCALE`, and no flow exceeds 1: more would not fit 32 bits.
A flow is wrong by at most 1 / (2 `SCALE`) for each edge of a least cut."""

_Capacities = NDArray[np.int32]


def attention_flow(recorded: Recorded, batch: PieceBatch) -> Float[Tensor, "batch pieces"]:
    r"""The maximum flow from what is read to each piece of the input, for each piece by itself.

    The network of the flow has a node for each position before and behind each layer. From i
    behind layer l to j before it the capacity is $A_l[i, j]$, $A_l = (W_l + I) / 2$ as in rollout.
    Where the classifier reads all positions in equal shares, that is one layer more.

    Args:
        recorded: A pass with the means of all layers.
        batch: What was read.

    Returns:
        Flows in [0, 1], which need not sum to 1; 0 at padding. Exact but for the rounding of
        capacities, as `SCALE` says.

    Raises:
        PreflightError: If a document has more than `MOST_PIECES` pieces.

    Source:
        Abnar & Zuidema (2020), section 3.
    """
    for document, pieces in zip(batch.documents, batch.piece_mask.sum(dim=1).tolist(), strict=True):
        if pieces > MOST_PIECES:
            raise PreflightError(
                f"document {document!r} has {pieces} sub-tokens, and attention-flow is computed up "
                f"to {MOST_PIECES}: a longer one takes minutes. Choose rollout, or shorter "
                "documents."
            )
    read = recorded.read.queries.shares(recorded.inputs.ids.shape[1])
    layers = torch.stack(mixtures(recorded), dim=1)
    found = torch.zeros_like(read)
    for row, mask in enumerate(batch.piece_mask):
        of_document = layers[row][:, mask][:, :, mask]
        flows = maximum_flows(
            [_capacities(one) for one in of_document], read=_capacities(read[row, mask])
        )
        found[row, mask] = torch.from_numpy(flows / SCALE).to(found)
    return found.to(recorded.logits)


def maximum_flows(layers: Sequence[_Capacities], *, read: _Capacities) -> NDArray[np.int64]:
    """The maximum flow to each piece of the input.

    Args:
        layers: Of each layer, the first first, capacities from each position (rows) to each that
            it attends to (columns).
        read: Capacities from what is read to each position behind the last layer.

    Returns:
        Int [pieces], in the unit of the capacities.
    """
    pieces = len(read)
    source, sink = 0, 1 + len(layers) * pieces
    # Nodes in the order source, behind the last layer, ..., behind the first, sink. From behind the
    # first layer there is one edge each, to the sink: only their capacities tell pieces apart.
    above = [read, *(layer.ravel() for layer in reversed(layers[1:]))]
    towards = np.concatenate(
        [
            1 + np.arange(pieces),
            *(
                np.tile(1 + (number + 1) * pieces + np.arange(pieces), pieces)
                for number in range(len(layers) - 1)
            ),
            np.full(pieces, sink),
        ]
    )
    leaving = np.concatenate(
        [[pieces], np.full((len(layers) - 1) * pieces, pieces), np.ones(pieces, int), [0]]
    )
    begins = np.concatenate([[0], leaving.cumsum()])
    return np.array(
        [
            maximum_flow(
                csr_array(
                    (np.concatenate([*above, last]), towards.astype(np.int32), begins),
                    shape=(sink + 1, sink + 1),
                ),
                source,
                sink,
            ).flow_value
            for last in layers[0].T
        ],
        dtype=np.int64,
    )


def _capacities(shares: Float[Tensor, "..."]) -> _Capacities:
    scaled: _Capacities = np.rint(shares.double().cpu().numpy() * SCALE).astype(np.int32)
    return scaled
