"""Networks without weights: their shapes are known before any memory is taken."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from attnaudit.models.classifier import AttentionClassifier
from attnaudit.models.configuration import Configuration

Network = TypeVar("Network", bound=nn.Module)


def blank_network(build: Callable[[], Network]) -> Network:
    """A network on the "meta" device. No random number is drawn for it.

    Args:
        build: Makes the network.

    Returns:
        The network; fill it by `load_state_dict(weights, assign=True)`.
    """
    with torch.device("meta"), _NoInitialisation():
        return build()


def blank_classifier(configuration: Configuration) -> AttentionClassifier:
    """A classifier of one text, as by `blank_network`.

    Args:
        configuration: Sizes and kinds of its parts.
    """
    return blank_network(partial(AttentionClassifier, configuration))


class _NoInitialisation(TorchFunctionMode):
    """Skips `torch.nn.init`, which has nothing to fill and on "meta" is slow to import."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],  # torch's own signature
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401  # whatever `func` returns
        named = kwargs or {}
        if getattr(func, "__module__", None) == torch.nn.init.__name__:
            return named["tensor"] if "tensor" in named else args[0]
        return func(*args, **named)
