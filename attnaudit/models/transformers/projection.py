"""The module that transforms what attention mixes, found by running the network."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.tap import tapped

_TOLERANCE = 1e-5


@torch.no_grad()
def find_projection(network: Network, probe: Inputs, *, heads: tuple[int, ...]) -> str | None:
    """Name of the linear module that first reads what the last layer's attention mixes.

    Every head's mixture stands beside the next in what it reads, and it is affine: what it makes
    of a sum is, but for its constant, the sum of what it makes of each.

    Args:
        network: The network.
        probe: Several entries.
        heads: How many heads each layer has.

    Returns:
        None if what comes first reads something else or is not affine.
    """
    mixed: list[Tensor] = []
    first: list[tuple[str, nn.Module, Tensor]] = []

    def mix(call: int, weights: Tensor, values: Tensor) -> None:
        if call == len(heads) - 1:
            mixed.append(torch.matmul(weights, values))

    def watch(name: str, module: nn.Module) -> torch.utils.hooks.RemovableHandle:
        def before(_: nn.Module, read: tuple[Tensor, ...]) -> None:
            if mixed and not first and read:
                first.append((name, module, read[0]))

        return module.register_forward_pre_hook(before)

    handles = [watch(*named) for named in network.module.named_modules() if _has_matrix(named[1])]
    try:
        with tapped(network.module, lambda _: None, mix):
            network.logits(probe)
    finally:
        for handle in handles:
            handle.remove()
    for name, module, read in first:
        wanted = beside(mixed[0].reshape(len(probe), heads[-1], probe.ids.shape[1], -1))
        if _same(read, wanted) and _is_affine(module, read):
            return name
    return None


def beside(
    of_heads: Float[Tensor, "batch heads pieces values"],
) -> Float[Tensor, "batch pieces dimensions"]:
    """What each head mixes beside that of the next, as the module reads it."""
    return of_heads.transpose(1, 2).flatten(2)


def _has_matrix(module: nn.Module) -> bool:
    # Not only of nn.Linear: GPT-2 has its own kind. Normalisation has a vector, dropout nothing.
    weight = getattr(module, "weight", None)
    return isinstance(weight, Tensor) and weight.ndim == 2 and not [*module.children()]


def _is_affine(module: nn.Module, read: Tensor) -> bool:
    other = read.flip(1)
    constant = module(torch.zeros_like(read))
    return _same(module(read + other) + constant, module(read) + module(other))


def _same(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and bool(
        (one - other).abs().max() <= _TOLERANCE * other.abs().max()
    )
