"""The output as a function of the only row of attention that the classifier reads."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from attnaudit.models.readout import Link
from attnaudit.models.transformers.anatomy import Anatomy
from attnaudit.models.transformers.blocks import resuming
from attnaudit.models.transformers.by_row import ReadoutByRow
from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.recording import Recorded
from attnaudit.models.transformers.rows import PieceRows
from attnaudit.models.transformers.sites import Heads
from attnaudit.models.transformers.tap import Softmax, tapped

ROWS_AT_ONCE = 2**14
"""Alternatives, over all units, that run through the last layer together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OneRowReadout(ReadoutByRow):
    """Of the last layer only one position is computed, with the values of all positions kept.

    It is right where the classifier reads a single position of the last layer: no other has a
    part in the output then. An alternative costs one row of attention and one position's feed
    forward instead of those of all positions.

    Attributes:
        network: The network, its parameters fixed.
        anatomy: How it is built.
        chosen: Numbers of the heads that are replaced.
        inputs: The position that is read, as if it were the whole input.
        hidden: What enters the last layer there, [batch 1 dimensions].
        extras: What blocks return beside hidden states, as in `Entered`.
        own: The network's own attention of every head at that position, [batch heads pieces].
        values: What it weighs, [batch heads pieces values].
        rows: The network's own attention of the chosen heads.
        link: From logits to probabilities.
    """

    network: Network
    anatomy: Anatomy
    chosen: tuple[int, ...]
    inputs: Inputs
    hidden: Float[Tensor, "batch 1 dimensions"]
    extras: int | None
    own: Float[Tensor, "batch heads pieces"]
    values: Float[Tensor, "batch heads pieces values"]
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
    ) -> "OneRowReadout | None":
        """The readout of a recorded pass at heads of the last layer, or None elsewhere.

        It is None, too, if the site is about more than one position.
        """
        last = anatomy.layers - 1
        values = recorded.values
        several = heads.every or anatomy.reads == "every"
        if heads.layers != (last,) or several or values is None:
            return None
        position = recorded.read.queries.positions.squeeze(1)
        units = torch.arange(len(position), device=position.device)
        return cls(
            network=network,
            anatomy=anatomy,
            chosen=heads.heads[0],
            inputs=recorded.inputs.at(position),
            hidden=recorded.hidden[last][units, position].unsqueeze(1),
            extras=recorded.extras,
            own=recorded.read.weights[last].squeeze(2).to(values.dtype),
            values=values,
            rows=rows,
            link=link,
        )

    def replaced_logits(
        self, rows: Float[Tensor, "batch k rows words"]
    ) -> Float[Tensor, "batch k outputs"]:
        """The same as `replace`, before the link function."""
        weights = self.own.shape[1] * self.own.shape[2] // 128
        at_once = max(1, ROWS_AT_ONCE // (len(self.own) * max(1, weights)))
        return torch.cat([self._run(some) for some in torch.split(rows, at_once, dim=1)], dim=1)

    def select(self, index: Int[Tensor, " selected"]) -> "OneRowReadout":
        """The readout of some units only."""
        return OneRowReadout(
            network=self.network,
            anatomy=self.anatomy,
            chosen=self.chosen,
            inputs=self.inputs.select(index),
            hidden=self.hidden[index],
            extras=self.extras,
            own=self.own[index],
            values=self.values[index],
            rows=self.rows.select(index),
            link=self.link,
        )

    def _run(self, rows: Float[Tensor, "batch k rows words"]) -> Float[Tensor, "batch k outputs"]:
        units, times = rows.shape[:2]
        weights = self.own.unsqueeze(1).expand(-1, times, -1, -1)
        chosen = torch.tensor(self.chosen, device=rows.device)
        weights = weights.index_copy(2, chosen, self.rows.over_pieces(rows).to(weights.dtype))
        context = torch.matmul(weights.transpose(1, 2), self.values).transpose(1, 2)

        def see(_: Softmax) -> None:
            """One position attends to itself alone; what it gets is put in its place below."""

        def mix(_: int, alone: Tensor, __: Tensor) -> Tensor:
            return context.reshape(*alone.shape[:-1], context.shape[-1])

        last = self.anatomy.layers - 1
        hidden = self.hidden.repeat_interleave(times, dim=0)
        with (
            tapped(self.network.module, see, mix, first=last),
            resuming(self.anatomy.blocks, layer=last, hidden=hidden, extras=self.extras),
        ):
            logits = self.network.logits(self.inputs.repeated(times))
        return logits.reshape(units, times, -1)
