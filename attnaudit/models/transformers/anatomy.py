"""How a network is built, found out by running it rather than from its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Bool, Int
from torch import Tensor, nn

from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.projection import find_projection
from attnaudit.models.transformers.tap import Softmax, tapped
from attnaudit.models.transformers.visibility import sees_later

Reads = Literal["first", "last", "every"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Anatomy:
    """What of a network matters for replacing its attention.

    Attributes:
        heads: How many heads each layer has, in the order in which layers are computed.
        blocks: The block of each layer.
        reads: Of which piece the classifier reads the last layer: the "first", the "last" as
            `last_read` tells it, or "every" one.
        causal: Whether there is a layer in which no piece attends to one behind it.
        projection: Name of the module that first reads what the last layer's attention mixes, if
            it is linear; None if there is none.
    """

    heads: tuple[int, ...]
    blocks: tuple[nn.Module, ...]
    reads: Reads
    causal: bool
    projection: str | None

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return len(self.heads)


def find_anatomy(network: Network, probe: Inputs) -> Anatomy | None:
    """How a network is built, or None if it cannot be told.

    Args:
        network: The network.
        probe: Several entries, of which some are padded and one ends in the piece that padding
            holds.

    Returns:
        None if a module of attention makes weights of an odd shape, or none lies in a list of
        blocks.
    """
    seen: list[Softmax] = []
    last: list[Tensor] = []

    def see(softmax: Softmax) -> Tensor:
        seen.append(softmax)
        # Each cuts off what lies before it; the last one stays.
        last[:] = [softmax.weights.detach().requires_grad_(True)]
        return last[0]

    with torch.enable_grad(), tapped(network.module, see):
        logits = network.logits(probe)
    wanted = (len(probe), *(probe.ids.shape[1],) * 2)
    if not seen or any((*one.weights.shape[:1], *one.weights.shape[2:]) != wanted for one in seen):
        return None
    blocks = _blocks(network.module, [one.module for one in seen])
    if blocks is None:
        return None
    # Different factors, so that the classes do not cancel.
    mixed = (logits * torch.arange(1, logits.shape[1] + 1).to(logits)).sum()
    [slope] = torch.autograd.grad(mixed, last)
    heads = tuple(one.weights.shape[1] for one in seen)
    return Anatomy(
        heads=heads,
        blocks=blocks,
        reads=_reads((slope != 0).any(dim=3).any(dim=1), last_read(probe, padding=network.padding)),
        causal=not all(sees_later(one.weights, probe.mask) for one in seen),
        projection=find_projection(network, probe, heads=heads),
    )


def last_read(inputs: Inputs, *, padding: int) -> Int[Tensor, " batch"]:
    """Where a decoder reads: at the last piece that is not the one which padding holds.

    That piece may stand in a text, too: often it is the one that ends every text. A decoder goes
    by the numbers of pieces, not by the mask.

    Args:
        inputs: What the network reads; padding comes last.
        padding: The piece that padding holds.

    Returns:
        Int [batch], counted from 0; 0 where there is nothing but padding, as in the library.
    """
    place = torch.arange(inputs.ids.shape[1], device=inputs.ids.device)
    found: Tensor = (place * (inputs.mask & (inputs.ids != padding))).amax(dim=1)
    return found


def _blocks(network: nn.Module, attentions: Sequence[nn.Module]) -> tuple[nn.Module, ...] | None:
    """The innermost entry of a list of modules around each module of attention."""
    names = {module: name for name, module in network.named_modules()}
    blocks = []
    for attention in attentions:
        parts = names[attention].split(".")
        for end in range(len(parts), 0, -1):
            if isinstance(network.get_submodule(".".join(parts[: end - 1])), nn.ModuleList):
                blocks.append(network.get_submodule(".".join(parts[:end])))
                break
        else:
            return None
    return tuple(blocks)


def _reads(read: Bool[Tensor, "batch pieces"], last: Int[Tensor, " batch"]) -> Reads:
    single = bool((read.sum(dim=1) == 1).all())
    if single and bool(read[:, 0].all()):
        return "first"
    if single and bool(read.gather(1, last.unsqueeze(1)).all()):
        return "last"
    return "every"
