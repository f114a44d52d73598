"""What is the same for all alternatives is computed once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

# They treat each entry by itself, so entries that are alike stay alike.
_BY_ENTRY = frozenset({nn.functional.linear, nn.functional.layer_norm})


@contextmanager
def sharing(hidden: Tensor, *, times: int) -> Iterator[Tensor]:
    """Within this, linear maps and layer norms of repeated entries are computed once for each.

    Of a layer that begins with the same hidden states for all alternatives, these are the
    projections to queries, keys and values, where a network has them as linear maps of its own, as
    BERT does. What a network computes otherwise is computed for every alternative.

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
        # Both are held, so that no other tensor can have the id of one of them.
        self._once: dict[int, tuple[Tensor, Tensor, int]] = {}
        self._times = times
        self._keep(repeated, once)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - whatever the function returns
        known = self._known(args[0]) if func in _BY_ENTRY and args else None
        if known is None:
            return func(*args, **(kwargs or {}))
        once: Tensor = func(known, *args[1:], **(kwargs or {}))
        return self._keep(once.repeat_interleave(self._times, dim=0), once)

    def _keep(self, repeated: Tensor, once: Tensor) -> Tensor:
        self._once[id(repeated)] = (repeated, once, _version(repeated))
        return repeated

    def _known(self, repeated: Tensor) -> Tensor | None:
        _, once, version = self._once.get(id(repeated), (None, None, None))
        # What was changed in place since then is no repetition of it any more.
        return once if version == _version(repeated) else None


def _version(tensor: Tensor) -> int:
    """How often it was changed in place."""
    return tensor._version  # noqa: SLF001 - there is no public name of it
