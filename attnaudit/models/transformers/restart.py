"""The output as a function of attention, computed from the attended layer on."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from attnaudit.models.readout import Link
from attnaudit.models.transformers.anatomy import Anatomy
from attnaudit.models.transformers.blocks import resuming
from attnaudit.models.transformers.by_row import ReadoutByRow
from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.queries import Queries
from attnaudit.models.transformers.recording import Recorded, at_queries
from attnaudit.models.transformers.rows import PieceRows
from attnaudit.models.transformers.shared import sharing
from attnaudit.models.transformers.sites import Heads
from attnaudit.models.transformers.tap import Softmax, tapped

PIECES_AT_ONCE = 2**12
"""Padded pieces that run through the remaining layers together.

What a layer makes of more does not fit the cache of a processor.
"""
PIECES_AT_ONCE_ON_GPU = 2**14
"""The same where it is the number of calls that costs."""
WEIGHTS_AT_ONCE = 2**24
"""Replaced weights that are made at a time: a site of all positions has many to each piece."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestartedReadout(ReadoutByRow):
    """The hidden states that enter the attended layer are kept; it and those after it run again.

    Of a site of several layers the first is where they begin. What later layers attend to follows
    from what they read, as in the network itself.

    Attributes:
        network: The network, its parameters fixed.
        anatomy: How it is built.
        heads: The heads that are replaced.
        queries: The queries at which they are.
        inputs: What the network read.
        hidden: What entered the first attended layer, [batch pieces dimensions].
        extras: What blocks return beside hidden states, as in `Entered`.
        rows: The network's own attention, by layer, head and query.
        link: From logits to probabilities.
    """

    network: Network
    anatomy: Anatomy
    heads: Heads
    queries: Queries
    inputs: Inputs
    hidden: Float[Tensor, "batch pieces dimensions"]
    extras: int | None
    rows: PieceRows
    link: Link

    @classmethod
    def of(
        cls,
        network: Network,
        anatomy: Anatomy,
        recorded: Recorded,
        heads: Heads,
        rows: PieceRows,
        *,
        link: Link,
    ) -> "RestartedReadout":
        """The readout of a recorded pass at some heads."""
        return cls(
            network=network,
            anatomy=anatomy,
            heads=heads,
            queries=recorded.of(heads).queries,
            inputs=recorded.inputs,
            hidden=recorded.hidden[heads.layers[0]],
            extras=recorded.extras,
            rows=rows,
            link=link,
        )

    def replaced_logits(
        self, rows: Float[Tensor, "batch k rows words"]
    ) -> Float[Tensor, "batch k outputs"]:
        """The same as `replace`, before the link function."""
        units, k = rows.shape[:2]
        pieces, weights = self.inputs.ids.shape[1], self.rows.own[0].numel()
        most = PIECES_AT_ONCE_ON_GPU if self.hidden.is_cuda else PIECES_AT_ONCE
        at_once = max(1, min(most // pieces, WEIGHTS_AT_ONCE // weights))
        # All alternatives of a few units, not a few of all: those of one unit begin alike.
        times = max(1, min(k, at_once))
        together = max(1, at_once // times)
        every = torch.arange(units, device=rows.device)
        logits = [
            _restarted(self.select(index), some, at_once=times)
            for index, some in zip(
                torch.split(every, together), torch.split(rows, together), strict=True
            )
        ]
        return torch.cat(logits)

    def select(self, index: Int[Tensor, " selected"]) -> "RestartedReadout":
        """The readout of some units only."""
        return RestartedReadout(
            network=self.network,
            anatomy=self.anatomy,
            heads=self.heads,
            queries=self.queries.select(index),
            inputs=self.inputs.select(index),
            hidden=self.hidden[index],
            extras=self.extras,
            rows=self.rows.select(index),
            link=self.link,
        )


def _restarted(
    readout: RestartedReadout, rows: Float[Tensor, "batch k rows words"], *, at_once: int
) -> Float[Tensor, "batch k outputs"]:
    parts = [_run(readout, some) for some in torch.split(rows, at_once, dim=1)]
    return torch.cat(parts, dim=1)


def _run(
    readout: RestartedReadout, rows: Float[Tensor, "batch k rows words"]
) -> Float[Tensor, "batch k outputs"]:
    units, times = rows.shape[:2]
    queries, of_layers = readout.queries.repeated(times), readout.heads
    pieces = readout.rows.over_pieces(rows).flatten(0, 1)
    per_layer = [len(heads) * queries.positions.shape[1] for heads in of_layers.heads]
    by_layer = dict(zip(of_layers.layers, torch.split(pieces, per_layer, dim=1), strict=True))
    heads = dict(zip(of_layers.layers, of_layers.heads, strict=True))

    def see(softmax: Softmax) -> Tensor | None:
        if softmax.call not in by_layer:
            return None
        return _replaced(softmax.weights, by_layer[softmax.call], queries, heads[softmax.call])

    first = of_layers.layers[0]
    with (
        sharing(readout.hidden, times=times) as hidden,
        tapped(readout.network.module, see, first=first),
        resuming(readout.anatomy.blocks, layer=first, hidden=hidden, extras=readout.extras),
    ):
        logits = readout.network.logits(readout.inputs.repeated(times))
    return logits.reshape(units, times, -1)


def _replaced(
    weights: Float[Tensor, "batch heads queries pieces"],
    rows: Float[Tensor, "batch rows pieces"],
    queries: Queries,
    heads: tuple[int, ...],
) -> Float[Tensor, "batch heads queries pieces"]:
    chosen = torch.tensor(heads, device=weights.device)
    new = rows.to(weights.dtype).reshape(len(rows), len(heads), -1, rows.shape[2])
    own = at_queries(weights[:, chosen], queries)
    # The attention of padding stays as it is.
    new = torch.where(queries.real[:, None, :, None], new, own)
    units = torch.arange(len(weights), device=weights.device)[:, None, None]
    place = (units, chosen[:, None], queries.positions.unsqueeze(1))
    return weights.index_put(place, new)
