"""Model directories: `config.json`, `model.safetensors` and `vocabulary.json`."""

from functools import partial
from pathlib import Path
from typing import TypeVar

import safetensors.torch
import torch
from torch import nn

from attnaudit.data.vocabulary import Vocabulary
from attnaudit.errors import ModelError
from attnaudit.files import write_whole
from attnaudit.models.blank import blank_classifier, blank_network
from attnaudit.models.configuration import (
    CONFIGURATION_FILE,
    Configuration,
    PairConfiguration,
    read_configuration,
)
from attnaudit.models.devices import resolve_device
from attnaudit.models.members import read_member
from attnaudit.models.pairs.classifier import PairClassifier
from attnaudit.models.pairs.model import PairModel
from attnaudit.models.paper import PaperModel
from attnaudit.models.weights import WEIGHTS_FILE, check_finite, read_weights

VOCABULARY_FILE = "vocabulary.json"
_MOST_VOCABULARY_BYTES = 2**29

Network = TypeVar("Network", bound=nn.Module)


def load_model(
    path: Path, *, device: str = "cpu", dtype: torch.dtype = torch.float64
) -> PaperModel | PairModel:
    """Load a model directory. It is treated as hostile: no code in it runs, no link leaves it.

    Args:
        path: The directory.
        device: "cpu", "cuda" or "auto".
        dtype: Precision to compute in, whatever the precision stored.

    Returns:
        The model in evaluation mode, its parameters fixed: one of two texts if its configuration
        says so.

    Raises:
        ModelError: If anything in the directory is missing, malformed, inconsistent or unsafe.
        UsageError: If there is no such device.
    """
    place = resolve_device(device)
    configuration = read_configuration(path)
    vocabulary = _read_vocabulary(path, configuration)
    if isinstance(configuration, PairConfiguration):
        pairs = blank_network(partial(PairClassifier, configuration))
        filled = _filled(pairs, path, device=place, dtype=dtype)
        return PairModel(filled, configuration, vocabulary)
    network = _filled(blank_classifier(configuration), path, device=place, dtype=dtype)
    return PaperModel(network, configuration, vocabulary)


def _filled(network: Network, path: Path, *, device: torch.device, dtype: torch.dtype) -> Network:
    shapes = {name: tensor.shape for name, tensor in network.state_dict().items()}
    weights = read_weights(path, shapes, dtype=dtype)
    network.load_state_dict(weights, assign=True)
    return network.to(device=device).eval().requires_grad_(False)


def save_model(model: PaperModel | PairModel, path: Path) -> None:
    """Write a model directory; other files in it are left alone.

    Each file appears whole or not at all, and `config.json` last, so that a directory with one is
    complete.

    Args:
        model: The model; its weights are stored in their own precision.
        path: The directory, made if need be. A model already there is replaced.

    Raises:
        ModelError: If a weight is not finite; nothing is written then.
    """
    weights = {
        name: tensor.detach().to("cpu", copy=True).contiguous()
        for name, tensor in model.network.state_dict().items()
    }
    check_finite(weights, f"the model to be saved to {path}")
    path.mkdir(parents=True, exist_ok=True)
    (path / CONFIGURATION_FILE).unlink(missing_ok=True)
    write_whole(path / VOCABULARY_FILE, model.vocabulary.to_json().encode())
    write_whole(path / WEIGHTS_FILE, safetensors.torch.save(weights))
    write_whole(path / CONFIGURATION_FILE, model.configuration.model_dump_json(indent=2).encode())


def _read_vocabulary(path: Path, configuration: Configuration) -> Vocabulary:
    content = read_member(path, VOCABULARY_FILE, most_bytes=_MOST_VOCABULARY_BYTES)
    try:
        vocabulary = Vocabulary.from_json(content.decode())
    except UnicodeDecodeError as error:
        raise ModelError(
            f"{VOCABULARY_FILE} of {path} is not UTF-8: {error}. Export the model again."
        ) from error
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error
    if len(vocabulary) != configuration.vocabulary_size:
        raise ModelError(
            f"{VOCABULARY_FILE} of {path} has {len(vocabulary)} entries, but {CONFIGURATION_FILE} "
            f"says {configuration.vocabulary_size}. Export the files together."
        )
    return vocabulary
