"""Network and tokeniser out of a directory, by the library that wrote it."""

from pathlib import Path
from typing import Any, Literal

import torch
from torch import nn

from attnaudit.errors import MissingExtraError, ModelError

try:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    from transformers.utils import logging
except ModuleNotFoundError as error:
    raise MissingExtraError(
        f"this model needs {error.name}, which is not installed. Run: pip install "
        "'attnaudit[transformers]'"
    ) from error


Attention = Literal["eager", "sdpa"]


def open_network(path: Path, *, attention: Attention) -> nn.Module:
    """The network in single precision, in evaluation mode, its parameters fixed.

    Args:
        path: The directory, found safe.
        attention: How attention is computed.

    Raises:
        ModelError: If it cannot be opened or a part of it was never trained.
    """
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        network, loading = from_directory(path, attention=attention, output_loading_info=True)
    except Exception as error:
        raise ModelError(
            f"transformers cannot open {path}: {type(error).__name__}: {error}. Save the model "
            "again with save_pretrained()."
        ) from error
    finally:
        if shown:
            logging.enable_progress_bar()
    missing = sorted(loading["missing_keys"])
    if missing:
        raise ModelError(
            f"{path} has no trained {', '.join(missing[:5])}; the network would begin with random "
            "numbers there. Save the whole model after training."
        )
    opened: nn.Module = network
    return opened.eval().requires_grad_(False)


def from_directory(path: Path, *, attention: Attention, **settings: object) -> Any:  # noqa: ANN401 - of any architecture
    """What the library makes of a directory, without a network and without code of it.

    Args:
        path: The directory, found safe.
        attention: How attention is computed: "eager" for plainly, "sdpa" for by torch's own
            function, or plainly where an architecture cannot use that. It is never left to the
            directory, which could name code.
        settings: Other arguments of `from_pretrained`.
    """
    try:
        return AutoModelForSequenceClassification.from_pretrained(
            path,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            # Whatever a checkpoint is stored in; half precision would drown what is looked for.
            dtype=torch.float32,
            attn_implementation=attention,
            **settings,
        )
    except ValueError:
        if attention == "eager":
            raise
        return from_directory(path, attention="eager", **settings)


def open_tokenizer(path: Path) -> Any:  # noqa: ANN401 - of any model
    """The tokeniser.

    Args:
        path: The directory, found safe.

    Raises:
        ModelError: If there is none, or it does not say where its sub-tokens lie.
    """
    try:
        tokenizer = AutoTokenizer.from_pretrained(
            path, local_files_only=True, trust_remote_code=False, use_fast=True
        )
    except Exception as error:
        raise ModelError(
            f"transformers cannot open the tokeniser of {path}: {type(error).__name__}: {error}. "
            "Save it there with tokenizer.save_pretrained()."
        ) from error
    # What is cut off a long document is its end, whatever the directory says: reports say so.
    tokenizer.truncation_side = "right"
    # Where there is no vocabulary at all, the library makes a tokeniser that knows no word.
    if not any((path / name).exists() for name in tokenizer.vocab_files_names.values()):
        raise ModelError(
            f"{path} has no tokeniser. Save the one that the network was trained with there, by "
            "tokenizer.save_pretrained()."
        )
    if not tokenizer.is_fast:
        raise ModelError(
            f"the tokeniser of {path} does not say where in the text its sub-tokens lie. Save its "
            "fast form there (tokenizer.json)."
        )
    return tokenizer
