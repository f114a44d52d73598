"""Attention weights of any network, seen and replaced where its softmax makes them.

One mechanism for all architectures, without a line of their code: networks are opened with plain
("eager") attention, hooks tell when a module of attention is at work, and a function mode catches
the softmax in it, which comes before anything else can be done with the weights.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode


@dataclass(frozen=True, kw_only=True, slots=True)
class Softmax:
    """One making of weights.

    Attributes:
        call: Which one, in the order of the layers.
        module: The innermost module of attention that makes them.
        scores: [batch heads queries keys], as they go into the softmax.
        weights: [batch heads queries keys].
    """

    call: int
    module: nn.Module
    scores: Tensor
    weights: Tensor


See = Callable[[Softmax], Tensor | None]
"""Returns the weights to use instead, or None."""
Mix = Callable[[int, Tensor, Tensor], Tensor | None]
"""Told the call, the weights and the values; returns what mixing them gives, or None."""

_ATTENTION = re.compile("att", re.IGNORECASE)
_SOFTMAX = frozenset({nn.functional.softmax, torch.softmax, Tensor.softmax, torch.special.softmax})
_PRODUCT = frozenset({torch.matmul, torch.bmm, Tensor.matmul, Tensor.bmm, Tensor.__matmul__})


@contextmanager
def tapped(
    network: nn.Module, see: See, mix: Mix | None = None, *, first: int = 0
) -> Iterator[None]:
    """Within this, every softmax in a module of attention is shown to `see`.

    Calls are counted in the order in which they are made: a module that serves several
    layers is called once for each. A weight that is returned takes the place of the network's
    own, and nothing upstream of it has a part in what is differentiated.

    Args:
        network: The network; it must use plain attention, and is left as it was.
        see: What to do with the weights.
        mix: What to do with weights and values in place of multiplying them, where anything.
        first: Number of the first call, where layers before it are not run.
    """
    working: list[nn.Module] = []

    def begin(module: nn.Module, _: object) -> None:
        working.append(module)

    def end(_: nn.Module, __: object, ___: object) -> None:
        working.pop()

    handles = []
    try:
        for module in network.modules():
            if _ATTENTION.search(type(module).__name__):
                handles.append(module.register_forward_pre_hook(begin))
                handles.append(module.register_forward_hook(end, always_call=True))
        with _Mode(working, see, mix, first):
            yield
    finally:
        for handle in handles:
            handle.remove()


class _Mode(TorchFunctionMode):
    def __init__(self, working: Sequence[nn.Module], see: See, mix: Mix | None, first: int) -> None:
        super().__init__()
        self._working = working
        self._see = see
        self._mix = mix
        self._call = first - 1
        self._unmixed: Tensor | None = None

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - whatever the function returns
        if self._working and func in _SOFTMAX:
            return self._weights(func, args, kwargs or {})
        if self._unmixed is not None and func in _PRODUCT and self._mix is not None:
            return self._product(func, args, kwargs or {})
        return func(*args, **(kwargs or {}))

    def _weights(
        self, func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Tensor:
        scores: Tensor = args[0] if args else kwargs["input"]
        if scores.dtype == torch.float64 and kwargs.get("dtype") is not None:
            # Some networks make their weights in single precision, where the number that masks a
            # score is infinite, and a row in which all is masked is not a number.
            kwargs = {**kwargs, "dtype": torch.float64}
        weights: Tensor = func(*args, **kwargs)
        if weights.ndim < 3:  # Not a weight per key and query: a router's, for example.
            return weights
        self._call += 1
        module = self._working[-1]
        replaced = self._see(
            Softmax(call=self._call, module=module, scores=scores, weights=weights)
        )
        self._unmixed = weights if replaced is None else replaced.to(weights.dtype)
        return self._unmixed

    def _product(
        self, func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Tensor:
        weights, values = args[:2]
        if self._unmixed is None or self._mix is None or weights.numel() != self._unmixed.numel():
            product: Tensor = func(*args, **kwargs)
            return product
        self._unmixed = None
        mixed = self._mix(self._call, weights, values)
        return func(*args, **kwargs) if mixed is None else mixed
