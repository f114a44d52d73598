"""Opening a directory of the transformers library."""

import hashlib
from pathlib import Path
from typing import Any

import torch

from attnaudit.errors import ModelError
from attnaudit.models.devices import resolve_device
from attnaudit.models.protocol import Outputs
from attnaudit.models.transformers.model import TransformerModel
from attnaudit.models.transformers.network import Network
from attnaudit.models.transformers.opening import open_network, open_tokenizer
from attnaudit.models.transformers.probe import probe_inputs
from attnaudit.models.transformers.reading import Reader
from attnaudit.models.transformers.recognition import check_directory
from attnaudit.models.transformers.verification import one_row_suffices, verified_anatomy

_UNLIMITED = 10**6
"""A tokeniser that knows no longest input says an absurd number."""


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
        PreflightError: If the attention of its architecture cannot be replaced.
        UsageError: If there is no such device.
    """
    place = resolve_device(device)
    check_directory(path)
    tokenizer = open_tokenizer(path)
    segmented = "token_type_ids" in tokenizer.model_input_names
    plain, shipped = (
        Network(
            open_network(path, attention=name).to(device=place, dtype=dtype), segmented=segmented
        )
        for name in ("eager", None)
    )
    outputs = _outputs(plain.configuration, path)
    reader = _reader(tokenizer, plain, path, device=place)
    probe = probe_inputs(plain, padding=reader.padding, longest=reader.longest, device=place)
    anatomy = verified_anatomy(plain, shipped, probe)
    return TransformerModel(
        network=plain,
        anatomy=anatomy,
        reader=reader,
        outputs=outputs,
        digest=_digest(plain, tokenizer),
        one_row=one_row_suffices(plain, anatomy, probe),
    )


def _outputs(configuration: Any, path: Path) -> Outputs:  # noqa: ANN401 - of any architecture
    names = configuration.id2label
    classes = tuple(str(names[number]) for number in range(len(names)))
    if len(classes) < 2:
        raise ModelError(
            f"{path} predicts one number, and an audit needs the probabilities of classes. Choose "
            "a classifier of at least two."
        )
    if len(set(classes)) < len(classes):
        raise ModelError(f"config.json of {path} gives two classes one name. Rename one.")
    if configuration.problem_type == "multi_label_classification":
        return Outputs(classes=classes, kind="multilabel")
    return Outputs(classes=classes, kind="softmax")


def _reader(
    tokenizer: Any,  # noqa: ANN401 - of any model
    network: Network,
    path: Path,
    *,
    device: torch.device,
) -> Reader:
    configuration = network.configuration
    padding = configuration.pad_token_id
    if padding is None:
        raise ModelError(
            f"config.json of {path} has no pad_token_id, without which the network cannot tell the "
            "end of a shorter document. Name the padding that it was trained with."
        )
    return Reader(
        tokenizer=tokenizer,
        longest=_longest(tokenizer, configuration),
        padding=int(padding),
        device=device,
    )


def _longest(tokenizer: Any, configuration: Any) -> int:  # noqa: ANN401 - of any architecture
    positions = getattr(configuration, "max_position_embeddings", None) or -1
    positions = positions if positions > 0 else _UNLIMITED
    if "roberta" in configuration.model_type or configuration.model_type == "camembert":
        # These count positions from the one behind the padding's number.
        positions -= configuration.pad_token_id + 1
    return int(min(tokenizer.model_max_length, positions, _UNLIMITED))


def _digest(network: Network, tokenizer: Any) -> str:  # noqa: ANN401 - of any model
    content = hashlib.sha256()
    for text in (network.configuration.to_json_string(), tokenizer.backend_tokenizer.to_str()):
        content.update(hashlib.sha256(text.encode()).digest())
    for name, tensor in sorted(network.module.state_dict().items()):
        # Single precision is what was loaded, so a higher one holds the same numbers.
        numbers = tensor.detach().to(device="cpu", dtype=torch.float32).numpy()
        content.update(f"{name}{list(numbers.shape)}".encode())
        content.update(numbers.astype("<f4", copy=False).tobytes())
    return content.hexdigest()
