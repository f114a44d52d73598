"""What is the same for all alternatives is computed once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

# They treat each position by itself, so entries that are alike stay alike.
_BY_POSITION = frozenset({nn.functional.linear, nn.functional.layer_norm})


@contextmanager
def sharing(hidden: Tensor, *, times: int) -> Iterator[Tensor]:
    """Within this, linear maps and layer norms of repeated entries are computed once for each.

    Of a layer that begins with the same hidden states for all alternatives, these are the
    projections to queries, keys and values.

    Args:
        hidden: [batch pieces dimensions].
        times: How often each entry is repeated.

    Yields:
        Every entry so many times, one after the other.
    """
    repeated = hidden.repeat_interleave(times, dim=0)
    with _Mode(repeated, hidden, times):
        yield repeated


class _Mode(TorchFunctionMode):
    def __init__(self, repeated: Tensor, once: Tensor, times: int) -> None:
        super().__init__()
        # Both are held, so that no other tensor can have the number of one of them.
        self._once = {id(repeated): (repeated, once)}
        self._times = times

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - whatever the function returns
        known = self._once.get(id(args[0])) if func in _BY_POSITION and args else None
        if known is None:
            return func(*args, **(kwargs or {}))
        once: Tensor = func(known[1], *args[1:], **(kwargs or {}))
        repeated = once.repeat_interleave(self._times, dim=0)
        self._once[id(repeated)] = (repeated, once)
        return repeated
