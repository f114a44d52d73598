"""Opening a directory of the transformers library."""

from pathlib import Path
from typing import Any

import torch

from attnaudit.errors import ModelError
from attnaudit.models.devices import resolve_device
from attnaudit.models.transformers.classes import read_outputs
from attnaudit.models.transformers.digest import transformer_digest
from attnaudit.models.transformers.longest import longest_input
from attnaudit.models.transformers.model import TransformerModel
from attnaudit.models.transformers.network import Network
from attnaudit.models.transformers.opening import Attention, open_network, open_tokenizer
from attnaudit.models.transformers.probe import probe_inputs
from attnaudit.models.transformers.reading import Reader
from attnaudit.models.transformers.recognition import check_directory
from attnaudit.models.transformers.safety import read_fields
from attnaudit.models.transformers.verification import one_row_suffices, verified_anatomy


def load_transformer(
    path: Path, *, device: str = "cpu", dtype: torch.dtype = torch.float64
) -> TransformerModel:
    """Open a directory that `save_pretrained` wrote: no code in it runs, nothing is downloaded.

    Args:
        path: The directory.
        device: "cpu", "cuda" or "auto".
        dtype: Precision to compute in, whatever the precision stored.

    Returns:
        The model in evaluation mode, its parameters fixed.

    Raises:
        ModelError: If the directory holds no whole sequence classifier, or cannot be opened
            safely.
        PreflightError: If the attention of its architecture cannot be replaced, or it fails at
            the longest input that it is said to take.
        UsageError: If there is no such device.
    """
    place = resolve_device(device)
    check_directory(path)
    tokenizer = open_tokenizer(path)
    plain = _opened(path, tokenizer, attention="eager")
    outputs = read_outputs(plain.configuration, path)
    _check_padding(plain, path)
    reader = Reader(
        tokenizer=tokenizer,
        longest=longest_input(tokenizer, plain),
        padding=plain.padding,
        device=place,
    )
    fused = _opened(path, tokenizer, attention="sdpa")
    for network in (plain, fused):
        network.module.to(device=place, dtype=dtype)
    probe = probe_inputs(plain, padding=reader.padding, longest=reader.longest, device=place)
    anatomy = verified_anatomy(plain, fused, probe)
    return TransformerModel(
        network=plain,
        anatomy=anatomy,
        reader=reader,
        outputs=outputs,
        digest=transformer_digest(read_fields(path), plain, tokenizer),
        one_row=one_row_suffices(plain, anatomy, probe),
    )


def _opened(path: Path, tokenizer: Any, *, attention: Attention) -> Network:  # noqa: ANN401 - of any model
    segmented = "token_type_ids" in tokenizer.model_input_names
    return Network(open_network(path, attention=attention), segmented=segmented)


def _check_padding(network: Network, path: Path) -> None:
    if network.configuration.pad_token_id is None:
        raise ModelError(
            f"config.json of {path} has no pad_token_id, without which the network cannot tell the "
            "end of a shorter document. Name the padding that it was trained with."
        )
