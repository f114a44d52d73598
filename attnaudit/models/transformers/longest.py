"""How many pieces the longest input of a network has."""

from typing import Any

import torch
from torch import nn

from attnaudit.errors import PreflightError
from attnaudit.models.transformers.network import Inputs, Network

_UNLIMITED = 10**6
"""A tokeniser that knows no longest input says an absurd number."""
_MOST_TRIED = 2**12
"""Longer inputs belong to networks that compute positions instead of looking them up."""


def longest_input(tokenizer: Any, network: Network) -> int:  # noqa: ANN401 - of any model
    """The smaller of what tokeniser and network take, tried out on the network.

    Some networks count positions from the one behind the padding's number, so they take fewer
    pieces than their configuration says. Which they are is found by running them.

    Args:
        tokenizer: It may know a longest input.
        network: On the CPU, where a position too far is an error that can be caught.

    Returns:
        Pieces, special tokens included, at least one.

    Raises:
        PreflightError: If the network fails at the length that it is said to take.
    """
    positions = getattr(network.configuration, "max_position_embeddings", None) or -1
    positions = int(positions) if positions > 0 else _UNLIMITED
    known = int(min(tokenizer.model_max_length, _UNLIMITED))
    for longest in (min(known, positions), min(known, positions - network.padding - 1)):
        if longest > _MOST_TRIED or (longest > 0 and _takes(network, longest)):
            return longest
    raise PreflightError(
        f"this {network.architecture} fails at an input of {min(known, positions)} sub-tokens, "
        "which is what its configuration and its tokeniser allow. Set model_max_length in "
        "tokenizer_config.json to what it was trained with."
    )


class _ReachedError(Exception):
    """Positions have been looked up; what follows costs time and says nothing more."""


@torch.no_grad()
def _takes(network: Network, longest: int) -> bool:
    # Of padding no position is counted, and small numbers are padding here or there.
    last = network.vocabulary_size - 1
    piece = last - 1 if network.padding == last else last
    ids = torch.full((1, longest), piece)
    inputs = Inputs(ids=ids, mask=torch.ones_like(ids, dtype=torch.bool), segments=ids * 0)

    def reached(*_: object) -> None:
        raise _ReachedError

    blocks = [part for part in network.module.modules() if isinstance(part, nn.ModuleList) and part]
    hook = blocks[0][0].register_forward_pre_hook(reached) if blocks else None
    try:
        network.logits(inputs)
    except _ReachedError:
        return True
    except (IndexError, RuntimeError):
        return False
    finally:
        if hook is not None:
            hook.remove()
    return True
