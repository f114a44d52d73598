"""The network that a fine-tuning begins with, and the folder that it ends in."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from attnaudit.errors import ModelError, UsageError
from attnaudit.models.transformers.longest import longest_input
from attnaudit.models.transformers.network import Network
from attnaudit.models.transformers.opening import from_directory, open_tokenizer
from attnaudit.models.transformers.safety import check_safe
from attnaudit.training.head import is_of_base
from attnaudit.training.new_head import draw_head


def open_pretrained(
    path: Path, *, classes: tuple[str, ...], texts: int, seed: int, longest: int
) -> tuple[Network, Any]:
    """The network of a directory with a new head, and its tokeniser.

    Args:
        path: A directory of the transformers library. If it has a head, that is left behind,
            whatever it told apart.
        classes: What the new head tells apart, one of them in each document.
        texts: How many a document has, 1 or 2.
        seed: Draws the weights of the head, and those that the base model lacks.
        longest: Sub-tokens of the longest input that is wanted.

    Returns:
        The network on the CPU in single precision, and the tokeniser, whose `model_max_length` is
        `longest` or what both of them take, if that is less.

    Raises:
        UsageError: If the directory cannot be opened safely, has weights of other sizes than its
            configuration says, no head to be told from the rest, or no padding; or if inputs
            have no place for a word.
        PreflightError: If the network fails at the longest input that it is said to take.
    """
    # A base model may lack weights too, as that of a language model lacks a pooling layer.
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        try:
            check_safe(path)
            tokenizer = open_tokenizer(path)
            module, loading = from_directory(
                path,
                attention="sdpa",
                # What is saved with the network is to be read as what was trained here.
                problem_type="single_label_classification",
                # Of the head, which is not kept.
                ignore_mismatched_sizes=True,
                output_loading_info=True,
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
    _check_base(path, module, loading["mismatched_keys"])
    draw_head(module, seed=seed)
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
    _check_longest(tokenizer, texts)
    return network, tokenizer


def _check_base(path: Path, module: nn.Module, mismatched: Iterable[tuple[str, Any, Any]]) -> None:
    if not any(is_of_base(module, name) for name in module.state_dict()):
        raise UsageError(
            f"--pretrained {path} is a {type(module).__name__}, of which the transformers library "
            "does not say what its head is. Choose a network of another architecture."
        )
    other = sorted(name for name, *_ in mismatched if is_of_base(module, name))
    if other:
        raise UsageError(
            f"--pretrained {path} cannot be opened: its {', '.join(other[:5])} have other sizes "
            "than its config.json says. Save the network again with save_pretrained()."
        )


def _check_longest(tokenizer: Any, texts: int) -> None:  # noqa: ANN401 - of any model
    special = tokenizer.num_special_tokens_to_add(pair=texts > 1)
    if tokenizer.model_max_length < special + texts:
        raise UsageError(
            f"an input of {tokenizer.model_max_length} sub-tokens has no place for a word of each "
            f"text of a document: {special} are special tokens. Choose a --longest of at least "
            f"{special + texts}."
        )


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
