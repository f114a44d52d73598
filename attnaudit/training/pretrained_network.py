"""The network that a fine-tuning begins with, and the folder that it ends in."""

import shutil
from pathlib import Path
from typing import Any

import torch

from attnaudit.errors import ModelError, UsageError
from attnaudit.models.transformers.longest import longest_input
from attnaudit.models.transformers.network import Network
from attnaudit.models.transformers.opening import from_directory, open_tokenizer
from attnaudit.models.transformers.safety import check_safe


def open_pretrained(
    path: Path, *, classes: tuple[str, ...], seed: int, longest: int
) -> tuple[Network, Any]:
    """The network of a directory with a new head, and its tokeniser.

    Args:
        path: A directory of the transformers library, with or without a head.
        classes: What the head tells apart.
        seed: Draws the weights of the head.
        longest: Sub-tokens of the longest input that is wanted.

    Returns:
        The network on the CPU in single precision, and the tokeniser, whose `model_max_length` is
        `longest` or what both of them take, if that is less.

    Raises:
        UsageError: If the directory cannot be opened safely, or names no padding.
        PreflightError: If the network fails at the longest input that it is said to take.
    """
    # The head is new, so its weights are drawn here.
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        try:
            check_safe(path)
            tokenizer = open_tokenizer(path)
            module = from_directory(
                path,
                attention="sdpa",
                id2label=dict(enumerate(classes)),
                label2id={name: number for number, name in enumerate(classes)},
            )
        except ModelError as error:
            raise UsageError(f"--pretrained {path} cannot be opened: {error}") from error
        except Exception as error:
            raise UsageError(
                f"--pretrained {path} cannot be opened: {type(error).__name__}: {error}. Name a "
                "directory with config.json, model.safetensors and a tokeniser."
            ) from error
    if module.config.pad_token_id is None:
        module.config.pad_token_id = tokenizer.pad_token_id
    if module.config.pad_token_id is None:
        raise UsageError(
            f"--pretrained {path} has no padding token, without which documents of "
            "different lengths cannot be read together. Name one in its config.json."
        )
    # Kept with the tokeniser, so that an audit reads as much of a document as the training did.
    network = Network(module, segmented="token_type_ids" in tokenizer.model_input_names)
    tokenizer.model_max_length = min(longest, longest_input(tokenizer, network))
    return network, tokenizer


def save_pretrained(
    network: Network,
    tokenizer: Any,  # noqa: ANN401 - of any model
    folder: Path,
) -> None:
    """Write network and tokeniser as the library does.

    Args:
        network: The network, which forgets where it came from.
        tokenizer: Its tokeniser.
        folder: What it held before is removed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    # Its place on the machine where it was trained concerns nobody.
    network.configuration.name_or_path = ""
    tokenizer.save_pretrained(folder)
    module: Any = network.module
    module.save_pretrained(folder)
