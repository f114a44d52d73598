"""One forward pass, and all that is needed to replace attention afterwards."""

from dataclasses import dataclass, field

import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from attnaudit.models.transformers.anatomy import Anatomy
from attnaudit.models.transformers.blocks import entering
from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.queries import Queries
from attnaudit.models.transformers.sites import Heads
from attnaudit.models.transformers.tap import Softmax, tapped
from attnaudit.models.transformers.visibility import visible_keys


@dataclass(kw_only=True, slots=True)
class Queried:
    """What some positions attend to. Layers are counted from 0.

    Attributes:
        queries: The positions.
        weights: Of each kept layer, [batch heads queries pieces].
        visible: Of each kept layer, Bool [batch queries pieces], True where a key may be attended
            by all heads.
    """

    queries: Queries
    weights: dict[int, Tensor] = field(default_factory=dict)
    visible: dict[int, Tensor] = field(default_factory=dict)

    def keep(self, softmax: Softmax) -> None:
        """Add the layer that is being computed."""
        self.weights[softmax.call] = at_queries(softmax.weights, self.queries)
        # One number for all heads: at many queries this is the larger part of what is kept.
        visible = visible_keys(softmax.scores).all(dim=1, keepdim=True)
        self.visible[softmax.call] = at_queries(visible, self.queries).squeeze(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What a forward pass went through. Layers are counted from 0.

    Attributes:
        inputs: What the network read.
        logits: [batch outputs].
        read: Attention of the positions that the classifier reads.
        every: Attention of all positions, of the layers for which that was wanted.
        means: Attention of all positions on average over the heads of each layer,
            [batch pieces pieces], if that was wanted.
        hidden: Of each kept layer, what entered its block.
        extras: What blocks return beside hidden states, as in `Entered`.
        values: What the last layer's attention weighs, [batch heads pieces values]; None if it
            has another shape.
    """

    inputs: Inputs
    logits: Float[Tensor, "batch outputs"]
    read: Queried
    every: Queried
    means: dict[int, Tensor]
    hidden: dict[int, Tensor]
    extras: int | None
    values: Float[Tensor, "batch heads pieces values"] | None

    def of(self, heads: Heads) -> Queried:
        """Attention of the positions that a site is about."""
        return self.every if heads.every else self.read

    def rows_of(self, heads: Heads) -> Float[Tensor, "batch rows pieces"]:
        """Attention of some heads, in the order of layers, heads and queries."""
        chosen = []
        for layer, numbers in zip(heads.layers, heads.heads, strict=True):
            weights = self.of(heads).weights[layer]
            if len(numbers) < weights.shape[1]:
                weights = weights[:, list(numbers)]
            chosen.append(weights.flatten(1, 2))
        return torch.cat(chosen, dim=1).to(self.logits.dtype)


@torch.no_grad()
def record(
    network: Network,
    anatomy: Anatomy,
    inputs: Inputs,
    *,
    layers: frozenset[int],
    every: frozenset[int] = frozenset(),
    means: bool = False,
) -> Recorded:
    """Run a network once.

    Args:
        network: The network.
        anatomy: How it is built.
        inputs: At least one entry.
        layers: Numbers of the layers of which is kept what the positions attend to that the
            classifier reads.
        every: Numbers of the layers of which is kept what all positions attend to: heads times
            pieces times pieces numbers for each entry and layer.
        means: Whether the mean over heads is kept, of all layers and positions.
    """
    at_read = Queried(queries=Queries.read_from(anatomy.reads, inputs, padding=network.padding))
    at_every = Queried(queries=Queries.every(inputs))
    averaged: dict[int, Tensor] = {}
    values: list[Tensor] = []
    last = anatomy.layers - 1

    def see(softmax: Softmax) -> None:
        for wanted, queried in ((layers, at_read), (every, at_every)):
            if softmax.call in wanted:
                queried.keep(softmax)
        if means:
            averaged[softmax.call] = softmax.weights.mean(dim=1)

    def mix(call: int, _: Tensor, mixed: Tensor) -> None:
        if call == last:
            values[:] = [mixed]

    with (
        tapped(network.module, see, mix),
        entering(anatomy.blocks, layers=layers | every) as entered,
    ):
        logits = network.logits(inputs)
    return Recorded(
        inputs=inputs,
        logits=logits,
        read=at_read,
        every=at_every,
        means=averaged,
        hidden=entered.hidden,
        extras=entered.extras,
        values=_of_heads(values, (len(inputs), anatomy.heads[-1], inputs.ids.shape[1])),
    )


def at_queries(
    weights: Shaped[Tensor, "batch heads queries pieces"], queries: Queries
) -> Shaped[Tensor, "batch heads chosen pieces"]:
    """The rows of some queries of every head: of weights, or of what is true of them."""
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
