"""What a transformers classifier is, in one number that changes with any of its parts."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import torch

from attnaudit.models.transformers.network import Network

_ABOUT_THE_FILE = frozenset({"transformers_version", "dtype", "torch_dtype"})
"""Of the file, not of the network: who wrote it, and in which precision."""


def transformer_digest(
    fields: Mapping[str, object],
    network: Network,
    tokenizer: Any,  # noqa: ANN401 - of any model
) -> str:
    """Sha256 over weights, configuration and tokeniser, in hexadecimal.

    Neither the folder, the release of the library, the device nor a higher precision of the same
    numbers changes it.

    Args:
        fields: Those of `config.json` as it is. What the library makes of them holds defaults of
            its own, which are others in another release.
        network: Where the weights are.
        tokenizer: Its tokeniser.
    """
    content = hashlib.sha256()
    configuration = json.dumps(_of_network(fields), sort_keys=True)
    for text in (configuration, tokenizer.backend_tokenizer.to_str()):
        content.update(hashlib.sha256(text.encode()).digest())
    for name, tensor in sorted(network.module.state_dict().items()):
        # Single precision is what was loaded, so a higher one holds the same numbers.
        numbers = tensor.detach().to(device="cpu", dtype=torch.float32).numpy()
        content.update(f"{name}{list(numbers.shape)}".encode())
        content.update(numbers.astype("<f4", copy=False).tobytes())
    return content.hexdigest()


def _of_network(fields: object) -> object:
    """Fields at any depth without those about the file and those that the library keeps there."""
    if isinstance(fields, Mapping):
        return {
            str(key): _of_network(value)
            for key, value in fields.items()
            if key not in _ABOUT_THE_FILE and not str(key).startswith("_")
        }
    if isinstance(fields, list):
        return [_of_network(value) for value in fields]
    return fields
