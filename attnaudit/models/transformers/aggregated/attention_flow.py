"""Attention flow: how much of what is read could have come from each word, through all layers."""

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
from attnaudit.models.transformers.aggregated.words import per_word
from attnaudit.models.transformers.batch import PieceBatch
from attnaudit.models.transformers.recording import Recorded

MOST_PIECES = 256
"""Pieces of the longest document. One flow is sought for each word, among layers x pieces^2 edges:
at 256 pieces and 12 layers that takes tens of seconds for one document."""
SCALE = 2**30
"""Capacities are whole numbers of 1 / `SCALE`, and no flow exceeds 1: more would not fit 32 bits.
A flow is wrong by at most 1 / (2 `SCALE`) for each edge of a least cut."""

_Capacities = NDArray[np.int32]


def check_lengths(batch: PieceBatch) -> None:
    """Raise if a flow through one of the documents would take too long.

    Args:
        batch: What is to be read.

    Raises:
        PreflightError: If a document has more than `MOST_PIECES` pieces.
    """
    lengths = batch.piece_mask.sum(dim=1).tolist()
    long = [row for row, pieces in enumerate(lengths) if pieces > MOST_PIECES]
    if long:
        raise PreflightError(
            f"attention-flow is computed of up to {MOST_PIECES} sub-tokens, and document "
            f"{batch.documents[long[0]]!r} has {lengths[long[0]]}; of the {len(lengths)} documents "
            f"read with it, {len(long)} are too long. They would take minutes each. Choose "
            "rollout, or shorter documents."
        )


def attention_flow(recorded: Recorded, batch: PieceBatch) -> Float[Tensor, "batch words"]:
    r"""The maximum flow from what is read to each word of the input, for each word by itself.

    The network of the flow has a node for each position before and behind each layer. From i
    behind layer l to j before it the capacity is $A_l[i, j]$, $A_l = (W_l + I) / 2$ as in rollout.
    Where the classifier reads all positions in equal shares, that is one layer more.

    A word's flow is one to all its pieces jointly. The sum of one flow for each would count the
    capacity of the same edges as often as the word has pieces.

    Args:
        recorded: A pass with the means of all layers.
        batch: What was read, of lengths that pass `check_lengths`.

    Returns:
        Flows in [0, 1], which need not sum to 1; 0 where there is no word. Exact but for the
        rounding of capacities, as `SCALE` says.

    Source:
        Abnar & Zuidema (2020), section 3.
    """
    read = recorded.read.queries.shares(recorded.inputs.ids.shape[1])
    first, *above = mixtures(recorded)
    towards = per_word(first.transpose(1, 2), batch).transpose(1, 2)
    found = read.new_zeros(batch.mask.shape)
    for row, (mask, words) in enumerate(zip(batch.piece_mask, batch.mask, strict=True)):
        flows = maximum_flows(
            [
                _capacities(towards[row][mask][:, words]),
                *(_capacities(layer[row][mask][:, mask]) for layer in above),
            ],
            read=_capacities(read[row, mask]),
        )
        found[row, words] = torch.from_numpy(flows / SCALE).to(found)
    return found.to(recorded.logits)


def maximum_flows(layers: Sequence[_Capacities], *, read: _Capacities) -> NDArray[np.int64]:
    """The maximum flow to each word of the input.

    Args:
        layers: Of each layer, the first first, capacities from each position (rows) to each that
            it attends to (columns). Those of the first layer lead to the words.
        read: Capacities from what is read to each position behind the last layer.

    Returns:
        Int [words], in the unit of the capacities.
    """
    pieces = len(read)
    source, sink = 0, 1 + len(layers) * pieces
    # Nodes in the order source, behind the last layer, ..., behind the first, sink. From behind the
    # first layer there is one edge each, to the sink: only their capacities tell words apart.
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
