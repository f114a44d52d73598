"""One forward pass, and all that is needed to replace attention afterwards."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.models.transformers.anatomy import Anatomy
from attnaudit.models.transformers.blocks import entering
from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.queries import Queries
from attnaudit.models.transformers.sites import Heads
from attnaudit.models.transformers.tap import Softmax, tapped


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What a forward pass went through. Layers are counted from 0.

    Attributes:
        inputs: What the network read.
        queries: The positions whose attention is kept.
        logits: [batch outputs].
        weights: Of each kept layer, [batch heads queries pieces].
        hidden: Of each kept layer, what entered its block.
        extras: What blocks return beside hidden states, as in `Entered`.
        values: What the last layer's attention weighs, [batch heads pieces values]; None if it
            has another shape.
        visible: Of each kept layer, Bool [batch heads queries pieces], True where a key may be
            attended at all.
    """

    inputs: Inputs
    queries: Queries
    logits: Float[Tensor, "batch outputs"]
    weights: dict[int, Tensor]
    hidden: dict[int, Tensor]
    extras: int | None
    values: Float[Tensor, "batch heads pieces values"] | None
    visible: dict[int, Tensor]

    def rows_of(self, heads: Heads) -> Float[Tensor, "batch rows pieces"]:
        """Attention of some heads, in the order of layers, heads and queries."""
        chosen = [
            self.weights[layer][:, list(numbers)].flatten(1, 2)
            for layer, numbers in zip(heads.layers, heads.heads, strict=True)
        ]
        return torch.cat(chosen, dim=1).to(self.logits.dtype)


@torch.no_grad()
def record(
    network: Network, anatomy: Anatomy, inputs: Inputs, *, layers: frozenset[int]
) -> Recorded:
    """Run a network once.

    Args:
        network: The network.
        anatomy: How it is built.
        inputs: At least one entry.
        layers: Numbers of the layers that are kept.
    """
    queries = Queries.read_from(anatomy.reads, inputs, padding=network.padding)
    weights: dict[int, Tensor] = {}
    visible: dict[int, Tensor] = {}
    values: list[Tensor] = []
    last = anatomy.layers - 1

    def see(softmax: Softmax) -> None:
        if softmax.call in layers:
            weights[softmax.call] = at_queries(softmax.weights, queries)
            # Masked scores are the least number of their precision, or what was added to it.
            least = torch.finfo(softmax.scores.dtype).min / 2
            visible[softmax.call] = at_queries(softmax.scores, queries) > least

    def mix(call: int, _: Tensor, mixed: Tensor) -> None:
        if call == last:
            values[:] = [mixed]

    with (
        tapped(network.module, see, mix),
        entering(anatomy.blocks, layers=layers) as entered,
    ):
        logits = network.logits(inputs)
    return Recorded(
        inputs=inputs,
        queries=queries,
        logits=logits,
        weights=weights,
        hidden=entered.hidden,
        extras=entered.extras,
        values=_of_heads(values, (len(inputs), anatomy.heads[-1], inputs.ids.shape[1])),
        visible=visible,
    )


def at_queries(
    weights: Float[Tensor, "batch heads queries pieces"], queries: Queries
) -> Float[Tensor, "batch heads chosen pieces"]:
    """The rows of some queries of every head."""
    rows = torch.arange(len(weights), device=weights.device)[:, None, None]
    heads = torch.arange(weights.shape[1], device=weights.device)[:, None]
    return weights[rows, heads, queries.positions.unsqueeze(1)]


def _of_heads(values: list[Tensor], shape: tuple[int, int, int]) -> Tensor | None:
    if (
        not values
        or values[0].shape[-2] != shape[2]
        or values[0].numel() % torch.Size(shape).numel()
    ):
        return None
    return values[0].reshape(*shape, values[0].shape[-1])
