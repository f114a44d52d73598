"""What a model is, in one number that changes with any of its parts."""

import hashlib

import torch
from torch import nn

from attnaudit.data.vocabulary import Vocabulary
from attnaudit.models.configuration import Configuration


def model_digest(network: nn.Module, configuration: Configuration, vocabulary: Vocabulary) -> str:
    """Sha256 over weights, configuration and vocabulary, in hexadecimal.

    The device does not change it, nor does a higher precision of the same numbers.

    Args:
        network: Where the weights are.
        configuration: What the network was built from.
        vocabulary: Its words.
    """
    content = hashlib.sha256()
    for text in (configuration.model_dump_json(), vocabulary.to_json()):
        content.update(hashlib.sha256(text.encode()).digest())
    for name, tensor in sorted(network.state_dict().items()):
        numbers = tensor.detach().to(device="cpu", dtype=torch.float64).numpy()
        content.update(f"{name}{list(numbers.shape)}".encode())
        content.update(numbers.astype("<f8", copy=False).tobytes())
    return content.hexdigest()
