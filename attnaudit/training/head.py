"""The head of a classifier of the transformers library: all it has beyond its base model."""

from typing import Any

from torch import nn


def is_of_base(module: nn.Module, name: str) -> bool:
    """Whether a weight belongs to what was pretrained, and not to the head.

    Args:
        module: A network `...ForSequenceClassification`.
        name: Of the weight in it.
    """
    anything: Any = module
    return name.startswith(f"{anything.base_model_prefix}.")
