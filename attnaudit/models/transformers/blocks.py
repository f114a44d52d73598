"""The blocks a network consists of: what enters each, and going on from the middle."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from torch import Tensor, nn

Forward = Callable[..., Any]
Act = Callable[[int, Forward, tuple[Any, ...], dict[str, Any]], Any]


@dataclass(slots=True)
class Entered:
    """What went through the blocks of a network.

    Attributes:
        hidden: The hidden states that entered the block of each kept layer,
            [batch pieces dimensions].
        extras: What a block returns beside hidden states: so many things in a tuple, or None for
            hidden states alone.
    """

    hidden: dict[int, Tensor] = field(default_factory=dict)
    extras: int | None = None


@contextmanager
def entering(blocks: Sequence[nn.Module], *, layers: frozenset[int]) -> Iterator[Entered]:
    """Within this, the hidden states that enter the blocks of some layers are kept.

    Args:
        blocks: The block of each layer; one that serves several layers comes several times.
        layers: Numbers of the layers, counted from 0.
    """
    entered = Entered()

    def act(call: int, forward: Forward, args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
        if call in layers:
            entered.hidden[call] = args[0] if args else kwargs["hidden_states"]
        output = forward(*args, **kwargs)
        entered.extras = len(output) - 1 if isinstance(output, tuple) else None
        return output

    with _watched(blocks, act):
        yield entered


@contextmanager
def resuming(
    blocks: Sequence[nn.Module], *, layer: int, hidden: Tensor, extras: int | None
) -> Iterator[None]:
    """Within this, blocks before a layer do nothing, and the layer's block begins with `hidden`.

    Args:
        blocks: The block of each layer.
        layer: The first layer that is computed.
        hidden: What enters it.
        extras: As in `Entered`.
    """

    def act(call: int, forward: Forward, args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
        if call < layer:
            return hidden if extras is None else (hidden, *(None for _ in range(extras)))
        if call > layer:
            return forward(*args, **kwargs)
        if args:
            return forward(hidden, *args[1:], **kwargs)
        return forward(**(kwargs | {"hidden_states": hidden}))

    with _watched(blocks, act):
        yield


@contextmanager
def _watched(blocks: Sequence[nn.Module], act: Act) -> Iterator[None]:
    calls = count()
    watched = list(dict.fromkeys(blocks))
    # An attribute of the instance wins over the method of its class, and is gone afterwards.
    try:
        for block in watched:
            vars(block)["forward"] = _acting(block.forward, act, calls)
        yield
    finally:
        for block in watched:
            vars(block).pop("forward", None)


def _acting(forward: Forward, act: Act, calls: Iterator[int]) -> Forward:
    def forward_instead(*args: Any, **kwargs: Any) -> object:  # noqa: ANN401 - any block's own
        return act(next(calls), forward, args, kwargs)

    return forward_instead
